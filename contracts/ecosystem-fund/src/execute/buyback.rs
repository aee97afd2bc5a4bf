//! The Friday buyback.
//!
//! ```text
//! y        = min(Credit reserve now, Credit reserve at the previous block's close)
//! slice    = min(pot, ⌊slice_of_fee · fee · y⌋)                       at most half the pool fee of the reserve; rounded down
//! quote    = what the slice would buy on the reserves at the previous block's close
//! min out  = ⌈quote · (1 − slippage)⌉                                 rounded up, for the fund
//! starts only if   close ≤ mark · (1 + max deviation)
//! prizes   = ⌊bought · prize share⌋,   burned = bought − prizes       rounded down, for the burn
//! ```
//!
//! Nobody in this block moves `quote`; nobody in the block before moves `mark` by more than its share of five minutes. See the contract's page for what is left
//! to somebody who trades around a slice.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    from_json, to_json_binary, Addr, Env, Event, QuerierWrapper, Reply, Response, StdResult, Storage, SubMsg, Uint128,
};
use interfaces::ecosystem_fund::{Params, Receipt};
use interfaces::exchange::{Cw20Hook, MarketResponse, QueryMsg as PoolQuery};
use interfaces::{credit_vault, l_coin};
use math::buyback::{slice, within, Limits, Pool};
use math::{mul_div_floor, Bps, Day, Week};

use super::{call, Context};
use crate::error::ContractError;
use crate::events::Money;
use crate::state::{Config, Pausable, Totals, CONFIG, PARAMS, RECEIPTS, SWITCHES, TOTALS, WEEKS};

/// Ids of the replies this contract asks for.
#[repr(u64)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyId {
    /// A slice was bought; the payload is [`Slice`].
    Bought = 1,
}

impl TryFrom<u64> for ReplyId {
    type Error = ContractError;

    fn try_from(id: u64) -> Result<Self, ContractError> {
        match id {
            1 => Ok(Self::Bought),
            _ => Err(ContractError::UnknownReply { id }),
        }
    }
}

/// A slice on its way.
#[cw_serde]
struct Slice {
    credits: Uint128,
    min_out: Uint128,
    /// µLCO balance before.
    balance: Uint128,
}

/// What the next slice would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// µCredit.
    pub credits: Uint128,
    /// µLCO.
    pub min_out: Uint128,
}

/// Number of Friday among the days since 1970-01-01, a Thursday, modulo 7.
const FRIDAY: u64 = 1;

/// `(t / 86400) % 7 == 1`.
pub fn is_friday(time: u64) -> bool {
    Day::of(time).index() % 7 == FRIDAY
}

/// The earliest second from `time` on that lies on a Friday.
pub fn friday_from(time: u64) -> u64 {
    let today = Day::of(time).index();
    // 0 on Fridays
    let days = (FRIDAY.saturating_add(7)).saturating_sub(today % 7) % 7;
    match days {
        0 => time,
        _ => Day::from_index(today.saturating_add(days)).start(),
    }
}

/// The earliest second of the next slice, as calendar and interval say.
pub fn slice_from(totals: &Totals, params: &Params, now: u64) -> u64 {
    friday_from(now.max(rested_at(totals, params)))
}

fn rested_at(totals: &Totals, params: &Params) -> u64 {
    match totals.receipts {
        0 => 0,
        _ => totals.last_slice.saturating_add(params.slice_interval),
    }
}

/// Everything that the clock says about a slice now.
pub fn check_time(totals: &Totals, params: &Params, now: u64) -> Result<(), ContractError> {
    if !is_friday(now) {
        let from = slice_from(totals, params, now);
        return Err(ContractError::NotFriday { from, now });
    }
    let from = rested_at(totals, params);
    match now < from {
        true => Err(ContractError::SliceTooSoon { from, now }),
        false => Ok(()),
    }
}

/// Size and least yield of a slice on this market. Refuses a close above mark · (1 + max deviation): a push of one block moves the close at will, but hardly the mark,
/// which is the median of it and two means.
pub fn plan(pot: Uint128, params: &Params, market: &MarketResponse) -> Result<Plan, ContractError> {
    if pot.is_zero() {
        return Err(ContractError::NothingToSpend);
    }
    let (Some(close), Some(mark)) = (market.previous_close, market.mark) else {
        return Err(ContractError::NoPrice);
    };
    if !within(close, mark.long, Bps::new(params.max_deviation_bps)?) {
        return Err(ContractError::PriceMoved {
            close: close.raw().to_string(),
            mark: mark.long.raw().to_string(),
            max_bps: params.max_deviation_bps,
        });
    }
    let pool = Pool {
        close: market.previous_close_reserves.map(|reserve| reserve.u128()),
        quote_now: market.reserves[1].u128(),
        fee: Bps::new(market.fee_bps)?,
    };
    let limits = Limits {
        of_fee: Bps::new(params.slice_of_fee_bps)?,
        slippage: Bps::new(params.slippage_bps)?,
    };
    let slice = slice(pot.u128(), &pool, limits)?;
    Ok(Plan {
        credits: slice.pay.into(),
        min_out: slice.min_out.into(),
    })
}

/// What the pool says.
pub fn market(querier: &QuerierWrapper, exchange: &Addr) -> StdResult<MarketResponse> {
    querier.query_wasm_smart(exchange, &PoolQuery::Market {})
}

/// Sends one slice to the pool. It counts as spent before it leaves, so that a pool that calls back finds nothing to do; a failure takes everything back.
pub fn buyback(ctx: &mut Context) -> Result<Response, ContractError> {
    SWITCHES.assert_running(ctx.storage, Pausable::Buyback)?;
    let (config, params) = (CONFIG.load(ctx.storage)?, PARAMS.load(ctx.storage)?);
    let mut totals = TOTALS.load(ctx.storage)?;
    check_time(&totals, &params, ctx.now())?;
    let market = market(&ctx.querier, &config.exchange)?;
    let Plan { credits, min_out } = plan(totals.pot()?, &params, &market)?;
    totals.spent = totals.spent.checked_add(credits)?;
    totals.last_slice = ctx.now();
    totals.receipts = totals.receipts.saturating_add(1);
    TOTALS.save(ctx.storage, &totals)?;

    let slice = Slice {
        credits,
        min_out,
        balance: balance(&ctx.querier, ctx.env, &config)?,
    };
    let hook = Cw20Hook::Swap {
        min_out,
        deadline: None,
        to: None,
    };
    let send = credit_vault::ExecuteMsg::Send {
        contract: config.exchange.to_string(),
        amount: credits,
        msg: to_json_binary(&hook)?,
    };
    let message = SubMsg::reply_on_success(call(&config.vault, &send)?, ReplyId::Bought as u64);
    Ok(Response::new().add_submessage(message.with_payload(to_json_binary(&slice)?)))
}

fn balance(querier: &QuerierWrapper, env: &Env, config: &Config) -> StdResult<Uint128> {
    let query = l_coin::QueryMsg::Balance {
        address: env.contract.address.to_string(),
    };
    let answer: cw20::BalanceResponse = querier.query_wasm_smart(&config.l_coin, &query)?;
    Ok(answer.balance)
}

/// Burns what the slice bought, measured by the balance: LCO that somebody sent here before are not part of the difference.
pub fn bought(ctx: &mut Context, reply: &Reply) -> Result<Response, ContractError> {
    let ReplyId::Bought = reply.id.try_into()?;
    let slice: Slice = from_json(&reply.payload)?;
    let config = CONFIG.load(ctx.storage)?;
    let bought = balance(&ctx.querier, ctx.env, &config)?.checked_sub(slice.balance)?;
    // The pool was told, and is not believed. Zero would be a burn of nothing.
    let expected = slice.min_out.max(Uint128::one());
    if bought < expected {
        return Err(ContractError::Yield {
            expected,
            actual: bought,
        });
    }
    let receipt = book(ctx, &config, slice.credits, bought)?;
    let burn = l_coin::ExecuteMsg::Burn {
        amount: receipt.lco_burned,
    };
    Ok(Response::new()
        .add_event(Event::from(Money::Burn(&receipt)))
        .add_message(call(&config.l_coin, &burn)?))
}

fn book(ctx: &mut Context, config: &Config, credits: Uint128, bought: Uint128) -> Result<Receipt, ContractError> {
    // without a contest nobody could ever fetch prizes
    let share = match config.wars {
        Some(_) => PARAMS.load(ctx.storage)?.prize_share_bps,
        None => 0,
    };
    let prizes = Uint128::from(Bps::new(share)?.of_floor(bought.u128()));
    let burned = bought.checked_sub(prizes)?;
    let week = week_before(ctx.now());
    book_prizes(ctx.storage, week, prizes)?;
    let mut totals = TOTALS.load(ctx.storage)?;
    totals.burned = totals.burned.checked_add(burned)?;
    totals.to_prizes = totals.to_prizes.checked_add(prizes)?;
    TOTALS.save(ctx.storage, &totals)?;
    let receipt = Receipt {
        n: totals.receipts,
        week,
        credits_spent: credits,
        lco_bought: bought,
        lco_burned: burned,
        lco_to_prizes: prizes,
        price: price(credits, bought)?,
        height: ctx.env.block.height,
        time: ctx.now(),
    };
    RECEIPTS.save(ctx.storage, receipt.n, &receipt)?;
    Ok(receipt)
}

/// The week that ended last.
fn week_before(now: u64) -> u64 {
    Week::of(now).index().saturating_sub(1)
}

fn book_prizes(storage: &mut dyn Storage, week: u64, prizes: Uint128) -> Result<(), ContractError> {
    if prizes.is_zero() {
        return Ok(());
    }
    let mut row = WEEKS.may_load(storage, week)?.unwrap_or_default();
    row.prizes = row.prizes.checked_add(prizes)?;
    Ok(WEEKS.save(storage, week, &row)?)
}

/// ⌊credits · 10⁶ / bought⌋, µCredit per whole LCO; for show, so the direction matters to nobody.
fn price(credits: Uint128, bought: Uint128) -> Result<Uint128, ContractError> {
    Ok(mul_div_floor(credits.u128(), 1_000_000, bought.u128())?.into())
}

#[cfg(test)]
mod tests {
    use interfaces::exchange::{MarkPair, QuotePerBase};
    use proptest::prelude::*;

    use super::*;

    fn totals(receipts: u64, last_slice: u64) -> Totals {
        Totals {
            receipts,
            last_slice,
            ..Totals::default()
        }
    }

    #[test]
    fn fridays_are_those_of_the_calendar() {
        let cases = [
            ("1970-01-01, a Thursday, last second", 86_399, false),
            ("1970-01-02, a Friday", 86_400, true),
            ("its last second", 172_799, true),
            ("1970-01-03", 172_800, false),
            ("2026-01-23 00:00:00, a Friday", 1_769_126_400, true),
            ("the second before", 1_769_126_399, false),
        ];
        for (name, time, expected) in cases {
            assert_eq!(is_friday(time), expected, "{name}");
        }
    }

    #[test]
    fn first_slice_waits_for_nothing_but_friday() {
        let params = Params::default();
        check_time(&totals(0, 0), &params, 86_400).unwrap();
        assert_eq!(slice_from(&totals(0, 0), &params, 0), 86_400);
        assert_eq!(check_time(&totals(1, 86_400), &params, 86_999).unwrap_err().code(), 12);
        check_time(&totals(1, 86_400), &params, 87_000).unwrap();
    }

    proptest! {
        /// Against a walk from second to second, by the minute.
        #[test]
        fn next_friday_is_the_first_one_that_a_walk_meets(minutes in 0u64..10_000_000) {
            let time = minutes * 60;
            let mut walked = time;
            while (walked / 86_400) % 7 != 1 {
                walked += 60;
            }
            prop_assert_eq!(friday_from(time), walked);
        }

        /// Size and least yield against the formulas in plain integers.
        #[test]
        fn plan_is_the_formula(
            close in (1_000_000u128..1 << 45, 1_000_000u128..1 << 45),
            quote_now in 1_000_000u128..1 << 45,
            pot in 1u128..1 << 45,
            fee in 1u16..=100,
            part in 500u16..=5_000,
            slippage in 1u16..=100,
        ) {
            let (x, y) = close;
            let price = QuotePerBase::of_reserves(x, y).unwrap();
            let market = MarketResponse {
                reserves: [x.into(), quote_now.into()],
                fee_bps: fee,
                total_shares: Uint128::one(),
                announced_shares: Uint128::zero(),
                previous_close: Some(price),
                previous_close_reserves: [x.into(), y.into()],
                twap_5m: None,
                twap_30m: None,
                mark: Some(MarkPair { long: price, short: price }),
                lowest_reserves_24h: [Uint128::zero(); 2],
            };
            let params = Params { slice_of_fee_bps: part, slippage_bps: slippage, ..Params::default() };
            let credits = pot.min(y.min(quote_now) * u128::from(fee) * u128::from(part) / 100_000_000);
            let net = credits * u128::from(10_000 - fee);
            let out = x * net / (y * 10_000 + net);
            match plan(pot.into(), &params, &market) {
                Ok(plan) => {
                    prop_assert_eq!(plan.credits.u128(), credits);
                    prop_assert_eq!(plan.min_out.u128(), (out * u128::from(10_000 - slippage)).div_ceil(10_000));
                }
                // nothing to pay, or nothing to get for it
                Err(error) => {
                    prop_assert_eq!(error.code(), 2);
                    prop_assert_eq!(out, 0);
                }
            }
        }
    }
}

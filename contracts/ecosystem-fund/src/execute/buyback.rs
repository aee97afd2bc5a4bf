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
    Uint256,
};
use interfaces::ecosystem_fund::{Params, Receipt};
use interfaces::exchange::{Cw20Hook, MarketResponse, QueryMsg as PoolQuery};
use interfaces::{credit_vault, l_coin};
use math::amm::Curve;
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

/// Size and least yield of a slice on this market.
pub fn plan(pot: Uint128, params: &Params, market: &MarketResponse) -> Result<Plan, ContractError> {
    if pot.is_zero() {
        return Err(ContractError::NothingToSpend);
    }
    let (Some(close), Some(mark)) = (market.previous_close, market.mark) else {
        return Err(ContractError::NoPrice);
    };
    check_deviation(close.raw(), mark.long.raw(), params.max_deviation_bps)?;
    let [base, quote] = market.previous_close_reserves;
    let [_, now] = market.reserves;
    // both factors are at most 10⁴
    let part = u128::from(params.slice_of_fee_bps).saturating_mul(market.fee_bps.into());
    let largest = mul_div_floor(quote.min(now).u128(), part, 100_000_000)?;
    let credits = pot.min(largest.into());
    let curve = Curve {
        paid: quote.u128(),
        received: base.u128(),
        fee: Bps::new(market.fee_bps)?,
    };
    let out = curve.exact_in(credits.u128())?.amount_out;
    let kept = Bps::new(params.slippage_bps)?.complement();
    Ok(Plan {
        credits,
        min_out: kept.of_ceil(out).into(),
    })
}

/// Refuses a close above mark · (1 + max deviation). A push of one block moves the close at will, but hardly the mark, which is the median of it and two means.
fn check_deviation(close: Uint256, mark: Uint256, max_bps: u16) -> Result<(), ContractError> {
    let whole = Uint256::from(10_000u16);
    // prices are below 2^176
    let allowed = mark.checked_mul(whole.saturating_add(max_bps.into()));
    let actual = close.checked_mul(whole);
    match (actual, allowed) {
        (Ok(actual), Ok(allowed)) if actual <= allowed => Ok(()),
        _ => Err(ContractError::PriceMoved {
            close: close.to_string(),
            mark: mark.to_string(),
            max_bps,
        }),
    }
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

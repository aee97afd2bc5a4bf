//! Answers. Nothing here writes; a question at a block sees the pool as the first touch of that block would.

use cosmwasm_std::{Deps, Env, Order, StdResult, Uint128};
use cw20::{AllAccountsResponse, BalanceResponse, TokenInfoResponse};
use interfaces::exchange::{
    AccountResponse, CandlesResponse, ConfigResponse, ExitQuoteResponse, Interval, MarketResponse, OverviewResponse,
    Params, Position, Side, SimulateResponse, TwapPair,
};
use kit::compact::{above, Account};
use kit::{ownership, page};
use math::amm::{Liquidity, Trade};
use math::twap::MarkPair;

use crate::candles;
use crate::error::ContractError;
use crate::execute::swap::{quote, Want};
use crate::history::{lowest, History, Now, Rolled, WINDOWS};
use crate::state::{price_of, Announced, Lp, Pool, LPS, SKIM_RECIPIENT, STARTED, TERMS};

/// Windows of the mark, seconds.
const SHORT_WINDOW: u64 = 300;
const LONG_WINDOW: u64 = 1_800;

const HOUR: u64 = candles::length(Interval::Hour);

/// The pool as it lies in storage, and as it is at the block of the question.
struct View {
    stored: Pool,
    rolled: Pool,
    due: Rolled,
}

impl View {
    fn load(deps: Deps, env: &Env) -> Result<Self, ContractError> {
        let stored = Pool::load(deps.storage)?;
        let mut rolled = stored.clone();
        let due = rolled.roll(Now::of(env))?;
        Ok(Self { stored, rolled, due })
    }

    fn means(&self, deps: Deps, window: u64) -> Result<TwapPair, ContractError> {
        History::new(deps.storage, &self.stored, &self.rolled).means(window)
    }
}

pub fn overview(deps: Deps, env: &Env) -> Result<OverviewResponse, ContractError> {
    let market = market(deps, env)?;
    let price = price_of(market.reserves.map(|reserve| reserve.u128()));
    Ok(OverviewResponse {
        config: config(deps)?,
        owner: ownership::query(deps.storage)?.owner,
        market,
        price,
        started_at: STARTED.may_load(deps.storage)?,
        volume_24h: volume_24h(deps, env)?,
    })
}

fn volume_24h(deps: Deps, env: &Env) -> StdResult<[Uint128; 2]> {
    let this_hour = Now::of(env).seconds() / HOUR;
    let pool = Pool::load(deps.storage)?;
    let range = (this_hour.saturating_sub(24), u64::MAX);
    let bars = candles::list(deps.storage, pool.minute.as_ref(), Interval::Hour, range, 25)?;
    let sum = bars.iter().fold([0u128; 2], |[base, quote], bar| {
        let [more_base, more_quote] = bar.volume;
        [base.saturating_add(more_base), quote.saturating_add(more_quote)]
    });
    Ok(sum.map(Into::into))
}

pub fn config(deps: Deps) -> Result<ConfigResponse, ContractError> {
    let terms = TERMS.load(deps.storage)?;
    Ok(ConfigResponse {
        assets: terms.assets,
        announced: terms.announced,
        params: Params {
            fee_bps: Pool::load(deps.storage)?.fee.get(),
            skim_recipient: SKIM_RECIPIENT.load(deps.storage)?,
        },
    })
}

pub fn market(deps: Deps, env: &Env) -> Result<MarketResponse, ContractError> {
    let view = View::load(deps, env)?;
    let pool = &view.rolled;
    let announced = Announced::load(deps.storage)?.total(Now::of(env).seconds());
    let lows = Liquidity {
        reserves: lowest(deps.storage, pool, &view.due)?,
        shares: pool.shares,
    };
    let previous_close = price_of(pool.close);
    let twap_5m = known(view.means(deps, SHORT_WINDOW))?;
    let twap_30m = known(view.means(deps, LONG_WINDOW))?;
    let mark = match (previous_close, twap_5m, twap_30m) {
        (Some(close), Some(short), Some(long)) => Some(MarkPair::new(close, short, long)),
        _ => None,
    };
    Ok(MarketResponse {
        reserves: pool.reserves.map(Into::into),
        fee_bps: pool.fee.get(),
        total_shares: pool.shares.into(),
        announced_shares: announced.into(),
        previous_close,
        previous_close_reserves: pool.close.map(Into::into),
        twap_5m,
        twap_30m,
        mark,
        lowest_reserves_24h: lows.without(announced).map(Into::into),
    })
}

/// None where history is too short; any other failure stays one.
fn known(means: Result<TwapPair, ContractError>) -> Result<Option<TwapPair>, ContractError> {
    match means {
        Ok(means) => Ok(Some(means)),
        Err(ContractError::HistoryShort { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

pub fn twap(deps: Deps, env: &Env, window: u64) -> Result<TwapPair, ContractError> {
    let (min, max) = WINDOWS;
    if !(min..=max).contains(&window) {
        return Err(ContractError::OutOfRange {
            name: "window",
            min,
            max,
            actual: window,
        });
    }
    View::load(deps, env)?.means(deps, window)
}

pub fn simulate(deps: Deps, pay: Side, amount: Uint128) -> Result<SimulateResponse, ContractError> {
    let pool = Pool::load(deps.storage)?;
    let trade = quote(pool.curve(pay), amount, Want::AtLeast(Uint128::zero()))?;
    simulated(pool, pay, &trade)
}

pub fn reverse_simulate(deps: Deps, receive: Side, amount: Uint128) -> Result<SimulateResponse, ContractError> {
    let pool = Pool::load(deps.storage)?;
    let pay = receive.other();
    let trade = quote(pool.curve(pay), Uint128::MAX, Want::Exactly(amount))?;
    simulated(pool, pay, &trade)
}

fn simulated(mut pool: Pool, pay: Side, trade: &Trade) -> Result<SimulateResponse, ContractError> {
    pool.settle(pay, trade.after);
    Ok(SimulateResponse {
        pay,
        amount_in: trade.amount_in.into(),
        amount_out: trade.amount_out.into(),
        fee: trade.fee.into(),
        reserves: pool.reserves.map(Into::into),
        price: pool.price()?,
    })
}

pub fn exit_quote(deps: Deps, position: Position, base: Uint128) -> Result<ExitQuoteResponse, ContractError> {
    let (trade, amount) = match position {
        Position::Long => {
            let trade = simulate(deps, Side::Base, base)?;
            let received = trade.amount_out;
            (trade, received)
        }
        Position::Short => {
            let trade = reverse_simulate(deps, Side::Base, base)?;
            let paid = trade.amount_in;
            (trade, paid)
        }
    };
    Ok(ExitQuoteResponse {
        quote: amount,
        price: trade.price,
    })
}

pub fn candles(
    deps: Deps,
    interval: Interval,
    start_before: Option<u64>,
    limit: Option<u32>,
) -> StdResult<CandlesResponse> {
    let pool = Pool::load(deps.storage)?;
    let length = candles::length(interval);
    // an interval begins before that time if its number is below it, rounded up
    let before = start_before.map_or(u64::MAX, |time| time.div_ceil(length));
    let bars = candles::list(
        deps.storage,
        pool.minute.as_ref(),
        interval,
        (0, before),
        page::limit(limit),
    )?;
    Ok(CandlesResponse {
        candles: bars.iter().map(|bar| bar.shown(interval)).collect(),
    })
}

pub fn account(deps: Deps, env: &Env, address: String) -> Result<AccountResponse, ContractError> {
    let lp = Lp::load(deps.storage, &Account::parse(deps.api, &address)?)?;
    Ok(shown(&Pool::load(deps.storage)?, env, address, &lp))
}

fn shown(pool: &Pool, env: &Env, address: String, lp: &Lp) -> AccountResponse {
    let worth = match lp.shares {
        0 => [0; 2],
        shares => pool
            .liquidity()
            .remove(shares)
            .map(|removed| removed.amounts)
            .unwrap_or_default(),
    };
    AccountResponse {
        address,
        shares: lp.shares.into(),
        worth: worth.map(Into::into),
        announcement: lp.announcement(Now::of(env).seconds()),
    }
}

pub fn accounts(
    deps: Deps,
    env: &Env,
    start_after: Option<&str>,
    limit: Option<u32>,
) -> Result<Vec<AccountResponse>, ContractError> {
    let pool = Pool::load(deps.storage)?;
    lps(deps, start_after, limit)?
        .into_iter()
        .map(|(account, lp)| Ok(shown(&pool, env, account.text(deps.api)?, &lp)))
        .collect()
}

/// One page of LPs.
fn lps(deps: Deps, start_after: Option<&str>, limit: Option<u32>) -> StdResult<Vec<(Account, Lp)>> {
    let after = start_after.map(|text| Account::parse(deps.api, text)).transpose()?;
    LPS.range(deps.storage, above(after), Order::Ascending)
        .take(page::limit(limit))
        .collect()
}

pub fn balance(deps: Deps, address: &str) -> StdResult<BalanceResponse> {
    let lp = Lp::load(deps.storage, &Account::parse(deps.api, address)?)?;
    Ok(BalanceResponse {
        balance: lp.shares.into(),
    })
}

pub fn token_info(deps: Deps) -> StdResult<TokenInfoResponse> {
    Ok(TokenInfoResponse {
        name: "LP share".to_owned(),
        symbol: "LPS".to_owned(),
        decimals: 6,
        total_supply: Pool::load(deps.storage)?.shares.into(),
    })
}

pub fn all_accounts(deps: Deps, start_after: Option<&str>, limit: Option<u32>) -> StdResult<AllAccountsResponse> {
    let accounts = lps(deps, start_after, limit)?;
    let accounts = accounts
        .iter()
        .map(|(account, _)| account.text(deps.api))
        .collect::<StdResult<_>>()?;
    Ok(AllAccountsResponse { accounts })
}

//! Bets, and shares sold back.

use cosmwasm_std::{Response, Storage, Uint128};
use interfaces::prediction_market::{Params, Pausable, Status};
use math::parimutuel::Pool;
use math::Bps;

use super::Context;
use crate::error::ContractError;
use crate::events::Of;
use crate::market::Market;
use crate::peers::{self, Coin};
use crate::state::{Bucket, Config, PoolRow, Position, Totals, HISTORY, POOLS, POSITIONS};

/// Bets the amount that arrived.
pub fn buy(
    ctx: &mut Context,
    config: &Config,
    (market, outcome): (u64, u8),
    amount: Uint128,
    min_shares: Uint128,
) -> Result<Response, ContractError> {
    config.assert_running(Pausable::Buy)?;
    let mut row = PoolRow::load(ctx.storage, market)?;
    expect_trading(ctx.storage, market, &row, ctx.now())?;
    let (pool, shares) = priced_buy(&row.pool, &config.params, outcome, amount)?;
    at_least(min_shares, shares)?;
    let mut totals = Totals::load(ctx.storage)?;
    peers::let_in(ctx, config, &mut totals, amount)?;
    totals.save(ctx.storage);

    row.pool = pool;
    let key = (ctx.account()?, market);
    let height = ctx.block.height;
    let mut position = Position::load(ctx.storage, &key)?;
    position.bought_at = height;
    position.add(outcome, shares, amount.u128())?;
    POSITIONS.save(ctx.storage, &key, &position);
    POOLS.save(ctx.storage, &market, &row);
    record(ctx, market, &row, Side::Bought(amount.u128()))?;
    let bought = Of::Bought {
        account: &ctx.sender,
        outcome,
        amount,
        shares,
        pool: row.pool.money(),
    };
    Ok(Response::new().add_event(bought.event(market)))
}

/// Sells shares for what they are worth in the pool: paid at once up to what the sender put in, the rest when the market ends, unless it is void.
pub fn sell(
    ctx: &mut Context,
    (market, outcome): (u64, u8),
    shares: Uint128,
    min_refund: Uint128,
) -> Result<Response, ContractError> {
    let mut row = PoolRow::load(ctx.storage, market)?;
    expect_trading(ctx.storage, market, &row, ctx.now())?;
    let (pool, refund) = row.pool.sell(outcome.into(), shares.u128())?;
    at_least(min_refund, refund)?;

    row.pool = pool;
    let key = (ctx.account()?, market);
    let height = ctx.block.height;
    let mut position = Position::load(ctx.storage, &key)?;
    // whoever buys and sells in one block pays for nothing that others can answer to
    if position.bought_at == height {
        return Err(ContractError::SaleInPurchaseBlock { height });
    }
    let paid = position.take(outcome, shares.u128(), refund)?;
    row.held = row.held.saturating_add(refund.saturating_sub(paid));
    POSITIONS.save(ctx.storage, &key, &position);
    POOLS.save(ctx.storage, &market, &row);
    let mut totals = Totals::load(ctx.storage)?;
    totals.open_interest = totals.open_interest.checked_sub(paid.into())?;
    totals.save(ctx.storage);
    record(ctx, market, &row, Side::Sold(refund))?;
    let sold = Of::Sold {
        account: &ctx.sender,
        outcome,
        shares,
        refund,
        paid,
        pool: row.pool.money(),
    };
    let response = Response::new().add_event(sold.event(market));
    if paid == 0 {
        return Ok(response);
    }
    let coin = Coin::new(ctx.api, &Config::load(ctx.storage)?)?;
    Ok(response.add_message(coin.pay(ctx.sender.as_str(), paid)?))
}

/// What a bet gives: the pool after it, and the shares.
///
/// # Errors
/// `TooSmall`, `TooProbable`, and those of [`Pool::buy`].
pub fn priced_buy(pool: &Pool, params: &Params, outcome: u8, amount: Uint128) -> Result<(Pool, u128), ContractError> {
    let min = params.min_bet;
    if amount < min {
        return Err(ContractError::TooSmall {
            what: "bet",
            min,
            actual: amount,
        });
    }
    let (after, shares) = pool.buy(outcome.into(), amount.u128())?;
    let max_bps = params.max_probability_bps;
    if after.is_above(outcome.into(), Bps::new(max_bps)?)? {
        let actual_ppm = after.probability_ppm(outcome.into());
        return Err(ContractError::TooProbable {
            outcome,
            max_bps,
            actual_ppm,
        });
    }
    Ok((after, shares))
}

/// # Errors
/// `WrongStatus` from `close_at` on. A market that is answered or settled has closed before, so a trade needs to read no more than the pool's row.
pub fn expect_trading(storage: &dyn Storage, market: u64, row: &PoolRow, now: u64) -> Result<(), ContractError> {
    match now < row.close_at {
        true => Ok(()),
        false => Market::load(storage, market)?.expect(Status::Trading, now),
    }
}

fn at_least(min: Uint128, actual: u128) -> Result<(), ContractError> {
    let actual = actual.into();
    match actual >= min {
        true => Ok(()),
        false => Err(ContractError::Slippage { min, actual }),
    }
}

enum Side {
    Bought(u128),
    Sold(u128),
}

/// Writes the trade into the bucket of this moment.
fn record(ctx: &mut Context, market: u64, row: &PoolRow, side: Side) -> Result<(), ContractError> {
    let key = (market, row.bucket_at(ctx.now()));
    let mut bucket: Bucket = HISTORY.may_load(ctx.storage, &key)?.unwrap_or_default();
    let numbers = 0..row.pool.outcomes().len();
    bucket.probabilities = numbers.map(|outcome| row.pool.probability_ppm(outcome)).collect();
    bucket.pool = row.pool.money();
    bucket.trades = bucket.trades.saturating_add(1);
    match side {
        Side::Bought(amount) => bucket.bought = bucket.bought.saturating_add(amount),
        Side::Sold(amount) => bucket.sold = bucket.sold.saturating_add(amount),
    }
    HISTORY.save(ctx.storage, &key, &bucket);
    Ok(())
}

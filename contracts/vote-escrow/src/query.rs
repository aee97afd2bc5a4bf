//! Answers. A question about a moment is answered with the state before its block, at its time; what is answered never changes.

use cosmwasm_std::{Deps, Env, Order, StdResult, Uint128};
use interfaces::vote_escrow::*;
use interfaces::voting::{Moment, MomentResponse, Power};
use kit::compact::{above, Account};
use kit::escrow::{day, midnight, Ending, Lock, Sums, Total, ENDINGS, HISTORY, LOCKS, TOTALS};
use kit::page;
use math::vote_escrow::{most_accounts, shown, slope, split};
use math::{mul_div_floor, MathError};

use crate::error::ContractError;
use crate::state::{at_time, bracket, known_height, lock, lock_before, mark_below, sums_before, Config};

pub fn overview(deps: Deps, env: &Env) -> Result<OverviewResponse, ContractError> {
    let config = Config::load(deps.storage)?;
    let total = Total::load(deps.storage)?;
    let now = env.block.time.seconds();
    let sums = at_time(total.sums, deps.storage, now)?;
    let power = sums.power(now)?;
    Ok(OverviewResponse {
        params: config.params(),
        vcai: config.vcai.into_string(),
        token_allocation: config.token_allocation.into_string(),
        locked: sums.linear.slope.into(),
        held: total.held.into(),
        lockers: total.lockers,
        slope: sums.root.slope.into(),
        ve: shown(power.weight.u128()).into(),
        power,
    })
}

pub fn lock_view(deps: Deps, env: &Env, address: &str) -> Result<LockResponse, ContractError> {
    let lock = lock(deps.storage, &Account::parse(deps.api, address)?)?;
    let now = env.block.time.seconds();
    let power = lock.power(now)?;
    let withdrawable = if lock.is_live(now) { 0 } else { lock.held() };
    Ok(LockResponse {
        amount: lock.held().into(),
        end: lock.end,
        slope: slope(lock.held())?.into(),
        ve: shown(power.weight.u128()).into(),
        power,
        withdrawable: withdrawable.into(),
        since: lock.since,
    })
}

pub fn locks(deps: Deps, start_after: Option<String>, limit: Option<u32>) -> StdResult<LocksResponse> {
    let after = start_after.map(|text| Account::parse(deps.api, &text)).transpose()?;
    let limit = page::limit(limit);
    let rows = LOCKS.range(deps.storage, above(after), Order::Ascending).take(limit);
    let rows: Vec<_> = rows.collect::<StdResult<_>>()?;
    let last = rows.last().filter(|_| rows.len() == limit);
    let next = last.map(|(who, _)| who.text(deps.api)).transpose()?;
    let locks = rows.iter().filter(|(_, lock)| lock.held() > 0);
    let row = |(who, lock): &(Account, Lock)| {
        Ok(LockRow {
            address: who.text(deps.api)?,
            amount: lock.amount.into(),
            end: lock.end,
        })
    };
    Ok(LocksResponse {
        locks: locks.map(row).collect::<StdResult<_>>()?,
        next,
    })
}

pub fn history(deps: Deps, address: &str, before: Option<u64>, limit: Option<u32>) -> StdResult<Vec<HistoryRow>> {
    let who = Account::parse(deps.api, address)?;
    let before = before.unwrap_or(u64::MAX);
    let present = lock(deps.storage, &who)?;
    let newest = (present != Lock::default() && present.since.height < before).then_some(Ok(present));
    let past = HISTORY.range(deps.storage, (who.clone(), 0)..(who, before), Order::Descending);
    let states = newest.into_iter().chain(past.map(|row| row.map(|(_, lock)| lock)));
    let row = |lock: StdResult<Lock>| {
        let Lock { since, amount, end, .. } = lock?;
        Ok(HistoryRow {
            since,
            amount: amount.into(),
            end,
        })
    };
    states.map(row).take(page::limit(limit)).collect()
}

pub fn total_history(deps: Deps, before: Option<u64>, limit: Option<u32>) -> Result<Vec<TotalRow>, ContractError> {
    let before = before.unwrap_or(u64::MAX);
    let present = Total::load(deps.storage)?.sums;
    let newest = (present != Sums::default() && present.at.height < before).then_some(Ok(present));
    let past = TOTALS.range(deps.storage, ..before, Order::Descending);
    let states = newest.into_iter().chain(past.map(|row| row.map(|(_, sums)| sums)));
    let row = |sums: StdResult<Sums>| {
        let sums = sums?;
        Ok(TotalRow {
            at: sums.at,
            slope: sums.root.slope.into(),
            locked: sums.linear.slope.into(),
            power: sums.power(sums.at.time)?,
        })
    };
    states.map(row).take(page::limit(limit)).collect()
}

pub fn expiries(
    deps: Deps,
    env: &Env,
    after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<ExpiryRow>, ContractError> {
    let now = env.block.time.seconds();
    let last = day(after.unwrap_or(now).max(now))?;
    let rows = ENDINGS.range(deps.storage, above(Some(last)), Order::Ascending);
    let row = |row: StdResult<_>| {
        let (day, ending): (u32, Ending) = row?;
        Ok(ExpiryRow {
            end: midnight(day),
            slope: ending.slope.into(),
            amount: ending.amount.into(),
        })
    };
    rows.map(row).take(page::limit(limit)).collect()
}

pub fn split_advantage(
    deps: Deps,
    amount: Uint128,
    accounts: Option<u64>,
) -> Result<SplitAdvantageResponse, ContractError> {
    let config = Config::load(deps.storage)?;
    let (min, fee, actual) = (config.min_lock, config.fee(), amount);
    let most = most_accounts(amount.u128(), fee.u128(), min.u128());
    let max = u64::try_from(most).unwrap_or(u64::MAX);
    if max == 0 {
        return Err(ContractError::BelowMinimum { min, fee, actual });
    }
    let accounts = accounts.unwrap_or(max);
    if accounts == 0 || accounts > max {
        return Err(ContractError::Accounts { max, actual: accounts });
    }
    let whole = slope(amount.checked_sub(fee).map_err(|_| MathError::Overflow)?.u128())?;
    let split = split(amount.u128(), fee.u128(), accounts.into())?;
    Ok(SplitAdvantageResponse {
        accounts,
        fees: fee.checked_mul(accounts.into()).map_err(|_| MathError::Overflow)?,
        whole: whole.into(),
        split: split.into(),
        gain_bps: mul_div_floor(split, WHOLE_BPS, whole)?.into(),
    })
}

/// No gain, basis points.
const WHOLE_BPS: u128 = 10_000;

pub fn power(deps: Deps, env: &Env, address: &str, at: Moment) -> Result<Power, ContractError> {
    bracket(deps.storage, env, at)?;
    let who = Account::parse(deps.api, address)?;
    Ok(lock_before(deps.storage, &who, at.height)?.power(at.time)?)
}

pub fn total_power(deps: Deps, env: &Env, at: Moment) -> Result<Power, ContractError> {
    Ok(sums_before(deps.storage, env, at)?.power(at.time)?)
}

pub fn outcome_power(deps: Deps, env: &Env, address: &str, from: Moment, to: Moment) -> Result<Uint128, ContractError> {
    let linear = |at| Ok::<_, ContractError>(power(deps, env, address, at)?.linear);
    Ok(linear(from)?.min(linear(to)?))
}

pub fn outcome_total(deps: Deps, env: &Env, from: Moment, to: Moment) -> Result<Uint128, ContractError> {
    let linear = |at| Ok::<_, ContractError>(total_power(deps, env, at)?.linear);
    Ok(linear(from)?.min(linear(to)?))
}

pub fn moment(deps: Deps, env: &Env, height: u64) -> Result<MomentResponse, ContractError> {
    known_height(env, height)?;
    let mark = mark_below(deps.storage, height)?;
    // the state before the height asked about, which is that after the recorded block: nothing changed between
    let moment = mark.map(|Moment { time, .. }| Moment { height, time });
    Ok(MomentResponse { moment })
}

pub fn locked(deps: Deps, env: &Env, at: Moment) -> Result<Uint128, ContractError> {
    Ok(sums_before(deps.storage, env, at)?.linear.slope.into())
}

//! Answers. A question about a second is answered with the state in force at it, and refused where that second has not begun: what is answered never changes.

use cosmwasm_std::{Deps, Env, Order, StdResult, Uint128};
use interfaces::lco_staking::*;
use interfaces::voting::{Moment, Power};
use kit::compact::{above, Account, Key, Table};
use kit::page;

use crate::error::ContractError;
use crate::state::{
    account, account_at, at, of, total_at, Config, Holding, Integrals, Leaving, Level, Span, Sums, Total, ACCOUNTS,
    HISTORY, MARKS, TOTAL_HISTORY,
};

pub fn overview(deps: Deps) -> StdResult<OverviewResponse> {
    let Config { l_coin, params } = Config::load(deps.storage)?;
    let total = Total::load(deps.storage)?;
    let Sums { stake, weighted, whale } = total.span.level;
    Ok(OverviewResponse {
        l_coin: l_coin.into_string(),
        params,
        unbonding_seconds: UNBONDING_SECONDS,
        bonded: stake,
        weighted,
        whale,
        unbonding: total.unbonding,
        stakers: total.stakers,
    })
}

pub fn account_view(deps: Deps, env: &Env, address: &str) -> StdResult<AccountResponse> {
    let who = Account::parse(deps.api, address)?;
    let Span { from, level, .. } = account(deps.storage, &who)?;
    let leaving = Leaving::load(deps.storage, &who)?;
    Ok(AccountResponse {
        stake: level.stake,
        tier: level.tier,
        due: Config::load(deps.storage)?.tier_of(level.stake),
        from,
        claimable: leaving.due(env.block.time.seconds())?,
        unbonding: leaving.entries().to_vec(),
    })
}

pub fn accounts(deps: Deps, start_after: Option<String>, limit: Option<u32>) -> StdResult<Vec<AccountRow>> {
    let after = start_after.map(|text| Account::parse(deps.api, &text)).transpose()?;
    let rows = ACCOUNTS
        .range(deps.storage, above(after), Order::Ascending)
        .take(page::limit(limit));
    rows.map(|row| {
        let (who, Span { level, .. }) = row?;
        Ok(AccountRow {
            address: who.text(deps.api)?,
            stake: level.stake,
            tier: level.tier,
        })
    })
    .collect()
}

pub fn history(deps: Deps, address: &str, before: Option<u64>, limit: Option<u32>) -> StdResult<Vec<HistoryRow>> {
    let who = Account::parse(deps.api, address)?;
    let present = account(deps.storage, &who)?;
    let spans = spans(deps, &HISTORY, of(&who), present, before).take(page::limit(limit));
    spans
        .map(|span| {
            let Span { from, level, passed } = span?;
            let Holding { stake, tier } = level;
            Ok(HistoryRow {
                from,
                stake,
                tier,
                stake_seconds: passed.stake,
                weight_seconds: passed.weight,
            })
        })
        .collect()
}

pub fn total_history(deps: Deps, before: Option<u64>, limit: Option<u32>) -> StdResult<Vec<TotalRow>> {
    let present = Total::load(deps.storage)?.span;
    let spans = spans(deps, &TOTAL_HISTORY, |from| from, present, before).take(page::limit(limit));
    spans
        .map(|span| {
            let Span { from, level, passed } = span?;
            let Sums { stake, weighted, whale } = level;
            Ok(TotalRow {
                from,
                stake,
                weighted,
                whale,
                stake_seconds: passed.stake,
                weight_seconds: passed.weight,
            })
        })
        .collect()
}

/// The present span and those that are over, newest first, as far as they begin before `before`.
fn spans<'a, K: Key + 'a, L: Level + 'a>(
    deps: Deps<'a>,
    history: &Table<K, Span<L>>,
    key: impl Fn(u64) -> K,
    present: Span<L>,
    before: Option<u64>,
) -> impl Iterator<Item = StdResult<Span<L>>> + 'a {
    let exists = present.from != 0 && before.is_none_or(|before| present.from < before);
    let past = history.range(deps.storage, key(0)..key(before.unwrap_or(u64::MAX)), Order::Descending);
    exists
        .then_some(Ok(present))
        .into_iter()
        .chain(past.map(|row| row.map(|(_, span)| span)))
}

/// One read for an account whose stake did not change since, two at most.
pub fn lowest_tiers(deps: Deps, env: &Env, accounts: &[String], since: u64) -> Result<Vec<Tier>, ContractError> {
    if accounts.len() > MAX_LOWEST_TIERS {
        return Err(ContractError::ListLength {
            min: 0,
            max: MAX_LOWEST_TIERS,
            actual: accounts.len(),
        });
    }
    // a window that begins in the future has seen nothing but the present
    let since = since.min(env.block.time.seconds());
    let tiers = accounts.iter().map(|text| {
        let who = Account::parse(deps.api, text)?;
        let now = account(deps.storage, &who)?;
        let then = at(deps.storage, &HISTORY, of(&who), now, since)?;
        Ok(now.level.tier.min(then.level.tier))
    });
    tiers.collect()
}

pub fn tier_at(deps: Deps, env: &Env, address: &str, time: u64) -> Result<Tier, ContractError> {
    begun(env, time)?;
    let who = Account::parse(deps.api, address)?;
    Ok(account_at(deps.storage, &who, time)?.level.tier)
}

pub fn weight_integral(
    deps: Deps,
    env: &Env,
    address: &str,
    from: u64,
    to: u64,
) -> Result<IntegralResponse, ContractError> {
    let (account, total) = integrals(deps, env, address, from, to)?;
    Ok(IntegralResponse {
        account: account.weight,
        total: total.weight,
    })
}

pub fn stake_integral(
    deps: Deps,
    env: &Env,
    address: &str,
    from: u64,
    to: u64,
) -> Result<IntegralResponse, ContractError> {
    let (account, total) = integrals(deps, env, address, from, to)?;
    Ok(IntegralResponse {
        account: account.stake,
        total: total.stake,
    })
}

/// Of the account and of all, over `from` up to and without `to`.
fn integrals(
    deps: Deps,
    env: &Env,
    address: &str,
    from: u64,
    to: u64,
) -> Result<(Integrals, Integrals), ContractError> {
    begun(env, to)?;
    if from > to {
        return Err(ContractError::WindowReversed { from, to });
    }
    let who = Account::parse(deps.api, address)?;
    let of_account = |time| account_at(deps.storage, &who, time)?.integrals(time);
    let of_all = |time| total_at(deps.storage, time)?.integrals(time);
    let account = of_account(to)?.since(&of_account(from)?)?;
    let total = of_all(to)?.since(&of_all(from)?)?;
    Ok((account, total))
}

pub fn power(deps: Deps, env: &Env, address: &str, moment: Moment) -> Result<Power, ContractError> {
    Ok(votes(&holding_at(deps, env, address, moment)?))
}

pub fn total_power(deps: Deps, env: &Env, moment: Moment) -> Result<Power, ContractError> {
    Ok(votes(&sums_at(deps, env, moment)?))
}

pub fn outcome_power(deps: Deps, env: &Env, address: &str, from: Moment, to: Moment) -> Result<Uint128, ContractError> {
    let stake = |moment| Ok::<_, ContractError>(holding_at(deps, env, address, moment)?.stake);
    Ok(stake(from)?.min(stake(to)?))
}

pub fn outcome_total(deps: Deps, env: &Env, from: Moment, to: Moment) -> Result<Uint128, ContractError> {
    let stake = |moment| Ok::<_, ContractError>(sums_at(deps, env, moment)?.stake);
    Ok(stake(from)?.min(stake(to)?))
}

fn votes(level: &impl Level) -> Power {
    let whale = level.whale();
    Power {
        weight: whale,
        linear: whale,
    }
}

fn holding_at(deps: Deps, env: &Env, address: &str, moment: Moment) -> Result<Holding, ContractError> {
    passed(env, moment)?;
    let who = Account::parse(deps.api, address)?;
    Ok(account_at(deps.storage, &who, moment.time)?.level)
}

fn sums_at(deps: Deps, env: &Env, moment: Moment) -> Result<Sums, ContractError> {
    passed(env, moment)?;
    Ok(total_at(deps.storage, moment.time)?.level)
}

/// Blocks may share a second, and then they share the state in force at it; so the second alone decides, for accounts and totals alike.
fn passed(env: &Env, moment: Moment) -> Result<(), ContractError> {
    known_height(env, moment.height)?;
    begun(env, moment.time)
}

fn begun(env: &Env, time: u64) -> Result<(), ContractError> {
    let now = env.block.time.seconds();
    match time <= now {
        true => Ok(()),
        false => Err(ContractError::Future {
            what: "second",
            asked: time,
            now,
        }),
    }
}

fn known_height(env: &Env, height: u64) -> Result<(), ContractError> {
    let now = env.block.height;
    match height <= now {
        true => Ok(()),
        false => Err(ContractError::Future {
            what: "height",
            asked: height,
            now,
        }),
    }
}

pub fn moment(deps: Deps, env: &Env, height: u64) -> Result<MomentResponse, ContractError> {
    known_height(env, height)?;
    let newest = MARKS.last(deps.storage, ..height)?;
    Ok(MomentResponse {
        moment: newest.map(|(height, time)| Moment { height, time }),
    })
}

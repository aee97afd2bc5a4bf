//! Answers. Lists are paged (30 by default, at most 100).

use cosmwasm_std::{Deps, Env, Order, StdResult, Uint128};
use cw_storage_plus::Bound;
use interfaces::incentive_controller::{
    AccountDay, AccountResponse, ClaimResponse, ConfigResponse, DashboardResponse, DayResponse, EpochInfo,
    EpochsResponse, DASHBOARD_EPOCHS,
};
use kit::compact::{above_within, Account};
use kit::page;
use math::incentives::{loyalty_percent, AWAY_DAYS, EPOCHS as RELEASES, POOL};
use math::Day;

use crate::error::ContractError;
use crate::execute::claim::{due, shares, Range};
use crate::pay::pools_of_day;
use crate::state::{
    closes_at, epoch_of, Epoch, BOOK, CLOCK, CONFIG, DAYS, EPOCHS, INCOME, KEEPABLE, NODES, PARAMS, REFERRALS, SHARES,
};

pub fn config(deps: Deps) -> StdResult<ConfigResponse> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        vcai: config.vcai.into(),
        exchange: config.exchange.into(),
        reporter: config.reporter.map(Into::into),
        params: PARAMS.load(deps.storage)?,
    })
}

pub fn dashboard(deps: Deps) -> StdResult<DashboardResponse> {
    let clock = CLOCK.may_load(deps.storage)?;
    let book = BOOK.load(deps.storage)?;
    Ok(DashboardResponse {
        params: PARAMS.load(deps.storage)?,
        released_epochs: clock.map_or(0, |clock| clock.index.saturating_add(1).min(RELEASES)),
        pool: Uint128::new(POOL),
        released: clock.map_or(0, |clock| clock.released()).into(),
        paid: book.paid,
        withheld: book.withheld,
        left_over: book.left_over,
        re_released: book.re_released,
        supply_ppm: clock.map_or(math::incentives::FIRST_SUPPLY, |clock| clock.supply_ppm),
        utilisation_ppm: clock.and_then(|clock| clock.utilisation_ppm),
        closes_at: clock.map(|clock| clock.closes_at()),
        history: newest(deps, None, DASHBOARD_EPOCHS)?,
    })
}

pub fn epochs(deps: Deps, start_before: Option<u64>, limit: Option<u32>) -> StdResult<EpochsResponse> {
    let epochs = newest(deps, start_before, page::limit(limit))?;
    Ok(EpochsResponse { epochs })
}

fn newest(deps: Deps, before: Option<u64>, limit: usize) -> StdResult<Vec<EpochInfo>> {
    let before = before.map(Bound::exclusive);
    let rows = EPOCHS.range(deps.storage, None, before, Order::Descending);
    rows.take(limit)
        .map(|row| row.map(|(start, epoch)| info(start, &epoch)))
        .collect()
}

fn info(start: u64, epoch: &Epoch) -> EpochInfo {
    EpochInfo {
        index: epoch.index,
        start,
        days: epoch.days,
        supply_ppm: epoch.supply_ppm,
        pools: epoch.pools,
        usage: epoch.usage,
    }
}

pub fn day(deps: Deps, day: u64) -> StdResult<DayResponse> {
    let totals = DAYS.may_load(deps.storage, &day)?.unwrap_or_default();
    let epoch = epoch_of(deps.storage, day)?;
    Ok(DayResponse {
        day,
        closes_at: closes_at(day),
        pools: epoch.map(|(start, epoch)| pools_of_day(&epoch, start, day)),
        usage: totals.usage,
        weights: totals.weights,
    })
}

pub fn account(
    deps: Deps,
    env: &Env,
    address: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<AccountResponse> {
    let account = deps.api.addr_validate(address)?;
    let today = Day::of(env.block.time.seconds()).index();
    let row = Account::trusted(deps.api, address)?;
    let stretch = NODES.may_load(deps.storage, &row)?;
    let stretch = stretch.filter(|row| today <= row.last.saturating_add(AWAY_DAYS));
    let referral = REFERRALS.may_load(deps.storage, &account)?;
    let last = start_after.map(|day| (row.clone(), day));
    let all = (row.clone(), 0)..=(row, u64::MAX);
    let days = SHARES
        .range(deps.storage, above_within(last, all), Order::Ascending)
        .take(page::limit(limit))
        .map(|row| {
            let ((_, day), share) = row?;
            let weights = share.weights();
            Ok(AccountDay { day, weights })
        })
        .collect::<StdResult<_>>()?;
    Ok(AccountResponse {
        address: address.to_owned(),
        keepers_allowed: KEEPABLE.has(deps.storage, &account),
        node_since: stretch.map(|row| row.since),
        loyalty_percent: stretch.map_or(0, |row| loyalty_percent(row.since, today)),
        referral_until: referral.as_ref().map(|row| row.until),
        referrer: referral.map(|row| row.referrer.into()),
        referral_income: INCOME.may_load(deps.storage, &account)?.unwrap_or_default(),
        days,
    })
}

/// By the very functions that pay. An epoch that is not opened yet is refused here, while a claim opens it.
pub fn claimable(deps: Deps, env: &Env, address: &str, range: Range) -> Result<ClaimResponse, ContractError> {
    let account = deps.api.addr_validate(address)?;
    range.check(env.block.time.seconds())?;
    let days = shares(deps.storage, deps.api, &account, range)?;
    due(deps.storage, &account, &days)
}

pub fn keepable(deps: Deps, start_after: Option<String>, limit: Option<u32>) -> StdResult<Vec<String>> {
    let after = start_after
        .map(|address| deps.api.addr_validate(&address))
        .transpose()?;
    KEEPABLE
        .keys(
            deps.storage,
            after.as_ref().map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(page::limit(limit))
        .map(|row| row.map(Into::into))
        .collect()
}

//! Answers. Lists are paged (30 by default, at most 100).

use cosmwasm_std::{Addr, Deps, Order, StdResult, Uint128};
use cw_storage_plus::Bound;
use interfaces::imo_launchpad::{AllotmentResponse, LaunchResponse, OverviewResponse, Phase};
use kit::page;

use crate::error::ContractError;
use crate::execute::weights;
use crate::shares;
use crate::state::{Launch, Subscription, Tally, COUNT, LAUNCHES, LIVE, PEERS, SUBSCRIBERS, SUBSCRIPTIONS, TALLIES};

/// Launches shown in the overview.
const NEWEST: u32 = 10;

pub fn overview(deps: Deps, now: u64) -> Result<OverviewResponse, ContractError> {
    let peers = PEERS.load(deps.storage)?;
    Ok(OverviewResponse {
        vault: peers.vault.into(),
        staking: peers.staking.into(),
        launches: COUNT.load(deps.storage)?,
        newest: launches(deps, now, None, Some(NEWEST))?,
    })
}

pub fn launch(deps: Deps, now: u64, launch: u64) -> Result<LaunchResponse, ContractError> {
    describe(deps, now, launch, Launch::load(deps.storage, launch)?)
}

pub fn launches(
    deps: Deps,
    now: u64,
    start_before: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<LaunchResponse>, ContractError> {
    let before = start_before.map(Bound::exclusive);
    let rows = LAUNCHES.range(deps.storage, None, before, Order::Descending);
    let page = rows.take(page::limit(limit));
    page.map(|row| {
        let (launch, found) = row?;
        describe(deps, now, launch, found)
    })
    .collect()
}

pub fn live(deps: Deps, now: u64, sku: &str) -> Result<Option<LaunchResponse>, ContractError> {
    let id = LIVE.may_load(deps.storage, sku)?;
    id.map(|id| launch(deps, now, id)).transpose()
}

fn describe(deps: Deps, now: u64, id: u64, launch: Launch) -> Result<LaunchResponse, ContractError> {
    let tally = TALLIES.load(deps.storage, id)?;
    let phase = launch.phase(&tally, now);
    let over = matches!(phase, Phase::Ended | Phase::Cancelled);
    Ok(LaunchResponse {
        launch: id,
        created_at: launch.created_at,
        total_weight: launch.total_weight,
        phase,
        subscribed: tally.subscribed,
        claimed: tally.claimed,
        returned: over.then(|| launch.terms.quota.saturating_sub(tally.claimed)),
        terms: launch.terms,
    })
}

pub fn allotment(deps: Deps, now: u64, id: u64, address: &str) -> Result<AllotmentResponse, ContractError> {
    let account = deps.api.addr_validate(address)?;
    if let Some(row) = SUBSCRIPTIONS.may_load(deps.storage, (&account, id))? {
        return subscribed(deps, now, id, account, &row);
    }
    let launch = Launch::load(deps.storage, id)?;
    let staking = PEERS.load(deps.storage)?.staking;
    let weight = weights(deps.querier, &staking, &account, launch.terms.snapshot)?.account;
    Ok(AllotmentResponse {
        launch: id,
        address: account.into(),
        subscribed: false,
        allocation: shares::allocation(launch.terms.quota, weight, launch.total_weight)?,
        allotment: None,
        claimed: Uint128::zero(),
        claimable: Uint128::zero(),
    })
}

pub fn account(
    deps: Deps,
    now: u64,
    address: &str,
    start_before: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<AllotmentResponse>, ContractError> {
    let account = deps.api.addr_validate(address)?;
    let before = start_before.map(Bound::exclusive);
    let of_account = SUBSCRIPTIONS.prefix(&account);
    let rows = of_account.range(deps.storage, None, before, Order::Descending);
    let page: Vec<_> = rows.take(page::limit(limit)).collect::<StdResult<_>>()?;
    let describe = |(launch, row): (u64, Subscription)| subscribed(deps, now, launch, account.clone(), &row);
    page.into_iter().map(describe).collect()
}

pub fn subscribers(
    deps: Deps,
    now: u64,
    launch: u64,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<Vec<AllotmentResponse>, ContractError> {
    let after = start_after
        .map(|address| deps.api.addr_validate(&address))
        .transpose()?;
    let of_launch = SUBSCRIBERS.prefix(launch);
    let bound = after.as_ref().map(Bound::exclusive);
    let rows = of_launch.keys(deps.storage, bound, None, Order::Ascending);
    let page: Vec<Addr> = rows.take(page::limit(limit)).collect::<StdResult<_>>()?;
    let describe = |account: Addr| {
        let row = SUBSCRIPTIONS.load(deps.storage, (&account, launch))?;
        subscribed(deps, now, launch, account, &row)
    };
    page.into_iter().map(describe).collect()
}

/// A subscriber's part. The second round is known once subscriptions are over.
fn subscribed(
    deps: Deps,
    now: u64,
    id: u64,
    account: Addr,
    row: &Subscription,
) -> Result<AllotmentResponse, ContractError> {
    let (launch, tally) = (Launch::load(deps.storage, id)?, Tally::load(deps.storage, id)?);
    let phase = launch.phase(&tally, now);
    let known = matches!(phase, Phase::Claim | Phase::Ended);
    let allotment = match known {
        true => Some(launch.allotment(&tally, row.allocation)?),
        false => None,
    };
    let claimable = allotment.filter(|_| phase == Phase::Claim).map(|all| row.left(all));
    Ok(AllotmentResponse {
        launch: id,
        address: account.into(),
        subscribed: true,
        allocation: row.allocation,
        allotment,
        claimed: row.claimed,
        claimable: claimable.unwrap_or_default(),
    })
}

pub fn price(deps: Deps, launch: u64, units: Uint128) -> Result<Uint128, ContractError> {
    let terms = Launch::load(deps.storage, launch)?.terms;
    Ok(shares::price(units, terms.price_per_unit)?)
}

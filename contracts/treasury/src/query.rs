//! Answers. Lists are paged (30 by default, at most 100).

use cosmwasm_std::{Deps, Env, Order, StdResult};
use cw_storage_plus::Bound;
use interfaces::treasury::{
    ConfigResponse, Obstacle, OverviewResponse, Receipt, RevenueResponse, SliceResponse, SourceResponse,
};
use kit::{operator, page};
use math::amm::AmmError;
use math::buyback::BuybackError;

use crate::error::ContractError;
use crate::execute::buyback::{check_time, market, plan, slice_from, Plan};
use crate::state::{Pausable, Source, Totals, CONFIG, FAILURE, OPENED, PARAMS, RECEIPTS, SOURCES, SWITCHES};

pub fn overview(deps: Deps, env: &Env) -> Result<OverviewResponse, ContractError> {
    let totals = today(deps, env)?;
    Ok(OverviewResponse {
        revenue: revenue(deps)?,
        pot: totals.pot()?,
        spent: totals.spent,
        bought: totals.bought,
        day: totals.day,
        day_left: totals.day_left,
        receipts: totals.receipts,
        last_slice: totals.last_slice,
        failures: totals.failures,
        last_failure: FAILURE.may_load(deps.storage)?,
        buyback_paused: SWITCHES.load(deps.storage)?.is_paused(Pausable::Buyback),
        pool_opened_at: OPENED.may_load(deps.storage)?,
    })
}

/// The totals as a message at this moment would find them.
fn today(deps: Deps, env: &Env) -> StdResult<Totals> {
    let mut totals = Totals::load(deps.storage)?;
    totals.turn_to(env.block.time.seconds())?;
    Ok(totals)
}

pub fn config(deps: Deps) -> Result<ConfigResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        operator: operator::load(deps.storage)?.map(Into::into),
        governance: config.governance.into(),
        denom: config.denom,
        vcai: config.vcai.into(),
        exchange: config.exchange.into(),
        ve_rewards: config.ve_rewards.into(),
        allocation: config.allocation.into(),
        params: PARAMS.load(deps.storage)?,
    })
}

pub fn revenue(deps: Deps) -> StdResult<RevenueResponse> {
    let totals = Totals::load(deps.storage)?;
    Ok(RevenueResponse {
        net_fees: totals.net_fees,
        total: totals.revenue,
    })
}

/// What a slice would do now, by the very functions that do it.
pub fn slice(deps: Deps, env: &Env) -> Result<SliceResponse, ContractError> {
    let (totals, params) = (today(deps, env)?, PARAMS.load(deps.storage)?);
    let now = env.block.time.seconds();
    let market = market(&deps.querier, &CONFIG.load(deps.storage)?.exchange)?;
    let (plan, blocked) = match plan(totals.day_left, &params, &market) {
        Ok(plan) => (plan, None),
        Err(error) => (Plan::default(), Some(obstacle(error)?)),
    };
    let early = check_time(&totals, &params, now).err().map(obstacle).transpose()?;
    let paused = SWITCHES.load(deps.storage)?.is_paused(Pausable::Buyback);
    Ok(SliceResponse {
        obstacle: paused.then_some(Obstacle::Paused).or(early).or(blocked),
        from: slice_from(&totals, &params).max(now),
        day_left: totals.day_left,
        amount: plan.pay,
        min_out: plan.min_out,
    })
}

fn obstacle(error: ContractError) -> Result<Obstacle, ContractError> {
    match error {
        ContractError::SliceTooSoon { .. } => Ok(Obstacle::TooSoon),
        ContractError::NothingToSpend => Ok(Obstacle::NothingToSpend),
        ContractError::NoPrice => Ok(Obstacle::NoPrice),
        ContractError::PriceMoved { .. } => Ok(Obstacle::PriceMoved),
        ContractError::Buyback(BuybackError::Amm(AmmError::TooLittle | AmmError::ZeroAmount)) => Ok(Obstacle::TooSmall),
        other => Err(other),
    }
}

pub fn source(deps: Deps, name: &str) -> StdResult<Option<SourceResponse>> {
    let row = SOURCES.may_load(deps.storage, name)?;
    Ok(row.map(|row| describe(name.to_owned(), row)))
}

pub fn sources(deps: Deps, after: Option<&str>, limit: Option<u32>) -> StdResult<Vec<SourceResponse>> {
    let rows = SOURCES.range(deps.storage, after.map(Bound::exclusive), None, Order::Ascending);
    rows.take(page::limit(limit))
        .map(|row| row.map(|(name, row)| describe(name, row)))
        .collect()
}

fn describe(name: String, source: Source) -> SourceResponse {
    SourceResponse {
        name,
        address: source.address.map(Into::into),
        counts: source.counts,
        deposited: source.deposited,
    }
}

pub fn receipt(deps: Deps, n: u64) -> StdResult<Option<Receipt>> {
    RECEIPTS.may_load(deps.storage, n)
}

pub fn receipts(deps: Deps, before: Option<u64>, limit: Option<u32>) -> StdResult<Vec<Receipt>> {
    let before = before.map(Bound::exclusive);
    let rows = RECEIPTS.range(deps.storage, None, before, Order::Descending);
    rows.take(page::limit(limit))
        .map(|row| row.map(|(_, row)| row))
        .collect()
}

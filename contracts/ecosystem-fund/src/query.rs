//! Answers. Lists are paged (30 by default, at most 100).

use cosmwasm_std::{Deps, Env, Order, StdResult, Uint128};
use cw_storage_plus::Bound;
use interfaces::ecosystem_fund::{
    ConfigResponse, Obstacle, OverviewResponse, PrizesResponse, Receipt, ReportResponse, SliceResponse, WeekResponse,
};
use kit::{operator, page};
use math::amm::AmmError;
use math::Week;

use crate::error::ContractError;
use crate::execute::buyback::{check_time, market, plan, slice_from, Plan};
use crate::execute::{prizes, profit};
use crate::state::{Pausable, Report, WeekRow, CONFIG, PARAMS, RECEIPTS, REPORTS, SWITCHES, TOTALS, WEEKS};

pub fn overview(deps: Deps, env: &Env) -> Result<OverviewResponse, ContractError> {
    let totals = TOTALS.load(deps.storage)?;
    Ok(OverviewResponse {
        pot: totals.pot()?,
        prizes_held: totals.prizes_held()?,
        received: totals.received,
        spent: totals.spent,
        free_calls_paid: totals.free_paid,
        bought: totals.burned.checked_add(totals.to_prizes)?,
        burned: totals.burned,
        to_prizes: totals.to_prizes,
        receipts: totals.receipts,
        last_slice: totals.last_slice,
        buyback_paused: SWITCHES.load(deps.storage)?.is_paused(Pausable::Buyback),
        week: Week::of(env.block.time.seconds()).index(),
    })
}

pub fn config(deps: Deps) -> Result<ConfigResponse, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        operator: operator::load(deps.storage)?.map(Into::into),
        vault: config.vault.into(),
        l_coin: config.l_coin.into(),
        exchange: config.exchange.into(),
        wars: config.wars.map(Into::into),
        params: PARAMS.load(deps.storage)?,
    })
}

/// What a slice would do now, by the very functions that do it.
pub fn slice(deps: Deps, env: &Env) -> Result<SliceResponse, ContractError> {
    let (totals, params) = (TOTALS.load(deps.storage)?, PARAMS.load(deps.storage)?);
    let now = env.block.time.seconds();
    let market = market(&deps.querier, &CONFIG.load(deps.storage)?.exchange)?;
    let (plan, blocked) = match plan(totals.pot()?, &params, &market) {
        Ok(plan) => (plan, None),
        Err(error) => (nothing(), Some(obstacle(error)?)),
    };
    let early = check_time(&totals, &params, now).err().map(obstacle).transpose()?;
    let paused = SWITCHES.load(deps.storage)?.is_paused(Pausable::Buyback);
    Ok(SliceResponse {
        obstacle: paused.then_some(Obstacle::Paused).or(early).or(blocked),
        from: slice_from(&totals, &params, now),
        credits: plan.credits,
        min_out: plan.min_out,
    })
}

fn nothing() -> Plan {
    Plan {
        credits: Uint128::zero(),
        min_out: Uint128::zero(),
    }
}

fn obstacle(error: ContractError) -> Result<Obstacle, ContractError> {
    match error {
        ContractError::NotFriday { .. } => Ok(Obstacle::NotFriday),
        ContractError::SliceTooSoon { .. } => Ok(Obstacle::TooSoon),
        ContractError::NothingToSpend => Ok(Obstacle::NothingToSpend),
        ContractError::NoPrice => Ok(Obstacle::NoPrice),
        ContractError::PriceMoved { .. } => Ok(Obstacle::PriceMoved),
        ContractError::Amm(AmmError::TooLittle | AmmError::ZeroAmount) => Ok(Obstacle::TooSmall),
        other => Err(other),
    }
}

pub fn week(deps: Deps, week: u64) -> Result<WeekResponse, ContractError> {
    let row = WEEKS.may_load(deps.storage, week)?.unwrap_or_default();
    describe_week(deps, week, row)
}

pub fn weeks(deps: Deps, before: Option<u64>, limit: Option<u32>) -> Result<Vec<WeekResponse>, ContractError> {
    let before = before.map(Bound::exclusive);
    let rows = WEEKS.range(deps.storage, None, before, Order::Descending);
    rows.take(page::limit(limit))
        .map(|row| {
            let (week, row) = row?;
            describe_week(deps, week, row)
        })
        .collect()
}

fn describe_week(deps: Deps, week: u64, row: WeekRow) -> Result<WeekResponse, ContractError> {
    Ok(WeekResponse {
        week,
        free_call_budget: profit::budget(deps.storage, week, &row)?,
        revenue: row.revenue,
        received: row.received,
        free_calls_paid: row.free_paid,
        prizes: row.prizes,
        prizes_released: row.prizes_released,
    })
}

pub fn report(deps: Deps, gateway: u64, week: u64) -> StdResult<Option<ReportResponse>> {
    let row = REPORTS.may_load(deps.storage, (gateway, week))?;
    Ok(row.map(|row| describe_report(gateway, week, row)))
}

pub fn reports(deps: Deps, gateway: u64, before: Option<u64>, limit: Option<u32>) -> StdResult<Vec<ReportResponse>> {
    let before = before.map(Bound::exclusive);
    let rows = REPORTS
        .prefix(gateway)
        .range(deps.storage, None, before, Order::Descending);
    rows.take(page::limit(limit))
        .map(|row| row.map(|(week, row)| describe_report(gateway, week, row)))
        .collect()
}

fn describe_report(gateway: u64, week: u64, row: Report) -> ReportResponse {
    ReportResponse {
        gateway,
        week,
        revenue: row.revenue,
        cost: row.cost,
        share: row.share,
        forfeited: row.forfeited,
        free_cost: row.free_cost,
        free_paid: row.free_paid,
        evidence_hash: row.evidence_hash,
        time: row.time,
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

pub fn prizes(deps: Deps, week: u64) -> StdResult<PrizesResponse> {
    let row = WEEKS.may_load(deps.storage, week)?.unwrap_or_default();
    Ok(PrizesResponse {
        amount: row.prizes,
        released: row.prizes_released,
        releasable_at: prizes::releasable_at(week),
    })
}

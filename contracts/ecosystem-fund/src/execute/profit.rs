//! Profit: a gateway's week is released once, with its share for the fund; and the cost of the champion's free calls is made good.
//!
//! ```text
//! share    = max(⌈profit_share · (revenue − cost)⌉, ⌈floor · revenue⌉)        rounded up, for the fund; profit_share and floor are the vault's parameters
//! received = share + forfeited
//!
//! R(w)     = Σ revenue of the gateways whose week w is released here          so far
//! budget   = min(⌊free_call_bps · R(w − 1)⌋, Σ received for week w)           rounded down, for the fund
//! paid     = min(owed, budget − paid so far for week w, pot)
//! ```
//!
//! "Last week's revenue" is thus what the fund has seen with its own eyes, kept as one sum per week: no loop over gateways, and no word of the contest is needed.
//! Gateways that come early may find a budget that is still growing; what they are owed stays in their row and `PayFreeCalls` pays it later.

use cosmwasm_std::{Event, HexBinary, Response, StdResult, Uint128};
use interfaces::credit_vault::{
    ConfigResponse, ExecuteMsg as VaultMsg, GatewayResponse, QueryMsg as VaultQuery, WeekResponse,
};
use kit::Unauthorized;
use math::{Bps, Week};

use super::{call, Context};
use crate::error::ContractError;
use crate::events::Money;
use crate::state::{Config, Report, Totals, WeekRow, CONFIG, PARAMS, REPORTS, TOTALS, WEEKS};

/// Seconds after a week's end when anybody may close it: 4 weeks.
pub const CLOSE_DELAY: u64 = 28 * 86_400;

/// When anybody may close a week.
pub fn closable_at(week: u64) -> u64 {
    Week::from_index(week).end().saturating_add(CLOSE_DELAY)
}

/// What the payout address says a week cost.
pub struct Statement {
    pub cost: Uint128,
    pub evidence_hash: HexBinary,
}

/// Releases a week at the reported cost.
pub fn report(ctx: &mut Context, gateway: u64, week: u64, said: Statement) -> Result<Response, ContractError> {
    let config = CONFIG.load(ctx.storage)?;
    let payout = payout(ctx, &config, gateway)?;
    if payout != ctx.sender.as_str() {
        return Err(Unauthorized {
            role: "payout address",
            expected: cosmwasm_std::Addr::unchecked(payout),
            actual: ctx.sender.clone(),
        }
        .into());
    }
    if said.evidence_hash.len() != 32 {
        return Err(ContractError::EvidenceHash {
            actual: said.evidence_hash.len(),
        });
    }
    let row = week_to_release(ctx, &config, gateway, week)?;
    not_before(ctx, row.releasable_at)?;
    if said.cost > row.cost {
        return Err(ContractError::CostAboveRecorded {
            recorded: row.cost,
            actual: said.cost,
        });
    }
    release(ctx, &config, row, said.cost, Some(said.evidence_hash), &payout)
}

/// Releases a week at the recorded cost.
pub fn close(ctx: &mut Context, gateway: u64, week: u64) -> Result<Response, ContractError> {
    let config = CONFIG.load(ctx.storage)?;
    let row = week_to_release(ctx, &config, gateway, week)?;
    not_before(ctx, closable_at(week))?;
    let payout = payout(ctx, &config, gateway)?;
    let cost = row.cost;
    release(ctx, &config, row, cost, None, &payout)
}

fn payout(ctx: &Context, config: &Config, gateway: u64) -> StdResult<String> {
    let answer: GatewayResponse = ctx
        .querier
        .query_wasm_smart(&config.vault, &VaultQuery::Gateway { gateway })?;
    Ok(answer.payout)
}

fn week_to_release(ctx: &Context, config: &Config, gateway: u64, week: u64) -> Result<WeekResponse, ContractError> {
    if REPORTS.has(ctx.storage, (gateway, week)) {
        return Err(ContractError::Released { gateway, week });
    }
    let query = VaultQuery::Week { gateway, week };
    let row: WeekResponse = ctx.querier.query_wasm_smart(&config.vault, &query)?;
    let amounts = [row.revenue, row.forfeited, row.free_cost, row.held];
    match amounts.iter().all(|amount| amount.is_zero()) {
        // otherwise anybody could fill the list of weeks with empty ones
        true => Err(ContractError::NothingToRelease { gateway, week }),
        false => Ok(row),
    }
}

fn not_before(ctx: &Context, from: u64) -> Result<(), ContractError> {
    match ctx.now() < from {
        true => Err(ContractError::TooEarly { from, now: ctx.now() }),
        false => Ok(()),
    }
}

/// max(⌈profit share · (revenue − cost)⌉, ⌈floor · revenue⌉), at most the revenue; both rounded up for the fund.
pub fn share(revenue: Uint128, cost: Uint128, profit_share_bps: u16, floor_bps: u16) -> Result<Uint128, ContractError> {
    let profit = revenue.checked_sub(cost)?;
    let of_profit = Bps::new(profit_share_bps)?.of_ceil(profit.u128());
    let floor = Bps::new(floor_bps)?.of_ceil(revenue.u128());
    Ok(of_profit.max(floor).into())
}

fn release(
    ctx: &mut Context,
    config: &Config,
    row: WeekResponse,
    cost: Uint128,
    evidence_hash: Option<HexBinary>,
    payout: &str,
) -> Result<Response, ContractError> {
    let (gateway, week) = (row.gateway, row.week);
    let vault: ConfigResponse = ctx.querier.query_wasm_smart(&config.vault, &VaultQuery::Config {})?;
    let share = share(
        row.revenue,
        cost,
        vault.params.profit_share_bps,
        vault.params.fund_floor_bps,
    )?;
    let report = Report {
        revenue: row.revenue,
        cost,
        share,
        forfeited: row.forfeited,
        free_cost: row.free_cost,
        free_paid: Uint128::zero(),
        evidence_hash,
        time: ctx.now(),
    };
    take_in(ctx, week, &report)?;
    let release = VaultMsg::ReleaseWeek {
        gateway,
        week,
        fund_share: share,
    };
    let event = Money::Profit {
        gateway,
        week,
        report: &report,
    };
    let response = Response::new()
        .add_event(event)
        .add_message(call(&config.vault, &release)?);
    pay(ctx, config, (gateway, week), report, payout, response)
}

/// Counts what the vault is about to credit. Nothing can come between: the figures were read in this very message.
fn take_in(ctx: &mut Context, week: u64, report: &Report) -> Result<(), ContractError> {
    let received = report.share.checked_add(report.forfeited)?;
    let mut row = WEEKS.may_load(ctx.storage, week)?.unwrap_or_default();
    row.revenue = row.revenue.checked_add(report.revenue)?;
    row.received = row.received.checked_add(received)?;
    WEEKS.save(ctx.storage, week, &row)?;
    let mut totals = TOTALS.load(ctx.storage)?;
    totals.received = totals.received.checked_add(received)?;
    Ok(TOTALS.save(ctx.storage, &totals)?)
}

/// Pays what is still owed, as far as the budget has grown.
pub fn pay_free_calls(ctx: &mut Context, gateway: u64, week: u64) -> Result<Response, ContractError> {
    let config = CONFIG.load(ctx.storage)?;
    let report = REPORTS.may_load(ctx.storage, (gateway, week))?;
    let report = report.ok_or(ContractError::NotReleased { gateway, week })?;
    let owed = owed(&report)?;
    let payable = payable(ctx, week, owed)?;
    if payable.is_zero() {
        return Err(ContractError::NothingPayable { owed, payable });
    }
    let payout = payout(ctx, &config, gateway)?;
    pay(ctx, &config, (gateway, week), report, &payout, Response::new())
}

fn owed(report: &Report) -> StdResult<Uint128> {
    Ok(report.free_cost.checked_sub(report.free_paid)?)
}

/// Most that can ever be paid for a week's free calls with what is known now.
pub fn budget(storage: &dyn cosmwasm_std::Storage, week: u64, row: &WeekRow) -> Result<Uint128, ContractError> {
    let before = match week.checked_sub(1) {
        Some(before) => WEEKS.may_load(storage, before)?.unwrap_or_default().revenue,
        None => Uint128::zero(),
    };
    let share = Bps::new(PARAMS.load(storage)?.free_call_bps)?;
    Ok(Uint128::from(share.of_floor(before.u128())).min(row.received))
}

fn payable(ctx: &Context, week: u64, owed: Uint128) -> Result<Uint128, ContractError> {
    let row = WEEKS.may_load(ctx.storage, week)?.unwrap_or_default();
    // a lowered parameter may leave less than was paid
    let left = budget(ctx.storage, week, &row)?.saturating_sub(row.free_paid);
    Ok(owed.min(left).min(TOTALS.load(ctx.storage)?.pot()?))
}

/// Saves the report, and pays out of the pot what can be paid now. By a transfer, which calls nobody: a payee cannot refuse and so block a week.
fn pay(
    ctx: &mut Context,
    config: &Config,
    (gateway, week): (u64, u64),
    mut report: Report,
    payout: &str,
    response: Response,
) -> Result<Response, ContractError> {
    let amount = payable(ctx, week, owed(&report)?)?;
    report.free_paid = report.free_paid.checked_add(amount)?;
    REPORTS.save(ctx.storage, (gateway, week), &report)?;
    if amount.is_zero() {
        return Ok(response);
    }
    let mut row = WEEKS.may_load(ctx.storage, week)?.unwrap_or_default();
    row.free_paid = row.free_paid.checked_add(amount)?;
    WEEKS.save(ctx.storage, week, &row)?;
    let mut totals: Totals = TOTALS.load(ctx.storage)?;
    totals.free_paid = totals.free_paid.checked_add(amount)?;
    TOTALS.save(ctx.storage, &totals)?;
    let transfer = VaultMsg::Transfer {
        recipient: payout.to_owned(),
        amount,
    };
    let event = Money::FreeCallsPaid {
        gateway,
        week,
        payout,
        amount,
        owed: owed(&report)?,
    };
    Ok(response
        .add_event(Event::from(event))
        .add_message(call(&config.vault, &transfer)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use slow::reference;

    use super::*;

    /// The formula in whole numbers of a different shape: the least integer s with s · 10⁴ ≥ bps · amount, found from the definition.
    mod slow {
        pub fn reference(revenue: u128, cost: u128, profit_bps: u16, floor_bps: u16) -> u128 {
            let least = |bps: u16, amount: u128| {
                let target = u128::from(bps) * amount;
                let mut share = target / 10_000;
                while share * 10_000 < target {
                    share += 1;
                }
                share
            };
            let (profit, floor) = (least(profit_bps, revenue - cost), least(floor_bps, revenue));
            if profit > floor {
                profit
            } else {
                floor
            }
        }
    }

    #[test]
    fn share_is_a_fifth_of_profit_and_at_least_a_fiftieth_of_revenue() {
        let cases: [(&str, u128, u128, u128); 7] = [
            ("nothing", 0, 0, 0),
            ("no cost", 1_000, 0, 200),
            ("some cost", 5_700_000, 2_000_000, 740_000),
            ("just where both are equal", 1_000, 900, 20),
            ("below that the floor", 1_000, 901, 20),
            ("all cost", 1_000, 1_000, 20),
            ("rounded up for the fund", 1, 1, 1),
        ];
        for (name, revenue, cost, expected) in cases {
            let actual = share(revenue.into(), cost.into(), 2_000, 200).unwrap();
            assert_eq!(actual.u128(), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn share_is_the_formula(revenue in 0u128..1 << 90, part in 0u128..=1_000, profit in 1_000u16..=5_000, floor in 100u16..=1_000) {
            let cost = revenue / 1_000 * part;
            let actual = share(revenue.into(), cost.into(), profit, floor).unwrap();
            prop_assert_eq!(actual.u128(), reference(revenue, cost, profit, floor));
            prop_assert!(actual.u128() <= revenue);
        }
    }
}

//! Ranks and prize table of a finished week.

use cosmwasm_std::{Addr, Order, Response, StdResult, Uint128};
use interfaces::compute_wars::Params;
use math::{mul_div_floor, Week};

use super::Context;
use crate::error::ContractError;
use crate::events::Contest;
use crate::state::{leaders, Outcome, Round, WeekKey, CONFIG, OUTCOMES, PARAMS, ROUNDS};

/// Largest allowance that the vault takes, µCredit.
pub const MAX_ALLOWANCE: u128 = 1_000_000_000_000_000;

/// Fixes the top ranks, the table and the champion's allowance. Reads at most ten rows of the list.
pub fn finalize(ctx: &mut Context, week: u64) -> Result<Response, ContractError> {
    check_over(ctx, week)?;
    if OUTCOMES.has(ctx.storage, week) {
        return Err(ContractError::Finalized { week });
    }
    let key = WeekKey::new(week)?;
    let round = Round::load(ctx.storage, key)?;
    // a week without scores stands in the list of weeks, too
    ROUNDS.save(ctx.storage, &key, &round);
    let params = PARAMS.load(ctx.storage)?;
    let outcome = Outcome {
        finalized_at: ctx.now(),
        winners: winners(ctx, key, params.prizes_bps.len())?,
        allowance: allowance(&round, &params)?,
        shares: params.prizes_bps,
        pool: None,
    };
    OUTCOMES.save(ctx.storage, week, &outcome)?;
    Ok(Response::new().add_event(Contest::Finalized {
        week,
        winners: &outcome.winners,
        shares: &outcome.shares,
        charged: round.charged,
        top_charged: round.top_charged,
        allowance: outcome.allowance,
    }))
}

fn check_over(ctx: &Context, week: u64) -> Result<(), ContractError> {
    let first = CONFIG.load(ctx.storage)?.first_week;
    if week < first {
        return Err(ContractError::BeforeFirst { first, actual: week });
    }
    if week >= ctx.week() {
        return Err(ContractError::WeekNotOver {
            week,
            over_at: Week::from_index(week).end(),
            now: ctx.now(),
        });
    }
    Ok(())
}

fn winners(ctx: &Context, week: WeekKey, ranks: usize) -> StdResult<Vec<Addr>> {
    let best = leaders(ctx.storage, week, Order::Descending).take(ranks);
    best.map(|row| row.and_then(|(_, account)| Ok(Addr::unchecked(account.text(ctx.api)?))))
        .collect()
}

/// min(⌊top_charged / leaders⌋, ⌊charged · free_call_bps⌋), both rounded down for the fund, which pays the cost of these calls.
fn allowance(round: &Round, params: &Params) -> Result<Uint128, ContractError> {
    let mean = round.top_charged.checked_div(round.leaders.into()).unwrap_or_default();
    let bound = mul_div_floor(round.charged, params.free_call_bps.into(), 10_000)?;
    Ok(mean.min(bound).min(MAX_ALLOWANCE).into())
}

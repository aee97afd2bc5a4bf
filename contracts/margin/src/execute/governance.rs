//! Who may do what. The operator may only pause, and nothing that leads out can be paused.

use cosmwasm_std::{Response, Uint128};
use interfaces::margin::{Curve, Params, Pausable};
use kit::operator::{self, assert_operator_or_owner};
use kit::ownership::assert_owner;

use super::Context;
use crate::error::ContractError;
use crate::events;
use crate::state::{Settings, Stoppable, PARAMS, SWITCHES};

/// One Credit, µCredit.
const CREDIT: u128 = 1_000_000;

/// Pauses or resumes a feature.
pub fn pause(ctx: &mut Context, feature: Pausable, paused: bool) -> Result<Response, ContractError> {
    assert_operator_or_owner(ctx.storage, ctx.sender)?;
    Ok(Response::new().add_event(SWITCHES.set(ctx.storage, Stoppable::from(feature), paused)?))
}

/// Replaces the parameters, within their bounds.
pub fn set_params(ctx: &mut Context, params: &Params) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, ctx.sender)?;
    check_params(params)?;
    PARAMS.save(ctx.storage, &(), &Settings(params.clone()));
    Ok(Response::new().add_event(events::params(params)))
}

/// Sets or removes the operator.
pub fn set_operator(ctx: &mut Context, operator: Option<String>) -> Result<Response, ContractError> {
    let operator = operator.map(|address| ctx.api.addr_validate(&address)).transpose()?;
    Ok(Response::new().add_event(operator::set(ctx.storage, ctx.sender, operator.as_ref())?))
}

type Row = (&'static str, u128, u128, u128);

/// The bounds of every parameter.
#[inline(never)]
pub fn check_params(params: &Params) -> Result<(), ContractError> {
    ratios(params)?;
    fees(params)?;
    limits(params)?;
    curve(&params.credit_curve)?;
    curve(&params.lco_curve)
}

/// full close < maintenance < target < initial, with room between them, and what a liquidation costs below all of them.
fn ratios(params: &Params) -> Result<(), ContractError> {
    let [initial, maintenance, target, full, penalty, bounty] = [
        params.initial_bps,
        params.maintenance_bps,
        params.target_bps,
        params.full_close_bps,
        params.penalty_bps,
        params.bounty_bps,
    ]
    .map(u128::from);
    bounded(&[
        ("initial_bps", initial, 1_500, 5_000),
        ("maintenance_bps", maintenance, 500, 1_200),
        ("penalty_bps", penalty, 100, 500),
        ("bounty_bps", bounty, 10, 100),
        (
            "target_bps",
            target,
            maintenance.saturating_add(200),
            initial.saturating_sub(200),
        ),
        (
            "full_close_bps",
            full,
            penalty.saturating_add(bounty),
            maintenance.saturating_sub(100),
        ),
    ])
}

fn fees(params: &Params) -> Result<(), ContractError> {
    let least = params.min_notional.u128();
    bounded(&[
        (
            "min_notional",
            least,
            CREDIT.saturating_mul(10),
            CREDIT.saturating_mul(100_000),
        ),
        // a fiftieth of the smallest position, whose owner had to bring a fifth: being liquidated by oneself never pays
        ("fixed_bounty", params.fixed_bounty.u128(), 0, least / 50),
        ("interest_share_bps", params.interest_share_bps.into(), 0, 3_000),
    ])
}

fn limits(params: &Params) -> Result<(), ContractError> {
    bounded(&[
        ("slippage_bps", params.slippage_bps.into(), 50, 500),
        ("offer_seconds", params.offer_seconds.into(), 300, 3_600),
        ("offer_max_bps", params.offer_max_bps.into(), 200, 1_000),
        ("position_cap_bps", params.position_cap_bps.into(), 1, 200),
        (
            "side_cap_bps",
            params.side_cap_bps.into(),
            params.position_cap_bps.into(),
            2_000,
        ),
        ("rest_loss_bps", params.rest_loss_bps.into(), 10, 500),
        ("rest_seconds", params.rest_seconds.into(), 3_600, 604_800),
    ])
}

fn curve(curve: &Curve) -> Result<(), ContractError> {
    bounded(&[
        ("base_bps", curve.base_bps.into(), 0, 2_000),
        ("slope_bps", curve.slope_bps.into(), 0, 5_000),
        ("steep_bps", curve.steep_bps.into(), 0, 20_000),
        ("kink_bps", curve.kink_bps.into(), 5_000, 9_000),
        ("cap_bps", curve.cap_bps.into(), curve.kink_bps.into(), 9_900),
    ])
}

#[inline(never)]
fn bounded(rows: &[Row]) -> Result<(), ContractError> {
    for (name, actual, min, max) in rows {
        if actual < min || actual > max {
            let [min, max, actual] = [*min, *max, *actual].map(Uint128::new);
            return Err(ContractError::OutOfRange { name, min, max, actual });
        }
    }
    Ok(())
}

//! What owner and operator may do. None of it moves money.

use cosmwasm_std::{Event, Response};
use interfaces::ecosystem_fund::Params;
use kit::operator::{self, assert_operator_or_owner};
use kit::ownership::assert_owner;

use super::Context;
use crate::error::ContractError;
use crate::events::Rule;
use crate::state::{Pausable, CONFIG, PARAMS, SWITCHES};

/// Stops or resumes the buyback, the only thing that can be paused.
pub fn pause_buyback(ctx: &mut Context, paused: bool) -> Result<Response, ContractError> {
    assert_operator_or_owner(ctx.storage, ctx.sender)?;
    Ok(Response::new().add_event(SWITCHES.set(ctx.storage, Pausable::Buyback, paused)?))
}

/// Replaces the parameters, within their bounds.
pub fn set_params(ctx: &mut Context, params: &Params) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, ctx.sender)?;
    check_params(params)?;
    PARAMS.save(ctx.storage, params)?;
    Ok(Response::new().add_event(Rule::Params(params)))
}

/// The bounds of every parameter.
pub fn check_params(params: &Params) -> Result<(), ContractError> {
    let bounds = [
        ("prize_share_bps", u64::from(params.prize_share_bps), 0, 3_000),
        ("slice_interval", params.slice_interval, 600, 7_200),
        ("slice_of_fee_bps", params.slice_of_fee_bps.into(), 500, 5_000),
        ("slippage_bps", params.slippage_bps.into(), 1, 100),
        ("max_deviation_bps", params.max_deviation_bps.into(), 10, 500),
        ("free_call_bps", params.free_call_bps.into(), 0, 100),
    ];
    for (name, actual, min, max) in bounds {
        if actual < min || actual > max {
            return Err(ContractError::OutOfRange { name, min, max, actual });
        }
    }
    Ok(())
}

/// Names the contest. Once, because it is who the prizes go to.
pub fn set_wars(ctx: &mut Context, wars: &str) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, ctx.sender)?;
    let mut config = CONFIG.load(ctx.storage)?;
    if let Some(actual) = config.wars {
        return Err(ContractError::WarsSet { actual });
    }
    let wars = ctx.api.addr_validate(wars)?;
    let event = Event::from(Rule::Wars(&wars));
    config.wars = Some(wars);
    CONFIG.save(ctx.storage, &config)?;
    Ok(Response::new().add_event(event))
}

/// Sets or removes the operator.
pub fn set_operator(ctx: &mut Context, operator: Option<String>) -> Result<Response, ContractError> {
    let operator = operator.map(|address| ctx.api.addr_validate(&address)).transpose()?;
    Ok(Response::new().add_event(operator::set(ctx.storage, ctx.sender, operator.as_ref())?))
}

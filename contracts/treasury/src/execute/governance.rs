//! What owner and operator may do. None of it moves money.

use cosmwasm_std::{Api, Event, Response, Storage, Uint128};
use interfaces::treasury::{NewSource, Params, MAX_SOURCE_NAME};
use kit::operator::{self, assert_operator_or_owner};
use kit::ownership::assert_owner;

use super::Context;
use crate::error::ContractError;
use crate::events::Rule;
use crate::state::{Pausable, Source, PARAMS, SOURCES, SWITCHES};

/// Stops or resumes the buyback, the only thing that can be paused.
pub fn pause_buyback(ctx: &mut Context, paused: bool) -> Result<Response, ContractError> {
    assert_operator_or_owner(ctx.storage, &ctx.info.sender)?;
    Ok(Response::new().add_event(SWITCHES.set(ctx.storage, Pausable::Buyback, paused)?))
}

/// Replaces the parameters, within their bounds.
pub fn set_params(ctx: &mut Context, params: &Params) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, &ctx.info.sender)?;
    check_params(params)?;
    PARAMS.save(ctx.storage, params)?;
    Ok(Response::new().add_event(Rule::Params(params)))
}

/// The bounds of every parameter.
pub fn check_params(params: &Params) -> Result<(), ContractError> {
    let bounds = [
        ("slice_interval", params.slice_interval, 600, 7_200),
        ("slice_of_fee_bps", params.slice_of_fee_bps.into(), 500, 5_000),
        ("slippage_bps", params.slippage_bps.into(), 1, 100),
        ("max_premium_bps", params.max_premium_bps.into(), 10, 500),
    ];
    for (name, actual, min, max) in bounds {
        if actual < min || actual > max {
            return Err(ContractError::OutOfRange { name, min, max, actual });
        }
    }
    Ok(())
}

/// Registers, moves or ends a source.
pub fn set_source(
    ctx: &mut Context,
    name: &str,
    address: Option<String>,
    counts: bool,
) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, &ctx.info.sender)?;
    Ok(Response::new().add_event(write_source(ctx.storage, ctx.api, name, address.as_deref(), counts)?))
}

/// Registers a first source.
pub fn add_source(storage: &mut dyn Storage, api: &dyn Api, source: &NewSource) -> Result<Event, ContractError> {
    write_source(storage, api, &source.name, Some(&source.address), source.counts)
}

fn write_source(
    storage: &mut dyn Storage,
    api: &dyn Api,
    name: &str,
    address: Option<&str>,
    counts: bool,
) -> Result<Event, ContractError> {
    check_name(name)?;
    let deposited = SOURCES
        .may_load(storage, name)?
        .map_or(Uint128::zero(), |source| source.deposited);
    let source = Source {
        address: address.map(|address| api.addr_validate(address)).transpose()?,
        counts,
        deposited,
    };
    SOURCES.save(storage, name, &source)?;
    Ok(Rule::Source(name, &source).into())
}

fn check_name(name: &str) -> Result<(), ContractError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match (1..=MAX_SOURCE_NAME).contains(&name.len()) && name.chars().all(plain) {
        true => Ok(()),
        false => Err(ContractError::SourceName {
            max: MAX_SOURCE_NAME,
            actual: name.to_owned(),
        }),
    }
}

/// Sets or removes the operator.
pub fn set_operator(ctx: &mut Context, operator: Option<String>) -> Result<Response, ContractError> {
    let operator = operator.map(|address| ctx.api.addr_validate(&address)).transpose()?;
    Ok(Response::new().add_event(operator::set(ctx.storage, &ctx.info.sender, operator.as_ref())?))
}

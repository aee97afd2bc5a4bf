//! What the owner may do: change the table of later weeks, and name the fund once.

use cosmwasm_std::{Event, Response};
use interfaces::compute_wars::{Params, MAX_PRIZES};
use kit::ownership::assert_owner;

use super::Context;
use crate::error::ContractError;
use crate::events::Rule;
use crate::state::{CONFIG, PARAMS};

/// Replaces the parameters, within their bounds.
pub fn set_params(ctx: &mut Context, params: &Params) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, ctx.sender)?;
    check_params(params)?;
    PARAMS.save(ctx.storage, params)?;
    Ok(Response::new().add_event(Rule::Params(params)))
}

/// The bounds of every parameter.
pub fn check_params(params: &Params) -> Result<(), ContractError> {
    let shares = &params.prizes_bps;
    let sum = shares.iter().map(|share| u64::from(*share)).sum::<u64>();
    let count = u64::try_from(shares.len()).unwrap_or(u64::MAX);
    let ranks = u64::try_from(MAX_PRIZES).unwrap_or(u64::MAX);
    let bounds = [
        ("number of prizes", count, 1, ranks),
        ("sum of prizes_bps", sum, 0, 10_000),
        ("free_call_bps", params.free_call_bps.into(), 0, 100),
    ];
    for (name, actual, min, max) in bounds {
        if actual < min || actual > max {
            return Err(ContractError::OutOfRange { name, min, max, actual });
        }
    }
    let mut pairs = shares.iter().zip(shares.iter().skip(1));
    match pairs.position(|(before, after)| after > before) {
        Some(place) => Err(ContractError::SharesRise {
            rank: place.saturating_add(2),
        }),
        None => Ok(()),
    }
}

/// Names the fund. Once, because whoever is the fund says how much the prizes are.
pub fn set_fund(ctx: &mut Context, fund: &str) -> Result<Response, ContractError> {
    assert_owner(ctx.storage, ctx.sender)?;
    let mut config = CONFIG.load(ctx.storage)?;
    if let Some(actual) = config.fund {
        return Err(ContractError::PeerSet { peer: "fund", actual });
    }
    let fund = ctx.api.addr_validate(fund)?;
    let event = Event::from(Rule::Fund(&fund));
    config.fund = Some(fund);
    CONFIG.save(ctx.storage, &config)?;
    Ok(Response::new().add_event(event))
}

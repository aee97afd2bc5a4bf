//! Settings, changed by this contract's own proposals alone.

use cosmwasm_std::{Response, StdResult};
use interfaces::governance::{Params, Tracks};
use kit::assert_sender;

use super::Context;
use crate::error::ContractError;
use crate::events;
use crate::state::{check_params, check_tracks, Config, APPEALS, MARKET};

fn assert_itself(ctx: &Context) -> Result<(), ContractError> {
    Ok(assert_sender(
        ctx.sender,
        &ctx.env.contract.address,
        "governance itself",
    )?)
}

pub fn set_params(ctx: &mut Context, params: Params) -> Result<Response, ContractError> {
    assert_itself(ctx)?;
    let event = events::params_set(&params);
    let config = Config {
        params,
        ..ctx.config()?
    };
    save(ctx, &config)?;
    Ok(Response::new().add_event(event))
}

pub fn set_tracks(ctx: &mut Context, tracks: Tracks) -> Result<Response, ContractError> {
    assert_itself(ctx)?;
    let event = events::tracks_set(&tracks);
    let config = Config {
        tracks,
        ..ctx.config()?
    };
    save(ctx, &config)?;
    Ok(Response::new().add_event(event))
}

/// Checked at instantiate and update alike.
pub fn save(ctx: &mut Context, config: &Config) -> Result<(), ContractError> {
    check_params(&config.params)?;
    check_tracks(&config.tracks)?;
    let recipient = ctx.api.addr_validate(&config.params.deposit_recipient)?;
    if recipient == ctx.env.contract.address {
        return Err(ContractError::RecipientIsSelf);
    }
    config.save(ctx.storage);
    Ok(())
}

pub fn set_market(ctx: &mut Context, address: &str) -> Result<Response, ContractError> {
    assert_itself(ctx)?;
    if let Some(actual) = MARKET.may_load(ctx.storage)? {
        return Err(ContractError::MarketSet { actual });
    }
    save_market(ctx, address)?;
    Ok(Response::new().add_event(events::market_set(address)))
}

pub fn save_market(ctx: &mut Context, address: &str) -> StdResult<()> {
    let address = ctx.api.addr_validate(address)?;
    MARKET.save(ctx.storage, &address)
}

pub fn set_appeals(ctx: &mut Context, address: &str) -> Result<Response, ContractError> {
    assert_itself(ctx)?;
    if let Some(actual) = APPEALS.may_load(ctx.storage)? {
        return Err(ContractError::AppealsSet { actual });
    }
    save_appeals(ctx, address)?;
    Ok(Response::new().add_event(events::appeals_set(address)))
}

pub fn save_appeals(ctx: &mut Context, address: &str) -> StdResult<()> {
    let address = ctx.api.addr_validate(address)?;
    APPEALS.save(ctx.storage, &address)
}

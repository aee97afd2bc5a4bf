//! Peers and parameters.

use cosmwasm_std::{Api, Env, Response, Uint128};
use interfaces::vote_escrow::{InstantiateMsg, Params};
use kit::ownership;

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::state::Config;

/// The first settings.
pub fn first(api: &dyn Api, env: &Env, msg: &InstantiateMsg) -> Result<Config, ContractError> {
    let config = Config {
        vcai: api.addr_validate(&msg.vcai)?,
        token_allocation: api.addr_validate(&msg.token_allocation)?,
        min_lock: Uint128::zero(),
        account_fee: None,
        gate: None,
    };
    with(config, api, env, &msg.params)
}

/// Sets what new locks must meet.
pub fn set(ctx: &mut Context, params: Params) -> Result<Response, ContractError> {
    ownership::assert_owner(ctx.storage, ctx.sender)?;
    let config = with(Config::load(ctx.storage)?, ctx.api, ctx.env, &params)?;
    config.save(ctx.storage)?;
    Ok(Response::new().add_event(Happened::Params(&params)))
}

fn with(config: Config, api: &dyn Api, env: &Env, params: &Params) -> Result<Config, ContractError> {
    let account_fee = match &params.account_fee {
        Some(fee) => Some((fee.amount, api.addr_validate(&fee.to)?)),
        None => None,
    };
    let gate = params.gate.as_ref().map(|gate| api.addr_validate(gate));
    // nothing books fees that come back, so they would be stuck
    if let Some((_, account)) = account_fee.as_ref().filter(|(_, to)| *to == env.contract.address) {
        return Err(ContractError::FeesToItself {
            account: account.clone(),
        });
    }
    Ok(Config {
        min_lock: params.min_lock,
        account_fee,
        gate: gate.transpose()?,
        ..config
    })
}

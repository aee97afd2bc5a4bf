//! The clock starts.

use cosmwasm_std::{Response, Uint128};
use cw20::{BalanceResponse, Cw20QueryMsg};
use math::incentives::POOL;

use super::{advance, Context};
use crate::error::ContractError;
use crate::events;
use crate::state::{Clock, CLOCK, CONFIG, PARAMS};

/// Anybody may, since only what is there counts: the pool leaves the allocation whole, at the TGE.
pub fn start(ctx: &mut Context) -> Result<Response, ContractError> {
    if let Some(clock) = CLOCK.may_load(ctx.storage)? {
        return Err(ContractError::Started { first: clock.first });
    }
    check_pool(ctx)?;
    let params = PARAMS.load(ctx.storage)?;
    let clock = Clock::first(ctx.today().saturating_add(1), params.epoch_days);
    CLOCK.save(ctx.storage, &clock)?;
    let opened = advance::open(ctx.storage, &clock, &params)?;
    Ok(Response::new()
        .add_event(events::started(&clock))
        .add_event(events::epoch_opened(clock.start, &opened)))
}

fn check_pool(ctx: &Context) -> Result<(), ContractError> {
    let expected = Uint128::new(POOL);
    let address = ctx.env.contract.address.to_string();
    let vcai = CONFIG.load(ctx.storage)?.vcai;
    let actual: BalanceResponse = ctx.querier.query_wasm_smart(vcai, &Cw20QueryMsg::Balance { address })?;
    match actual.balance < expected {
        true => Err(ContractError::PoolMissing {
            expected,
            actual: actual.balance,
        }),
        false => Ok(()),
    }
}

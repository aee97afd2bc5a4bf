//! What the owner may do: the fee within bounds, and where donations go.

use cosmwasm_std::{Api, Response};
use interfaces::exchange::Params;
use kit::ownership;
use math::Bps;

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::state::{Pool, SKIM_RECIPIENT};

/// Bounds of the fee, basis points. Never 0, so that no trade is free and exact-out has a divisor; never more than 1 %.
pub const FEE_BPS: (u16, u16) = (1, 100);

/// Checks the parameters and answers the fee.
pub fn check_params(api: &dyn Api, params: &Params) -> Result<Bps, ContractError> {
    api.addr_validate(&params.skim_recipient)?;
    let (min, max) = FEE_BPS;
    if !(min..=max).contains(&params.fee_bps) {
        return Err(ContractError::OutOfRange {
            name: "fee_bps",
            min: min.into(),
            max: max.into(),
            actual: params.fee_bps.into(),
        });
    }
    Ok(Bps::new(params.fee_bps)?)
}

/// Replaces the parameters.
pub fn set_params(ctx: &mut Context, params: &Params) -> Result<Response, ContractError> {
    ownership::assert_owner(ctx.storage, ctx.sender)?;
    let fee = check_params(ctx.api, params)?;
    let mut pool = Pool::load(ctx.storage)?;
    pool.fee = fee;
    pool.save(ctx.storage);
    SKIM_RECIPIENT.save(ctx.storage, &params.skim_recipient)?;
    Ok(Response::new().add_event(Happened::Params(params)))
}

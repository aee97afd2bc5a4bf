//! What an account says about itself.

use cosmwasm_std::Response;
use math::incentives::REFERRAL_DAYS;

use super::Context;
use crate::error::ContractError;
use crate::events;
use crate::state::{Referral, KEEPABLE, REFERRALS};

pub fn allow_keepers(ctx: &mut Context, allowed: bool) -> Result<Response, ContractError> {
    match allowed {
        true => KEEPABLE.save(ctx.storage, ctx.sender, &())?,
        false => KEEPABLE.remove(ctx.storage, ctx.sender),
    }
    Ok(Response::new().add_event(events::keepers_allowed(ctx.sender, allowed)))
}

/// The referrer's part comes out of the account's own, so inventing accounts that refer each other moves money between one's pockets.
pub fn name_referrer(ctx: &mut Context, referrer: &str) -> Result<Response, ContractError> {
    let referrer = ctx.api.addr_validate(referrer)?;
    if referrer == ctx.sender || REFERRALS.has(ctx.storage, ctx.sender) {
        return Err(ContractError::Referrer {
            account: ctx.sender.clone(),
            referrer,
        });
    }
    let referral = Referral {
        referrer,
        until: ctx.today().saturating_add(REFERRAL_DAYS),
    };
    REFERRALS.save(ctx.storage, ctx.sender, &referral)?;
    Ok(Response::new().add_event(events::referred(ctx.sender, &referral)))
}

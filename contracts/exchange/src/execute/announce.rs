//! Announcing a withdrawal.

use cosmwasm_std::{Response, Uint128};

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::state::{Announced, Lp, TERMS};

/// Replaces the sender's announcement by one of `shares`, made now.
pub fn announce(ctx: &mut Context, shares: Uint128) -> Result<Response, ContractError> {
    if !TERMS.load(ctx.storage)?.announced {
        return Err(ContractError::NoAnnouncements);
    }
    let account = ctx.account()?;
    let mut lp = Lp::load(ctx.storage, &account)?;
    if shares.u128() > lp.shares {
        return Err(ContractError::InsufficientShares {
            available: lp.shares,
            required: shares,
        });
    }
    let now = ctx.now().seconds();
    let mut announced = Announced::load(ctx.storage)?;
    announced.remove(lp.announced, lp.announced_at);
    lp.announced = shares.u128();
    lp.announced_at = now;
    if lp.announced > 0 {
        announced.add(lp.announced, now);
    }
    announced.save(ctx.storage);
    lp.save(ctx.storage, &account);
    let (from, until) = lp.opening();
    Ok(Response::new().add_event(Happened::Announced {
        sender: ctx.sender.as_str(),
        shares,
        from,
        until,
    }))
}

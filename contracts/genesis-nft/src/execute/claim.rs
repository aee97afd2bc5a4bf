//! The claim on VCAI. It is the token's: what is not claimed is his who holds it.
//!
//! ```text
//! vested(t) = 2,500 VCAI at the TGE, then 1,250 at the end of each of six months            of 10,000; nothing is rounded
//! ```

use std::collections::BTreeSet;

use cosmwasm_std::{Addr, Event, Response, Uint128};
use interfaces::genesis_nft::TokenExtension;

use super::sale::check_batch;
use super::{transfer, Context};
use crate::error::ContractError;
use crate::events::Genesis;
use crate::state::{Course, CONFIG};

/// Pays what has vested on the sender's tokens.
pub fn claim(ctx: &mut Context, ids: &[String]) -> Result<Response, ContractError> {
    check_batch("tokens", ids.len() as u128)?;
    let mut course = Course::load(ctx.storage)?;
    if course.tge_at.is_none() {
        return Err(ContractError::TgeMissing);
    }
    let vested = course.vested(ctx.now())?;
    let (mut seen, mut sum, mut response) = (BTreeSet::new(), Uint128::zero(), Response::new());
    for id in ids {
        if !seen.insert(id) {
            return Err(ContractError::Duplicate { id: id.clone() });
        }
        let amount = take(ctx, id, vested)?;
        sum = sum.checked_add(amount)?;
        let event = Genesis::Claimed {
            holder: &ctx.info.sender,
            id,
            amount,
        };
        response = response.add_event(Event::from(event));
    }
    if sum.is_zero() {
        return Err(ContractError::NothingToClaim);
    }
    course.claimed = course.claimed.checked_add(sum)?;
    course.save(ctx.storage);
    let token: Addr = CONFIG.load(ctx.storage)?.vcai;
    Ok(response.add_message(transfer(&token, &ctx.info.sender, sum)?))
}

/// Counts everything vested on a token as claimed; only its holder's.
fn take(ctx: &mut Context, id: &str, vested: Uint128) -> Result<Uint128, ContractError> {
    let token = nft::load::<TokenExtension>(ctx.storage, id)?;
    if token.owner != ctx.info.sender {
        return Err(ContractError::NotHolder {
            id: id.to_owned(),
            holder: token.owner,
            actual: ctx.info.sender.clone(),
        });
    }
    let amount = vested.checked_sub(token.extension.claimed)?;
    nft::set_extension(ctx.storage, id, TokenExtension { claimed: vested })?;
    Ok(amount)
}

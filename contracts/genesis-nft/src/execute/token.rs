//! CW721, and what burning means here.

use cosmwasm_std::{coins, Addr, BankMsg, Binary, Event, Response, Storage, Uint128};
use cw721::Expiration;
use interfaces::genesis_nft::{TokenExtension, PER_TOKEN};
use nft::{Attributes, Token};

use super::{transfer, Context};
use crate::error::ContractError;
use crate::events::Genesis;
use crate::state::{Course, CONFIG};

/// Moves a token; what is not claimed goes with it.
pub fn transfer_nft(ctx: &mut Context, recipient: &str, id: &str) -> Result<Response, ContractError> {
    let to = ctx.api.addr_validate(recipient)?;
    let (block, sender) = (&ctx.env.block, &ctx.info.sender);
    let attributes = nft::transfer::<TokenExtension>(ctx.storage, block, sender, id, &to)?;
    Ok(Response::new().add_attributes(attributes))
}

/// Moves a token to a contract and tells it.
pub fn send_nft(ctx: &mut Context, contract: &str, id: &str, msg: Binary) -> Result<Response, ContractError> {
    let to = ctx.api.addr_validate(contract)?;
    let (block, sender) = (&ctx.env.block, &ctx.info.sender);
    let (message, attributes) = nft::send::<TokenExtension>(ctx.storage, block, sender, id, &to, msg)?;
    Ok(Response::new().add_attributes(attributes).add_message(message))
}

pub fn approve(
    ctx: &mut Context,
    spender: &str,
    id: &str,
    expires: Option<Expiration>,
) -> Result<Response, ContractError> {
    let to = ctx.api.addr_validate(spender)?;
    let (block, sender) = (&ctx.env.block, &ctx.info.sender);
    answer(nft::approve::<TokenExtension>(
        ctx.storage,
        block,
        sender,
        id,
        &to,
        expires,
    )?)
}

pub fn revoke(ctx: &mut Context, spender: &str, id: &str) -> Result<Response, ContractError> {
    let to = ctx.api.addr_validate(spender)?;
    let (block, sender) = (&ctx.env.block, &ctx.info.sender);
    answer(nft::revoke::<TokenExtension>(ctx.storage, block, sender, id, &to)?)
}

pub fn approve_all(ctx: &mut Context, operator: &str, expires: Option<Expiration>) -> Result<Response, ContractError> {
    let to = ctx.api.addr_validate(operator)?;
    answer(nft::approve_all(
        ctx.storage,
        &ctx.env.block,
        &ctx.info.sender,
        &to,
        expires,
    )?)
}

pub fn revoke_all(ctx: &mut Context, operator: &str) -> Result<Response, ContractError> {
    let to = ctx.api.addr_validate(operator)?;
    answer(nft::revoke_all(ctx.storage, &ctx.info.sender, &to))
}

fn answer(attributes: Attributes) -> Result<Response, ContractError> {
    Ok(Response::new().add_attributes(attributes))
}

/// Ends a token. Before the deadline of a TGE that has not come there is nothing it could be exchanged for, so it is refused.
pub fn burn(ctx: &mut Context, id: &str) -> Result<Response, ContractError> {
    let course = Course::load(ctx.storage)?;
    let (token, attributes) = nft::burn::<TokenExtension>(ctx.storage, &ctx.env.block, &ctx.info.sender, id)?;
    let response = Response::new().add_attributes(attributes);
    match course.tge_at {
        Some(_) => forfeit(ctx.storage, course, id, &token, response),
        None => refund(ctx, id, token.owner, response),
    }
}

/// Everything that is not claimed, vested or not, is the treasury's.
fn forfeit(
    storage: &mut dyn Storage,
    mut course: Course,
    id: &str,
    token: &Token<TokenExtension>,
    response: Response,
) -> Result<Response, ContractError> {
    let amount: Uint128 = PER_TOKEN.checked_sub(token.extension.claimed)?;
    course.forfeited = course.forfeited.checked_add(amount)?;
    course.save(storage);
    let response = response.add_event(Event::from(Genesis::Forfeited { id, amount }));
    if amount.is_zero() {
        return Ok(response);
    }
    let config = CONFIG.load(storage)?;
    Ok(response.add_message(transfer(&config.vcai, &config.treasury, amount)?))
}

/// The price goes back to whom the token belonged, whoever burned it for him.
fn refund(ctx: &Context, id: &str, holder: Addr, response: Response) -> Result<Response, ContractError> {
    let config = CONFIG.load(ctx.storage)?;
    let (from, now) = (config.sale.deadline, ctx.now());
    if now < from {
        return Err(ContractError::BurnTooEarly { from, now });
    }
    let amount = config.sale.price;
    let event = Genesis::Refunded {
        holder: &holder,
        id,
        amount,
    };
    Ok(response.add_event(Event::from(event)).add_message(BankMsg::Send {
        to_address: holder.to_string(),
        amount: coins(amount.u128(), config.denom),
    }))
}

//! The CW20 part. Allowances are those of `cw20-base`; balances are the vault's own, because Redeem is the only way to burn and transfers are restricted.

use cosmwasm_std::{Addr, Binary, DepsMut, Env, MessageInfo, Response, StdResult, Storage, Uint128};
use cw20::{Cw20ReceiveMsg, Expiration};
use cw20_base::allowances;

use super::Context;
use crate::error::ContractError;
use crate::events::Money;
use crate::state::{Holder, TRANSFERS_OPEN};
use kit::compact::Account;

/// Moves the sender's free Credits.
pub fn transfer(ctx: &mut Context, recipient: &str, amount: Uint128) -> Result<Response, ContractError> {
    let sender = ctx.sender.as_str();
    let (from, to) = (Party::trusted(ctx, sender)?, Party::parse(ctx, recipient)?);
    moved(ctx.storage, &from, &to, amount)?;
    Ok(Response::new().add_event(Money::Transfer {
        from: sender,
        to: recipient,
        by: None,
        amount,
    }))
}

/// Moves free Credits of `owner` within the sender's allowance.
pub fn transfer_from(
    ctx: &mut Context,
    owner: &str,
    recipient: &str,
    amount: Uint128,
) -> Result<Response, ContractError> {
    let (from, to) = (Party::parse(ctx, owner)?, Party::parse(ctx, recipient)?);
    allowances::deduct_allowance(ctx.storage, &Addr::unchecked(owner), ctx.sender, &ctx.env.block, amount)?;
    moved(ctx.storage, &from, &to, amount)?;
    Ok(Response::new().add_event(Money::Transfer {
        from: owner,
        to: recipient,
        by: Some(ctx.sender),
        amount,
    }))
}

/// As `transfer`, then tells the contract.
pub fn send(ctx: &mut Context, contract: String, amount: Uint128, msg: Binary) -> Result<Response, ContractError> {
    let notice = Cw20ReceiveMsg {
        sender: ctx.sender.to_string(),
        amount,
        msg,
    };
    let response = transfer(ctx, &contract, amount)?;
    Ok(response.add_message(notice.into_cosmos_msg(contract)?))
}

/// As `transfer_from`, then tells the contract. The contract hears of the spender, as with `cw20-base`.
pub fn send_from(
    ctx: &mut Context,
    owner: &str,
    contract: String,
    amount: Uint128,
    msg: Binary,
) -> Result<Response, ContractError> {
    let notice = Cw20ReceiveMsg {
        sender: ctx.sender.to_string(),
        amount,
        msg,
    };
    let response = transfer_from(ctx, owner, &contract, amount)?;
    Ok(response.add_message(notice.into_cosmos_msg(contract)?))
}

/// Which way an allowance changes.
#[derive(Clone, Copy)]
pub enum Change {
    Increase,
    Decrease,
}

/// Lets `spender` move more, or less, of the sender's free Credits.
pub fn allow(
    ctx: &mut Context,
    spender: String,
    change: Change,
    amount: Uint128,
    expires: Option<Expiration>,
) -> Result<Response, ContractError> {
    let (action, apply): (_, AllowanceFn) = match change {
        Change::Increase => ("increase", allowances::execute_increase_allowance),
        Change::Decrease => ("decrease", allowances::execute_decrease_allowance),
    };
    let event = Money::Allowance {
        action,
        owner: ctx.sender,
        spender: &spender,
        amount,
        expires,
    };
    let response = Response::new().add_event(event);
    // The library speaks of attributes only, which the event above says too.
    let env = ctx.env.clone();
    let info = MessageInfo {
        sender: ctx.sender.clone(),
        funds: vec![],
    };
    let deps = DepsMut {
        storage: ctx.storage,
        api: ctx.api,
        querier: ctx.querier,
    };
    apply(deps, env, info, spender, amount, expires)?;
    Ok(response)
}

type AllowanceFn =
    fn(DepsMut, Env, MessageInfo, String, Uint128, Option<Expiration>) -> Result<Response, cw20_base::ContractError>;

/// One side of a transfer.
struct Party {
    text: String,
    account: Account,
}

impl Party {
    fn parse(ctx: &Context, text: &str) -> StdResult<Self> {
        Ok(Self {
            text: text.to_owned(),
            account: Account::parse(ctx.api, text)?,
        })
    }

    fn trusted(ctx: &Context, text: &str) -> StdResult<Self> {
        Ok(Self {
            text: text.to_owned(),
            account: Account::trusted(ctx.api, text)?,
        })
    }
}

/// Moves free Credits where the rules allow it: one side is registered, or transfers are open. A registered sender is never refused. Zero is an amount like any
/// other, as in `cw20-base`.
fn moved(storage: &mut dyn Storage, from: &Party, to: &Party, amount: Uint128) -> Result<(), ContractError> {
    let mut sender = Holder::load(storage, &from.account)?;
    if from.account == to.account {
        // a transfer to oneself moves nothing, and must not write one row twice
        check_route(storage, &sender, &sender, from, to)?;
        return sender.take(amount);
    }
    let mut recipient = Holder::load(storage, &to.account)?;
    check_route(storage, &sender, &recipient, from, to)?;
    sender.take(amount)?;
    recipient.add(amount)?;
    sender.save(storage, &from.account);
    recipient.save(storage, &to.account);
    Ok(())
}

fn check_route(
    storage: &dyn Storage,
    sender: &Holder,
    recipient: &Holder,
    from: &Party,
    to: &Party,
) -> Result<(), ContractError> {
    let open = sender.registered || recipient.registered || TRANSFERS_OPEN.may_load(storage)?.unwrap_or_default();
    if open {
        return Ok(());
    }
    Err(ContractError::TransferRestricted {
        sender: from.text.clone(),
        recipient: to.text.clone(),
    })
}

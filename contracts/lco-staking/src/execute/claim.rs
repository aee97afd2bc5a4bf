//! The way out.

use cosmwasm_std::{to_json_binary, Response, WasmMsg};
use cw20::Cw20ExecuteMsg;

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::state::{Config, Leaving};
use kit::compact::Account;

/// Pays what is due. The token's transfer is the only thing that can refuse, and it leaves last.
pub fn claim(ctx: &mut Context) -> Result<Response, ContractError> {
    let who = Account::trusted(ctx.api, ctx.sender.as_str())?;
    let mut leaving = Leaving::load(ctx.storage, &who)?;
    let amount = leaving.take_due(ctx.now())?;
    if amount.is_zero() {
        return Err(ContractError::NothingDue {
            account: ctx.sender.clone(),
            now: ctx.now(),
            next: leaving.entries().first().map(|entry| entry.until),
        });
    }
    leaving.save(ctx.storage, &who);
    let mut book = ctx.book()?;
    book.pay(amount)?;
    book.close(ctx.storage)?;

    let transfer = Cw20ExecuteMsg::Transfer {
        recipient: ctx.sender.to_string(),
        amount,
    };
    let payment = WasmMsg::Execute {
        contract_addr: Config::load(ctx.storage)?.l_coin.into_string(),
        msg: to_json_binary(&transfer)?,
        funds: vec![],
    };
    let event = Happened::Claim {
        account: ctx.sender,
        amount,
    };
    Ok(Response::new().add_event(event).add_message(payment))
}

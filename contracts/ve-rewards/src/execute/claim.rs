//! Money out.

use cosmwasm_std::{to_json_binary, Response, Uint128, WasmMsg};
use cw20::Cw20ExecuteMsg;
use kit::compact::Account;
use math::MathError;

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::state::{Earner, EARNERS};
use crate::stream::{Book, Earnings};

/// Pays the sender. The two books and the token's transfer are all that can refuse.
pub fn claim(ctx: &mut Context) -> Result<Response, ContractError> {
    let account = ctx.sender;
    let who = Account::trusted(ctx.api, account.as_str())?;
    let books = ctx.books();
    let mut book = Book::open(ctx.storage, &books, ctx.now)?;
    let earner = Earner::load(ctx.storage, &who)?;
    let Earnings { settled, due, .. } = book.earnings(ctx.storage, &books, &who, &earner)?;
    if due == 0 {
        return Err(ContractError::NothingDue {
            account: account.clone(),
        });
    }
    let earner = Earner {
        through: book.stream.day,
        settled,
        paid: earner.paid.checked_add(due).ok_or(MathError::Overflow)?,
    };
    EARNERS.save(ctx.storage, &who, &earner);
    book.stream.paid = book.stream.paid.checked_add(due).ok_or(MathError::Overflow)?;
    book.close(ctx.storage);

    let amount = Uint128::new(due);
    let transfer = Cw20ExecuteMsg::Transfer {
        recipient: account.to_string(),
        amount,
    };
    let payment = WasmMsg::Execute {
        contract_addr: ctx.config.vcai.to_string(),
        msg: to_json_binary(&transfer)?,
        funds: vec![],
    };
    let event = Happened::Claim {
        account,
        amount,
        paid: earner.paid.into(),
    };
    Ok(Response::new().add_event(event).add_message(payment))
}

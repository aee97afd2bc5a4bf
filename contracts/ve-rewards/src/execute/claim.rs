//! Money out.

use cosmwasm_std::{to_json_binary, Response, Uint128, WasmMsg};
use cw20::Cw20ExecuteMsg;
use kit::compact::Account;
use math::MathError;

use super::Context;
use crate::error::ContractError;
use crate::events::Happened;
use crate::state::{Config, Earner, EARNERS};
use crate::stream::Stream;

/// Pays the sender. The book's own state and the token's transfer are all that can refuse.
pub fn claim(ctx: &mut Context) -> Result<Response, ContractError> {
    let account = ctx.sender;
    let who = Account::trusted(ctx.api, account.as_str())?;
    let mut stream = Stream::open(ctx.storage, ctx.now)?;
    let mut earner = Earner::load(ctx.storage, &who)?;
    let due = stream.due(ctx.storage, &[], &earner)?;
    if due == 0 {
        return Err(ContractError::NothingDue {
            account: account.clone(),
        });
    }
    earner.paid = earner.paid.checked_add(due).ok_or(MathError::Overflow)?;
    EARNERS.save(ctx.storage, &who, &earner);
    stream.paid = stream.paid.checked_add(due).ok_or(MathError::Overflow)?;
    stream.save(ctx.storage);

    let amount = Uint128::new(due);
    let transfer = Cw20ExecuteMsg::Transfer {
        recipient: account.to_string(),
        amount,
    };
    let payment = WasmMsg::Execute {
        contract_addr: Config::load(ctx.storage)?.vcai.into_string(),
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

//! USDT in and out, 1:1.

use cosmwasm_std::{coins, BankMsg, MessageInfo, Response, Uint128};

use super::Context;
use crate::error::ContractError;
use crate::events::Money;
use crate::state::{credit, debit, Pausable, Totals, SWITCHES, TERMS};
use kit::compact::Account;

/// Mints the attached USDT as free Credits of `to`, default the sender.
pub fn deposit(ctx: &mut Context, info: &MessageInfo, to: Option<String>) -> Result<Response, ContractError> {
    let denom = TERMS.load(ctx.storage)?.denom;
    let amount = kit::funds::exact_one(info, &denom)?;
    SWITCHES.assert_running(ctx.storage, Pausable::Deposits)?;
    let to = to.unwrap_or_else(|| ctx.sender.to_string());
    let account = Account::parse(ctx.api, &to)?;

    credit(ctx.storage, &account, amount)?;
    let mut totals = Totals::load(ctx.storage)?;
    totals.deposit(amount)?;
    totals.save(ctx.storage);
    Ok(Response::new().add_event(Money::Deposit {
        sender: ctx.sender,
        to: &to,
        amount,
    }))
}

/// Burns the sender's free Credits and pays USDT to `to`, default the sender.
///
/// Reads two rows that only the sender's own messages and the ledger change, and the denom. No switch, list, role, parameter or other contract is asked: whoever
/// holds free Credits can leave.
pub fn redeem(ctx: &mut Context, amount: Uint128, to: Option<String>) -> Result<Response, ContractError> {
    if amount.is_zero() {
        return Err(ContractError::Zero { what: "amount" });
    }
    let to = match to {
        Some(to) => ctx.api.addr_validate(&to)?.into_string(),
        None => ctx.sender.to_string(),
    };
    let account = ctx.sender_account()?;
    debit(ctx.storage, &account, amount)?;
    let mut totals = Totals::load(ctx.storage)?;
    totals.redeem(amount)?;
    totals.save(ctx.storage);

    let denom = TERMS.load(ctx.storage)?.denom;
    let payment = BankMsg::Send {
        to_address: to.clone(),
        amount: coins(amount.u128(), denom),
    };
    let event = Money::Redeem {
        sender: ctx.sender,
        to: &to,
        amount,
    };
    Ok(Response::new().add_event(event).add_message(payment))
}

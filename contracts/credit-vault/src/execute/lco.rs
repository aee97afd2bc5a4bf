//! Mined LCO: booked at settlement, minted on demand, so that settlement touches no token.

use std::collections::BTreeSet;

use cosmwasm_std::{to_json_binary, Event, Response, Uint128, WasmMsg};
use interfaces::l_coin::{self, MintRecipient};

use super::Context;
use crate::error::ContractError;
use crate::events::Money;
use crate::state::{BOOKED, TERMS};
use kit::compact::Account;

/// Mints the sender's booked LCO.
pub fn claim(ctx: &mut Context) -> Result<Response, ContractError> {
    let amount = take_booked(ctx, &ctx.sender_account()?)?;
    if amount.is_zero() {
        return Err(ContractError::NothingBooked {
            account: ctx.sender.clone(),
        });
    }
    let mint = l_coin::ExecuteMsg::Mint {
        recipient: ctx.sender.to_string(),
        amount,
    };
    let event = Money::LcoPaid {
        account: ctx.sender.as_str(),
        amount,
    };
    Ok(Response::new().add_event(event).add_message(to_l_coin(ctx, &mint)?))
}

/// Mints booked LCO to each account that has some.
pub fn pay(ctx: &mut Context, accounts: Vec<String>) -> Result<Response, ContractError> {
    if accounts.len() > l_coin::MAX_BATCH {
        return Err(ContractError::TooMany {
            what: "accounts",
            max: l_coin::MAX_BATCH,
            actual: accounts.len(),
        });
    }
    let mut seen = BTreeSet::new();
    let mut recipients = Vec::new();
    for address in accounts {
        let account = Account::parse(ctx.api, &address)?;
        if !seen.insert(account.clone()) {
            return Err(ContractError::Duplicate {
                what: "account",
                value: address,
            });
        }
        let amount = take_booked(ctx, &account)?;
        if !amount.is_zero() {
            recipients.push(MintRecipient { address, amount });
        }
    }
    if recipients.is_empty() {
        return Ok(Response::new());
    }
    let paid = |to: &MintRecipient| {
        Event::from(Money::LcoPaid {
            account: &to.address,
            amount: to.amount,
        })
    };
    let response = Response::new().add_events(recipients.iter().map(paid));
    Ok(response.add_message(to_l_coin(ctx, &l_coin::ExecuteMsg::MintBatch { recipients })?))
}

fn take_booked(ctx: &mut Context, account: &Account) -> Result<Uint128, ContractError> {
    let amount = BOOKED.may_load(ctx.storage, account)?.unwrap_or_default();
    if !amount.is_zero() {
        BOOKED.remove(ctx.storage, account);
    }
    Ok(amount)
}

fn to_l_coin(ctx: &Context, msg: &l_coin::ExecuteMsg) -> Result<WasmMsg, ContractError> {
    Ok(WasmMsg::Execute {
        contract_addr: TERMS.load(ctx.storage)?.l_coin.into_string(),
        msg: to_json_binary(msg)?,
        funds: vec![],
    })
}

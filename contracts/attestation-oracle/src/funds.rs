//! Bonds: what comes in, what goes out, and the total that the bank balance must cover.

use cosmwasm_std::{coin, Addr, BankMsg, MessageInfo, StdError};

use crate::error::ContractError;
use crate::state::Totals;

/// The attached bond in µUSDT; 0 if nothing is attached. Refuses another denom and a mix.
pub fn attached(info: &MessageInfo, denom: &str) -> Result<u128, ContractError> {
    if info.funds.is_empty() {
        return Ok(0);
    }
    Ok(kit::funds::exact_one(info, denom)?.u128())
}

/// Counts an amount that came in.
pub fn take(totals: &mut Totals, amount: u128) -> Result<(), ContractError> {
    totals.bonds = add(totals.bonds, amount)?;
    Ok(())
}

/// Counts an amount out and makes its transfer; none for 0.
///
/// A native transfer calls no code of its receiver, so no account and no contract can refuse it or re-enter by it. Module accounts that the chain blocks refuse;
/// they can neither enrol nor challenge, and a dispute in favour of one fails alone.
pub fn pay(totals: &mut Totals, denom: &str, to: &Addr, amount: u128) -> Result<Option<BankMsg>, ContractError> {
    if amount == 0 {
        return Ok(None);
    }
    totals.bonds = sub(totals.bonds, amount)?;
    Ok(Some(BankMsg::Send {
        to_address: to.to_string(),
        amount: vec![coin(amount, denom)],
    }))
}

/// `a + b`. Both are amounts of a real coin, so a failure means corrupt state.
pub fn add(a: u128, b: u128) -> Result<u128, ContractError> {
    a.checked_add(b)
        .ok_or_else(|| StdError::generic_err("sum of bonds overflows").into())
}

/// `a − b`; a failure means corrupt state.
pub fn sub(a: u128, b: u128) -> Result<u128, ContractError> {
    a.checked_sub(b)
        .ok_or_else(|| StdError::generic_err("bonds below zero").into())
}

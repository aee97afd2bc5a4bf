//! Minting within the cap on everything ever minted.

use std::collections::BTreeSet;

use cosmwasm_std::{Addr, Api, StdError, Storage, Uint128};
use interfaces::l_coin::{MintRecipient, CAP, MAX_BATCH};

use crate::error::ContractError;
use crate::state::{Token, BALANCES};

/// Mints to one recipient.
pub fn mint(
    storage: &mut dyn Storage,
    api: &dyn Api,
    sender: &Addr,
    recipient: &MintRecipient,
) -> Result<(), ContractError> {
    issue(storage, sender, non_zero(recipient)?)?;
    credit(storage, api, recipient)
}

/// Mints to up to [`MAX_BATCH`] recipients and returns the total in µLCO. The token's row is written once.
pub fn mint_batch(
    storage: &mut dyn Storage,
    api: &dyn Api,
    sender: &Addr,
    recipients: &[MintRecipient],
) -> Result<Uint128, ContractError> {
    check(recipients)?;
    let total = total(recipients)?;
    issue(storage, sender, total)?;
    for recipient in recipients {
        credit(storage, api, recipient)?;
    }
    Ok(total)
}

/// Checks the sender and counts `amount` against the cap.
fn issue(storage: &mut dyn Storage, sender: &Addr, amount: Uint128) -> Result<(), ContractError> {
    let mut token = Token::load(storage)?;
    if token.minter != *sender {
        return Err(ContractError::NotMinter {
            expected: token.minter,
            actual: sender.clone(),
        });
    }
    if token.issue(amount).is_none() {
        return Err(ContractError::CapExceeded {
            cap: CAP,
            minted: token.minted()?,
            amount,
        });
    }
    Ok(token.save(storage)?)
}

fn credit(storage: &mut dyn Storage, api: &dyn Api, recipient: &MintRecipient) -> Result<(), ContractError> {
    let address = api.addr_validate(&recipient.address)?;
    BALANCES.update(storage, &address, |balance| {
        Ok::<_, StdError>(balance.unwrap_or_default().checked_add(recipient.amount)?)
    })?;
    Ok(())
}

/// Validated addresses have one spelling, so comparing texts finds every duplicate.
fn check(recipients: &[MintRecipient]) -> Result<(), ContractError> {
    let actual = recipients.len();
    if actual == 0 || actual > MAX_BATCH {
        return Err(ContractError::BatchSize { max: MAX_BATCH, actual });
    }
    let mut seen = BTreeSet::new();
    match recipients.iter().find(|recipient| !seen.insert(&recipient.address)) {
        Some(twice) => Err(ContractError::DuplicateRecipient {
            recipient: twice.address.clone(),
        }),
        None => Ok(()),
    }
}

fn total(recipients: &[MintRecipient]) -> Result<Uint128, ContractError> {
    recipients.iter().try_fold(Uint128::zero(), |sum, recipient| {
        Ok(sum.checked_add(non_zero(recipient)?).map_err(StdError::from)?)
    })
}

fn non_zero(recipient: &MintRecipient) -> Result<Uint128, ContractError> {
    if recipient.amount.is_zero() {
        return Err(ContractError::ZeroAmount {
            recipient: recipient.address.clone(),
        });
    }
    Ok(recipient.amount)
}

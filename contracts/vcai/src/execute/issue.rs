//! Strategic issuance.
//!
//! ```text
//! year   = ⌊(now − start) / 365.25 days⌋
//! issued in a year ≤ ⌊5 % · supply at the year's first issuance⌋
//! ```
//!
//! Governance checks the same before it decides; the token does not rely on that.

use cosmwasm_std::{Addr, StdError, Storage, Uint128};
use interfaces::vcai::Issuance;

use super::governed;
use crate::error::ContractError;
use crate::state::{BALANCES, ISSUANCES, LEDGER, TOKEN_INFO};

/// Creates tokens for `to` and answers the record of it.
pub fn issue(
    storage: &mut dyn Storage,
    sender: &Addr,
    now: u64,
    to: &Addr,
    amount: Uint128,
    proposal: u64,
) -> Result<Issuance, ContractError> {
    let config = governed(storage, sender)?;
    if amount.is_zero() {
        return Err(ContractError::ZeroAmount);
    }
    let (mut ledger, mut token) = (LEDGER.load(storage)?, TOKEN_INFO.load(storage)?);
    let year = ledger.year(config.year(now), token.total_supply);
    let (cap, left) = (year.cap()?, year.left()?);
    if amount > left {
        return Err(ContractError::YearlyCap {
            year: year.index,
            cap,
            left,
            amount,
        });
    }
    ledger.issue(year, amount)?;
    token.total_supply = token.total_supply.checked_add(amount)?;
    LEDGER.save(storage, &ledger)?;
    TOKEN_INFO.save(storage, &token)?;
    BALANCES.update(storage, to, |balance| {
        Ok::<_, StdError>(balance.unwrap_or_default().checked_add(amount)?)
    })?;
    let row = Issuance {
        n: ledger.issuances,
        proposal,
        to: to.to_string(),
        amount,
        year: year.index,
        time: now,
    };
    ISSUANCES.save(storage, row.n, &row)?;
    Ok(row)
}

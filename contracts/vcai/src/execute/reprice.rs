//! Repricing: what one VCAI means.
//!
//! ```text
//! one VCAI = 10^decimals base units;   decimals ← decimals − exponent
//! ```
//!
//! A holder of n base units has n of them before and after, and is shown 10^exponent as many VCAI. A CW20 can show only powers of ten.

use cosmwasm_std::{Addr, Storage};
use interfaces::vcai::{Repricing, MAX_DECIMALS};

use super::governed;
use crate::error::ContractError;
use crate::state::{LEDGER, REPRICINGS, TOKEN_INFO};

/// Moves the decimals and answers the record of it.
pub fn reprice(storage: &mut dyn Storage, sender: &Addr, now: u64, exponent: i8) -> Result<Repricing, ContractError> {
    governed(storage, sender)?;
    let mut token = TOKEN_INFO.load(storage)?;
    let decimals = decimals_after(token.decimals, exponent).ok_or(ContractError::Exponent {
        exponent,
        decimals: token.decimals,
        max: MAX_DECIMALS,
    })?;
    token.decimals = decimals;
    TOKEN_INFO.save(storage, &token)?;
    let mut ledger = LEDGER.load(storage)?;
    ledger.repricings = ledger.repricings.saturating_add(1);
    LEDGER.save(storage, &ledger)?;
    let row = Repricing {
        n: ledger.repricings,
        exponent,
        decimals,
        time: now,
    };
    REPRICINGS.save(storage, row.n, &row)?;
    Ok(row)
}

/// `decimals − exponent`, if the exponent is even and not 0 and the result lies within 0 to 18.
fn decimals_after(decimals: u8, exponent: i8) -> Option<u8> {
    if exponent == 0 || i16::from(exponent) % 2 != 0 {
        return None;
    }
    let after = i16::from(decimals).checked_sub(exponent.into())?;
    u8::try_from(after).ok().filter(|after| *after <= MAX_DECIMALS)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair of decimals and exponent against the definition.
    #[test]
    fn exponents_are_even_and_stay_within_0_to_18_decimals() {
        for decimals in (0..=18u8).step_by(2) {
            for exponent in i8::MIN..=i8::MAX {
                let wanted: Vec<u8> = (0..=18u8)
                    .step_by(2)
                    .filter(|after| *after != decimals)
                    .filter(|after| i32::from(decimals) - i32::from(exponent) == i32::from(*after))
                    .collect();
                let actual: Vec<u8> = decimals_after(decimals, exponent).into_iter().collect();
                assert_eq!(actual, wanted, "{decimals} {exponent}");
            }
        }
    }
}

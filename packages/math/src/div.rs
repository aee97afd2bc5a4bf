//! Division with a stated direction, through 256 bits where a product needs them.

use cosmwasm_std::{Uint128, Uint256};

use crate::MathError;

/// ⌊a / divisor⌋.
///
/// # Errors
/// [`MathError::DivisionByZero`].
pub fn div_floor(a: u128, divisor: u128) -> Result<u128, MathError> {
    a.checked_div(divisor).ok_or(MathError::DivisionByZero)
}

/// ⌊a · b / divisor⌋; the product may have 256 bits.
///
/// # Errors
/// [`MathError::DivisionByZero`]; [`MathError::Overflow`] when the quotient does not fit 128 bits.
pub fn mul_div_floor(a: u128, b: u128, divisor: u128) -> Result<u128, MathError> {
    match a.checked_mul(b) {
        // The common case, several times cheaper in gas than a 256-bit division.
        Some(product) => div_floor(product, divisor),
        None => mul_div_wide(a, b, divisor).map(|(quotient, _)| quotient),
    }
}

/// ⌈a · b / divisor⌉; the product may have 256 bits.
///
/// # Errors
/// As [`mul_div_floor`].
pub fn mul_div_ceil(a: u128, b: u128, divisor: u128) -> Result<u128, MathError> {
    let (quotient, exact) = match a.checked_mul(b) {
        Some(product) => (div_floor(product, divisor)?, product.checked_rem(divisor) == Some(0)),
        None => mul_div_wide(a, b, divisor)?,
    };
    if exact {
        Ok(quotient)
    } else {
        quotient.checked_add(1).ok_or(MathError::Overflow)
    }
}

/// The quotient rounded down, and whether it is exact.
fn mul_div_wide(a: u128, b: u128, divisor: u128) -> Result<(u128, bool), MathError> {
    let product = Uint128::new(a).full_mul(b);
    let divisor = Uint256::from(divisor);
    let quotient = product.checked_div(divisor).map_err(|_| MathError::DivisionByZero)?;
    let rest = product.checked_rem(divisor).map_err(|_| MathError::DivisionByZero)?;
    let quotient = Uint128::try_from(quotient).map_err(|_| MathError::Overflow)?;
    Ok((quotient.u128(), rest.is_zero()))
}

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{mul_div_ceil, mul_div_floor, MathError};

/// A share of a whole in basis points, 0 to 10,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "u16", into = "u16")]
pub struct Bps(#[schemars(range(max = 10_000))] u16);

impl Bps {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The whole.
    pub const ONE: Self = Self(10_000);

    /// A share of `bps` / 10,000.
    ///
    /// # Errors
    /// [`MathError::BpsTooLarge`] above 10,000.
    pub const fn new(bps: u16) -> Result<Self, MathError> {
        if bps > Self::ONE.0 {
            return Err(MathError::BpsTooLarge {
                actual: bps,
                max: Self::ONE.0,
            });
        }
        Ok(Self(bps))
    }

    /// The share in basis points.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// What is left of the whole beside this share.
    pub const fn complement(self) -> Self {
        Self(Self::ONE.0.saturating_sub(self.0))
    }

    /// ⌊amount · share⌋, at most `amount`.
    pub fn of_floor(self, amount: u128) -> u128 {
        // A share of an amount cannot overflow, and the divisor is not zero.
        mul_div_floor(amount, self.0.into(), Self::ONE.0.into()).unwrap_or(amount)
    }

    /// ⌈amount · share⌉, at most `amount`.
    pub fn of_ceil(self, amount: u128) -> u128 {
        mul_div_ceil(amount, self.0.into(), Self::ONE.0.into()).unwrap_or(amount)
    }
}

impl TryFrom<u16> for Bps {
    type Error = MathError;

    fn try_from(bps: u16) -> Result<Self, MathError> {
        Self::new(bps)
    }
}

impl From<Bps> for u16 {
    fn from(bps: Bps) -> Self {
        bps.0
    }
}

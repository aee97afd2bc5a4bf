use thiserror::Error;

/// Why a calculation has no result.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum MathError {
    /// The result, or a sum on the way to it, does not fit 128 bits.
    #[error("a result does not fit 128 bits")]
    Overflow,
    /// The divisor is zero.
    #[error("division by zero")]
    DivisionByZero,
    /// A share is above the whole.
    #[error("{actual} basis points, at most {max}")]
    BpsTooLarge {
        /// The share given.
        actual: u16,
        /// The whole.
        max: u16,
    },
}

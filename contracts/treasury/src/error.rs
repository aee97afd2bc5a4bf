//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{OverflowError, StdError, Uint128};
use math::buyback::BuybackError;
use math::MathError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[treasury:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[treasury:{}] {}", self.code(), .0)]
    Math(#[from] MathError),
    #[error("[treasury:{}] {}", self.code(), .0)]
    Buyback(#[from] BuybackError),
    #[error("[treasury:{}] {}", self.code(), .0)]
    Ownership(#[from] kit::OwnershipError),
    #[error("[treasury:{}] {}", self.code(), .0)]
    Operator(#[from] kit::OperatorError),
    #[error("[treasury:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[treasury:{}] {}", self.code(), .0)]
    Pause(#[from] kit::PauseError),
    #[error("[treasury:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[treasury:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[treasury:{}] {name} is {actual}, expected {min} to {max}", self.code())]
    OutOfRange {
        name: &'static str,
        min: u64,
        max: u64,
        actual: u64,
    },
    #[error("[treasury:{}] a source's name has 1 to {max} of a-z, 0-9 and -, which {actual:?} does not", self.code())]
    SourceName { max: usize, actual: String },
    #[error("[treasury:{}] there is no source {name:?} that may deposit", self.code())]
    UnknownSource { name: String },
    #[error("[treasury:{}] the next slice is possible from {from}, now {now}", self.code())]
    SliceTooSoon { from: u64, now: u64 },
    #[error("[treasury:{}] nothing is left of the day's amount", self.code())]
    NothingToSpend,
    #[error("[treasury:{}] the pool's price history is too short", self.code())]
    NoPrice,
    #[error("[treasury:{}] the previous block closed at {close}, more than {max_bps} basis points above the 30 minute mean of {mean} (prices · 2^64)", self.code())]
    PriceMoved { close: String, mean: String, max_bps: u16 },
    #[error("[treasury:{}] the slice yielded {actual}, at least {expected} expected", self.code())]
    Yield { expected: Uint128, actual: Uint128 },
    #[error("[treasury:{}] the swap failed at the least yield of {min_out} that the sender asked for: {reason}", self.code())]
    Tightened { min_out: Uint128, reason: String },
    #[error("[treasury:{}] the pool is open", self.code())]
    PoolOpen,
    #[error("[treasury:{}] {actual} cannot be spent, {available} are not revenue", self.code())]
    NotSpendable { available: Uint128, actual: Uint128 },
    #[error("[treasury:{}] amount is zero", self.code())]
    ZeroAmount,
    #[error("[treasury:{}] no reply has the id {id}", self.code())]
    UnknownReply { id: u64 },
}

impl ContractError {
    /// Stable numeric code: own ones from 1, those of `kit` from 900.
    pub fn code(&self) -> u16 {
        match self {
            Self::Ownership(error) => error.code(),
            Self::Operator(error) => error.code(),
            Self::Unauthorized(error) => error.code(),
            Self::Pause(error) => error.code(),
            Self::Funds(error) => error.code(),
            Self::Migrate(error) => error.code(),
            Self::Std(_) => kit::CODE_STORAGE,
            Self::Math(_) => 1,
            Self::Buyback(_) => 2,
            Self::OutOfRange { .. } => 3,
            Self::SourceName { .. } => 4,
            Self::UnknownSource { .. } => 5,
            Self::SliceTooSoon { .. } => 6,
            Self::NothingToSpend => 7,
            Self::NoPrice => 8,
            Self::PriceMoved { .. } => 9,
            Self::Yield { .. } => 10,
            Self::Tightened { .. } => 11,
            Self::PoolOpen => 12,
            Self::NotSpendable { .. } => 13,
            Self::ZeroAmount => 14,
            Self::UnknownReply { .. } => 15,
        }
    }
}

impl From<OverflowError> for ContractError {
    fn from(error: OverflowError) -> Self {
        Self::Std(error.into())
    }
}

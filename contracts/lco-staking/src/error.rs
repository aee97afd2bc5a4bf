//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{Addr, DivideByZeroError, OverflowError, StdError, Uint128};
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[staking:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[staking:{}] {}", self.code(), .0)]
    Ownership(#[from] kit::OwnershipError),
    #[error("[staking:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[staking:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[staking:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[staking:{}] the amount must be above zero", self.code())]
    Zero,
    #[error("[staking:{}] {required} µLCO required, {available} bonded", self.code())]
    InsufficientStake { available: Uint128, required: Uint128 },
    #[error("[staking:{}] nothing of {account} can be claimed at {now}, {}", self.code(), soonest(*.next))]
    NothingDue { account: Addr, now: u64, next: Option<u64> },
    #[error("[staking:{}] {actual} accounts, expected {min} to {max}", self.code())]
    ListLength { min: usize, max: usize, actual: usize },
    #[error("[staking:{}] {account} stands twice", self.code())]
    Duplicate { account: String },
    #[error("[staking:{}] {name} is {actual} µLCO, expected {min} to {max}", self.code())]
    OutOfRange {
        name: &'static str,
        min: Uint128,
        max: Uint128,
        actual: Uint128,
    },
    #[error("[staking:{}] {name} is {actual} µLCO, expected above {below}", self.code())]
    NotRising {
        name: &'static str,
        below: Uint128,
        actual: Uint128,
    },
    #[error("[staking:{}] {what} {asked} lies in the future, now {now}", self.code())]
    Future { what: &'static str, asked: u64, now: u64 },
    #[error("[staking:{}] a window from {from} cannot end at {to}", self.code())]
    WindowReversed { from: u64, to: u64 },
}

impl ContractError {
    /// Stable numeric code: own ones from 1, those of `kit` from 900.
    pub fn code(&self) -> u16 {
        match self {
            Self::Std(_) => kit::CODE_STORAGE,
            Self::Ownership(error) => error.code(),
            Self::Unauthorized(error) => error.code(),
            Self::Funds(error) => error.code(),
            Self::Migrate(error) => error.code(),
            Self::Zero => 1,
            Self::InsufficientStake { .. } => 2,
            Self::NothingDue { .. } => 3,
            Self::ListLength { .. } => 4,
            Self::Duplicate { .. } => 5,
            Self::OutOfRange { .. } => 6,
            Self::NotRising { .. } => 7,
            Self::Future { .. } => 8,
            Self::WindowReversed { .. } => 9,
        }
    }
}

fn soonest(next: Option<u64>) -> String {
    next.map_or("and nothing is unbonding".to_owned(), |at| {
        format!("the next is due at {at}")
    })
}

impl From<OverflowError> for ContractError {
    fn from(error: OverflowError) -> Self {
        Self::Std(error.into())
    }
}

impl From<DivideByZeroError> for ContractError {
    fn from(error: DivideByZeroError) -> Self {
        Self::Std(error.into())
    }
}

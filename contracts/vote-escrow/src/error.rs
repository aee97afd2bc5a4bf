//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{Addr, StdError, Uint128};
use interfaces::voting::Moment;
use math::MathError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[escrow:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[escrow:{}] {}", self.code(), .0)]
    Ownership(#[from] kit::OwnershipError),
    #[error("[escrow:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[escrow:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[escrow:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[escrow:{}] the amount must be above zero", self.code())]
    Zero,
    #[error("[escrow:{}] {actual} base units, at least {min} and a fee of {fee} required", self.code())]
    BelowMinimum {
        min: Uint128,
        fee: Uint128,
        actual: Uint128,
    },
    #[error("[escrow:{}] a lock would end at {actual}, at the earliest {earliest} required", self.code())]
    TooEarly { earliest: u64, actual: u64 },
    #[error("[escrow:{}] a lock until {actual} asked for, at the latest {latest} possible", self.code())]
    TooLate { latest: u64, actual: u64 },
    #[error("[escrow:{}] {account} has a lock of {amount} base units until {end}", self.code())]
    HasLock { account: Addr, amount: Uint128, end: u64 },
    #[error("[escrow:{}] {account} has no lock", self.code())]
    NoLock { account: Addr },
    #[error("[escrow:{}] the lock of {account} ended at {end}; withdraw it first", self.code())]
    Ended { account: Addr, end: u64 },
    #[error("[escrow:{}] the lock of {account} ends at {end}, now {now}", self.code())]
    NotEnded { account: Addr, end: u64, now: u64 },
    #[error("[escrow:{}] the lock ends at {end} already, a later day than {actual} required", self.code())]
    NotLater { end: u64, actual: u64 },
    #[error("[escrow:{}] {gate} does not admit {account}: {reason}", self.code())]
    NotAdmitted { gate: Addr, account: Addr, reason: String },
    #[error("[escrow:{}] {name} is {actual} base units, expected {min} to {max}", self.code())]
    OutOfRange {
        name: &'static str,
        min: Uint128,
        max: Uint128,
        actual: Uint128,
    },
    #[error("[escrow:{}] fees cannot go to {account}, this contract", self.code())]
    FeesToItself { account: Addr },
    #[error("[escrow:{}] {what} {asked} lies in the future, now {now}", self.code())]
    Future { what: &'static str, asked: u64, now: u64 },
    #[error("[escrow:{}] block {} did not have the time {}", self.code(), .0.height, .0.time)]
    NeverWas(Moment),
    #[error("[escrow:{}] the amount suffices for 1 to {max} accounts, not {actual}", self.code())]
    Accounts { max: u64, actual: u64 },
    #[error("[escrow:{}] {}", self.code(), .0)]
    Math(#[from] MathError),
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
            Self::BelowMinimum { .. } => 2,
            Self::TooEarly { .. } => 3,
            Self::TooLate { .. } => 4,
            Self::HasLock { .. } => 5,
            Self::NoLock { .. } => 6,
            Self::Ended { .. } => 7,
            Self::NotEnded { .. } => 8,
            Self::NotLater { .. } => 9,
            Self::NotAdmitted { .. } => 10,
            Self::OutOfRange { .. } => 11,
            Self::FeesToItself { .. } => 12,
            Self::Future { .. } => 13,
            Self::NeverWas(_) => 14,
            Self::Accounts { .. } => 15,
            Self::Math(_) => 16,
        }
    }
}

//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{Addr, StdError};
use interfaces::ve_rewards::Decay;
use math::MathError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[rewards:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[rewards:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[rewards:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[rewards:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[rewards:{}] the amount must be above zero", self.code())]
    Zero,
    #[error("[rewards:{}] {account} has earned nothing that is not paid", self.code())]
    NothingDue { account: Addr },
    #[error("[rewards:{}] the book ends at {synced}, now {now}; sync first", self.code())]
    NeedsSync { synced: u64, now: u64 },
    #[error("[rewards:{}] {actual} steps, expected {min} to {max}", self.code())]
    Limit { min: u32, max: u32, actual: u32 },
    #[error("[rewards:{}] {account} has the lock {} here, expected {}", self.code(), text(.actual), text(.expected))]
    OutOfStep {
        account: Addr,
        expected: Decay,
        actual: Decay,
    },
    #[error("[rewards:{}] a lock {} at {now}, expected a slope, and an end at a later 00:00 UTC", self.code(), text(.lock))]
    BadLock { lock: Decay, now: u64 },
    #[error("[rewards:{}] {}", self.code(), .0)]
    Math(#[from] MathError),
}

fn text(lock: &Decay) -> String {
    format!("of slope {} until {}", lock.slope, lock.end)
}

impl ContractError {
    /// Stable numeric code: own ones from 1, those of `kit` from 900.
    pub fn code(&self) -> u16 {
        match self {
            Self::Std(_) => kit::CODE_STORAGE,
            Self::Unauthorized(error) => error.code(),
            Self::Funds(error) => error.code(),
            Self::Migrate(error) => error.code(),
            Self::Zero => 1,
            Self::NothingDue { .. } => 2,
            Self::NeedsSync { .. } => 3,
            Self::Limit { .. } => 4,
            Self::OutOfStep { .. } => 5,
            Self::BadLock { .. } => 6,
            Self::Math(_) => 7,
        }
    }
}

//! Refusals. Each carries what was expected and what came; the code in brackets never changes and is listed in `interfaces::incentive_controller`.

use cosmwasm_std::{Addr, OverflowError, StdError, Uint128};
use interfaces::incentive_controller::{Bucket, EXTRAS_MAX_BPS, FEE_FLOOR_BPS, MAX_DAYS, MAX_ROWS, ONLINE_MAX};
use math::MathError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[incentives:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[incentives:{}] {}", self.code(), .0)]
    Math(#[from] MathError),
    #[error("[incentives:{}] {}", self.code(), .0)]
    Ownership(#[from] kit::OwnershipError),
    #[error("[incentives:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[incentives:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[incentives:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[incentives:{}] {name} is {actual}, expected {min} to {max}", self.code())]
    OutOfRange {
        name: &'static str,
        min: u128,
        max: u128,
        actual: u128,
    },
    #[error("[incentives:{}] the extras are {actual} basis points together, at most {EXTRAS_MAX_BPS}", self.code())]
    Extras { actual: u32 },
    #[error("[incentives:{}] the clock runs already, since day {first}", self.code())]
    Started { first: u64 },
    #[error("[incentives:{}] the pool is {expected}, of which {actual} arrived", self.code())]
    PoolMissing { expected: Uint128, actual: Uint128 },
    #[error("[incentives:{}] the clock does not run yet", self.code())]
    NotStarted,
    #[error("[incentives:{}] day {day} cannot be reported: from {from} to {to} it can", self.code())]
    DayNotReported { day: u64, from: u64, to: u64 },
    #[error("[incentives:{}] expected 1 to {MAX_ROWS} rows, not {actual}", self.code())]
    Rows { actual: usize },
    #[error("[incentives:{}] a fee of {fee} on {spend}; expected {FEE_FLOOR_BPS} basis points of it at least and all of it at most", self.code())]
    Fee { spend: Uint128, fee: Uint128 },
    #[error("[incentives:{}] {node} would have been online for {actual} seconds on one day, at most {ONLINE_MAX}", self.code())]
    Online { node: String, actual: u32 },
    #[error("[incentives:{}] no reporter is configured", self.code())]
    NoReporter,
    #[error("[incentives:{}] the next epoch can be closed from {from}, now {now}", self.code())]
    TooEarly { from: u64, now: u64 },
    #[error("[incentives:{}] epochs that ended must be closed first; epoch {index} could be since {since}", self.code())]
    NeedsAdvance { index: u64, since: u64 },
    #[error("[incentives:{}] {from} to {to} is no range of 1 to {MAX_DAYS} days", self.code())]
    Range { from: u64, to: u64 },
    #[error("[incentives:{}] day {day} closes at {at}, now {now}", self.code())]
    DayOpen { day: u64, at: u64, now: u64 },
    #[error("[incentives:{}] {account} has nothing to claim from day {from} to {to}", self.code())]
    NothingToClaim { account: Addr, from: u64, to: u64 },
    #[error("[incentives:{}] {account} is not paid by keepers", self.code())]
    NotAllowed { account: Addr },
    #[error("[incentives:{}] {account} cannot name {referrer}", self.code())]
    Referrer { account: Addr, referrer: Addr },
    #[error("[incentives:{}] {bucket:?} holds {held}, less than {asked}", self.code())]
    Bucket {
        bucket: Bucket,
        held: Uint128,
        asked: Uint128,
    },
    #[error("[incentives:{}] a GPU is named by 32 bytes, not {actual}", self.code())]
    GpuName { actual: usize },
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
            Self::Math(_) => 1,
            Self::OutOfRange { .. } => 2,
            Self::Extras { .. } => 3,
            Self::Started { .. } => 4,
            Self::PoolMissing { .. } => 5,
            Self::NotStarted => 6,
            Self::DayNotReported { .. } => 7,
            Self::Rows { .. } => 8,
            Self::Fee { .. } => 9,
            Self::Online { .. } => 10,
            Self::NoReporter => 11,
            Self::TooEarly { .. } => 12,
            Self::NeedsAdvance { .. } => 13,
            Self::Range { .. } => 14,
            Self::DayOpen { .. } => 15,
            Self::NothingToClaim { .. } => 16,
            Self::NotAllowed { .. } => 17,
            Self::Referrer { .. } => 18,
            Self::Bucket { .. } => 19,
            Self::GpuName { .. } => 20,
        }
    }
}

impl From<OverflowError> for ContractError {
    fn from(_: OverflowError) -> Self {
        Self::Math(MathError::Overflow)
    }
}

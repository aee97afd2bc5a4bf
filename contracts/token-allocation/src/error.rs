//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{OverflowError, StdError, Uint128};
use interfaces::token_allocation::Bucket;
use math::vesting::VestingError;
use math::MathError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[allocation:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[allocation:{}] {}", self.code(), .0)]
    Math(#[from] MathError),
    #[error("[allocation:{}] {}", self.code(), .0)]
    Vesting(#[from] VestingError),
    #[error("[allocation:{}] {}", self.code(), .0)]
    Ownership(#[from] kit::OwnershipError),
    #[error("[allocation:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[allocation:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[allocation:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[allocation:{}] {name} is {actual}, expected {min} to {max}", self.code())]
    OutOfRange {
        name: &'static str,
        min: u128,
        max: u128,
        actual: u128,
    },
    #[error("[allocation:{}] the TGE has happened", self.code())]
    TgeDone,
    #[error("[allocation:{}] the TGE has not happened", self.code())]
    TgeMissing,
    #[error("[allocation:{}] possible from {from}, now {now}", self.code())]
    TooEarly { from: u64, now: u64 },
    #[error("[allocation:{}] pool and airdrop need {needed} of a liquidity of {available}", self.code())]
    Liquidity { needed: Uint128, available: Uint128 },
    #[error("[allocation:{}] an airdrop of {actual}, at most {max}", self.code())]
    Airdrop { max: Uint128, actual: Uint128 },
    #[error("[allocation:{}] bucket {bucket:?} has no grants of this kind", self.code())]
    NoGrants { bucket: Bucket },
    #[error("[allocation:{}] bucket {bucket:?} is not spent by governance", self.code())]
    NotSpent { bucket: Bucket },
    #[error("[allocation:{}] {actual} of bucket {bucket:?}, of which {free} are free", self.code())]
    BucketEmpty {
        bucket: Bucket,
        free: Uint128,
        actual: Uint128,
    },
    #[error("[allocation:{}] {actual} of bucket {bucket:?}, of which {left} can be spent within 90 days", self.code())]
    SpendLimit {
        bucket: Bucket,
        left: Uint128,
        actual: Uint128,
    },
    #[error("[allocation:{}] amount {actual} is not a multiple of {unit} above zero", self.code())]
    GrantAmount { unit: Uint128, actual: Uint128 },
    #[error("[allocation:{}] the schedule does not fit bucket {bucket:?}", self.code())]
    GrantSchedule { bucket: Bucket },
    #[error("[allocation:{}] grants sum to {actual}, {expected} were sent", self.code())]
    GrantSum { expected: Uint128, actual: Uint128 },
    #[error("[allocation:{}] there is no grant {grant}", self.code())]
    UnknownGrant { grant: u64 },
    #[error("[allocation:{}] {actual} of {claimable} that can be claimed", self.code())]
    NotClaimable { claimable: Uint128, actual: Uint128 },
    #[error("[allocation:{}] no change of beneficiary is proposed for grant {grant}", self.code())]
    NothingPending { grant: u64 },
}

impl ContractError {
    /// Stable numeric code: own ones from 1, those of `kit` from 900.
    pub fn code(&self) -> u16 {
        match self {
            Self::Ownership(error) => error.code(),
            Self::Unauthorized(error) => error.code(),
            Self::Funds(error) => error.code(),
            Self::Migrate(error) => error.code(),
            Self::Std(_) => kit::CODE_STORAGE,
            Self::Math(_) => 1,
            Self::Vesting(_) => 2,
            Self::OutOfRange { .. } => 3,
            Self::TgeDone => 4,
            Self::TgeMissing => 5,
            Self::TooEarly { .. } => 6,
            Self::Liquidity { .. } => 7,
            Self::Airdrop { .. } => 8,
            Self::NoGrants { .. } => 9,
            Self::NotSpent { .. } => 10,
            Self::BucketEmpty { .. } => 11,
            Self::SpendLimit { .. } => 12,
            Self::GrantAmount { .. } => 13,
            Self::GrantSchedule { .. } => 14,
            Self::GrantSum { .. } => 15,
            Self::UnknownGrant { .. } => 16,
            Self::NotClaimable { .. } => 17,
            Self::NothingPending { .. } => 18,
        }
    }
}

impl From<OverflowError> for ContractError {
    fn from(error: OverflowError) -> Self {
        Self::Std(error.into())
    }
}

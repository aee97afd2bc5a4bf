//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{Addr, OverflowError, StdError, Uint128};
use math::amm::AmmError;
use math::buyback::BuybackError;
use math::MathError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[fund:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[fund:{}] {}", self.code(), .0)]
    Math(#[from] MathError),
    #[error("[fund:{}] {}", self.code(), .0)]
    Amm(#[from] AmmError),
    #[error("[fund:{}] {}", self.code(), .0)]
    Ownership(#[from] kit::OwnershipError),
    #[error("[fund:{}] {}", self.code(), .0)]
    Operator(#[from] kit::OperatorError),
    #[error("[fund:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[fund:{}] {}", self.code(), .0)]
    Pause(#[from] kit::PauseError),
    #[error("[fund:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[fund:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[fund:{}] {name} is {actual}, expected {min} to {max}", self.code())]
    OutOfRange {
        name: &'static str,
        min: u64,
        max: u64,
        actual: u64,
    },
    #[error("[fund:{}] an evidence hash has 32 bytes, not {actual}", self.code())]
    EvidenceHash { actual: usize },
    #[error("[fund:{}] week {week} of gateway {gateway} is released already", self.code())]
    Released { gateway: u64, week: u64 },
    #[error("[fund:{}] gateway {gateway} has nothing in week {week}", self.code())]
    NothingToRelease { gateway: u64, week: u64 },
    #[error("[fund:{}] possible from {from}, now {now}", self.code())]
    TooEarly { from: u64, now: u64 },
    #[error("[fund:{}] a cost of {actual} is reported, at most {recorded} is recorded", self.code())]
    CostAboveRecorded { recorded: Uint128, actual: Uint128 },
    #[error("[fund:{}] week {week} of gateway {gateway} is not released", self.code())]
    NotReleased { gateway: u64, week: u64 },
    #[error("[fund:{}] {owed} are owed for free calls, of which the week's budget leaves {payable}", self.code())]
    NothingPayable { owed: Uint128, payable: Uint128 },
    #[error("[fund:{}] slices are bought on Fridays UTC, not at {now}; next from {from}", self.code())]
    NotFriday { from: u64, now: u64 },
    #[error("[fund:{}] the next slice is possible from {from}, now {now}", self.code())]
    SliceTooSoon { from: u64, now: u64 },
    #[error("[fund:{}] there are no Credits to spend", self.code())]
    NothingToSpend,
    #[error("[fund:{}] the pool's price history is too short", self.code())]
    NoPrice,
    #[error("[fund:{}] the previous block closed at {close}, more than {max_bps} basis points above the mark of {mark} (prices · 2^64)", self.code())]
    PriceMoved { close: String, mark: String, max_bps: u16 },
    #[error("[fund:{}] the slice yielded {actual}, at least {expected} expected", self.code())]
    Yield { expected: Uint128, actual: Uint128 },
    #[error("[fund:{}] the prizes of week {week} are released", self.code())]
    PrizesReleased { week: u64 },
    #[error("[fund:{}] no contest is configured", self.code())]
    WarsMissing,
    #[error("[fund:{}] the contest is {actual} for ever", self.code())]
    WarsSet { actual: Addr },
    #[error("[fund:{}] no reply has the id {id}", self.code())]
    UnknownReply { id: u64 },
}

impl From<BuybackError> for ContractError {
    fn from(error: BuybackError) -> Self {
        match error {
            BuybackError::Math(error) => error.into(),
            BuybackError::Amm(error) => error.into(),
        }
    }
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
            Self::Amm(_) => 2,
            Self::OutOfRange { .. } => 3,
            Self::EvidenceHash { .. } => 4,
            Self::Released { .. } => 5,
            Self::NothingToRelease { .. } => 6,
            Self::TooEarly { .. } => 7,
            Self::CostAboveRecorded { .. } => 8,
            Self::NotReleased { .. } => 9,
            Self::NothingPayable { .. } => 10,
            Self::NotFriday { .. } => 11,
            Self::SliceTooSoon { .. } => 12,
            Self::NothingToSpend => 13,
            Self::NoPrice => 14,
            Self::PriceMoved { .. } => 15,
            Self::Yield { .. } => 16,
            Self::PrizesReleased { .. } => 17,
            Self::WarsMissing => 18,
            Self::WarsSet { .. } => 19,
            Self::UnknownReply { .. } => 20,
        }
    }
}

impl From<OverflowError> for ContractError {
    fn from(error: OverflowError) -> Self {
        Self::Std(error.into())
    }
}

//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{Addr, OverflowError, StdError, Uint128};
use interfaces::imo_launchpad::Phase;
use math::MathError;
use thiserror::Error;

/// Every refusal of this contract.
#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[launchpad:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[launchpad:{}] {}", self.code(), .0)]
    Ownership(#[from] kit::OwnershipError),
    #[error("[launchpad:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[launchpad:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[launchpad:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),
    #[error("[launchpad:{}] {}", self.code(), .0)]
    Math(#[from] MathError),

    #[error("[launchpad:{}] {name} is {actual}, expected {min} to {max}", self.code())]
    OutOfRange {
        name: &'static str,
        min: u128,
        max: u128,
        actual: u128,
    },
    #[error("[launchpad:{}] launch {launch} of SKU {sku} is live until {claim_until}", self.code())]
    SkuLive { sku: String, launch: u64, claim_until: u64 },
    #[error("[launchpad:{}] the vault does not sell SKU {sku:?}: {reason}", self.code())]
    SkuUnknown { sku: String, reason: String },
    #[error("[launchpad:{}] nobody had any weight in the 7 days before {snapshot}", self.code())]
    NobodyEligible { snapshot: u64 },
    #[error("[launchpad:{}] there is no launch {launch}", self.code())]
    LaunchUnknown { launch: u64 },
    #[error("[launchpad:{}] launch {launch} is in phase {actual:?}, expected {expected:?}", self.code())]
    WrongPhase {
        launch: u64,
        expected: Phase,
        actual: Phase,
    },
    #[error("[launchpad:{}] {account} subscribed launch {launch} already", self.code())]
    AlreadySubscribed { launch: u64, account: Addr },
    #[error("[launchpad:{}] no unit of launch {launch} is for {account}, whose weight is {weight} of {total}", self.code())]
    NothingAllocated {
        launch: u64,
        account: Addr,
        weight: Uint128,
        total: Uint128,
    },
    #[error("[launchpad:{}] allocations of launch {launch} would be {actual}, at most {quota}", self.code())]
    QuotaExceeded {
        launch: u64,
        quota: Uint128,
        actual: Uint128,
    },
    #[error("[launchpad:{}] {account} did not subscribe launch {launch}", self.code())]
    NotSubscribed { launch: u64, account: Addr },
    #[error("[launchpad:{}] {actual} units claimed, {left} are left", self.code())]
    AllotmentExceeded { left: Uint128, actual: Uint128 },
    #[error("[launchpad:{}] the price is {expected} µCredit, {actual} came", self.code())]
    WrongPayment { expected: Uint128, actual: Uint128 },
    #[error("[launchpad:{}] units must be above zero", self.code())]
    NoUnits,
    #[error("[launchpad:{}] launch {launch} is closed already", self.code())]
    AlreadyClosed { launch: u64 },
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
            Self::OutOfRange { .. } => 2,
            Self::SkuLive { .. } => 3,
            Self::SkuUnknown { .. } => 4,
            Self::NobodyEligible { .. } => 5,
            Self::LaunchUnknown { .. } => 6,
            Self::WrongPhase { .. } => 7,
            Self::AlreadySubscribed { .. } => 8,
            Self::NothingAllocated { .. } => 9,
            Self::QuotaExceeded { .. } => 10,
            Self::NotSubscribed { .. } => 11,
            Self::AllotmentExceeded { .. } => 12,
            Self::WrongPayment { .. } => 13,
            Self::NoUnits => 14,
            Self::AlreadyClosed { .. } => 15,
        }
    }
}

impl From<OverflowError> for ContractError {
    fn from(error: OverflowError) -> Self {
        Self::Std(error.into())
    }
}

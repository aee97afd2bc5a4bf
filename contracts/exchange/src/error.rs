//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{Addr, StdError, Uint128};
use math::amm::AmmError;
use math::MathError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[exchange:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[exchange:{}] {}", self.code(), .0)]
    Math(#[from] MathError),
    #[error("[exchange:{}] {}", self.code(), .0)]
    Amm(#[from] AmmError),
    #[error("[exchange:{}] {}", self.code(), .0)]
    Ownership(#[from] kit::OwnershipError),
    #[error("[exchange:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[exchange:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[exchange:{}] both assets are {asset}", self.code())]
    SameAssets { asset: String },
    #[error("[exchange:{}] {denom:?} is not a native denom", self.code())]
    DenomInvalid { denom: String },
    #[error("[exchange:{}] {name} is {actual}, expected {min} to {max}", self.code())]
    OutOfRange {
        name: &'static str,
        min: u64,
        max: u64,
        actual: u64,
    },
    #[error("[exchange:{}] {actual} is no token of this pool, expected {expected}", self.code())]
    NotToken { expected: String, actual: Addr },
    #[error("[exchange:{}] expected one coin of {expected}, but {actual} is attached", self.code())]
    NotCoin { expected: String, actual: String },
    #[error("[exchange:{}] expected {expected} attached, but it is {actual}", self.code())]
    FundsDiffer { expected: String, actual: String },
    #[error("[exchange:{}] the deadline was {deadline}, now {now}", self.code())]
    Expired { deadline: u64, now: u64 },
    #[error("[exchange:{}] at least {min} {what} expected, {actual} would be received", self.code())]
    BelowMinimum {
        what: &'static str,
        min: Uint128,
        actual: Uint128,
    },
    #[error("[exchange:{}] costs {cost}, but {paid} was paid", self.code())]
    Underpaid { cost: u128, paid: Uint128 },
    #[error("[exchange:{}] {required} shares required, {available} there", self.code())]
    InsufficientShares { available: u128, required: Uint128 },
    #[error("[exchange:{}] withdrawals of this pool need no announcement", self.code())]
    NoAnnouncements,
    #[error("[exchange:{}] announce a withdrawal first", self.code())]
    NotAnnounced,
    #[error("[exchange:{}] announced shares can be withdrawn from {from} until before {until}, now {now}", self.code())]
    AnnouncementClosed { from: u64, until: u64, now: u64 },
    #[error("[exchange:{}] {required} shares required, {announced} announced", self.code())]
    AnnouncedTooLittle { announced: u128, required: Uint128 },
    #[error("[exchange:{}] the pool's history covers {available} s, {window} s asked", self.code())]
    HistoryShort { available: u64, window: u64 },
    #[error("[exchange:{}] nothing above the reserves", self.code())]
    NothingToSkim,
    #[error("[exchange:{}] the pool moved in this block; skim in another", self.code())]
    SkimBusy,
}

impl ContractError {
    /// Stable numeric code: own ones from 1, those of `kit` from 900.
    pub fn code(&self) -> u16 {
        match self {
            Self::Ownership(error) => error.code(),
            Self::Funds(error) => error.code(),
            Self::Migrate(error) => error.code(),
            Self::Std(_) => kit::CODE_STORAGE,
            Self::Math(_) => 1,
            Self::Amm(error) => amm_code(error),
            Self::SameAssets { .. } => 9,
            Self::DenomInvalid { .. } => 10,
            Self::OutOfRange { .. } => 11,
            Self::NotToken { .. } => 12,
            Self::NotCoin { .. } => 13,
            Self::FundsDiffer { .. } => 14,
            Self::Expired { .. } => 15,
            Self::BelowMinimum { .. } => 16,
            Self::Underpaid { .. } => 17,
            Self::InsufficientShares { .. } => 18,
            Self::NoAnnouncements => 19,
            Self::NotAnnounced => 20,
            Self::AnnouncementClosed { .. } => 21,
            Self::AnnouncedTooLittle { .. } => 22,
            Self::HistoryShort { .. } => 23,
            Self::NothingToSkim => 24,
            Self::SkimBusy => 25,
        }
    }
}

fn amm_code(error: &AmmError) -> u16 {
    match error {
        AmmError::Empty => 2,
        AmmError::ZeroAmount => 3,
        AmmError::TooLittle => 4,
        AmmError::ReserveTooSmall { .. } => 5,
        AmmError::ReserveTooLarge => 6,
        AmmError::SharesTooMany { .. } => 7,
        AmmError::ProductFell => 8,
    }
}

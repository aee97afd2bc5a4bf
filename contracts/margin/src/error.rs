//! Refusals. Each carries what was expected and what came; the codes are listed in `interfaces::margin`.

use cosmwasm_std::{Addr, OverflowError, StdError, Uint128};
use interfaces::margin::Side;
use math::amm::AmmError;
use math::MathError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[margin:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[margin:{}] {}", self.code(), .0)]
    Ownership(#[from] kit::OwnershipError),
    #[error("[margin:{}] {}", self.code(), .0)]
    Operator(#[from] kit::OperatorError),
    #[error("[margin:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[margin:{}] {}", self.code(), .0)]
    Pause(#[from] kit::PauseError),
    #[error("[margin:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[margin:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[margin:{}] {}", self.code(), .0)]
    Math(#[from] MathError),
    #[error("[margin:{}] {what} must be above zero", self.code())]
    Zero { what: &'static str },
    #[error("[margin:{}] {name} is {actual}, must lie in {min} ..= {max}", self.code())]
    OutOfRange {
        name: &'static str,
        min: Uint128,
        max: Uint128,
        actual: Uint128,
    },
    #[error("[margin:{}] only {credit} (Credits) and {lco} (LCO) are taken, not {actual}", self.code())]
    ForeignToken { credit: Addr, lco: Addr, actual: Addr },
    #[error("[margin:{}] {expected} expected, not {actual}", self.code())]
    WrongToken {
        expected: &'static str,
        actual: &'static str,
    },
    #[error("[margin:{}] there is no position {position}", self.code())]
    PositionUnknown { position: u64 },
    #[error("[margin:{}] position {position} belongs to {expected}, not to {actual}", self.code())]
    NotPositionOwner {
        position: u64,
        expected: Addr,
        actual: Addr,
    },
    #[error("[margin:{}] {required} required, the pool has {available}", self.code())]
    PoolShort { available: Uint128, required: Uint128 },
    #[error("[margin:{}] a loan may use the pool up to {cap_bps} bps; {debt} of {total} would be lent", self.code())]
    UseCap {
        cap_bps: u16,
        debt: Uint128,
        total: Uint128,
    },
    #[error("[margin:{}] no new loans before {until} after a loss, now {now}", self.code())]
    Resting { until: u64, now: u64 },
    #[error("[margin:{}] the exchange has no mark yet", self.code())]
    NoMark,
    #[error("[margin:{}] the exchange cannot fill this: {}", self.code(), .0)]
    Unfillable(#[from] AmmError),
    #[error("[margin:{}] position {position} is on offer until {ends_at}; the exchange fills far from mark and from the last close", self.code())]
    OnOffer { position: u64, ends_at: u64 },
    #[error("[margin:{}] collateral ratio {actual_ppm} ppm, at least {required_bps} bps required", self.code())]
    RatioTooLow { required_bps: u16, actual_ppm: i64 },
    #[error("[margin:{}] position of {actual} {unit}, at most {max}", self.code())]
    PositionTooLarge {
        unit: &'static str,
        max: Uint128,
        actual: Uint128,
    },
    #[error("[margin:{}] all {} positions would be {actual} {unit}, at most {max}", self.code(), side.name())]
    SideTooLarge {
        side: Side,
        unit: &'static str,
        max: Uint128,
        actual: Uint128,
    },
    #[error("[margin:{}] position of {actual} µCredit at mark, at least {min}", self.code())]
    PositionTooSmall { min: Uint128, actual: Uint128 },
    #[error("[margin:{}] {actual} {what}, at least {min} asked for", self.code())]
    TooLittle {
        what: &'static str,
        min: Uint128,
        actual: Uint128,
    },
    #[error("[margin:{}] {available} cover {required} of debt not; add collateral or repay first", self.code())]
    DebtUncovered { available: Uint128, required: Uint128 },
    #[error("[margin:{}] position {position} has a collateral ratio of {actual_ppm} ppm; liquidated below {maintenance_bps} bps", self.code())]
    NotLiquidatable {
        position: u64,
        maintenance_bps: u16,
        actual_ppm: i64,
    },
    #[error("[margin:{}] position {position} is not on offer", self.code())]
    NotOnOffer { position: u64 },
    #[error("[margin:{}] {required} supply shares required, {available} there", self.code())]
    TooFewShares { available: Uint128, required: Uint128 },
    #[error("[margin:{}] {required} {token} are owed to pools and positions, {actual} there", self.code())]
    Short {
        token: &'static str,
        required: Uint128,
        actual: Uint128,
    },
    #[error("[margin:{}] no reply has the id {id}", self.code())]
    UnknownReply { id: u64 },
    #[error("[margin:{}] position {position} is a {}, not a {}", self.code(), actual.name(), expected.name())]
    OtherSide {
        position: u64,
        expected: Side,
        actual: Side,
    },
    #[error("[margin:{}] position {position} leaves {missing} of debt, and the Risk Reserve has {reserve} to sell for it: liquidate it", self.code())]
    ReserveFirst {
        position: u64,
        missing: Uint128,
        reserve: Uint128,
    },
    #[error("[margin:{}] there is nothing to collect", self.code())]
    NothingToCollect,
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
            Self::Zero { .. } => 2,
            Self::OutOfRange { .. } => 3,
            Self::ForeignToken { .. } => 4,
            Self::WrongToken { .. } => 5,
            Self::PositionUnknown { .. } => 6,
            Self::NotPositionOwner { .. } => 7,
            Self::PoolShort { .. } => 8,
            Self::UseCap { .. } => 9,
            Self::Resting { .. } => 10,
            Self::NoMark => 11,
            Self::Unfillable(_) => 12,
            Self::RatioTooLow { .. } => 13,
            Self::PositionTooLarge { .. } => 14,
            Self::SideTooLarge { .. } => 15,
            Self::PositionTooSmall { .. } => 16,
            Self::TooLittle { .. } => 17,
            Self::DebtUncovered { .. } => 18,
            Self::NotLiquidatable { .. } => 19,
            Self::NotOnOffer { .. } => 20,
            Self::TooFewShares { .. } => 21,
            Self::Short { .. } => 22,
            Self::UnknownReply { .. } => 23,
            Self::OtherSide { .. } => 24,
            Self::NothingToCollect => 25,
            Self::OnOffer { .. } => 26,
            Self::ReserveFirst { .. } => 27,
        }
    }
}

impl From<OverflowError> for ContractError {
    fn from(error: OverflowError) -> Self {
        Self::Std(error.into())
    }
}

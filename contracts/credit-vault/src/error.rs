//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{Addr, OverflowError, StdError, Uint128};
use interfaces::credit_vault::ReportRef;
use math::MathError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[vault:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[vault:{}] {}", self.code(), .0)]
    Math(#[from] MathError),
    #[error("[vault:{}] {}", self.code(), .0)]
    Ownership(#[from] kit::OwnershipError),
    #[error("[vault:{}] {}", self.code(), .0)]
    Operator(#[from] kit::OperatorError),
    #[error("[vault:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[vault:{}] {}", self.code(), .0)]
    Pause(#[from] kit::PauseError),
    #[error("[vault:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[vault:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),
    #[error("[vault:{}] {}", self.code(), .0)]
    Allowance(#[from] cw20_base::ContractError),

    #[error("[vault:{}] {what} must be above zero", self.code())]
    Zero { what: &'static str },
    #[error("[vault:{}] {required} µCredit required, {available} free", self.code())]
    InsufficientCredits { available: Uint128, required: Uint128 },
    #[error("[vault:{}] Credits go only to and from registered contracts: neither {sender} nor {recipient} is one", self.code())]
    TransferRestricted { sender: String, recipient: String },
    #[error("[vault:{}] transfers are open already", self.code())]
    TransfersOpen,
    #[error("[vault:{}] gateway {gateway} is not admitted", self.code())]
    GatewayUnknown { gateway: u64 },
    #[error("[vault:{}] gateway {gateway} is suspended", self.code())]
    GatewaySuspended { gateway: u64 },
    #[error("[vault:{}] only the payout address {expected} of gateway {gateway} may do this, not {actual}", self.code())]
    NotPayout {
        gateway: u64,
        expected: String,
        actual: Addr,
    },
    #[error("[vault:{}] the spending account at gateway {gateway} is {actual}, expected {expected}", self.code())]
    SpendingPhase {
        gateway: u64,
        expected: &'static str,
        actual: &'static str,
    },
    #[error("[vault:{}] withdrawable from {withdrawable_at}, now {now}", self.code())]
    WindowNotOver { withdrawable_at: u64, now: u64 },
    #[error("[vault:{}] nothing is booked for {account}", self.code())]
    NothingBooked { account: Addr },
    #[error("[vault:{}] {actual} {what}, at most {max}", self.code())]
    TooMany {
        what: &'static str,
        max: usize,
        actual: usize,
    },
    #[error("[vault:{}] {what} {value} stands twice", self.code())]
    Duplicate { what: &'static str, value: String },
    #[error("[vault:{}] entries of report {report:?} are not strictly sorted by account and SKU at {entry}", self.code())]
    Unsorted { report: ReportRef, entry: usize },
    #[error("[vault:{}] no {peer} is configured", self.code())]
    PeerMissing { peer: &'static str },
    #[error("[vault:{}] report {report:?} was not settled", self.code())]
    ReportUnknown { report: ReportRef },
    #[error("[vault:{}] entry {entry} of a report with {entries}", self.code())]
    EntryUnknown { entry: u16, entries: usize },
    #[error("[vault:{}] entry {entry} was charged nothing", self.code())]
    NothingCharged { entry: u16 },
    #[error("[vault:{}] the charge is {actual}, expected {expected}", self.code())]
    ChargeState {
        expected: &'static str,
        actual: &'static str,
    },
    #[error("[vault:{}] week {week} of gateway {gateway} is released", self.code())]
    WeekReleased { gateway: u64, week: u64 },
    #[error("[vault:{}] releasable from {releasable_at}, now {now}", self.code())]
    WeekNotOver { releasable_at: u64, now: u64 },
    #[error("[vault:{}] {open} charges of the week are set apart", self.code())]
    ChargesHeld { open: u64 },
    #[error("[vault:{}] the fund's share is {actual}, expected {min} to {max}", self.code())]
    FundShare {
        min: Uint128,
        max: Uint128,
        actual: Uint128,
    },
    #[error("[vault:{}] the scores of report {report:?} are not waiting", self.code())]
    ScoresNotWaiting { report: ReportRef },
    #[error("[vault:{}] SKU {sku} has no rate card", self.code())]
    SkuUnknown { sku: String },
    #[error("[vault:{}] SKU {sku} belongs to gateway {expected}, not {actual}", self.code())]
    SkuForeign { sku: String, expected: u64, actual: u64 },
    #[error("[vault:{}] a SKU is 1 to 64 printable ASCII characters without spaces, not {sku:?}", self.code())]
    SkuInvalid { sku: String },
    #[error("[vault:{}] {name} is {actual}, expected {min} to {max}", self.code())]
    OutOfRange {
        name: &'static str,
        min: Uint128,
        max: Uint128,
        actual: Uint128,
    },
    #[error("[vault:{}] SKU {sku} would have {actual} versions alive, at most {max}", self.code())]
    TooManyVersions { sku: String, max: usize, actual: usize },
    #[error("[vault:{}] free calls of week {week} are set", self.code())]
    FreeCallsSet { week: u64 },
    #[error("[vault:{}] week {actual} is past, now {current}", self.code())]
    WeekPast { current: u64, actual: u64 },
    #[error("[vault:{}] {address} is registered already", self.code())]
    AlreadyRegistered { address: Addr },
    #[error("[vault:{}] {denom:?} is not a native denom", self.code())]
    DenomInvalid { denom: String },
    #[error("[vault:{}] no reply has the id {id}", self.code())]
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
            Self::Allowance(_) => 2,
            Self::Zero { .. } => 3,
            Self::InsufficientCredits { .. } => 4,
            Self::TransferRestricted { .. } => 5,
            Self::TransfersOpen => 6,
            Self::GatewayUnknown { .. } => 7,
            Self::GatewaySuspended { .. } => 8,
            Self::NotPayout { .. } => 9,
            Self::SpendingPhase { .. } => 10,
            Self::WindowNotOver { .. } => 11,
            Self::NothingBooked { .. } => 12,
            Self::TooMany { .. } => 13,
            Self::Duplicate { .. } => 14,
            Self::Unsorted { .. } => 15,
            Self::PeerMissing { .. } => 16,
            Self::ReportUnknown { .. } => 17,
            Self::EntryUnknown { .. } => 18,
            Self::NothingCharged { .. } => 19,
            Self::ChargeState { .. } => 20,
            Self::WeekReleased { .. } => 21,
            Self::WeekNotOver { .. } => 22,
            Self::ChargesHeld { .. } => 23,
            Self::FundShare { .. } => 24,
            Self::ScoresNotWaiting { .. } => 25,
            Self::SkuUnknown { .. } => 26,
            Self::SkuForeign { .. } => 27,
            Self::SkuInvalid { .. } => 28,
            Self::OutOfRange { .. } => 29,
            Self::TooManyVersions { .. } => 30,
            Self::FreeCallsSet { .. } => 31,
            Self::WeekPast { .. } => 32,
            Self::AlreadyRegistered { .. } => 33,
            Self::DenomInvalid { .. } => 34,
            Self::UnknownReply { .. } => 35,
        }
    }
}

impl From<OverflowError> for ContractError {
    fn from(error: OverflowError) -> Self {
        Self::Std(error.into())
    }
}

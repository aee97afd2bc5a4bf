//! Refusals. Each carries what was expected and what came; the code in brackets never changes and is listed in `interfaces::governance`.

use cosmwasm_std::{Addr, OverflowError, StdError, Uint128};
use interfaces::governance::{Choice, Status};
use interfaces::voting::Moment;
use thiserror::Error;

use crate::strict::Flaw;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[governance:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[governance:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[governance:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[governance:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[governance:{}] {name} is {actual}, expected {min} to {max}", self.code())]
    OutOfRange {
        name: &'static str,
        min: u128,
        max: u128,
        actual: u128,
    },
    #[error("[governance:{}] {name} must have {min} to {max} bytes, not {actual}", self.code())]
    Text {
        name: &'static str,
        min: usize,
        max: usize,
        actual: usize,
    },
    #[error("[governance:{}] expected 1 to {max} {what}, not {actual}", self.code())]
    Count {
        what: &'static str,
        max: usize,
        actual: usize,
    },
    #[error("[governance:{}] {what} may have {max} bytes, not {actual}", self.code())]
    Bytes {
        what: &'static str,
        max: usize,
        actual: usize,
    },
    #[error("[governance:{}] there is no proposal {proposal}", self.code())]
    UnknownProposal { proposal: u64 },
    #[error("[governance:{}] no vote on the outcome of market {market} was opened", self.code())]
    UnknownOutcome { market: u64 },
    #[error("[governance:{}] proposal {proposal} must be {expected}, but is {actual:?}", self.code())]
    WrongStatus {
        proposal: u64,
        expected: &'static str,
        actual: Status,
    },
    #[error("[governance:{}] {actual:?} is no choice of this proposal, expected {expected}", self.code())]
    WrongChoice { expected: String, actual: Choice },
    #[error("[governance:{}] {voter} had no power at the moment of proposal {proposal}", self.code())]
    NoPower { proposal: u64, voter: Addr },
    #[error("[governance:{}] {voter} votes {choice:?} already", self.code())]
    SameVote { voter: Addr, choice: Choice },
    #[error("[governance:{}] call {index} is not a plain set_params: {flaw}", self.code())]
    NotSetParams { index: usize, flaw: Flaw },
    #[error("[governance:{}] message {index} {reason}", self.code())]
    Forbidden { index: usize, reason: &'static str },
    #[error("[governance:{}] the deposit is {expected}, not {actual}", self.code())]
    Deposit { expected: Uint128, actual: Uint128 },
    #[error("[governance:{}] the electorate holds {actual}, at least {floor} required", self.code())]
    BelowFloor { floor: Uint128, actual: Uint128 },
    #[error("[governance:{}] proposal {proposal} holds no deposit", self.code())]
    NoDeposit { proposal: u64 },
    #[error("[governance:{}] no prediction market is configured", self.code())]
    NoMarket,
    #[error("[governance:{}] the prediction market is {actual} for ever", self.code())]
    MarketSet { actual: Addr },
    #[error("[governance:{}] answer {answer} stands twice", self.code())]
    DuplicateAnswer { answer: u8 },
    #[error("[governance:{}] moments {from:?} and {to:?} must be in order and not after {now:?}", self.code())]
    Moments { from: Moment, to: Moment, now: Moment },
    #[error("[governance:{}] deposits cannot go to this contract itself", self.code())]
    RecipientIsSelf,
    #[error("[governance:{}] no vote on the appeal of case {case} was opened", self.code())]
    UnknownCase { case: u64 },
    #[error("[governance:{}] no appeals contract is configured", self.code())]
    NoAppeals,
    #[error("[governance:{}] the appeals contract is {actual} for ever", self.code())]
    AppealsSet { actual: Addr },
    #[error("[governance:{}] this instance does not govern VCAI", self.code())]
    NoNetwork,
    #[error("[governance:{}] the recipients receive {actual} together, not {expected}", self.code())]
    Recipients { expected: Uint128, actual: Uint128 },
    #[error("[governance:{}] recipient {address} stands twice", self.code())]
    DuplicateRecipient { address: Addr },
    #[error("[governance:{}] a strategic issuance must use the quota", self.code())]
    MustUseQuota,
    #[error("[governance:{}] no issuance is left: revenue opens {revenue_steps}, locks open {locked_steps}, {executed} executed", self.code())]
    Quota {
        revenue_steps: Uint128,
        locked_steps: Uint128,
        executed: u64,
    },
    #[error("[governance:{}] {left} can still be issued this year, not {actual}", self.code())]
    YearlyCap { left: Uint128, actual: Uint128 },
    #[error("[governance:{}] {locked} are locked, at least {needed} required", self.code())]
    TooLittleLocked { needed: Uint128, locked: Uint128 },
    #[error("[governance:{}] {actual} is above {max}, the most that may be spent within 90 days", self.code())]
    SpendTooLarge { max: Uint128, actual: Uint128 },
    #[error("[governance:{}] the exponent is {actual}, expected an even number from -18 to 18 other than 0", self.code())]
    Exponent { actual: i8 },
}

impl ContractError {
    /// Stable code.
    pub fn code(&self) -> u16 {
        match self {
            Self::Std(_) => 1,
            Self::Unauthorized(error) => error.code(),
            Self::Funds(error) => error.code(),
            Self::Migrate(error) => error.code(),
            Self::OutOfRange { .. } | Self::Exponent { .. } => 2,
            Self::Text { .. } => 3,
            Self::Count { .. } => 4,
            Self::Bytes { .. } => 5,
            Self::UnknownProposal { .. } | Self::UnknownOutcome { .. } | Self::UnknownCase { .. } => 6,
            Self::WrongStatus { .. } => 7,
            Self::WrongChoice { .. } => 8,
            Self::NoPower { .. } => 9,
            Self::SameVote { .. } => 10,
            Self::NotSetParams { .. } => 11,
            Self::Forbidden { .. } => 12,
            Self::Deposit { .. } => 13,
            Self::BelowFloor { .. } => 14,
            Self::NoDeposit { .. } => 15,
            Self::NoMarket => 16,
            Self::MarketSet { .. } => 17,
            Self::DuplicateAnswer { .. } => 18,
            Self::Moments { .. } => 19,
            Self::RecipientIsSelf => 20,
            Self::NoAppeals => 21,
            Self::AppealsSet { .. } => 22,
            Self::NoNetwork => 23,
            Self::Recipients { .. } | Self::DuplicateRecipient { .. } => 24,
            Self::MustUseQuota => 25,
            Self::Quota { .. } => 26,
            Self::YearlyCap { .. } => 27,
            Self::TooLittleLocked { .. } => 28,
            Self::SpendTooLarge { .. } => 29,
        }
    }
}

impl From<OverflowError> for ContractError {
    fn from(error: OverflowError) -> Self {
        Self::Std(error.into())
    }
}

//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{OverflowError, StdError, Uint128};
use interfaces::lco_staking::Tier;
use interfaces::prediction_market::Status;
use math::parimutuel::PoolError;
use math::MathError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[market:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[market:{}] {}", self.code(), .0)]
    Math(#[from] MathError),
    #[error("[market:{}] {}", self.code(), .0)]
    Pool(#[from] PoolError),
    #[error("[market:{}] {}", self.code(), .0)]
    Ownership(#[from] kit::OwnershipError),
    #[error("[market:{}] {}", self.code(), .0)]
    Operator(#[from] kit::OperatorError),
    #[error("[market:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[market:{}] {}", self.code(), .0)]
    Pause(#[from] kit::PauseError),
    #[error("[market:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[market:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[market:{}] {name} is {actual}, expected {min} to {max}", self.code())]
    OutOfRange {
        name: &'static str,
        min: Uint128,
        max: Uint128,
        actual: Uint128,
    },
    #[error("[market:{}] {what} has {actual} bytes, expected 1 to {max}", self.code())]
    TextLength {
        what: &'static str,
        max: usize,
        actual: usize,
    },
    #[error("[market:{}] outcome {name:?} stands twice", self.code())]
    OutcomeTwice { name: String },
    #[error("[market:{}] there is no market {market}", self.code())]
    MarketUnknown { market: u64 },
    #[error("[market:{}] answer {answer} is neither one of {outcomes} outcomes, counted from 0, nor void", self.code())]
    AnswerUnknown { answer: u8, outcomes: usize },
    #[error("[market:{}] market {market} is {actual:?}, expected {expected:?}", self.code())]
    WrongStatus {
        market: u64,
        expected: Status,
        actual: Status,
    },
    #[error("[market:{}] {what} of {actual} µLCO, at least {min}", self.code())]
    TooSmall {
        what: &'static str,
        min: Uint128,
        actual: Uint128,
    },
    #[error("[market:{}] {actual} out, expected at least {min}", self.code())]
    Slippage { min: Uint128, actual: Uint128 },
    #[error("[market:{}] outcome {outcome} would stand at {actual_ppm} ppm, at most {max_bps} basis points", self.code())]
    TooProbable { outcome: u8, max_bps: u16, actual_ppm: u32 },
    #[error("[market:{}] bought in this block, {height}", self.code())]
    SaleInPurchaseBlock { height: u64 },
    #[error("[market:{}] {asked} shares of {available} that can be sold", self.code())]
    NotEnoughShares { available: Uint128, asked: Uint128 },
    #[error("[market:{}] open interest would be {actual} µLCO, at most {cap}", self.code())]
    InterestCap { cap: Uint128, actual: Uint128 },
    #[error("[market:{}] the bond is {expected} µLCO, not {actual}", self.code())]
    WrongBond { expected: Uint128, actual: Uint128 },
    #[error("[market:{}] answer {answer} stands already", self.code())]
    SameAnswer { answer: u8 },
    #[error("[market:{}] {actual} bonds were given, at most {max}", self.code())]
    TooManyBonds { max: u8, actual: u8 },
    #[error("[market:{}] nobody gave a bond for answer {answer}", self.code())]
    AnswerNotBonded { answer: u8 },
    #[error("[market:{}] nothing to claim in market {market}", self.code())]
    NothingToClaim { market: u64 },
    #[error("[market:{}] the fee is waived from {expected:?} on, the tier was {actual:?}", self.code())]
    NoWaiver { expected: Tier, actual: Tier },
    #[error("[market:{}] nothing to burn in market {market}", self.code())]
    NothingToBurn { market: u64 },
    #[error("[market:{}] no {peer} is configured", self.code())]
    PeerMissing { peer: &'static str },
    #[error("[market:{}] {peer} is set already", self.code())]
    PeerSet { peer: &'static str },
    #[error("[market:{}] evidence of {actual} bytes, expected a hash of {expected}", self.code())]
    Evidence { expected: usize, actual: usize },
    #[error("[market:{}] no reply has the id {id}", self.code())]
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
            Self::Pool(error) => of_pool(error),
            Self::Math(_) => 1,
            Self::OutOfRange { .. } => 2,
            Self::TextLength { .. } => 3,
            Self::OutcomeTwice { .. } => 5,
            Self::MarketUnknown { .. } => 6,
            Self::AnswerUnknown { .. } => 8,
            Self::WrongStatus { .. } => 9,
            Self::TooSmall { .. } => 10,
            Self::Slippage { .. } => 12,
            Self::TooProbable { .. } => 13,
            Self::SaleInPurchaseBlock { .. } => 14,
            Self::NotEnoughShares { .. } => 15,
            Self::InterestCap { .. } => 16,
            Self::WrongBond { .. } => 18,
            Self::SameAnswer { .. } => 19,
            Self::TooManyBonds { .. } => 20,
            Self::AnswerNotBonded { .. } => 21,
            Self::NothingToClaim { .. } => 22,
            Self::NoWaiver { .. } => 23,
            Self::NothingToBurn { .. } => 24,
            Self::PeerMissing { .. } => 25,
            Self::PeerSet { .. } => 26,
            Self::Evidence { .. } => 27,
            Self::UnknownReply { .. } => 28,
        }
    }
}

fn of_pool(error: &PoolError) -> u16 {
    match error {
        PoolError::Math(_) | PoolError::Broken => 1,
        PoolError::Outcomes { .. } => 4,
        PoolError::NoOutcome { .. } => 7,
        PoolError::NothingOut { .. } => 11,
        PoolError::NotEnough { .. } => 15,
        PoolError::TooLarge { .. } => 17,
    }
}

impl From<OverflowError> for ContractError {
    fn from(_: OverflowError) -> Self {
        Self::Math(MathError::Overflow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_stable_and_shown() {
        let (zero, text) = (Uint128::zero(), String::new);
        let (name, what, peer) = ("x", "x", "x");
        let errors = [
            (1, MathError::Overflow.into()),
            (1, PoolError::Broken.into()),
            (1, PoolError::Math(MathError::Overflow).into()),
            (
                2,
                ContractError::OutOfRange {
                    name,
                    min: zero,
                    max: zero,
                    actual: zero,
                },
            ),
            (
                3,
                ContractError::TextLength {
                    what,
                    max: 1,
                    actual: 0,
                },
            ),
            (4, PoolError::Outcomes { actual: 1 }.into()),
            (5, ContractError::OutcomeTwice { name: text() }),
            (6, ContractError::MarketUnknown { market: 1 }),
            (7, PoolError::NoOutcome { actual: 2, outcomes: 2 }.into()),
            (8, ContractError::AnswerUnknown { answer: 2, outcomes: 2 }),
            (
                9,
                ContractError::WrongStatus {
                    market: 1,
                    expected: Status::Due,
                    actual: Status::Voting,
                },
            ),
            (
                10,
                ContractError::TooSmall {
                    what,
                    min: zero,
                    actual: zero,
                },
            ),
            (11, PoolError::NothingOut { amount: 1 }.into()),
            (
                12,
                ContractError::Slippage {
                    min: zero,
                    actual: zero,
                },
            ),
            (
                13,
                ContractError::TooProbable {
                    outcome: 0,
                    max_bps: 9_900,
                    actual_ppm: 999_000,
                },
            ),
            (14, ContractError::SaleInPurchaseBlock { height: 1 }),
            (
                15,
                ContractError::NotEnoughShares {
                    available: zero,
                    asked: zero,
                },
            ),
            (15, PoolError::NotEnough { available: 0, asked: 1 }.into()),
            (
                16,
                ContractError::InterestCap {
                    cap: zero,
                    actual: zero,
                },
            ),
            (17, PoolError::TooLarge { actual: 1 }.into()),
            (
                18,
                ContractError::WrongBond {
                    expected: zero,
                    actual: zero,
                },
            ),
            (19, ContractError::SameAnswer { answer: 0 }),
            (20, ContractError::TooManyBonds { max: 20, actual: 20 }),
            (21, ContractError::AnswerNotBonded { answer: 0 }),
            (22, ContractError::NothingToClaim { market: 1 }),
            (
                23,
                ContractError::NoWaiver {
                    expected: Tier::Lv4,
                    actual: Tier::Lv1,
                },
            ),
            (24, ContractError::NothingToBurn { market: 1 }),
            (25, ContractError::PeerMissing { peer }),
            (26, ContractError::PeerSet { peer }),
            (
                27,
                ContractError::Evidence {
                    expected: 32,
                    actual: 0,
                },
            ),
            (28, ContractError::UnknownReply { id: 9 }),
            (900, StdError::generic_err(text()).into()),
        ];
        for (code, error) in errors {
            let error: ContractError = error;
            assert_eq!(error.code(), code, "{error}");
            assert!(error.to_string().starts_with(&format!("[market:{code}] ")), "{error}");
        }
    }
}

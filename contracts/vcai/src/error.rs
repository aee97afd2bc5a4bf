//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{OverflowError, StdError, Uint128};
use cw20_base::ContractError as BaseError;
use kit::token::TokenError;
use kit::{FundsError, MigrateError, Unauthorized};
use math::MathError;
use thiserror::Error;

/// Every refusal of this contract.
#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    /// Storage failed, or an address does not parse.
    #[error("[vcai:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    /// A calculation has no result.
    #[error("[vcai:{}] {}", self.code(), .0)]
    Math(#[from] MathError),
    /// Issued nothing.
    #[error("[vcai:{}] nothing to issue", self.code())]
    ZeroAmount,
    /// Only `Issue` creates tokens.
    #[error("[vcai:{}] tokens are created by issue only", self.code())]
    NoMint,
    /// Who issues never changes.
    #[error("[vcai:{}] who issues is fixed", self.code())]
    FixedIssuer,
    /// More than the year has left.
    #[error("[vcai:{}] {amount} is more than {left} left of {cap} in year {year}", self.code())]
    YearlyCap {
        year: u64,
        cap: Uint128,
        left: Uint128,
        amount: Uint128,
    },
    /// Odd, zero, or beyond what decimals can show.
    #[error("[vcai:{}] exponent {exponent} at {decimals} decimals: it must be even, not 0, and leave 0 to {max} decimals", self.code())]
    Exponent { exponent: i8, decimals: u8, max: u8 },
    /// Refusals of the standard messages.
    #[error("[vcai:{}] {}", self.code(), .0)]
    Token(#[from] TokenError),
    /// The sender is not `governance`.
    #[error("[vcai:{}] {}", self.code(), .0)]
    Unauthorized(#[from] Unauthorized),
    /// Coins came with the message.
    #[error("[vcai:{}] {}", self.code(), .0)]
    Funds(#[from] FundsError),
    /// The new code does not fit the state.
    #[error("[vcai:{}] {}", self.code(), .0)]
    Migrate(#[from] MigrateError),
}

impl ContractError {
    /// Stable numeric code: own ones from 1, those of `kit` from 900.
    pub fn code(&self) -> u16 {
        match self {
            Self::Math(_) => 1,
            Self::ZeroAmount => 2,
            Self::NoMint => 3,
            Self::FixedIssuer => 4,
            Self::YearlyCap { .. } => 5,
            Self::Exponent { .. } => 6,
            Self::Std(_) => kit::CODE_STORAGE,
            Self::Token(error) => error.code(),
            Self::Unauthorized(error) => error.code(),
            Self::Funds(error) => error.code(),
            Self::Migrate(error) => error.code(),
        }
    }
}

impl From<BaseError> for ContractError {
    fn from(error: BaseError) -> Self {
        Self::Token(error.into())
    }
}

impl From<OverflowError> for ContractError {
    fn from(error: OverflowError) -> Self {
        Self::Std(error.into())
    }
}

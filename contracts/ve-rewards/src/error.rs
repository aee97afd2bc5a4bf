//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{Addr, StdError};
use math::MathError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[rewards:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[rewards:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[rewards:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[rewards:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[rewards:{}] the amount must be above zero", self.code())]
    Zero,
    #[error("[rewards:{}] {account} has earned nothing that is not paid", self.code())]
    NothingDue { account: Addr },
    #[error("[rewards:{}] {}", self.code(), .0)]
    Math(#[from] MathError),
}

impl ContractError {
    /// Stable numeric code: own ones from 1, those of `kit` from 900.
    pub fn code(&self) -> u16 {
        match self {
            Self::Std(_) => kit::CODE_STORAGE,
            Self::Unauthorized(error) => error.code(),
            Self::Funds(error) => error.code(),
            Self::Migrate(error) => error.code(),
            Self::Zero => 1,
            Self::NothingDue { .. } => 2,
            Self::Math(_) => 3,
        }
    }
}

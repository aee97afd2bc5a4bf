//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{Addr, StdError};
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[adapter:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[adapter:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[adapter:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[adapter:{}] {module} does not answer as a voting module: {reason}", self.code())]
    NoModule { module: Addr, reason: String },
}

impl ContractError {
    /// Stable numeric code: own ones from 1, those of `kit` from 900.
    pub fn code(&self) -> u16 {
        match self {
            Self::Std(_) => kit::CODE_STORAGE,
            Self::Funds(error) => error.code(),
            Self::Migrate(error) => error.code(),
            Self::NoModule { .. } => 1,
        }
    }
}

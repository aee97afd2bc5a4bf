//! Refusals.

use cosmwasm_std::{Addr, StdError};
use cw721::Expiration;
use thiserror::Error;

/// Refusals of this crate.
#[derive(Error, Debug, PartialEq)]
pub enum NftError {
    /// Storage failed, or an address does not parse.
    #[error("{0}")]
    Std(#[from] StdError),
    /// There is no such token.
    #[error("there is no token {id}")]
    NotFound {
        /// Its id.
        id: String,
    },
    /// There is such a token already.
    #[error("there is a token {id} already")]
    Exists {
        /// Its id.
        id: String,
    },
    /// The sender is not the holder, nor approved by him.
    #[error("{sender} may not move token {id}")]
    NotMovable {
        /// Its id.
        id: String,
        /// The sender.
        sender: Addr,
    },
    /// The sender is not the holder, nor one of his operators.
    #[error("{sender} may not approve for token {id}")]
    NotApprovable {
        /// Its id.
        id: String,
        /// The sender.
        sender: Addr,
    },
    /// An approval that is over already.
    #[error("an approval cannot end in the past: {expires}")]
    Expired {
        /// Its end.
        expires: Expiration,
    },
    /// More live approvals of a token than fit.
    #[error("a token has at most {max} approvals")]
    TooManyApprovals {
        /// Most.
        max: usize,
    },
    /// The holder approved no such address.
    #[error("{spender} is not approved")]
    NoApproval {
        /// The address asked for.
        spender: Addr,
    },
}

impl NftError {
    /// Stable code, see the crate's list.
    pub fn code(&self) -> u16 {
        match self {
            Self::Std(_) => kit::CODE_STORAGE,
            Self::NotFound { .. } => 970,
            Self::Exists { .. } => 971,
            Self::NotMovable { .. } => 972,
            Self::NotApprovable { .. } => 973,
            Self::Expired { .. } => 974,
            Self::TooManyApprovals { .. } => 975,
            Self::NoApproval { .. } => 976,
        }
    }
}

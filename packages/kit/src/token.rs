//! What tokens built on `cw20-base` share: refusals that name what was there, and their codes (950 to 960).
//!
//! `cw20-base` answers a move of too many tokens with a bare arithmetic overflow. The reason is looked up afterwards, so that a clear answer costs a successful move
//! nothing.

use cosmwasm_std::{Addr, MessageInfo, StdError, StdResult, Storage, Uint128};
use cw20_base::state::{ALLOWANCES, BALANCES};
use cw20_base::ContractError as BaseError;
use thiserror::Error;

use crate::CODE_STORAGE;

/// Refusals of the standard messages.
#[derive(Error, Debug, PartialEq)]
pub enum TokenError {
    /// Storage failed, or an address does not parse.
    #[error("{0}")]
    Std(#[from] StdError),
    /// The owner has less than is to move.
    #[error("{owner} has {actual}, less than {expected}")]
    Balance {
        /// Whose tokens.
        owner: String,
        /// What is to move.
        expected: Uint128,
        /// What is there.
        actual: Uint128,
    },
    /// The sender may use less than is to move.
    #[error("allowance from {owner} is {actual}, less than {expected}")]
    Allowance {
        /// Whose tokens.
        owner: String,
        /// What is to move.
        expected: Uint128,
        /// What is allowed.
        actual: Uint128,
    },
    /// Any other refusal.
    #[error("{0}")]
    Base(BaseError),
}

impl TokenError {
    /// Stable code, see the crate's table.
    pub fn code(&self) -> u16 {
        match self {
            Self::Std(_) => CODE_STORAGE,
            Self::Balance { .. } => 950,
            Self::Allowance { .. } => 951,
            Self::Base(error) => base_code(error),
        }
    }
}

fn base_code(error: &BaseError) -> u16 {
    match error {
        BaseError::Expired {} => 952,
        BaseError::NoAllowance {} => 953,
        // only the marketing messages reach cw20-base's own check of the sender
        BaseError::Unauthorized {} => 954,
        BaseError::CannotSetOwnAccount {} => 955,
        BaseError::InvalidExpiration {} => 956,
        BaseError::LogoTooBig {} => 957,
        BaseError::InvalidXmlPreamble {} => 958,
        BaseError::InvalidPngHeader {} => 959,
        _ => 960,
    }
}

impl From<BaseError> for TokenError {
    fn from(error: BaseError) -> Self {
        match error {
            // the one row whose absence cw20-base reports is the allowance that DecreaseAllowance looks for
            BaseError::Std(StdError::NotFound { .. }) => Self::Base(BaseError::NoAllowance {}),
            BaseError::Std(error) => Self::Std(error),
            error => Self::Base(error),
        }
    }
}

/// A move that `cw20-base` may refuse.
pub struct Move {
    owner: Addr,
    spender: Option<Addr>,
    amount: Uint128,
}

impl Move {
    /// The sender moves its own tokens.
    pub fn own(info: &MessageInfo, amount: Uint128) -> Self {
        Self {
            owner: info.sender.clone(),
            spender: None,
            amount,
        }
    }

    /// The sender moves tokens of `owner`.
    pub fn allowed(info: &MessageInfo, owner: &str, amount: Uint128) -> Self {
        Self {
            owner: Addr::unchecked(owner),
            spender: Some(info.sender.clone()),
            amount,
        }
    }

    /// Turns the refusal of this move into one that names what was there.
    pub fn explain(self, storage: &dyn Storage, error: BaseError) -> TokenError {
        match error {
            BaseError::Std(StdError::Overflow { .. }) => self.shortfall(storage).unwrap_or_else(TokenError::Std),
            error => error.into(),
        }
    }

    /// The balance is looked at first: a refused move has not touched it, but may have lowered the allowance.
    fn shortfall(self, storage: &dyn Storage) -> StdResult<TokenError> {
        let (owner, expected) = (self.owner.to_string(), self.amount);
        let balance = BALANCES.may_load(storage, &self.owner)?.unwrap_or_default();
        let Some(spender) = self.spender.filter(|_| balance >= expected) else {
            return Ok(TokenError::Balance {
                owner,
                expected,
                actual: balance,
            });
        };
        let allowance = ALLOWANCES
            .may_load(storage, (&self.owner, &spender))?
            .unwrap_or_default();
        Ok(TokenError::Allowance {
            owner,
            expected,
            actual: allowance.allowance,
        })
    }
}

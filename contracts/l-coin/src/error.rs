//! Refusals. Codes are stable and listed in `interfaces::l_coin`.

use cosmwasm_std::{Addr, StdError, Uint128};
use cw20_base::ContractError as BaseError;
use kit::{FundsError, MigrateError};
use thiserror::Error;

/// Every refusal of this contract.
#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    /// Storage failed, or an address does not parse.
    #[error("[coin:{code}] {0}", code = self.code())]
    Std(#[from] StdError),
    /// The token must have the decimals of its cap.
    #[error("[coin:{code}] decimals must be {expected}, not {actual}", code = self.code())]
    Decimals {
        /// What they must be.
        expected: u8,
        /// What was given.
        actual: u8,
    },
    /// Only the minter mints.
    #[error("[coin:{code}] only the minter {expected} may mint, not {actual}", code = self.code())]
    NotMinter {
        /// The minter.
        expected: Addr,
        /// The sender.
        actual: Addr,
    },
    /// The minter never changes.
    #[error("[coin:{code}] the minter is fixed", code = self.code())]
    FixedMinter,
    /// More would be minted than may ever be.
    #[error("[coin:{code}] minting {amount} on top of {minted} ever minted would pass the cap of {cap}", code = self.code())]
    CapExceeded {
        /// Most that may ever be minted.
        cap: Uint128,
        /// Ever minted, burned tokens included.
        minted: Uint128,
        /// What was asked for.
        amount: Uint128,
    },
    /// Minting nothing.
    #[error("[coin:{code}] amount for {recipient} is zero", code = self.code())]
    ZeroAmount {
        /// Who would have received nothing.
        recipient: String,
    },
    /// A batch of no or too many recipients.
    #[error("[coin:{code}] a batch has 1 to {max} recipients, not {actual}", code = self.code())]
    BatchSize {
        /// Most there may be.
        max: usize,
        /// How many there are.
        actual: usize,
    },
    /// One recipient twice.
    #[error("[coin:{code}] {recipient} is in the batch twice", code = self.code())]
    DuplicateRecipient {
        /// The address.
        recipient: String,
    },
    /// The owner has less than is to move.
    #[error("[coin:{code}] {owner} has {actual}, less than {expected}", code = self.code())]
    InsufficientBalance {
        /// Whose tokens.
        owner: String,
        /// What is to move.
        expected: Uint128,
        /// What is there.
        actual: Uint128,
    },
    /// The sender may use less than is to move.
    #[error("[coin:{code}] allowance from {owner} is {actual}, less than {expected}", code = self.code())]
    InsufficientAllowance {
        /// Whose tokens.
        owner: String,
        /// What is to move.
        expected: Uint128,
        /// What is allowed.
        actual: Uint128,
    },
    /// Any other refusal of the standard messages.
    #[error("[coin:{code}] {0}", code = self.code())]
    Base(BaseError),
    /// Coins came with the message.
    #[error("[coin:{code}] {0}", code = self.code())]
    Funds(#[from] FundsError),
    /// The new code does not fit the state.
    #[error("[coin:{code}] {0}", code = self.code())]
    Migrate(#[from] MigrateError),
}

impl ContractError {
    /// Stable code.
    pub fn code(&self) -> u16 {
        match self {
            Self::Std(_) => 1,
            Self::Decimals { .. } => 2,
            Self::NotMinter { .. } => 3,
            Self::FixedMinter => 4,
            Self::CapExceeded { .. } => 5,
            Self::ZeroAmount { .. } => 6,
            Self::BatchSize { .. } => 7,
            Self::DuplicateRecipient { .. } => 8,
            Self::InsufficientBalance { .. } => 9,
            Self::InsufficientAllowance { .. } => 10,
            Self::Base(error) => base_code(error),
            Self::Funds(error) => error.code(),
            Self::Migrate(error) => error.code(),
        }
    }
}

fn base_code(error: &BaseError) -> u16 {
    match error {
        BaseError::Expired {} => 11,
        BaseError::NoAllowance {} => 12,
        // only the marketing messages reach cw20-base's own check of the sender
        BaseError::Unauthorized {} => 13,
        BaseError::CannotSetOwnAccount {} => 14,
        BaseError::InvalidExpiration {} => 15,
        BaseError::LogoTooBig {} => 16,
        BaseError::InvalidXmlPreamble {} => 17,
        BaseError::InvalidPngHeader {} => 18,
        _ => 19,
    }
}

impl From<BaseError> for ContractError {
    fn from(error: BaseError) -> Self {
        match error {
            // the one row whose absence cw20-base reports is the allowance that DecreaseAllowance looks for
            BaseError::Std(StdError::NotFound { .. }) => Self::Base(BaseError::NoAllowance {}),
            BaseError::Std(error) => Self::Std(error),
            error => Self::Base(error),
        }
    }
}

//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{Addr, OverflowError, StdError, Uint128};
use math::vesting::VestingError;
use nft::NftError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[genesis:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[genesis:{}] {}", self.code(), .0)]
    Vesting(#[from] VestingError),
    #[error("[genesis:{}] {}", self.code(), .0)]
    Nft(#[from] NftError),
    #[error("[genesis:{}] {}", self.code(), .0)]
    Ownership(#[from] kit::OwnershipError),
    #[error("[genesis:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[genesis:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[genesis:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[genesis:{}] {name} is {actual}, expected {min} to {max}", self.code())]
    OutOfRange {
        name: &'static str,
        min: u128,
        max: u128,
        actual: u128,
    },
    #[error("[genesis:{}] the sale runs from {opens} to {closes}, now {now}", self.code())]
    NotOnSale { opens: u64, closes: u64, now: u64 },
    #[error("[genesis:{}] until {until} only listed addresses buy, and {buyer} is not one", self.code())]
    NotListed { buyer: Addr, until: u64 },
    #[error("[genesis:{}] {actual} tokens, of which {left} are left", self.code())]
    SoldOut { left: u32, actual: u32 },
    #[error("[genesis:{}] {actual} tokens on top of {bought}, at most {max} for an address", self.code())]
    WalletFull { max: u32, bought: u32, actual: u32 },
    #[error("[genesis:{}] {actual} attached, the price is {expected}", self.code())]
    Price { expected: Uint128, actual: Uint128 },
    #[error("[genesis:{}] the TGE has happened", self.code())]
    TgeDone,
    #[error("[genesis:{}] the TGE has not happened", self.code())]
    TgeMissing,
    #[error("[genesis:{}] token {id} is named twice", self.code())]
    Duplicate { id: String },
    #[error("[genesis:{}] token {id} is {holder}'s, not {actual}'s", self.code())]
    NotHolder { id: String, holder: Addr, actual: Addr },
    #[error("[genesis:{}] nothing to claim now", self.code())]
    NothingToClaim,
    #[error("[genesis:{}] before the TGE tokens can be burned, for a refund, from {from}, now {now}", self.code())]
    BurnTooEarly { from: u64, now: u64 },
}

impl ContractError {
    /// Stable numeric code: own ones from 1, those of `kit` and `nft` from 900.
    pub fn code(&self) -> u16 {
        match self {
            Self::Nft(error) => error.code(),
            Self::Ownership(error) => error.code(),
            Self::Unauthorized(error) => error.code(),
            Self::Funds(error) => error.code(),
            Self::Migrate(error) => error.code(),
            Self::Std(_) => kit::CODE_STORAGE,
            Self::Vesting(_) => 1,
            Self::OutOfRange { .. } => 2,
            Self::NotOnSale { .. } => 3,
            Self::NotListed { .. } => 4,
            Self::SoldOut { .. } => 5,
            Self::WalletFull { .. } => 6,
            Self::Price { .. } => 7,
            Self::TgeDone => 8,
            Self::TgeMissing => 9,
            Self::Duplicate { .. } => 10,
            Self::NotHolder { .. } => 11,
            Self::NothingToClaim => 12,
            Self::BurnTooEarly { .. } => 13,
        }
    }
}

impl From<OverflowError> for ContractError {
    fn from(error: OverflowError) -> Self {
        Self::Std(error.into())
    }
}

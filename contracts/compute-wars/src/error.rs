//! Refusals. Each carries what was expected and what came; the code in brackets never changes.

use cosmwasm_std::{Addr, OverflowError, StdError};
use math::MathError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[wars:{}] {}", self.code(), .0)]
    Std(#[from] StdError),
    #[error("[wars:{}] {}", self.code(), .0)]
    Math(#[from] MathError),
    #[error("[wars:{}] {}", self.code(), .0)]
    Ownership(#[from] kit::OwnershipError),
    #[error("[wars:{}] {}", self.code(), .0)]
    Unauthorized(#[from] kit::Unauthorized),
    #[error("[wars:{}] {}", self.code(), .0)]
    Funds(#[from] kit::FundsError),
    #[error("[wars:{}] {}", self.code(), .0)]
    Migrate(#[from] kit::MigrateError),

    #[error("[wars:{}] {name} is {actual}, expected {min} to {max}", self.code())]
    OutOfRange {
        name: &'static str,
        min: u64,
        max: u64,
        actual: u64,
    },
    #[error("[wars:{}] the share of rank {rank} is above that of the rank before", self.code())]
    SharesRise { rank: usize },
    #[error("[wars:{}] a score of {account} is zero", self.code())]
    ZeroScore { account: String },
    #[error("[wars:{}] week {actual} has not begun, now {current}", self.code())]
    WeekAhead { current: u64, actual: u64 },
    #[error("[wars:{}] week {week} is over from {over_at}, now {now}", self.code())]
    WeekNotOver { week: u64, over_at: u64, now: u64 },
    #[error("[wars:{}] week {actual} is before the first one, {first}", self.code())]
    BeforeFirst { first: u64, actual: u64 },
    #[error("[wars:{}] week {week} is finalized already", self.code())]
    Finalized { week: u64 },
    #[error("[wars:{}] week {week} is not finalized", self.code())]
    NotFinalized { week: u64 },
    #[error("[wars:{}] no {peer} is configured", self.code())]
    PeerMissing { peer: &'static str },
    #[error("[wars:{}] the {peer} is {actual} for ever", self.code())]
    PeerSet { peer: &'static str, actual: Addr },
    #[error("[wars:{}] weeks are collected in order: {expected} is next, not {actual}", self.code())]
    OutOfOrder { expected: u64, actual: u64 },
    #[error("[wars:{}] the prizes of week {week} are not collected", self.code())]
    NotCollected { week: u64 },
    #[error("[wars:{}] {account} has no prize in week {week}", self.code())]
    NoPrize { account: Addr, week: u64 },
    #[error("[wars:{}] the prize of rank {rank} in week {week} is claimed", self.code())]
    Claimed { week: u64, rank: u32 },
    #[error("[wars:{}] only the champion {} of week {week} may do this, not {actual}", self.code(), .expected.as_ref().map_or("(none)", Addr::as_str))]
    NotChampion {
        week: u64,
        expected: Option<Addr>,
        actual: Addr,
    },
    #[error("[wars:{}] a perk won in week {week} is chosen in week {expected}, now {current}", self.code())]
    PerkWeek { week: u64, expected: u64, current: u64 },
    #[error("[wars:{}] the perk won in week {week} is chosen", self.code())]
    PerkChosen { week: u64 },
    #[error("[wars:{}] no reply has the id {id}", self.code())]
    UnknownReply { id: u64 },
}

impl ContractError {
    /// Stable numeric code: own ones from 1, those of `kit` from 900.
    pub fn code(&self) -> u16 {
        match self {
            Self::Ownership(error) => error.code(),
            Self::Unauthorized(error) => error.code(),
            Self::Funds(error) => error.code(),
            Self::Migrate(error) => error.code(),
            Self::Std(_) => kit::CODE_STORAGE,
            Self::Math(_) => 1,
            Self::OutOfRange { .. } => 2,
            Self::SharesRise { .. } => 3,
            Self::ZeroScore { .. } => 4,
            Self::WeekAhead { .. } => 5,
            Self::WeekNotOver { .. } => 6,
            Self::BeforeFirst { .. } => 7,
            Self::Finalized { .. } => 8,
            Self::NotFinalized { .. } => 9,
            Self::PeerMissing { .. } => 10,
            Self::PeerSet { .. } => 11,
            Self::OutOfOrder { .. } => 12,
            Self::NotCollected { .. } => 13,
            Self::NoPrize { .. } => 14,
            Self::Claimed { .. } => 15,
            Self::NotChampion { .. } => 16,
            Self::PerkWeek { .. } => 17,
            Self::PerkChosen { .. } => 18,
            Self::UnknownReply { .. } => 19,
        }
    }
}

impl From<OverflowError> for ContractError {
    fn from(error: OverflowError) -> Self {
        Self::Std(error.into())
    }
}

//! Refusals. Codes are stable and listed in `interfaces::timelock`.

use cosmwasm_std::{StdError, Timestamp};
use kit::{FundsError, MigrateError, OwnershipError, Unauthorized};
use thiserror::Error;

/// Every refusal of this contract.
#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    /// Storage failed, or an address does not parse.
    #[error("[timelock:{code}] {0}", code = self.code())]
    Std(#[from] StdError),
    /// A duration lies outside its bounds.
    #[error("[timelock:{code}] {name} must be {min} to {max} s, not {actual} s", code = self.code())]
    Duration {
        /// Which duration.
        name: &'static str,
        /// Least allowed, seconds.
        min: u64,
        /// Greatest allowed, seconds.
        max: u64,
        /// What was given, seconds.
        actual: u64,
    },
    /// A text is empty or too long.
    #[error("[timelock:{code}] {name} must have {min} to {max} bytes, not {actual}", code = self.code())]
    Text {
        /// Which text.
        name: &'static str,
        /// Least bytes.
        min: usize,
        /// Most bytes.
        max: usize,
        /// Bytes given.
        actual: usize,
    },
    /// No messages, or too many.
    #[error("[timelock:{code}] an entry has 1 to {max} messages, not {actual}", code = self.code())]
    MessageCount {
        /// Most there may be.
        max: usize,
        /// How many there are.
        actual: usize,
    },
    /// Messages are too large.
    #[error("[timelock:{code}] messages may have {max} bytes, not {actual}", code = self.code())]
    MessageBytes {
        /// Most bytes of JSON.
        max: usize,
        /// Bytes there are.
        actual: usize,
    },
    /// No entry of this id.
    #[error("[timelock:{code}] there is no entry {id}", code = self.code())]
    UnknownEntry {
        /// The id asked for.
        id: u64,
    },
    /// The delay is not over.
    #[error("[timelock:{code}] entry {id} is due at {ready_at}, now is {now}", code = self.code())]
    TooEarly {
        /// The entry.
        id: u64,
        /// First moment it can be executed.
        ready_at: Timestamp,
        /// Block time.
        now: Timestamp,
    },
    /// The grace is over.
    #[error("[timelock:{code}] entry {id} expired at {expires_at}, now is {now}", code = self.code())]
    Expired {
        /// The entry.
        id: u64,
        /// First moment it could no longer be executed.
        expires_at: Timestamp,
        /// Block time.
        now: Timestamp,
    },
    /// The messages were sent already.
    #[error("[timelock:{code}] entry {id} was executed at {at}", code = self.code())]
    AlreadyExecuted {
        /// The entry.
        id: u64,
        /// Block time of executing.
        at: Timestamp,
    },
    /// The owner took the entry back.
    #[error("[timelock:{code}] entry {id} was cancelled at {at}", code = self.code())]
    AlreadyCancelled {
        /// The entry.
        id: u64,
        /// Block time of cancelling.
        at: Timestamp,
    },
    /// Not the owner, or not the proposed one.
    #[error("[timelock:{code}] {0}", code = self.code())]
    Ownership(#[from] OwnershipError),
    /// Only the timelock itself may, through its own queue.
    #[error("[timelock:{code}] {0}", code = self.code())]
    Unauthorized(#[from] Unauthorized),
    /// Coins came with the message.
    #[error("[timelock:{code}] {0}", code = self.code())]
    Funds(#[from] FundsError),
    /// The new code does not fit the state.
    #[error("[timelock:{code}] {0}", code = self.code())]
    Migrate(#[from] MigrateError),
}

impl ContractError {
    /// Stable code.
    pub fn code(&self) -> u16 {
        match self {
            Self::Std(_) => 1,
            Self::Duration { .. } => 2,
            Self::Text { .. } => 3,
            Self::MessageCount { .. } => 4,
            Self::MessageBytes { .. } => 5,
            Self::UnknownEntry { .. } => 6,
            Self::TooEarly { .. } => 7,
            Self::Expired { .. } => 8,
            Self::AlreadyExecuted { .. } => 9,
            Self::AlreadyCancelled { .. } => 10,
            Self::Ownership(error) => error.code(),
            Self::Unauthorized(error) => error.code(),
            Self::Funds(error) => error.code(),
            Self::Migrate(error) => error.code(),
        }
    }
}

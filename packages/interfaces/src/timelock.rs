//! Public queue through which contracts are migrated and their peers changed, never sooner than a fixed delay.
//!
//! The owner proposes, everyone can read what is coming and leave, and after the delay anyone executes. The timelock is
//! the wasm admin of the contracts it guards and of itself. Whoever steals the owner's key can queue in public, cancel,
//! and nothing else: delay and owner change only through the queue, so the rightful owner can cancel every such attempt.
//!
//! No message takes native coins; attached ones are refused (932).
//!
//! # Error codes
//! Shown as `[timelock:<code>]`; codes from 900 are those of `kit`, among them 901 (not the owner) and 911 (not the
//! timelock itself).
//!
//! | code | meaning |
//! |---|---|
//! | 1 | storage failed, or an address does not parse |
//! | 2 | a duration lies outside its bounds |
//! | 3 | a text is empty or too long |
//! | 4 | no messages, or too many |
//! | 5 | messages are too large |
//! | 6 | no such entry |
//! | 7 | entry is not due yet |
//! | 8 | entry is expired |
//! | 9 | entry is executed already |
//! | 10 | entry is cancelled |

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{CosmosMsg, Timestamp};

use crate::common::{OwnershipMsg, OwnershipResponse};

/// Least delay any instance can have, in seconds: 24 hours.
pub const LEAST_DELAY: u64 = 24 * 60 * 60;
/// Greatest delay, in seconds: 30 days.
pub const GREATEST_DELAY: u64 = 30 * 24 * 60 * 60;
/// Least time an entry stays executable, in seconds: 24 hours.
pub const LEAST_GRACE: u64 = 24 * 60 * 60;
/// Greatest time an entry stays executable, in seconds: 30 days.
pub const GREATEST_GRACE: u64 = 30 * 24 * 60 * 60;
/// Most messages of one entry.
pub const MAX_MSGS: usize = 16;
/// Most bytes of an entry's messages as JSON.
pub const MAX_MSGS_BYTES: usize = 32 * 1024;
/// Most bytes of a title.
pub const MAX_TITLE_BYTES: usize = 128;
/// Most bytes of a description.
pub const MAX_DESCRIPTION_BYTES: usize = 4 * 1024;

/// The wasm admin given beside this message must be the timelock's own address, computed beforehand.
#[cw_serde]
pub struct InstantiateMsg {
    /// Address that queues and cancels.
    pub owner: String,
    /// Least seconds between queueing and executing, from `floor` to [`GREATEST_DELAY`].
    pub min_delay: u64,
    /// Seconds below which `min_delay` can never be set, from [`LEAST_DELAY`] to [`GREATEST_DELAY`]. Never changes.
    pub floor: u64,
    /// Seconds an entry stays executable once due, from [`LEAST_GRACE`] to [`GREATEST_GRACE`]. Never changes.
    pub grace: u64,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// Announces messages that the timelock will send. Answers with the entry's id in the data (JSON, [`QueueResponse`]).
    ///
    /// Permission: Owner
    Queue {
        /// One line, 1 to [`MAX_TITLE_BYTES`] bytes.
        title: String,
        /// Why and what, with links to the code; up to [`MAX_DESCRIPTION_BYTES`] bytes.
        description: String,
        /// 1 to [`MAX_MSGS`] messages, sent in this order, all or none; up to [`MAX_MSGS_BYTES`] bytes as JSON.
        msgs: Vec<CosmosMsg>,
        /// Seconds from now until due, from the present `min_delay` (also the default) to [`GREATEST_DELAY`].
        delay: Option<u64>,
    },
    /// Sends the messages of an entry, from its `ready_at` until just before its `expires_at`. If one fails, nothing
    /// happened and the entry can be tried again.
    ///
    /// Permission: Anyone
    Execute {
        /// The entry.
        id: u64,
    },
    /// Takes an entry back, due or not.
    ///
    /// Permission: Owner
    Cancel {
        /// The entry.
        id: u64,
    },
    /// Sets `min_delay` for entries queued from now on; those queued already keep their times.
    ///
    /// Permission: Timelock (through its own queue)
    SetDelay {
        /// Seconds, from `floor` to [`GREATEST_DELAY`].
        min_delay: u64,
    },
    /// Hands the queue over in two steps. `Propose` is for the timelock itself, through its own queue, so that a stolen
    /// key cannot shut the rightful owner out; `Cancel` is for the owner, `Accept` for the proposed owner.
    ///
    /// Permission: Timelock (Propose) | Owner (Cancel) | PendingOwner (Accept)
    Ownership(OwnershipMsg),
}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Parameters, owner and number of entries.
    #[returns(ConfigResponse)]
    Config {},
    /// Owner and proposed owner.
    #[returns(OwnershipResponse)]
    Ownership {},
    /// One entry with its messages.
    #[returns(EntryResponse)]
    Entry {
        /// The entry.
        id: u64,
    },
    /// Entries without their messages, newest first.
    #[returns(EntriesResponse)]
    Entries {
        /// Last (smallest) id of the page before.
        start_after: Option<u64>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
}

/// State is kept as it is; only the recorded version changes.
#[cw_serde]
pub struct MigrateMsg {}

/// Data of the answer to `Queue`.
#[cw_serde]
pub struct QueueResponse {
    /// Id of the new entry; ids count from 1.
    pub id: u64,
}

/// Answer to `Config {}`. Durations are in seconds.
#[cw_serde]
pub struct ConfigResponse {
    /// Address that queues and cancels.
    pub owner: String,
    /// Address that may take the queue over.
    pub pending_owner: Option<String>,
    /// Least time between queueing and executing.
    pub min_delay: u64,
    /// Least that `min_delay` can ever be.
    pub floor: u64,
    /// Time an entry stays executable once due.
    pub grace: u64,
    /// Entries ever queued; also the newest id.
    pub entries: u64,
}

/// What an entry can be.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum EntryState {
    /// Waiting for `ready_at`.
    Pending,
    /// Can be executed by anyone.
    Ready,
    /// Was not executed before `expires_at` and never will be.
    Expired,
    /// Its messages were sent.
    Executed,
    /// Taken back by the owner.
    Cancelled,
}

/// An entry without its messages.
#[cw_serde]
pub struct EntrySummary {
    /// Counts from 1.
    pub id: u64,
    /// One line.
    pub title: String,
    /// Block time of queueing.
    pub queued_at: Timestamp,
    /// First moment it can be executed.
    pub ready_at: Timestamp,
    /// First moment it can no longer be executed.
    pub expires_at: Timestamp,
    /// At the block of the query.
    pub state: EntryState,
    /// Block time of executing or cancelling.
    pub closed_at: Option<Timestamp>,
}

/// Answer to `Entry {}`.
#[cw_serde]
pub struct EntryResponse {
    /// Times and state.
    pub summary: EntrySummary,
    /// Why and what.
    pub description: String,
    /// The messages in the order they are sent.
    pub msgs: Vec<CosmosMsg>,
}

/// Answer to `Entries {}`.
#[cw_serde]
pub struct EntriesResponse {
    /// Newest first.
    pub entries: Vec<EntrySummary>,
}

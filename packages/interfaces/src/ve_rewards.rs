//! Streams bought VCAI to locks in proportion to their real-time decaying weight.
//!
//! Amounts are base units of VCAI, times unix seconds. What arrives on day d of UTC flows evenly until the end of day d + 1, on top of what flows already. Each second
//! is shared in proportion to the weights s · (e − t) of that second; while nobody is locked the stream pauses. There is no owner and there are no parameters.
//!
//! No message takes native coins; attached ones are refused (932).
//!
//! # Error codes
//! Shown as `[rewards:<code>]`; codes from 900 are those of `kit`.
//!
//! | code | meaning |
//! |---|---|
//! | 1 | amount is zero |
//! | 2 | nothing to claim |
//! | 3 | too many days have passed; `Sync` first |
//! | 4 | limit lies outside its bounds |
//! | 5 | the escrow's account of a lock is not this contract's |
//! | 6 | a lock does not end at 00:00 UTC to come, or weighs nothing |
//! | 7 | a sum does not fit |

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Uint128, Uint256};
use cw20::Cw20ReceiveMsg;

/// Steps that `LockChanged`, `Claim` and funding catch up by themselves; a step is a day with a stream, or a day on which locks end.
pub const STEPS: u32 = 32;
/// Most steps of one `Sync`.
pub const MAX_SYNC: u32 = 400;

#[cw_serde]
pub struct InstantiateMsg {
    /// The token of the rewards. Never changes.
    pub vcai: String,
    /// Tells of locks. Never changes.
    pub vote_escrow: String,
    /// The one that funds. Never changes.
    pub treasury: String,
}

/// What a `Send` of VCAI says to this contract.
#[cw_serde]
pub enum Cw20Hook {
    /// From `treasury` only: streams the amount.
    Fund {},
}

/// What a lock weighs: `slope` · (`end` − t) at a time t before `end`, then 0. All zero is no lock.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Decay {
    /// s of `vote-escrow`.
    pub slope: Uint128,
    /// 00:00 UTC of a day, unix seconds.
    pub end: u64,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// VCAI arrives; `msg` is a [`Cw20Hook`].
    ///
    /// Permission: Coin
    Receive(Cw20ReceiveMsg),
    /// A lock was made, increased or extended. What it earned until now is settled first.
    ///
    /// Permission: Escrow
    LockChanged {
        account: String,
        /// What the lock weighed until now; all zero if it is new or had ended.
        before: Decay,
        /// What it weighs from now on.
        after: Decay,
    },
    /// Pays the sender everything it has earned. Cannot be paused.
    ///
    /// Permission: Anyone
    Claim {},
    /// Brings the book up to now, or as far as `limit` steps reach.
    ///
    /// Permission: Anyone
    Sync {
        /// 1 to [`MAX_SYNC`]; [`STEPS`] if not given.
        limit: Option<u32>,
    },
}

/// State is kept as it is; only the recorded version changes.
#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Everything a page shows about the contract, as of now.
    #[returns(OverviewResponse)]
    Overview {},
    /// What an account has earned until now.
    #[returns(AccountResponse)]
    Account { address: String },
    /// Accounts that ever locked, by canonical address.
    #[returns(Vec<AccountRow>)]
    Accounts {
        /// Last account of the page before.
        start_after: Option<String>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// What was funded on which day, newest first.
    #[returns(Vec<FundingRow>)]
    Fundings {
        /// `day` of the last row of the page before.
        start_before: Option<u64>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// The accumulators at the ends of locks, newest first.
    #[returns(Vec<CheckpointRow>)]
    Checkpoints {
        /// `time` of the last row of the page before.
        start_before: Option<u64>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
}

/// Answer to `Overview {}`.
#[cw_serde]
pub struct OverviewResponse {
    pub vcai: String,
    pub vote_escrow: String,
    pub treasury: String,
    /// Up to when the stored book reaches; the rest of this answer is as of now.
    pub synced: u64,
    /// Base units ever funded.
    pub funded: Uint128,
    /// Base units ever paid.
    pub paid: Uint128,
    /// Base units that still flow by the stream, rounded down.
    pub streaming: Uint128,
    /// Base units that wait for somebody to lock, rounded down.
    pub waiting: Uint128,
    /// Base units a day at the present rate, rounded down.
    pub daily: Uint128,
    /// Σ s of locks that have not ended.
    pub slope: Uint128,
    /// Σ s · (e − now).
    pub weight: Uint128,
}

/// Answer to `Account {}`.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct AccountResponse {
    /// What its lock weighs; its last lock if that has ended.
    pub decay: Decay,
    /// Base units that `Claim` would pay now.
    pub claimable: Uint128,
    /// Base units ever paid to it.
    pub paid: Uint128,
}

/// One of `Accounts {}`.
#[cw_serde]
pub struct AccountRow {
    pub address: String,
    /// What its lock weighs; its last lock if that has ended.
    pub decay: Decay,
    /// Base units ever paid to it.
    pub paid: Uint128,
}

/// One of `Fundings {}`.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct FundingRow {
    /// First second of the day, UTC.
    pub day: u64,
    /// Base units.
    pub amount: Uint128,
}

/// One of `Checkpoints {}`. Between two rows a lock (s, e) that lived through earned ⌊s · (e · Δ`per_weight` − Δ`per_moment`) / 2^128⌋.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct CheckpointRow {
    /// 00:00 UTC of a day.
    pub time: u64,
    /// A = 2^128 ∫ r / W dt.
    pub per_weight: Uint256,
    /// C = 2^128 ∫ r · t / W dt.
    pub per_moment: Uint256,
}

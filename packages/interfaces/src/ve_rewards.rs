//! Streams bought VCAI to locks in proportion to their real-time decaying weight.
//!
//! Amounts are base units of VCAI, times unix seconds, days those of UTC. What arrives on a day flows evenly over the next one, to the locks there are at the 00:00 UTC between
//! them, each in proportion to the integral of its weight s · (e − t) over that day. If nobody is locked then, it waits for the first 00:00 UTC at which somebody is.
//! There is no owner and there are no parameters.
//!
//! `vote-escrow` tells nothing: its books say what every lock weighed at every midnight, and are read when somebody claims.
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
//! | 3 | a sum does not fit |

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Uint128, Uint256};
use cw20::Cw20ReceiveMsg;

#[cw_serde]
pub struct InstantiateMsg {
    /// The token of the rewards. Never changes.
    pub vcai: String,
    /// Whose books say what locks weigh. Never changes.
    pub vote_escrow: String,
    /// The one that funds. Never changes.
    pub treasury: String,
}

/// What a `Send` of VCAI says to this contract.
#[cw_serde]
pub enum Cw20Hook {
    /// From `treasury` only: streams the amount over the next day.
    Fund {},
}

#[cw_serde]
pub enum ExecuteMsg {
    /// VCAI arrives; `msg` is a [`Cw20Hook`].
    ///
    /// Permission: Coin
    Receive(Cw20ReceiveMsg),
    /// Pays the sender everything it has earned. Cannot be paused.
    ///
    /// Permission: Anyone
    Claim {},
    /// Brings the book up to today. Funding and claims do so themselves; after years of silence this takes the cost off them.
    ///
    /// Permission: Anyone
    Sync {},
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
    /// Accounts that ever claimed, by canonical address.
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
    /// The accumulators at the ends of the days on which something flowed, newest first.
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
    /// First second of the day that the stored book has reached; the rest of this answer is as of now.
    pub synced: u64,
    /// Base units ever funded.
    pub funded: Uint128,
    /// Base units ever paid.
    pub paid: Uint128,
    /// Base units that flow today.
    pub daily: Uint128,
    /// Base units of it that are still to flow, rounded up.
    pub streaming: Uint128,
    /// Base units that flow on the next day at whose beginning somebody is locked.
    pub waiting: Uint128,
}

/// Answer to `Account {}`.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct AccountResponse {
    /// Base units that `Claim` would pay now.
    pub claimable: Uint128,
    /// Base units ever paid to it.
    pub paid: Uint128,
    /// Base units of what flows today that are its, whether they have flowed yet or not; rounded down.
    pub daily: Uint128,
}

/// One of `Accounts {}`.
#[cw_serde]
pub struct AccountRow {
    pub address: String,
    /// Base units ever paid to it.
    pub paid: Uint128,
    /// First second of the day of its last claim.
    pub claimed: u64,
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

/// One of `Checkpoints {}`. Between two rows a lock (s, e) that counted all the time earned ⌊s · (e · Δ`per_weight` − Δ`per_moment`) / 2^128⌋.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct CheckpointRow {
    /// 00:00 UTC of a day; not yet past for the day on which something flows.
    pub time: u64,
    /// A = 2^128 ∫ r / W dt.
    pub per_weight: Uint256,
    /// C = 2^128 ∫ r · t / W dt.
    pub per_moment: Uint256,
}

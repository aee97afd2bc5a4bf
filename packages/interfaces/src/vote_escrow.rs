//! Locks VCAI for up to four years and answers voting power for every past block.
//!
//! Amounts are base units of VCAI (10^6 to a VCAI at genesis), times unix seconds. A lock of n base units that ends at e has the **slope** s = ⌊√(n · 10^12)⌋ and
//! at a time t < e the weight s · (e − t) and the linear weight n · (e − t); from e on both are 0. Nothing is divided, so totals are sums to the unit. Power at a
//! [`Moment`] is that of the state *before* its block: a lock that is made in it has power 0.
//!
//! No message takes native coins; attached ones are refused (932).
//!
//! # Error codes
//! Shown as `[escrow:<code>]`; codes from 900 are those of `kit`.
//!
//! | code | meaning |
//! |---|---|
//! | 1 | amount is zero |
//! | 2 | amount is below the minimum and the account fee |
//! | 3 | the lock would end too early |
//! | 4 | the lock would end too late |
//! | 5 | the account has a lock already |
//! | 6 | the account has no lock |
//! | 7 | the lock has ended; withdraw it first |
//! | 8 | the lock has not ended |
//! | 9 | the new end is not later than the present one |
//! | 10 | the gate does not admit the account, or does not answer |
//! | 11 | a parameter lies outside its bounds |
//! | 12 | fees cannot go to this contract |
//! | 13 | a question about the future |
//! | 14 | no block of that height had that time |
//! | 15 | the amount cannot be split over so many accounts |
//! | 16 | a sum does not fit 128 bits |

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::Uint128;
use cw20::Cw20ReceiveMsg;

use crate::common::{OwnershipMsg, OwnershipResponse};
use crate::voting::{Moment, MomentResponse, Power};

/// Longest time from now to the end of a lock: four years of 365.25 days, in seconds.
pub const MAX_LOCK_SECONDS: u64 = 126_230_400;
/// Shortest time from now to the end of a new lock: 7 days.
pub const MIN_LOCK_SECONDS: u64 = 7 * 86_400;
/// Bounds of the smallest lock, base units: 1,000 to 100,000 VCAI. 10,000 VCAI at first.
pub const MIN_LOCK_BOUNDS: (u128, u128) = (1_000_000_000, 100_000_000_000);
/// Bounds of the account fee, base units: up to 1,000 VCAI.
pub const ACCOUNT_FEE_BOUNDS: (u128, u128) = (1, 1_000_000_000);

/// What a new lock must meet. A change never touches locks that exist.
#[cw_serde]
pub struct Params {
    /// Smallest amount of a new lock, after the fee. Base units; [`MIN_LOCK_BOUNDS`].
    pub min_lock: Uint128,
    /// Taken from the first lock of an account, so that many accounts cost more than one.
    pub account_fee: Option<AccountFee>,
    /// Contract that answers [`GateQuery`]; asked for every new lock, never for a change or a way out. None: everybody may lock.
    pub gate: Option<String>,
}

/// A flat fee per account.
#[cw_serde]
pub struct AccountFee {
    /// Base units of VCAI; [`ACCOUNT_FEE_BOUNDS`].
    pub amount: Uint128,
    /// Receives it by a plain transfer. Not this contract.
    pub to: String,
}

/// What this contract asks the gate.
#[cw_serde]
#[derive(QueryResponses)]
pub enum GateQuery {
    /// Whether the account may lock. Only `true` admits it.
    #[returns(bool)]
    Admits { address: String },
}

#[cw_serde]
pub struct InstantiateMsg {
    /// Sets the parameters, and nothing else.
    pub owner: String,
    /// The one token that is locked. Never changes.
    pub vcai: String,
    /// May lock for its beneficiaries. Never changes.
    pub token_allocation: String,
    pub params: Params,
}

/// What a `Send` of VCAI says to this contract.
#[cw_serde]
pub enum Cw20Hook {
    /// Makes the sender's lock.
    Lock {
        /// End, unix seconds: at least [`MIN_LOCK_SECONDS`] and at most [`MAX_LOCK_SECONDS`] plus a day from now. Rounded up to 00:00 UTC, then down to the last one
        /// within [`MAX_LOCK_SECONDS`].
        until: u64,
    },
    /// Adds the amount to the sender's lock, which has not ended.
    IncreaseAmount {},
    /// From `token_allocation` only: makes the beneficiary's lock as `Lock` does. If he has one that has not ended, adds the amount to it, and extends it if `until`
    /// is later than its end.
    LockFor {
        beneficiary: String,
        /// As in `Lock`.
        until: u64,
    },
}

#[cw_serde]
pub enum ExecuteMsg {
    /// VCAI arrives; `msg` is a [`Cw20Hook`].
    ///
    /// Permission: Coin
    Receive(Cw20ReceiveMsg),
    /// Moves the end of the sender's lock, which has not ended, to a later day.
    ///
    /// Permission: Anyone
    ExtendTo {
        /// As in [`Cw20Hook::Lock`].
        until: u64,
    },
    /// Pays the sender all of his lock, from its end on. Calls nothing but the token; cannot be paused.
    ///
    /// Permission: Anyone
    Withdraw {},
    /// Records the height and time of this block, for questions by height.
    ///
    /// Permission: Anyone
    Mark {},
    /// Sets what new locks must meet.
    ///
    /// Permission: Owner
    SetParams { params: Params },
    /// Two-step change of owner.
    ///
    /// Permission: Owner
    Ownership(OwnershipMsg),
}

/// State is kept as it is; only the recorded version changes.
#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Everything a page shows about the contract.
    #[returns(OverviewResponse)]
    Overview {},
    /// Who owns the contract.
    #[returns(OwnershipResponse)]
    Ownership {},
    /// The lock of an account at present.
    #[returns(LockResponse)]
    Lock { address: String },
    /// Locks that are not withdrawn, by canonical address. Rows of withdrawn locks count towards the limit but are left out.
    #[returns(LocksResponse)]
    Locks {
        /// `next` of the page before.
        start_after: Option<String>,
        /// Rows looked at, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// States of an account's lock, newest first.
    #[returns(Vec<HistoryRow>)]
    History {
        address: String,
        /// `since.height` of the last row of the page before.
        start_before: Option<u64>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// Totals at every recorded block, newest first.
    #[returns(Vec<TotalRow>)]
    TotalHistory {
        /// `at.height` of the last row of the page before.
        start_before: Option<u64>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// What ends on which day to come, the earliest first.
    #[returns(Vec<ExpiryRow>)]
    Expiries {
        /// `end` of the last row of the page before.
        start_after: Option<u64>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// What an owner gains by splitting an amount evenly over several accounts with the same end. The contract cannot see common ownership, so it publishes the gain.
    #[returns(SplitAdvantageResponse)]
    SplitAdvantage {
        /// Base units, at least the smallest lock and the fee.
        amount: Uint128,
        /// Number of new accounts, 1 or more; the most profitable number if not given.
        accounts: Option<u64>,
    },

    /// Votes on proposals (`voting::QueryMsg`): `weight` is s · (e − t), `linear` n · (e − t), t the time of the moment. A moment that cannot have been is refused.
    #[returns(Power)]
    Power { address: String, at: Moment },
    /// The sum of `Power` over all accounts, exactly.
    #[returns(Power)]
    TotalPower { at: Moment },
    /// The lower of the linear weights at the two moments.
    #[returns(Uint128)]
    OutcomePower { address: String, from: Moment, to: Moment },
    /// The lower of the two linear totals; at least the sum of `OutcomePower` over all accounts.
    #[returns(Uint128)]
    OutcomeTotal { from: Moment, to: Moment },
    /// The moment that stands for a height: that height, at the time of the newest block below it that is recorded. Blocks are recorded at every change of a lock and
    /// by `Mark`.
    #[returns(MomentResponse)]
    Moment { height: u64 },
    /// Base units in locks that had not ended at the moment, of all accounts together.
    #[returns(Uint128)]
    Locked { at: Moment },
}

/// Answer to `Overview {}`.
#[cw_serde]
pub struct OverviewResponse {
    pub vcai: String,
    pub token_allocation: String,
    pub params: Params,
    /// Base units in locks that have not ended.
    pub locked: Uint128,
    /// Base units of all locks that are not withdrawn, ended or not. The contract holds at least that.
    pub held: Uint128,
    /// Accounts whose lock is not withdrawn.
    pub lockers: u64,
    /// Σ s of locks that have not ended: what the total weight loses a second.
    pub slope: Uint128,
    /// Total power now.
    pub power: Power,
    /// The total weight as shown to people, in 10^-9 veVCAI: ⌊weight / [`MAX_LOCK_SECONDS`]⌋. One veVCAI is 1 VCAI locked for four years.
    pub ve: Uint128,
}

/// Answer to `Lock {}`; all zero without a lock.
#[cw_serde]
pub struct LockResponse {
    /// Base units.
    pub amount: Uint128,
    /// 00:00 UTC of a day, unix seconds.
    pub end: u64,
    /// s.
    pub slope: Uint128,
    /// Power now.
    pub power: Power,
    /// The weight as shown to people, in 10^-9 veVCAI, rounded down.
    pub ve: Uint128,
    /// Base units that `Withdraw` would pay now.
    pub withdrawable: Uint128,
    /// The block of the last change.
    pub since: Moment,
}

/// Answer to `Locks {}`.
#[cw_serde]
pub struct LocksResponse {
    pub locks: Vec<LockRow>,
    /// `start_after` of the next page; None after the last.
    pub next: Option<String>,
}

/// One of `Locks {}`.
#[cw_serde]
pub struct LockRow {
    pub address: String,
    /// Base units.
    pub amount: Uint128,
    /// Unix seconds.
    pub end: u64,
}

/// One of `History {}`: a state and the block that made it.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct HistoryRow {
    pub since: Moment,
    /// Base units. A withdrawal is no row: it changes nothing that a lock weighed.
    pub amount: Uint128,
    /// Unix seconds.
    pub end: u64,
}

/// One of `TotalHistory {}`: totals after a block.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct TotalRow {
    pub at: Moment,
    /// Σ s.
    pub slope: Uint128,
    /// Σ n: base units in locks that had not ended.
    pub locked: Uint128,
    /// At the time of the block.
    pub power: Power,
}

/// One of `Expiries {}`.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct ExpiryRow {
    /// 00:00 UTC of the day, unix seconds.
    pub end: u64,
    /// Σ s that ends.
    pub slope: Uint128,
    /// Base units that can be withdrawn from then on.
    pub amount: Uint128,
}

/// Answer to `SplitAdvantage {}`.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct SplitAdvantageResponse {
    /// Number of accounts.
    pub accounts: u64,
    /// Base units of account fees that they pay together.
    pub fees: Uint128,
    /// Slope of one new lock with the whole amount, after its fee.
    pub whole: Uint128,
    /// Σ slopes of the new locks of all accounts, after their fees.
    pub split: Uint128,
    /// ⌊10,000 · split / whole⌋: 10,000 is no gain, 20,000 twice the weight.
    pub gain_bps: Uint128,
}

//! Releases the incentive pool epoch by epoch and steers it between those who supply computing power and those who use it.
//!
//! Amounts are base units of VCAI unless said, stablecoin amounts base units of its denom. A **day** is a day of UTC, counted from 1970-01-01; an **epoch** is a whole
//! number of days. A day's weights may be reported until 24 hours after its end, when it **closes**; an epoch closes with its last day. Shares are basis points
//! (bps) or millionths (ppm). A node is the address that is paid for it.
//!
//! No message takes native coins; attached ones are refused (932).
//!
//! # Error codes
//! Shown as `[incentives:<code>]`; codes from 900 are those of `kit`, among them 901 (not the owner) and 911 (sender does not hold the role).
//!
//! | code | meaning |
//! |---|---|
//! | 1 | a sum does not fit 128 bits |
//! | 2 | a number lies outside its bounds |
//! | 3 | the two extras together are above a tenth of the supply pool |
//! | 4 | the clock runs already |
//! | 5 | the contract holds less than the whole pool |
//! | 6 | the clock does not run yet |
//! | 7 | nothing can be reported for that day: it has not begun, has closed, or lies before the first epoch |
//! | 8 | too few or too many rows |
//! | 9 | a fee is below its floor, or above what was spent |
//! | 10 | a node would have been online for more than a day within one day |
//! | 11 | no reporter is configured |
//! | 12 | no epoch can be closed yet |
//! | 13 | epochs that ended must be closed first: send `Advance` |
//! | 14 | the range of days is empty or too long |
//! | 15 | a day of the range has not closed |
//! | 16 | nothing to claim |
//! | 17 | the account did not opt in to being paid by keepers |
//! | 18 | the account names itself, or has named a referrer already |
//! | 19 | the bucket holds less |
//! | 20 | a GPU is not named by 32 bytes |

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{HexBinary, Uint128};

use crate::common::{OwnershipMsg, OwnershipResponse};

/// Bounds of an epoch's length, days.
pub const EPOCH_DAYS_BOUNDS: (u16, u16) = (1, 28);
/// Bounds of the utilisation at which the split stays as it is, ppm.
pub const TARGET_BOUNDS: (u32, u32) = (500_000, 950_000);
/// Bounds of k, ppm.
pub const GAIN_BOUNDS: (u32, u32) = (0, 500_000);
/// Bounds of the sum for a new GPU.
pub const FIRST_ACCESS_BOUNDS: (u128, u128) = (0, 10_000_000_000);
/// Bounds of the wash bound, bps: never above one half.
pub const BOUND_BOUNDS: (u16, u16) = (0, 5_000);
/// Both extras together are at most this part of the supply pool, bps.
pub const EXTRAS_MAX_BPS: u16 = 1_000;
/// Most rows of one report.
pub const MAX_ROWS: usize = 50;
/// Most days of one claim.
pub const MAX_DAYS: u64 = 31;
/// Most epochs closed by one message.
pub const MAX_EPOCHS: u32 = 8;
/// Epochs in the history of `Dashboard`.
pub const DASHBOARD_EPOCHS: usize = 26;
/// Most VCAI that a node can stake, for one report.
pub const STAKE_MAX: u128 = 1_000_000_000_000_000_000;
/// Most units or stablecoin of one report's row.
pub const AMOUNT_MAX: u128 = 1_000_000_000_000_000_000_000_000;
/// A day's seconds.
pub const ONLINE_MAX: u32 = 86_400;
/// Least part of what is spent that is paid as network fee, bps.
pub const FEE_FLOOR_BPS: u16 = 200;

#[cw_serde]
pub struct InstantiateMsg {
    /// Governance.
    pub owner: String,
    /// The token. Never changes.
    pub vcai: String,
    /// The pool of [VCAI, stablecoin]; says what VCAI is worth. Never changes.
    pub exchange: String,
    /// Says what nodes and renters did. If None, set later by the owner.
    pub reporter: Option<String>,
    pub params: Params,
}

/// What the owner can change.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Params {
    /// Length of the epochs that have not begun; [`EPOCH_DAYS_BOUNDS`], default 7.
    pub epoch_days: u16,
    /// Part of an epoch's release that is given out; the rest goes to the bucket `withheld`. 0 ..= 10,000, default 10,000.
    pub release_bps: u16,
    /// Utilisation at which P stays; [`TARGET_BOUNDS`], default 800,000.
    pub target_ppm: u32,
    /// k: how far P moves for a difference of utilisation; [`GAIN_BOUNDS`], default 100,000.
    pub gain_ppm: u32,
    /// Part of the supply pool, without the extras, that pays for delivery; the rest pays for capacity. 0 ..= 10,000, default 5,000.
    pub delivery_bps: u16,
    /// Part of the supply pool for loyalty and performance; default 800. With `first_access_bps` at most [`EXTRAS_MAX_BPS`].
    pub bonus_bps: u16,
    /// Part of the supply pool for new GPUs; default 200.
    pub first_access_bps: u16,
    /// Paid once for every GPU seen for the first time, 7 days later; [`FIRST_ACCESS_BOUNDS`], default 100 VCAI.
    pub first_access: Uint128,
    /// Most that rebate and delivery reward of a rental are worth, as a part of the network fee it paid; [`BOUND_BOUNDS`], default 5,000.
    pub bound_bps: u16,
    /// Part of that most which is the renter's; the rest is the node's. 0 ..= 10,000, default 5,000.
    pub rebate_bps: u16,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            epoch_days: 7,
            release_bps: 10_000,
            target_ppm: 800_000,
            gain_ppm: 100_000,
            delivery_bps: 5_000,
            bonus_bps: 800,
            first_access_bps: 200,
            first_access: Uint128::new(100_000_000),
            bound_bps: 5_000,
            rebate_bps: 5_000,
        }
    }
}

#[cw_serde]
pub enum ExecuteMsg {
    /// Starts the clock, once, when the whole pool has arrived: the first epoch begins with the next day.
    ///
    /// Permission: Anyone
    Start {},
    /// Adds what was done on a day: 1 to [`MAX_ROWS`] rows together. Rows of one account add up.
    ///
    /// Permission: Reporter
    Report {
        /// Begun, not closed, not before the first epoch.
        day: u64,
        rentals: Vec<Rental>,
        nodes: Vec<NodeDay>,
        gpus: Vec<Gpu>,
    },
    /// Closes epochs that ended 24 hours ago or earlier, in order, at most [`MAX_EPOCHS`], and opens the one after each. Other messages do the same when they need it.
    ///
    /// Permission: Anyone
    Advance {},
    /// Pays the sender for the days from `from` to `to`, both included, at most [`MAX_DAYS`], all closed; and what referrals brought.
    ///
    /// Permission: Anyone
    Claim { from: u64, to: u64 },
    /// The same for another account that allows it. The money goes to that account.
    ///
    /// Permission: Anyone
    PayOut { account: String, from: u64, to: u64 },
    /// Whether others may have the sender paid.
    ///
    /// Permission: Anyone
    AllowKeepers { allowed: bool },
    /// Names who brought the sender here: that address receives 2 % of what the sender earns as a node for the next 90 days, out of the sender's part. Once.
    ///
    /// Permission: Anyone
    NameReferrer { referrer: String },
    /// Gives `amount` of a bucket out with the next epoch that is opened.
    ///
    /// Permission: Owner
    ReRelease { bucket: Bucket, amount: Uint128 },
    /// Names the reporter, or with None nobody.
    ///
    /// Permission: Owner
    SetReporter { reporter: Option<String> },
    /// Replaces the parameters. Epochs that ended must be closed (error 13 if one message cannot close them all). Pools of epochs opened before stay as they are.
    ///
    /// Permission: Owner
    SetParams { params: Params },
    /// Two-step change of owner: `propose` and `cancel` by the owner, `accept` by the pending owner.
    ///
    /// Permission: Owner | Pending owner
    Ownership(OwnershipMsg),
}

/// Where VCAI is kept that was released and not given out.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Bucket {
    /// What `release_bps` kept back.
    Withheld,
    /// What caps left over, and parts of days in which nobody was entitled to them.
    LeftOver,
}

/// A rental's day. Of a rental that goes on, what was added since the last report.
#[cw_serde]
pub struct Rental {
    /// Receives the rebate.
    pub renter: String,
    /// Receives the delivery reward.
    pub node: String,
    /// Units delivered; at most [`AMOUNT_MAX`].
    pub units: Uint128,
    /// 0 ..= 10,000.
    pub quality_bps: u16,
    /// Stablecoin paid for it, the fee included; at most [`AMOUNT_MAX`].
    pub spend: Uint128,
    /// Of that, what went to the treasury and to nobody else. At least [`FEE_FLOOR_BPS`] of `spend`, at most `spend`.
    pub fee: Uint128,
}

/// A node's day, or a part of it.
#[cw_serde]
pub struct NodeDay {
    pub node: String,
    /// VCAI staked for it; at most [`STAKE_MAX`].
    pub stake: Uint128,
    /// Seconds; at most [`ONLINE_MAX`] in all reports of a day.
    pub online: u32,
    /// 0 ..= 10,000.
    pub stability_bps: u16,
    /// GB of GPU memory in this one node; from 96, 192 and 384 it counts 1.2, 1.35 and 1.5 times.
    pub vram_gb: u32,
    pub level: Level,
    /// Units that could have been rented; at most [`AMOUNT_MAX`].
    pub available: Uint128,
    /// Of reputation, 1 (the best tenth) to 10. None while nobody knows.
    pub decile: Option<u8>,
}

/// How well the node's hardware is proven.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Level {
    /// A bond only; counts nothing.
    A0,
    /// An enclave. Counts by half if it measured a benchmark within the epoch, else nothing.
    A1 { benchmarked: bool },
    /// An enclave and a GPU that reports for itself. Counts in full.
    A2,
}

/// A GPU seen at work.
#[cw_serde]
pub struct Gpu {
    /// Its name: a hash of 32 bytes of what is unique to it.
    pub gpu: HexBinary,
    /// Where it works. If it moves before it is paid for, its 7 days begin again.
    pub node: String,
}

#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Everything a page shows, with the last [`DASHBOARD_EPOCHS`] epochs.
    #[returns(DashboardResponse)]
    Dashboard {},
    #[returns(ConfigResponse)]
    Config {},
    #[returns(OwnershipResponse)]
    Ownership {},
    /// Epochs, newest first.
    #[returns(EpochsResponse)]
    Epochs {
        /// Only those that begin before this day.
        start_before: Option<u64>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// One day over all accounts.
    #[returns(DayResponse)]
    Day { day: u64 },
    /// One account: what it is, and its days that are not claimed, oldest first.
    #[returns(AccountResponse)]
    Account {
        address: String,
        /// Only days after this one.
        start_after: Option<u64>,
        /// Days, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// What a `Claim` of the account would pay now.
    #[returns(ClaimResponse)]
    Claimable { address: String, from: u64, to: u64 },
    /// Accounts that keepers may have paid, in the order of their addresses' bytes.
    #[returns(Vec<String>)]
    Keepable {
        start_after: Option<String>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
}

/// Answer to `Config {}`.
#[cw_serde]
pub struct ConfigResponse {
    pub vcai: String,
    pub exchange: String,
    pub reporter: Option<String>,
    pub params: Params,
}

/// Answer to `Dashboard {}`.
#[cw_serde]
pub struct DashboardResponse {
    pub params: Params,
    /// Of the 522 releases, how many happened.
    pub released_epochs: u64,
    /// The whole pool.
    pub pool: Uint128,
    /// Released since the first epoch: 0 before, the whole pool after the last.
    pub released: Uint128,
    /// Paid out.
    pub paid: Uint128,
    /// Bucket.
    pub withheld: Uint128,
    /// Bucket.
    pub left_over: Uint128,
    /// Comes out of the buckets with the next epoch.
    pub re_released: Uint128,
    /// P: part of the newest epoch that is for supply, ppm.
    pub supply_ppm: u32,
    /// U of the last epoch that closed, ppm. None before, or if it had no capacity.
    pub utilisation_ppm: Option<u32>,
    /// When `Advance` will close the newest epoch, unix seconds. None before `Start`.
    pub closes_at: Option<u64>,
    /// Newest first; those being reported and those closed.
    pub history: Vec<EpochInfo>,
}

/// Answer to `Epochs {}`.
#[cw_serde]
pub struct EpochsResponse {
    pub epochs: Vec<EpochInfo>,
}

/// One epoch.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct EpochInfo {
    /// Counts from 0; releases something up to 521.
    pub index: u64,
    /// Its first day.
    pub start: u64,
    /// Days.
    pub days: u16,
    /// P, ppm.
    pub supply_ppm: u32,
    pub pools: Pools,
    /// Units used and units there were. None until it closes.
    pub usage: Option<Usage>,
}

/// What an epoch, or a day, gives out.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Pools {
    pub capacity: Uint128,
    pub delivery: Uint128,
    /// For loyalty and performance.
    pub bonus: Uint128,
    /// For new GPUs.
    pub first_access: Uint128,
    /// For renters.
    pub demand: Uint128,
}

/// Units of an epoch or a day.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Usage {
    pub consumed: Uint128,
    pub available: Uint128,
}

/// Answer to `Day {}`.
#[cw_serde]
pub struct DayResponse {
    pub day: u64,
    /// First second at which it is claimed and no longer reported.
    pub closes_at: u64,
    /// None until its epoch is opened.
    pub pools: Option<Pools>,
    pub usage: Usage,
    /// Weights over all accounts.
    pub weights: Weights,
}

/// Weights of a day.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Weights {
    /// Stake · seconds · stability (bps) · memory factor (in twentieths) · level (in halves).
    pub capacity: Uint128,
    /// Capacity · percent of loyalty and performance.
    pub bonus: Uint128,
    /// Units · quality (bps).
    pub delivery: Uint128,
    /// Stablecoin spent.
    pub demand: Uint128,
    /// New GPUs that have stayed for 7 days.
    pub gpus: u32,
}

/// Answer to `Account {}`.
#[cw_serde]
pub struct AccountResponse {
    pub address: String,
    /// Whether keepers may have it paid.
    pub keepers_allowed: bool,
    /// First day of its present stretch as a node.
    pub node_since: Option<u64>,
    /// Present loyalty, percent.
    pub loyalty_percent: u8,
    pub referrer: Option<String>,
    /// First day on which the referrer receives nothing any more.
    pub referral_until: Option<u64>,
    /// What referrals brought; paid with the next claim.
    pub referral_income: Uint128,
    /// Not claimed.
    pub days: Vec<AccountDay>,
}

/// One account's weights on one day.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct AccountDay {
    pub day: u64,
    pub weights: Weights,
}

/// Answer to `Claimable {}`.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct ClaimResponse {
    pub capacity: Uint128,
    pub bonus: Uint128,
    pub first_access: Uint128,
    pub delivery: Uint128,
    pub rebate: Uint128,
    /// What others' referrals brought the account.
    pub referral_income: Uint128,
    /// Goes to the account's referrer.
    pub referral_paid: Uint128,
    /// All of it together: what is transferred.
    pub total: Uint128,
    /// What caps kept back; goes to the bucket.
    pub left_over: Uint128,
}

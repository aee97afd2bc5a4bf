//! Takes the network's revenue and buys VCAI with it day by day, for those who lock VCAI.
//!
//! Amounts are base units of the stablecoin or of VCAI as said at each field; times are unix seconds. What somebody sends here without `Deposit` is a donation: no
//! revenue, no part of a buyback, no quota.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::Uint128;

use crate::common::{OwnershipMsg, OwnershipResponse};
use crate::exchange::Asset;

/// Most characters of a source's name.
pub const MAX_SOURCE_NAME: usize = 32;

/// Every parameter has bounds, checked at instantiate and update.
#[cw_serde]
pub struct Params {
    /// Seconds between two slices. 600 ..= 7,200; default 600.
    pub slice_interval: u64,
    /// Largest slice as a part of pool fee × stablecoin reserve, basis points. 500 ..= 5,000; default 5,000 (one half).
    pub slice_of_fee_bps: u16,
    /// How far a slice's yield may lie below the quote at the previous block's close, basis points. 1 ..= 100; default 30.
    pub slippage_bps: u16,
    /// How far the price paid may lie above the 30 minute mean, basis points. 10 ..= 500; default 500.
    pub max_premium_bps: u16,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            slice_interval: 600,
            slice_of_fee_bps: 5_000,
            slippage_bps: 30,
            max_premium_bps: 500,
        }
    }
}

/// Who may deposit under a name.
#[cw_serde]
pub struct NewSource {
    /// 1 to [`MAX_SOURCE_NAME`] of `a-z`, `0-9`, `-`.
    pub name: String,
    pub address: String,
    /// Whether its deposits count as net fee revenue, which opens the quota for strategic issuance.
    pub counts: bool,
}

#[cw_serde]
pub struct InstantiateMsg {
    /// Governance, or the genesis council until hand-over: parameters and sources.
    pub owner: String,
    /// Bounded role: pauses and resumes the buyback, nothing else.
    pub operator: Option<String>,
    /// The governance contract, which alone disposes of what is not revenue. Never changes.
    pub governance: String,
    /// The stablecoin's denom. Never changes.
    pub denom: String,
    /// The VCAI token. Never changes.
    pub vcai: String,
    /// The pool of [VCAI, stablecoin], without announced withdrawals. Never changes.
    pub exchange: String,
    /// Receives what is bought. Never changes.
    pub ve_rewards: String,
    /// `token-allocation`, which opens the pool. Never changes.
    pub allocation: String,
    /// First sources.
    pub sources: Vec<NewSource>,
    pub params: Params,
}

#[cw_serde]
pub enum ExecuteMsg {
    // ---- revenue ----
    /// Takes the attached stablecoin as revenue of a source. Exactly one coin, above 0.
    ///
    /// Permission: Source
    Deposit {
        /// Name of a registered source whose address is the sender.
        source: String,
    },

    // ---- buyback ----
    /// Buys VCAI for one slice of the day's amount and sends it to `ve-rewards` in the same transaction. `slice_interval` after the slice before, only while the pool
    /// knows its 30 minute mean. A swap that fails leaves the revenue as it was and is recorded; the transaction succeeds.
    ///
    /// Permission: Anyone
    Buyback {
        /// Least base units of VCAI the slice must yield, if that is more than the contract asks for itself.
        min_out: Option<Uint128>,
    },

    // ---- genesis ----
    /// Puts the attached stablecoin and `vcai` base units, transferred here before in the same transaction, into the empty pool. The LP shares belong to the treasury.
    ///
    /// Permission: Allocation
    OpenPool { vcai: Uint128 },

    // ---- governance ----
    /// Takes liquidity out of the pool, into what governance disposes of.
    ///
    /// Permission: Governance
    RemoveLiquidity { shares: Uint128, min_amounts: [Uint128; 2] },
    /// Sends what is not revenue: forfeited VCAI, removed liquidity, donations. Never a unit of what waits for the buyback.
    ///
    /// Permission: Governance
    Spend { asset: Asset, to: String, amount: Uint128 },
    /// Registers a source, changes its address, or ends it (`address: None`). What it deposited stays counted.
    ///
    /// Permission: Owner
    SetSource {
        name: String,
        address: Option<String>,
        /// Whether later deposits count as net fee revenue.
        counts: bool,
    },
    /// Stops or resumes `Buyback`. Nothing else can be paused.
    ///
    /// Permission: Owner | Operator
    PauseBuyback { paused: bool },
    /// Permission: Owner
    SetParams { params: Params },
    /// Permission: Owner
    SetOperator { operator: Option<String> },
    /// Two-step change of the owner.
    ///
    /// Permission: Owner (propose, cancel) | Pending owner (accept)
    Ownership(OwnershipMsg),
}

#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Everything a page shows first.
    #[returns(OverviewResponse)]
    Overview {},
    #[returns(ConfigResponse)]
    Config {},
    #[returns(OwnershipResponse)]
    Ownership {},
    /// Revenue since genesis; what the quota for strategic issuance is measured by.
    #[returns(RevenueResponse)]
    Revenue {},
    /// What `Buyback {}` would do at this moment.
    #[returns(SliceResponse)]
    Slice {},
    #[returns(Option<SourceResponse>)]
    Source { name: String },
    /// Sources by name.
    #[returns(Vec<SourceResponse>)]
    Sources {
        start_after: Option<String>,
        limit: Option<u32>,
    },
    /// The n-th slice bought, counted from 1.
    #[returns(Option<Receipt>)]
    Receipt { n: u64 },
    /// Slices bought, newest first.
    #[returns(Vec<Receipt>)]
    Receipts {
        start_before: Option<u64>,
        limit: Option<u32>,
    },
}

/// One slice.
#[cw_serde]
#[derive(Eq)]
pub struct Receipt {
    /// From 1, without gaps.
    pub n: u64,
    /// Day of UTC since 1970-01-01.
    pub day: u64,
    /// Stablecoin.
    pub spent: Uint128,
    /// VCAI, all of it sent to `ve-rewards`.
    pub bought: Uint128,
    pub height: u64,
    pub time: u64,
}

/// A swap that failed. The revenue stayed where it was.
#[cw_serde]
#[derive(Eq)]
pub struct Failure {
    /// Number of failures so far, this one included.
    pub n: u64,
    /// Stablecoin that was offered.
    pub amount: Uint128,
    /// VCAI that was asked for at least.
    pub min_out: Uint128,
    /// What the pool said.
    pub reason: String,
    pub height: u64,
    pub time: u64,
}

#[cw_serde]
pub struct RevenueResponse {
    /// Stablecoin deposited by sources that count: cumulative net fee revenue. Never falls.
    pub net_fees: Uint128,
    /// Stablecoin deposited by all sources.
    pub total: Uint128,
}

#[cw_serde]
pub struct OverviewResponse {
    pub revenue: RevenueResponse,
    /// Stablecoin that waits for buybacks: total revenue − spent.
    pub pot: Uint128,
    /// Stablecoin spent in slices.
    pub spent: Uint128,
    /// VCAI bought and sent to `ve-rewards`.
    pub bought: Uint128,
    /// Day of UTC the day's amount belongs to.
    pub day: u64,
    /// Stablecoin of the day's amount not yet spent.
    pub day_left: Uint128,
    /// Number of slices bought.
    pub receipts: u64,
    /// Time of the newest slice, 0 before the first.
    pub last_slice: u64,
    /// Number of failed swaps, and the newest.
    pub failures: u64,
    pub last_failure: Option<Failure>,
    pub buyback_paused: bool,
    /// When the pool was opened.
    pub pool_opened_at: Option<u64>,
}

#[cw_serde]
pub struct ConfigResponse {
    pub operator: Option<String>,
    pub governance: String,
    pub denom: String,
    pub vcai: String,
    pub exchange: String,
    pub ve_rewards: String,
    pub allocation: String,
    pub params: Params,
}

/// Why `Buyback {}` would be refused now.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Obstacle {
    Paused,
    TooSoon,
    NothingToSpend,
    /// The pool's price history is too short.
    NoPrice,
    /// The previous block's close lies too far above the 30 minute mean.
    PriceMoved,
    /// The slice buys less than 1 base unit.
    TooSmall,
}

#[cw_serde]
pub struct SliceResponse {
    /// None if `Buyback {}` works now.
    pub obstacle: Option<Obstacle>,
    /// Earliest time of the next slice as far as the interval says.
    pub from: u64,
    /// Stablecoin of the day's amount, as it would be at this moment.
    pub day_left: Uint128,
    /// Stablecoin it would spend; 0 while the pool's prices are unknown.
    pub amount: Uint128,
    /// VCAI it must yield at least; 0 while the pool's prices are unknown.
    pub min_out: Uint128,
}

#[cw_serde]
pub struct SourceResponse {
    pub name: String,
    /// None once ended.
    pub address: Option<String>,
    pub counts: bool,
    /// Stablecoin deposited.
    pub deposited: Uint128,
}

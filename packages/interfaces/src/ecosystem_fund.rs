//! Collects a share of every gateway's profit, buys L-Coin on Fridays and burns it.
//!
//! Amounts are µCredit or µLCO as said at each field; times are unix seconds; a *week* runs from Monday 00:00 UTC and is numbered as in `math::time`. No message
//! takes native coins. Credits and LCO that are sent here directly belong to nobody and change nothing.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{HexBinary, Uint128};

use crate::common::{OwnershipMsg, OwnershipResponse};

/// Every parameter has bounds, checked at instantiate and update.
#[cw_serde]
pub struct Params {
    /// Part of the bought LCO that is set aside for the contest instead of being burned, basis points. 0 ..= 3,000; default 1,000.
    pub prize_share_bps: u16,
    /// Seconds between two slices. 600 ..= 7,200; default 600.
    pub slice_interval: u64,
    /// Largest slice as a part of pool fee × Credit reserve, basis points. 500 ..= 5,000; default 5,000 (one half).
    pub slice_of_fee_bps: u16,
    /// How far a slice's yield may lie below the quote at the previous block's close, basis points. 1 ..= 100; default 30.
    pub slippage_bps: u16,
    /// How far the previous block's close may lie above the pool's mark for a slice to start, basis points. 10 ..= 500; default 50.
    pub max_deviation_bps: u16,
    /// Most free-call cost paid for a week, as a part of the revenue of the week before, basis points. 0 ..= 100; default 100.
    pub free_call_bps: u16,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            prize_share_bps: 1_000,
            slice_interval: 600,
            slice_of_fee_bps: 5_000,
            slippage_bps: 30,
            max_deviation_bps: 50,
            free_call_bps: 100,
        }
    }
}

#[cw_serde]
pub struct InstantiateMsg {
    /// Governance, or the genesis council until hand-over.
    pub owner: String,
    /// Bounded role: pauses and resumes the buyback, nothing else.
    pub operator: Option<String>,
    /// The credit vault: releases weeks and is the Credit token. Never changes.
    pub vault: String,
    /// The L-Coin token. Never changes.
    pub l_coin: String,
    /// The pool of [LCO, Credit]. Never changes.
    pub exchange: String,
    /// The weekly contest. Without it nothing is set aside for prizes; set once by the owner.
    pub wars: Option<String>,
    pub params: Params,
}

#[cw_serde]
pub enum ExecuteMsg {
    // ---- profit ----
    /// Reports what a gateway's week cost it, and releases that week in the vault: the fund receives max(⌈profit share · (revenue − cost)⌉, ⌈floor · revenue⌉) and
    /// the forfeited charges, the gateway's payout address the rest. Attested cost of free calls is made good as far as the week's budget reaches.
    /// From 9 days after the week's end; each (gateway, week) once; not while a charge of it is set apart.
    ///
    /// Permission: Payout
    ReportProfit {
        week: u64,
        /// Id given by the attestation oracle.
        gateway: u64,
        /// µCredit, at most the attested cost that the vault recorded.
        cost: Uint128,
        /// SHA-256 of the books behind the figure, 32 bytes.
        evidence_hash: HexBinary,
    },
    /// The same with the recorded cost, from 28 days after the week's end: a gateway that does not report locks nobody's money.
    ///
    /// Permission: Anyone
    CloseWeek { week: u64, gateway: u64 },
    /// Pays what is still owed to a gateway for free calls of a released week, as far as the week's budget has grown since.
    ///
    /// Permission: Anyone
    PayFreeCalls { week: u64, gateway: u64 },

    // ---- buyback ----
    /// Buys LCO for one slice of the fund's Credits and burns it, less the prize share, in the same transaction. Fridays UTC only, `slice_interval` after the slice
    /// before, and only while the pool knows its prices. A slice that fails leaves everything as it was.
    ///
    /// Permission: Anyone
    Buyback {},
    /// Sends a week's prize LCO to the contest, once, from the Saturday 00:00 UTC after the week's end on, when no buyback can add to it any more. A week without
    /// prizes sends nothing and counts as released.
    ///
    /// Permission: Wars
    ReleasePrizes { week: u64 },

    // ---- governance ----
    /// Stops or resumes `Buyback`. Nothing else can be paused.
    ///
    /// Permission: Owner | Operator
    PauseBuyback { paused: bool },
    /// Permission: Owner
    SetParams { params: Params },
    /// Names the contest, once.
    ///
    /// Permission: Owner
    SetWars { wars: String },
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
    /// What `Buyback {}` would do at this moment.
    #[returns(SliceResponse)]
    Slice {},
    /// One week over all gateways.
    #[returns(WeekResponse)]
    Week { week: u64 },
    /// Weeks, newest first.
    #[returns(Vec<WeekResponse>)]
    Weeks {
        start_before: Option<u64>,
        limit: Option<u32>,
    },
    /// One gateway's released week, if it is released.
    #[returns(Option<ReportResponse>)]
    Report { gateway: u64, week: u64 },
    /// A gateway's released weeks, newest first.
    #[returns(Vec<ReportResponse>)]
    Reports {
        gateway: u64,
        start_before: Option<u64>,
        limit: Option<u32>,
    },
    /// The n-th burn, counted from 1.
    #[returns(Option<Receipt>)]
    Receipt { n: u64 },
    /// Burns, newest first.
    #[returns(Vec<Receipt>)]
    Receipts {
        start_before: Option<u64>,
        limit: Option<u32>,
    },
    /// Prize LCO of a week.
    #[returns(PrizesResponse)]
    Prizes { week: u64 },
}

/// One burn. The hash of the transaction that emitted the event of the same content is the burn hash.
#[cw_serde]
#[derive(Eq)]
pub struct Receipt {
    /// From 1, without gaps.
    pub n: u64,
    /// The week that ended last when the slice was bought; its prizes receive `lco_to_prizes`.
    pub week: u64,
    /// µCredit.
    pub credits_spent: Uint128,
    /// µLCO: always burned + to prizes.
    pub lco_bought: Uint128,
    pub lco_burned: Uint128,
    pub lco_to_prizes: Uint128,
    /// What was paid: ⌊credits_spent · 10⁶ / lco_bought⌋, µCredit per whole LCO.
    pub price: Uint128,
    pub height: u64,
    pub time: u64,
}

#[cw_serde]
pub struct OverviewResponse {
    /// µCredit that wait for the next slices: `received − spent − free_calls_paid`. What was sent here directly is not counted.
    pub pot: Uint128,
    /// µCredit received from released weeks since genesis.
    pub received: Uint128,
    /// µCredit spent in slices.
    pub spent: Uint128,
    /// µCredit paid to gateways for free calls.
    pub free_calls_paid: Uint128,
    /// µLCO bought: `burned + to_prizes`.
    pub bought: Uint128,
    pub burned: Uint128,
    pub to_prizes: Uint128,
    /// µLCO set aside and not yet released to the contest.
    pub prizes_held: Uint128,
    /// Number of burns.
    pub receipts: u64,
    /// Time of the newest slice, 0 before the first.
    pub last_slice: u64,
    pub buyback_paused: bool,
    pub week: u64,
}

#[cw_serde]
pub struct ConfigResponse {
    pub operator: Option<String>,
    pub vault: String,
    pub l_coin: String,
    pub exchange: String,
    pub wars: Option<String>,
    pub params: Params,
}

/// Why `Buyback {}` would be refused now.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Obstacle {
    Paused,
    NotFriday,
    TooSoon,
    NothingToSpend,
    /// The pool's price history is too short.
    NoPrice,
    /// The previous block's close lies too far above the mark.
    PriceMoved,
    /// The slice buys less than 1 µLCO.
    TooSmall,
}

#[cw_serde]
pub struct SliceResponse {
    /// None if `Buyback {}` works now.
    pub obstacle: Option<Obstacle>,
    /// Earliest time of the next slice as far as calendar and interval say.
    pub from: u64,
    /// µCredit it would spend; 0 while the pool's prices are unknown.
    pub credits: Uint128,
    /// µLCO it must yield at least; 0 while the pool's prices are unknown.
    pub min_out: Uint128,
}

/// One week over all gateways, as far as they were reported or closed.
#[cw_serde]
pub struct WeekResponse {
    pub week: u64,
    /// µCredit: Σ revenue of released gateways.
    pub revenue: Uint128,
    /// µCredit: Σ of what the fund received for them, forfeited charges included.
    pub received: Uint128,
    /// Most µCredit that can be paid for this week's free calls now: min(⌊free_call_bps · revenue of the week before⌋, received).
    pub free_call_budget: Uint128,
    /// µCredit paid for them.
    pub free_calls_paid: Uint128,
    /// µLCO set aside for the week's prizes.
    pub prizes: Uint128,
    pub prizes_released: bool,
}

#[cw_serde]
pub struct ReportResponse {
    pub gateway: u64,
    pub week: u64,
    /// µCredit.
    pub revenue: Uint128,
    /// µCredit: reported, or recorded if the week was closed without a report.
    pub cost: Uint128,
    /// µCredit: the fund's share of the revenue.
    pub share: Uint128,
    /// µCredit: floor of returned charges, received besides.
    pub forfeited: Uint128,
    /// µCredit: attested cost of free calls …
    pub free_cost: Uint128,
    /// … of which so much is paid.
    pub free_paid: Uint128,
    /// None if the week was closed without a report.
    pub evidence_hash: Option<HexBinary>,
    pub time: u64,
}

#[cw_serde]
pub struct PrizesResponse {
    /// µLCO.
    pub amount: Uint128,
    pub released: bool,
    /// From when `ReleasePrizes` works.
    pub releasable_at: u64,
}

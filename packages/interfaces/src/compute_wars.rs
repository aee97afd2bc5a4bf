//! The weekly contest: who was charged most Credits.
//!
//! Amounts are µCredit or µLCO as said at each field; times are unix seconds; a *week* runs from Monday 00:00 UTC and is numbered as in `math::time`. No message
//! takes native coins. LCO that is sent here directly belongs to nobody and changes nothing.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::Uint128;

use crate::common::{OwnershipMsg, OwnershipResponse};

/// Ranks that can win a prize.
pub const MAX_PRIZES: usize = 10;
/// Size of the exact list of leaders.
pub const MAX_LEADERS: u32 = 100;
/// Most scores of one `Record`.
pub const MAX_SCORES: usize = 200;

/// Credits charged to one account by one report.
#[cw_serde]
pub struct Score {
    pub account: String,
    /// µCredit, greater than zero.
    pub charged: Uint128,
}

/// Every parameter has bounds, checked at instantiate and update. In force for every week that is finalized later.
#[cw_serde]
pub struct Params {
    /// Share of each rank in a week's prizes, basis points, best rank first: 1 ..= 10 shares, none above the one before, together at most 10,000. Default
    /// 3,000, 2,000, 1,200, 800, 600, 600, 500, 500, 400, 400.
    pub prizes_bps: Vec<u16>,
    /// Most free calls of the champion, as a part of all charges of the week that was won, basis points. 0 ..= 100; default 100.
    pub free_call_bps: u16,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            prizes_bps: vec![3_000, 2_000, 1_200, 800, 600, 600, 500, 500, 400, 400],
            free_call_bps: 100,
        }
    }
}

#[cw_serde]
pub struct InstantiateMsg {
    /// Governance, or the genesis council until hand-over.
    pub owner: String,
    /// The credit vault: reports scores, takes the champion's free calls. Never changes.
    pub vault: String,
    /// The L-Coin token that prizes are paid in. Never changes.
    pub l_coin: String,
    /// The ecosystem fund that gives the prizes. Without it there are none; set once by the owner.
    pub fund: Option<String>,
    pub params: Params,
}

/// What the champion of a week may choose for the week that follows.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Perk {
    /// An allowance of free calls at every gateway where the champion has a spending account, held by the vault.
    FreeCalls,
    /// No limit of concurrent calls.
    UnlimitedConcurrency,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// Adds one report's charges to the scores of the week (see `credit_vault::Week`). Each account at most once, at most 200. Scores of a week that is
    /// finalized already change nothing.
    ///
    /// Permission: Vault
    Record { week: u64, scores: Vec<Score> },
    /// Fixes the top ranks and the prize table of a week that is over, once.
    ///
    /// Permission: Anyone
    Finalize { week: u64 },
    /// Fetches a finalized week's prize LCO from the fund and divides it, with what rolled over from the weeks before, among the ranks: ⌊pool · share⌋ each. What
    /// is left (unfilled ranks, shares below 100 %, dust) rolls over to the next week. Weeks are collected in their order, each once.
    ///
    /// Permission: Anyone
    CollectPrizes { week: u64 },
    /// Pays the sender's prize of a collected week, once.
    ///
    /// Permission: Winner
    ClaimPrize { week: u64 },
    /// The best of a finalized week chooses, once, while the following week lasts. Free calls: min(⌊mean score of the top 100⌋, ⌊free_call_bps · all charges⌋).
    ///
    /// Permission: Champion
    ChoosePerk { week: u64, perk: Perk },
    /// Permission: Owner
    SetParams { params: Params },
    /// Names the fund, once.
    ///
    /// Permission: Owner
    SetFund { fund: String },
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
    /// One week's totals.
    #[returns(WeekResponse)]
    Week { week: u64 },
    /// Weeks with scores or a result, newest first.
    #[returns(Vec<WeekResponse>)]
    Weeks {
        start_before: Option<u64>,
        limit: Option<u32>,
    },
    /// The leaders of a week, best first, from the rank after `start_after`.
    #[returns(Vec<RankResponse>)]
    Top {
        week: u64,
        start_after: Option<u32>,
        limit: Option<u32>,
    },
    /// One account's score and rank in a week.
    #[returns(RankResponse)]
    Rank { account: String, week: u64 },
    /// One account's scores, newest week first, without ranks.
    #[returns(Vec<ScoreResponse>)]
    Scores {
        account: String,
        start_before: Option<u64>,
        limit: Option<u32>,
    },
    /// The prizes of a week, best rank first; empty before it is finalized.
    #[returns(Vec<PrizeResponse>)]
    Prizes { week: u64 },
    /// What a gateway grants this account now.
    #[returns(PerksResponse)]
    Perks { account: String },
    /// What the champion of a week chose for the following one.
    #[returns(Option<PerkResponse>)]
    Perk { week: u64 },
}

#[cw_serde]
pub struct OverviewResponse {
    /// The week that is running.
    pub week: WeekResponse,
    /// The first week that counts.
    pub first_week: u64,
    /// The week that `CollectPrizes` accepts next, once it is finalized.
    pub next_collect: u64,
    /// µLCO that rolled over to the next week collected.
    pub rolled: Uint128,
    /// µLCO fetched from the fund since genesis: always paid + unclaimed + rolled.
    pub collected: Uint128,
    /// µLCO of prizes paid.
    pub paid: Uint128,
    /// µLCO of prizes fixed and not yet claimed.
    pub unclaimed: Uint128,
}

#[cw_serde]
pub struct ConfigResponse {
    pub vault: String,
    pub l_coin: String,
    pub fund: Option<String>,
    pub params: Params,
}

#[cw_serde]
pub struct WeekResponse {
    pub week: u64,
    /// Number of accounts in the top list, at most 100.
    pub leaders: u32,
    /// µCredit: all charges heard of.
    pub charged: Uint128,
    /// µCredit: sum of the top list's scores.
    pub top_charged: Uint128,
    /// µCredit: least score of the top list; one must pass it to enter a full list.
    pub minimum: Uint128,
    pub result: Option<WeekResult>,
}

/// What finalizing fixed.
#[cw_serde]
pub struct WeekResult {
    pub finalized_at: u64,
    /// µLCO divided among the ranks, what rolled over to it included; none before `CollectPrizes`.
    pub pool: Option<Uint128>,
    /// µLCO of it claimed.
    pub paid: Uint128,
}

#[cw_serde]
#[derive(Eq)]
pub struct RankResponse {
    pub account: String,
    /// µCredit; 0 if the account was never charged in that week.
    pub score: Uint128,
    /// 1 ..= 100; none below the top list.
    pub rank: Option<u32>,
}

#[cw_serde]
pub struct ScoreResponse {
    pub week: u64,
    /// µCredit.
    pub score: Uint128,
}

#[cw_serde]
pub struct PrizeResponse {
    /// From 1.
    pub rank: u32,
    /// None for a rank that nobody reached; its prize rolls over.
    pub account: Option<String>,
    pub share_bps: u16,
    /// µLCO; none before the week is collected.
    pub prize: Option<Uint128>,
    pub claimed: bool,
}

#[cw_serde]
pub struct PerksResponse {
    /// The champion's choice for this week is unlimited concurrency, and the champion is this account.
    pub unlimited_concurrency: bool,
    /// µCredit of free calls granted for this week; the vault's `FreeCalls` says what is left. Zero for everybody else.
    pub free_calls: Uint128,
    /// Until before when the answer holds.
    pub valid_until: u64,
}

#[cw_serde]
pub struct PerkResponse {
    pub account: String,
    pub perk: Perk,
    /// µCredit of free calls; 0 for the other perk.
    pub allowance: Uint128,
    /// Half-open time in which it holds.
    pub valid_from: u64,
    pub valid_until: u64,
}

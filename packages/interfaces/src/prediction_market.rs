//! Bets on events: dynamic parimutuel with an L2 cost function, bonded answers, disputes.
//!
//! Money is L-Coin; amounts are µLCO (10⁻⁶ LCO), shares have the same unit (one winning share pays at least 1 µLCO), times are unix seconds, probabilities are
//! parts per million, rounded down. An *outcome* is its position in the market's list, from 0; an *answer* is an outcome or [`VOID`].
//!
//! No message takes native coins; attached ones are refused (932).
//!
//! # Error codes
//! Shown as `[market:<code>]`; codes from 900 are those of `kit`, among them 911 (sender does not hold the role) and 920 (paused).
//!
//! | code | meaning |
//! |---|---|
//! | 1 | a calculation has no result |
//! | 2 | a number lies outside its bounds |
//! | 3 | a text is empty or too long |
//! | 4 | fewer than 2 or more than 8 outcomes |
//! | 5 | an outcome stands twice |
//! | 6 | no such market |
//! | 7 | the market has no such outcome |
//! | 8 | the answer is neither an outcome nor void |
//! | 9 | the market is in another status than the message needs |
//! | 10 | ante or bet is below the minimum |
//! | 11 | the trade would give nothing |
//! | 12 | the trade would give less than the sender asked for |
//! | 13 | the bet would lift its outcome above the highest probability |
//! | 14 | a sale in the block of a purchase |
//! | 15 | more than the shares that can be sold |
//! | 16 | open interest would pass its cap |
//! | 17 | the pool would pass its bound |
//! | 18 | the bond is not the amount that is asked for |
//! | 19 | the answer stands already |
//! | 20 | no further dispute: the number of bonds is bounded |
//! | 21 | the answer was not bonded |
//! | 22 | nothing to claim |
//! | 23 | no waiver at that tier |
//! | 24 | nothing to burn |
//! | 25 | peer not configured |
//! | 26 | peer is set already |
//! | 27 | the evidence is not a hash of 32 bytes |
//! | 28 | unknown reply |

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{HexBinary, Int128, Uint128};
use cw20::Cw20ReceiveMsg;

use crate::common::{OwnershipMsg, OwnershipResponse};
use crate::voting::Moment;

/// One LCO in µLCO.
const LCO: u128 = 1_000_000;
/// One day, in seconds.
const DAY: u64 = 24 * 60 * 60;

/// The answer that the question has no answer; can always be given.
pub const VOID: u8 = u8::MAX;
/// Fewest and most outcomes of a market.
pub const OUTCOMES_BOUNDS: (usize, usize) = (2, 8);
/// Most bytes of a question.
pub const MAX_QUESTION_BYTES: usize = 256;
/// Most bytes of an outcome's name.
pub const MAX_OUTCOME_BYTES: usize = 64;
/// Most bytes of an evidence rule.
pub const MAX_RULE_BYTES: usize = 512;
/// Bounds of the time from creation to `close_at`: 10 minutes to 366 days.
pub const TRADING_BOUNDS: (u64, u64) = (600, 366 * DAY);
/// Most seconds from `close_at` to `resolve_after`.
pub const MAX_WAIT: u64 = 366 * DAY;
/// Most bonds of one market. The last would be 2¹⁹ times the first: with the least first bond, 20 LCO, that is more than all LCO there will ever be.
pub const MAX_BONDS: u8 = 20;
/// Bonds after which the stakers are asked: an answer and two disputes.
pub const BONDS_BEFORE_VOTE: u8 = 3;
/// Buckets that a market's trading time is divided into for its history.
pub const HISTORY_BUCKETS: u64 = 256;
/// Most markets that one filtered page looks at.
pub const SCAN_LIMIT: usize = 300;
/// Seconds for which the cap on open interest that staking was asked for is believed.
pub const CAP_AGE: u64 = 600;

/// Bounds of `min_ante`, µLCO.
pub const MIN_ANTE_BOUNDS: (u128, u128) = (LCO, 100_000 * LCO);
/// Bounds of `min_bet`, µLCO. From 1,000 on a bet buys at least as many shares as it costs, whatever is rounded.
pub const MIN_BET_BOUNDS: (u128, u128) = (1_000, 1_000 * LCO);
/// Bounds of `max_probability_bps`.
pub const MAX_PROBABILITY_BOUNDS: (u16, u16) = (9_000, 9_900);
/// Bounds of `fee_bps`.
pub const FEE_BOUNDS: (u16, u16) = (0, 1_000);
/// Bounds of `bond_bps`.
pub const BOND_BPS_BOUNDS: (u16, u16) = (10, 1_000);
/// Bounds of `min_bond`, µLCO.
pub const MIN_BOND_BOUNDS: (u128, u128) = (20 * LCO, 10_000 * LCO);
/// Bounds of `liveness`, seconds: 6 hours to 7 days.
pub const LIVENESS_BOUNDS: (u64, u64) = (DAY / 4, 7 * DAY);
/// Bounds of `unanswered`, seconds: 7 to 90 days.
pub const UNANSWERED_BOUNDS: (u64, u64) = (7 * DAY, 90 * DAY);
/// Bounds of `vote_patience`, seconds: 15 to 60 days, longer than any vote lasts.
pub const VOTE_PATIENCE_BOUNDS: (u64, u64) = (15 * DAY, 60 * DAY);
/// Bounds of `interest_floor`, µLCO.
pub const INTEREST_FLOOR_BOUNDS: (u128, u128) = (0, 10_000_000 * LCO);
/// Bounds of `interest_bps`.
pub const INTEREST_BPS_BOUNDS: (u16, u16) = (0, 5_000);

/// Parameters of bets, in force at once for all markets.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Params {
    /// Least ante of a new market, µLCO; [`MIN_ANTE_BOUNDS`], default 100 LCO.
    pub min_ante: Uint128,
    /// Least bet, µLCO; [`MIN_BET_BOUNDS`], default 0.1 LCO.
    pub min_bet: Uint128,
    /// Highest probability to which a bet may lift its own outcome, basis points; [`MAX_PROBABILITY_BOUNDS`], default 9,900.
    pub max_probability_bps: u16,
    /// Open interest that is allowed however little is bonded, µLCO; [`INTEREST_FLOOR_BOUNDS`], default 100,000 LCO.
    pub interest_floor: Uint128,
    /// Open interest allowed per bonded LCO, basis points; [`INTEREST_BPS_BOUNDS`], default 1,000.
    pub interest_bps: u16,
    /// Copied into each market when it is created.
    pub terms: Terms,
}

/// What a market keeps from its creation to its end.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Terms {
    /// Fee on the losers' money, basis points; [`FEE_BOUNDS`], default 500.
    pub fee_bps: u16,
    /// First bond as a share of the pool, basis points; [`BOND_BPS_BOUNDS`], default 100.
    pub bond_bps: u16,
    /// Least first bond, µLCO; [`MIN_BOND_BOUNDS`], default 100 LCO.
    pub min_bond: Uint128,
    /// Seconds in which an answer can be disputed; [`LIVENESS_BOUNDS`], default 24 hours.
    pub liveness: u64,
    /// Seconds after `resolve_after` from which a market without an answer is void; [`UNANSWERED_BOUNDS`], default 30 days.
    pub unanswered: u64,
    /// Seconds from a dispute that asked the stakers after which the market goes on without them; [`VOTE_PATIENCE_BOUNDS`], default 21 days.
    pub vote_patience: u64,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            fee_bps: 500,
            bond_bps: 100,
            min_bond: Uint128::new(100 * LCO),
            liveness: DAY,
            unanswered: 30 * DAY,
            vote_patience: 21 * DAY,
        }
    }
}

impl Default for Params {
    fn default() -> Self {
        Self {
            min_ante: Uint128::new(100 * LCO),
            min_bet: Uint128::new(LCO / 10),
            max_probability_bps: 9_900,
            interest_floor: Uint128::new(100_000 * LCO),
            interest_bps: 1_000,
            terms: Terms::default(),
        }
    }
}

/// Contracts around this one. Each may be given at instantiate or once later.
#[cw_serde]
#[derive(Default)]
pub struct Peers {
    /// Answers `lco_staking::QueryMsg::{Overview, TierAt}`. Without it open interest ends at the floor and no fee is waived.
    pub staking: Option<String>,
    /// Hears `governance::ExecuteMsg::OpenOutcome` and answers by `Decide`. Without it the doubling of bonds goes on.
    pub governance: Option<String>,
}

#[cw_serde]
pub struct InstantiateMsg {
    /// Sets parameters within bounds, peers once, and the operator. Has no say in any market.
    pub owner: String,
    /// May stop new markets and new bets.
    pub operator: Option<String>,
    /// The one token of bets and bonds. Never changes.
    pub l_coin: String,
    pub peers: Peers,
    pub params: Params,
}

/// What can be paused. Nothing that leads out or towards a resolution is here.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Pausable {
    /// New markets.
    Propose,
    /// Bets.
    Buy,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// L-Coin arrives; `msg` is a [`Cw20Hook`].
    ///
    /// Permission: Coin
    Receive(Cw20ReceiveMsg),
    /// Sells shares back to the pool until `close_at`. Of the refund as much is paid at once as the sender put into the market and did not get back; the rest, his
    /// gain, is paid with his claim, and not at all if the market is void, where everybody gets back what he put in. Not in the block of a purchase by the same
    /// account in the same market; shares of the ante stay. Cannot be paused.
    ///
    /// Permission: Anyone
    Sell {
        market: u64,
        outcome: u8,
        /// Above zero, at most what the sender holds and is not locked.
        shares: Uint128,
        /// Refused (12) if the refund, the part held back included, would be less, µLCO.
        min_refund: Uint128,
    },
    /// Ends a market whose newest answer stood undisputed, or that nobody answered: fixes the result, pays the bonds back and burns what is to be burned.
    ///
    /// Permission: Anyone
    Settle { market: u64 },
    /// Pays the sender's winning shares and the gain held back from sales, or on void the sender's refund, once. Settles the market first if that is due. Cannot be paused.
    ///
    /// Permission: Anyone
    Claim {
        market: u64,
        /// Asks for the sender's share of the fee, due to whoever was Lv4 or above when the market was settled; refused (23) below that.
        waiver: bool,
    },
    /// Burns the fees of those who claimed so far. The last claim of a market does so by itself.
    ///
    /// Permission: Anyone
    BurnFees { market: u64 },
    /// Ends a vote of the stakers. With an answer, one of those that were bonded, the market is settled; without one (no quorum) disputes go on.
    ///
    /// Permission: Governance
    Decide {
        market: u64,
        /// An outcome or [`VOID`].
        answer: Option<u8>,
    },
    /// Stops or resumes new markets or bets.
    ///
    /// Permission: Operator | Owner
    Pause { feature: Pausable, paused: bool },
    /// Replaces the parameters, within their bounds. Markets keep the terms they were created with.
    ///
    /// Permission: Owner
    SetParams { params: Params },
    /// Sets peers that are not set yet; those that are not given stay as they are.
    ///
    /// Permission: Owner
    SetPeers { peers: Peers },
    /// Names or removes the operator.
    ///
    /// Permission: Owner
    SetOperator { operator: Option<String> },
    /// Two-step change of owner.
    ///
    /// Permission: Owner
    Ownership(OwnershipMsg),
}

/// What a `Send` of L-Coin says to this contract.
#[cw_serde]
pub enum Cw20Hook {
    /// Creates a market. The amount sent is the ante: equal shares of every outcome, the sender's, locked to the end. The event
    /// `market_created` tells the market's id.
    Propose {
        /// 1 to [`MAX_QUESTION_BYTES`] bytes.
        question: String,
        /// 2 to 8 names of 1 to [`MAX_OUTCOME_BYTES`] bytes, each once.
        outcomes: Vec<String>,
        /// Trading ends; within [`TRADING_BOUNDS`] from now.
        close_at: u64,
        /// Answers begin; from `close_at` to [`MAX_WAIT`] after it.
        resolve_after: u64,
        /// What decides, and where it is read: 1 to [`MAX_RULE_BYTES`] bytes.
        evidence_rule: String,
    },
    /// Bets the amount sent on an outcome.
    Buy {
        market: u64,
        outcome: u8,
        /// Refused (12) if the bet would buy fewer.
        min_shares: Uint128,
    },
    /// Gives the first answer, from `resolve_after` on. The amount sent is exactly the bond ([`MarketResponse::next_bond`]).
    Answer {
        market: u64,
        /// An outcome or [`VOID`].
        answer: u8,
        /// SHA-256 of the evidence, 32 bytes.
        evidence: HexBinary,
    },
    /// Puts another answer in the place of the newest one, while that can be disputed. The amount sent is exactly twice the bond before.
    Dispute {
        market: u64,
        /// An outcome or [`VOID`]; not the answer that stands.
        answer: u8,
        /// SHA-256 of the evidence, 32 bytes.
        evidence: HexBinary,
    },
}

/// State is kept as it is; only the recorded version changes.
#[cw_serde]
pub struct MigrateMsg {}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Totals, and the cap on open interest at this moment.
    #[returns(OverviewResponse)]
    Overview {},
    /// Roles, peers, parameters.
    #[returns(ConfigResponse)]
    Config {},
    /// Who owns the contract.
    #[returns(OwnershipResponse)]
    Ownership {},
    /// One market with everything.
    #[returns(MarketResponse)]
    Market { market: u64 },
    /// Newest first.
    #[returns(MarketsResponse)]
    Markets {
        /// Only those in this status; at most [`SCAN_LIMIT`] are looked at for one page.
        status: Option<Status>,
        /// `next` of the page before.
        start_before: Option<u64>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// The answers that were bonded, in order; at most [`MAX_BONDS`].
    #[returns(Vec<BondResponse>)]
    Bonds { market: u64 },
    /// One account in one market.
    #[returns(PositionResponse)]
    Position { market: u64, address: String },
    /// One account in all markets where it has something left, by market.
    #[returns(Vec<PositionResponse>)]
    Positions {
        address: String,
        /// Last market of the page before.
        start_after: Option<u64>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// How a market moved: one row for each 1/[`HISTORY_BUCKETS`] of its trading time in which somebody traded.
    #[returns(Vec<HistoryRow>)]
    History {
        market: u64,
        /// Last bucket of the page before.
        start_after: Option<u16>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// What `Buy` would give now, by the code that executes it; refused as it would be, the cap on open interest apart.
    #[returns(QuoteBuyResponse)]
    QuoteBuy { market: u64, outcome: u8, amount: Uint128 },
    /// What `Sell` would give now, by the code that executes it; does not ask whether anybody holds the shares.
    #[returns(QuoteSellResponse)]
    QuoteSell { market: u64, outcome: u8, shares: Uint128 },
}

/// Where a market stands. A function of state and time: no message is needed for it to move on.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Status {
    /// Until `close_at`.
    Trading,
    /// From `close_at` to `resolve_after`.
    Waiting,
    /// Can be answered.
    Unanswered,
    /// Has an answer that can be disputed.
    Answered,
    /// The stakers vote.
    Voting,
    /// `Settle` can be called.
    Due,
    /// An outcome won; can be claimed.
    Resolved,
    /// Void; money comes back.
    Voided,
}

/// Answer to `Overview {}`. The contract's L-Coin balance is at least `open_interest + unclaimed + bonds`.
#[cw_serde]
pub struct OverviewResponse {
    /// Markets ever created; their ids are 1 to this.
    pub markets: u64,
    /// µLCO in markets that are not settled: their pools and the gains held back.
    pub open_interest: Uint128,
    /// µLCO that open interest may reach at this moment.
    pub interest_cap: Uint128,
    /// µLCO of settled markets that was neither claimed nor burned.
    pub unclaimed: Uint128,
    /// µLCO of bonds in markets that are not settled.
    pub bonds: Uint128,
    /// µLCO ever burned by this contract.
    pub burned: Uint128,
    /// What is paused.
    pub paused: Vec<Pausable>,
}

/// Answer to `Config {}`.
#[cw_serde]
pub struct ConfigResponse {
    pub operator: Option<String>,
    pub l_coin: String,
    pub peers: Peers,
    pub params: Params,
}

/// One outcome of a market.
#[cw_serde]
pub struct OutcomeResponse {
    pub name: String,
    /// s_i.
    pub shares: Uint128,
    /// M_i: money that came in on this outcome less money that went out, µLCO.
    pub money: Int128,
    /// s_i² / Σs², parts per million.
    pub probability_ppm: u32,
    /// What 1,000,000 shares would pay if the market were settled on this outcome now, µLCO, rounded down.
    pub payout: Uint128,
}

/// Answer to `Market {}`.
#[cw_serde]
pub struct MarketResponse {
    pub market: u64,
    pub status: Status,
    pub question: String,
    pub evidence_rule: String,
    pub proposer: String,
    /// µLCO of the pool that the proposer put in at the start.
    pub ante: Uint128,
    /// The block in which the market was created.
    pub created: Moment,
    pub close_at: u64,
    pub resolve_after: u64,
    pub terms: Terms,
    /// P, µLCO; that at the end for a settled market.
    pub pool: Uint128,
    pub outcomes: Vec<OutcomeResponse>,
    /// H, µLCO: gains of those who sold, held back until the market ends; paid with their claims, or on void part of what is refunded. A void refunds `pool + held`.
    pub held: Uint128,
    /// Seconds of one bucket of the history.
    pub bucket: u64,
    /// Bonds given so far.
    pub bonds: u8,
    /// µLCO that the next `Answer` or `Dispute` must send; none where there can be none.
    pub next_bond: Option<Uint128>,
    /// The newest answer.
    pub answer: Option<u8>,
    /// When the present status ends by itself: trading, waiting, the time for answers or disputes, the stakers' patience.
    pub until: Option<u64>,
    pub result: Option<ResultResponse>,
}

/// What became of a market.
#[cw_serde]
pub struct ResultResponse {
    /// An outcome or [`VOID`].
    pub answer: u8,
    /// Time of the block that settled it; the tier at this second decides about the waiver.
    pub at: u64,
    /// F, µLCO; part of the pool.
    pub fee: Uint128,
    /// What claims are pro rata to: shares of the winning outcome, or Σ net cost on void.
    pub weight: Uint128,
    /// Weight that did not claim yet.
    pub weight_left: Uint128,
    /// µLCO neither claimed nor burned nor waiting to be burned; gains held back are among them.
    pub left: Uint128,
    /// µLCO of fees that `BurnFees` would burn now.
    pub burnable: Uint128,
}

/// One row of `Markets {}`.
#[cw_serde]
pub struct MarketRow {
    pub market: u64,
    pub status: Status,
    pub question: String,
    pub close_at: u64,
    pub resolve_after: u64,
    /// P, µLCO.
    pub pool: Uint128,
    pub outcomes: Vec<String>,
    /// Of each outcome, in order.
    pub probabilities_ppm: Vec<u32>,
    /// The result of a settled market, otherwise the newest answer.
    pub answer: Option<u8>,
}

/// Answer to `Markets {}`.
#[cw_serde]
pub struct MarketsResponse {
    pub markets: Vec<MarketRow>,
    /// To go on with; none at the end.
    pub next: Option<u64>,
}

/// One bonded answer.
#[cw_serde]
pub struct BondResponse {
    pub account: String,
    /// An outcome or [`VOID`].
    pub answer: u8,
    /// µLCO.
    pub amount: Uint128,
    pub evidence: HexBinary,
    /// When it was given.
    pub at: u64,
    /// µLCO that came back when the market was settled; none before.
    pub returned: Option<Uint128>,
}

/// What an account holds of one outcome.
#[cw_serde]
pub struct HoldingResponse {
    pub outcome: u8,
    pub shares: Uint128,
    /// Money paid for it less what its shares were worth when sold, µLCO.
    pub money: Int128,
}

/// Answer to `Position {}`.
#[cw_serde]
pub struct PositionResponse {
    pub market: u64,
    pub status: Status,
    pub holdings: Vec<HoldingResponse>,
    /// Shares of every outcome that cannot be sold.
    pub locked: Uint128,
    /// Paid in less paid out, over all outcomes, µLCO: what a void refunds, and what a sale can pay at once.
    pub net_cost: Uint128,
    /// What sales brought beyond that, µLCO: paid with the claim unless the market is void.
    pub held: Uint128,
    /// µLCO that `Claim` without waiver would pay now; none before the end.
    pub claimable: Option<Uint128>,
    /// µLCO that a waiver would add.
    pub waivable: Option<Uint128>,
}

/// One row of `History {}`.
#[cw_serde]
pub struct HistoryRow {
    /// Position of the bucket, from 0.
    pub bucket: u16,
    /// First second of the bucket.
    pub time: u64,
    /// Of each outcome, after the last trade of the bucket.
    pub probabilities_ppm: Vec<u32>,
    /// P after the last trade of the bucket, µLCO.
    pub pool: Uint128,
    /// µLCO bet in the bucket.
    pub bought: Uint128,
    /// µLCO refunded in the bucket.
    pub sold: Uint128,
    /// Trades in the bucket.
    pub trades: u32,
}

/// Answer to `QuoteBuy {}`.
#[cw_serde]
pub struct QuoteBuyResponse {
    pub shares: Uint128,
    /// Of the outcome, before and after.
    pub before_ppm: u32,
    pub after_ppm: u32,
    /// µLCO that these shares would pay if nobody traded afterwards and the outcome won.
    pub payout: Uint128,
}

/// Answer to `QuoteSell {}`.
#[cw_serde]
pub struct QuoteSellResponse {
    /// µLCO.
    pub refund: Uint128,
    /// Of the outcome, before and after.
    pub before_ppm: u32,
    pub after_ppm: u32,
}

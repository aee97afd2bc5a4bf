//! Typed proposals on tracks, over any voting module.
//!
//! Anyone makes proposals, with a deposit: `Params` sends `set_params` to contracts, `Messages` sends anything, and where the instance governs VCAI, `StrategicIssuance`,
//! `Spend` and `Reprice` do what they say. They pass with a majority of *all* weight, and, where money can move (all but `Params`), of all linear weight too. Two kinds
//! of votes are opened by contracts and told to them: on a market's outcome, where the answer with most weight wins if a quorum voted, and on an appeal, which a
//! majority of the linear weight that voted grants, if a quorum voted. There is no owner, no operator and no veto; settings change by proposals to the contract itself.
//!
//! Durations and times are unix seconds; weights and powers are in the units of the voting module (µLCO on the L-Exchange instance); shares are basis points.
//! No message takes native coins; attached ones are refused (932).
//!
//! # Error codes
//! Shown as `[governance:<code>]`; codes from 900 are those of `kit`, among them 911 (sender does not hold the role).
//!
//! | code | meaning |
//! |---|---|
//! | 1 | storage failed, a query failed, or an address does not parse |
//! | 2 | a number lies outside its bounds |
//! | 3 | a text is empty or too long |
//! | 4 | too few or too many calls, messages or answers |
//! | 5 | calls or messages are too large |
//! | 6 | no such proposal |
//! | 7 | the proposal is in another status than the message needs |
//! | 8 | the choice is not one of the proposal's |
//! | 9 | the sender had no power at the proposal's moment |
//! | 10 | the same vote was cast already |
//! | 11 | a call of a `Params` proposal is not a plain `set_params` |
//! | 12 | a message of a `Messages` proposal is of a kind that is not sent, or speaks to the deposit token |
//! | 13 | the deposit is not the amount that is asked for |
//! | 14 | the electorate is below the floor |
//! | 15 | the proposal holds no deposit (any more) |
//! | 16 | no prediction market is configured |
//! | 17 | the prediction market is set already |
//! | 18 | an answer stands twice |
//! | 19 | the moments are out of order, or not past |
//! | 20 | the recipient of deposits cannot be this contract |
//! | 21 | no appeals contract is configured |
//! | 22 | the appeals contract is set already |
//! | 23 | this instance does not govern VCAI |
//! | 24 | the recipients' amounts do not sum up to the amount, or one stands twice |
//! | 25 | a strategic issuance must use the quota |
//! | 26 | no issuance is left in the quota |
//! | 27 | more than can still be issued this year |
//! | 28 | less than 2 % of the supply is locked |
//! | 29 | more than may be spent within 90 days |

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Binary, CosmosMsg, Uint128};
use cw20::Cw20ReceiveMsg;

use crate::token_allocation::VestingSchedule;
use crate::voting::{Moment, Power};

/// One day, in seconds.
const DAY: u64 = 24 * 60 * 60;

/// Bounds of a track's discussion: 1 to 30 days.
pub const DISCUSSION_BOUNDS: (u64, u64) = (DAY, 30 * DAY);
/// Bounds of a track's voting: 3 to 30 days.
pub const VOTING_BOUNDS: (u64, u64) = (3 * DAY, 30 * DAY);
/// Bounds of a track's timelock: 24 hours to 30 days.
pub const TIMELOCK_BOUNDS: (u64, u64) = (DAY, 30 * DAY);
/// Bounds of the time in which a passed proposal can be executed: 1 to 60 days.
pub const WINDOW_BOUNDS: (u64, u64) = (DAY, 60 * DAY);
/// Bounds of the voting on a market's outcome or an appeal: 1 to 14 days.
pub const OUTCOME_VOTING_BOUNDS: (u64, u64) = (DAY, 14 * DAY);
/// Bounds of the quorum on a market's outcome or an appeal: 1 % to 50 %.
pub const QUORUM_BOUNDS: (u16, u16) = (100, 5_000);
/// Bounds of the participation from which a deposit is returned: 0 to 33 %.
pub const REFUND_BOUNDS: (u16, u16) = (0, 3_300);
/// Bounds of a deposit, base units of the deposit token.
pub const DEPOSIT_BOUNDS: (u128, u128) = (1, 10_000_000_000_000);
/// Bounds of the floor, in linear weight.
pub const FLOOR_BOUNDS: (u128, u128) = (1, 10_000_000_000_000_000);
/// Most calls or messages of one proposal.
pub const MAX_MSGS: usize = 16;
/// Most bytes of a proposal's calls or messages as JSON.
pub const MAX_MSGS_BYTES: usize = 32 * 1024;
/// Most bytes of a title.
pub const MAX_TITLE_BYTES: usize = 128;
/// Most bytes of a description.
pub const MAX_DESCRIPTION_BYTES: usize = 4 * 1024;
/// Most answers of one market.
pub const MAX_ANSWERS: usize = 16;
/// How deep objects and arrays of a `set_params` call may nest.
pub const MAX_JSON_DEPTH: u32 = 16;
/// Net fee revenue that opens one strategic issuance: 2,000,000 USD, base units of the stablecoin.
pub const REVENUE_PER_ISSUANCE: u128 = 2_000_000_000_000;
/// Locked VCAI that opens one strategic issuance: 500,000,000 VCAI of genesis, base units.
pub const LOCKED_PER_ISSUANCE: u128 = 500_000_000_000_000;
/// Part of the supply that must be locked for money to move: one part in 50, which is 2 %.
pub const SUPPLY_PER_LOCKED: u128 = 50;
/// Most recipients of one strategic issuance.
pub const MAX_RECIPIENTS: usize = 16;
/// Most partners of one strategic issuance.
pub const MAX_PARTNERS: usize = 16;
/// Most bytes of the purpose, of the terms, and of a partner's name.
pub const MAX_TERMS_BYTES: usize = 2 * 1024;
/// Most proposals that one filtered page looks at.
pub const SCAN_LIMIT: usize = 300;

#[cw_serde]
pub struct InstantiateMsg {
    /// The voting module; answers `voting::QueryMsg`. Never changes.
    pub voting_module: String,
    /// CW20 of the deposits. Never changes.
    pub deposit_token: String,
    /// May open votes on outcomes. If None, set once by a proposal.
    pub prediction_market: Option<String>,
    /// May open votes on appeals. If None, set once by a proposal.
    pub appeals: Option<String>,
    /// Given where the deposit token is VCAI and the voting module `vote-escrow`; opens `StrategicIssuance`, `Spend` and `Reprice`. Never changes.
    pub network: Option<Network>,
    pub params: Params,
    pub tracks: Tracks,
}

/// Whom an instance over VCAI works with.
#[cw_serde]
pub struct Network {
    /// `token-allocation`: holds the reserve, and has issued VCAI vest.
    pub allocation: String,
    /// `treasury`: knows the net fee revenue.
    pub treasury: String,
}

/// What a `Params` proposal can change.
#[cw_serde]
pub struct Params {
    /// Deposit of one proposal, base units of the deposit token; [`DEPOSIT_BOUNDS`].
    pub deposit: Uint128,
    /// Receives the deposits of proposals that too few took part in. Not this contract.
    pub deposit_recipient: String,
    /// A deposit is returned if at least this share of all weight voted, basis points; [`REFUND_BOUNDS`].
    pub refund_bps: u16,
}

/// What only a `Messages` proposal can change, because it decides how proposals pass.
#[cw_serde]
pub struct Tracks {
    pub params: Track,
    /// Of `Messages`, `StrategicIssuance`, `Spend` and `Reprice`.
    pub messages: Track,
    pub market_outcome: OutcomeTrack,
    /// The defaults if not given, as in instances older than appeals.
    #[serde(default)]
    pub appeal: OutcomeTrack,
    /// Least total linear weight with which anything can be proposed or executed, market outcomes apart; [`FLOOR_BOUNDS`]. 10^12 µLCO (10 % of the cap) on the
    /// L-Exchange instance.
    pub floor: Uint128,
}

/// Durations of a proposal's life, seconds.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Track {
    /// Before voting; the proposer can withdraw. [`DISCUSSION_BOUNDS`], default 7 days.
    pub discussion: u64,
    /// [`VOTING_BOUNDS`], default 7 days.
    pub voting: u64,
    /// Between the end of voting and execution. [`TIMELOCK_BOUNDS`], default 24 hours.
    pub timelock: u64,
    /// In which a passed proposal can be executed. [`WINDOW_BOUNDS`], default 14 days.
    pub window: u64,
}

/// Votes on market outcomes and appeals begin at once, are executed at once, and can be executed for ever.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct OutcomeTrack {
    /// Seconds. [`OUTCOME_VOTING_BOUNDS`], default 4 days.
    pub voting: u64,
    /// Share of the electorate that must vote, basis points. [`QUORUM_BOUNDS`], default 1,000.
    pub quorum_bps: u16,
}

impl Default for OutcomeTrack {
    fn default() -> Self {
        Self {
            voting: 4 * DAY,
            quorum_bps: 1_000,
        }
    }
}

#[cw_serde]
pub enum ExecuteMsg {
    /// The deposit arrives; `msg` is a [`Cw20Hook`].
    ///
    /// Permission: DepositToken
    Receive(Cw20ReceiveMsg),
    /// Opens a vote on a market's outcome. Answers with the proposal's id in the data (JSON, [`OpenOutcomeResponse`]).
    ///
    /// Permission: PredictionMarket
    OpenOutcome {
        market: u64,
        /// The answers that were bonded, in the market's own numbers: 1 to [`MAX_ANSWERS`], each once.
        answers: Vec<u8>,
        /// The block in which the market was created.
        from: Moment,
        /// The block of the dispute; not before `from`, not in the future.
        to: Moment,
    },
    /// Opens a vote on an appeal, among all who have power now. Answers with the proposal's id in the data (JSON, [`OpenAppealResponse`]).
    ///
    /// Permission: Appeals
    OpenAppeal { case: u64 },
    /// Votes with all power the sender had at the proposal's moment. A later vote replaces an earlier one, until the end of voting.
    ///
    /// Permission: Anyone
    Vote { proposal: u64, choice: Choice },
    /// Takes a proposal back, during its discussion.
    ///
    /// Permission: Proposer
    Withdraw { proposal: u64 },
    /// Sends the messages of a passed proposal, or the decision on a market's outcome or an appeal. If one fails, nothing happened and it can be tried again: proposals
    /// within their window, decisions for ever.
    ///
    /// Permission: Anyone
    Execute { proposal: u64 },
    /// Returns the deposit of a proposal that ended or was withdrawn, or passes it on to the recipient. Independent of execution.
    ///
    /// Permission: Anyone
    SettleDeposit { proposal: u64 },
    /// Proposals made before keep what they were made with.
    ///
    /// Permission: Itself
    SetParams { params: Params },
    /// Proposals made before keep their times and quorum; the floor is the present one for all.
    ///
    /// Permission: Itself
    SetTracks { tracks: Tracks },
    /// Once, if none was given at instantiate.
    ///
    /// Permission: Itself
    SetPredictionMarket { address: String },
    /// Once, if none was given at instantiate.
    ///
    /// Permission: Itself
    SetAppeals { address: String },
}

/// What this contract says to the appeals contract.
#[cw_serde]
pub enum AppealsMsg {
    /// The vote on a case is over.
    DecideAppeal {
        case: u64,
        /// More linear weight for yes than for no, with a quorum.
        granted: bool,
    },
}

/// What comes with a CW20 `Send` to this contract.
#[cw_serde]
pub enum Cw20Hook {
    /// Makes a proposal; the amount sent is exactly the deposit. The electorate is that of the moment before this block.
    Propose {
        /// One line, 1 to [`MAX_TITLE_BYTES`] bytes.
        title: String,
        /// Up to [`MAX_DESCRIPTION_BYTES`] bytes.
        description: String,
        action: Action,
    },
}

/// What is proposed.
#[cw_serde]
pub enum Action {
    /// Sets parameters: 1 to [`MAX_MSGS`] calls, in this order, all or none, up to [`MAX_MSGS_BYTES`] bytes.
    Params { calls: Vec<ParamsCall> },
    /// Sends messages to contracts or coins: 1 to [`MAX_MSGS`], in this order, all or none, up to [`MAX_MSGS_BYTES`] bytes as JSON. Only `wasm` and `bank`, and
    /// none to the deposit token: deposits belong to the proposers.
    Messages { msgs: Vec<CosmosMsg> },
    /// Creates VCAI for a purpose; all of it vests. Refused if no issuance is left in the quota, when it is proposed and when it is executed, and then also beyond what
    /// can be issued in the year.
    StrategicIssuance(StrategicIssuance),
    /// Sends VCAI of the reserve.
    Spend {
        to: String,
        /// Base units, above 0; at most 5 % of the bucket's genesis size, and within any 90 days together as well.
        amount: Uint128,
    },
    /// Changes what one VCAI means, as `vcai` does by this exponent. Nothing that anybody holds changes, and no quota is used.
    Reprice {
        /// Even, not 0, -18 to 18.
        exponent: i8,
    },
}

/// VCAI for a purpose.
#[cw_serde]
pub struct StrategicIssuance {
    /// What it is for, 1 to [`MAX_TERMS_BYTES`] bytes.
    pub purpose: String,
    /// With whom, by name; up to [`MAX_PARTNERS`], each 1 to [`MAX_TERMS_BYTES`] bytes.
    pub partners: Vec<String>,
    /// Base units in all.
    pub amount: Uint128,
    /// 1 to [`MAX_RECIPIENTS`], each once; they sum up to `amount`.
    pub recipients: Vec<Recipient>,
    /// Of every recipient's part; starts with execution.
    pub vesting: VestingSchedule,
    /// What was agreed, up to [`MAX_TERMS_BYTES`] bytes.
    pub terms: String,
    /// Always true: there is no issuance beside the quota, and every voter reads it.
    pub uses_quota: bool,
}

/// Part of a strategic issuance.
#[cw_serde]
#[derive(Eq)]
pub struct Recipient {
    pub address: String,
    /// Base units, above 0.
    pub amount: Uint128,
}

/// One `set_params`.
#[cw_serde]
pub struct ParamsCall {
    pub contract: String,
    /// JSON: begins with `{"set_params":{`, byte for byte, and has no other key at the top, no key twice in any object, no escape in any key, and nothing behind.
    pub msg: Binary,
}

/// A vote.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Choice {
    /// For a proposal, or for granting an appeal.
    Yes,
    /// In a proposal, counts for the return of the deposit only: what decides is yes against everybody. In an appeal, against granting it.
    No,
    /// For one of the answers of a market's outcome.
    Answer(u8),
}

/// Data of the answer to `OpenAppeal`.
#[cw_serde]
pub struct OpenAppealResponse {
    pub proposal: u64,
}

/// Data of the answer to `OpenOutcome`.
#[cw_serde]
pub struct OpenOutcomeResponse {
    pub proposal: u64,
}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Settings, peers, the present electorate.
    #[returns(OverviewResponse)]
    Overview {},
    /// Parameters.
    #[returns(Params)]
    Params {},
    /// Tracks and floor.
    #[returns(Tracks)]
    Tracks {},
    /// One proposal with everything.
    #[returns(ProposalResponse)]
    Proposal { proposal: u64 },
    /// Its status alone.
    #[returns(Status)]
    ProposalStatus { proposal: u64 },
    /// The newest vote on a market's outcome.
    #[returns(ProposalResponse)]
    Outcome { market: u64 },
    /// The newest vote on a case.
    #[returns(ProposalResponse)]
    Appeal { case: u64 },
    /// How many strategic issuances are left. An error where this instance does not govern VCAI.
    #[returns(QuotaResponse)]
    Quota {},
    /// Newest first.
    #[returns(ProposalsResponse)]
    Proposals {
        /// Only those in this status; at most [`SCAN_LIMIT`] are looked at for one page.
        status: Option<Status>,
        /// `next` of the page before.
        start_before: Option<u64>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// One account's vote and its power in the proposal.
    #[returns(VoteResponse)]
    Vote { proposal: u64, address: String },
    /// Votes by canonical address.
    #[returns(VotesResponse)]
    Votes {
        proposal: u64,
        /// Last voter of the page before.
        start_after: Option<String>,
        /// Rows, 30 if not given, at most 100.
        limit: Option<u32>,
    },
    /// Whether a majority of all weight is within reach: the largest turnout of the four newest proposals whose voting has ended (outcomes, appeals and what was
    /// withdrawn apart; of the newest 300 proposals), against half of the present weight.
    #[returns(ReachableMajorityResponse)]
    ReachableMajority {},
}

/// State is kept as it is; only the recorded version changes.
#[cw_serde]
pub struct MigrateMsg {}

/// What a proposal is about.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Kind {
    Params,
    Messages,
    StrategicIssuance,
    Spend,
    Reprice,
    MarketOutcome,
    Appeal,
}

/// Where a proposal stands: a function of the proposal and the block alone.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Status {
    /// Before voting.
    Discussion,
    /// Votes are taken.
    Voting,
    /// Voting ended without the majorities needed. Final.
    Rejected,
    /// Passed, waiting.
    Timelocked,
    /// Passed (or, for a market's outcome or an appeal, voted on) and can be executed.
    Ready,
    /// Passed, but was not executed in time. Final.
    Expired,
    /// Final.
    Executed,
    /// By its proposer, during the discussion. Final.
    Withdrawn,
}

/// When what begins. Unix seconds, each the first second.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Schedule {
    pub voting_starts: u64,
    pub voting_ends: u64,
    pub ready_at: u64,
    /// None for a market's outcome and an appeal.
    pub expires_at: Option<u64>,
}

/// Answer to `Overview {}`.
#[cw_serde]
pub struct OverviewResponse {
    pub voting_module: String,
    pub deposit_token: String,
    pub prediction_market: Option<String>,
    pub appeals: Option<String>,
    pub network: Option<Network>,
    pub params: Params,
    pub tracks: Tracks,
    /// Proposals ever made; also the newest id.
    pub proposals: u64,
    /// All power now.
    pub total: Power,
    /// Whether its linear part reaches the floor.
    pub floor_reached: bool,
}

/// One proposal without its content.
#[cw_serde]
pub struct ProposalSummary {
    /// Counts from 1.
    pub id: u64,
    pub kind: Kind,
    /// Of the block of the query.
    pub status: Status,
    /// The block in which it was made.
    pub at: Moment,
    pub schedule: Schedule,
    /// One line; empty for a market's outcome and an appeal.
    pub title: String,
}

/// Answer to `Proposal {}`.
#[cw_serde]
pub struct ProposalResponse {
    pub summary: ProposalSummary,
    pub subject: Subject,
}

/// What is decided, and how far.
#[cw_serde]
#[allow(
    clippy::large_enum_variant,
    reason = "an answer lives for one query; a box would show in no schema and save nothing"
)]
pub enum Subject {
    /// A proposal for or against something.
    Motion {
        proposer: String,
        description: String,
        action: Action,
        /// All power at its moment.
        total: Power,
        yes: Power,
        no: Power,
        /// Yes is more than half of all weight.
        weight_majority: bool,
        /// Yes is more than half of all linear weight; not needed by `Params`.
        linear_majority: bool,
        /// Base units of the deposit token.
        deposit: Uint128,
        /// Whether the deposit is still held.
        deposit_held: bool,
        /// Share of all weight that must vote for the deposit to be returned.
        refund_bps: u16,
    },
    /// A market's outcome.
    Outcome {
        market: u64,
        /// Each bonded answer with its weight, in the order given by the market.
        answers: Vec<AnswerTally>,
        from: Moment,
        to: Moment,
        /// The whole electorate.
        total: Uint128,
        quorum_bps: u16,
        /// Whether enough voted.
        quorum_reached: bool,
        /// The answer with most weight, if enough voted and no other has as much.
        leading: Option<u8>,
    },
    /// An appeal.
    Appeal {
        case: u64,
        /// All power at its moment.
        total: Power,
        yes: Power,
        no: Power,
        quorum_bps: u16,
        /// Whether enough linear weight voted.
        quorum_reached: bool,
        /// Whether it would be granted as the votes stand.
        granted: bool,
    },
}

/// Answer to `Quota {}`: min(revenue steps, locked steps) − executed, or 0.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct QuotaResponse {
    /// ⌊net fee revenue / [`REVENUE_PER_ISSUANCE`]⌋.
    pub revenue_steps: Uint128,
    /// ⌊locked now / [`LOCKED_PER_ISSUANCE`]⌋.
    pub locked_steps: Uint128,
    /// Strategic issuances executed.
    pub executed: u64,
    /// Issuances that could be executed now.
    pub left: Uint128,
}

/// Weight of one answer.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct AnswerTally {
    pub answer: u8,
    pub weight: Uint128,
}

/// Answer to `Proposals {}`.
#[cw_serde]
pub struct ProposalsResponse {
    pub proposals: Vec<ProposalSummary>,
    /// `start_before` of the next page; None at the end.
    pub next: Option<u64>,
}

/// One vote.
#[cw_serde]
pub struct VoteInfo {
    pub voter: String,
    pub choice: Choice,
    pub power: Power,
}

/// Answer to `Vote {}`.
#[cw_serde]
pub struct VoteResponse {
    pub vote: Option<VoteInfo>,
    /// What the account can vote with.
    pub power: Power,
}

/// Answer to `Votes {}`.
#[cw_serde]
pub struct VotesResponse {
    pub votes: Vec<VoteInfo>,
}

/// Answer to `ReachableMajority {}`.
#[cw_serde]
pub struct ReachableMajorityResponse {
    /// Proposals looked at, newest first, at most 4.
    pub proposals: Vec<u64>,
    /// The largest weight that voted in one of them.
    pub turnout: Uint128,
    /// All weight now.
    pub total: Uint128,
    /// Whether `turnout` is more than half of `total`.
    pub reachable: bool,
}

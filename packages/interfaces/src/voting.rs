//! What governance asks of a voting module. `lco-staking` and `vote-escrow` answer it.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::Uint128;

/// A block of the past. Governance takes it from the block in which a proposal was made.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Moment {
    pub height: u64,
    /// Unix seconds of that block.
    pub time: u64,
}

/// Votes of one account, or of all. For every moment the total is the sum over the accounts, exactly.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Power {
    /// What decides a majority of weight (square-root weight where the module has one).
    pub weight: Uint128,
    /// What decides a majority of money. Equal to `weight` where the module has only one.
    pub linear: Uint128,
}

/// Always the state *before* the block: what happens in the block of the moment itself counts as power 0.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Power in proposals.
    #[returns(Power)]
    Power { address: String, at: Moment },
    #[returns(Power)]
    TotalPower { at: Moment },
    /// Power in decisions on market outcomes: all stakers, each with the lower of what it had at the two moments.
    #[returns(Uint128)]
    OutcomePower { address: String, from: Moment, to: Moment },
    /// The lower of the two totals.
    #[returns(Uint128)]
    OutcomeTotal { from: Moment, to: Moment },
}

/// What a module that keeps heights is asked as well: `voting-adapter` asks it on behalf of those who know a height alone.
#[cw_serde]
#[derive(QueryResponses)]
pub enum HeightQuery {
    /// The moment that stands for a height, to be asked about by [`QueryMsg`].
    #[returns(MomentResponse)]
    Moment { height: u64 },
}

/// Answer to `Moment {}`.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct MomentResponse {
    /// `None` where nothing below that height is recorded.
    pub moment: Option<Moment>,
}

//! New markets.

use std::collections::BTreeSet;

use cosmwasm_std::{Response, Uint128};
use interfaces::prediction_market::{
    Pausable, HISTORY_BUCKETS, MAX_OUTCOME_BYTES, MAX_QUESTION_BYTES, MAX_RULE_BYTES, MAX_WAIT, TRADING_BOUNDS,
};
use math::parimutuel::Pool;

use super::Context;
use crate::error::ContractError;
use crate::events::Of;
use crate::peers;
use crate::state::{Config, Details, Holding, PoolRow, Position, Totals, DETAILS, POOLS, POSITIONS};

/// What is proposed.
pub struct Proposal {
    pub question: String,
    pub outcomes: Vec<String>,
    pub close_at: u64,
    pub resolve_after: u64,
    pub evidence_rule: String,
}

impl Proposal {
    fn check(&self, now: u64) -> Result<(), ContractError> {
        check_text("question", &self.question, MAX_QUESTION_BYTES)?;
        check_text("evidence_rule", &self.evidence_rule, MAX_RULE_BYTES)?;
        let mut seen = BTreeSet::new();
        for name in &self.outcomes {
            check_text("outcome", name, MAX_OUTCOME_BYTES)?;
            if !seen.insert(name) {
                return Err(ContractError::OutcomeTwice { name: name.clone() });
            }
        }
        let (shortest, longest) = TRADING_BOUNDS;
        let trading = (now.saturating_add(shortest), now.saturating_add(longest));
        check_time("close_at", self.close_at, trading)?;
        let waiting = (self.close_at, self.close_at.saturating_add(MAX_WAIT));
        check_time("resolve_after", self.resolve_after, waiting)
    }
}

/// Opens a market with the ante spread over all outcomes. The shares are the proposer's, and locked: each outcome always has some.
pub fn propose(
    ctx: &mut Context,
    config: &Config,
    proposal: Proposal,
    ante: Uint128,
) -> Result<Response, ContractError> {
    config.assert_running(Pausable::Propose)?;
    let min = config.params.min_ante;
    if ante < min {
        return Err(ContractError::TooSmall {
            what: "ante",
            min,
            actual: ante,
        });
    }
    proposal.check(ctx.now())?;
    let pool = Pool::open(ante.u128(), proposal.outcomes.len())?;
    let mut totals = Totals::load(ctx.storage)?;
    peers::let_in(ctx, config, &mut totals, ante)?;
    totals.markets = totals.markets.saturating_add(1);
    let market = totals.markets;

    totals.save(ctx.storage);
    let position = ante_position(&pool);
    let key = (ctx.account()?, market);
    POSITIONS.save(ctx.storage, &key, &position);
    let row = pool_row(ctx.now(), &proposal, pool);
    POOLS.save(ctx.storage, &market, &row);
    let details = details(ctx, config, proposal, ante)?;
    DETAILS.save(ctx.storage, &market, &details);
    let created = Of::MarketCreated {
        proposer: &ctx.sender,
        details: &details,
        row: &row,
    };
    Ok(Response::new().add_event(created.event(market)))
}

/// The proposer's shares: everything there is.
fn ante_position(pool: &Pool) -> Position {
    let holdings = pool.outcomes().iter().zip(0u8..).map(|(outcome, number)| Holding {
        outcome: number,
        shares: outcome.shares,
        money: outcome.money,
    });
    let locked = pool.outcomes().iter().map(|outcome| outcome.shares).min();
    Position {
        holdings: holdings.collect(),
        held: 0,
        locked: locked.unwrap_or_default(),
        bought_at: 0,
    }
}

fn pool_row(now: u64, proposal: &Proposal, pool: Pool) -> PoolRow {
    let trading = proposal.close_at.saturating_sub(now);
    PoolRow {
        pool,
        held: 0,
        created_at: now,
        close_at: proposal.close_at,
        // rounded up: no more than HISTORY_BUCKETS
        bucket: trading.div_ceil(HISTORY_BUCKETS).max(1),
    }
}

fn details(ctx: &Context, config: &Config, proposal: Proposal, ante: Uint128) -> Result<Details, ContractError> {
    Ok(Details {
        proposer: ctx.account()?,
        ante: ante.u128(),
        created: ctx.moment(),
        resolve_after: proposal.resolve_after,
        terms: config.params.terms,
        question: proposal.question,
        evidence_rule: proposal.evidence_rule,
        outcomes: proposal.outcomes,
    })
}

fn check_text(what: &'static str, text: &str, max: usize) -> Result<(), ContractError> {
    match text.len() {
        actual if actual == 0 || actual > max => Err(ContractError::TextLength { what, max, actual }),
        _ => Ok(()),
    }
}

fn check_time(name: &'static str, actual: u64, (min, max): (u64, u64)) -> Result<(), ContractError> {
    match (min..=max).contains(&actual) {
        true => Ok(()),
        false => Err(ContractError::OutOfRange {
            name,
            min: min.into(),
            max: max.into(),
            actual: actual.into(),
        }),
    }
}

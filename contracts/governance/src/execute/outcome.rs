//! The prediction market asks the stakers.

use std::collections::BTreeSet;

use cosmwasm_std::{to_json_binary, Response, Uint128};
use interfaces::governance::{AnswerTally, OpenOutcomeResponse, MAX_ANSWERS};
use interfaces::voting::Moment;
use kit::assert_sender;

use super::Context;
use crate::error::ContractError;
use crate::events;
use crate::module::present;
use crate::state::{add, outcome_schedule, Closing, Outcome, Proposal, Subject, MARKET, OUTCOMES};

/// The electorate is fixed here: everybody with the lower of what he had when the market was created and when it was disputed, so that nobody buys votes for a
/// dispute that he sees coming.
pub fn open(
    ctx: &mut Context,
    market: u64,
    answers: &[u8],
    from: Moment,
    to: Moment,
) -> Result<Response, ContractError> {
    let peer = MARKET.may_load(ctx.storage)?.ok_or(ContractError::NoMarket)?;
    assert_sender(ctx.sender, &peer, "prediction market")?;
    let now = present(ctx.env);
    check_moments(from, to, now)?;
    let config = ctx.config()?;
    let track = &config.tracks.market_outcome;
    let outcome = Outcome {
        market,
        answers: tallies(answers)?,
        from,
        to,
        total: ctx.module(&config).outcome_total(from, to)?,
        quorum_bps: track.quorum_bps,
    };
    let event = events::outcome_opened(&outcome);
    let proposal = Proposal {
        closing: Closing::Open,
        at: now,
        schedule: outcome_schedule(track, now.time),
        subject: Subject::Outcome(outcome),
    };
    let id = add(ctx.storage, &proposal)?;
    OUTCOMES.save(ctx.storage, &market, &id);
    Ok(Response::new()
        .add_event(events::made(event, id, &proposal))
        .set_data(to_json_binary(&OpenOutcomeResponse { proposal: id })?))
}

fn check_moments(from: Moment, to: Moment, now: Moment) -> Result<(), ContractError> {
    let in_order = |a: Moment, b: Moment| a.height <= b.height && a.time <= b.time;
    if in_order(from, to) && in_order(to, now) {
        return Ok(());
    }
    Err(ContractError::Moments { from, to, now })
}

fn tallies(answers: &[u8]) -> Result<Vec<AnswerTally>, ContractError> {
    if !(1..=MAX_ANSWERS).contains(&answers.len()) {
        return Err(ContractError::Count {
            what: "answers",
            max: MAX_ANSWERS,
            actual: answers.len(),
        });
    }
    let mut seen = BTreeSet::new();
    let tally = |answer: &u8| match seen.insert(*answer) {
        true => Ok(AnswerTally {
            answer: *answer,
            weight: Uint128::zero(),
        }),
        false => Err(ContractError::DuplicateAnswer { answer: *answer }),
    };
    answers.iter().map(tally).collect()
}

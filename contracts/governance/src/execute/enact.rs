//! Execution: messages of a passed proposal, or a decision for the prediction market.

use cosmwasm_std::{wasm_execute, Response};
use interfaces::governance::Status;
use interfaces::prediction_market;

use super::Context;
use crate::action;
use crate::error::ContractError;
use crate::events;
use crate::state::{load, save, Closing, Outcome, Subject, CONTENTS, MARKET};

/// The proposal is marked as executed before anything is sent, so a message that comes back to it finds it done. If any message fails, the whole transaction did
/// not happen: the proposal is as ready as before, and nothing was sent by half.
pub fn execute(ctx: &mut Context, id: u64) -> Result<Response, ContractError> {
    let mut proposal = load(ctx.storage, id)?;
    proposal.must_be(id, ctx.now(), Status::Ready, "ready")?;
    proposal.closing = Closing::Executed;
    save(ctx.storage, id, &proposal);
    match &proposal.subject {
        Subject::Motion(_) => enact(ctx, id),
        Subject::Outcome(outcome) => decide(ctx, id, outcome),
    }
}

/// Nothing is handed over while too little is staked, whatever was staked when it was proposed.
fn enact(ctx: &Context, id: u64) -> Result<Response, ContractError> {
    ctx.electorate()?;
    let content = CONTENTS.load(ctx.storage, id)?;
    Ok(Response::new()
        .add_event(events::executed(id))
        .add_messages(action::messages(content.action)))
}

/// A vote without a decision is told, too: the market's own rule takes over.
fn decide(ctx: &Context, id: u64, outcome: &Outcome) -> Result<Response, ContractError> {
    let peer = MARKET.load(ctx.storage)?;
    let answer = outcome.leading();
    let msg = prediction_market::ExecuteMsg::Decide {
        market: outcome.market,
        answer,
    };
    Ok(Response::new()
        .add_event(events::decided(id, outcome, answer))
        .add_message(wasm_execute(peer, &msg, vec![])?))
}

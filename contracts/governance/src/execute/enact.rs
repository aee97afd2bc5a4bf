//! Execution: messages of a passed proposal, or a decision for the contract that asked for it.

use cosmwasm_std::{wasm_execute, Response, Uint128};
use interfaces::governance::{Action, AppealsMsg, Status};
use interfaces::prediction_market;

use super::{check_floor, Context};
use crate::action;
use crate::error::ContractError;
use crate::events;
use crate::network;
use crate::state::{
    content, load, save, Appeal, Closing, Motion, Network, Outcome, Subject, Terms, APPEALS, ISSUED, MARKET,
};

/// The proposal is marked as executed before anything is sent, so a message that comes back to it finds it done. If any message fails, the whole transaction did
/// not happen: the proposal is as ready as before, and nothing was sent by half.
pub fn execute(ctx: &mut Context, id: u64) -> Result<Response, ContractError> {
    let mut proposal = load(ctx.storage, id)?;
    proposal.must_be(id, ctx.now(), Status::Ready, "ready")?;
    proposal.closing = Closing::Executed;
    save(ctx.storage, id, &proposal);
    match &proposal.subject {
        Subject::Motion(motion) => enact(ctx, id, motion),
        Subject::Outcome(outcome) => decide(ctx, id, outcome),
        Subject::Appeal(appeal) => rule(ctx, id, appeal),
    }
}

/// Nothing is handed over while too little is staked, whatever was staked when it was proposed.
fn enact(ctx: &mut Context, id: u64, motion: &Motion) -> Result<Response, ContractError> {
    let config = ctx.config()?;
    let (terms, electorate) = (&config.terms, ctx.electorate(&config)?);
    match (motion.kind.moves_money(), &config.network) {
        (true, Some(_)) => network::check_locked(ctx.querier, terms, [motion.locked, electorate.locked])?,
        _ => check_floor(&config, &electorate)?,
    }
    let action = content(ctx.storage, id)?.deed.action(ctx.api)?;
    if let (Action::StrategicIssuance(issuance), Some(network)) = (&action, &config.network) {
        use_quota(ctx, terms, network, electorate.locked, issuance.amount)?;
    }
    let msgs = action::messages(&ctx.env.contract.address, id, action, terms, config.network.as_ref())?;
    Ok(Response::new().add_event(events::executed(id)).add_messages(msgs))
}

/// Whatever was left when it was proposed: others may have been executed since, locks may have ended, and the year may be used up.
fn use_quota(
    ctx: &mut Context,
    terms: &Terms,
    network: &Network,
    locked: Uint128,
    amount: Uint128,
) -> Result<(), ContractError> {
    let executed = network::check_quota(ctx.storage, ctx.querier, network, locked)?;
    network::check_year(ctx.querier, terms, amount)?;
    Ok(ISSUED.save(ctx.storage, &executed.saturating_add(1))?)
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

/// An appeal without a quorum fails, and so does one without a majority; the contract that asked hears it either way.
fn rule(ctx: &Context, id: u64, appeal: &Appeal) -> Result<Response, ContractError> {
    let peer = APPEALS.load(ctx.storage)?;
    let (case, granted) = (appeal.case, appeal.granted());
    let msg = AppealsMsg::DecideAppeal { case, granted };
    Ok(Response::new()
        .add_event(events::ruled(id, case, granted))
        .add_message(wasm_execute(peer, &msg, vec![])?))
}

//! Deposits find their way out whatever becomes of the proposal: nothing here depends on execution.

use cosmwasm_std::{wasm_execute, Response};
use cw20::Cw20ExecuteMsg;
use interfaces::governance::Status;

use super::Context;
use crate::error::ContractError;
use crate::events;
use crate::state::{content, load, save, Closing, Motion, Proposal, Subject};

/// Back to the proposer if he withdrew or enough took part, else to the recipient. Sent by `Transfer`, which calls nobody.
pub fn settle(ctx: &mut Context, id: u64) -> Result<Response, ContractError> {
    let mut proposal = load(ctx.storage, id)?;
    check_ended(id, &proposal, ctx.now())?;
    let withdrawn = proposal.closing == Closing::Withdrawn;
    let motion = held(id, &mut proposal)?;
    let (amount, returned) = (motion.deposit, withdrawn || motion.returns_deposit());
    motion.deposit_held = false;
    save(ctx.storage, id, &proposal);
    let config = ctx.config()?;
    let recipient = match returned {
        true => content(ctx.storage, id)?.proposer.text(ctx.api)?,
        false => config.params.deposit_recipient,
    };
    let event = events::deposit_settled(id, &recipient, amount, returned);
    let msg = Cw20ExecuteMsg::Transfer { recipient, amount };
    Ok(Response::new()
        .add_event(event)
        .add_message(wasm_execute(config.terms.deposit_token, &msg, vec![])?))
}

fn check_ended(id: u64, proposal: &Proposal, now: u64) -> Result<(), ContractError> {
    match proposal.status(now) {
        actual @ (Status::Discussion | Status::Voting) => Err(ContractError::WrongStatus {
            proposal: id,
            expected: "past its voting, or withdrawn",
            actual,
        }),
        _ => Ok(()),
    }
}

fn held(id: u64, proposal: &mut Proposal) -> Result<&mut Motion, ContractError> {
    match &mut proposal.subject {
        Subject::Motion(motion) if motion.deposit_held => Ok(motion),
        _ => Err(ContractError::NoDeposit { proposal: id }),
    }
}

//! Votes, and taking a proposal back.

use cosmwasm_std::{Addr, Response};
use interfaces::governance::{Choice, Status};
use interfaces::voting::Power;
use kit::assert_sender;
use kit::compact::Account;

use super::Context;
use crate::error::ContractError;
use crate::events;
use crate::state::{content, load, save, Ballot, Closing, Proposal, VOTES};

/// A later vote replaces an earlier one. Power at a past moment cannot change, so only the first vote asks for it.
pub fn vote(ctx: &mut Context, id: u64, choice: Choice) -> Result<Response, ContractError> {
    let mut proposal = load(ctx.storage, id)?;
    proposal.must_be(id, ctx.now(), Status::Voting, "in its voting")?;
    proposal.offers(choice)?;
    let key = (id, Account::trusted(ctx.api, ctx.sender.as_str())?);
    let before = VOTES.may_load(ctx.storage, &key)?;
    let power = match before {
        Some(before) if before.choice == choice => {
            return Err(ContractError::SameVote {
                voter: ctx.sender.clone(),
                choice,
            })
        }
        Some(before) => before.power,
        None => first_power(ctx, id, &proposal)?,
    };
    let ballot = Ballot { choice, power };
    proposal.count(before, ballot)?;
    VOTES.save(ctx.storage, &key, &ballot);
    save(ctx.storage, id, &proposal);
    let replaced = before.map(|before| before.choice);
    Ok(Response::new().add_event(events::voted(id, ctx.sender, &ballot, replaced)))
}

fn first_power(ctx: &Context, id: u64, proposal: &Proposal) -> Result<Power, ContractError> {
    let power = ctx.module(&ctx.config()?).power(proposal, ctx.sender)?;
    if power == Power::default() {
        return Err(no_power(id, ctx.sender));
    }
    Ok(power)
}

fn no_power(proposal: u64, voter: &Addr) -> ContractError {
    ContractError::NoPower {
        proposal,
        voter: voter.clone(),
    }
}

/// Only before anybody could vote, so never a market's outcome. The deposit goes back by `SettleDeposit`.
pub fn withdraw(ctx: &mut Context, id: u64) -> Result<Response, ContractError> {
    let mut proposal = load(ctx.storage, id)?;
    proposal.must_be(id, ctx.now(), Status::Discussion, "in its discussion")?;
    let proposer = content(ctx.storage, id)?.proposer.text(ctx.api)?;
    assert_sender(ctx.sender, &Addr::unchecked(proposer), "proposer")?;
    proposal.closing = Closing::Withdrawn;
    save(ctx.storage, id, &proposal);
    Ok(Response::new().add_event(events::withdrawn(id)))
}

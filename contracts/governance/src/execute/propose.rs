//! A proposal arrives with its deposit.

use cosmwasm_std::{from_json, Response, Uint128};
use cw20::Cw20ReceiveMsg;
use interfaces::governance::{Cw20Hook, Params, MAX_DESCRIPTION_BYTES, MAX_TITLE_BYTES};
use kit::assert_sender;

use super::Context;
use crate::action::{self, check_text};
use crate::error::ContractError;
use crate::events;
use crate::module::present;
use crate::network;
use crate::state::{
    motion_schedule, next_id, save, Closing, Content, Motion, MotionKind, Proposal, Subject, CONTENTS, ENDS, NETWORK,
    PARAMS, TERMS, TRACKS,
};

/// Only the deposit token says that a deposit arrived.
pub fn receive(ctx: &mut Context, wrapper: Cw20ReceiveMsg) -> Result<Response, ContractError> {
    let terms = TERMS.load(ctx.storage)?;
    assert_sender(ctx.sender, &terms.deposit_token, "deposit token")?;
    let Cw20Hook::Propose {
        title,
        description,
        action,
    } = from_json(&wrapper.msg)?;
    let params = PARAMS.load(ctx.storage)?;
    check_deposit(&params, wrapper.amount)?;
    check_text("title", 1, MAX_TITLE_BYTES, &title)?;
    check_text("description", 0, MAX_DESCRIPTION_BYTES, &description)?;
    let kind = action::check(ctx.api, &terms.deposit_token, &action)?;
    let content = Content {
        proposer: ctx.api.addr_validate(&wrapper.sender)?,
        title,
        description,
        action,
    };
    propose(ctx, kind, &params, &content)
}

fn propose(ctx: &mut Context, kind: MotionKind, params: &Params, content: &Content) -> Result<Response, ContractError> {
    let total = ctx.electorate()?;
    check_network(ctx, kind)?;
    let tracks = TRACKS.load(ctx.storage)?;
    let track = match kind.moves_money() {
        true => tracks.messages,
        false => tracks.params,
    };
    let proposal = Proposal {
        closing: Closing::Open,
        at: present(ctx.env),
        schedule: motion_schedule(&track, ctx.now()),
        subject: Subject::Motion(Motion::new(kind, total, params)),
    };
    let id = next_id(ctx.storage)?;
    save(ctx.storage, id, &proposal);
    CONTENTS.save(ctx.storage, id, content)?;
    ENDS.save(ctx.storage, (proposal.schedule.voting_ends, id), &())?;
    Ok(Response::new().add_event(events::proposed(id, &proposal, params, content, total)?))
}

/// What VCAI alone knows is proposed on an instance over VCAI alone; an issuance only while one is left.
fn check_network(ctx: &Context, kind: MotionKind) -> Result<(), ContractError> {
    match kind {
        MotionKind::Params | MotionKind::Messages => Ok(()),
        MotionKind::StrategicIssuance => network::check_quota(ctx.storage, ctx.querier, present(ctx.env)),
        MotionKind::Spend | MotionKind::Reprice if NETWORK.exists(ctx.storage) => Ok(()),
        MotionKind::Spend | MotionKind::Reprice => Err(ContractError::NoNetwork),
    }
}

fn check_deposit(params: &Params, actual: Uint128) -> Result<(), ContractError> {
    if actual == params.deposit {
        return Ok(());
    }
    Err(ContractError::Deposit {
        expected: params.deposit,
        actual,
    })
}

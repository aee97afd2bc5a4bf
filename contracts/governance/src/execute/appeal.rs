//! The appeals contract asks everybody.

use cosmwasm_std::{to_json_binary, Response};
use interfaces::governance::OpenAppealResponse;
use interfaces::voting::Power;
use kit::assert_sender;

use super::Context;
use crate::error::ContractError;
use crate::events;
use crate::module::present;
use crate::state::{add, outcome_schedule, Appeal, Closing, Proposal, Subject, APPEALS, CASES};

/// The electorate is that of the moment before this block: nobody locks more for a case that he sees. It may lie below the floor; who appeals is owed an answer.
pub fn open(ctx: &mut Context, case: u64) -> Result<Response, ContractError> {
    let peer = APPEALS.may_load(ctx.storage)?.ok_or(ContractError::NoAppeals)?;
    assert_sender(ctx.sender, &peer, "appeals contract")?;
    let at = present(ctx.env);
    let config = ctx.config()?;
    let track = &config.tracks.appeal;
    let appeal = Appeal {
        case,
        total: ctx.electorate(&config)?.power,
        yes: Power::default(),
        no: Power::default(),
        quorum_bps: track.quorum_bps,
    };
    let event = events::appeal_opened(&appeal);
    let proposal = Proposal {
        closing: Closing::Open,
        at,
        schedule: outcome_schedule(track, at.time),
        subject: Subject::Appeal(appeal),
    };
    let id = add(ctx.storage, &proposal)?;
    CASES.save(ctx.storage, &case, &id);
    Ok(Response::new()
        .add_event(events::made(event, id, &proposal))
        .set_data(to_json_binary(&OpenAppealResponse { proposal: id })?))
}

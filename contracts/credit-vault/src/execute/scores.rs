//! What the weekly contest hears. Its failure never touches a settlement.

use cosmwasm_std::{
    from_json, to_json_binary, Binary, Event, Reply, Response, StdResult, Storage, SubMsg, SubMsgResult, Uint128,
    WasmMsg,
};
use interfaces::compute_wars::{self, Score};
use interfaces::credit_vault::ReportRef;
use math::Week;

use super::Context;
use crate::error::ContractError;
use crate::events::Usage;
use crate::state::{Charge, ReportKey, Settled, Wiring, UNDELIVERED, WIRING};

/// Ids of the replies this contract asks for.
#[repr(u64)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyId {
    /// A list of scores failed at the contest; the payload is its `ReportRef`.
    Scores = 1,
}

impl TryFrom<u64> for ReplyId {
    type Error = ContractError;

    fn try_from(id: u64) -> Result<Self, ContractError> {
        match id {
            1 => Ok(Self::Scores),
            _ => Err(ContractError::UnknownReply { id }),
        }
    }
}

/// The message for one report; none without a contest or without charges. It is asked to reply only on failure: that isolates as well as always, and a success
/// then does not load this contract a second time (60,000 gas).
pub fn message(
    wiring: &Wiring,
    report: ReportRef,
    week: Week,
    scores: Vec<(String, Uint128)>,
) -> StdResult<Option<SubMsg>> {
    let (Some(wars), false) = (&wiring.wars, scores.is_empty()) else {
        return Ok(None);
    };
    let scores = scores
        .into_iter()
        .map(|(account, charged)| Score { account, charged })
        .collect();
    let record = execute(wars.as_str(), week, scores)?;
    Ok(Some(
        SubMsg::reply_on_error(record, ReplyId::Scores as u64).with_payload(to_json_binary(&report)?),
    ))
}

/// Keeps the report's name; its scores stand in its own row.
pub fn undelivered(storage: &mut dyn Storage, reply: Reply) -> Result<Response, ContractError> {
    let ReplyId::Scores = reply.id.try_into()?;
    let report: ReportRef = from_json::<ReportRef>(&reply.payload)?;
    let SubMsgResult::Err(error) = reply.result else {
        return Ok(Response::new());
    };
    UNDELIVERED.save(storage, &ReportKey(report), &());
    Ok(Response::new().add_event(Event::from(Usage::ScoresUndelivered { report, error: &error })))
}

/// Sends the list again. If it fails again, nothing has changed.
pub fn deliver(ctx: &mut Context, report: ReportRef) -> Result<Response, ContractError> {
    if !UNDELIVERED.has(ctx.storage, &ReportKey(report)) {
        return Err(ContractError::ScoresNotWaiting { report });
    }
    let wars = WIRING
        .load(ctx.storage)?
        .wars
        .ok_or(ContractError::PeerMissing { peer: "wars" })?;
    let settled = Settled::load(ctx.storage, report)?;
    let scores = recount(ctx, &settled.charges)?;
    UNDELIVERED.remove(ctx.storage, &ReportKey(report));
    let record = execute(wars.as_str(), settled.week(), scores)?;
    Ok(Response::new()
        .add_event(Usage::ScoresDelivered { report })
        .add_message(record))
}

/// The charges of each account, which stand side by side.
fn recount(ctx: &Context, charges: &[Charge]) -> StdResult<Vec<Score>> {
    let mut scores: Vec<Score> = Vec::new();
    for charge in charges.iter().filter(|charge| !charge.charged.is_zero()) {
        let Some(account) = &charge.account else { continue };
        let account = account.text(ctx.api)?;
        match scores.last_mut().filter(|last| last.account == account) {
            Some(last) => last.charged = last.charged.checked_add(charge.charged)?,
            None => scores.push(Score {
                account,
                charged: charge.charged,
            }),
        }
    }
    Ok(scores)
}

fn execute(wars: &str, week: Week, scores: Vec<Score>) -> StdResult<WasmMsg> {
    let msg: Binary = to_json_binary(&compute_wars::ExecuteMsg::Record {
        week: week.index(),
        scores,
    })?;
    Ok(WasmMsg::Execute {
        contract_addr: wars.to_owned(),
        msg,
        funds: vec![],
    })
}

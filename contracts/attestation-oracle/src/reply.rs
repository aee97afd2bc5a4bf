//! What comes back from messages whose failure must not undo what this contract decided.

use cosmwasm_std::{DepsMut, Reply, Response, SubMsgResult};

use crate::error::ContractError;
use crate::execute::{challenge, submit};

/// Which message a reply belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum ReplyId {
    /// `SettleUsage` of a `Submit`. Payload: outcomes and reports.
    Settle = 1,
    /// `ResolveCharge` of a challenge's result. Payload: number of the challenge.
    Resolve = 2,
}

/// Keeps note of failures. Successes are not reported at all: state is written as for success before a message leaves, and being called back costs 60,000 gas.
pub fn reply(deps: DepsMut, msg: &Reply) -> Result<Response, ContractError> {
    let ids = [ReplyId::Settle, ReplyId::Resolve];
    let id = ids.into_iter().find(|id| *id as u64 == msg.id);
    let id = id.ok_or(ContractError::UnknownReply(msg.id))?;
    let SubMsgResult::Err(reason) = &msg.result else {
        return Ok(Response::new());
    };
    match id {
        ReplyId::Settle => submit::undelivered(deps.storage, &msg.payload, reason),
        ReplyId::Resolve => challenge::unbooked(deps.storage, &msg.payload, reason),
    }
}

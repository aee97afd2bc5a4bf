//! A contract that does as it is told: a governance that refuses, a token that lies or re-enters, a better that is a contract.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Binary, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response, StdError, StdResult, SubMsg, Uint128,
};
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::Item;
use interfaces::voting::Moment;

/// What it does when it is called as somebody else.
#[cw_serde]
pub enum Reaction {
    /// Nothing.
    Accept,
    /// Fails.
    Refuse,
    /// Sends this, whatever becomes of it.
    Send(Box<CosmosMsg>),
}

#[cw_serde]
pub enum StandInMsg {
    /// Sends these; all must succeed.
    Act {
        msgs: Vec<CosmosMsg>,
    },
    React(Reaction),
    // what contracts say to a governance
    OpenOutcome {
        market: u64,
        answers: Vec<u8>,
        from: Moment,
        to: Moment,
    },
    // what contracts say to a token
    Transfer {
        recipient: String,
        amount: Uint128,
    },
    Burn {
        amount: Uint128,
    },
}

const REACTION: Item<Reaction> = Item::new("reaction");

fn execute(deps: DepsMut, _: Env, _: MessageInfo, msg: StandInMsg) -> StdResult<Response> {
    match msg {
        StandInMsg::Act { msgs } => Ok(Response::new().add_messages(msgs)),
        StandInMsg::React(reaction) => {
            REACTION.save(deps.storage, &reaction)?;
            Ok(Response::new())
        }
        _ => match REACTION.may_load(deps.storage)?.unwrap_or(Reaction::Accept) {
            Reaction::Accept => Ok(Response::new()),
            Reaction::Refuse => Err(StdError::generic_err("refused")),
            Reaction::Send(msg) => Ok(Response::new().add_submessage(SubMsg::reply_on_error(*msg, 1))),
        },
    }
}

fn reply(_: DepsMut, _: Env, reply: Reply) -> StdResult<Response> {
    let error = reply.result.unwrap_err();
    let event = cosmwasm_std::Event::new("failed").add_attribute("error", error);
    Ok(Response::new().add_event(event))
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    Ok(Binary::default())
}

pub fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query).with_reply(reply))
}

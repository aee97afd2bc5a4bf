//! A contract that receives tokens: it does as it is told when one arrives.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    to_json_binary, Binary, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult,
};
use cw721::receiver::Cw721ReceiveMsg;
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::Item;

#[cw_serde]
pub enum StandInMsg {
    ReceiveNft(Cw721ReceiveMsg),
    /// What it sends when a token arrives; nothing: it fails.
    React(Option<Vec<CosmosMsg>>),
}

const RECEIVED: Item<Vec<Cw721ReceiveMsg>> = Item::new("received");
const REACTION: Item<Option<Vec<CosmosMsg>>> = Item::new("reaction");

pub fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    REACTION.save(deps.storage, &Some(vec![]))?;
    RECEIVED.save(deps.storage, &vec![])?;
    Ok(Response::new())
}

fn execute(deps: DepsMut, _: Env, _: MessageInfo, msg: StandInMsg) -> StdResult<Response> {
    match msg {
        StandInMsg::React(messages) => REACTION.save(deps.storage, &messages)?,
        StandInMsg::ReceiveNft(hook) => {
            RECEIVED.update(deps.storage, |mut all| {
                all.push(hook);
                Ok::<_, StdError>(all)
            })?;
            let messages = REACTION.load(deps.storage)?;
            let messages = messages.ok_or_else(|| StdError::generic_err("told to fail"))?;
            return Ok(Response::new().add_messages(messages));
        }
    }
    Ok(Response::new())
}

fn query(deps: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    to_json_binary(&RECEIVED.load(deps.storage)?)
}

//! A hostile pool, or any contract that is told what to do. It answers `Market` as it was told, and does something else when money arrives.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    to_json_binary, Binary, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult,
};
use cw20::Cw20ReceiveMsg;
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::Item;
use interfaces::exchange::MarketResponse;

#[cw_serde]
pub enum StandInMsg {
    SetMarket(Box<MarketResponse>),
    /// What it sends when Credits arrive.
    React(Vec<CosmosMsg>),
    /// Sends messages of its own accord.
    Do(Vec<CosmosMsg>),
    Receive(Cw20ReceiveMsg),
}

#[cw_serde]
pub enum StandInQuery {
    Market {},
}

const MARKET: Item<MarketResponse> = Item::new("market");
const REACTION: Item<Vec<CosmosMsg>> = Item::new("reaction");

pub fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn execute(deps: DepsMut, _: Env, _: MessageInfo, msg: StandInMsg) -> StdResult<Response> {
    match msg {
        StandInMsg::SetMarket(market) => MARKET.save(deps.storage, &market)?,
        StandInMsg::React(messages) => REACTION.save(deps.storage, &messages)?,
        StandInMsg::Do(messages) => return Ok(Response::new().add_messages(messages)),
        // a payee that refuses whatever it is told
        StandInMsg::Receive(_) => {
            let messages = REACTION.may_load(deps.storage)?;
            let messages = messages.ok_or_else(|| StdError::generic_err("told to fail"))?;
            return Ok(Response::new().add_messages(messages));
        }
    }
    Ok(Response::new())
}

fn query(deps: Deps, _: Env, msg: StandInQuery) -> StdResult<Binary> {
    match msg {
        StandInQuery::Market {} => to_json_binary(&MARKET.load(deps.storage)?),
    }
}

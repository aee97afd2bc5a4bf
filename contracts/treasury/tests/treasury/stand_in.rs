//! A contract that is told what to do: the receiver of rewards, or a hostile pool.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    to_json_binary, Binary, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, Uint128,
};
use cw20::Cw20ReceiveMsg;
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::Item;
use interfaces::exchange::MarketResponse;

#[cw_serde]
pub enum StandInMsg {
    SetMarket(Box<MarketResponse>),
    /// What it sends when money arrives; nothing: it fails.
    React(Option<Vec<CosmosMsg>>),
    Receive(Cw20ReceiveMsg),
    Swap {
        min_out: Uint128,
        deadline: Option<u64>,
        to: Option<String>,
    },
}

#[cw_serde]
pub enum StandInQuery {
    Market {},
    /// Hooks received: sender, amount, message.
    Received {},
}

const MARKET: Item<MarketResponse> = Item::new("market");
const REACTION: Item<Option<Vec<CosmosMsg>>> = Item::new("reaction");
const RECEIVED: Item<Vec<Cw20ReceiveMsg>> = Item::new("received");

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
        StandInMsg::SetMarket(market) => MARKET.save(deps.storage, &market)?,
        StandInMsg::React(messages) => REACTION.save(deps.storage, &messages)?,
        StandInMsg::Receive(hook) => {
            RECEIVED.update(deps.storage, |mut all| {
                all.push(hook);
                Ok::<_, StdError>(all)
            })?;
            return react(deps);
        }
        StandInMsg::Swap { .. } => return react(deps),
    }
    Ok(Response::new())
}

fn react(deps: DepsMut) -> StdResult<Response> {
    let messages = REACTION.load(deps.storage)?;
    let messages = messages.ok_or_else(|| StdError::generic_err("told to fail"))?;
    Ok(Response::new().add_messages(messages))
}

fn query(deps: Deps, _: Env, msg: StandInQuery) -> StdResult<Binary> {
    match msg {
        StandInQuery::Market {} => to_json_binary(&MARKET.load(deps.storage)?),
        StandInQuery::Received {} => to_json_binary(&RECEIVED.load(deps.storage)?),
    }
}

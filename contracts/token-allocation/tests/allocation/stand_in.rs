//! Stands where locks are taken, and remembers what it was told; or fails, if told to.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult};
use cw20::Cw20ReceiveMsg;
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::Item;

#[cw_serde]
pub enum StandInMsg {
    Receive(Cw20ReceiveMsg),
    Fail(bool),
}

#[cw_serde]
pub enum StandInQuery {
    Received {},
}

const RECEIVED: Item<Vec<Cw20ReceiveMsg>> = Item::new("received");
const FAILS: Item<bool> = Item::new("fails");

pub fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    FAILS.save(deps.storage, &false)?;
    RECEIVED.save(deps.storage, &vec![])?;
    Ok(Response::new())
}

fn execute(deps: DepsMut, _: Env, _: MessageInfo, msg: StandInMsg) -> StdResult<Response> {
    match msg {
        StandInMsg::Fail(fails) => FAILS.save(deps.storage, &fails)?,
        StandInMsg::Receive(_) if FAILS.load(deps.storage)? => return Err(StdError::generic_err("told to fail")),
        StandInMsg::Receive(hook) => {
            RECEIVED.update(deps.storage, |mut all| {
                all.push(hook);
                Ok::<_, StdError>(all)
            })?;
        }
    }
    Ok(Response::new())
}

fn query(deps: Deps, _: Env, msg: StandInQuery) -> StdResult<Binary> {
    match msg {
        StandInQuery::Received {} => to_json_binary(&RECEIVED.load(deps.storage)?),
    }
}

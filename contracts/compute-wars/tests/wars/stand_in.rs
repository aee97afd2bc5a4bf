//! Stands in for the fund: gives what it was told to give, and reacts as it was told.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    to_json_binary, Binary, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, Uint128,
    WasmMsg,
};
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::{Item, Map};
use interfaces::l_coin;

#[cw_serde]
pub enum StandInMsg {
    /// What it gives for a week.
    Give {
        week: u64,
        l_coin: String,
        amount: Uint128,
    },
    /// Sends these as well, after the prizes.
    Also(Vec<CosmosMsg>),
    /// Sends messages of its own accord.
    Do(Vec<CosmosMsg>),
    // what the contest says
    ReleasePrizes {
        week: u64,
    },
}

const GIFTS: Map<u64, (String, Uint128)> = Map::new("gifts");
const ALSO: Item<Vec<CosmosMsg>> = Item::new("also");

pub fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    ALSO.save(deps.storage, &vec![])?;
    Ok(Response::new())
}

fn execute(deps: DepsMut, _: Env, info: MessageInfo, msg: StandInMsg) -> StdResult<Response> {
    match msg {
        StandInMsg::Give { week, l_coin, amount } => {
            GIFTS.save(deps.storage, week, &(l_coin, amount))?;
            Ok(Response::new())
        }
        StandInMsg::Also(messages) => {
            ALSO.save(deps.storage, &messages)?;
            Ok(Response::new())
        }
        StandInMsg::Do(messages) => Ok(Response::new().add_messages(messages)),
        StandInMsg::ReleasePrizes { week } => {
            let (contract_addr, amount) = GIFTS
                .may_load(deps.storage, week)?
                .ok_or_else(|| StdError::generic_err("nothing to release"))?;
            GIFTS.remove(deps.storage, week);
            let messages = ALSO.load(deps.storage)?;
            ALSO.save(deps.storage, &vec![])?;
            let transfer = l_coin::ExecuteMsg::Transfer {
                recipient: info.sender.into(),
                amount,
            };
            let transfer = WasmMsg::Execute {
                contract_addr,
                msg: to_json_binary(&transfer)?,
                funds: vec![],
            };
            Ok(Response::new().add_message(transfer).add_messages(messages))
        }
    }
}

fn query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    Err(StdError::generic_err("asks nothing"))
}

//! A CW20 that runs messages of an attacker's choice whenever it is asked to move something, before it moves it.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    to_json_binary, Addr, Binary, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult,
    Uint128, WasmMsg,
};
use cw20::{BalanceResponse, Cw20QueryMsg, Cw20ReceiveMsg};
use cw_multi_test::{App, ContractWrapper, Executor};
use cw_storage_plus::{Item, Map};

#[cw_serde]
pub enum HostileMsg {
    Mint {
        recipient: String,
        amount: Uint128,
    },
    Transfer {
        recipient: String,
        amount: Uint128,
    },
    TransferFrom {
        owner: String,
        recipient: String,
        amount: Uint128,
    },
    IncreaseAllowance {
        spender: String,
        amount: Uint128,
        expires: Option<Empty>,
    },
    Send {
        contract: String,
        amount: Uint128,
        msg: Binary,
    },
    /// What to run at the next movement. Each list serves one movement; the messages run as the token.
    Arm {
        plans: Vec<Vec<CosmosMsg>>,
    },
    /// Runs messages as the token now.
    Do {
        msgs: Vec<CosmosMsg>,
    },
    /// The movement itself.
    Move {
        from: String,
        to: String,
        amount: Uint128,
    },
}

const BALANCES: Map<&str, Uint128> = Map::new("balances");
const PLANS: Item<Vec<Vec<CosmosMsg>>> = Item::new("plans");

pub fn create(app: &mut App, creator: &Addr) -> Addr {
    let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
    app.instantiate_contract(code, creator.clone(), &Empty {}, &[], "hostile", None)
        .unwrap()
}

fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    PLANS.save(deps.storage, &vec![])?;
    Ok(Response::new())
}

fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: HostileMsg) -> StdResult<Response> {
    let sender = info.sender.to_string();
    match msg {
        HostileMsg::Mint { recipient, amount } => {
            BALANCES.update(deps.storage, &recipient, |held| {
                Ok::<_, StdError>(held.unwrap_or_default() + amount)
            })?;
            Ok(Response::new())
        }
        HostileMsg::Transfer { recipient, amount } => attacked(deps, &env, sender, recipient, amount),
        HostileMsg::TransferFrom {
            owner,
            recipient,
            amount,
        } => attacked(deps, &env, owner, recipient, amount),
        HostileMsg::IncreaseAllowance { .. } => Ok(Response::new()),
        HostileMsg::Send { contract, amount, msg } => {
            shift(deps, &sender, &contract, amount)?;
            let hook = Cw20ReceiveMsg { sender, amount, msg };
            Ok(Response::new().add_message(hook.into_cosmos_msg(contract)?))
        }
        HostileMsg::Arm { plans } => {
            PLANS.save(deps.storage, &plans)?;
            Ok(Response::new())
        }
        HostileMsg::Do { msgs } => Ok(Response::new().add_messages(msgs)),
        HostileMsg::Move { from, to, amount } => {
            shift(deps, &from, &to, amount)?;
            Ok(Response::new())
        }
    }
}

/// The attacker's messages first, the movement afterwards.
fn attacked(deps: DepsMut, env: &Env, from: String, to: String, amount: Uint128) -> StdResult<Response> {
    let mut plans = PLANS.load(deps.storage)?;
    let plan = if plans.is_empty() { vec![] } else { plans.remove(0) };
    PLANS.save(deps.storage, &plans)?;
    let movement = WasmMsg::Execute {
        contract_addr: env.contract.address.to_string(),
        msg: to_json_binary(&HostileMsg::Move { from, to, amount })?,
        funds: vec![],
    };
    Ok(Response::new().add_messages(plan).add_message(movement))
}

fn shift(deps: DepsMut, from: &str, to: &str, amount: Uint128) -> StdResult<()> {
    BALANCES.update(deps.storage, from, |held| {
        Ok::<_, StdError>(held.unwrap_or_default().checked_sub(amount)?)
    })?;
    BALANCES.update(deps.storage, to, |held| {
        Ok::<_, StdError>(held.unwrap_or_default() + amount)
    })?;
    Ok(())
}

fn query(deps: Deps, _: Env, msg: Cw20QueryMsg) -> StdResult<Binary> {
    match msg {
        Cw20QueryMsg::Balance { address } => to_json_binary(&BalanceResponse {
            balance: BALANCES.may_load(deps.storage, &address)?.unwrap_or_default(),
        }),
        _ => Err(StdError::generic_err("not needed")),
    }
}

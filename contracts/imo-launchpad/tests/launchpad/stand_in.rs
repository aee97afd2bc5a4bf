//! Stand-ins: a staking contract whose weights are set by the test, and a hostile vault that calls back while it grants.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    to_json_binary, wasm_execute, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Order, Response, StdError, StdResult,
    Uint128,
};
use cw20::Cw20ReceiveMsg;
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::{Item, Map};
use interfaces::imo_launchpad::{Cw20Hook, ExecuteMsg, WINDOW};
use interfaces::lco_staking::IntegralResponse;
use interfaces::{credit_vault, lco_staking};

// ---- staking ----

const WEIGHTS: Map<&str, Uint128> = Map::new("weights");

/// Sets the weight of an account in every window.
#[cw_serde]
pub struct SetWeight {
    pub account: String,
    pub weight: Uint128,
}

pub fn staking() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(set_weight, nothing, answer_weights))
}

fn nothing(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn set_weight(deps: DepsMut, _: Env, _: MessageInfo, msg: SetWeight) -> StdResult<Response> {
    WEIGHTS.save(deps.storage, &msg.account, &msg.weight)?;
    Ok(Response::new())
}

fn answer_weights(deps: Deps, env: Env, msg: lco_staking::QueryMsg) -> StdResult<Binary> {
    let lco_staking::QueryMsg::WeightIntegral { address, from, to } = msg else {
        return Err(StdError::generic_err("only weights are asked"));
    };
    if to - from != WINDOW || to >= env.block.time.seconds() {
        return Err(StdError::generic_err("not a past window of 7 days"));
    }
    let all = WEIGHTS.range(deps.storage, None, None, Order::Ascending);
    to_json_binary(&IntegralResponse {
        account: WEIGHTS.may_load(deps.storage, &address)?.unwrap_or_default(),
        total: all.map(|row| row.unwrap().1).sum(),
    })
}

// ---- a vault that calls back ----

/// What the hostile vault does: claims for `account`, and claims again for each grant it is asked for, `times` in all.
#[cw_serde]
pub struct Attack {
    pub launchpad: String,
    pub account: String,
    pub launch: u64,
    pub units: Uint128,
    pub times: u32,
}

#[cw_serde]
pub enum HostileMsg {
    Attack(Attack),
    Grant {
        account: String,
        sku: String,
        units: Uint128,
        price: Uint128,
        exclusive_until: u64,
    },
}

const ATTACK: Item<Attack> = Item::new("attack");
/// What was granted.
pub const GRANTED: Item<Uint128> = Item::new("granted");

pub fn hostile_vault() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(attack, nothing, answer_rate))
}

fn attack(deps: DepsMut, _: Env, _: MessageInfo, msg: HostileMsg) -> StdResult<Response> {
    match msg {
        HostileMsg::Attack(plan) => {
            ATTACK.save(deps.storage, &plan)?;
            again(deps)
        }
        HostileMsg::Grant { units, .. } => {
            let granted = GRANTED.may_load(deps.storage)?.unwrap_or_default();
            GRANTED.save(deps.storage, &(granted + units))?;
            again(deps)
        }
    }
}

fn again(deps: DepsMut) -> StdResult<Response> {
    let mut plan = ATTACK.load(deps.storage)?;
    if plan.times == 0 {
        return Ok(Response::new());
    }
    plan.times -= 1;
    ATTACK.save(deps.storage, &plan)?;
    let (launch, units) = (plan.launch, plan.units);
    let notice = Cw20ReceiveMsg {
        sender: plan.account,
        amount: Uint128::zero(),
        msg: to_json_binary(&Cw20Hook::Claim { launch, units })?,
    };
    let call = wasm_execute(plan.launchpad, &ExecuteMsg::Receive(notice), vec![])?;
    Ok(Response::new().add_message(call))
}

fn answer_rate(_: Deps, _: Env, _: credit_vault::QueryMsg) -> StdResult<Binary> {
    to_json_binary(&credit_vault::RateResponse {
        sku: "any".into(),
        gateway: 1,
        versions: vec![],
        exclusive_from: None,
        exclusive_until: None,
    })
}

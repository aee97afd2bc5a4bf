//! Answers of a DAO DAO voting module.

use cosmwasm_std::{Addr, Deps, Env, StdResult, Uint128};
use interfaces::voting::{HeightQuery, Moment, MomentResponse, Power, QueryMsg};
use interfaces::voting_adapter::{ContractVersion, InfoResponse, Measure, ModuleResponse, PowerAtHeightResponse};

use crate::state::{Config, CONFIG};

/// Power of an account before the block of a height, now if none is given.
pub fn power(deps: Deps, env: &Env, address: String, height: Option<u64>) -> StdResult<PowerAtHeightResponse> {
    at_height(deps, env, height, |at| QueryMsg::Power { address, at })
}

/// The sum of it over all accounts.
pub fn total_power(deps: Deps, env: &Env, height: Option<u64>) -> StdResult<PowerAtHeightResponse> {
    at_height(deps, env, height, |at| QueryMsg::TotalPower { at })
}

fn at_height(
    deps: Deps,
    env: &Env,
    height: Option<u64>,
    question: impl FnOnce(Moment) -> QueryMsg,
) -> StdResult<PowerAtHeightResponse> {
    let Config { module, measure, .. } = CONFIG.load(deps.storage)?;
    let height = height.unwrap_or(env.block.height);
    // before the first recorded block nobody had power
    let power = match moment(deps, &module, height)? {
        Some(at) => deps.querier.query_wasm_smart(&module, &question(at))?,
        None => Power::default(),
    };
    Ok(PowerAtHeightResponse {
        power: measured(measure, power),
        height,
    })
}

fn measured(measure: Measure, power: Power) -> Uint128 {
    match measure {
        Measure::Weight => power.weight,
        Measure::Linear => power.linear,
    }
}

/// The moment that stands for a height with the module.
pub fn moment(deps: Deps, module: &Addr, height: u64) -> StdResult<Option<Moment>> {
    let answer: MomentResponse = deps.querier.query_wasm_smart(module, &HeightQuery::Moment { height })?;
    Ok(answer.moment)
}

pub fn dao(deps: Deps) -> StdResult<Addr> {
    Ok(CONFIG.load(deps.storage)?.dao)
}

pub fn info(deps: Deps) -> StdResult<InfoResponse> {
    let cw2::ContractVersion { contract, version } = cw2::get_contract_version(deps.storage)?;
    Ok(InfoResponse {
        info: ContractVersion { contract, version },
    })
}

pub fn module(deps: Deps) -> StdResult<ModuleResponse> {
    let Config { module, measure, .. } = CONFIG.load(deps.storage)?;
    Ok(ModuleResponse {
        module: module.into_string(),
        measure,
    })
}

//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use interfaces::vote_escrow::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use kit::{migrate as versions, ownership};

use crate::error::ContractError;
use crate::events::Happened;
use crate::execute::{lock, params, withdraw, Context};
use crate::query;

const NAME: &str = concat!("crates.io:", env!("CARGO_PKG_NAME"));
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[entry_point]
pub fn instantiate(deps: DepsMut, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    versions::init(deps.storage, NAME, VERSION)?;
    ownership::init(deps.storage, deps.api.addr_validate(&msg.owner)?)?;
    let config = params::first(deps.api, &env, &msg)?;
    config.save(deps.storage)?;
    let events = [Happened::Peers(&config), Happened::Params(&msg.params)];
    Ok(Response::new().add_events(events))
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    let ctx = &mut Context {
        storage: deps.storage,
        api: deps.api,
        querier: deps.querier,
        env: &env,
        sender: &info.sender,
    };
    match msg {
        ExecuteMsg::Receive(notice) => lock::receive(ctx, &notice),
        ExecuteMsg::ExtendTo { until } => lock::extend(ctx, until),
        ExecuteMsg::Withdraw {} => withdraw::withdraw(ctx),
        ExecuteMsg::Mark {} => lock::mark(ctx),
        ExecuteMsg::SetParams { params } => params::set(ctx, params),
        ExecuteMsg::Ownership(msg) => {
            Ok(Response::new().add_event(ownership::execute(ctx.storage, ctx.api, ctx.sender, msg)?))
        }
    }
}

#[entry_point]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    versions::ensure_upgrade(deps.storage, NAME, VERSION)?;
    Ok(Response::new())
}

#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    use QueryMsg as Msg;
    let env = &env;
    let answer = match msg {
        Msg::Overview {} => to_json_binary(&query::overview(deps, env)?),
        Msg::Ownership {} => to_json_binary(&ownership::query(deps.storage)?),
        Msg::Lock { address } => to_json_binary(&query::lock_view(deps, env, &address)?),
        Msg::Locks { start_after, limit } => to_json_binary(&query::locks(deps, start_after, limit)?),
        Msg::History {
            address,
            start_before,
            limit,
        } => to_json_binary(&query::history(deps, &address, start_before, limit)?),
        Msg::TotalHistory { start_before, limit } => to_json_binary(&query::total_history(deps, start_before, limit)?),
        Msg::Expiries { start_after, limit } => to_json_binary(&query::expiries(deps, env, start_after, limit)?),
        Msg::SplitAdvantage { amount, accounts } => to_json_binary(&query::split_advantage(deps, amount, accounts)?),
        Msg::Power { address, at } => to_json_binary(&query::power(deps, env, &address, at)?),
        Msg::TotalPower { at } => to_json_binary(&query::total_power(deps, env, at)?),
        Msg::OutcomePower { address, from, to } => {
            to_json_binary(&query::outcome_power(deps, env, &address, from, to)?)
        }
        Msg::OutcomeTotal { from, to } => to_json_binary(&query::outcome_total(deps, env, from, to)?),
        Msg::Moment { height } => to_json_binary(&query::moment(deps, env, height)?),
        Msg::Locked { at } => to_json_binary(&query::locked(deps, env, at)?),
    };
    Ok(answer?)
}

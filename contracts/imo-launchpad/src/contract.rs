//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use interfaces::imo_launchpad::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use kit::{migrate as versions, ownership};

use crate::error::ContractError;
use crate::execute::{claim, launch, subscribe, Context};
use crate::state::{Peers, COUNT, PEERS};
use crate::{events, query};

const NAME: &str = concat!("crates.io:", env!("CARGO_PKG_NAME"));
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    versions::init(deps.storage, NAME, VERSION)?;
    ownership::init(deps.storage, deps.api.addr_validate(&msg.owner)?)?;
    let peers = Peers {
        vault: deps.api.addr_validate(&msg.vault)?,
        staking: deps.api.addr_validate(&msg.staking)?,
    };
    PEERS.save(deps.storage, &peers)?;
    COUNT.save(deps.storage, &0)?;
    Ok(Response::new().add_event(events::created(&msg.owner, &peers)))
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
        ExecuteMsg::CreateLaunch(terms) => launch::create(ctx, terms),
        ExecuteMsg::CancelLaunch { launch } => launch::cancel(ctx, launch),
        ExecuteMsg::Subscribe { launch } => subscribe::subscribe(ctx, launch),
        ExecuteMsg::Claim { launch, units } => claim::free(ctx, launch, units),
        ExecuteMsg::Receive(notice) => claim::paid(ctx, &notice),
        ExecuteMsg::CloseLaunch { launch } => launch::close(ctx, launch),
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
    let now = env.block.time.seconds();
    let answer = match msg {
        QueryMsg::Overview {} => to_json_binary(&query::overview(deps, now)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::query(deps.storage)?),
        QueryMsg::Launch { launch } => to_json_binary(&query::launch(deps, now, launch)?),
        QueryMsg::Launches { start_before, limit } => to_json_binary(&query::launches(deps, now, start_before, limit)?),
        QueryMsg::Live { sku } => to_json_binary(&query::live(deps, now, &sku)?),
        QueryMsg::Allotment { launch, address } => to_json_binary(&query::allotment(deps, now, launch, &address)?),
        QueryMsg::Account {
            address,
            start_before,
            limit,
        } => to_json_binary(&query::account(deps, now, &address, start_before, limit)?),
        QueryMsg::Subscribers {
            launch,
            start_after,
            limit,
        } => to_json_binary(&query::subscribers(deps, now, launch, start_after, limit)?),
        QueryMsg::Price { launch, units } => to_json_binary(&query::price(deps, launch, units)?),
    };
    Ok(answer?)
}

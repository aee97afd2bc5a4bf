//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Addr, Api, Binary, Deps, DepsMut, Env, MessageInfo, Reply};
use cosmwasm_std::{Response, StdResult, Storage};
use interfaces::treasury::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use kit::{migrate as versions, operator, ownership};

use crate::error::ContractError;
use crate::events::Rule;
use crate::execute::{buyback, governance, pool, revenue, Context};
use crate::query;
use crate::state::{Config, Totals, CONFIG, PARAMS};

const NAME: &str = concat!("crates.io:", env!("CARGO_PKG_NAME"));
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Most sources named at instantiation.
const MAX_SOURCES: usize = 50;

#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    let (storage, api) = (deps.storage, deps.api);
    versions::init(storage, NAME, VERSION)?;
    ownership::init(storage, api.addr_validate(&msg.owner)?)?;
    let first_operator = optional(api, msg.operator.as_deref())?;
    operator::init(storage, first_operator.as_ref())?;
    governance::check_params(&msg.params)?;
    PARAMS.save(storage, &msg.params)?;
    Totals::default().save(storage);
    let config = enter(storage, api, &msg)?;
    let mut response = Response::new().add_events([Rule::Started(&config), Rule::Params(&msg.params)]);
    check_number(msg.sources.len())?;
    for source in &msg.sources {
        response = response.add_event(governance::add_source(storage, api, source)?);
    }
    Ok(response)
}

fn check_number(sources: usize) -> Result<(), ContractError> {
    match sources > MAX_SOURCES {
        true => Err(ContractError::OutOfRange {
            name: "sources",
            min: 0,
            max: MAX_SOURCES as u64,
            actual: sources as u64,
        }),
        false => Ok(()),
    }
}

fn enter(storage: &mut dyn Storage, api: &dyn Api, msg: &InstantiateMsg) -> StdResult<Config> {
    let config = Config {
        governance: api.addr_validate(&msg.governance)?,
        denom: msg.denom.clone(),
        vcai: api.addr_validate(&msg.vcai)?,
        exchange: api.addr_validate(&msg.exchange)?,
        ve_rewards: api.addr_validate(&msg.ve_rewards)?,
        allocation: api.addr_validate(&msg.allocation)?,
    };
    CONFIG.save(storage, &config)?;
    Ok(config)
}

fn optional(api: &dyn Api, address: Option<&str>) -> StdResult<Option<Addr>> {
    address.map(|address| api.addr_validate(address)).transpose()
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    let ctx = &mut Context {
        storage: deps.storage,
        api: deps.api,
        querier: deps.querier,
        env: &env,
        info: &info,
    };
    use ExecuteMsg as Msg;
    if !matches!(msg, Msg::Deposit { .. } | Msg::OpenPool { .. }) {
        kit::funds::none(ctx.info)?;
    }
    match msg {
        Msg::Deposit { source } => revenue::deposit(ctx, &source),
        Msg::OpenPool { vcai } => pool::open(ctx, vcai),
        Msg::Buyback { min_out } => buyback::buyback(ctx, min_out),
        Msg::RemoveLiquidity { shares, min_amounts } => pool::remove_liquidity(ctx, shares, min_amounts),
        Msg::Spend { asset, to, amount } => pool::spend(ctx, asset, &to, amount),
        Msg::SetSource { name, address, counts } => governance::set_source(ctx, &name, address, counts),
        Msg::PauseBuyback { paused } => governance::pause_buyback(ctx, paused),
        Msg::SetParams { params } => governance::set_params(ctx, &params),
        Msg::SetOperator { operator } => governance::set_operator(ctx, operator),
        Msg::Ownership(msg) => {
            let event = ownership::execute(ctx.storage, ctx.api, &ctx.info.sender, msg)?;
            Ok(Response::new().add_event(event))
        }
    }
}

#[entry_point]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let info = MessageInfo {
        sender: env.contract.address.clone(),
        funds: vec![],
    };
    let ctx = &mut Context {
        storage: deps.storage,
        api: deps.api,
        querier: deps.querier,
        env: &env,
        info: &info,
    };
    buyback::swapped(ctx, reply)
}

#[entry_point]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    versions::ensure_upgrade(deps.storage, NAME, VERSION)?;
    Ok(Response::new())
}

#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    use QueryMsg as Msg;
    let answer = match msg {
        Msg::Overview {} => to_json_binary(&query::overview(deps, &env)?),
        Msg::Config {} => to_json_binary(&query::config(deps)?),
        Msg::Ownership {} => to_json_binary(&ownership::query(deps.storage)?),
        Msg::Revenue {} => to_json_binary(&query::revenue(deps)?),
        Msg::Slice {} => to_json_binary(&query::slice(deps, &env)?),
        Msg::Source { name } => to_json_binary(&query::source(deps, &name)?),
        Msg::Sources { start_after, limit } => to_json_binary(&query::sources(deps, start_after.as_deref(), limit)?),
        Msg::Receipt { n } => to_json_binary(&query::receipt(deps, n)?),
        Msg::Receipts { start_before, limit } => to_json_binary(&query::receipts(deps, start_before, limit)?),
    };
    Ok(answer?)
}

//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Addr, Api, Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use cosmwasm_std::{StdResult, Storage};
use interfaces::ecosystem_fund::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use kit::{migrate as versions, operator, ownership};

use crate::error::ContractError;
use crate::events::Rule;
use crate::execute::profit::Statement;
use crate::execute::{buyback, governance, prizes, profit, Context};
use crate::query;
use crate::state::{Config, Totals, CONFIG, PARAMS, TOTALS};

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
    let (storage, api) = (deps.storage, deps.api);
    versions::init(storage, NAME, VERSION)?;
    ownership::init(storage, api.addr_validate(&msg.owner)?)?;
    let first_operator = optional(api, msg.operator.as_deref())?;
    operator::init(storage, first_operator.as_ref())?;
    governance::check_params(&msg.params)?;
    PARAMS.save(storage, &msg.params)?;
    TOTALS.save(storage, &Totals::default())?;
    let config = enter(storage, api, &msg)?;
    Ok(Response::new()
        .add_events([Rule::Started(&config), Rule::Params(&msg.params)])
        .add_events(config.wars.iter().map(Rule::Wars)))
}

fn enter(storage: &mut dyn Storage, api: &dyn Api, msg: &InstantiateMsg) -> StdResult<Config> {
    let config = Config {
        vault: api.addr_validate(&msg.vault)?,
        l_coin: api.addr_validate(&msg.l_coin)?,
        exchange: api.addr_validate(&msg.exchange)?,
        wars: optional(api, msg.wars.as_deref())?,
    };
    CONFIG.save(storage, &config)?;
    Ok(config)
}

fn optional(api: &dyn Api, address: Option<&str>) -> StdResult<Option<Addr>> {
    address.map(|address| api.addr_validate(address)).transpose()
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
    use ExecuteMsg as Msg;
    match msg {
        Msg::ReportProfit {
            week,
            gateway,
            cost,
            evidence_hash,
        } => profit::report(ctx, gateway, week, Statement { cost, evidence_hash }),
        Msg::CloseWeek { week, gateway } => profit::close(ctx, gateway, week),
        Msg::PayFreeCalls { week, gateway } => profit::pay_free_calls(ctx, gateway, week),
        Msg::Buyback {} => buyback::buyback(ctx),
        Msg::ReleasePrizes { week } => prizes::release(ctx, week),
        Msg::PauseBuyback { paused } => governance::pause_buyback(ctx, paused),
        Msg::SetParams { params } => governance::set_params(ctx, &params),
        Msg::SetWars { wars } => governance::set_wars(ctx, &wars),
        Msg::SetOperator { operator } => governance::set_operator(ctx, operator),
        Msg::Ownership(msg) => {
            Ok(Response::new().add_event(ownership::execute(ctx.storage, ctx.api, ctx.sender, msg)?))
        }
    }
}

#[entry_point]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let ctx = &mut Context {
        storage: deps.storage,
        api: deps.api,
        querier: deps.querier,
        env: &env,
        sender: &env.contract.address,
    };
    buyback::bought(ctx, &reply)
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
        Msg::Slice {} => to_json_binary(&query::slice(deps, &env)?),
        Msg::Week { week } => to_json_binary(&query::week(deps, week)?),
        Msg::Weeks { start_before, limit } => to_json_binary(&query::weeks(deps, start_before, limit)?),
        Msg::Report { gateway, week } => to_json_binary(&query::report(deps, gateway, week)?),
        Msg::Reports {
            gateway,
            start_before,
            limit,
        } => to_json_binary(&query::reports(deps, gateway, start_before, limit)?),
        Msg::Receipt { n } => to_json_binary(&query::receipt(deps, n)?),
        Msg::Receipts { start_before, limit } => to_json_binary(&query::receipts(deps, start_before, limit)?),
        Msg::Prizes { week } => to_json_binary(&query::prizes(deps, week)?),
    };
    Ok(answer?)
}

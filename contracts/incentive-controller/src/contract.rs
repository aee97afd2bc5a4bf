//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use interfaces::incentive_controller::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use kit::{migrate as versions, ownership};

use crate::error::ContractError;
use crate::events;
use crate::execute::claim::{self, Range};
use crate::execute::report::{self, Report};
use crate::execute::{account, advance, settings, start, Context};
use crate::query;
use crate::state::{Book, Config, BOOK, CONFIG, PARAMS};

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
    settings::check_params(&msg.params)?;
    let reporter = msg.reporter.map(|address| api.addr_validate(&address)).transpose()?;
    let config = Config {
        vcai: api.addr_validate(&msg.vcai)?,
        exchange: api.addr_validate(&msg.exchange)?,
        reporter,
    };
    CONFIG.save(storage, &config)?;
    PARAMS.save(storage, &msg.params)?;
    BOOK.save(storage, &Book::default())?;
    Ok(Response::new()
        .add_event(events::created(&config))
        .add_event(events::reporter_set(config.reporter.as_ref()))
        .add_event(events::params_set(&msg.params)))
}

/// Every message refuses coins: the contract keeps none.
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
        Msg::Start {} => start::start(ctx),
        Msg::Report {
            day,
            rentals,
            nodes,
            gpus,
        } => {
            let what = Report {
                day,
                rentals,
                nodes,
                gpus,
            };
            report::report(ctx, what)
        }
        Msg::Advance {} => advance::advance(ctx),
        Msg::Claim { from, to } => claim::claim(ctx, Range { from, to }),
        Msg::PayOut { account, from, to } => claim::pay_out(ctx, &account, Range { from, to }),
        Msg::AllowKeepers { allowed } => account::allow_keepers(ctx, allowed),
        Msg::NameReferrer { referrer } => account::name_referrer(ctx, &referrer),
        Msg::ReRelease { bucket, amount } => settings::re_release(ctx, bucket, amount),
        Msg::SetReporter { reporter } => settings::set_reporter(ctx, reporter.as_deref()),
        Msg::SetParams { params } => settings::set_params(ctx, &params),
        Msg::Ownership(msg) => {
            Ok(Response::new().add_event(ownership::execute(ctx.storage, ctx.api, ctx.sender, msg)?))
        }
    }
}

/// Answers a query.
#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    use QueryMsg as Msg;
    let answer = match msg {
        Msg::Dashboard {} => to_json_binary(&query::dashboard(deps)?),
        Msg::Config {} => to_json_binary(&query::config(deps)?),
        Msg::Ownership {} => to_json_binary(&ownership::query(deps.storage)?),
        Msg::Epochs { start_before, limit } => to_json_binary(&query::epochs(deps, start_before, limit)?),
        Msg::Day { day } => to_json_binary(&query::day(deps, day)?),
        Msg::Account {
            address,
            start_after,
            limit,
        } => to_json_binary(&query::account(deps, &env, &address, start_after, limit)?),
        Msg::Claimable { address, from, to } => {
            to_json_binary(&query::claimable(deps, &env, &address, Range { from, to })?)
        }
        Msg::Keepable { start_after, limit } => to_json_binary(&query::keepable(deps, start_after, limit)?),
    };
    Ok(answer?)
}

/// Replaces the code by a newer version of itself.
#[entry_point]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    let from = versions::ensure_upgrade(deps.storage, NAME, VERSION)?;
    Ok(Response::new().add_event(events::migrated(from, VERSION)))
}

//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response, Uint128};
use interfaces::compute_wars::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use kit::{migrate as versions, ownership};
use math::Week;

use crate::error::ContractError;
use crate::events::Rule;
use crate::execute::{finalize, governance, perk, prizes, record, Context};
use crate::query;
use crate::state::{Config, Totals, CONFIG, PARAMS, TOTALS};

const NAME: &str = concat!("crates.io:", env!("CARGO_PKG_NAME"));
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[entry_point]
pub fn instantiate(deps: DepsMut, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    let (storage, api) = (deps.storage, deps.api);
    versions::init(storage, NAME, VERSION)?;
    ownership::init(storage, api.addr_validate(&msg.owner)?)?;
    governance::check_params(&msg.params)?;
    PARAMS.save(storage, &msg.params)?;
    // The week before counts, without scores, because the next buyback books its prizes to it.
    let first_week = Week::of(env.block.time.seconds()).index().saturating_sub(1);
    let config = Config {
        vault: api.addr_validate(&msg.vault)?,
        l_coin: api.addr_validate(&msg.l_coin)?,
        fund: msg.fund.map(|fund| api.addr_validate(&fund)).transpose()?,
        first_week,
    };
    CONFIG.save(storage, &config)?;
    let nothing = Uint128::zero();
    let totals = Totals {
        collected: nothing,
        paid: nothing,
        rolled: nothing,
        next_week: first_week,
    };
    TOTALS.save(storage, &totals)?;
    let started = Rule::Started {
        first_week,
        vault: &config.vault,
        l_coin: &config.l_coin,
    };
    Ok(Response::new()
        .add_events([started, Rule::Params(&msg.params)])
        .add_events(config.fund.iter().map(Rule::Fund)))
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
        Msg::Record { week, scores } => record::record(ctx, week, &scores),
        Msg::Finalize { week } => finalize::finalize(ctx, week),
        Msg::CollectPrizes { week } => prizes::collect(ctx, week),
        Msg::ClaimPrize { week } => prizes::claim(ctx, week),
        Msg::ChoosePerk { week, perk } => perk::choose(ctx, week, perk),
        Msg::SetParams { params } => governance::set_params(ctx, &params),
        Msg::SetFund { fund } => governance::set_fund(ctx, &fund),
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
    prizes::collected(ctx, &reply)
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
        Msg::Week { week } => to_json_binary(&query::week(deps, week)?),
        Msg::Weeks { start_before, limit } => to_json_binary(&query::weeks(deps, start_before, limit)?),
        Msg::Top {
            week,
            start_after,
            limit,
        } => to_json_binary(&query::top(deps, week, start_after, limit)?),
        Msg::Rank { account, week } => to_json_binary(&query::rank_of(deps, account, week)?),
        Msg::Scores {
            account,
            start_before,
            limit,
        } => to_json_binary(&query::scores(deps, &account, start_before, limit)?),
        Msg::Prizes { week } => to_json_binary(&query::prizes(deps, week)?),
        Msg::Perks { account } => to_json_binary(&query::perks(deps, &env, &account)?),
        Msg::Perk { week } => to_json_binary(&query::perk(deps, week)?),
    };
    Ok(answer?)
}

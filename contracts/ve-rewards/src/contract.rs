//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use interfaces::ve_rewards::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use kit::migrate as versions;

use crate::error::ContractError;
use crate::events::Happened;
use crate::execute::{claim, fund, sync, Context};
use crate::query;
use crate::state::Config;
use crate::stream::Stream;

const NAME: &str = concat!("crates.io:", env!("CARGO_PKG_NAME"));
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[entry_point]
pub fn instantiate(deps: DepsMut, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    versions::init(deps.storage, NAME, VERSION)?;
    let config = Config {
        vcai: deps.api.addr_validate(&msg.vcai)?,
        vote_escrow: deps.api.addr_validate(&msg.vote_escrow)?,
        treasury: deps.api.addr_validate(&msg.treasury)?,
    };
    config.save(deps.storage);
    let stream = Stream {
        day: kit::escrow::day(env.block.time.seconds())?,
        ..Stream::default()
    };
    stream.save(deps.storage);
    Ok(Response::new().add_event(Happened::Peers(&config)))
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    let config = &Config::load(deps.storage)?;
    let ctx = &mut Context {
        storage: deps.storage,
        api: deps.api,
        querier: deps.querier,
        now: env.block.time.seconds(),
        sender: &info.sender,
        config,
    };
    match msg {
        ExecuteMsg::Receive(notice) => fund::receive(ctx, &notice),
        ExecuteMsg::Claim {} => claim::claim(ctx),
        ExecuteMsg::Sync {} => sync::sync(ctx),
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
        Msg::Account { address } => to_json_binary(&query::account(deps, env, &address)?),
        Msg::Accounts { start_after, limit } => to_json_binary(&query::accounts(deps, start_after, limit)?),
        Msg::Fundings { start_before, limit } => to_json_binary(&query::fundings(deps, start_before, limit)?),
        Msg::Checkpoints { start_before, limit } => to_json_binary(&query::checkpoints(deps, start_before, limit)?),
    };
    Ok(answer?)
}

//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Binary, Deps, DepsMut, Env, Event, MessageInfo, Response};
use interfaces::token_allocation::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use kit::{migrate as versions, ownership};

use crate::error::ContractError;
use crate::events::Allocated;
use crate::execute::{beneficiary, governance, grant, tge, Context};
use crate::query;
use crate::state::{Config, Tge, CONFIG, TGE};

const NAME: &str = concat!("crates.io:", env!("CARGO_PKG_NAME"));
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[entry_point]
pub fn instantiate(deps: DepsMut, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    let (storage, api) = (deps.storage, deps.api);
    versions::init(storage, NAME, VERSION)?;
    ownership::init(storage, api.addr_validate(&msg.owner)?)?;
    tge::check_plan(&msg.tge, env.block.time.seconds())?;
    let plan = Tge {
        plan: msg.tge,
        done: None,
    };
    TGE.save(storage, &plan)?;
    let config = Config {
        governance: api.addr_validate(&msg.governance)?,
        vcai: api.addr_validate(&msg.vcai)?,
        denom: msg.denom,
        treasury: api.addr_validate(&msg.treasury)?,
        genesis_nft: api.addr_validate(&msg.genesis_nft)?,
        incentives: api.addr_validate(&msg.incentives)?,
        vote_escrow: api.addr_validate(&msg.vote_escrow)?,
    };
    CONFIG.save(storage, &config)?;
    let events: [Event; 2] = [Allocated::Started(&config).into(), Allocated::Planned(&msg.tge).into()];
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
        info: &info,
    };
    use ExecuteMsg as Msg;
    match msg {
        Msg::Tge {} => tge::tge(ctx),
        Msg::Claim { grant } => beneficiary::claim(ctx, grant),
        Msg::LockVested { grant, amount, until } => beneficiary::lock(ctx, grant, amount, until),
        Msg::ProposeBeneficiary { grant, to } => beneficiary::propose(ctx, grant, to),
        Msg::AcceptBeneficiary { grant } => beneficiary::accept(ctx, grant),
        Msg::Receive(msg) => grant::receive(ctx, &msg),
        Msg::Spend { bucket, to, amount } => governance::spend(ctx, bucket, &to, amount),
        Msg::AddGrants { bucket, grants } => grant::add(ctx, bucket, grants),
        Msg::Amend { grant, schedule } => grant::amend(ctx, grant, schedule),
        Msg::SetTge { tge } => tge::set(ctx, tge),
        Msg::Ownership(msg) => {
            let event = ownership::execute(ctx.storage, ctx.api, &ctx.info.sender, msg)?;
            Ok(Response::new().add_event(event))
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
    let answer = match msg {
        Msg::Overview {} => to_json_binary(&query::overview(deps, &env)?),
        Msg::Config {} => to_json_binary(&query::config(deps)?),
        Msg::Ownership {} => to_json_binary(&ownership::query(deps.storage)?),
        Msg::Tge {} => to_json_binary(&query::tge(deps)?),
        Msg::Bucket { bucket } => to_json_binary(&query::bucket(deps, &env, bucket)?),
        Msg::Grant { grant } => to_json_binary(&query::grant(deps, &env, grant)?),
        Msg::Grants { start_after, limit } => to_json_binary(&query::grants(deps, &env, start_after, limit)?),
        Msg::GrantsOf {
            beneficiary,
            start_after,
            limit,
        } => to_json_binary(&query::grants_of(deps, &env, &beneficiary, start_after, limit)?),
        Msg::Spends {
            bucket,
            start_before,
            limit,
        } => to_json_binary(&query::spends(deps, bucket, start_before, limit)?),
    };
    Ok(answer?)
}

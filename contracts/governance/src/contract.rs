//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response, StdResult};
use interfaces::governance::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use kit::migrate as versions;

use crate::error::ContractError;
use crate::events;
use crate::execute::{appeal, deposit, enact, outcome, propose, settings, vote, Context};
use crate::query;
use crate::state::{Config, Network, Terms};

/// Name that `migrate` checks.
pub const CONTRACT_NAME: &str = concat!("crates.io:", env!("CARGO_PKG_NAME"));
/// Version that `migrate` checks.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

#[entry_point]
pub fn instantiate(deps: DepsMut, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    versions::init(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    let terms = Terms {
        voting_module: deps.api.addr_validate(&msg.voting_module)?,
        deposit_token: deps.api.addr_validate(&msg.deposit_token)?,
    };
    let network = msg.network.as_ref().map(|network| -> StdResult<_> {
        Ok(Network {
            allocation: deps.api.addr_validate(&network.allocation)?,
            treasury: deps.api.addr_validate(&network.treasury)?,
        })
    });
    let ctx = &mut Context {
        storage: deps.storage,
        api: deps.api,
        querier: deps.querier,
        env: &env,
        sender: &info.sender,
    };
    let config = Config {
        terms,
        network: network.transpose()?,
        params: msg.params.clone(),
        tracks: msg.tracks.clone(),
    };
    settings::save(ctx, &config)?;
    if let Some(address) = &msg.prediction_market {
        settings::save_market(ctx, address)?;
    }
    if let Some(address) = &msg.appeals {
        settings::save_appeals(ctx, address)?;
    }
    Ok(Response::new()
        .add_event(events::created(&config.terms, &msg))
        .add_event(events::params_set(&msg.params))
        .add_event(events::tracks_set(&msg.tracks)))
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
    match msg {
        ExecuteMsg::Receive(wrapper) => propose::receive(ctx, wrapper),
        ExecuteMsg::OpenOutcome {
            market,
            answers,
            from,
            to,
        } => outcome::open(ctx, market, &answers, from, to),
        ExecuteMsg::OpenAppeal { case } => appeal::open(ctx, case),
        ExecuteMsg::Vote { proposal, choice } => vote::vote(ctx, proposal, choice),
        ExecuteMsg::Withdraw { proposal } => vote::withdraw(ctx, proposal),
        ExecuteMsg::Execute { proposal } => enact::execute(ctx, proposal),
        ExecuteMsg::SettleDeposit { proposal } => deposit::settle(ctx, proposal),
        ExecuteMsg::SetParams { params } => settings::set_params(ctx, params),
        ExecuteMsg::SetTracks { tracks } => settings::set_tracks(ctx, tracks),
        ExecuteMsg::SetPredictionMarket { address } => settings::set_market(ctx, &address),
        ExecuteMsg::SetAppeals { address } => settings::set_appeals(ctx, &address),
    }
}

/// Answers a query.
#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    use QueryMsg as Msg;
    let now = env.block.time.seconds();
    let answer = match msg {
        Msg::Overview {} => to_json_binary(&query::overview(deps, &env)?),
        Msg::Params {} => to_json_binary(&Config::load(deps.storage)?.params),
        Msg::Tracks {} => to_json_binary(&Config::load(deps.storage)?.tracks),
        Msg::Proposal { proposal } => to_json_binary(&query::proposal(deps, now, proposal)?),
        Msg::ProposalStatus { proposal } => to_json_binary(&query::status(deps, now, proposal)?),
        Msg::Outcome { market } => to_json_binary(&query::outcome(deps, now, market)?),
        Msg::Appeal { case } => to_json_binary(&query::appeal(deps, now, case)?),
        Msg::Quota {} => to_json_binary(&query::quota(deps, &env)?),
        Msg::Proposals {
            status,
            start_before,
            limit,
        } => to_json_binary(&query::proposals(deps, now, status, start_before, limit)?),
        Msg::Vote { proposal, address } => to_json_binary(&query::vote(deps, proposal, &address)?),
        Msg::Votes {
            proposal,
            start_after,
            limit,
        } => to_json_binary(&query::votes(deps, proposal, start_after, limit)?),
        Msg::ReachableMajority {} => to_json_binary(&query::reachable_majority(deps, &env)?),
    };
    Ok(answer?)
}

/// Replaces the code by a newer version of itself.
#[entry_point]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    let from = versions::ensure_upgrade(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new().add_event(events::migrated(from, CONTRACT_VERSION)))
}

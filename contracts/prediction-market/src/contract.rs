//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Addr, Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use interfaces::prediction_market::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use kit::{funds, migrate as upgrade, operator, ownership};

use crate::error::ContractError;
use crate::events;
use crate::execute::{claim, govern, receive, resolve, trade, Context};
use crate::query as answer;

/// Name that `migrate` checks.
pub const CONTRACT_NAME: &str = concat!("lex:", env!("CARGO_PKG_NAME"));
/// Version that `migrate` checks.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates the contract without a market.
#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    funds::none(&info)?;
    let (storage, api) = (deps.storage, deps.api);
    upgrade::init(storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    ownership::init(storage, api.addr_validate(&msg.owner)?)?;
    let first_operator = msg.operator.map(|address| api.addr_validate(&address)).transpose()?;
    operator::init(storage, first_operator.as_ref())?;
    let config = govern::config(api, &msg.l_coin, &msg.peers, msg.params)?;
    config.save(storage);
    Ok(Response::new().add_events([events::params(&msg.params), events::peers(&msg.peers)]))
}

/// Every message refuses native coins: the contract has no way to give them back.
#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    funds::none(&info)?;
    let mut ctx = context(deps, env, info.sender);
    let this = &mut ctx;
    match msg {
        ExecuteMsg::Receive(notice) => receive(ctx, notice),
        ExecuteMsg::Sell {
            market,
            outcome,
            shares,
            min_refund,
        } => trade::sell(this, (market, outcome), shares, min_refund),
        ExecuteMsg::Settle { market } => resolve::settle(this, market),
        ExecuteMsg::Claim { market, waiver } => claim::claim(this, market, waiver),
        ExecuteMsg::BurnFees { market } => claim::burn_fees(this, market),
        ExecuteMsg::Decide { market, answer } => resolve::decide(this, market, answer),
        ExecuteMsg::Pause { feature, paused } => govern::pause(this, feature, paused),
        ExecuteMsg::SetParams { params } => govern::set_params(this, params),
        ExecuteMsg::SetPeers { peers } => govern::set_peers(this, &peers),
        ExecuteMsg::SetOperator { operator } => govern::set_operator(this, operator),
        ExecuteMsg::Ownership(msg) => {
            let event = ownership::execute(ctx.storage, ctx.api, &ctx.sender, msg)?;
            Ok(Response::new().add_event(event))
        }
    }
}

fn context(deps: DepsMut, env: Env, sender: Addr) -> Context {
    Context {
        storage: deps.storage,
        api: deps.api,
        querier: deps.querier,
        block: env.block,
        sender,
    }
}

/// Only failures are asked for.
#[entry_point]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let this = env.contract.address.clone();
    resolve::vote_failed(&mut context(deps, env, this), reply)
}

/// Keeps the state, records the version.
#[entry_point]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    upgrade::ensure_upgrade(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new())
}

#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    use QueryMsg as Msg;
    let now = env.block.time.seconds();
    let answer = match msg {
        Msg::Overview {} => to_json_binary(&answer::overview(deps)?),
        Msg::Config {} => to_json_binary(&answer::config(deps)?),
        Msg::Ownership {} => to_json_binary(&ownership::query(deps.storage)?),
        Msg::Market { market } => to_json_binary(&answer::market(deps, now, market)?),
        Msg::Markets {
            status,
            start_before,
            limit,
        } => to_json_binary(&answer::markets(deps, now, status, start_before, limit)?),
        Msg::Bonds { market } => to_json_binary(&answer::bonds(deps, market)?),
        Msg::Position { market, address } => to_json_binary(&answer::position(deps, now, market, &address)?),
        Msg::Positions {
            address,
            start_after,
            limit,
        } => to_json_binary(&answer::positions(deps, now, &address, start_after, limit)?),
        Msg::History {
            market,
            start_after,
            limit,
        } => to_json_binary(&answer::history(deps, market, start_after, limit)?),
        Msg::QuoteBuy {
            market,
            outcome,
            amount,
        } => to_json_binary(&answer::quote_buy(deps, now, (market, outcome), amount)?),
        Msg::QuoteSell {
            market,
            outcome,
            shares,
        } => to_json_binary(&answer::quote_sell(deps, now, (market, outcome), shares)?),
    };
    Ok(answer?)
}

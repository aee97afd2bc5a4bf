//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use interfaces::lco_staking::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use kit::{migrate as versions, ownership};

use crate::error::ContractError;
use crate::events::Happened;
use crate::execute::{claim, refresh, stake, Context};
use crate::query;
use crate::state::Config;

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
    let config = Config::new(deps.api.addr_validate(&msg.l_coin)?, msg.params)?;
    config.save(deps.storage);
    let token = Happened::Token { l_coin: &config.l_coin };
    Ok(Response::new().add_events([token, Happened::Params(&config.params)]))
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    let ctx = &mut Context {
        storage: deps.storage,
        api: deps.api,
        env: &env,
        sender: &info.sender,
    };
    match msg {
        ExecuteMsg::Receive(notice) => stake::receive(ctx, &notice),
        ExecuteMsg::Unstake { amount } => stake::unstake(ctx, amount),
        ExecuteMsg::Claim {} => claim::claim(ctx),
        ExecuteMsg::Refresh { accounts } => refresh::refresh(ctx, &accounts),
        ExecuteMsg::Mark {} => refresh::record(ctx),
        ExecuteMsg::SetParams { params } => refresh::set_params(ctx, params),
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
        Msg::Overview {} => to_json_binary(&query::overview(deps)?),
        Msg::Ownership {} => to_json_binary(&ownership::query(deps.storage)?),
        Msg::Account { address } => to_json_binary(&query::account_view(deps, env, &address)?),
        Msg::Accounts { start_after, limit } => to_json_binary(&query::accounts(deps, start_after, limit)?),
        Msg::History {
            address,
            start_before,
            limit,
        } => to_json_binary(&query::history(deps, &address, start_before, limit)?),
        Msg::TotalHistory { start_before, limit } => to_json_binary(&query::total_history(deps, start_before, limit)?),
        Msg::LowestTiers { accounts, since } => to_json_binary(&query::lowest_tiers(deps, env, &accounts, since)?),
        Msg::TierAt { address, time } => to_json_binary(&query::tier_at(deps, env, &address, time)?),
        Msg::WeightIntegral { address, from, to } => {
            to_json_binary(&query::weight_integral(deps, env, &address, from, to)?)
        }
        Msg::StakeIntegral { address, from, to } => {
            to_json_binary(&query::stake_integral(deps, env, &address, from, to)?)
        }
        Msg::Power { address, at } => to_json_binary(&query::power(deps, env, &address, at)?),
        Msg::TotalPower { at } => to_json_binary(&query::total_power(deps, env, at)?),
        Msg::OutcomePower { address, from, to } => {
            to_json_binary(&query::outcome_power(deps, env, &address, from, to)?)
        }
        Msg::OutcomeTotal { from, to } => to_json_binary(&query::outcome_total(deps, env, from, to)?),
        Msg::Moment { height } => to_json_binary(&query::moment(deps, env, height)?),
    };
    Ok(answer?)
}

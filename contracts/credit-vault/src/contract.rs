//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response};
use cw20_base::allowances::query_allowance;
use cw20_base::enumerable::{query_owner_allowances, query_spender_allowances};
use interfaces::credit_vault::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use kit::{migrate as versions, operator, ownership};

use crate::error::ContractError;
use crate::events::Rule;
use crate::execute::token::Change;
use crate::execute::{charge, governance, lco, rates, scores, settle, spending, token, vault, week, Context};
use crate::query;
use crate::state::{Terms, Totals, PARAMS, TERMS, WIRING};

const NAME: &str = concat!("crates.io:", env!("CARGO_PKG_NAME"));
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[entry_point]
pub fn instantiate(deps: DepsMut, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    let (storage, api) = (deps.storage, deps.api);
    versions::init(storage, NAME, VERSION)?;
    ownership::init(storage, api.addr_validate(&msg.owner)?)?;
    let first_operator = msg.operator.map(|address| api.addr_validate(&address)).transpose()?;
    operator::init(storage, first_operator.as_ref())?;

    check_denom(&msg.denom)?;
    let l_coin = api.addr_validate(&msg.l_coin)?;
    let timelock = api.addr_validate(&msg.timelock)?;
    TERMS.save(
        storage,
        &Terms {
            denom: msg.denom,
            l_coin,
            timelock,
        },
    )?;
    let wiring = governance::wiring(api, api.addr_validate(&msg.oracle)?, &msg.peers)?;
    WIRING.save(storage, &wiring)?;
    governance::check_params(&msg.params)?;
    PARAMS.save(storage, &msg.params)?;
    Totals::default().save(storage);

    for address in &msg.registered {
        governance::register(storage, api, &api.addr_validate(address)?)?;
    }
    governance::enter_gateways(storage, api, &msg.gateways)?;
    let now = env.block.time.seconds();
    let rates = rates::enter(storage, &msg.rates, now, now)?;
    Ok(Response::new()
        .add_events([Rule::Params(&msg.params), Rule::Wiring(&wiring)])
        .add_events(msg.gateways.iter().map(Rule::GatewayAdmitted))
        .add_events(rates))
}

/// The chain's own rule for denoms: a letter, then 2 to 127 letters, digits or `/ : . _ -`.
fn check_denom(denom: &str) -> Result<(), ContractError> {
    let fits = (3..=128).contains(&denom.len())
        && denom.starts_with(|first: char| first.is_ascii_alphabetic())
        && denom.chars().all(|c| c.is_ascii_alphanumeric() || "/:._-".contains(c));
    match fits {
        true => Ok(()),
        false => Err(ContractError::DenomInvalid {
            denom: denom.to_owned(),
        }),
    }
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    if !matches!(msg, ExecuteMsg::Deposit { .. }) {
        kit::funds::none(&info)?;
    }
    let ctx = &mut Context {
        storage: deps.storage,
        api: deps.api,
        querier: deps.querier,
        env: &env,
        sender: &info.sender,
    };
    route(ctx, &info, msg)
}

// One line a message, in the order of the interface.
#[rustfmt::skip]
fn route(ctx: &mut Context, info: &MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    use ExecuteMsg as Msg;
    match msg {
        Msg::Deposit { to } => vault::deposit(ctx, info, to),
        Msg::Redeem { amount, to } => vault::redeem(ctx, amount, to),

        Msg::Transfer { recipient, amount } => token::transfer(ctx, &recipient, amount),
        Msg::Send { contract, amount, msg } => token::send(ctx, contract, amount, msg),
        Msg::IncreaseAllowance { spender, amount, expires } => token::allow(ctx, spender, Change::Increase, amount, expires),
        Msg::DecreaseAllowance { spender, amount, expires } => token::allow(ctx, spender, Change::Decrease, amount, expires),
        Msg::TransferFrom { owner, recipient, amount } => token::transfer_from(ctx, &owner, &recipient, amount),
        Msg::SendFrom { owner, contract, amount, msg } => token::send_from(ctx, &owner, contract, amount, msg),

        Msg::OpenSpending { gateway, amount, max_per_day } => spending::open(ctx, gateway, amount, max_per_day),
        Msg::TopUpSpending { gateway, amount } => spending::top_up(ctx, gateway, amount),
        Msg::SetDailyLimit { gateway, max_per_day } => spending::set_daily_limit(ctx, gateway, max_per_day),
        Msg::CloseSpending { gateway } => spending::close(ctx, gateway),
        Msg::WithdrawSpending { gateway } => spending::withdraw(ctx, gateway),

        Msg::ClaimLco {} => lco::claim(ctx),
        Msg::PayLco { accounts } => lco::pay(ctx, accounts),

        Msg::SettleUsage { reports } => settle::settle_usage(ctx, &reports),
        Msg::ResolveCharge { charge, action } => charge::resolve(ctx, charge, action),
        Msg::ReleaseWeek { gateway, week, fund_share } => week::release(ctx, gateway, week, fund_share),
        Msg::DeliverScores { report } => scores::deliver(ctx, report),
        Msg::Grant { account, sku, units, price, exclusive_until } => {
            week::grant(ctx, week::Grant { account: &account, sku, units, price, exclusive_until })
        }
        Msg::SetFreeCalls { account, week, allowance } => week::set_free_calls(ctx, &account, week, allowance),

        Msg::AdmitGateway { admission } => governance::admit_gateway(ctx, &admission),
        Msg::SuspendGateway { gateway } => governance::suspend_gateway(ctx, gateway),
        Msg::SetPayout { gateway, payout } => governance::set_payout(ctx, gateway, &payout),
        Msg::ProposeRates { rates } => rates::propose(ctx, &rates),
        Msg::PauseDeposits { paused } => governance::pause_deposits(ctx, paused),
        Msg::OpenTransfers {} => governance::open_transfers(ctx),
        Msg::SetParams { params } => governance::set_params(ctx, &params),
        Msg::SetOperator { operator } => governance::set_operator(ctx, operator),
        Msg::Ownership(msg) => Ok(Response::new().add_event(ownership::execute(ctx.storage, ctx.api, ctx.sender, msg)?)),

        Msg::SetOracle { oracle } => governance::set_oracle(ctx, &oracle),
        Msg::SetPeers { peers } => governance::set_peers(ctx, &peers),
        Msg::RegisterContract { address } => governance::register_contract(ctx, &address),
    }
}

#[entry_point]
pub fn reply(deps: DepsMut, _env: Env, reply: Reply) -> Result<Response, ContractError> {
    scores::undelivered(deps.storage, reply)
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
        Msg::Account {
            address,
            start_after,
            limit,
        } => to_json_binary(&query::account(deps, &env, &address, start_after, limit)?),
        Msg::Spending { address, gateway } => to_json_binary(&query::spending(deps, &env, &address, gateway)?),
        Msg::Gateway { gateway } => to_json_binary(&query::gateway(deps, gateway)?),
        Msg::Gateways { start_after, limit } => to_json_binary(&query::gateways(deps, start_after, limit)?),
        Msg::Rate { sku } => to_json_binary(&query::rate(deps, sku)?),
        Msg::Rates { start_after, limit } => to_json_binary(&query::rates(deps, start_after, limit)?),
        Msg::Week { gateway, week } => to_json_binary(&query::week(deps, gateway, week)?),
        Msg::Weeks {
            gateway,
            start_before,
            limit,
        } => to_json_binary(&query::weeks(deps, gateway, start_before, limit)?),
        Msg::Settlement { report } => to_json_binary(&query::settlement(deps, report)?),
        Msg::FreeCalls { week } => to_json_binary(&query::free_calls(deps, week)?),
        Msg::Entitlement { address, sku } => to_json_binary(&query::entitlement(deps, &address, sku)?),
        Msg::WashCost {} => to_json_binary(&query::wash_cost(deps)?),
        Msg::Registered { start_after, limit } => to_json_binary(&query::registered(deps, start_after, limit)?),
        Msg::Balance { address } => to_json_binary(&query::balance(deps, &address)?),
        Msg::TokenInfo {} => to_json_binary(&query::token_info(deps)?),
        Msg::Allowance { owner, spender } => to_json_binary(&query_allowance(deps, owner, spender)?),
        Msg::AllAllowances {
            owner,
            start_after,
            limit,
        } => to_json_binary(&query_owner_allowances(deps, owner, start_after, limit)?),
        Msg::AllSpenderAllowances {
            spender,
            start_after,
            limit,
        } => to_json_binary(&query_spender_allowances(deps, spender, start_after, limit)?),
        Msg::AllAccounts { start_after, limit } => to_json_binary(&query::all_accounts(deps, start_after, limit)?),
    };
    Ok(answer?)
}

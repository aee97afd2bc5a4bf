//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use interfaces::exchange::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use kit::{funds, migrate as versions, ownership};

use crate::assets;
use crate::error::ContractError;
use crate::events::Happened;
use crate::execute::swap::{self, Order, Want};
use crate::execute::{announce, govern, provide, skim, withdraw, Context};
use crate::query;
use crate::state::{Pool, Terms, SKIM_RECIPIENT, TERMS};

/// Name that `migrate` checks.
pub const CONTRACT_NAME: &str = concat!("lex:", env!("CARGO_PKG_NAME"));
/// Version that `migrate` checks.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates an empty pool.
#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    funds::none(&info)?;
    assets::check(deps.api, &msg.assets)?;
    let fee = govern::check_params(deps.api, &msg.params)?;
    versions::init(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    ownership::init(deps.storage, deps.api.addr_validate(&msg.owner)?)?;
    let terms = Terms {
        assets: msg.assets,
        announced: msg.announced,
    };
    TERMS.save(deps.storage, &terms)?;
    SKIM_RECIPIENT.save(deps.storage, &msg.params.skim_recipient)?;
    Pool::new(fee).save(deps.storage);
    Ok(Response::new()
        .add_event(Happened::Created { terms: &terms })
        .add_event(Happened::Params(&msg.params)))
}

/// Only messages that say so keep coins.
#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    use ExecuteMsg as Msg;
    if !matches!(msg, Msg::Swap { .. } | Msg::SwapExactOut { .. } | Msg::Provide { .. }) {
        funds::none(&info)?;
    }
    let ctx = &mut Context {
        storage: deps.storage,
        api: deps.api,
        querier: deps.querier,
        env: &env,
        sender: &info.sender,
    };
    match msg {
        Msg::Receive(hook) => swap::receive(ctx, hook),
        Msg::Swap { min_out, deadline, to } => {
            let want = Want::AtLeast(min_out);
            swap::with_coin(ctx, &info, Order { want, deadline, to })
        }
        Msg::SwapExactOut { out, deadline, to } => {
            let want = Want::Exactly(out);
            swap::with_coin(ctx, &info, Order { want, deadline, to })
        }
        Msg::Provide {
            amounts,
            min_shares,
            deadline,
        } => provide::provide(ctx, &info, amounts, min_shares, deadline),
        Msg::AnnounceWithdrawal { shares } => announce::announce(ctx, shares),
        Msg::Withdraw { shares, min_amounts } => withdraw::withdraw(ctx, shares, min_amounts),
        Msg::Skim {} => skim::skim(ctx),
        Msg::SetParams { params } => govern::set_params(ctx, &params),
        Msg::Ownership(msg) => {
            let event = ownership::execute(ctx.storage, ctx.api, ctx.sender, msg)?;
            Ok(Response::new().add_event(event))
        }
    }
}

/// Answers a query.
#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    use QueryMsg as Msg;
    Ok(match msg {
        Msg::Overview {} => to_json_binary(&query::overview(deps, &env)?),
        Msg::Config {} => to_json_binary(&query::config(deps)?),
        Msg::Ownership {} => to_json_binary(&ownership::query(deps.storage)?),
        Msg::Market {} => to_json_binary(&query::market(deps, &env)?),
        Msg::Twap { window } => to_json_binary(&query::twap(deps, &env, window)?),
        Msg::Simulate { pay, amount } => to_json_binary(&query::simulate(deps, pay, amount)?),
        Msg::ReverseSimulate { receive, amount } => to_json_binary(&query::reverse_simulate(deps, receive, amount)?),
        Msg::ExitQuote { position, base } => to_json_binary(&query::exit_quote(deps, position, base)?),
        Msg::Candles {
            interval,
            start_before,
            limit,
        } => to_json_binary(&query::candles(deps, interval, start_before, limit)?),
        Msg::Account { address } => to_json_binary(&query::account(deps, &env, address)?),
        Msg::Accounts { start_after, limit } => {
            to_json_binary(&query::accounts(deps, &env, start_after.as_deref(), limit)?)
        }
        Msg::Balance { address } => to_json_binary(&query::balance(deps, &address)?),
        Msg::TokenInfo {} => to_json_binary(&query::token_info(deps)?),
        Msg::AllAccounts { start_after, limit } => {
            to_json_binary(&query::all_accounts(deps, start_after.as_deref(), limit)?)
        }
    }?)
}

/// Checks that the state is this contract's, of this version or an older one.
#[entry_point]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    versions::ensure_upgrade(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new())
}

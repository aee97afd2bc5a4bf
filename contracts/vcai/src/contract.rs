//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response, Uint128};
use cw20::Cw20Coin;
use cw20_base::allowances as allowance;
use cw20_base::contract as base;
use cw20_base::enumerable;
use cw20_base::msg::{InstantiateMarketingInfo, InstantiateMsg as BaseInstantiateMsg};
use interfaces::vcai::{ExecuteMsg, InstantiateMsg, Marketing, MigrateMsg, QueryMsg, DECIMALS, GENESIS_SUPPLY};
use kit::token::Move;
use kit::{funds, migrate as upgrade};

use crate::error::ContractError;
use crate::events;
use crate::execute::{issue, reprice};
use crate::query as answer;
use crate::state::{Config, Ledger, CONFIG, LEDGER};

/// Name that `migrate` checks.
pub const CONTRACT_NAME: &str = concat!("crates.io:", env!("CARGO_PKG_NAME"));
/// Version that `migrate` checks.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates the token, its whole supply with `allocation`.
#[entry_point]
pub fn instantiate(
    mut deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    funds::none(&info)?;
    let config = Config {
        governance: deps.api.addr_validate(&msg.governance)?,
        started_at: env.block.time.seconds(),
    };
    let event = events::created(&msg.governance, &msg.allocation);
    base::instantiate(deps.branch(), env, info, base_msg(msg))?;
    upgrade::init(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    CONFIG.save(deps.storage, &config)?;
    LEDGER.save(deps.storage, &Ledger::default())?;
    Ok(Response::new().add_event(event))
}

fn base_msg(msg: InstantiateMsg) -> BaseInstantiateMsg {
    let genesis = Cw20Coin {
        address: msg.allocation,
        amount: GENESIS_SUPPLY,
    };
    BaseInstantiateMsg {
        name: msg.name,
        symbol: msg.symbol,
        decimals: DECIMALS,
        initial_balances: vec![genesis],
        mint: None,
        marketing: msg.marketing.map(marketing),
    }
}

fn marketing(shown: Marketing) -> InstantiateMarketingInfo {
    InstantiateMarketingInfo {
        project: shown.project,
        description: shown.description,
        marketing: shown.marketing,
        logo: shown.logo,
    }
}

/// Every message refuses coins: the contract has no way to give them back.
#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    funds::none(&info)?;
    use ExecuteMsg as Msg;
    match msg {
        Msg::Transfer { recipient, amount } => moving(deps, Move::own(&info, amount), |deps| {
            base::execute_transfer(deps, env, info, recipient, amount)
        }),
        Msg::Burn { amount } => moving(deps, Move::own(&info, amount), |deps| {
            base::execute_burn(deps, env, info, amount)
        }),
        Msg::Send { contract, amount, msg } => moving(deps, Move::own(&info, amount), |deps| {
            base::execute_send(deps, env, info, contract, amount, msg)
        }),
        Msg::TransferFrom {
            owner,
            recipient,
            amount,
        } => moving(deps, Move::allowed(&info, &owner, amount), |deps| {
            allowance::execute_transfer_from(deps, env, info, owner, recipient, amount)
        }),
        Msg::SendFrom {
            owner,
            contract,
            amount,
            msg,
        } => moving(deps, Move::allowed(&info, &owner, amount), |deps| {
            allowance::execute_send_from(deps, env, info, owner, contract, amount, msg)
        }),
        Msg::BurnFrom { owner, amount } => moving(deps, Move::allowed(&info, &owner, amount), |deps| {
            allowance::execute_burn_from(deps, env, info, owner, amount)
        }),
        Msg::Issue { to, amount, proposal } => issued(deps, &env, &info, &to, amount, proposal),
        Msg::Reprice { exponent } => repriced(deps, &env, &info, exponent),
        Msg::Mint { .. } => Err(ContractError::NoMint),
        Msg::UpdateMinter { .. } => Err(ContractError::FixedIssuer),
        other => settings(deps, env, info, other),
    }
}

fn moving(
    mut deps: DepsMut,
    what: Move,
    run: impl FnOnce(DepsMut) -> Result<Response, cw20_base::ContractError>,
) -> Result<Response, ContractError> {
    run(deps.branch()).map_err(|error| what.explain(deps.storage, error).into())
}

fn issued(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    to: &str,
    amount: Uint128,
    proposal: u64,
) -> Result<Response, ContractError> {
    let (to, now) = (deps.api.addr_validate(to)?, env.block.time.seconds());
    let row = issue::issue(deps.storage, &info.sender, now, &to, amount, proposal)?;
    Ok(Response::new().add_event(events::issued(&row)))
}

fn repriced(deps: DepsMut, env: &Env, info: &MessageInfo, exponent: i8) -> Result<Response, ContractError> {
    let row = reprice::reprice(deps.storage, &info.sender, env.block.time.seconds(), exponent)?;
    Ok(Response::new().add_event(events::repriced(&row)))
}

/// Allowances and what wallets show: nothing that moves tokens.
fn settings(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    use ExecuteMsg as Msg;
    let response = match msg {
        Msg::IncreaseAllowance {
            spender,
            amount,
            expires,
        } => allowance::execute_increase_allowance(deps, env, info, spender, amount, expires)?,
        Msg::DecreaseAllowance {
            spender,
            amount,
            expires,
        } => allowance::execute_decrease_allowance(deps, env, info, spender, amount, expires)?,
        Msg::UpdateMarketing {
            project,
            description,
            marketing,
        } => base::execute_update_marketing(deps, env, info, project, description, marketing)?,
        Msg::UploadLogo(logo) => base::execute_upload_logo(deps, env, info, logo)?,
        _ => return Err(ContractError::NoMint),
    };
    Ok(response)
}

/// Answers a query.
#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    use QueryMsg as Msg;
    let answer = match msg {
        Msg::Overview {} => to_json_binary(&answer::overview(deps, &env)?),
        Msg::Issuable {} => to_json_binary(&answer::issuable(deps, &env)?),
        Msg::Issuances { start_before, limit } => to_json_binary(&answer::issuances(deps, start_before, limit)?),
        Msg::Repricings { start_before, limit } => to_json_binary(&answer::repricings(deps, start_before, limit)?),
        Msg::Minter {} => to_json_binary(&answer::minter(deps)?),
        Msg::Balance { address } => to_json_binary(&base::query_balance(deps, address)?),
        Msg::TokenInfo {} => to_json_binary(&base::query_token_info(deps)?),
        Msg::Allowance { owner, spender } => to_json_binary(&allowance::query_allowance(deps, owner, spender)?),
        Msg::AllAllowances {
            owner,
            start_after,
            limit,
        } => to_json_binary(&enumerable::query_owner_allowances(deps, owner, start_after, limit)?),
        Msg::AllSpenderAllowances {
            spender,
            start_after,
            limit,
        } => to_json_binary(&enumerable::query_spender_allowances(
            deps,
            spender,
            start_after,
            limit,
        )?),
        Msg::AllAccounts { start_after, limit } => {
            to_json_binary(&enumerable::query_all_accounts(deps, start_after, limit)?)
        }
        Msg::MarketingInfo {} => to_json_binary(&base::query_marketing_info(deps)?),
        Msg::DownloadLogo {} => to_json_binary(&base::query_download_logo(deps)?),
    };
    Ok(answer?)
}

/// Replaces the code of this contract by a newer version of itself.
#[entry_point]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    let from = upgrade::ensure_upgrade(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new().add_event(events::migrated(from, CONTRACT_VERSION)))
}

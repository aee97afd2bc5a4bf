//! Entry points.

use cosmwasm_std::{
    entry_point, to_json_binary, Addr, Binary, Deps, DepsMut, Env, MessageInfo, Response, StdResult, Uint128,
};
use cw20::MinterResponse;
use cw20_base::allowances as allowance;
use cw20_base::contract as base;
use cw20_base::enumerable;
use cw20_base::msg::{InstantiateMarketingInfo, InstantiateMsg as BaseInstantiateMsg};
use interfaces::l_coin::{ExecuteMsg, InstantiateMsg, Marketing, MigrateMsg, MintRecipient, QueryMsg, CAP, DECIMALS};
use kit::{funds, migrate as upgrade};

use crate::error::ContractError;
use crate::events;
use crate::execute::explain::Move;
use crate::execute::mint;
use crate::query as answer;

/// Name that `migrate` checks.
pub const CONTRACT_NAME: &str = concat!("lex:", env!("CARGO_PKG_NAME"));
/// Version that `migrate` checks.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates the token with its one minter and no supply.
#[entry_point]
pub fn instantiate(
    mut deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    funds::none(&info)?;
    if msg.decimals != DECIMALS {
        return Err(ContractError::Decimals {
            expected: DECIMALS,
            actual: msg.decimals,
        });
    }
    let event = events::created(&msg.minter);
    base::instantiate(deps.branch(), env, info, base_msg(msg))?;
    upgrade::init(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new().add_event(event))
}

fn base_msg(msg: InstantiateMsg) -> BaseInstantiateMsg {
    BaseInstantiateMsg {
        name: msg.name,
        symbol: msg.symbol,
        decimals: msg.decimals,
        initial_balances: vec![],
        mint: Some(MinterResponse {
            minter: msg.minter,
            cap: Some(CAP),
        }),
        marketing: msg.marketing.map(
            |Marketing {
                 project,
                 description,
                 marketing,
                 logo,
             }| InstantiateMarketingInfo {
                project,
                description,
                marketing,
                logo,
            },
        ),
    }
}

/// Every message refuses coins: the contract has no way to give them back.
#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    funds::none(&info)?;
    match msg {
        ExecuteMsg::Transfer { recipient, amount } => moving(deps, own(&info, amount), |deps| {
            base::execute_transfer(deps, env, info, recipient, amount)
        }),
        ExecuteMsg::Burn { amount } => moving(deps, own(&info, amount), |deps| {
            base::execute_burn(deps, env, info, amount)
        }),
        ExecuteMsg::Send { contract, amount, msg } => moving(deps, own(&info, amount), |deps| {
            base::execute_send(deps, env, info, contract, amount, msg)
        }),
        ExecuteMsg::TransferFrom {
            owner,
            recipient,
            amount,
        } => moving(deps, allowed(&info, &owner, amount), |deps| {
            allowance::execute_transfer_from(deps, env, info, owner, recipient, amount)
        }),
        ExecuteMsg::SendFrom {
            owner,
            contract,
            amount,
            msg,
        } => moving(deps, allowed(&info, &owner, amount), |deps| {
            allowance::execute_send_from(deps, env, info, owner, contract, amount, msg)
        }),
        ExecuteMsg::BurnFrom { owner, amount } => moving(deps, allowed(&info, &owner, amount), |deps| {
            allowance::execute_burn_from(deps, env, info, owner, amount)
        }),
        ExecuteMsg::IncreaseAllowance {
            spender,
            amount,
            expires,
        } => Ok(allowance::execute_increase_allowance(
            deps, env, info, spender, amount, expires,
        )?),
        ExecuteMsg::DecreaseAllowance {
            spender,
            amount,
            expires,
        } => Ok(allowance::execute_decrease_allowance(
            deps, env, info, spender, amount, expires,
        )?),
        ExecuteMsg::Mint { recipient, amount } => mint_one(
            deps,
            info,
            MintRecipient {
                address: recipient,
                amount,
            },
        ),
        ExecuteMsg::MintBatch { recipients } => mint_many(deps, info, recipients),
        ExecuteMsg::UpdateMinter { .. } => Err(ContractError::FixedMinter),
        ExecuteMsg::UpdateMarketing {
            project,
            description,
            marketing,
        } => Ok(base::execute_update_marketing(
            deps,
            env,
            info,
            project,
            description,
            marketing,
        )?),
        ExecuteMsg::UploadLogo(logo) => Ok(base::execute_upload_logo(deps, env, info, logo)?),
    }
}

fn own(info: &MessageInfo, amount: Uint128) -> Move {
    Move {
        owner: info.sender.clone(),
        spender: None,
        amount,
    }
}

fn allowed(info: &MessageInfo, owner: &str, amount: Uint128) -> Move {
    Move {
        owner: Addr::unchecked(owner),
        spender: Some(info.sender.clone()),
        amount,
    }
}

fn moving(
    mut deps: DepsMut,
    what: Move,
    run: impl FnOnce(DepsMut) -> Result<Response, cw20_base::ContractError>,
) -> Result<Response, ContractError> {
    run(deps.branch()).map_err(|error| what.explain(deps.storage, error))
}

fn mint_one(deps: DepsMut, info: MessageInfo, recipient: MintRecipient) -> Result<Response, ContractError> {
    mint::mint(deps.storage, deps.api, &info.sender, &recipient)?;
    Ok(Response::new()
        .add_attribute("action", "mint")
        .add_attribute("to", recipient.address)
        .add_attribute("amount", recipient.amount))
}

fn mint_many(deps: DepsMut, info: MessageInfo, recipients: Vec<MintRecipient>) -> Result<Response, ContractError> {
    let total = mint::mint_batch(deps.storage, deps.api, &info.sender, &recipients)?;
    Ok(Response::new()
        .add_event(events::batch(total))
        .add_events(recipients.iter().map(events::minted)))
}

/// Answers a query.
#[entry_point]
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    match msg {
        QueryMsg::Overview {} => to_json_binary(&answer::overview(deps)?),
        QueryMsg::Minted {} => to_json_binary(&answer::minted(deps)?),
        QueryMsg::Minter {} => to_json_binary(&answer::minter(deps)?),
        QueryMsg::Balance { address } => to_json_binary(&base::query_balance(deps, address)?),
        QueryMsg::TokenInfo {} => to_json_binary(&base::query_token_info(deps)?),
        QueryMsg::Allowance { owner, spender } => to_json_binary(&allowance::query_allowance(deps, owner, spender)?),
        QueryMsg::AllAllowances {
            owner,
            start_after,
            limit,
        } => to_json_binary(&enumerable::query_owner_allowances(deps, owner, start_after, limit)?),
        QueryMsg::AllSpenderAllowances {
            spender,
            start_after,
            limit,
        } => to_json_binary(&enumerable::query_spender_allowances(
            deps,
            spender,
            start_after,
            limit,
        )?),
        QueryMsg::AllAccounts { start_after, limit } => {
            to_json_binary(&enumerable::query_all_accounts(deps, start_after, limit)?)
        }
        QueryMsg::MarketingInfo {} => to_json_binary(&base::query_marketing_info(deps)?),
        QueryMsg::DownloadLogo {} => to_json_binary(&base::query_download_logo(deps)?),
    }
}

/// Replaces the code of this contract by a newer version of itself.
#[entry_point]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    let from = upgrade::ensure_upgrade(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new().add_event(events::migrated(from, CONTRACT_VERSION)))
}

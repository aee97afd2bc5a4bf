//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Addr, Binary, BlockInfo, Deps, DepsMut, Env, Event, MessageInfo};
use cosmwasm_std::{Response, StdResult};
use cw721::msg::MinterResponse;
use interfaces::genesis_nft::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, TokenExtension};
use kit::{migrate as versions, ownership};
use nft::query as tokens;

use crate::error::ContractError;
use crate::events::Genesis;
use crate::execute::{claim, sale, token, Context};
use crate::query;
use crate::state::{Config, Course, CONFIG};

const NAME: &str = concat!("crates.io:", env!("CARGO_PKG_NAME"));
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[entry_point]
pub fn instantiate(deps: DepsMut, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    let (storage, api) = (deps.storage, deps.api);
    versions::init(storage, NAME, VERSION)?;
    ownership::init(storage, api.addr_validate(&msg.owner)?)?;
    nft::init(storage, msg.name, msg.symbol, env.block.time)?;
    sale::check_terms(&msg.sale)?;
    let config = Config {
        allocation: api.addr_validate(&msg.allocation)?,
        treasury: api.addr_validate(&msg.treasury)?,
        vcai: api.addr_validate(&msg.vcai)?,
        denom: msg.denom,
        base_uri: msg.base_uri,
        sale: msg.sale,
    };
    CONFIG.save(storage, &config)?;
    Course::default().save(storage);
    Ok(Response::new().add_event(Event::from(Genesis::Started(&config))))
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    let ctx = &mut Context {
        storage: deps.storage,
        api: deps.api,
        env: &env,
        info: &info,
    };
    use ExecuteMsg as Msg;
    if !matches!(msg, Msg::Buy { .. }) {
        kit::funds::none(&info)?;
    }
    match msg {
        Msg::Buy { quantity } => sale::buy(ctx, quantity),
        Msg::SetAllowed { add, remove } => sale::set_allowed(ctx, &add, &remove),
        Msg::Claim { tokens } => claim::claim(ctx, &tokens),
        Msg::Release {} => sale::release(ctx),
        Msg::TransferNft { recipient, token_id } => token::transfer_nft(ctx, &recipient, &token_id),
        Msg::SendNft {
            contract,
            token_id,
            msg,
        } => token::send_nft(ctx, &contract, &token_id, msg),
        Msg::Approve {
            spender,
            token_id,
            expires,
        } => token::approve(ctx, &spender, &token_id, expires),
        Msg::Revoke { spender, token_id } => token::revoke(ctx, &spender, &token_id),
        Msg::ApproveAll { operator, expires } => token::approve_all(ctx, &operator, expires),
        Msg::RevokeAll { operator } => token::revoke_all(ctx, &operator),
        Msg::Burn { token_id } => token::burn(ctx, &token_id),
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
        Msg::Proceeds {} => to_json_binary(&query::sale_proceeds(deps)?),
        Msg::Buyer { address } => to_json_binary(&query::buyer(deps, &env, &address)?),
        Msg::Allowed { start_after, limit } => to_json_binary(&query::allowed(deps, start_after, limit)?),
        Msg::Claim { token_id } => to_json_binary(&query::claim(deps, &env, token_id)?),
        Msg::Minter {} => to_json_binary(&MinterResponse {
            minter: Some(env.contract.address.into()),
        }),
        Msg::ContractInfo {} | Msg::GetCollectionInfoAndExtension {} => {
            to_json_binary(&tokens::collection(deps.storage)?)
        }
        other => return cw721(deps, &env.block, other),
    };
    Ok(answer?)
}

/// What every CW721 answers.
fn cw721(deps: Deps, block: &BlockInfo, msg: QueryMsg) -> Result<Binary, ContractError> {
    use QueryMsg as Msg;
    let (storage, valid) = (deps.storage, |address: &str| deps.api.addr_validate(address));
    let answer = match msg {
        Msg::OwnerOf {
            token_id,
            include_expired,
        } => to_json_binary(&tokens::owner_of::<TokenExtension>(
            storage,
            block,
            &token_id,
            include_expired,
        )?),
        Msg::Approval {
            token_id,
            spender,
            include_expired,
        } => to_json_binary(&tokens::approval::<TokenExtension>(
            storage,
            block,
            &token_id,
            valid(&spender)?,
            include_expired,
        )?),
        Msg::Approvals {
            token_id,
            include_expired,
        } => to_json_binary(&tokens::approvals::<TokenExtension>(
            storage,
            block,
            &token_id,
            include_expired,
        )?),
        Msg::Operator {
            owner,
            operator,
            include_expired,
        } => to_json_binary(&tokens::operator(
            storage,
            block,
            &valid(&owner)?,
            valid(&operator)?,
            include_expired,
        )?),
        Msg::NftInfo { token_id } => to_json_binary(&tokens::nft_info::<TokenExtension>(storage, &token_id)?),
        Msg::AllNftInfo {
            token_id,
            include_expired,
        } => to_json_binary(&tokens::all_nft_info::<TokenExtension>(
            storage,
            block,
            &token_id,
            include_expired,
        )?),
        other => return lists(deps, block, other),
    };
    Ok(answer?)
}

/// The enumerable part of it.
fn lists(deps: Deps, block: &BlockInfo, msg: QueryMsg) -> Result<Binary, ContractError> {
    use QueryMsg as Msg;
    let valid = |address: String| deps.api.addr_validate(&address);
    let answer = match msg {
        Msg::AllOperators {
            owner,
            include_expired,
            start_after,
            limit,
        } => {
            let after: Option<Addr> = start_after.map(valid).transpose()?;
            let owner = valid(owner)?;
            to_json_binary(&tokens::operators(
                deps.storage,
                block,
                &owner,
                include_expired,
                after.as_ref(),
                limit,
            )?)
        }
        Msg::Tokens {
            owner,
            start_after,
            limit,
        } => to_json_binary(&tokens::tokens_of(
            deps.storage,
            &valid(owner)?,
            start_after.as_deref(),
            limit,
        )?),
        Msg::AllTokens { start_after, limit } => to_json_binary(&tokens::all_tokens::<TokenExtension>(
            deps.storage,
            start_after.as_deref(),
            limit,
        )?),
        // everything else is answered by the two functions above; what is left is the number of tokens
        _ => num_tokens(deps),
    };
    Ok(answer?)
}

fn num_tokens(deps: Deps) -> StdResult<Binary> {
    to_json_binary(&tokens::num_tokens(deps.storage)?)
}

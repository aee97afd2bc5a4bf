//! Answers, as the `cw721` crate shapes them. Expired approvals are left out unless asked for. Lists are paged (30 by default, at most 100).

use cosmwasm_std::{Addr, BlockInfo, Empty, Order, StdResult, Storage};
use cw721::msg::{
    AllNftInfoResponse, ApprovalResponse, ApprovalsResponse, CollectionInfoAndExtensionResponse, NftInfoResponse,
    NumTokensResponse, OperatorResponse, OperatorsResponse, OwnerOfResponse, TokensResponse,
};
use cw721::{Approval, Expiration};
use cw_storage_plus::Bound;
use kit::page;

use crate::error::NftError;
use crate::state::{load, tokens, Extension, Token, COUNT, INFO, OPERATORS, OWNED};

/// Name and symbol.
pub fn collection(storage: &dyn Storage) -> StdResult<CollectionInfoAndExtensionResponse<Option<Empty>>> {
    let info = INFO.load(storage)?;
    Ok(CollectionInfoAndExtensionResponse {
        name: info.name,
        symbol: info.symbol,
        extension: None,
        updated_at: info.updated_at,
    })
}

/// Tokens that exist.
pub fn num_tokens(storage: &dyn Storage) -> StdResult<NumTokensResponse> {
    Ok(NumTokensResponse {
        count: COUNT.load(storage)?,
    })
}

/// The holder, and whom he approved.
pub fn owner_of<E: Extension>(
    storage: &dyn Storage,
    block: &BlockInfo,
    id: &str,
    include_expired: Option<bool>,
) -> Result<OwnerOfResponse, NftError> {
    Ok(access(&load::<E>(storage, id)?, block, include_expired))
}

fn access<E>(token: &Token<E>, block: &BlockInfo, include_expired: Option<bool>) -> OwnerOfResponse {
    OwnerOfResponse {
        owner: token.owner.to_string(),
        approvals: shown(token, block, include_expired),
    }
}

fn shown<E>(token: &Token<E>, block: &BlockInfo, include_expired: Option<bool>) -> Vec<Approval> {
    let all = include_expired.unwrap_or(false);
    let approvals = token.approvals.iter();
    approvals
        .filter(|approval| all || !approval.is_expired(block))
        .cloned()
        .collect()
}

/// One approval. The holder is approved for ever.
///
/// # Errors
/// [`NftError::NoApproval`].
pub fn approval<E: Extension>(
    storage: &dyn Storage,
    block: &BlockInfo,
    id: &str,
    spender: Addr,
    include_expired: Option<bool>,
) -> Result<ApprovalResponse, NftError> {
    let token: Token<E> = load(storage, id)?;
    if token.owner == spender {
        let expires = Expiration::Never {};
        return Ok(ApprovalResponse {
            approval: Approval { spender, expires },
        });
    }
    let approvals = shown(&token, block, include_expired);
    match approvals.into_iter().find(|approval| approval.spender == spender) {
        Some(approval) => Ok(ApprovalResponse { approval }),
        None => Err(NftError::NoApproval { spender }),
    }
}

/// All approvals of a token.
pub fn approvals<E: Extension>(
    storage: &dyn Storage,
    block: &BlockInfo,
    id: &str,
    include_expired: Option<bool>,
) -> Result<ApprovalsResponse, NftError> {
    let token: Token<E> = load(storage, id)?;
    Ok(ApprovalsResponse {
        approvals: shown(&token, block, include_expired),
    })
}

/// One operator.
///
/// # Errors
/// [`NftError::NoApproval`].
pub fn operator(
    storage: &dyn Storage,
    block: &BlockInfo,
    owner: &Addr,
    operator: Addr,
    include_expired: Option<bool>,
) -> Result<OperatorResponse, NftError> {
    let all = include_expired.unwrap_or(false);
    let until = OPERATORS.may_load(storage, (owner, &operator))?;
    match until.filter(|until| all || !until.is_expired(block)) {
        Some(expires) => Ok(OperatorResponse {
            approval: Approval {
                spender: operator,
                expires,
            },
        }),
        None => Err(NftError::NoApproval { spender: operator }),
    }
}

/// An owner's operators, by address.
pub fn operators(
    storage: &dyn Storage,
    block: &BlockInfo,
    owner: &Addr,
    include_expired: Option<bool>,
    after: Option<&Addr>,
    limit: Option<u32>,
) -> StdResult<OperatorsResponse> {
    let all = include_expired.unwrap_or(false);
    let rows = OPERATORS.prefix(owner);
    let rows = rows.range(storage, after.map(Bound::exclusive), None, Order::Ascending);
    let operators = rows
        .filter(|row| all || row.as_ref().map_or(true, |(_, until)| !until.is_expired(block)))
        .take(page::limit(limit))
        .map(|row| row.map(|(spender, expires)| Approval { spender, expires }))
        .collect::<StdResult<_>>()?;
    Ok(OperatorsResponse { operators })
}

/// URI and extension.
pub fn nft_info<E: Extension>(storage: &dyn Storage, id: &str) -> Result<NftInfoResponse<E>, NftError> {
    Ok(info(load(storage, id)?))
}

fn info<E>(token: Token<E>) -> NftInfoResponse<E> {
    NftInfoResponse {
        token_uri: token.token_uri,
        extension: token.extension,
    }
}

/// Both at once.
pub fn all_nft_info<E: Extension>(
    storage: &dyn Storage,
    block: &BlockInfo,
    id: &str,
    include_expired: Option<bool>,
) -> Result<AllNftInfoResponse<E>, NftError> {
    let token: Token<E> = load(storage, id)?;
    Ok(AllNftInfoResponse {
        access: access(&token, block, include_expired),
        info: info(token),
    })
}

/// Tokens of an owner, in the order of their ids' bytes.
pub fn tokens_of(
    storage: &dyn Storage,
    owner: &Addr,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<TokensResponse> {
    let rows = OWNED.prefix(owner);
    let ids = rows.keys(storage, after.map(Bound::exclusive), None, Order::Ascending);
    let tokens = ids.take(page::limit(limit)).collect::<StdResult<_>>()?;
    Ok(TokensResponse { tokens })
}

/// All tokens, in the order of their ids' bytes.
pub fn all_tokens<E: Extension>(
    storage: &dyn Storage,
    after: Option<&str>,
    limit: Option<u32>,
) -> StdResult<TokensResponse> {
    let rows = tokens::<E>();
    let ids = rows.keys(storage, after.map(Bound::exclusive), None, Order::Ascending);
    let tokens = ids.take(page::limit(limit)).collect::<StdResult<_>>()?;
    Ok(TokensResponse { tokens })
}

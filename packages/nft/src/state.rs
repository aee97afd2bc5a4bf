//! Rows, of the `cw721` crate's own types.

use cosmwasm_std::{Addr, StdError, StdResult, Storage, Timestamp};
use cw721::state::{CollectionInfo, NftInfo};
use cw721::Expiration;
use cw_storage_plus::{Item, Map};
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::error::NftError;

/// What a contract keeps with each token.
pub trait Extension: Serialize + DeserializeOwned + Clone {}

impl<E: Serialize + DeserializeOwned + Clone> Extension for E {}

/// A token: owner, approvals, URI, and what the contract keeps with it.
pub type Token<E> = NftInfo<E>;

/// INFO: () → name and symbol
pub(crate) const INFO: Item<CollectionInfo> = Item::new("collection_info");
/// COUNT: () → number of tokens
pub(crate) const COUNT: Item<u64> = Item::new("num_tokens");
/// OWNED: (owner, id) → ()
pub(crate) const OWNED: Map<(&Addr, &str), ()> = Map::new("owned");
/// OPERATORS: (owner, operator) → until when he may move all of the owner's tokens
pub(crate) const OPERATORS: Map<(&Addr, &Addr), Expiration> = Map::new("operators");

/// TOKENS: id → token
pub(crate) const fn tokens<'a, E: Extension>() -> Map<&'a str, Token<E>> {
    Map::new("tokens")
}

/// Names the collection; to be called once, at instantiate.
///
/// # Errors
/// An empty name or symbol.
pub fn init(storage: &mut dyn Storage, name: String, symbol: String, now: Timestamp) -> StdResult<()> {
    if name.is_empty() || symbol.is_empty() {
        return Err(StdError::generic_err("a collection needs a name and a symbol"));
    }
    let info = CollectionInfo {
        name,
        symbol,
        updated_at: now,
    };
    INFO.save(storage, &info)?;
    COUNT.save(storage, &0)
}

/// A token.
///
/// # Errors
/// [`NftError::NotFound`].
pub fn load<E: Extension>(storage: &dyn Storage, id: &str) -> Result<Token<E>, NftError> {
    let token = tokens().may_load(storage, id)?;
    token.ok_or_else(|| NftError::NotFound { id: id.to_owned() })
}

pub(crate) fn is_operator(
    storage: &dyn Storage,
    block: &cosmwasm_std::BlockInfo,
    owner: &Addr,
    sender: &Addr,
) -> StdResult<bool> {
    let until = OPERATORS.may_load(storage, (owner, sender))?;
    Ok(until.is_some_and(|until| !until.is_expired(block)))
}

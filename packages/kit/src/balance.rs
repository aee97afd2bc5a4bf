//! Balances of the suite's own tokens, read from their storage.

use cosmwasm_std::{Addr, QuerierWrapper, StdResult, Uint128};
use cw_storage_plus::Map;

/// Where `cw20-base` keeps balances: address → base units.
const BALANCES: Map<&Addr, Uint128> = Map::new("balance");

/// Balance of `owner` in a token that is built on `cw20-base`, 0 if it never had any. A raw read does not load the token's code, which is most of what a query costs;
/// so it fits only tokens whose code is known, never one that a user names.
pub fn raw(querier: &QuerierWrapper, token: &Addr, owner: &Addr) -> StdResult<Uint128> {
    Ok(BALANCES.query(querier, token.clone(), owner)?.unwrap_or_default())
}

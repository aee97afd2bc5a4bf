//! Balances and supply of the suite's own tokens, read from their storage.

use cosmwasm_std::{from_json, Addr, QuerierWrapper, StdResult, Uint128};
use cw_storage_plus::Map;
use serde::Deserialize;

/// Where `cw20-base` keeps balances: address → base units.
const BALANCES: Map<&Addr, Uint128> = Map::new("balance");
/// Where `cw20-base` keeps name, decimals, and supply.
const TOKEN_INFO: &[u8] = b"token_info";

/// What of it others read.
#[derive(Deserialize)]
struct Head {
    total_supply: Uint128,
}

/// Balance of `owner` in a token that is built on `cw20-base`, 0 if it never had any. A raw read does not load the token's code, which is most of what a query costs;
/// so it fits only tokens whose code is known, never one that a user names.
pub fn raw(querier: &QuerierWrapper, token: &Addr, owner: &Addr) -> StdResult<Uint128> {
    Ok(BALANCES.query(querier, token.clone(), owner)?.unwrap_or_default())
}

/// All base units of a token that is built on `cw20-base`; raw, as [`raw`].
///
/// # Errors
/// If there is no such token at that address.
pub fn supply(querier: QuerierWrapper, token: &Addr) -> StdResult<Uint128> {
    let row = querier.query_wasm_raw(token, TOKEN_INFO)?;
    from_json::<Head>(row.unwrap_or_default()).map(|head| head.total_supply)
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockQuerier;
    use cosmwasm_std::{ContractResult, SystemError, SystemResult, WasmQuery};

    use super::*;

    #[test]
    fn supply_is_one_field_among_others() {
        let ask = |row: &'static str| {
            let mut querier = MockQuerier::default();
            querier.update_wasm(move |query| match query {
                WasmQuery::Raw { contract_addr, key } if contract_addr == "token" && key.as_slice() == TOKEN_INFO => {
                    SystemResult::Ok(ContractResult::Ok(row.as_bytes().into()))
                }
                _ => SystemResult::Err(SystemError::Unknown {}),
            });
            supply(QuerierWrapper::new(&querier), &Addr::unchecked("token"))
        };
        assert_eq!(
            ask(r#"{"name":"VCAI","decimals":6,"total_supply":"12","mint":null}"#),
            Ok(Uint128::new(12))
        );
        ask("").expect_err("no token");
    }
}

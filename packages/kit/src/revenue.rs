//! What the `treasury` earned, read from its storage.

use cosmwasm_std::{Addr, QuerierWrapper, StdResult, Uint128};

use crate::compact::{corrupt, head};

/// Table of `treasury` with one row, everything that came in and went out. Its first number, the net fees, is an interface: a migration keeps it.
pub const TOTALS: u8 = 0x80;

/// Base units of the stablecoin from sources that count, ever. As [`balance::raw`](crate::balance::raw): loads no code, so it fits only the suite's own treasury.
///
/// # Errors
/// If there is no treasury at that address.
pub fn net_fees(querier: QuerierWrapper, treasury: &Addr) -> StdResult<Uint128> {
    let row = querier.query_wasm_raw(treasury, [TOTALS])?;
    head(&row.ok_or_else(|| corrupt("there is no treasury"))?)
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockQuerier;
    use cosmwasm_std::{ContractResult, SystemError, SystemResult, WasmQuery};

    use super::*;
    use crate::compact::encode;

    #[test]
    fn net_fees_are_the_first_number_whatever_follows() {
        let ask = |row: Vec<u8>| {
            let mut querier = MockQuerier::default();
            querier.update_wasm(move |query| match query {
                WasmQuery::Raw { contract_addr, key } if contract_addr == "treasury" && key.as_slice() == [TOTALS] => {
                    SystemResult::Ok(ContractResult::Ok(row.clone().into()))
                }
                _ => SystemResult::Err(SystemError::Unknown {}),
            });
            net_fees(QuerierWrapper::new(&querier), &Addr::unchecked("treasury"))
        };
        let fees = Uint128::new(7_000_000);
        assert_eq!(ask([encode(&fees), vec![1, 2]].concat()), Ok(fees));
        ask(vec![]).expect_err("no treasury");
        ask(vec![0x80]).expect_err("a damaged row");
    }
}

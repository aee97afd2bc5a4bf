//! What is bonded in `lco-staking`, read from its storage.

use cosmwasm_std::{QuerierWrapper, StdResult, Uint128};

use crate::compact::{head, Reader, Row, Writer};

/// Table of `lco-staking` with one row, the sums over all accounts. Its first two numbers are an interface: a migration keeps them.
pub const TOTAL: u8 = 0x83;

/// How that row begins.
struct Head {
    /// Since when the sums are in force, unix seconds.
    from: u64,
    /// µLCO.
    bonded: Uint128,
}

impl Row for Head {
    fn write(&self, to: &mut Writer) {
        to.int(self.from);
        to.int(self.bonded);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            from: from.int()?,
            bonded: from.amount()?,
        })
    }
}

/// µLCO bonded by all, 0 before the first stake. As [`balance::raw`](crate::balance::raw): loads no code, so it fits only the suite's own staking.
///
/// # Errors
/// If there is no contract at that address, or the row does not begin as it should.
pub fn bonded(querier: QuerierWrapper, staking: String) -> StdResult<Uint128> {
    let row = querier.query_wasm_raw(staking, [TOTAL])?;
    row.map_or(Ok(Uint128::zero()), |bytes| Ok(head::<Head>(&bytes)?.bonded))
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockQuerier;
    use cosmwasm_std::{ContractResult, SystemError, SystemResult, WasmQuery};

    use super::*;
    use crate::compact::encode;

    fn ask(row: Option<Vec<u8>>) -> StdResult<Uint128> {
        let mut querier = MockQuerier::default();
        querier.update_wasm(move |query| match query {
            WasmQuery::Raw { contract_addr, key } if contract_addr == "staking" && key.as_slice() == [TOTAL] => {
                SystemResult::Ok(ContractResult::Ok(row.clone().unwrap_or_default().into()))
            }
            _ => SystemResult::Err(SystemError::Unknown {}),
        });
        bonded(QuerierWrapper::new(&querier), "staking".to_owned())
    }

    #[test]
    fn bonded_is_the_second_number_whatever_follows() {
        let head = Head {
            from: 1_790_000_000,
            bonded: 5_000_000u128.into(),
        };
        let mut row = encode(&head);
        assert_eq!(ask(Some(row.clone())), Ok(head.bonded));
        row.extend([1, 2, 3]);
        assert_eq!(ask(Some(row)), Ok(head.bonded));
        assert_eq!(ask(None), Ok(Uint128::zero()), "nobody ever staked");
        ask(Some(vec![0x80])).unwrap_err();
    }
}

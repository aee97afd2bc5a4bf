//! `cw20-base` answers a move of too many tokens with a bare arithmetic overflow. The reason is looked up afterwards, so
//! that a clear answer costs a successful move nothing.

use cosmwasm_std::{Addr, StdError, StdResult, Storage, Uint128};
use cw20_base::ContractError as BaseError;

use crate::error::ContractError;
use crate::state::{ALLOWANCES, BALANCES};

/// A move that `cw20-base` may refuse.
pub struct Move {
    /// Whose tokens move.
    pub owner: Addr,
    /// Who moves them, if it is not the owner.
    pub spender: Option<Addr>,
    /// µLCO.
    pub amount: Uint128,
}

impl Move {
    /// Turns the refusal of this move into one that names what was there.
    pub fn explain(self, storage: &dyn Storage, error: BaseError) -> ContractError {
        match error {
            BaseError::Std(StdError::Overflow { .. }) => self.shortfall(storage).unwrap_or_else(ContractError::Std),
            error => error.into(),
        }
    }

    /// The balance is looked at first: a refused move has not touched it, but may have lowered the allowance.
    fn shortfall(self, storage: &dyn Storage) -> StdResult<ContractError> {
        let (owner, expected) = (self.owner.to_string(), self.amount);
        let balance = BALANCES.may_load(storage, &self.owner)?.unwrap_or_default();
        match self.spender {
            Some(spender) if balance >= expected => {
                let allowance = ALLOWANCES
                    .may_load(storage, (&self.owner, &spender))?
                    .unwrap_or_default();
                Ok(ContractError::InsufficientAllowance {
                    owner,
                    expected,
                    actual: allowance.allowance,
                })
            }
            _ => Ok(ContractError::InsufficientBalance {
                owner,
                expected,
                actual: balance,
            }),
        }
    }
}

//! One module per verb. Each function takes what its message says, changes state, and answers with events and the messages that follow; state is saved before any
//! message leaves, so a token that calls back finds a pool whose books are closed.

pub mod announce;
pub mod govern;
pub mod provide;
pub mod skim;
pub mod swap;
pub mod withdraw;

use cosmwasm_std::{Addr, Api, Env, QuerierWrapper, StdResult, Storage, Uint128};
use kit::compact::Account;

use crate::error::ContractError;
use crate::history::Now;

/// What every message runs in.
pub struct Context<'a> {
    pub storage: &'a mut dyn Storage,
    pub api: &'a dyn Api,
    pub querier: QuerierWrapper<'a>,
    pub env: &'a Env,
    pub sender: &'a Addr,
}

impl Context<'_> {
    /// This block.
    pub fn now(&self) -> Now {
        Now::of(self.env)
    }

    /// The sender as it stands in keys.
    pub fn account(&self) -> StdResult<Account> {
        Account::trusted(self.api, self.sender.as_str())
    }

    /// Refuses a message that comes after the second its sender set.
    pub fn assert_in_time(&self, deadline: Option<u64>) -> Result<(), ContractError> {
        let now = self.now().seconds();
        match deadline {
            Some(deadline) if now > deadline => Err(ContractError::Expired { deadline, now }),
            _ => Ok(()),
        }
    }
}

/// Refuses less than the sender wants at least.
fn assert_at_least(what: &'static str, min: Uint128, actual: u128) -> Result<(), ContractError> {
    let actual = Uint128::new(actual);
    match actual < min {
        true => Err(ContractError::BelowMinimum { what, min, actual }),
        false => Ok(()),
    }
}

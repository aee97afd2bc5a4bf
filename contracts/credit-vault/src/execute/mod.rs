//! One module per group of messages. Each function takes what its message says, changes state, and answers with events and the messages that follow; state is
//! saved before any message leaves.

pub mod charge;
pub mod governance;
pub mod lco;
pub mod price;
pub mod rates;
pub mod scores;
pub mod settle;
pub mod spending;
pub mod token;
pub mod vault;
pub mod week;

use cosmwasm_std::{Addr, Api, Env, QuerierWrapper, StdResult, Storage};
use math::Week;

use kit::compact::Account;

/// What every message runs in.
pub struct Context<'a> {
    pub storage: &'a mut dyn Storage,
    pub api: &'a dyn Api,
    pub querier: QuerierWrapper<'a>,
    pub env: &'a Env,
    pub sender: &'a Addr,
}

impl Context<'_> {
    /// Block time, unix seconds.
    pub fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }

    pub fn week(&self) -> Week {
        Week::of(self.now())
    }

    /// The sender as it stands in keys. The chain vouches for its form.
    pub fn sender_account(&self) -> StdResult<Account> {
        Account::trusted(self.api, self.sender.as_str())
    }
}

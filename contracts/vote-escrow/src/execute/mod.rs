//! One module per group of messages. Each function takes what its message says, changes state, and answers with events and the messages that follow; state is
//! saved before any message leaves.

pub mod lock;
pub mod params;
pub mod withdraw;

use cosmwasm_std::{Addr, Api, Env, QuerierWrapper, Storage};

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
}

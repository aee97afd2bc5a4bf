//! One module per group of messages. State is saved before any message leaves.

pub mod finalize;
pub mod governance;
pub mod perk;
pub mod prizes;
pub mod record;

use cosmwasm_std::{Addr, Api, Env, QuerierWrapper, Storage};
use math::Week;

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

    /// The week that is running.
    pub fn week(&self) -> u64 {
        Week::of(self.now()).index()
    }
}

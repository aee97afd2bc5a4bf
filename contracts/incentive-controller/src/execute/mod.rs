//! One module per group of messages. State is saved before any message leaves.

pub mod account;
pub mod advance;
pub mod claim;
pub mod report;
pub mod settings;
pub mod sheet;
pub mod start;

use cosmwasm_std::{Addr, Api, Env, QuerierWrapper, Storage};
use math::Day;

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

    /// The day of the block.
    pub fn today(&self) -> u64 {
        Day::of(self.now()).index()
    }
}

//! One module per group of messages. Each function takes what its message says, changes state, and answers with events and the messages that follow; state is
//! saved before any message leaves.

pub mod claim;
pub mod refresh;
pub mod stake;

use cosmwasm_std::{Addr, Api, Env, StdResult, Storage};

use crate::state::Book;

/// What every message runs in.
pub struct Context<'a> {
    pub storage: &'a mut dyn Storage,
    pub api: &'a dyn Api,
    pub env: &'a Env,
    pub sender: &'a Addr,
}

impl Context<'_> {
    /// Block time, unix seconds.
    pub fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }

    pub fn book(&self) -> StdResult<Book> {
        Book::open(self.storage, self.env.block.height, self.now())
    }
}

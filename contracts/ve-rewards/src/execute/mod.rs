//! One module per message. Each function takes what its message says, changes state, and answers with events and the messages that follow; state is saved before any
//! message leaves.

pub mod claim;
pub mod fund;
pub mod lock;
pub mod sync;

use cosmwasm_std::{Addr, Api, Storage};

/// What every message runs in.
pub struct Context<'a> {
    pub storage: &'a mut dyn Storage,
    pub api: &'a dyn Api,
    /// Block time, unix seconds.
    pub now: u64,
    pub sender: &'a Addr,
}

//! One module per message. Each function takes what its message says, changes state, and answers with events and the messages that follow; state is saved before any
//! message leaves.

pub mod claim;
pub mod fund;
pub mod sync;

use cosmwasm_std::{Addr, Api, QuerierWrapper, Storage};

use crate::state::Config;
use crate::weights::Books;

/// What every message runs in.
pub struct Context<'a> {
    pub storage: &'a mut dyn Storage,
    pub api: &'a dyn Api,
    pub querier: QuerierWrapper<'a>,
    /// Block time, unix seconds.
    pub now: u64,
    pub sender: &'a Addr,
    pub config: &'a Config,
}

impl<'a> Context<'a> {
    /// The escrow's books.
    pub fn books(&self) -> Books<'a> {
        Books {
            querier: self.querier,
            escrow: &self.config.vote_escrow,
        }
    }
}

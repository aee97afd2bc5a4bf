//! One module per message, or group of them. Each function takes what its message says, changes state, and answers with events and the messages that follow;
//! state is saved before any message leaves.

pub mod appeal;
pub mod deposit;
pub mod enact;
pub mod outcome;
pub mod propose;
pub mod settings;
pub mod vote;

use cosmwasm_std::{Addr, Api, Env, QuerierWrapper, StdResult, Storage};

use crate::error::ContractError;
use crate::module::{present, Module};
use crate::state::{Config, Electorate};

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

    pub fn config(&self) -> StdResult<Config> {
        Config::load(self.storage)
    }

    pub fn module(&self, config: &Config) -> Module<'_> {
        Module::of(config, self.querier)
    }

    /// Everybody before this block.
    pub fn electorate(&self, config: &Config) -> StdResult<Electorate> {
        self.module(config).electorate(present(self.env))
    }
}

/// Refuses an electorate below the floor: fewer cannot decide for everybody.
pub fn check_floor(config: &Config, electorate: &Electorate) -> Result<(), ContractError> {
    let (floor, actual) = (config.tracks.floor, electorate.power.linear);
    match actual < floor {
        false => Ok(()),
        true => Err(ContractError::BelowFloor { floor, actual }),
    }
}

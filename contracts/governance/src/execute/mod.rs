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
use interfaces::voting::Power;

use crate::error::ContractError;
use crate::module::{present, Module};
use crate::state::Config;

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
        Module {
            querier: self.querier,
            address: config.terms.voting_module.clone(),
        }
    }

    /// All power before this block, if it reaches the floor: fewer cannot decide for everybody.
    pub fn electorate(&self, config: &Config) -> Result<Power, ContractError> {
        let total = self.module(config).total(present(self.env))?;
        let floor = config.tracks.floor;
        match total.linear < floor {
            false => Ok(total),
            true => Err(ContractError::BelowFloor {
                floor,
                actual: total.linear,
            }),
        }
    }
}

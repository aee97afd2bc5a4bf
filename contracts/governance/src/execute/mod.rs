//! One module per message, or group of them. Each function takes what its message says, changes state, and answers with events and the messages that follow;
//! state is saved before any message leaves.

pub mod appeal;
pub mod deposit;
pub mod enact;
pub mod outcome;
pub mod propose;
pub mod settings;
pub mod vote;

use cosmwasm_std::{Addr, Api, Env, QuerierWrapper, Storage};

use crate::error::ContractError;
use crate::module::{present, Module};
use crate::state::{TERMS, TRACKS};

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

    pub fn module(&self) -> Result<Module<'_>, ContractError> {
        Ok(Module {
            querier: self.querier,
            address: TERMS.load(self.storage)?.voting_module,
        })
    }

    /// All power before this block, if it reaches the floor: fewer cannot decide for everybody.
    pub fn electorate(&self) -> Result<interfaces::voting::Power, ContractError> {
        let total = self.module()?.total(present(self.env))?;
        let floor = TRACKS.load(self.storage)?.floor;
        match total.linear < floor {
            false => Ok(total),
            true => Err(ContractError::BelowFloor {
                floor,
                actual: total.linear,
            }),
        }
    }
}

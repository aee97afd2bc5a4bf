//! Questions to the voting module.

use cosmwasm_std::{Addr, Env, QuerierWrapper, StdError, StdResult, Uint128};
use interfaces::vote_escrow;
use interfaces::voting::{Moment, Power, QueryMsg};
use kit::escrow;
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::state::{Config, Electorate, Proposal, Subject};

/// The module, as far as governance knows it.
pub struct Module<'a> {
    querier: QuerierWrapper<'a>,
    address: Addr,
    /// Whether it is `vote-escrow`, whose books can be read.
    escrow: bool,
}

impl<'a> Module<'a> {
    pub fn of(config: &Config, querier: QuerierWrapper<'a>) -> Self {
        Self {
            querier,
            address: config.terms.voting_module.clone(),
            escrow: config.network.is_some(),
        }
    }

    /// Everybody before that block, which is the present one. Read from the escrow's books where they tell; a question would load its code.
    pub fn electorate(&self, now: Moment) -> StdResult<Electorate> {
        if self.escrow {
            if let Some(sums) = escrow::sums_before(self.querier, &self.address, now)? {
                let power = sums.power(now.time);
                return Ok(Electorate {
                    power: power.map_err(|error| StdError::generic_err(error.to_string()))?,
                    locked: sums.linear.slope.into(),
                });
            }
        }
        Ok(Electorate {
            power: self.ask(&QueryMsg::TotalPower { at: now })?,
            locked: match self.escrow {
                true => self.ask(&vote_escrow::QueryMsg::Locked { at: now })?,
                false => Uint128::zero(),
            },
        })
    }

    fn ask<T: DeserializeOwned>(&self, msg: &impl Serialize) -> StdResult<T> {
        self.querier.query_wasm_smart(&self.address, msg)
    }

    pub fn outcome_total(&self, from: Moment, to: Moment) -> StdResult<Uint128> {
        self.ask(&QueryMsg::OutcomeTotal { from, to })
    }

    /// What `voter` can vote with in a proposal. Both weights are the same for an outcome.
    pub fn power(&self, proposal: &Proposal, voter: &Addr) -> StdResult<Power> {
        let address = voter.to_string();
        match &proposal.subject {
            Subject::Motion(_) | Subject::Appeal(_) => {
                let msg = QueryMsg::Power {
                    address,
                    at: proposal.at,
                };
                self.ask(&msg)
            }
            Subject::Outcome(outcome) => {
                let (from, to) = (outcome.from, outcome.to);
                let msg = QueryMsg::OutcomePower { address, from, to };
                let weight: Uint128 = self.ask(&msg)?;
                Ok(Power { weight, linear: weight })
            }
        }
    }
}

/// The block that is being made.
pub fn present(env: &Env) -> Moment {
    Moment {
        height: env.block.height,
        time: env.block.time.seconds(),
    }
}

//! Questions to the voting module.

use cosmwasm_std::{Addr, Env, QuerierWrapper, StdResult, Uint128};
use interfaces::voting::{Moment, Power, QueryMsg};

use crate::state::{Proposal, Subject};

/// The module, as far as governance knows it.
pub struct Module<'a> {
    pub querier: QuerierWrapper<'a>,
    pub address: Addr,
}

impl Module<'_> {
    pub fn total(&self, at: Moment) -> StdResult<Power> {
        self.querier
            .query_wasm_smart(&self.address, &QueryMsg::TotalPower { at })
    }

    pub fn outcome_total(&self, from: Moment, to: Moment) -> StdResult<Uint128> {
        let msg = QueryMsg::OutcomeTotal { from, to };
        self.querier.query_wasm_smart(&self.address, &msg)
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
                self.querier.query_wasm_smart(&self.address, &msg)
            }
            Subject::Outcome(outcome) => {
                let (from, to) = (outcome.from, outcome.to);
                let msg = QueryMsg::OutcomePower { address, from, to };
                let weight: Uint128 = self.querier.query_wasm_smart(&self.address, &msg)?;
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

//! One module per step of a launch. State is saved before any message leaves.

pub mod claim;
pub mod launch;
pub mod subscribe;

use cosmwasm_std::{Addr, Api, Env, QuerierWrapper, StdResult, Storage, Uint128};
use interfaces::imo_launchpad::{Phase, WINDOW};
use interfaces::lco_staking;

use crate::error::ContractError;
use crate::state::{Launch, Tally};

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
}

/// A launch with its tally, in the phase that a message needs.
pub fn load_in(ctx: &Context, launch: u64, expected: Phase) -> Result<(Launch, Tally), ContractError> {
    let found = Launch::load(ctx.storage, launch)?;
    let tally = Tally::load(ctx.storage, launch)?;
    let actual = found.phase(&tally, ctx.now());
    if actual == expected {
        return Ok((found, tally));
    }
    Err(ContractError::WrongPhase {
        launch,
        expected,
        actual,
    })
}

/// Weights of one account and of all in the window that ends at `snapshot`.
pub struct Weights {
    pub account: Uint128,
    pub total: Uint128,
}

/// Asks the staking contract. The window is past, so the answer is the same for ever.
pub fn weights(querier: QuerierWrapper, staking: &Addr, address: &Addr, snapshot: u64) -> StdResult<Weights> {
    let question = lco_staking::QueryMsg::WeightIntegral {
        address: address.to_string(),
        from: snapshot.saturating_sub(WINDOW),
        to: snapshot,
    };
    let answer: lco_staking::IntegralResponse = querier.query_wasm_smart(staking, &question)?;
    Ok(Weights {
        account: answer.account,
        total: answer.total,
    })
}

//! One module per group of messages. State is saved before any message leaves.

pub mod claim;
pub mod sale;
pub mod token;

use cosmwasm_std::{to_json_binary, Addr, Api, Env, MessageInfo, StdResult, Storage, Uint128, WasmMsg};
use interfaces::vcai;

/// What every message runs in. Nobody else is asked anything here.
pub struct Context<'a> {
    pub storage: &'a mut dyn Storage,
    pub api: &'a dyn Api,
    pub env: &'a Env,
    pub info: &'a MessageInfo,
}

impl Context<'_> {
    /// Block time, unix seconds.
    pub fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }
}

/// Sends VCAI by a plain transfer, which calls nobody.
fn transfer(token: &Addr, to: &Addr, amount: Uint128) -> StdResult<WasmMsg> {
    let transfer = vcai::ExecuteMsg::Transfer {
        recipient: to.to_string(),
        amount,
    };
    Ok(WasmMsg::Execute {
        contract_addr: token.to_string(),
        msg: to_json_binary(&transfer)?,
        funds: vec![],
    })
}

//! One module per group of messages. State is saved before any message leaves.

pub mod beneficiary;
pub mod governance;
pub mod grant;
pub mod tge;

use cosmwasm_std::{to_json_binary, Addr, Api, Env, MessageInfo, QuerierWrapper, StdResult, Storage, Uint128, WasmMsg};
use interfaces::vcai;
use serde::Serialize;

/// What every message runs in.
pub struct Context<'a> {
    pub storage: &'a mut dyn Storage,
    pub api: &'a dyn Api,
    pub querier: QuerierWrapper<'a>,
    pub env: &'a Env,
    pub info: &'a MessageInfo,
}

impl Context<'_> {
    /// Block time, unix seconds.
    pub fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }
}

/// A message to a neighbour, without coins.
fn call(contract: &Addr, msg: &impl Serialize) -> StdResult<WasmMsg> {
    Ok(WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: to_json_binary(msg)?,
        funds: vec![],
    })
}

/// Sends VCAI by a plain transfer, which calls nobody.
fn transfer(token: &Addr, to: &Addr, amount: Uint128) -> StdResult<WasmMsg> {
    let transfer = vcai::ExecuteMsg::Transfer {
        recipient: to.to_string(),
        amount,
    };
    call(token, &transfer)
}

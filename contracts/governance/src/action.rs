//! What may be proposed, and what is sent when it passed.

use cosmwasm_std::{to_json_vec, Addr, Api, CosmosMsg, WasmMsg};
use interfaces::governance::{Action, ParamsCall, MAX_MSGS, MAX_MSGS_BYTES};

use crate::error::ContractError;
use crate::state::MotionKind;
use crate::strict;

/// Refuses what cannot be proposed; answers by which rule the rest passes.
pub fn check(api: &dyn Api, deposit_token: &Addr, action: &Action) -> Result<MotionKind, ContractError> {
    match action {
        Action::Params { calls } => check_calls(api, calls).map(|()| MotionKind::Params),
        Action::Messages { msgs } => check_msgs(api, deposit_token, msgs).map(|()| MotionKind::Messages),
    }
}

fn check_calls(api: &dyn Api, calls: &[ParamsCall]) -> Result<(), ContractError> {
    check_count("calls", calls.len())?;
    let bytes = calls
        .iter()
        .fold(0usize, |sum, call| sum.saturating_add(call.msg.len()));
    check_bytes("calls", bytes)?;
    for (index, call) in calls.iter().enumerate() {
        api.addr_validate(&call.contract)?;
        strict::check(&call.msg).map_err(|flaw| ContractError::NotSetParams { index, flaw })?;
    }
    Ok(())
}

fn check_msgs(api: &dyn Api, deposit_token: &Addr, msgs: &[CosmosMsg]) -> Result<(), ContractError> {
    check_count("messages", msgs.len())?;
    check_bytes("messages", to_json_vec(msgs)?.len())?;
    for (index, msg) in msgs.iter().enumerate() {
        check_msg(api, deposit_token, msg, index)?;
    }
    Ok(())
}

/// The deposits of all proposals lie in one balance of this contract, so a proposal could spend those of others, or allow somebody to. Hence nothing is said to
/// the token: not directly, not to its address in another spelling (bech32 may be written in capitals), and not wrapped into a message of the chain.
fn check_msg(api: &dyn Api, deposit_token: &Addr, msg: &CosmosMsg, index: usize) -> Result<(), ContractError> {
    let refuse = |reason| Err(ContractError::Forbidden { index, reason });
    match msg {
        CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, .. }) => match api.addr_validate(contract_addr)? {
            address if address == deposit_token => refuse("speaks to the deposit token"),
            _ => Ok(()),
        },
        CosmosMsg::Wasm(_) | CosmosMsg::Bank(_) => Ok(()),
        _ => refuse("is neither of kind wasm nor of kind bank"),
    }
}

fn check_count(what: &'static str, actual: usize) -> Result<(), ContractError> {
    match actual {
        1..=MAX_MSGS => Ok(()),
        _ => Err(ContractError::Count {
            what,
            max: MAX_MSGS,
            actual,
        }),
    }
}

fn check_bytes(what: &'static str, actual: usize) -> Result<(), ContractError> {
    match actual {
        0..=MAX_MSGS_BYTES => Ok(()),
        _ => Err(ContractError::Bytes {
            what,
            max: MAX_MSGS_BYTES,
            actual,
        }),
    }
}

/// The messages, in order.
pub fn messages(action: Action) -> Vec<CosmosMsg> {
    match action {
        Action::Messages { msgs } => msgs,
        Action::Params { calls } => calls.into_iter().map(set_params).collect(),
    }
}

fn set_params(call: ParamsCall) -> CosmosMsg {
    let msg = WasmMsg::Execute {
        contract_addr: call.contract,
        msg: call.msg,
        funds: vec![],
    };
    msg.into()
}

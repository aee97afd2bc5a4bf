//! What may be proposed, and what is sent when it passed.

use std::collections::BTreeSet;

use cosmwasm_std::{to_json_vec, Addr, Api, CosmosMsg, Uint128, WasmMsg};
use interfaces::governance::{
    Action, ParamsCall, Recipient, StrategicIssuance, MAX_MSGS, MAX_MSGS_BYTES, MAX_PARTNERS, MAX_RECIPIENTS,
    MAX_TERMS_BYTES,
};
use interfaces::token_allocation::{Bucket, SPEND_BPS};

use crate::error::ContractError;
use crate::network;
use crate::state::{within, MotionKind, Network, Terms};
use crate::strict;

/// Refuses what cannot be proposed; answers by which rule the rest passes.
pub fn check(api: &dyn Api, deposit_token: &Addr, action: &Action) -> Result<MotionKind, ContractError> {
    match action {
        Action::Params { calls } => check_calls(api, calls).map(|()| MotionKind::Params),
        Action::Messages { msgs } => check_msgs(api, deposit_token, msgs).map(|()| MotionKind::Messages),
        Action::StrategicIssuance(issuance) => check_issuance(api, issuance).map(|()| MotionKind::StrategicIssuance),
        Action::Spend { to, amount } => check_spend(api, to, *amount).map(|()| MotionKind::Spend),
        Action::Reprice { exponent } => check_exponent(*exponent).map(|()| MotionKind::Reprice),
    }
}

fn check_calls(api: &dyn Api, calls: &[ParamsCall]) -> Result<(), ContractError> {
    check_count("calls", MAX_MSGS, calls.len())?;
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
    check_count("messages", MAX_MSGS, msgs.len())?;
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

/// Everything that voters are told must be what happens: the amounts sum up, nobody receives two parts, and the quota is used.
fn check_issuance(api: &dyn Api, issuance: &StrategicIssuance) -> Result<(), ContractError> {
    if !issuance.uses_quota {
        return Err(ContractError::MustUseQuota);
    }
    check_text("purpose", 1, MAX_TERMS_BYTES, &issuance.purpose)?;
    check_text("terms", 0, MAX_TERMS_BYTES, &issuance.terms)?;
    if issuance.partners.len() > MAX_PARTNERS {
        return Err(ContractError::Count {
            what: "partners",
            max: MAX_PARTNERS,
            actual: issuance.partners.len(),
        });
    }
    for partner in &issuance.partners {
        check_text("partner", 1, MAX_TERMS_BYTES, partner)?;
    }
    check_recipients(api, issuance.amount, &issuance.recipients)
}

fn check_recipients(api: &dyn Api, expected: Uint128, recipients: &[Recipient]) -> Result<(), ContractError> {
    check_count("recipients", MAX_RECIPIENTS, recipients.len())?;
    let (mut actual, mut seen) = (Uint128::zero(), BTreeSet::new());
    for recipient in recipients {
        let address = api.addr_validate(&recipient.address)?;
        within("amount", (1, u128::MAX), recipient.amount)?;
        actual = actual.checked_add(recipient.amount)?;
        if !seen.insert(address.clone()) {
            return Err(ContractError::DuplicateRecipient { address });
        }
    }
    match actual == expected {
        true => Ok(()),
        false => Err(ContractError::Recipients { expected, actual }),
    }
}

/// What is above the whole allowance of 90 days could never be executed.
fn check_spend(api: &dyn Api, to: &str, actual: Uint128) -> Result<(), ContractError> {
    api.addr_validate(to)?;
    within("amount", (1, u128::MAX), actual)?;
    let max = Bucket::Reserve.size().multiply_ratio(SPEND_BPS, 10_000u16);
    match actual <= max {
        true => Ok(()),
        false => Err(ContractError::SpendTooLarge { max, actual }),
    }
}

fn check_exponent(actual: i8) -> Result<(), ContractError> {
    match actual {
        -18..=-1 | 1..=18 if actual & 1 == 0 => Ok(()),
        _ => Err(ContractError::Exponent { actual }),
    }
}

/// Refuses a text that is too short or too long.
pub fn check_text(name: &'static str, min: usize, max: usize, text: &str) -> Result<(), ContractError> {
    let actual = text.len();
    if (min..=max).contains(&actual) {
        return Ok(());
    }
    Err(ContractError::Text { name, min, max, actual })
}

fn check_count(what: &'static str, max: usize, actual: usize) -> Result<(), ContractError> {
    if (1..=max).contains(&actual) {
        return Ok(());
    }
    Err(ContractError::Count { what, max, actual })
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

/// What a passed proposal sends, in order. `id` is the proposal's, `itself` this contract's address.
pub fn messages(
    itself: &Addr,
    id: u64,
    action: Action,
    terms: &Terms,
    network: Option<&Network>,
) -> Result<Vec<CosmosMsg>, ContractError> {
    let network = || network.ok_or(ContractError::NoNetwork);
    match action {
        Action::Messages { msgs } => Ok(msgs),
        Action::Params { calls } => Ok(calls.into_iter().map(set_params).collect()),
        Action::StrategicIssuance(issuance) => network::issue(itself, id, issuance, terms, network()?),
        Action::Spend { to, amount } => network::spend(to, amount, network()?),
        Action::Reprice { exponent } => network::reprice(exponent, terms),
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

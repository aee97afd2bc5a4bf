//! Measurements, policy, parameters and peers.

use cosmwasm_std::{Addr, DepsMut, Event, HexBinary, Response, Storage};
use interfaces::attestation_oracle::{
    Measurement, Params, Role, TcbPolicy, MAX_LABEL, MAX_MEASUREMENTS, MAX_PPID_QUOTA,
};
use interfaces::common::OwnershipMsg;
use kit::notice::NOTICE_SECONDS;

use crate::enrolled;
use crate::error::ContractError;
use crate::events;
use crate::state::{MeasurementRow, CONFIG, MEASUREMENTS, POLICY};

/// One USDT, µUSDT.
const USDT: u128 = 1_000_000;
/// Most TCB statuses (there are 8) and advisories of a policy, and the longest advisory, bytes.
const MAX_STATUSES: usize = 8;
const MAX_ADVISORIES: usize = 256;
const MAX_ADVISORY: usize = 64;

/// Lists measurements, in force after the notice.
pub fn propose(
    storage: &mut dyn Storage,
    sender: &Addr,
    list: Vec<Measurement>,
    now: u64,
) -> Result<Response, ContractError> {
    kit::operator::assert_operator_or_owner(storage, sender)?;
    if !(1..=MAX_MEASUREMENTS).contains(&list.len()) {
        return Err(ContractError::MeasurementCount {
            actual: list.len(),
            max: MAX_MEASUREMENTS,
        });
    }
    let events = list_from(storage, list, now.saturating_add(NOTICE_SECONDS))?;
    Ok(Response::new().add_events(events))
}

/// Lists measurements, in force from `from`. Each once and for ever: one that was listed cannot be listed again, so its notice cannot be restarted and its
/// revocation cannot be undone.
pub fn list_from(storage: &mut dyn Storage, list: Vec<Measurement>, from: u64) -> Result<Vec<Event>, ContractError> {
    list.into_iter()
        .map(|measurement| list_one(storage, measurement, from))
        .collect()
}

fn list_one(storage: &mut dyn Storage, measurement: Measurement, from: u64) -> Result<Event, ContractError> {
    let Measurement { id, role, label } = measurement;
    if label.len() > MAX_LABEL {
        return Err(ContractError::LabelLength {
            actual: label.len(),
            max: MAX_LABEL,
        });
    }
    let key = (role, enrolled::hash(&id)?);
    match MEASUREMENTS.may_load(storage, &key)? {
        Some(MeasurementRow {
            revoked_at: Some(at), ..
        }) => Err(ContractError::MeasurementRevoked { id: id.to_hex(), at }),
        Some(_) => Err(ContractError::MeasurementKnown { id: id.to_hex() }),
        None => {
            let event = events::measurement_listed(role, &id, &label, from);
            let row = MeasurementRow {
                label,
                from,
                revoked_at: None,
            };
            MEASUREMENTS.save(storage, &key, &row);
            Ok(event)
        }
    }
}

/// Ends a measurement, and through it every key enrolled with it.
pub fn revoke(
    storage: &mut dyn Storage,
    sender: &Addr,
    id: &HexBinary,
    role: Role,
    now: u64,
) -> Result<Response, ContractError> {
    kit::operator::assert_operator_or_owner(storage, sender)?;
    let key = (role, enrolled::hash(id)?);
    let unknown = || ContractError::MeasurementUnknown { id: id.to_hex() };
    let mut row = MEASUREMENTS.may_load(storage, &key)?.ok_or_else(unknown)?;
    if let Some(at) = row.revoked_at {
        return Err(ContractError::MeasurementRevoked { id: id.to_hex(), at });
    }
    row.revoked_at = Some(now);
    MEASUREMENTS.save(storage, &key, &row);
    Ok(Response::new().add_event(events::measurement_revoked(role, id, now)))
}

/// Sets what hardware enrols from now on; keys enrolled before run until they end.
pub fn set_policy(storage: &mut dyn Storage, sender: &Addr, policy: &TcbPolicy) -> Result<Response, ContractError> {
    kit::ownership::assert_owner(storage, sender)?;
    check_policy(policy)?;
    POLICY.save(storage, policy)?;
    Ok(Response::new().add_event(events::policy(policy)))
}

/// Sets the parameters.
pub fn set_params(storage: &mut dyn Storage, sender: &Addr, params: Params) -> Result<Response, ContractError> {
    kit::ownership::assert_owner(storage, sender)?;
    check_params(&params)?;
    let event = events::params(&params);
    let mut config = CONFIG.load(storage, &())?;
    config.params = params;
    CONFIG.save(storage, &(), &config);
    Ok(Response::new().add_event(event))
}

/// Sets or removes the operator.
pub fn set_operator(deps: DepsMut, sender: &Addr, operator: Option<&str>) -> Result<Response, ContractError> {
    let operator = operator.map(|text| deps.api.addr_validate(text)).transpose()?;
    let event = kit::operator::set(deps.storage, sender, operator.as_ref())?;
    Ok(Response::new().add_event(event))
}

/// Two-step change of owner.
pub fn ownership(deps: DepsMut, sender: &Addr, msg: OwnershipMsg) -> Result<Response, ContractError> {
    let event = kit::ownership::execute(deps.storage, deps.api, sender, msg)?;
    Ok(Response::new().add_event(event))
}

/// A contract this one relies on.
#[derive(Clone, Copy)]
pub enum Peer {
    Verifier,
    Vault,
}

/// Replaces a peer. Only through the public queue.
pub fn set_peer(deps: DepsMut, sender: &Addr, peer: Peer, address: &str) -> Result<Response, ContractError> {
    let mut config = CONFIG.load(deps.storage, &())?;
    kit::assert_sender(sender, &config.timelock, "timelock")?;
    let address = deps.api.addr_validate(address)?;
    let (name, slot) = match peer {
        Peer::Verifier => ("verifier", &mut config.verifier),
        Peer::Vault => ("vault", &mut config.vault),
    };
    let event = events::peer(name, &address);
    *slot = address;
    CONFIG.save(deps.storage, &(), &config);
    Ok(Response::new().add_event(event))
}

/// Refuses parameters out of bounds.
pub fn check_params(params: &Params) -> Result<(), ContractError> {
    let bonds = (USDT, USDT.saturating_mul(10_000_000));
    check("min_bond_gateway", bonds, params.min_bond_gateway.u128())?;
    check("min_bond_worker", bonds, params.min_bond_worker.u128())?;
    check("enrolment_ttl", (3_600, 30 * 86_400), u128::from(params.enrolment_ttl))?;
    check(
        "ppid_quota",
        (1, u128::from(MAX_PPID_QUOTA)),
        u128::from(params.ppid_quota),
    )?;
    check(
        "challenge_bond",
        (100_000, USDT.saturating_mul(1_000)),
        params.challenge_bond.u128(),
    )
}

fn check(name: &'static str, (min, max): (u128, u128), actual: u128) -> Result<(), ContractError> {
    if (min..=max).contains(&actual) {
        return Ok(());
    }
    Err(ContractError::OutOfBounds { name, min, max, actual })
}

/// Refuses a policy that accepts nothing, or lists too much.
pub fn check_policy(policy: &TcbPolicy) -> Result<(), ContractError> {
    check_length("statuses", (1, MAX_STATUSES), policy.statuses.len())?;
    check_length("advisories", (0, MAX_ADVISORIES), policy.advisories.len())?;
    let mut lengths = policy.advisories.iter().map(String::len);
    lengths.try_for_each(|length| check_length("advisory", (1, MAX_ADVISORY), length))
}

fn check_length(list: &'static str, (min, max): (usize, usize), actual: usize) -> Result<(), ContractError> {
    if (min..=max).contains(&actual) {
        return Ok(());
    }
    Err(ContractError::PolicyLength { list, min, max, actual })
}

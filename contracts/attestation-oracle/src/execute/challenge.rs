//! `ChallengeUsage`, `RevealLeaves`, `ResolveChallenge`: an account makes its gateway show what it was charged for.
//!
//! The vault sets the charge apart when the challenge opens, in the same breath: if it cannot, there is no challenge. Later results are final here whatever the
//! vault does; one that it could not book stays pending and can be repeated, so no bond hangs on the vault.

use attestation::{verify, verify_leaves, Entry, Leaf, Proof, WireError, MAX_RANGE};
use cosmwasm_std::{Addr, BankMsg, Binary, DepsMut, MessageInfo, Response, StdError, Storage, SubMsg};
use interfaces::attestation_oracle::{ChallengeState, Role, Subject};
use interfaces::credit_vault::{ChargeAction, ChargeRef, ReportRef};

use super::deliver::load_settled;
use crate::codec::{decode, encode};
use crate::enrolled;
use crate::error::ContractError;
use crate::reply::ReplyId;
use crate::state::{
    update_totals, ChallengeRow, CHALLENGES, CHALLENGE_AGE, CHALLENGE_OF, CONFIG, GATEWAY_CHALLENGES, REVEAL_TIME,
};
use crate::{events, funds, vault};

/// Leaves that are asked for.
#[derive(Clone, Copy)]
pub struct Range {
    pub first_leaf: u64,
    pub count: u16,
}

/// Opens a challenge and has the charge set apart. `opened` is the entry with its path, encoded.
pub fn open(
    deps: DepsMut,
    info: &MessageInfo,
    charge: ChargeRef,
    opened: (Binary, Binary),
    range: Range,
    now: u64,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage, &())?;
    let entry = check_entry(deps.storage, &charge, &opened, &info.sender, now)?;
    let first_leaf = check_range(range, &entry)?;
    if let Some(challenge) = CHALLENGE_OF.may_load(deps.storage, &charge)? {
        return Err(ContractError::AlreadyChallenged { challenge });
    }
    let (expected, actual) = (
        config.params.challenge_bond.u128(),
        funds::attached(info, &config.denom)?,
    );
    if actual != expected {
        return Err(ContractError::ChallengeBond { expected, actual });
    }
    let row = ChallengeRow {
        charge,
        account: info.sender.clone(),
        entry: opened.0.to_vec(),
        first_leaf,
        count: range.count,
        deadline: now.saturating_add(REVEAL_TIME),
        bond: actual,
        state: ChallengeState::Open,
        vault_pending: false,
    };
    let challenge = store(deps.storage, &row)?;
    Ok(Response::new()
        .add_message(vault::resolve(&config.vault, charge, ChargeAction::Hold)?)
        .add_event(events::challenged(challenge, &row)))
}

fn check_entry(
    storage: &dyn Storage,
    charge: &ChargeRef,
    (entry, proof): &(Binary, Binary),
    sender: &Addr,
    now: u64,
) -> Result<Entry, ContractError> {
    let ChargeRef { report, entry: index } = *charge;
    let row = load_settled(storage, &report)?;
    let until = row.received_at.saturating_add(CHALLENGE_AGE);
    if now > until {
        return Err(ContractError::ChallengeTooLate { until, now });
    }
    let (entry, proof) = (Entry::decode(entry)?, Proof::decode(proof)?);
    verify(&row.log_root, &[entry.node()?], &proof)?;
    if proof.index != u32::from(index) {
        return Err(ContractError::OtherEntry {
            expected: index,
            actual: proof.index,
        });
    }
    if entry.account != sender.as_str() {
        return Err(ContractError::NotTheAccount {
            expected: entry.account,
            actual: sender.clone(),
        });
    }
    Ok(entry)
}

fn check_range(asked: Range, entry: &Entry) -> Result<u32, ContractError> {
    let end = asked.first_leaf.checked_add(u64::from(asked.count));
    let inside = end.is_some_and(|end| end <= entry.calls);
    match u32::try_from(asked.first_leaf) {
        Ok(first) if inside && (1..=MAX_RANGE).contains(&usize::from(asked.count)) => Ok(first),
        _ => Err(ContractError::LeafRange {
            first: asked.first_leaf,
            count: asked.count,
            max: MAX_RANGE,
            calls: entry.calls,
        }),
    }
}

fn store(storage: &mut dyn Storage, row: &ChallengeRow) -> Result<u64, ContractError> {
    let challenge = update_totals(storage, |totals| {
        totals.challenges = totals.challenges.saturating_add(1);
        totals.open_challenges = totals.open_challenges.saturating_add(1);
        funds::take(totals, row.bond)?;
        Ok(totals.challenges)
    })?;
    CHALLENGES.save(storage, &challenge, row);
    CHALLENGE_OF.save(storage, &row.charge, &challenge);
    GATEWAY_CHALLENGES.save(storage, &(row.charge.report.gateway, challenge), &true);
    Ok(challenge)
}

/// Answers a challenge by the leaves it asked for. Whoever has them may; the bond goes to the gateway's operator.
pub fn reveal(
    storage: &mut dyn Storage,
    challenge: u64,
    leaves: &[Binary],
    proof: &[u8],
    now: u64,
) -> Result<Response, ContractError> {
    let row = load_open(storage, challenge)?;
    if now > row.deadline {
        return Err(ContractError::RevealTooLate {
            until: row.deadline,
            now,
        });
    }
    check_leaves(&row, leaves, proof)?;
    let ReportRef { gateway, .. } = row.charge.report;
    let gateway = Subject {
        role: Role::Gateway,
        id: gateway,
    };
    let operator = enrolled::subject(storage, &gateway)?.operator;
    close(storage, challenge, row, ChallengeState::Answered, &operator)
}

fn check_leaves(row: &ChallengeRow, leaves: &[Binary], proof: &[u8]) -> Result<(), ContractError> {
    let proof = Proof::decode(proof)?;
    if proof.index != row.first_leaf || leaves.len() != usize::from(row.count) {
        return Err(ContractError::OtherLeaves {
            first: row.first_leaf,
            count: row.count,
            given_first: proof.index,
            given_count: leaves.len(),
        });
    }
    let leaves = leaves
        .iter()
        .map(|leaf| Leaf::decode(leaf))
        .collect::<Result<Vec<_>, WireError>>()?;
    Ok(verify_leaves(&Entry::decode(&row.entry)?, &leaves, &proof)?)
}

/// Returns an unanswered challenge's charge and bond to the account, or repeats a result that the vault could not book.
pub fn resolve(storage: &mut dyn Storage, challenge: u64, now: u64) -> Result<Response, ContractError> {
    let row = load(storage, challenge)?;
    if row.vault_pending {
        return book_again(storage, challenge, row);
    }
    let row = load_open(storage, challenge)?;
    if now <= row.deadline {
        return Err(ContractError::ResolveTooEarly {
            until: row.deadline,
            now,
        });
    }
    let account = row.account.clone();
    close(storage, challenge, row, ChallengeState::Returned, &account)
}

fn book_again(storage: &mut dyn Storage, challenge: u64, mut row: ChallengeRow) -> Result<Response, ContractError> {
    row.vault_pending = false;
    CHALLENGES.save(storage, &challenge, &row);
    let vault = CONFIG.load(storage, &())?.vault;
    Ok(Response::new()
        .add_message(vault::resolve(&vault, row.charge, action(row.state))?)
        .add_event(events::challenge_booked(challenge)))
}

fn close(
    storage: &mut dyn Storage,
    challenge: u64,
    mut row: ChallengeRow,
    state: ChallengeState,
    to: &Addr,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(storage, &())?;
    row.state = state;
    CHALLENGES.save(storage, &challenge, &row);
    let bond: Option<BankMsg> = update_totals(storage, |totals| {
        totals.open_challenges = totals.open_challenges.saturating_sub(1);
        funds::pay(totals, &config.denom, to, row.bond)
    })?;
    let booking = vault::resolve(&config.vault, row.charge, action(state))?;
    let booking = SubMsg::reply_on_error(booking, ReplyId::Resolve as u64).with_payload(encode(&challenge));
    Ok(Response::new()
        .add_messages(bond)
        .add_submessage(booking)
        .add_event(events::challenge_closed(challenge, &row, to)))
}

fn action(state: ChallengeState) -> ChargeAction {
    match state {
        ChallengeState::Open => ChargeAction::Hold,
        ChallengeState::Answered => ChargeAction::Release,
        ChallengeState::Returned => ChargeAction::Return,
    }
}

/// The vault could not book a result: it is owed.
pub fn unbooked(storage: &mut dyn Storage, payload: &Binary, reason: &str) -> Result<Response, ContractError> {
    let challenge: Option<u64> = decode(payload);
    let challenge = challenge.ok_or_else(|| StdError::parse_err("payload", "not what was sent"))?;
    let mut row = load(storage, challenge)?;
    row.vault_pending = true;
    CHALLENGES.save(storage, &challenge, &row);
    Ok(Response::new().add_event(events::challenge_unbooked(challenge, reason)))
}

fn load(storage: &dyn Storage, challenge: u64) -> Result<ChallengeRow, ContractError> {
    let row = CHALLENGES.may_load(storage, &challenge)?;
    row.ok_or(ContractError::UnknownChallenge { challenge })
}

fn load_open(storage: &dyn Storage, challenge: u64) -> Result<ChallengeRow, ContractError> {
    let row = load(storage, challenge)?;
    match row.state {
        ChallengeState::Open => Ok(row),
        actual => Err(ContractError::ChallengeClosed { actual }),
    }
}

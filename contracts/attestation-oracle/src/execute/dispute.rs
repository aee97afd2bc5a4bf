//! `DisputeCall`: proves that a settled report is false, and pays for it out of the gateway's bond.
//!
//! With `false` the amount proved false, `charged` what the vault took for the entry and `before` what earlier disputes of the entry compensated:
//! ```text
//! counted = min(false, charged − before)
//! account = min(2 · counted, bond)
//! sender  = min(⌊5 · counted / 100⌋, bond − account)      down: in the bond's favour
//! ```
//! Why `charged` bounds it: a gateway could otherwise post an unpaid fantasy about an accomplice and empty its own bond at once, past unbonding and ahead of those
//! it cheated.

use attestation::{
    fault, open_call, verify, verify_wrong_sum, Below, Digest, Entry, Fault, Leaf, MerkleSum, Proof, Sums,
};
use cosmwasm_std::{Addr, Api, Binary, DepsMut, QuerierWrapper, Response, Storage};
use interfaces::attestation_oracle::{Dispute, ProvenCall, Role, Subject};
use interfaces::credit_vault::{ChargeRef, RateResponse, ReportRef};

use super::deliver::load_settled;
use crate::enrolled;
use crate::error::ContractError;
use crate::state::{update_totals, Config, Falsehood, ReportRow, COMPENSATED, CONFIG, DISPUTED, DISPUTE_AGE, SUBJECTS};
use crate::{events, funds, vault};

/// Units a rate is quoted for.
const RATE_UNITS: u128 = 1_000_000;
/// Share of the amount that the sender gets, percent.
const BOUNTY_PERCENT: u128 = 5;

/// Something false: where, whom it cost, and how much at most.
struct Finding {
    falsehood: Falsehood,
    account: String,
    amount: u128,
}

/// Judges the proof and pays.
pub fn dispute(deps: DepsMut, sender: &Addr, dispute: Dispute, now: u64) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage, &())?;
    let finding = match dispute {
        Dispute::DuplicateCall { first, second } => duplicate(deps.storage, &first, &second, now)?,
        Dispute::WrongPrice { call } => wrong_price(deps.storage, &deps.querier, &config, &call, now)?,
        Dispute::WrongSum {
            report,
            entry,
            entry_proof,
            node,
            node_proof,
            left,
            right,
        } => {
            let entry = open_entry(deps.storage, report, &entry, &entry_proof, now)?;
            wrong_sum(entry, &node, &node_proof, &left, &right)?
        }
    };
    settle(deps, &config, sender, finding)
}

/// An entry in a settled report young enough to be judged.
struct Opened {
    charge: ChargeRef,
    entry: Entry,
}

fn open_entry(
    storage: &dyn Storage,
    report: ReportRef,
    entry: &[u8],
    proof: &[u8],
    now: u64,
) -> Result<Opened, ContractError> {
    let row = load_settled(storage, &report)?;
    check_age(&row, now)?;
    let (entry, proof) = (Entry::decode(entry)?, Proof::decode(proof)?);
    verify(&row.log_root, &[entry.node()?], &proof)?;
    Ok(Opened {
        charge: charge(report, &proof),
        entry,
    })
}

fn check_age(row: &ReportRow, now: u64) -> Result<(), ContractError> {
    let until = row.received_at.saturating_add(DISPUTE_AGE);
    if now > until {
        return Err(ContractError::DisputeTooLate { until, now });
    }
    Ok(())
}

/// A call that the gateway put at one place of a settled report.
struct OpenedCall {
    charge: ChargeRef,
    entry: Entry,
    leaf: Leaf,
    position: u32,
    row: ReportRow,
}

impl OpenedCall {
    /// Orders all places of a gateway's logs.
    fn place(&self) -> (u32, u64, u16, u32) {
        let ReportRef { key_epoch, seq, .. } = self.charge.report;
        (key_epoch, seq, self.charge.entry, self.position)
    }

    fn finding(self, kind: u8, amount: u128) -> Finding {
        let mut place = Digest::default();
        let (_, tail) = place.split_at_mut(28);
        tail.copy_from_slice(&self.position.to_be_bytes());
        Finding {
            falsehood: Falsehood {
                kind,
                charge: self.charge,
                place,
            },
            account: self.entry.account,
            amount,
        }
    }
}

fn open(storage: &dyn Storage, call: &ProvenCall) -> Result<OpenedCall, ContractError> {
    let row = load_settled(storage, &call.report)?;
    let (entry, entry_proof) = (Entry::decode(&call.entry)?, Proof::decode(&call.entry_proof)?);
    let (leaf, leaf_proof) = (Leaf::decode(&call.leaf)?, Proof::decode(&call.leaf_proof)?);
    open_call(&row.log_root, &entry, &entry_proof, &leaf, &leaf_proof)?;
    Ok(OpenedCall {
        charge: charge(call.report, &entry_proof),
        entry,
        leaf,
        position: leaf_proof.index,
        row,
    })
}

/// A verified proof's position is below 200, the most entries a report has.
fn charge(report: ReportRef, proof: &Proof) -> ChargeRef {
    ChargeRef {
        report,
        entry: u16::try_from(proof.index).unwrap_or(u16::MAX),
    }
}

/// The later of two places is the false one, so three copies are two falsehoods whatever the order of disputes.
fn duplicate(
    storage: &dyn Storage,
    first: &ProvenCall,
    second: &ProvenCall,
    now: u64,
) -> Result<Finding, ContractError> {
    let (first, second) = (open(storage, first)?, open(storage, second)?);
    check_age(&second.row, now)?;
    if first.charge.report.gateway != second.charge.report.gateway || first.place() >= second.place() {
        return Err(ContractError::PlaceOrder);
    }
    if first.leaf.call_id != second.leaf.call_id || first.leaf.sku != second.leaf.sku {
        return Err(ContractError::DifferentCalls);
    }
    let amount = second.leaf.list.max(second.leaf.cost);
    Ok(second.finding(1, amount))
}

/// A call of another account, SKU or time is false as a whole; otherwise what is above the rate card.
fn wrong_price(
    storage: &dyn Storage,
    querier: &QuerierWrapper,
    config: &Config,
    call: &ProvenCall,
    now: u64,
) -> Result<Finding, ContractError> {
    let call = open(storage, call)?;
    check_age(&call.row, now)?;
    let amount = if misplaced(&call) {
        call.leaf.list.max(call.leaf.cost)
    } else {
        above_rate(&vault::rate(querier, &config.vault, &call.leaf.sku)?, &call.leaf)?
    };
    Ok(call.finding(2, amount))
}

fn misplaced(call: &OpenedCall) -> bool {
    let OpenedCall { entry, leaf, row, .. } = call;
    let root = MerkleSum {
        hash: entry.leaves_root,
        sums: entry.sums(),
    };
    // Sums are WrongSum's business: with the entry's own they are never a fault here.
    let count = u32::try_from(entry.calls).unwrap_or(u32::MAX);
    let contradicts = matches!(
        fault(entry, leaf, count, &root),
        Some(Fault::Account | Fault::Sku | Fault::Time)
    );
    contradicts || leaf.time < row.window_start || leaf.time >= row.window_end
}

/// How far list or cost is above ⌊units · rate / 10⁶⌋ (down: the gateway must round down too) of the version in force at the call's time.
fn above_rate(card: &RateResponse, leaf: &Leaf) -> Result<u128, ContractError> {
    let unknown = || ContractError::RateUnknown {
        sku: leaf.sku.clone(),
        time: leaf.time,
    };
    let in_force = card.versions.iter().rev().find(|version| version.from <= leaf.time);
    let version = in_force.ok_or_else(unknown)?;
    let most = |rate: u128| {
        leaf.units
            .checked_mul(rate)
            .and_then(|price| price.checked_div(RATE_UNITS))
    };
    // A product beyond 128 bits is above every 64-bit price.
    let above = |price: u128, rate: u128| most(rate).map_or(0, |most| price.saturating_sub(most));
    Ok(above(leaf.list, version.list.u128()).max(above(leaf.cost, version.cost.u128())))
}

fn wrong_sum(opened: Opened, node: &[u8], proof: &[u8], left: &[u8], right: &[u8]) -> Result<Finding, ContractError> {
    let Opened { charge, entry } = opened;
    let (node, proof) = (MerkleSum::decode(node)?, Proof::decode(proof)?);
    let stated = if proof.siblings.is_empty() {
        entry.sums()
    } else {
        node.sums
    };
    let made_of = prove_below(&entry, &node, &proof, left, right)?;
    let above = |stated: u128, actual: u128| stated.saturating_sub(actual);
    Ok(Finding {
        falsehood: Falsehood {
            kind: 3,
            charge,
            place: node.hash,
        },
        account: entry.account,
        amount: above(stated.list, made_of.list).max(above(stated.cost, made_of.cost)),
    })
}

/// What the node was made of, once it is proved that it states something else.
fn prove_below(
    entry: &Entry,
    node: &MerkleSum,
    proof: &Proof,
    left: &[u8],
    right: &[u8],
) -> Result<Sums, ContractError> {
    if right.is_empty() {
        let leaf = Leaf::decode(left)?;
        verify_wrong_sum(entry, node, proof, Below::Call(&leaf))?;
        return Ok(leaf.node()?.sums);
    }
    let (left, right) = (MerkleSum::decode(left)?, MerkleSum::decode(right)?);
    let below = Below::Children {
        left: &left,
        right: &right,
    };
    verify_wrong_sum(entry, node, proof, below)?;
    Ok(Sums {
        list: left.sums.list.saturating_add(right.sums.list),
        cost: left.sums.cost.saturating_add(right.sums.cost),
        ..Sums::default()
    })
}

/// Pays once for each falsehood, the account first.
fn settle(deps: DepsMut, config: &Config, sender: &Addr, finding: Finding) -> Result<Response, ContractError> {
    let Finding {
        falsehood,
        account,
        amount,
    } = finding;
    if amount == 0 {
        return Err(ContractError::NothingFalse);
    }
    if DISPUTED.has(deps.storage, &falsehood) {
        return Err(ContractError::AlreadyDisputed);
    }
    let counted = count(deps.storage, &deps.querier, config, &falsehood.charge, amount)?;
    DISPUTED.save(deps.storage, &falsehood, &counted);
    let gateway = Subject {
        role: Role::Gateway,
        id: falsehood.charge.report.gateway,
    };
    let paid = slash(deps.storage, gateway, counted)?;
    let account = check_account(deps.api, &account)?;
    let messages = update_totals(deps.storage, |totals| {
        Ok([
            funds::pay(totals, &config.denom, &account, paid.account)?,
            funds::pay(totals, &config.denom, sender, paid.sender)?,
        ])
    })?;
    Ok(Response::new()
        .add_messages(messages.into_iter().flatten())
        .add_event(events::disputed(&falsehood, &account, sender, counted, &paid)))
}

/// The vault charged an address only, so this fails for nobody who paid.
fn check_account(api: &dyn Api, account: &str) -> Result<Addr, ContractError> {
    Ok(api.addr_validate(account)?)
}

/// The part of `amount` that was charged and not compensated before.
fn count(
    storage: &mut dyn Storage,
    querier: &QuerierWrapper,
    config: &Config,
    charge: &ChargeRef,
    amount: u128,
) -> Result<u128, ContractError> {
    let charged = vault::charged(querier, &config.vault, charge)?;
    let compensated = COMPENSATED.may_load(storage, charge)?.unwrap_or_default();
    let counted = amount.min(charged.saturating_sub(compensated));
    if counted == 0 {
        return Err(ContractError::NothingCharged { charged, compensated });
    }
    COMPENSATED.save(storage, charge, &funds::add(compensated, counted)?);
    Ok(counted)
}

/// What a dispute takes out of a bond, µUSDT.
pub struct Paid {
    pub account: u128,
    pub sender: u128,
    /// Bond left.
    pub left: u128,
}

fn slash(storage: &mut dyn Storage, gateway: Subject, counted: u128) -> Result<Paid, ContractError> {
    let mut row = enrolled::subject(storage, &gateway)?;
    if row.bond == 0 {
        return Err(ContractError::NoBond);
    }
    let account = counted.saturating_mul(2).min(row.bond);
    let rest = funds::sub(row.bond, account)?;
    let bounty = counted
        .saturating_mul(BOUNTY_PERCENT)
        .checked_div(100)
        .unwrap_or_default();
    let sender = bounty.min(rest);
    row.bond = funds::sub(rest, sender)?;
    SUBJECTS.save(storage, &gateway, &row);
    Ok(Paid {
        account,
        sender,
        left: row.bond,
    })
}

/// Whether a call is in a posted log and agrees with it; otherwise why not.
pub fn verify_call(storage: &dyn Storage, call: &ProvenCall) -> Result<(), String> {
    let shown = |error: ContractError| error.to_string();
    let row = super::deliver::load_report(storage, &call.report).map_err(shown)?;
    let parse = |bytes: &Binary| Proof::decode(bytes).map_err(|error| error.to_string());
    let entry = Entry::decode(&call.entry).map_err(|error| error.to_string())?;
    let leaf = Leaf::decode(&call.leaf).map_err(|error| error.to_string())?;
    let (entry_proof, leaf_proof) = (parse(&call.entry_proof)?, parse(&call.leaf_proof)?);
    attestation::verify_call(&row.log_root, &entry, &entry_proof, &leaf, &leaf_proof).map_err(|error| error.to_string())
}

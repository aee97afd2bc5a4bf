//! What gateways and workers sign, honest or not. Everything follows from the operation, its nominal time and where the chains stand, so it is the same on every chain.

use std::collections::BTreeMap;

use anyhow::{anyhow, Result};
use attestation::{
    encode_entries, log_root, Body, ChainKey, ChainLink, Digest, Domain, Entry, JobKind, JobStatement, Leaf,
    UsageReport, Window,
};
use cosmwasm_std::Binary;
use interfaces::attestation_oracle::{SignedStatement, Subject};

use crate::keys::{secret, Secret};
use crate::op::{Claim, Fault, Usage, Work, DAY, LONG, LONG_SIGNATURE};
use crate::stage::{RATE, SLOTS};

/// Seconds a report covers.
pub const WINDOW: u64 = 100;

/// The account text of usage by nobody.
pub const NOBODY: &str = "nobody";

/// A report with what is behind it.
#[derive(Clone, Debug)]
pub struct Made {
    pub wire: SignedStatement,
    pub body: UsageReport,
    pub digest: Digest,
    pub entries: Vec<Entry>,
    pub logs: Vec<Vec<Leaf>>,
    /// What each entry claims.
    pub claims: Vec<Claim>,
    /// Whether key, chain and contract are right.
    pub signed: bool,
    /// Whether the bytes decode, and whether the entries that travel are those of the root.
    pub sound: bool,
    pub matching: bool,
}

/// Where a chain stands before the next statement.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    pub seq: u64,
    pub digest: Digest,
    pub window_start: u64,
    pub window_end: u64,
}

impl Head {
    #[must_use]
    pub fn beginning(chain: ChainKey) -> Self {
        Self {
            seq: 0,
            digest: chain.first_prev_digest(),
            window_start: 0,
            window_end: 0,
        }
    }
}

/// Where and when statements are made.
pub struct Desk<'a> {
    pub chain_id: &'a str,
    pub oracle: &'a str,
    pub vault: &'a str,
    pub now: u64,
    /// Addresses of the users.
    pub users: &'a [String],
    /// (list, cost) of a SKU at a time.
    pub rate: &'a dyn Fn(&str, u64) -> (u128, u128),
    /// Tells the statements of one batch apart.
    pub index: usize,
}

/// A signature and whether it fits.
fn sign(desk: &Desk, body: &impl Body, key: &Secret, fault: Fault) -> Result<(Binary, bool, Digest)> {
    let digest = |chain, contract| -> Result<Digest> {
        Ok(body.digest(&Domain::new(chain, contract).map_err(|e| anyhow!("{e}"))?))
    };
    let right = digest(desk.chain_id, desk.oracle)?;
    let signature = match fault {
        Fault::ForeignChain => key.sign(&digest("lex-local-2", desk.oracle)?).into(),
        Fault::ForeignContract => key.sign(&digest(desk.chain_id, desk.vault)?).into(),
        Fault::Forged => key.stranger().sign(&right).into(),
        Fault::LongSignature => padded(key.sign(&right).into(), LONG_SIGNATURE),
        Fault::NoSignature => vec![],
        Fault::ZeroSignature => vec![0; 64],
        Fault::MaxSignature => vec![u8::MAX; 64],
        _ => Vec::from(key.sign(&right)),
    };
    Ok((signature.into(), !fault.of_signature(), right))
}

/// The right bytes and what does not belong there: whoever reads no further than he needs would be content.
fn padded(mut bytes: Vec<u8>, length: usize) -> Vec<u8> {
    bytes.resize(length, 0);
    bytes
}

fn bytes(body: &impl Body, fault: Fault) -> Binary {
    let right = body.encode();
    match fault {
        Fault::Malformed => padded(right.clone(), right.len() + 1),
        Fault::LongBody => padded(right, LONG),
        Fault::NoBody => vec![],
        _ => right,
    }
    .into()
}

fn sent(entries: &[Entry], fault: Fault) -> Result<Binary> {
    let encoded = |entries: &[Entry]| encode_entries(entries).map_err(|e| anyhow!("{e}"));
    Ok(match fault {
        Fault::WrongLogRoot => {
            let mut others = entries.to_vec();
            others[0].units += 1;
            encoded(&others)?
        }
        Fault::LongEntries => padded(encoded(entries)?, LONG),
        Fault::NoEntries => vec![],
        _ => encoded(entries)?,
    }
    .into())
}

fn place(head: &Head, fault: Fault) -> (u64, Digest) {
    match fault {
        Fault::Gap => (head.seq + 2, head.digest),
        Fault::WrongParent => (head.seq + 1, [9; 32]),
        Fault::Conflict => (head.seq.max(1), head.digest),
        _ => (head.seq + 1, head.digest),
    }
}

fn window(now: u64, head: &Head, fault: Fault) -> Result<Window> {
    let (start, end) = match fault {
        Fault::FutureWindow => (now - WINDOW, now + 500),
        Fault::Overlap if head.window_start > 1 => (head.window_start - 1, head.window_start + 1),
        _ => (now - WINDOW, now),
    };
    Window::new(start, end).map_err(|e| anyhow!("{e}"))
}

fn expiry(now: u64, fault: Fault) -> u64 {
    if fault == Fault::Expired {
        now - 1
    } else {
        now + DAY
    }
}

/// A gateway's next report.
///
/// # Errors
/// Never for operations of a trace.
pub fn report(
    desk: &Desk,
    gateway: Subject,
    epoch: u32,
    head: &Head,
    usage: &[Usage],
    late: u64,
    fault: Fault,
) -> Result<Made> {
    let named = if fault == Fault::UnknownKey { epoch + 100 } else { epoch };
    let (entries, logs, claims) = entries(desk, gateway.id, usage, late)?;
    let root = log_root(&entries).map_err(|e| anyhow!("{e}"))?;
    let (seq, prev_digest) = place(head, fault);
    let body = UsageReport {
        gateway: gateway.id,
        key_epoch: named,
        seq,
        window: window(desk.now, head, fault)?,
        calls: root.sums.calls,
        log_root: root.hash,
        prev_digest,
        expires_at: expiry(desk.now, fault),
    };
    let (signature, signed, digest) = sign(desk, &body, &secret(gateway, epoch), fault)?;
    let wire = SignedStatement::Usage {
        body: bytes(&body, fault),
        entries: sent(&entries, fault)?,
        signature,
    };
    Ok(Made {
        wire,
        body,
        digest,
        entries,
        logs,
        claims,
        signed,
        sound: !fault.of_body(),
        matching: !fault.of_entries(),
    })
}

type Built = (Vec<Entry>, Vec<Vec<Leaf>>, Vec<Claim>);

/// Entries of these usages, one per account and SKU: of several the last counts.
fn entries(desk: &Desk, gateway: u64, usage: &[Usage], late: u64) -> Result<Built> {
    let mut rows = BTreeMap::new();
    for (place, usage) in usage.iter().enumerate() {
        let account = desk.users.get(usage.user).map_or(NOBODY, String::as_str);
        let sku = sku(gateway, usage.sku);
        let leaves = leaves(desk, account, sku, usage, late, place);
        rows.insert((account.to_owned(), sku), (leaves, usage.claim));
    }
    let mut built = Built::default();
    for (leaves, claim) in rows.into_values() {
        let mut entry = Entry::from_leaves(&leaves).map_err(|e| anyhow!("{e}"))?;
        if claim == Claim::Inflated {
            (entry.units, entry.list, entry.cost) = (2 * entry.units, 2 * entry.list, 2 * entry.cost);
        }
        built.0.push(entry);
        built.1.push(leaves);
        built.2.push(claim);
    }
    Ok(built)
}

fn sku(gateway: u64, index: u8) -> &'static str {
    match (gateway, index % 4) {
        (1, 0) | (2, 2) => "one/in",
        (1, 1) => "one/out",
        (2, 0) | (1, 2) => "two/in",
        (2, 1) => "two/out",
        _ => "nobody/s",
    }
}

fn leaves(desk: &Desk, account: &str, sku: &str, usage: &Usage, late: u64, place: usize) -> Vec<Leaf> {
    let units = u128::from(usage.units);
    let parts = match usage.claim {
        Claim::Card if units >= 3 => vec![units / 3, units / 3, units - 2 * (units / 3)],
        Claim::Twice | Claim::Shifted => vec![units / 2, units / 2],
        _ => vec![units],
    };
    let time = desk.now - late;
    let (list, cost) = (desk.rate)(sku, time);
    let leaf = |(i, units): (usize, &u128)| {
        let id = if usage.claim == Claim::Twice { 0 } else { i };
        Leaf {
            call_id: format!("{}-{}-{place}-{id}", desk.now, desk.index),
            account: account.to_owned(),
            sku: sku.to_owned(),
            units: *units,
            list: units * list / 1_000_000,
            cost: units * cost / 1_000_000,
            time,
        }
    };
    let mut leaves: Vec<Leaf> = parts.iter().enumerate().map(leaf).collect();
    match usage.claim {
        Claim::AboveCard => leaves[0].list += 1,
        Claim::CostAboveList => leaves[0].list = leaves[0].cost.saturating_sub(1),
        Claim::Shifted => {
            let by = leaves[1].list / 2;
            leaves[0].list += by;
            leaves[1].list -= by;
        }
        Claim::Card | Claim::Twice | Claim::Inflated => {}
    }
    leaves
}

/// A job statement with what the shadow needs to judge it.
#[derive(Clone, Debug)]
pub struct MadeJob {
    pub wire: SignedStatement,
    pub body: JobStatement,
    pub digest: Digest,
    pub signed: bool,
    pub sound: bool,
}

/// A job's chain before the next statement.
pub struct Task<'a> {
    pub job: u64,
    pub head: &'a Head,
    /// Cumulative units of the last statement.
    pub stated: u128,
}

/// The worker's next statement about a job.
///
/// # Errors
/// Never for operations of a trace.
pub fn job(desk: &Desk, worker: Subject, epoch: u32, task: &Task, work: Work, fault: Fault) -> Result<MadeJob> {
    let Task { job, head, stated } = *task;
    let named = if fault == Fault::UnknownKey { epoch + 100 } else { epoch };
    let (seq, prev_digest) = place(head, fault);
    let most = u128::from(RATE * WINDOW);
    let units_cum = match work {
        Work::Falls => stated.saturating_sub(1),
        // beyond what all slots could do in any window of this trace
        Work::TooFast => stated + most * 100 + 1,
        Work::Honest | Work::UnknownSlot => stated + most / 50,
    };
    let body = JobStatement {
        worker: worker.id,
        key_epoch: named,
        job,
        assignment: 0,
        seq,
        kind: JobKind::Progress,
        window: window(desk.now, head, fault)?,
        units_cum,
        gpu_slots: if work == Work::UnknownSlot { 1 << SLOTS } else { 1 },
        input_root: [1; 32],
        output_root: [2; 32],
        model_id: [3; 32],
        prev_digest,
        expires_at: expiry(desk.now, fault),
    };
    let (signature, signed, digest) = sign(desk, &body, &secret(worker, epoch), fault)?;
    let wire = SignedStatement::Job {
        body: bytes(&body, fault),
        signature,
    };
    Ok(MadeJob {
        wire,
        body,
        digest,
        signed,
        sound: !fault.of_body(),
    })
}

/// The link by which a job's chain goes on under the worker's newest key.
///
/// # Errors
/// Never for operations of a trace.
pub fn link(
    desk: &Desk,
    worker: Subject,
    epoch: u32,
    job: u64,
    head: &Head,
) -> Result<(SignedStatement, ChainLink, Digest)> {
    let body = ChainLink {
        worker: worker.id,
        key_epoch: epoch,
        new_epoch: epoch + 1,
        job,
        assignment: 0,
        seq: head.seq + 1,
        prev_digest: head.digest,
    };
    let (old_signature, _, digest) = sign(desk, &body, &secret(worker, epoch), Fault::None)?;
    let (new_signature, _, _) = sign(desk, &body, &secret(worker, epoch + 1), Fault::None)?;
    Ok((
        SignedStatement::Link {
            body: body.encode().into(),
            old_signature,
            new_signature,
        },
        body,
        digest,
    ))
}

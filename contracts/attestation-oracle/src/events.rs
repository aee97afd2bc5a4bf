//! Events. Together with the transactions' messages they are enough to rebuild the state. Amounts are µUSDT, times unix seconds, hashes hex, outcomes by code.

use attestation::{ChainLink, Digest, JobStatement, UsageReport};
use cosmwasm_std::{Addr, Event, HexBinary};
use interfaces::attestation_oracle::{Params, Role, StatementOutcome, Subject, TcbPolicy};
use interfaces::credit_vault::{ChargeRef, ReportRef};

use crate::error::name;
use crate::execute::dispute::Paid;
use crate::state::{ChallengeRow, Config, Falsehood, KeyRow, Request, SubjectRow};

/// Longest part of a foreign error that is repeated.
const MAX_REASON: usize = 256;

fn hex(bytes: &[u8]) -> String {
    HexBinary::from(bytes).to_hex()
}

fn of_subject(event: &str, subject: &Subject) -> Event {
    Event::new(event)
        .add_attribute("role", name(subject.role))
        .add_attribute("id", subject.id.to_string())
}

fn of_report(event: &str, report: &ReportRef) -> Event {
    Event::new(event)
        .add_attribute("gateway", report.gateway.to_string())
        .add_attribute("key_epoch", report.key_epoch.to_string())
        .add_attribute("seq", report.seq.to_string())
}

fn of_charge(event: &str, charge: &ChargeRef) -> Event {
    of_report(event, &charge.report).add_attribute("entry", charge.entry.to_string())
}

fn option(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

fn reason(text: &str) -> String {
    let short: String = text.chars().take(MAX_REASON).collect();
    if short.is_empty() {
        return "unknown".to_owned();
    }
    short
}

// ---- governance ----

pub fn instantiated(config: &Config) -> Event {
    Event::new("instantiated")
        .add_attribute("timelock", &config.timelock)
        .add_attribute("verifier", &config.verifier)
        .add_attribute("vault", &config.vault)
        .add_attribute("denom", &config.denom)
}

pub fn migrated(from: &str, to: &str) -> Event {
    Event::new("migrated")
        .add_attribute("from", from)
        .add_attribute("to", to)
}

pub fn params(params: &Params) -> Event {
    Event::new("params")
        .add_attribute("min_bond_gateway", params.min_bond_gateway)
        .add_attribute("min_bond_worker", params.min_bond_worker)
        .add_attribute("enrolment_ttl", params.enrolment_ttl.to_string())
        .add_attribute("ppid_quota", params.ppid_quota.to_string())
        .add_attribute("challenge_bond", params.challenge_bond)
}

pub fn policy(policy: &TcbPolicy) -> Event {
    let statuses: Vec<String> = policy.statuses.iter().map(|status| format!("{status:?}")).collect();
    let advisories = if policy.advisories.is_empty() {
        "none".to_owned()
    } else {
        policy.advisories.join(",")
    };
    Event::new("policy")
        .add_attribute("evaluation", policy.evaluation.to_string())
        .add_attribute("statuses", statuses.join(","))
        .add_attribute("advisories", advisories)
}

pub fn peer(name: &str, address: &Addr) -> Event {
    Event::new("peer")
        .add_attribute("name", name)
        .add_attribute("address", address)
}

pub fn measurement_listed(role: Role, id: &HexBinary, label: &str, from: u64) -> Event {
    Event::new("measurement_listed")
        .add_attribute("role", name(role))
        .add_attribute("measurement", id.to_hex())
        .add_attribute("label", if label.is_empty() { "none" } else { label })
        .add_attribute("from", from.to_string())
}

pub fn measurement_revoked(role: Role, id: &HexBinary, now: u64) -> Event {
    Event::new("measurement_revoked")
        .add_attribute("role", name(role))
        .add_attribute("measurement", id.to_hex())
        .add_attribute("revoked_at", now.to_string())
}

// ---- enrolment ----

pub fn requested(subject: &Subject, row: &SubjectRow, request: &Request) -> Event {
    of_subject("enrollment_requested", subject)
        .add_attribute("operator", &row.operator)
        .add_attribute("bond", row.bond.to_string())
        .add_attribute("key_epoch", request.key_epoch.to_string())
        .add_attribute("scheme", format!("{:?}", request.public_key.scheme()))
        .add_attribute("public_key", hex(request.public_key.as_bytes()))
        .add_attribute("encryption_key", hex(&request.encryption_key))
        .add_attribute("slots", request.hardware.slots.to_string())
        .add_attribute("rate", request.hardware.rate.to_string())
        .add_attribute("challenge", hex(&request.challenge))
        .add_attribute("expires_at", request.expires_at.to_string())
}

/// A subject listed at instantiation.
pub fn registered(subject: &Subject, operator: &Addr) -> Event {
    of_subject("registered", subject).add_attribute("operator", operator)
}

pub fn enrolled(subject: &Subject, key_epoch: u32, key: &KeyRow) -> Event {
    let evidence = key.evidence.as_ref();
    of_subject("enrolled", subject)
        .add_attribute("key_epoch", key_epoch.to_string())
        .add_attribute("scheme", format!("{:?}", key.public_key.scheme()))
        .add_attribute("public_key", hex(key.public_key.as_bytes()))
        .add_attribute("encryption_key", hex(&key.encryption_key))
        .add_attribute("slots", key.hardware.slots.to_string())
        .add_attribute("rate", key.hardware.rate.to_string())
        .add_attribute("level", format!("{:?}", key.level))
        .add_attribute(
            "measurement",
            option(evidence.map(|evidence| hex(&evidence.measurement))),
        )
        .add_attribute("platform", option(evidence.map(|evidence| hex(&evidence.platform))))
        .add_attribute("valid_until", key.valid_until.to_string())
}

pub fn key_revoked(subject: &Subject, key_epoch: u32, now: u64) -> Event {
    of_subject("key_revoked", subject)
        .add_attribute("key_epoch", key_epoch.to_string())
        .add_attribute("revoked_at", now.to_string())
}

pub fn bonded(subject: &Subject, from: &Addr, amount: u128, bond: u128) -> Event {
    of_subject("bonded", subject)
        .add_attribute("from", from)
        .add_attribute("amount", amount.to_string())
        .add_attribute("bond", bond.to_string())
}

pub fn retired(subject: &Subject, now: u64, withdrawable_at: u64) -> Event {
    of_subject("retired", subject)
        .add_attribute("retired_at", now.to_string())
        .add_attribute("withdrawable_at", withdrawable_at.to_string())
}

pub fn bond_withdrawn(subject: &Subject, to: &Addr, amount: u128) -> Event {
    of_subject("bond_withdrawn", subject)
        .add_attribute("to", to)
        .add_attribute("amount", amount.to_string())
}

// ---- statements ----

fn statement(kind: &str, outcome: StatementOutcome) -> Event {
    Event::new("statement")
        .add_attribute("kind", kind)
        .add_attribute("outcome", outcome.code().to_string())
}

/// Bytes that are no statement.
pub fn malformed() -> Event {
    statement("unknown", StatementOutcome::Malformed)
}

pub fn job(body: &JobStatement, digest: &Digest, outcome: StatementOutcome) -> Event {
    statement("job", outcome)
        .add_attribute("worker", body.worker.to_string())
        .add_attribute("key_epoch", body.key_epoch.to_string())
        .add_attribute("job", body.job.to_string())
        .add_attribute("assignment", body.assignment.to_string())
        .add_attribute("seq", body.seq.to_string())
        .add_attribute("digest", hex(digest))
        .add_attribute("step", format!("{:?}", body.kind))
        .add_attribute("window_start", body.window.start().to_string())
        .add_attribute("window_end", body.window.end().to_string())
        .add_attribute("units_cum", body.units_cum.to_string())
        .add_attribute("output_root", hex(&body.output_root))
}

pub fn usage(body: &UsageReport, digest: &Digest, outcome: StatementOutcome) -> Event {
    statement("usage", outcome)
        .add_attribute("gateway", body.gateway.to_string())
        .add_attribute("key_epoch", body.key_epoch.to_string())
        .add_attribute("seq", body.seq.to_string())
        .add_attribute("digest", hex(digest))
        .add_attribute("window_start", body.window.start().to_string())
        .add_attribute("window_end", body.window.end().to_string())
        .add_attribute("calls", body.calls.to_string())
        .add_attribute("log_root", hex(&body.log_root))
}

pub fn link(body: &ChainLink, digest: &Digest, outcome: StatementOutcome) -> Event {
    statement("link", outcome)
        .add_attribute("worker", body.worker.to_string())
        .add_attribute("key_epoch", body.key_epoch.to_string())
        .add_attribute("new_epoch", body.new_epoch.to_string())
        .add_attribute("job", body.job.to_string())
        .add_attribute("assignment", body.assignment.to_string())
        .add_attribute("seq", body.seq.to_string())
        .add_attribute("digest", hex(digest))
}

/// The vault failed; overrides the report's `statement` event.
pub fn undelivered(report: &ReportRef, error: &str) -> Event {
    of_report("undelivered", report).add_attribute("reason", reason(error))
}

pub fn delivered(report: &ReportRef) -> Event {
    of_report("delivered", report)
}

// ---- proof of compute ----

pub fn disputed(what: &Falsehood, account: &Addr, sender: &Addr, counted: u128, paid: &Paid) -> Event {
    of_charge("disputed", &what.charge)
        .add_attribute("kind", what.kind.to_string())
        .add_attribute("place", hex(&what.place))
        .add_attribute("account", account)
        .add_attribute("counted", counted.to_string())
        .add_attribute("to_account", paid.account.to_string())
        .add_attribute("sender", sender)
        .add_attribute("to_sender", paid.sender.to_string())
        .add_attribute("bond", paid.left.to_string())
}

pub fn challenged(challenge: u64, row: &ChallengeRow) -> Event {
    of_charge("challenged", &row.charge)
        .add_attribute("challenge", challenge.to_string())
        .add_attribute("account", &row.account)
        .add_attribute("first_leaf", row.first_leaf.to_string())
        .add_attribute("count", row.count.to_string())
        .add_attribute("deadline", row.deadline.to_string())
        .add_attribute("bond", row.bond.to_string())
}

pub fn challenge_closed(challenge: u64, row: &ChallengeRow, to: &Addr) -> Event {
    of_charge("challenge_closed", &row.charge)
        .add_attribute("challenge", challenge.to_string())
        .add_attribute("state", format!("{:?}", row.state))
        .add_attribute("bond", row.bond.to_string())
        .add_attribute("to", to)
}

pub fn challenge_unbooked(challenge: u64, error: &str) -> Event {
    Event::new("challenge_unbooked")
        .add_attribute("challenge", challenge.to_string())
        .add_attribute("reason", reason(error))
}

pub fn challenge_booked(challenge: u64) -> Event {
    Event::new("challenge_booked").add_attribute("challenge", challenge.to_string())
}

//! Everything stored. Rows are compact bytes ([`crate::codec`]); amounts are µUSDT, times unix seconds. Sizes are of key + value.

use attestation::{ChainKey, Digest, PublicKey};
use cosmwasm_std::{Addr, Storage};
use cw_storage_plus::Item;
use interfaces::attestation_oracle::{
    ChallengeState, Hardware, Level, Params, Role, StatementOutcome, Subject, TcbPolicy,
};
use interfaces::credit_vault::{ChargeRef, ReportRef};

use crate::codec::row;
use crate::error::ContractError;
use crate::store::Table;

/// Name of the contract in its cw2 record.
pub const CONTRACT: &str = concat!("lex:", env!("CARGO_PKG_NAME"));

/// Seconds in which `Enroll` must follow `RequestEnrollment`.
pub const CHALLENGE_TTL: u64 = 3_600;
/// Seconds after the end of a key epoch in which its statements still count.
pub const EPOCH_GRACE: u64 = 7_200;
/// Seconds that a window may end in the future: the difference between a worker's clock and block time.
pub const CLOCK_SLACK: u64 = 60;
/// Seconds between `Retire` and `WithdrawBond`: longer than anything that could claim the bond.
pub const UNBONDING: u64 = 21 * 86_400;
/// Seconds after delivery in which a report can be disputed.
pub const DISPUTE_AGE: u64 = 14 * 86_400;
/// Seconds after delivery in which a report's entries can be challenged.
pub const CHALLENGE_AGE: u64 = 7 * 86_400;
/// Seconds a gateway has to answer a challenge.
pub const REVEAL_TIME: u64 = 48 * 3_600;

/// CONFIG: () → addresses, denom and parameters. About 290 B; read by every `Submit`.
pub const CONFIG: Table<(), Config> = Table::new(0x01);
/// TOTALS: () → counters. 73 B; written by every `Submit` that advances a chain.
pub const TOTALS: Table<(), Totals> = Table::new(0x02);
/// SUBJECTS: (role, id) → who it is and what it has bonded. About 87 B; read once a batch and subject.
pub const SUBJECTS: Table<Subject, SubjectRow> = Table::new(0x03);
/// REQUESTS: (role, id) → the request that waits for its evidence.
pub const REQUESTS: Table<Subject, Request> = Table::new(0x04);
/// KEYS: (role, id, key epoch) → what was enrolled. 116 to 190 B; read once a batch and key.
pub const KEYS: Table<(Subject, u32), KeyRow> = Table::new(0x05);
/// PLATFORMS: hash of the platform's id → key epochs enrolled on it that may still be live, at most [`interfaces::attestation_oracle::MAX_PPID_QUOTA`].
pub const PLATFORMS: Table<Digest, Vec<(Subject, u32)>> = Table::new(0x06);
/// HEADS: chain → where it stands. Usage 71 B, job 116 B; read and written once a batch and chain.
pub const HEADS: Table<ChainKey, Head> = Table::new(0x07);
/// STATEMENTS: (job chain, seq) → digest and outcome. 67 B; one a statement.
pub const STATEMENTS: Table<(ChainKey, u64), StatementRow> = Table::new(0x08);
/// REPORTS: report → what a proof, a dispute and a redelivery need. 118 B; one a report.
pub const REPORTS: Table<ReportRef, ReportRow> = Table::new(0x09);
/// UNDELIVERED: (time of submission, report) → (). Oldest first.
pub const UNDELIVERED: Table<(u64, ReportRef), bool> = Table::new(0x0a);
/// CHALLENGES: number → challenge.
pub const CHALLENGES: Table<u64, ChallengeRow> = Table::new(0x0b);
/// CHALLENGE_OF: charge → number of its challenge: one per entry, for ever.
pub const CHALLENGE_OF: Table<ChargeRef, u64> = Table::new(0x0c);
/// GATEWAY_CHALLENGES: (gateway, number) → ().
pub const GATEWAY_CHALLENGES: Table<(u64, u64), bool> = Table::new(0x0d);
/// DISPUTED: what was proved false → amount compensated for it, µUSDT. Nothing is paid for twice.
pub const DISPUTED: Table<Falsehood, u128> = Table::new(0x0e);
/// COMPENSATED: charge → sum of what was compensated for it, µUSDT; never above what the vault charged.
pub const COMPENSATED: Table<ChargeRef, u128> = Table::new(0x0f);
/// MEASUREMENTS: (role, id) → since when it may enrol.
pub const MEASUREMENTS: Table<(Role, Digest), MeasurementRow> = Table::new(0x10);
/// POLICY: () → what hardware is accepted. JSON: read only at enrolment.
pub const POLICY: Item<TcbPolicy> = Item::new("policy");

#[derive(Clone, Debug)]
pub struct Config {
    /// May change verifier and vault.
    pub timelock: Addr,
    /// Verifies quotes.
    pub verifier: Addr,
    /// Settles usage.
    pub vault: Addr,
    /// Denom of bonds.
    pub denom: String,
    pub params: Params,
}
row!(Config {
    timelock,
    verifier,
    vault,
    denom,
    params
});

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Last gateway id given.
    pub gateways: u64,
    /// Last worker id given.
    pub workers: u64,
    /// Statements that advanced a chain.
    pub statements: u64,
    /// Calls in accepted reports.
    pub calls: u64,
    pub undelivered: u64,
    pub open_challenges: u64,
    /// Last number given to a challenge.
    pub challenges: u64,
    /// Enrolment requests so far: makes each one's challenge its own.
    pub requests: u64,
    /// µUSDT held here: bonds and the bonds of open challenges. Never above the bank balance.
    pub bonds: u128,
}
row!(Totals {
    gateways,
    workers,
    statements,
    calls,
    undelivered,
    open_challenges,
    challenges,
    requests,
    bonds
});

/// Changes counters by one read and one write, however many change.
///
/// # Errors
/// Those of `change`; then nothing is written.
pub fn update_totals<T>(
    storage: &mut dyn Storage,
    change: impl FnOnce(&mut Totals) -> Result<T, ContractError>,
) -> Result<T, ContractError> {
    let mut totals = TOTALS.load(storage, &())?;
    let answer = change(&mut totals)?;
    TOTALS.save(storage, &(), &totals);
    Ok(answer)
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectRow {
    /// Enrols keys and gets the bond back. Never changes.
    pub operator: Addr,
    /// µUSDT.
    pub bond: u128,
    /// Newest key epoch; 0 before the first.
    pub key_epoch: u32,
    pub retired_at: Option<u64>,
}
row!(SubjectRow {
    operator,
    bond,
    key_epoch,
    retired_at
});

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub key_epoch: u32,
    pub public_key: PublicKey,
    pub encryption_key: Digest,
    pub hardware: Hardware,
    pub challenge: Digest,
    /// The last second in which it can be answered.
    pub expires_at: u64,
}
row!(Request {
    key_epoch,
    public_key,
    encryption_key,
    hardware,
    challenge,
    expires_at
});

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    pub public_key: PublicKey,
    pub encryption_key: Digest,
    pub hardware: Hardware,
    pub level: Level,
    /// A1: what runs inside, and on which platform.
    pub evidence: Option<EvidenceRow>,
    pub enrolled_at: u64,
    /// End of the epoch: min(enrolment + ttl, collateral), or when the next began, or when it was revoked or the subject retired.
    pub valid_until: u64,
    pub revoked_at: Option<u64>,
}
row!(KeyRow {
    public_key,
    encryption_key,
    hardware,
    level,
    evidence,
    enrolled_at,
    valid_until,
    revoked_at
});

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRow {
    /// `tee_verifier::Measurement::id`.
    pub measurement: Digest,
    /// `tee_verifier::VerifiedQuote::ppid_hash`.
    pub platform: Digest,
}
row!(EvidenceRow { measurement, platform });

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Place of the last statement that advanced the chain; 0 before the first.
    pub seq: u64,
    /// What the next one must name.
    pub digest: Digest,
    /// Window of the last *accepted* statement: a void one with an absurd window must not block what follows.
    pub window_start: u64,
    pub window_end: u64,
    /// Job chains only.
    pub work: Option<Work>,
}
row!(Head {
    seq,
    digest,
    window_start,
    window_end,
    work
});

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// `units_cum` of the last statement, whatever became of it.
    ///
    /// Every credited unit lies between two consecutive statements, so it passed one window × rate × slots; and a void statement with an absurd number costs its
    /// chain one more void statement, not its life.
    pub stated: u128,
    /// Units of accepted statements.
    pub credited: u128,
    /// A link ended the chain under this key.
    pub linked: bool,
}
row!(Work {
    stated,
    credited,
    linked
});

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRow {
    pub digest: Digest,
    pub outcome: StatementOutcome,
}
row!(StatementRow { digest, outcome });

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    pub digest: Digest,
    pub outcome: StatementOutcome,
    pub log_root: Digest,
    pub window_start: u64,
    pub window_end: u64,
    pub calls: u64,
    /// When it was submitted; once redelivered, when it was delivered.
    pub received_at: u64,
}
row!(ReportRow {
    digest,
    outcome,
    log_root,
    window_start,
    window_end,
    calls,
    received_at
});

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChallengeRow {
    pub charge: ChargeRef,
    pub account: Addr,
    /// `attestation::Entry`, encoded.
    pub entry: Vec<u8>,
    pub first_leaf: u32,
    pub count: u16,
    /// The last second in which it can be answered.
    pub deadline: u64,
    /// µUSDT attached.
    pub bond: u128,
    pub state: ChallengeState,
    /// The vault did not take the result yet.
    pub vault_pending: bool,
}
row!(ChallengeRow {
    charge,
    account,
    entry,
    first_leaf,
    count,
    deadline,
    bond,
    state,
    vault_pending
});

/// Names one thing that can be proved false. Each kind of falsehood at one place is paid once; they do not shield each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Falsehood {
    /// 1 duplicate call, 2 wrong price, 3 wrong sum.
    pub kind: u8,
    pub charge: ChargeRef,
    /// Kinds 1 and 2: position of the call, zero-padded; 3: hash of the node.
    pub place: Digest,
}
row!(Falsehood { kind, charge, place });

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasurementRow {
    pub label: String,
    /// In force from here on.
    pub from: u64,
    /// No longer in force, for ever: a measurement with a hole does not come back, its successor has another id.
    pub revoked_at: Option<u64>,
}
row!(MeasurementRow {
    label,
    from,
    revoked_at
});

//! Enrolled keys, verification of signed statements, and their fan-out.
//!
//! What is signed, and how it is encoded and digested, is defined in the `attestation` package. Bonds and challenge bonds are µUSDT; times are unix seconds.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Binary, HexBinary, Uint128};

use crate::common::{OwnershipMsg, OwnershipResponse};
use crate::credit_vault::ReportRef;

/// Most statements in one `Submit`.
pub const MAX_BATCH: usize = 64;
/// Most measurements in one `ProposeMeasurements`.
pub const MAX_MEASUREMENTS: usize = 32;
/// Longest label of a measurement, bytes.
pub const MAX_LABEL: usize = 128;
/// Greatest `Params::ppid_quota`.
pub const MAX_PPID_QUOTA: u32 = 64;

#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum Role {
    Worker,
    Gateway,
}

/// Who enrols: ids are counters per role, given once, and belong to one operator for ever.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Subject {
    pub role: Role,
    pub id: u64,
}

#[cw_serde]
#[derive(Copy, Eq)]
pub enum KeyScheme {
    Ed25519,
    Secp256k1,
    P256,
}

#[cw_serde]
pub struct PublicKey {
    pub scheme: KeyScheme,
    /// ed25519: 32 bytes, canonical, not of small order. secp256k1, P-256: 33 bytes, compressed.
    pub bytes: HexBinary,
}

/// What the enclave says it drives. Bounds what its statements may claim.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Hardware {
    /// GPU slots, 0 ..= 64; a gateway has 0, a worker at least 1.
    pub slots: u8,
    /// Units per second and slot that the hardware can deliver at most, 1 ..= 10^9; 0 for a gateway.
    pub rate: u64,
}

/// How well the hardware is proved.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Bond only. Workers only.
    A0,
    /// TDX or SGX quote with an allow-listed measurement.
    A1,
}

#[cw_serde]
pub enum Evidence {
    /// A0: nothing but the bond.
    Bond {},
    /// A1: a DCAP quote (SGX v3, TDX v4 or v5) whose report data starts with the binding.
    Quote {
        quote: Binary,
        /// PCK chain in PEM, leaf first, for a quote that names its platform but carries no chain; otherwise nothing.
        pck_chain: Option<String>,
    },
}

impl Evidence {
    /// A quote that carries its own PCK chain, as most do.
    pub fn quote(quote: impl Into<Binary>) -> Self {
        Self::Quote {
            quote: quote.into(),
            pck_chain: None,
        }
    }
}

/// A measurement that may enrol.
#[cw_serde]
pub struct Measurement {
    /// `tee_verifier::VerifiedQuote::measurement_id`.
    pub id: HexBinary,
    pub role: Role,
    /// What it is, for people; at most 128 bytes.
    pub label: String,
}

/// What hardware is accepted.
#[cw_serde]
pub struct TcbPolicy {
    /// TCB evaluation data number in force; collateral of another number is not asked for.
    pub evaluation: u32,
    /// Accepted TCB statuses as in `tee_verifier::TcbStatus`, e.g. `UpToDate`, `SWHardeningNeeded`.
    pub statuses: Vec<crate::tee_verifier::TcbStatus>,
    /// Advisories that are accepted; a platform that reports any other is refused.
    pub advisories: Vec<String>,
}

#[cw_serde]
pub struct Params {
    /// Least bond of a gateway, µUSDT. 1 ..= 10^7 USDT; default 10,000 USDT.
    pub min_bond_gateway: Uint128,
    /// Least bond of a worker, µUSDT. 1 ..= 10^7 USDT; default 100 USDT.
    pub min_bond_worker: Uint128,
    /// Longest time between two enrolments. 1 h ..= 30 d; default 7 d.
    pub enrolment_ttl: u64,
    /// Simultaneously valid enrolments of one platform (PPID). 1 ..= 64; default 1.
    pub ppid_quota: u32,
    /// Bond of `ChallengeUsage`, µUSDT. 0.1 ..= 1,000 USDT; default 1 USDT.
    pub challenge_bond: Uint128,
}

#[cw_serde]
pub struct InstantiateMsg {
    /// Governance, or the genesis council until hand-over.
    pub owner: String,
    /// Revokes keys and measurements at once, proposes measurements; never moves funds.
    pub operator: Option<String>,
    /// The only address that may change verifier and receivers. Also the wasm admin. Never changes.
    pub timelock: String,
    /// `tee-verifier`.
    pub verifier: String,
    /// Receives verified usage.
    pub vault: String,
    /// Denom of bonds: the vault's USDT.
    pub denom: String,
    pub params: Params,
    pub policy: TcbPolicy,
    /// In force at once, without notice.
    pub measurements: Vec<Measurement>,
    /// Operators that own gateway ids 1, 2, … from the start. They enrol like everybody else.
    pub gateways: Vec<String>,
}

/// A signed statement. Bytes are the canonical encodings of `attestation`; the digest is computed over this chain's id and this contract's address.
#[cw_serde]
pub enum SignedStatement {
    Job {
        /// `attestation::JobStatement`.
        body: Binary,
        signature: Binary,
    },
    Usage {
        /// `attestation::UsageReport`.
        body: Binary,
        /// `attestation::encode_entries`.
        entries: Binary,
        signature: Binary,
    },
    /// Lets a job's chain go on under the worker's next key epoch: signed by the old key and the new one.
    Link {
        /// `attestation::ChainLink`.
        body: Binary,
        old_signature: Binary,
        new_signature: Binary,
    },
}

/// What became of one statement of a batch. The numeric code never changes.
///
/// *Refused* outcomes change nothing. *Void* ones advance the chain and move no money, so that no correctly signed statement can brick its chain.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum StatementOutcome {
    /// 0: accepted and fanned out.
    Accepted,
    /// 1: this digest was accepted before; nothing changed.
    Duplicate,
    // ---- refused ----
    /// 10: bytes are not the canonical encoding of a body.
    Malformed,
    /// 11: no key of that subject and epoch was ever enrolled.
    UnknownKey,
    /// 12: the signature does not fit body, key, this chain and this contract: forged, or made for another chain.
    BadSignature,
    /// 13: seq is beyond last + 1; send what is missing first.
    Gap,
    /// 14: another digest was accepted at that seq: evidence of equivocation. For a link also: the chain under the new key has begun already.
    Conflict,
    /// 15: `prev_digest` is not the digest of the last statement: evidence of a fork.
    WrongParent,
    /// 16: entries do not add up to `log_root` or `calls`, or are not sorted.
    WrongLogRoot,
    // ---- void ----
    /// 20: `expires_at` has passed.
    Expired,
    /// 21: the key was revoked before the window's end.
    Revoked,
    /// 22: the window ends after the key epoch did, or 2 h have passed since the epoch's end; for a job also: a link ended the chain.
    EpochOver,
    /// 23: the window ends more than 60 s in the future.
    FutureWindow,
    /// 24: the window overlaps the chain's last one (usage: starts before the last one's start).
    WindowOverlap,
    /// 25: cumulative units are below those of the statement before.
    UnitsFell,
    /// 26: more units since the statement before than window × rate × slots.
    ImpossibleUnits,
    /// 27: slots that the hardware does not have.
    UnknownSlots,
    /// 28: the bond is below the minimum, or the subject is retired.
    UnderBonded,
    /// 29: accepted, but the receiver failed; anyone may `Deliver` it again.
    Undelivered,
}

impl StatementOutcome {
    /// Every outcome, by rising code.
    pub const ALL: [Self; 19] = [
        Self::Accepted,
        Self::Duplicate,
        Self::Malformed,
        Self::UnknownKey,
        Self::BadSignature,
        Self::Gap,
        Self::Conflict,
        Self::WrongParent,
        Self::WrongLogRoot,
        Self::Expired,
        Self::Revoked,
        Self::EpochOver,
        Self::FutureWindow,
        Self::WindowOverlap,
        Self::UnitsFell,
        Self::ImpossibleUnits,
        Self::UnknownSlots,
        Self::UnderBonded,
        Self::Undelivered,
    ];

    /// The stable number.
    pub fn code(self) -> u8 {
        match self {
            Self::Accepted => 0,
            Self::Duplicate => 1,
            Self::Malformed => 10,
            Self::UnknownKey => 11,
            Self::BadSignature => 12,
            Self::Gap => 13,
            Self::Conflict => 14,
            Self::WrongParent => 15,
            Self::WrongLogRoot => 16,
            Self::Expired => 20,
            Self::Revoked => 21,
            Self::EpochOver => 22,
            Self::FutureWindow => 23,
            Self::WindowOverlap => 24,
            Self::UnitsFell => 25,
            Self::ImpossibleUnits => 26,
            Self::UnknownSlots => 27,
            Self::UnderBonded => 28,
            Self::Undelivered => 29,
        }
    }

    /// The outcome of a number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    /// Whether the statement took its place in its chain.
    pub fn advances(self) -> bool {
        matches!(self.code(), 0 | 20..=29)
    }
}

/// A leaf of a posted report with its two paths, as `attestation` encodes them.
#[cw_serde]
pub struct ProvenCall {
    pub report: ReportRef,
    /// One `attestation::Leaf`, encoded.
    pub leaf: Binary,
    /// Its path to the entry's `leaves_root`.
    pub leaf_proof: Binary,
    /// One `attestation::Entry`, encoded.
    pub entry: Binary,
    /// Its path to the report's `log_root`.
    pub entry_proof: Binary,
}

/// Why a posted report is false.
#[cw_serde]
pub enum Dispute {
    /// The same (call_id, sku) stands at two places of the gateway's logs.
    DuplicateCall { first: ProvenCall, second: ProvenCall },
    /// A call's list or cost is above ⌊units · rate / 10⁶⌋ at the version in force at its time, or it names another account or SKU than its entry, or a time
    /// outside the report's window.
    WrongPrice { call: ProvenCall },
    /// A node of the entry's tree commits to higher sums than what it was made of.
    WrongSum {
        report: ReportRef,
        entry: Binary,
        entry_proof: Binary,
        /// One `attestation::MerkleSum`, encoded: as its parent commits to it; for the root, with the sums of the entry.
        node: Binary,
        /// `attestation::Proof` of the subtree, encoded; without siblings for the root.
        node_proof: Binary,
        /// Its left child, `attestation::MerkleSum`; where `right` is empty, its one call, `attestation::Leaf`.
        left: Binary,
        /// Its right child, or nothing.
        right: Binary,
    },
}

#[cw_serde]
pub enum ExecuteMsg {
    // ---- enrolment ----
    /// First step: names the key that is to be enrolled and answers with a challenge, valid for 1 h, in the response data and an event. Without `id` a new id
    /// is given to the sender. Attached USDT is added to the bond, which must then reach the minimum.
    ///
    /// Permission: Anyone (new id) | the subject's operator
    RequestEnrollment {
        role: Role,
        id: Option<u64>,
        public_key: PublicKey,
        /// Signature over `attestation::possession` by that key.
        possession: Binary,
        /// X25519 key to which inputs are encrypted, 32 bytes.
        encryption_key: HexBinary,
        hardware: Hardware,
    },
    /// Second step: evidence that carries the challenge's binding. Starts key epoch last + 1.
    ///
    /// Permission: the subject's operator
    Enroll { subject: Subject, evidence: Evidence },
    /// Voids every statement of the key whose window ends after now, and ends its epoch.
    ///
    /// Permission: the subject's operator | Owner | Operator
    RevokeKey { subject: Subject, key_epoch: u32 },
    /// Adds the attached USDT to the bond.
    ///
    /// Permission: Anyone
    AddBond { subject: Subject },
    /// Ends the subject for ever: statements that arrive later move no money. Its bond can be withdrawn 21 days later, and is liable until then.
    ///
    /// Permission: the subject's operator
    Retire { subject: Subject },
    /// Permission: the subject's operator
    WithdrawBond { subject: Subject },

    // ---- statements ----
    /// At most 64 statements. Each gets its own outcome; a bad one never reverts the others. Outcomes are in the response data (`SubmitResponse`) and in events.
    ///
    /// Permission: Anyone
    Submit { statements: Vec<SignedStatement> },
    /// Hands an undelivered report to its receiver again.
    ///
    /// Permission: Anyone
    Deliver { report: ReportRef, entries: Binary },

    // ---- checking the proof of compute ----
    /// Proves that a settled report is false, within 14 days of its delivery. The gateway's bond pays the account twice the false amount and then the sender 5 % of
    /// it, as far as it reaches. The false amount counts as far as the vault charged the entry for it: what nobody paid needs no refund, and a bond cannot be emptied
    /// by reports about nothing.
    ///
    /// Permission: Anyone
    DisputeCall { dispute: Dispute },
    /// Asks the gateway to reveal `count` ≤ 64 calls of an entry within 48 h, from `first_leaf` on. Within 7 days of settlement, by the entry's account, with the
    /// challenge bond attached. One challenge per entry.
    ///
    /// Permission: the entry's account
    ChallengeUsage {
        report: ReportRef,
        entry_index: u16,
        entry: Binary,
        entry_proof: Binary,
        first_leaf: u64,
        count: u16,
    },
    /// Answers a challenge; the challenge bond goes to the gateway's operator.
    ///
    /// Permission: Anyone
    RevealLeaves {
        challenge: u64,
        leaves: Vec<Binary>,
        proof: Binary,
    },
    /// After 48 h without an answer: the charge returns to the account, and the challenge bond too. Also repeats a result that the vault failed to book.
    ///
    /// Permission: Anyone
    ResolveChallenge { challenge: u64 },

    // ---- governance ----
    /// Measurements that may enrol from 48 hours on. At most 32.
    ///
    /// Permission: Owner | Operator
    ProposeMeasurements { measurements: Vec<Measurement> },
    /// At once and for ever: no further enrolment, and the keys enrolled with it no longer count from now on.
    ///
    /// Permission: Owner | Operator
    RevokeMeasurement { id: HexBinary, role: Role },
    /// Permission: Owner
    SetPolicy { policy: TcbPolicy },
    /// Permission: Owner
    SetParams { params: Params },
    /// Permission: Owner
    SetOperator { operator: Option<String> },
    /// Permission: Owner (propose, cancel) | Pending owner (accept)
    Ownership(OwnershipMsg),

    // ---- only through the public queue ----
    /// Permission: Timelock
    SetVerifier { verifier: String },
    /// Permission: Timelock
    SetVault { vault: String },
}

/// Data of the response to `RequestEnrollment`.
#[cw_serde]
pub struct ChallengeResponse {
    pub subject: Subject,
    /// Key epoch that `Enroll` will start.
    pub key_epoch: u32,
    pub challenge: HexBinary,
    pub expires_at: u64,
}

/// Data of the response to `Submit`: one outcome per statement, in order.
#[cw_serde]
pub struct SubmitResponse {
    pub outcomes: Vec<StatementOutcome>,
}

#[cw_serde]
pub struct MigrateMsg {}

/// A chain of statements.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum ChainId {
    Job {
        worker: u64,
        key_epoch: u32,
        job: u64,
        assignment: u32,
    },
    Usage {
        gateway: u64,
        key_epoch: u32,
    },
}

#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    #[returns(OverviewResponse)]
    Overview {},
    #[returns(ConfigResponse)]
    Config {},
    #[returns(OwnershipResponse)]
    Ownership {},
    #[returns(SubjectResponse)]
    Subject { subject: Subject },
    #[returns(Vec<SubjectResponse>)]
    Subjects {
        role: Role,
        start_after: Option<u64>,
        limit: Option<u32>,
    },
    /// One key epoch; the newest without `key_epoch`.
    #[returns(KeyResponse)]
    Key { subject: Subject, key_epoch: Option<u32> },
    /// Where a chain stands: what the next statement must carry.
    #[returns(ChainResponse)]
    Chain { chain: ChainId },
    /// What became of the statement at one place of a chain.
    #[returns(StatementResponse)]
    Statement { chain: ChainId, seq: u64 },
    #[returns(ReportResponse)]
    Report { report: ReportRef },
    /// Reports whose receiver failed, oldest first.
    #[returns(Vec<ReportResponse>)]
    Undelivered {
        start_after: Option<ReportRef>,
        limit: Option<u32>,
    },
    /// Whether a call is in a posted log.
    #[returns(VerifyCallResponse)]
    VerifyCall { call: ProvenCall },
    #[returns(ChallengeStateResponse)]
    Challenge { challenge: u64 },
    #[returns(Vec<ChallengeStateResponse>)]
    Challenges {
        gateway: Option<u64>,
        start_after: Option<u64>,
        limit: Option<u32>,
    },
    #[returns(Vec<MeasurementResponse>)]
    Measurements {
        role: Role,
        start_after: Option<HexBinary>,
        limit: Option<u32>,
    },
}

#[cw_serde]
pub struct OverviewResponse {
    pub gateways: u64,
    pub workers: u64,
    /// Statements that advanced a chain.
    pub statements: u64,
    pub calls: u64,
    pub undelivered: u64,
    pub open_challenges: u64,
    /// µUSDT of all bonds and challenge bonds held here.
    pub bonds: Uint128,
}

#[cw_serde]
pub struct ConfigResponse {
    pub operator: Option<String>,
    pub timelock: String,
    pub verifier: String,
    pub vault: String,
    pub denom: String,
    pub params: Params,
    pub policy: TcbPolicy,
}

#[cw_serde]
pub struct SubjectResponse {
    pub subject: Subject,
    pub operator: String,
    pub bond: Uint128,
    pub key_epoch: u32,
    pub retired_at: Option<u64>,
    pub bond_withdrawable_at: Option<u64>,
    /// A request that waits for its evidence.
    pub pending: Option<ChallengeResponse>,
}

#[cw_serde]
pub struct KeyResponse {
    pub subject: Subject,
    pub key_epoch: u32,
    pub public_key: PublicKey,
    pub encryption_key: HexBinary,
    pub hardware: Hardware,
    pub level: Level,
    pub measurement: Option<HexBinary>,
    pub enrolled_at: u64,
    /// min(enrolled_at + ttl, collateral's end); earlier once a newer epoch started.
    pub valid_until: u64,
    pub revoked_at: Option<u64>,
    /// Whether a statement for a window ending now would count.
    pub live: bool,
}

#[cw_serde]
pub struct ChainResponse {
    /// 0 before the first statement.
    pub last_seq: u64,
    /// What the next statement must name as `prev_digest`.
    pub last_digest: HexBinary,
    pub last_window_start: u64,
    pub last_window_end: u64,
    /// Jobs only: `units_cum` of the last statement, whatever became of it; the next must not be below.
    pub units_cum: Uint128,
    /// Jobs only: units of accepted statements.
    pub units_credited: Uint128,
    /// Jobs only: a link ended the chain under this key.
    pub linked: bool,
}

#[cw_serde]
pub struct StatementResponse {
    pub digest: HexBinary,
    pub outcome: StatementOutcome,
}

#[cw_serde]
pub struct ReportResponse {
    pub report: ReportRef,
    pub digest: HexBinary,
    pub log_root: HexBinary,
    pub window_start: u64,
    pub window_end: u64,
    pub calls: u64,
    /// When it was submitted; once redelivered, when it was delivered.
    pub received_at: u64,
    pub outcome: StatementOutcome,
}

#[cw_serde]
pub struct VerifyCallResponse {
    pub proved: bool,
    /// Why not.
    pub reason: Option<String>,
}

#[cw_serde]
pub struct ChallengeStateResponse {
    pub challenge: u64,
    pub report: ReportRef,
    pub entry_index: u16,
    pub account: String,
    pub first_leaf: u64,
    pub count: u16,
    /// The last second in which it can be answered.
    pub deadline: u64,
    pub state: ChallengeState,
    /// The vault failed to book the result; `ResolveChallenge` tries again.
    pub vault_pending: bool,
}

#[cw_serde]
#[derive(Copy, Eq)]
pub enum ChallengeState {
    Open,
    Answered,
    Returned,
}

#[cw_serde]
pub struct MeasurementResponse {
    pub measurement: Measurement,
    /// In force from here on.
    pub from: u64,
    pub revoked_at: Option<u64>,
}

//! Refusals of whole messages. What becomes of single statements is `StatementOutcome`. Shown as `[oracle:<code>]`; codes never change.

use attestation::{DomainError, KeyError, LogError, ProofError, WireError};
use cosmwasm_std::{Addr, StdError};
use interfaces::attestation_oracle::{ChallengeState, Hardware, Role, StatementOutcome, Subject};
use interfaces::credit_vault::ReportRef;
use interfaces::tee_verifier::{Refusal, TcbStatus};
use kit::{FundsError, MigrateError, OperatorError, OwnershipError, Unauthorized};
use thiserror::Error;

/// Everything the contract refuses.
#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[oracle:900] {0}")]
    Std(#[from] StdError),
    #[error("[oracle:{code}] {0}", code = .0.code())]
    Ownership(#[from] OwnershipError),
    #[error("[oracle:{code}] {0}", code = .0.code())]
    Operator(#[from] OperatorError),
    #[error("[oracle:{code}] {0}", code = .0.code())]
    Unauthorized(#[from] Unauthorized),
    #[error("[oracle:{code}] {0}", code = .0.code())]
    Funds(#[from] FundsError),
    #[error("[oracle:{code}] {0}", code = .0.code())]
    Migrate(#[from] MigrateError),

    // ---- enrolment ----
    #[error("[oracle:10] only the subject's operator {expected} may do this, not {actual}")]
    NotSubjectOperator { expected: Addr, actual: Addr },
    #[error("[oracle:11] there is no {role} {id}", role = name(.0.role), id = .0.id)]
    UnknownSubject(Subject),
    #[error("[oracle:12] retired at {at}")]
    Retired { at: u64 },
    #[error("[oracle:13] there is no key epoch {key_epoch}")]
    UnknownKeyEpoch { key_epoch: u32 },
    #[error("[oracle:14] revoked at {at} already")]
    AlreadyRevoked { at: u64 },
    #[error("[oracle:15] {0}")]
    Key(KeyError),
    #[error("[oracle:16] encryption key: {0}")]
    EncryptionKey(KeyError),
    #[error("[oracle:17] the signature does not prove possession of the key")]
    NoPossession,
    #[error("[oracle:18] a {kind} cannot have {slots} slots of rate {rate}", kind = name(*.role), slots = .hardware.slots, rate = .hardware.rate)]
    InvalidHardware { role: Role, hardware: Hardware },
    #[error("[oracle:19] the bond must be at least {expected}, but is {actual}")]
    UnderBonded { expected: u128, actual: u128 },
    #[error("[oracle:20] no enrolment was requested")]
    NoRequest,
    #[error("[oracle:21] the challenge was valid until {until}, now is {now}")]
    RequestExpired { until: u64, now: u64 },
    #[error("[oracle:22] a gateway needs a quote")]
    QuoteNeeded,
    #[error("[oracle:23] {0}")]
    QuoteRefused(Refusal),
    #[error("[oracle:24] the quote is bound to {actual}, expected {expected}")]
    WrongBinding { expected: String, actual: String },
    #[error("[oracle:25] the quote names GPUs {actual}, expected {expected}")]
    WrongGpus { expected: String, actual: String },
    #[error("[oracle:26] measurement {measurement} may not enrol as {kind}", kind = name(*.role))]
    MeasurementNotListed { role: Role, measurement: String },
    #[error("[oracle:27] TCB status {status:?} is not accepted")]
    TcbStatusNotAccepted { status: TcbStatus },
    #[error("[oracle:28] advisory {advisory} is not accepted")]
    AdvisoryNotAccepted { advisory: String },
    #[error("[oracle:29] the platform has {live} live enrolments, at most {quota}")]
    PlatformQuota { live: usize, quota: u32 },
    #[error("[oracle:30] a hash of 32 bytes is expected, not {actual} bytes")]
    HashLength { actual: usize },
    #[error("[oracle:31] not retired")]
    NotRetired,
    #[error("[oracle:32] the bond is locked until {until}, now is {now}")]
    BondLocked { until: u64, now: u64 },
    #[error("[oracle:33] no bond is left")]
    NoBond,
    #[error("[oracle:34] {0}")]
    Domain(DomainError),

    // ---- statements ----
    #[error("[oracle:40] {actual} statements, expected 1 to {max}")]
    BatchSize { actual: usize, max: usize },
    #[error("[oracle:41] report {seq} of key epoch {epoch} of gateway {gateway} was never posted", seq = .0.seq, epoch = .0.key_epoch, gateway = .0.gateway)]
    UnknownReport(ReportRef),
    #[error("[oracle:42] the report is {actual:?}, not undelivered")]
    NotUndelivered { actual: StatementOutcome },
    #[error("[oracle:43] the entries belong to another report")]
    WrongEntries,
    #[error("[oracle:44] {0}")]
    Wire(WireError),
    #[error("[oracle:45] {0}")]
    Log(LogError),
    #[error("[oracle:46] the report is {actual:?}, so nothing was settled")]
    NotSettled { actual: StatementOutcome },
    #[error("[oracle:47] no statement {seq} was accepted in this chain")]
    UnknownStatement { seq: u64 },

    // ---- disputes ----
    #[error("[oracle:50] {0}")]
    Proof(ProofError),
    #[error("[oracle:51] the two places must be of one gateway and in rising order")]
    PlaceOrder,
    #[error("[oracle:52] the calls differ in call id or SKU")]
    DifferentCalls,
    #[error("[oracle:53] nothing false is proved")]
    NothingFalse,
    #[error("[oracle:54] the report could be disputed until {until}, now is {now}")]
    DisputeTooLate { until: u64, now: u64 },
    #[error("[oracle:55] this was compensated already")]
    AlreadyDisputed,
    #[error("[oracle:56] nothing is left to compensate: the vault charged {charged}, of which {compensated} was compensated")]
    NothingCharged { charged: u128, compensated: u128 },
    #[error("[oracle:57] the rate card of {sku} at {time} is not known any more")]
    RateUnknown { sku: String, time: u64 },
    #[error("[oracle:58] the vault does not answer: {0}")]
    Vault(StdError),
    #[error("[oracle:59] the verifier does not answer: {0}")]
    Verifier(StdError),

    // ---- challenges ----
    #[error("[oracle:60] only the entry's account {expected} may challenge it, not {actual}")]
    NotTheAccount { expected: String, actual: Addr },
    #[error("[oracle:61] the entry could be challenged until {until}, now is {now}")]
    ChallengeTooLate { until: u64, now: u64 },
    #[error("[oracle:62] the entry was challenged before, by challenge {challenge}")]
    AlreadyChallenged { challenge: u64 },
    #[error("[oracle:63] {count} leaves from {first} are not 1 to {max} of {calls}")]
    LeafRange {
        first: u64,
        count: u16,
        max: usize,
        calls: u64,
    },
    #[error("[oracle:64] there is no challenge {challenge}")]
    UnknownChallenge { challenge: u64 },
    #[error("[oracle:65] the challenge is {actual:?} already")]
    ChallengeClosed { actual: ChallengeState },
    #[error("[oracle:66] the challenge could be answered until {until}, now is {now}")]
    RevealTooLate { until: u64, now: u64 },
    #[error("[oracle:67] the challenge can be answered until {until}, now is {now}")]
    ResolveTooEarly { until: u64, now: u64 },
    #[error("[oracle:68] a challenge costs {expected}, but {actual} is attached")]
    ChallengeBond { expected: u128, actual: u128 },
    #[error("[oracle:69] leaves {first} and {count} were asked, not {given_first} and {given_count}")]
    OtherLeaves {
        first: u32,
        count: u16,
        given_first: u32,
        given_count: usize,
    },
    #[error("[oracle:70] the proof is of entry {actual}, not {expected}")]
    OtherEntry { expected: u16, actual: u32 },

    // ---- governance ----
    #[error("[oracle:80] measurement {id} is listed already")]
    MeasurementKnown { id: String },
    #[error("[oracle:81] measurement {id} is not listed")]
    MeasurementUnknown { id: String },
    #[error("[oracle:82] measurement {id} was revoked at {at}")]
    MeasurementRevoked { id: String, at: u64 },
    #[error("[oracle:83] {actual} measurements, expected 1 to {max}")]
    MeasurementCount { actual: usize, max: usize },
    #[error("[oracle:84] a label has {actual} bytes, at most {max}")]
    LabelLength { actual: usize, max: usize },
    #[error("[oracle:85] {name} must lie in {min} ..= {max}, not {actual}")]
    OutOfBounds {
        name: &'static str,
        min: u128,
        max: u128,
        actual: u128,
    },
    #[error("[oracle:86] {list} of the policy has {actual} items, expected {min} to {max}")]
    PolicyLength {
        list: &'static str,
        min: usize,
        max: usize,
        actual: usize,
    },
    #[error("[oracle:87] reply id {0} is unknown")]
    UnknownReply(u64),
}

impl ContractError {
    /// The stable code, as in the message.
    pub fn code(&self) -> u16 {
        let message = self.to_string();
        let digits = message.strip_prefix("[oracle:").and_then(|rest| rest.split(']').next());
        digits
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(kit::CODE_STORAGE)
    }
}

/// A role as people read it.
pub fn name(role: Role) -> &'static str {
    match role {
        Role::Worker => "worker",
        Role::Gateway => "gateway",
    }
}

macro_rules! wraps {
    ($($variant:ident($error:ty)),* $(,)?) => {$(
        impl From<$error> for ContractError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )*};
}
wraps!(
    Domain(DomainError),
    Wire(WireError),
    Log(LogError),
    Proof(ProofError),
    QuoteRefused(Refusal)
);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every code as it stands in the source: two errors with one code would be one error to a relayer.
    #[test]
    fn codes_are_unique() {
        let source = include_str!("error.rs");
        let codes: Vec<&str> = source
            .split("#[error(\"[oracle:")
            .skip(1)
            .filter_map(|rest| rest.split(']').next())
            .filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()))
            .collect();
        let unique: BTreeSet<_> = codes.iter().collect();
        assert_eq!(unique.len(), codes.len());
        assert!(codes.len() > 60);
    }

    #[test]
    fn code_is_read_from_the_message() {
        assert_eq!(ContractError::NoRequest.code(), 20);
        let funds = FundsError::Missing {
            expected: "uusdt".to_owned(),
        };
        assert_eq!(ContractError::from(funds).code(), 930);
        assert_eq!(ContractError::from(StdError::generic_err("x")).code(), 900);
        let refused = ContractError::from(Refusal::Debug);
        assert_eq!(refused.to_string(), "[oracle:23] [tee-verifier:50] debug mode is on");
    }
}

//! A signed statement as it arrives, and what the relayer can tell about it alone.

use attestation::{Body, ChainLink, Digest, Domain, JobStatement, UsageReport};
use cosmwasm_std::{Binary, HexBinary};
use interfaces::attestation_oracle::{ChainId, KeyScheme, PublicKey, Role, SignedStatement, Subject};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Which body a statement carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Job,
    Usage,
    Link,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Job, Self::Usage, Self::Link];

    /// Name in the API and the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Usage => "usage",
            Self::Link => "link",
        }
    }
}

/// What a client posts. Byte strings are base64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Chain the statement was signed for.
    pub chain_id: String,
    /// Contract the statement was signed for.
    pub contract: String,
    pub kind: Kind,
    /// Canonical encoding of the body.
    pub body: Binary,
    /// `attestation::encode_entries`; usage only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entries: Option<Binary>,
    /// By the enrolled key, over the digest; of a link by the key that ends.
    pub signature: Binary,
    /// By the key that goes on; link only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_signature: Option<Binary>,
}

/// Why a statement is not taken in. The code is part of the API.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    #[error("signed for {chain_id} {contract}; this relayer serves {own_chain_id} {own_contract}")]
    ForeignChain {
        chain_id: String,
        contract: String,
        own_chain_id: String,
        own_contract: String,
    },
    #[error("not the canonical encoding: {0}")]
    Malformed(String),
    #[error("the entries do not add up to the report's log root or calls")]
    WrongLogRoot,
    #[error("no key of {subject} was ever enrolled for epoch {key_epoch}; enrol first")]
    UnknownKey { subject: String, key_epoch: u32 },
    #[error("the signature does not fit body, key, chain and contract")]
    BadSignature,
    #[error("the key was revoked at {revoked_at}, the window ends at {window_end}")]
    Revoked { revoked_at: u64, window_end: u64 },
    #[error("the window ends at {window_end}, more than {limit} s after {now}")]
    FutureWindow { window_end: u64, now: u64, limit: u64 },
    #[error("{subject} posts too fast; try again in {retry_after} s")]
    RateLimited { subject: String, retry_after: u64 },
    #[error("the outbox holds {pending} statements; try again in {retry_after} s")]
    QueueFull { pending: u64, retry_after: u64 },
    #[error("{reason}; try again in {retry_after} s")]
    Unavailable { reason: String, retry_after: u64 },
}

impl Refusal {
    /// Stable name for clients and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ForeignChain { .. } => "foreign_chain",
            Self::Malformed(_) => "malformed",
            Self::WrongLogRoot => "wrong_log_root",
            Self::UnknownKey { .. } => "unknown_key",
            Self::BadSignature => "bad_signature",
            Self::Revoked { .. } => "revoked",
            Self::FutureWindow { .. } => "future_window",
            Self::RateLimited { .. } => "rate_limited",
            Self::QueueFull { .. } => "queue_full",
            Self::Unavailable { .. } => "unavailable",
        }
    }

    /// Seconds after which the same request may succeed; `None` when it never will.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after, .. }
            | Self::QueueFull { retry_after, .. }
            | Self::Unavailable { retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }
}

/// A statement that is well formed and bound to this relayer's chain and contract. Not yet known to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub digest: Digest,
    pub kind: Kind,
    pub chain: ChainId,
    pub seq: u64,
    pub prev_digest: Digest,
    pub window_end: u64,
    pub expires_at: u64,
    pub body: Vec<u8>,
    /// Empty unless it is a usage report.
    pub entries: Vec<u8>,
    pub signature: Vec<u8>,
    /// Empty unless it is a link.
    pub new_signature: Vec<u8>,
    /// Key epoch of the second signature; of a link.
    pub new_epoch: Option<u32>,
}

impl Statement {
    /// Reads an envelope and computes the digest over `domain`, the relayer's own.
    ///
    /// # Errors
    /// [`Refusal::ForeignChain`], [`Refusal::Malformed`], [`Refusal::WrongLogRoot`].
    pub fn read(envelope: &Envelope, domain: &Domain<'_>) -> Result<Self, Refusal> {
        check_domain(envelope, domain)?;
        check_parts(envelope)?;
        match envelope.kind {
            Kind::Job => read_job(envelope, domain),
            Kind::Usage => read_usage(envelope, domain),
            Kind::Link => read_link(envelope, domain),
        }
    }

    fn from_body<B: Body>(envelope: &Envelope, domain: &Domain<'_>, chain: ChainId, body: &B) -> Result<Self, Refusal> {
        // The outbox keeps it in a signed column; no honest chain gets there.
        if i64::try_from(body.seq()).is_err() || body.seq() == 0 {
            return Err(Refusal::Malformed(format!("seq {} is out of range", body.seq())));
        }
        Ok(Self {
            digest: body.digest(domain),
            kind: envelope.kind,
            chain,
            seq: body.seq(),
            prev_digest: *body.prev_digest(),
            window_end: 0,
            expires_at: 0,
            body: envelope.body.to_vec(),
            entries: envelope.entries.clone().unwrap_or_default().to_vec(),
            signature: envelope.signature.to_vec(),
            new_signature: envelope.new_signature.clone().unwrap_or_default().to_vec(),
            new_epoch: None,
        })
    }

    /// Who signed, and under which of its keys.
    pub fn signer(&self) -> (Subject, u32) {
        signer(&self.chain)
    }

    /// As the contract takes it.
    pub fn message(&self) -> SignedStatement {
        let bytes = |bytes: &[u8]| Binary::new(bytes.to_vec());
        let (body, signature) = (bytes(&self.body), bytes(&self.signature));
        match self.kind {
            Kind::Job => SignedStatement::Job { body, signature },
            Kind::Usage => SignedStatement::Usage {
                body,
                entries: bytes(&self.entries),
                signature,
            },
            Kind::Link => SignedStatement::Link {
                body,
                old_signature: signature,
                new_signature: bytes(&self.new_signature),
            },
        }
    }

    /// Checks the signature by the enrolled key.
    ///
    /// # Errors
    /// [`Refusal::BadSignature`].
    pub fn verify(&self, key: &PublicKey) -> Result<(), Refusal> {
        accept(verify(key, &self.digest, &self.signature))
    }

    /// Checks a link's second signature by the key that goes on.
    ///
    /// # Errors
    /// [`Refusal::BadSignature`].
    pub fn verify_new(&self, key: &PublicKey) -> Result<(), Refusal> {
        accept(verify(key, &self.digest, &self.new_signature))
    }
}

fn accept(fits: bool) -> Result<(), Refusal> {
    match fits {
        true => Ok(()),
        false => Err(Refusal::BadSignature),
    }
}

/// Whose chain it is, and under which key epoch.
pub fn signer(chain: &ChainId) -> (Subject, u32) {
    let (role, id, key_epoch) = match *chain {
        ChainId::Job { worker, key_epoch, .. } => (Role::Worker, worker, key_epoch),
        ChainId::Usage { gateway, key_epoch } => (Role::Gateway, gateway, key_epoch),
    };
    (Subject { role, id }, key_epoch)
}

/// For people: `gateway 7`.
pub fn subject_name(subject: &Subject) -> String {
    match subject.role {
        Role::Worker => format!("worker {}", subject.id),
        Role::Gateway => format!("gateway {}", subject.id),
    }
}

fn check_domain(envelope: &Envelope, domain: &Domain<'_>) -> Result<(), Refusal> {
    if envelope.chain_id == domain.chain_id() && envelope.contract == domain.contract() {
        return Ok(());
    }
    Err(Refusal::ForeignChain {
        chain_id: envelope.chain_id.clone(),
        contract: envelope.contract.clone(),
        own_chain_id: domain.chain_id().into(),
        own_contract: domain.contract().into(),
    })
}

fn malformed(error: impl ToString) -> Refusal {
    Refusal::Malformed(error.to_string())
}

/// Each kind has its own parts, no more and no less: what is not signed over must not vary.
fn check_parts(envelope: &Envelope) -> Result<(), Refusal> {
    if envelope.entries.is_some() != (envelope.kind == Kind::Usage) {
        return Err(malformed("entries travel with usage reports, and only with them"));
    }
    if envelope.new_signature.is_some() != (envelope.kind == Kind::Link) {
        return Err(malformed("new_signature travels with links, and only with them"));
    }
    Ok(())
}

fn read_job(envelope: &Envelope, domain: &Domain<'_>) -> Result<Statement, Refusal> {
    let body = JobStatement::decode(&envelope.body).map_err(malformed)?;
    let chain = ChainId::Job {
        worker: body.worker,
        key_epoch: body.key_epoch,
        job: body.job,
        assignment: body.assignment,
    };
    let statement = Statement::from_body(envelope, domain, chain, &body)?;
    Ok(Statement {
        window_end: body.window.end(),
        expires_at: body.expires_at,
        ..statement
    })
}

fn read_usage(envelope: &Envelope, domain: &Domain<'_>) -> Result<Statement, Refusal> {
    let body = UsageReport::decode(&envelope.body).map_err(malformed)?;
    let entries = envelope.entries.clone().unwrap_or_default();
    let entries = attestation::decode_entries(&entries).map_err(malformed)?;
    let root = attestation::log_root(&entries).map_err(|_| Refusal::WrongLogRoot)?;
    if root.hash != body.log_root || root.sums.calls != body.calls {
        return Err(Refusal::WrongLogRoot);
    }
    let chain = ChainId::Usage {
        gateway: body.gateway,
        key_epoch: body.key_epoch,
    };
    let statement = Statement::from_body(envelope, domain, chain, &body)?;
    Ok(Statement {
        window_end: body.window.end(),
        expires_at: body.expires_at,
        ..statement
    })
}

fn read_link(envelope: &Envelope, domain: &Domain<'_>) -> Result<Statement, Refusal> {
    let body = ChainLink::decode(&envelope.body).map_err(malformed)?;
    let chain = ChainId::Job {
        worker: body.worker,
        key_epoch: body.key_epoch,
        job: body.job,
        assignment: body.assignment,
    };
    let statement = Statement::from_body(envelope, domain, chain, &body)?;
    Ok(Statement {
        // A link states nothing about any time and never expires.
        expires_at: u64::MAX,
        new_epoch: Some(body.new_epoch),
        ..statement
    })
}

/// Whether the chain would accept this signature.
///
/// Ed25519 is checked strictly: whatever passes here passes on the chain, whose rule is the laxer ZIP 215. ECDSA accepts
/// a high S as the chain does.
fn verify(key: &PublicKey, digest: &Digest, signature: &[u8]) -> bool {
    match key.scheme {
        KeyScheme::Ed25519 => verify_ed25519(&key.bytes, digest, signature),
        KeyScheme::Secp256k1 => verify_secp256k1(&key.bytes, digest, signature),
        KeyScheme::P256 => verify_p256(&key.bytes, digest, signature),
    }
    .is_some()
}

fn verify_ed25519(key: &HexBinary, digest: &Digest, signature: &[u8]) -> Option<()> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(key.as_slice().try_into().ok()?).ok()?;
    let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
    key.verify_strict(digest, &signature).ok()
}

fn verify_secp256k1(key: &HexBinary, digest: &Digest, signature: &[u8]) -> Option<()> {
    use k256::ecdsa::{signature::hazmat::PrehashVerifier, Signature, VerifyingKey};
    let key = VerifyingKey::from_sec1_bytes(key).ok()?;
    let signature = Signature::from_slice(signature).ok()?;
    let signature = signature.normalize_s().unwrap_or(signature);
    key.verify_prehash(digest, &signature).ok()
}

fn verify_p256(key: &HexBinary, digest: &Digest, signature: &[u8]) -> Option<()> {
    use p256::ecdsa::{signature::hazmat::PrehashVerifier, Signature, VerifyingKey};
    let key = VerifyingKey::from_sec1_bytes(key).ok()?;
    let signature = Signature::from_slice(signature).ok()?;
    key.verify_prehash(digest, &signature).ok()
}

#[cfg(test)]
#[path = "statement_tests.rs"]
mod tests;

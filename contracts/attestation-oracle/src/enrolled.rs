//! Subjects and keys as the rules see them.

use attestation::{Digest, PublicKey, Scheme};
use cosmwasm_std::{Addr, HexBinary, StdResult, Storage};
use interfaces::attestation_oracle::{KeyScheme, Params, PublicKey as WirePublicKey, Role, Subject};

use crate::error::ContractError;
use crate::state::{KeyRow, SubjectRow, KEYS, MEASUREMENTS, SUBJECTS};

impl SubjectRow {
    /// Whether the subject's statements may move money.
    pub fn stands(&self, role: Role, params: &Params) -> bool {
        self.retired_at.is_none() && self.bond >= min_bond(role, params)
    }
}

/// Least bond of a role, µUSDT.
pub fn min_bond(role: Role, params: &Params) -> u128 {
    match role {
        Role::Worker => params.min_bond_worker,
        Role::Gateway => params.min_bond_gateway,
    }
    .u128()
}

/// The subject.
pub fn subject(storage: &dyn Storage, subject: &Subject) -> Result<SubjectRow, ContractError> {
    let row = SUBJECTS.may_load(storage, subject)?;
    row.ok_or(ContractError::UnknownSubject(*subject))
}

/// The subject, for a message of its operator.
pub fn operated(storage: &dyn Storage, of: &Subject, sender: &Addr) -> Result<SubjectRow, ContractError> {
    let row = subject(storage, of)?;
    if row.operator != *sender {
        return Err(ContractError::NotSubjectOperator {
            expected: row.operator,
            actual: sender.clone(),
        });
    }
    Ok(row)
}

/// The subject, for a message of its operator that needs it alive.
pub fn active(storage: &dyn Storage, of: &Subject, sender: &Addr) -> Result<SubjectRow, ContractError> {
    let row = operated(storage, of, sender)?;
    match row.retired_at {
        Some(at) => Err(ContractError::Retired { at }),
        None => Ok(row),
    }
}

/// The key, with its own or its measurement's revocation, whichever came first.
pub fn key(storage: &dyn Storage, subject: Subject, key_epoch: u32) -> StdResult<Option<KeyRow>> {
    let Some(mut key) = KEYS.may_load(storage, &(subject, key_epoch))? else {
        return Ok(None);
    };
    if let Some(evidence) = &key.evidence {
        let measurement = MEASUREMENTS.load(storage, &(subject.role, evidence.measurement))?;
        key.revoked_at = [key.revoked_at, measurement.revoked_at].into_iter().flatten().min();
    }
    if let Some(at) = key.revoked_at {
        key.valid_until = key.valid_until.min(at);
    }
    Ok(Some(key))
}

/// Ends a key epoch now, if it has not ended.
pub fn end_epoch(storage: &mut dyn Storage, subject: Subject, key_epoch: u32, now: u64) -> StdResult<()> {
    if let Some(mut key) = KEYS.may_load(storage, &(subject, key_epoch))? {
        key.valid_until = key.valid_until.min(now);
        KEYS.save(storage, &(subject, key_epoch), &key);
    }
    Ok(())
}

/// The key of a message, checked.
pub fn parse_key(key: &WirePublicKey) -> Result<PublicKey, ContractError> {
    let scheme = match key.scheme {
        KeyScheme::Ed25519 => Scheme::Ed25519,
        KeyScheme::Secp256k1 => Scheme::Secp256k1,
        KeyScheme::P256 => Scheme::P256,
    };
    PublicKey::new(scheme, &key.bytes).map_err(ContractError::Key)
}

/// The key as messages show it.
pub fn show_key(key: &PublicKey) -> WirePublicKey {
    WirePublicKey {
        scheme: match key.scheme() {
            Scheme::Ed25519 => KeyScheme::Ed25519,
            Scheme::Secp256k1 => KeyScheme::Secp256k1,
            Scheme::P256 => KeyScheme::P256,
        },
        bytes: HexBinary::from(key.as_bytes()),
    }
}

/// 32 bytes of a message.
pub fn hash(bytes: &[u8]) -> Result<Digest, ContractError> {
    let refused = ContractError::HashLength { actual: bytes.len() };
    bytes.try_into().map_err(|_| refused)
}

//! What ties a key to an operator and to hardware.

use alloc::vec::Vec;

use crate::domain::prefix;
use crate::{digest, Digest, Domain, DomainError, PublicKey, WireError};

/// Tag of [`binding`].
pub const BINDING_TAG: &[u8] = b"VCITY-TEE-BIND\0\x01";

/// Tag of [`possession`].
pub const POSSESSION_TAG: &[u8] = b"VCITY-KEY-POSSESSION\0\x01";

/// What a key is enrolled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Role {
    /// Runs jobs.
    Worker = 1,
    /// Serves calls.
    Gateway = 2,
    /// Checks workers.
    Verifier = 3,
}

impl TryFrom<u8> for Role {
    type Error = WireError;

    fn try_from(number: u8) -> Result<Self, WireError> {
        [Self::Worker, Self::Gateway, Self::Verifier]
            .into_iter()
            .find(|role| *role as u8 == number)
            .ok_or(WireError::UnknownKind(number))
    }
}

/// What hardware evidence carries as report data and nonce, so that a quote speaks for this key, this operator, this
/// epoch and this request alone: [`digest`] with [`BINDING_TAG`] of
/// `u8 len ‖ operator ‖ u8 scheme ‖ u8 len ‖ key ‖ x25519 32 ‖ key_epoch u32 ‖ challenge 32`.
///
/// # Errors
/// [`DomainError`] when `operator` (an address as text) is empty or longer than 255 bytes.
pub fn binding(
    domain: &Domain<'_>,
    operator: &str,
    key: &PublicKey,
    x25519: &[u8; 32],
    key_epoch: u32,
    challenge: &[u8; 32],
) -> Result<Digest, DomainError> {
    let mut body = Vec::new();
    put_text(&mut body, operator)?;
    key.put(&mut body);
    body.extend_from_slice(x25519);
    body.extend_from_slice(&key_epoch.to_be_bytes());
    body.extend_from_slice(challenge);
    Ok(digest(BINDING_TAG, domain, &body))
}

/// What a key signs to show that its holder asks for this enrolment, so that nobody registers another's key:
/// [`digest`] with [`POSSESSION_TAG`] of `u8 len ‖ operator ‖ u8 role ‖ u8 scheme ‖ u8 len ‖ key ‖ x25519 32`.
///
/// # Errors
/// As [`binding`].
pub fn possession(
    domain: &Domain<'_>,
    operator: &str,
    role: Role,
    key: &PublicKey,
    x25519: &[u8; 32],
) -> Result<Digest, DomainError> {
    let mut body = Vec::new();
    put_text(&mut body, operator)?;
    body.push(role as u8);
    key.put(&mut body);
    body.extend_from_slice(x25519);
    Ok(digest(POSSESSION_TAG, domain, &body))
}

fn put_text(out: &mut Vec<u8>, text: &str) -> Result<(), DomainError> {
    out.push(prefix(text)?);
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

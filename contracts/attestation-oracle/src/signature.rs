//! Signatures, checked by the host.

use attestation::{Digest, PublicKey, Scheme};
use cosmwasm_std::Api;

/// Length of a signature in every scheme.
const LENGTH: usize = 64;

/// Whether `signature` is the key's over `digest`.
///
/// The length comes first: the host stops the whole transaction at a longer one, and one bad statement would take its batch along. Every error of the host is
/// about the form of key or signature, and such a signature proves nothing.
pub fn verify(api: &dyn Api, key: &PublicKey, digest: &Digest, signature: &[u8]) -> bool {
    if signature.len() != LENGTH {
        return false;
    }
    match key.scheme() {
        Scheme::Ed25519 => api.ed25519_verify(digest, signature, key.as_bytes()),
        Scheme::Secp256k1 => api.secp256k1_verify(digest, signature, key.as_bytes()),
        Scheme::P256 => api.secp256r1_verify(digest, signature, key.as_bytes()),
    }
    .unwrap_or(false)
}

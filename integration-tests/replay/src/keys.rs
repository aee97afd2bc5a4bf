//! The keys of gateways and the worker. Each subject signs in a scheme of its own, so that every trace asks every verifier of the host.

use anyhow::{anyhow, Result};
use attestation::{Digest, Scheme};
use ed25519_dalek::Signer as _;
use interfaces::attestation_oracle::{KeyScheme, PublicKey, Role, Subject};
use k256::ecdsa::signature::hazmat::PrehashSigner;

/// A private key.
#[derive(Clone, Debug)]
pub enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    Secp256k1(k256::ecdsa::SigningKey),
    P256(p256::ecdsa::SigningKey),
}

/// A subject's key of one epoch: gateway 1 signs with Ed25519, other gateways with secp256k1, workers with P-256.
///
/// # Panics
/// Never: the seed begins with 0 or 1 and is not zero, so it is a scalar of either curve.
#[must_use]
pub fn secret(subject: Subject, epoch: u32) -> Secret {
    let mut seed = [7; 32];
    seed[0] = u8::from(subject.role == Role::Gateway);
    seed[1..9].copy_from_slice(&subject.id.to_be_bytes());
    seed[9..13].copy_from_slice(&epoch.to_be_bytes());
    let scheme = match (subject.role, subject.id) {
        (Role::Gateway, 1) => Scheme::Ed25519,
        (Role::Gateway, _) => Scheme::Secp256k1,
        (Role::Worker, _) => Scheme::P256,
    };
    Secret::new(scheme, seed)
}

impl Secret {
    fn new(scheme: Scheme, seed: [u8; 32]) -> Self {
        match scheme {
            Scheme::Ed25519 => Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed)),
            Scheme::Secp256k1 => Self::Secp256k1(k256::ecdsa::SigningKey::from_slice(&seed).expect("a scalar")),
            Scheme::P256 => Self::P256(p256::ecdsa::SigningKey::from_slice(&seed).expect("a scalar")),
        }
    }

    /// Another's key of the same scheme.
    #[must_use]
    pub fn stranger(&self) -> Self {
        Self::new(self.scheme(), [13; 32])
    }

    fn scheme(&self) -> Scheme {
        match self {
            Self::Ed25519(_) => Scheme::Ed25519,
            Self::Secp256k1(_) => Scheme::Secp256k1,
            Self::P256(_) => Scheme::P256,
        }
    }

    /// The signature over a digest; the same key and digest give the same bytes.
    ///
    /// # Panics
    /// Never in practice: ECDSA fails on digests nobody can find.
    #[must_use]
    pub fn sign(&self, digest: &Digest) -> [u8; 64] {
        match self {
            Self::Ed25519(key) => key.sign(digest).to_bytes(),
            Self::Secp256k1(key) => {
                let signature: k256::ecdsa::Signature = key.sign_prehash(digest).expect("a signature");
                signature.to_bytes().into()
            }
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(digest).expect("a signature");
                signature.to_bytes().into()
            }
        }
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.verifying_key().to_bytes().to_vec(),
            Self::Secp256k1(key) => key.verifying_key().to_encoded_point(true).as_bytes().to_vec(),
            Self::P256(key) => key.verifying_key().to_encoded_point(true).as_bytes().to_vec(),
        }
    }

    /// The public key as an enrolment names it.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let scheme = match self.scheme() {
            Scheme::Ed25519 => KeyScheme::Ed25519,
            Scheme::Secp256k1 => KeyScheme::Secp256k1,
            Scheme::P256 => KeyScheme::P256,
        };
        PublicKey {
            scheme,
            bytes: self.bytes().into(),
        }
    }

    /// The public key as bindings and proofs of possession name it.
    ///
    /// # Errors
    /// Never: it is a key.
    pub fn parsed(&self) -> Result<attestation::PublicKey> {
        attestation::PublicKey::new(self.scheme(), &self.bytes()).map_err(|e| anyhow!("{e}"))
    }
}

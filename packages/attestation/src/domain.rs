//! The digest every statement is signed by, and the chain and contract it is bound to.

use core::fmt;

use sha2::{Digest as _, Sha256};

/// A SHA-256 digest.
pub type Digest = [u8; 32];

/// Where a statement is valid: one contract on one chain.
///
/// A statement signed for one domain has another digest in every other, so it cannot be replayed on a fork, a test
/// network or a second deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Domain<'a> {
    chain_id: &'a str,
    contract: &'a str,
}

impl<'a> Domain<'a> {
    /// Binds to `contract` (its address as text) on `chain_id`.
    ///
    /// # Errors
    /// [`DomainError`] when either is empty or longer than the 255 bytes its length prefix can state.
    pub fn new(chain_id: &'a str, contract: &'a str) -> Result<Self, DomainError> {
        prefix(chain_id)?;
        prefix(contract)?;
        Ok(Self { chain_id, contract })
    }

    /// Identifier of the chain.
    pub fn chain_id(&self) -> &'a str {
        self.chain_id
    }

    /// Address of the contract, as text.
    pub fn contract(&self) -> &'a str {
        self.contract
    }
}

/// `SHA-256(tag ‖ u8 len ‖ chain_id ‖ u8 len ‖ contract ‖ body)`.
///
/// Unambiguous without a length before `tag`: every tag is text without a zero byte followed by `\0\1`, so none is the
/// beginning of another.
pub fn digest(tag: &[u8], domain: &Domain<'_>, body: &[u8]) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(tag);
    for part in [domain.chain_id, domain.contract] {
        // `Domain::new` has bounded both by 255 bytes.
        hasher.update([u8::try_from(part.len()).unwrap_or(u8::MAX)]);
        hasher.update(part.as_bytes());
    }
    hasher.update(body);
    hasher.finalize().into()
}

/// The length prefix of a text of 1 to 255 bytes.
pub(crate) fn prefix(text: &str) -> Result<u8, DomainError> {
    if text.is_empty() {
        return Err(DomainError::Empty);
    }
    u8::try_from(text.len()).map_err(|_| DomainError::TooLong { actual: text.len() })
}

/// Why a chain id or an address cannot be part of a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DomainError {
    /// The text is empty.
    Empty,
    /// The text is longer than 255 bytes.
    TooLong {
        /// Its length in bytes.
        actual: usize,
    },
}

impl fmt::Display for DomainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a chain id or address is empty"),
            Self::TooLong { actual } => write!(f, "a chain id or address has {actual} bytes, at most 255"),
        }
    }
}

impl core::error::Error for DomainError {}

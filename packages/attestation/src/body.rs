//! What every signed body has in common.

use alloc::vec::Vec;

use crate::wire::Reader;
use crate::{digest, ChainKey, Digest, Domain, WireError};

/// Something a trusted environment signs: one tag, one fixed width, one encoding per value, one chain.
pub trait Body: Sized {
    /// Domain separation between bodies: text, then `\0` and the version `\1`.
    const TAG: &'static [u8];

    /// Length of every encoding, in bytes.
    const LEN: usize;

    /// The encoding, [`Self::LEN`] bytes.
    fn encode(&self) -> Vec<u8>;

    /// Reads an encoding.
    ///
    /// # Errors
    /// [`WireError`] on another length, an unknown kind or an empty window.
    fn decode(bytes: &[u8]) -> Result<Self, WireError>;

    /// The chain of statements this one belongs to.
    fn chain_key(&self) -> ChainKey;

    /// Position in its chain; the first is 1.
    fn seq(&self) -> u64;

    /// Digest of the statement before, or [`ChainKey::first_prev_digest`].
    fn prev_digest(&self) -> &Digest;

    /// What is signed.
    fn digest(&self, domain: &Domain<'_>) -> Digest {
        digest(Self::TAG, domain, &self.encode())
    }
}

/// A half-open span of Unix seconds, `[start, end)`, never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    start: u64,
    end: u64,
}

impl Window {
    /// The span from `start` up to, not including, `end`.
    ///
    /// # Errors
    /// [`WireError::EmptyWindow`] unless `start < end`.
    pub fn new(start: u64, end: u64) -> Result<Self, WireError> {
        if start < end {
            Ok(Self { start, end })
        } else {
            Err(WireError::EmptyWindow { start, end })
        }
    }

    /// The first second inside.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// The first second after.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Seconds inside, at least 1.
    pub fn seconds(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let (start, end) = (reader.u64()?, reader.u64()?);
        Self::new(start, end)
    }

    pub(crate) fn bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        let (start, end) = bytes.split_at_mut(8);
        start.copy_from_slice(&self.start.to_be_bytes());
        end.copy_from_slice(&self.end.to_be_bytes());
        bytes
    }
}

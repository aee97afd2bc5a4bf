//! What a verifier signs about a random check.

use alloc::vec::Vec;

use crate::body::Body;
use crate::wire::Reader;
use crate::{ChainKey, Digest, WireError};

/// A verifier's verdict on one drawn check. 120 bytes:
///
/// | offset | width | field |
/// |---|---|---|
/// | 0 | 8 | `verifier` |
/// | 8 | 8 | `worker` |
/// | 16 | 8 | `job` |
/// | 24 | 8 | `seq` |
/// | 32 | 4 | `check` |
/// | 36 | 32 | `result_digest` |
/// | 68 | 4 | `latency_ms` |
/// | 72 | 8 | `round` |
/// | 80 | 32 | `prev_digest` |
/// | 112 | 8 | `expires_at` |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The verifier that signs.
    pub verifier: u64,
    /// The worker that was checked.
    pub worker: u64,
    /// The challenge job it was given.
    pub job: u64,
    /// Position in the chain, from 1.
    pub seq: u64,
    /// Which check of the round, counted from 0.
    pub check: u32,
    /// Digest of the worker's answer.
    pub result_digest: Digest,
    /// Milliseconds until the answer.
    pub latency_ms: u32,
    /// The beacon round that drew the check.
    pub round: u64,
    /// Digest of the verdict before.
    pub prev_digest: Digest,
    /// Unix second after which the verdict counts for nothing.
    pub expires_at: u64,
}

impl Body for Verdict {
    const TAG: &'static [u8] = b"VCITY-VERDICT\0\x01";
    const LEN: usize = 120;

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::LEN);
        out.extend_from_slice(&self.verifier.to_be_bytes());
        out.extend_from_slice(&self.worker.to_be_bytes());
        out.extend_from_slice(&self.job.to_be_bytes());
        out.extend_from_slice(&self.seq.to_be_bytes());
        out.extend_from_slice(&self.check.to_be_bytes());
        out.extend_from_slice(&self.result_digest);
        out.extend_from_slice(&self.latency_ms.to_be_bytes());
        out.extend_from_slice(&self.round.to_be_bytes());
        out.extend_from_slice(&self.prev_digest);
        out.extend_from_slice(&self.expires_at.to_be_bytes());
        out
    }

    fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::exact(bytes, Self::LEN)?;
        Ok(Self {
            verifier: reader.u64()?,
            worker: reader.u64()?,
            job: reader.u64()?,
            seq: reader.u64()?,
            check: reader.u32()?,
            result_digest: reader.array()?,
            latency_ms: reader.u32()?,
            round: reader.u64()?,
            prev_digest: reader.array()?,
            expires_at: reader.u64()?,
        })
    }

    fn chain_key(&self) -> ChainKey {
        ChainKey::Verdict {
            verifier: self.verifier,
        }
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn prev_digest(&self) -> &Digest {
        &self.prev_digest
    }
}

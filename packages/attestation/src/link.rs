//! How a job's chain goes on under a new key.

use alloc::vec::Vec;

use crate::body::Body;
use crate::wire::Reader;
use crate::{ChainKey, Digest, WireError};

/// Ends a job's chain under one key epoch and lets it go on under a later one; signed by both keys. It takes a place in
/// the chain: the next statement, under `new_epoch`, has `seq + 1` and this one's digest as `prev_digest`. 68 bytes:
///
/// | offset | width | field |
/// |---|---|---|
/// | 0 | 8 | `worker` |
/// | 8 | 4 | `key_epoch` |
/// | 12 | 4 | `new_epoch` |
/// | 16 | 8 | `job` |
/// | 24 | 4 | `assignment` |
/// | 28 | 8 | `seq` |
/// | 36 | 32 | `prev_digest` |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainLink {
    /// The worker that signs.
    pub worker: u64,
    /// The enrolled key that ends.
    pub key_epoch: u32,
    /// The one that goes on; the decoder wants it above `key_epoch`.
    pub new_epoch: u32,
    /// The job; 0 is idle capacity.
    pub job: u64,
    /// Which assignment of the job.
    pub assignment: u32,
    /// Position in the chain, from 1.
    pub seq: u64,
    /// Digest of the last statement under the key that ends.
    pub prev_digest: Digest,
}

impl Body for ChainLink {
    const TAG: &'static [u8] = b"VCITY-CHAIN-LINK\0\x01";
    const LEN: usize = 68;

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::LEN);
        out.extend_from_slice(&self.worker.to_be_bytes());
        out.extend_from_slice(&self.key_epoch.to_be_bytes());
        out.extend_from_slice(&self.new_epoch.to_be_bytes());
        out.extend_from_slice(&self.job.to_be_bytes());
        out.extend_from_slice(&self.assignment.to_be_bytes());
        out.extend_from_slice(&self.seq.to_be_bytes());
        out.extend_from_slice(&self.prev_digest);
        out
    }

    fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::exact(bytes, Self::LEN)?;
        let link = Self {
            worker: reader.u64()?,
            key_epoch: reader.u32()?,
            new_epoch: reader.u32()?,
            job: reader.u64()?,
            assignment: reader.u32()?,
            seq: reader.u64()?,
            prev_digest: reader.array()?,
        };
        if link.new_epoch <= link.key_epoch {
            return Err(WireError::Epochs {
                old: link.key_epoch,
                new: link.new_epoch,
            });
        }
        Ok(link)
    }

    fn chain_key(&self) -> ChainKey {
        let Self {
            worker,
            key_epoch,
            job,
            assignment,
            ..
        } = *self;
        ChainKey::Job {
            worker,
            key_epoch,
            job,
            assignment,
        }
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn prev_digest(&self) -> &Digest {
        &self.prev_digest
    }
}

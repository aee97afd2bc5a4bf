//! What a gateway signs about the calls to agents it served.

use alloc::vec::Vec;

use crate::body::{Body, Window};
use crate::wire::Reader;
use crate::{ChainKey, Digest, WireError};

/// Header of a gateway's batch of agent calls; `root` commits to its entries. 108 bytes:
///
/// | offset | width | field |
/// |---|---|---|
/// | 0 | 8 | `gateway` |
/// | 8 | 4 | `key_epoch` |
/// | 12 | 8 | `seq` |
/// | 20 | 8 + 8 | `window` start, end |
/// | 36 | 32 | `root` |
/// | 68 | 32 | `prev_digest` |
/// | 100 | 8 | `expires_at` |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentBatch {
    /// The gateway that signs.
    pub gateway: u64,
    /// Which of its enrolled keys signs.
    pub key_epoch: u32,
    /// Position in the chain, from 1.
    pub seq: u64,
    /// When the calls were made.
    pub window: Window,
    /// Root over the batch's entries.
    pub root: Digest,
    /// Digest of the batch before.
    pub prev_digest: Digest,
    /// Unix second after which the batch moves no money.
    pub expires_at: u64,
}

impl Body for AgentBatch {
    const TAG: &'static [u8] = b"VCITY-AGENT-BATCH\0\x01";
    const LEN: usize = 108;

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::LEN);
        out.extend_from_slice(&self.gateway.to_be_bytes());
        out.extend_from_slice(&self.key_epoch.to_be_bytes());
        out.extend_from_slice(&self.seq.to_be_bytes());
        out.extend_from_slice(&self.window.bytes());
        out.extend_from_slice(&self.root);
        out.extend_from_slice(&self.prev_digest);
        out.extend_from_slice(&self.expires_at.to_be_bytes());
        out
    }

    fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::exact(bytes, Self::LEN)?;
        Ok(Self {
            gateway: reader.u64()?,
            key_epoch: reader.u32()?,
            seq: reader.u64()?,
            window: Window::read(&mut reader)?,
            root: reader.array()?,
            prev_digest: reader.array()?,
            expires_at: reader.u64()?,
        })
    }

    fn chain_key(&self) -> ChainKey {
        ChainKey::AgentBatch {
            gateway: self.gateway,
            key_epoch: self.key_epoch,
        }
    }

    fn seq(&self) -> u64 {
        self.seq
    }

    fn prev_digest(&self) -> &Digest {
        &self.prev_digest
    }
}

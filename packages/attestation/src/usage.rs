//! What a gateway signs about the calls it served.

use alloc::vec::Vec;

use crate::body::{Body, Window};
use crate::wire::Reader;
use crate::{ChainKey, Digest, WireError};

/// A gateway's report of the calls of one window; its entries travel beside it. 116 bytes:
///
/// | offset | width | field |
/// |---|---|---|
/// | 0 | 8 | `gateway` |
/// | 8 | 4 | `key_epoch` |
/// | 12 | 8 | `seq` |
/// | 20 | 8 + 8 | `window` start, end |
/// | 36 | 8 | `calls` |
/// | 44 | 32 | `log_root` |
/// | 76 | 32 | `prev_digest` |
/// | 108 | 8 | `expires_at` |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageReport {
    /// The gateway that signs.
    pub gateway: u64,
    /// Which of its enrolled keys signs.
    pub key_epoch: u32,
    /// Position in the chain, from 1.
    pub seq: u64,
    /// When the calls were made.
    pub window: Window,
    /// Calls in the log, the sum over the entries.
    pub calls: u64,
    /// [`log_root`](crate::log_root) of the entries, its hash.
    pub log_root: Digest,
    /// Digest of the report before.
    pub prev_digest: Digest,
    /// Unix second after which the report moves no money.
    pub expires_at: u64,
}

impl Body for UsageReport {
    const TAG: &'static [u8] = b"VCITY-USAGE-REPORT\0\x01";
    const LEN: usize = 116;

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::LEN);
        out.extend_from_slice(&self.gateway.to_be_bytes());
        out.extend_from_slice(&self.key_epoch.to_be_bytes());
        out.extend_from_slice(&self.seq.to_be_bytes());
        out.extend_from_slice(&self.window.bytes());
        out.extend_from_slice(&self.calls.to_be_bytes());
        out.extend_from_slice(&self.log_root);
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
            calls: reader.u64()?,
            log_root: reader.array()?,
            prev_digest: reader.array()?,
            expires_at: reader.u64()?,
        })
    }

    fn chain_key(&self) -> ChainKey {
        ChainKey::Usage {
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

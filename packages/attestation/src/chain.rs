//! Where a chain of statements begins.

use sha2::{Digest as _, Sha256};

use crate::Digest;

/// Tag of the digest before the first statement of a chain.
pub const CHAIN_TAG: &[u8] = b"VCITY-CHAIN-START\0\x01";

/// Names one chain of statements. Each tag has its own chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChainKey {
    /// A worker's statements for one assignment of one job; job 0 is its idle capacity.
    Job {
        /// The worker.
        worker: u64,
        /// Which of its enrolled keys signs.
        key_epoch: u32,
        /// The job.
        job: u64,
        /// Which assignment of the job.
        assignment: u32,
    },
    /// A gateway's usage reports.
    Usage {
        /// The gateway.
        gateway: u64,
        /// Which of its enrolled keys signs.
        key_epoch: u32,
    },
    /// A gateway's batches of agent calls.
    AgentBatch {
        /// The gateway.
        gateway: u64,
        /// Which of its enrolled keys signs.
        key_epoch: u32,
    },
    /// A verifier's verdicts.
    Verdict {
        /// The verifier.
        verifier: u64,
    },
}

impl ChainKey {
    /// `prev_digest` of the first statement: `SHA-256(CHAIN_TAG ‖ u8 kind ‖ fields)`, kinds 1 to 4 in the order of the
    /// variants, fields big-endian in the order written.
    pub fn first_prev_digest(&self) -> Digest {
        let mut hasher = Sha256::new();
        hasher.update(CHAIN_TAG);
        match *self {
            Self::Job {
                worker,
                key_epoch,
                job,
                assignment,
            } => {
                hasher.update([1]);
                hasher.update(worker.to_be_bytes());
                hasher.update(key_epoch.to_be_bytes());
                hasher.update(job.to_be_bytes());
                hasher.update(assignment.to_be_bytes());
            }
            Self::Usage { gateway, key_epoch } => {
                hasher.update([2]);
                hasher.update(gateway.to_be_bytes());
                hasher.update(key_epoch.to_be_bytes());
            }
            Self::AgentBatch { gateway, key_epoch } => {
                hasher.update([3]);
                hasher.update(gateway.to_be_bytes());
                hasher.update(key_epoch.to_be_bytes());
            }
            Self::Verdict { verifier } => {
                hasher.update([4]);
                hasher.update(verifier.to_be_bytes());
            }
        }
        hasher.finalize().into()
    }
}

//! What a worker signs about a job.

use alloc::vec::Vec;

use crate::body::{Body, Window};
use crate::wire::Reader;
use crate::{ChainKey, Digest, WireError};

/// What a job statement reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum JobKind {
    /// The worker is up; the only kind of the idle-capacity chain.
    Heartbeat = 1,
    /// Work begins.
    Start = 2,
    /// Work goes on.
    Progress = 3,
    /// Work can be resumed from `output_root`.
    Checkpoint = 4,
    /// Work is done; `output_root` is the result.
    Complete = 5,
    /// Work is given up.
    Fail = 6,
}

impl JobKind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [Self; 6] = [
        Self::Heartbeat,
        Self::Start,
        Self::Progress,
        Self::Checkpoint,
        Self::Complete,
        Self::Fail,
    ];
}

impl TryFrom<u8> for JobKind {
    type Error = WireError;

    fn try_from(number: u8) -> Result<Self, WireError> {
        Self::ALL
            .into_iter()
            .find(|kind| *kind as u8 == number)
            .ok_or(WireError::UnknownKind(number))
    }
}

/// A worker's statement about one assignment of one job. 209 bytes:
///
/// | offset | width | field |
/// |---|---|---|
/// | 0 | 8 | `worker` |
/// | 8 | 4 | `key_epoch` |
/// | 12 | 8 | `job` |
/// | 20 | 4 | `assignment` |
/// | 24 | 8 | `seq` |
/// | 32 | 1 | `kind` |
/// | 33 | 8 + 8 | `window` start, end |
/// | 49 | 16 | `units_cum` |
/// | 65 | 8 | `gpu_slots` |
/// | 73 | 32 | `input_root` |
/// | 105 | 32 | `output_root` |
/// | 137 | 32 | `model_id` |
/// | 169 | 32 | `prev_digest` |
/// | 201 | 8 | `expires_at` |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobStatement {
    /// The worker that signs.
    pub worker: u64,
    /// Which of its enrolled keys signs.
    pub key_epoch: u32,
    /// The job; 0 is idle capacity.
    pub job: u64,
    /// Which assignment of the job.
    pub assignment: u32,
    /// Position in the chain, from 1.
    pub seq: u64,
    /// What is reported.
    pub kind: JobKind,
    /// The time reported on.
    pub window: Window,
    /// Units of work since the chain began; one unit is one second of one reference GPU slot.
    pub units_cum: u128,
    /// The GPU slots used, one bit each.
    pub gpu_slots: u64,
    /// Root of the input.
    pub input_root: Digest,
    /// Root of the output so far.
    pub output_root: Digest,
    /// Digest of the model or program.
    pub model_id: Digest,
    /// Digest of the statement before.
    pub prev_digest: Digest,
    /// Unix second after which the statement moves no money.
    pub expires_at: u64,
}

impl Body for JobStatement {
    const TAG: &'static [u8] = b"VCITY-JOB-ATTESTATION\0\x01";
    const LEN: usize = 209;

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::LEN);
        out.extend_from_slice(&self.worker.to_be_bytes());
        out.extend_from_slice(&self.key_epoch.to_be_bytes());
        out.extend_from_slice(&self.job.to_be_bytes());
        out.extend_from_slice(&self.assignment.to_be_bytes());
        out.extend_from_slice(&self.seq.to_be_bytes());
        out.push(self.kind as u8);
        out.extend_from_slice(&self.window.bytes());
        out.extend_from_slice(&self.units_cum.to_be_bytes());
        out.extend_from_slice(&self.gpu_slots.to_be_bytes());
        out.extend_from_slice(&self.input_root);
        out.extend_from_slice(&self.output_root);
        out.extend_from_slice(&self.model_id);
        out.extend_from_slice(&self.prev_digest);
        out.extend_from_slice(&self.expires_at.to_be_bytes());
        out
    }

    fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::exact(bytes, Self::LEN)?;
        Ok(Self {
            worker: reader.u64()?,
            key_epoch: reader.u32()?,
            job: reader.u64()?,
            assignment: reader.u32()?,
            seq: reader.u64()?,
            kind: reader.u8()?.try_into()?,
            window: Window::read(&mut reader)?,
            units_cum: reader.u128()?,
            gpu_slots: reader.u64()?,
            input_root: reader.array()?,
            output_root: reader.array()?,
            model_id: reader.array()?,
            prev_digest: reader.array()?,
            expires_at: reader.u64()?,
        })
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

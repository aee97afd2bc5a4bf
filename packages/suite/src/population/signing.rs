//! What gateways and workers sign, with keys made up for a measurement.

use anyhow::{anyhow, Context, Result};
use attestation::{
    binding, encode_entries, log_root, possession, prove, Body, ChainKey, Digest, Domain, Entry, JobKind, JobStatement,
    Leaf, UsageReport, Window, NO_GPUS,
};
use cosmwasm_std::{Binary, HexBinary};
use ed25519_dalek::{Signer as _, SigningKey};
use interfaces::attestation_oracle::{
    Evidence, ExecuteMsg, Hardware, KeyScheme, PublicKey, Role, SignedStatement, Subject,
};
use interfaces::credit_vault::ReportRef;
use sha2::{Digest as _, Sha256};
use tee_testkit::{Platform, TdReport};

use super::{ENCRYPTION_KEY, HARDWARE};

/// Seconds that a statement stays valid.
const VALIDITY: u64 = 3_600;
/// Seconds that a report's window lasts.
const WINDOW: u64 = 100;
/// How long ago a job began, seconds: its windows of one second must not reach the present.
const BACKLOG: u64 = 200_000;

/// An ed25519 key of a subject, and where it stands.
#[derive(Clone)]
pub struct Signer {
    pub subject: Subject,
    pub epoch: u32,
    chain_id: String,
    oracle: String,
    key: SigningKey,
    /// Of the usage chain, or of the worker's chain for job 1.
    pub head: Head,
}

/// The last statement of a chain.
#[derive(Clone, Debug)]
pub struct Head {
    pub seq: u64,
    pub digest: Digest,
    /// End of the last window, jobs only.
    pub end: u64,
    pub units: u128,
}

/// A report as it was posted, with what opens its log.
#[derive(Clone, Debug)]
pub struct Posted {
    pub report: ReportRef,
    pub entries: Vec<Entry>,
    /// Leaves of each entry.
    pub logs: Vec<Vec<Leaf>>,
}

impl Signer {
    /// The key follows from subject and epoch.
    #[must_use]
    pub fn new(subject: Subject, epoch: u32, chain_id: String, oracle: &str) -> Self {
        let secret: [u8; 32] = Sha256::digest(format!("{subject:?} {epoch}")).into();
        let chain = match subject.role {
            Role::Gateway => usage_chain(subject.id, epoch),
            Role::Worker => job_chain(subject.id, epoch, 1),
        };
        Self {
            subject,
            epoch,
            chain_id,
            oracle: oracle.to_owned(),
            key: SigningKey::from_bytes(&secret),
            head: Head::first(&chain),
        }
    }

    fn domain(&self) -> Result<Domain<'_>> {
        Domain::new(&self.chain_id, &self.oracle).map_err(|e| anyhow!("{e}"))
    }

    fn parsed(&self) -> Result<attestation::PublicKey> {
        let bytes = self.key.verifying_key().to_bytes();
        attestation::PublicKey::new(attestation::Scheme::Ed25519, &bytes).map_err(|e| anyhow!("{e}"))
    }

    /// Signature over a digest.
    #[must_use]
    pub fn sign(&self, digest: &Digest) -> Binary {
        self.key.sign(digest).to_bytes().into()
    }

    /// `RequestEnrollment`; without `id` for a new one.
    ///
    /// # Errors
    /// Never for the keys made here.
    pub fn request(&self, operator: &str, id: Option<u64>) -> Result<ExecuteMsg> {
        let role = match self.subject.role {
            Role::Worker => attestation::Role::Worker,
            Role::Gateway => attestation::Role::Gateway,
        };
        let proof = possession(&self.domain()?, operator, role, &self.parsed()?, &ENCRYPTION_KEY);
        Ok(ExecuteMsg::RequestEnrollment {
            role: self.subject.role,
            id,
            public_key: PublicKey {
                scheme: KeyScheme::Ed25519,
                bytes: self.key.verifying_key().to_bytes().into(),
            },
            possession: self.sign(&proof.map_err(|e| anyhow!("{e}"))?),
            encryption_key: ENCRYPTION_KEY.into(),
            hardware: hardware(self.subject.role),
        })
    }

    /// Evidence of a platform for the challenge of a request.
    ///
    /// # Errors
    /// When the challenge is not 32 bytes.
    pub fn quote(&self, platform: &Platform, operator: &str, challenge: &HexBinary) -> Result<Evidence> {
        let nonce: Digest = challenge.to_array()?;
        let bound = binding(
            &self.domain()?,
            operator,
            &self.parsed()?,
            &ENCRYPTION_KEY,
            self.epoch,
            &nonce,
        );
        let bound = bound.map_err(|e| anyhow!("{e}"))?;
        let data = [bound, NO_GPUS]
            .concat()
            .try_into()
            .map_err(|_| anyhow!("report data"))?;
        Ok(Evidence::quote(platform.tdx_quote(&TdReport::with_data(data))))
    }

    /// The next report, over the last seconds before `now`. The log is sorted by account and SKU, one entry each.
    ///
    /// # Errors
    /// When a log is empty or has an illegal name.
    pub fn report(&mut self, logs: Vec<Vec<Leaf>>, now: u64) -> Result<(SignedStatement, Posted)> {
        let entries = logs.iter().map(|log| Entry::from_leaves(log));
        let entries = entries.collect::<Result<Vec<_>, _>>().map_err(|e| anyhow!("{e}"))?;
        self.report_of(entries, logs, now)
    }

    /// The same with entries that need not fit their logs.
    ///
    /// # Errors
    /// When they are not sorted.
    pub fn report_of(
        &mut self,
        mut entries: Vec<Entry>,
        mut logs: Vec<Vec<Leaf>>,
        now: u64,
    ) -> Result<(SignedStatement, Posted)> {
        entries.sort_by(|a, b| (&a.account, &a.sku).cmp(&(&b.account, &b.sku)));
        let place = |log: &[Leaf]| log.first().map(|leaf| (leaf.account.clone(), leaf.sku.clone()));
        logs.sort_by_key(|log| place(log));
        let root = log_root(&entries).map_err(|e| anyhow!("{e}"))?;
        let body = UsageReport {
            gateway: self.subject.id,
            key_epoch: self.epoch,
            seq: self.head.seq + 1,
            window: Window::new(now - WINDOW, now).map_err(|e| anyhow!("{e}"))?,
            calls: root.sums.calls,
            log_root: root.hash,
            prev_digest: self.head.digest,
            expires_at: now + VALIDITY,
        };
        let digest = body.digest(&self.domain()?);
        (self.head.seq, self.head.digest) = (body.seq, digest);
        let statement = SignedStatement::Usage {
            body: body.encode().into(),
            entries: encode_entries(&entries).map_err(|e| anyhow!("{e}"))?.into(),
            signature: self.sign(&digest),
        };
        let report = ReportRef {
            gateway: body.gateway,
            key_epoch: body.key_epoch,
            seq: body.seq,
        };
        Ok((statement, Posted { report, entries, logs }))
    }

    /// The next statement of a job's chain; `head` moves on. Windows follow each other, a second each.
    ///
    /// # Errors
    /// Never for times of this century.
    pub fn job(&self, job: u64, head: &mut Head, now: u64) -> Result<SignedStatement> {
        let start = if head.end == 0 { now - BACKLOG } else { head.end };
        let units = head.units + u128::from(HARDWARE.1);
        let body = JobStatement {
            worker: self.subject.id,
            key_epoch: self.epoch,
            job,
            assignment: 0,
            seq: head.seq + 1,
            kind: JobKind::Progress,
            window: Window::new(start, start + 1).map_err(|e| anyhow!("{e}"))?,
            units_cum: units,
            gpu_slots: 1,
            input_root: [1; 32],
            output_root: [2; 32],
            model_id: [3; 32],
            prev_digest: head.digest,
            expires_at: now + VALIDITY,
        };
        let digest = body.digest(&self.domain()?);
        *head = Head {
            seq: body.seq,
            digest,
            end: start + 1,
            units,
        };
        Ok(SignedStatement::Job {
            body: body.encode().into(),
            signature: self.sign(&digest),
        })
    }

    /// Carries a job's chain over to the key of the next epoch.
    ///
    /// # Errors
    /// Never for keys of one worker.
    pub fn link(&self, next: &Self, job: u64, head: &mut Head) -> Result<SignedStatement> {
        let body = attestation::ChainLink {
            worker: self.subject.id,
            key_epoch: self.epoch,
            new_epoch: next.epoch,
            job,
            assignment: 0,
            seq: head.seq + 1,
            prev_digest: head.digest,
        };
        let digest = body.digest(&self.domain()?);
        head.seq = body.seq;
        head.digest = digest;
        Ok(SignedStatement::Link {
            body: body.encode().into(),
            old_signature: self.sign(&digest),
            new_signature: next.sign(&digest),
        })
    }
}

impl Head {
    /// Before the first statement.
    #[must_use]
    pub fn first(chain: &ChainKey) -> Self {
        Self {
            seq: 0,
            digest: chain.first_prev_digest(),
            end: 0,
            units: 0,
        }
    }
}

impl Posted {
    /// An entry and its path to the log root.
    ///
    /// # Errors
    /// When there is no such entry.
    pub fn entry(&self, index: usize) -> Result<(Binary, Binary)> {
        let nodes = self.entries.iter().map(Entry::node).collect::<Result<Vec<_>, _>>();
        let nodes = nodes.map_err(|e| anyhow!("{e}"))?;
        let proof = prove(&nodes, index.try_into()?).map_err(|e| anyhow!("{e}"))?;
        let entry = self.entries.get(index).context("no such entry")?;
        let bytes = entry.encode().map_err(|e| anyhow!("{e}"))?;
        Ok((bytes.into(), proof.encode().into()))
    }

    /// All entries as they are submitted.
    ///
    /// # Errors
    /// Never for a report that was made.
    pub fn encoded(&self) -> Result<Binary> {
        Ok(encode_entries(&self.entries).map_err(|e| anyhow!("{e}"))?.into())
    }
}

/// The chain of a gateway's reports.
#[must_use]
pub fn usage_chain(gateway: u64, key_epoch: u32) -> ChainKey {
    ChainKey::Usage { gateway, key_epoch }
}

/// The chain of a job's statements.
#[must_use]
pub fn job_chain(worker: u64, key_epoch: u32, job: u64) -> ChainKey {
    ChainKey::Job {
        worker,
        key_epoch,
        job,
        assignment: 0,
    }
}

/// What every subject of a role says it drives.
#[must_use]
pub fn hardware(role: Role) -> Hardware {
    let (slots, rate) = match role {
        Role::Gateway => (0, 0),
        Role::Worker => HARDWARE,
    };
    Hardware { slots, rate }
}

//! The statements of one `Submit`, judged one after the other. Keys and chains are read once and written once, however many statements they have.

use std::collections::BTreeMap;

use attestation::{
    decode_entries, log_root, Body, ChainKey, ChainLink, Digest, Domain, Entry, JobStatement, PublicKey, UsageReport,
};
use cosmwasm_std::{Api, Binary, Event, StdError, StdResult, Storage};
use interfaces::attestation_oracle::{Params, Role, SignedStatement, StatementOutcome, Subject};
use interfaces::credit_vault::{ReportRef, SettleReport};

use super::rules::{self, Signer};
use crate::error::ContractError;
use crate::state::{Head, ReportRow, StatementRow, Work, HEADS, REPORTS, STATEMENTS, SUBJECTS};
use crate::{enrolled, events, signature, vault};

/// Where and when a batch is judged.
pub struct Place<'a> {
    pub api: &'a dyn Api,
    pub domain: Domain<'a>,
    pub params: &'a Params,
    pub now: u64,
}

/// A batch in the making.
pub struct Batch<'a> {
    place: Place<'a>,
    storage: &'a mut dyn Storage,
    heads: BTreeMap<ChainKey, Chain>,
    signers: BTreeMap<(Role, u64, u32), Signer>,
    index: u16,
    tally: Tally,
}

/// What a batch adds up to.
#[derive(Default)]
pub struct Tally {
    /// Accepted reports for the vault, each with its place in the batch.
    pub settled: Vec<(u16, SettleReport)>,
    /// Statements that advanced a chain.
    pub advanced: u64,
    /// Calls of accepted reports.
    pub calls: u64,
}

struct Chain {
    head: Head,
    changed: bool,
}

/// Why a statement goes no further.
enum Halt {
    /// It is refused and changes nothing.
    Refused(StatementOutcome),
    /// Storage is corrupt: the whole message fails.
    Failed(StdError),
}

impl From<StdError> for Halt {
    fn from(error: StdError) -> Self {
        Self::Failed(error)
    }
}

impl From<StatementOutcome> for Halt {
    fn from(outcome: StatementOutcome) -> Self {
        Self::Refused(outcome)
    }
}

impl<'a> Batch<'a> {
    pub fn new(storage: &'a mut dyn Storage, place: Place<'a>) -> Self {
        Self {
            place,
            storage,
            heads: BTreeMap::new(),
            signers: BTreeMap::new(),
            index: 0,
            tally: Tally::default(),
        }
    }

    /// Judges the statement at `index` of the batch. It takes its place in its chain unless it is refused.
    pub fn judge(
        &mut self,
        index: u16,
        statement: &SignedStatement,
    ) -> Result<(StatementOutcome, Event), ContractError> {
        self.index = index;
        match statement {
            SignedStatement::Job { body, signature } => self.read(body, events::job, |batch, statement, digest| {
                batch.job(statement, digest, signature)
            }),
            SignedStatement::Usage {
                body,
                entries,
                signature,
            } => self.read(body, events::usage, |batch, report, digest| {
                batch.usage(report, digest, entries, signature)
            }),
            SignedStatement::Link {
                body,
                old_signature,
                new_signature,
            } => self.read(body, events::link, |batch, link, digest| {
                batch.link(link, digest, old_signature, new_signature)
            }),
        }
    }

    /// Writes the chains that moved.
    pub fn finish(self) -> Tally {
        for (key, chain) in self.heads.iter().filter(|(_, chain)| chain.changed) {
            HEADS.save(self.storage, key, &chain.head);
        }
        self.tally
    }

    fn read<B: Body>(
        &mut self,
        body: &Binary,
        event: fn(&B, &Digest, StatementOutcome) -> Event,
        judge: impl FnOnce(&mut Self, &B, &Digest) -> Result<StatementOutcome, Halt>,
    ) -> Result<(StatementOutcome, Event), ContractError> {
        let Ok(statement) = B::decode(body) else {
            return Ok((StatementOutcome::Malformed, events::malformed()));
        };
        let digest = statement.digest(&self.place.domain);
        let outcome = match judge(self, &statement, &digest) {
            Ok(outcome) | Err(Halt::Refused(outcome)) => outcome,
            Err(Halt::Failed(error)) => return Err(error.into()),
        };
        Ok((outcome, event(&statement, &digest, outcome)))
    }

    fn job(&mut self, statement: &JobStatement, digest: &Digest, signature: &[u8]) -> Result<StatementOutcome, Halt> {
        let worker = subject(Role::Worker, statement.worker);
        let signer = self.admit(statement, digest, worker, statement.key_epoch, signature)?;
        let mut head = self.head(&statement.chain_key())?;
        let mut work = head.work.take().unwrap_or_default();
        let verdict = rules::job(&signer, &head, &work, statement, self.place.now);
        if verdict.is_ok() {
            let delta = statement.units_cum.saturating_sub(work.stated);
            work.credited = work.credited.saturating_add(delta);
            (head.window_start, head.window_end) = (statement.window.start(), statement.window.end());
        }
        work.stated = statement.units_cum;
        head.work = Some(work);
        Ok(self.advance(statement, digest, head, verdict))
    }

    fn usage(
        &mut self,
        report: &UsageReport,
        digest: &Digest,
        entries: &[u8],
        signature: &[u8],
    ) -> Result<StatementOutcome, Halt> {
        let gateway = subject(Role::Gateway, report.gateway);
        let signer = self.admit(report, digest, gateway, report.key_epoch, signature)?;
        let entries =
            matching_entries(entries, &report.log_root, report.calls).ok_or(StatementOutcome::WrongLogRoot)?;
        let mut head = self.head(&report.chain_key())?;
        let verdict = rules::usage(&signer, &head, report, self.place.now);
        if verdict.is_ok() {
            (head.window_start, head.window_end) = (report.window.start(), report.window.end());
            self.tally.calls = self.tally.calls.saturating_add(report.calls);
            self.tally.settled.push((self.index, settle(report, entries)));
        }
        let outcome = self.advance(report, digest, head, verdict);
        REPORTS.save(
            self.storage,
            &reference(report),
            &report_row(report, digest, outcome, self.place.now),
        );
        Ok(outcome)
    }

    /// A link moves no money, so no content rule applies: it ends the chain under the old key and opens it under the new one where it stood.
    fn link(
        &mut self,
        link: &ChainLink,
        digest: &Digest,
        old_signature: &[u8],
        new_signature: &[u8],
    ) -> Result<StatementOutcome, Halt> {
        let worker = subject(Role::Worker, link.worker);
        self.admit(link, digest, worker, link.key_epoch, old_signature)?;
        let new_signer = self
            .signer(worker, link.new_epoch)?
            .ok_or(StatementOutcome::UnknownKey)?;
        self.check_signature(&new_signer.key.public_key, digest, new_signature)?;
        let next = ChainKey::Job {
            worker: link.worker,
            key_epoch: link.new_epoch,
            job: link.job,
            assignment: link.assignment,
        };
        if self.head(&next)?.seq > 0 {
            return Err(StatementOutcome::Conflict.into());
        }
        let mut head = self.head(&link.chain_key())?;
        let mut work = head.work.take().unwrap_or_default();
        if work.linked {
            head.work = Some(work);
            return Ok(self.advance(link, digest, head, Err(StatementOutcome::EpochOver)));
        }
        let opened = Head {
            seq: link.seq,
            digest: *digest,
            work: Some(work.clone()),
            ..head
        };
        self.put(next, opened);
        work.linked = true;
        head.work = Some(work);
        Ok(self.advance(link, digest, head, Ok(())))
    }

    /// Refuses everything but the correctly signed next statement of a chain. A known digest is a duplicate whatever its signature: signatures have several forms,
    /// and what counts is what was said.
    fn admit<B: Body>(
        &mut self,
        statement: &B,
        digest: &Digest,
        subject: Subject,
        key_epoch: u32,
        signature: &[u8],
    ) -> Result<Signer, Halt> {
        let (chain, seq) = (statement.chain_key(), statement.seq());
        let head = self.head(&chain)?;
        let earlier = if seq <= head.seq {
            self.digest_at(&chain, seq)?
        } else {
            None
        };
        if earlier.as_ref() == Some(digest) {
            return Err(StatementOutcome::Duplicate.into());
        }
        let signer = self.signer(subject, key_epoch)?.ok_or(StatementOutcome::UnknownKey)?;
        self.check_signature(&signer.key.public_key, digest, signature)?;
        if earlier.is_some() {
            return Err(StatementOutcome::Conflict.into());
        }
        if seq > head.seq.saturating_add(1) {
            return Err(StatementOutcome::Gap.into());
        }
        if seq <= head.seq || statement.prev_digest() != &head.digest {
            return Err(StatementOutcome::WrongParent.into());
        }
        Ok(signer)
    }

    fn check_signature(&self, key: &PublicKey, digest: &Digest, signature: &[u8]) -> Result<(), Halt> {
        match signature::verify(self.place.api, key, digest, signature) {
            true => Ok(()),
            false => Err(StatementOutcome::BadSignature.into()),
        }
    }

    /// Gives the statement its place. `head` carries what it changed beside.
    fn advance<B: Body>(
        &mut self,
        statement: &B,
        digest: &Digest,
        mut head: Head,
        verdict: Result<(), StatementOutcome>,
    ) -> StatementOutcome {
        let outcome = verdict.err().unwrap_or(StatementOutcome::Accepted);
        (head.seq, head.digest) = (statement.seq(), *digest);
        let chain = statement.chain_key();
        if matches!(chain, ChainKey::Job { .. }) {
            let row = StatementRow {
                digest: *digest,
                outcome,
            };
            STATEMENTS.save(self.storage, &(chain, head.seq), &row);
        }
        self.put(chain, head);
        self.tally.advanced = self.tally.advanced.saturating_add(1);
        outcome
    }

    fn put(&mut self, chain: ChainKey, head: Head) {
        self.heads.insert(chain, Chain { head, changed: true });
    }

    fn head(&mut self, key: &ChainKey) -> StdResult<Head> {
        if let Some(chain) = self.heads.get(key) {
            return Ok(chain.head.clone());
        }
        let head = load_head(self.storage, key)?;
        let chain = Chain {
            head: head.clone(),
            changed: false,
        };
        self.heads.insert(*key, chain);
        Ok(head)
    }

    fn digest_at(&self, chain: &ChainKey, seq: u64) -> StdResult<Option<Digest>> {
        if let ChainKey::Usage { gateway, key_epoch } = *chain {
            let report = ReportRef {
                gateway,
                key_epoch,
                seq,
            };
            return Ok(REPORTS.may_load(self.storage, &report)?.map(|row| row.digest));
        }
        Ok(STATEMENTS.may_load(self.storage, &(*chain, seq))?.map(|row| row.digest))
    }

    fn signer(&mut self, of: Subject, key_epoch: u32) -> StdResult<Option<Signer>> {
        let index = (of.role, of.id, key_epoch);
        if let Some(signer) = self.signers.get(&index) {
            return Ok(Some(signer.clone()));
        }
        let Some(key) = enrolled::key(self.storage, of, key_epoch)? else {
            return Ok(None);
        };
        let stands = SUBJECTS.load(self.storage, &of)?.stands(of.role, self.place.params);
        let signer = Signer { key, stands };
        self.signers.insert(index, signer.clone());
        Ok(Some(signer))
    }
}

/// Where a chain stands; before its first statement, at its beginning.
pub fn load_head(storage: &dyn Storage, key: &ChainKey) -> StdResult<Head> {
    let beginning = || Head {
        seq: 0,
        digest: key.first_prev_digest(),
        window_start: 0,
        window_end: 0,
        work: matches!(key, ChainKey::Job { .. }).then(Work::default),
    };
    Ok(HEADS.may_load(storage, key)?.unwrap_or_else(beginning))
}

/// The entries, if they are those that `root` and `calls` commit to.
pub fn matching_entries(bytes: &[u8], root: &Digest, calls: u64) -> Option<Vec<Entry>> {
    let entries = decode_entries(bytes).ok()?;
    let actual = log_root(&entries).ok()?;
    (actual.hash == *root && actual.sums.calls == calls).then_some(entries)
}

fn subject(role: Role, id: u64) -> Subject {
    Subject { role, id }
}

/// Names a report.
pub fn reference(report: &UsageReport) -> ReportRef {
    ReportRef {
        gateway: report.gateway,
        key_epoch: report.key_epoch,
        seq: report.seq,
    }
}

fn report_row(report: &UsageReport, digest: &Digest, outcome: StatementOutcome, now: u64) -> ReportRow {
    ReportRow {
        digest: *digest,
        outcome,
        log_root: report.log_root,
        window_start: report.window.start(),
        window_end: report.window.end(),
        calls: report.calls,
        received_at: now,
    }
}

fn settle(report: &UsageReport, entries: Vec<Entry>) -> SettleReport {
    vault::settle_report(reference(report), report.window.start(), report.window.end(), entries)
}

//! What became of statements, read from the contract's state.

use interfaces::attestation_oracle::{StatementOutcome, StatementResponse};

use super::{Engine, EngineError, Progress};
use crate::class::{Class, Failure};
use crate::failpoint;
use crate::outbox::{Change, OpenTx, Record, TxEnd};
use crate::outcome::{self, Meaning, State};
use crate::rpc::{IncludedTx, Lookup};
use crate::tx;

/// Statements finalised in one round.
const FINALISE_AT_ONCE: u32 = 1_000;
/// What a statement is told when the contract has another digest at its place.
const CONFLICT_NOTE: &str = "another statement was accepted at this place: evidence of equivocation";

/// What the contract's state says about one statement.
pub(super) enum Place {
    /// It is recorded.
    Recorded(StatementOutcome),
    /// Another statement is recorded there.
    Taken,
    /// Nothing is recorded there.
    Empty,
}

fn place(record: &Record, answer: Option<StatementResponse>) -> Place {
    match answer {
        None => Place::Empty,
        Some(answer) if answer.digest.as_slice() == record.statement.digest => Place::Recorded(answer.outcome),
        Some(_) => Place::Taken,
    }
}

impl Engine {
    pub(super) async fn place(&self, record: &Record, min_height: u64) -> Result<Place, EngineError> {
        let statement = &record.statement;
        let answer = self
            .chain
            .statement(&statement.chain, statement.seq, min_height)
            .await?;
        Ok(place(record, answer))
    }

    /// A node says the transaction is in a block. What each statement became is asked of the contract; the transaction's
    /// own data only explains why a statement is *not* there.
    pub(super) async fn settle(&mut self, open: OpenTx, included: IncludedTx) -> Result<Progress, EngineError> {
        let outcomes = tx::outcomes(&included.data).unwrap_or_default();
        let ids = open.statements.clone();
        let records = self.outbox.run(move |outbox| outbox.records(&ids)).await?;
        let mut changes = Vec::with_capacity(records.len());
        for (position, record) in records.iter().enumerate() {
            let place = self.place(record, included.height).await?;
            let told = outcomes.get(position).copied();
            match self.change_after_inclusion(record, place, told, &included).await? {
                Some(change) => changes.push(change),
                None => return self.unproved(&included),
            }
        }
        match included.code {
            0 => self.record_success(open, included, changes).await,
            _ => self.record_failure(open, included, changes).await,
        }
    }

    /// The step of one statement, or nothing if the claim of inclusion contradicts the contract's state.
    async fn change_after_inclusion(
        &self,
        record: &Record,
        place: Place,
        told: Option<StatementOutcome>,
        included: &IncludedTx,
    ) -> Result<Option<Change>, EngineError> {
        let change = |to| Change::to(record.id, to).height(included.height);
        Ok(match (place, told) {
            (Place::Recorded(recorded), Some(StatementOutcome::Duplicate)) => {
                let own = self.was_included_before(record.id).await?;
                Some(change(outcome::recorded_state(recorded, own)).code(outcome::code(recorded)))
            }
            (Place::Recorded(recorded), _) => Some(change(State::Included).code(outcome::code(recorded))),
            (Place::Taken, _) => Some(change(State::Rejected).code(14).note(CONFLICT_NOTE)),
            (Place::Empty, _) if included.code != 0 => Some(Change::to(record.id, State::Queued)),
            (Place::Empty, Some(told)) => self.change_after_refusal(record, told),
            (Place::Empty, None) => None,
        })
    }

    /// The step of a statement that the contract said it refused, and does not have. Nothing if it said anything else.
    pub(super) fn change_after_refusal(&self, record: &Record, told: StatementOutcome) -> Option<Change> {
        let code = outcome::code(told);
        match outcome::meaning(told) {
            Meaning::RefusedForGood => Some(Change::to(record.id, State::Rejected).code(code)),
            Meaning::RefusedForNow => {
                let to = self.after_attempt(record.attempts);
                Some(
                    Change::to(record.id, to)
                        .code(code)
                        .note(outcome::code_name(code))
                        .failed(),
                )
            }
            Meaning::Recorded | Meaning::AlreadyRecorded => None,
        }
    }

    /// One node's word against the contract's state: believe neither, ask again.
    pub(super) fn unproved(&mut self, included: &IncludedTx) -> Result<Progress, EngineError> {
        tracing::warn!(
            endpoint = included.endpoint,
            height = included.height,
            "claim of inclusion is not borne out by the contract"
        );
        self.chain.rpc().distrust(included.endpoint);
        Ok(Progress::Waiting)
    }

    async fn record_success(
        &mut self,
        open: OpenTx,
        included: IncludedTx,
        changes: Vec<Change>,
    ) -> Result<Progress, EngineError> {
        for change in changes.iter().filter(|change| change.failed_attempt) {
            self.pace.rest(change.id);
        }
        self.pace.succeeded(open.sequence, included.height);
        self.pace.stir();
        tracing::info!(
            hash = hex::encode_upper(open.hash),
            height = included.height,
            statements = open.statements.len(),
            "included"
        );
        failpoint::hit("before_confirm_write");
        self.close(open.id, TxEnd::Included, Some(included.height), String::new(), changes)
            .await?;
        failpoint::hit("after_confirm_write");
        Ok(Progress::Moved)
    }

    /// The transaction failed as a whole. Too much for one: split. Terminal: the statement at fault is found by
    /// splitting, and given up when it is alone.
    async fn record_failure(
        &mut self,
        open: OpenTx,
        included: IncludedTx,
        mut changes: Vec<Change>,
    ) -> Result<Progress, EngineError> {
        let failure = Failure::from_code(&included.codespace, included.code, &included.log);
        tracing::warn!(
            hash = hex::encode_upper(open.hash),
            class = failure.class.name(),
            log = failure.log,
            "failed"
        );
        let alone = open.statements.len() == 1;
        if failure.class == Class::OutOfGas {
            self.pace.ran_out_of_gas();
        }
        match failure.class {
            Class::OutOfGas | Class::Terminal if !alone => self.pace.bisect(open.statements.len()),
            Class::Terminal => changes
                .iter_mut()
                .for_each(|change| give_up(change, &failure, State::Dead)),
            Class::OutOfGas => {
                let record = self.first_record(&open).await?;
                let to = self.after_attempt(record.map_or(0, |record| record.attempts));
                changes.iter_mut().for_each(|change| give_up(change, &failure, to));
            }
            Class::Transient | Class::SequenceMismatch | Class::Config => {}
        }
        self.pace.stir();
        failpoint::hit("before_confirm_write");
        self.close(
            open.id,
            TxEnd::Failed,
            Some(included.height),
            failure.to_string(),
            changes,
        )
        .await?;
        failpoint::hit("after_confirm_write");
        match failure.class {
            Class::Config => Err(EngineError::Hold(format!("transactions fail: {}", failure.log))),
            _ => Ok(Progress::Moved),
        }
    }

    async fn first_record(&self, open: &OpenTx) -> Result<Option<Record>, EngineError> {
        let ids: Vec<i64> = open.statements.iter().copied().take(1).collect();
        Ok(self.outbox.run(move |outbox| outbox.records(&ids)).await?.pop())
    }

    /// Whether a transaction of ours that was given up carried the statement and was included after all.
    pub(super) async fn was_included_before(&self, statement: i64) -> Result<bool, EngineError> {
        for (id, hash) in self.outbox.run(move |outbox| outbox.given_up_txs(statement)).await? {
            if let Lookup::Found(IncludedTx { code: 0, height, .. }) = self.chain.rpc().lookup(&hash).await? {
                self.outbox
                    .run(move |outbox| outbox.included_after_all(id, height))
                    .await?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The step of a statement whose place the contract says is taken. Nothing if it has no statement there.
    pub(super) async fn reconcile(&self, record: &Record) -> Result<Option<Change>, EngineError> {
        let change = |to| Change::to(record.id, to);
        Ok(match self.place(record, 0).await? {
            Place::Recorded(recorded) => {
                let own = self.was_included_before(record.id).await?;
                Some(change(outcome::recorded_state(recorded, own)).code(outcome::code(recorded)))
            }
            Place::Taken => Some(change(State::Rejected).code(14).note(CONFLICT_NOTE)),
            Place::Empty => None,
        })
    }

    /// Ends statements that have enough confirmations. With more than one, the contract is asked again first.
    pub(super) async fn finalise(&mut self) -> Result<bool, EngineError> {
        let needed = self.config.tx.confirmations;
        let height = self.height()?;
        let included = self
            .outbox
            .run(|outbox| outbox.in_state(State::Included, FINALISE_AT_ONCE))
            .await?;
        let deep = |record: &Record| height.saturating_add(1).saturating_sub(record.height.unwrap_or(0)) >= needed;
        let mut changes = Vec::new();
        for record in included.into_iter().filter(deep) {
            changes.push(self.final_change(&record, needed).await?);
        }
        if changes.is_empty() {
            return Ok(false);
        }
        failpoint::hit("before_final_write");
        self.apply(changes).await?;
        failpoint::hit("after_final_write");
        Ok(true)
    }

    async fn final_change(&self, record: &Record, confirmations: u64) -> Result<Change, EngineError> {
        if confirmations > 1 {
            return Ok(match self.place(record, self.height()?).await? {
                Place::Recorded(recorded) => final_of(record.id, outcome::code(recorded)),
                Place::Taken => Change::to(record.id, State::Rejected).code(14).note(CONFLICT_NOTE),
                Place::Empty => Change::to(record.id, State::Queued).note("no longer recorded"),
            });
        }
        Ok(final_of(record.id, record.code.unwrap_or(0)))
    }
}

/// Codes 20 to 28 are void: recorded, without effect.
fn final_of(id: i64, code: u32) -> Change {
    let to = match code {
        20..=28 => State::Rejected,
        _ => State::Final,
    };
    Change::to(id, to).code(code)
}

fn give_up(change: &mut Change, failure: &Failure, to: State) {
    if change.to == State::Queued {
        change.to = to;
        change.code = failure.contract_code;
        change.note = failure.to_string();
        change.failed_attempt = true;
    }
}

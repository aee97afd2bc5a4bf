//! Reports whose receiver failed, handed to it again.
//!
//! Whether that is still needed is asked of the contract first, each time: anybody may deliver, and whoever is second
//! finds it done. Then it is simulated, so that a receiver that still fails costs nothing but the question.

use interfaces::attestation_oracle::{ChainId, StatementOutcome};
use interfaces::credit_vault::ReportRef;

use super::confirm::Place;
use super::{Engine, EngineError, Progress};
use crate::class::{Class, Failure};
use crate::failpoint;
use crate::fee::TooExpensive;
use crate::outbox::{Attempt, Delivery, OpenTx, Record, TxEnd};
use crate::rpc::{IncludedTx, RpcError};
use crate::tx;

fn report(record: &Record) -> Option<ReportRef> {
    let seq = record.statement.seq;
    match record.statement.chain {
        ChainId::Usage { gateway, key_epoch } => Some(ReportRef {
            gateway,
            key_epoch,
            seq,
        }),
        ChainId::Job { .. } => None,
    }
}

impl Engine {
    /// Delivers the report that is due longest, if there is one.
    pub(super) async fn deliver(&mut self) -> Result<Progress, EngineError> {
        let now = self.now()?;
        let Some(due) = self.outbox.run(move |outbox| outbox.due_delivery(now)).await? else {
            return Ok(Progress::Idle);
        };
        let record = self.record(due.statement).await?;
        let place = self.place(&record, self.pace.state_height()).await?;
        match (place, report(&record)) {
            (Place::Recorded(StatementOutcome::Undelivered), Some(report)) => self.attempt(&due, &record, report).await,
            (Place::Recorded(_), _) => self.delivered(due.statement).await,
            _ => self.postpone(&due, "the contract does not know the report").await,
        }
    }

    async fn attempt(&mut self, due: &Delivery, record: &Record, report: ReportRef) -> Result<Progress, EngineError> {
        if due.attempts >= self.config.deliver.max_attempts {
            let statement = due.statement;
            tracing::warn!(
                digest = hex::encode(record.statement.digest),
                note = due.note,
                "delivery given up"
            );
            self.outbox
                .run(move |outbox| outbox.give_up_delivery(statement))
                .await?;
            return Ok(Progress::Moved);
        }
        let sender = self.sender().await?;
        let timeout_height = self.height()?.saturating_add(self.config.tx.timeout_blocks);
        let unsigned = self.execution(&tx::deliver(report, &record.statement.entries), timeout_height)?;
        let gas = match self.chain.simulate(&unsigned.for_simulation(&sender)?).await {
            Ok(simulation) => simulation.gas_used,
            Err(error @ RpcError::Query { .. }) => return self.still_fails(due, &error.failure()).await,
            Err(error) => return Err(error.into()),
        };
        match self.quote(gas).await? {
            Ok(quote) => {
                let attempt = Some(self.next(due)?);
                self.sign(vec![], attempt, unsigned, sender, quote, timeout_height)
                    .await
            }
            Err(expensive @ TooExpensive::Day { .. }) => Err(EngineError::Hold(expensive.to_string())),
            Err(expensive) => self.postpone(due, &expensive.to_string()).await,
        }
    }

    async fn still_fails(&mut self, due: &Delivery, failure: &Failure) -> Result<Progress, EngineError> {
        match failure.class {
            Class::Transient | Class::SequenceMismatch => Ok(Progress::Waiting),
            Class::OutOfGas | Class::Terminal | Class::Config => self.postpone(due, &failure.log).await,
        }
    }

    async fn postpone(&mut self, due: &Delivery, note: &str) -> Result<Progress, EngineError> {
        let (attempt, note) = (self.next(due)?, note.to_owned());
        tracing::info!(attempts = due.attempts, next = attempt.next, note, "not delivered");
        self.outbox
            .run(move |outbox| outbox.postpone_delivery(attempt, &note))
            .await?;
        Ok(Progress::Moved)
    }

    fn next(&self, due: &Delivery) -> Result<Attempt, EngineError> {
        let pause = self.config.deliver.pause(due.attempts);
        Ok(Attempt {
            statement: due.statement,
            next: self.now()?.saturating_add(pause),
        })
    }

    async fn delivered(&self, statement: i64) -> Result<Progress, EngineError> {
        let now = self.now()?;
        self.outbox.run(move |outbox| outbox.delivered(statement, now)).await?;
        Ok(Progress::Moved)
    }

    /// A node says that a delivery is in a block. As with statements, the contract's state has the last word.
    pub(super) async fn settle_delivery(
        &mut self,
        open: OpenTx,
        statement: i64,
        included: IncludedTx,
    ) -> Result<Progress, EngineError> {
        if included.code != 0 {
            return self.delivery_failed(open, &included).await;
        }
        let record = self.record(statement).await?;
        let place = self.place(&record, included.height).await?;
        if !matches!(place, Place::Recorded(outcome) if outcome != StatementOutcome::Undelivered) {
            return self.unproved(&included);
        }
        self.pace.succeeded(open.sequence, included.height);
        failpoint::hit("before_confirm_write");
        self.close(open.id, TxEnd::Included, Some(included.height), String::new(), vec![])
            .await?;
        failpoint::hit("after_confirm_write");
        self.delivered(statement).await
    }

    /// It failed in its block though it did not in simulation: somebody was faster, or the receiver changed.
    async fn delivery_failed(&mut self, open: OpenTx, included: &IncludedTx) -> Result<Progress, EngineError> {
        let failure = Failure::from_code(&included.codespace, included.code, &included.log);
        if failure.class == Class::OutOfGas {
            self.pace.ran_out_of_gas();
        }
        failpoint::hit("before_confirm_write");
        self.close(
            open.id,
            TxEnd::Failed,
            Some(included.height),
            failure.to_string(),
            vec![],
        )
        .await?;
        failpoint::hit("after_confirm_write");
        match failure.class {
            Class::Config => Err(EngineError::Hold(format!("transactions fail: {}", failure.log))),
            _ => Ok(Progress::Moved),
        }
    }
}

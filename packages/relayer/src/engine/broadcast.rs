//! The open transaction: found by hash, sent again, or given up.

use std::time::Duration;

use super::{Engine, EngineError, Progress};
use crate::class::{Class, Failure};
use crate::failpoint;
use crate::outbox::{Change, OpenTx, TxEnd};
use crate::outcome::State;
use crate::rpc::{Lookup, RpcError};

/// Blocks to wait before believing that a transaction is in none of them: nodes index after they commit.
const INDEX_LAG: u64 = 2;

impl Engine {
    /// Brings the open transaction one step further. It is always looked up before anything else happens to it.
    pub(super) async fn drive(&mut self, open: OpenTx) -> Result<Progress, EngineError> {
        match self.lookup(&open).await? {
            Lookup::Found(included) => match open.delivers {
                Some(statement) => self.settle_delivery(open, statement, included).await,
                None => self.settle(open, included).await,
            },
            Lookup::Missing { at_height } if self.is_lost(&open, at_height).await? => self.release(open).await,
            Lookup::Missing { .. } => self.send(open).await,
        }
    }

    /// A node without an index cannot say where a transaction is; then its time decides, and the contract's state.
    async fn lookup(&self, open: &OpenTx) -> Result<Lookup, EngineError> {
        match self.chain.rpc().lookup(&open.hash).await {
            Err(RpcError::Refused { message, .. }) if message.contains("indexing is disabled") => {
                tracing::warn!("no endpoint has a transaction index; set `indexer = \"kv\"` in a node's config.toml");
                Ok(Lookup::Missing {
                    at_height: self.height()?,
                })
            }
            answer => Ok(answer?),
        }
    }

    /// Whether the transaction can never be included any more: its height has passed, or its sequence is used.
    async fn is_lost(&mut self, open: &OpenTx, at_height: u64) -> Result<bool, EngineError> {
        if at_height > open.timeout_height.saturating_add(INDEX_LAG) {
            return Ok(true);
        }
        let account = self.chain.account(self.identity.address.as_ref(), 0).await?;
        if account.sequence <= open.sequence {
            return Ok(false);
        }
        let first = self.pace.passed(open.id, at_height);
        Ok(at_height > first.saturating_add(INDEX_LAG))
    }

    /// Sends the stored bytes, the very same each time.
    async fn send(&mut self, open: OpenTx) -> Result<Progress, EngineError> {
        if !self.pace.due(open.id, Duration::from_millis(self.config.tx.resend_ms)) {
            return Ok(Progress::Waiting);
        }
        self.pace.sent(open.id);
        let answer = self.chain.rpc().broadcast(&open.bytes).await;
        failpoint::hit("after_broadcast_before_ack");
        let failure = match answer {
            Ok(answer) if answer.code == 0 => None,
            Ok(answer) => Some(Failure::from_code(&answer.codespace, answer.code, &answer.log)),
            Err(error) => Some(error.failure()),
        };
        match failure.filter(|failure| !failure.already_known) {
            None => self.acknowledged(open).await,
            Some(failure) => self.refused(open, failure).await,
        }
    }

    async fn acknowledged(&self, open: OpenTx) -> Result<Progress, EngineError> {
        let id = open.id;
        self.outbox.run(move |outbox| outbox.acknowledged(id)).await?;
        failpoint::hit("after_ack_before_lookup");
        tracing::info!(hash = hex::encode_upper(open.hash), sequence = open.sequence, "sent");
        Ok(Progress::Waiting)
    }

    /// A node did not take the bytes.
    async fn refused(&mut self, open: OpenTx, failure: Failure) -> Result<Progress, EngineError> {
        tracing::warn!(
            hash = hex::encode_upper(open.hash),
            class = failure.class.name(),
            log = failure.log,
            "not taken"
        );
        match failure.class {
            _ if failure.fee_too_low => {
                self.pace.escalate();
                self.withdraw(open, &failure, State::Queued).await
            }
            // Either it is included and not yet indexed, or the sequence is somebody else's: the lookup will tell.
            Class::Transient | Class::SequenceMismatch => Ok(Progress::Waiting),
            Class::Config => {
                self.withdraw(open, &failure, State::Queued).await?;
                Err(EngineError::Hold(format!(
                    "transactions are not taken: {}",
                    failure.log
                )))
            }
            Class::OutOfGas | Class::Terminal if open.statements.len() > 1 => {
                self.pace.bisect(open.statements.len());
                self.withdraw(open, &failure, State::Queued).await
            }
            Class::OutOfGas | Class::Terminal => self.withdraw(open, &failure, State::Dead).await,
        }
    }

    /// Ends a transaction that a node refused. Should another node include it all the same, its sequence is the next
    /// transaction's too, so only one of them can be; and the contract takes each statement once.
    async fn withdraw(&mut self, open: OpenTx, failure: &Failure, to: State) -> Result<Progress, EngineError> {
        let change = |id: &i64| Change::to(*id, to).note(failure.to_string());
        let changes: Vec<_> = open.statements.iter().map(change).collect();
        self.close(open.id, TxEnd::Withdrawn, None, failure.to_string(), changes)
            .await?;
        Ok(Progress::Moved)
    }

    /// Frees the statements of a transaction that can no longer be included. They are planned again, and the plan begins
    /// by asking the contract which of them it has.
    async fn release(&mut self, open: OpenTx) -> Result<Progress, EngineError> {
        self.pace.escalate();
        self.pace.stir();
        let changes: Vec<_> = open
            .statements
            .iter()
            .map(|id| Change::to(*id, State::Queued))
            .collect();
        failpoint::hit("before_release_write");
        let note = format!("not included by height {}", open.timeout_height);
        tracing::warn!(
            hash = hex::encode_upper(open.hash),
            sequence = open.sequence,
            note,
            "released"
        );
        self.close(open.id, TxEnd::Lost, None, note, changes).await?;
        failpoint::hit("after_release_write");
        Ok(Progress::Moved)
    }

    /// Ends a transaction in the outbox and counts it.
    pub(super) async fn close(
        &self,
        tx: i64,
        end: TxEnd,
        height: Option<u64>,
        note: String,
        changes: Vec<Change>,
    ) -> Result<(), EngineError> {
        let now = self.now()?;
        let to_apply = changes.clone();
        self.outbox
            .run(move |outbox| outbox.close_tx(tx, end, height, &note, &to_apply, now))
            .await?;
        self.metrics.transaction(end.name());
        self.settled(&changes);
        Ok(())
    }
}

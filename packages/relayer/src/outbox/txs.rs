//! Transactions of the outbox: reserved, signed and stored in one step, then settled, withdrawn or released.

use attestation::Digest;
use rusqlite::{params, OptionalExtension};

use super::{Attempt, Outbox, OutboxError};
use crate::clock::Seconds;
use crate::failpoint;
use crate::fee::Quote;
use crate::outcome::State;
use crate::tx::{Signed, TxError};

/// A step of one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub id: i64,
    pub to: State,
    pub code: Option<u32>,
    pub height: Option<u64>,
    pub note: String,
    /// Counts towards giving up.
    pub failed_attempt: bool,
}

impl Change {
    /// A plain step.
    pub fn to(id: i64, to: State) -> Self {
        Self {
            id,
            to,
            code: None,
            height: None,
            note: String::new(),
            failed_attempt: false,
        }
    }

    pub fn code(self, code: u32) -> Self {
        Self {
            code: Some(code),
            ..self
        }
    }

    pub fn height(self, height: u64) -> Self {
        Self {
            height: Some(height),
            ..self
        }
    }

    pub fn note(self, note: impl Into<String>) -> Self {
        Self {
            note: note.into(),
            ..self
        }
    }

    pub fn failed(self) -> Self {
        Self {
            failed_attempt: true,
            ..self
        }
    }
}

/// What a transaction is to carry and to cost.
#[derive(Clone, Debug)]
pub struct Pledge {
    pub account: String,
    pub sequence: u64,
    pub timeout_height: u64,
    pub quote: Quote,
    /// In the order of the message; empty for a delivery.
    pub statements: Vec<i64>,
    /// The report that is delivered again, instead of statements.
    pub delivery: Option<Attempt>,
}

/// The transaction that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenTx {
    pub id: i64,
    pub sequence: u64,
    pub timeout_height: u64,
    pub bytes: Vec<u8>,
    pub hash: Digest,
    /// In the order of the message; empty for a delivery.
    pub statements: Vec<i64>,
    /// The statement whose report is delivered again.
    pub delivers: Option<i64>,
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TxEnd {
    /// In a block, and it succeeded.
    Included,
    /// In a block, and it failed.
    Failed,
    /// Refused by a node before any block.
    Withdrawn,
    /// Can no longer be included.
    Lost,
}

impl TxEnd {
    pub fn name(self) -> &'static str {
        match self {
            Self::Included => "included",
            Self::Failed => "failed",
            Self::Withdrawn => "withdrawn",
            Self::Lost => "lost",
        }
    }
}

/// Days of chain time, for the daily cap.
pub(super) fn day(now: Seconds) -> u64 {
    now / 86_400
}

impl Outbox {
    /// Reserves the sequence, signs, and stores the bytes with the statements in flight: one database transaction, so
    /// that there is never a signed transaction the outbox does not know, nor one it knows and cannot send again.
    ///
    /// # Errors
    /// [`OutboxError`]; nothing is reserved then.
    pub fn pledge(
        &self,
        pledge: &Pledge,
        now: Seconds,
        sign: impl FnOnce() -> Result<Signed, TxError>,
    ) -> Result<OpenTx, OutboxError> {
        let open = self.write(|steps| {
            steps.tx.execute(
                "INSERT INTO txs (account, sequence, timeout_height, gas_limit, fee, day, state, bytes, hash)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'open', x'', x'')",
                params![
                    pledge.account,
                    pledge.sequence,
                    pledge.timeout_height,
                    pledge.quote.gas_limit,
                    pledge.quote.fee,
                    day(now)
                ],
            )?;
            let id = steps.tx.last_insert_rowid();
            failpoint::hit("after_reserve_before_sign");
            let signed = sign()?;
            failpoint::hit("after_sign_before_store");
            steps.tx.execute(
                "UPDATE txs SET bytes = ?2, hash = ?3 WHERE id = ?1",
                params![id, signed.bytes, signed.hash],
            )?;
            for (position, statement) in pledge.statements.iter().enumerate() {
                let position = i64::try_from(position).unwrap_or(i64::MAX);
                steps.tx.execute(
                    "INSERT INTO tx_statements VALUES (?1, ?2, ?3)",
                    params![id, position, statement],
                )?;
                steps.change(&Change::to(*statement, State::InFlight), now)?;
            }
            if let Some(attempt) = pledge.delivery {
                steps.attempt(attempt, Some(id), "")?;
            }
            Ok(OpenTx {
                id,
                sequence: pledge.sequence,
                timeout_height: pledge.timeout_height,
                bytes: signed.bytes,
                hash: signed.hash,
                statements: pledge.statements.clone(),
                delivers: pledge.delivery.map(|attempt| attempt.statement),
            })
        })?;
        failpoint::hit("after_store_before_broadcast");
        Ok(open)
    }

    /// The transaction that is under way, if any.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn open_tx(&self, account: &str) -> Result<Option<OpenTx>, OutboxError> {
        self.read(|db| {
            let query =
                "SELECT id, sequence, timeout_height, bytes, hash FROM txs WHERE account = ?1 AND state = 'open'";
            let open = db.query_row(query, [account], |row| {
                Ok(OpenTx {
                    id: row.get(0)?,
                    sequence: row.get(1)?,
                    timeout_height: row.get(2)?,
                    bytes: row.get(3)?,
                    hash: row.get(4)?,
                    statements: vec![],
                    delivers: None,
                })
            });
            let Some(open) = open.optional()? else {
                return Ok(None);
            };
            let query = "SELECT statement FROM tx_statements WHERE tx = ?1 ORDER BY position";
            let statements = db
                .prepare_cached(query)?
                .query_map([open.id], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            let query = "SELECT statement FROM deliveries WHERE tx = ?1";
            let delivers = db.query_row(query, [open.id], |row| row.get(0)).optional()?;
            Ok(Some(OpenTx {
                statements,
                delivers,
                ..open
            }))
        })
    }

    /// Open transactions of accounts other than `account`: left by an earlier key.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn foreign_open_accounts(&self, account: &str) -> Result<Vec<String>, OutboxError> {
        self.read(|db| {
            let query = "SELECT account FROM txs WHERE account <> ?1 AND state = 'open'";
            db.prepare(query)?.query_map([account], |row| row.get(0))?.collect()
        })
    }

    /// A node took the bytes.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn acknowledged(&self, tx: i64) -> Result<(), OutboxError> {
        self.read(|db| {
            db.execute("UPDATE txs SET broadcasts = broadcasts + 1 WHERE id = ?1", [tx])
                .map(drop)
        })
    }

    /// Ends a transaction and moves its statements on, in one step.
    ///
    /// # Errors
    /// [`OutboxError`]; nothing changes then.
    pub fn close_tx(
        &self,
        tx: i64,
        end: TxEnd,
        height: Option<u64>,
        note: &str,
        changes: &[Change],
        now: Seconds,
    ) -> Result<(), OutboxError> {
        self.write(|steps| {
            steps.tx.execute(
                "UPDATE txs SET state = ?2, height = ?3, note = ?4 WHERE id = ?1 AND state = 'open'",
                params![tx, end.name(), height, note],
            )?;
            steps
                .tx
                .execute("UPDATE deliveries SET note = ?2 WHERE tx = ?1", params![tx, note])?;
            changes.iter().try_for_each(|change| steps.change(change, now))
        })
    }

    /// Transactions given up that carried this statement: one of them may have been included after all.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn given_up_txs(&self, statement: i64) -> Result<Vec<(i64, Digest)>, OutboxError> {
        self.read(|db| {
            let query = "SELECT txs.id, txs.hash FROM txs JOIN tx_statements ON tx_statements.tx = txs.id
                WHERE tx_statements.statement = ?1 AND txs.state IN ('withdrawn', 'lost')";
            db.prepare_cached(query)?
                .query_map([statement], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
    }

    /// A transaction that was given up turned out to be included.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn included_after_all(&self, tx: i64, height: u64) -> Result<(), OutboxError> {
        self.read(|db| {
            db.execute(
                "UPDATE txs SET state = 'included', height = ?2 WHERE id = ?1",
                params![tx, height],
            )
            .map(drop)
        })
    }

    /// Whether a statement was in an included transaction of ours, and that transaction's hash, newest first.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn tx_hash(&self, statement: i64) -> Result<Option<Digest>, OutboxError> {
        self.read(|db| {
            let query = "SELECT txs.hash FROM txs JOIN tx_statements ON tx_statements.tx = txs.id
                WHERE tx_statements.statement = ?1 ORDER BY txs.state = 'included' DESC, txs.id DESC LIMIT 1";
            db.query_row(query, [statement], |row| row.get(0)).optional()
        })
    }

    /// What transactions signed today have cost or may still cost.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn spent_today(&self, now: Seconds) -> Result<u64, OutboxError> {
        self.read(|db| {
            let query =
                "SELECT coalesce(sum(fee), 0) FROM txs WHERE day = ?1 AND state IN ('open', 'included', 'failed')";
            db.query_row(query, [day(now)], |row| row.get(0))
        })
    }

    /// How transactions ended, by state.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn tx_counts(&self) -> Result<Vec<(String, u64)>, OutboxError> {
        self.read(|db| {
            let query = "SELECT state, COUNT(*) FROM txs GROUP BY state ORDER BY state";
            db.prepare(query)?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
    }
}

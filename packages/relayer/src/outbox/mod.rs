//! What was accepted and what became of it, on disk.
//!
//! One SQLite file in WAL mode with `synchronous = FULL`. Every change of a statement's state goes through one function
//! that refuses steps the state machine does not have, and is announced only after its commit.

mod deliveries;
mod prune;
mod schema;
mod txs;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use attestation::Digest;
use interfaces::attestation_oracle::ChainId;
use rusqlite::types::Type;
use rusqlite::{params, Connection, OptionalExtension, Row, Transaction, TransactionBehavior};
use serde::Serialize;
use thiserror::Error;
use tokio::sync::{broadcast, Notify};

use crate::clock::Seconds;
use crate::failpoint;
use crate::outcome::State;
use crate::planner::Candidate;
use crate::statement::{Kind, Statement};
use crate::tx::statement_size;

pub use deliveries::{Attempt, Delivery, DeliveryState};
pub use txs::{Change, OpenTx, Pledge, TxEnd};

/// Events kept for a slow listener; it is told how many it missed.
const EVENT_BUFFER: usize = 4_096;

/// The database failed, or was asked for something it must not do.
#[derive(Debug, Error)]
pub enum OutboxError {
    #[error("outbox: {0}")]
    Database(#[from] rusqlite::Error),
    #[error("outbox {0} cannot be opened: {1}; check that the folder exists and is writable")]
    Open(PathBuf, String),
    #[error("the outbox has schema {found}, this relayer knows up to {known}; use the newer relayer that made it")]
    Newer { found: usize, known: usize },
    #[error("statement {id} cannot go from {from} to {to}")]
    Step { id: i64, from: State, to: State },
    #[error("outbox worker ended: {0}")]
    Worker(String),
    #[error(transparent)]
    Tx(#[from] crate::tx::TxError),
}

/// A statement and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub id: i64,
    pub statement: Statement,
    pub state: State,
    /// The contract's outcome.
    pub code: Option<u32>,
    pub note: String,
    pub attempts: u32,
    pub height: Option<u64>,
    pub received_at: Seconds,
    pub updated_at: Seconds,
}

/// A statement changed its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    pub digest: String,
    pub state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u64>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What an insertion found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    New,
    /// Was given up and lives again.
    Revived,
    Known(State),
}

/// A chain with statements that wait, and its newest row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub chain: ChainId,
    pub newest: i64,
}

/// The database and who listens to it.
pub struct Outbox {
    db: Mutex<Connection>,
    events: broadcast::Sender<Event>,
    /// Woken when there is something to plan.
    pub wake: Arc<Notify>,
}

impl Outbox {
    /// Opens or creates the file.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn open(path: &Path) -> Result<Self, OutboxError> {
        let mut db = Connection::open(path).map_err(|error| OutboxError::Open(path.into(), error.to_string()))?;
        schema::migrate(&mut db)?;
        Ok(Self {
            db: Mutex::new(db),
            events: broadcast::Sender::new(EVENT_BUFFER),
            wake: Arc::default(),
        })
    }

    /// State changes from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Runs database work on a thread that may block.
    ///
    /// # Errors
    /// The work's own, or [`OutboxError::Worker`] if it panicked.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, OutboxError> + Send + 'static,
    ) -> Result<T, OutboxError> {
        let outbox = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&outbox)).await;
        done.map_err(|error| OutboxError::Worker(error.to_string()))?
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, OutboxError> {
        Ok(work(&self.db.lock().unwrap_or_else(PoisonError::into_inner))?)
    }

    /// Runs work in one transaction and announces what it changed after the commit. A failure rolls everything back.
    fn write<T>(&self, work: impl FnOnce(&mut Steps<'_>) -> Result<T, OutboxError>) -> Result<T, OutboxError> {
        let (result, events) = self.commit(work)?;
        for event in events {
            tracing::info!(
                digest = event.digest,
                state = event.state.name(),
                code = event.code,
                note = event.note,
                "statement"
            );
            // Nobody listening is no error.
            let _ = self.events.send(event);
        }
        Ok(result)
    }

    fn commit<T>(
        &self,
        work: impl FnOnce(&mut Steps<'_>) -> Result<T, OutboxError>,
    ) -> Result<(T, Vec<Event>), OutboxError> {
        let mut db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let mut steps = Steps {
            tx: db.transaction_with_behavior(TransactionBehavior::Immediate)?,
            events: vec![],
        };
        let result = work(&mut steps)?;
        let Steps { tx, events } = steps;
        tx.commit()?;
        Ok((result, events))
    }

    /// Takes verified statements in, all in one commit. A digest is stored once; one that was given up is revived.
    ///
    /// # Errors
    /// [`OutboxError`]; nothing is stored then.
    pub fn insert(&self, statements: &[Statement], now: Seconds) -> Result<Vec<Inserted>, OutboxError> {
        let inserted = self.write(|steps| {
            let done = statements
                .iter()
                .map(|statement| steps.insert(statement, now))
                .collect::<Result<Vec<_>, _>>()?;
            failpoint::hit("after_receive_before_commit");
            Ok(done)
        })?;
        failpoint::hit("after_commit_before_202");
        self.wake.notify_one();
        Ok(inserted)
    }

    /// One statement by its digest.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn get(&self, digest: &Digest) -> Result<Option<Record>, OutboxError> {
        self.read(|db| {
            let query = format!("SELECT {COLUMNS} FROM statements WHERE digest = ?1");
            db.query_row(&query, [digest], record).optional()
        })
    }

    /// One statement by its row.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn by_id(&self, id: i64) -> Result<Record, OutboxError> {
        self.read(|db| db.query_row(&format!("SELECT {COLUMNS} FROM statements WHERE id = ?1"), [id], record))
    }

    /// All statements in one state, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn in_state(&self, state: State, limit: u32) -> Result<Vec<Record>, OutboxError> {
        self.read(|db| {
            let query = format!("SELECT {COLUMNS} FROM statements WHERE state = ?1 ORDER BY id LIMIT ?2");
            db.prepare_cached(&query)?
                .query_map(params![state.name(), limit], record)?
                .collect()
        })
    }

    /// How many statements are in each state.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn counts(&self) -> Result<Vec<(State, u64)>, OutboxError> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT count FROM state_counts WHERE state = ?1")?;
            let mut count = |state: State| {
                let count = query.query_row([state.name()], |row| row.get(0)).optional()?;
                Ok((state, count.unwrap_or(0)))
            };
            State::ALL.into_iter().map(&mut count).collect()
        })
    }

    /// Chains with statements that wait to be sent.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn waiting_chains(&self) -> Result<Vec<Waiting>, OutboxError> {
        self.read(|db| {
            let query = "SELECT chain, MAX(id) FROM statements WHERE state IN ('received', 'queued') GROUP BY chain ORDER BY MIN(id)";
            let waiting = |row: &Row<'_>| {
                Ok(Waiting {
                    chain: json(row, 0)?,
                    newest: row.get(1)?,
                })
            };
            db.prepare_cached(query)?.query_map([], waiting)?.collect()
        })
    }

    /// Statements of one chain that wait to be sent, by (seq, row), at most `limit`.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn waiting(&self, chain: &ChainId, limit: u32) -> Result<Vec<Candidate>, OutboxError> {
        let chain = chain_text(chain);
        self.read(|db| {
            let query = "SELECT id, seq, digest, prev_digest, window_end,
                    length(body) + length(entries) + length(signature) + length(new_signature), state = 'queued'
                FROM statements WHERE chain = ?1 AND state IN ('received', 'queued') ORDER BY seq, id LIMIT ?2";
            db.prepare_cached(query)?
                .query_map(params![chain, limit], candidate)?
                .collect()
        })
    }

    /// Statements by row, in the order given.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn records(&self, ids: &[i64]) -> Result<Vec<Record>, OutboxError> {
        ids.iter().map(|id| self.by_id(*id)).collect()
    }

    /// Carries out changes of state, all or none.
    ///
    /// # Errors
    /// [`OutboxError::Step`] for a step the state machine does not have.
    pub fn apply(&self, changes: &[Change], now: Seconds) -> Result<(), OutboxError> {
        match changes.is_empty() {
            true => Ok(()),
            false => self.write(|steps| changes.iter().try_for_each(|change| steps.change(change, now))),
        }
    }

    /// Revives statements that were given up or refused, and wakes the planner.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn requeue(&self, ids: &[i64], now: Seconds) -> Result<(), OutboxError> {
        self.write(|steps| {
            ids.iter().try_for_each(|id| {
                steps.change(&Change::to(*id, State::Received), now)?;
                steps
                    .tx
                    .execute("UPDATE statements SET attempts = 0, code = NULL WHERE id = ?1", [id])?;
                Ok(())
            })
        })?;
        self.wake.notify_one();
        Ok(())
    }

    /// Pairs of statements by one signer at one place of a chain: evidence of equivocation.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn conflicts(&self) -> Result<Vec<(Record, Record)>, OutboxError> {
        let pairs: Vec<(i64, i64)> = self.read(|db| {
            let query = "SELECT a.id, b.id FROM statements a JOIN statements b
                ON a.chain = b.chain AND a.seq = b.seq AND a.id < b.id ORDER BY a.id, b.id";
            db.prepare(query)?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })?;
        pairs
            .into_iter()
            .map(|(a, b)| Ok((self.by_id(a)?, self.by_id(b)?)))
            .collect()
    }

    /// Moves the write-ahead log into the database file.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn checkpoint(&self) -> Result<(), OutboxError> {
        self.read(|db| db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())))
    }
}

/// One transaction on the database and the events it will have caused.
struct Steps<'a> {
    tx: Transaction<'a>,
    events: Vec<Event>,
}

impl Steps<'_> {
    fn insert(&mut self, statement: &Statement, now: Seconds) -> Result<Inserted, OutboxError> {
        let query = "SELECT id, state FROM statements WHERE digest = ?1";
        let known = self
            .tx
            .query_row(query, [&statement.digest], |row| Ok((row.get(0)?, state(row, 1)?)))
            .optional()?;
        match known {
            None => self.insert_new(statement, now).map(|()| Inserted::New),
            Some((id, State::Dead)) => {
                self.change(&Change::to(id, State::Received), now)?;
                self.tx
                    .execute("UPDATE statements SET attempts = 0, code = NULL WHERE id = ?1", [id])?;
                Ok(Inserted::Revived)
            }
            Some((_, state)) => Ok(Inserted::Known(state)),
        }
    }

    fn insert_new(&mut self, statement: &Statement, now: Seconds) -> Result<(), OutboxError> {
        self.tx.prepare_cached(
            "INSERT INTO statements (digest, kind, chain, seq, prev_digest, window_end, expires_at, body, entries, signature,
                new_signature, state, received_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)",
        )?
        .execute(params![
            statement.digest,
            statement.kind.name(),
            chain_text(&statement.chain),
            statement.seq,
            statement.prev_digest,
            statement.window_end.to_be_bytes(),
            statement.expires_at.to_be_bytes(),
            statement.body,
            statement.entries,
            statement.signature,
            statement.new_signature,
            State::Received.name(),
            now,
        ])?;
        self.announce(Event {
            digest: hex::encode(statement.digest),
            state: State::Received,
            code: None,
            height: None,
            note: String::new(),
        });
        Ok(())
    }

    /// The only way a statement changes its state.
    fn change(&mut self, change: &Change, now: Seconds) -> Result<(), OutboxError> {
        let query = "SELECT state, digest, attempts FROM statements WHERE id = ?1";
        let (from, digest, attempts): (State, Digest, u32) = self
            .tx
            .query_row(query, [change.id], |row| Ok((state(row, 0)?, row.get(1)?, row.get(2)?)))?;
        if !from.may_become(change.to) && from != change.to {
            return Err(OutboxError::Step {
                id: change.id,
                from,
                to: change.to,
            });
        }
        let attempts = attempts.saturating_add(u32::from(change.failed_attempt));
        self.tx
            .prepare_cached(
                "UPDATE statements SET state = ?2, code = coalesce(?3, code), note = ?4, attempts = ?5,
                height = coalesce(?6, height), updated_at = ?7 WHERE id = ?1",
            )?
            .execute(params![
                change.id,
                change.to.name(),
                change.code,
                change.note,
                attempts,
                change.height,
                now
            ])?;
        if from != change.to {
            self.announce(Event {
                digest: hex::encode(digest),
                state: change.to,
                code: change.code,
                height: change.height,
                note: change.note.clone(),
            });
        }
        Ok(())
    }

    fn announce(&mut self, event: Event) {
        self.events.push(event);
    }
}

const COLUMNS: &str = "id, digest, kind, chain, seq, prev_digest, window_end, expires_at, body, entries, signature,
    new_signature, state, code, note, attempts, height, received_at, updated_at";

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        id: row.get(0)?,
        statement: Statement {
            digest: row.get(1)?,
            kind: kind(row, 2)?,
            chain: json(row, 3)?,
            seq: row.get(4)?,
            prev_digest: row.get(5)?,
            window_end: big_endian(row, 6)?,
            expires_at: big_endian(row, 7)?,
            body: row.get(8)?,
            entries: row.get(9)?,
            signature: row.get(10)?,
            new_signature: row.get(11)?,
            new_epoch: None,
        },
        state: state(row, 12)?,
        code: row.get(13)?,
        note: row.get(14)?,
        attempts: row.get(15)?,
        height: row.get(16)?,
        received_at: row.get(17)?,
        updated_at: row.get(18)?,
    })
}

fn candidate(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    Ok(Candidate {
        id: row.get(0)?,
        seq: row.get(1)?,
        digest: row.get(2)?,
        prev_digest: row.get(3)?,
        window_end: big_endian(row, 4)?,
        size: statement_size(row.get(5)?),
        queued: row.get(6)?,
    })
}

fn conversion(column: usize, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into())
}

fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(&row.get::<_, String>(column)?).map_err(|error| conversion(column, error))
}

fn state(row: &Row<'_>, column: usize) -> rusqlite::Result<State> {
    row.get::<_, String>(column)?
        .parse()
        .map_err(|error: String| conversion(column, error))
}

fn kind(row: &Row<'_>, column: usize) -> rusqlite::Result<Kind> {
    let name: String = row.get(column)?;
    let known = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    known.ok_or_else(|| conversion(column, format!("{name} is no kind of statement")))
}

fn big_endian(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get(column).map(u64::from_be_bytes)
}

/// A chain's name in the database: its JSON, of which there is one.
fn chain_text(chain: &ChainId) -> String {
    serde_json::to_string(chain).unwrap_or_default()
}

#[cfg(test)]
#[path = "../outbox_tests.rs"]
mod tests;

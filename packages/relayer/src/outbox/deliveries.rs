//! Reports whose receiver failed: handed to it again until it takes them.
//!
//! The statement itself is at its end, its chain goes on. A row appears by itself when a report ends as undelivered (see
//! the schema), and says when to try next. An attempt counts from the moment it is signed, in the same commit as its
//! bytes, so that no crash and no lost transaction makes it hurry.

use rusqlite::{params, OptionalExtension, Row};
use serde::Serialize;

use super::{Event, Outbox, OutboxError, Steps};
use crate::clock::Seconds;

/// Where a second delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// To be tried (again).
    Waiting,
    /// The receiver has it, whoever brought it.
    Delivered,
    /// Tried often enough; `relayer requeue --undelivered` goes on.
    GivenUp,
}

impl DeliveryState {
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Delivered, Self::GivenUp];

    /// Name in the database, the API and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::GivenUp => "given_up",
        }
    }
}

/// A report that its receiver did not take at first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    #[serde(skip)]
    pub statement: i64,
    pub state: DeliveryState,
    pub attempts: u32,
    /// When it is tried next; chain time, unix seconds.
    pub due: Seconds,
    /// Why the last attempt failed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// One more try, and when the next may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub statement: i64,
    pub next: Seconds,
}

const COLUMNS: &str = "statement, state, attempts, due, note";

fn delivery(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    let name: String = row.get(1)?;
    let known = DeliveryState::ALL.into_iter().find(|state| state.name() == name);
    Ok(Delivery {
        statement: row.get(0)?,
        state: known.ok_or_else(|| super::conversion(1, format!("{name} is no state of a delivery")))?,
        attempts: row.get(2)?,
        due: row.get(3)?,
        note: row.get(4)?,
    })
}

impl Steps<'_> {
    pub(super) fn attempt(&mut self, attempt: Attempt, tx: Option<i64>, note: &str) -> Result<(), OutboxError> {
        self.tx.execute(
            "UPDATE deliveries SET attempts = attempts + 1, due = ?2, tx = coalesce(?3, tx), note = ?4 WHERE statement = ?1",
            params![attempt.statement, attempt.next, tx, note],
        )?;
        Ok(())
    }
}

impl Outbox {
    /// How the second delivery of a statement's report stands; `None` if it never needed one.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn delivery(&self, statement: i64) -> Result<Option<Delivery>, OutboxError> {
        self.read(|db| {
            let query = format!("SELECT {COLUMNS} FROM deliveries WHERE statement = ?1");
            db.query_row(&query, [statement], delivery).optional()
        })
    }

    /// The report that has waited longest past its time.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn due_delivery(&self, now: Seconds) -> Result<Option<Delivery>, OutboxError> {
        self.read(|db| {
            let query = format!(
                "SELECT {COLUMNS} FROM deliveries WHERE state = 'waiting' AND due <= ?1 ORDER BY due, statement LIMIT 1"
            );
            db.prepare_cached(&query)?.query_row([now], delivery).optional()
        })
    }

    /// An attempt failed before it was signed.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn postpone_delivery(&self, attempt: Attempt, note: &str) -> Result<(), OutboxError> {
        self.write(|steps| steps.attempt(attempt, None, note))
    }

    /// The contract says that the receiver has it: the statement is accepted now. Listeners hear so.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn delivered(&self, statement: i64, now: Seconds) -> Result<(), OutboxError> {
        let record = self.by_id(statement)?;
        self.write(|steps| {
            steps.tx.execute(
                "UPDATE deliveries SET state = 'delivered', note = '' WHERE statement = ?1",
                [statement],
            )?;
            steps.tx.execute(
                "UPDATE statements SET code = 0, updated_at = ?2 WHERE id = ?1",
                params![statement, now],
            )?;
            steps.announce(Event {
                digest: hex::encode(record.statement.digest),
                state: record.state,
                code: Some(0),
                height: record.height,
                note: "delivered".into(),
            });
            Ok(())
        })
    }

    /// Tried often enough.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn give_up_delivery(&self, statement: i64) -> Result<(), OutboxError> {
        self.read(|db| {
            let query = "UPDATE deliveries SET state = 'given_up' WHERE statement = ?1 AND state = 'waiting'";
            db.execute(query, [statement]).map(drop)
        })
    }

    /// Starts over with everything undelivered, at once. Returns how many.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn retry_deliveries(&self) -> Result<usize, OutboxError> {
        self.read(|db| {
            let query = "UPDATE deliveries SET state = 'waiting', attempts = 0, due = 0 WHERE state <> 'delivered'";
            db.execute(query, [])
        })
    }

    /// How many deliveries are in each state.
    ///
    /// # Errors
    /// [`OutboxError::Database`].
    pub fn delivery_counts(&self) -> Result<Vec<(DeliveryState, u64)>, OutboxError> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT COUNT(*) FROM deliveries WHERE state = ?1")?;
            let mut count = |state: DeliveryState| Ok((state, query.query_row([state.name()], |row| row.get(0))?));
            DeliveryState::ALL.into_iter().map(&mut count).collect()
        })
    }
}

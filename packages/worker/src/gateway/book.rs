//! The gateway's book: every call it will have to prove, and which report it is in.
//!
//! Tables beside those of the SDK:
//! - `account`, `model`: texts by number.
//! - `call`: priced calls in log order. The rowid is the order of an entry's leaves.
//! - `batch`: the calls of one window that go into reports together. A window has a second batch when calls of it arrive after it was reported.
//! - `span`: for a closed batch, which calls of an account are reported: `first ≤ time ≤ last`. Without a row, none.
//! - `entry`: for a closed batch, each reported entry and its place.
//! - `exposure`: for each batch that is not settled, what each account owes at list price. Rows go when their entries are settled.
//! - `source`: how far each log file was read.

use rusqlite::{params, Connection, OptionalExtension};

use crate::sdk::store::{from_sql, to_sql};
use crate::Result;

/// Creates the tables unless they exist.
///
/// # Errors
/// [`crate::Error::Store`].
pub fn create_tables(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "CREATE TABLE IF NOT EXISTS account (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
         CREATE TABLE IF NOT EXISTS model (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
         CREATE TABLE IF NOT EXISTS call (
             row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
             batch INTEGER NOT NULL, account INTEGER NOT NULL, model INTEGER NOT NULL, time INTEGER NOT NULL,
             units_in INTEGER NOT NULL, list_in INTEGER NOT NULL, cost_in INTEGER NOT NULL,
             units_out INTEGER NOT NULL, list_out INTEGER NOT NULL, cost_out INTEGER NOT NULL);
         CREATE TABLE IF NOT EXISTS batch (
             id INTEGER PRIMARY KEY, window_start INTEGER NOT NULL, window_end INTEGER NOT NULL,
             first_row INTEGER NOT NULL, last_row INTEGER NOT NULL, calls INTEGER NOT NULL, newest INTEGER NOT NULL,
             closed INTEGER NOT NULL DEFAULT 0);
         CREATE INDEX IF NOT EXISTS batch_open ON batch (window_start) WHERE closed = 0;
         CREATE TABLE IF NOT EXISTS span (
             batch INTEGER NOT NULL, account INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
             PRIMARY KEY (batch, account)) WITHOUT ROWID;
         CREATE TABLE IF NOT EXISTS entry (
             chain TEXT NOT NULL, seq INTEGER NOT NULL, place INTEGER NOT NULL,
             batch INTEGER NOT NULL, account INTEGER NOT NULL, model INTEGER NOT NULL, side INTEGER NOT NULL,
             body BLOB NOT NULL, PRIMARY KEY (chain, seq, place)) WITHOUT ROWID;
         CREATE INDEX IF NOT EXISTS entry_by_call ON entry (batch, account, model, side);
         CREATE INDEX IF NOT EXISTS batch_closed ON batch (window_start) WHERE closed = 1;
         CREATE TABLE IF NOT EXISTS exposure (
             account INTEGER NOT NULL, model INTEGER NOT NULL, side INTEGER NOT NULL, batch INTEGER NOT NULL,
             units INTEGER NOT NULL, list INTEGER NOT NULL,
             PRIMARY KEY (account, model, side, batch)) WITHOUT ROWID;
         CREATE TABLE IF NOT EXISTS source (
             path TEXT PRIMARY KEY, head BLOB NOT NULL, offset INTEGER NOT NULL, lines INTEGER NOT NULL) WITHOUT ROWID;",
    )?;
    Ok(())
}

/// Calls of one window that are reported together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    pub id: i64,
    pub window_start: u64,
    /// Exclusive.
    pub window_end: u64,
    /// First and last row that may belong to it.
    pub first_row: i64,
    pub last_row: i64,
    pub calls: u64,
    /// Time of the newest call.
    pub newest: u64,
}

/// Whether a call's input or its output is meant: the two SKUs of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    In = 0,
    Out = 1,
}

/// Where an entry stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryAt {
    pub chain: String,
    pub seq: u64,
    /// Position in its report.
    pub place: u16,
    pub batch: i64,
    pub account: i64,
    pub model: i64,
    pub side: Side,
    /// `attestation::Entry`, encoded.
    pub body: Vec<u8>,
}

/// How far a log file was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    pub offset: u64,
    pub lines: u64,
}

/// Number of a text in `account` or `model`, given if new.
pub(super) fn intern(conn: &Connection, table: Names, text: &str) -> Result<i64> {
    let (find, insert) = table.statements();
    let found = conn
        .prepare_cached(find)?
        .query_row([text], |row| row.get(0))
        .optional()?;
    match found {
        Some(id) => Ok(id),
        None => Ok(conn.prepare_cached(insert)?.insert([text])?),
    }
}

/// A table of texts.
#[derive(Clone, Copy)]
pub(super) enum Names {
    Account,
    Model,
}

impl Names {
    fn statements(self) -> (&'static str, &'static str) {
        match self {
            Self::Account => (
                "SELECT id FROM account WHERE text = ?1",
                "INSERT INTO account (text) VALUES (?1)",
            ),
            Self::Model => (
                "SELECT id FROM model WHERE text = ?1",
                "INSERT INTO model (text) VALUES (?1)",
            ),
        }
    }

    /// The text of a number.
    pub(super) fn text(self, conn: &Connection, id: i64) -> Result<String> {
        let query = match self {
            Self::Account => "SELECT text FROM account WHERE id = ?1",
            Self::Model => "SELECT text FROM model WHERE id = ?1",
        };
        Ok(conn.prepare_cached(query)?.query_row([id], |row| row.get(0))?)
    }
}

const BATCH_FIELDS: &str = "id, window_start, window_end, first_row, last_row, calls, newest";

fn batch(row: &rusqlite::Row<'_>) -> rusqlite::Result<Batch> {
    Ok(Batch {
        id: row.get(0)?,
        window_start: from_sql(row.get(1)?)?,
        window_end: from_sql(row.get(2)?)?,
        first_row: row.get(3)?,
        last_row: row.get(4)?,
        calls: from_sql(row.get(5)?)?,
        newest: from_sql(row.get(6)?)?,
    })
}

/// Open batches, oldest window first.
///
/// # Errors
/// [`crate::Error::Store`].
pub fn open_batches(conn: &Connection) -> Result<Vec<Batch>> {
    let mut query = conn.prepare(&format!(
        "SELECT {BATCH_FIELDS} FROM batch WHERE closed = 0 ORDER BY window_start, id"
    ))?;
    let rows = query.query_map([], batch)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn batch_by_id(conn: &Connection, id: i64) -> Result<Batch> {
    Ok(conn.query_row(&format!("SELECT {BATCH_FIELDS} FROM batch WHERE id = ?1"), [id], batch)?)
}

/// Start of the newest window that was reported; calls of older ones come too late.
///
/// # Errors
/// [`crate::Error::Store`].
pub fn newest_closed(conn: &Connection) -> Result<Option<u64>> {
    let start: Option<i64> = conn.query_row("SELECT MAX(window_start) FROM batch WHERE closed = 1", [], |row| {
        row.get(0)
    })?;
    Ok(start.map(from_sql).transpose()?)
}

/// Writes a batch back, or for the first time.
pub(super) fn put_batch(conn: &Connection, batch: &Batch) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO batch (id, window_start, window_end, first_row, last_row, calls, newest)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET last_row = ?5, calls = ?6, newest = ?7",
    )?
    .execute(params![
        batch.id,
        to_sql(batch.window_start)?,
        to_sql(batch.window_end)?,
        batch.first_row,
        batch.last_row,
        to_sql(batch.calls)?,
        to_sql(batch.newest)?,
    ])?;
    Ok(())
}

pub(super) fn next_batch_id(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("SELECT COALESCE(MAX(id), 0) + 1 FROM batch", [], |row| row.get(0))?)
}

pub(super) fn mark_closed(conn: &Connection, id: i64, window_end: u64) -> Result<()> {
    conn.execute(
        "UPDATE batch SET closed = 1, window_end = ?2 WHERE id = ?1",
        params![id, to_sql(window_end)?],
    )?;
    Ok(())
}

pub(super) fn put_entry(conn: &Connection, entry: &EntryAt) -> Result<()> {
    conn.prepare_cached("INSERT INTO entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
        .execute(params![
            entry.chain,
            to_sql(entry.seq)?,
            entry.place,
            entry.batch,
            entry.account,
            entry.model,
            entry.side as i64,
            entry.body,
        ])?;
    Ok(())
}

const ENTRY_FIELDS: &str = "chain, seq, place, batch, account, model, side, body";

fn entry(row: &rusqlite::Row<'_>) -> rusqlite::Result<EntryAt> {
    Ok(EntryAt {
        chain: row.get(0)?,
        seq: from_sql(row.get(1)?)?,
        place: row.get(2)?,
        batch: row.get(3)?,
        account: row.get(4)?,
        model: row.get(5)?,
        side: if row.get::<_, i64>(6)? == 0 {
            Side::In
        } else {
            Side::Out
        },
        body: row.get(7)?,
    })
}

/// The entry at one place.
pub(super) fn entry_at(conn: &Connection, chain: &str, seq: u64, place: u16) -> Result<Option<EntryAt>> {
    let query = format!("SELECT {ENTRY_FIELDS} FROM entry WHERE chain = ?1 AND seq = ?2 AND place = ?3");
    Ok(conn
        .query_row(&query, params![chain, to_sql(seq)?, place], entry)
        .optional()?)
}

/// All entries of one report, in order.
pub(super) fn entries_of(conn: &Connection, chain: &str, seq: u64) -> Result<Vec<EntryAt>> {
    let query = format!("SELECT {ENTRY_FIELDS} FROM entry WHERE chain = ?1 AND seq = ?2 ORDER BY place");
    let mut query = conn.prepare(&query)?;
    let rows = query.query_map(params![chain, to_sql(seq)?], entry)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The entry that holds one side of a call.
pub(super) fn entry_of_call(
    conn: &Connection,
    batch: i64,
    account: i64,
    model: i64,
    side: Side,
) -> Result<Option<EntryAt>> {
    let query =
        format!("SELECT {ENTRY_FIELDS} FROM entry WHERE batch = ?1 AND account = ?2 AND model = ?3 AND side = ?4");
    Ok(conn
        .query_row(&query, params![batch, account, model, side as i64], entry)
        .optional()?)
}

pub(super) fn put_span(conn: &Connection, batch: i64, account: i64, first: u64, last: u64) -> Result<()> {
    // A closing far in the future is as good as none.
    let last = i64::try_from(last).unwrap_or(i64::MAX);
    conn.prepare_cached("INSERT INTO span VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![batch, account, to_sql(first)?, last])?;
    Ok(())
}

pub(super) fn span(conn: &Connection, batch: i64, account: i64) -> Result<Option<(u64, u64)>> {
    let found = conn
        .prepare_cached("SELECT first, last FROM span WHERE batch = ?1 AND account = ?2")?
        .query_row([batch, account], |row| {
            Ok((from_sql(row.get(0)?)?, from_sql(row.get(1)?)?))
        })
        .optional()?;
    Ok(found)
}

/// How far a log was read, if its beginning is still the same. A log that was replaced is read from its start.
pub(super) fn position(conn: &Connection, path: &str, head: &[u8]) -> Result<Position> {
    let found = conn
        .query_row(
            "SELECT offset, lines FROM source WHERE path = ?1 AND head = ?2",
            params![path, head],
            |row| {
                Ok(Position {
                    offset: from_sql(row.get(0)?)?,
                    lines: from_sql(row.get(1)?)?,
                })
            },
        )
        .optional()?;
    Ok(found.unwrap_or_default())
}

pub(super) fn put_position(conn: &Connection, path: &str, head: &[u8], position: &Position) -> Result<()> {
    conn.execute(
        "INSERT INTO source VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (path) DO UPDATE SET head = ?2, offset = ?3, lines = ?4",
        params![path, head, to_sql(position.offset)?, to_sql(position.lines)?],
    )?;
    Ok(())
}

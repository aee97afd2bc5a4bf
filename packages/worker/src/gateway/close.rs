//! Closing a window: from its calls to entries, from entries to reports.

use std::collections::BTreeMap;

use attestation::{encode_entries, log_root, ChainKey, Entry, EntryBuilder, Leaf, UsageReport, Window, MAX_ENTRIES};
use cosmwasm_std::Uint128;
use rusqlite::{params, Connection, Row, TransactionBehavior};
use serde::Serialize;

use super::book::{self, Batch, EntryAt, Names, Side};
use super::rates::skus;
use crate::sdk::failpoint;
use crate::sdk::statements::{chain_name, Kind, StatementChain};
use crate::sdk::store::{from_sql, Home};
use crate::{Error, Result};

/// When an account's calls may be charged: from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub first: u64,
    pub last: u64,
}

/// Spans by account number; an account without one is left out.
pub type Spans = BTreeMap<i64, Span>;

/// Who reports, and until when the report may be settled.
#[derive(Clone, Copy, Debug)]
pub struct Reporter<'a> {
    pub home: &'a Home,
    pub gateway: u64,
    pub key_epoch: u32,
    pub expires_at: u64,
}

/// What a closed window came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Closed {
    pub windows: u64,
    pub reports: u64,
    pub entries: u64,
    /// Calls reported; each counts once for its input and once for its output.
    pub leaves: u64,
    /// Calls left out because the account was not open when they were made.
    pub left_out: u64,
    /// Sum of the list prices, µCredit.
    pub list: Uint128,
}

impl Closed {
    /// Adds another window.
    pub fn add(&mut self, other: &Self) {
        self.windows = self.windows.saturating_add(other.windows);
        self.reports = self.reports.saturating_add(other.reports);
        self.entries = self.entries.saturating_add(other.entries);
        self.leaves = self.leaves.saturating_add(other.leaves);
        self.left_out = self.left_out.saturating_add(other.left_out);
        self.list = self.list.saturating_add(other.list);
    }
}

/// A call as the book holds it.
pub(super) struct StoredCall {
    pub id: String,
    pub account: i64,
    pub model: i64,
    pub time: u64,
    /// Units, list, cost of input and output.
    amounts: [[u64; 3]; 2],
}

pub(super) const CALL_FIELDS: &str =
    "id, account, model, time, units_in, list_in, cost_in, units_out, list_out, cost_out";

impl StoredCall {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let number = |at: usize| from_sql(row.get(at)?);
        Ok(Self {
            id: row.get(0)?,
            account: row.get(1)?,
            model: row.get(2)?,
            time: number(3)?,
            amounts: [
                [number(4)?, number(5)?, number(6)?],
                [number(7)?, number(8)?, number(9)?],
            ],
        })
    }

    fn amounts(&self, side: Side) -> [u64; 3] {
        let [input, output] = self.amounts;
        match side {
            Side::In => input,
            Side::Out => output,
        }
    }

    /// Whether one side has units; without, it has no leaf.
    pub(super) fn has(&self, side: Side) -> bool {
        let [units, ..] = self.amounts(side);
        units > 0
    }

    /// The leaf of one side.
    pub(super) fn leaf(&self, side: Side, account: &str, sku: &str) -> Leaf {
        let [units, list, cost] = self.amounts(side);
        Leaf {
            call_id: self.id.clone(),
            account: account.to_owned(),
            sku: sku.to_owned(),
            units: units.into(),
            list: list.into(),
            cost: cost.into(),
            time: self.time,
        }
    }
}

/// Numbers of the accounts that have calls in a batch.
///
/// # Errors
/// [`Error::Store`].
pub fn accounts(conn: &Connection, batch: &Batch) -> Result<Vec<(i64, String)>> {
    let mut query = conn.prepare(
        "SELECT id, text FROM account WHERE id IN
             (SELECT DISTINCT account FROM call WHERE row BETWEEN ?1 AND ?2 AND batch = ?3) ORDER BY id",
    )?;
    let rows = query.query_map(params![batch.first_row, batch.last_row, batch.id], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Closes a batch: its reports are reserved and the book knows where each entry went, all or nothing. `window_end` may be earlier than the batch's, when
/// no later call is expected.
///
/// # Errors
/// [`Error::Encoding`], [`Error::Store`].
pub fn close(
    conn: &mut Connection,
    reporter: &Reporter<'_>,
    batch: &Batch,
    window_end: u64,
    spans: &Spans,
) -> Result<Closed> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for account in accounts(&transaction, batch)?
        .iter()
        .filter_map(|(id, _)| spans.get_key_value(id))
    {
        book::put_span(&transaction, batch.id, *account.0, account.1.first, account.1.last)?;
    }
    let (entries, left_out) = entries(&transaction, batch, spans)?;
    let window = Window::new(batch.window_start, window_end).map_err(Error::encoding)?;
    let mut closed = Closed {
        windows: 1,
        left_out,
        ..Closed::default()
    };
    for chunk in entries.chunks(MAX_ENTRIES) {
        report(&transaction, reporter, window, chunk, &mut closed)?;
    }
    book::mark_closed(&transaction, batch.id, window_end)?;
    failpoint::hit("window.before_commit");
    transaction.commit()?;
    failpoint::hit("window.after_commit");
    Ok(closed)
}

/// An entry, and what the book calls it.
struct Built {
    entry: Entry,
    key: EntryKey,
    batch: i64,
}

/// (account, model, side) by number.
type EntryKey = (i64, i64, Side);

/// Builds every entry in one pass over the calls, and counts the calls left out.
fn entries(conn: &Connection, batch: &Batch, spans: &Spans) -> Result<(Vec<Built>, u64)> {
    let mut builders = Builders::new(conn);
    let mut left_out = 0u64;
    let mut query = conn.prepare(&format!(
        "SELECT {CALL_FIELDS} FROM call WHERE row BETWEEN ?1 AND ?2 AND batch = ?3 ORDER BY row"
    ))?;
    let mut rows = query.query(params![batch.first_row, batch.last_row, batch.id])?;
    while let Some(row) = rows.next()? {
        let call = StoredCall::read(row)?;
        let open = spans
            .get(&call.account)
            .is_some_and(|span| (span.first..=span.last).contains(&call.time));
        if open {
            builders.push(&call)?;
        } else {
            left_out = left_out.saturating_add(1);
        }
    }
    Ok((builders.finish(batch.id)?, left_out))
}

/// One builder per entry.
struct Builders<'a> {
    conn: &'a Connection,
    by_key: BTreeMap<EntryKey, (String, String, EntryBuilder)>,
}

impl<'a> Builders<'a> {
    fn new(conn: &'a Connection) -> Self {
        Self {
            conn,
            by_key: BTreeMap::new(),
        }
    }

    fn push(&mut self, call: &StoredCall) -> Result<()> {
        for side in [Side::In, Side::Out].into_iter().filter(|side| call.has(*side)) {
            let (account, sku, builder) = self.builder((call.account, call.model, side))?;
            builder.push(&call.leaf(side, account, sku)).map_err(Error::encoding)?;
        }
        Ok(())
    }

    fn builder(&mut self, key: EntryKey) -> Result<&mut (String, String, EntryBuilder)> {
        use std::collections::btree_map::Entry as Slot;
        match self.by_key.entry(key) {
            Slot::Occupied(slot) => Ok(slot.into_mut()),
            Slot::Vacant(slot) => {
                let (account, sku) = names(self.conn, key)?;
                let builder = EntryBuilder::new(&account, &sku);
                Ok(slot.insert((account, sku, builder)))
            }
        }
    }

    /// The entries in the order a report wants.
    fn finish(self, batch: i64) -> Result<Vec<Built>> {
        let build = |(key, (_, _, builder)): (EntryKey, (String, String, EntryBuilder))| {
            Ok(Built {
                entry: builder.finish().map_err(Error::encoding)?,
                key,
                batch,
            })
        };
        let mut built = self.by_key.into_iter().map(build).collect::<Result<Vec<_>>>()?;
        built.sort_by(|a, b| (&a.entry.account, &a.entry.sku).cmp(&(&b.entry.account, &b.entry.sku)));
        Ok(built)
    }
}

/// Account and SKU of an entry, as text.
pub(super) fn names(conn: &Connection, (account, model, side): EntryKey) -> Result<(String, String)> {
    let [sku_in, sku_out] = skus(&Names::Model.text(conn, model)?);
    let sku = match side {
        Side::In => sku_in,
        Side::Out => sku_out,
    };
    Ok((Names::Account.text(conn, account)?, sku))
}

/// Reserves one report and notes where its entries are.
fn report(
    conn: &Connection,
    reporter: &Reporter<'_>,
    window: Window,
    built: &[Built],
    closed: &mut Closed,
) -> Result<()> {
    let entries: Vec<Entry> = built.iter().map(|built| built.entry.clone()).collect();
    let root = log_root(&entries).map_err(Error::encoding)?;
    let encoded = encode_entries(&entries).map_err(Error::encoding)?;
    let key = ChainKey::Usage {
        gateway: reporter.gateway,
        key_epoch: reporter.key_epoch,
    };
    let head =
        StatementChain::new(conn, reporter.home, key).reserve(Kind::Usage, Some(&encoded), |seq, prev_digest| {
            UsageReport {
                gateway: reporter.gateway,
                key_epoch: reporter.key_epoch,
                seq,
                window,
                calls: root.sums.calls,
                log_root: root.hash,
                prev_digest,
                expires_at: reporter.expires_at,
            }
        })?;
    for (place, built) in (0u16..).zip(built) {
        book::put_entry(conn, &place_of(built, &chain_name(&key), head.seq, place)?)?;
    }
    closed.reports = closed.reports.saturating_add(1);
    closed.entries = closed
        .entries
        .saturating_add(u64::try_from(built.len()).unwrap_or(u64::MAX));
    closed.leaves = closed.leaves.saturating_add(root.sums.calls);
    closed.list = closed.list.saturating_add(root.sums.list.into());
    Ok(())
}

fn place_of(built: &Built, chain: &str, seq: u64, place: u16) -> Result<EntryAt> {
    let (account, model, side) = built.key;
    let body = built.entry.encode().map_err(Error::encoding)?;
    Ok(EntryAt {
        chain: chain.to_owned(),
        seq,
        place,
        batch: built.batch,
        account,
        model,
        side,
        body,
    })
}

//! Proving calls against posted reports.

use attestation::{prove_range, Body, Entry, Leaf, MerkleSum, Proof, UsageReport};
use interfaces::attestation_oracle::ProvenCall;
use interfaces::credit_vault::ReportRef;
use rusqlite::{params, Connection, OptionalExtension};

use super::book::{self, EntryAt, Side};
use super::close::{names, StoredCall, CALL_FIELDS};
use crate::{Error, Result};

/// Leaves of an entry with the path that proves them.
pub struct Revealed {
    pub leaves: Vec<Leaf>,
    pub proof: Proof,
}

/// The two paths that prove one side of a call.
///
/// # Errors
/// [`Error::UnknownCall`] when the call is in no report, or has no units on that side.
pub fn prove_call(conn: &Connection, call_id: &str, side: Side) -> Result<ProvenCall> {
    let unknown = || Error::UnknownCall {
        call_id: call_id.to_owned(),
    };
    let entry = entry_of(conn, call_id, side)?.ok_or_else(unknown)?;
    let index = index_of(conn, &entry, call_id)?.ok_or_else(unknown)?;
    let revealed = reveal(conn, &entry, index, 1)?;
    let leaf = revealed.leaves.first().ok_or_else(unknown)?;
    Ok(ProvenCall {
        report: report_ref(conn, &entry)?,
        leaf: leaf.encode().map_err(Error::encoding)?.into(),
        leaf_proof: revealed.proof.encode().into(),
        entry: entry.body.clone().into(),
        entry_proof: entry_proof(conn, &entry)?.encode().into(),
    })
}

/// `count` leaves of an entry from `first` on, at most [`attestation::MAX_RANGE`], with their proof. Holds one node of 96 bytes per call of the entry.
///
/// # Errors
/// [`Error::Encoding`] when there are no such leaves.
pub fn reveal(conn: &Connection, entry: &EntryAt, first: u32, count: usize) -> Result<Revealed> {
    let (mut nodes, mut leaves) = (vec![], vec![]);
    let start = usize::try_from(first).map_err(Error::encoding)?;
    let wanted = start..start.saturating_add(count);
    each_leaf(conn, entry, |leaf| {
        nodes.push(leaf.node().map_err(Error::encoding)?);
        if wanted.contains(&nodes.len().saturating_sub(1)) {
            leaves.push(leaf);
        }
        Ok(())
    })?;
    Ok(Revealed {
        leaves,
        proof: prove_range(&nodes, first, count).map_err(Error::encoding)?,
    })
}

/// Position of a call among the leaves of its entry.
fn index_of(conn: &Connection, entry: &EntryAt, call_id: &str) -> Result<Option<u32>> {
    let (mut index, mut found) = (0u32, None);
    each_leaf(conn, entry, |leaf| {
        if leaf.call_id == call_id {
            found = Some(index);
        }
        index = index.saturating_add(1);
        Ok(())
    })?;
    Ok(found)
}

/// The entry that holds one side of a call.
fn entry_of(conn: &Connection, call_id: &str, side: Side) -> Result<Option<EntryAt>> {
    let found = conn
        .query_row(
            "SELECT batch, account, model FROM call WHERE id = ?1",
            [call_id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    match found {
        Some((batch, account, model)) => book::entry_of_call(conn, batch, account, model, side),
        None => Ok(None),
    }
}

/// Calls `visit` with every leaf of an entry, in the order in which they were reported.
fn each_leaf(conn: &Connection, entry: &EntryAt, mut visit: impl FnMut(Leaf) -> Result<()>) -> Result<()> {
    let batch = book::batch_by_id(conn, entry.batch)?;
    let (account, sku) = names(conn, (entry.account, entry.model, entry.side))?;
    let Some((first, last)) = book::span(conn, entry.batch, entry.account)? else {
        return Ok(());
    };
    let mut query = conn.prepare_cached(&format!(
        "SELECT {CALL_FIELDS} FROM call
         WHERE row BETWEEN ?1 AND ?2 AND batch = ?3 AND account = ?4 AND model = ?5 ORDER BY row"
    ))?;
    let mut rows = query.query(params![
        batch.first_row,
        batch.last_row,
        batch.id,
        entry.account,
        entry.model
    ])?;
    while let Some(row) = rows.next()? {
        let call = StoredCall::read(row)?;
        if (first..=last).contains(&call.time) && call.has(entry.side) {
            visit(call.leaf(entry.side, &account, &sku))?;
        }
    }
    Ok(())
}

fn entry_proof(conn: &Connection, entry: &EntryAt) -> Result<Proof> {
    let nodes = book::entries_of(conn, &entry.chain, entry.seq)?
        .iter()
        .map(|entry| {
            Entry::decode(&entry.body)
                .and_then(|entry| entry.node())
                .map_err(Error::encoding)
        })
        .collect::<Result<Vec<MerkleSum>>>()?;
    prove_range(&nodes, entry.place.into(), 1).map_err(Error::encoding)
}

fn report_ref(conn: &Connection, entry: &EntryAt) -> Result<ReportRef> {
    let body: Vec<u8> = conn.query_row(
        "SELECT body FROM statement WHERE chain = ?1 AND seq = ?2",
        params![entry.chain, crate::sdk::store::to_sql(entry.seq)?],
        |row| row.get(0),
    )?;
    let report = UsageReport::decode(&body).map_err(Error::encoding)?;
    Ok(ReportRef {
        gateway: report.gateway,
        key_epoch: report.key_epoch,
        seq: report.seq,
    })
}

//! What accounts owe for calls that are served and not settled, at list price: the sum that a balance on the chain does not show yet.
//!
//! ```text
//! call taken in ── add ──▶ exposure row of (account, SKU, batch) ── prune, once the entry is settled or the batch was closed without it ──▶ gone
//! ```
//! Rows are summed per account, SKU and batch, so their number does not grow with calls.

use std::collections::BTreeMap;

use rusqlite::{params, Connection, OptionalExtension};

use super::book::Side;
use super::rates::skus;
use crate::sdk::store::from_sql;
use crate::{Error, Result};

/// Units and their list price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owed {
    /// Metered units.
    pub units: u128,
    /// µCredit at list price.
    pub list: u128,
}

impl Owed {
    /// Both, side by side.
    pub fn plus(self, other: Self) -> Self {
        Self {
            units: self.units.saturating_add(other.units),
            list: self.list.saturating_add(other.list),
        }
    }

    /// Without the other; never below nothing.
    pub fn less(self, other: Self) -> Self {
        Self {
            units: self.units.saturating_sub(other.units),
            list: self.list.saturating_sub(other.list),
        }
    }
}

/// A row's key: (account, model, side, batch), by number.
pub(super) type Key = (i64, i64, Side, i64);

/// Entries of a closed batch that are on their way, as the rows of `exposure` see them.
const ON_ITS_WAY: &str =
    "SELECT 1 FROM entry JOIN statement ON statement.chain = entry.chain AND statement.seq = entry.seq
     WHERE entry.batch = exposure.batch AND entry.account = exposure.account AND entry.model = exposure.model
       AND entry.side = exposure.side AND statement.state < 3";

/// Adds to a row.
pub(super) fn add(conn: &Connection, (account, model, side, batch): Key, owed: Owed) -> Result<()> {
    if owed.units == 0 {
        return Ok(());
    }
    conn.prepare_cached(
        "INSERT INTO exposure VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (account, model, side, batch) DO UPDATE SET units = units + ?5, list = list + ?6",
    )?
    .execute(params![
        account,
        model,
        side as i64,
        batch,
        narrow(owed.units)?,
        narrow(owed.list)?
    ])?;
    Ok(())
}

/// Forgets what is settled, of one account.
///
/// # Errors
/// [`Error::Store`].
pub fn prune_account(conn: &Connection, account: &str) -> Result<()> {
    let id = "(SELECT id FROM account WHERE text = ?1)";
    let rows = "SELECT 1 FROM batch WHERE id = exposure.batch AND closed = 1";
    conn.prepare_cached(&format!(
        "DELETE FROM exposure WHERE account = {id} AND EXISTS ({rows}) AND NOT EXISTS ({ON_ITS_WAY})"
    ))?
    .execute([account])?;
    Ok(())
}

/// Forgets what is settled, of all accounts.
///
/// # Errors
/// [`Error::Store`].
pub fn prune(conn: &Connection) -> Result<()> {
    conn.execute(
        &format!(
            "DELETE FROM exposure WHERE batch IN (SELECT id FROM batch WHERE closed = 1) AND NOT EXISTS ({ON_ITS_WAY})"
        ),
        [],
    )?;
    Ok(())
}

/// What an account owes, by SKU.
///
/// # Errors
/// [`Error::Store`].
pub fn of(conn: &Connection, account: &str) -> Result<BTreeMap<String, Owed>> {
    let mut owed: BTreeMap<String, Owed> = BTreeMap::new();
    let id: Option<i64> = conn
        .prepare_cached("SELECT id FROM account WHERE text = ?1")?
        .query_row([account], |row| row.get(0))
        .optional()?;
    let Some(id) = id else {
        return Ok(owed);
    };
    let mut query = conn.prepare_cached(
        "SELECT model.text, side, SUM(units), SUM(list) FROM exposure JOIN model ON model.id = exposure.model
         WHERE account = ?1 GROUP BY exposure.model, side",
    )?;
    let rows = query.query_map([id], |row| {
        let [input, output] = skus(&row.get::<_, String>(0)?);
        let sku = if row.get::<_, i64>(1)? == Side::In as i64 {
            input
        } else {
            output
        };
        Ok((sku, from_sql(row.get(2)?)?, from_sql(row.get(3)?)?))
    })?;
    for row in rows {
        let (sku, units, list) = row?;
        owed.insert(
            sku,
            Owed {
                units: units.into(),
                list: list.into(),
            },
        );
    }
    Ok(owed)
}

fn narrow(value: u128) -> Result<i64> {
    i64::try_from(value).map_err(|_| Error::Encoding(format!("{value} does not fit the store")))
}

//! The local store: one SQLite file in which nothing that was committed is lost, bound to one contract on one chain.

use std::path::Path;

use attestation::Domain;
use rusqlite::{Connection, OptionalExtension};

use crate::{Error, Result};

/// Page cache, KiB. With it, memory does not grow with the number of calls.
const CACHE_KIB: i64 = 65_536;

/// Layout of the tables; a store of another one is refused.
const LAYOUT: i64 = 2;

/// Where statements are valid: the oracle on its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    chain_id: String,
    contract: String,
}

impl Home {
    /// The oracle at `contract` on `chain_id`.
    ///
    /// # Errors
    /// [`Error::Config`] when either is empty or longer than 255 bytes.
    pub fn new(chain_id: &str, contract: &str) -> Result<Self> {
        Domain::new(chain_id, contract).map_err(|e| Error::Config(e.to_string()))?;
        Ok(Self {
            chain_id: chain_id.into(),
            contract: contract.into(),
        })
    }

    /// What digests are bound to.
    ///
    /// # Errors
    /// Never, since [`Self::new`] checked it.
    pub fn domain(&self) -> Result<Domain<'_>> {
        Domain::new(&self.chain_id, &self.contract).map_err(Error::encoding)
    }

    /// The chain.
    pub fn chain_id(&self) -> &str {
        &self.chain_id
    }

    /// The oracle.
    pub fn contract(&self) -> &str {
        &self.contract
    }
}

/// Opens or creates the store at `path`.
///
/// # Errors
/// [`Error::Store`], [`Error::OldStore`], and [`Error::ForeignStore`] when it was made for another contract or chain: its chains of statements would not
/// continue there.
pub fn open(path: &Path, home: &Home) -> Result<Connection> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(std::time::Duration::from_secs(30))?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: a commit returns only after its bytes are on the disk, so nothing is signed that a power cut could undo.
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
    check_layout(&conn, path)?;
    conn.execute_batch("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")?;
    bind(&conn, home)?;
    super::epochs::create_table(&conn)?;
    super::statements::create_tables(&conn)?;
    Ok(conn)
}

/// A new store takes this layout; one that exists must have it.
fn check_layout(conn: &Connection, path: &Path) -> Result<()> {
    let tables: i64 = conn.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let layout: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match (tables, layout) {
        (_, LAYOUT) => Ok(()),
        (0, 0) => Ok(conn.pragma_update(None, "user_version", LAYOUT)?),
        _ => Err(Error::OldStore { path: path.to_owned() }),
    }
}

fn bind(conn: &Connection, home: &Home) -> Result<()> {
    let actual = format!("{} on {}", home.contract, home.chain_id);
    match get_meta(conn, "home")? {
        None => set_meta(conn, "home", &actual),
        Some(expected) if expected == actual => Ok(()),
        Some(expected) => Err(Error::ForeignStore { expected, actual }),
    }
}

/// A value kept beside the tables.
///
/// # Errors
/// [`Error::Store`].
pub fn get_meta(conn: &Connection, key: &str) -> Result<Option<String>> {
    Ok(conn
        .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
        .optional()?)
}

/// Sets a value kept beside the tables.
///
/// # Errors
/// [`Error::Store`].
pub fn set_meta(conn: &Connection, key: &str, value: &str) -> Result<()> {
    conn.execute(
        "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
        [key, value],
    )?;
    Ok(())
}

/// A count or time as the store keeps it. Values above 2⁶³ − 1 do not occur: every input is bounded before it gets here.
pub(crate) fn to_sql(value: u64) -> Result<i64> {
    i64::try_from(value).map_err(|_| Error::Encoding(format!("{value} does not fit the store")))
}

/// A count or time from the store.
pub(crate) fn from_sql(value: i64) -> rusqlite::Result<u64> {
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(0, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_serves_one_contract_on_one_chain() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.db");
        let home = Home::new("chain-1", "wasm1oracle").unwrap();
        open(&path, &home).unwrap();
        open(&path, &home).unwrap();
        for other in [
            Home::new("chain-2", "wasm1oracle").unwrap(),
            Home::new("chain-1", "wasm1other").unwrap(),
        ] {
            assert!(matches!(open(&path, &other), Err(Error::ForeignStore { .. })));
        }
    }

    #[test]
    fn a_store_of_another_layout_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.db");
        let home = Home::new("chain-1", "wasm1oracle").unwrap();
        let old = Connection::open(&path).unwrap();
        old.execute_batch("CREATE TABLE statement (chain TEXT)").unwrap();
        assert!(matches!(open(&path, &home), Err(Error::OldStore { .. })));
    }

    #[test]
    fn commits_are_on_the_disk_when_they_return() {
        let dir = tempfile::tempdir().unwrap();
        let conn = open(&dir.path().join("s.db"), &Home::new("c", "o").unwrap()).unwrap();
        let mode: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        let synchronous: i64 = conn.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
        assert_eq!((mode.as_str(), synchronous), ("wal", 2));
    }
}

//! Chains of signed statements that survive a crash.
//!
//! Two different statements at one place of a chain are equivocation, which costs the whole stake, whoever is to blame. So a place is taken in three steps:
//!
//! 1. *reserve*: sequence number, body and digest are committed to the disk;
//! 2. *sign*: only what is committed is signed, and only if its digest is the committed one;
//! 3. *post*: the signed bytes are sent, and after a crash the same bytes again.
//!
//! Whichever step a crash interrupts, the next run goes on with the same body, and Ed25519 gives it the same signature.

use attestation::{Body, ChainKey, Digest, JobStatement, UsageReport};
use rusqlite::{params, Connection, OptionalExtension, Row};

use super::failpoint;
use super::keys::StatementKey;
use super::store::{from_sql, to_sql, Home};
use crate::{Error, Result};

/// Where a chain ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Sequence number of the last statement, 0 before the first.
    pub seq: u64,
    /// What the next statement names as its parent.
    pub digest: Digest,
}

/// What a statement reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// [`JobStatement`].
    Job,
    /// [`UsageReport`] with its entries.
    Usage,
}

/// How far a statement is on its way. The numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// On the disk, not signed.
    Reserved = 0,
    /// Signed.
    Signed = 1,
    /// Handed to the relayer.
    Posted = 2,
    /// On the chain, with an outcome.
    Settled = 3,
}

/// A statement that has been signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Name of its chain, as [`chain_name`] writes it.
    pub chain: String,
    /// Place in its chain.
    pub seq: u64,
    pub kind: Kind,
    pub digest: Digest,
    pub body: Vec<u8>,
    /// The entries of a usage report.
    pub entries: Option<Vec<u8>>,
    pub signature: Vec<u8>,
}

impl Statement {
    /// The chain it belongs to.
    ///
    /// # Errors
    /// [`Error::Encoding`] when the stored body is damaged.
    pub fn chain_key(&self) -> Result<ChainKey> {
        chain_key(self.kind, &self.body)
    }
}

/// How many statements are in each state, and the chain's newest place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    pub reserved: u64,
    pub signed: u64,
    pub posted: u64,
    pub settled: u64,
}

/// Creates the table unless it exists.
pub(crate) fn create_table(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "CREATE TABLE IF NOT EXISTS statement (
             chain TEXT NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL,
             digest BLOB NOT NULL, body BLOB NOT NULL, entries BLOB, signature BLOB,
             state INTEGER NOT NULL, outcome TEXT,
             PRIMARY KEY (chain, seq)) WITHOUT ROWID;
         CREATE INDEX IF NOT EXISTS statement_open ON statement (state) WHERE state < 3;",
    )?;
    Ok(())
}

/// Text form of a chain's name, e.g. `usage/1/3` (gateway, key epoch) or `job/7/1/42/0` (worker, key epoch, job, assignment).
pub fn chain_name(key: &ChainKey) -> String {
    match key {
        ChainKey::Job {
            worker,
            key_epoch,
            job,
            assignment,
        } => format!("job/{worker}/{key_epoch}/{job}/{assignment}"),
        ChainKey::Usage { gateway, key_epoch } => format!("usage/{gateway}/{key_epoch}"),
        ChainKey::AgentBatch { gateway, key_epoch } => format!("agent/{gateway}/{key_epoch}"),
        ChainKey::Verdict { verifier } => format!("verdict/{verifier}"),
    }
}

/// One chain of statements in the store.
pub struct StatementChain<'a> {
    conn: &'a Connection,
    home: &'a Home,
    key: ChainKey,
}

impl<'a> StatementChain<'a> {
    /// The chain named `key`. `conn` may be inside a transaction, so that a place is reserved together with what it reports.
    pub fn new(conn: &'a Connection, home: &'a Home, key: ChainKey) -> Self {
        Self { conn, home, key }
    }

    /// Where it ends, reserved statements included.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn head(&self) -> Result<Head> {
        let newest = self.conn.query_row(
            "SELECT seq, digest FROM statement WHERE chain = ?1 ORDER BY seq DESC LIMIT 1",
            [chain_name(&self.key)],
            |row| {
                Ok(Head {
                    seq: from_sql(row.get(0)?)?,
                    digest: row.get(1)?,
                })
            },
        );
        Ok(newest.optional()?.unwrap_or(Head {
            seq: 0,
            digest: self.key.first_prev_digest(),
        }))
    }

    /// Reserves the next place for the statement that `build` makes of its sequence number and its parent's digest. Takes effect when the surrounding
    /// transaction commits, at once without one.
    ///
    /// # Errors
    /// [`Error::Encoding`] when `build` puts the statement elsewhere, [`Error::Store`].
    pub fn reserve<B: Body>(
        &self,
        kind: Kind,
        entries: Option<&[u8]>,
        build: impl FnOnce(u64, Digest) -> B,
    ) -> Result<Head> {
        let head = self.head()?;
        let seq = head
            .seq
            .checked_add(1)
            .ok_or_else(|| Error::Encoding("the chain is full".into()))?;
        let statement = build(seq, head.digest);
        if statement.chain_key() != self.key || statement.seq() != seq || *statement.prev_digest() != head.digest {
            return Err(Error::Encoding(format!(
                "a statement of {} is not at its end",
                chain_name(&self.key)
            )));
        }
        let digest = statement.digest(&self.home.domain()?);
        self.conn.execute(
            "INSERT INTO statement (chain, seq, kind, digest, body, entries, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)",
            params![
                chain_name(&self.key),
                to_sql(seq)?,
                kind as i64,
                digest,
                statement.encode(),
                entries
            ],
        )?;
        failpoint::hit("statement.reserved");
        Ok(Head { seq, digest })
    }
}

/// Signs every reserved statement, and says how many there were.
///
/// # Errors
/// [`Error::Encoding`] inside a transaction, since what is not committed must not be signed; [`Error::DamagedStatement`] when a body no longer has the digest
/// that was reserved; [`Error::Store`].
pub fn sign_reserved(conn: &Connection, home: &Home, key: &StatementKey) -> Result<u64> {
    if !conn.is_autocommit() {
        return Err(Error::Encoding(
            "statements are signed after their reservation is committed".into(),
        ));
    }
    let mut signed = 0u64;
    for (chain, seq, kind, digest, body) in reserved(conn)? {
        if body_digest(kind, &body, home)? != digest {
            return Err(Error::DamagedStatement { chain, seq });
        }
        conn.execute(
            "UPDATE statement SET signature = ?3, state = 1 WHERE chain = ?1 AND seq = ?2 AND state = 0",
            params![chain, to_sql(seq)?, key.sign(&digest)],
        )?;
        failpoint::hit("statement.signed");
        signed = signed.saturating_add(1);
    }
    Ok(signed)
}

type Reserved = (String, u64, Kind, Digest, Vec<u8>);

fn reserved(conn: &Connection) -> Result<Vec<Reserved>> {
    let mut query =
        conn.prepare("SELECT chain, seq, kind, digest, body FROM statement WHERE state = 0 ORDER BY chain, seq")?;
    let rows = query.query_map([], |row| {
        Ok((
            row.get(0)?,
            from_sql(row.get(1)?)?,
            kind(row.get(2)?)?,
            row.get(3)?,
            row.get(4)?,
        ))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Signed statements in `state`, in chain order, at most `limit`.
///
/// # Errors
/// [`Error::Store`].
pub fn in_state(conn: &Connection, state: State, limit: u32) -> Result<Vec<Statement>> {
    let mut query = conn.prepare(
        "SELECT chain, seq, kind, digest, body, entries, signature FROM statement
         WHERE state = ?1 ORDER BY chain, seq LIMIT ?2",
    )?;
    let rows = query.query_map(params![state as i64, limit], statement)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The statement at one place, if it is signed.
///
/// # Errors
/// [`Error::Store`].
pub fn at(conn: &Connection, key: &ChainKey, seq: u64) -> Result<Option<Statement>> {
    let found = conn.query_row(
        "SELECT chain, seq, kind, digest, body, entries, signature FROM statement
         WHERE chain = ?1 AND seq = ?2 AND state > 0",
        params![chain_name(key), to_sql(seq)?],
        statement,
    );
    Ok(found.optional()?)
}

/// Notes that the relayer has committed to carry a statement.
///
/// # Errors
/// [`Error::Store`].
pub fn mark_posted(conn: &Connection, statement: &Statement) -> Result<()> {
    conn.execute(
        "UPDATE statement SET state = 2 WHERE chain = ?1 AND seq = ?2 AND state = 1",
        params![statement.chain, to_sql(statement.seq)?],
    )?;
    Ok(())
}

/// Notes what became of a statement on the chain.
///
/// # Errors
/// [`Error::Store`].
pub fn mark_settled(conn: &Connection, statement: &Statement, outcome: &str) -> Result<()> {
    conn.execute(
        "UPDATE statement SET state = 3, outcome = ?3 WHERE chain = ?1 AND seq = ?2",
        params![statement.chain, to_sql(statement.seq)?, outcome],
    )?;
    Ok(())
}

/// How many statements are in each state.
///
/// # Errors
/// [`Error::Store`].
pub fn counts(conn: &Connection) -> Result<Counts> {
    let sum = "SELECT COALESCE(SUM(state = 0), 0), COALESCE(SUM(state = 1), 0), COALESCE(SUM(state = 2), 0),
               COALESCE(SUM(state = 3), 0) FROM statement";
    Ok(conn.query_row(sum, [], |row| {
        Ok(Counts {
            reserved: from_sql(row.get(0)?)?,
            signed: from_sql(row.get(1)?)?,
            posted: from_sql(row.get(2)?)?,
            settled: from_sql(row.get(3)?)?,
        })
    })?)
}

/// How many settled statements had each outcome, by name.
///
/// # Errors
/// [`Error::Store`].
pub fn outcomes(conn: &Connection) -> Result<std::collections::BTreeMap<String, u64>> {
    let mut query = conn.prepare("SELECT outcome, COUNT(*) FROM statement WHERE state = 3 GROUP BY outcome")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, from_sql(row.get(1)?)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn statement(row: &Row<'_>) -> rusqlite::Result<Statement> {
    Ok(Statement {
        chain: row.get(0)?,
        seq: from_sql(row.get(1)?)?,
        kind: kind(row.get(2)?)?,
        digest: row.get(3)?,
        body: row.get(4)?,
        entries: row.get(5)?,
        signature: row.get(6)?,
    })
}

fn kind(number: i64) -> rusqlite::Result<Kind> {
    [Kind::Job, Kind::Usage]
        .into_iter()
        .find(|kind| *kind as i64 == number)
        .ok_or(rusqlite::Error::IntegralValueOutOfRange(2, number))
}

fn body_digest(kind: Kind, body: &[u8], home: &Home) -> Result<Digest> {
    let domain = home.domain()?;
    match kind {
        Kind::Job => JobStatement::decode(body).map(|body| body.digest(&domain)),
        Kind::Usage => UsageReport::decode(body).map(|body| body.digest(&domain)),
    }
    .map_err(Error::encoding)
}

fn chain_key(kind: Kind, body: &[u8]) -> Result<ChainKey> {
    match kind {
        Kind::Job => JobStatement::decode(body).map(|body| body.chain_key()),
        Kind::Usage => UsageReport::decode(body).map(|body| body.chain_key()),
    }
    .map_err(Error::encoding)
}

#[cfg(test)]
mod tests {
    use attestation::Window;

    use super::*;
    use crate::sdk::store;

    const KEY: ChainKey = ChainKey::Usage {
        gateway: 1,
        key_epoch: 2,
    };

    fn home() -> Home {
        Home::new("chain-1", "wasm1oracle").unwrap()
    }

    fn report(seq: u64, prev_digest: Digest) -> UsageReport {
        UsageReport {
            gateway: 1,
            key_epoch: 2,
            seq,
            window: Window::new(0, 600).unwrap(),
            calls: 1,
            log_root: [5; 32],
            prev_digest,
            expires_at: 1_000,
        }
    }

    fn fixture() -> (tempfile::TempDir, Connection) {
        let dir = tempfile::tempdir().unwrap();
        let conn = store::open(&dir.path().join("s.db"), &home()).unwrap();
        (dir, conn)
    }

    #[test]
    fn statements_name_their_parent() {
        let (_dir, conn) = fixture();
        let home = home();
        let chain = StatementChain::new(&conn, &home, KEY);
        assert_eq!(
            chain.head().unwrap(),
            Head {
                seq: 0,
                digest: KEY.first_prev_digest()
            }
        );
        let first = chain.reserve(Kind::Usage, Some(&[1]), report).unwrap();
        let second = chain.reserve(Kind::Usage, Some(&[2]), report).unwrap();
        assert_eq!((first.seq, second.seq), (1, 2));
        assert_eq!(
            sign_reserved(&conn, &home, &StatementKey::from_seeds(&[1; 32], [2; 32])).unwrap(),
            2
        );
        let stored = at(&conn, &KEY, 2).unwrap().unwrap();
        assert_eq!(*UsageReport::decode(&stored.body).unwrap().prev_digest(), first.digest);
        assert_eq!(stored.digest, second.digest);
        assert_eq!(stored.chain_key().unwrap(), KEY);
    }

    #[test]
    fn a_place_is_signed_once() {
        let (_dir, conn) = fixture();
        let home = home();
        StatementChain::new(&conn, &home, KEY)
            .reserve(Kind::Usage, None, report)
            .unwrap();
        let key = StatementKey::from_seeds(&[1; 32], [2; 32]);
        assert_eq!(sign_reserved(&conn, &home, &key).unwrap(), 1);
        let first = at(&conn, &KEY, 1).unwrap().unwrap();
        assert_eq!(sign_reserved(&conn, &home, &key).unwrap(), 0);
        assert_eq!(at(&conn, &KEY, 1).unwrap().unwrap(), first);
    }

    #[test]
    fn a_reservation_that_is_not_committed_cannot_be_signed() {
        let (_dir, mut conn) = fixture();
        let home = home();
        let key = StatementKey::from_seeds(&[1; 32], [2; 32]);
        let transaction = conn.transaction().unwrap();
        StatementChain::new(&transaction, &home, KEY)
            .reserve(Kind::Usage, None, report)
            .unwrap();
        assert!(matches!(
            sign_reserved(&transaction, &home, &key),
            Err(Error::Encoding(_))
        ));
        transaction.rollback().unwrap();
        assert_eq!(sign_reserved(&conn, &home, &key).unwrap(), 0);
    }

    #[test]
    fn a_damaged_body_is_not_signed() {
        let (_dir, conn) = fixture();
        let home = home();
        StatementChain::new(&conn, &home, KEY)
            .reserve(Kind::Usage, None, report)
            .unwrap();
        let other = UsageReport {
            calls: 2,
            ..report(1, KEY.first_prev_digest())
        };
        conn.execute("UPDATE statement SET body = ?1", [other.encode()])
            .unwrap();
        let signed = sign_reserved(&conn, &home, &StatementKey::from_seeds(&[1; 32], [2; 32]));
        assert!(matches!(signed, Err(Error::DamagedStatement { seq: 1, .. })));
        assert_eq!(at(&conn, &KEY, 1).unwrap(), None);
    }

    #[test]
    fn a_statement_of_another_chain_or_place_is_refused() {
        let (_dir, conn) = fixture();
        let home = home();
        let chain = StatementChain::new(&conn, &home, KEY);
        let foreign = |seq, prev| UsageReport {
            gateway: 9,
            ..report(seq, prev)
        };
        let gap = |seq: u64, prev| report(seq + 1, prev);
        let fork = |seq, _| report(seq, [0; 32]);
        assert!(chain.reserve(Kind::Usage, None, foreign).is_err());
        assert!(chain.reserve(Kind::Usage, None, gap).is_err());
        assert!(chain.reserve(Kind::Usage, None, fork).is_err());
        assert_eq!(chain.head().unwrap().seq, 0);
    }

    #[test]
    fn states_move_forward_only() {
        let (_dir, conn) = fixture();
        let home = home();
        StatementChain::new(&conn, &home, KEY)
            .reserve(Kind::Usage, None, report)
            .unwrap();
        sign_reserved(&conn, &home, &StatementKey::from_seeds(&[1; 32], [2; 32])).unwrap();
        let statement = in_state(&conn, State::Signed, 10).unwrap().remove(0);
        mark_posted(&conn, &statement).unwrap();
        mark_settled(&conn, &statement, "accepted").unwrap();
        mark_posted(&conn, &statement).unwrap();
        assert_eq!(
            counts(&conn).unwrap(),
            Counts {
                settled: 1,
                ..Counts::default()
            }
        );
        assert_eq!(outcomes(&conn).unwrap()["accepted"], 1);
    }
}

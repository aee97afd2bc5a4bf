//! Chains of signed statements that survive a crash.
//!
//! Two different statements at one place of a chain are equivocation, which costs the whole stake, whoever is to blame. So a place is taken in three steps:
//!
//! 1. *reserve*: sequence number, body and digest are committed to the disk;
//! 2. *sign*: only what is committed is signed, and only if its digest is the committed one;
//! 3. *post*: the signed bytes are sent, and after a crash the same bytes again.
//!
//! Whichever step a crash interrupts, the next run goes on with the same body, and Ed25519 gives it the same signature.
//!
//! A job that outlives its key epoch goes on by a link, which takes the next place of the chain that ends and is the parent of the first statement of the
//! chain that begins. Links take their places by the same three steps.

use attestation::{Body, ChainKey, ChainLink, Digest, JobKind, JobStatement, UsageReport};
use interfaces::attestation_oracle::{Role, Subject};
use rusqlite::{params, Connection, OptionalExtension, Row};

use super::keys::KeyRing;
use super::store::{from_sql, to_sql, Home};
use super::{epochs, failpoint};
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
    /// [`ChainLink`], signed by two keys.
    Link,
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
    /// Of a link, by the key that goes on.
    pub new_signature: Option<Vec<u8>>,
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

/// Creates the tables unless they exist. `chain_start` says where a chain stands that a link opened.
pub(crate) fn create_tables(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "CREATE TABLE IF NOT EXISTS statement (
             chain TEXT NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL,
             digest BLOB NOT NULL, body BLOB NOT NULL, entries BLOB, signature BLOB, new_signature BLOB,
             state INTEGER NOT NULL, outcome TEXT,
             PRIMARY KEY (chain, seq)) WITHOUT ROWID;
         CREATE INDEX IF NOT EXISTS statement_open ON statement (state) WHERE state < 3;
         CREATE TABLE IF NOT EXISTS chain_start (
             chain TEXT PRIMARY KEY, seq INTEGER NOT NULL, digest BLOB NOT NULL) WITHOUT ROWID;",
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

/// The chain that [`chain_name`] calls so, if it is a job's.
fn job_chain(name: &str) -> Option<ChainKey> {
    let mut parts = name.strip_prefix("job/")?.split('/');
    let chain = ChainKey::Job {
        worker: parts.next()?.parse().ok()?,
        key_epoch: parts.next()?.parse().ok()?,
        job: parts.next()?.parse().ok()?,
        assignment: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(chain)
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
            "SELECT seq, digest FROM (
                 SELECT seq, digest FROM statement WHERE chain = ?1 UNION ALL SELECT seq, digest FROM chain_start WHERE chain = ?1)
             ORDER BY seq DESC LIMIT 1",
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

    /// The newest statement's kind and body; none before the first.
    fn newest(&self) -> Result<Option<(Kind, Vec<u8>)>> {
        let newest = self.conn.query_row(
            "SELECT kind, body FROM statement WHERE chain = ?1 ORDER BY seq DESC LIMIT 1",
            [chain_name(&self.key)],
            |row| Ok((kind(row.get(0)?)?, row.get(1)?)),
        );
        Ok(newest.optional()?)
    }

    /// Whether a job may still be stated here: it is neither done nor linked to another epoch.
    fn is_open(&self) -> Result<bool> {
        Ok(match self.newest()? {
            None => true,
            Some((Kind::Job, body)) => {
                let statement = JobStatement::decode(&body).map_err(Error::encoding)?;
                !matches!(statement.kind, JobKind::Complete | JobKind::Fail)
            }
            Some((Kind::Usage | Kind::Link, _)) => false,
        })
    }

    /// Reserves the next place for the statement that `build` makes of its sequence number and its parent's digest. Takes effect when the surrounding
    /// transaction commits, at once without one.
    ///
    /// # Errors
    /// [`Error::EpochOver`] when the chain's epoch is not the newest one this store began or the window ends after it; [`Error::Encoding`] when `build` puts
    /// the statement elsewhere; [`Error::Store`].
    pub fn reserve<B: Body>(
        &self,
        kind: Kind,
        entries: Option<&[u8]>,
        build: impl FnOnce(u64, Digest) -> B,
    ) -> Result<Head> {
        let end = epochs::end_of(self.conn, &self.key)?;
        let within = |body: &[u8]| match window_end(kind, body)? > end {
            true => Err(Error::EpochOver {
                chain: chain_name(&self.key),
                end,
            }),
            false => Ok(()),
        };
        self.place(kind, entries, build, within)
    }

    /// Gives the next place to what `build` makes, if `check` lets its encoding pass.
    fn place<B: Body>(
        &self,
        kind: Kind,
        entries: Option<&[u8]>,
        build: impl FnOnce(u64, Digest) -> B,
        check: impl FnOnce(&[u8]) -> Result<()>,
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
        let (digest, body) = (statement.digest(&self.home.domain()?), statement.encode());
        check(&body)?;
        self.conn.execute(
            "INSERT INTO statement (chain, seq, kind, digest, body, entries, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)",
            params![chain_name(&self.key), to_sql(seq)?, kind as i64, digest, body, entries],
        )?;
        failpoint::hit("statement.reserved");
        Ok(Head { seq, digest })
    }
}

/// Links every open job chain of a worker to `new_epoch` and returns how many. The idle chain is not linked: it counts nothing that could go on. Inside the
/// transaction that adopts the epoch, so that no statement comes between a link and the end of its chain.
pub(super) fn reserve_links(conn: &Connection, home: &Home, worker: u64, new_epoch: u32) -> Result<u64> {
    let mut links = 0u64;
    for chain in open_jobs(conn, home, worker, new_epoch)? {
        link(conn, home, chain, new_epoch)?;
        links = links.saturating_add(1);
    }
    Ok(links)
}

/// Job chains of earlier epochs that are neither done nor linked and whose key is here to sign the link.
fn open_jobs(conn: &Connection, home: &Home, worker: u64, new_epoch: u32) -> Result<Vec<ChainKey>> {
    let subject = Subject {
        role: Role::Worker,
        id: worker,
    };
    let mut query =
        conn.prepare("SELECT chain FROM statement WHERE kind = 0 GROUP BY chain UNION SELECT chain FROM chain_start")?;
    let names = query.query_map([], |row| row.get::<_, String>(0))?;
    let mut open = vec![];
    for name in names {
        let Some(chain) = job_chain(&name?) else { continue };
        let ChainKey::Job {
            worker: of,
            key_epoch,
            job,
            ..
        } = chain
        else {
            continue;
        };
        if of != worker || job == 0 || key_epoch >= new_epoch || !StatementChain::new(conn, home, chain).is_open()? {
            continue;
        }
        if epochs::find(conn, subject, key_epoch)?.is_some_and(|epoch| !epoch.destroyed) {
            open.push(chain);
        }
    }
    Ok(open)
}

/// Ends a job's chain and opens the one that goes on.
fn link(conn: &Connection, home: &Home, chain: ChainKey, new_epoch: u32) -> Result<()> {
    let ChainKey::Job {
        worker,
        key_epoch,
        job,
        assignment,
    } = chain
    else {
        return Err(Error::Encoding(format!("{} cannot be linked", chain_name(&chain))));
    };
    let build = |seq, prev_digest| ChainLink {
        worker,
        key_epoch,
        new_epoch,
        job,
        assignment,
        seq,
        prev_digest,
    };
    let head = StatementChain::new(conn, home, chain).place(Kind::Link, None, build, |_| Ok(()))?;
    let next = ChainKey::Job {
        worker,
        key_epoch: new_epoch,
        job,
        assignment,
    };
    conn.execute(
        "INSERT INTO chain_start VALUES (?1, ?2, ?3)",
        params![chain_name(&next), to_sql(head.seq)?, head.digest],
    )?;
    failpoint::hit("link.reserved");
    Ok(())
}

/// Signs every reserved statement with the key of its epoch, a link also with the key that goes on, and says how many there were.
///
/// # Errors
/// [`Error::Encoding`] inside a transaction, since what is not committed must not be signed; [`Error::DamagedStatement`] when a body no longer has the digest
/// that was reserved; [`Error::Key`] when a key is gone; [`Error::Store`].
pub fn sign_reserved(conn: &Connection, home: &Home, ring: &KeyRing) -> Result<u64> {
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
        let (signature, new_signature) = signatures(conn, ring, kind, &body, &digest)?;
        conn.execute(
            "UPDATE statement SET signature = ?3, new_signature = ?4, state = 1 WHERE chain = ?1 AND seq = ?2 AND state = 0",
            params![chain, to_sql(seq)?, signature, new_signature],
        )?;
        failpoint::hit("statement.signed");
        signed = signed.saturating_add(1);
    }
    Ok(signed)
}

/// By the key of the statement's epoch, and of a link by the key that goes on.
fn signatures(
    conn: &Connection,
    ring: &KeyRing,
    kind: Kind,
    body: &[u8],
    digest: &Digest,
) -> Result<([u8; 64], Option<[u8; 64]>)> {
    let (subject, key_epoch) = epochs::signer(&chain_key(kind, body)?)?;
    let signature = epochs::key_of(conn, ring, subject, key_epoch)?.sign(digest);
    let new_signature = match kind {
        Kind::Link => {
            let link = ChainLink::decode(body).map_err(Error::encoding)?;
            Some(epochs::key_of(conn, ring, subject, link.new_epoch)?.sign(digest))
        }
        Kind::Job | Kind::Usage => None,
    };
    Ok((signature, new_signature))
}

type Reserved = (String, u64, Kind, Digest, Vec<u8>);

fn reserved(conn: &Connection) -> Result<Vec<Reserved>> {
    let mut query =
        conn.prepare("SELECT chain, seq, kind, digest, body FROM statement WHERE state = 0 ORDER BY seq, chain")?;
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

const FIELDS: &str = "chain, seq, kind, digest, body, entries, signature, new_signature";

/// Signed statements in `state`, at most `limit`, each after its parent: by place, since a link has a lower one than what follows it in the next chain.
///
/// # Errors
/// [`Error::Store`].
pub fn in_state(conn: &Connection, state: State, limit: u32) -> Result<Vec<Statement>> {
    let mut query = conn.prepare(&format!(
        "SELECT {FIELDS} FROM statement WHERE state = ?1 ORDER BY seq, chain LIMIT ?2"
    ))?;
    let rows = query.query_map(params![state as i64, limit], statement)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The first statement of each chain in `state`: whatever follows it waits for it.
///
/// # Errors
/// [`Error::Store`].
pub fn first_in_state(conn: &Connection, state: State) -> Result<Vec<Statement>> {
    let mut query = conn.prepare(&format!(
        "SELECT {FIELDS} FROM statement AS s WHERE state = ?1
         AND seq = (SELECT MIN(seq) FROM statement WHERE chain = s.chain AND state = ?1) ORDER BY seq, chain"
    ))?;
    let rows = query.query_map([state as i64], statement)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The statement at one place, if it is signed.
///
/// # Errors
/// [`Error::Store`].
pub fn at(conn: &Connection, key: &ChainKey, seq: u64) -> Result<Option<Statement>> {
    let found = conn.query_row(
        &format!("SELECT {FIELDS} FROM statement WHERE chain = ?1 AND seq = ?2 AND state > 0"),
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

/// Latest end of a window that any statement which is not settled speaks of; 0 without one.
///
/// # Errors
/// [`Error::Store`].
pub fn newest_window_end(conn: &Connection) -> Result<u64> {
    let mut query = conn.prepare("SELECT kind, body FROM statement WHERE state < 3")?;
    let rows = query.query_map([], |row| Ok((kind(row.get(0)?)?, row.get::<_, Vec<u8>>(1)?)))?;
    let mut newest = 0;
    for row in rows {
        let (kind, body) = row?;
        newest = newest.max(window_end(kind, &body)?);
    }
    Ok(newest)
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
        new_signature: row.get(7)?,
    })
}

fn kind(number: i64) -> rusqlite::Result<Kind> {
    [Kind::Job, Kind::Usage, Kind::Link]
        .into_iter()
        .find(|kind| *kind as i64 == number)
        .ok_or(rusqlite::Error::IntegralValueOutOfRange(2, number))
}

fn body_digest(kind: Kind, body: &[u8], home: &Home) -> Result<Digest> {
    let domain = home.domain()?;
    match kind {
        Kind::Job => JobStatement::decode(body).map(|body| body.digest(&domain)),
        Kind::Usage => UsageReport::decode(body).map(|body| body.digest(&domain)),
        Kind::Link => ChainLink::decode(body).map(|body| body.digest(&domain)),
    }
    .map_err(Error::encoding)
}

fn chain_key(kind: Kind, body: &[u8]) -> Result<ChainKey> {
    match kind {
        Kind::Job => JobStatement::decode(body).map(|body| body.chain_key()),
        Kind::Usage => UsageReport::decode(body).map(|body| body.chain_key()),
        Kind::Link => ChainLink::decode(body).map(|body| body.chain_key()),
    }
    .map_err(Error::encoding)
}

/// End of what a statement speaks of; a link speaks of no time.
fn window_end(kind: Kind, body: &[u8]) -> Result<u64> {
    match kind {
        Kind::Job => JobStatement::decode(body).map(|body| body.window.end()),
        Kind::Usage => UsageReport::decode(body).map(|body| body.window.end()),
        Kind::Link => Ok(0),
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

    /// A store that began epoch 2 of gateway 1 and ends it at 1,000.
    fn fixture() -> (tempfile::TempDir, Connection, KeyRing) {
        let dir = tempfile::tempdir().unwrap();
        let conn = store::open(&dir.path().join("s.db"), &home()).unwrap();
        let ring = KeyRing::open(&dir.path().join("keys")).unwrap();
        begin(&conn, &ring, Role::Gateway, 2, (0, 1_000));
        (dir, conn, ring)
    }

    fn begin(conn: &Connection, ring: &KeyRing, role: Role, epoch: u32, (from, until): (u64, u64)) -> u64 {
        let subject = Subject { role, id: 1 };
        let key = epochs::next_key(conn, ring, role).unwrap();
        epochs::record(conn, subject, epoch, &key).unwrap();
        epochs::adopt(conn, &home(), subject, epoch, from, until).unwrap()
    }

    #[test]
    fn statements_name_their_parent() {
        let (_dir, conn, ring) = fixture();
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
        assert_eq!(sign_reserved(&conn, &home, &ring).unwrap(), 2);
        let stored = at(&conn, &KEY, 2).unwrap().unwrap();
        assert_eq!(*UsageReport::decode(&stored.body).unwrap().prev_digest(), first.digest);
        assert_eq!(stored.digest, second.digest);
        assert_eq!(stored.chain_key().unwrap(), KEY);
    }

    #[test]
    fn a_place_is_signed_once() {
        let (_dir, conn, ring) = fixture();
        let home = home();
        StatementChain::new(&conn, &home, KEY)
            .reserve(Kind::Usage, None, report)
            .unwrap();
        assert_eq!(sign_reserved(&conn, &home, &ring).unwrap(), 1);
        let first = at(&conn, &KEY, 1).unwrap().unwrap();
        assert_eq!(sign_reserved(&conn, &home, &ring).unwrap(), 0);
        assert_eq!(at(&conn, &KEY, 1).unwrap().unwrap(), first);
    }

    #[test]
    fn a_reservation_that_is_not_committed_cannot_be_signed() {
        let (_dir, mut conn, ring) = fixture();
        let home = home();
        let transaction = conn.transaction().unwrap();
        StatementChain::new(&transaction, &home, KEY)
            .reserve(Kind::Usage, None, report)
            .unwrap();
        assert!(matches!(
            sign_reserved(&transaction, &home, &ring),
            Err(Error::Encoding(_))
        ));
        transaction.rollback().unwrap();
        assert_eq!(sign_reserved(&conn, &home, &ring).unwrap(), 0);
    }

    #[test]
    fn a_damaged_body_is_not_signed() {
        let (_dir, conn, ring) = fixture();
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
        let signed = sign_reserved(&conn, &home, &ring);
        assert!(matches!(signed, Err(Error::DamagedStatement { seq: 1, .. })));
        assert_eq!(at(&conn, &KEY, 1).unwrap(), None);
    }

    #[test]
    fn a_statement_of_another_chain_or_place_is_refused() {
        let (_dir, conn, _ring) = fixture();
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
        let (_dir, conn, ring) = fixture();
        let home = home();
        StatementChain::new(&conn, &home, KEY)
            .reserve(Kind::Usage, None, report)
            .unwrap();
        sign_reserved(&conn, &home, &ring).unwrap();
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

    #[test]
    fn no_window_ends_after_its_epoch() {
        let (_dir, conn, ring) = fixture();
        let home = home();
        let chain = StatementChain::new(&conn, &home, KEY);
        let until = |end| {
            move |seq, prev| UsageReport {
                window: Window::new(0, end).unwrap(),
                ..report(seq, prev)
            }
        };
        assert!(matches!(
            chain.reserve(Kind::Usage, None, until(1_001)),
            Err(Error::EpochOver { end: 1_000, .. })
        ));
        assert_eq!(
            sign_reserved(&conn, &home, &ring).unwrap(),
            0,
            "and nothing is left behind"
        );
        chain.reserve(Kind::Usage, None, until(1_000)).unwrap();
    }

    #[test]
    fn an_epoch_that_a_newer_one_ended_takes_nothing_more() {
        let (_dir, conn, ring) = fixture();
        let home = home();
        StatementChain::new(&conn, &home, KEY)
            .reserve(Kind::Usage, None, report)
            .unwrap();
        begin(&conn, &ring, Role::Gateway, 3, (800, 9_000));
        let again = StatementChain::new(&conn, &home, KEY).reserve(Kind::Usage, None, report);
        assert!(matches!(again, Err(Error::EpochOver { .. })));
        assert_eq!(
            sign_reserved(&conn, &home, &ring).unwrap(),
            1,
            "what was reserved is signed with its own key"
        );
        let signed = at(&conn, &KEY, 1).unwrap().unwrap();
        let subject = Subject {
            role: Role::Gateway,
            id: 1,
        };
        let own = epochs::key_of(&conn, &ring, subject, 2).unwrap();
        assert_eq!(signed.signature, own.sign(&signed.digest));
    }

    #[test]
    fn an_epoch_of_another_store_takes_nothing() {
        let (_dir, conn, _ring) = fixture();
        let home = home();
        let foreign = ChainKey::Usage {
            gateway: 1,
            key_epoch: 7,
        };
        let build = |seq, prev| UsageReport {
            key_epoch: 7,
            ..report(seq, prev)
        };
        let reserved = StatementChain::new(&conn, &home, foreign).reserve(Kind::Usage, None, build);
        assert!(matches!(reserved, Err(Error::EpochOver { .. })));
    }

    fn job_chain_of(key_epoch: u32, job: u64) -> ChainKey {
        ChainKey::Job {
            worker: 1,
            key_epoch,
            job,
            assignment: 0,
        }
    }

    fn state_job(conn: &Connection, key_epoch: u32, job: u64, kind: JobKind) -> Head {
        let build = |seq, prev_digest| JobStatement {
            worker: 1,
            key_epoch,
            job,
            assignment: 0,
            seq,
            kind,
            window: Window::new(10, 20).unwrap(),
            units_cum: 0,
            gpu_slots: 1,
            input_root: [0; 32],
            output_root: [0; 32],
            model_id: [0; 32],
            prev_digest,
            expires_at: 100,
        };
        StatementChain::new(conn, &home(), job_chain_of(key_epoch, job))
            .reserve(Kind::Job, None, build)
            .unwrap()
    }

    #[test]
    fn open_jobs_are_linked_and_finished_ones_and_the_idle_chain_are_not() {
        let (_dir, conn, ring) = fixture();
        begin(&conn, &ring, Role::Worker, 1, (0, 1_000));
        let last = state_job(&conn, 1, 5, JobKind::Start);
        state_job(&conn, 1, 6, JobKind::Start);
        state_job(&conn, 1, 6, JobKind::Complete);
        state_job(&conn, 1, 7, JobKind::Fail);
        state_job(&conn, 1, 0, JobKind::Heartbeat);
        assert_eq!(begin(&conn, &ring, Role::Worker, 2, (500, 2_000)), 1);
        assert_eq!(begin(&conn, &ring, Role::Worker, 2, (500, 2_000)), 0, "once");
        sign_reserved(&conn, &home(), &ring).unwrap();
        let link = at(&conn, &job_chain_of(1, 5), 2).unwrap().unwrap();
        assert_eq!(link.kind, Kind::Link);
        let body = ChainLink::decode(&link.body).unwrap();
        assert_eq!((body.new_epoch, body.prev_digest), (2, last.digest));
        let worker = Subject {
            role: Role::Worker,
            id: 1,
        };
        let signed_by = |epoch| {
            epochs::key_of(&conn, &ring, worker, epoch)
                .unwrap()
                .sign(&link.digest)
                .to_vec()
        };
        assert_eq!(
            (&link.signature, link.new_signature.as_ref()),
            (&signed_by(1), Some(&signed_by(2)))
        );
        let next = state_job(&conn, 2, 5, JobKind::Progress);
        assert_eq!(next.seq, 3);
        let fresh = state_job(&conn, 2, 0, JobKind::Heartbeat);
        assert_eq!(fresh.seq, 1, "the idle chain begins anew");
    }

    /// A job that says nothing during a whole epoch still has one chain.
    #[test]
    fn a_link_follows_a_link() {
        let (_dir, conn, ring) = fixture();
        begin(&conn, &ring, Role::Worker, 1, (0, 1_000));
        state_job(&conn, 1, 5, JobKind::Start);
        begin(&conn, &ring, Role::Worker, 2, (500, 2_000));
        begin(&conn, &ring, Role::Worker, 3, (1_500, 3_000));
        sign_reserved(&conn, &home(), &ring).unwrap();
        let first = at(&conn, &job_chain_of(1, 5), 2).unwrap().unwrap();
        let second = ChainLink::decode(&at(&conn, &job_chain_of(2, 5), 3).unwrap().unwrap().body).unwrap();
        assert_eq!((second.new_epoch, second.prev_digest), (3, first.digest));
        state_job(&conn, 3, 5, JobKind::Complete);
        let order: Vec<_> = in_state(&conn, State::Signed, 10)
            .unwrap()
            .iter()
            .map(|statement| statement.seq)
            .collect();
        assert_eq!(order, [1, 2, 3], "each after its parent");
    }

    #[test]
    fn a_link_without_both_keys_is_not_signed() {
        let (_dir, conn, ring) = fixture();
        begin(&conn, &ring, Role::Worker, 1, (0, 1_000));
        state_job(&conn, 1, 5, JobKind::Start);
        sign_reserved(&conn, &home(), &ring).unwrap();
        begin(&conn, &ring, Role::Worker, 2, (500, 2_000));
        let worker = Subject {
            role: Role::Worker,
            id: 1,
        };
        let old = epochs::find(&conn, worker, 1).unwrap().unwrap().key;
        assert_eq!(
            epochs::destroy_ended(&conn, &ring, worker, u64::MAX).unwrap(),
            0,
            "a key is kept while something waits for it"
        );
        ring.destroy(&old).unwrap();
        assert!(matches!(sign_reserved(&conn, &home(), &ring), Err(Error::Key(_))));
        assert_eq!(at(&conn, &job_chain_of(1, 5), 2).unwrap(), None);
    }

    #[test]
    fn chain_names_are_read_back() {
        for chain in [
            job_chain_of(1, 0),
            ChainKey::Job {
                worker: u64::MAX,
                key_epoch: u32::MAX,
                job: 3,
                assignment: 9,
            },
        ] {
            assert_eq!(job_chain(&chain_name(&chain)), Some(chain));
        }
        for name in ["usage/1/2", "job/1/2/3", "job/1/2/3/4/5", "job/a/2/3/4"] {
            assert_eq!(job_chain(name), None, "{name}");
        }
    }
}

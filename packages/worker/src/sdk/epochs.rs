//! Key epochs as this store knows them.
//!
//! An epoch is *recorded*, with the key that asks for it, before its enrolment is sent, so that a lost answer never leaves a live epoch nobody knows; it is
//! *adopted* once the chain shows that key. Adopting ends the epoch before and, in the same transaction, links every open job chain to the new one. A key is
//! *destroyed* when the chain takes no more statements of its epoch and none waits for its signature.

use attestation::ChainKey;
use interfaces::attestation_oracle::{Role, Subject};
use rusqlite::{params, Connection, Transaction, TransactionBehavior};

use super::failpoint;
use super::keys::{KeyRing, StatementKey};
use super::statements;
use super::store::{from_sql, get_meta, set_meta, to_sql, Home};
use crate::{Error, Result};

/// How long after its end the chain takes statements of an epoch, seconds. The oracle's rule.
pub const EPOCH_GRACE: u64 = 7_200;

/// An epoch of this store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epoch {
    pub key_epoch: u32,
    /// Public key, as [`StatementKey::id`].
    pub key: Vec<u8>,
    /// None until it is adopted. No window of its statements ends later.
    pub valid_until: Option<u64>,
    /// Whether the key is gone for good.
    pub destroyed: bool,
}

/// Creates the table unless it exists.
pub(crate) fn create_table(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "CREATE TABLE IF NOT EXISTS key_epoch (
             role INTEGER NOT NULL, subject INTEGER NOT NULL, epoch INTEGER NOT NULL,
             key BLOB NOT NULL, valid_until INTEGER, destroyed INTEGER NOT NULL DEFAULT 0,
             PRIMARY KEY (role, subject, epoch)) WITHOUT ROWID;",
    )?;
    Ok(())
}

/// The key of the next enrolment: the one made for an enrolment that was not completed, else a fresh one.
///
/// # Errors
/// [`Error::Store`], [`Error::File`], [`Error::Key`].
pub fn next_key(conn: &Connection, ring: &KeyRing, role: Role) -> Result<StatementKey> {
    if let Some(key) = pending(conn, role)?.map(|id| ring.get(&id)).transpose()?.flatten() {
        return Ok(key);
    }
    let key = StatementKey::generate();
    // Noted before it is made: a key file without a note would never be destroyed.
    set_meta(conn, &pending_name(role), &hex::encode(key.id()))?;
    failpoint::hit("epoch.pending");
    ring.put(&key)?;
    failpoint::hit("epoch.key");
    Ok(key)
}

fn pending(conn: &Connection, role: Role) -> Result<Option<Vec<u8>>> {
    let id = get_meta(conn, &pending_name(role))?;
    Ok(id.and_then(|id| hex::decode(id).ok()))
}

fn pending_name(role: Role) -> String {
    format!("pending/{role:?}")
}

/// Notes which key asks for an epoch, before its enrolment is sent.
///
/// # Errors
/// [`Error::Store`].
pub fn record(conn: &Connection, subject: Subject, key_epoch: u32, key: &StatementKey) -> Result<()> {
    conn.execute(
        "INSERT INTO key_epoch (role, subject, epoch, key) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (role, subject, epoch) DO UPDATE SET key = ?4 WHERE valid_until IS NULL",
        params![subject.role as i64, to_sql(subject.id)?, key_epoch, key.id()],
    )?;
    Ok(())
}

/// Takes over an epoch that the chain shows with its recorded key: the epochs before end at `from` at the latest, and open job chains are linked. All or
/// nothing, and nothing the second time. The links wait to be signed.
///
/// # Errors
/// [`Error::Store`], [`Error::Encoding`].
pub fn adopt(
    conn: &Connection,
    home: &Home,
    subject: Subject,
    key_epoch: u32,
    from: u64,
    valid_until: u64,
) -> Result<u64> {
    let transaction = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
    let place = params![
        subject.role as i64,
        to_sql(subject.id)?,
        key_epoch,
        to_sql(valid_until)?
    ];
    transaction.execute(
        "UPDATE key_epoch SET valid_until = ?4 WHERE role = ?1 AND subject = ?2 AND epoch = ?3",
        place,
    )?;
    transaction.execute(
        "UPDATE key_epoch SET valid_until = MIN(COALESCE(valid_until, ?4), ?4) WHERE role = ?1 AND subject = ?2 AND epoch < ?3",
        params![subject.role as i64, to_sql(subject.id)?, key_epoch, to_sql(from)?],
    )?;
    // A note about the key of a later epoch stays.
    transaction.execute(
        "DELETE FROM meta WHERE key = ?4 AND value =
             (SELECT LOWER(HEX(key)) FROM key_epoch WHERE role = ?1 AND subject = ?2 AND epoch = ?3)",
        params![
            subject.role as i64,
            to_sql(subject.id)?,
            key_epoch,
            pending_name(subject.role)
        ],
    )?;
    let links = match subject.role {
        Role::Worker => statements::reserve_links(&transaction, home, subject.id, key_epoch)?,
        Role::Gateway => 0,
    };
    transaction.commit()?;
    failpoint::hit("epoch.adopted");
    Ok(links)
}

/// An epoch, if this store recorded it.
///
/// # Errors
/// [`Error::Store`].
pub fn find(conn: &Connection, subject: Subject, key_epoch: u32) -> Result<Option<Epoch>> {
    Ok(all(conn, subject)?
        .into_iter()
        .find(|epoch| epoch.key_epoch == key_epoch))
}

/// Every epoch of a subject, oldest first.
///
/// # Errors
/// [`Error::Store`].
pub fn all(conn: &Connection, subject: Subject) -> Result<Vec<Epoch>> {
    let mut query = conn.prepare_cached(
        "SELECT epoch, key, valid_until, destroyed FROM key_epoch WHERE role = ?1 AND subject = ?2 ORDER BY epoch",
    )?;
    let rows = query.query_map(params![subject.role as i64, to_sql(subject.id)?], |row| {
        Ok(Epoch {
            key_epoch: row.get(0)?,
            key: row.get(1)?,
            valid_until: row.get::<_, Option<i64>>(2)?.map(from_sql).transpose()?,
            destroyed: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Until when statements of a chain may speak: the end of its epoch, which must be the newest one this store adopted.
///
/// # Errors
/// [`Error::EpochOver`] when a newer epoch has begun or this store never began it.
pub(super) fn end_of(conn: &Connection, chain: &ChainKey) -> Result<u64> {
    let (subject, key_epoch) = signer(chain)?;
    let epochs = all(conn, subject)?;
    let newest = epochs
        .into_iter()
        .rev()
        .find_map(|epoch| Some((epoch.key_epoch, epoch.valid_until?)));
    match newest {
        Some((newest, end)) if newest == key_epoch => Ok(end),
        other => Err(Error::EpochOver {
            chain: statements::chain_name(chain),
            end: other.map_or(0, |(_, end)| end),
        }),
    }
}

/// The key that signs for a subject's epoch.
///
/// # Errors
/// [`Error::Key`] when it is not here.
pub(super) fn key_of(conn: &Connection, ring: &KeyRing, subject: Subject, key_epoch: u32) -> Result<StatementKey> {
    let recorded = find(conn, subject, key_epoch)?;
    let key = recorded.map(|epoch| ring.get(&epoch.key)).transpose()?.flatten();
    key.ok_or_else(|| {
        Error::Key(format!(
            "the key of {:?} {} for epoch {key_epoch} is not here",
            subject.role, subject.id
        ))
    })
}

/// Destroys keys whose epochs ended more than [`EPOCH_GRACE`] ago, unless a statement still waits for a signature. Returns how many.
///
/// # Errors
/// [`Error::Store`], [`Error::File`].
pub fn destroy_ended(conn: &Connection, ring: &KeyRing, subject: Subject, now: u64) -> Result<u64> {
    if statements::counts(conn)?.reserved > 0 {
        return Ok(0);
    }
    let mut destroyed = 0u64;
    let mut epochs = all(conn, subject)?;
    // The newest one is in use, or asked for.
    let newest = epochs
        .iter()
        .rposition(|epoch| epoch.valid_until.is_some())
        .unwrap_or(0);
    epochs.truncate(newest);
    for epoch in epochs {
        let over = epoch
            .valid_until
            .is_none_or(|end| end.saturating_add(EPOCH_GRACE) < now);
        if epoch.destroyed || !over {
            continue;
        }
        ring.destroy(&epoch.key)?;
        failpoint::hit("epoch.destroyed");
        conn.execute(
            "UPDATE key_epoch SET destroyed = 1 WHERE role = ?1 AND subject = ?2 AND epoch = ?3",
            params![subject.role as i64, to_sql(subject.id)?, epoch.key_epoch],
        )?;
        destroyed = destroyed.saturating_add(1);
    }
    Ok(destroyed)
}

/// Whose chain it is, and under which key epoch.
///
/// # Errors
/// [`Error::Encoding`] for chains without epochs.
pub(super) fn signer(chain: &ChainKey) -> Result<(Subject, u32)> {
    let (role, id, key_epoch) = match *chain {
        ChainKey::Job { worker, key_epoch, .. } => (Role::Worker, worker, key_epoch),
        ChainKey::Usage { gateway, key_epoch } | ChainKey::AgentBatch { gateway, key_epoch } => {
            (Role::Gateway, gateway, key_epoch)
        }
        ChainKey::Verdict { .. } => {
            return Err(Error::Encoding(format!(
                "{} has no epochs",
                statements::chain_name(chain)
            )));
        }
    };
    Ok((Subject { role, id }, key_epoch))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdk::store;

    const SUBJECT: Subject = Subject {
        role: Role::Gateway,
        id: 4,
    };

    fn fixture() -> (tempfile::TempDir, Connection, KeyRing, Home) {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::new("c", "o").unwrap();
        let conn = store::open(&dir.path().join("s.db"), &home).unwrap();
        let ring = KeyRing::open(&dir.path().join("keys")).unwrap();
        (dir, conn, ring, home)
    }

    fn begin(conn: &Connection, ring: &KeyRing, home: &Home, epoch: u32, from: u64, until: u64) -> StatementKey {
        let key = next_key(conn, ring, SUBJECT.role).unwrap();
        record(conn, SUBJECT, epoch, &key).unwrap();
        adopt(conn, home, SUBJECT, epoch, from, until).unwrap();
        key
    }

    #[test]
    fn an_enrolment_that_was_not_completed_keeps_its_key_and_the_next_has_another() {
        let (_dir, conn, ring, home) = fixture();
        let first = next_key(&conn, &ring, SUBJECT.role).unwrap();
        assert_eq!(next_key(&conn, &ring, SUBJECT.role).unwrap().id(), first.id());
        assert_eq!(begin(&conn, &ring, &home, 1, 10, 100).id(), first.id());
        assert_ne!(next_key(&conn, &ring, SUBJECT.role).unwrap().id(), first.id());
    }

    /// Every run adopts the epoch in force before it begins the next: that must not forget the key an interrupted run made for it.
    #[test]
    fn adopting_an_epoch_again_forgets_no_later_key() {
        let (_dir, conn, ring, home) = fixture();
        begin(&conn, &ring, &home, 1, 10, 100);
        let next = next_key(&conn, &ring, SUBJECT.role).unwrap();
        adopt(&conn, &home, SUBJECT, 1, 10, 100).unwrap();
        assert_eq!(next_key(&conn, &ring, SUBJECT.role).unwrap().id(), next.id());
    }

    #[test]
    fn a_note_without_its_key_leads_to_another_key() {
        let (_dir, conn, ring, _home) = fixture();
        let lost = next_key(&conn, &ring, SUBJECT.role).unwrap();
        ring.destroy(&lost.id()).unwrap();
        let next = next_key(&conn, &ring, SUBJECT.role).unwrap();
        assert_ne!(next.id(), lost.id());
        assert!(ring.get(&next.id()).unwrap().is_some());
    }

    #[test]
    fn an_epoch_ends_when_the_next_begins() {
        let (_dir, conn, ring, home) = fixture();
        begin(&conn, &ring, &home, 1, 10, 100);
        begin(&conn, &ring, &home, 2, 60, 600);
        let ends: Vec<_> = all(&conn, SUBJECT)
            .unwrap()
            .into_iter()
            .map(|epoch| epoch.valid_until)
            .collect();
        assert_eq!(ends, [Some(60), Some(600)]);
        begin(&conn, &ring, &home, 3, 700, 900);
        let ends: Vec<_> = all(&conn, SUBJECT)
            .unwrap()
            .into_iter()
            .map(|epoch| epoch.valid_until)
            .collect();
        assert_eq!(
            ends,
            [Some(60), Some(600), Some(900)],
            "an epoch that ran out ended then"
        );
    }

    #[test]
    fn a_key_is_destroyed_after_the_grace_and_the_newest_never() {
        let (_dir, conn, ring, home) = fixture();
        let first = begin(&conn, &ring, &home, 1, 10, 100);
        let second = begin(&conn, &ring, &home, 2, 60, 600);
        assert_eq!(destroy_ended(&conn, &ring, SUBJECT, 60 + EPOCH_GRACE).unwrap(), 0);
        assert_eq!(destroy_ended(&conn, &ring, SUBJECT, 61 + EPOCH_GRACE).unwrap(), 1);
        assert_eq!(destroy_ended(&conn, &ring, SUBJECT, u64::MAX).unwrap(), 0);
        assert!(ring.get(&first.id()).unwrap().is_none());
        assert!(ring.get(&second.id()).unwrap().is_some());
        assert!(key_of(&conn, &ring, SUBJECT, 1).is_err());
        assert_eq!(key_of(&conn, &ring, SUBJECT, 2).unwrap().id(), second.id());
    }

    #[test]
    fn the_recorded_key_of_an_adopted_epoch_stays() {
        let (_dir, conn, ring, home) = fixture();
        let key = begin(&conn, &ring, &home, 1, 10, 100);
        record(&conn, SUBJECT, 1, &StatementKey::generate()).unwrap();
        assert_eq!(find(&conn, SUBJECT, 1).unwrap().unwrap().key, key.id());
    }
}

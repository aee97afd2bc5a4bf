//! API keys: bearer tokens bound to a chain account, of which the gateway keeps digests only.

use rusqlite::{params, Connection, OptionalExtension, TransactionBehavior};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::challenge::NONCE;
use super::refusal::Refusal;
use crate::sdk::keys::random_seed;
use crate::sdk::store::{from_sql, to_sql};
use crate::Result;

/// How every key begins, so that scanners for leaked secrets find it.
const PREFIX: &str = "gk_";

/// Longest label, bytes.
pub const MAX_LABEL: usize = 64;

/// Rows stay so long after their end, so that the nonce in them outlives every challenge.
const KEPT: u64 = 86_400;

/// Creates the table unless it exists. Times are unix seconds on the chain's clock.
///
/// # Errors
/// [`crate::Error::Store`].
pub fn create_table(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "CREATE TABLE IF NOT EXISTS api_key (
             id INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL UNIQUE, nonce BLOB NOT NULL UNIQUE,
             account TEXT NOT NULL, label TEXT NOT NULL,
             created INTEGER NOT NULL, expires INTEGER NOT NULL, revoked INTEGER);
         CREATE INDEX IF NOT EXISTS api_key_by_account ON api_key (account);",
    )?;
    Ok(())
}

/// A key as its account sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    pub id: u64,
    pub label: String,
    pub created: u64,
    pub expires: u64,
}

/// What a new key is to be.
#[derive(Clone, Debug)]
pub struct NewKey {
    pub account: String,
    /// Of the challenge that was answered.
    pub nonce: [u8; NONCE],
    pub label: String,
    pub now: u64,
    pub expires: u64,
    /// Most live keys of the account.
    pub limit: u32,
    /// Whether all older keys end with it.
    pub replace: bool,
}

/// Makes a key and returns its text, which is not kept.
///
/// # Errors
/// [`crate::Error::Store`]; the inner result refuses a nonce that made a key before, and one key too many.
pub fn create(conn: &mut Connection, new: &NewKey) -> Result<std::result::Result<(ApiKey, String), Refusal>> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    forget_old(&transaction, new.now)?;
    let seen: Option<i64> = transaction
        .query_row("SELECT id FROM api_key WHERE nonce = ?1", [&new.nonce[..]], |row| {
            row.get(0)
        })
        .optional()?;
    if seen.is_some() {
        return Ok(Err(Refusal::new(
            "challenge_refused",
            "the challenge was answered before; ask for a new one",
        )));
    }
    if new.replace {
        revoke_all(&transaction, &new.account, new.now)?;
    }
    if list(&transaction, &new.account, new.now)?.len() >= usize::try_from(new.limit).unwrap_or(usize::MAX) {
        return Ok(Err(Refusal::new(
            "too_many_keys",
            format!(
                "the account has {} keys; revoke one (DELETE /v1/auth/keys/<id>), or sign again with \"replace\": true to end them all",
                new.limit
            ),
        )));
    }
    let text = format!("{PREFIX}{}", hex::encode(random_seed()));
    transaction.execute(
        "INSERT INTO api_key (digest, nonce, account, label, created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            &digest(&text)[..],
            &new.nonce[..],
            new.account,
            new.label,
            to_sql(new.now)?,
            to_sql(new.expires)?
        ],
    )?;
    let id = from_sql(transaction.last_insert_rowid())?;
    transaction.commit()?;
    let key = ApiKey {
        id,
        label: new.label.clone(),
        created: new.now,
        expires: new.expires,
    };
    Ok(Ok((key, text)))
}

/// Whose live key this is.
///
/// # Errors
/// [`crate::Error::Store`].
pub fn owner(conn: &Connection, text: &str, now: u64) -> Result<Option<String>> {
    // Looked up by digest: how long that takes says nothing about keys.
    Ok(conn
        .prepare_cached("SELECT account FROM api_key WHERE digest = ?1 AND revoked IS NULL AND expires > ?2")?
        .query_row(params![&digest(text)[..], to_sql(now)?], |row| row.get(0))
        .optional()?)
}

/// Live keys of an account, oldest first.
///
/// # Errors
/// [`crate::Error::Store`].
pub fn list(conn: &Connection, account: &str, now: u64) -> Result<Vec<ApiKey>> {
    let mut query = conn.prepare_cached(
        "SELECT id, label, created, expires FROM api_key WHERE account = ?1 AND revoked IS NULL AND expires > ?2 ORDER BY id",
    )?;
    let rows = query.query_map(params![account, to_sql(now)?], |row| {
        Ok(ApiKey {
            id: from_sql(row.get(0)?)?,
            label: row.get(1)?,
            created: from_sql(row.get(2)?)?,
            expires: from_sql(row.get(3)?)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Ends one key of an account; false if it has none of that number.
///
/// # Errors
/// [`crate::Error::Store`].
pub fn revoke(conn: &Connection, account: &str, id: u64, now: u64) -> Result<bool> {
    let changed = conn.execute(
        "UPDATE api_key SET revoked = ?3 WHERE account = ?1 AND id = ?2 AND revoked IS NULL",
        params![account, to_sql(id)?, to_sql(now)?],
    )?;
    Ok(changed > 0)
}

fn revoke_all(conn: &Connection, account: &str, now: u64) -> Result<()> {
    conn.execute(
        "UPDATE api_key SET revoked = ?2 WHERE account = ?1 AND revoked IS NULL",
        params![account, to_sql(now)?],
    )?;
    Ok(())
}

fn forget_old(conn: &Connection, now: u64) -> Result<()> {
    conn.execute(
        "DELETE FROM api_key WHERE MIN(expires, COALESCE(revoked, expires)) < ?1",
        [to_sql(now.saturating_sub(KEPT))?],
    )?;
    Ok(())
}

/// 256 random bits need no slow hash.
fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_760_000_000;

    fn book() -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        create_table(&conn).unwrap();
        conn
    }

    fn new(nonce: u8) -> NewKey {
        NewKey {
            account: "wasm1a".into(),
            nonce: [nonce; NONCE],
            label: "test".into(),
            now: NOW,
            expires: NOW + 100,
            limit: 2,
            replace: false,
        }
    }

    fn make(conn: &mut Connection, new: &NewKey) -> (ApiKey, String) {
        create(conn, new).unwrap().unwrap()
    }

    #[test]
    fn a_key_opens_its_account_until_its_end_or_its_revocation() {
        let mut conn = book();
        let (key, text) = make(&mut conn, &new(1));
        let owner = |conn: &Connection, text: &str, now| owner(conn, text, now).unwrap();
        assert_eq!(owner(&conn, &text, NOW + 99).as_deref(), Some("wasm1a"));
        assert_eq!(owner(&conn, &text, NOW + 100), None, "expired");
        assert_eq!(owner(&conn, &format!("{text}0"), NOW), None);
        assert!(!revoke(&conn, "wasm1b", key.id, NOW).unwrap(), "of another account");
        assert!(revoke(&conn, "wasm1a", key.id, NOW).unwrap());
        assert_eq!(owner(&conn, &text, NOW), None, "revoked");
        assert!(!revoke(&conn, "wasm1a", key.id, NOW).unwrap(), "only once");
    }

    /// Attack: the book is read by somebody else.
    #[test]
    fn the_book_does_not_hold_the_key() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("k.db");
        let mut conn = Connection::open(&path).unwrap();
        create_table(&conn).unwrap();
        let (_, text) = make(&mut conn, &new(1));
        drop(conn);
        let bytes = std::fs::read(&path).unwrap();
        let secret = text.strip_prefix(PREFIX).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
        let raw = hex::decode(secret).unwrap();
        assert!(!bytes.windows(raw.len()).any(|window| window == raw));
    }

    /// Attack: an answered challenge is sent a second time, also after its key was revoked.
    #[test]
    fn a_challenge_makes_one_key() {
        let mut conn = book();
        let (key, _) = make(&mut conn, &new(1));
        assert_eq!(
            create(&mut conn, &new(1)).unwrap().unwrap_err().code,
            "challenge_refused"
        );
        revoke(&conn, "wasm1a", key.id, NOW).unwrap();
        let later = NewKey {
            now: NOW + 3_600,
            expires: NOW + 4_000,
            ..new(1)
        };
        assert_eq!(
            create(&mut conn, &later).unwrap().unwrap_err().code,
            "challenge_refused"
        );
    }

    #[test]
    fn an_account_has_so_many_keys_and_can_end_them_all() {
        let mut conn = book();
        let (_, first) = make(&mut conn, &new(1));
        make(&mut conn, &new(2));
        assert_eq!(create(&mut conn, &new(3)).unwrap().unwrap_err().code, "too_many_keys");
        assert_eq!(list(&conn, "wasm1a", NOW).unwrap().len(), 2);
        let (last, _) = make(
            &mut conn,
            &NewKey {
                replace: true,
                ..new(3)
            },
        );
        assert_eq!(list(&conn, "wasm1a", NOW).unwrap(), [last]);
        assert_eq!(owner(&conn, &first, NOW).unwrap(), None);
        assert!(list(&conn, "wasm1a", NOW + 100).unwrap().is_empty());
    }

    #[test]
    fn old_rows_are_forgotten_when_no_challenge_can_name_their_nonce() {
        let mut conn = book();
        make(&mut conn, &new(1));
        let later = NewKey {
            now: NOW + 100 + KEPT + 1,
            expires: NOW + 1_000_000,
            ..new(2)
        };
        make(&mut conn, &later);
        let rows: i64 = conn
            .query_row("SELECT COUNT(*) FROM api_key", [], |row| row.get(0))
            .unwrap();
        assert_eq!(rows, 1);
    }
}

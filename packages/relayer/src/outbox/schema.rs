//! The outbox's tables, version by version.

use rusqlite::{Connection, TransactionBehavior};

use super::OutboxError;
use crate::failpoint;

/// Each step brings the schema from its index to the next version. Steps are never changed once released, only added.
const STEPS: &[&str] = &[BASE, DELIVERIES_AND_PRUNING];

const BASE: &str = "
    -- One row per digest: it is what makes posting idempotent. Once the row is pruned, the contract's state does.
    CREATE TABLE statements (
        id            INTEGER PRIMARY KEY AUTOINCREMENT,
        digest        BLOB    NOT NULL UNIQUE,
        kind          TEXT    NOT NULL,
        chain         TEXT    NOT NULL,  -- ChainId as JSON
        seq           INTEGER NOT NULL,
        prev_digest   BLOB    NOT NULL,
        window_end    BLOB    NOT NULL,  -- u64, big-endian
        expires_at    BLOB    NOT NULL,  -- u64, big-endian
        body          BLOB    NOT NULL,
        entries       BLOB    NOT NULL,
        signature     BLOB    NOT NULL,
        new_signature BLOB    NOT NULL,
        state         TEXT    NOT NULL,
        code          INTEGER,           -- the contract's outcome
        note          TEXT    NOT NULL DEFAULT '',
        attempts      INTEGER NOT NULL DEFAULT 0,
        height        INTEGER,           -- of the including block
        received_at   INTEGER NOT NULL,  -- chain time, unix seconds
        updated_at    INTEGER NOT NULL   -- chain time, unix seconds
    ) STRICT;
    CREATE INDEX statements_by_state ON statements (state, chain, seq, id);
    CREATE INDEX statements_by_place ON statements (chain, seq);

    -- Kept by triggers: counting millions of rows in every round would cost more than sending them.
    CREATE TABLE state_counts (state TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TRIGGER statement_arrives AFTER INSERT ON statements BEGIN
        INSERT INTO state_counts VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET count = count + 1;
    END;
    CREATE TRIGGER statement_moves AFTER UPDATE OF state ON statements WHEN old.state <> new.state BEGIN
        UPDATE state_counts SET count = count - 1 WHERE state = old.state;
        INSERT INTO state_counts VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET count = count + 1;
    END;

    CREATE TABLE txs (
        id             INTEGER PRIMARY KEY AUTOINCREMENT,
        account        TEXT    NOT NULL,
        sequence       INTEGER NOT NULL,
        timeout_height INTEGER NOT NULL,
        gas_limit      INTEGER NOT NULL,
        fee            INTEGER NOT NULL,
        day            INTEGER NOT NULL,  -- chain time / 86400
        state          TEXT    NOT NULL,  -- open, included, failed, withdrawn, lost
        bytes          BLOB    NOT NULL,
        hash           BLOB    NOT NULL,
        height         INTEGER,
        note           TEXT    NOT NULL DEFAULT '',
        broadcasts     INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    -- At most one transaction of an account is under way.
    CREATE UNIQUE INDEX one_open_tx ON txs (account) WHERE state = 'open';
    CREATE INDEX txs_by_day ON txs (day);

    CREATE TABLE tx_statements (
        tx        INTEGER NOT NULL REFERENCES txs (id),
        position  INTEGER NOT NULL,
        statement INTEGER NOT NULL REFERENCES statements (id),
        PRIMARY KEY (tx, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX txs_of_statement ON tx_statements (statement);
";

const DELIVERIES_AND_PRUNING: &str = "
    -- Reports whose receiver failed, and what was done about it.
    CREATE TABLE deliveries (
        statement INTEGER PRIMARY KEY REFERENCES statements (id),
        state     TEXT    NOT NULL,             -- waiting, delivered, given_up
        attempts  INTEGER NOT NULL DEFAULT 0,
        due       INTEGER NOT NULL,             -- of the next attempt; chain time, unix seconds
        tx        INTEGER REFERENCES txs (id),  -- the newest that carried it
        note      TEXT    NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX deliveries_by_due ON deliveries (state, due);
    CREATE INDEX deliveries_by_tx ON deliveries (tx);
    -- 29: undelivered. By a trigger, so that no way into an end forgets it.
    CREATE TRIGGER report_undelivered AFTER UPDATE OF state ON statements
    WHEN new.kind = 'usage' AND new.code = 29 AND new.state IN ('final', 'duplicate') BEGIN
        INSERT OR IGNORE INTO deliveries (statement, state, due) VALUES (new.id, 'waiting', new.updated_at);
    END;
    INSERT INTO deliveries (statement, state, due)
    SELECT id, 'waiting', updated_at FROM statements WHERE kind = 'usage' AND code = 29 AND state IN ('final', 'duplicate');

    CREATE TRIGGER statement_leaves AFTER DELETE ON statements BEGIN
        UPDATE state_counts SET count = count - 1 WHERE state = old.state;
    END;
    CREATE INDEX statements_by_end ON statements (updated_at) WHERE state IN ('final', 'duplicate', 'rejected', 'dead');
";

/// Brings the database to the newest version.
pub(super) fn migrate(db: &mut Connection) -> Result<(), OutboxError> {
    // A crash must not lose what a client was told is accepted: every commit reaches the disk.
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", "ON")?;
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: usize = tx
        .query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0))?
        .try_into()
        .unwrap_or(usize::MAX);
    if version > STEPS.len() {
        return Err(OutboxError::Newer {
            found: version,
            known: STEPS.len(),
        });
    }
    for step in STEPS.iter().skip(version) {
        tx.execute_batch(step)?;
    }
    if version < STEPS.len() {
        tx.pragma_update(None, "user_version", u32::try_from(STEPS.len()).unwrap_or(u32::MAX))?;
        failpoint::hit("mid_migration");
    }
    Ok(tx.commit()?)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A database as the first release made it.
    pub fn first_version(path: &std::path::Path) -> Connection {
        let db = Connection::open(path).unwrap();
        db.execute_batch(BASE).unwrap();
        db.pragma_update(None, "user_version", 1).unwrap();
        db
    }
}

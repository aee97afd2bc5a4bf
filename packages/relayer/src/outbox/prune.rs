//! Forgetting what ended long ago.
//!
//! What the outbox forgets, the contract still knows: a statement posted again after that is read back from its state.

use rusqlite::params;

use super::{Outbox, OutboxError};
use crate::clock::Seconds;

/// Ended, old enough, in no transaction that could still change, and not waiting for its receiver. The index is named,
/// and so the list of states is that of the index: left to itself the database reads everything that ever ended.
const FORGETTABLE: &str = "SELECT id FROM statements INDEXED BY statements_by_end
    WHERE state IN ('final', 'duplicate', 'rejected', 'dead') AND updated_at < ?1
    AND NOT EXISTS (SELECT 1 FROM tx_statements JOIN txs ON txs.id = tx_statements.tx
        WHERE tx_statements.statement = statements.id AND txs.state = 'open')
    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.statement = statements.id AND deliveries.state = 'waiting')
    ORDER BY updated_at LIMIT ?2";

/// Transactions of days before, of which no statement is left.
const EMPTY_TXS: &str = "DELETE FROM txs WHERE id IN (SELECT id FROM txs WHERE state <> 'open' AND day < ?1
    AND NOT EXISTS (SELECT 1 FROM tx_statements WHERE tx_statements.tx = txs.id)
    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.tx = txs.id) LIMIT ?2)";

impl Outbox {
    /// Removes at most `limit` statements that ended before `before`, and as many transactions. Returns how many
    /// statements are gone.
    ///
    /// # Errors
    /// [`OutboxError::Database`]; nothing is removed then.
    pub fn prune(&self, before: Seconds, limit: u32) -> Result<u32, OutboxError> {
        self.write(|steps| {
            let ids: Vec<i64> = steps
                .tx
                .prepare_cached(FORGETTABLE)?
                .query_map(params![before, limit], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for id in &ids {
                for remove in [
                    "DELETE FROM tx_statements WHERE statement = ?1",
                    "DELETE FROM deliveries WHERE statement = ?1",
                    "DELETE FROM statements WHERE id = ?1",
                ] {
                    steps.tx.prepare_cached(remove)?.execute([id])?;
                }
            }
            steps
                .tx
                .prepare_cached(EMPTY_TXS)?
                .execute(params![super::txs::day(before), limit])?;
            Ok(u32::try_from(ids.len()).unwrap_or(u32::MAX))
        })
    }

    /// How the database finds what to forget; for a test that it needs not read everything.
    #[cfg(test)]
    pub(super) fn plan_of_pruning(&self) -> Result<String, OutboxError> {
        self.read(|db| {
            let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {FORGETTABLE}"))?;
            let lines = plan.query_map(params![0, 1], |row| row.get::<_, String>(3))?;
            lines.collect::<Result<Vec<_>, _>>().map(|lines| lines.join("\n"))
        })
    }
}

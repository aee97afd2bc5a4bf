//! Heartbeats: statements on the idle-capacity chain that the worker is up.

use attestation::{Body, ChainKey, Digest, JobKind, JobStatement, Window};
use rusqlite::{Connection, OptionalExtension};

use super::config::bitmap;
use crate::sdk::statements::{chain_name, sign_reserved, Kind, StatementChain};
use crate::sdk::store::Home;
use crate::sdk::{Enrolment, StatementKey};
use crate::{Error, Result};

/// How a worker states that it is up.
pub struct Heart<'a> {
    pub conn: &'a Connection,
    pub home: &'a Home,
    pub key: &'a StatementKey,
    pub slots: u8,
    /// Longest span one heartbeat states, seconds.
    pub longest: u64,
    /// Seconds after which a heartbeat that is not on the chain is void.
    pub ttl: u64,
}

/// The idle chain of a worker.
fn idle_chain(enrolment: &Enrolment) -> ChainKey {
    ChainKey::Job {
        worker: enrolment.subject.id,
        key_epoch: enrolment.key_epoch,
        job: 0,
        assignment: 0,
    }
}

impl Heart<'_> {
    /// States that the worker was up from the last heartbeat on, but at most since `longest` seconds ago. Returns the window, or none when no second passed.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn beat(&self, enrolment: &Enrolment, now: u64) -> Result<Option<Window>> {
        let chain = idle_chain(enrolment);
        let since = last_end(self.conn, &chain)?
            .max(now.saturating_sub(self.longest))
            .max(enrolment.enrolled_at);
        let Ok(window) = Window::new(since, now) else {
            return Ok(None);
        };
        StatementChain::new(self.conn, self.home, chain).reserve(Kind::Job, None, |seq, prev_digest| JobStatement {
            worker: enrolment.subject.id,
            key_epoch: enrolment.key_epoch,
            job: 0,
            assignment: 0,
            seq,
            kind: JobKind::Heartbeat,
            window,
            units_cum: 0,
            gpu_slots: bitmap(self.slots),
            input_root: Digest::default(),
            output_root: Digest::default(),
            model_id: Digest::default(),
            prev_digest,
            expires_at: now.saturating_add(self.ttl),
        })?;
        sign_reserved(self.conn, self.home, self.key)?;
        Ok(Some(window))
    }
}

/// End of the chain's last window; 0 before the first.
fn last_end(conn: &Connection, chain: &ChainKey) -> Result<u64> {
    let newest: Option<Vec<u8>> = conn
        .query_row(
            "SELECT body FROM statement WHERE chain = ?1 ORDER BY seq DESC LIMIT 1",
            [chain_name(chain)],
            |row| row.get(0),
        )
        .optional()?;
    newest.map_or(Ok(0), |body| {
        Ok(JobStatement::decode(&body).map_err(Error::encoding)?.window.end())
    })
}

#[cfg(test)]
mod tests {
    use interfaces::attestation_oracle::{Level, Role, Subject};

    use super::*;
    use crate::sdk::store;

    #[test]
    fn heartbeats_join_and_never_overlap() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::new("c", "o").unwrap();
        let conn = store::open(&dir.path().join("w.db"), &home).unwrap();
        let key = StatementKey::from_seeds(&[1; 32], [2; 32]);
        let enrolment = Enrolment {
            subject: Subject {
                role: Role::Worker,
                id: 1,
            },
            key_epoch: 1,
            level: Level::A0,
            enrolled_at: 500,
            valid_until: u64::MAX,
        };
        let heart = Heart {
            conn: &conn,
            home: &home,
            key: &key,
            slots: 2,
            longest: 3_600,
            ttl: 60,
        };
        let beat = |now| {
            let window = heart.beat(&enrolment, now).unwrap();
            window.map(|window| (window.start(), window.end()))
        };
        assert_eq!(beat(1_000), Some((500, 1_000)), "not before the enrolment");
        assert_eq!(beat(1_000), None);
        assert_eq!(beat(1_200), Some((1_000, 1_200)));
        assert_eq!(beat(9_000), Some((5_400, 9_000)), "a long silence is not claimed");
    }
}

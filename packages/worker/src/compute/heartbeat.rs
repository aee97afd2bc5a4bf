//! Heartbeats: statements on the idle-capacity chain that the worker is up. It begins anew under every key epoch: nothing in it adds up, so there is nothing a
//! link would carry on.

use attestation::{Body, ChainKey, Digest, JobKind, JobStatement, Window};
use rusqlite::{Connection, OptionalExtension};

use super::config::bitmap;
use crate::sdk::statements::{chain_name, sign_reserved, Kind, StatementChain};
use crate::sdk::store::Home;
use crate::sdk::{Enrolment, KeyRing};
use crate::{Error, Result};

/// How a worker states that it is up.
pub struct Heart<'a> {
    pub conn: &'a Connection,
    pub home: &'a Home,
    pub keys: &'a KeyRing,
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
    /// [`Error::EpochOver`] when another process began a newer epoch meanwhile, [`Error::Store`].
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
        sign_reserved(self.conn, self.home, self.keys)?;
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
    use crate::sdk::{epochs, store};

    #[test]
    fn heartbeats_join_and_never_overlap() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::new("c", "o").unwrap();
        let conn = store::open(&dir.path().join("w.db"), &home).unwrap();
        let keys = KeyRing::open(&dir.path().join("keys")).unwrap();
        let subject = Subject {
            role: Role::Worker,
            id: 1,
        };
        let enrolled = |key_epoch, enrolled_at, valid_until| {
            let key = epochs::next_key(&conn, &keys, Role::Worker).unwrap();
            epochs::record(&conn, subject, key_epoch, &key).unwrap();
            epochs::adopt(&conn, &home, subject, key_epoch, enrolled_at, valid_until).unwrap();
            Enrolment {
                subject,
                key_epoch,
                level: Level::A0,
                enrolled_at,
                valid_until,
            }
        };
        let first = enrolled(1, 500, 9_500);
        let heart = Heart {
            conn: &conn,
            home: &home,
            keys: &keys,
            slots: 2,
            longest: 3_600,
            ttl: 60,
        };
        let beat = |enrolment: &Enrolment, now| {
            let window = heart.beat(enrolment, now).unwrap();
            window.map(|window| (window.start(), window.end()))
        };
        assert_eq!(beat(&first, 1_000), Some((500, 1_000)), "not before the enrolment");
        assert_eq!(beat(&first, 1_000), None);
        assert_eq!(beat(&first, 1_200), Some((1_000, 1_200)));
        assert_eq!(
            beat(&first, 9_000),
            Some((5_400, 9_000)),
            "a long silence is not claimed"
        );
        assert!(heart.beat(&first, 9_501).is_err(), "nothing is stated beyond the epoch");
        let second = enrolled(2, 9_400, 20_000);
        assert!(heart.beat(&first, 9_401).is_err(), "nor under one that another ended");
        assert_eq!(beat(&second, 9_600), Some((9_400, 9_600)), "the chain begins anew");
    }
}

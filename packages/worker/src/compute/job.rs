//! Running a job and stating what was done.
//!
//! Each statement is reserved together with the state from which the work goes on, so a crash repeats at most the steps since the last statement and never
//! claims a second twice.

use attestation::{ChainKey, Digest, JobKind, JobStatement, Window};
use rusqlite::{params, Connection, OptionalExtension, TransactionBehavior};
use serde::Serialize;

use super::config::{bitmap, JobSpec};
use super::program::Program;
use super::tree::Tree;
use crate::sdk::statements::{chain_name, sign_reserved, Kind, StatementChain};
use crate::sdk::store::{from_sql, to_sql, Home};
use crate::sdk::{Enrolment, StatementKey};
use crate::{Error, Result};

/// Who runs the job.
pub struct Runner<'a> {
    pub conn: &'a mut Connection,
    pub home: &'a Home,
    pub key: &'a StatementKey,
    pub enrolment: Enrolment,
    /// Units per second and slot that are claimed, the registered rate.
    pub rate: u64,
    pub statement_ttl: u64,
}

/// Where a job stands: what the last statement said, and what is needed to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Progress {
    tree: Tree,
    units: u128,
    /// End of the last window.
    until: u64,
    statements: u64,
    done: bool,
}

/// What a job came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    pub chain: String,
    pub steps: u64,
    pub statements: u64,
    pub units: u128,
    pub output_root: String,
}

/// Creates the table unless it exists.
pub(super) fn create_table(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "CREATE TABLE IF NOT EXISTS job (
             chain TEXT PRIMARY KEY, input_root BLOB NOT NULL, tree TEXT NOT NULL, units TEXT NOT NULL,
             until INTEGER NOT NULL, statements INTEGER NOT NULL, done INTEGER NOT NULL) WITHOUT ROWID;",
    )?;
    Ok(())
}

impl Runner<'_> {
    /// Runs a job to its end, from where an earlier run stopped. `now` is the chain's clock. Calls `progress` with the
    /// steps done. Statements are signed and left for the courier.
    ///
    /// # Errors
    /// [`Error::Job`] when this chain belongs to a job with another input, [`Error::Store`].
    pub async fn run(
        &mut self,
        spec: &JobSpec,
        now: impl Fn() -> u64,
        mut progress: impl FnMut(u64),
    ) -> Result<Outcome> {
        let program = spec.program.build()?;
        let mut at = match self.load(spec)? {
            Some(at) => at,
            None => self.start(spec, now())?,
        };
        // Time in which nothing ran is not claimed.
        let mut since = now().max(at.until);
        while !at.done {
            at = self
                .work(spec, program.as_ref(), at, since, &now, &mut progress)
                .await?;
            since = at.until;
        }
        Ok(Outcome {
            chain: chain_name(&self.chain(spec)),
            steps: at.tree.steps(),
            statements: at.statements,
            units: at.units,
            output_root: hex::encode(at.tree.root()),
        })
    }

    /// Computes until the next statement is due, and makes it. At least one step, so that a slow machine never states standstill for ever.
    async fn work(
        &mut self,
        spec: &JobSpec,
        program: &dyn Program,
        mut at: Progress,
        since: u64,
        now: &impl Fn() -> u64,
        progress: &mut impl FnMut(u64),
    ) -> Result<Progress> {
        while at.tree.steps() < program.steps() {
            at.tree.push(&program.step(at.tree.steps()));
            progress(at.tree.steps());
            if now() >= since.saturating_add(spec.report_every) {
                break;
            }
        }
        at.done = at.tree.steps() >= program.steps();
        // A window holds at least one second.
        while now() <= since {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        let kind = match at.done {
            true => JobKind::Complete,
            false if at.statements % spec.checkpoint_every == 0 => JobKind::Checkpoint,
            false => JobKind::Progress,
        };
        self.state(spec, kind, at, since, now())
    }

    /// The first statement: nothing done yet, in the second before now.
    fn start(&mut self, spec: &JobSpec, now: u64) -> Result<Progress> {
        let at = Progress {
            tree: Tree::default(),
            units: 0,
            until: 0,
            statements: 0,
            done: false,
        };
        self.state(spec, JobKind::Start, at, now.saturating_sub(1), now)
    }

    /// Reserves a statement over `[since, until)` together with the state it speaks of, and signs it.
    fn state(&mut self, spec: &JobSpec, kind: JobKind, mut at: Progress, since: u64, until: u64) -> Result<Progress> {
        let window = Window::new(since, until).map_err(Error::encoding)?;
        if kind != JobKind::Start {
            let slot_seconds = u128::from(window.seconds()).saturating_mul(spec.slots.into());
            at.units = at.units.saturating_add(slot_seconds.saturating_mul(self.rate.into()));
        }
        at.until = until;
        at.statements = at.statements.saturating_add(1);
        let statement = self.statement(spec, kind, &at, window)?;
        let (chain, input_root) = (self.chain(spec), statement.input_root);
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        StatementChain::new(&transaction, self.home, chain).reserve(Kind::Job, None, |seq, prev_digest| {
            JobStatement {
                seq,
                prev_digest,
                ..statement
            }
        })?;
        save(&transaction, &chain_name(&chain), &input_root, &at)?;
        transaction.commit()?;
        sign_reserved(self.conn, self.home, self.key)?;
        Ok(at)
    }

    fn statement(&self, spec: &JobSpec, kind: JobKind, at: &Progress, window: Window) -> Result<JobStatement> {
        Ok(JobStatement {
            worker: self.enrolment.subject.id,
            key_epoch: self.enrolment.key_epoch,
            job: spec.job,
            assignment: spec.assignment,
            seq: 0,
            kind,
            window,
            units_cum: at.units,
            gpu_slots: bitmap(spec.slots),
            input_root: spec.program.input_root()?,
            output_root: at.tree.root(),
            model_id: spec.program.model_id(),
            prev_digest: Digest::default(),
            expires_at: window.end().saturating_add(self.statement_ttl),
        })
    }

    fn chain(&self, spec: &JobSpec) -> ChainKey {
        ChainKey::Job {
            worker: self.enrolment.subject.id,
            key_epoch: self.enrolment.key_epoch,
            job: spec.job,
            assignment: spec.assignment,
        }
    }

    fn load(&self, spec: &JobSpec) -> Result<Option<Progress>> {
        let chain = chain_name(&self.chain(spec));
        let Some((input_root, at)) = load(self.conn, &chain)? else {
            return Ok(None);
        };
        match input_root == spec.program.input_root()? {
            true => Ok(Some(at)),
            false => Err(Error::Job(format!("{chain} has begun with another input"))),
        }
    }
}

fn save(conn: &Connection, chain: &str, input_root: &Digest, at: &Progress) -> Result<()> {
    conn.execute(
        "INSERT INTO job VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (chain) DO UPDATE SET tree = ?3, units = ?4, until = ?5, statements = ?6, done = ?7",
        params![
            chain,
            input_root,
            serde_json::to_string(&at.tree)?,
            at.units.to_string(),
            to_sql(at.until)?,
            to_sql(at.statements)?,
            at.done
        ],
    )?;
    Ok(())
}

fn load(conn: &Connection, chain: &str) -> Result<Option<(Digest, Progress)>> {
    let row = conn.query_row(
        "SELECT input_root, tree, units, until, statements, done FROM job WHERE chain = ?1",
        [chain],
        |row| {
            let texts: (String, String) = (row.get(1)?, row.get(2)?);
            Ok((
                row.get(0)?,
                texts,
                from_sql(row.get(3)?)?,
                from_sql(row.get(4)?)?,
                row.get(5)?,
            ))
        },
    );
    let Some((input_root, (tree, units), until, statements, done)) = row.optional()? else {
        return Ok(None);
    };
    let units = units.parse().map_err(Error::encoding)?;
    Ok(Some((
        input_root,
        Progress {
            tree: serde_json::from_str(&tree)?,
            units,
            until,
            statements,
            done,
        },
    )))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use attestation::Body;
    use interfaces::attestation_oracle::{Level, Role, Subject};

    use super::*;
    use crate::compute::ProgramSpec;
    use crate::sdk::statements::{in_state, State};
    use crate::sdk::store;

    fn spec(steps: u64) -> JobSpec {
        JobSpec {
            job: 9,
            assignment: 1,
            slots: 2,
            report_every: 3,
            checkpoint_every: 2,
            program: ProgramSpec::Sweep {
                seed: "s".into(),
                from: 0,
                range: 5,
                steps,
            },
        }
    }

    struct Fixture {
        _dir: tempfile::TempDir,
        conn: Connection,
        home: Home,
        key: StatementKey,
    }

    impl Fixture {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let home = Home::new("c", "o").unwrap();
            let conn = store::open(&dir.path().join("w.db"), &home).unwrap();
            create_table(&conn).unwrap();
            Self {
                _dir: dir,
                conn,
                home,
                key: StatementKey::from_seeds(&[1; 32], [2; 32]),
            }
        }

        fn runner(&mut self) -> Runner<'_> {
            let enrolment = Enrolment {
                subject: Subject {
                    role: Role::Worker,
                    id: 4,
                },
                key_epoch: 1,
                level: Level::A0,
                enrolled_at: 0,
                valid_until: u64::MAX,
            };
            let Self { conn, home, key, .. } = self;
            Runner {
                conn,
                home,
                key,
                enrolment,
                rate: 10,
                statement_ttl: 100,
            }
        }

        fn statements(&self) -> Vec<JobStatement> {
            let signed = in_state(&self.conn, State::Signed, 1_000).unwrap();
            signed
                .iter()
                .map(|statement| JobStatement::decode(&statement.body).unwrap())
                .collect()
        }
    }

    /// A clock that moves a second with every look.
    fn ticking(from: u64) -> impl Fn() -> u64 {
        let time = Cell::new(from);
        move || time.replace(time.get() + 1)
    }

    #[tokio::test]
    async fn a_job_is_stated_from_start_to_end_within_the_oracles_rules() {
        let mut fixture = Fixture::new();
        let outcome = fixture.runner().run(&spec(20), ticking(1_000), |_| {}).await.unwrap();
        assert_eq!(
            outcome.output_root,
            hex::encode(spec(20).program.compute(|_| {}).unwrap())
        );
        let statements = fixture.statements();
        assert_eq!(statements.first().unwrap().kind, JobKind::Start);
        assert_eq!(statements.last().unwrap().kind, JobKind::Complete);
        assert!(statements.iter().any(|statement| statement.kind == JobKind::Progress));
        assert!(statements.iter().any(|statement| statement.kind == JobKind::Checkpoint));
        assert_eq!(hex::encode(statements.last().unwrap().output_root), outcome.output_root);
        for pair in statements.windows(2) {
            assert_eq!(pair[1].seq, pair[0].seq + 1);
            assert!(pair[1].window.start() >= pair[0].window.end(), "windows do not overlap");
            let claimed = pair[1].units_cum - pair[0].units_cum;
            assert!(
                claimed <= u128::from(pair[1].window.seconds()) * 10 * 2,
                "units fit window, rate and slots"
            );
        }
    }

    #[tokio::test]
    async fn a_run_goes_on_from_the_last_statement_and_ends_with_the_same_output() {
        let mut fixture = Fixture::new();
        let begun = fixture.runner().start(&spec(20), 1_000).unwrap();
        let mut runner = fixture.runner();
        let clock = ticking(1_001);
        let program = spec(20).program.build().unwrap();
        runner
            .work(&spec(20), program.as_ref(), begun, 1_001, &clock, &mut |_| {})
            .await
            .unwrap();
        let steps_before = fixture.statements().len();
        let outcome = fixture.runner().run(&spec(20), ticking(5_000), |_| {}).await.unwrap();
        assert_eq!(
            outcome.output_root,
            hex::encode(spec(20).program.compute(|_| {}).unwrap())
        );
        let statements = fixture.statements();
        assert!(
            statements[steps_before].window.start() >= 5_000,
            "the pause is not claimed"
        );
        let again = fixture.runner().run(&spec(20), ticking(9_000), |_| {}).await.unwrap();
        assert_eq!(
            (again, fixture.statements().len()),
            (outcome, statements.len()),
            "a finished job stays finished"
        );
    }

    #[tokio::test]
    async fn steps_longer_than_the_reporting_interval_still_lead_to_the_end() {
        let mut fixture = Fixture::new();
        let slow = JobSpec {
            report_every: 1,
            ..spec(10)
        };
        let outcome = fixture.runner().run(&slow, ticking(1_000), |_| {}).await.unwrap();
        assert_eq!((outcome.steps, outcome.statements), (10, 11));
    }

    #[tokio::test]
    async fn a_chain_serves_one_input() {
        let mut fixture = Fixture::new();
        fixture.runner().run(&spec(2), ticking(1_000), |_| {}).await.unwrap();
        let other = fixture.runner().run(&spec(3), ticking(2_000), |_| {}).await;
        assert!(matches!(other, Err(Error::Job(_))));
    }
}

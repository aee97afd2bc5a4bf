//! Running a job and stating what was done.
//!
//! Each statement is reserved together with the state from which the work goes on, so a crash repeats at most the steps since the last statement and never
//! claims a second twice. A job that outlives its key epoch goes on in the chain that a link opened under the next key; its units go on with it.

use std::time::Duration;

use attestation::{ChainKey, Digest, JobKind, JobStatement, Window};
use rusqlite::{params, Connection, OptionalExtension, TransactionBehavior};
use serde::Serialize;

use super::config::{bitmap, JobSpec};
use super::program::Program;
use super::tree::Tree;
use crate::sdk::statements::{chain_name, sign_reserved, Kind, StatementChain};
use crate::sdk::store::{from_sql, to_sql, Home};
use crate::sdk::{failpoint, Enrolment, KeyRing};
use crate::{Error, Result};

/// Who states the job, under one key epoch.
pub struct Runner<'a> {
    pub conn: &'a mut Connection,
    pub home: &'a Home,
    pub keys: &'a KeyRing,
    pub enrolment: Enrolment,
    /// Units per second and slot that are claimed, the registered rate.
    pub rate: u64,
    pub statement_ttl: u64,
}

/// Where a job stands: what the last statement said, and what is needed to go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Progress {
    pub tree: Tree,
    pub units: u128,
    /// End of the last window.
    pub until: u64,
    /// Statements of the job itself, links not counted.
    pub statements: u64,
    /// Whether the last statement was its end.
    pub done: bool,
}

/// What a job came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The chain under the key it ended with.
    pub chain: String,
    pub steps: u64,
    pub statements: u64,
    pub units: u128,
    pub output_root: String,
}

/// Creates the table unless it exists. `name` is worker, job and assignment; a job keeps its row across key epochs.
pub(super) fn create_table(conn: &Connection) -> Result<()> {
    conn.execute_batch(
        "CREATE TABLE IF NOT EXISTS job (
             name TEXT PRIMARY KEY, input_root BLOB NOT NULL, tree TEXT NOT NULL, units TEXT NOT NULL,
             until INTEGER NOT NULL, statements INTEGER NOT NULL, done INTEGER NOT NULL) WITHOUT ROWID;",
    )?;
    Ok(())
}

impl Runner<'_> {
    /// Where the job stands; its first statement is made if there is none. `now` is the chain's clock.
    ///
    /// # Errors
    /// [`Error::Job`] when it has begun with another input, or under a key epoch from which no link leads here; [`Error::EpochOver`]; [`Error::Store`].
    pub(super) fn begin(&mut self, spec: &JobSpec, now: u64) -> Result<Progress> {
        if let Some(at) = self.load(spec)? {
            return Ok(at);
        }
        // Nothing done yet, in the second before now.
        self.state(
            spec,
            JobKind::Start,
            &Progress::default(),
            (now.saturating_sub(1), now),
            now,
        )
    }

    /// States what was done in `[since, until)`, as the job's end if it is. `now` is when.
    ///
    /// # Errors
    /// [`Error::EpochOver`] when the window ends after the key epoch, or another process began a newer one; [`Error::Store`].
    pub(super) fn state_work(
        &mut self,
        spec: &JobSpec,
        at: &Progress,
        window: (u64, u64),
        now: u64,
    ) -> Result<Progress> {
        let done = at.tree.steps() >= spec.program.build()?.steps();
        let kind = match done {
            true => JobKind::Complete,
            false if at.statements % spec.checkpoint_every == 0 => JobKind::Checkpoint,
            false => JobKind::Progress,
        };
        self.state(spec, kind, at, window, now)
    }

    /// Reserves a statement over a window together with the state it speaks of, and signs it.
    fn state(
        &mut self,
        spec: &JobSpec,
        kind: JobKind,
        at: &Progress,
        window: (u64, u64),
        now: u64,
    ) -> Result<Progress> {
        let window = Window::new(window.0, window.1).map_err(Error::encoding)?;
        let mut at = at.clone();
        if kind != JobKind::Start {
            let slot_seconds = u128::from(window.seconds()).saturating_mul(spec.slots.into());
            at.units = at.units.saturating_add(slot_seconds.saturating_mul(self.rate.into()));
        }
        at.until = window.end();
        at.statements = at.statements.saturating_add(1);
        at.done = kind == JobKind::Complete;
        let statement = self.statement(spec, kind, &at, window, now)?;
        let (name, chain, input_root) = (self.name(spec), self.chain(spec), statement.input_root);
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        StatementChain::new(&transaction, self.home, chain).reserve(Kind::Job, None, |seq, prev_digest| {
            JobStatement {
                seq,
                prev_digest,
                ..statement
            }
        })?;
        save(&transaction, &name, &input_root, &at)?;
        transaction.commit()?;
        failpoint::hit("job.after_commit");
        sign_reserved(self.conn, self.home, self.keys)?;
        Ok(at)
    }

    fn statement(
        &self,
        spec: &JobSpec,
        kind: JobKind,
        at: &Progress,
        window: Window,
        now: u64,
    ) -> Result<JobStatement> {
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
            expires_at: window.end().max(now).saturating_add(self.statement_ttl),
        })
    }

    /// What the job came to.
    pub(super) fn outcome(&self, spec: &JobSpec, at: &Progress) -> Outcome {
        Outcome {
            chain: chain_name(&self.chain(spec)),
            steps: at.tree.steps(),
            statements: at.statements,
            units: at.units,
            output_root: hex::encode(at.tree.root()),
        }
    }

    /// The job's chain under the enrolled key.
    fn chain(&self, spec: &JobSpec) -> ChainKey {
        ChainKey::Job {
            worker: self.enrolment.subject.id,
            key_epoch: self.enrolment.key_epoch,
            job: spec.job,
            assignment: spec.assignment,
        }
    }

    /// The job under whatever key.
    fn name(&self, spec: &JobSpec) -> String {
        format!("{}/{}/{}", self.enrolment.subject.id, spec.job, spec.assignment)
    }

    fn load(&self, spec: &JobSpec) -> Result<Option<Progress>> {
        let name = self.name(spec);
        let Some((input_root, at)) = load(self.conn, &name)? else {
            return Ok(None);
        };
        if input_root != spec.program.input_root()? {
            return Err(Error::Job(format!("{name} has begun with another input")));
        }
        // Units go on where they were, so a chain that begins anew would state them as done in its first window.
        if !at.done && StatementChain::new(self.conn, self.home, self.chain(spec)).head()?.seq == 0 {
            return Err(Error::Job(format!(
                "{name} was begun under a key that is gone, so no link leads to the new one; run it as another assignment"
            )));
        }
        Ok(Some(at))
    }
}

/// Computes until the next statement is due and returns the end of its window. At least one step, so that a slow machine never states standstill for ever;
/// at least one second.
pub(super) async fn work(
    spec: &JobSpec,
    program: &dyn Program,
    tree: &mut Tree,
    since: u64,
    now: impl Fn() -> u64,
    mut progress: impl FnMut(u64),
) -> u64 {
    while tree.steps() < program.steps() {
        tree.push(&program.step(tree.steps()));
        progress(tree.steps());
        if now() >= since.saturating_add(spec.report_every) {
            break;
        }
    }
    loop {
        match now() {
            until if until > since => return until,
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

fn save(conn: &Connection, name: &str, input_root: &Digest, at: &Progress) -> Result<()> {
    conn.execute(
        "INSERT INTO job VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (name) DO UPDATE SET tree = ?3, units = ?4, until = ?5, statements = ?6, done = ?7",
        params![
            name,
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

fn load(conn: &Connection, name: &str) -> Result<Option<(Digest, Progress)>> {
    let row = conn.query_row(
        "SELECT input_root, tree, units, until, statements, done FROM job WHERE name = ?1",
        [name],
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
    use crate::sdk::{epochs, store};

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

    const WORKER: Subject = Subject {
        role: Role::Worker,
        id: 4,
    };

    struct Fixture {
        _dir: tempfile::TempDir,
        conn: Connection,
        home: Home,
        keys: KeyRing,
        enrolment: Enrolment,
    }

    impl Fixture {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let home = Home::new("c", "o").unwrap();
            let conn = store::open(&dir.path().join("w.db"), &home).unwrap();
            create_table(&conn).unwrap();
            let keys = KeyRing::open(&dir.path().join("keys")).unwrap();
            let enrolment = Enrolment {
                subject: WORKER,
                key_epoch: 0,
                level: Level::A0,
                enrolled_at: 0,
                valid_until: 0,
            };
            let mut fixture = Self {
                _dir: dir,
                conn,
                home,
                keys,
                enrolment,
            };
            fixture.rotate(0, 100_000);
            fixture
        }

        /// Begins the next key epoch.
        fn rotate(&mut self, from: u64, until: u64) {
            let epoch = self.enrolment.key_epoch + 1;
            let key = epochs::next_key(&self.conn, &self.keys, Role::Worker).unwrap();
            epochs::record(&self.conn, WORKER, epoch, &key).unwrap();
            epochs::adopt(&self.conn, &self.home, WORKER, epoch, from, until).unwrap();
            sign_reserved(&self.conn, &self.home, &self.keys).unwrap();
            (self.enrolment.key_epoch, self.enrolment.valid_until) = (epoch, until);
        }

        fn runner(&mut self) -> Runner<'_> {
            let Self {
                conn,
                home,
                keys,
                enrolment,
                ..
            } = self;
            Runner {
                conn,
                home,
                keys,
                enrolment: *enrolment,
                rate: 10,
                statement_ttl: 100,
            }
        }

        /// Runs the job until it has made so many statements, or to its end.
        async fn run(&mut self, spec: &JobSpec, now: impl Fn() -> u64, statements: u64) -> Result<Outcome> {
            let program = spec.program.build()?;
            let mut at = self.runner().begin(spec, now())?;
            let mut since = now().max(at.until);
            while !at.done && at.statements < statements {
                let until = work(spec, program.as_ref(), &mut at.tree, since, &now, |_| {}).await;
                at = self.runner().state_work(spec, &at, (since, until), until)?;
                since = at.until;
            }
            Ok(self.runner().outcome(spec, &at))
        }

        async fn finish(&mut self, spec: &JobSpec, now: impl Fn() -> u64) -> Result<Outcome> {
            self.run(spec, now, u64::MAX).await
        }

        fn statements(&self) -> Vec<JobStatement> {
            let signed = in_state(&self.conn, State::Signed, 1_000).unwrap();
            signed
                .iter()
                .filter(|statement| statement.kind == Kind::Job)
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
        let outcome = fixture.finish(&spec(20), ticking(1_000)).await.unwrap();
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
        fixture.run(&spec(20), ticking(1_000), 2).await.unwrap();
        let before = fixture.statements().len();
        let outcome = fixture.finish(&spec(20), ticking(5_000)).await.unwrap();
        assert_eq!(
            outcome.output_root,
            hex::encode(spec(20).program.compute(|_| {}).unwrap())
        );
        let statements = fixture.statements();
        assert!(statements[before].window.start() >= 5_000, "the pause is not claimed");
        let again = fixture.finish(&spec(20), ticking(9_000)).await.unwrap();
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
        let outcome = fixture.finish(&slow, ticking(1_000)).await.unwrap();
        assert_eq!((outcome.steps, outcome.statements), (10, 11));
    }

    #[tokio::test]
    async fn a_chain_serves_one_input() {
        let mut fixture = Fixture::new();
        fixture.finish(&spec(2), ticking(1_000)).await.unwrap();
        let other = fixture.finish(&spec(3), ticking(2_000)).await;
        assert!(matches!(other, Err(Error::Job(_))));
    }

    /// One chain of three keys: every place once, every parent named, units never falling.
    #[tokio::test]
    async fn a_job_goes_on_across_key_epochs_in_one_chain() {
        let mut fixture = Fixture::new();
        fixture.run(&spec(40), ticking(1_000), 2).await.unwrap();
        fixture.rotate(3_000, 9_000);
        fixture.run(&spec(40), ticking(3_000), 4).await.unwrap();
        fixture.rotate(8_000, 90_000);
        let outcome = fixture.finish(&spec(40), ticking(9_500)).await.unwrap();
        assert_eq!(
            outcome.output_root,
            hex::encode(spec(40).program.compute(|_| {}).unwrap())
        );
        assert_eq!(outcome.chain, "job/4/3/9/1");
        let signed = in_state(&fixture.conn, State::Signed, 1_000).unwrap();
        let seqs: Vec<_> = signed.iter().map(|statement| statement.seq).collect();
        assert_eq!(seqs, (1..=outcome.statements + 2).collect::<Vec<_>>());
        assert_eq!(
            signed.iter().filter(|statement| statement.kind == Kind::Link).count(),
            2
        );
        let parent = |statement: &crate::sdk::statements::Statement| match statement.kind {
            Kind::Link => *attestation::ChainLink::decode(&statement.body).unwrap().prev_digest(),
            _ => *JobStatement::decode(&statement.body).unwrap().prev_digest(),
        };
        for pair in signed.windows(2) {
            assert_eq!(parent(&pair[1]), pair[0].digest);
        }
        let statements = fixture.statements();
        assert!(statements.is_sorted_by_key(|statement| statement.units_cum));
        assert!(statements
            .windows(2)
            .all(|pair| pair[1].window.start() >= pair[0].window.end()));
    }

    #[tokio::test]
    async fn a_window_beyond_the_epoch_is_not_stated_and_its_work_is_kept() {
        let mut fixture = Fixture::new();
        fixture.rotate(0, 1_010);
        let at = fixture.runner().begin(&spec(20), 1_000).unwrap();
        let refused = fixture.runner().state_work(&spec(20), &at, (1_000, 1_011), 1_011);
        assert!(matches!(refused, Err(Error::EpochOver { end: 1_010, .. })));
        assert_eq!(fixture.statements().len(), 1);
        fixture.rotate(1_011, 50_000);
        fixture.finish(&spec(20), ticking(1_012)).await.unwrap();
    }

    #[tokio::test]
    async fn a_job_whose_key_is_lost_does_not_begin_a_second_chain() {
        let mut fixture = Fixture::new();
        fixture.run(&spec(20), ticking(1_000), 2).await.unwrap();
        // As if the ring were new: the next epoch finds no key that could sign a link.
        fixture.conn.execute("UPDATE key_epoch SET destroyed = 1", []).unwrap();
        fixture.rotate(2_000, 90_000);
        let again = fixture.finish(&spec(20), ticking(3_000)).await;
        assert!(matches!(again, Err(Error::Job(reason)) if reason.contains("another assignment")));
    }

    #[tokio::test]
    async fn a_finished_job_is_finished_under_every_key() {
        let mut fixture = Fixture::new();
        let first = fixture.finish(&spec(4), ticking(1_000)).await.unwrap();
        fixture.rotate(2_000, 90_000);
        let again = fixture.finish(&spec(4), ticking(3_000)).await.unwrap();
        assert_eq!(
            (first.statements, first.output_root),
            (again.statements, again.output_root)
        );
    }
}

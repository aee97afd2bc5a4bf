//! The real `worker` process against the real contracts, killed at every failpoint on the way of a key epoch and of the job that outlives it.
#![cfg(feature = "testkit")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod common;

use std::os::unix::process::ExitStatusExt;
use std::process::Output;
use std::sync::OnceLock;
use std::time::Instant;

use common::bench::{Bench, CHAIN, DAY, VALIDITY};
use common::node;
use interfaces::attestation_oracle::{ChainId, KeyResponse, QueryMsg, Role, Subject};
use serde_json::Value;
use suite::Account;
use tokio::process::Command;
use worker::compute::config::{open_store, JobSpec};
use worker::compute::ProgramSpec;
use worker::sdk::{epochs, failpoint, ChainClient, KeyRing};

const WORKER: Subject = Subject {
    role: Role::Worker,
    id: 1,
};

/// A configured worker beside its chain and relayer.
struct Host {
    bench: Bench,
}

impl Host {
    async fn new() -> Self {
        let bench = Bench::new().await;
        let host = Self { bench };
        let index = suite::account::dev_index("worker").unwrap();
        host.private("given.key", &format!("{} /{index}\n", suite::account::DEV_MNEMONIC));
        let url = node::serve(&host.bench.client).await;
        let dir = host.bench.dir.path().to_owned();
        let validity = format!("{}..{}", VALIDITY.0, VALIDITY.1);
        let mut init = Command::new(env!("CARGO_BIN_EXE_worker"));
        init.arg("init")
            .arg("--dir")
            .arg(&dir)
            .arg("--operator-key")
            .arg(dir.join("given.key"));
        for (name, value) in [
            ("--chain-id", CHAIN),
            ("--oracle", &host.bench.at.attestation_oracle),
            ("--rpc", &url),
            ("--relayer", &host.bench.relayer),
            ("--gas-price", "1stake"),
            ("--slots", "2"),
            ("--rate", "5"),
            ("--quote", "testkit"),
            ("--testkit-validity", &validity),
            ("--testkit-platform", "2"),
        ] {
            init.args([name, value]);
        }
        success(&init.output().await.unwrap());
        host
    }

    fn private(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.bench.file(name, text);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    async fn worker(&self, args: &[&str], failpoint: Option<&str>) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_worker"));
        command
            .arg("--config")
            .arg(self.bench.dir.path().join("worker.toml"))
            .args(["--json", "-"])
            .args(args)
            .env("RUST_LOG", "error")
            .env_remove(failpoint::ENV);
        if let Some(failpoint) = failpoint {
            command.env(failpoint::ENV, failpoint);
        }
        command.output().await.unwrap()
    }

    async fn run(&self, failpoint: Option<&str>) -> Output {
        let job = self.bench.dir.path().join("job.toml");
        self.worker(&["run", "--job", job.to_str().unwrap()], failpoint).await
    }

    async fn dies_at(&self, failpoint: &str) {
        let output = self.run(Some(failpoint)).await;
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.signal(), Some(9), "{failpoint} is never reached: {said}");
    }

    /// A run that is not killed: goes on with whatever was interrupted and brings every statement to the chain.
    async fn recovers(&self) {
        success(&self.worker(&["heartbeat", "--once"], None).await);
        let status = success(&self.worker(&["status"], None).await);
        for state in ["reserved", "signed", "posted"] {
            assert_eq!(status["statements"][state], 0, "{status}");
        }
        self.bench.seen.lock().unwrap().assert_all_accepted();
    }

    async fn newest_key(&self) -> KeyResponse {
        let query = QueryMsg::Key {
            subject: WORKER,
            key_epoch: None,
        };
        self.bench
            .client
            .query(&self.bench.at.attestation_oracle, &query)
            .await
            .unwrap()
    }

    /// Moves the clock to ten minutes before the end of the newest epoch, or `after` seconds behind it.
    async fn to_the_end_of_the_epoch(&self, after: Option<u64>) {
        let left = self.newest_key().await.valid_until - self.bench.now().await;
        let by = after.map_or(left - 600, |after| left + after);
        self.bench.client.advance(by).await;
    }

    fn job(&self, steps: u64) -> JobSpec {
        let range = half_a_second();
        let text = format!(
            "job = 5\nslots = 2\nreport_every = '1s'\n[program]\nkind = 'sweep'\nseed = 'x'\nfrom = 0\nrange = {range}\nsteps = {steps}\n"
        );
        JobSpec::load(&self.bench.file("job.toml", &text)).unwrap()
    }
}

fn success(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

/// How many nonces this machine sweeps in so long when nothing else runs: the best of several tries, so that a step never takes less.
fn half_a_second() -> u64 {
    static RANGE: OnceLock<u64> = OnceLock::new();
    let probe = || {
        let sweep = ProgramSpec::Sweep {
            seed: "probe".into(),
            from: 0,
            range: 25_000,
            steps: 4,
        };
        let started = Instant::now();
        sweep.compute(|_| {}).unwrap();
        started.elapsed()
    };
    *RANGE.get_or_init(|| {
        let best = (0..8).map(|_| probe()).min().unwrap();
        100_000 * 500_000 / (best.as_micros() as u64).max(1)
    })
}

/// Each failpoint in a key epoch of its own, so that every interrupted step is completed by a run that finds only what is on the disk. In the end there is one
/// chain over all epochs, every place of it taken once, every statement accepted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigkill_at_every_failpoint_of_a_key_epoch_loses_nothing_and_equivocates_nowhere() {
    let host = Host::new().await;
    let job = host.job(72);
    // The first enrolment, interrupted again and again.
    for name in [
        "epoch.pending",
        "epoch.key",
        "epoch.requested",
        "epoch.recorded",
        "epoch.enrolled",
        "epoch.adopted",
    ] {
        host.dies_at(name).await;
    }
    host.recovers().await;
    assert_eq!(
        host.newest_key().await.key_epoch,
        1,
        "interrupted enrolments are completed, not repeated"
    );
    // The job's own statements.
    for name in [
        "statement.reserved",
        "job.after_commit",
        "statement.signed",
        "courier.posted",
        "courier.settled",
    ] {
        host.dies_at(name).await;
        host.dies_at(&format!("{name}:2")).await;
        host.recovers().await;
    }
    // Renewals. Adopting passes twice: the epoch that ends, then the one that begins.
    let mut epochs_begun = 1;
    for name in [
        "epoch.pending",
        "epoch.key",
        "epoch.requested",
        "epoch.recorded",
        "epoch.enrolled",
        "link.reserved",
        "epoch.adopted:2",
        "statement.signed",
        "courier.posted",
        "courier.settled",
    ] {
        host.to_the_end_of_the_epoch(None).await;
        host.dies_at(name).await;
        host.recovers().await;
        epochs_begun += 1;
        assert_eq!(host.newest_key().await.key_epoch, epochs_begun, "{name}");
    }
    // Days later: nothing under the old key is taken any more, and it is destroyed.
    host.to_the_end_of_the_epoch(Some(3 * DAY)).await;
    host.dies_at("epoch.destroyed").await;
    host.recovers().await;
    epochs_begun += 1;

    let done = success(&host.run(None).await);
    assert_eq!((done["open"].as_u64(), done["steps"].as_u64()), (Some(0), Some(72)));
    let root = hex::decode(done["output_root"].as_str().unwrap())
        .unwrap()
        .try_into()
        .unwrap();
    assert!(
        job.program.verify(&root, |_| {}).unwrap(),
        "whatever was interrupted, the output is the job's"
    );
    one_chain(&host, epochs_begun, done["statements"].as_u64().unwrap()).await;
    one_live_key(&host, epochs_begun);
}

/// Every link was accepted once, and the last chain stands where all statements and links together put it.
async fn one_chain(host: &Host, epochs_begun: u32, statements: u64) {
    let links = {
        let seen = host.bench.seen.lock().unwrap();
        seen.assert_all_accepted();
        seen.count("link") as u64
    };
    assert_eq!(links, u64::from(epochs_begun) - 1);
    let chain = |key_epoch| {
        host.bench.chain(ChainId::Job {
            worker: 1,
            key_epoch,
            job: 5,
            assignment: 0,
        })
    };
    for key_epoch in 1..epochs_begun {
        assert!(chain(key_epoch).await.linked, "epoch {key_epoch}");
    }
    let last = chain(epochs_begun).await;
    assert_eq!((last.linked, last.last_seq), (false, statements + links));
    assert_eq!(last.units_cum, last.units_credited);
}

/// Of all keys that were made, the ring holds those that may still be needed.
fn one_live_key(host: &Host, epochs_begun: u32) {
    let dir = host.bench.dir.path();
    let conn = open_store(&dir.join("worker.db"), &host.bench.home()).unwrap();
    let ring = KeyRing::open(&dir.join("statement-keys")).unwrap();
    let known = epochs::all(&conn, WORKER).unwrap();
    assert_eq!(known.len(), epochs_begun as usize);
    let kept: Vec<u32> = known
        .iter()
        .filter(|epoch| ring.get(&epoch.key).unwrap().is_some())
        .map(|epoch| epoch.key_epoch)
        .collect();
    assert_eq!(kept, [epochs_begun]);
    let files = std::fs::read_dir(dir.join("statement-keys")).unwrap();
    let keys = files.filter(|file| {
        file.as_ref()
            .unwrap()
            .path()
            .extension()
            .is_some_and(|end| end == "key")
    });
    assert_eq!(keys.count(), 1, "no key is left that nobody knows");
}

/// Two processes of one worker, a job and heartbeats, meet the end of the epoch together: it is renewed once, and neither states anything void.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_of_one_worker_renew_once() {
    let host = Host::new().await;
    host.job(8);
    host.recovers().await;
    host.to_the_end_of_the_epoch(None).await;
    let (job, beat) = tokio::join!(host.run(None), host.worker(&["heartbeat", "--once"], None));
    success(&beat);
    let done = success(&job);
    assert_eq!(done["open"], 0);
    assert_eq!(host.newest_key().await.key_epoch, 2);
    host.bench.seen.lock().unwrap().assert_all_accepted();
}

/// Attack on oneself: a second job at a time would sell the first slots twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_runs_one_job_at_a_time() {
    let host = Host::new().await;
    host.job(4);
    let ring = KeyRing::open(&host.bench.dir.path().join("statement-keys")).unwrap();
    let other = ring.try_lock("job").unwrap().unwrap();
    let second = host.run(None).await;
    assert!(!second.status.success());
    assert!(String::from_utf8_lossy(&second.stderr).contains("runs a job already"));
    drop(other);
    success(&host.run(None).await);
}

/// What a person reads when something is missing says what to do about it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_say_what_to_do_next() {
    let host = Host::new().await;
    let said = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let missing = host.worker(&["run", "--job", "/nonexistent/job.toml"], None).await;
    assert!(said(&missing).contains("next: "), "{}", said(&missing));
    host.private("operator.key", &hex::encode([77; 32]));
    assert_ne!(
        worker::sdk::Account::from_secret(&[77; 32], "wasm").unwrap().address(),
        Account::dev("worker").unwrap().address()
    );
    let poor = host.worker(&["enroll"], None).await;
    assert!(!poor.status.success());
    assert!(said(&poor).contains("next: "), "{}", said(&poor));
}

//! The real `gateway` process over real sockets: killed at every failpoint, with relayers that fail, and with a chain that knows better.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use common::world::{Fault, Server};
use common::{addresses, home, own_epoch, rates, ring, spec, write_log, GATEWAY, START};
use cosmwasm_std::Uint128;
use serde_json::Value;
use worker::gateway::expected::expected;
use worker::sdk::failpoint;
use worker::sdk::store;

/// A configured gateway whose epoch this store began, beside its relayer and chain.
struct Bench {
    dir: tempfile::TempDir,
    server: Server,
}

impl Bench {
    fn new() -> Self {
        let bench = Self {
            dir: tempfile::tempdir().unwrap(),
            server: Server::start(START + 100_000),
        };
        bench.write("operator.key", &hex::encode([9; 32]));
        ring(bench.dir.path());
        bench.write("gateway.toml", &bench.config());
        bench.own_epoch();
        write_log(&bench.log(), &spec(800, 110, 1_700));
        bench
    }

    fn config(&self) -> String {
        format!(
            "settle_delay = \"1s\"\n[chain]\nid = \"chain-1\"\nrpc = \"{url}\"\noracle = \"wasm1oracle\"\nvault = \"wasm1vault\"\n\
             gas_price = \"0.025stake\"\n[keys]\nstatement = \"statement-keys\"\noperator = \"operator.key\"\n\
             [relayer]\nurl = \"{url}\"\nattempts = 5\n[enrolment]\nid = {GATEWAY}\n[quote]\nprovider = \"none\"\n",
            url = self.server.url
        )
    }

    fn own_epoch(&self) {
        own_epoch(&store::open(&self.dir.path().join("gateway.db"), &home()).unwrap());
    }

    fn write(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("calls.jsonl")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gateway"));
        command
            .arg("--config")
            .arg(self.dir.path().join("gateway.toml"))
            .arg("--json")
            .arg("-")
            .args(args);
        command.env("RUST_LOG", "error").env_remove(failpoint::ENV);
        command
    }

    fn ingest(&self, failpoint: Option<&str>) -> Output {
        let mut command = self.command(&["ingest", "--patience", "3s", "--log"]);
        command.arg(self.log());
        if let Some(name) = failpoint {
            command.env(failpoint::ENV, name);
        }
        command.output().unwrap()
    }

    /// Everything in the log is on the chain exactly once, at the price the slow loop finds.
    fn assert_complete(&self) {
        let rates_file = self.dir.path().join("rates.json");
        fs::write(&rates_file, serde_json::to_vec(&rates()).unwrap()).unwrap();
        let slow = expected(&self.log(), &rates_file, 600).unwrap();
        let world = self.server.world();
        assert_eq!(world.equivocations, 0, "two statements for one place");
        assert_eq!(world.calls, 2 * slow.calls);
        let mut by_account: BTreeMap<String, Uint128> = BTreeMap::new();
        for entry in &world.entries {
            *by_account.entry(entry.account.clone()).or_default() += Uint128::new(entry.list);
        }
        assert_eq!(by_account, slow.accounts);
    }
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_log_is_settled_and_every_call_answers_for_itself() {
    let bench = Bench::new();
    let summary = json(&bench.ingest(None));
    assert_eq!(
        (summary["calls"].as_u64(), summary["windows"].as_u64()),
        (Some(800), Some(3))
    );
    assert_eq!(summary["outcomes"]["accepted"], summary["reports"]);
    assert_eq!(summary["statements"]["settled"], summary["reports"]);
    assert!(summary["reports"].as_u64().unwrap() >= 3);
    bench.assert_complete();

    let again = json(&bench.ingest(None));
    assert_eq!((again["lines"].as_u64(), again["reports"].as_u64()), (Some(0), Some(0)));

    let first = fs::read_to_string(bench.log()).unwrap();
    let call: Value = serde_json::from_str(first.lines().next().unwrap()).unwrap();
    let query = json(
        &bench
            .command(&["prove", "--call-id", call["id"].as_str().unwrap()])
            .output()
            .unwrap(),
    );
    assert_eq!(query["verify_call"]["call"]["report"]["gateway"], GATEWAY);
    assert!(!bench
        .command(&["prove", "--call-id", "other"])
        .output()
        .unwrap()
        .status
        .success());

    let status = json(&bench.command(&["status"]).output().unwrap());
    assert_eq!(status["enrolment"]["key_epoch"], 1);
}

/// Killed with SIGKILL at every failpoint, at its first and at its second pass: whatever was done before, the next run completes it, and no place of the
/// chain ever gets two statements.
#[test]
fn sigkill_at_every_failpoint_loses_nothing_and_equivocates_nowhere() {
    for name in failpoint::REPORT {
        for pass in 1..=2 {
            let bench = Bench::new();
            let killed = bench.ingest(Some(&format!("{name}:{pass}")));
            let once_per_run = name.starts_with("ingest.");
            if pass == 1 || !once_per_run {
                assert_eq!(killed.status.signal(), Some(9), "{name}:{pass} is never reached");
            }
            json(&bench.ingest(None));
            bench.assert_complete();
        }
    }
}

#[test]
fn a_relayer_that_fails_gets_every_report_in_the_end() {
    let bench = Bench::new();
    bench.server.world().faults = vec![Fault::Busy, Fault::Unavailable, Fault::Busy, Fault::Unavailable];
    json(&bench.ingest(None));
    assert!(bench.server.world().posts > 4);
    bench.assert_complete();
}

#[test]
fn a_relayer_that_forgets_gets_the_same_bytes_again() {
    let bench = Bench::new();
    bench.server.world().faults = vec![Fault::Forgotten, Fault::Forgotten];
    json(&bench.ingest(None));
    bench.assert_complete();
}

#[test]
fn a_relayer_that_is_down_costs_a_later_run_only() {
    let bench = Bench::new();
    bench.server.world().faults = vec![Fault::Unavailable; 5];
    assert!(!bench.ingest(None).status.success());
    json(&bench.ingest(None));
    bench.assert_complete();
}

#[test]
fn a_refusal_for_good_is_told() {
    let bench = Bench::new();
    bench.server.world().faults = vec![Fault::Refused];
    let output = bench.ingest(None);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("422"));
}

/// Attack: a copy of the key signs elsewhere. The gateway must notice and stop.
#[test]
fn a_statement_by_a_copied_key_is_noticed() {
    let bench = Bench::new();
    bench.server.world().foreign = Some((1, [6; 32]));
    let output = bench.ingest(None);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("used by another process"));
}

/// A lost or restored store cannot know what was signed before; it must not sign under that epoch.
#[test]
fn a_store_that_did_not_begin_the_epoch_never_signs_under_it() {
    let bench = Bench::new();
    fs::remove_file(bench.dir.path().join("gateway.db")).unwrap();
    assert!(
        !bench.ingest(None).status.success(),
        "it asks for a new epoch, which this chain does not serve"
    );
    assert_eq!(bench.server.world().posts, 0);
}

#[test]
fn a_followed_log_is_reported_as_its_windows_end_and_sigterm_ends_the_run() {
    let bench = Bench::new();
    let user = addresses(1).remove(0);
    let line = |id: u64, time: u64| {
        format!("{{\"id\":\"{id}\",\"created\":{time},\"model\":\"gpt-4o\",\"user\":\"{user}\",\"usage\":{{\"prompt_tokens\":1000000,\"completion_tokens\":5}}}}\n")
    };
    fs::write(bench.log(), line(1, START)).unwrap();
    let mut command = bench.command(&["ingest", "--follow", "--log"]);
    let mut child = command
        .arg(bench.log())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    wait_for(&bench, 1);
    let mut log = fs::OpenOptions::new().append(true).open(bench.log()).unwrap();
    log.write_all(line(2, START + 600).as_bytes()).unwrap();
    wait_for(&bench, 2);
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success());
    bench.assert_complete();
}

fn wait_for(bench: &Bench, reports: usize) {
    let started = Instant::now();
    while bench.server.world().landed.len() < reports {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "report {reports} never came"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

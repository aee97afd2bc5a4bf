//! The real process, killed by SIGKILL at every failpoint and started again: each statement takes effect exactly once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod support;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use relayer::failpoint::{self, ENV};
use relayer::outbox::Outbox;
use relayer::outcome::State;
use relayer::statement::Envelope;
use support::*;

const SIGKILL: i32 = 9;

struct Process {
    child: Child,
    address: Option<SocketAddr>,
}

/// Starts the binary; the address is missing if it died before it listened.
fn spawn(dir: &Path, failpoint: Option<&str>) -> Process {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relayer"));
    command
        .args(["run", "--config"])
        .arg(dir.join("relayer.toml"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(name) = failpoint {
        command.env(ENV, name);
    }
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let started: Option<serde_json::Value> = serde_json::from_str(&line).ok();
    let address = started.map(|started| started["listen"].as_str().unwrap().parse().unwrap());
    Process { child, address }
}

fn terminate(process: &Process) {
    let id = rustix::process::Pid::from_child(&process.child);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
}

async fn died_by_sigkill(process: &mut Process) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        if let Some(status) = process.child.try_wait().unwrap() {
            return status.signal() == Some(SIGKILL);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    process.child.kill().unwrap();
    false
}

/// Posts until the process answers or is dead.
async fn try_post(address: SocketAddr, envelope: &Envelope) -> Option<u16> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for _ in 0..100 {
        let answer = client
            .post(format!("http://{address}/v1/statements"))
            .json(envelope)
            .send()
            .await;
        let status = answer.ok()?.status().as_u16();
        if status != 503 {
            return Some(status);
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    None
}

async fn finish(dir: &Path, fake: &Fake, all: &[Envelope]) {
    let mut process = spawn(dir, None);
    let address = process.address.unwrap();
    for envelope in all {
        assert!(matches!(try_post(address, envelope).await, Some(200 | 202)));
    }
    let start = Instant::now();
    for envelope in all {
        let path = format!("/v1/statements/{}", hex::encode(digest(envelope)));
        while !get(address, &path).await.1.contains("\"state\":\"final\"") {
            assert!(
                start.elapsed() < Duration::from_secs(30),
                "{}",
                get(address, &path).await.1
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    assert_once(fake, all);
    terminate(&process);
    assert!(process.child.wait().unwrap().success(), "SIGTERM ends it in order");
    let outbox = Outbox::open(&dir.join("relayer.db")).unwrap();
    let done = outbox
        .counts()
        .unwrap()
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .collect::<Vec<_>>();
    assert_eq!(done, [(State::Final, all.len() as u64)]);
}

async fn killed_at(name: &str) {
    let (dir, fake) = (home(), Fake::start().await);
    let mut config = config(dir.path(), &[fake.url()]);
    config.tx.timeout_blocks = 5;
    std::fs::write(dir.path().join("relayer.toml"), toml::to_string(&config).unwrap()).unwrap();
    let all = Enclave::new(1).take(3);
    let released = name.contains("release");
    fake.set(|faults| faults.stalled = released);
    let mut process = spawn(dir.path(), Some(name));
    if let Some(address) = process.address {
        for envelope in &all {
            if try_post(address, envelope).await.is_none() {
                break;
            }
        }
        if name == "mid_flush" {
            terminate(&process);
        }
    }
    assert!(died_by_sigkill(&mut process).await, "{name} was not reached");
    fake.set(|faults| faults.stalled = false);
    finish(dir.path(), &fake, &all).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_at_any_failpoint_applies_every_statement_once() {
    for point in failpoint::ALL {
        eprintln!("{}", point.name);
        killed_at(point.name).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_pass_can_be_chosen() {
    killed_at("after_commit_before_202:2").await;
}

#[test]
fn a_misspelt_failpoint_stops_the_start() {
    let dir = home();
    let config = config(dir.path(), &["http://127.0.0.1:9".into()]);
    std::fs::write(dir.path().join("relayer.toml"), toml::to_string(&config).unwrap()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_relayer"));
    let output = command
        .args(["run", "--config"])
        .arg(dir.path().join("relayer.toml"))
        .env(ENV, "mid_flusch")
        .output();
    let output = output.unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("relayer failpoints"));
}

#[test]
fn no_secret_is_ever_printed() {
    let dir = home();
    let config = config(dir.path(), &["http://user:hunter2@127.0.0.1:9".into()]);
    std::fs::write(dir.path().join("relayer.toml"), toml::to_string(&config).unwrap()).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_relayer"))
        .args(["run", "--config"])
        .arg(dir.path().join("relayer.toml"))
        .env("RUST_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(2));
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    let _ = child.kill();
    let output = child.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    assert!(text.contains("relayer starts"));
    let secret = relayer::signer::secret_of_mnemonic(MNEMONIC, relayer::signer::HD_PATH).unwrap();
    for word in ["hunter2", "correct horse", "abandon", &hex::encode(*secret)] {
        assert!(!text.contains(word), "{word} was printed");
    }
}

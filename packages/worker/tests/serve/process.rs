//! The real `gateway` process: started by hand, killed at its failpoints, told to stop.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Output, Stdio};

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use worker::sdk::failpoint;

use super::common::bench::VALIDITY;
use super::common::node;
use super::*;

/// A configured gateway beside its chain, relayer and model server.
struct Host {
    bench: Bench,
    model: Model,
}

/// A serving process.
struct Process {
    child: Child,
    url: String,
    _lines: Lines<BufReader<ChildStdout>>,
}

impl Host {
    async fn new() -> Self {
        let host = Self {
            bench: Bench::new().await,
            model: Model::start(None),
        };
        host.key_file("given.key", "gateway");
        let url = node::serve(&host.bench.client).await;
        let validity = format!("{}..{}", VALIDITY.0, VALIDITY.1);
        let (dir, operator) = (host.path(""), host.path("given.key"));
        let at = &host.bench.at;
        let mut init = host.command(&[
            "init",
            "--quote",
            "testkit",
            "--gas-price",
            "1stake",
            "--chain-id",
            CHAIN,
        ]);
        init.arg("--dir").arg(dir).arg("--operator-key").arg(operator);
        for (name, value) in [
            ("--oracle", &at.attestation_oracle),
            ("--vault", &at.credit_vault),
            ("--rpc", &url),
            ("--relayer", &host.bench.relayer),
            ("--testkit-validity", &validity),
        ] {
            init.args([name, value]);
        }
        success(&init.output().await.unwrap());
        host
    }

    fn path(&self, name: &str) -> PathBuf {
        self.bench.dir.path().join(name)
    }

    fn key_file(&self, name: &str, user: &str) -> PathBuf {
        let index = suite::account::dev_index(user).unwrap();
        let path = self
            .bench
            .file(name, &format!("{} /{index}\n", suite::account::DEV_MNEMONIC));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gateway"));
        command.args(["--json", "-"]).args(args);
        command
            .env("GATEWAY_CONFIG", self.path("gateway.toml"))
            .env("RUST_LOG", "error");
        command.env_remove(failpoint::ENV).kill_on_drop(true);
        command
    }

    fn serving(&self) -> Command {
        self.command(&["serve", "--listen", "127.0.0.1:0", "--upstream", &self.model.url])
    }

    async fn start(&self, failpoint: Option<&str>) -> Process {
        let mut command = self.serving();
        if let Some(name) = failpoint {
            command.env(failpoint::ENV, name);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut text = String::new();
        while serde_json::from_str::<Value>(&text).is_err() {
            text.push_str(&lines.next_line().await.unwrap().expect("it ends before it serves"));
        }
        let said: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(said["gateway"], GATEWAY);
        Process {
            child,
            url: said["url"].as_str().unwrap().to_owned(),
            _lines: lines,
        }
    }

    async fn open(&self, user: &str) {
        let client = self.bench.client.by(user);
        let amount = Uint128::new(10 * CREDIT);
        let deposit = vault::ExecuteMsg::Deposit { to: None };
        let open = vault::ExecuteMsg::OpenSpending {
            gateway: GATEWAY,
            amount,
            max_per_day: amount,
        };
        let vault = &self.bench.at.credit_vault;
        let coins = vec![Coin::new(amount, "uusdt")];
        client.execute(vault, &deposit, coins).await.unwrap();
        client.execute(vault, &open, vec![]).await.unwrap();
    }

    async fn key(&self, process: &Process) -> String {
        let file = self.key_file("user.key", "user0");
        let mut command = self.command(&[
            "key",
            "new",
            "--chain-id",
            CHAIN,
            "--gateway",
            "1",
            "--url",
            &process.url,
        ]);
        let output = command.arg("--account-key").arg(file).output().await.unwrap();
        success(&output)["key"].as_str().unwrap().to_owned()
    }

    async fn left(&self) -> u128 {
        let query = vault::QueryMsg::Spending {
            address: account("user0").address().to_owned(),
            gateway: GATEWAY,
        };
        let answer: vault::SpendingResponse = self
            .bench
            .client
            .query(&self.bench.at.credit_vault, &query)
            .await
            .unwrap();
        answer.amount.u128()
    }

    /// Waits until the account has so much left.
    async fn charged(&self, amount: u128) {
        for _ in 0..300 {
            if self.left().await == 10 * CREDIT - amount {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{} µCredit charged, not {amount}", 10 * CREDIT - self.left().await);
    }
}

impl Process {
    async fn chat(&self, key: &str, body: &Value) -> reqwest::Result<Response> {
        let url = format!("{}/chat/completions", self.url);
        reqwest::Client::new()
            .post(url)
            .bearer_auth(key)
            .json(body)
            .send()
            .await
    }

    async fn stop(mut self) {
        let pid = rustix::process::Pid::from_raw(self.child.id().unwrap().try_into().unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        assert!(self.child.wait().await.unwrap().success());
    }
}

fn success(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

#[tokio::test]
async fn a_gateway_serves_reports_by_itself_and_stops_when_told() {
    let host = Host::new().await;
    let process = host.start(None).await;
    host.open("user0").await;
    let key = host.key(&process).await;
    let second = host.serving().output().await.unwrap();
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(!second.status.success() && said.contains("another process"), "{said}");

    assert_eq!(
        process.chat(&key, &ask("tell me a story", 5)).await.unwrap().status(),
        StatusCode::OK
    );
    host.bench.client.advance(700).await;
    host.charged(60).await;

    let list = host
        .command(&["key", "list", "--url", &process.url, "--api-key", &key])
        .output()
        .await
        .unwrap();
    let id = success(&list)[0]["id"].to_string();
    let revoke = ["key", "revoke", "--url", &process.url, "--api-key", &key, "--id", &id];
    success(&host.command(&revoke).output().await.unwrap());
    assert_eq!(
        process.chat(&key, &ask("hi", 5)).await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
    process.stop().await;
    host.bench.seen.lock().unwrap().assert_all_accepted();
}

/// A call under way when the gateway is told to stop is answered to its end and charged after the restart.
#[tokio::test]
async fn sigterm_waits_for_calls_and_the_book_is_kept() {
    let host = Host::new().await;
    let process = host.start(None).await;
    host.open("user0").await;
    let key = host.key(&process).await;
    let mut stream = process.chat(&key, &streaming("fault:slow a b", 3)).await.unwrap();
    stream.chunk().await.unwrap().unwrap();
    let reading = tokio::spawn(async move { stream.text().await.unwrap() });
    process.stop().await;
    assert!(reading.await.unwrap().ends_with("data: [DONE]\n\n"));

    let again = host.start(None).await;
    assert_eq!(
        again.chat(&key, &ask("hi", 1)).await.unwrap().status(),
        StatusCode::OK,
        "keys are kept"
    );
    host.bench.client.advance(700).await;
    host.charged(37 + 12).await;
    again.stop().await;
    host.bench.seen.lock().unwrap().assert_all_accepted();
}

/// Killed with SIGKILL right before and right after a call is on the disk, in a stream and not: it counts never or once, its client never sees its end, and no
/// place of the chain gets two reports.
#[tokio::test]
async fn sigkill_around_the_commit_counts_a_call_never_or_once() {
    let host = Host::new().await;
    let process = host.start(None).await;
    host.open("user0").await;
    let key = host.key(&process).await;
    process.stop().await;
    let mut charged = 0;
    for (name, counts) in failpoint::SERVE.into_iter().zip([0, 60]) {
        for body in [ask("tell me a story", 5), streaming("tell me a story", 5)] {
            let mut process = host.start(Some(name)).await;
            let heard = match process.chat(&key, &body).await {
                Ok(response) => response.text().await.unwrap_or_default(),
                Err(_) => String::new(),
            };
            assert!(!heard.contains("[DONE]") && !heard.contains("usage"), "{name}: {heard}");
            assert_eq!(
                process.child.wait().await.unwrap().signal(),
                Some(9),
                "{name} is never reached"
            );
            charged += counts;
        }
    }
    let process = host.start(None).await;
    assert_eq!(
        process.chat(&key, &ask("tell me a story", 5)).await.unwrap().status(),
        StatusCode::OK
    );
    host.bench.client.advance(700).await;
    host.charged(charged + 60).await;
    process.stop().await;
    host.bench.seen.lock().unwrap().assert_all_accepted();
}

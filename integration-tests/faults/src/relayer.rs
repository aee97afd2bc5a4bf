//! The relayer's own binary, started, killed and asked over HTTP as its users do.

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{bail, ensure, Context, Result};
use rustix::process::{kill_process, Pid, Signal};
use serde_json::{json, Value};
use suite::account::{dev_index, DEV_MNEMONIC};
use suite::Account;

/// How long anything may take that is not said otherwise.
const PATIENCE: Duration = Duration::from_secs(60);
const SIGKILL: i32 = 9;

/// The program under test: `$RELAYER_BIN`, by default the one that the workspace's tools are built into.
///
/// # Errors
/// When it is not built, saying how.
pub fn binary() -> Result<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/debug/relayer");
    let path = std::env::var_os("RELAYER_BIN").map_or(default, PathBuf::from);
    ensure!(
        path.exists(),
        "{} is not there; build it with `cargo build -p relayer`, or name it in RELAYER_BIN",
        path.display()
    );
    Ok(path)
}

/// The names that `relayer failpoints` lists, in the order of the pipeline.
///
/// # Errors
/// When the program does not say.
pub fn failpoints() -> Result<Vec<String>> {
    let output = Command::new(binary()?).args(["failpoints", "--json"]).output()?;
    let list: Vec<Value> = serde_json::from_slice(&output.stdout)?;
    let name = |point: &Value| Ok(point["name"].as_str().context("a failpoint without name")?.to_owned());
    list.iter().map(name).collect()
}

/// Configuration, key and outbox of one relayer, in a folder of its own.
pub struct Home {
    dir: tempfile::TempDir,
    account: Account,
    key: u32,
}

impl Home {
    /// For the oracle behind `rpc`, paid by a development account. `tuning`: lines of the configuration, each `section.field = value`, over a quick default.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(chain_id: &str, oracle: &str, rpc: &str, key: &str, tuning: &[&str]) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let path = |name: &str| dir.path().join(name).display().to_string();
        let key = (dev_index(key)?, Account::dev(key)?);
        let mut lines = vec![
            format!("chain.chain_id = {chain_id:?}"),
            format!("chain.contract = {oracle:?}"),
            format!("chain.fee_denom = {:?}", suite::localnet::FEE_DENOM),
            format!("chain.rpc = [{rpc:?}]"),
            "signer.kind = \"env\"".into(),
            format!("signer.hd_path = \"m/44'/118'/0'/0/{}\"", key.0),
            format!("outbox.path = {:?}", path("relayer.db")),
            "ingest.listen = \"127.0.0.1:0\"".into(),
            "planner.linger_ms = 50".into(),
            "planner.retry_ms = 300".into(),
            "tx.poll_ms = 50".into(),
            "tx.idle_ms = 100".into(),
            "tx.resend_ms = 400".into(),
            format!("tx.lock_dir = {:?}", path("locks")),
        ];
        for line in tuning {
            let name = line.split('=').next().unwrap_or_default();
            lines.retain(|known| known.split('=').next() != Some(name));
            lines.push((*line).to_owned());
        }
        std::fs::write(dir.path().join("relayer.toml"), lines.join("\n"))?;
        Ok(Self {
            dir,
            account: key.1,
            key: key.0,
        })
    }

    /// Who pays.
    #[must_use]
    pub fn address(&self) -> &str {
        self.account.address()
    }

    fn command(&self, words: &[&str]) -> Result<Command> {
        let mut command = Command::new(binary()?);
        command
            .args(words)
            .arg("--config")
            .arg(self.dir.path().join("relayer.toml"));
        command
            .env("RELAYER_MNEMONIC", DEV_MNEMONIC)
            .env_remove("RELAYER_FAILPOINT")
            .env("NO_PROXY", "127.0.0.1");
        Ok(command)
    }

    /// Starts the process, to die at a failpoint or not. It may die before it listens.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(&self, failpoint: Option<&str>) -> Result<Running> {
        let log = std::fs::File::options().create(true).append(true).open(self.log())?;
        let mut command = self.command(&["run"])?;
        if let Some(name) = failpoint {
            command.env("RELAYER_FAILPOINT", name);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        let http = reqwest::blocking::Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .build()?;
        Ok(Running {
            child,
            url: said["listen"].as_str().map(|listen| format!("http://{listen}")),
            http,
        })
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join(format!("relayer-{}.log", self.key))
    }

    /// What it wrote last, for messages.
    #[must_use]
    pub fn log_tail(&self) -> String {
        let text = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<_> = text.lines().rev().take(30).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// Runs a command beside the process, such as `status --json`.
    ///
    /// # Errors
    /// When it fails.
    pub fn run(&self, words: &[&str]) -> Result<String> {
        let output = self.command(words)?.output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?)
    }

    /// What `relayer status --json` says.
    ///
    /// # Errors
    /// When it says nothing.
    pub fn status(&self) -> Result<Status> {
        Ok(Status(serde_json::from_str(&self.run(&["status", "--json"])?)?))
    }
}

/// What is in an outbox.
pub struct Status(pub Value);

impl Status {
    /// Statements in one state.
    #[must_use]
    pub fn statements(&self, state: &str) -> u64 {
        self.0["statements"][state].as_u64().unwrap_or_default()
    }

    /// Transactions that ended in one way.
    #[must_use]
    pub fn transactions(&self, state: &str) -> u64 {
        self.0["transactions"][state].as_u64().unwrap_or_default()
    }

    /// Everything that is not 0, of statements and of transactions.
    #[must_use]
    pub fn words(&self, of: &str) -> String {
        let counts = self.0[of].as_object().into_iter().flatten();
        let some = counts.filter(|(_, count)| count.as_u64() != Some(0));
        some.map(|(state, count)| format!("{count} {state}"))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// A process.
pub struct Running {
    child: Child,
    /// Where it listens; nothing if it died before.
    pub url: Option<String>,
    http: reqwest::blocking::Client,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Running {
    /// Posts one statement and waits while asked to. Nothing if the process died over it.
    #[must_use]
    pub fn post(&self, envelope: &Value) -> Option<(u16, Value)> {
        self.send("/v1/statements", envelope)
    }

    /// Posts several at once; status and code of each.
    ///
    /// # Errors
    /// When the process died over it.
    pub fn post_batch(&self, envelopes: &[Value]) -> Result<Vec<(u64, Option<String>)>> {
        let (_, body) = self
            .send("/v1/statements/batch", &json!({ "statements": envelopes }))
            .context("the relayer died")?;
        let one = |answer: &Value| {
            let code = answer["code"].as_str().map(str::to_owned);
            Ok((answer["status"].as_u64().context("an answer without status")?, code))
        };
        body["results"]
            .as_array()
            .with_context(|| body.to_string())?
            .iter()
            .map(one)
            .collect()
    }

    fn send(&self, path: &str, body: &Value) -> Option<(u16, Value)> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            let answer = self
                .http
                .post(format!("{}{path}", self.url.as_ref()?))
                .json(body)
                .send()
                .ok()?;
            let status = answer.status().as_u16();
            if !matches!(status, 429 | 503) {
                return Some((status, answer.json().ok()?));
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        None
    }

    /// What it knows about a statement.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn look(&self, digest: &str) -> Result<Value> {
        let url = self.url.as_ref().context("it never listened")?;
        Ok(self.http.get(format!("{url}/v1/statements/{digest}")).send()?.json()?)
    }

    /// Waits until what it knows about a statement is as wished.
    ///
    /// # Errors
    /// When it does not become so.
    pub fn wait(&self, digest: &str, wish: impl Fn(&Value) -> bool) -> Result<Value> {
        let until = Instant::now() + PATIENCE;
        loop {
            let known = self.look(digest)?;
            if wish(&known) {
                return Ok(known);
            }
            ensure!(Instant::now() < until, "waited for something else: {known}");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Waits until a statement has come to its end.
    ///
    /// # Errors
    /// When it does not.
    pub fn wait_end(&self, digest: &str) -> Result<Value> {
        let ends = ["final", "duplicate", "rejected", "dead"];
        self.wait(digest, |known| {
            known["state"].as_str().is_some_and(|state| ends.contains(&state))
        })
    }

    /// A counter of its metrics, `name{label="value"}` as printed.
    ///
    /// # Errors
    /// When there is none.
    pub fn metric(&self, name: &str) -> Result<u64> {
        let url = self.url.as_ref().context("it never listened")?;
        let text = self.http.get(format!("{url}/metrics")).send()?.text()?;
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        Ok(line.with_context(|| format!("no metric {name}"))?.trim().parse()?)
    }

    /// Asks it to end.
    ///
    /// # Errors
    /// When the signal may not be sent.
    pub fn terminate(&self) -> Result<()> {
        Ok(kill_process(Pid::from_child(&self.child), Signal::TERM)?)
    }

    /// Asks it to end and waits; it must end in order.
    ///
    /// # Errors
    /// When it does not.
    pub fn stop(mut self) -> Result<()> {
        self.terminate()?;
        let status = self.child.wait()?;
        ensure!(status.success(), "SIGTERM ended it with {status}");
        Ok(())
    }

    /// Waits for its death by SIGKILL.
    ///
    /// # Errors
    /// When it ended otherwise, or lives on.
    pub fn died_by_sigkill(&mut self) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait()? {
                ensure!(status.signal() == Some(SIGKILL), "it ended with {status}");
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        bail!("it lives on: the failpoint was not reached")
    }
}

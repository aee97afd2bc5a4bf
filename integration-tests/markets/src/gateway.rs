//! The serving gateway, asked over HTTP as its users do.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{ensure, Context, Result};
use serde_json::{json, Value};
use suite::account::{dev_index, DEV_MNEMONIC};
use suite::deploy::Addresses;
use suite::localnet::GAS_PRICE;

use crate::process::{client, program, run, Server};

/// The authority of the synthetic hardware.
pub const SEED: &str = "markets";
/// Its validity, 2025 to 2034 (Unix seconds).
pub const VALIDITY: (u64, u64) = (1_735_689_600, 2_051_222_400);
/// Number of the synthetic machine.
pub const PLATFORM: u64 = 1;
/// Length of a reporting window, seconds.
pub const WINDOW: u64 = 600;
/// A window is closed so long after its end, seconds.
pub const SETTLE_DELAY: u64 = 5;
/// What a call was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Of a refusal.
    pub code: Option<String>,
    /// Tokens in and out, as the model server counted them.
    pub tokens: (u128, u128),
    /// µCredit at list and at the account's tier, as the headers say.
    pub list: u128,
    pub price: u128,
}

/// A serving gateway.
pub struct Gateway {
    server: Server,
    dir: PathBuf,
    http: reqwest::blocking::Client,
}

impl Gateway {
    /// Configures one and starts it in front of a model server; it enrols by itself. Its operator is the development account `gateway`.
    ///
    /// # Errors
    /// When a step fails, with what the program said.
    pub fn start(dir: &Path, chain: (&str, &str), at: &Addresses, relayer: &str, model: &str) -> Result<Self> {
        init(dir, chain, at, relayer)?;
        let server = Server::start("gateway", dir, "/readyz", |address, command| {
            command.arg("--config").arg(dir.join("gateway.toml"));
            command.args(["serve", "--listen", address, "--upstream", &format!("{model}/v1")]);
            Ok(())
        })?;
        Ok(Self {
            server,
            dir: dir.to_owned(),
            http: client()?,
        })
    }

    /// An API key for a development account, got as users get one: by signing the gateway's challenge.
    ///
    /// # Errors
    /// When the gateway refuses.
    pub fn key(&self, name: &str, chain_id: &str) -> Result<String> {
        let file = key_file(&self.dir, name)?;
        let mut command = Command::new(program("gateway")?);
        command
            .args(["--json", "-", "key", "new", "--chain-id", chain_id, "--gateway", "1"])
            .args(["--url", &self.server.url, "--account-key"])
            .arg(file);
        let said: Value = serde_json::from_str(&run(&mut command)?)?;
        Ok(said["key"].as_str().context("no key")?.to_owned())
    }

    /// One chat, asked with `words` words for at most `most` tokens.
    ///
    /// # Errors
    /// When the gateway does not answer.
    pub fn chat(&self, key: &str, model: &str, words: usize, most: u64) -> Result<Answer> {
        let content = vec!["so"; words].join(" ");
        let body = json!({ "model": model, "max_tokens": most, "messages": [{ "role": "user", "content": content }] });
        let url = format!("{}/v1/chat/completions", self.server.url);
        let response = self.http.post(url).bearer_auth(key).json(&body).send()?;
        let header = |name: &str| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.and_then(|value| value.parse().ok()).unwrap_or_default()
        };
        let (status, list, price) = (
            response.status().as_u16(),
            header("x-credits-list"),
            header("x-credits-price"),
        );
        let said: Value = response.json()?;
        let count = |name: &str| u128::from(said["usage"][name].as_u64().unwrap_or_default());
        Ok(Answer {
            status,
            code: said["error"]["code"].as_str().map(str::to_owned),
            tokens: (count("prompt_tokens"), count("completion_tokens")),
            list,
            price,
        })
    }

    /// What the gateway says of a key's account.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn account(&self, key: &str) -> Result<Value> {
        let url = format!("{}/v1/account", self.server.url);
        let response = self.http.get(url).bearer_auth(key).send()?;
        let status = response.status();
        let said: Value = response.json()?;
        ensure!(status.is_success(), "{said}");
        Ok(said)
    }

    /// Waits until every served call of the key's account is settled on the chain.
    ///
    /// # Errors
    /// When that takes too long.
    pub fn wait_settled(&self, key: &str) -> Result<()> {
        self.server
            .wait("leaves a call unsettled", || Ok(self.account(key)?["unsettled"] == "0"))
    }

    /// Waits until it serves: its key is enrolled, and it has seen a block of late.
    ///
    /// # Errors
    /// When that takes too long.
    pub fn wait_ready(&self) -> Result<()> {
        self.server
            .wait("is not ready", || Ok(self.server.get("/readyz")?.status().is_success()))
    }
}

/// Writes the gateway's configuration by its own `init`, with times that suit a test.
fn init(dir: &Path, (chain_id, rpc): (&str, &str), at: &Addresses, relayer: &str) -> Result<()> {
    std::fs::create_dir_all(dir)?;
    let operator = key_file(dir, "gateway")?;
    let validity = format!("{}..{}", VALIDITY.0, VALIDITY.1);
    let mut command = Command::new(program("gateway")?);
    command.args(["init", "--chain-id", chain_id, "--rpc", rpc, "--relayer", relayer]);
    command.args(["--oracle", &at.attestation_oracle, "--vault", &at.credit_vault]);
    command.args(["--gas-price", GAS_PRICE, "--quote", "testkit", "--testkit-seed", SEED]);
    command.args(["--testkit-validity", &validity]);
    run(command.arg("--operator-key").arg(&operator).arg("--dir").arg(dir))?;
    std::fs::remove_file(operator)?;
    let path = dir.join("gateway.toml");
    let text = std::fs::read_to_string(&path)?;
    let delay = format!("settle_delay = \"{SETTLE_DELAY}s\"");
    let window = format!("window = \"{WINDOW}s\"");
    let text = replaced(&replaced(&text, "settle_delay", &delay)?, "window", &window)?;
    Ok(std::fs::write(path, text + "\n[serve]\nview_ttl = \"1s\"\n")?)
}

fn replaced(text: &str, name: &str, line: &str) -> Result<String> {
    let begins = format!("{name} = ");
    ensure!(text.lines().any(|l| l.starts_with(&begins)), "no setting `{name}`");
    let lines = text.lines().map(|l| if l.starts_with(&begins) { line } else { l });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// A file with a development account's key that nobody else can read.
fn key_file(dir: &Path, name: &str) -> Result<PathBuf> {
    let path = dir.join(format!("{name}.key"));
    std::fs::write(&path, format!("{DEV_MNEMONIC} /{}\n", dev_index(name)?))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(path)
}

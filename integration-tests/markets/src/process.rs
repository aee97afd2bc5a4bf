//! The suite's programs: found, started on free ports, ended.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{ensure, Context, Result};
use suite::account::{dev_index, DEV_MNEMONIC};
use suite::localnet::{free_port, Process, FEE_DENOM};

/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// A program of the suite: beside `$RELAYER_BIN`, by default where the workspace's tools are built.
///
/// # Errors
/// When it is not built, saying how.
pub fn program(name: &str) -> Result<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/debug/relayer");
    let path = std::env::var_os("RELAYER_BIN").map_or(default, PathBuf::from);
    let path = path.with_file_name(name);
    ensure!(
        path.exists(),
        "{} is not there; build it with `cargo build -p relayer -p worker`",
        path.display()
    );
    Ok(path)
}

/// Runs a program to its end; what it printed.
///
/// # Errors
/// When it fails, with what it said.
pub fn run(command: &mut Command) -> Result<String> {
    let output = command.env("NO_PROXY", "127.0.0.1").output()?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{:?}: {}", command.get_program(), words.trim());
    Ok(String::from_utf8(output.stdout)?)
}

/// A client of what listens here.
///
/// # Errors
/// When it cannot be built.
pub fn client() -> Result<reqwest::blocking::Client> {
    let client = reqwest::blocking::Client::builder().no_proxy().timeout(PATIENCE);
    Ok(client.build()?)
}

/// A program that listens on a port of its own until this is dropped.
pub struct Server {
    /// Like `http://127.0.0.1:1234`.
    pub url: String,
    process: Process,
}

impl Server {
    /// Starts it, told its address by `told`, and waits until `path` answers well.
    ///
    /// # Errors
    /// When it ends or does not answer in time, with the end of its log.
    pub fn start(
        name: &str,
        dir: &Path,
        path: &str,
        told: impl FnOnce(&str, &mut Command) -> Result<()>,
    ) -> Result<Self> {
        let address = format!("127.0.0.1:{}", free_port(0)?);
        let mut command = Command::new(program(name)?);
        command.env("NO_PROXY", "127.0.0.1");
        told(&address, &mut command)?;
        let process = Process::spawn(name, &mut command, &dir.join(format!("{name}.log")))?;
        let server = Self {
            url: format!("http://{address}"),
            process,
        };
        server.wait("does not listen", || Ok(server.get(path)?.status().is_success()))?;
        Ok(server)
    }

    /// # Errors
    /// When it does not answer.
    pub fn get(&self, path: &str) -> Result<reqwest::blocking::Response> {
        Ok(client()?.get(format!("{}{path}", self.url)).send()?)
    }

    /// Waits until something is so; what cannot be asked now is not so yet.
    ///
    /// # Errors
    /// When it ends, or the wait does without it.
    pub fn wait(&self, otherwise: &str, done: impl Fn() -> Result<bool>) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        while !done().unwrap_or_default() {
            let goes_on = self.process.alive() && Instant::now() < until;
            ensure!(
                goes_on,
                "{} {otherwise}\n{}",
                self.process.name,
                self.process.log_tail()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.process.stop() {
            eprintln!("{error:#}");
        }
    }
}

/// The relayer, paid by the development account of that name.
///
/// # Errors
/// When it does not start.
pub fn relayer(dir: &Path, chain_id: &str, rpc: &str, oracle: &str) -> Result<Server> {
    let index = dev_index("relayer")?;
    Server::start("relayer", dir, "/readyz", |address, command| {
        let file = |name: &str| dir.join(name).display().to_string();
        let lines = [
            format!("chain.chain_id = {chain_id:?}"),
            format!("chain.contract = {oracle:?}"),
            format!("chain.fee_denom = {FEE_DENOM:?}"),
            format!("chain.rpc = [{rpc:?}]"),
            "signer.kind = \"env\"".into(),
            format!("signer.hd_path = \"m/44'/118'/0'/0/{index}\""),
            format!("outbox.path = {:?}", file("relayer.db")),
            format!("ingest.listen = {address:?}"),
            format!("tx.lock_dir = {:?}", file("locks")),
            "tx.poll_ms = 100".into(),
        ];
        let config = dir.join("relayer.toml");
        std::fs::write(&config, lines.join("\n")).context("relayer.toml")?;
        command
            .args(["run", "--config"])
            .arg(config)
            .env("RELAYER_MNEMONIC", DEV_MNEMONIC);
        Ok(())
    })
}

/// A model server: answers with the words it was asked, at most three times over.
///
/// # Errors
/// When it does not start.
pub fn model(dir: &Path) -> Result<Server> {
    Server::start("model-server", dir, "/requests", |address, command| {
        command.args(["--listen", address]).env_remove("MODEL_SERVER_KEY");
        Ok(())
    })
}

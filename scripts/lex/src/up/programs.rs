//! The processes: found, configured, started, stopped.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure, Context, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use suite::account::{dev_index, DEV_MNEMONIC};
use suite::chain::{Chain, ChainExt};
use suite::deploy::Addresses;
use suite::localnet::{Localnet, Process};

use super::{demo, Plan};

/// What runs, for `lex down` and `lex status`.
pub const STATE_FILE: &str = "up.json";
/// How long the relayer may take to become ready.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// Protects the key file of a phrase that everybody knows.
const RELAYER_PASSWORD: &str = "local chains only";

/// The suite's own programs, beside this one.
pub struct Programs {
    relayer: PathBuf,
    gateway: PathBuf,
}

impl Programs {
    /// # Errors
    /// Naming the program that is not there.
    pub fn find() -> Result<Self> {
        let here = std::env::current_exe()?;
        let beside = |name: &str| {
            let path = here.with_file_name(name);
            ensure!(path.exists(), "{} is not there; run `scripts/setup`", path.display());
            Ok(path)
        };
        Ok(Self {
            relayer: beside("relayer")?,
            gateway: beside("gateway")?,
        })
    }
}

/// Runs a program to its end.
fn run(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("{:?}", command.get_program()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    bail!(
        "{program} {:?}: {}",
        command.get_args().next().unwrap_or_default(),
        words.trim()
    )
}

/// Chain and relayer of a home directory.
#[derive(Serialize, Deserialize)]
pub struct Running {
    #[serde(skip)]
    home: PathBuf,
    pub addresses: Addresses,
    pub rpc: String,
    /// Where the relayer listens.
    pub relayer: String,
    process: Option<Process>,
}

impl Running {
    /// Configures and starts the relayer, and waits until it is ready.
    pub fn start(programs: &Programs, home: &Path, localnet: &Localnet, addresses: Addresses) -> Result<Self> {
        let rpc = localnet.rpc_url(0).context("a chain without nodes")?;
        let dir = home.join("relayer");
        std::fs::create_dir_all(&dir)?;
        add_key(programs, &dir)?;
        let port = suite::localnet::free_port(8650)?;
        let listen = format!("127.0.0.1:{port}");
        let path = |name: &str| dir.join(name).display().to_string();
        let settings = [
            ("chain", "chain_id", localnet.chain_id.clone()),
            ("chain", "contract", addresses.attestation_oracle.clone()),
            ("chain", "rpc", rpc.clone()),
            ("signer", "dir", path("keys")),
            ("outbox", "path", path("relayer.db")),
            ("ingest", "listen", listen.clone()),
            ("tx", "lock_dir", path("locks")),
        ];
        relayer_config(programs, &dir, &settings)?;
        let mut command = Command::new(&programs.relayer);
        command
            .args(["run", "--config"])
            .arg(dir.join("relayer.toml"))
            .current_dir(&dir);
        command.env("RELAYER_KEY_PASSWORD", RELAYER_PASSWORD);
        let process = Process::spawn("relayer", &mut command, &dir.join("relayer.log"))?;
        let running = Self {
            home: home.to_owned(),
            addresses,
            rpc,
            relayer: format!("http://{listen}"),
            process: Some(process),
        };
        running.save()?;
        running.wait_until_ready()?;
        Ok(running)
    }

    /// # Errors
    /// When nothing runs there.
    pub fn require(home: &Path) -> Result<Self> {
        Self::load(home)?.with_context(|| format!("nothing runs under {}; start it with `lex up`", home.display()))
    }

    fn load(home: &Path) -> Result<Option<Self>> {
        match std::fs::read(home.join(STATE_FILE)) {
            Ok(text) => Ok(Some(Self {
                home: home.to_owned(),
                ..serde_json::from_slice(&text)?
            })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn save(&self) -> Result<()> {
        Ok(std::fs::write(
            self.home.join(STATE_FILE),
            serde_json::to_vec_pretty(self)?,
        )?)
    }

    /// Ends whatever runs under a home directory; says whether anything did.
    pub fn stop_all(home: &Path) -> Result<bool> {
        let relayer = Self::load(home)?.is_some_and(|mut r| r.stop_relayer());
        let chain = Localnet::load(&home.join("chain"))?.map_or(Ok(false), |mut chain| chain.stop())?;
        Ok(relayer || chain)
    }

    pub fn stop(&mut self) -> Result<()> {
        Self::stop_all(&self.home).map(drop)
    }

    fn stop_relayer(&mut self) -> bool {
        let process = self.process.take().filter(Process::alive);
        let _ = self.save();
        process.is_some_and(|p| p.stop().is_ok())
    }

    fn wait_until_ready(&self) -> Result<()> {
        let until = Instant::now() + READY_WITHIN;
        while !self.ready() {
            let process = self.process.as_ref().context("no relayer")?;
            ensure!(process.alive(), "the relayer ended:\n{}", process.log_tail());
            ensure!(
                Instant::now() < until,
                "the relayer is not ready:\n{}",
                process.log_tail()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    pub fn ready(&self) -> bool {
        reqwest::blocking::get(format!("{}/readyz", self.relayer)).is_ok_and(|r| r.status().is_success())
    }

    /// A counter of the relayer's metrics, summed over its labels.
    pub fn metric(&self, name: &str) -> Result<u64> {
        let text = reqwest::blocking::get(format!("{}/metrics", self.relayer))?.text()?;
        let of = text.lines().filter(|l| l.starts_with(name));
        Ok(of.filter_map(|l| l.rsplit_once(' ')?.1.parse::<u64>().ok()).sum())
    }

    /// # Errors
    /// When the chain does not answer.
    pub fn status(&self) -> Result<super::summary::Status> {
        let live = Localnet::require(&self.home.join("chain"))?.live()?;
        let vault: interfaces::credit_vault::OverviewResponse = live.query(
            &self.addresses.credit_vault,
            &interfaces::credit_vault::QueryMsg::Overview {},
        )?;
        let block = live.block()?;
        Ok(super::summary::Status {
            chain_id: live.chain_id(),
            block_height: block.height,
            time: humantime::format_rfc3339_seconds(std::time::UNIX_EPOCH + Duration::from_secs(block.time.seconds()))
                .to_string(),
            rpc: self.rpc.clone(),
            relayer: self.relayer.clone(),
            relayer_ready: self.ready(),
            addresses: self.addresses.clone(),
            reserve: vault.reserve,
            supply: vault.supply,
            revenue: vault.revenue,
            lco_minted: vault.mined,
        })
    }

    /// Commands worth a look while everything is up.
    pub fn what_to_try(&self) -> String {
        let bin = std::env::current_exe().unwrap_or_default();
        let bin = bin.parent().unwrap_or(Path::new(".")).display();
        let gateway = format!(
            "{bin}/gateway --config {}",
            self.home.join("gateway/gateway.toml").display()
        );
        format!(
            "\nEverything stays up. What to try:\n  \
             lex status                                   where it stands\n  \
             {gateway} status\n  \
             {gateway} prove --call-id <id of a line in {}>\n  \
             curl {}/metrics\n  \
             lex chain --help                             its clock is yours: lex chain advance 7d --home {}\n  \
             lex down                                     stop it\n",
            self.home.join("calls.jsonl").display(),
            self.relayer,
            self.home.join("chain").display(),
        )
    }
}

fn add_key(programs: &Programs, dir: &Path) -> Result<()> {
    let path = format!("m/44'/118'/0'/0/{}", dev_index("relayer")?);
    let mut command = Command::new(&programs.relayer);
    command.args([
        "keys",
        "add",
        "relayer",
        "--mnemonic-env",
        "LEX_MNEMONIC",
        "--hd-path",
        &path,
        "--dir",
    ]);
    command
        .arg(dir.join("keys"))
        .env("LEX_MNEMONIC", DEV_MNEMONIC)
        .env("RELAYER_KEY_PASSWORD", RELAYER_PASSWORD);
    run(&mut command).map(drop)
}

/// The relayer's own default configuration, pointed at this chain.
fn relayer_config(programs: &Programs, dir: &Path, settings: &[(&str, &str, String)]) -> Result<()> {
    let default = run(Command::new(&programs.relayer).args(["config", "print-default"]))?;
    let mut config: toml::Table = default.parse()?;
    for (section, field, value) in settings {
        let section = config
            .get_mut(*section)
            .and_then(toml::Value::as_table_mut)
            .context("relayer configuration")?;
        let value = match section.get(*field) {
            Some(toml::Value::Array(_)) => toml::Value::from(vec![value.clone()]),
            _ => toml::Value::from(value.clone()),
        };
        section.insert((*field).to_owned(), value);
    }
    Ok(std::fs::write(dir.join("relayer.toml"), toml::to_string(&config)?)?)
}

/// The gateway program with its configuration.
pub struct Gateway {
    program: PathBuf,
    dir: PathBuf,
    home: PathBuf,
}

impl Gateway {
    pub fn init(programs: &Programs, running: &Running) -> Result<Self> {
        let dir = running.home.join("gateway");
        std::fs::create_dir_all(&dir)?;
        let operator = dir.join("given.key");
        std::fs::write(&operator, format!("{DEV_MNEMONIC}/{}", dev_index("gateway")?))?;
        let gateway = Self {
            program: programs.gateway.clone(),
            dir,
            home: running.home.clone(),
        };
        let live = suite::live::Live::connect(&running.rpc, suite::localnet::GAS_PRICE.parse()?)?;
        let mut command = Command::new(&gateway.program);
        command.args([
            "init",
            "--chain-id",
            &live.chain_id(),
            "--rpc",
            &running.rpc,
            "--relayer",
            &running.relayer,
        ]);
        command.args([
            "--oracle",
            &running.addresses.attestation_oracle,
            "--vault",
            &running.addresses.credit_vault,
        ]);
        command.args([
            "--gas-price",
            suite::localnet::GAS_PRICE,
            "--quote",
            "testkit",
            "--testkit-seed",
            demo::SEED,
        ]);
        command
            .arg("--operator-key")
            .arg(&operator)
            .arg("--dir")
            .arg(&gateway.dir);
        run(&mut command)?;
        std::fs::remove_file(operator)?;
        Ok(gateway)
    }

    pub fn enroll(&mut self) -> Result<()> {
        self.json::<serde_json::Value>("enroll", &[]).map(drop)
    }

    /// Writes the log and returns its path. The rate cards come from the chain.
    pub fn generate_log(&self, plan: &Plan, start: u64, length: u64) -> Result<PathBuf> {
        let log = self.home.join("calls.jsonl");
        let rates: serde_json::Value = self.json("rates", &[])?;
        std::fs::write(self.rates(), serde_json::to_vec(&rates)?)?;
        let args = [
            ("--calls", plan.calls.to_string()),
            ("--accounts", plan.accounts.to_string()),
            ("--seed", plan.seed.to_string()),
            ("--credits-target", plan.credits.to_string()),
            ("--start", start.to_string()),
            ("--duration", format!("{length}s")),
            ("--rates", self.rates().display().to_string()),
            ("--out", log.display().to_string()),
        ];
        let args: Vec<&str> = args.iter().flat_map(|(name, value)| [*name, value.as_str()]).collect();
        self.json::<serde_json::Value>("generate-log", &args)?;
        Ok(log)
    }

    pub fn expected(&self, log: &Path) -> Result<super::summary::Expected> {
        let (log, rates) = (log.display().to_string(), self.rates().display().to_string());
        self.json("expected", &["--log", &log, "--rates", &rates])
    }

    pub fn ingest(&self, log: &Path) -> Result<super::summary::Ingested> {
        self.json("ingest", &["--log", &log.display().to_string()])
    }

    fn rates(&self) -> PathBuf {
        self.dir.join("rates.json")
    }

    fn json<T: DeserializeOwned>(&self, verb: &str, args: &[&str]) -> Result<T> {
        let answer = self.dir.join(format!("{verb}.json"));
        let mut command = Command::new(&self.program);
        command
            .arg("--config")
            .arg(self.dir.join("gateway.toml"))
            .arg("--json")
            .arg(&answer);
        run(command.arg(verb).args(args))?;
        let text = std::fs::read(&answer).with_context(|| answer.display().to_string())?;
        serde_json::from_slice(&text).with_context(|| format!("answer of gateway {verb}"))
    }
}

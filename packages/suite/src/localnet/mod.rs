//! A local wasmd of one or four validators whose clock we hold.
//!
//! The node is an unmodified wasmd; its votes are signed, and so its blocks are timed, by `clock-signer` (see `chain/`).
//! Everything lies under one home directory, `chain.json` in it says what runs.

pub mod clock;
mod config;
mod process;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{bail, Context, Result};
use cosmwasm_std::{coin, Coin};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::account::{dev_names, Account};
use crate::chain::Block;
use crate::genesis::Genesis;
use crate::live::rpc::Rpc;
use crate::live::Live;
use clock::Clock;
pub use config::free_port;
use config::{NodeSettings, Ports};
pub use process::Process;

/// Staking and fee coin of local chains.
pub const FEE_DENOM: &str = "stake";

/// The USDT of local chains, 6 decimals.
pub const USDT_DENOM: &str = "uusdt";

/// Least gas price of local chains.
pub const GAS_PRICE: &str = "0.025stake";

/// A bounded block, as real chains have it: what does not fit here would not fit there.
const BLOCK_GAS: &str = "100000000";

/// How long the first blocks may take unless said otherwise. A genesis takes about a minute for half a million rows.
const STARTS_WITHIN: Duration = Duration::from_secs(120);

/// What to start.
#[derive(Clone, Debug)]
pub struct Options {
    pub home: PathBuf,
    pub chain_id: String,
    /// One or four.
    pub validators: u16,
    /// Pause between blocks (`timeout_commit`).
    pub block_time: Duration,
    /// Time of the first blocks; the machine's when absent.
    pub at: Option<SystemTime>,
    /// Least gas price of the nodes, and the one that [`Localnet::live`] pays.
    pub gas_price: String,
    /// How long the first blocks may take.
    pub patience: Duration,
    /// Where `wasmd` and `clock-signer` are.
    pub bin: PathBuf,
}

impl Options {
    /// One validator, 500 ms blocks, the machine's time, programs from [`bin_dir`].
    #[must_use]
    pub fn new(home: impl Into<PathBuf>) -> Self {
        Self {
            home: home.into(),
            chain_id: "lex-local-1".into(),
            validators: 1,
            block_time: Duration::from_millis(500),
            at: None,
            gas_price: GAS_PRICE.into(),
            patience: STARTS_WITHIN,
            bin: bin_dir(),
        }
    }
}

/// Where `scripts/setup` puts programs: `$XDG_CACHE_HOME/lex/bin`, by default under `~/.cache`.
#[must_use]
pub fn bin_dir() -> PathBuf {
    let home = || std::env::var_os("HOME").map(|h| PathBuf::from(h).join(".cache"));
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home);
    cache.unwrap_or_default().join("lex/bin")
}

/// How often a chain is started whose ports are taken between their choice and their use, which others that start at the same time can do.
const STARTS: u32 = 3;

fn port_was_taken(error: &anyhow::Error) -> bool {
    format!("{error:#}").contains("address already in use")
}

/// A local chain, running or not, as `chain.json` keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Localnet {
    #[serde(skip)]
    home: PathBuf,
    pub chain_id: String,
    pub nodes: Vec<Node>,
    /// Control port of the signer.
    pub control: u16,
    signer: Option<Process>,
    block_time_ms: u64,
    gas_price: String,
}

/// One validator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Node {
    pub ports: Ports,
    process: Option<Process>,
}

/// What runs now.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    pub chain_id: String,
    pub rpc: String,
    pub height: u64,
    /// RFC 3339.
    pub time: String,
    /// Distance of the chain's clock from the machine's, in seconds.
    pub offset_seconds: i64,
    pub validators: Vec<bool>,
}

impl Localnet {
    /// Starts a chain: a new one with the funded development accounts and whatever `genesis` adds, or, where the home
    /// holds one already, that one again. A running chain is left as it is. `say` hears what is being done.
    ///
    /// # Errors
    /// When the home holds another chain, or a process ends before the first blocks.
    pub fn start(
        options: &Options,
        genesis: impl FnOnce(&mut Genesis) -> Result<()>,
        say: &dyn Fn(&str),
    ) -> Result<Self> {
        let mut chain = match Self::load(&options.home)? {
            Some(chain) => chain.fits(options)?,
            None => {
                say("writing the genesis");
                Self::create(options, genesis)?
            }
        };
        if chain.running() {
            chain.settle(options)?;
            return Ok(chain);
        }
        chain.stop()?;
        let mut started = chain.begin(options, say);
        for _ in 1..STARTS {
            if !started.as_ref().is_err_and(port_was_taken) {
                break;
            }
            say("another program took a port; starting again on others");
            chain.move_away()?;
            started = chain.begin(options, say);
        }
        started.map(|()| chain)
    }

    /// Starts all processes, or none: half a chain is of no use to anybody.
    fn begin(&mut self, options: &Options, say: &dyn Fn(&str)) -> Result<()> {
        say("starting the validators and their clock");
        let started = self.launch(options).and_then(|()| {
            say("waiting for blocks");
            self.settle(options)
        });
        if started.is_err() {
            self.stop()?;
        }
        started
    }

    /// Chooses other ports.
    fn move_away(&mut self) -> Result<()> {
        for node in &mut self.nodes {
            node.ports = Ports::free()?;
        }
        self.control = config::free_port(0)?;
        Ok(())
    }

    fn settle(&self, options: &Options) -> Result<()> {
        self.wait_for_blocks(options.patience)?;
        options.at.map_or(Ok(()), |at| self.reach(at, options.patience))
    }

    /// The chain under a home directory, `None` when there is none.
    ///
    /// # Errors
    /// When its state file is damaged.
    pub fn load(home: &Path) -> Result<Option<Self>> {
        let path = home.join("chain.json");
        let text = match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.with_context(|| path.display().to_string())?,
        };
        let read: Result<Self, _> = serde_json::from_slice(&text);
        let chain = read.with_context(|| format!("{} is damaged; start with --reset", path.display()))?;
        Ok(Some(Self {
            home: home.to_owned(),
            ..chain
        }))
    }

    /// The running chain under a home directory.
    ///
    /// # Errors
    /// When there is none.
    pub fn require(home: &Path) -> Result<Self> {
        let chain = Self::load(home)?.filter(Self::running);
        chain.with_context(|| {
            format!(
                "no chain runs under {}; start one with `lex chain start`",
                home.display()
            )
        })
    }

    /// Ends what this chain started, and nothing else. Says whether anything ran.
    ///
    /// # Errors
    /// When a process may not be ended.
    pub fn stop(&mut self) -> Result<bool> {
        // Nodes first: a node without its signer would complain into the log.
        let nodes = self.nodes.iter_mut().filter_map(|n| n.process.take());
        let processes: Vec<_> = nodes.chain(self.signer.take()).filter(Process::alive).collect();
        for process in &processes {
            process.stop()?;
        }
        self.save()?;
        Ok(!processes.is_empty())
    }

    /// Stops the chain under `home` if one is there and removes it.
    ///
    /// # Errors
    /// When the directory holds something else.
    pub fn remove(home: &Path) -> Result<()> {
        if !home.exists() {
            return Ok(());
        }
        match Self::load(home) {
            Ok(Some(mut chain)) => drop(chain.stop()?),
            Ok(None) if std::fs::read_dir(home)?.next().is_some() => {
                bail!(
                    "{} holds something else than a local chain; remove it yourself",
                    home.display()
                )
            }
            // The record is damaged or of an older release; what it started may still run.
            Ok(None) | Err(_) => {
                let home = std::path::absolute(home)?;
                for process in Process::under(&home, &["wasmd", "clock-signer"]) {
                    process.stop()?;
                }
            }
        }
        std::fs::remove_dir_all(home).with_context(|| home.display().to_string())
    }

    /// Ends one validator, as a crash would, for tests of faults.
    ///
    /// # Errors
    /// When there is no such validator.
    pub fn stop_node(&mut self, index: usize) -> Result<()> {
        let node = self.nodes.get_mut(index).context("no such validator")?;
        node.process.take().map_or(Ok(()), |p| p.stop())?;
        self.save()
    }

    /// Starts a validator again after [`Self::stop_node`].
    ///
    /// # Errors
    /// When there is no such validator or it cannot be started.
    pub fn start_node(&mut self, index: usize, bin: &Path) -> Result<()> {
        let process = self.spawn_node(index, bin)?;
        self.nodes.get_mut(index).context("no such validator")?.process = Some(process);
        self.save()
    }

    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// RPC endpoint of a validator.
    #[must_use]
    pub fn rpc_url(&self, node: usize) -> Option<String> {
        self.nodes
            .get(node)
            .map(|n| format!("http://127.0.0.1:{}", n.ports.rpc))
    }

    /// A client of the first validator that runs.
    ///
    /// # Errors
    /// When none runs.
    pub fn rpc(&self) -> Result<Rpc> {
        let alive = |n: &&Node| n.process.as_ref().is_some_and(Process::alive);
        let node = self.nodes.iter().find(alive).context("no validator runs")?;
        Rpc::new(&format!("http://127.0.0.1:{}", node.ports.rpc))
    }

    /// The clock of the chain.
    ///
    /// # Errors
    /// When no HTTP client can be built.
    pub fn clock(&self) -> Result<Clock> {
        Clock::at(&format!("127.0.0.1:{}", self.control))
    }

    /// A client that signs, and holds the clock.
    ///
    /// # Errors
    /// When the chain does not answer.
    pub fn live(&self) -> Result<Live> {
        Ok(Live::connect(self.rpc()?.url(), self.gas_price.parse()?)?.with_clock(self.clock()?))
    }

    /// Moves the chain's clock forward and waits until a block shows it.
    ///
    /// # Errors
    /// When the clock refuses or the chain does not follow.
    pub fn advance(&self, by: Duration) -> Result<Block> {
        let clock = self.clock()?;
        clock.wait(&self.rpc()?, clock.advance(by)?)
    }

    /// Moves the chain's clock to a time ahead and waits until a block shows it.
    ///
    /// # Errors
    /// When that time has passed, or the chain does not follow.
    pub fn advance_to(&self, to: SystemTime) -> Result<Block> {
        let clock = self.clock()?;
        clock.wait(&self.rpc()?, clock.advance_to(to)?)
    }

    /// # Errors
    /// When the chain does not answer.
    pub fn status(&self) -> Result<Status> {
        let rpc = self.rpc()?;
        let block = rpc.status()?.block;
        let time = SystemTime::UNIX_EPOCH + Duration::from_nanos(block.time.nanos());
        Ok(Status {
            chain_id: self.chain_id.clone(),
            rpc: rpc.url().to_owned(),
            height: block.height,
            time: humantime::format_rfc3339_millis(time).to_string(),
            offset_seconds: self.clock()?.read()?.offset_ns / 1_000_000_000,
            validators: self
                .nodes
                .iter()
                .map(|n| n.process.as_ref().is_some_and(Process::alive))
                .collect(),
        })
    }

    /// Whether the signer and at least one validator run.
    #[must_use]
    pub fn running(&self) -> bool {
        let alive = |p: &Option<Process>| p.as_ref().is_some_and(Process::alive);
        alive(&self.signer) && self.nodes.iter().any(|n| alive(&n.process))
    }

    fn fits(self, options: &Options) -> Result<Self> {
        let (id, nodes) = (&self.chain_id, self.nodes.len());
        if *id != options.chain_id || nodes != usize::from(options.validators) {
            bail!(
                "{} holds {id} with {nodes} validators; start with --reset to replace it, or choose another --home",
                self.home.display()
            );
        }
        Ok(self)
    }

    /// Writes keys and genesis beside the home, and moves them there when complete.
    fn create(options: &Options, genesis: impl FnOnce(&mut Genesis) -> Result<()>) -> Result<Self> {
        if options.home.exists() && std::fs::read_dir(&options.home)?.next().is_some() {
            bail!(
                "{} is not empty and holds no chain; choose another --home",
                options.home.display()
            );
        }
        let draft = options.home.with_extension("draft");
        if draft.exists() {
            std::fs::remove_dir_all(&draft)?;
        }
        std::fs::create_dir_all(&draft)?;
        init_files(options, &draft)?;
        write_genesis(options, &draft, genesis)?;
        separate_keys(options, &draft)?;
        let nodes = (0..options.validators).map(|_| {
            Ok(Node {
                ports: Ports::free()?,
                process: None,
            })
        });
        let mut chain = Self {
            home: draft.clone(),
            chain_id: options.chain_id.clone(),
            nodes: nodes.collect::<Result<_>>()?,
            control: config::free_port(0)?,
            signer: None,
            block_time_ms: options.block_time.as_millis().try_into()?,
            gas_price: options.gas_price.clone(),
        };
        chain.save()?;
        if options.home.exists() {
            std::fs::remove_dir(&options.home)?;
        }
        std::fs::rename(&draft, &options.home)?;
        chain.home.clone_from(&options.home);
        Ok(chain)
    }

    fn launch(&mut self, options: &Options) -> Result<()> {
        self.block_time_ms = options.block_time.as_millis().try_into()?;
        for node in &mut self.nodes {
            node.ports = node.ports.or_free()?;
        }
        self.control = config::free_port(self.control)?;
        self.configure()?;
        self.signer = Some(self.spawn_signer(options)?);
        for index in 0..self.nodes.len() {
            let process = self.spawn_node(index, &options.bin)?;
            if let Some(node) = self.nodes.get_mut(index) {
                node.process = Some(process);
            }
        }
        self.save()
    }

    /// Tells every node its ports and peers; before any of them starts.
    fn configure(&self) -> Result<()> {
        let id = |(i, node): (usize, &Node)| {
            let key = node_dir(&self.home, i).join("config/node_key.json");
            Ok(format!("{}@127.0.0.1:{}", config::node_id(&key)?, node.ports.p2p))
        };
        let ids: Vec<String> = self.nodes.iter().enumerate().map(id).collect::<Result<_>>()?;
        for (i, node) in self.nodes.iter().enumerate() {
            let peers: Vec<_> = ids
                .iter()
                .enumerate()
                .filter(|(j, _)| *j != i)
                .map(|(_, id)| id.clone())
                .collect();
            let block_time = Duration::from_millis(self.block_time_ms);
            let settings = NodeSettings {
                ports: node.ports,
                peers: &peers,
                block_time,
                gas_price: &self.gas_price,
            };
            config::write_node(&node_dir(&self.home, i).join("config"), &settings)?;
        }
        Ok(())
    }

    fn spawn_signer(&self, options: &Options) -> Result<Process> {
        let dir = self.home.join("signer");
        let mut command = Command::new(options.bin.join("clock-signer"));
        command.arg("--chain-id").arg(&self.chain_id);
        command.arg("--clock").arg(dir.join("clock.json"));
        command.arg("--control").arg(format!("127.0.0.1:{}", self.control));
        command.arg("--offset").arg(format!("{}ns", offset_ns(options.at)?));
        for (i, node) in self.nodes.iter().enumerate() {
            let file = |name: &str| dir.join(format!("node{i}-{name}.json")).display().to_string();
            let address = format!("127.0.0.1:{}", node.ports.signer);
            command
                .arg("--validator")
                .arg([file("key"), file("state"), address].join(","));
        }
        Process::spawn("clock-signer", &mut command, &self.log("clock-signer")?)
    }

    fn spawn_node(&self, index: usize, bin: &Path) -> Result<Process> {
        let name = format!("node{index}");
        let mut command = Command::new(bin.join("wasmd"));
        command
            .args(["start", "--log_no_color", "--home"])
            .arg(node_dir(&self.home, index));
        Process::spawn(&name, &mut command, &self.log(&name)?)
    }

    fn log(&self, name: &str) -> Result<PathBuf> {
        let dir = self.home.join("logs");
        std::fs::create_dir_all(&dir)?;
        Ok(dir.join(format!("{name}.log")))
    }

    fn wait_for_blocks(&self, patience: Duration) -> Result<()> {
        let until = Instant::now() + patience;
        for index in 0..self.nodes.len() {
            let rpc = Rpc::new(&self.rpc_url(index).unwrap_or_default())?;
            // A node that comes back shows its last block before it makes another.
            let mut first = None;
            let mut moves = |height| height >= 2 && height > *first.get_or_insert(height);
            while !rpc.status().is_ok_and(|s| !s.catching_up && moves(s.block.height)) {
                self.check_processes()?;
                if Instant::now() > until {
                    bail!(
                        "the chain made no blocks in {patience:?}; see {}",
                        self.home.join("logs").display()
                    );
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        Ok(())
    }

    fn check_processes(&self) -> Result<()> {
        let mut processes = self
            .signer
            .iter()
            .chain(self.nodes.iter().filter_map(|n| n.process.as_ref()));
        let Some(process) = processes.find(|p| !p.alive()) else {
            return Ok(());
        };
        bail!(
            "{} ended; the end of {}:\n{}",
            process.name,
            process.log.display(),
            process.log_tail()
        )
    }

    /// A chain that was made for another time is moved there if that lies ahead.
    fn reach(&self, at: SystemTime, patience: Duration) -> Result<()> {
        let now = self.clock()?.read()?.time();
        if now < at {
            self.advance_to(at)?;
        } else if now.duration_since(at).unwrap_or_default() > patience {
            bail!(
                "the chain under {} already stands at {}, and time only moves forward; start with --reset",
                self.home.display(),
                humantime::format_rfc3339_seconds(now)
            );
        }
        Ok(())
    }

    fn save(&self) -> Result<()> {
        let path = self.home.join("chain.json");
        let draft = self.home.join("chain.json.draft");
        std::fs::write(&draft, serde_json::to_vec_pretty(self)?)?;
        std::fs::rename(&draft, &path).with_context(|| path.display().to_string())
    }
}

fn node_dir(home: &Path, index: usize) -> PathBuf {
    home.join(format!("node{index}/wasmd"))
}

/// Coins of a development account: a million of each.
#[must_use]
pub fn dev_coins() -> Vec<Coin> {
    vec![coin(1_000_000_000_000, FEE_DENOM), coin(1_000_000_000_000, USDT_DENOM)]
}

fn init_files(options: &Options, dir: &Path) -> Result<()> {
    let wasmd = options.bin.join("wasmd");
    if !wasmd.exists() {
        bail!("{} is not there; run `scripts/setup`", wasmd.display());
    }
    let output = Command::new(&wasmd)
        .args([
            "testnet",
            "init-files",
            "--single-host",
            "--starting-ip-address",
            "127.0.0.1",
        ])
        .args([
            "--keyring-backend",
            "test",
            "--node-daemon-home",
            "wasmd",
            "--chain-id",
            &options.chain_id,
        ])
        .arg("--v")
        .arg(options.validators.to_string())
        .arg("--output-dir")
        .arg(dir)
        .arg("--home")
        .arg(dir)
        .output()?;
    if !output.status.success() {
        bail!("wasmd testnet init-files: {}", String::from_utf8_lossy(&output.stderr));
    }
    // What is in the genesis already, and the empty home wasmd insists on.
    for rest in ["gentxs", "config", "data"] {
        std::fs::remove_dir_all(dir.join(rest)).ok();
    }
    Ok(())
}

fn write_genesis(options: &Options, dir: &Path, add: impl FnOnce(&mut Genesis) -> Result<()>) -> Result<()> {
    let path = |i| node_dir(dir, i).join("config/genesis.json");
    let mut genesis = Genesis::read(&path(0))?;
    let now = SystemTime::now();
    // A node sleeps until its genesis, so a chain in the future starts now and jumps with its second block.
    genesis.set_time(options.at.map_or(now, |at| at.min(now)))?;
    genesis.set("/consensus/params/block/max_gas", json!(BLOCK_GAS))?;
    // A validator that is down for a test is not jailed.
    genesis.set("/app_state/slashing/params/signed_blocks_window", json!("1000000"))?;
    for name in dev_names() {
        genesis.add_account(Account::dev(&name)?.address(), &dev_coins())?;
    }
    add(&mut genesis)?;
    for i in 0..usize::from(options.validators) {
        genesis.write(&path(i))?;
    }
    Ok(())
}

/// Validators' keys move from the nodes to the signer: two holders could sign twice.
fn separate_keys(options: &Options, dir: &Path) -> Result<()> {
    let signer = dir.join("signer");
    std::fs::create_dir_all(&signer)?;
    for i in 0..usize::from(options.validators) {
        let node = node_dir(dir, i);
        let kept = |name: &str| signer.join(format!("node{i}-{name}.json"));
        std::fs::rename(node.join("config/priv_validator_key.json"), kept("key"))?;
        std::fs::rename(node.join("data/priv_validator_state.json"), kept("state"))?;
    }
    Ok(())
}

/// Distance of `at` from now, in nanoseconds.
fn offset_ns(at: Option<SystemTime>) -> Result<i128> {
    let Some(at) = at else { return Ok(0) };
    let now = SystemTime::now();
    Ok(match at.duration_since(now) {
        Ok(ahead) => i128::try_from(ahead.as_nanos())?,
        Err(behind) => -i128::try_from(behind.duration().as_nanos())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_point_both_ways() {
        let day = Duration::from_secs(86_400);
        assert_eq!(offset_ns(None).unwrap(), 0);
        let ahead = offset_ns(Some(SystemTime::now() + day)).unwrap();
        let behind = offset_ns(Some(SystemTime::now() - day)).unwrap();
        let day = i128::try_from(day.as_nanos()).unwrap();
        let second = 1_000_000_000;
        assert!((day - second..=day).contains(&ahead), "{ahead}");
        assert!((-day - second..=-day).contains(&behind), "{behind}");
    }

    #[test]
    fn a_taken_port_is_told_from_other_failures() {
        let said = "failed to listen on 127.0.0.1:26604: listen tcp 127.0.0.1:26604: bind: address already in use";
        let error = anyhow::anyhow!(said).context("node0 ended");
        assert!(port_was_taken(&error), "also below what was said last");
        assert!(!port_was_taken(&anyhow::anyhow!("no blocks within 60 s")));
    }

    #[test]
    fn only_a_chain_is_removed() {
        let home = std::env::temp_dir().join(format!("lex-home-{}", std::process::id()));
        std::fs::create_dir_all(&home).unwrap();
        std::fs::write(home.join("thesis.txt"), "years of work").unwrap();
        assert!(Localnet::remove(&home).is_err());
        assert!(home.join("thesis.txt").exists());
        std::fs::write(home.join("chain.json"), "{").unwrap();
        assert!(Localnet::load(&home).unwrap_err().to_string().contains("--reset"));
        std::fs::remove_dir_all(&home).unwrap();
        assert!(Localnet::load(&home).unwrap().is_none());
        Localnet::remove(&home).unwrap();
    }
}

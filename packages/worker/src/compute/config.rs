//! The worker's configuration file and the description of a job.

use std::path::{Path, PathBuf};

use interfaces::attestation_oracle::{Hardware, Role};
use rusqlite::Connection;
use serde::Deserialize;

use super::program::ProgramSpec;
use crate::sdk::config::{deserialize_seconds, read_toml, ChainConfig, KeyConfig, QuoteConfig, RelayerConfig, Tools};
use crate::sdk::store::{self, Home};
use crate::sdk::{ChainClient, Enroller, RpcClient};
use crate::{Error, Result};

/// Name of the file `worker init` writes.
pub const FILE: &str = "worker.toml";

/// `worker.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkerConfig {
    /// SQLite file with statements and jobs, relative to this file.
    #[serde(default = "default_store")]
    pub store: PathBuf,
    /// Which of the operator's workers; found on chain or made anew if not given.
    #[serde(default)]
    pub id: Option<u64>,
    /// GPU slots, 1 to 64.
    pub slots: u8,
    /// Units per second and slot at most.
    pub rate: u64,
    /// A statement that is not on the chain after so long is void.
    #[serde(default = "default_ttl", deserialize_with = "deserialize_seconds")]
    pub statement_ttl: u64,
    pub chain: ChainConfig,
    pub keys: KeyConfig,
    pub relayer: RelayerConfig,
    pub quote: QuoteConfig,
}

/// A job file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobSpec {
    /// Id on the market, at least 1; 0 is the idle chain.
    pub job: u64,
    #[serde(default)]
    pub assignment: u32,
    /// How many of the worker's slots it uses, from the first on.
    #[serde(default = "default_slots")]
    pub slots: u8,
    /// Time between two statements.
    #[serde(default = "default_report_every", deserialize_with = "deserialize_seconds")]
    pub report_every: u64,
    /// Every so many statements is a checkpoint.
    #[serde(default = "default_checkpoint_every")]
    pub checkpoint_every: u64,
    pub program: ProgramSpec,
}

impl JobSpec {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Config`], [`Error::Job`].
    pub fn load(path: &Path) -> Result<Self> {
        let spec: Self = read_toml(path)?;
        if spec.job == 0 || !(1..=64).contains(&spec.slots) || spec.checkpoint_every == 0 {
            return Err(Error::Job(
                "`job` and `checkpoint_every` are at least 1, `slots` 1 to 64".into(),
            ));
        }
        Ok(spec)
    }
}

/// An opened worker.
pub struct Worker<C = RpcClient> {
    pub config: WorkerConfig,
    pub tools: Tools<C>,
    pub conn: Connection,
}

impl Worker {
    /// Reads the configuration, opens keys and store.
    ///
    /// # Errors
    /// [`Error::Config`], [`Error::Key`], [`Error::File`], [`Error::Store`].
    pub fn open(path: &Path) -> Result<Self> {
        let config: WorkerConfig = read_toml(path)?;
        let base = path.parent().unwrap_or_else(|| Path::new("."));
        let tools = Tools::new(base, &config.chain, &config.keys, &config.relayer, &config.quote)?;
        let conn = open_store(&base.join(&config.store), &tools.home)?;
        Ok(Self { config, tools, conn })
    }
}

/// Opens or creates a worker's store.
///
/// # Errors
/// [`Error::Store`], [`Error::ForeignStore`].
pub fn open_store(path: &Path, home: &Home) -> Result<Connection> {
    let conn = store::open(path, home)?;
    super::job::create_table(&conn)?;
    Ok(conn)
}

impl<C: ChainClient> Worker<C> {
    /// Enrols this worker's key.
    pub fn enroller(&self) -> Enroller<'_, C> {
        Enroller {
            conn: &self.conn,
            home: &self.tools.home,
            client: &self.tools.client,
            keys: &self.tools.keys,
            quotes: self.tools.quotes.as_deref(),
            role: Role::Worker,
            hardware: Hardware {
                slots: self.config.slots,
                rate: self.config.rate,
            },
            id: self.config.id,
        }
    }
}

/// The first `slots` slots as a bitmap.
pub(super) fn bitmap(slots: u8) -> u64 {
    u64::MAX
        .checked_shr(64u32.saturating_sub(slots.into()))
        .unwrap_or_default()
}

fn default_store() -> PathBuf {
    "worker.db".into()
}

fn default_ttl() -> u64 {
    7_200
}

fn default_slots() -> u8 {
    1
}

fn default_report_every() -> u64 {
    10
}

fn default_checkpoint_every() -> u64 {
    5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_slots_are_used() {
        for (slots, bits) in [(0, 0), (1, 1), (3, 0b111), (64, u64::MAX)] {
            assert_eq!(bitmap(slots), bits);
        }
    }

    #[test]
    fn a_job_file_is_read_with_its_defaults() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("job.toml");
        let text = "job = 7\n[program]\nkind = 'sweep'\nseed = 's'\nfrom = 0\nrange = 10\nsteps = 3\n";
        std::fs::write(&path, text).unwrap();
        let spec = JobSpec::load(&path).unwrap();
        assert_eq!(
            (spec.job, spec.assignment, spec.slots, spec.report_every),
            (7, 0, 1, 10)
        );
        std::fs::write(&path, text.replace("job = 7", "job = 0")).unwrap();
        assert!(matches!(JobSpec::load(&path), Err(Error::Job(_))));
    }
}

//! The gateway's configuration file.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::serve::config::ServeConfig;
use crate::sdk::config::{deserialize_seconds, read_toml, ChainConfig, KeyConfig, QuoteConfig, RelayerConfig};
use crate::{Error, Result};

/// Name of the file `gateway init` writes.
pub const FILE: &str = "gateway.toml";

/// `gateway.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayConfig {
    /// SQLite file with calls and statements, relative to this file.
    #[serde(default = "default_book")]
    pub book: PathBuf,
    /// Length of a reporting window.
    #[serde(default = "default_window", deserialize_with = "deserialize_seconds")]
    pub window: u64,
    /// While a log is followed: wait so long after a window's end for lines that are still being written.
    #[serde(default = "default_settle_delay", deserialize_with = "deserialize_seconds")]
    pub settle_delay: u64,
    /// A report that is not on the chain after so long is void. Long, so that a chain that stands still costs nothing.
    #[serde(default = "default_report_ttl", deserialize_with = "deserialize_seconds")]
    pub report_ttl: u64,
    pub chain: ChainConfig,
    pub keys: KeyConfig,
    pub relayer: RelayerConfig,
    #[serde(default)]
    pub enrolment: EnrolmentConfig,
    pub quote: QuoteConfig,
    /// How `gateway serve` serves.
    #[serde(default)]
    pub serve: ServeConfig,
}

/// Which of the operator's gateways this is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolmentConfig {
    /// Found on chain or made anew if not given.
    #[serde(default)]
    pub id: Option<u64>,
}

impl GatewayConfig {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Config`].
    pub fn load(path: &Path) -> Result<Self> {
        let config: Self = read_toml(path)?;
        config.vault()?;
        config.serve.validate()?;
        Ok(config)
    }

    /// Address of the vault.
    ///
    /// # Errors
    /// [`Error::Config`] when it is missing.
    pub fn vault(&self) -> Result<&str> {
        self.chain
            .vault
            .as_deref()
            .ok_or_else(|| Error::Config("a gateway needs `vault` under [chain]".into()))
    }
}

fn default_book() -> PathBuf {
    "gateway.db".into()
}

fn default_window() -> u64 {
    600
}

fn default_settle_delay() -> u64 {
    30
}

fn default_report_ttl() -> u64 {
    7 * 86_400
}

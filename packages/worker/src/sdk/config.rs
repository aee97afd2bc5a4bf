//! The parts of a configuration file that gateway and worker share.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::account::Account;
use super::chain::RpcClient;
use super::keys::KeyRing;
use super::quote::{ConfigFs, QuoteProvider};
use super::relayer::Relayer;
use super::store::Home;
use crate::{Error, Result};

/// Where the chain is and who pays there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainConfig {
    pub id: String,
    /// CometBFT RPC endpoint.
    pub rpc: String,
    /// Address of `attestation-oracle`.
    pub oracle: String,
    /// Address of `credit-vault`; a gateway needs it.
    #[serde(default)]
    pub vault: Option<String>,
    /// Bech32 prefix of accounts.
    #[serde(default = "default_prefix")]
    pub prefix: String,
    /// Like `0.025stake`.
    pub gas_price: String,
}

/// Key files. Relative paths are relative to the configuration file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyConfig {
    /// Folder of the keys that sign statements, one per key epoch; they never leave the environment.
    pub statement: PathBuf,
    /// Signs transactions: 64 hexadecimal digits, or a BIP-39 phrase with an optional `/index`.
    pub operator: PathBuf,
}

/// Who carries statements.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelayerConfig {
    pub url: String,
    /// Attempts per statement before a run gives up; it stays in the store for the next run.
    #[serde(default = "default_attempts")]
    pub attempts: u32,
}

/// Where hardware evidence comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "provider", rename_all = "lowercase", deny_unknown_fields)]
pub enum QuoteConfig {
    /// No evidence: a worker at level A0.
    None,
    /// A TDX guest on Linux.
    Configfs,
    /// Synthetic quotes of `tee-testkit`, for test networks.
    #[cfg(feature = "testkit")]
    Testkit(super::quote::TestkitConfig),
}

impl QuoteConfig {
    /// The provider, if any.
    ///
    /// # Errors
    /// [`Error::Quote`] when synthetic hardware cannot be made.
    pub fn provider(&self) -> Result<Option<Box<dyn QuoteProvider>>> {
        Ok(match self {
            Self::None => None,
            Self::Configfs => Some(Box::new(ConfigFs::new(Path::new(super::quote::CONFIGFS_ROOT)))),
            #[cfg(feature = "testkit")]
            Self::Testkit(config) => Some(Box::new(super::quote::Testkit::new(config)?)),
        })
    }
}

/// What both programs need to act.
pub struct Tools<C = RpcClient> {
    pub home: Home,
    pub client: C,
    pub relayer: Relayer,
    pub keys: KeyRing,
    pub quotes: Option<Box<dyn QuoteProvider>>,
}

impl Tools {
    /// Loads keys and opens clients. `base` is the folder of the configuration file.
    ///
    /// # Errors
    /// [`Error::Config`], [`Error::Key`], [`Error::File`], [`Error::Quote`].
    pub fn new(
        base: &Path,
        chain: &ChainConfig,
        keys: &KeyConfig,
        relayer: &RelayerConfig,
        quote: &QuoteConfig,
    ) -> Result<Self> {
        let account = Account::load(&base.join(&keys.operator), &chain.prefix)?;
        Ok(Self {
            home: Home::new(&chain.id, &chain.oracle)?,
            client: RpcClient::new(&chain.rpc, &chain.id, account, chain.gas_price.parse()?)?,
            relayer: Relayer::new(&relayer.url, relayer.attempts)?,
            keys: KeyRing::open(&base.join(&keys.statement))?,
            quotes: quote.provider()?,
        })
    }
}

/// Reads a TOML file.
///
/// # Errors
/// [`Error::File`], and [`Error::Config`] naming file, line and field.
pub fn read_toml<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path).map_err(Error::file(path))?;
    toml::from_str(&text).map_err(|e| Error::Config(format!("{}: {e}", path.display())))
}

/// Reads a duration like `10m`, as whole seconds.
///
/// # Errors
/// [`Error::Config`] when it is malformed, zero, or not whole seconds.
pub fn seconds(text: &str) -> Result<u64> {
    let wrong = || {
        Error::Config(format!(
            "`{text}` is no duration; expected whole seconds like 90s, 10m or 1h 30m"
        ))
    };
    let duration = humantime::parse_duration(text).map_err(|_| wrong())?;
    match duration.as_secs() {
        0 => Err(wrong()),
        seconds if duration.subsec_nanos() == 0 => Ok(seconds),
        _ => Err(wrong()),
    }
}

/// For serde: a duration like `10m`, as seconds.
///
/// # Errors
/// As [`seconds`].
pub fn deserialize_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<u64, D::Error> {
    seconds(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

fn default_prefix() -> String {
    "wasm".into()
}

fn default_attempts() -> u32 {
    10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_whole_seconds() {
        for (text, expected) in [("10m", 600), ("90s", 90), ("1h 30m", 5_400)] {
            assert_eq!(seconds(text).unwrap(), expected);
        }
        for text in ["", "0s", "10", "1500ms", "-1s", "ten"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_misspelt_field_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("relayer.toml");
        std::fs::write(&path, "url = 'http://127.0.0.1:1'\natempts = 3\n").unwrap();
        let error = read_toml::<RelayerConfig>(&path).unwrap_err();
        assert!(error.to_string().contains("atempts"), "{error}");
    }
}

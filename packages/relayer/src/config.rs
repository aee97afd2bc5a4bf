//! What an operator decides. One TOML file; every value can be overridden by `RELAYER__SECTION__FIELD` in the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cosmrs::AccountId;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use toml::{Table, Value};

use crate::fee::GasConfig;
use crate::signer::SignerConfig;

/// Prefix of environment variables that override the file.
const ENV_PREFIX: &str = "RELAYER__";

/// A configuration that cannot be used, and what to do about it.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("{path}: {error}; `relayer config print-default` prints one to start from")]
    File { path: PathBuf, error: std::io::Error },
    #[error("{0}")]
    Syntax(String),
    #[error("{variable} names no section and field; write {ENV_PREFIX}SECTION__FIELD, for example {ENV_PREFIX}CHAIN__CHAIN_ID")]
    Variable { variable: String },
    #[error("{}", .0.join("\n"))]
    Invalid(Vec<String>),
}

/// Everything an operator decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub chain: ChainConfig,
    pub signer: SignerConfig,
    #[serde(default)]
    pub outbox: OutboxConfig,
    #[serde(default)]
    pub ingest: IngestConfig,
    #[serde(default)]
    pub planner: PlannerConfig,
    #[serde(default)]
    pub deliver: DeliverConfig,
    #[serde(default)]
    pub tx: TxConfig,
    #[serde(default)]
    pub gas: GasConfig,
    #[serde(default)]
    pub log: LogConfig,
}

/// Which chain and contract, and which nodes to ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainConfig {
    pub chain_id: String,
    /// Address of `attestation-oracle`.
    pub contract: String,
    /// Prefix of addresses on this chain.
    #[serde(default = "prefix")]
    pub bech32_prefix: String,
    pub fee_denom: String,
    /// CometBFT RPC endpoints. More than one keeps the relayer going when a node fails; three or more also when one lies.
    pub rpc: Vec<String>,
    /// Endpoints this many blocks away from the others are not used.
    #[serde(default = "max_height_lag")]
    pub max_height_lag: u64,
    #[serde(default = "request_timeout_ms")]
    pub request_timeout_ms: u64,
    /// Not ready when no new block was seen for this long, seconds.
    #[serde(default = "max_block_age")]
    pub max_block_age: u64,
}

fn prefix() -> String {
    "wasm".into()
}

fn max_height_lag() -> u64 {
    5
}

fn request_timeout_ms() -> u64 {
    5_000
}

fn max_block_age() -> u64 {
    60
}

/// Where accepted statements are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutboxConfig {
    /// SQLite file, on a disk that keeps what it has synced.
    pub path: PathBuf,
    /// Most statements that are not yet final; beyond it clients get 429.
    pub max_pending: u64,
    /// Days of chain time after which what has ended is forgotten; 0 keeps it for ever.
    pub keep_days: u64,
}

impl Default for OutboxConfig {
    fn default() -> Self {
        Self {
            path: "relayer.db".into(),
            max_pending: 100_000,
            keep_days: 30,
        }
    }
}

/// The HTTP interface.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IngestConfig {
    pub listen: SocketAddr,
    /// Largest request, bytes.
    pub max_body: usize,
    /// Requests worked on at once; beyond it clients get 429.
    pub max_concurrent: usize,
    /// Statements per second and subject, sustained.
    pub rate: u32,
    /// Statements a subject may post at once.
    pub burst: u32,
    /// Questions to the chain about unknown keys per second, over all clients.
    pub key_lookups: u32,
    /// How long an enrolled key is remembered, seconds. A revocation is noticed after at most this time; the contract
    /// voids what slips through.
    pub key_ttl: u64,
    /// Windows that end later than this many seconds from now are refused; nearer ones wait.
    pub max_future: u64,
}

impl Default for IngestConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8650)),
            max_body: 8 * 1024 * 1024,
            max_concurrent: 256,
            rate: 50,
            burst: 500,
            key_lookups: 50,
            key_ttl: 60,
            max_future: 3_600,
        }
    }
}

/// How statements are batched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PlannerConfig {
    /// Most statements per transaction, at most the contract's 64.
    pub max_batch: usize,
    /// Most bytes of statements per transaction.
    pub max_bytes: usize,
    /// After the first statement arrives, others are waited for this long, milliseconds.
    pub linger_ms: u64,
    /// A statement whose predecessor is missing for this long is given up, seconds; 0 waits for ever.
    pub gap_timeout: u64,
    /// Attempts before a statement that the contract refuses for now is given up.
    pub max_attempts: u32,
    /// Pause between such attempts, milliseconds.
    pub retry_ms: u64,
    /// Accounts of other relayers that are given the same statements.
    pub peers: Vec<String>,
    /// How long each of them that ranks before this one is waited for, milliseconds.
    pub peer_delay_ms: u64,
}

impl Default for PlannerConfig {
    fn default() -> Self {
        Self {
            max_batch: interfaces::attestation_oracle::MAX_BATCH,
            max_bytes: 512 * 1024,
            linger_ms: 200,
            gap_timeout: 3_600,
            max_attempts: 5,
            retry_ms: 3_000,
            peers: vec![],
            peer_delay_ms: 3_000,
        }
    }
}

/// How often a report is handed again to a receiver that failed. Seconds are of the chain's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeliverConfig {
    /// Pause after the first attempt, seconds; doubled after each further one.
    pub retry: u64,
    /// Longest pause, seconds.
    pub max_retry: u64,
    /// Attempts before it is given up; 0 leaves deliveries to others.
    pub max_attempts: u32,
}

impl Default for DeliverConfig {
    /// Goes on for about 35 days: a receiver is repaired through a public queue of at least seven.
    fn default() -> Self {
        Self {
            retry: 60,
            max_retry: 6 * 3_600,
            max_attempts: 150,
        }
    }
}

impl DeliverConfig {
    /// Seconds until the attempt that follows `attempts` earlier ones and the present.
    pub fn pause(&self, attempts: u32) -> u64 {
        let doubled = 2u64
            .checked_pow(attempts)
            .and_then(|times| self.retry.checked_mul(times));
        doubled.unwrap_or(u64::MAX).min(self.max_retry)
    }
}

/// How transactions are sent and confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TxConfig {
    /// A transaction can be included in this many blocks; then its statements are free again.
    pub timeout_blocks: u64,
    /// Blocks, the including one counted, after which a statement is final. CometBFT is final at 1.
    pub confirmations: u64,
    /// How often the chain is asked while something is under way, milliseconds.
    pub poll_ms: u64,
    /// How often it is asked while nothing is, milliseconds.
    pub idle_ms: u64,
    /// The same bytes are sent again after this long without inclusion, milliseconds.
    pub resend_ms: u64,
    /// Pause after an error only the operator can cure, milliseconds.
    pub hold_ms: u64,
    /// How long SIGTERM may take, milliseconds; below 10 s.
    pub shutdown_ms: u64,
    /// Folder of the locks that keep a key to one process; all relayers of a machine share it.
    pub lock_dir: PathBuf,
}

impl Default for TxConfig {
    fn default() -> Self {
        Self {
            timeout_blocks: 20,
            confirmations: 1,
            poll_ms: 300,
            idle_ms: 1_000,
            resend_ms: 3_000,
            hold_ms: 10_000,
            shutdown_ms: 8_000,
            lock_dir: std::env::temp_dir().join("relayer-locks"),
        }
    }
}

/// Logging.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// JSON lines; otherwise text for people.
    pub json: bool,
    /// A `tracing` filter such as `info` or `relayer=debug`.
    pub filter: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            json: true,
            filter: "info".into(),
        }
    }
}

impl ChainConfig {
    pub fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.request_timeout_ms)
    }
}

impl Config {
    /// Reads a file, applies the environment, and validates.
    ///
    /// # Errors
    /// [`ConfigError`], which says what to do.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::File {
            path: path.into(),
            error,
        })?;
        Self::parse(&text, std::env::vars())
    }

    /// The same from text and given variables.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn parse(text: &str, variables: impl Iterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let syntax = |error: toml::de::Error| ConfigError::Syntax(error.to_string().trim().into());
        let mut table: Table = text.parse().map_err(syntax)?;
        for (name, value) in variables {
            if let Some(path) = name.strip_prefix(ENV_PREFIX) {
                override_value(&mut table, path, value).ok_or(ConfigError::Variable { variable: name })?;
            }
        }
        let config: Self = table.try_into().map_err(syntax)?;
        config.validate()?;
        Ok(config)
    }

    /// Refuses what cannot work, all problems at once.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`].
    pub fn validate(&self) -> Result<(), ConfigError> {
        let problems: Vec<String> = self
            .checks()
            .into_iter()
            .filter(|(fine, _)| !fine)
            .map(|(_, say)| say)
            .collect();
        match problems.is_empty() {
            true => Ok(()),
            false => Err(ConfigError::Invalid(problems)),
        }
    }

    fn checks(&self) -> Vec<(bool, String)> {
        [self.chain_checks(), self.flow_checks(), self.money_checks()].concat()
    }

    fn chain_checks(&self) -> Vec<(bool, String)> {
        let chain = &self.chain;
        let contract = chain.contract.parse::<AccountId>();
        let prefixed = contract
            .as_ref()
            .is_ok_and(|address| address.prefix() == chain.bech32_prefix);
        let url = |url: &String| reqwest::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        vec![
            (!chain.chain_id.is_empty(), "chain.chain_id is empty; write the network's id, as in the genesis file".into()),
            (
                prefixed,
                format!(
                    "chain.contract {:?} is no address with prefix {:?}; write attestation-oracle's address and the chain's bech32_prefix",
                    chain.contract, chain.bech32_prefix
                ),
            ),
            (!chain.fee_denom.is_empty(), "chain.fee_denom is empty; write the denom that pays for gas".into()),
            (
                !chain.rpc.is_empty() && chain.rpc.iter().all(url),
                "chain.rpc wants at least one http or https URL, for example [\"http://127.0.0.1:26657\"]".into(),
            ),
            (chain.request_timeout_ms >= 100, "chain.request_timeout_ms is below 100; no node answers that fast".into()),
        ]
    }

    fn flow_checks(&self) -> Vec<(bool, String)> {
        let (ingest, planner, tx) = (&self.ingest, &self.planner, &self.tx);
        let most = interfaces::attestation_oracle::MAX_BATCH;
        vec![
            (
                self.outbox.max_pending > 0,
                "outbox.max_pending is 0; nothing could be accepted".into(),
            ),
            (
                ingest.max_body >= 64 * 1024,
                "ingest.max_body is below 65536; a full usage report would not fit".into(),
            ),
            (
                ingest.max_concurrent > 0,
                "ingest.max_concurrent is 0; nothing could be accepted".into(),
            ),
            (
                ingest.rate > 0 && ingest.burst > 0,
                "ingest.rate and ingest.burst must be at least 1".into(),
            ),
            (
                ingest.key_lookups > 0,
                "ingest.key_lookups is 0; no key could ever be learnt".into(),
            ),
            (
                (1..=most).contains(&planner.max_batch),
                format!("planner.max_batch must be 1 to {most}"),
            ),
            (
                planner.max_bytes > 0,
                "planner.max_bytes is 0; use about half of the chain's block size".into(),
            ),
            (
                planner.max_attempts > 0,
                "planner.max_attempts is 0; use at least 1".into(),
            ),
            (
                self.deliver.retry > 0 && self.deliver.max_retry >= self.deliver.retry,
                "deliver.retry must be at least 1 second, and deliver.max_retry not below it".into(),
            ),
            (
                (3..=10_000).contains(&tx.timeout_blocks),
                "tx.timeout_blocks must be 3 to 10000: long enough to be included, short enough to be given up".into(),
            ),
            (
                tx.confirmations > 0,
                "tx.confirmations is 0; 1 is final on CometBFT".into(),
            ),
            (
                tx.poll_ms >= 20 && tx.idle_ms >= 20,
                "tx.poll_ms and tx.idle_ms must be at least 20".into(),
            ),
            (
                tx.shutdown_ms <= 10_000,
                "tx.shutdown_ms is above 10000; service managers kill after about that".into(),
            ),
        ]
    }

    fn money_checks(&self) -> Vec<(bool, String)> {
        let gas = &self.gas;
        vec![
            (
                gas.max_price_micro >= gas.price_micro,
                "gas.max_price_micro is below gas.price_micro; raise it to leave room for escalation".into(),
            ),
            (
                (100..=1_000).contains(&gas.adjustment_percent),
                "gas.adjustment_percent must be 100 to 1000; 130 asks for 1.3 times the simulated gas".into(),
            ),
            (
                gas.max_gas > 0,
                "gas.max_gas is 0; use about half of the chain's block gas".into(),
            ),
            (
                gas.daily_cap >= gas.max_fee,
                "gas.daily_cap is below gas.max_fee; not one transaction might fit".into(),
            ),
        ]
    }

    /// An example with every field, for a local chain.
    pub fn example() -> Self {
        Self {
            chain: ChainConfig {
                chain_id: "lex-local".into(),
                contract: "wasm14hj2tavq8fpesdwxxcu44rty3hh90vhujrvcmstl4zr3txmfvw9s0phg4d".into(),
                bech32_prefix: prefix(),
                fee_denom: "stake".into(),
                rpc: vec!["http://127.0.0.1:26657".into()],
                max_height_lag: max_height_lag(),
                request_timeout_ms: request_timeout_ms(),
                max_block_age: max_block_age(),
            },
            signer: SignerConfig::Keystore {
                dir: "keys".into(),
                name: "relayer".into(),
                password_file: None,
                password_env: crate::signer::password_env(),
            },
            outbox: OutboxConfig::default(),
            ingest: IngestConfig::default(),
            planner: PlannerConfig::default(),
            deliver: DeliverConfig::default(),
            tx: TxConfig::default(),
            gas: GasConfig::default(),
            log: LogConfig::default(),
        }
    }
}

/// Sets `SECTION__FIELD` in the table. A value that reads as TOML is taken as such, anything else as text.
fn override_value(table: &mut Table, path: &str, value: String) -> Option<()> {
    let path = path.to_lowercase();
    let (section, field) = path.split_once("__")?;
    let entry = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
    let wrapped = format!("value = {value}").parse::<Table>();
    let parsed = wrapped
        .ok()
        .and_then(|mut table| table.remove("value"))
        .unwrap_or(Value::String(value));
    entry.as_table_mut()?.insert(field.into(), parsed);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_between_deliveries_double_up_to_their_bound_and_outlast_a_repair() {
        let config = DeliverConfig::default();
        let pauses: Vec<u64> = (0..config.max_attempts).map(|attempt| config.pause(attempt)).collect();
        assert_eq!(pauses[..4], [60, 120, 240, 480]);
        assert!(pauses.is_sorted() && pauses.iter().all(|pause| *pause <= config.max_retry));
        assert_eq!(config.pause(u32::MAX), config.max_retry);
        assert!(pauses.iter().sum::<u64>() > 30 * 86_400);
    }

    const MINIMAL: &str = r#"
        [chain]
        chain_id = "c-1"
        contract = "wasm14hj2tavq8fpesdwxxcu44rty3hh90vhujrvcmstl4zr3txmfvw9s0phg4d"
        fee_denom = "stake"
        rpc = ["http://127.0.0.1:26657"]
        [signer]
        kind = "env"
    "#;

    fn with(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let owned = variables
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()));
        Config::parse(MINIMAL, owned)
    }

    #[test]
    fn a_minimal_file_is_enough() {
        let config = with(&[]).unwrap();
        assert_eq!(config.planner, PlannerConfig::default());
        assert_eq!(config.chain.bech32_prefix, "wasm");
    }

    #[test]
    fn the_printed_example_is_read_back() {
        let text = toml::to_string(&Config::example()).unwrap();
        assert_eq!(Config::parse(&text, std::iter::empty()).unwrap(), Config::example());
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let config = with(&[
            ("RELAYER__CHAIN__CHAIN_ID", "other"),
            ("RELAYER__CHAIN__RPC", r#"["http://a:1", "http://b:2"]"#),
            ("RELAYER__GAS__PRICE_MICRO", "7"),
            ("RELAYER__LOG__JSON", "false"),
            ("HOME", "/nowhere"),
        ])
        .unwrap();
        assert_eq!(config.chain.chain_id, "other");
        assert_eq!(config.chain.rpc.len(), 2);
        assert_eq!((config.gas.price_micro, config.log.json), (7, false));
    }

    #[test]
    fn a_variable_without_section_is_refused() {
        assert!(matches!(
            with(&[("RELAYER__CHAIN_ID", "x")]),
            Err(ConfigError::Variable { .. })
        ));
    }

    #[test]
    fn unknown_fields_are_refused_by_name() {
        let error = with(&[("RELAYER__GAS__PRICE", "7")]).unwrap_err().to_string();
        assert!(error.contains("price") && error.contains("price_micro"), "{error}");
    }

    #[test]
    fn every_problem_is_told_at_once_with_what_to_do() {
        let error = with(&[
            ("RELAYER__CHAIN__CONTRACT", "cosmos1xyz"),
            ("RELAYER__CHAIN__RPC", "[\"ftp://a\"]"),
            ("RELAYER__PLANNER__MAX_BATCH", "65"),
            ("RELAYER__TX__CONFIRMATIONS", "0"),
            ("RELAYER__GAS__DAILY_CAP", "1"),
        ]);
        let text = error.unwrap_err().to_string();
        for word in [
            "chain.contract",
            "chain.rpc",
            "planner.max_batch must be 1 to 64",
            "tx.confirmations",
            "gas.daily_cap",
        ] {
            assert!(text.contains(word), "{word} in\n{text}");
        }
        assert_eq!(text.lines().count(), 5);
    }

    #[test]
    fn a_missing_file_says_how_to_make_one() {
        let error = Config::load(Path::new("/nonexistent/relayer.toml"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("print-default"));
    }
}

//! The `[serve]` section of `gateway.toml`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use interfaces::lco_staking::Tier;
use serde::Deserialize;

use crate::gateway::log::MAX_TOKENS;
use crate::sdk::config::deserialize_seconds;
use crate::sdk::keys::read_private;
use crate::{Error, Result};

/// Longest life of a challenge, seconds: its nonce is remembered longer than that.
const MAX_CHALLENGE: u64 = 3_600;

/// How calls are served.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServeConfig {
    /// A loopback address: the keys of accounts travel here, so what comes from outside passes a proxy that ends TLS.
    pub listen: SocketAddr,
    /// Longest request, bytes.
    pub max_body: usize,
    /// Most tokens a call without a limit of its own may make; set as its `max_tokens`.
    pub default_output_tokens: u64,
    /// Most tokens a call may ask for, over all its answers.
    pub max_output_tokens: u64,
    /// Longest context of any model behind. A call with pictures or sound reserves this much, since their tokens cannot be told from bytes.
    pub max_prompt_tokens: u64,
    /// How long an answer of the chain is used, seconds.
    #[serde(deserialize_with = "deserialize_seconds")]
    pub view_ttl: u64,
    /// If the chain makes no block for so long, nothing is served.
    #[serde(deserialize_with = "deserialize_seconds")]
    pub max_block_age: u64,
    /// How long a challenge can be answered; at most an hour.
    #[serde(deserialize_with = "deserialize_seconds")]
    pub challenge_ttl: u64,
    /// Longest life of an API key.
    #[serde(deserialize_with = "deserialize_seconds")]
    pub key_ttl: u64,
    /// Most live keys of one account.
    pub keys_per_account: u32,
    /// Most calls at a time, of all accounts together.
    pub max_calls: usize,
    /// After SIGTERM, calls under way have so long to end.
    #[serde(deserialize_with = "deserialize_seconds")]
    pub shutdown_grace: u64,
    pub concurrency: Concurrency,
    pub upstream: UpstreamConfig,
}

/// Most calls at a time of one account, by tier. The champion's perk `UnlimitedConcurrency` lifts it up to `max_calls`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Concurrency {
    pub lv1: u32,
    pub lv2: u32,
    pub lv3: u32,
    pub lv4: u32,
    pub whale: u32,
}

/// The model server behind.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UpstreamConfig {
    /// What `/chat/completions` is appended to.
    pub url: String,
    /// Environment variable with the upstream's API key.
    pub key_env: Option<String>,
    /// File with it instead, of mode 600; relative to the configuration file.
    pub key_file: Option<PathBuf>,
    /// Longest wait for a connection.
    #[serde(deserialize_with = "deserialize_seconds")]
    pub connect_timeout: u64,
    /// Longest silence: before the answer begins, and between two parts of it.
    #[serde(deserialize_with = "deserialize_seconds")]
    pub idle_timeout: u64,
    /// Longest call as a whole.
    #[serde(deserialize_with = "deserialize_seconds")]
    pub total_timeout: u64,
    /// Longest answer that does not stream, and longest event of one that does, bytes.
    pub max_answer: usize,
}

impl Default for ServeConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8787)),
            max_body: 4 << 20,
            default_output_tokens: 4_096,
            max_output_tokens: 131_072,
            max_prompt_tokens: 200_000,
            view_ttl: 5,
            max_block_age: 60,
            challenge_ttl: 300,
            key_ttl: 30 * 86_400,
            keys_per_account: 10,
            max_calls: 256,
            shutdown_grace: 30,
            concurrency: Concurrency::default(),
            upstream: UpstreamConfig::default(),
        }
    }
}

impl Default for Concurrency {
    fn default() -> Self {
        Self {
            lv1: 4,
            lv2: 32,
            lv3: 32,
            lv4: 32,
            whale: 64,
        }
    }
}

impl Concurrency {
    /// Most calls at a time in that tier.
    pub fn of(self, tier: Tier) -> u32 {
        match tier {
            Tier::Lv1 => self.lv1,
            Tier::Lv2 => self.lv2,
            Tier::Lv3 => self.lv3,
            Tier::Lv4 => self.lv4,
            Tier::Whale => self.whale,
        }
    }
}

impl Default for UpstreamConfig {
    fn default() -> Self {
        Self {
            url: "http://127.0.0.1:8000/v1".into(),
            key_env: None,
            key_file: None,
            connect_timeout: 5,
            idle_timeout: 60,
            total_timeout: 600,
            max_answer: 32 << 20,
        }
    }
}

impl UpstreamConfig {
    /// The upstream's API key, if one is configured.
    ///
    /// # Errors
    /// [`Error::Config`] when the variable is not set, [`Error::File`], [`Error::Key`].
    pub fn key(&self, base: &Path) -> Result<Option<String>> {
        match (&self.key_env, &self.key_file) {
            (Some(_), Some(_)) => Err(wrong("serve.upstream", "either key_env or key_file")),
            (Some(name), None) => {
                let key =
                    std::env::var(name).map_err(|_| Error::Config(format!("set {name} to the upstream's API key")))?;
                Ok(Some(key.trim().to_owned()))
            }
            (None, Some(file)) => Ok(Some(read_private(&base.join(file))?.trim().to_owned())),
            (None, None) => Ok(None),
        }
    }
}

impl ServeConfig {
    /// Refuses what could not work.
    ///
    /// # Errors
    /// [`Error::Config`] naming the field.
    pub fn validate(&self) -> Result<()> {
        if !self.listen.ip().is_loopback() {
            return Err(wrong(
                "serve.listen",
                "a loopback address; put a proxy that ends TLS in front of it",
            ));
        }
        if !["http://", "https://"]
            .iter()
            .any(|scheme| self.upstream.url.starts_with(scheme))
        {
            return Err(wrong(
                "serve.upstream.url",
                "an http or https URL like http://127.0.0.1:8000/v1",
            ));
        }
        if self.challenge_ttl > MAX_CHALLENGE {
            return Err(wrong("serve.challenge_ttl", "at most 1h"));
        }
        if self.max_calls == 0 || self.max_body == 0 || self.upstream.max_answer == 0 || self.keys_per_account == 0 {
            return Err(wrong(
                "serve",
                "above zero: max_calls, max_body, keys_per_account, upstream.max_answer",
            ));
        }
        self.validate_tokens()
    }

    fn validate_tokens(&self) -> Result<()> {
        let bounds = [
            self.default_output_tokens,
            self.max_output_tokens,
            self.max_prompt_tokens,
        ];
        let fits = bounds.iter().all(|tokens| (1..=MAX_TOKENS).contains(tokens));
        match fits && self.default_output_tokens <= self.max_output_tokens {
            true => Ok(()),
            false => Err(wrong(
                "serve",
                "1 ≤ default_output_tokens ≤ max_output_tokens ≤ 10⁹, and 1 ≤ max_prompt_tokens ≤ 10⁹",
            )),
        }
    }
}

fn wrong(field: &str, expected: &str) -> Error {
    Error::Config(format!("{field}: expected {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<ServeConfig> {
        let config: ServeConfig = toml::from_str(text).map_err(|e| Error::Config(e.to_string()))?;
        config.validate().map(|()| config)
    }

    #[test]
    fn an_empty_section_is_enough() {
        let config = parse("").unwrap();
        assert_eq!((config.listen.port(), config.view_ttl), (8787, 5));
        assert_eq!(config.concurrency.of(Tier::Lv1), 4);
        assert!(config.concurrency.of(Tier::Lv2) > config.concurrency.of(Tier::Lv1));
    }

    #[test]
    fn what_cannot_work_is_refused_by_name() {
        for (text, named) in [
            ("listen = '0.0.0.0:80'", "serve.listen"),
            ("[upstream]\nurl = 'model:80'", "serve.upstream.url"),
            ("challenge_ttl = '2h'", "serve.challenge_ttl"),
            ("max_calls = 0", "max_calls"),
            ("default_output_tokens = 0", "default_output_tokens"),
            ("default_output_tokens = 5\nmax_output_tokens = 4", "max_output_tokens"),
            ("viewttl = '5s'", "viewttl"),
            ("view_ttl = '0s'", "duration"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(named), "{text}: {error}");
        }
    }

    #[test]
    fn the_upstreams_key_comes_from_a_private_file_or_the_environment() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        std::fs::write(&path, "sk-secret\n").unwrap();
        let config = UpstreamConfig {
            key_file: Some("key".into()),
            ..UpstreamConfig::default()
        };
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(config.key(dir.path()).is_err(), "others may read it");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(config.key(dir.path()).unwrap().as_deref(), Some("sk-secret"));
        let unset = UpstreamConfig {
            key_env: Some("NO_SUCH_VARIABLE_IS_SET".into()),
            ..UpstreamConfig::default()
        };
        let error = unset.key(dir.path()).unwrap_err().to_string();
        assert!(error.contains("NO_SUCH_VARIABLE_IS_SET"), "{error}");
        assert_eq!(UpstreamConfig::default().key(dir.path()).unwrap(), None);
    }
}

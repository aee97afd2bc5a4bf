//! What a deployment is told, in TOML. Amounts are base units in quotes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{bail, Context, Result};
use cosmwasm_std::Binary;
use interfaces::{
    attestation_oracle, compute_wars, credit_vault, ecosystem_fund, governance, l_coin, lco_staking, margin,
    prediction_market, tee_verifier,
};
use serde::Deserialize;

use super::token;
use crate::account::{Account, PREFIX};
use crate::live::tx::GasPrice;

/// A deployment. Text that starts with `@` names a development account and is replaced by its address.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub chain_id: String,
    /// RPC endpoint; the local chain's when absent.
    pub rpc: Option<String>,
    /// E.g. `0.025stake`.
    pub gas_price: String,
    /// Start of the chain's addresses.
    #[serde(default = "prefix")]
    pub prefix: String,
    /// Tells several suites of one deployer on one chain apart.
    #[serde(default = "first")]
    pub instance: String,
    /// Pays and creates; owns nothing afterwards.
    pub deployer: Signer,
    /// Owner of everything until hand-over to governance.
    pub council: String,
    /// Queues migrations for the council; without it they are printed for the council to queue.
    pub council_signer: Option<Signer>,
    /// Bounded role for what cannot wait.
    pub operator: Option<String>,
    /// Denom of the native USDT.
    pub usdt: String,
    pub timelock: Timelock,
    pub l_coin: LCoin,
    pub credit_vault: CreditVault,
    pub tee_verifier: TeeVerifier,
    pub attestation_oracle: AttestationOracle,
    #[serde(default)]
    pub lco_staking: LcoStaking,
    pub exchange: Exchange,
    pub margin: Margin,
    #[serde(default)]
    pub ecosystem_fund: EcosystemFund,
    #[serde(default)]
    pub compute_wars: ComputeWars,
    #[serde(default)]
    pub prediction_market: PredictionMarket,
    pub governance: Governance,
    #[serde(default)]
    pub vcai: token::Vcai,
    pub token_allocation: token::TokenAllocation,
    pub genesis_nft: token::GenesisNft,
    #[serde(default)]
    pub vote_escrow: token::VoteEscrow,
    #[serde(default)]
    pub voting_adapter: token::VotingAdapter,
    #[serde(default)]
    pub treasury: token::Treasury,
    #[serde(default)]
    pub vcai_exchange: token::VcaiExchange,
    #[serde(default)]
    pub incentive_controller: token::IncentiveController,
    pub vcai_governance: token::VcaiGovernance,
}

/// Where a key comes from. Never the key itself: configurations are shared.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, untagged)]
pub enum Signer {
    /// A development account, on local chains only.
    Dev { dev: String },
    /// A BIP-39 phrase in an environment variable.
    Environment {
        mnemonic_env: String,
        #[serde(default)]
        index: u32,
    },
    /// A BIP-39 phrase in a file that nobody else can read.
    File {
        mnemonic_file: PathBuf,
        #[serde(default)]
        index: u32,
    },
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timelock {
    /// Least time between queueing and executing, at least `floor`.
    #[serde(deserialize_with = "seconds")]
    pub delay: u64,
    /// Least the delay can ever become.
    #[serde(deserialize_with = "seconds")]
    pub floor: u64,
    /// How long an entry stays executable.
    #[serde(deserialize_with = "seconds")]
    pub grace: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LCoin {
    pub name: String,
    pub symbol: String,
    pub marketing: Option<l_coin::Marketing>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditVault {
    pub params: credit_vault::Params,
    /// Whether the vault knows the rest of the suite. One that is older is told through the timelock.
    #[serde(default = "yes")]
    pub connected: bool,
    /// Peers other than the suite's own.
    #[serde(default)]
    pub peers: credit_vault::Peers,
    /// Contracts besides the suite's own that may receive and send Credits from the start.
    #[serde(default)]
    pub registered: Vec<String>,
    /// In force at once; ids are the positions in `attestation_oracle.gateways`, from 1.
    #[serde(default)]
    pub gateways: Vec<credit_vault::GatewayAdmission>,
    #[serde(default)]
    pub rates: Vec<credit_vault::Rate>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeeVerifier {
    pub environment: tee_verifier::Environment,
    /// DER in base64, on test networks only.
    pub test_root: Option<Binary>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttestationOracle {
    pub params: attestation_oracle::Params,
    pub policy: attestation_oracle::TcbPolicy,
    #[serde(default)]
    pub measurements: Vec<attestation_oracle::Measurement>,
    /// Operators of gateways 1, 2, …
    #[serde(default)]
    pub gateways: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LcoStaking {
    #[serde(default)]
    pub params: lco_staking::Params,
}

/// The pool of LCO and Credits.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    pub params: interfaces::exchange::Params,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Margin {
    pub params: margin::Params,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EcosystemFund {
    #[serde(default)]
    pub params: ecosystem_fund::Params,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComputeWars {
    #[serde(default)]
    pub params: compute_wars::Params,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PredictionMarket {
    #[serde(default)]
    pub params: prediction_market::Params,
}

/// The instance of the L-Exchange: stakers of LCO vote.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Governance {
    pub params: governance::Params,
    pub tracks: governance::Tracks,
}

/// The deployment of local chains.
pub const LOCAL: &str = include_str!("../../config/local.toml");

impl Config {
    /// # Errors
    /// When the file is missing or says something unknown; the error names the line.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let mut config = Self::parse(&text).with_context(|| path.display().to_string())?;
        // Key files lie beside the configuration.
        let beside = path.parent().unwrap_or(Path::new("."));
        for signer in [Some(&mut config.deployer), config.council_signer.as_mut()]
            .into_iter()
            .flatten()
        {
            if let Signer::File { mnemonic_file, .. } = signer {
                *mnemonic_file = beside.join(&*mnemonic_file);
            }
        }
        Ok(config)
    }

    /// # Errors
    /// When the text says something unknown or uses development accounts on a chain that is not local.
    pub fn parse(text: &str) -> Result<Self> {
        let config: Self = toml::from_str(&named_accounts(text)?)?;
        config.gas_price.parse::<GasPrice>()?;
        let dev = [Some(&config.deployer), config.council_signer.as_ref()]
            .into_iter()
            .flatten();
        let uses_dev = dev.into_iter().any(|s| matches!(s, Signer::Dev { .. })) || text.contains("\"@");
        if uses_dev && !config.is_local() {
            bail!(
                "development accounts are known to everybody; {} is no local chain",
                config.chain_id
            );
        }
        Ok(config)
    }

    /// The deployment of local chains.
    ///
    /// # Errors
    /// Never: the built-in text is tested.
    pub fn local() -> Result<Self> {
        Self::parse(LOCAL)
    }

    /// Whether the chain is one of `lex chain start`.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.chain_id.starts_with("lex-local-")
    }

    /// The key behind a signer, with this chain's addresses.
    ///
    /// # Errors
    /// When the phrase is missing or wrong, or its file can be read by others.
    pub fn account(&self, signer: &Signer) -> Result<Account> {
        signer.account()?.with_prefix(&self.prefix)
    }
}

impl Signer {
    fn account(&self) -> Result<Account> {
        match self {
            Self::Dev { dev } => Account::dev(dev),
            Self::Environment { mnemonic_env, index } => {
                let phrase =
                    std::env::var(mnemonic_env).with_context(|| format!("set {mnemonic_env} to a BIP-39 phrase"))?;
                Account::from_mnemonic(&phrase, *index)
            }
            Self::File { mnemonic_file, index } => {
                refuse_shared(mnemonic_file)?;
                Account::from_mnemonic(&std::fs::read_to_string(mnemonic_file)?, *index)
            }
        }
    }
}

fn refuse_shared(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(path).with_context(|| path.display().to_string())?;
    if metadata.permissions().mode() & 0o077 != 0 {
        bail!("{} can be read by others; run `chmod 600` on it", path.display());
    }
    Ok(())
}

/// Replaces every `"@name"` by the address of a development account.
fn named_accounts(text: &str) -> Result<String> {
    let mut parts = text.split("\"@");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('"').context("a quote is missing after @")?;
        out += &format!("\"{}\"{rest}", Account::dev(name)?.address());
    }
    Ok(out)
}

fn prefix() -> String {
    PREFIX.to_owned()
}

fn yes() -> bool {
    true
}

fn first() -> String {
    "1".to_owned()
}

fn seconds<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = String::deserialize(deserializer)?;
    let duration: Duration = humantime::parse_duration(&text).map_err(serde::de::Error::custom)?;
    if duration.subsec_nanos() != 0 {
        return Err(serde::de::Error::custom(format!(
            "{text} is no whole number of seconds"
        )));
    }
    Ok(duration.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_local_deployment_reads() {
        let config = Config::local().unwrap();
        assert!(config.is_local());
        assert_eq!(config.council, Account::dev("council").unwrap().address());
        assert_eq!(config.timelock.floor, 7 * 86_400);
        let gateways = config.credit_vault.gateways.len();
        assert_eq!(gateways, config.attestation_oracle.gateways.len());
        // Bought before the TGE, and refunded if there is none.
        let sale = config.genesis_nft.sale.terms(0);
        let tge = config.token_allocation.tge.plan(0);
        assert!(sale.closes <= tge.time && tge.time < sale.deadline);
    }

    #[test]
    fn mistakes_are_named() {
        let cases = [
            ("instance = \"1\"", "instant = \"1\"", "instant"),
            ("gas_price = \"0.025stake\"", "gas_price = \"cheap\"", "gas price"),
            ("delay = \"7d\"", "delay = \"7 fortnights\"", "unit"),
            ("delay = \"7d\"", "delay = \"7d1ms\"", "whole number"),
            ("@council", "@mayor", "mayor"),
            (
                "chain_id = \"lex-local-1\"",
                "chain_id = \"osmosis-1\"",
                "known to everybody",
            ),
            ("weekly_mint_cap", "weekly_cap", "missing field `weekly_mint_cap`"),
            ("[vcai_governance.tracks]", "[tracks]", "tracks"),
            ("time = \"+7d\"", "time = \"soon\"", "2027-01-01T00:00:00Z"),
        ];
        for (from, to, words) in cases {
            assert!(LOCAL.contains(from), "{from}");
            let error = format!("{:#}", Config::parse(&LOCAL.replace(from, to)).unwrap_err());
            assert!(error.contains(words), "{to}: {error}");
        }
    }

    #[test]
    fn a_phrase_in_a_file_must_be_private() {
        use std::os::unix::fs::PermissionsExt;
        let path = std::env::temp_dir().join(format!("lex-phrase-{}", std::process::id()));
        std::fs::write(&path, crate::account::DEV_MNEMONIC).unwrap();
        let signer = Signer::File {
            mnemonic_file: path.clone(),
            index: 1,
        };
        let mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        mode(0o644);
        assert!(signer.account().unwrap_err().to_string().contains("chmod 600"));
        mode(0o600);
        assert_eq!(
            signer.account().unwrap().address(),
            Account::dev("deployer").unwrap().address()
        );
        std::fs::remove_file(&path).unwrap();
    }
}

//! The contracts of the suite, and where each comes to lie.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{anyhow, Context, Result};
use cosmrs::AccountId;
use cosmwasm_std::{instantiate2_address, CanonicalAddr};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Crate of a contract: its name, unless it is said.
macro_rules! code {
    ($name:literal) => {
        $name
    };
    ($name:literal $code:literal) => {
        $code
    };
}

/// Declares the contracts once: variant, field of its address, name, and crate where that is another's.
macro_rules! parts {
    ($($part:ident $field:ident $name:literal $(of $code:literal)?),+ $(,)?) => {
        /// A contract of the suite, in the order they are created: the adapter asks the escrow at once.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Part {
            $($part),+
        }

        impl Part {
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$part),+];

            /// What it is called, also where several are made of one crate.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$part => $name),+
                }
            }

            /// Name of its crate.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$part => code!($name $($code)?)),+
                }
            }
        }

        /// Addresses of one suite. A file of an older version names fewer contracts; the others are empty when it is read.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case", default)]
        pub struct Addresses {
            $(pub $field: String),+
        }

        impl Addresses {
            /// Asks `of` for each address.
            ///
            /// # Errors
            /// The first that `of` answers.
            pub fn collect(mut of: impl FnMut(Part) -> Result<String>) -> Result<Self> {
                Ok(Self {
                    $($field: of(Part::$part)?),+
                })
            }

            #[must_use]
            pub fn of(&self, part: Part) -> &str {
                match part {
                    $(Part::$part => &self.$field),+
                }
            }
        }
    };
}

parts! {
    Timelock timelock "timelock",
    TeeVerifier tee_verifier "tee-verifier",
    LCoin l_coin "l-coin",
    CreditVault credit_vault "credit-vault",
    AttestationOracle attestation_oracle "attestation-oracle",
    LcoStaking lco_staking "lco-staking",
    Exchange exchange "exchange",
    Margin margin "margin",
    EcosystemFund ecosystem_fund "ecosystem-fund",
    ComputeWars compute_wars "compute-wars",
    ImoLaunchpad imo_launchpad "imo-launchpad",
    PredictionMarket prediction_market "prediction-market",
    Governance governance "governance",
    Vcai vcai "vcai",
    TokenAllocation token_allocation "token-allocation",
    GenesisNft genesis_nft "genesis-nft",
    VoteEscrow vote_escrow "vote-escrow",
    VotingAdapter voting_adapter "voting-adapter",
    VeRewards ve_rewards "ve-rewards",
    Treasury treasury "treasury",
    VcaiExchange vcai_exchange "vcai-exchange" of "exchange",
    IncentiveController incentive_controller "incentive-controller",
    VcaiGovernance vcai_governance "vcai-governance" of "governance",
}

impl Part {
    /// Salt of its address. `instance` tells several suites of one deployer apart.
    #[must_use]
    pub fn salt(self, instance: &str) -> Vec<u8> {
        format!("{}/{instance}", self.name()).into_bytes()
    }
}

/// The Wasm of every contract, by crate.
#[derive(Clone)]
pub struct Artifacts(BTreeMap<&'static str, Vec<u8>>);

impl Artifacts {
    /// Reads `<contract>.wasm` files.
    ///
    /// # Errors
    /// When one is missing.
    pub fn read(dir: &Path) -> Result<Self> {
        let one = |part: Part| {
            let path = dir.join(format!("{}.wasm", part.code().replace('-', "_")));
            let wasm = std::fs::read(&path);
            Ok((
                part.code(),
                wasm.with_context(|| format!("{} is not built; run `lex artifacts`", path.display()))?,
            ))
        };
        Ok(Self(Part::ALL.into_iter().map(one).collect::<Result<_>>()?))
    }

    /// Stand-ins for chains that run native code: they only need to differ.
    #[must_use]
    pub fn native() -> Self {
        Self(
            Part::ALL
                .into_iter()
                .map(|part| (part.code(), part.code().as_bytes().to_vec()))
                .collect(),
        )
    }

    /// Another code for a contract, and for those of the same crate.
    #[must_use]
    pub fn with(mut self, part: Part, wasm: Vec<u8>) -> Self {
        self.0.insert(part.code(), wasm);
        self
    }

    #[must_use]
    pub fn wasm(&self, part: Part) -> &[u8] {
        self.0.get(part.code()).map_or(&[], Vec::as_slice)
    }

    #[must_use]
    pub fn checksum(&self, part: Part) -> [u8; 32] {
        Sha256::digest(self.wasm(part)).into()
    }
}

/// Where `instantiate2` puts a contract: fixed by code, creator and salt alone.
///
/// # Errors
/// When the creator is no bech32 address.
pub fn address(creator: &str, checksum: &[u8; 32], salt: &[u8]) -> Result<String> {
    let creator: AccountId = creator.parse().map_err(|e| anyhow!("{creator}: {e}"))?;
    let canonical = instantiate2_address(checksum, &CanonicalAddr::from(creator.to_bytes()), salt)?;
    Ok(AccountId::new(creator.prefix(), &canonical)
        .map_err(|e| anyhow!("{e}"))?
        .to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_files() {
        for part in Part::ALL {
            assert_eq!(serde_json::to_value(part).unwrap(), part.name());
        }
    }

    #[test]
    fn two_contracts_share_the_code_of_a_crate() {
        let artifacts = Artifacts::native().with(Part::Exchange, b"newer".to_vec());
        assert_eq!(artifacts.wasm(Part::VcaiExchange), b"newer");
        assert_eq!(artifacts.wasm(Part::VcaiGovernance), b"governance");
        let crates: std::collections::BTreeSet<_> = Part::ALL.map(Part::code).into();
        assert_eq!(crates.len() + 2, Part::ALL.len());
    }

    #[test]
    fn every_contract_and_instance_has_its_own_address() {
        let creator = crate::Account::dev("deployer").unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for instance in ["1", "2"] {
            for part in Part::ALL {
                // The same code throughout: the salt alone must tell them apart.
                seen.insert(address(creator.address(), &[7; 32], &part.salt(instance)).unwrap());
            }
        }
        assert_eq!(seen.len(), 2 * Part::ALL.len());
        assert!(address("wasm1nobody", &[7; 32], b"s").is_err());
    }
}

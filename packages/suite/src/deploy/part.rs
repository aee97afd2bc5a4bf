//! The contracts of the suite, and where each comes to lie.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{anyhow, Context, Result};
use cosmrs::AccountId;
use cosmwasm_std::{instantiate2_address, CanonicalAddr};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Declares the contracts once: variant, field of its address, name of its crate.
macro_rules! parts {
    ($($part:ident $field:ident $name:literal),+ $(,)?) => {
        /// A contract of the suite, in the order they are created.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Part {
            $($part),+
        }

        impl Part {
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$part),+];

            /// Name of its crate.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$part => $name),+
                }
            }
        }

        /// Addresses of one suite.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
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
}

impl Part {
    /// Salt of its address. `instance` tells several suites of one deployer apart.
    #[must_use]
    pub fn salt(self, instance: &str) -> Vec<u8> {
        format!("{}/{instance}", self.name()).into_bytes()
    }
}

/// The Wasm of every contract.
#[derive(Clone)]
pub struct Artifacts(BTreeMap<Part, Vec<u8>>);

impl Artifacts {
    /// Reads `<contract>.wasm` files.
    ///
    /// # Errors
    /// When one is missing.
    pub fn read(dir: &Path) -> Result<Self> {
        let one = |part: Part| {
            let path = dir.join(format!("{}.wasm", part.name().replace('-', "_")));
            let wasm = std::fs::read(&path);
            Ok((
                part,
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
                .map(|part| (part, part.name().as_bytes().to_vec()))
                .collect(),
        )
    }

    /// Another code for one contract.
    #[must_use]
    pub fn with(mut self, part: Part, wasm: Vec<u8>) -> Self {
        self.0.insert(part, wasm);
        self
    }

    #[must_use]
    pub fn wasm(&self, part: Part) -> &[u8] {
        self.0.get(&part).map_or(&[], Vec::as_slice)
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

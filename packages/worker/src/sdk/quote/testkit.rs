//! Synthetic quotes for test networks: a platform minted from a seed under a synthetic root.

use interfaces::tee_verifier::{ExecuteMsg, TeeFamily};
use serde::Deserialize;
use tee_testkit::{CollateralSpec, Pki, Platform, PlatformSpec, TdReport};

use crate::sdk::quote::QuoteProvider;
use crate::{Error, Result};

/// Which synthetic machine this is. Seed and validity fix the root certificate, which the verifier of the test network was instantiated with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestkitConfig {
    pub seed: String,
    /// Validity of every certificate, Unix seconds, half-open.
    pub not_before: u64,
    pub not_after: u64,
    /// Tells one machine from another.
    pub platform: u64,
}

/// A synthetic TDX machine.
pub struct Testkit {
    pki: Pki,
    platform: Platform,
}

impl Testkit {
    /// Mints the machine.
    ///
    /// # Errors
    /// [`Error::Quote`] when the validity is empty.
    pub fn new(config: &TestkitConfig) -> Result<Self> {
        if config.not_before >= config.not_after {
            return Err(Error::Quote("`not_before` is not before `not_after`".into()));
        }
        let pki = Pki::new(&config.seed, config.not_before, config.not_after);
        let platform = pki.platform(PlatformSpec::numbered(config.platform));
        Ok(Self { pki, platform })
    }
}

impl QuoteProvider for Testkit {
    fn quote(&self, report_data: &[u8; 64]) -> Result<Vec<u8>> {
        Ok(self.platform.tdx_quote(&TdReport::with_data(*report_data)))
    }

    fn is_synthetic(&self) -> bool {
        true
    }

    fn collateral(&self, evaluation: u32, now: u64) -> Vec<ExecuteMsg> {
        let spec = CollateralSpec {
            evaluation,
            ..CollateralSpec::new(&self.platform, TeeFamily::Tdx, now)
        };
        self.pki.collateral_of(&spec).upserts()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(platform: u64) -> TestkitConfig {
        TestkitConfig {
            seed: "demo".into(),
            not_before: 1_700_000_000,
            not_after: 1_900_000_000,
            platform,
        }
    }

    #[test]
    fn the_same_machine_makes_the_same_quote_and_another_one_does_not() {
        let quote = |platform| Testkit::new(&config(platform)).unwrap().quote(&[7; 64]).unwrap();
        assert_eq!(quote(1), quote(1));
        assert_ne!(quote(1), quote(2));
    }

    #[test]
    fn an_empty_validity_is_refused() {
        let empty = TestkitConfig {
            not_after: 1_700_000_000,
            ..config(1)
        };
        assert!(matches!(Testkit::new(&empty), Err(Error::Quote(_))));
    }
}

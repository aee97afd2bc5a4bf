//! What a demonstration adds to the local deployment: a synthetic hardware authority, and room to cross a halving in one week.

use anyhow::{Context, Result};
use cosmwasm_std::{Binary, Uint128};
use interfaces::attestation_oracle::{Measurement, Role};
use interfaces::tee_verifier::{ExecuteMsg, TeeFamily};
use suite::deploy::Config;
use tee_testkit::{CollateralSpec, Pki, PlatformSpec, TdReport};

/// The authority that `gateway init --quote testkit` uses by default.
pub const SEED: &str = "demo";
/// Its validity, 2025 to 2034 (Unix seconds).
const VALIDITY: (u64, u64) = (1_735_689_600, 2_051_222_400);
/// Number of the synthetic machine.
const PLATFORM: u64 = 1;
/// The whole supply of LCO: a demonstration week may mine any of it.
const WEEKLY_MINT_CAP: u128 = 10_000_000_000_000;

fn pki() -> Pki {
    Pki::new(SEED, VALIDITY.0, VALIDITY.1)
}

/// The local deployment, trusting the synthetic authority.
///
/// # Errors
/// Never for the built-in configuration.
pub fn config() -> Result<Config> {
    let mut config = Config::local().context("built-in configuration")?;
    config.tee_verifier.test_root = Some(Binary::from(pki().root_der()));
    config.credit_vault.params.weekly_mint_cap = Uint128::new(WEEKLY_MINT_CAP);
    let id = TdReport::default().measurement().id();
    let listed = |role, label: &str| Measurement {
        id: id.clone(),
        role,
        label: label.to_owned(),
    };
    config.attestation_oracle.measurements = vec![
        listed(Role::Gateway, "synthetic gateway"),
        listed(Role::Worker, "synthetic worker"),
    ];
    Ok(config)
}

/// Everything the verifier must hold about the synthetic machine.
pub fn collateral(now: u64) -> Vec<ExecuteMsg> {
    let pki = pki();
    let platform = pki.platform(PlatformSpec::numbered(PLATFORM));
    pki.collateral_of(&CollateralSpec::new(&platform, TeeFamily::Tdx, now))
        .upserts()
}

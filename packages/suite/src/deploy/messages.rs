//! The instantiate message of every contract, each told the others' addresses.

use anyhow::Result;
use interfaces::{attestation_oracle, credit_vault, l_coin, tee_verifier, timelock};

use super::config::Config;
use super::part::{Addresses, Part};

/// Instantiate message of a contract, as JSON.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn instantiate(part: Part, config: &Config, at: &Addresses) -> Result<Vec<u8>> {
    Ok(match part {
        Part::Timelock => serde_json::to_vec(&timelock_msg(config)),
        Part::TeeVerifier => serde_json::to_vec(&tee_verifier_msg(config)),
        Part::LCoin => serde_json::to_vec(&l_coin_msg(config, at)),
        Part::CreditVault => serde_json::to_vec(&credit_vault_msg(config, at)),
        Part::AttestationOracle => serde_json::to_vec(&attestation_oracle_msg(config, at)),
    }?)
}

fn timelock_msg(config: &Config) -> timelock::InstantiateMsg {
    timelock::InstantiateMsg {
        owner: config.council.clone(),
        min_delay: config.timelock.delay,
        floor: config.timelock.floor,
        grace: config.timelock.grace,
    }
}

fn tee_verifier_msg(config: &Config) -> tee_verifier::InstantiateMsg {
    tee_verifier::InstantiateMsg {
        environment: config.tee_verifier.environment,
        test_root: config.tee_verifier.test_root.clone(),
    }
}

fn l_coin_msg(config: &Config, at: &Addresses) -> l_coin::InstantiateMsg {
    l_coin::InstantiateMsg {
        name: config.l_coin.name.clone(),
        symbol: config.l_coin.symbol.clone(),
        decimals: l_coin::DECIMALS,
        minter: at.credit_vault.clone(),
        marketing: config.l_coin.marketing.clone(),
    }
}

fn credit_vault_msg(config: &Config, at: &Addresses) -> credit_vault::InstantiateMsg {
    let vault = config.credit_vault.clone();
    credit_vault::InstantiateMsg {
        owner: config.council.clone(),
        operator: config.operator.clone(),
        timelock: at.timelock.clone(),
        denom: config.usdt.clone(),
        l_coin: at.l_coin.clone(),
        oracle: at.attestation_oracle.clone(),
        peers: vault.peers,
        registered: vault.registered,
        gateways: vault.gateways,
        rates: vault.rates,
        params: vault.params,
    }
}

fn attestation_oracle_msg(config: &Config, at: &Addresses) -> attestation_oracle::InstantiateMsg {
    let oracle = config.attestation_oracle.clone();
    attestation_oracle::InstantiateMsg {
        owner: config.council.clone(),
        operator: config.operator.clone(),
        timelock: at.timelock.clone(),
        verifier: at.tee_verifier.clone(),
        vault: at.credit_vault.clone(),
        denom: config.usdt.clone(),
        params: oracle.params,
        policy: oracle.policy,
        measurements: oracle.measurements,
        gateways: oracle.gateways,
    }
}

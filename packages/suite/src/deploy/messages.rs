//! The instantiate message of every contract, each told the others' addresses.

use anyhow::Result;
use interfaces::exchange::Asset;
use interfaces::{
    attestation_oracle, compute_wars, credit_vault, ecosystem_fund, exchange, genesis_nft, governance, imo_launchpad,
    incentive_controller, l_coin, lco_staking, margin, prediction_market, tee_verifier, timelock, token_allocation,
    treasury, vcai, ve_rewards, vote_escrow, voting_adapter,
};

use super::config::Config;
use super::part::{Addresses, Part};

/// Instantiate message of a contract, as JSON. Moments that follow creation are counted from `now`, Unix seconds.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn instantiate(part: Part, config: &Config, at: &Addresses, now: u64) -> Result<Vec<u8>> {
    Ok(match part {
        Part::Timelock => serde_json::to_vec(&timelock_msg(config)),
        Part::TeeVerifier => serde_json::to_vec(&tee_verifier_msg(config)),
        Part::LCoin => serde_json::to_vec(&l_coin_msg(config, at)),
        Part::CreditVault => serde_json::to_vec(&credit_vault_msg(config, at)),
        Part::AttestationOracle => serde_json::to_vec(&attestation_oracle_msg(config, at)),
        Part::LcoStaking => serde_json::to_vec(&lco_staking_msg(config, at)),
        Part::Exchange => serde_json::to_vec(&exchange_msg(config, at)),
        Part::Margin => serde_json::to_vec(&margin_msg(config, at)),
        Part::EcosystemFund => serde_json::to_vec(&ecosystem_fund_msg(config, at)),
        Part::ComputeWars => serde_json::to_vec(&compute_wars_msg(config, at)),
        Part::ImoLaunchpad => serde_json::to_vec(&imo_launchpad_msg(config, at)),
        Part::PredictionMarket => serde_json::to_vec(&prediction_market_msg(config, at)),
        Part::Governance => serde_json::to_vec(&governance_msg(config, at)),
        Part::Vcai => serde_json::to_vec(&vcai_msg(config, at)),
        Part::TokenAllocation => serde_json::to_vec(&token_allocation_msg(config, at, now)),
        Part::GenesisNft => serde_json::to_vec(&genesis_nft_msg(config, at, now)),
        Part::VoteEscrow => serde_json::to_vec(&vote_escrow_msg(config, at)),
        Part::VotingAdapter => serde_json::to_vec(&voting_adapter_msg(config, at)),
        Part::VeRewards => serde_json::to_vec(&ve_rewards_msg(at)),
        Part::Treasury => serde_json::to_vec(&treasury_msg(config, at)),
        Part::VcaiExchange => serde_json::to_vec(&vcai_exchange_msg(config, at)),
        Part::IncentiveController => serde_json::to_vec(&incentive_controller_msg(config, at)),
        Part::VcaiGovernance => serde_json::to_vec(&vcai_governance_msg(config, at)),
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

/// What the vault connects to.
pub(super) fn vault_peers(at: &Addresses) -> credit_vault::Peers {
    credit_vault::Peers {
        tiers: Some(at.lco_staking.clone()),
        fund: Some(at.ecosystem_fund.clone()),
        wars: Some(at.compute_wars.clone()),
        launchpad: Some(at.imo_launchpad.clone()),
    }
}

/// The peers that are set, and the suite's for the rest.
pub(super) fn with_defaults(set: credit_vault::Peers, suite: credit_vault::Peers) -> credit_vault::Peers {
    credit_vault::Peers {
        tiers: set.tiers.or(suite.tiers),
        fund: set.fund.or(suite.fund),
        wars: set.wars.or(suite.wars),
        launchpad: set.launchpad.or(suite.launchpad),
    }
}

/// Contracts of the suite that hold Credits and hand them on.
pub(super) fn credit_holders(at: &Addresses) -> [String; 4] {
    [&at.exchange, &at.margin, &at.ecosystem_fund, &at.imo_launchpad].map(Clone::clone)
}

fn credit_vault_msg(config: &Config, at: &Addresses) -> credit_vault::InstantiateMsg {
    let vault = config.credit_vault.clone();
    let (peers, registered) = match vault.connected {
        true => (
            with_defaults(vault.peers, vault_peers(at)),
            [credit_holders(at).to_vec(), vault.registered].concat(),
        ),
        false => (vault.peers, vault.registered),
    };
    credit_vault::InstantiateMsg {
        owner: config.council.clone(),
        operator: config.operator.clone(),
        timelock: at.timelock.clone(),
        denom: config.usdt.clone(),
        l_coin: at.l_coin.clone(),
        oracle: at.attestation_oracle.clone(),
        peers,
        registered,
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

fn lco_staking_msg(config: &Config, at: &Addresses) -> lco_staking::InstantiateMsg {
    lco_staking::InstantiateMsg {
        owner: config.council.clone(),
        l_coin: at.l_coin.clone(),
        params: config.lco_staking.params,
    }
}

fn token(address: &str) -> Asset {
    Asset::Cw20 {
        address: address.to_owned(),
    }
}

/// LCO first: prices are Credits per LCO. Margin relies on this pool, so withdrawals are announced.
fn exchange_msg(config: &Config, at: &Addresses) -> exchange::InstantiateMsg {
    exchange::InstantiateMsg {
        owner: config.council.clone(),
        assets: [token(&at.l_coin), token(&at.credit_vault)],
        announced: true,
        params: config.exchange.params.clone(),
    }
}

fn margin_msg(config: &Config, at: &Addresses) -> margin::InstantiateMsg {
    margin::InstantiateMsg {
        owner: config.council.clone(),
        operator: config.operator.clone(),
        credit: at.credit_vault.clone(),
        lco: at.l_coin.clone(),
        exchange: at.exchange.clone(),
        params: config.margin.params.clone(),
    }
}

fn ecosystem_fund_msg(config: &Config, at: &Addresses) -> ecosystem_fund::InstantiateMsg {
    ecosystem_fund::InstantiateMsg {
        owner: config.council.clone(),
        operator: config.operator.clone(),
        vault: at.credit_vault.clone(),
        l_coin: at.l_coin.clone(),
        exchange: at.exchange.clone(),
        wars: Some(at.compute_wars.clone()),
        params: config.ecosystem_fund.params.clone(),
    }
}

fn compute_wars_msg(config: &Config, at: &Addresses) -> compute_wars::InstantiateMsg {
    compute_wars::InstantiateMsg {
        owner: config.council.clone(),
        vault: at.credit_vault.clone(),
        l_coin: at.l_coin.clone(),
        fund: Some(at.ecosystem_fund.clone()),
        params: config.compute_wars.params.clone(),
    }
}

fn imo_launchpad_msg(config: &Config, at: &Addresses) -> imo_launchpad::InstantiateMsg {
    imo_launchpad::InstantiateMsg {
        owner: config.council.clone(),
        vault: at.credit_vault.clone(),
        staking: at.lco_staking.clone(),
    }
}

fn prediction_market_msg(config: &Config, at: &Addresses) -> prediction_market::InstantiateMsg {
    prediction_market::InstantiateMsg {
        owner: config.council.clone(),
        operator: config.operator.clone(),
        l_coin: at.l_coin.clone(),
        peers: prediction_market::Peers {
            staking: Some(at.lco_staking.clone()),
            governance: Some(at.governance.clone()),
        },
        params: config.prediction_market.params,
    }
}

fn governance_msg(config: &Config, at: &Addresses) -> governance::InstantiateMsg {
    governance::InstantiateMsg {
        voting_module: at.lco_staking.clone(),
        deposit_token: at.l_coin.clone(),
        prediction_market: Some(at.prediction_market.clone()),
        appeals: None,
        network: None,
        params: config.governance.params.clone(),
        tracks: config.governance.tracks.clone(),
    }
}

fn vcai_msg(config: &Config, at: &Addresses) -> vcai::InstantiateMsg {
    vcai::InstantiateMsg {
        name: config.vcai.name.clone(),
        symbol: config.vcai.symbol.clone(),
        governance: at.vcai_governance.clone(),
        allocation: at.token_allocation.clone(),
        marketing: config.vcai.marketing.clone(),
    }
}

fn token_allocation_msg(config: &Config, at: &Addresses, now: u64) -> token_allocation::InstantiateMsg {
    token_allocation::InstantiateMsg {
        owner: config.council.clone(),
        governance: at.vcai_governance.clone(),
        vcai: at.vcai.clone(),
        denom: config.usdt.clone(),
        treasury: at.treasury.clone(),
        genesis_nft: at.genesis_nft.clone(),
        incentives: at.incentive_controller.clone(),
        vote_escrow: at.vote_escrow.clone(),
        tge: config.token_allocation.tge.plan(now),
    }
}

fn genesis_nft_msg(config: &Config, at: &Addresses, now: u64) -> genesis_nft::InstantiateMsg {
    let genesis = config.genesis_nft.clone();
    genesis_nft::InstantiateMsg {
        name: genesis.name,
        symbol: genesis.symbol,
        base_uri: genesis.base_uri,
        owner: config.council.clone(),
        allocation: at.token_allocation.clone(),
        treasury: at.treasury.clone(),
        vcai: at.vcai.clone(),
        denom: config.usdt.clone(),
        sale: genesis.sale.terms(now),
    }
}

fn vote_escrow_msg(config: &Config, at: &Addresses) -> vote_escrow::InstantiateMsg {
    vote_escrow::InstantiateMsg {
        owner: config.council.clone(),
        vcai: at.vcai.clone(),
        token_allocation: at.token_allocation.clone(),
        params: config.vote_escrow.params.clone(),
    }
}

fn voting_adapter_msg(config: &Config, at: &Addresses) -> voting_adapter::InstantiateMsg {
    voting_adapter::InstantiateMsg {
        module: at.vote_escrow.clone(),
        measure: config.voting_adapter.measure,
    }
}

fn ve_rewards_msg(at: &Addresses) -> ve_rewards::InstantiateMsg {
    ve_rewards::InstantiateMsg {
        vcai: at.vcai.clone(),
        vote_escrow: at.vote_escrow.clone(),
        treasury: at.treasury.clone(),
    }
}

fn treasury_msg(config: &Config, at: &Addresses) -> treasury::InstantiateMsg {
    treasury::InstantiateMsg {
        owner: config.council.clone(),
        operator: config.operator.clone(),
        governance: at.vcai_governance.clone(),
        denom: config.usdt.clone(),
        vcai: at.vcai.clone(),
        exchange: at.vcai_exchange.clone(),
        ve_rewards: at.ve_rewards.clone(),
        allocation: at.token_allocation.clone(),
        sources: config.treasury.sources.clone(),
        params: config.treasury.params.clone(),
    }
}

/// VCAI first: prices are USDT per VCAI. Nobody lends against this pool, so withdrawals need no announcement; the treasury could not wait for one.
fn vcai_exchange_msg(config: &Config, at: &Addresses) -> exchange::InstantiateMsg {
    let usdt = Asset::Native {
        denom: config.usdt.clone(),
    };
    exchange::InstantiateMsg {
        owner: config.council.clone(),
        assets: [token(&at.vcai), usdt],
        announced: false,
        params: config.vcai_exchange.params.clone().or(&at.treasury),
    }
}

fn incentive_controller_msg(config: &Config, at: &Addresses) -> incentive_controller::InstantiateMsg {
    incentive_controller::InstantiateMsg {
        owner: config.council.clone(),
        vcai: at.vcai.clone(),
        exchange: at.vcai_exchange.clone(),
        reporter: config.incentive_controller.reporter.clone(),
        params: config.incentive_controller.params,
    }
}

/// No markets and no appeals are decided here yet; who opens appeals is named once, by a proposal.
fn vcai_governance_msg(config: &Config, at: &Addresses) -> governance::InstantiateMsg {
    governance::InstantiateMsg {
        voting_module: at.vote_escrow.clone(),
        deposit_token: at.vcai.clone(),
        prediction_market: None,
        appeals: None,
        network: Some(governance::Network {
            allocation: at.token_allocation.clone(),
            treasury: at.treasury.clone(),
        }),
        params: config.vcai_governance.params.clone().or(&at.treasury),
        tracks: config.vcai_governance.tracks.clone(),
    }
}

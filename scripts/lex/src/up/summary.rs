//! What the main job came to.

use std::collections::BTreeMap;

use anyhow::Result;
use cosmwasm_std::Uint128;
use interfaces::{credit_vault, l_coin};
use serde::{Deserialize, Serialize};
use suite::chain::{Chain, ChainExt};
use suite::deploy::Addresses;
use suite::live::Live;

use super::Running;
use crate::ui::fields;

/// Answer of `gateway expected`: what the log must come to, worked out by a loop that shares no code with the chain.
#[derive(Deserialize)]
pub struct Expected {
    pub calls: u64,
    pub credits_consumed: Uint128,
    pub lco_expected: Uint128,
    pub halvings: u32,
    /// µCredit per account.
    pub accounts: BTreeMap<String, Uint128>,
}

/// Answer of `gateway ingest`.
#[derive(Deserialize)]
pub struct Ingested {
    /// Reports by outcome.
    pub outcomes: BTreeMap<String, u64>,
}

/// What is up now.
#[derive(Serialize)]
pub struct Status {
    pub chain_id: String,
    pub block_height: u64,
    pub time: String,
    pub rpc: String,
    pub relayer: String,
    pub relayer_ready: bool,
    pub addresses: Addresses,
    pub reserve: Uint128,
    pub supply: Uint128,
    pub revenue: Uint128,
    pub lco_minted: Uint128,
}

/// What the main job came to. Amounts are base units (10⁻⁶).
#[derive(Serialize)]
pub struct Summary {
    pub chain_id: String,
    pub block_height: u64,
    pub calls_in_log: u64,
    pub reports_posted: u64,
    pub accounts: usize,
    /// As the chain has it.
    pub credits_consumed: Uint128,
    pub credits_expected: Uint128,
    /// Booked and minted, as the chain has it.
    pub lco_minted: Uint128,
    /// From the raw log, the slow way.
    pub lco_expected: Uint128,
    pub halvings_crossed: u32,
    pub usdt_redeemed: Uint128,
    pub reserve: Uint128,
    pub supply: Uint128,
    pub revenue: Uint128,
    pub relayer: RelayerSummary,
    /// Gas of all transactions that carried reports, per call.
    pub gas_per_call: f64,
}

#[derive(Serialize)]
pub struct RelayerSummary {
    pub duplicates: u64,
    pub transactions: u64,
}

/// Asks the chain and the relayer.
pub fn gather(
    live: &Live,
    running: &Running,
    expected: &Expected,
    ingested: &Ingested,
    redeemed: Uint128,
) -> Result<Summary> {
    let vault: credit_vault::OverviewResponse =
        live.query(&running.addresses.credit_vault, &credit_vault::QueryMsg::Overview {})?;
    let coin: l_coin::MintedResponse = live.query(&running.addresses.l_coin, &l_coin::QueryMsg::Minted {})?;
    let submitted = submitted(live)?;
    Ok(Summary {
        chain_id: live.chain_id(),
        block_height: live.block()?.height,
        calls_in_log: expected.calls,
        reports_posted: ingested.outcomes.values().sum(),
        accounts: expected.accounts.len(),
        credits_consumed: vault.consumed,
        credits_expected: expected.credits_consumed,
        lco_minted: vault.booked + coin.minted,
        lco_expected: expected.lco_expected,
        halvings_crossed: expected.halvings,
        usdt_redeemed: redeemed,
        reserve: vault.reserve,
        supply: vault.supply,
        revenue: vault.revenue,
        relayer: RelayerSummary {
            duplicates: running.metric("relayer_duplicates_total")?,
            transactions: submitted.len() as u64,
        },
        gas_per_call: submitted.iter().sum::<u64>() as f64 / expected.calls.max(1) as f64,
    })
}

/// Gas of every transaction of the relayer, which sends nothing but reports.
fn submitted(live: &Live) -> Result<Vec<u64>> {
    let relayer = suite::Account::dev("relayer")?;
    let query = format!("message.sender='{}'", relayer.address());
    let mut gas = Vec::new();
    for page in 1.. {
        let found = live.rpc().call(
            "tx_search",
            serde_json::json!({ "query": query, "page": page.to_string(), "per_page": "100" }),
        )?;
        let txs = found["txs"].as_array().cloned().unwrap_or_default();
        gas.extend(
            txs.iter()
                .filter_map(|tx| tx["tx_result"]["gas_used"].as_str()?.parse::<u64>().ok()),
        );
        let total: usize = found["total_count"].as_str().unwrap_or("0").parse()?;
        if gas.len() >= total || txs.is_empty() {
            break;
        }
    }
    Ok(gas)
}

impl Summary {
    /// Whether what must be equal is.
    pub fn holds(&self) -> bool {
        self.lco_minted == self.lco_expected
            && self.credits_consumed == self.credits_expected
            && self.reserve == self.supply + self.revenue
    }

    pub fn describe(&self) -> String {
        let verdict = |holds: bool| if holds { "equal" } else { "NOT EQUAL" };
        fields(&[
            ("chain", format!("{} at height {}", self.chain_id, self.block_height)),
            ("calls in the log", self.calls_in_log.to_string()),
            ("accounts", self.accounts.to_string()),
            (
                "reports posted",
                format!("{} in {} transactions", self.reports_posted, self.relayer.transactions),
            ),
            ("gas per call", format!("{:.1}", self.gas_per_call)),
            ("Credits consumed", units(self.credits_consumed)),
            (
                "LCO mined",
                format!("{} across {} halving(s)", units(self.lco_minted), self.halvings_crossed),
            ),
            (
                "LCO expected",
                format!(
                    "{} ({})",
                    units(self.lco_expected),
                    verdict(self.lco_minted == self.lco_expected)
                ),
            ),
            ("USDT redeemed", units(self.usdt_redeemed)),
            ("reserve", units(self.reserve)),
            (
                "supply + revenue",
                format!(
                    "{} + {} ({})",
                    units(self.supply),
                    units(self.revenue),
                    verdict(self.reserve == self.supply + self.revenue)
                ),
            ),
        ])
    }
}

/// Base units with the decimal point in its place.
pub fn units(amount: Uint128) -> String {
    let amount = amount.u128();
    format!("{}.{:06}", amount / 1_000_000, amount % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_show_six_decimals() {
        assert_eq!(units(Uint128::new(1_000_001)), "1.000001");
        assert_eq!(units(Uint128::zero()), "0.000000");
    }
}

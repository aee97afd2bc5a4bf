//! What the vault is told and asked.

use attestation::Entry;
use cosmwasm_std::{to_json_binary, Addr, QuerierWrapper, StdResult, Uint128, WasmMsg};
use interfaces::credit_vault::{
    ChargeAction, ChargeRef, ExecuteMsg, QueryMsg, RateResponse, ReportRef, SettleEntry, SettleReport,
    SettlementResponse,
};

use crate::error::ContractError;

/// A verified report on its way.
pub fn settle_report(report: ReportRef, window_start: u64, window_end: u64, entries: Vec<Entry>) -> SettleReport {
    SettleReport {
        report,
        window_start,
        window_end,
        entries: entries.into_iter().map(settle_entry).collect(),
    }
}

fn settle_entry(entry: Entry) -> SettleEntry {
    SettleEntry {
        account: entry.account,
        sku: entry.sku,
        calls: entry.calls,
        units: Uint128::new(entry.units),
        list: Uint128::new(entry.list),
        cost: Uint128::new(entry.cost),
        last: entry.last,
    }
}

/// `SettleUsage`.
pub fn settle(vault: &Addr, reports: Vec<SettleReport>) -> StdResult<WasmMsg> {
    message(vault, &ExecuteMsg::SettleUsage { reports })
}

/// `ResolveCharge`.
pub fn resolve(vault: &Addr, charge: ChargeRef, action: ChargeAction) -> StdResult<WasmMsg> {
    message(vault, &ExecuteMsg::ResolveCharge { charge, action })
}

fn message(vault: &Addr, msg: &ExecuteMsg) -> StdResult<WasmMsg> {
    Ok(WasmMsg::Execute {
        contract_addr: vault.to_string(),
        msg: to_json_binary(msg)?,
        funds: vec![],
    })
}

/// µCredit charged for an entry; 0 if the vault passed over it.
pub fn charged(querier: &QuerierWrapper, vault: &Addr, charge: &ChargeRef) -> Result<u128, ContractError> {
    let query = QueryMsg::Settlement { report: charge.report };
    let settlement: SettlementResponse = querier.query_wasm_smart(vault, &query).map_err(ContractError::Vault)?;
    let entry = settlement.entries.get(usize::from(charge.entry));
    Ok(entry.map_or(0, |entry| entry.charged.u128()))
}

/// The versions of a rate card that still matter, oldest first.
pub fn rate(querier: &QuerierWrapper, vault: &Addr, sku: &str) -> Result<RateResponse, ContractError> {
    let query = QueryMsg::Rate { sku: sku.to_owned() };
    querier.query_wasm_smart(vault, &query).map_err(ContractError::Vault)
}

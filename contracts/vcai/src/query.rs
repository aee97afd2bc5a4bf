//! Answers beyond those of `cw20-base`. Lists are paged (30 by default, at most 100).

use cosmwasm_std::{Deps, Env, Order, StdResult};
use cw20::MinterResponse;
use cw_storage_plus::{Bound, Map};
use interfaces::vcai::{IssuableResponse, Issuance, OverviewResponse, Repricing, GENESIS_SUPPLY};
use kit::page;
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::error::ContractError;
use crate::state::{CONFIG, ISSUANCES, LEDGER, REPRICINGS, TOKEN_INFO};

/// Everything a page shows about the token.
pub fn overview(deps: Deps, env: &Env) -> Result<OverviewResponse, ContractError> {
    let (config, ledger) = (CONFIG.load(deps.storage)?, LEDGER.load(deps.storage)?);
    let token = TOKEN_INFO.load(deps.storage)?;
    let created = GENESIS_SUPPLY.checked_add(ledger.issued)?;
    Ok(OverviewResponse {
        name: token.name,
        symbol: token.symbol,
        decimals: token.decimals,
        governance: config.governance.into(),
        supply: token.total_supply,
        genesis: GENESIS_SUPPLY,
        issued: ledger.issued,
        burned: created.checked_sub(token.total_supply)?,
        started_at: config.started_at,
        issuable: issuable(deps, env)?,
    })
}

/// What can be issued now, by what `Issue` checks.
pub fn issuable(deps: Deps, env: &Env) -> Result<IssuableResponse, ContractError> {
    let (config, ledger) = (CONFIG.load(deps.storage)?, LEDGER.load(deps.storage)?);
    let supply = TOKEN_INFO.load(deps.storage)?.total_supply;
    let year = ledger.year(config.year(env.block.time.seconds()), supply);
    Ok(IssuableResponse {
        year: year.index,
        year_ends: config.year_ends(year.index),
        supply: year.supply,
        cap: year.cap()?,
        issued: year.issued,
        left: year.left()?,
    })
}

/// Who creates tokens.
pub fn minter(deps: Deps) -> StdResult<MinterResponse> {
    Ok(MinterResponse {
        minter: CONFIG.load(deps.storage)?.governance.into(),
        cap: None,
    })
}

pub fn issuances(deps: Deps, before: Option<u64>, limit: Option<u32>) -> StdResult<Vec<Issuance>> {
    newest(deps, &ISSUANCES, before, limit)
}

pub fn repricings(deps: Deps, before: Option<u64>, limit: Option<u32>) -> StdResult<Vec<Repricing>> {
    newest(deps, &REPRICINGS, before, limit)
}

fn newest<T: Serialize + DeserializeOwned>(
    deps: Deps,
    rows: &Map<u64, T>,
    before: Option<u64>,
    limit: Option<u32>,
) -> StdResult<Vec<T>> {
    let rows = rows.range(deps.storage, None, before.map(Bound::exclusive), Order::Descending);
    rows.take(page::limit(limit))
        .map(|row| row.map(|(_, row)| row))
        .collect()
}

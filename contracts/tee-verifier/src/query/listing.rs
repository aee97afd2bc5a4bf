//! What is stored.

use cosmwasm_std::{Binary, HexBinary, StdError, StdResult, Storage};
use interfaces::tee_verifier::{
    CollateralId, CollateralInfo, CollateralResponse, DocumentResponse, OverviewResponse, DEFAULT_LIMIT, MAX_LIMIT,
};

use crate::anchor::Anchor;
use crate::state::{self, Record, TRUST};

pub fn collateral(
    storage: &dyn Storage,
    start_after: Option<CollateralId>,
    limit: Option<u32>,
) -> StdResult<CollateralResponse> {
    let limit = usize::try_from(limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT)).unwrap_or_default();
    let items = state::range(storage, start_after.as_ref())
        .take(limit)
        .map(|item| item.and_then(|(id, record)| info(id, &record)))
        .collect::<StdResult<_>>()?;
    Ok(CollateralResponse {
        environment: TRUST.load(storage)?.environment(),
        items,
    })
}

pub fn document(storage: &dyn Storage, id: CollateralId) -> StdResult<DocumentResponse> {
    let record = state::load(storage, &id)?.ok_or_else(|| StdError::not_found(id.to_string()))?;
    Ok(DocumentResponse {
        environment: TRUST.load(storage)?.environment(),
        info: info(id, &record)?,
        document: Binary::new(record.document),
        signature: HexBinary::from(record.signature),
        signer: Binary::new(record.signer),
    })
}

pub fn overview(storage: &dyn Storage, now: u64) -> StdResult<OverviewResponse> {
    let trust = TRUST.load(storage)?;
    Ok(OverviewResponse {
        environment: trust.environment(),
        now,
        intel_root: Anchor::INTEL.fingerprint(),
        test_root: trust.test_anchor().as_ref().map(Anchor::fingerprint),
        collateral: narrow(state::count(storage))?,
    })
}

fn info(id: CollateralId, record: &Record) -> StdResult<CollateralInfo> {
    Ok(CollateralInfo {
        id,
        issued: record.window.from,
        next_update: record.window.until,
        signer_until: record.signer_until,
        size: narrow(record.document.len())?,
    })
}

fn narrow(number: usize) -> StdResult<u32> {
    u32::try_from(number).map_err(|_| StdError::generic_err("number above 2^32"))
}

//! Answers.

use cosmwasm_std::{Order, StdResult, Storage, Timestamp};
use cw_storage_plus::Bound;
use interfaces::timelock::{ConfigResponse, EntriesResponse, EntryResponse};
use kit::{ownership, page};

use crate::error::ContractError;
use crate::state::{CONFIG, CONTENTS, COUNT, ENTRIES};

/// Parameters, owner and number of entries.
pub fn config(storage: &dyn Storage) -> Result<ConfigResponse, ContractError> {
    let config = CONFIG.load(storage)?;
    let owner = ownership::query(storage)?;
    Ok(ConfigResponse {
        owner: owner.owner,
        pending_owner: owner.pending,
        min_delay: config.min_delay,
        floor: config.floor,
        grace: config.grace,
        entries: COUNT.may_load(storage)?.unwrap_or_default(),
    })
}

/// One entry with its messages.
pub fn entry(storage: &dyn Storage, now: Timestamp, id: u64) -> Result<EntryResponse, ContractError> {
    let entry = ENTRIES
        .may_load(storage, id)?
        .ok_or(ContractError::UnknownEntry { id })?;
    let content = CONTENTS.load(storage, id)?;
    Ok(EntryResponse {
        summary: entry.summary(id, now),
        description: content.description,
        msgs: content.msgs,
    })
}

/// Entries older than `start_after`, newest first.
pub fn entries(
    storage: &dyn Storage,
    now: Timestamp,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<EntriesResponse, ContractError> {
    let entries = ENTRIES
        .range(storage, None, start_after.map(Bound::exclusive), Order::Descending)
        .take(page::limit(limit))
        .map(|row| row.map(|(id, entry)| entry.summary(id, now)))
        .collect::<StdResult<_>>()?;
    Ok(EntriesResponse { entries })
}

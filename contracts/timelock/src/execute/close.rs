//! Executing and cancelling, each once.

use cosmwasm_std::{Addr, CosmosMsg, Storage, Timestamp};
use interfaces::timelock::EntrySummary;
use kit::ownership::assert_owner;

use crate::error::ContractError;
use crate::state::{Entry, CONTENTS, ENTRIES};

/// Closes a due entry and returns the messages to send. The entry is saved as executed first: a message that comes back
/// to execute it again is refused, and a message that fails takes this mark back with everything else.
pub fn execute(
    storage: &mut dyn Storage,
    now: Timestamp,
    id: u64,
) -> Result<(EntrySummary, Vec<CosmosMsg>), ContractError> {
    let summary = close(storage, now, id, Entry::execute)?;
    Ok((summary, CONTENTS.load(storage, id)?.msgs))
}

/// Takes an entry back. Owner only.
pub fn cancel(
    storage: &mut dyn Storage,
    sender: &Addr,
    now: Timestamp,
    id: u64,
) -> Result<EntrySummary, ContractError> {
    assert_owner(storage, sender)?;
    close(storage, now, id, Entry::cancel)
}

fn close(
    storage: &mut dyn Storage,
    now: Timestamp,
    id: u64,
    how: impl FnOnce(&mut Entry, u64, Timestamp) -> Result<(), ContractError>,
) -> Result<EntrySummary, ContractError> {
    let mut entry = ENTRIES
        .may_load(storage, id)?
        .ok_or(ContractError::UnknownEntry { id })?;
    how(&mut entry, id, now)?;
    ENTRIES.save(storage, id, &entry)?;
    Ok(entry.summary(id, now))
}

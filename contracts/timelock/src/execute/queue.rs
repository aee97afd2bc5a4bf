//! Announcing messages.

use cosmwasm_std::{to_json_vec, Addr, CosmosMsg, Storage, Timestamp};
use interfaces::timelock::{MAX_DESCRIPTION_BYTES, MAX_MSGS, MAX_MSGS_BYTES, MAX_TITLE_BYTES};
use kit::ownership::assert_owner;

use crate::error::ContractError;
use crate::state::{Content, Entry, CONFIG, CONTENTS, COUNT, ENTRIES};

/// Queues an entry and returns its id.
pub fn queue(
    storage: &mut dyn Storage,
    sender: &Addr,
    now: Timestamp,
    title: String,
    content: &Content,
    delay: Option<u64>,
) -> Result<(u64, Entry), ContractError> {
    assert_owner(storage, sender)?;
    check_text("title", 1, MAX_TITLE_BYTES, &title)?;
    check_text("description", 0, MAX_DESCRIPTION_BYTES, &content.description)?;
    check_msgs(&content.msgs)?;

    let config = CONFIG.load(storage)?;
    let entry = Entry::new(title, now, config.delay(delay)?, config.grace);
    let id = next_id(storage)?;
    ENTRIES.save(storage, id, &entry)?;
    CONTENTS.save(storage, id, content)?;
    Ok((id, entry))
}

fn next_id(storage: &mut dyn Storage) -> Result<u64, ContractError> {
    let id = COUNT.may_load(storage)?.unwrap_or_default().saturating_add(1);
    COUNT.save(storage, &id)?;
    Ok(id)
}

fn check_text(name: &'static str, min: usize, max: usize, text: &str) -> Result<(), ContractError> {
    let actual = text.len();
    if (min..=max).contains(&actual) {
        return Ok(());
    }
    Err(ContractError::Text { name, min, max, actual })
}

/// Bounded, so that an entry can always be read, and executed within a block.
fn check_msgs(msgs: &[CosmosMsg]) -> Result<(), ContractError> {
    let actual = msgs.len();
    if actual == 0 || actual > MAX_MSGS {
        return Err(ContractError::MessageCount { max: MAX_MSGS, actual });
    }
    let actual = to_json_vec(msgs)?.len();
    if actual > MAX_MSGS_BYTES {
        return Err(ContractError::MessageBytes {
            max: MAX_MSGS_BYTES,
            actual,
        });
    }
    Ok(())
}

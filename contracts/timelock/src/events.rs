//! Typed events, enough to rebuild the queue from them.

use cosmwasm_std::{to_json_string, CosmosMsg, Event, StdResult};
use interfaces::timelock::EntrySummary;

use crate::state::{Config, Content, Entry};

/// The queue exists; durations in seconds.
pub fn created(owner: &str, config: &Config) -> Event {
    Event::new("created")
        .add_attribute("owner", owner)
        .add_attribute("min_delay", config.min_delay.to_string())
        .add_attribute("floor", config.floor.to_string())
        .add_attribute("grace", config.grace.to_string())
}

/// An entry was queued; times in nanoseconds, messages as JSON.
pub fn queued(id: u64, entry: &Entry, content: &Content) -> StdResult<Event> {
    Ok(Event::new("queued")
        .add_attribute("id", id.to_string())
        .add_attribute("title", &entry.title)
        .add_attribute("description", &content.description)
        .add_attribute("msgs", to_json_string::<Vec<CosmosMsg>>(&content.msgs)?)
        .add_attribute("queued_at", entry.queued_at.nanos().to_string())
        .add_attribute("ready_at", entry.ready_at.nanos().to_string())
        .add_attribute("expires_at", entry.expires_at.nanos().to_string()))
}

/// An entry's messages were sent.
pub fn executed(summary: &EntrySummary) -> Event {
    closed("executed", summary)
}

/// An entry was taken back.
pub fn cancelled(summary: &EntrySummary) -> Event {
    closed("cancelled", summary)
}

fn closed(ty: &str, summary: &EntrySummary) -> Event {
    Event::new(ty)
        .add_attribute("id", summary.id.to_string())
        .add_attribute("title", &summary.title)
}

/// The delay of entries queued from now on, in seconds.
pub fn delay_set(config: &Config) -> Event {
    Event::new("delay_set").add_attribute("min_delay", config.min_delay.to_string())
}

/// Code was replaced.
pub fn migrated(from: impl ToString, to: &str) -> Event {
    Event::new("migrated")
        .add_attribute("from", from.to_string())
        .add_attribute("to", to)
}

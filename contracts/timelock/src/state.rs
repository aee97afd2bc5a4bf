//! Storage and the rules of its values. An entry is kept in two rows, so that executing and listing do not rewrite or
//! read its messages more than once.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{CosmosMsg, Timestamp};
use cw_storage_plus::{Item, Map};
use interfaces::timelock::{EntryState, EntrySummary, GREATEST_DELAY, GREATEST_GRACE, LEAST_DELAY, LEAST_GRACE};

use crate::error::ContractError;

/// CONFIG: () → durations in seconds
pub const CONFIG: Item<Config> = Item::new("config");
/// COUNT: () → entries ever queued, which is the newest id
pub const COUNT: Item<u64> = Item::new("count");
/// ENTRIES: id → title, times and outcome
pub const ENTRIES: Map<u64, Entry> = Map::new("entry");
/// CONTENTS: id → description and messages
pub const CONTENTS: Map<u64, Content> = Map::new("content");

/// Durations in seconds: `LEAST_DELAY ≤ floor ≤ min_delay ≤ GREATEST_DELAY`, `LEAST_GRACE ≤ grace ≤ GREATEST_GRACE`.
#[cw_serde]
pub struct Config {
    /// Least time between queueing and executing.
    pub min_delay: u64,
    /// Least that `min_delay` can ever be; never changes.
    pub floor: u64,
    /// Time an entry stays executable once due; never changes.
    pub grace: u64,
}

impl Config {
    /// Refuses durations outside their bounds.
    pub fn new(min_delay: u64, floor: u64, grace: u64) -> Result<Self, ContractError> {
        within("floor", LEAST_DELAY, GREATEST_DELAY, floor)?;
        within("grace", LEAST_GRACE, GREATEST_GRACE, grace)?;
        Self {
            min_delay: floor,
            floor,
            grace,
        }
        .with_min_delay(min_delay)
    }

    /// Another `min_delay`; refused below the floor.
    pub fn with_min_delay(self, min_delay: u64) -> Result<Self, ContractError> {
        within("min_delay", self.floor, GREATEST_DELAY, min_delay)?;
        Ok(Self { min_delay, ..self })
    }

    /// The delay of a new entry: what is asked for, if not below `min_delay`.
    pub fn delay(&self, asked: Option<u64>) -> Result<u64, ContractError> {
        let delay = asked.unwrap_or(self.min_delay);
        within("delay", self.min_delay, GREATEST_DELAY, delay)?;
        Ok(delay)
    }
}

fn within(name: &'static str, min: u64, max: u64, actual: u64) -> Result<(), ContractError> {
    if (min..=max).contains(&actual) {
        return Ok(());
    }
    Err(ContractError::Duration { name, min, max, actual })
}

/// What became of an entry.
#[cw_serde]
pub enum Outcome {
    /// Nothing yet.
    Open,
    /// Its messages were sent at this block time.
    Executed(Timestamp),
    /// The owner took it back at this block time.
    Cancelled(Timestamp),
}

/// An entry without its content. Times are exact to the nanosecond, so that no entry is due before the full delay.
#[cw_serde]
pub struct Entry {
    /// One line.
    pub title: String,
    /// Block time of queueing.
    pub queued_at: Timestamp,
    /// First moment it can be executed.
    pub ready_at: Timestamp,
    /// First moment it can no longer be executed.
    pub expires_at: Timestamp,
    /// What became of it.
    pub outcome: Outcome,
}

/// What an entry is for.
#[cw_serde]
pub struct Content {
    /// Why and what.
    pub description: String,
    /// Sent in this order.
    pub msgs: Vec<CosmosMsg>,
}

impl Entry {
    /// An entry queued now, due after `delay` and executable for `grace` seconds. Both are bounded by [`Config`], so the
    /// sums stay far below the range of a timestamp.
    pub fn new(title: String, now: Timestamp, delay: u64, grace: u64) -> Self {
        let ready_at = now.plus_seconds(delay);
        Self {
            title,
            queued_at: now,
            ready_at,
            expires_at: ready_at.plus_seconds(grace),
            outcome: Outcome::Open,
        }
    }

    /// Marks the entry executed, if it is due and not expired.
    pub fn execute(&mut self, id: u64, now: Timestamp) -> Result<(), ContractError> {
        self.assert_open(id, now)?;
        if now < self.ready_at {
            return Err(ContractError::TooEarly {
                id,
                ready_at: self.ready_at,
                now,
            });
        }
        self.outcome = Outcome::Executed(now);
        Ok(())
    }

    /// Marks the entry cancelled, due or not.
    pub fn cancel(&mut self, id: u64, now: Timestamp) -> Result<(), ContractError> {
        self.assert_open(id, now)?;
        self.outcome = Outcome::Cancelled(now);
        Ok(())
    }

    fn assert_open(&self, id: u64, now: Timestamp) -> Result<(), ContractError> {
        match self.outcome {
            Outcome::Executed(at) => Err(ContractError::AlreadyExecuted { id, at }),
            Outcome::Cancelled(at) => Err(ContractError::AlreadyCancelled { id, at }),
            Outcome::Open if now >= self.expires_at => Err(ContractError::Expired {
                id,
                expires_at: self.expires_at,
                now,
            }),
            Outcome::Open => Ok(()),
        }
    }

    /// What the entry is at block time `now`.
    pub fn state(&self, now: Timestamp) -> EntryState {
        match self.outcome {
            Outcome::Executed(_) => EntryState::Executed,
            Outcome::Cancelled(_) => EntryState::Cancelled,
            Outcome::Open if now < self.ready_at => EntryState::Pending,
            Outcome::Open if now < self.expires_at => EntryState::Ready,
            Outcome::Open => EntryState::Expired,
        }
    }

    /// The entry as queries show it.
    pub fn summary(self, id: u64, now: Timestamp) -> EntrySummary {
        let state = self.state(now);
        let closed_at = match self.outcome {
            Outcome::Open => None,
            Outcome::Executed(at) | Outcome::Cancelled(at) => Some(at),
        };
        let Self {
            title,
            queued_at,
            ready_at,
            expires_at,
            ..
        } = self;
        EntrySummary {
            id,
            title,
            queued_at,
            ready_at,
            expires_at,
            state,
            closed_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400;

    #[test]
    fn durations_are_bounded() {
        let cases = [
            ("critical", (7 * DAY, 7 * DAY, 14 * DAY), Ok(())),
            ("shortest", (DAY, DAY, DAY), Ok(())),
            ("longest", (30 * DAY, 30 * DAY, 30 * DAY), Ok(())),
            ("floor a second short", (DAY, DAY - 1, DAY), Err("floor")),
            ("floor a second long", (30 * DAY, 30 * DAY + 1, DAY), Err("floor")),
            ("no floor", (DAY, 0, DAY), Err("floor")),
            (
                "delay a second below the floor",
                (7 * DAY - 1, 7 * DAY, DAY),
                Err("min_delay"),
            ),
            ("delay a second long", (30 * DAY + 1, 7 * DAY, DAY), Err("min_delay")),
            ("grace a second short", (DAY, DAY, DAY - 1), Err("grace")),
            ("grace a second long", (DAY, DAY, 30 * DAY + 1), Err("grace")),
            ("endless", (u64::MAX, DAY, DAY), Err("min_delay")),
        ];
        for (case, (min_delay, floor, grace), expected) in cases {
            let name = Config::new(min_delay, floor, grace)
                .map(|_| ())
                .map_err(|error| match error {
                    ContractError::Duration { name, .. } => name,
                    other => panic!("{case}: {other}"),
                });
            assert_eq!(name, expected, "{case}");
        }
    }

    #[test]
    fn an_entry_waits_at_least_the_present_delay() {
        let config = Config::new(8 * DAY, 7 * DAY, DAY).unwrap();
        assert_eq!(config.delay(None), Ok(8 * DAY));
        assert_eq!(config.delay(Some(9 * DAY)), Ok(9 * DAY));
        for delay in [0, 7 * DAY, 8 * DAY - 1, 30 * DAY + 1, u64::MAX] {
            assert_eq!(config.delay(Some(delay)).unwrap_err().code(), 2, "{delay}");
        }
    }

    #[test]
    fn states_change_at_the_nanosecond() {
        let start = Timestamp::from_nanos(1_000_000_000_000_000_123);
        let entry = Entry::new("title".into(), start, 7 * DAY, DAY);
        let (ready, end) = (start.plus_seconds(7 * DAY), start.plus_seconds(8 * DAY));
        let cases = [
            (start, EntryState::Pending),
            (ready.minus_nanos(1), EntryState::Pending),
            (ready, EntryState::Ready),
            (end.minus_nanos(1), EntryState::Ready),
            (end, EntryState::Expired),
        ];
        for (now, state) in cases {
            assert_eq!(entry.state(now), state, "{now}");
            assert_eq!(
                entry.clone().execute(1, now).is_ok(),
                state == EntryState::Ready,
                "{now}"
            );
            assert_eq!(
                entry.clone().cancel(1, now).is_ok(),
                state != EntryState::Expired,
                "{now}"
            );
        }
    }
}

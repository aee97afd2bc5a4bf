//! Days and weeks of UTC, counted on Unix seconds (which have no leap seconds).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Seconds of a day.
pub const SECONDS_PER_DAY: u64 = 86_400;

/// Seconds of a week.
pub const SECONDS_PER_WEEK: u64 = 604_800;

const DAYS_PER_WEEK: u64 = 7;

/// Days from Monday, 1969-12-29, to Thursday, 1970-01-01.
const DAYS_BEFORE_EPOCH: u64 = 3;

/// A day of UTC, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Day(u64);

impl Day {
    /// The day of a Unix time.
    pub const fn of(seconds: u64) -> Self {
        Self(seconds / SECONDS_PER_DAY)
    }

    /// The day with this number.
    pub const fn from_index(index: u64) -> Self {
        Self(index)
    }

    /// Its number.
    pub const fn index(self) -> u64 {
        self.0
    }

    /// Its first second.
    pub const fn start(self) -> u64 {
        self.0.saturating_mul(SECONDS_PER_DAY)
    }

    /// The first second after it.
    pub const fn end(self) -> u64 {
        self.start().saturating_add(SECONDS_PER_DAY)
    }
}

/// A week from Monday 00:00 UTC to the next. Week 0 holds 1970-01-01, a Thursday, and is cut short there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Week(u64);

impl Week {
    /// The week of a Unix time.
    pub const fn of(seconds: u64) -> Self {
        Self(Day::of(seconds).0.saturating_add(DAYS_BEFORE_EPOCH) / DAYS_PER_WEEK)
    }

    /// The week with this number.
    pub const fn from_index(index: u64) -> Self {
        Self(index)
    }

    /// Its number.
    pub const fn index(self) -> u64 {
        self.0
    }

    /// Its first second: a Monday 00:00 UTC, or 0 for week 0.
    pub const fn start(self) -> u64 {
        Day(self.0.saturating_mul(DAYS_PER_WEEK).saturating_sub(DAYS_BEFORE_EPOCH)).start()
    }

    /// The first second after it, a Monday 00:00 UTC.
    pub const fn end(self) -> u64 {
        Self(self.0.saturating_add(1)).start()
    }
}

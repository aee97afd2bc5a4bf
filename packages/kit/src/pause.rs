//! Named switches that stop one feature each. A feature that leads out (redeem, withdraw, refund, repay, close) must
//! never be a variant of a contract's [`Feature`] type: what has no name here cannot be paused.
//!
//! [`Switches`] keeps the set under its own key, absent while everything runs; a contract whose hot row is read anyway
//! embeds a [`PauseSet`] there instead and saves the read.

use cosmwasm_schema::schemars::{self, JsonSchema};
use cosmwasm_std::{Event, StdError, Storage};
use cw_storage_plus::Item;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::CODE_STORAGE;

/// Type of the event that a switch emits, with `feature` and `paused`.
pub const EVENT: &str = "pause";

/// The pausable features of one contract: a small enum without data.
pub trait Feature: Serialize + DeserializeOwned + Copy + PartialEq {
    /// The name shown in refusals and events.
    fn name(self) -> &'static str;
}

/// Refusals of this module.
#[derive(Error, Debug, PartialEq)]
pub enum PauseError {
    /// Storage failed.
    #[error("{0}")]
    Std(#[from] StdError),
    /// The feature is switched off for now.
    #[error("{feature} is paused")]
    Paused {
        /// Name of the feature.
        feature: &'static str,
    },
}

impl PauseError {
    /// Stable code, see the crate's table.
    pub fn code(&self) -> u16 {
        match self {
            Self::Std(_) => CODE_STORAGE,
            Self::Paused { .. } => 920,
        }
    }
}

/// The features that are paused now; without duplicates.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq, Eq)]
#[serde(transparent)]
pub struct PauseSet<F>(Vec<F>);

impl<F> Default for PauseSet<F> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<F: Feature> PauseSet<F> {
    /// Whether the feature is paused.
    pub fn is_paused(&self, feature: F) -> bool {
        self.0.contains(&feature)
    }

    /// Refuses with `Paused` while the feature is paused.
    pub fn assert_running(&self, feature: F) -> Result<(), PauseError> {
        if self.is_paused(feature) {
            return Err(PauseError::Paused {
                feature: feature.name(),
            });
        }
        Ok(())
    }

    /// Pauses or resumes the feature and returns the event to emit. Doing so twice is the same as once.
    pub fn set(&mut self, feature: F, paused: bool) -> Event {
        self.0.retain(|other| *other != feature);
        if paused {
            self.0.push(feature);
        }
        Event::new(EVENT)
            .add_attribute("feature", feature.name())
            .add_attribute("paused", paused.to_string())
    }

    /// The paused features, the longest paused first.
    pub fn paused(&self) -> &[F] {
        &self.0
    }
}

/// A [`PauseSet`] under a key of its own.
pub struct Switches<F>(Item<PauseSet<F>>);

impl<F: Feature> Switches<F> {
    /// Binds the set to a storage key. Nothing needs to be written before the first use.
    pub const fn new(key: &'static str) -> Self {
        Self(Item::new(key))
    }

    /// The features that are paused now.
    pub fn load(&self, storage: &dyn Storage) -> Result<PauseSet<F>, PauseError> {
        Ok(self.0.may_load(storage)?.unwrap_or_default())
    }

    /// Refuses with `Paused` while the feature is paused. One read.
    pub fn assert_running(&self, storage: &dyn Storage, feature: F) -> Result<(), PauseError> {
        self.load(storage)?.assert_running(feature)
    }

    /// Pauses or resumes the feature and returns the event to emit. Whoever may do so is checked by the caller.
    pub fn set(&self, storage: &mut dyn Storage, feature: F, paused: bool) -> Result<Event, PauseError> {
        let mut set = self.load(storage)?;
        let event = set.set(feature, paused);
        if set.paused().is_empty() {
            self.0.remove(storage);
        } else {
            self.0.save(storage, &set)?;
        }
        Ok(event)
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    #[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
    enum Door {
        Deposit,
        Listing,
    }

    impl Feature for Door {
        fn name(self) -> &'static str {
            match self {
                Self::Deposit => "deposit",
                Self::Listing => "listing",
            }
        }
    }

    const DOORS: Switches<Door> = Switches::new("paused");

    #[test]
    fn everything_runs_before_the_first_write() {
        DOORS.assert_running(&MockStorage::new(), Door::Deposit).unwrap();
    }

    #[test]
    fn one_switch_stops_one_feature_until_resumed() {
        let mut storage = MockStorage::new();
        let event = DOORS.set(&mut storage, Door::Deposit, true).unwrap();
        assert_eq!(
            event,
            Event::new(EVENT)
                .add_attribute("feature", "deposit")
                .add_attribute("paused", "true")
        );
        let error = DOORS.assert_running(&storage, Door::Deposit).unwrap_err();
        assert_eq!(error, PauseError::Paused { feature: "deposit" });
        assert_eq!(error.code(), 920);
        DOORS.assert_running(&storage, Door::Listing).unwrap();

        DOORS.set(&mut storage, Door::Deposit, false).unwrap();
        DOORS.assert_running(&storage, Door::Deposit).unwrap();
        assert!(storage.get(b"paused").is_none(), "an empty set costs no row");
    }

    #[test]
    fn pausing_twice_needs_one_resume() {
        let mut set = PauseSet::default();
        set.set(Door::Deposit, true);
        set.set(Door::Listing, true);
        set.set(Door::Deposit, true);
        assert_eq!(set.paused(), [Door::Listing, Door::Deposit]);
        set.set(Door::Deposit, false);
        assert_eq!(set.paused(), [Door::Listing]);
        assert!(!set.is_paused(Door::Deposit));
    }
}

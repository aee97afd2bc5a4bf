//! The economy of the network's token: revenue and its buyback, lockers, nodes and renters, wash renters, and the dashboard that steers rewards.
//!
//! - [`world`]: the contracts; [`town`]: who is there, and genesis
//! - [`lockers`], [`compute`]: what they do; the model of supply and demand is in [`compute`]
//! - [`laws`]: what must hold after every step
//! - [`run`](mod@run): the calendar; [`report`]: text with plots, CSV and JSON

pub mod compute;
pub mod laws;
pub mod lockers;
pub mod report;
pub mod run;
pub mod town;
pub mod world;

use serde::Serialize;

pub use run::{run, Day, Outcome};

/// One run.
#[derive(Clone, Debug, Serialize)]
pub struct Scenario {
    /// Utilisation with which the run begins, and at which nodes break even while P is 50 %. 40 ..= 100.
    pub utilisation_percent: u32,
    pub seed: u64,
    /// Simulated weeks, that is epochs, at least 2.
    pub weeks: u64,
    /// Accounts that lock VCAI, 10 ..= 1,000.
    pub lockers: usize,
    /// Lockers that act in each step of six hours.
    pub activity: u64,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            utilisation_percent: 60,
            seed: 1,
            weeks: 52,
            lockers: 120,
            activity: 3,
        }
    }
}

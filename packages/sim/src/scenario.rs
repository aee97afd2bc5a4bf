//! What is simulated.

use serde::Serialize;

/// What happens to the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Story {
    /// The price wanders.
    Calm,
    /// After a quarter of the run a panic of half an hour; in the middle half of the liquidity leaves, a day later the largest holders sell within a minute, and
    /// the value does not come back.
    Crash,
}

/// One run.
#[derive(Clone, Debug, Serialize)]
pub struct Scenario {
    pub story: Story,
    pub seed: u64,
    /// Simulated weeks, at least 2.
    pub weeks: u64,
    /// Agents of all kinds, at least 50.
    pub agents: usize,
    /// Agents that act in each step of ten minutes.
    pub activity: u64,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            story: Story::Crash,
            seed: 1,
            weeks: 26,
            agents: 500,
            activity: 9,
        }
    }
}

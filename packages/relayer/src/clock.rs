//! The chain's time, as far as this process can know it between two blocks.
//!
//! A chain may live in another year than the machine, and may jump. So time is the newest block's plus the monotonic
//! time since that block was seen; the machine's calendar is never consulted.

use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

/// Unix seconds.
pub type Seconds = u64;

#[derive(Clone, Copy, Debug)]
struct Seen {
    height: u64,
    block_time: Seconds,
    at: Instant,
}

/// Time of the newest block seen plus the time since. Unknown until the first block is seen.
#[derive(Debug, Default)]
pub struct ChainClock(RwLock<Option<Seen>>);

impl ChainClock {
    /// A block was seen. Older blocks than the newest known change nothing, so a node that lags cannot turn time back.
    pub fn observe(&self, height: u64, block_time: Seconds) {
        self.observe_at(height, block_time, Instant::now());
    }

    fn observe_at(&self, height: u64, block_time: Seconds, at: Instant) {
        let mut seen = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if seen.is_none_or(|seen| height > seen.height) {
            *seen = Some(Seen { height, block_time, at });
        }
    }

    fn seen(&self) -> Option<Seen> {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Now on the chain, in Unix seconds.
    pub fn now(&self) -> Option<Seconds> {
        self.seen()
            .map(|seen| seen.block_time.saturating_add(seen.at.elapsed().as_secs()))
    }

    /// Height of the newest block seen.
    pub fn height(&self) -> Option<u64> {
        self.seen().map(|seen| seen.height)
    }

    /// Time since the newest block was first seen.
    pub fn age(&self) -> Option<Duration> {
        self.seen().map(|seen| seen.at.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_unknown_before_the_first_block() {
        let clock = ChainClock::default();
        assert_eq!((clock.now(), clock.height(), clock.age()), (None, None, None));
    }

    #[test]
    fn time_goes_on_between_blocks() {
        let clock = ChainClock::default();
        let before = Instant::now().checked_sub(Duration::from_secs(40)).unwrap();
        clock.observe_at(7, 1_750_000_000, before);
        assert!((1_750_000_040..1_750_000_050).contains(&clock.now().unwrap()));
    }

    #[test]
    fn a_chain_in_another_year_or_one_that_jumps_is_followed() {
        let clock = ChainClock::default();
        clock.observe(1, 1_000);
        clock.observe(2, 4_000_000_000);
        assert!(clock.now().unwrap() >= 4_000_000_000);
    }

    #[test]
    fn a_lagging_node_cannot_turn_time_back() {
        let clock = ChainClock::default();
        clock.observe(9, 9_000);
        clock.observe(8, 1_000);
        assert!(clock.now().unwrap() >= 9_000);
        assert_eq!(clock.height(), Some(9));
    }
}

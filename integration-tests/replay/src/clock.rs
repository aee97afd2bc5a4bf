//! Nominal time. Each operation has one moment, the same on every chain, and everything that is signed is made of it; blocks follow within the slack.

use crate::op::{DAY, HOUR};

/// Distances in time on which a rule turns. A wasmd block comes some seconds late, so between two operations of a trace for several chains there must lie clearly
/// more or clearly less than any of these.
const TURNS: [u64; 34] = [
    // age of a newest call, alone and with the minute of grace after closing
    1,
    50,
    99,
    4_000,
    61,
    110,
    159,
    4_060,
    // clock slack and closing grace, length of a window
    60,
    100,
    160,
    // challenge of an enrolment, end of an epoch, closing window, disputes, announcements
    HOUR,
    2 * HOUR,
    DAY,
    // notice of rates and reveal time, with a window
    2 * DAY,
    2 * DAY + 100,
    // timelock, challenge age; dispute age, kept rates; enrolment; timelock and grace
    7 * DAY,
    14 * DAY,
    16 * DAY,
    20 * DAY,
    20 * DAY + 2 * HOUR,
    21 * DAY,
    // history of prices, slices, offers; trading
    300,
    600,
    1_200,
    1_800,
    // windows of reports against stakes and launches
    50 + 100,
    99 + 100,
    4_000 + 100,
    // votes on outcomes, launches, unbonding from midnight
    3 * DAY,
    4 * DAY,
    8 * DAY,
    // nobody answers
    30 * DAY,
    // a proposal over VCAI from its first second to its last
    5 * DAY,
];

/// Gives every operation its moment.
#[derive(Clone, Debug)]
pub struct Clock {
    now: u64,
    step: u64,
    /// Seconds around each turn in which no operation may lie; 0 where blocks are exact.
    slack: u64,
    past: Vec<u64>,
}

impl Clock {
    /// For chains whose blocks come exactly when they are wanted: turns are hit to the second.
    #[must_use]
    pub fn exact(start: u64) -> Self {
        Self {
            now: start,
            step: 5,
            slack: 0,
            past: Vec::new(),
        }
    }

    /// For chains whose blocks may come up to `slack` seconds late.
    #[must_use]
    pub fn slack(start: u64, slack: u64) -> Self {
        Self {
            now: start,
            step: 5 * slack,
            slack,
            past: Vec::new(),
        }
    }

    /// How late a block may be.
    #[must_use]
    pub fn tolerance(&self) -> u64 {
        self.slack
    }

    #[must_use]
    pub fn now(&self) -> u64 {
        self.now
    }

    pub fn pass(&mut self, seconds: u64) {
        self.now += seconds;
    }

    /// Lets time pass until the next operation comes at `moment`, or shortly after where something turns there.
    pub fn until(&mut self, moment: u64) {
        self.now = self.now.max(moment.saturating_sub(self.step));
    }

    /// How long before a turn the last operation is that comes safely before it.
    #[must_use]
    pub fn before(&self) -> u64 {
        (20 * self.slack).max(1)
    }

    /// The moment of the next operation.
    pub fn tick(&mut self) -> u64 {
        self.now += self.step;
        while self.near_turn() {
            self.now += self.slack;
        }
        self.past.push(self.now);
        self.now
    }

    fn near_turn(&self) -> bool {
        if self.slack == 0 {
            return false;
        }
        let near = |turn: u64| self.now.abs_diff(turn) < self.slack;
        let midnight = self.now / DAY * DAY;
        near(midnight)
            || near(midnight + DAY)
            || self.past.iter().any(|past| TURNS.iter().any(|turn| near(past + turn)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_moments_are_met_to_the_second_and_others_keep_off_turns() {
        let mut exact = Clock::exact(1_760_000_000);
        exact.until(1_760_604_799);
        assert_eq!(exact.tick(), 1_760_604_799);
        exact.until(1_760_000_000);
        assert_eq!(exact.tick(), 1_760_604_804, "time does not run backwards");

        let mut slack = Clock::slack(1_760_000_000, 40);
        let turn = slack.tick() + 7 * DAY;
        slack.until(turn - slack.before());
        let before = slack.tick();
        assert!(before + 40 <= turn, "{before}");
        slack.until(turn);
        let after = slack.tick();
        assert!((turn + 40..turn + HOUR).contains(&after), "{after}");
    }

    #[test]
    fn no_operation_lies_near_a_turn_of_an_earlier_one() {
        let mut clock = Clock::slack(1_760_000_000, 40);
        let mut all: Vec<u64> = Vec::new();
        for i in 0..200 {
            clock.pass([0, 60, DAY, 7 * DAY, HOUR][i % 5]);
            let now = clock.tick();
            for past in &all {
                assert!(TURNS.iter().all(|turn| now.abs_diff(past + turn) >= 40), "{now} {past}");
            }
            assert!(all.last().is_none_or(|last| *last < now));
            all.push(now);
        }
    }
}

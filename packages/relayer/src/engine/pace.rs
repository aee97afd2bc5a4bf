//! What the engine has learnt about how much the chain takes, and whom to leave alone for a while.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use interfaces::attestation_oracle::ChainId;

use crate::config::Config;
use crate::outbox::Waiting;

/// Highest step of escalation; the configured bounds are reached long before.
const MAX_STEP: u32 = 64;
/// Most extra gas asked for after transactions ran out of it, per cent.
const MAX_BOOST: u32 = 300;
/// A chain with nothing to send is looked at again after this long, or when something of it arrives.
const QUIET: Duration = Duration::from_secs(2);
/// A turn not asked about for this long is forgotten.
const TURN_KEPT: Duration = Duration::from_secs(600);
/// Between looks for what to forget; shorter while there is more.
const PRUNE_EVERY: Duration = Duration::from_secs(60);
const PRUNE_ON: Duration = Duration::from_millis(500);

/// See the module. Nothing in here must survive a restart.
#[derive(Debug)]
pub struct Pace {
    max_batch: usize,
    cap: usize,
    step: u32,
    boost: u32,
    hold_for: Duration,
    retry_after: Duration,
    gap_timeout: Duration,
    held_until: Option<Instant>,
    /// Statements that were refused for now.
    resting: HashMap<i64, Instant>,
    /// The missing seq of a chain and since when it is missed.
    gaps: HashMap<String, (u64, Instant)>,
    quiet: HashMap<String, (i64, Instant)>,
    sent: Option<(i64, Instant)>,
    passed: Option<(i64, u64)>,
    floor: u64,
    state_height: u64,
    prune_at: Option<Instant>,
    /// Since when a statement could go, if only it were this relayer's turn.
    turns: HashMap<i64, Instant>,
}

impl Pace {
    pub fn new(config: &Config) -> Self {
        Self {
            max_batch: config.planner.max_batch,
            cap: config.planner.max_batch,
            step: 0,
            boost: 0,
            hold_for: Duration::from_millis(config.tx.hold_ms),
            retry_after: Duration::from_millis(config.planner.retry_ms),
            gap_timeout: Duration::from_secs(config.planner.gap_timeout),
            held_until: None,
            resting: HashMap::new(),
            gaps: HashMap::new(),
            quiet: HashMap::new(),
            sent: None,
            passed: None,
            floor: 0,
            state_height: 0,
            prune_at: None,
            turns: HashMap::new(),
        }
    }

    /// Most statements of the next transaction.
    pub fn batch_cap(&self) -> usize {
        self.cap
    }

    /// How often the price was escalated.
    pub fn price_step(&self) -> u32 {
        self.step
    }

    /// A transaction with `count` statements was too much or failed as a whole: send half as many. The statement at
    /// fault is alone after at most six rounds, and the others go on without it.
    pub fn bisect(&mut self, count: usize) {
        self.cap = (count / 2).max(1);
    }

    /// A transaction ran out of the gas it asked for.
    pub fn ran_out_of_gas(&mut self) {
        self.boost = self.boost.saturating_add(50).min(MAX_BOOST);
    }

    /// Gas to ask a quote for, when simulation used `gas`.
    pub fn boosted(&self, gas: u64) -> u64 {
        let boosted = u128::from(gas)
            .saturating_mul(u128::from(self.boost.saturating_add(100)))
            .div_ceil(100);
        u64::try_from(boosted).unwrap_or(u64::MAX)
    }

    /// The price was too low, or a transaction was not included in time.
    pub fn escalate(&mut self) {
        self.step = self.step.saturating_add(1).min(MAX_STEP);
    }

    /// A transaction went through: try a little more for a little less next time.
    pub fn succeeded(&mut self, sequence: u64, height: u64) {
        self.cap = self.cap.saturating_mul(2).min(self.max_batch);
        self.step = self.step.saturating_sub(1);
        self.boost = self.boost.saturating_sub(10);
        self.floor = self.floor.max(sequence.saturating_add(1));
        self.state_height = self.state_height.max(height);
    }

    /// The lowest sequence that can still be free: below it, a node lags.
    pub fn sequence_floor(&self) -> u64 {
        self.floor
    }

    /// Answers from before this height are out of date: the last transaction changed the state then.
    pub fn state_height(&self) -> u64 {
        self.state_height
    }

    /// Sign nothing for a while.
    pub fn hold(&mut self) {
        self.held_until = Instant::now().checked_add(self.hold_for);
    }

    pub fn is_held(&self) -> bool {
        self.held_until.is_some_and(|until| Instant::now() < until)
    }

    /// Leave a statement alone for a while.
    pub fn rest(&mut self, statement: i64) {
        if let Some(until) = Instant::now().checked_add(self.retry_after) {
            self.resting.insert(statement, until);
        }
    }

    pub fn rests(&mut self, statement: i64) -> bool {
        let now = Instant::now();
        self.resting.retain(|_, until| now < *until);
        self.resting.contains_key(&statement)
    }

    /// Notes that `seq` is missing in a chain; says whether it has been for too long.
    pub fn missing_for_too_long(&mut self, chain: &ChainId, seq: u64) -> bool {
        let now = Instant::now();
        let gap = self.gaps.entry(name(chain)).or_insert((seq, now));
        if gap.0 != seq {
            *gap = (seq, now);
        }
        !self.gap_timeout.is_zero() && now.saturating_duration_since(gap.1) >= self.gap_timeout
    }

    /// Nothing is missing in a chain.
    pub fn whole(&mut self, chain: &ChainId) {
        self.gaps.remove(&name(chain));
    }

    /// Nothing of a chain can go now.
    pub fn quiet(&mut self, waiting: &Waiting) {
        if let Some(until) = Instant::now().checked_add(QUIET) {
            self.quiet.insert(name(&waiting.chain), (waiting.newest, until));
        }
    }

    /// Whether a chain need not be looked at: nothing arrived since it was found quiet.
    pub fn is_quiet(&mut self, waiting: &Waiting) -> bool {
        let now = Instant::now();
        self.quiet.retain(|_, (_, until)| now < *until);
        self.quiet
            .get(&name(&waiting.chain))
            .is_some_and(|(newest, _)| *newest == waiting.newest)
    }

    /// The state of the chains may have changed: look at all again.
    pub fn stir(&mut self) {
        self.quiet.clear();
    }

    /// Whether a statement has been ready for `wait` since this was first asked.
    pub fn has_turn(&mut self, statement: i64, wait: Duration) -> bool {
        if wait.is_zero() {
            return true;
        }
        self.turns
            .retain(|_, since| since.elapsed() < TURN_KEPT.saturating_add(wait));
        self.turns.entry(statement).or_insert_with(Instant::now).elapsed() >= wait
    }

    /// Whether it is time to look for what to forget.
    pub fn may_prune(&self) -> bool {
        self.prune_at.is_none_or(|at| Instant::now() >= at)
    }

    /// Looked; `more`: there may be more.
    pub fn pruned(&mut self, more: bool) {
        let pause = if more { PRUNE_ON } else { PRUNE_EVERY };
        self.prune_at = Instant::now().checked_add(pause);
    }

    /// Whether a transaction's bytes are due to be sent (again).
    pub fn due(&self, tx: i64, every: Duration) -> bool {
        self.sent.is_none_or(|(id, at)| id != tx || at.elapsed() >= every)
    }

    pub fn sent(&mut self, tx: i64) {
        self.sent = Some((tx, Instant::now()));
    }

    /// The account went past a transaction's sequence without anybody knowing the transaction, first seen at `height`.
    /// Returns the height at which that was first seen.
    pub fn passed(&mut self, tx: i64, height: u64) -> u64 {
        match self.passed {
            Some((id, first)) if id == tx => first,
            _ => {
                self.passed = Some((tx, height));
                height
            }
        }
    }
}

fn name(chain: &ChainId) -> String {
    format!("{chain:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pace() -> Pace {
        let mut config = Config::example();
        config.planner.gap_timeout = 1;
        Pace::new(&config)
    }

    const CHAIN: ChainId = ChainId::Usage {
        gateway: 1,
        key_epoch: 1,
    };

    #[test]
    fn bisection_isolates_and_success_recovers() {
        let mut pace = pace();
        let mut caps = vec![];
        for _ in 0..7 {
            caps.push(pace.batch_cap());
            pace.bisect(pace.batch_cap());
        }
        assert_eq!(caps, [64, 32, 16, 8, 4, 2, 1]);
        assert_eq!(pace.batch_cap(), 1);
        pace.succeeded(0, 1);
        assert_eq!(pace.batch_cap(), 2);
        (0..9).for_each(|_| pace.succeeded(0, 1));
        assert_eq!(pace.batch_cap(), 64);
    }

    #[test]
    fn gas_is_boosted_after_running_out_and_calms_down() {
        let mut pace = pace();
        assert_eq!(pace.boosted(101), 101);
        pace.ran_out_of_gas();
        assert_eq!(pace.boosted(101), 152);
        (0..5).for_each(|_| pace.succeeded(0, 1));
        assert_eq!(pace.boosted(101), 101);
    }

    #[test]
    fn a_gap_is_timed_from_when_that_seq_was_first_missed() {
        let mut pace = pace();
        let long_ago = Instant::now().checked_sub(Duration::from_secs(5)).unwrap();
        assert!(!pace.missing_for_too_long(&CHAIN, 3));
        pace.gaps.insert(name(&CHAIN), (3, long_ago));
        assert!(pace.missing_for_too_long(&CHAIN, 3));
        assert!(!pace.missing_for_too_long(&CHAIN, 4), "another seq is another gap");
        pace.whole(&CHAIN);
        assert!(!pace.missing_for_too_long(&CHAIN, 4));
    }

    #[test]
    fn no_gap_is_too_long_without_a_timeout() {
        let mut pace = pace();
        pace.gap_timeout = Duration::ZERO;
        let long_ago = Instant::now().checked_sub(Duration::from_secs(5)).unwrap();
        pace.gaps.insert(name(&CHAIN), (3, long_ago));
        assert!(!pace.missing_for_too_long(&CHAIN, 3));
    }

    #[test]
    fn a_quiet_chain_is_woken_by_an_arrival() {
        let mut pace = pace();
        let waiting = |newest| Waiting { chain: CHAIN, newest };
        pace.quiet(&waiting(5));
        assert!(pace.is_quiet(&waiting(5)));
        assert!(!pace.is_quiet(&waiting(6)));
        pace.stir();
        assert!(!pace.is_quiet(&waiting(5)));
    }

    #[test]
    fn a_turn_comes_after_the_wait_and_at_once_without_one() {
        let mut pace = pace();
        assert!(pace.has_turn(1, Duration::ZERO));
        assert!(!pace.has_turn(1, Duration::from_secs(3)));
        pace.turns
            .insert(1, Instant::now().checked_sub(Duration::from_secs(3)).unwrap());
        assert!(pace.has_turn(1, Duration::from_secs(3)));
        assert!(!pace.has_turn(2, Duration::from_secs(3)), "each statement has its own");
    }

    #[test]
    fn the_sequence_never_falls_behind_an_included_transaction() {
        let mut pace = pace();
        pace.succeeded(7, 1);
        pace.succeeded(3, 1);
        assert_eq!(pace.sequence_floor(), 8);
    }

    proptest! {
        #[test]
        fn the_cap_stays_within_bounds(steps in prop::collection::vec(prop::option::of(1usize..100), 0..50)) {
            let mut pace = pace();
            for step in steps {
                match step {
                    Some(count) => pace.bisect(count.min(pace.batch_cap())),
                    None => pace.succeeded(0, 1),
                }
                prop_assert!((1..=64).contains(&pace.batch_cap()));
            }
        }
    }
}

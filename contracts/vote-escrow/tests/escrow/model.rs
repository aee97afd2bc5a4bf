//! Random life of many locks, against a shadow that remembers every change and computes every answer from scratch.

use cosmwasm_std::Addr;
use interfaces::voting::Moment;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::bench::*;

/// A state of an account, and the block that made it.
#[derive(Clone, Copy, Debug)]
struct State {
    height: u64,
    account: usize,
    amount: u128,
    end: u64,
    /// Whether it is still to be paid out. A withdrawal changes no weight: the lock had ended.
    open: bool,
}

struct Shadow {
    bench: Bench,
    users: Vec<Addr>,
    /// In the order in which they were made.
    states: Vec<State>,
    /// Every block there was.
    blocks: Vec<Moment>,
}

impl Shadow {
    fn new(users: usize) -> Self {
        let bench = Bench::new();
        let users = (0..users).map(|index| bench.user(&format!("user{index}"))).collect();
        Self {
            blocks: vec![bench.moment()],
            bench,
            users,
            states: vec![],
        }
    }

    fn wait(&mut self, seconds: u64) {
        match seconds {
            0 => self.bench.block(),
            _ => self.bench.wait(seconds),
        }
        self.blocks.push(self.bench.moment());
    }

    /// The state of an account before the block of that height.
    fn before(&self, account: usize, height: u64) -> (u128, u64) {
        let mut states = self.states.iter().rev();
        let found = states.find(|state| state.account == account && state.height < height);
        found.map_or((0, 0), |state| (state.amount, state.end))
    }

    /// What an account has locked now, and until when.
    fn held(&self, account: usize) -> (u128, u64) {
        let found = self.states.iter().rev().find(|state| state.account == account);
        found.map_or((0, 0), |state| (if state.open { state.amount } else { 0 }, state.end))
    }

    fn record(&mut self, account: usize, amount: u128, end: u64, open: bool) {
        let height = self.bench.env.block.height;
        self.states.push(State {
            height,
            account,
            amount,
            end,
            open,
        });
    }

    /// Whatever the choice comes to for this account now.
    fn act(&mut self, account: usize, choice: u8, value: u128, seconds: u64) {
        let user = self.users[account].clone();
        let (now, latest) = (self.bench.now(), self.bench.now() + 126_230_400);
        let (amount, end) = self.held(account);
        let until = (now + seconds).min(latest);
        // rounded up to a day, then down to the last within four years, by stepping
        let up = (until..).find(|second| second % DAY == 0).unwrap();
        let day = if up > latest { up - DAY } else { up };
        if amount > 0 && end <= now {
            self.bench.withdraw(&user).unwrap();
            self.record(account, amount, end, false);
        } else if amount == 0 {
            match choice % 2 {
                0 => self.bench.lock(&user, value, until),
                _ => self.bench.try_lock_for(&user, value, until).unwrap(),
            };
            self.record(account, value, day, true);
        } else if choice % 3 == 0 {
            self.bench.try_increase(&user, value).unwrap();
            self.record(account, amount + value, end, true);
        } else if choice % 3 == 1 {
            self.bench.try_lock_for(&user, value, until).unwrap();
            self.record(account, amount + value, end.max(day), true);
        } else if day > end {
            self.bench.extend(&user, until).unwrap();
            self.record(account, amount, day, true);
        } else {
            assert_eq!(self.bench.extend(&user, until).unwrap_err().code(), 9);
        }
    }

    /// Contract and shadow at a moment, by `==`: each account, the sum over them, and the total.
    fn check(&self, at: Moment) {
        let (mut weight, mut linear, mut locked) = (0, 0, 0);
        for (account, user) in self.users.iter().enumerate() {
            let (amount, end) = self.before(account, at.height);
            let left = u128::from(end.saturating_sub(at.time));
            let expected = (slow_slope(amount) * left, amount * left);
            assert_eq!(self.bench.power(user, at), expected, "{at:?} account {account}");
            assert_eq!(expected.0 == 0, amount == 0 || left == 0, "nothing rounds to zero");
            weight += expected.0;
            linear += expected.1;
            locked += if left > 0 { amount } else { 0 };
        }
        assert_eq!(self.bench.total(at), (weight, linear), "{at:?}");
        assert_eq!(self.bench.locked(at), locked, "{at:?}");
    }

    /// What a neighbour reads from the rows is what the contract answers. After a month without a change, and in the block of one, it has to ask.
    fn check_read(&self) {
        let (now, changed) = (self.bench.moment(), self.bench.changed());
        let read = self.bench.read();
        let days = now.time / DAY - changed.time / DAY;
        assert_eq!(
            read.is_some(),
            changed.height != 0 && changed.height < now.height && days <= 30
        );
        if let Some((weight, linear, locked)) = read {
            assert_eq!((weight, linear), self.bench.total(now));
            assert_eq!(locked, self.bench.locked(now));
        }
    }

    /// A past second between two blocks, or of a block itself: the state before the later block, at that second.
    fn moment(&self, pick: usize, share: u64) -> Moment {
        let index = 1 + pick % (self.blocks.len() - 1);
        let (before, after) = (self.blocks[index - 1], self.blocks[index]);
        Moment {
            height: after.height,
            time: before.time + share % (after.time - before.time + 1),
        }
    }
}

/// Time between blocks: the same second, seconds, days, and now and then years.
fn gaps() -> impl Strategy<Value = u64> {
    prop_oneof![
        3 => Just(0u64),
        3 => 1..20u64,
        6 => 1..20 * DAY,
        1 => (1..40u64).prop_map(|days| days * DAY),
        1 => DAY..5 * YEAR,
    ]
}

type Act = (usize, u8, u128, u64);

fn acts(users: usize) -> impl Strategy<Value = Act> {
    let value = prop_oneof![MIN..MIN + 100, MIN..1_000 * MIN, MIN..100_000 * MIN];
    let seconds = prop_oneof![7 * DAY..9 * DAY, 7 * DAY..126_230_400, Just(126_230_400u64)];
    (0..users, any::<u8>(), value, seconds)
}

/// Draws from a fixed seed, so that a failure is the same every time.
fn drawn<S: Strategy>(strategy: &S, runner: &mut TestRunner) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

#[test]
fn total_is_the_sum_over_users_at_random_past_seconds_with_1000_locks_and_no_keeper() {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut shadow = Shadow::new(1_000);
    // everybody locks, a few in every block
    for account in 0..1_000 {
        let (_, choice, value, seconds) = drawn(&acts(1), &mut runner);
        shadow.act(account, choice, value, seconds);
        if account % 7 == 0 {
            shadow.wait(drawn(&(0..DAY), &mut runner));
        }
    }
    for _ in 0..1_500 {
        let (account, choice, value, seconds) = drawn(&acts(1_000), &mut runner);
        shadow.act(account, choice, value, seconds);
        if drawn(&(0..4u8), &mut runner) == 0 {
            shadow.wait(drawn(&gaps(), &mut runner) % (30 * DAY));
        }
    }
    // nobody comes for years, and nobody has to
    shadow.wait(3 * YEAR);
    shadow.wait(2 * YEAR);
    for _ in 0..40 {
        let (pick, share) = drawn(&(any::<usize>(), any::<u64>()), &mut runner);
        shadow.check(shadow.moment(pick, share));
    }
    shadow.check(shadow.bench.moment());
}

proptest! {
    #![proptest_config(Config::with_cases(64))]

    #[test]
    fn every_answer_is_the_shadows(
        life in prop::collection::vec((gaps(), prop::collection::vec(acts(5), 0..4), any::<bool>()), 1..40),
        asked in prop::collection::vec((any::<usize>(), any::<u64>()), 20),
    ) {
        let mut shadow = Shadow::new(5);
        let mut promised = vec![];
        for (gap, acts, mark) in life {
            shadow.wait(gap);
            shadow.check_read();
            for (account, choice, value, seconds) in acts {
                shadow.act(account, choice, value, seconds);
            }
            if mark {
                shadow.bench.mark();
            }
            let at = shadow.bench.moment();
            promised.push((at, shadow.bench.total(at)));
        }
        shadow.wait(1);
        for (pick, share) in asked {
            shadow.check(shadow.moment(pick, share));
        }
        for (at, total) in promised {
            prop_assert_eq!(shadow.bench.total(at), total, "an answer that changed");
        }
        // every recorded block that stands for a height
        for block in &shadow.blocks {
            if let Some(at) = shadow.bench.moment_of(block.height) {
                prop_assert_eq!(at.height, block.height);
                shadow.check(at);
            }
        }
        let held: u128 = (0..5).map(|account| shadow.held(account).0).sum();
        prop_assert_eq!(shadow.bench.overview().held.u128(), held);
        let lockers = (0..5).filter(|account| shadow.held(*account).0 > 0).count();
        prop_assert_eq!(shadow.bench.overview().lockers, lockers as u64);
    }
}

//! Random life against a model that computes every second's shares in 512 digits and knows no accumulator, no day's row and no rounding.

use std::collections::BTreeMap;

use cosmwasm_std::Addr;
use interfaces::ve_rewards::Decay;
use num_bigint::BigUint;
use proptest::prelude::*;

use crate::bench::*;
use crate::reference::{distance, shares, Frac};

/// What everybody has earned, the obvious way.
#[derive(Default)]
struct Model {
    time: u64,
    /// (s, e) of each account.
    locks: BTreeMap<Addr, (u128, u64)>,
    /// (rate a second, until when).
    streams: Vec<(Frac, u64)>,
    waiting: Frac,
    earned: BTreeMap<Addr, Frac>,
}

impl Model {
    fn new() -> Self {
        Self {
            time: NOW,
            ..Self::default()
        }
    }

    fn live(&self) -> Vec<(Addr, (u128, u64))> {
        let live = self.locks.iter().filter(|(_, (_, end))| *end > self.time);
        live.map(|(user, lock)| (user.clone(), *lock)).collect()
    }

    /// Day by day: no lock and no stream ends but at midnight.
    fn go(&mut self, to: u64) {
        while self.time < to {
            let stop = to.min(self.time / DAY * DAY + DAY);
            self.streams.retain(|(_, until)| *until > self.time);
            let rate = self
                .streams
                .iter()
                .fold(Frac::default(), |sum, (rate, _)| sum.plus(rate));
            let reward = rate.of(&BigUint::from(stop - self.time), &1u8.into());
            self.share(stop, &reward);
            self.time = stop;
        }
    }

    fn share(&mut self, stop: u64, reward: &Frac) {
        let live = self.live();
        if live.is_empty() {
            self.waiting = self.waiting.plus(reward);
        } else if *reward != Frac::default() {
            let locks: Vec<_> = live.iter().map(|(_, lock)| *lock).collect();
            for ((user, _), part) in live.iter().zip(shares(&locks, self.time, stop, reward)) {
                let earned = self.earned.entry(user.clone()).or_default();
                *earned = earned.plus(&part);
            }
        }
    }

    fn fund(&mut self, units: u128) {
        self.waiting = self.waiting.plus(&Frac::whole(units));
        self.spread();
    }

    fn spread(&mut self) {
        if !self.live().is_empty() {
            let until = self.time / DAY * DAY + 2 * DAY;
            let rate = self.waiting.of(&1u8.into(), &BigUint::from(until - self.time));
            self.streams.push((rate, until));
            self.waiting = Frac::default();
        }
    }

    fn lock(&mut self, user: &Addr, lock: Decay) {
        let nobody = self.live().is_empty();
        self.locks.insert(user.clone(), (lock.slope.u128(), lock.end));
        if nobody {
            self.spread();
        }
    }

    fn earned(&self, user: &Addr) -> u128 {
        self.earned.get(user).map_or(0, Frac::floor)
    }
}

/// |a − b| ≤ 1 unit + 10⁻¹⁵ of it.
pub fn same(a: u128, b: u128) -> bool {
    let off = distance(&a.into(), &b.into());
    off <= BigUint::from(1 + b / 1_000_000_000_000_000)
}

#[derive(Clone, Debug)]
enum Act {
    Wait(u64),
    ToMidnight,
    Fund(u128),
    /// An account locks so much more, or so many days longer.
    Lock(usize, u128, u64),
    Claim(usize),
    Sync,
}

fn acts() -> impl Strategy<Value = Act> {
    let vcai = prop_oneof![10_000u128..10_100, 10_000u128..10_000_000, 10_000u128..5_000_000_000];
    let days = prop_oneof![1..4u64, 1..20u64, 1..1_461u64];
    let funds = prop_oneof![1u128..10, 1u128..1_000_000, 1u128..100_000_000_000_000];
    prop_oneof![
        2 => prop_oneof![Just(0u64), 1..100u64, 1..DAY, 1..3 * DAY].prop_map(Act::Wait),
        1 => (1..400 * DAY).prop_map(Act::Wait),
        1 => Just(Act::ToMidnight),
        3 => funds.prop_map(Act::Fund),
        4 => (0..4usize, vcai, days).prop_map(|(user, vcai, days)| Act::Lock(user, vcai, days)),
        2 => (0..4usize).prop_map(Act::Claim),
        1 => Just(Act::Sync),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_entitlement_is_the_models_and_nothing_is_paid_twice(life in prop::collection::vec(acts(), 1..70)) {
        let (mut bench, mut model) = (Bench::new(), Model::new());
        let users: Vec<Addr> = (0..4).map(|index| bench.user(&format!("user{index}"))).collect();
        let mut funded = 0;
        // an upper bound of what roundings can keep: each user, and each segment
        let mut segments = 0;
        for act in life {
            segments += 1;
            match act {
                Act::Wait(seconds) => { bench.wait(seconds); segments += u128::from(seconds / DAY) + 1 },
                Act::ToMidnight => { let midnight = bench.now() / DAY * DAY + DAY; bench.wait_until(midnight) },
                Act::Fund(units) => {
                    model.go(bench.now());
                    if bench.try_fund(units).is_err() {
                        while bench.try_fund(units).is_err() { bench.sync(None).unwrap(); }
                    }
                    model.fund(units);
                    funded += units;
                },
                Act::Lock(user, vcai, days) => {
                    model.go(bench.now());
                    while bench.overview().synced < bench.now() { bench.sync(None).unwrap(); }
                    let today = bench.now() / DAY * DAY;
                    let (user, known) = (&users[user], bench.account(&users[user]).decay);
                    let mut lock = decay(vcai, today + days * DAY);
                    if known.end > bench.now() {
                        // irrevocable: neither less nor sooner
                        lock.slope = lock.slope.max(known.slope);
                        lock.end = lock.end.max(known.end);
                    }
                    bench.lock(user, lock);
                    model.lock(user, lock);
                },
                Act::Claim(user) => {
                    while bench.overview().synced < bench.now() { bench.sync(None).unwrap(); }
                    bench.claim(&users[user]);
                },
                Act::Sync => { bench.sync(None).unwrap(); },
            }
            model.go(bench.now());
            let mut sum = 0;
            for user in &users {
                let (earned, expected) = (bench.earned(user), model.earned(user));
                prop_assert!(same(earned, expected), "{} and {}", earned, expected);
                sum += earned;
            }
            let view = bench.overview();
            prop_assert_eq!(view.funded.u128(), funded);
            prop_assert!(sum + view.streaming.u128() + view.waiting.u128() <= funded, "more than was funded");
            prop_assert!(view.paid.u128() <= funded);
        }
        bench.wait(3 * DAY);
        let sum: u128 = users.iter().map(|user| bench.earned(user)).sum();
        let waiting = bench.overview().waiting.u128();
        prop_assert!(funded - sum - waiting <= 4 + segments, "dust {}", funded - sum - waiting);
    }
}

//! Random life against a model that integrates every day's shares in 512 digits and knows no accumulator, no book of the escrow and no rounding.

use std::collections::BTreeMap;

use cosmwasm_std::Addr;
use math::vote_escrow::slope;
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
    waiting: u128,
    /// Of what flows today.
    today: BTreeMap<Addr, Frac>,
    /// Until today.
    earned: BTreeMap<Addr, Frac>,
}

impl Model {
    fn new() -> Self {
        Self {
            time: NOW,
            ..Self::default()
        }
    }

    fn go(&mut self, to: u64) {
        while self.time / DAY < to / DAY {
            self.time = self.time / DAY * DAY + DAY;
            self.turn();
        }
        self.time = to;
    }

    /// A day begins: yesterday's shares are earned, and what waits is shared by those who are here.
    fn turn(&mut self) {
        for (user, share) in std::mem::take(&mut self.today) {
            let earned = self.earned.entry(user).or_default();
            *earned = earned.plus(&share);
        }
        let live: Vec<_> = self.locks.iter().filter(|(_, (_, end))| *end > self.time).collect();
        if self.waiting == 0 || live.is_empty() {
            return;
        }
        let locks: Vec<_> = live.iter().map(|(_, lock)| **lock).collect();
        let parts = shares(&locks, self.time, self.time + DAY, &Frac::whole(self.waiting));
        self.today = live.into_iter().map(|(user, _)| user.clone()).zip(parts).collect();
        self.waiting = 0;
    }

    fn lock(&mut self, user: &Addr, vcai: u128, end: u64) {
        self.locks.insert(user.clone(), (slope(vcai * VCAI).unwrap(), end));
    }

    fn earned(&self, user: &Addr) -> u128 {
        let zero = Frac::default();
        let [earned, today] = [&self.earned, &self.today].map(|sums| sums.get(user).unwrap_or(&zero));
        let flowed = today.of(&BigUint::from(self.time % DAY), &BigUint::from(DAY));
        earned.plus(&flowed).floor()
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
    Mark,
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
        1 => Just(Act::Mark),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_entitlement_is_the_models_and_nothing_is_paid_twice(life in prop::collection::vec(acts(), 1..70)) {
        let (mut bench, mut model) = (Bench::new(), Model::new());
        let users: Vec<Addr> = (0..4).map(|index| bench.user(&format!("user{index}"))).collect();
        let mut funded = 0;
        // an upper bound of what roundings can keep: each user, and each funding
        let mut fundings = 0;
        for act in life {
            match act {
                Act::Wait(seconds) => bench.wait(seconds),
                Act::ToMidnight => { let midnight = bench.now() / DAY * DAY + DAY; bench.wait_until(midnight) },
                Act::Fund(units) => {
                    bench.fund(units);
                    model.waiting += units;
                    (funded, fundings) = (funded + units, fundings + 1);
                },
                Act::Lock(user, vcai, days) => {
                    let (user, (amount, end)) = (&users[user], bench.held(&users[user]));
                    let mut lock = (vcai, bench.now() / DAY * DAY + days * DAY);
                    if end > bench.now() {
                        // irrevocable: neither less nor sooner
                        lock = (lock.0.max(amount / VCAI), lock.1.max(end));
                    }
                    bench.lock(user, lock.0, lock.1);
                    model.lock(user, lock.0, lock.1);
                },
                Act::Claim(user) => { bench.claim(&users[user]); },
                Act::Sync => bench.sync(),
                Act::Mark => bench.mark(),
            }
            model.go(bench.now());
            let mut sum = 0;
            for user in &users {
                let (earned, expected) = (bench.earned(user), model.earned(user));
                prop_assert!(same(earned, expected), "{} and {}", earned, expected);
                sum += earned;
            }
            let view = bench.overview();
            prop_assert_eq!((view.funded.u128(), view.waiting.u128()), (funded, model.waiting));
            prop_assert!(sum + view.streaming.u128() + view.waiting.u128() <= funded, "more than was funded");
            let paid: u128 = users.iter().map(|user| bench.account(user).paid.u128()).sum();
            prop_assert_eq!(view.paid.u128(), paid);
        }
        bench.wait(3 * DAY);
        let sum: u128 = users.iter().map(|user| bench.earned(user)).sum();
        let waiting = bench.overview().waiting.u128();
        prop_assert!(funded - sum - waiting <= 4 + fundings, "dust {}", funded - sum - waiting);
    }
}

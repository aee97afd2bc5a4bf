//! Random messages against a shadow of what they should do.

use std::collections::BTreeMap;

use interfaces::vcai::*;
use proptest::prelude::*;

use crate::world::*;

#[derive(Clone, Debug)]
enum Step {
    Transfer(usize, usize, u128),
    Burn(usize, u128),
    Issue(usize, u128),
    Reprice(i8),
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = 0..NAMES.len();
    let amount = prop_oneof![0..1_000u128, 0..2 * CAP, Just(CAP), Just(SUPPLY)];
    let step = prop_oneof![
        (who.clone(), who.clone(), amount.clone()).prop_map(|(from, to, amount)| Step::Transfer(from, to, amount)),
        (who.clone(), amount.clone()).prop_map(|(who, amount)| Step::Burn(who, amount)),
        (who, amount).prop_map(|(to, amount)| Step::Issue(to, amount)),
        (-8..=8i8).prop_map(Step::Reprice),
        (0..YEAR).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..40)
}

/// The token in a few lines: balances, a year's book, decimals.
struct Shadow {
    balances: BTreeMap<usize, u128>,
    year: Option<(u64, u128, u128)>,
    decimals: i32,
    time: u64,
}

impl Shadow {
    fn new() -> Self {
        Self {
            balances: BTreeMap::from([(0, SUPPLY)]),
            year: None,
            decimals: 6,
            time: 0,
        }
    }

    fn take(&mut self, who: usize, amount: u128) -> bool {
        let balance = self.balances.entry(who).or_default();
        let enough = *balance >= amount;
        if enough {
            *balance -= amount;
        }
        enough
    }

    fn give(&mut self, who: usize, amount: u128) {
        *self.balances.entry(who).or_default() += amount;
    }

    /// Whether the step works; does it if so.
    fn run(&mut self, step: &Step) -> bool {
        match *step {
            Step::Wait(seconds) => {
                self.time += seconds;
                true
            }
            Step::Transfer(from, to, amount) => {
                let works = self.take(from, amount);
                if works {
                    self.give(to, amount);
                }
                works
            }
            Step::Burn(who, amount) => self.take(who, amount),
            Step::Issue(to, amount) => self.issue(to, amount),
            Step::Reprice(exponent) => {
                let after = self.decimals - i32::from(exponent);
                let works = exponent != 0 && exponent % 2 == 0 && (0..=18).contains(&after);
                if works {
                    self.decimals = after;
                }
                works
            }
        }
    }

    fn issue(&mut self, to: usize, amount: u128) -> bool {
        let (index, supply) = (self.time / YEAR, self.balances.values().sum::<u128>());
        let (_, base, issued) = self.year.filter(|year| year.0 == index).unwrap_or((index, supply, 0));
        let works = amount > 0 && issued + amount <= base / 20;
        if works {
            self.year = Some((index, base, issued + amount));
            self.give(to, amount);
        }
        works
    }
}

fn send(world: &mut World, shadow: &Shadow, step: &Step) -> bool {
    let outcome = match *step {
        Step::Wait(_) => {
            world.at(shadow.time);
            return true;
        }
        Step::Transfer(from, to, amount) => {
            let msg = world.transferring(NAMES[to], amount);
            world.send(NAMES[from], &msg)
        }
        Step::Burn(who, amount) => world.send(NAMES[who], &ExecuteMsg::Burn { amount: amount.into() }),
        Step::Issue(to, amount) => {
            let msg = world.issuing(NAMES[to], amount);
            world.send("governance", &msg)
        }
        Step::Reprice(exponent) => world.send("governance", &ExecuteMsg::Reprice { exponent }),
    };
    outcome.is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_messages_do_what_the_shadow_does(steps in steps()) {
        let (mut world, mut shadow) = (World::new(), Shadow::new());
        for step in &steps {
            let expected = shadow.run(step);
            prop_assert_eq!(send(&mut world, &shadow, step), expected, "{:?}", step);
            world.check_laws();
        }
        for (who, name) in NAMES.iter().enumerate() {
            prop_assert_eq!(world.balance(name), shadow.balances.get(&who).copied().unwrap_or_default());
        }
        prop_assert_eq!(i32::from(world.info().decimals), shadow.decimals);
    }
}

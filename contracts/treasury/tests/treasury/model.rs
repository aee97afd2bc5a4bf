//! Random days against a shadow of the book.

use interfaces::treasury::*;
use proptest::prelude::*;

use crate::world::*;

#[derive(Clone, Debug)]
enum Step {
    Deposit(bool, u128),
    Buyback,
    /// Somebody trades before it in the same block.
    Pushed(u128),
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (any::<bool>(), 1..5_000 * ONE).prop_map(|(counts, amount)| Step::Deposit(counts, amount)),
        4 => Just(Step::Buyback),
        1 => (1..20_000 * ONE).prop_map(Step::Pushed),
        3 => prop_oneof![0..700u64, 600..DAY, DAY..5 * DAY].prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..30)
}

/// Deposits with their days, and what was spent: the day's amount is found anew each time, by going through everything.
struct Shadow {
    deposits: Vec<(u64, u128)>,
    slices: Vec<(u64, u128)>,
    fees: u128,
}

impl Shadow {
    fn day_left(&self, today: u64) -> u128 {
        let before = |rows: &[(u64, u128)]| -> u128 { rows.iter().filter(|row| row.0 < today).map(|row| row.1).sum() };
        let spent_today: u128 = self.slices.iter().filter(|row| row.0 == today).map(|row| row.1).sum();
        before(&self.deposits) - before(&self.slices) - spent_today
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_order_of_deposits_and_slices_keeps_the_days_amount(steps in steps()) {
        let mut world = World::new();
        let attacker = world.user("attacker");
        world.give(&attacker, 1_000_000 * ONE, DENOM);
        let mut shadow = Shadow { deposits: vec![], slices: vec![], fees: 0 };
        for step in steps {
            let today = world.now() / DAY;
            match step {
                Step::Wait(seconds) => world.wait(seconds),
                Step::Deposit(counts, amount) => {
                    world.deposit(if counts { "market" } else { "paas" }, amount);
                    shadow.deposits.push((today, amount));
                    shadow.fees += if counts { amount } else { 0 };
                }
                Step::Buyback | Step::Pushed(_) => {
                    if let Step::Pushed(amount) = step {
                        world.buy("attacker", amount);
                    }
                    let (shown, before) = (world.slice(), world.overview());
                    let works = world.send("mallory", &ExecuteMsg::Buyback { min_out: None }).is_ok();
                    prop_assert_eq!(works, shown.obstacle.is_none(), "{:?}", shown);
                    let after = world.overview();
                    if after.receipts > before.receipts {
                        prop_assert_eq!(world.newest().spent, shown.amount);
                        prop_assert!(world.newest().bought >= shown.min_out);
                        shadow.slices.push((today, shown.amount.u128()));
                    } else {
                        prop_assert_eq!(after.pot, before.pot);
                        prop_assert_eq!(after.failures, before.failures + u64::from(works));
                    }
                }
            }
            world.check_laws();
            let shown = world.overview();
            prop_assert_eq!(shown.day_left.u128(), shadow.day_left(world.now() / DAY));
            prop_assert_eq!(shown.revenue.net_fees.u128(), shadow.fees);
        }
    }
}

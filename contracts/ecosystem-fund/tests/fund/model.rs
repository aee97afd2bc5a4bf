//! Random lives of the fund: usage, reports, closings, slices, trades, gifts, prizes, in any order. After every message the laws hold: Credits in = spent + paid + pot,
//! LCO bought = burned + prizes, receipts and weeks add up, the tokens are there (`World::check_laws`).

use cosmwasm_std::Uint128;
use interfaces::ecosystem_fund::*;
use interfaces::{credit_vault, l_coin};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::world::*;

#[derive(Clone, Debug)]
enum Step {
    Settle { gateway: u64, list: u128, cost: u128 },
    Report { gateway: u64, back: u64, cost: u128 },
    Close { gateway: u64, back: u64 },
    PayFreeCalls { gateway: u64, back: u64 },
    Buyback,
    Buy(u128),
    Sell(u128),
    Give { credits: u128, lco: u128 },
    ReleasePrizes { back: u64 },
    Wait(u64),
    ToFriday,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let gateway = 1u64..=3;
    let step = prop_oneof![
        4 => (gateway.clone(), 1u128..2_000 * ONE, 0u128..=100).prop_map(|(gateway, list, part)| Step::Settle { gateway, list, cost: list * part / 100 }),
        4 => (gateway.clone(), 2u64..10, 0u128..600 * ONE).prop_map(|(gateway, back, cost)| Step::Report { gateway, back, cost }),
        2 => (gateway.clone(), 4u64..10).prop_map(|(gateway, back)| Step::Close { gateway, back }),
        1 => (gateway, 1u64..8).prop_map(|(gateway, back)| Step::PayFreeCalls { gateway, back }),
        6 => Just(Step::Buyback),
        1 => (1u128..500 * ONE).prop_map(Step::Buy),
        1 => (1u128..1_000 * ONE).prop_map(Step::Sell),
        1 => (1u128..ONE, 1u128..ONE).prop_map(|(credits, lco)| Step::Give { credits, lco }),
        2 => (1u64..4).prop_map(|back| Step::ReleasePrizes { back }),
        4 => prop_oneof![Just(5u64), Just(600), Just(DAY), Just(WEEK)].prop_map(Step::Wait),
        3 => Just(Step::ToFriday),
    ];
    prop::collection::vec(step, 1..60)
}

/// Runs a step; whether it was done or refused, the laws are checked by the caller.
fn run(world: &mut World, step: &Step) -> bool {
    let (anyone, fund, wars) = (world.anyone(), world.fund.clone(), world.wars.clone());
    let trader = world.user("trader");
    let now = world.week();
    let week = |back: u64| now - back;
    match step.clone() {
        Step::Settle { gateway, list, cost } => {
            let alice = world.user("alice");
            world.settle(&alice, gateway, list, cost);
            true
        }
        Step::Report { gateway, back, cost } => {
            let payout = world.payout(gateway);
            world.send(&payout, &fund, &report(gateway, week(back), cost)).is_ok()
        }
        Step::Close { gateway, back } => {
            let week = week(back);
            world
                .send(&anyone, &fund, &ExecuteMsg::CloseWeek { week, gateway })
                .is_ok()
        }
        Step::PayFreeCalls { gateway, back } => {
            let week = week(back);
            world
                .send(&anyone, &fund, &ExecuteMsg::PayFreeCalls { week, gateway })
                .is_ok()
        }
        Step::Buyback => world.send(&anyone, &fund, &ExecuteMsg::Buyback {}).is_ok(),
        Step::Buy(credits) => {
            world.buy(&trader, credits);
            true
        }
        Step::Sell(lco) => {
            world.sell(&trader, lco);
            true
        }
        Step::Give { credits, lco } => {
            give(world, credits, lco);
            true
        }
        Step::ReleasePrizes { back } => {
            let week = week(back);
            world.send(&wars, &fund, &ExecuteMsg::ReleasePrizes { week }).is_ok()
        }
        Step::Wait(seconds) => {
            world.wait(seconds);
            true
        }
        Step::ToFriday => {
            let to = (MONDAY + 4 * DAY + WEEK * 200 - world.now()) % WEEK;
            world.wait(to.max(1));
            true
        }
    }
}

fn give(world: &mut World, credits: u128, lco: u128) {
    let (trader, fund) = (world.user("trader"), world.fund.to_string());
    let (vault, l_coin) = (world.vault.clone(), world.l_coin.clone());
    let credits = credit_vault::ExecuteMsg::Transfer {
        recipient: fund.clone(),
        amount: Uint128::new(credits),
    };
    world.exec(&trader, &vault, &credits);
    let lco = l_coin::ExecuteMsg::Transfer {
        recipient: fund,
        amount: Uint128::new(lco),
    };
    world.exec(&trader, &l_coin, &lco);
}

fn start() -> World {
    let mut world = World::new();
    for gateway in 1..=3 {
        world.spender("alice", gateway, 1_000_000 * ONE);
    }
    let trader = world.user("trader");
    world.credits(&trader, 100_000 * ONE);
    world.mint(&trader, 100_000 * ONE);
    // weeks to look back on, each with something to release
    let alice = world.user("alice");
    for week in 0..10 {
        world.at(week * WEEK);
        for gateway in 1..=3 {
            world.settle(&alice, gateway, 1_000 * ONE, 500 * ONE);
        }
    }
    world.at(10 * WEEK);
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn credits_in_are_spent_held_or_paid(steps in steps()) {
        let mut world = start();
        let mut given = (0u128, 0u128);
        for step in steps {
            let done = run(&mut world, &step);
            world.check_laws();
            if let (true, Step::Give { credits, lco }) = (done, &step) {
                given = (given.0 + credits, given.1 + lco);
            }
            // what the fund holds is what it counts and what was given: nothing else ever arrives, nothing leaks
            let (sums, fund) = (world.overview(), world.fund.clone());
            prop_assert_eq!(world.free(&fund), sums.pot.u128() + given.0);
            prop_assert_eq!(world.lco(&fund), sums.prizes_held.u128() + given.1);
        }
    }
}

/// The random lives are worth something only if each kind of step is done, and not only refused.
#[test]
fn every_kind_of_step_is_done_in_some_life() {
    let mut runner = TestRunner::deterministic();
    let mut done = std::collections::BTreeMap::new();
    for _ in 0..24 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        let mut world = start();
        for step in steps {
            let name = format!("{step:?}").split([' ', '(']).next().unwrap().to_owned();
            if run(&mut world, &step) {
                *done.entry(name).or_insert(0) += 1;
            }
        }
    }
    // free calls have tests of their own: without a champion nothing is owed
    for name in [
        "Settle",
        "Report",
        "Close",
        "Buyback",
        "Buy",
        "Sell",
        "Give",
        "ReleasePrizes",
        "Wait",
        "ToFriday",
    ] {
        assert!(done.get(name).is_some_and(|times| *times >= 5), "{name}: {done:?}");
    }
}

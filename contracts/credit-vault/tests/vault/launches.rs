//! Grant (launchpad) and SetFreeCalls (contest).

use cosmwasm_std::Addr;
use interfaces::credit_vault::EntryOutcome::*;
use interfaces::credit_vault::*;
use interfaces::lco_staking::Tier;

use crate::world::*;

/// A world whose launchpad holds free Credits.
fn launch() -> (World, Addr, Addr) {
    let mut world = World::new();
    let (alice, launchpad) = (world.spender("alice", 1, 10_000), world.launchpad.clone());
    let bob = world.deposit("bob", 1_000);
    world.ok(&bob, transfer(&launchpad, 1_000));
    (world, alice, launchpad)
}

fn units(world: &World, account: &Addr) -> u128 {
    let answer: EntitlementResponse = world.query(&QueryMsg::Entitlement {
        address: account.to_string(),
        sku: IN.into(),
    });
    answer.units.u128()
}

fn free_calls(account: &Addr, week: u64, allowance: u128) -> ExecuteMsg {
    ExecuteMsg::SetFreeCalls {
        account: account.to_string(),
        week,
        allowance: amount(allowance),
    }
}

#[test]
fn price_becomes_revenue_of_the_gateway_and_mines_nothing() {
    let (mut world, alice, launchpad) = launch();
    world.ok(&launchpad, grant(&alice, IN, 50, 400, 0));
    assert_eq!((world.free(&launchpad), units(&world, &alice)), (600, 50));
    let week = world.week_row(1, world.week());
    assert_eq!(
        (week.revenue, week.cost, week.mined),
        (amount(400), amount(0), amount(0))
    );
    assert_eq!(world.overview().consumed, amount(0));
    assert_eq!(world.refused(&launchpad, grant(&alice, IN, 50, 601, 0)), 4);
    world.ok(&launchpad, grant(&alice, IN, 5, 0, 0));
    assert_eq!(units(&world, &alice), 55);
}

#[test]
fn bad_grants_are_refused() {
    let (mut world, alice, launchpad) = launch();
    let year = world.now() + 365 * DAY;
    assert_eq!(world.refused(&launchpad, grant(&alice, IN, 0, 1, 0)), 3);
    assert_eq!(world.refused(&launchpad, grant(&alice, "nothing", 1, 1, 0)), 26);
    assert_eq!(
        world.refused(&launchpad, grant(&alice, IN, 1, 1, year + 1)),
        29,
        "exclusive for more than a year"
    );
    world.ok(&launchpad, grant(&alice, IN, 1, 1, year));
    world.ok(&world.user("operator"), ExecuteMsg::SuspendGateway { gateway: 1 });
    assert_eq!(world.refused(&launchpad, grant(&alice, IN, 1, 1, 0)), 8);
}

#[test]
fn entitlement_is_used_before_money() {
    let (mut world, alice, launchpad) = launch();
    world.ok(&launchpad, grant(&alice, IN, 50, 0, 0));
    let entry = world.usage(&alice, IN, 20);
    let settled = world.settle_one(entry);
    assert_eq!(
        (settled.outcome, settled.charged, settled.account),
        (Charged, amount(0), None)
    );
    assert_eq!((units(&world, &alice), world.booked(&alice)), (30, 0));
    // 30 of 40 units are covered: a quarter of list 120 and cost 40 is left
    let entry = world.usage(&alice, IN, 40);
    let settled = world.settle_one(entry);
    assert_eq!((settled.charged, settled.cost), (amount(30), amount(10)));
    assert_eq!((units(&world, &alice), world.booked(&alice)), (0, 300));
}

#[test]
fn partly_covered_entry_is_charged_pro_rata_rounded_down() {
    let (mut world, alice, launchpad) = launch();
    world.ok(&launchpad, grant(&alice, IN, 1, 0, 0));
    // 2 of 3 units of a list of 8: ⌊16/3⌋ = 5, cost ⌊4/3⌋ = 1
    let entry = SettleEntry {
        list: amount(8),
        cost: amount(2),
        ..world.usage(&alice, IN, 3)
    };
    let settled = world.settle_one(entry);
    assert_eq!((settled.charged, settled.cost), (amount(5), amount(1)));
}

#[test]
fn entitlement_needs_no_spending_account() {
    let (mut world, _, launchpad) = launch();
    let carol = world.user("carol");
    world.ok(&launchpad, grant(&carol, IN, 50, 0, 0));
    let entry = world.usage(&carol, IN, 50);
    assert_eq!(world.settle_one(entry).outcome, Charged);
    world.ok(&launchpad, grant(&carol, IN, 50, 0, 0));
    let entry = world.usage(&carol, IN, 51);
    assert_eq!(world.settle_one(entry).outcome, NoSpendingAccount);
    assert_eq!(units(&world, &carol), 50, "a skipped entry uses nothing up");
}

#[test]
fn exclusive_sku_is_for_the_entitled_only() {
    let (mut world, alice, launchpad) = launch();
    let bob = world.spender("bob", 1, 1_000);
    let before = world.usage(&bob, IN, 10);
    world.wait(HOUR);
    let until = world.now() + DAY;
    world.ok(&launchpad, grant(&alice, IN, 50, 0, until));
    assert_eq!(
        world.settle_one(before).outcome,
        Charged,
        "calls from before the launch"
    );
    for (user, units, outcome) in [(&bob, 1, NotEntitled), (&alice, 51, NotEntitled), (&alice, 50, Charged)] {
        let entry = world.usage(user, IN, units);
        assert_eq!(world.settle_one(entry).outcome, outcome);
    }
    let other = world.usage(&bob, OUT, 1);
    assert_eq!(world.settle_one(other).outcome, Charged, "another SKU");
    world.wait(DAY - 1);
    let last = world.usage(&bob, IN, 1);
    assert_eq!(world.settle_one(last.clone()).outcome, NotEntitled);
    world.wait(1);
    assert_eq!(
        world.settle_one(last).outcome,
        NotEntitled,
        "settled later, called while exclusive"
    );
    let free = world.usage(&bob, IN, 1);
    assert_eq!(world.settle_one(free).outcome, Charged);
}

#[test]
fn exclusivity_is_only_prolonged_and_starts_anew_later() {
    let (mut world, alice, launchpad) = launch();
    let exclusive = |world: &World| {
        let rate: RateResponse = world.query(&QueryMsg::Rate { sku: IN.into() });
        (rate.exclusive_from, rate.exclusive_until)
    };
    assert_eq!(exclusive(&world), (None, None));
    let start = world.now();
    world.ok(&launchpad, grant(&alice, IN, 1, 0, start + DAY));
    world.wait(HOUR);
    for (until, expected) in [(start, DAY), (start + DAY - 1, DAY), (start + 2 * DAY, 2 * DAY)] {
        world.ok(&launchpad, grant(&alice, IN, 1, 0, until));
        assert_eq!(exclusive(&world), (Some(start), Some(start + expected)));
    }
    world.wait(3 * DAY);
    let again = world.now();
    world.ok(&launchpad, grant(&alice, IN, 1, 0, again + DAY));
    assert_eq!(exclusive(&world), (Some(again), Some(again + DAY)));
}

#[test]
fn champion_calls_for_free_before_money_and_within_the_allowance() {
    let (mut world, alice, _) = launch();
    let (wars, week) = (world.wars.clone(), world.week());
    world.ok(&wars, free_calls(&alice, week, 100));
    let entry = world.usage(&alice, IN, 20);
    let settled = world.settle_one(entry);
    assert_eq!(
        (settled.outcome, settled.charged, settled.free_cost),
        (Charged, amount(0), amount(20))
    );
    // 40 of 60 are still free: a third is charged, the cost follows
    let entry = world.usage(&alice, IN, 20);
    let settled = world.settle_one(entry);
    assert_eq!(
        (settled.charged, settled.free_cost, settled.cost),
        (amount(20), amount(13), amount(6))
    );
    let row = world.week_row(1, week);
    assert_eq!(
        (row.revenue, row.cost, row.free_cost, row.mined),
        (amount(20), amount(6), amount(33), amount(200))
    );
    let left: Option<FreeCallsResponse> = world.query(&QueryMsg::FreeCalls { week });
    assert_eq!(
        left,
        Some(FreeCallsResponse {
            account: alice.to_string(),
            left: amount(0)
        })
    );
}

#[test]
fn free_calls_are_for_the_champion_of_that_week_at_a_gateway_it_opened() {
    let (mut world, alice, _) = launch();
    let bob = world.spender("bob", 2, 1_000);
    let (wars, week) = (world.wars.clone(), world.week());
    world.ok(&wars, free_calls(&alice, week + 1, 100));
    let entry = world.usage(&alice, IN, 1);
    assert_eq!(world.settle_one(entry).charged, amount(3), "not this week");
    world.at(WEEK);
    let entries = vec![world.usage(&alice, OTHER, 5), world.usage(&bob, OTHER, 5)];
    let report = world.report(2, entries);
    let settled = world.settle_report(report);
    let mut outcomes: Vec<_> = settled
        .entries
        .iter()
        .map(|entry| (entry.outcome.code(), entry.charged.u128()))
        .collect();
    outcomes.sort_unstable();
    assert_eq!(
        outcomes,
        [(Charged.code(), 5), (NoSpendingAccount.code(), 0)],
        "no gateway uses up a stranger's calls"
    );
    let entry = world.usage(&alice, IN, 1);
    assert_eq!(world.settle_one(entry).charged, amount(0));
    world.at(2 * WEEK);
    let entry = world.usage(&alice, IN, 1);
    assert_eq!(world.settle_one(entry).charged, amount(3), "not the week after");
}

#[test]
fn free_calls_are_set_once_and_not_for_the_past() {
    let (mut world, alice, _) = launch();
    let (wars, week) = (world.wars.clone(), world.week());
    assert_eq!(world.refused(&wars, free_calls(&alice, week - 1, 1)), 32);
    assert_eq!(world.refused(&wars, free_calls(&alice, week, 10u128.pow(15) + 1)), 29);
    world.ok(&wars, free_calls(&alice, week, 10u128.pow(15)));
    assert_eq!(world.refused(&wars, free_calls(&world.user("bob"), week, 1)), 31);
}

#[test]
fn order_is_entitlement_then_free_calls_then_money() {
    let (mut world, alice, launchpad) = launch();
    let (wars, week) = (world.wars.clone(), world.week());
    world.set_tier(&alice, Tier::Lv2);
    world.ok(&launchpad, grant(&alice, IN, 40, 0, 0));
    world.ok(&wars, free_calls(&alice, week, 100));
    // 60 of 100 units are left: list 180, at 95 % 171, 100 of them free
    let entry = world.usage(&alice, IN, 100);
    let settled = world.settle_one(entry);
    assert_eq!(settled.charged, amount(71));
    // cost 60: ⌊60 · 100/171⌋ free, ⌊60 · 71/171⌋ paid
    assert_eq!((settled.free_cost, settled.cost), (amount(35), amount(24)));
}

#[test]
fn challenged_free_calls_are_not_made_good() {
    let (mut world, alice, _) = launch();
    let (wars, week) = (world.wars.clone(), world.week());
    world.ok(&wars, free_calls(&alice, week, 1_000));
    let entry = world.usage(&alice, IN, 20);
    let report = world.settle(vec![entry]).report;
    assert_eq!(world.week_row(1, week).free_cost, amount(20));
    world.resolve(report, 0, ChargeAction::Hold).unwrap();
    assert_eq!(world.week_row(1, week).free_cost, amount(0));
    world.resolve(report, 0, ChargeAction::Return).unwrap();
    assert_eq!((world.week_row(1, week).free_cost, world.free(&alice)), (amount(0), 0));
}

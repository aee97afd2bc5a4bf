//! ResolveCharge.

use interfaces::credit_vault::ChargeAction::*;
use interfaces::credit_vault::*;

use crate::world::*;

/// A settled charge of 1,001 µCredit with an attested cost of 999; floor ⌈2 %⌉ = 21.
fn charged() -> (World, cosmwasm_std::Addr, ReportRef) {
    let mut world = World::new();
    let alice = world.spender("alice", 2, 10_000);
    let entries = vec![world.usage(&alice, OTHER, 1_001)];
    let report = world.report(2, entries);
    let settled = world.settle_report(report);
    (world, alice, settled.report)
}

#[test]
fn held_charge_stands_apart_and_comes_back_whole() {
    let (mut world, _, report) = charged();
    let week = world.week();
    let before = world.week_row(2, week);
    world.resolve(report, 0, Hold).unwrap();
    let held = world.week_row(2, week);
    assert_eq!(
        (held.revenue, held.held, held.cost),
        (amount(0), amount(1_001), amount(0))
    );
    assert!(world.settlement(report).entries[0].held);
    world.resolve(report, 0, Release).unwrap();
    assert_eq!(world.week_row(2, week), before);
    // and can be held for another challenge
    world.resolve(report, 0, Hold).unwrap();
}

#[test]
fn returned_charge_goes_to_the_account_less_the_floor() {
    let (mut world, alice, report) = charged();
    let (overview, booked) = (world.overview(), world.booked(&alice));
    world.resolve(report, 0, Hold).unwrap();
    let response = world.resolve(report, 0, Return).unwrap();
    assert_eq!(attribute(&response, "charge_returned", "floor").unwrap(), "21");
    assert_eq!(world.free(&alice), 980, "1,001 − ⌈1,001 · 2 %⌉");
    let week = world.week_row(2, world.week());
    assert_eq!(
        (week.revenue, week.held, week.forfeited),
        (amount(0), amount(0), amount(21))
    );
    assert_eq!(
        (world.overview().consumed, world.booked(&alice)),
        (overview.consumed, booked),
        "C and mined LCO stand"
    );
    assert!(world.settlement(report).entries[0].returned);
    world.ok(&alice, redeem(980));
}

#[test]
fn return_follows_a_hold_once() {
    let (mut world, alice, report) = charged();
    for action in [Release, Return] {
        assert_eq!(
            world.resolve(report, 0, action).unwrap_err(),
            20,
            "{action:?} of a charge that stands"
        );
    }
    world.resolve(report, 0, Hold).unwrap();
    assert_eq!(world.resolve(report, 0, Hold).unwrap_err(), 20, "held twice");
    world.resolve(report, 0, Return).unwrap();
    for action in [Hold, Release, Return] {
        assert_eq!(
            world.resolve(report, 0, action).unwrap_err(),
            20,
            "{action:?} of a returned charge"
        );
    }
    assert_eq!(world.free(&alice), 980);
}

#[test]
fn only_what_was_charged_can_be_held() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 100);
    let entries = vec![world.usage(&alice, IN, 10), world.usage(&alice, OTHER, 10)];
    let report = world.settle(entries).report;
    assert_eq!(world.resolve(report, 1, Hold).unwrap_err(), 19, "a skipped entry");
    assert_eq!(world.resolve(report, 2, Hold).unwrap_err(), 18, "no such entry");
    let unknown = ReportRef { seq: 999, ..report };
    assert_eq!(world.resolve(unknown, 0, Hold).unwrap_err(), 17);
    world.resolve(report, 0, Hold).unwrap();
}

#[test]
fn challenge_blocks_nothing_but_the_release_of_its_own_week() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 10_000);
    let first = world.week();
    let entries = vec![world.usage(&alice, IN, 10), world.usage(&alice, OUT, 10)];
    let report = world.settle(entries).report;
    world.resolve(report, 0, Hold).unwrap();
    // further usage, closing and the next week go on
    world.at(WEEK);
    let entry = world.usage(&alice, IN, 10);
    world.settle_one(entry);
    world.at(4 * WEEK);
    world.report_profit(1, first + 1);
    let fund = world.fund.clone();
    let release = ExecuteMsg::ReleaseWeek {
        gateway: 1,
        week: first,
        fund_share: amount(100),
    };
    assert_eq!(world.refused(&fund, release), 23);
    world.resolve(report, 0, Release).unwrap();
    world.report_profit(1, first);
    assert_eq!(world.week_row(1, first).revenue, amount(130));
}

#[test]
fn released_week_takes_no_challenge() {
    let (mut world, _, report) = charged();
    let week = world.week();
    world.at(3 * WEEK);
    world.report_profit(2, week);
    for action in [Hold, Release, Return] {
        assert_eq!(world.resolve(report, 0, action).unwrap_err(), 21);
    }
}

#[test]
fn floor_of_returned_charges_goes_to_the_fund_whole() {
    let (mut world, alice, report) = charged();
    let entries = vec![world.usage(&alice, OTHER, 1_000)];
    let other = world.report(2, entries);
    world.settle_report(other);
    let week = world.week();
    world.resolve(report, 0, Hold).unwrap();
    world.resolve(report, 0, Return).unwrap();
    world.at(3 * WEEK);
    world.report_profit(2, week);
    // cost 0: 20 % of 1,000, and the floor of 21
    assert_eq!(world.free(&world.fund.clone()), 221);
    assert_eq!(world.free(&world.user("payout2")), 800);
}

#[test]
fn returned_credits_are_free_even_if_the_account_is_closed() {
    let (mut world, alice, report) = charged();
    world.resolve(report, 0, Hold).unwrap();
    world.ok(&alice, ExecuteMsg::CloseSpending { gateway: 2 });
    world.wait(DAY);
    world.ok(&alice, ExecuteMsg::WithdrawSpending { gateway: 2 });
    world.resolve(report, 0, Return).unwrap();
    world.ok(&alice, redeem(10_000 - 21));
}

//! What the champion's free calls cost the gateways, and what the fund makes good of it.

use cosmwasm_std::Addr;
use interfaces::compute_wars::{self, Perk};
use interfaces::ecosystem_fund::*;

use crate::world::*;

const FROM: u64 = WEEK + 9 * DAY;

/// First week: alice is charged 60,000 at gateway 1, bob 40,000 at gateway 2; alice wins 1,000 of free calls. Second week: she uses `free` of them at gateways 1
/// and 2 each, at a cost of 80 %, and 1,000 more are charged there.
fn played(free: u128) -> World {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 1_000_000);
    let bob = world.spender("bob", 2, 1_000_000);
    world.settle(&alice, 1, 60_000, 0);
    world.settle(&bob, 2, 40_000, 0);
    world.at(WEEK);
    let (wars, week) = (world.wars.clone(), world.first());
    let anyone = world.anyone();
    world.exec(&anyone, &wars, &compute_wars::ExecuteMsg::Finalize { week });
    let perk = Perk::FreeCalls;
    world.exec(&alice, &wars, &compute_wars::ExecuteMsg::ChoosePerk { week, perk });
    let alice2 = world.spender("alice", 2, 1_000_000);
    assert_eq!(alice, alice2);
    for gateway in [1, 2] {
        world.settle(&alice, gateway, free, free * 8 / 10);
    }
    world.settle(&bob, 2, 1_000, 0);
    let carol = world.spender("carol", 1, 1_000_000);
    world.settle(&carol, 1, 1_000, 0);
    world
}

fn paid(world: &World, gateway: u64) -> (u128, u128) {
    let week = world.first() + 1;
    let row: Option<ReportResponse> = world.query(&QueryMsg::Report { gateway, week });
    let row = row.unwrap();
    (row.free_cost.u128(), row.free_paid.u128())
}

fn pay(gateway: u64, week: u64) -> ExecuteMsg {
    ExecuteMsg::PayFreeCalls { week, gateway }
}

#[test]
fn cost_is_made_good_out_of_the_funds_part() {
    let mut world = played(100);
    world.at(FROM + WEEK);
    let first = world.first();
    world.report(1, first, 0);
    world.report(2, first, 0);
    let before = world.free(&world.payout(1));
    let response = world.report(1, first + 1, 0);
    assert_eq!(attribute(&response, "free_calls_paid", "amount").unwrap(), "80");
    assert_eq!(world.free(&world.payout(1)) - before, 800 + 80);
    world.report(2, first + 1, 0);
    assert_eq!((paid(&world, 1), paid(&world, 2)), ((80, 80), (80, 80)));
    assert_eq!(world.overview().free_calls_paid.u128(), 160);
    let payout = world.payout(1);
    assert_eq!(
        world.refused(&payout, pay(1, first + 1)),
        10,
        "nothing is owed any more"
    );
}

/// 1 % of what was released of the week before, over all gateways: it grows as they report, and what was owed is paid then.
#[test]
fn budget_is_a_hundredth_of_last_weeks_revenue_over_all_gateways() {
    let mut world = played(500);
    world.at(FROM + WEEK);
    let (first, anyone) = (world.first(), world.anyone());
    world.report(1, first + 1, 0);
    assert_eq!(paid(&world, 1), (400, 0), "nothing is known of last week yet");
    assert_eq!(world.refused(&anyone, pay(1, first + 1)), 10);
    assert_eq!(world.refused(&anyone, pay(2, first + 1)), 9, "not released");

    // 1 % of 40,000 is 400, but the fund's part of the second week is 200 so far
    world.report(2, first, 0);
    world.ok(&anyone, pay(1, first + 1));
    assert_eq!(paid(&world, 1), (400, 200));
    world.report(2, first + 1, 0);
    // now the part is 400, which leaves 200; gateway 2, which came last, took them
    assert_eq!(paid(&world, 2), (400, 200));
    let row: WeekResponse = world.query(&QueryMsg::Week { week: first + 1 });
    assert_eq!((row.free_call_budget.u128(), row.free_calls_paid.u128()), (400, 400));
    world.report(1, first, 0);
    assert_eq!(
        world.refused(&anyone, pay(1, first + 1)),
        10,
        "never more than the fund's part of that week"
    );
}

/// The champion uses the whole allowance at two gateways: the sum over both stays within the hundredth.
#[test]
fn sum_over_gateways_is_bounded_not_each() {
    let mut world = played(500);
    let carol = world.user("carol");
    // a large part for the fund, so that only the hundredth binds
    world.settle(&carol, 1, 500_000, 0);
    world.at(FROM + WEEK);
    let first = world.first();
    world.report(2, first, 0); // 1 % of 40,000
    world.report(1, first + 1, 0);
    world.report(2, first + 1, 0);
    assert_eq!((paid(&world, 1), paid(&world, 2)), ((400, 400), (400, 0)));
    world.report(1, first, 0); // 1 % of 100,000
    let anyone = world.anyone();
    world.ok(&anyone, pay(2, first + 1));
    assert_eq!(paid(&world, 2), (400, 400));
}

#[test]
fn what_was_spent_on_buybacks_is_not_there_for_free_calls() {
    let mut world = played(500);
    let carol = world.user("carol");
    world.settle(&carol, 1, 500_000, 0);
    world.at(FROM + WEEK);
    let (first, anyone) = (world.first(), world.anyone());
    world.report(1, first + 1, 0);
    world.at(FRIDAY + WEEK);
    world.buyback();
    assert_eq!(world.overview().pot.u128(), 0);
    world.at(FRIDAY + WEEK + DAY);
    let owed = world.refused(&anyone, pay(1, first + 1));
    assert_eq!(owed, 10, "the pot is empty and the budget unknown");
    world.report(2, first, 0); // 1 % of 40,000 is 400, out of the 8,000 that came with it
    world.ok(&anyone, pay(1, first + 1));
    assert_eq!(paid(&world, 1), (400, 400));
    assert_eq!(world.overview().pot.u128(), 7_600);
}

/// The budget is known, but a Friday came between: what is spent is spent, and what is owed is paid out of what comes in next.
#[test]
fn spent_pot_pays_nothing_until_something_comes_in() {
    let mut world = played(500);
    let carol = world.user("carol");
    world.settle(&carol, 1, 500_000, 0);
    world.at(FROM + WEEK);
    let (first, anyone) = (world.first(), world.anyone());
    world.report(1, first + 1, 0);
    world.report(2, first, 0);
    world.at(FRIDAY + WEEK);
    world.buyback();
    let week: WeekResponse = world.query(&QueryMsg::Week { week: first + 1 });
    assert_eq!((week.free_call_budget.u128(), world.overview().pot.u128()), (400, 0));
    assert_eq!(world.refused(&anyone, pay(1, first + 1)), 10);
    world.report(1, first, 0);
    world.ok(&anyone, pay(1, first + 1));
    assert_eq!(paid(&world, 1), (400, 400));
}

#[test]
fn lowered_share_takes_nothing_back() {
    let mut world = played(500);
    world.at(FROM + WEEK);
    let (first, owner, anyone) = (world.first(), world.user("owner"), world.anyone());
    world.report(2, first, 0);
    world.report(1, first + 1, 0);
    assert_eq!(paid(&world, 1), (400, 200));
    let params = Params {
        free_call_bps: 0,
        ..Params::default()
    };
    world.ok(&owner, ExecuteMsg::SetParams { params });
    assert_eq!(world.refused(&anyone, pay(1, first + 1)), 10);
    assert_eq!(paid(&world, 1), (400, 200));
}

#[test]
fn payee_that_reverts_is_paid_all_the_same() {
    let mut world = played(100);
    let (old, hostile, vault): (Addr, Addr, Addr) = (world.payout(1), world.hostile.clone(), world.vault.clone());
    let msg = interfaces::credit_vault::ExecuteMsg::SetPayout {
        gateway: 1,
        payout: hostile.to_string(),
    };
    world.exec(&old, &vault, &msg);
    world.at(2 * WEEK + 28 * DAY);
    let first = world.first();
    world.close(2, first);
    world.close(1, first + 1);
    assert_eq!(world.free(&hostile), 800 + 80);
}

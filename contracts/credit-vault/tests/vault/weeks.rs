//! ReleaseWeek.

use interfaces::credit_vault::*;

use crate::world::*;

const NINE_DAYS: u64 = 9 * DAY;

/// 30 µCredit of IN and 100 of OUT in one week: revenue 130, cost 10 + 95.
fn earned() -> (World, u64) {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 10_000);
    let week = world.week();
    let entries = vec![world.usage(&alice, IN, 10), world.usage(&alice, OUT, 10)];
    world.settle(entries);
    (world, week)
}

fn release(gateway: u64, week: u64, share: u128) -> ExecuteMsg {
    ExecuteMsg::ReleaseWeek {
        gateway,
        week,
        fund_share: amount(share),
    }
}

#[test]
fn week_is_split_between_fund_and_payout() {
    let (mut world, week) = earned();
    let row = world.week_row(1, week);
    assert_eq!(
        (row.revenue, row.cost, row.releasable_at),
        (amount(130), amount(105), MONDAY + WEEK + NINE_DAYS)
    );
    world.at(WEEK + NINE_DAYS);
    world.report_profit(1, week);
    // profit 25, a fifth of it is 5; the floor ⌈2.6⌉ = 3 is less
    let (fund, payout) = (world.fund.clone(), world.user("payout"));
    assert_eq!((world.free(&fund), world.free(&payout)), (5, 125));
    assert!(world.week_row(1, week).released);
    assert_eq!(world.overview().revenue, amount(0));
    world.ok(&payout, redeem(125));
}

#[test]
fn week_is_released_nine_days_after_its_end_and_once() {
    let (mut world, week) = earned();
    let fund = world.fund.clone();
    for (at, code) in [(1, 22), (WEEK, 22), (WEEK + NINE_DAYS - 1, 22)] {
        world.at(at);
        assert_eq!(world.refused(&fund, release(1, week, 130)), code);
    }
    world.at(WEEK + NINE_DAYS);
    world.ok(&fund, release(1, week, 130));
    assert_eq!(world.refused(&fund, release(1, week, 130)), 21);
    assert_eq!(world.free(&fund), 130);
}

#[test]
fn fund_takes_no_less_than_the_floor_and_no_more_than_there_is() {
    for (share, outcome) in [(0, Err(24)), (2, Err(24)), (3, Ok(())), (130, Ok(())), (131, Err(24))] {
        let (mut world, week) = earned();
        world.at(WEEK + NINE_DAYS);
        let fund = world.fund.clone();
        assert_eq!(
            world.attempt(&fund, release(1, week, share)).map(|_| ()),
            outcome,
            "share {share}"
        );
    }
}

#[test]
fn week_without_usage_and_gateway_without_admission() {
    let (mut world, week) = earned();
    world.at(WEEK + NINE_DAYS);
    let fund = world.fund.clone();
    world.ok(&fund, release(2, week, 0));
    assert_eq!(world.refused(&fund, release(9, week, 0)), 7);
}

#[test]
fn suspended_gateway_is_still_paid_for_what_it_earned() {
    let (mut world, week) = earned();
    world.ok(&world.user("operator"), ExecuteMsg::SuspendGateway { gateway: 1 });
    world.at(WEEK + NINE_DAYS);
    world.report_profit(1, week);
    assert_eq!(world.free(&world.user("payout")), 125);
}

#[test]
fn revenue_stays_locked_without_a_fund() {
    let mut world = World::with(|msg| msg.peers.fund = None);
    let alice = world.spender("alice", 1, 1_000);
    let week = world.week();
    let entry = world.usage(&alice, IN, 10);
    world.settle_one(entry);
    world.at(52 * WEEK);
    for who in ["owner", "operator", "timelock", "oracle", "payout", "alice"] {
        let who = world.user(who);
        assert_eq!(world.refused(&who, release(1, week, 30)), 16);
    }
    assert_eq!(world.overview().revenue, amount(30));
}

#[test]
fn payout_follows_its_holder() {
    let (mut world, week) = earned();
    let (payout, bob) = (world.user("payout"), world.user("bob"));
    world.ok(
        &payout,
        ExecuteMsg::SetPayout {
            gateway: 1,
            payout: bob.to_string(),
        },
    );
    world.at(WEEK + NINE_DAYS);
    world.report_profit(1, week);
    assert_eq!((world.free(&payout), world.free(&bob)), (0, 125));
}

#[test]
fn fund_may_be_the_payout_address() {
    let (mut world, week) = earned();
    let fund = world.fund.to_string();
    world.ok(
        &world.user("payout"),
        ExecuteMsg::SetPayout {
            gateway: 1,
            payout: fund,
        },
    );
    world.at(WEEK + NINE_DAYS);
    world.report_profit(1, week);
    assert_eq!(world.free(&world.fund.clone()), 130);
}

#[test]
fn weeks_are_listed_newest_first() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 10_000);
    let first = world.week();
    for week in 0..5 {
        world.at(week * WEEK);
        let entry = world.usage(&alice, IN, 1 + u128::from(week));
        world.settle_one(entry);
    }
    let page = |start_before, limit| {
        let rows: Vec<WeekResponse> = world.query(&QueryMsg::Weeks {
            gateway: 1,
            start_before,
            limit,
        });
        rows.into_iter()
            .map(|row| (row.week - first, row.revenue.u128()))
            .collect::<Vec<_>>()
    };
    assert_eq!(page(None, None), [(4, 15), (3, 12), (2, 9), (1, 6), (0, 3)]);
    assert_eq!(page(Some(first + 3), Some(2)), [(2, 9), (1, 6)]);
}

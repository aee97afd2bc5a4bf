//! Governance's spending: at most 5 % of a bucket within any 90 days.

use interfaces::token_allocation::*;
use proptest::prelude::*;

use crate::world::*;

/// 5 % of the reserve.
const CAP: u128 = 100_000_000 * ONE;
const WINDOW: u64 = 90 * DAY;

fn spend(world: &World, bucket: Bucket, amount: u128) -> ExecuteMsg {
    ExecuteMsg::Spend {
        bucket,
        to: world.user("bob").into(),
        amount: amount.into(),
    }
}

fn ok(world: &mut World, amount: u128) {
    let msg = spend(world, Bucket::Reserve, amount);
    world.ok("governance", msg);
}

fn refused(world: &mut World, amount: u128) -> u16 {
    let msg = spend(world, Bucket::Reserve, amount);
    world.refused("governance", msg)
}

#[test]
fn five_per_cent_in_ninety_days_to_the_second_and_the_unit() {
    let mut world = World::after_tge(0);
    assert_eq!(world.bucket(Bucket::Reserve).spendable.u128(), CAP);
    assert_eq!(refused(&mut world, CAP + 1), 12);
    assert_eq!(refused(&mut world, 0), 12);
    ok(&mut world, CAP - 5);
    assert_eq!(refused(&mut world, 6), 12);
    ok(&mut world, 5);
    assert_eq!(world.vcai(&world.user("bob")), CAP);
    world.at(TGE_AT + WINDOW - 1);
    assert_eq!(refused(&mut world, 1), 12);
    assert_eq!(world.bucket(Bucket::Reserve).spendable.u128(), 0);
    world.at(TGE_AT + WINDOW);
    assert_eq!(world.bucket(Bucket::Reserve).spendable.u128(), CAP);
    ok(&mut world, CAP);
}

/// A calendar of 90 days would allow twice as much around its boundary.
#[test]
fn no_window_of_ninety_days_holds_more_wherever_it_begins() {
    let mut world = World::after_tge(0);
    world.at(TGE_AT + WINDOW - 1);
    ok(&mut world, CAP);
    world.at(TGE_AT + WINDOW + 1);
    assert_eq!(refused(&mut world, 1), 12);
    world.at(TGE_AT + 2 * WINDOW - 2);
    assert_eq!(refused(&mut world, 1), 12);
    world.at(TGE_AT + 2 * WINDOW - 1);
    ok(&mut world, CAP);
}

/// However many spends fall out of the window at once, a message looks at a hundred; what is not looked at still counts.
#[test]
fn a_hundred_spends_leave_the_window_at_once_and_the_rest_with_the_next_message() {
    let mut world = World::after_tge(0);
    for _ in 0..101 {
        ok(&mut world, 1);
    }
    world.at(TGE_AT + WINDOW);
    assert_eq!(world.bucket(Bucket::Reserve).spendable.u128(), CAP - 1);
    ok(&mut world, CAP - 1);
    assert_eq!(world.bucket(Bucket::Reserve).spendable.u128(), 1);
}

#[test]
fn what_the_pool_did_not_take_is_spent_by_governance_too() {
    let mut world = World::after_tge(3_000);
    let cap = 5_000_000 * ONE;
    let msg = spend(&world, Bucket::Liquidity, cap + 1);
    assert_eq!(world.refused("governance", msg), 12);
    let msg = spend(&world, Bucket::Liquidity, cap);
    for quarter in 0..8 {
        world.at(TGE_AT + quarter * WINDOW);
        world.ok("governance", msg.clone());
    }
    world.at(TGE_AT + 8 * WINDOW);
    assert_eq!(world.bucket(Bucket::Liquidity).free.u128(), 0);
    let msg = spend(&world, Bucket::Liquidity, 1);
    assert_eq!(world.refused("governance", msg), 11);
    assert_eq!(world.bucket(Bucket::Liquidity).spendable.u128(), 0);
}

#[test]
fn other_buckets_are_not_spent() {
    let mut world = World::after_tge(0);
    for bucket in [
        Bucket::Private,
        Bucket::Public,
        Bucket::Team,
        Bucket::Employees,
        Bucket::Advisors,
        Bucket::Incentives,
        Bucket::Issued,
    ] {
        let msg = spend(&world, bucket, 1);
        assert_eq!(world.refused("governance", msg), 10, "{bucket:?}");
        assert_eq!(world.bucket(bucket).spendable.u128(), 0);
    }
}

#[test]
fn spends_are_recorded_and_pages_join() {
    let mut world = World::after_tge(100);
    for amount in 1..=4 {
        ok(&mut world, amount);
    }
    let msg = spend(&world, Bucket::Liquidity, 9);
    world.ok("governance", msg);
    let page = |bucket, start_before, limit| -> Vec<(u64, u128)> {
        let query = QueryMsg::Spends {
            bucket,
            start_before,
            limit,
        };
        let rows: Vec<SpendResponse> = world.query(&query);
        rows.into_iter().map(|row| (row.n, row.amount.u128())).collect()
    };
    assert_eq!(page(Bucket::Reserve, None, Some(3)), [(4, 4), (3, 3), (2, 2)]);
    assert_eq!(page(Bucket::Reserve, Some(2), None), [(1, 1)]);
    assert_eq!(page(Bucket::Liquidity, None, None), [(1, 9)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Against the sum over all spends of the last ninety days, each time anew.
    #[test]
    fn spendable_is_what_the_last_ninety_days_left(steps in prop::collection::vec((0..40 * DAY, 1..CAP), 1..25)) {
        let mut world = World::after_tge(0);
        let mut spent: Vec<(u64, u128)> = vec![];
        for (wait, amount) in steps {
            world.wait(wait);
            let now = world.now();
            let recent: u128 = spent.iter().filter(|row| row.0 + WINDOW > now).map(|row| row.1).sum();
            prop_assert_eq!(world.bucket(Bucket::Reserve).spendable.u128(), CAP - recent);
            let msg = spend(&world, Bucket::Reserve, amount);
            let works = world.send("governance", &msg).is_ok();
            prop_assert_eq!(works, recent + amount <= CAP);
            if works {
                spent.push((now, amount));
            }
        }
        world.check_laws();
    }
}

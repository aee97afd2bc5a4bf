//! What must hold whoever does what when.

use cosmwasm_std::Addr;
use math::vote_escrow::slope;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::bench::*;
use crate::model::same;
use crate::reference::{shares, Frac};

fn runner() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// Draws from a fixed seed, so that a failure is the same every time.
fn drawn<S: Strategy>(strategy: S, runner: &mut TestRunner) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

fn users<const N: usize>(bench: &Bench, names: [&str; N]) -> [Addr; N] {
    names.map(|name| bench.user(name))
}

/// Twenty days of fundings, locks of many lengths and their ends; `poke` is called with every second in between that `times` names.
fn twenty_days(times: &[u64], mut poke: impl FnMut(&mut Bench, usize)) -> (Bench, Vec<Addr>) {
    let mut bench = Bench::new();
    let all: Vec<Addr> = (0..12).map(|index| bench.user(&format!("user{index}"))).collect();
    let mut planned: Vec<(u64, usize)> = (0..40).map(|half| (NOW + half * DAY / 2 + 1_234, usize::MAX)).collect();
    planned.extend(times.iter().enumerate().map(|(index, time)| (*time, index)));
    planned.sort_unstable();
    for (time, index) in planned {
        bench.wait_until(time);
        if index != usize::MAX {
            poke(&mut bench, index);
            continue;
        }
        let half = (time - NOW) / (DAY / 2);
        bench.fund(999_983 + u128::from(half * half) * 7_919_999_993);
        if half < 24 && half % 2 == 0 {
            let user = &all[half as usize / 2];
            let vcai = 10_000 + u128::from(half.pow(4)) * 1_000;
            bench.lock(user, vcai, NOW + (half / 2 + 1 + half % 5) * DAY);
        }
    }
    bench.wait_until(NOW + 25 * DAY);
    (bench, all)
}

#[test]
fn fifteen_hundred_random_pokes_change_no_entitlement() {
    let mut runner = runner();
    let times: Vec<u64> = (0..1_500).map(|_| NOW + drawn(0..21 * DAY, &mut runner)).collect();
    let (calm, all) = twenty_days(&[], |_, _| {});
    let (poked, _) = twenty_days(&times, |bench, index| {
        match index % 3 {
            0 => bench.sync(),
            1 => bench.mark(),
            _ => {
                let user = bench.user(&format!("user{}", index % 12));
                bench.claim(&user);
            }
        };
    });
    let earned = |bench: &Bench| all.iter().map(|user| bench.earned(user)).collect::<Vec<_>>();
    assert_eq!(earned(&poked), earned(&calm));
    assert!(earned(&calm).iter().sum::<u128>() > 0);
    let [calm, poked] = [calm, poked].map(|bench| bench.overview().waiting.u128());
    assert!(calm > 0);
    assert_eq!(poked, calm, "for nobody");
}

#[test]
fn order_within_a_second_changes_nothing() {
    let run = |order: [usize; 4]| {
        let mut bench = Bench::new();
        let all = users(&bench, ["alice", "bob", "carol", "dave"]);
        bench.lock(&all[0], 50_000, NOW + 4 * DAY);
        bench.fund(777_777_777);
        bench.wait(DAY + DAY / 3);
        // locks, a funding and claims in the same second, in some order
        for step in order {
            match step {
                0 => bench.lock(&all[0], 70_000, NOW + 4 * DAY),
                1 => bench.lock(&all[1], 10_000, NOW + 3 * DAY),
                2 => bench.fund(123_456_789),
                _ => assert!(bench.claim(&all[0]) > 0),
            }
        }
        bench.wait(DAY);
        let paid: u128 = order.iter().map(|step| bench.claim(&all[*step])).sum();
        assert!(paid > 0);
        bench.wait(5 * DAY);
        all.map(|user| bench.earned(&user))
    };
    let first = run([0, 1, 2, 3]);
    assert!(first[1] > 0);
    for order in [[3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
        assert_eq!(run(order), first, "{order:?}");
    }
}

#[test]
fn one_claim_after_ten_years_pays_what_3650_daily_claims_pay() {
    let mut bench = Bench::new();
    let [daily, once, other] = users(&bench, ["daily", "once", "other"]);
    let mut runner = runner();
    let mut paid = 0;
    for day in 0..3_650u64 {
        bench.wait_until(NOW + day * DAY + drawn(0..DAY, &mut runner));
        // the same lock, extended every three years; others come and go
        if day % 1_000 == 0 {
            for user in [&daily, &once] {
                bench.lock(user, 30_000 + u128::from(day), NOW + (day + 1_400) * DAY);
            }
        }
        if day % 50 == 0 {
            bench.lock(&other, 500_000, NOW + (day + 20) * DAY);
        }
        bench.fund(drawn(1u128..1_000_000_000, &mut runner));
        paid += bench.claim(&daily);
    }
    bench.wait_until(NOW + 3_660 * DAY);
    paid += bench.claim(&daily);
    let single = bench.claim(&once);
    assert!(single > 0);
    assert_eq!(single, paid);
}

#[test]
fn a_claim_years_after_the_end_pays_what_it_paid_then() {
    let mut bench = Bench::new();
    let [alice, bob] = users(&bench, ["alice", "bob"]);
    bench.lock(&alice, 20_000, NOW + 5 * DAY);
    bench.lock(&bob, 20_000, NOW + 1_400 * DAY);
    for _ in 0..10 {
        bench.fund(1_000_000_007);
        bench.wait(DAY);
    }
    let at_first = bench.account(&alice).claimable;
    assert!(at_first.u128() > 0);
    bench.wait(6 * YEAR);
    assert_eq!(bench.account(&alice).claimable, at_first);
    assert_eq!(bench.claim(&alice), at_first.u128());
    assert_eq!(bench.try_claim(&alice).unwrap_err().code(), 2);
}

#[test]
fn while_nobody_is_locked_the_stream_pauses_and_nothing_is_lost() {
    let mut bench = Bench::new();
    let [alice, bob] = users(&bench, ["alice", "bob"]);
    // funded before anybody came: it waits
    bench.fund(1_000_000_000);
    bench.wait(100 * DAY);
    let view = bench.overview();
    assert_eq!((view.waiting.u128(), view.streaming.u128()), (1_000_000_000, 0));
    // it flows over the first day that begins with a lock, whoever else comes until then
    bench.wait(DAY / 2);
    bench.lock(&alice, 10_000, NOW + 103 * DAY);
    bench.wait(DAY / 2);
    assert_eq!(bench.earned(&alice), 0);
    bench.wait(DAY / 2);
    assert!(same(bench.earned(&alice), 500_000_000), "{}", bench.earned(&alice));
    bench.fund(500_000_000);
    bench.wait(DAY + DAY / 2);
    // both days flowed, and her lock ended
    let earned = bench.earned(&alice);
    assert!(same(earned, 1_500_000_000), "{earned}");
    // funded while nobody is locked, in the middle of nowhere
    bench.fund(300_000_000);
    bench.wait(40 * DAY);
    assert_eq!(bench.earned(&alice), earned, "no windfall for who has left");
    bench.lock(&bob, 10_000, bench.now() + 9 * DAY);
    bench.wait(2 * DAY);
    assert!(same(bench.earned(&bob), 300_000_000), "{}", bench.earned(&bob));
    let view = bench.overview();
    assert!(view.funded.u128() - bench.earned(&alice) - bench.earned(&bob) <= 3);
}

#[test]
fn whoever_comes_first_after_a_pause_shares_with_all_of_that_day() {
    let mut bench = Bench::new();
    let [alice, bob] = users(&bench, ["alice", "bob"]);
    bench.fund(1_000_000_000);
    bench.wait(9 * DAY);
    bench.lock(&alice, 10_000, NOW + 20 * DAY);
    bench.wait(DAY - 1);
    bench.lock(&bob, 10_000, NOW + 20 * DAY);
    bench.wait(2 * DAY);
    assert_eq!(bench.earned(&alice), bench.earned(&bob));
    assert!(same(bench.earned(&alice), 500_000_000));
}

#[test]
fn a_pause_ends_on_the_same_day_however_late_anybody_looks() {
    let run = |look: &[u64]| {
        let mut bench = Bench::new();
        let all = users(&bench, ["alice", "bob"]);
        bench.lock(&all[0], 10_000, NOW + 2 * DAY);
        bench.fund(1_000);
        for day in 1..60u64 {
            bench.wait_until(NOW + day * DAY + 5);
            match day {
                // flows to nobody, as alice's lock has ended
                4 => bench.fund(1_000_000),
                // a state of the sums with nobody in it
                5 => bench.mark(),
                9 => bench.lock(&all[1], 10_000, NOW + 11 * DAY),
                14 => bench.lock(&all[0], 10_000, NOW + 50 * DAY),
                _ => {}
            }
            if look.contains(&day) {
                bench.sync();
            }
        }
        all.map(|user| bench.earned(&user))
    };
    let [alice, bob] = run(&[]);
    assert!(same(alice, 1_000) && same(bob, 1_000_000), "{alice} {bob}");
    for look in [&[4][..], &[5, 10], &[9], &[12, 13, 14], &[30]] {
        assert_eq!(run(look), [alice, bob], "{look:?}");
    }
}

#[test]
fn all_locks_ending_in_the_same_segment_share_everything() {
    let mut bench = Bench::new();
    let all = users(&bench, ["alice", "bob", "carol"]);
    for (user, vcai) in all.iter().zip([10_000, 40_000, 90_000]) {
        bench.lock(user, vcai, NOW + 2 * DAY);
    }
    bench.fund(600_000_000);
    bench.wait(DAY);
    bench.fund(77);
    bench.wait(DAY);
    // by slope: 1 : 2 : 3, each rounded down
    let earned = all.clone().map(|user| bench.earned(&user));
    for (earned, exact) in earned.iter().zip([100_000_000, 200_000_000, 300_000_000]) {
        assert!(exact - earned <= 1, "{earned}");
    }
    bench.wait(DAY);
    assert_eq!(all.map(|user| bench.earned(&user)), earned);
    assert_eq!(bench.overview().waiting.u128(), 77, "nobody was left for the next day");
}

#[test]
fn locks_made_and_ended_in_the_boundary_second() {
    let mut bench = Bench::new();
    let [alice, bob, carol] = users(&bench, ["alice", "bob", "carol"]);
    bench.wait(DAY - 1);
    // the last second of a day counts for the next one
    bench.lock(&alice, 10_000, NOW + 2 * DAY);
    bench.fund(400_000_000);
    bench.wait(1);
    // its first second does not
    bench.lock(&carol, 10_000_000, NOW + 2 * DAY);
    bench.wait(DAY);
    assert_eq!(bench.earned(&carol), 0);
    // in the second of alice's end: bob locks, both claim, funds arrive
    bench.lock(&bob, 10_000, NOW + 4 * DAY);
    bench.fund(100_000_000);
    let paid = bench.claim(&alice);
    assert!(same(paid, 400_000_000), "{paid}");
    assert_eq!(bench.claim(&bob), 0);
    // and she locks again in it
    bench.lock(&alice, 10_000, NOW + 4 * DAY);
    bench.wait(DAY);
    assert_eq!(
        bench.earned(&bob),
        0,
        "what arrived in the first second of a day flows on the next"
    );
    bench.wait(DAY);
    let [of_alice, of_bob] = [&alice, &bob].map(|user| bench.account(user).claimable.u128());
    assert!(
        same(of_alice, 50_000_000) && same(of_bob, 50_000_000),
        "{of_alice} {of_bob}"
    );
    bench.wait(1);
    let after = bench.account(&alice).claimable.u128();
    assert_eq!(after, of_alice, "nothing after the end");
}

#[test]
fn a_change_counts_from_the_next_midnight_and_takes_nothing_back() {
    let mut bench = Bench::new();
    let [alice, bob] = users(&bench, ["alice", "bob"]);
    for user in [&alice, &bob] {
        bench.lock(user, 10_000, NOW + 3 * DAY);
    }
    bench.fund(1_000_000);
    bench.wait(DAY + 1);
    // four times the amount, twice the slope; and extended on the day it would have ended
    bench.lock(&alice, 40_000, NOW + 3 * DAY);
    bench.fund(3_000_000);
    bench.wait(DAY - 1);
    assert!(same(bench.earned(&alice), 500_000));
    bench.lock(&alice, 40_000, NOW + 5 * DAY);
    bench.fund(8_000);
    bench.wait(DAY);
    assert!(same(bench.earned(&alice), 2_500_000), "{}", bench.earned(&alice));
    assert!(same(bench.earned(&bob), 1_500_000));
    bench.wait(9 * DAY);
    assert!(same(bench.earned(&alice), 2_508_000), "alone on the day after");
}

#[test]
fn several_changes_of_a_day_are_one() {
    let mut bench = Bench::new();
    let [alice, bob] = users(&bench, ["alice", "bob"]);
    for hour in 0..23u128 {
        bench.lock(&alice, 10_000 + hour, NOW + 30 * DAY);
        bench.wait(3_600);
    }
    bench.lock(&alice, 40_000, NOW + 30 * DAY);
    bench.lock(&bob, 10_000, NOW + 30 * DAY);
    bench.fund(3_000_000);
    bench.wait(2 * DAY);
    bench.take_asked();
    assert!(same(bench.claim(&alice), 2_000_000));
    // the sums, two rows of the lock, and the days since: not one for each change
    assert!(bench.take_asked() <= 8);
}

#[test]
fn dust_slows_nobody_and_is_not_lost() {
    let run = |dust: bool| {
        let mut bench = Bench::new();
        let alice = bench.user("alice");
        bench.lock(&alice, 10_000, NOW + 30 * DAY);
        bench.fund(1_000_000_000);
        let mut curve = vec![];
        for _ in 0..200 {
            if dust {
                bench.fund(1);
            }
            bench.wait(864);
            curve.push(bench.earned(&alice));
        }
        (curve, bench)
    };
    let (with, mut bench) = run(true);
    let (without, _) = run(false);
    for (with, without) in with.iter().zip(&without) {
        assert!(with >= without && with - without <= 200, "{with} {without}");
    }
    bench.wait(3 * DAY);
    let earned = bench.earned(&bench.user("alice"));
    assert_eq!(earned, 1_000_000_199, "all but the last fraction");
}

#[test]
fn shares_are_the_integral_of_the_decaying_weight() {
    // one long lock, one that ends with the day, one on the day after
    let mut bench = Bench::new();
    let all = users(&bench, ["long", "short", "next"]);
    let locks = [
        (10_000, NOW + 1_461 * DAY),
        (1_000_000, NOW + 2 * DAY),
        (500_000, NOW + 3 * DAY),
    ];
    for (user, (vcai, end)) in all.iter().zip(locks) {
        bench.lock(user, vcai, end);
    }
    bench.fund(1_000_000_000_000);
    bench.wait(2 * DAY);
    let weighed = locks.map(|(vcai, end)| (slope(vcai * VCAI).unwrap(), end));
    let expected = shares(&weighed, NOW + DAY, NOW + 2 * DAY, &Frac::whole(1_000_000_000_000));
    for (user, share) in all.iter().zip(expected) {
        assert!(same(bench.earned(user), share.floor()), "{user}");
    }
}

#[test]
fn a_day_flows_evenly_and_a_claim_within_it_costs_nothing() {
    let mut bench = Bench::new();
    let [alice, bob] = users(&bench, ["alice", "bob"]);
    bench.lock(&alice, 10_000, NOW + 2 * DAY);
    bench.lock(&bob, 70_000, NOW + 900 * DAY);
    bench.fund(1_000_000_000_007);
    bench.wait(DAY);
    let all = bench.account(&alice).daily.u128();
    for second in [1, 2, 86_399 - 3] {
        bench.wait(second);
        let elapsed = bench.now() % DAY;
        let flowed = all * u128::from(elapsed) / u128::from(DAY);
        assert!(bench.earned(&alice).abs_diff(flowed) <= 1);
        bench.claim(&alice);
    }
    bench.wait(1);
    assert_eq!(bench.earned(&alice), all);
}

#[test]
fn flash_lock_around_a_buyback_earns_nothing_of_its_day() {
    let mut bench = Bench::new();
    let [alice, mallory] = users(&bench, ["alice", "mallory"]);
    bench.lock(&alice, 10_000, NOW + 1_000 * DAY);
    bench.fund(5_000_000);
    bench.wait(DAY + DAY / 2);
    // in the block of the buyback, before and after it
    bench.lock(&mallory, 100_000_000, NOW + 9 * DAY);
    bench.fund(1_000_000_000_000);
    bench.wait(DAY / 2);
    assert_eq!(bench.earned(&mallory), 0);
    assert!(same(bench.earned(&alice), 5_000_000), "not diluted either");
    bench.wait(6);
    // six seconds of the next day, with seven days more to go
    assert!(bench.earned(&mallory) <= 1_000_000_000_000 * 6 / 86_400);
}

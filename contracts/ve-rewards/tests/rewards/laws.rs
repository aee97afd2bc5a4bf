//! What must hold whoever does what when.

use cosmwasm_std::Addr;
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
            bench.lock(
                user,
                decay(
                    10_000 + u128::from(half.pow(4)) * 1_000,
                    NOW + (half / 2 + 1 + half % 5) * DAY,
                ),
            );
        }
    }
    bench.wait_until(NOW + 25 * DAY);
    (bench, all)
}

#[test]
fn fifteen_hundred_random_pokes_change_an_entitlement_by_at_most_a_unit() {
    let mut runner = runner();
    let times: Vec<u64> = (0..1_500).map(|_| NOW + drawn(0..21 * DAY, &mut runner)).collect();
    let (calm, all) = twenty_days(&[], |_, _| {});
    let (poked, _) = twenty_days(&times, |bench, index| {
        if index % 3 == 0 {
            bench.sync(None).unwrap();
        } else {
            let user = bench.user(&format!("user{}", index % 12));
            bench.claim(&user);
        }
    });
    let mut total = 0;
    for user in &all {
        let (once, often) = (calm.earned(user), poked.earned(user));
        assert!(same(often, once), "{often} and {once}");
        total += once;
    }
    assert!(total > 0);
    let [calm, poked] = [calm, poked].map(|bench| bench.overview().waiting.u128());
    assert!(calm > 0 && same(poked, calm), "{poked} and {calm} for nobody");
}

#[test]
fn order_within_a_second_changes_nothing() {
    let run = |order: [usize; 4]| {
        let mut bench = Bench::new();
        let all = users(&bench, ["alice", "bob", "carol", "dave"]);
        bench.lock(&all[0], decay(50_000, NOW + 3 * DAY));
        bench.fund(777_777_777);
        bench.wait(DAY / 3);
        // locks, a funding and claims in the same second, in some order
        for step in order {
            match step {
                0 => bench.lock(&all[0], decay(70_000, NOW + 3 * DAY)),
                1 => bench.lock(&all[1], decay(10_000, NOW + 2 * DAY)),
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
                bench.lock(user, decay(30_000 + u128::from(day), NOW + (day + 1_400) * DAY));
            }
        }
        if day % 50 == 0 {
            bench.lock(&other, decay(500_000, NOW + (day + 20) * DAY));
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
    bench.lock(&alice, decay(20_000, NOW + 5 * DAY));
    bench.lock(&bob, decay(20_000, NOW + 1_400 * DAY));
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
    assert_eq!(
        (bench.overview().waiting.u128(), bench.overview().streaming.u128()),
        (1_000_000_000, 0)
    );
    // the first finds no heap: it flows over this day and the next
    bench.lock(&alice, decay(10_000, bench.now() + 2 * DAY));
    assert_eq!(bench.earned(&alice), 0);
    bench.wait(DAY / 2);
    assert!(same(bench.earned(&alice), 250_000_000), "{}", bench.earned(&alice));
    bench.fund(500_000_000);
    bench.wait(DAY + DAY / 2);
    // both streams ended when her lock did
    let earned = bench.earned(&alice);
    assert!(same(earned, 1_500_000_000), "{earned}");
    // funded while nobody is locked, in the middle of nowhere
    bench.fund(300_000_000);
    bench.wait(40 * DAY);
    assert_eq!(bench.earned(&alice), earned, "no windfall for who has left");
    bench.lock(&bob, decay(10_000, bench.now() + 9 * DAY));
    bench.wait(2 * DAY);
    assert!(same(bench.earned(&bob), 300_000_000), "{}", bench.earned(&bob));
    let view = bench.overview();
    assert!(view.funded.u128() - bench.earned(&alice) - bench.earned(&bob) <= 3);
}

#[test]
fn a_stream_that_loses_its_last_lock_resumes_with_the_next() {
    let mut bench = Bench::new();
    let [alice, bob] = users(&bench, ["alice", "bob"]);
    bench.lock(&alice, decay(10_000, NOW + DAY));
    bench.wait(DAY / 2);
    // 36 hours of stream, of which she is there for 12
    bench.fund(900_000_000);
    bench.wait(DAY / 2 + 3_600);
    assert!(same(bench.earned(&alice), 300_000_000));
    // an hour later bob comes: he gets the rest as it flows, and what the empty hour had over two days
    bench.lock(&bob, decay(10_000, NOW + 9 * DAY));
    assert_eq!(bench.earned(&bob), 0);
    bench.wait(3_600);
    let hourly = 25_000_000 + 25_000_000 / 47;
    assert!(bench.earned(&bob).abs_diff(hourly) <= 1, "{}", bench.earned(&bob));
    bench.wait(3 * DAY);
    assert!(same(bench.earned(&bob), 600_000_000));
}

#[test]
fn all_locks_ending_in_the_same_segment_share_everything() {
    let mut bench = Bench::new();
    let all = users(&bench, ["alice", "bob", "carol"]);
    for (user, vcai) in all.iter().zip([10_000, 40_000, 90_000]) {
        bench.lock(user, decay(vcai, NOW + DAY));
    }
    bench.fund(1_200_000_000);
    bench.wait(DAY);
    // the first day's half, by slope: 1 : 2 : 3, each rounded down
    let earned = all.clone().map(|user| bench.earned(&user));
    for (earned, exact) in earned.iter().zip([100_000_000, 200_000_000, 300_000_000]) {
        assert!(exact - earned <= 1, "{earned}");
    }
    bench.wait(DAY);
    assert_eq!(all.map(|user| bench.earned(&user)), earned);
    assert!(same(bench.overview().waiting.u128(), 600_000_000), "the second day's");
}

#[test]
fn all_locks_ending_together_under_pokes_still_share_by_slope() {
    let mut bench = Bench::new();
    let all = users(&bench, ["alice", "bob"]);
    for (user, vcai) in all.iter().zip([10_000, 40_000]) {
        bench.lock(user, decay(vcai, NOW + DAY));
    }
    bench.fund(600_000_000);
    // up to the last second before the end
    for seconds in [1, DAY / 2, DAY / 4, DAY / 4 - 3, 1, 1] {
        bench.wait(seconds);
        bench.sync(None).unwrap();
    }
    let [alice, bob] = all.map(|user| bench.earned(&user));
    assert!(same(alice, 100_000_000) && same(bob, 200_000_000), "{alice} {bob}");
}

#[test]
fn locks_made_and_ended_in_the_boundary_second() {
    let mut bench = Bench::new();
    let [alice, bob] = users(&bench, ["alice", "bob"]);
    bench.lock(&alice, decay(10_000, NOW + DAY));
    bench.fund(400_000_000);
    bench.wait(DAY);
    // in the second of alice's end: bob locks, both claim, funds arrive
    bench.lock(&bob, decay(10_000, NOW + 2 * DAY));
    bench.fund(100_000_000);
    let paid = bench.claim(&alice);
    assert!(same(paid, 200_000_000), "{paid}");
    assert_eq!(bench.claim(&bob), 0);
    // and she locks again in it
    bench.lock(&alice, decay(10_000, NOW + 2 * DAY));
    bench.wait(DAY);
    // the second half and half of the new funds, shared by two equal locks
    let [of_alice, of_bob] = [&alice, &bob].map(|user| bench.account(user).claimable.u128());
    assert!(
        same(of_alice, 125_000_000) && same(of_bob, 125_000_000),
        "{of_alice} {of_bob}"
    );
    bench.wait(1);
    assert_eq!(
        bench.account(&alice).claimable.u128(),
        of_alice,
        "nothing after the end"
    );
}

#[test]
fn dust_slows_nobody_and_is_not_lost() {
    let run = |dust: bool| {
        let mut bench = Bench::new();
        let alice = bench.user("alice");
        bench.lock(&alice, decay(10_000, NOW + 30 * DAY));
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
    assert_eq!(
        bench.earned(&bench.user("alice")),
        1_000_000_199,
        "all but the last fraction"
    );
}

#[test]
fn rewards_follow_the_decaying_weight_of_every_second() {
    // one long lock and one that ends tomorrow: the second's share falls towards its end
    let mut bench = Bench::new();
    let [long, short] = users(&bench, ["long", "short"]);
    bench.lock(&long, decay(10_000, NOW + 1_461 * DAY));
    bench.lock(&short, decay(1_000_000, NOW + DAY));
    bench.fund(2_000_000_000_000);
    bench.wait(DAY / 2);
    let morning = bench.earned(&short);
    bench.wait(DAY / 2);
    let evening = bench.earned(&short) - morning;
    assert!(evening < morning);
    let locks =
        [decay(10_000, NOW + 1_461 * DAY), decay(1_000_000, NOW + DAY)].map(|lock| (lock.slope.u128(), lock.end));
    let expected = shares(&locks, NOW, NOW + DAY, &Frac::whole(1_000_000_000_000));
    assert!(same(bench.earned(&long), expected[0].floor()));
    assert!(same(bench.earned(&short), expected[1].floor()));
}

#[test]
fn flash_lock_around_a_buyback_earns_its_seconds_only() {
    let mut bench = Bench::new();
    let [alice, mallory] = users(&bench, ["alice", "mallory"]);
    bench.lock(&alice, decay(10_000, NOW + 1_000 * DAY));
    bench.wait(DAY / 2);
    // in the block of the buyback, before and after it
    bench.lock(&mallory, decay(100_000_000, NOW + 8 * DAY));
    bench.fund(1_000_000_000_000);
    assert_eq!((bench.claim(&mallory), bench.earned(&alice)), (0, 0));
    bench.wait(6);
    // six seconds of 36 hours, of which she has a part
    assert!(bench.earned(&mallory) <= 1_000_000_000_000 * 6 / 129_600);
}

//! Catching up, and what is refused.

use cosmwasm_std::{to_json_binary, Empty};
use cw20::Cw20ReceiveMsg;
use interfaces::ve_rewards::{Decay, ExecuteMsg, MAX_SYNC, STEPS};

use crate::bench::*;

/// Sixty locks that end on sixty days, and a stream into the first two.
fn sixty_endings() -> Bench {
    let mut bench = Bench::new();
    for day in 1..=60 {
        let user = bench.user(&format!("user{day}"));
        bench.lock(&user, decay(10_000, NOW + day * DAY));
    }
    bench.fund(1_000_000_000);
    bench
}

#[test]
fn after_too_many_days_handlers_ask_for_a_sync_and_it_changes_nothing() {
    let mut bench = sixty_endings();
    let (user, late) = (bench.user("user60"), bench.user("late"));
    bench.wait(61 * DAY);
    let earned = bench.earned(&user);
    assert!(earned > 0);
    assert_eq!(bench.try_claim(&user).unwrap_err().code(), 3);
    assert_eq!(bench.try_fund(1).unwrap_err().code(), 3);
    let after = decay(10_000, NOW + 90 * DAY);
    assert_eq!(bench.try_lock(&late, Decay::default(), after).unwrap_err().code(), 3);
    assert_eq!(bench.earned(&user), earned, "questions need no sync");

    bench.sync(None).unwrap();
    assert_eq!(bench.overview().synced, NOW + u64::from(STEPS) * DAY);
    bench.sync(None).unwrap();
    assert_eq!(bench.overview().synced, bench.now());
    assert_eq!(bench.claim(&user), earned);
    bench.lock(&late, after);
}

#[test]
fn sync_goes_as_far_as_its_limit() {
    for (limit, reached) in [(Some(1), 1), (Some(7), 7), (Some(60), 60), (Some(MAX_SYNC), 70)] {
        let mut bench = sixty_endings();
        bench.wait(70 * DAY);
        bench.sync(limit).unwrap();
        assert_eq!(bench.overview().synced, NOW + reached * DAY, "{limit:?}");
    }
    let mut bench = Bench::new();
    for limit in [0, MAX_SYNC + 1] {
        assert_eq!(bench.sync(Some(limit)).unwrap_err().code(), 4);
    }
    bench.sync(Some(1)).unwrap();
}

#[test]
fn idle_years_without_endings_are_one_step() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, decay(10_000, NOW + 1_461 * DAY));
    bench.fund(1_000_000_000);
    bench.wait(1_400 * DAY);
    bench.fund(1_000_000_000);
    bench.wait(10 * DAY);
    assert_eq!(bench.claim(&alice), 1_999_999_999, "all but a fraction");
}

#[test]
fn only_the_treasury_funds() {
    let mut bench = Bench::new();
    let [token, mallory, treasury] = ["vcai", "mallory", "treasury"].map(|name| bench.user(name));
    assert_eq!(bench.send(&token, Bench::notice(&mallory, 5)).unwrap_err().code(), 911);
    assert_eq!(
        bench.send(&mallory, Bench::notice(&treasury, 5)).unwrap_err().code(),
        911,
        "a forged token"
    );
    assert_eq!(bench.try_fund(0).unwrap_err().code(), 1);
    let msg = ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: treasury.to_string(),
        amount: amount(5),
        msg: to_json_binary(&Empty {}).unwrap(),
    });
    assert_eq!(bench.send(&token, msg).unwrap_err().code(), 900);
    assert_eq!(bench.overview().funded, amount(0));
}

#[test]
fn locks_that_are_none_are_refused() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    let good = decay(10_000, NOW + DAY);
    bench.wait(1);
    for (name, after) in [
        (
            "no slope",
            Decay {
                slope: amount(0),
                ..good
            },
        ),
        (
            "within a day",
            Decay {
                end: NOW + DAY + 1,
                ..good
            },
        ),
        ("ended", Decay { end: NOW, ..good }),
        ("nothing", Decay::default()),
    ] {
        assert_eq!(
            bench.try_lock(&alice, Decay::default(), after).unwrap_err().code(),
            6,
            "{name}"
        );
    }
    bench.try_lock(&alice, Decay::default(), good).unwrap();
}

#[test]
fn an_escrow_out_of_step_is_refused() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    let (first, second) = (decay(10_000, NOW + 9 * DAY), decay(20_000, NOW + 9 * DAY));
    assert_eq!(
        bench.try_lock(&alice, first, second).unwrap_err().code(),
        5,
        "it never began"
    );
    bench.lock(&alice, first);
    assert_eq!(
        bench.try_lock(&alice, Decay::default(), second).unwrap_err().code(),
        5,
        "it is there"
    );
    assert_eq!(bench.try_lock(&alice, second, second).unwrap_err().code(), 5, "another");
    bench.wait(9 * DAY);
    let third = decay(10_000, NOW + 20 * DAY);
    assert_eq!(
        bench.try_lock(&alice, first, third).unwrap_err().code(),
        5,
        "it has ended"
    );
    bench.lock(&alice, third);
}

#[test]
fn nobody_claims_what_another_earned() {
    let mut bench = Bench::new();
    let [alice, mallory] = ["alice", "mallory"].map(|name| bench.user(name));
    bench.lock(&alice, decay(10_000, NOW + 9 * DAY));
    bench.fund(1_000_000);
    bench.wait(DAY);
    assert_eq!(bench.try_claim(&mallory).unwrap_err().code(), 2);
    assert_eq!(bench.claim(&alice), 500_000 - 1, "rounded down");
    assert_eq!(bench.try_claim(&alice).unwrap_err().code(), 2, "once");
}

#[test]
fn a_new_lock_keeps_what_the_old_one_earned() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, decay(10_000, NOW + DAY));
    bench.fund(2_000_000);
    bench.wait(10 * DAY);
    let earned = bench.earned(&alice);
    bench.lock(&alice, decay(10_000, NOW + 20 * DAY));
    assert_eq!(bench.earned(&alice), earned);
    bench.wait(5 * DAY);
    // what nobody was there for waited for her
    assert_eq!(bench.claim(&alice), 2_000_000 - 1, "rounded down");
}

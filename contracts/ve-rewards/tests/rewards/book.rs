//! Catching up, and what is refused.

use cosmwasm_std::{to_json_binary, Empty};
use cw20::Cw20ReceiveMsg;
use interfaces::ve_rewards::ExecuteMsg;

use crate::bench::*;

#[test]
fn sync_changes_nothing_but_who_pays_for_it() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, 10_000, NOW + 60 * DAY);
    bench.fund(1_000_000_000);
    bench.wait(50 * DAY + 5);
    let (earned, view) = (bench.earned(&alice), bench.overview());
    assert_eq!(view.synced, NOW, "asking writes nothing");
    bench.sync();
    assert_eq!(bench.overview().synced, NOW + 50 * DAY);
    assert_eq!(bench.earned(&alice), earned);
    bench.sync();
    assert_eq!(bench.claim(&alice), earned);
}

#[test]
fn idle_years_are_one_step() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, 10_000, NOW + 1_461 * DAY);
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
fn nobody_claims_what_another_earned() {
    let mut bench = Bench::new();
    let [alice, mallory] = ["alice", "mallory"].map(|name| bench.user(name));
    bench.lock(&alice, 10_000, NOW + 9 * DAY);
    bench.fund(1_000_000);
    bench.wait(DAY + DAY / 2);
    assert_eq!(bench.try_claim(&mallory).unwrap_err().code(), 2);
    assert_eq!(bench.claim(&alice), 500_000 - 1, "rounded down");
    assert_eq!(bench.try_claim(&alice).unwrap_err().code(), 2, "once");
}

#[test]
fn a_new_lock_keeps_what_the_old_one_earned() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, 10_000, NOW + 2 * DAY);
    bench.fund(1_000_000);
    bench.wait(DAY);
    bench.fund(1_000_000);
    bench.wait(9 * DAY);
    let earned = bench.earned(&alice);
    assert_eq!(earned, 1_000_000 - 1, "rounded down");
    bench.lock(&alice, 10_000, NOW + 20 * DAY);
    assert_eq!(bench.earned(&alice), earned);
    bench.wait(5 * DAY);
    // what nobody was there for waited for her
    assert_eq!(bench.claim(&alice), 2_000_000 - 1, "rounded down");
}

#[test]
fn a_lock_that_never_counted_at_a_midnight_earned_nothing() {
    let mut bench = Bench::new();
    let [alice, bob] = ["alice", "bob"].map(|name| bench.user(name));
    bench.lock(&bob, 10_000, NOW + 9 * DAY);
    bench.fund(1_000_000);
    bench.wait(DAY + 5);
    bench.lock(&alice, 90_000, NOW + 9 * DAY);
    bench.wait(DAY / 2);
    assert_eq!(bench.try_claim(&alice).unwrap_err().code(), 2);
    assert_eq!(bench.account(&alice), Default::default());
}

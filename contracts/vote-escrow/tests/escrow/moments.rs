//! Which state counts at which moment.

use interfaces::vote_escrow::QueryMsg;
use interfaces::voting::Moment;

use crate::bench::*;

#[test]
fn lock_of_the_same_block_has_power_0() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, MIN, NOW + YEAR);
    let at = bench.moment();
    assert_eq!((bench.power(&alice, at), bench.total(at)), ((0, 0), (0, 0)));
    // and so it stays, whatever comes later
    bench.block();
    bench.mark();
    bench.wait(DAY);
    assert_eq!((bench.power(&alice, at), bench.total(at)), ((0, 0), (0, 0)));
    // a block later, in the same second, it counts
    let next = Moment {
        height: at.height + 1,
        time: at.time,
    };
    assert!(bench.power(&alice, next).0 > 0);
    assert_eq!(bench.power(&alice, next), bench.total(next));
}

#[test]
fn increase_and_extension_of_the_same_block_do_not_count() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, MIN, NOW + YEAR);
    bench.wait(DAY);
    let at = bench.moment();
    let before = bench.power(&alice, at);
    bench.try_increase(&alice, 3 * MIN).unwrap();
    bench.extend(&alice, NOW + 3 * YEAR).unwrap();
    assert_eq!((bench.power(&alice, at), bench.total(at)), (before, before));
    bench.block();
    let after = bench.power(&alice, bench.moment());
    assert!(after.0 > 4 * before.0, "twice the root, three times the time");
    assert_eq!(bench.total(bench.moment()), after);
}

#[test]
fn several_changes_of_one_block_are_one_state() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    for value in [MIN, 2 * MIN, 5 * MIN] {
        match value {
            MIN => bench.lock(&alice, value, NOW + YEAR),
            _ => bench.try_increase(&alice, value).unwrap(),
        };
    }
    let made = bench.moment();
    bench.wait(60);
    assert_eq!(bench.power(&alice, made), (0, 0));
    let left = u128::from(bench.view(&alice).end - bench.now());
    assert_eq!(bench.power(&alice, bench.moment()).1, 8 * MIN * left);
    assert_eq!(bench.total(bench.moment()), bench.power(&alice, bench.moment()));
}

#[test]
fn power_falls_to_0_in_the_second_of_the_end_and_not_before() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, MIN, NOW + 7 * DAY);
    let end = bench.view(&alice).end;
    bench.wait_until(end - 1);
    assert_eq!(bench.power(&alice, bench.moment()), (100_000_000_000, MIN));
    assert_eq!(bench.total(bench.moment()), (100_000_000_000, MIN));
    assert!(bench.overview().ve.u128() > 0, "nothing rounds to zero");
    bench.wait_until(end);
    assert_eq!(
        (bench.power(&alice, bench.moment()), bench.total(bench.moment())),
        ((0, 0), (0, 0))
    );
    assert_eq!(bench.locked(bench.moment()), 0);
}

#[test]
fn questions_about_the_future_are_refused() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, MIN, NOW + YEAR);
    bench.wait(60);
    let Moment { height, time } = bench.moment();
    for (height, time) in [(height + 1, time), (height, time + 1), (u64::MAX, u64::MAX)] {
        let at = Moment { height, time };
        let address = alice.to_string();
        for msg in [
            QueryMsg::Power {
                address: address.clone(),
                at,
            },
            QueryMsg::TotalPower { at },
            QueryMsg::Locked { at },
            QueryMsg::OutcomePower {
                address,
                from: bench.moment(),
                to: at,
            },
            QueryMsg::OutcomeTotal {
                from: at,
                to: bench.moment(),
            },
        ] {
            let refusal = bench.try_ask::<cosmwasm_std::Empty>(msg.clone()).unwrap_err();
            assert_eq!(refusal.code(), 13, "{msg:?}");
        }
    }
    let refusal = bench.try_ask::<cosmwasm_std::Empty>(QueryMsg::Moment { height: height + 1 });
    assert_eq!(refusal.unwrap_err().code(), 13);
}

#[test]
fn a_height_with_the_time_of_another_is_refused() {
    let mut bench = Bench::new();
    let [alice, bob] = ["alice", "bob"].map(|name| bench.user(name));
    bench.wait(100);
    bench.lock(&alice, MIN, NOW + YEAR);
    let first = bench.moment();
    bench.wait(100);
    bench.lock(&bob, MIN, NOW + YEAR);
    let second = bench.moment();
    bench.wait(100);
    // (height, time): up to the first change; between the two; after the second
    let fits = |height, time| {
        bench.try_ask::<interfaces::voting::Power>(QueryMsg::TotalPower {
            at: Moment { height, time },
        })
    };
    for (name, height, time, expected) in [
        ("before anything", first.height, NOW, Some(0)),
        ("at the first", first.height, first.time, Some(0)),
        ("a second later", first.height, first.time + 1, None),
        ("between the two", first.height + 1, first.time, Some(1)),
        ("between the two, at the second", second.height, second.time, Some(1)),
        ("a second too early", second.height, first.time - 1, None),
        ("a second too late", second.height, second.time + 1, None),
        ("after the second", second.height + 1, second.time, Some(2)),
        ("after the second, before it", second.height + 1, second.time - 1, None),
        ("now", bench.moment().height, bench.now(), Some(2)),
    ] {
        let answer = fits(height, time);
        match expected {
            Some(locks) => {
                let left = u128::from(bench.view(&alice).end - time);
                assert_eq!(answer.unwrap().linear.u128(), locks * MIN * left, "{name}");
            }
            None => assert_eq!(answer.unwrap_err().code(), 14, "{name}"),
        }
    }
}

#[test]
fn a_height_stands_for_the_newest_recorded_block_below_it() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    assert_eq!(bench.moment_of(bench.moment().height), None, "nothing is recorded");
    bench.wait(60);
    bench.lock(&alice, MIN, NOW + YEAR);
    let locked = bench.moment();
    assert_eq!(bench.moment_of(locked.height), None, "not below itself");
    bench.wait(DAY);
    let asked = bench.moment().height;
    let at = Moment {
        height: asked,
        time: locked.time,
    };
    assert_eq!(bench.moment_of(asked), Some(at));
    // user and total alike, as of that block and with what it made
    assert!(bench.power(&alice, at).0 > 0);
    assert_eq!(bench.power(&alice, at), bench.total(at));
    // a mark moves the time on, for later heights
    bench.mark();
    let marked = bench.moment();
    assert_eq!(bench.moment_of(asked), Some(at), "as it was");
    bench.wait(DAY);
    let later = bench.moment_of(bench.moment().height).unwrap();
    assert_eq!(later.time, marked.time);
    assert_eq!(bench.power(&alice, later), bench.total(later));
    assert!(bench.power(&alice, later).0 < bench.power(&alice, at).0);
}

#[test]
fn withdrawing_changes_no_past() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, MIN, NOW + 7 * DAY);
    bench.wait(DAY);
    let at = bench.moment();
    let power = bench.power(&alice, at);
    assert!(power.0 > 0);
    bench.wait(30 * DAY);
    bench.withdraw(&alice).unwrap();
    bench.wait(DAY);
    assert_eq!((bench.power(&alice, at), bench.total(at)), (power, power));
    assert_eq!(bench.total(bench.moment()), (0, 0));
}

#[test]
fn withdrawing_before_a_height_whose_moment_lies_before_the_end_takes_nothing_from_the_sum() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, MIN, NOW + 7 * DAY);
    let made = bench.moment();
    // ended and withdrawn without a block recorded: later heights still stand for the block of the lock
    bench.wait(30 * DAY);
    bench.withdraw(&alice).unwrap();
    bench.wait(DAY);
    let at = bench.moment_of(bench.moment().height).unwrap();
    assert_eq!(at.time, made.time);
    assert!(bench.power(&alice, at).0 > 0);
    assert_eq!(bench.power(&alice, at), bench.total(at));
    bench.mark();
    bench.block();
    let at = bench.moment_of(bench.moment().height).unwrap();
    assert_eq!((bench.power(&alice, at), bench.total(at)), ((0, 0), (0, 0)));
}

#[test]
fn nothing_ever_locked_is_power_0_for_all() {
    let mut bench = Bench::new();
    let nobody = bench.user("nobody");
    bench.wait(DAY);
    for at in [
        bench.moment(),
        Moment { height: 0, time: 0 },
        Moment { height: 5, time: NOW },
    ] {
        assert_eq!(
            (bench.power(&nobody, at), bench.total(at), bench.locked(at)),
            ((0, 0), (0, 0), 0)
        );
    }
}

#[test]
fn votes_on_outcomes_are_the_lower_linear_weight_of_two_moments() {
    let mut bench = Bench::new();
    let [alice, bob] = ["alice", "bob"].map(|name| bench.user(name));
    bench.lock(&alice, 4 * MIN, NOW + YEAR);
    bench.wait(DAY);
    let from = bench.moment();
    bench.lock(&bob, MIN, NOW + 2 * YEAR);
    bench.try_increase(&alice, 96 * MIN).unwrap();
    bench.wait(DAY);
    let to = bench.moment();
    let outcome = |user: &cosmwasm_std::Addr| {
        let address = user.to_string();
        bench
            .ask::<cosmwasm_std::Uint128>(QueryMsg::OutcomePower { address, from, to })
            .u128()
    };
    assert_eq!(outcome(&alice), bench.power(&alice, from).1);
    assert_eq!(outcome(&bob), 0, "not there at the first");
    let total = bench
        .ask::<cosmwasm_std::Uint128>(QueryMsg::OutcomeTotal { from, to })
        .u128();
    assert_eq!(total, bench.total(from).1);
}

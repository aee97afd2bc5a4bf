//! Making, increasing, extending and leaving locks.

use interfaces::vote_escrow::{AccountFee, Cw20Hook, ExecuteMsg, Params, MAX_LOCK_SECONDS, MIN_LOCK_SECONDS};
use kit::compact::Account;
use kit::escrow::{HISTORY, LOCKS, TOTAL, TOTALS};

use crate::bench::*;

/// The first 00:00 UTC at or after a time.
fn midnight_after(time: u64) -> u64 {
    time.div_ceil(DAY) * DAY
}

#[test]
fn ends_within_bounds_are_accepted_and_others_refused() {
    let four_years = NOW + MAX_LOCK_SECONDS;
    for (name, until, expected) in [
        (
            "seven days",
            NOW + MIN_LOCK_SECONDS,
            Ok(midnight_after(NOW + MIN_LOCK_SECONDS)),
        ),
        ("the midnight within seven days", MIDNIGHT + 7 * DAY, Err(3)),
        (
            "a second later: the next midnight",
            MIDNIGHT + 7 * DAY + 1,
            Ok(MIDNIGHT + 8 * DAY),
        ),
        ("a midnight", MIDNIGHT + 100 * DAY, Ok(MIDNIGHT + 100 * DAY)),
        ("four years", four_years, Ok(MIDNIGHT + MAX_LOCK_SECONDS)),
        (
            "four years by a clock ahead of the chain's",
            four_years + DAY,
            Ok(MIDNIGHT + MAX_LOCK_SECONDS),
        ),
        ("more", four_years + DAY + 1, Err(4)),
        ("milliseconds by mistake", (NOW + YEAR) * 1_000, Err(4)),
        ("now", NOW, Err(3)),
        ("never", 0, Err(3)),
    ] {
        let mut bench = Bench::new();
        let alice = bench.user("alice");
        let outcome = bench.try_lock(&alice, MIN, until).map_err(|error| error.code());
        assert_eq!(outcome.map(|_| bench.view(&alice).end), expected, "{name}");
    }
}

#[test]
fn a_four_year_lock_is_accepted_at_every_hour_of_a_day() {
    for hour in 0..24 {
        let mut bench = Bench::new();
        let alice = bench.user("alice");
        bench.wait_until(MIDNIGHT + DAY + hour * 3_600);
        bench.lock(&alice, MIN, bench.now() + MAX_LOCK_SECONDS);
        let left = bench.view(&alice).end - bench.now();
        assert!(
            left <= MAX_LOCK_SECONDS && left > MAX_LOCK_SECONDS - DAY,
            "{hour}: {left}"
        );
        assert!(bench.view(&alice).power.weight.u128() > 0);
    }
}

#[test]
fn exactly_seven_days_are_enough() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.wait_until(MIDNIGHT + DAY);
    let end = bench.now() + MIN_LOCK_SECONDS;
    bench.lock(&alice, MIN, end);
    assert_eq!(bench.view(&alice).end, end);
}

#[test]
fn amounts_below_the_minimum_are_refused() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    assert_eq!(bench.try_lock(&alice, MIN - 1, NOW + YEAR).unwrap_err().code(), 2);
    assert_eq!(bench.try_lock(&alice, 0, NOW + YEAR).unwrap_err().code(), 1);
    bench.lock(&alice, MIN, NOW + YEAR);
    assert_eq!(bench.try_increase(&alice, 0).unwrap_err().code(), 1);
    bench.try_increase(&alice, 1).unwrap();
    assert_eq!(bench.view(&alice).amount, amount(MIN + 1));
}

#[test]
fn one_lock_per_address() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, MIN, NOW + YEAR);
    assert_eq!(bench.try_lock(&alice, MIN, NOW + YEAR).unwrap_err().code(), 5);
    // not after its end either, until it is withdrawn
    bench.wait(2 * YEAR);
    let until = bench.now() + YEAR;
    assert_eq!(bench.try_lock(&alice, MIN, until).unwrap_err().code(), 7);
    bench.withdraw(&alice).unwrap();
    bench.lock(&alice, MIN, until);
}

#[test]
fn worked_example() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.wait_until(MIDNIGHT + DAY);
    let until = MIDNIGHT + 731 * DAY;
    bench.lock(&alice, 40_000 * VCAI, until);
    let view = bench.view(&alice);
    // 200 · 10⁹, 730 days
    assert_eq!(view.slope, amount(200_000_000_000));
    assert_eq!(view.power.weight, amount(200_000_000_000 * 63_072_000));
    assert_eq!(view.power.linear, amount(40_000_000_000 * 63_072_000));
    // 200 · 730 / 1,461 = 99.931553730 veVCAI
    assert_eq!(view.ve, amount(99_931_553_730));
    // 120,000 more: the root of the sum is 400, and not 200 + 346
    bench.try_increase(&alice, 120_000 * VCAI).unwrap();
    assert_eq!(bench.view(&alice).slope, amount(400_000_000_000));
    assert_eq!(bench.view(&alice).ve, amount(199_863_107_460));
}

#[test]
fn increase_takes_the_root_of_the_sum() {
    let mut bench = Bench::new();
    let [alice, bob] = ["alice", "bob"].map(|name| bench.user(name));
    bench.lock(&alice, 7 * MIN, NOW + YEAR);
    bench.lock(&bob, 3 * MIN, NOW + YEAR);
    bench.wait(100 * DAY);
    bench.try_increase(&bob, 4 * MIN).unwrap();
    let same = |user| (bench.view(user).slope, bench.view(user).power, bench.view(user).end);
    assert_eq!(same(&alice), same(&bob));
    assert_eq!(bench.view(&alice).slope.u128(), slow_slope(7 * MIN));
}

#[test]
fn extension_only_goes_later() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, MIN, NOW + YEAR);
    let end = bench.view(&alice).end;
    bench.wait(DAY);
    for (name, until, code) in [
        ("earlier", end - 1, 9),
        ("the same", end, 9),
        ("the past", NOW, 9),
        ("too late", NOW + 2 * DAY + MAX_LOCK_SECONDS + 1, 4),
    ] {
        assert_eq!(bench.extend(&alice, until).unwrap_err().code(), code, "{name}");
    }
    bench.extend(&alice, end + 1).unwrap();
    assert_eq!(bench.view(&alice).end, end + DAY);
    let four_years = bench.now() + MAX_LOCK_SECONDS;
    bench.extend(&alice, four_years).unwrap();
    assert_eq!(
        bench.extend(&alice, four_years).unwrap_err().code(),
        9,
        "as late as it can be"
    );
}

#[test]
fn accounts_without_a_lock_or_with_one_that_ended_change_nothing() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    let until = NOW + YEAR;
    assert_eq!(bench.try_increase(&alice, MIN).unwrap_err().code(), 6);
    assert_eq!(bench.extend(&alice, until).unwrap_err().code(), 6);
    assert_eq!(bench.withdraw(&alice).unwrap_err().code(), 6);
    bench.lock(&alice, MIN, NOW + 7 * DAY);
    bench.wait_until(bench.view(&alice).end);
    assert_eq!(bench.try_increase(&alice, MIN).unwrap_err().code(), 7);
    assert_eq!(bench.extend(&alice, until).unwrap_err().code(), 7);
    assert_eq!(bench.try_lock_for(&alice, MIN, until).unwrap_err().code(), 7);
    bench.withdraw(&alice).unwrap();
    assert_eq!(bench.withdraw(&alice).unwrap_err().code(), 6, "once");
}

#[test]
fn a_lock_is_irrevocable_until_the_second_of_its_end() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, MIN, NOW + 7 * DAY);
    let end = bench.view(&alice).end;
    assert_eq!(bench.withdraw(&alice).unwrap_err().code(), 8);
    bench.wait_until(end - 1);
    assert_eq!(bench.withdraw(&alice).unwrap_err().code(), 8);
    assert_eq!(bench.view(&alice).withdrawable, amount(0));
    bench.wait_until(end);
    assert_eq!(bench.view(&alice).withdrawable, amount(MIN));
    let response = bench.withdraw(&alice).unwrap();
    assert_eq!(response.messages.len(), 1, "the token and nobody else");
    assert_eq!(attribute(&response, "withdraw", "amount"), MIN.to_string());
}

#[test]
fn no_change_of_a_lock_calls_anybody() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    let end = NOW + 30 * DAY;
    let lock = bench.lock(&alice, MIN, end);
    let increase = bench.try_increase(&alice, 3 * MIN).unwrap();
    let extend = bench.extend(&alice, end + 2 * DAY).unwrap();
    for response in [lock, increase, extend] {
        assert_eq!(response.messages, []);
    }
}

#[test]
fn states_name_the_newest_one_of_an_earlier_day() {
    let mut bench = Bench::new();
    let [alice, bob] = ["alice", "bob"].map(|name| bench.user(name));
    let mut heights = vec![];
    bench.wait_until(MIDNIGHT + DAY);
    for day in 0..4 {
        for second in [0, 5, DAY - 1] {
            bench.wait_until(MIDNIGHT + (1 + day) * DAY + second);
            heights.push(bench.moment().height);
            match heights.len() {
                1 => bench.lock(&alice, MIN, NOW + YEAR),
                _ => bench.try_increase(&alice, 1).unwrap(),
            };
        }
        // sums have states of their own
        bench.lock(&bench.user(&format!("other{day}")), MIN, NOW + YEAR);
    }
    bench.wait(DAY);
    bench.lock(&bob, MIN, NOW + YEAR);
    let who = Account::parse(&bench.api, alice.as_str()).unwrap();
    let lock = |height| {
        HISTORY
            .may_load(&bench.storage, &(who.clone(), height))
            .unwrap()
            .unwrap()
    };
    let mut earlier = LOCKS.may_load(&bench.storage, &who).unwrap().unwrap().earlier;
    // the last ones of the third, second and first day
    for last in [8, 5, 2] {
        assert_eq!(earlier, heights[last]);
        earlier = lock(earlier).earlier;
    }
    assert_eq!(earlier, 0);
    let mut sums = TOTAL.may_load(&bench.storage, &()).unwrap().unwrap().sums;
    for last in [11, 8, 5, 2] {
        assert_eq!(sums.earlier, heights[last]);
        sums = TOTALS.may_load(&bench.storage, &sums.earlier).unwrap().unwrap();
    }
    assert_eq!(sums.earlier, 0);
}

#[test]
fn allocation_locks_for_its_beneficiary() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.try_lock_for(&alice, MIN, NOW + YEAR).unwrap();
    let end = bench.view(&alice).end;
    // earlier: the end stays; later: it moves
    bench.try_lock_for(&alice, MIN, NOW + 30 * DAY).unwrap();
    assert_eq!(
        (bench.view(&alice).amount, bench.view(&alice).end),
        (amount(2 * MIN), end)
    );
    bench.try_lock_for(&alice, MIN, end + 1).unwrap();
    assert_eq!(
        (bench.view(&alice).amount, bench.view(&alice).end),
        (amount(3 * MIN), end + DAY)
    );
    assert_eq!(bench.try_lock_for(&alice, MIN, NOW * 1_000).unwrap_err().code(), 4);
    // it is the beneficiary's lock like any other
    bench.extend(&alice, end + 2 * DAY).unwrap();
    let allocation = bench.user("allocation");
    assert_eq!(bench.extend(&allocation, end + 9 * DAY).unwrap_err().code(), 6);
}

#[test]
fn nobody_else_locks_for_others() {
    let mut bench = Bench::new();
    let [alice, mallory] = ["alice", "mallory"].map(|name| bench.user(name));
    bench.lock(&alice, MIN, NOW + 30 * DAY);
    let hook = Cw20Hook::LockFor {
        beneficiary: alice.to_string(),
        until: NOW + MAX_LOCK_SECONDS,
    };
    let refusal = bench.try_hook(&mallory, &hook, MIN).unwrap_err();
    assert_eq!(refusal.code(), 911, "dust could keep a stranger's money for four years");
    let refusal = bench.try_hook(&alice, &hook, MIN).unwrap_err();
    assert_eq!(refusal.code(), 911);
}

#[test]
fn forged_token_locks_nothing() {
    let mut bench = Bench::new();
    let [alice, fake] = ["alice", "fake token"].map(|name| bench.user(name));
    let msg = Bench::notice(&alice, &Cw20Hook::Lock { until: NOW + YEAR }, MIN);
    assert_eq!(bench.refused(&fake, msg.clone()), 911);
    assert_eq!(bench.refused(&alice, msg), 911);
    assert_eq!(bench.overview().held, amount(0));
}

#[test]
fn the_first_lock_of_an_account_pays_the_fee_and_no_other() {
    let mut bench = Bench::new();
    let [alice, bob, treasury] = ["alice", "bob", "treasury"].map(|name| bench.user(name));
    bench.lock(&bob, MIN, NOW + 8 * DAY);
    let fee = 25 * VCAI;
    bench.set_params(Params {
        account_fee: Some(AccountFee {
            amount: amount(fee),
            to: treasury.to_string(),
        }),
        ..params()
    });
    assert_eq!(bench.try_lock(&alice, MIN + fee - 1, NOW + YEAR).unwrap_err().code(), 2);
    let response = bench.lock(&alice, MIN + fee, NOW + 8 * DAY);
    assert_eq!(bench.view(&alice).amount, amount(MIN));
    assert_eq!(attribute(&response, "lock", "fee"), fee.to_string());
    assert_eq!(response.messages.len(), 1, "the fee");
    let response = bench.try_increase(&alice, MIN).unwrap();
    assert_eq!(
        (bench.view(&alice).amount, response.messages.len()),
        (amount(2 * MIN), 0)
    );
    // both have locked before
    bench.wait(30 * DAY);
    for user in [&alice, &bob] {
        bench.withdraw(user).unwrap();
        let until = bench.now() + YEAR;
        let response = bench.lock(user, MIN, until);
        assert_eq!((bench.view(user).amount, response.messages.len()), (amount(MIN), 0));
    }
}

#[test]
fn parameters_have_bounds_at_instantiate_and_update() {
    let with = |min: u128, fee: Option<u128>, to: &str| {
        let to = Bench::new().user(to).into_string();
        Params {
            min_lock: amount(min),
            account_fee: fee.map(|fee| AccountFee {
                amount: amount(fee),
                to,
            }),
            gate: None,
        }
    };
    for (name, params, code) in [
        ("least minimum", with(1_000 * VCAI, None, ""), None),
        ("below", with(1_000 * VCAI - 1, None, ""), Some(11)),
        ("largest minimum", with(100_000 * VCAI, None, ""), None),
        ("above", with(100_000 * VCAI + 1, None, ""), Some(11)),
        ("least fee", with(MIN, Some(1), "treasury"), None),
        ("no fee by another name", with(MIN, Some(0), "treasury"), Some(11)),
        ("largest fee", with(MIN, Some(1_000 * VCAI), "treasury"), None),
        ("above", with(MIN, Some(1_000 * VCAI + 1), "treasury"), Some(11)),
        ("fees to itself", with(MIN, Some(1), "escrow"), Some(12)),
    ] {
        let at_first = Bench::with(params.clone()).err().map(|error| error.code());
        assert_eq!(at_first, code, "{name}");
        let mut bench = Bench::new();
        let owner = bench.user("owner");
        let before = bench.overview();
        let outcome = bench.send(&owner, ExecuteMsg::SetParams { params: params.clone() });
        assert_eq!(outcome.err().map(|error| error.code()), code, "{name}");
        let after = if code.is_none() { params } else { before.params };
        assert_eq!(bench.overview().params, after, "{name}");
    }
}

#[test]
fn new_parameters_touch_no_lock_that_exists() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.lock(&alice, MIN, NOW + 30 * DAY);
    let before = bench.view(&alice);
    bench.set_params(Params {
        min_lock: amount(100_000 * VCAI),
        ..params()
    });
    assert_eq!(bench.view(&alice), before);
    bench.try_increase(&alice, 1).unwrap();
    bench.extend(&alice, NOW + 60 * DAY).unwrap();
    bench.wait(90 * DAY);
    bench.withdraw(&alice).unwrap();
}

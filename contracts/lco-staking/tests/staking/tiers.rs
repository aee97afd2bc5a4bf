//! Tiers, thresholds and weights.

use interfaces::lco_staking::{AccountResponse, ExecuteMsg, QueryMsg, Tier, MAX_LOWEST_TIERS, MAX_REFRESH};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::bench::*;

#[test]
fn each_tier_begins_at_its_threshold_to_the_unit() {
    let steps = [
        (1_000, Tier::Lv1, Tier::Lv2),
        (10_000, Tier::Lv2, Tier::Lv3),
        (50_000, Tier::Lv3, Tier::Lv4),
        (100_000, Tier::Lv4, Tier::Whale),
    ];
    for (lco, below, reached) in steps {
        let mut bench = Bench::new();
        let alice = bench.user("alice");
        bench.stake(&alice, lco * LCO - 1);
        assert_eq!(bench.tier(&alice), below, "1 µLCO below {lco}");
        bench.stake(&alice, 1);
        assert_eq!(bench.tier(&alice), reached, "{lco}");
        bench.stake(&alice, 1);
        assert_eq!(bench.tier(&alice), reached, "1 µLCO above {lco}");
        bench.unstake(&alice, 2);
        assert_eq!(bench.tier(&alice), below, "1 µLCO below {lco} again");
    }
}

#[test]
fn weights_and_votes_follow_the_tier() {
    let table = [
        (999, 0, 0),
        (1_000, 0, 0),
        (10_000, 1, 0),
        (50_000, 3, 0),
        (99_999, 3, 0),
        (100_000, 3, 1),
    ];
    for (lco, weight, votes) in table {
        let mut bench = Bench::new();
        let alice = bench.user("alice");
        bench.stake(&alice, lco * LCO);
        bench.wait(11);
        let (stake, window) = (lco * LCO, bench.weight_seconds(&alice, MONDAY, bench.now()));
        assert_eq!(window, (10 * stake * weight, 10 * stake * weight), "{lco}");
        assert_eq!(bench.power(&alice, bench.moment()), stake * votes, "{lco}");
    }
}

#[test]
fn unbonding_stake_has_no_tier_weight_or_vote_at_once() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.stake(&alice, 100_000 * LCO);
    bench.wait(100);
    bench.unstake(&alice, 100_000 * LCO);
    // within the same block
    assert_eq!(bench.tier(&alice), Tier::Lv1);
    assert_eq!(bench.lowest(&[&alice], MONDAY + 50), [Tier::Lv1]);
    let overview = bench.overview();
    assert_eq!([overview.bonded, overview.weighted, overview.whale], [amount(0); 3]);
    assert_eq!(overview.unbonding, amount(100_000 * LCO));
    // and in everything that is asked from the next second on
    let left = bench.now() + 1;
    bench.wait(DAY);
    assert_eq!(bench.weight_seconds(&alice, left, bench.now()), (0, 0));
    assert_eq!(bench.power(&alice, at(left)), 0);
    assert_eq!(bench.outcome_power(&alice, at(left), bench.moment()), 0);
}

#[test]
fn staking_just_before_a_settlement_gives_nothing() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    let window_start = bench.now() + 30;
    bench.wait(30);
    for _ in 0..3 {
        // in the first second of the window, and later in it
        bench.stake(&alice, 50_000 * LCO);
        assert_eq!(bench.lowest(&[&alice], window_start), [Tier::Lv1]);
        bench.wait(20);
    }
    assert_eq!(
        bench.lowest(&[&alice], window_start + 1),
        [Tier::Lv4],
        "in force a second later"
    );
}

#[test]
fn staking_just_before_a_snapshot_gives_nothing() {
    let mut bench = Bench::new();
    let (alice, bob) = (bench.user("alice"), bench.user("bob"));
    bench.stake(&bob, 10_000 * LCO);
    bench.wait(WEEK);
    let snapshot = bench.now();
    bench.stake(&alice, 1_000_000 * LCO);
    bench.wait(10);
    let (weight, total) = bench.weight_seconds(&alice, snapshot - WEEK, snapshot);
    assert_eq!(weight, 0);
    assert_eq!(total, bench.weight_seconds(&bob, snapshot - WEEK, snapshot).0);
}

#[test]
fn lowest_tiers_answers_in_order_with_the_lower_of_then_and_now() {
    let mut bench = Bench::new();
    let [steady, up, down, gone, never] = ["steady", "up", "down", "gone", "never"].map(|name| bench.user(name));
    bench.stake(&steady, 50_000 * LCO);
    bench.stake(&up, 1_000 * LCO);
    bench.stake(&down, 100_000 * LCO);
    bench.stake(&gone, 100_000 * LCO);
    bench.wait(60);
    let since = bench.now();
    bench.wait(30);
    bench.stake(&up, 99_000 * LCO);
    bench.unstake(&down, 90_000 * LCO);
    bench.unstake(&gone, 100_000 * LCO);
    bench.wait(30);
    let asked = [&never, &up, &down, &steady, &gone, &up];
    let answer = [Tier::Lv1, Tier::Lv2, Tier::Lv3, Tier::Lv4, Tier::Lv1, Tier::Lv2];
    assert_eq!(
        bench.lowest(&asked, since),
        answer,
        "one that is named twice is answered twice"
    );
    assert_eq!(
        bench.lowest(&[&up, &down], 0),
        [Tier::Lv1, Tier::Lv1],
        "before the first stake"
    );
    assert_eq!(
        bench.lowest(&[&up, &down], u64::MAX),
        [Tier::Whale, Tier::Lv3],
        "a window ahead"
    );
    assert_eq!(bench.lowest(&[], since), []);
}

#[test]
fn lowest_tiers_takes_200_accounts_and_no_more() {
    let bench = Bench::new();
    let alice = bench.user("alice").to_string();
    let ask = |count| {
        let accounts = vec![alice.clone(); count];
        bench.try_ask::<Vec<Tier>>(QueryMsg::LowestTiers { accounts, since: 0 })
    };
    assert_eq!(ask(MAX_LOWEST_TIERS).unwrap().len(), 200);
    assert_eq!(ask(MAX_LOWEST_TIERS + 1).unwrap_err().code(), 4);
    let accounts = vec!["nobody".to_owned()];
    let wrong = bench.try_ask::<Vec<Tier>>(QueryMsg::LowestTiers { accounts, since: 0 });
    assert_eq!(wrong.unwrap_err().code(), 900);
}

#[test]
fn a_threshold_reaches_an_account_by_refresh() {
    let mut bench = Bench::new();
    let (alice, bob) = (bench.user("alice"), bench.user("bob"));
    bench.stake(&alice, 50_000 * LCO);
    bench.stake(&bob, 10_000 * LCO);
    bench.wait(100);
    let before = bench.overview();
    bench.set_params(tenths(20));
    // nothing moved yet: not the tiers, not the sums
    assert_eq!((bench.tier(&alice), bench.tier(&bob)), (Tier::Lv4, Tier::Lv3));
    assert_eq!(bench.overview().weighted, before.weighted);
    let AccountResponse { tier, due, .. } = bench.account(&alice);
    assert_eq!((tier, due), (Tier::Lv4, Tier::Lv3));

    let response = bench.refresh(&[&alice]);
    assert_eq!(response.events.len(), 1);
    assert_eq!((bench.tier(&alice), bench.tier(&bob)), (Tier::Lv3, Tier::Lv3));
    assert_eq!(bench.overview().weighted, amount(60_000 * LCO));
    assert!(bench.refresh(&[&alice]).events.is_empty(), "in line already");

    let refreshed = bench.now() + 1;
    bench.wait(100);
    let window = bench.weight_seconds(&alice, refreshed - 10, refreshed + 10);
    assert_eq!(window.0, 10 * 3 * 50_000 * LCO + 10 * 50_000 * LCO);
    assert_eq!(bench.lowest(&[&alice], refreshed - 1), [Tier::Lv3]);
}

#[test]
fn a_threshold_reaches_an_account_at_its_next_change() {
    for up in [true, false] {
        let mut bench = Bench::new();
        let alice = bench.user("alice");
        bench.stake(&alice, 50_000 * LCO);
        bench.set_params(tenths(if up { 20 } else { 5 }));
        match up {
            true => bench.stake(&alice, 1),
            false => bench.unstake(&alice, 1),
        };
        let expected = if up { Tier::Lv3 } else { Tier::Lv4 };
        assert_eq!(bench.tier(&alice), expected);
    }
}

#[test]
fn a_threshold_makes_and_unmakes_whales_with_the_total() {
    let mut bench = Bench::new();
    let (alice, bob) = (bench.user("alice"), bench.user("bob"));
    bench.stake(&alice, 100_000 * LCO);
    bench.stake(&bob, 60_000 * LCO);
    bench.set_params(tenths(5));
    bench.refresh(&[&bob]);
    bench.wait(2);
    let now = bench.moment();
    assert_eq!(bench.total_power(now), 160_000 * LCO);
    bench.set_params(tenths(20));
    bench.refresh(&[&alice, &bob]);
    bench.wait(2);
    assert_eq!(bench.total_power(bench.moment()), 0);
    assert_eq!(bench.total_power(now), 160_000 * LCO, "the past stays");
}

#[test]
fn refresh_refuses_duplicates_and_lengths() {
    let mut bench = Bench::new();
    let (alice, bob) = (bench.user("alice"), bench.user("bob"));
    bench.stake(&alice, 50_000 * LCO);
    bench.set_params(tenths(20));
    let names = |users: &[&cosmwasm_std::Addr]| users.iter().map(|user| user.to_string()).collect::<Vec<_>>();
    let cases = [
        (names(&[&alice, &bob, &alice]), 5),
        (vec![], 4),
        (
            (0..=MAX_REFRESH)
                .map(|index| bench.user(&index.to_string()).to_string())
                .collect(),
            4,
        ),
        (vec!["nobody".into()], 900),
    ];
    for (accounts, code) in cases {
        assert_eq!(bench.refused(&alice, ExecuteMsg::Refresh { accounts }), code);
    }
    let most = (0..MAX_REFRESH).map(|index| bench.user(&index.to_string()).to_string());
    let accounts = most.collect();
    assert!(
        bench.ok(&alice, ExecuteMsg::Refresh { accounts }).events.is_empty(),
        "nobody there"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The weight of a stake grows in steps of the whole stake, so parts never weigh more than the whole; the same for votes.
    #[test]
    fn splitting_a_stake_over_accounts_never_gains(parts in vec(1u128..60_000 * LCO, 1..8), tenth in 1u128..=100) {
        let mut bench = Bench::with(tenths(tenth)).unwrap();
        let whole = bench.user("whole");
        bench.stake(&whole, parts.iter().sum());
        let users: Vec<_> = (0..parts.len()).map(|index| bench.user(&index.to_string())).collect();
        users.iter().zip(&parts).for_each(|(user, part)| { bench.stake(user, *part); });
        bench.wait(WEEK);
        let now = bench.moment();
        let weight = |user| bench.weight_seconds(user, MONDAY, now.time).0;
        prop_assert!(users.iter().map(weight).sum::<u128>() <= weight(&whole));
        prop_assert!(users.iter().map(|user| bench.power(user, now)).sum::<u128>() <= bench.power(&whole, now));
    }
}

#[test]
fn splitting_loses_where_it_falls_below_a_step() {
    let mut bench = Bench::new();
    let [whole, half, other] = ["whole", "half", "other"].map(|name| bench.user(name));
    bench.stake(&whole, 50_000 * LCO);
    bench.stake(&half, 25_000 * LCO);
    bench.stake(&other, 25_000 * LCO);
    bench.wait(101);
    let weight = |user| bench.weight_seconds(user, MONDAY, bench.now()).0;
    assert_eq!(weight(&whole), 3 * (weight(&half) + weight(&other)));
}

/// The numbers of the worked example in the documentation.
#[test]
fn worked_example() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.stake(&alice, 20_000 * LCO);
    bench.wait(3 * DAY);
    bench.stake(&alice, 40_000 * LCO);
    bench.wait(4 * DAY + 1);
    let snapshot = bench.now();
    assert_eq!(snapshot, MONDAY + WEEK + 1);
    let (weight, _) = bench.weight_seconds(&alice, snapshot - WEEK, snapshot);
    assert_eq!(weight, 67_392_000_000 * LCO);
    assert_eq!(weight / u128::from(WEEK), 111_428_571_428);
    let (stake, _) = bench.stake_seconds(&alice, snapshot - WEEK, snapshot);
    assert_eq!(stake, 25_920_000_000 * LCO);
    assert_eq!(bench.tier_at(&alice, MONDAY), Tier::Lv1);
    assert_eq!(bench.tier_at(&alice, MONDAY + 1), Tier::Lv3);
    assert_eq!(bench.tier_at(&alice, MONDAY + 3 * DAY), Tier::Lv3);
    assert_eq!(bench.tier_at(&alice, MONDAY + 3 * DAY + 1), Tier::Lv4);
}

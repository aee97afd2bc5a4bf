//! Adding and taking out.

use cosmwasm_std::coin;
use interfaces::exchange::*;

use crate::world::*;

#[test]
fn first_lp_sets_the_price_and_locks_a_thousand_shares() {
    let mut world = World::tokens();
    assert_eq!(
        world.provide("alice", [40_000 * ONE, 10_000 * ONE]),
        Ok(20_000 * ONE - 1_000)
    );
    let info: cw20::TokenInfoResponse = world.query(&QueryMsg::TokenInfo {});
    assert_eq!(info.total_supply, amount(20_000 * ONE));
    let overview: OverviewResponse = world.query(&QueryMsg::Overview {});
    assert_eq!(overview.price, Some(QuotePerBase::from_raw((1u128 << 62).into())));
    assert_eq!(overview.started_at, Some(START));
}

#[test]
fn later_lps_pay_only_what_keeps_the_ratio() {
    for kinds in [
        [Kind::Token, Kind::Coin],
        [Kind::Coin, Kind::Token],
        [Kind::Coin, Kind::Coin],
        [Kind::Token, Kind::Token],
    ] {
        let mut world = World::new(kinds, false).filled();
        assert_eq!(world.provide("bob", [1_000 * ONE, 1_000 * ONE]), Ok(500 * ONE));
        assert_eq!(world.wealth("bob"), [WEALTH - 1_000 * ONE, WEALTH - 250 * ONE]);
        assert_eq!(world.reserves(), [41_000 * ONE, 10_250 * ONE]);
        assert_eq!(world.withdraw("bob", 500 * ONE), Ok([1_000 * ONE, 250 * ONE]));
        assert_eq!(world.shares_of("bob"), 0);
    }
}

#[test]
fn fees_belong_to_the_lps_in_proportion() {
    let mut world = World::tokens().filled();
    world.provide("bob", [40_000 * ONE, 10_000 * ONE]).unwrap();
    for _ in 0..10 {
        let out = world.swap("carol", Side::Base, 1_000 * ONE).unwrap();
        world.swap("carol", Side::Quote, out).unwrap();
    }
    let lost = WEALTH - world.wealth("carol")[0];
    let shares = world.shares_of("bob");
    let [base, quote] = world.withdraw("bob", shares).unwrap();
    // half of what carol paid in fees, most of it in the asset she ended in
    assert!(
        base > 40_000 * ONE + lost * 49 / 100 && base <= 40_000 * ONE + lost / 2,
        "{base}"
    );
    assert!(quote >= 10_000 * ONE);
}

#[test]
fn minimums_of_lps_are_held() {
    let mut world = World::tokens().filled();
    assert_eq!(
        world
            .offer("bob", [1_000 * ONE, 250 * ONE], 500 * ONE + 1, None)
            .unwrap_err(),
        16
    );
    world.offer("bob", [1_000 * ONE, 250 * ONE], 500 * ONE, None).unwrap();
    let leave = |min_amounts| ExecuteMsg::Withdraw {
        shares: amount(500 * ONE),
        min_amounts: amounts(min_amounts),
    };
    assert_eq!(world.send("bob", &leave([1_000 * ONE + 1, 0]), &[]).unwrap_err(), 16);
    assert_eq!(world.send("bob", &leave([0, 250 * ONE + 1]), &[]).unwrap_err(), 16);
    world.send("bob", &leave([1_000 * ONE, 250 * ONE]), &[]).unwrap();
}

#[test]
fn refusals_of_lps() {
    let mut world = World::new([Kind::Coin, Kind::Token], false);
    assert_eq!(world.offer("bob", [0, ONE], 0, None).unwrap_err(), 3);
    assert_eq!(world.offer("bob", [1_000, 1_000], 0, None).unwrap_err(), 4);
    let mut world = world.filled();
    assert_eq!(
        world.offer("bob", [3, ONE], 0, None).map(|_| ()),
        Ok(()),
        "a single share"
    );
    assert_eq!(world.withdraw("bob", 2), Err(18));
    assert_eq!(world.withdraw("bob", 0), Err(3));
    assert_eq!(world.withdraw("mallory", 1), Err(18), "shares of others");
    assert_eq!(world.announce("alice", 1).unwrap_err(), 19);
}

#[test]
fn only_what_is_offered_may_be_attached() {
    let mut world = World::new([Kind::Coin, Kind::Token], false).filled();
    let msg = ExecuteMsg::Provide {
        amounts: amounts([500, 500]),
        min_shares: amount(0),
        deadline: None,
    };
    for funds in [vec![], vec![coin(499, "ubase")], vec![coin(501, "ubase")]] {
        assert_eq!(world.send("bob", &msg, &funds).unwrap_err(), 14, "{funds:?}");
    }
    let mut world = World::tokens().filled();
    let bob = world.user("bob");
    world
        .app
        .init_modules(|router, _, storage| router.bank.init_balance(storage, &bob, vec![coin(9, "ufake")]))
        .unwrap();
    assert_eq!(world.send("bob", &msg, &[coin(9, "ufake")]).unwrap_err(), 14);
}

/// Without an allowance the token refuses, and nothing has happened.
#[test]
fn unpaid_liquidity_is_none() {
    let mut world = World::tokens().filled();
    let before = world.market();
    let msg = ExecuteMsg::Provide {
        amounts: amounts([ONE, ONE]),
        min_shares: amount(0),
        deadline: None,
    };
    let (bob, pool) = (world.user("bob"), world.pool.to_string());
    let error = world.call(&bob, &pool, &msg).unwrap_err();
    assert!(
        error.root_cause().to_string().starts_with("[coin:"),
        "{}",
        error.root_cause()
    );
    assert_eq!(world.market(), before);
    assert_eq!(world.shares_of("bob"), 0);
}

#[test]
fn everyone_leaves_then_adding_works() {
    let mut world = World::tokens().filled();
    world.provide("bob", [4_000 * ONE, 1_000 * ONE]).unwrap();
    world.swap("carol", Side::Base, 12_345 * ONE).unwrap();
    for name in ["alice", "bob"] {
        let shares = world.shares_of(name);
        world.withdraw(name, shares).unwrap();
    }
    // what the locked shares are worth: dust, but not nothing
    let [base, quote] = world.reserves();
    assert!(
        (1_000..3_000).contains(&base) && (300..1_000).contains(&quote),
        "{base} {quote}"
    );
    world.wait(DAY);

    // a new price, whatever the old one was
    let shares = world.provide("dave", [1_000 * ONE, 3_000 * ONE]).unwrap();
    assert_eq!(world.reserves(), [1_000 * ONE + base, 3_000 * ONE + quote]);
    world.swap("carol", Side::Quote, ONE).unwrap();
    let [base, quote] = world.withdraw("dave", shares).unwrap();
    assert!(
        base > 999 * ONE && quote > 3_000 * ONE,
        "dave gets his own back: {base} {quote}"
    );
    assert!(world.provide("dave", [ONE, ONE]).is_ok(), "again and again");
}

#[test]
fn everyone_leaves_and_the_pool_still_trades_and_answers() {
    let mut world = World::tokens().filled();
    let shares = world.shares_of("alice");
    world.withdraw("alice", shares).unwrap();
    assert_eq!(world.reserves(), [2_000, 500]);
    world.wait(5);
    world.swap("carol", Side::Base, 1_000).unwrap();
    for _ in 0..70 {
        world.wait(30);
        let _ = world.swap("carol", Side::Base, 1_000_000_000);
        let _ = world.swap("carol", Side::Quote, 1_000_000_000);
    }
    assert!(world.market().mark.is_some());
}

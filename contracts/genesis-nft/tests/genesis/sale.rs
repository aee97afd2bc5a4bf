//! The sale, its list, its cap and its refunds.

use cosmwasm_std::{coin, coins};
use interfaces::genesis_nft::*;

use crate::world::*;

#[test]
fn sale_runs_from_its_first_second_to_the_one_before_its_last() {
    for (name, time, sold) in [
        ("a second early", OPENS - 1, false),
        ("the first second", OPENS, true),
        ("the last second", CLOSES - 1, true),
        ("closed", CLOSES, false),
    ] {
        let mut world = World::with(sale()).unwrap();
        world.at(time);
        match sold {
            true => drop(world.buy("alice", 1)),
            false => assert_eq!(world.buy_refused("alice", 1), 3, "{name}"),
        }
        assert_eq!(world.buyer("bob").left > 0, sold, "{name}");
    }
}

#[test]
fn price_is_paid_exactly() {
    let mut world = World::new();
    for (name, funds, expected) in [
        ("nothing", vec![], 930),
        ("less", coins(2 * PRICE - 1, DENOM), 7),
        ("more", coins(2 * PRICE + 1, DENOM), 7),
        ("another coin", coins(2 * PRICE, "ufake"), 931),
        ("a mix", vec![coin(5, "ufake"), coin(2 * PRICE, DENOM)], 931),
    ] {
        let error = world.try_buy("alice", 2, &funds).expect_err(name);
        assert_eq!(code(&error), ("genesis".into(), expected), "{name}");
    }
    world.buy("alice", 2);
    assert_eq!(world.all_tokens(), ["1", "2"]);
    assert_eq!(world.buy_refused("alice", 0), 2);
    assert_eq!(world.buy_refused("alice", 51), 2, "more than a batch");
}

/// The cap counts purchases: whoever passes his tokens on to a second wallet buys no more with the first.
#[test]
fn passing_tokens_on_does_not_open_the_wallet_cap() {
    let mut world = World::new();
    world.buy("alice", 50);
    world.buy("alice", 49);
    assert_eq!(world.buy_refused("alice", 2), 6);
    for id in ["1", "2", "3"] {
        world.transfer("alice", "bob", id);
    }
    assert_eq!(world.buy_refused("alice", 2), 6);
    world.buy("alice", 1);
    assert_eq!(world.buyer("alice").left, 0);
    assert_eq!(world.buyer("bob").bought, 0, "receiving is not buying");
    world.buy("bob", 50);
}

#[test]
fn no_more_tokens_than_there_are() {
    let mut world = World::with(Sale {
        tokens: 60,
        per_wallet: 60,
        ..sale()
    })
    .unwrap();
    world.at(OPENS);
    world.buy("alice", 50);
    assert_eq!(world.buy_refused("bob", 11), 5);
    assert_eq!(world.buyer("bob").left, 10);
    world.buy("bob", 10);
    assert_eq!(world.buy_refused("carol", 1), 5);
    // what is burned is not sold again
    world.at(DEADLINE);
    world.ok("alice", burn("7"));
    assert_eq!(world.overview().sold, 60);
}

#[test]
fn until_its_end_only_the_list_buys() {
    let mut world = World::with(Sale {
        listed_until: Some(OPENS + DAY),
        ..sale()
    })
    .unwrap();
    world.at(OPENS);
    assert_eq!(world.buy_refused("alice", 1), 4);
    let listed = |world: &World, add: &[&str], remove: &[&str]| ExecuteMsg::SetAllowed {
        add: add.iter().map(|name| world.user(name).into()).collect(),
        remove: remove.iter().map(|name| world.user(name).into()).collect(),
    };
    let msg = listed(&world, &["alice", "bob"], &[]);
    assert_eq!(world.refused("mallory", msg.clone()), 901);
    world.ok("owner", msg);
    world.buy("alice", 1);
    assert_eq!(world.buyer("bob").left, 100);
    let msg = listed(&world, &["carol"], &["bob"]);
    world.ok("owner", msg);
    assert_eq!(world.buy_refused("bob", 1), 4);
    assert_eq!((world.buyer("bob").allowed, world.buyer("bob").left), (false, 0));
    let page: Vec<String> = world.query(&QueryMsg::Allowed {
        start_after: None,
        limit: None,
    });
    let mut expected = ["alice", "carol"].map(|name| world.user(name).into_string());
    expected.sort();
    assert_eq!(page, expected);
    let rest: Vec<String> = world.query(&QueryMsg::Allowed {
        start_after: Some(page[0].clone()),
        limit: Some(5),
    });
    assert_eq!(rest, page[1..]);
    world.at(OPENS + DAY - 1);
    assert_eq!(world.buy_refused("bob", 1), 4);
    world.at(OPENS + DAY);
    world.buy("bob", 1);
    let none = listed(&world, &[], &[]);
    assert_eq!(world.refused("owner", none), 2);
    let many = ExecuteMsg::SetAllowed {
        add: vec![world.user("alice").into(); 51],
        remove: vec![],
    };
    assert_eq!(world.refused("owner", many), 2);
}

#[test]
fn terms_out_of_bounds_are_refused() {
    type Change = fn(&mut Sale);
    let cases: [(&str, Change); 8] = [
        ("for nothing", |sale| sale.price = 0u128.into()),
        ("none", |sale| sale.tokens = 0),
        ("3,001 tokens", |sale| sale.tokens = 3_001),
        ("nobody", |sale| sale.per_wallet = 0),
        ("more than all", |sale| sale.per_wallet = 3_001),
        ("closed before it opens", |sale| sale.closes = sale.opens),
        ("refunds during the sale", |sale| sale.deadline = sale.closes - 1),
        ("refunds never", |sale| sale.deadline = sale.closes + MAX_WAIT + 1),
    ];
    for (name, change) in cases {
        let mut terms = sale();
        change(&mut terms);
        let error = World::with(terms).err().expect(name);
        assert_eq!(code(&error), ("genesis".into(), 2), "{name}");
    }
}

#[test]
fn terms_at_their_bounds_are_taken() {
    type Change = fn(&mut Sale);
    let cases: [(&str, Change); 3] = [
        ("one second", |sale| sale.closes = sale.opens + 1),
        ("refunds at once", |sale| sale.deadline = sale.closes),
        ("refunds a year later", |sale| sale.deadline = sale.closes + MAX_WAIT),
    ];
    for (name, change) in cases {
        let mut terms = sale();
        change(&mut terms);
        assert!(World::with(terms).is_ok(), "{name}");
    }
}

#[test]
fn after_the_deadline_without_a_tge_burning_refunds_the_price() {
    let mut world = World::new();
    world.buy("alice", 3);
    world.transfer("alice", "bob", "2");
    world.at(DEADLINE - 1);
    assert_eq!(
        world.refused("alice", burn("1")),
        13,
        "not yet, and so nothing is lost by mistake"
    );
    assert!(!world.overview().refundable);
    world.at(DEADLINE);
    assert!(world.overview().refundable);
    world.ok("alice", burn("1"));
    assert_eq!(world.usdt(&world.user("alice")), PRICE);
    world.ok("bob", burn("2"));
    assert_eq!(world.usdt(&world.user("bob")), PRICE, "to who holds it");
    assert_eq!(world.overview().held.u128(), PRICE);
    assert_eq!(world.refused("alice", burn("1")), 970, "once");
}

#[test]
fn refund_of_a_token_burned_by_an_operator_goes_to_its_holder() {
    let mut world = World::new();
    world.buy("alice", 1);
    let operator = world.user("bob").into();
    world.ok(
        "alice",
        ExecuteMsg::ApproveAll {
            operator,
            expires: None,
        },
    );
    world.at(DEADLINE);
    world.ok("bob", burn("1"));
    assert_eq!(world.usdt(&world.user("alice")), PRICE);
    assert_eq!(world.usdt(&world.user("bob")), 0);
}

#[test]
fn donations_stay_out_of_the_proceeds() {
    let mut world = World::new();
    world.buy("alice", 2);
    let (nft, held) = (world.nft.clone(), 2 * PRICE + 77);
    world
        .app
        .init_modules(|router, _, storage| router.bank.init_balance(storage, &nft, coins(held, DENOM)))
        .unwrap();
    world.gifts = 77;
    world.check_laws();
    world.tge();
    assert_eq!(world.usdt(&world.user("allocation")), 2 * PRICE);
}

#[test]
fn release_is_the_allocations_once_and_ends_sale_and_refunds() {
    let mut world = World::new();
    world.buy("alice", 2);
    for name in ["owner", "alice", "treasury"] {
        assert_eq!(world.refused(name, ExecuteMsg::Release {}), 911);
    }
    world.tge();
    assert_eq!(world.usdt(&world.user("allocation")), 2 * PRICE);
    assert_eq!(world.refused("allocation", ExecuteMsg::Release {}), 8);
    assert_eq!(
        world.buy_refused("bob", 1),
        8,
        "the sale is over, whatever the clock says"
    );
    assert_eq!(world.buyer("bob").left, 0);
    world.at(DEADLINE);
    world.ok("alice", burn("1"));
    assert_eq!(world.usdt(&world.user("alice")), 0, "no refund");
}

#[test]
fn coins_with_any_other_message_are_refused() {
    let mut world = World::new();
    let (user, nft) = (world.user("owner"), world.nft.clone());
    world
        .app
        .init_modules(|router, _, storage| router.bank.init_balance(storage, &user, coins(5, DENOM)))
        .unwrap();
    let operator = world.user("bob").into();
    let msg = ExecuteMsg::RevokeAll { operator };
    let error = world.try_with(&user, &nft, &msg, &coins(5, DENOM)).expect_err("taken");
    assert_eq!(code(&error).1, 932);
}

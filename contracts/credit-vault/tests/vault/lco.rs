//! ClaimLco and PayLco.

use interfaces::credit_vault::*;

use crate::world::*;

fn pay(accounts: &[&cosmwasm_std::Addr]) -> ExecuteMsg {
    ExecuteMsg::PayLco {
        accounts: accounts.iter().map(ToString::to_string).collect(),
    }
}

/// Alice and Bob have 30 and 60 µLCO booked.
fn booked() -> (World, [cosmwasm_std::Addr; 2]) {
    let mut world = World::new();
    let users = ["alice", "bob"].map(|name| world.spender(name, 1, 1_000));
    let entries = vec![world.usage(&users[0], IN, 1), world.usage(&users[1], IN, 2)];
    world.settle(entries);
    (world, users)
}

#[test]
fn claim_mints_what_is_booked_once() {
    let (mut world, [alice, bob]) = booked();
    let response = world.ok(&alice, ExecuteMsg::ClaimLco {});
    assert_eq!(attribute(&response, "lco_paid", "amount").unwrap(), "30");
    assert_eq!(
        (world.lco(&alice), world.booked(&alice), world.booked(&bob)),
        (30, 0, 60)
    );
    assert_eq!(world.refused(&alice, ExecuteMsg::ClaimLco {}), 12);
    assert_eq!(
        (world.overview().mined, world.overview().booked),
        (amount(90), amount(60))
    );
}

#[test]
fn anyone_pays_many_at_once_and_each_gets_his_own() {
    let (mut world, [alice, bob]) = booked();
    let (mallory, carol) = (world.user("mallory"), world.user("carol"));
    let response = world.ok(&mallory, pay(&[&alice, &carol, &bob]));
    assert_eq!(count(&response, "lco_paid"), 2);
    assert_eq!(
        [&alice, &bob, &carol, &mallory].map(|who| world.lco(who)),
        [30, 60, 0, 0]
    );
    // again, and for nobody: nothing happens
    world.ok(&mallory, pay(&[&alice, &bob]));
    world.ok(&mallory, pay(&[]));
    assert_eq!(world.lco(&alice), 30);
}

#[test]
fn duplicate_accounts_are_refused_and_pay_nobody_twice() {
    let (mut world, [alice, bob]) = booked();
    assert_eq!(world.refused(&alice, pay(&[&alice, &bob, &alice])), 14);
    let upper = vec![alice.to_string(), alice.to_string().to_uppercase()];
    assert_eq!(
        world.refused(&alice, ExecuteMsg::PayLco { accounts: upper }),
        900,
        "the same account in another spelling"
    );
    assert_eq!(world.lco(&alice), 0);
}

#[test]
fn batches_are_bounded() {
    let (mut world, [alice, _]) = booked();
    let accounts = |count: usize| ExecuteMsg::PayLco {
        accounts: (0..count)
            .map(|number| world.user(&format!("user{number}")).to_string())
            .collect(),
    };
    let (fits, over) = (accounts(100), accounts(101));
    world.ok(&alice, fits);
    assert_eq!(world.refused(&alice, over), 13);
}

#[test]
fn hundred_are_minted_in_one_message() {
    let mut world = World::new();
    let users: Vec<_> = (0..100).map(|number| format!("user{number}")).collect();
    let mut entries = vec![];
    for name in &users {
        let user = world.user(name);
        let funds = cosmwasm_std::coins(10, DENOM);
        world
            .app
            .init_modules(|router, _, storage| router.bank.init_balance(storage, &user, funds).unwrap());
        world.spender(name, 1, 10);
        entries.push(world.usage(&user, OUT, 1));
    }
    world.settle(entries);
    let users: Vec<_> = users.iter().map(|name| world.user(name)).collect();
    world.ok(&users[0], pay(&users.iter().collect::<Vec<_>>()));
    assert!(users.iter().all(|user| world.lco(user) == 100));
}

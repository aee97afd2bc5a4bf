//! What hostile neighbours and users try.

use cosmwasm_std::{to_json_binary, Addr, Binary, Empty, Uint128};
use cw20::Cw20ReceiveMsg;
use cw_multi_test::Executor;
use interfaces::credit_vault as vault_msgs;
use interfaces::imo_launchpad::*;
use interfaces::l_coin::ExecuteMsg as CoinMsg;

use crate::stand_in::{self, Attack, HostileMsg, GRANTED};
use crate::world::*;

/// A launchpad whose vault is hostile, and a launch of 10 units for alice.
fn hostile() -> (World, Addr, Addr) {
    let mut world = World::new();
    let alice = world.weigh("alice", 1);
    let code = world.app.store_code(stand_in::hostile_vault());
    let creator = world.user("creator");
    let vault = world
        .app
        .instantiate_contract(code, creator, &Empty {}, &[], "hostile", None)
        .unwrap();
    world.launchpad = create_launchpad(&mut world.app, &vault, &world.staking);
    world
        .create(|terms| {
            terms.quota = n(10);
            terms.price_per_unit = n(0);
        })
        .unwrap();
    world.subscribe(&alice, 1).unwrap();
    world.wait(DAY);
    (world, vault, alice)
}

/// Lets the hostile vault claim `units` and call back with the same claim while it grants.
fn call_back(world: &mut World, vault: &Addr, alice: &Addr, units: u128, times: u32) -> Result<(), String> {
    let plan = HostileMsg::Attack(Attack {
        launchpad: world.launchpad.to_string(),
        account: alice.to_string(),
        launch: 1,
        units: n(units),
        times,
    });
    let outcome = world.app.execute_contract(alice.clone(), vault.clone(), &plan, &[]);
    world.check_laws();
    outcome.map(|_| ()).map_err(|error| error.root_cause().to_string())
}

fn granted(world: &World, vault: &Addr) -> Uint128 {
    let storage = world.app.contract_storage(vault);
    GRANTED.may_load(storage.as_ref()).unwrap().unwrap_or_default()
}

#[test]
fn reentry_during_the_grant_cannot_claim_more_than_the_allotment() {
    let (mut world, vault, alice) = hostile();
    let error = call_back(&mut world, &vault, &alice, 6, 2).unwrap_err();
    assert!(error.starts_with("[launchpad:12]"), "{error}");
    assert_eq!(
        (granted(&world, &vault), world.launch(1).claimed),
        (n(0), n(0)),
        "all of it is undone"
    );
    call_back(&mut world, &vault, &alice, 5, 2).unwrap();
    assert_eq!((granted(&world, &vault), world.launch(1).claimed), (n(10), n(10)));
    assert!(call_back(&mut world, &vault, &alice, 1, 1).is_err());
}

#[test]
fn worthless_token_does_not_pay() {
    let mut world = World::new();
    let alice = world.weigh("alice", 1);
    world.create(|_| {}).unwrap();
    world.subscribe(&alice, 1).unwrap();
    world.wait(DAY);
    let (minter, token, launchpad) = (world.user("minter"), world.l_coin.clone(), world.launchpad.to_string());
    let mint = CoinMsg::Mint {
        recipient: alice.to_string(),
        amount: n(30),
    };
    world.app.execute_contract(minter, token.clone(), &mint, &[]).unwrap();
    let send = CoinMsg::Send {
        contract: launchpad,
        amount: n(30),
        msg: hook(1, 10),
    };
    let error = world
        .app
        .execute_contract(alice.clone(), token, &send, &[])
        .unwrap_err();
    assert!(error.root_cause().to_string().starts_with("[launchpad:911]"));
    assert_eq!(world.entitled(&alice, SKU), 0);
}

#[test]
fn pretended_receipt_is_refused() {
    let mut world = World::new();
    let alice = world.weigh("alice", 1);
    world.create(|_| {}).unwrap();
    world.subscribe(&alice, 1).unwrap();
    world.wait(DAY);
    let notice = Cw20ReceiveMsg {
        sender: alice.to_string(),
        amount: n(30),
        msg: hook(1, 10),
    };
    for name in ["alice", "owner", "mallory"] {
        let receive = ExecuteMsg::Receive(notice.clone());
        assert_eq!(world.refused(&world.user(name), receive), 911, "{name}");
    }
    assert_eq!(world.refused(&world.staking.clone(), ExecuteMsg::Receive(notice)), 911);
}

#[test]
fn credits_with_an_unreadable_hook_stay_where_they_were() {
    let mut world = World::new();
    let alice = world.user("alice");
    for msg in [
        Binary::default(),
        to_json_binary("{}").unwrap(),
        Binary::from(br#"{"claim":{"launch":1}}"#.as_slice()),
        Binary::from(br#"{"take":{"launch":1,"units":"1"}}"#.as_slice()),
    ] {
        let send = vault_msgs::ExecuteMsg::Send {
            contract: world.launchpad.to_string(),
            amount: n(5),
            msg,
        };
        assert_eq!(world.vault_attempt(&alice, &send).unwrap_err(), 900);
    }
    assert_eq!(world.credits(&alice), WEALTH);
}

#[test]
fn donated_credits_pay_for_nobody() {
    let mut world = World::new();
    let alice = world.weigh("alice", 1);
    world.create(|_| {}).unwrap();
    world.subscribe(&alice, 1).unwrap();
    world.wait(DAY);
    world.donated = 1_000;
    let transfer = vault_msgs::ExecuteMsg::Transfer {
        recipient: world.launchpad.to_string(),
        amount: n(1_000),
    };
    world.vault_ok(&world.user("mallory"), transfer);
    assert_eq!(world.pay(&alice, 1, 10, 0).unwrap_err(), 13);
    assert_eq!(
        world.refused(
            &alice,
            ExecuteMsg::Claim {
                launch: 1,
                units: n(10)
            }
        ),
        13
    );
    world.claim(&alice, 1, 10).unwrap();
}

#[test]
fn weights_that_a_broken_staking_contract_makes_up_cannot_exceed_the_quota() {
    let mut world = World::new();
    let (alice, bob) = (world.weigh("alice", 1), world.weigh("bob", 1));
    world.create(|_| {}).unwrap();
    // the total was fixed at 2; now everybody is said to weigh more
    world.weigh("alice", 3);
    world.weigh("bob", 2);
    assert_eq!(world.subscribe(&alice, 1).unwrap_err(), 10);
    world.subscribe(&bob, 1).unwrap();
    world.weigh("alice", 1);
    assert_eq!(
        world.subscribe(&alice, 1).unwrap_err(),
        10,
        "500 more than the 1,000 bob has"
    );
}

//! Announcing, cancelling and closing.

use interfaces::credit_vault as vault_msgs;
use interfaces::imo_launchpad::*;

use crate::world::*;

#[test]
fn launch_is_announced_with_its_terms_and_the_total_weight() {
    let mut world = World::new();
    world.weigh("alice", 30);
    world.weigh("bob", 10);
    let terms = world.terms();
    let response = world.ok(&world.user("owner"), ExecuteMsg::CreateLaunch(terms.clone()));
    for (key, value) in [
        ("launch", "1".to_owned()),
        ("sku", SKU.to_owned()),
        ("quota", "1000".to_owned()),
        ("price_per_unit", "3000000".to_owned()),
        ("snapshot", terms.snapshot.to_string()),
        ("subscribe_until", terms.subscribe_until.to_string()),
        ("claim_until", terms.claim_until.to_string()),
        ("exclusive_until", terms.exclusive_until.to_string()),
        ("created_at", world.now().to_string()),
        ("total_weight", "40".to_owned()),
    ] {
        assert_eq!(attribute(&response, "launch", key), Some(value), "{key}");
    }
    let expected = LaunchResponse {
        launch: 1,
        terms,
        created_at: world.now(),
        total_weight: n(40),
        phase: Phase::Subscribe,
        subscribed: n(0),
        claimed: n(0),
        returned: None,
    };
    assert_eq!(world.launch(1), expected);
}

#[test]
fn snapshot_of_this_very_second_or_later_is_refused() {
    let mut world = World::new();
    world.weigh("alice", 1);
    let now = world.now();
    for snapshot in [now, now + 1, now + DAY, u64::MAX] {
        assert_eq!(world.create(|terms| terms.snapshot = snapshot), Err(2), "{snapshot}");
    }
    assert_eq!(world.create(|terms| terms.snapshot = now - 1), Ok(1));
}

#[test]
fn launch_with_total_weight_zero_is_refused() {
    assert_eq!(World::new().create(|_| {}), Err(5));
}

#[test]
fn launch_of_a_sku_without_rate_card_is_refused() {
    let mut world = World::new();
    world.weigh("alice", 1);
    for sku in ["unheard-of", "", "chat in"] {
        assert_eq!(world.create(|terms| terms.sku = sku.into()), Err(4), "{sku:?}");
    }
}

#[test]
fn one_live_launch_a_sku_and_as_many_skus_as_there_are() {
    let mut world = World::new();
    world.weigh("alice", 1);
    assert_eq!(world.create(|_| {}), Ok(1));
    assert_eq!(world.create(|_| {}), Err(3));
    assert_eq!(world.create(|terms| terms.sku = OTHER.into()), Ok(2));
    world.wait(8 * DAY - 1);
    assert_eq!(world.create(|_| {}), Err(3), "still claimed");
    world.wait(1);
    assert_eq!(world.create(|_| {}), Ok(3), "over, and closed on the way");
    assert_eq!(world.launch(1).phase, Phase::Ended);
    assert_eq!(
        world.refused(&world.user("bob"), ExecuteMsg::CloseLaunch { launch: 1 }),
        15
    );
}

#[test]
fn cancelled_launch_takes_nothing_any_more_and_makes_room() {
    let mut world = World::new();
    let (alice, owner) = (world.weigh("alice", 1), world.user("owner"));
    world.create(|_| {}).unwrap();
    world.subscribe(&alice, 1).unwrap();
    let response = world.ok(&owner, ExecuteMsg::CancelLaunch { launch: 1 });
    assert_eq!(attribute(&response, "launch_cancelled", "sku"), Some(SKU.into()));
    assert_eq!(world.subscribe(&alice, 1).unwrap_err(), 7);
    assert_eq!(world.refused(&owner, ExecuteMsg::CancelLaunch { launch: 1 }), 7);
    world.wait(DAY);
    assert_eq!(world.claim(&alice, 1, 1).unwrap_err(), 7);
    assert_eq!(world.allotment(1, &alice).claimable, n(0));
    assert_eq!(world.allotment(1, &alice).allotment, None);
    assert_eq!(world.launch(1).returned, Some(n(1_000)));
    world.wait(30 * DAY);
    assert_eq!(world.refused(&alice, ExecuteMsg::CloseLaunch { launch: 1 }), 7);
    assert_eq!(world.create(|_| {}), Ok(2));
}

#[test]
fn owner_cannot_cancel_once_somebody_can_have_paid() {
    let mut world = World::new();
    let alice = world.weigh("alice", 1);
    world.create(|_| {}).unwrap();
    world.subscribe(&alice, 1).unwrap();
    world.wait(DAY);
    let cancel = ExecuteMsg::CancelLaunch { launch: 1 };
    assert_eq!(world.refused(&world.user("owner"), cancel.clone()), 7);
    world.wait(7 * DAY);
    assert_eq!(world.refused(&world.user("owner"), cancel), 7);
}

#[test]
fn what_nobody_took_is_returned_when_the_launch_is_closed() {
    let mut world = World::new();
    let (alice, _) = (world.weigh("alice", 3), world.weigh("bob", 7));
    world.create(|_| {}).unwrap();
    world.subscribe(&alice, 1).unwrap();
    world.wait(DAY);
    world.claim(&alice, 1, 640).unwrap();
    let close = ExecuteMsg::CloseLaunch { launch: 1 };
    assert_eq!(world.refused(&alice, close.clone()), 7);
    world.wait(7 * DAY - 1);
    assert_eq!(world.refused(&alice, close.clone()), 7);
    world.wait(1);
    let response = world.ok(&world.user("mallory"), close.clone());
    assert_eq!(attribute(&response, "launch_closed", "claimed"), Some("640".into()));
    assert_eq!(attribute(&response, "launch_closed", "returned"), Some("360".into()));
    assert_eq!(world.refused(&alice, close), 15);
    assert_eq!(world.launch(1).returned, Some(n(360)));
    assert_eq!(world.claim(&alice, 1, 1).unwrap_err(), 7);
}

#[test]
fn launch_nobody_subscribed_returns_the_whole_quota() {
    let mut world = World::new();
    world.weigh("alice", 1);
    world.create(|_| {}).unwrap();
    world.wait(8 * DAY);
    let response = world.ok(&world.user("bob"), ExecuteMsg::CloseLaunch { launch: 1 });
    assert_eq!(attribute(&response, "launch_closed", "returned"), Some("1000".into()));
}

#[test]
fn unknown_launches_are_refused() {
    let mut world = World::new();
    let (alice, owner) = (world.weigh("alice", 1), world.user("owner"));
    let launch = 1;
    assert_eq!(world.refused(&alice, ExecuteMsg::Subscribe { launch }), 6);
    assert_eq!(world.refused(&alice, ExecuteMsg::Claim { launch, units: n(1) }), 6);
    assert_eq!(world.refused(&alice, ExecuteMsg::CloseLaunch { launch }), 6);
    assert_eq!(world.refused(&owner, ExecuteMsg::CancelLaunch { launch }), 6);
    assert_eq!(world.pay(&alice, launch, 1, 0).unwrap_err(), 6);
}

#[test]
fn coins_attached_to_any_message_are_refused() {
    use cw_multi_test::Executor;
    let mut world = World::new();
    let (alice, launchpad) = (world.user("alice"), world.launchpad.clone());
    let redeem = vault_msgs::ExecuteMsg::Redeem { amount: n(5), to: None };
    world.vault_ok(&alice, redeem);
    let funds = cosmwasm_std::coins(5, DENOM);
    let msg = ExecuteMsg::Subscribe { launch: 1 };
    let error = world.app.execute_contract(alice, launchpad, &msg, &funds).unwrap_err();
    assert!(error.root_cause().to_string().starts_with("[launchpad:932]"));
}

#[test]
fn migration_keeps_the_state_and_refuses_other_contracts() {
    use cw_multi_test::Executor;
    let mut world = World::new();
    world.weigh("alice", 1);
    world.create(|_| {}).unwrap();
    let (creator, launchpad) = (world.user("creator"), world.launchpad.clone());
    let code = world.app.store_code(launchpad_contract());
    let migrate = |world: &mut World| {
        let outcome = world
            .app
            .migrate_contract(creator.clone(), launchpad.clone(), &MigrateMsg {}, code);
        outcome.map_err(|error| error.root_cause().to_string())
    };
    migrate(&mut world).unwrap();
    assert_eq!(world.launch(1).terms, world.terms());
    cw2::set_contract_version(
        world.app.contract_storage_mut(&world.launchpad).as_mut(),
        "crates.io:other",
        "0.0.1",
    )
    .unwrap();
    assert!(migrate(&mut world).unwrap_err().starts_with("[launchpad:940]"));
}

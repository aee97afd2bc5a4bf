//! First and second round.

use interfaces::imo_launchpad::*;

use crate::world::*;

#[test]
fn allocation_counts_all_eligible_lockers_whether_they_subscribe_or_not() {
    let mut world = World::new();
    let (alice, bob) = (world.weigh("alice", 1), world.weigh("bob", 2));
    world.weigh("carol", 4);
    world.create(|_| {}).unwrap();
    let response = world.subscribe(&alice, 1).unwrap();
    assert_eq!(attribute(&response, "subscribe", "allocation"), Some("142".into()));
    assert_eq!(attribute(&response, "subscribe", "weight"), Some("1".into()));
    world.subscribe(&bob, 1).unwrap();
    // ⌊1000/7⌋ and ⌊2000/7⌋
    assert_eq!(world.allotment(1, &alice).allocation, n(142));
    assert_eq!(world.allotment(1, &bob).allocation, n(285));
    assert_eq!(world.launch(1).subscribed, n(427));
}

#[test]
fn worked_example_of_the_docs() {
    let mut world = World::new();
    // a week of 10,000 LCO at 1× and of 50,000 LCO at 3× and 280,000 LCO at 3×, in µLCO · s
    let week = 604_800 * ONE;
    let (alice, bob) = (
        world.weigh("alice", 10_000 * week),
        world.weigh("bob", 3 * 50_000 * week),
    );
    world.weigh("carol", 3 * 280_000 * week);
    world
        .create(|terms| {
            terms.quota = n(100_000_000);
            terms.price_per_unit = n(2_500_000);
        })
        .unwrap();
    world.subscribe(&alice, 1).unwrap();
    world.subscribe(&bob, 1).unwrap();
    world.wait(DAY);
    let (alice_has, bob_has) = (world.allotment(1, &alice), world.allotment(1, &bob));
    assert_eq!(
        (alice_has.allocation, alice_has.allotment),
        (n(1_000_000), Some(n(6_250_000)))
    );
    assert_eq!(
        (bob_has.allocation, bob_has.allotment),
        (n(15_000_000), Some(n(93_750_000)))
    );
    let price: cosmwasm_std::Uint128 = world.query(&QueryMsg::Price {
        launch: 1,
        units: n(6_250_000),
    });
    assert_eq!(price, n(15_625_000), "15.625 Credits");
    world.claim(&alice, 1, 6_250_000).unwrap();
    assert_eq!(world.credits(&alice), WEALTH - 15_625_000);
    assert_eq!(world.entitled(&alice, SKU), 6_250_000);
}

#[test]
fn unsubscribed_quota_is_offered_once_pro_rata_to_subscribers() {
    let mut world = World::new();
    let (alice, bob) = (world.weigh("alice", 10), world.weigh("bob", 30));
    world.weigh("carol", 60);
    world.create(|_| {}).unwrap();
    world.subscribe(&alice, 1).unwrap();
    world.subscribe(&bob, 1).unwrap();
    assert_eq!(world.allotment(1, &alice).allotment, None, "not known yet");
    world.wait(DAY);
    assert_eq!(world.allotment(1, &alice).allotment, Some(n(250)), "100 + ⌊600/4⌋");
    assert_eq!(world.allotment(1, &bob).allotment, Some(n(750)), "300 + ⌊600 · 3/4⌋");
    // what bob leaves is not offered a second time
    world.claim(&alice, 1, 250).unwrap();
    assert_eq!(world.claim(&alice, 1, 1).unwrap_err(), 12);
}

#[test]
fn lockers_cannot_subscribe_twice() {
    let mut world = World::new();
    let alice = world.weigh("alice", 1);
    world.create(|_| {}).unwrap();
    world.subscribe(&alice, 1).unwrap();
    assert_eq!(world.subscribe(&alice, 1).unwrap_err(), 8);
    // nor with a weight that is larger now
    world.weigh("alice", 100);
    assert_eq!(world.subscribe(&alice, 1).unwrap_err(), 8);
    assert_eq!(world.launch(1).subscribed, n(1_000));
}

#[test]
fn nobody_without_an_allocation_subscribes() {
    let mut world = World::new();
    world.weigh("alice", 100_000);
    let bob = world.weigh("bob", 100);
    world.create(|_| {}).unwrap();
    assert_eq!(world.subscribe(&world.user("mallory"), 1).unwrap_err(), 9, "no weight");
    assert_eq!(world.subscribe(&bob, 1).unwrap_err(), 9, "⌊1000 · 100/100,100⌋ = 0");
}

#[test]
fn subscription_ends_on_the_second() {
    let mut world = World::new();
    let (alice, bob) = (world.weigh("alice", 1), world.weigh("bob", 1));
    world.create(|_| {}).unwrap();
    world.wait(DAY - 1);
    world.subscribe(&alice, 1).unwrap();
    world.wait(1);
    assert_eq!(world.subscribe(&bob, 1).unwrap_err(), 7);
}

#[test]
fn each_launch_has_its_own_subscriptions() {
    let mut world = World::new();
    let alice = world.weigh("alice", 1);
    world.create(|_| {}).unwrap();
    world.create(|terms| terms.sku = OTHER.into()).unwrap();
    world.subscribe(&alice, 1).unwrap();
    world.wait(DAY);
    assert_eq!(world.claim(&alice, 2, 1).unwrap_err(), 11);
    world.claim(&alice, 1, 1).unwrap();
    assert_eq!((world.entitled(&alice, SKU), world.entitled(&alice, OTHER)), (1, 0));
}

//! What pages ask.

use cosmwasm_std::Addr;
use interfaces::common::OwnershipResponse;
use interfaces::imo_launchpad::*;

use crate::world::*;

#[test]
fn overview_names_the_neighbours_and_the_newest_launches() {
    let mut world = World::new();
    world.weigh("alice", 1);
    for _ in 0..12 {
        world.create(|_| {}).unwrap();
        world.wait(8 * DAY);
    }
    let overview: OverviewResponse = world.query(&QueryMsg::Overview {});
    assert_eq!(overview.vault, world.vault.to_string());
    assert_eq!(overview.staking, world.staking.to_string());
    assert_eq!(overview.launches, 12);
    let newest: Vec<u64> = overview.newest.iter().map(|launch| launch.launch).collect();
    assert_eq!(newest, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    let page: Vec<LaunchResponse> = world.query(&QueryMsg::Launches {
        start_before: Some(3),
        limit: Some(100),
    });
    assert_eq!(page.iter().map(|launch| launch.launch).collect::<Vec<_>>(), [2, 1]);
    let owner: OwnershipResponse = world.query(&QueryMsg::Ownership {});
    assert_eq!(owner.owner, world.user("owner").to_string());
}

#[test]
fn live_launch_of_a_sku_is_found_until_it_is_closed() {
    let mut world = World::new();
    world.weigh("alice", 1);
    let live = |world: &World, sku: &str| -> Option<u64> {
        let answer: Option<LaunchResponse> = world.query(&QueryMsg::Live { sku: sku.into() });
        answer.map(|launch| launch.launch)
    };
    assert_eq!(live(&world, SKU), None);
    world.create(|_| {}).unwrap();
    assert_eq!((live(&world, SKU), live(&world, OTHER)), (Some(1), None));
    world.wait(8 * DAY);
    world.ok(&world.user("bob"), ExecuteMsg::CloseLaunch { launch: 1 });
    assert_eq!(live(&world, SKU), None);
}

#[test]
fn allotment_shows_what_an_address_could_subscribe() {
    let mut world = World::new();
    let (alice, bob) = (world.weigh("alice", 1), world.weigh("bob", 3));
    world.create(|_| {}).unwrap();
    let expected = AllotmentResponse {
        launch: 1,
        address: alice.to_string(),
        subscribed: false,
        allocation: n(250),
        allotment: None,
        claimed: n(0),
        claimable: n(0),
    };
    assert_eq!(world.allotment(1, &alice), expected);
    world.subscribe(&alice, 1).unwrap();
    let subscribed = AllotmentResponse {
        subscribed: true,
        ..expected
    };
    assert_eq!(world.allotment(1, &alice), subscribed);
    world.wait(DAY);
    let claimable = AllotmentResponse {
        allotment: Some(n(1_000)),
        claimable: n(1_000),
        ..subscribed
    };
    assert_eq!(world.allotment(1, &alice), claimable);
    assert_eq!(world.allotment(1, &bob).claimable, n(0), "too late for bob");
    world.wait(7 * DAY);
    let over = AllotmentResponse {
        claimable: n(0),
        ..claimable
    };
    assert_eq!(world.allotment(1, &alice), over);
}

#[test]
fn account_lists_its_launches_newest_first() {
    let mut world = World::new();
    let alice = world.weigh("alice", 1);
    for _ in 0..5 {
        let launch = world.create(|_| {}).unwrap();
        if launch != 3 {
            world.subscribe(&alice, launch).unwrap();
        }
        world.wait(8 * DAY);
    }
    let page = |before: Option<u64>, limit: u32| -> Vec<u64> {
        let rows: Vec<AllotmentResponse> = world.query(&QueryMsg::Account {
            address: alice.to_string(),
            start_before: before,
            limit: Some(limit),
        });
        rows.iter().map(|row| row.launch).collect()
    };
    assert_eq!(page(None, 3), [5, 4, 2]);
    assert_eq!(page(Some(2), 3), [1]);
    assert_eq!(page(Some(1), 3), [0u64; 0]);
}

#[test]
fn subscribers_of_a_launch_are_paged() {
    let mut world = World::new();
    let mut all: Vec<Addr> = USERS.iter().map(|name| world.weigh(name, 1)).collect();
    world.create(|_| {}).unwrap();
    world.create(|terms| terms.sku = OTHER.into()).unwrap();
    for user in &all {
        world.subscribe(user, 1).unwrap();
    }
    world.subscribe(&all[0].clone(), 2).unwrap();
    all.sort();
    let page = |after: Option<&Addr>, limit: u32| -> Vec<String> {
        let rows: Vec<AllotmentResponse> = world.query(&QueryMsg::Subscribers {
            launch: 1,
            start_after: after.map(ToString::to_string),
            limit: Some(limit),
        });
        assert!(rows.iter().all(|row| row.launch == 1 && row.allocation == n(200)));
        rows.into_iter().map(|row| row.address).collect()
    };
    let names: Vec<String> = all.iter().map(ToString::to_string).collect();
    assert_eq!(page(None, 3), names[..3]);
    assert_eq!(page(Some(&all[2]), 3), names[3..]);
}

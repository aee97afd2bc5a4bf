//! When a proposal passes.

use cosmwasm_std::Uint128;
use interfaces::governance::*;

use crate::world::*;

/// Every second at which something changes, and the ones beside it.
fn walk(world: &mut World, id: u64, after_voting: [Status; 3]) {
    let schedule = world.schedule(id);
    let made = world.proposal(id).summary.at.time;
    let [waiting, open, late] = after_voting;
    let table = [
        (made, Status::Discussion),
        (schedule.voting_starts - 1, Status::Discussion),
        (schedule.voting_starts, Status::Voting),
        (schedule.voting_ends - 1, Status::Voting),
        (schedule.voting_ends, waiting),
        (schedule.ready_at - 1, waiting),
        (schedule.ready_at, open),
        (schedule.expires_at.unwrap() - 1, open),
        (schedule.expires_at.unwrap(), late),
        (schedule.expires_at.unwrap() + 1_000 * DAY, late),
    ];
    for (time, status) in table {
        world.advance_to(time);
        assert_eq!(world.status(id), status, "{}", time - made);
        if time == schedule.voting_starts {
            world.vote("alice", id, Choice::Yes).unwrap();
            world.vote("carol", id, Choice::No).unwrap();
            if waiting == Status::Timelocked {
                world.vote("bob", id, Choice::Yes).unwrap();
            }
        }
        if status != Status::Ready {
            refused(world.execute(id), 7);
        }
    }
}

#[test]
fn status_over_all_boundary_seconds_when_it_passes() {
    let mut world = World::new();
    let action = world.messages(1);
    let id = world.propose("dave", action).unwrap();
    walk(&mut world, id, [Status::Timelocked, Status::Ready, Status::Expired]);
    assert!(world.values().is_empty());
}

#[test]
fn status_over_all_boundary_seconds_when_it_does_not() {
    let mut world = World::new();
    let action = world.messages(1);
    let id = world.propose("dave", action).unwrap();
    walk(&mut world, id, [Status::Rejected; 3]);
}

#[test]
fn half_of_all_weight_is_not_a_majority_and_half_and_one_is() {
    for (extra, status) in [(0, Status::Rejected), (1, Status::Timelocked)] {
        let mut world = World::empty(false);
        world.stake("alice", 700_000 * ONE + extra);
        world.stake("bob", 700_000 * ONE);
        world.advance(1);
        let action = world.params(1);
        let id = world.in_voting(action);
        world.vote("alice", id, Choice::Yes).unwrap();
        world.advance(7 * DAY);
        assert_eq!(world.status(id), status, "{extra}");
    }
}

#[test]
fn a_majority_of_those_who_voted_is_not_enough() {
    let mut world = World::new();
    let action = world.params(1);
    let id = world.in_voting(action);
    world.vote("alice", id, Choice::Yes).unwrap();
    world.advance(7 * DAY);
    assert_eq!(world.status(id), Status::Rejected);
}

#[test]
fn an_electorate_with_no_quorum_decides_nothing() {
    let mut world = World::new();
    let action = world.params(1);
    let id = world.in_voting(action);
    world.advance(7 * DAY);
    assert_eq!(world.status(id), Status::Rejected);
    refused(world.execute(id), 7);
    world.settle(id).unwrap();
    assert_eq!(world.balance(&world.user("fund")), DEPOSIT);
}

/// Square roots: 16 accounts of 40,000 LCO weigh as much as one of 10,240,000, so somebody who splits himself has a majority of weight without one of money.
fn split() -> (World, Vec<String>) {
    let mut world = World::empty(true);
    world.stake("alice", 1_000_000 * ONE);
    let names: Vec<String> = (0..16).map(|index| format!("split{index}")).collect();
    for name in &names {
        world.stake(name, 40_000 * ONE);
    }
    world.advance(1);
    (world, names)
}

#[test]
fn a_split_whale_has_weight_but_not_the_money() {
    let (mut world, names) = split();
    let (params, messages) = (world.params(1), world.messages(2));
    let (params, messages) = (
        world.propose("mallory", params).unwrap(),
        world.propose("mallory", messages).unwrap(),
    );
    world.advance(7 * DAY);
    for id in [params, messages] {
        for name in &names {
            world.vote(name, id, Choice::Yes).unwrap();
        }
        match world.proposal(id).subject {
            Subject::Motion {
                weight_majority,
                linear_majority,
                ..
            } => assert_eq!((weight_majority, linear_majority), (true, false)),
            Subject::Outcome { .. } | Subject::Appeal { .. } => panic!("a motion"),
        }
    }
    world.advance(8 * DAY);
    assert_eq!(world.status(params), Status::Ready);
    assert_eq!(world.status(messages), Status::Rejected);
    refused(world.execute(messages), 7);
}

#[test]
fn a_whale_has_the_money_but_not_the_weight() {
    let (mut world, _) = split();
    let (params, messages) = (world.params(1), world.messages(2));
    let (params, messages) = (
        world.propose("mallory", params).unwrap(),
        world.propose("mallory", messages).unwrap(),
    );
    world.advance(7 * DAY);
    for id in [params, messages] {
        world.vote("alice", id, Choice::Yes).unwrap();
    }
    world.advance(7 * DAY);
    for id in [params, messages] {
        assert_eq!(world.status(id), Status::Rejected);
    }
}

#[test]
fn with_both_majorities_money_moves() {
    let (mut world, names) = split();
    let action = world.messages(2);
    let id = world.propose("mallory", action).unwrap();
    world.advance(7 * DAY);
    world.vote("alice", id, Choice::Yes).unwrap();
    for name in &names {
        world.vote(name, id, Choice::Yes).unwrap();
    }
    world.advance(8 * DAY);
    world.execute(id).unwrap();
    assert_eq!(world.values(), [2]);
}

#[test]
fn below_the_floor_nothing_can_be_proposed() {
    let mut world = World::empty(false);
    world.stake("alice", FLOOR - 1);
    world.advance(1);
    for action in [world.params(1), world.messages(1)] {
        refused(world.propose("dave", action), 14);
    }
    world.stake("alice", FLOOR);
    // not from this second
    let action = world.params(1);
    refused(world.propose("dave", action.clone()), 14);
    world.advance(1);
    world.propose("dave", action).unwrap();
}

/// Otherwise a million LCO staked for one second would be enough.
#[test]
fn below_the_floor_nothing_passes_whatever_was_staked_before() {
    let mut world = World::new();
    let action = world.messages(5);
    let id = world.ready(action);
    world.stake("alice", 0);
    world.stake("bob", 0);
    world.advance(1);
    refused(world.execute(id), 14);
    world.stake("carol", FLOOR - 1);
    world.advance(1);
    refused(world.execute(id), 14);
    assert!(world.values().is_empty());
    world.stake("carol", FLOOR);
    world.advance(1);
    world.execute(id).unwrap();
    assert_eq!(world.values(), [5]);
}

#[test]
fn the_floor_is_of_linear_weight() {
    let mut world = World::empty(true);
    // weighs 1,000,000 as a root
    world.stake("alice", FLOOR);
    world.advance(1);
    assert_eq!(
        world.query::<OverviewResponse>(&QueryMsg::Overview {}).total.weight,
        Uint128::new(ONE)
    );
    let action = world.params(1);
    world.propose("dave", action).unwrap();
}

/// Numbers of the docs page.
#[test]
fn the_example_of_the_docs() {
    let mut world = World::new();
    let id = world.propose("dave", world.messages(1)).unwrap();
    world.advance(7 * DAY);
    world.vote("alice", id, Choice::Yes).unwrap();
    world.vote("carol", id, Choice::No).unwrap();
    world.advance(DAY);
    world.vote("carol", id, Choice::Yes).unwrap();
    world.advance(6 * DAY);
    // 900,000 of 1,400,000: more than 700,000
    assert_eq!(world.status(id), Status::Timelocked);
    world.settle(id).unwrap();
    assert_eq!(world.balance(&world.user("dave")), WEALTH);
    world.advance(DAY);
    world.execute(id).unwrap();
    assert_eq!(world.status(id), Status::Executed);
}

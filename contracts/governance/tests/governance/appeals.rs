//! Votes on appeals.

use cosmwasm_std::{Addr, Uint128};
use interfaces::governance::*;

use crate::stand_in::module::Setup;
use crate::world::*;

fn open(world: &mut World, case: u64) -> Result<u64, String> {
    let (appeals, gov) = (world.appeals.clone(), world.gov.clone());
    world.act(&appeals, &gov, &ExecuteMsg::OpenAppeal { case })?;
    Ok(world.query::<OverviewResponse>(&QueryMsg::Overview {}).proposals)
}

fn rulings(world: &World) -> Vec<(u64, bool)> {
    world.seen(&world.appeals).rulings
}

/// Votes, waits, executes; what the appeals contract heard.
fn ruling(votes: &[(&str, Choice)]) -> bool {
    let mut world = World::new();
    let id = open(&mut world, 7).unwrap();
    for (who, choice) in votes {
        world.vote(who, id, *choice).unwrap();
    }
    world.advance(4 * DAY);
    world.execute(id).unwrap();
    let heard = rulings(&world);
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].0, 7);
    heard[0].1
}

#[test]
fn a_majority_of_the_linear_weight_that_voted_grants_an_appeal() {
    use Choice::{No, Yes};
    // alice 600,000, bob 500,000, carol 300,000
    assert!(ruling(&[("carol", Yes)]));
    assert!(ruling(&[("alice", Yes), ("bob", No)]));
    assert!(!ruling(&[("alice", No), ("bob", Yes)]));
    assert!(ruling(&[("alice", No), ("bob", Yes), ("carol", Yes)]));
    assert!(!ruling(&[("carol", No)]));
}

#[test]
fn an_appeal_that_nobody_votes_on_fails() {
    assert!(!ruling(&[]));
}

#[test]
fn an_appeal_without_a_tenth_of_the_weight_fails_and_with_a_tenth_it_does_not() {
    for (share, granted) in [(139_999, false), (140_000, true)] {
        let mut world = World::empty(false);
        world.stake_all(&[("alice", 1_400_000 - share), ("bob", share)]);
        world.advance(1);
        let id = open(&mut world, 1).unwrap();
        world.vote("bob", id, Choice::Yes).unwrap();
        world.advance(4 * DAY);
        world.execute(id).unwrap();
        assert_eq!(rulings(&world), [(1, granted)], "{share}");
    }
}

#[test]
fn a_tie_grants_nothing() {
    let mut world = World::empty(false);
    world.stake_all(&[("alice", 1_000_000), ("bob", 1_000_000)]);
    world.advance(1);
    let id = open(&mut world, 1).unwrap();
    world.vote("alice", id, Choice::Yes).unwrap();
    world.vote("bob", id, Choice::No).unwrap();
    world.advance(4 * DAY);
    world.execute(id).unwrap();
    assert_eq!(rulings(&world), [(1, false)]);
}

#[test]
fn a_split_whale_gains_nothing_in_an_appeal() {
    let mut world = World::empty(true);
    world.stake("alice", 1_000_000 * ONE);
    let names: Vec<String> = (0..16).map(|index| format!("split{index}")).collect();
    for name in &names {
        world.stake(name, 40_000 * ONE);
    }
    world.advance(1);
    let id = open(&mut world, 1).unwrap();
    world.vote("alice", id, Choice::No).unwrap();
    for name in &names {
        world.vote(name, id, Choice::Yes).unwrap();
    }
    match world.proposal(id).subject {
        Subject::Appeal { yes, no, granted, .. } => {
            assert!(yes.weight > no.weight && yes.linear < no.linear);
            assert!(!granted);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn voting_begins_at_once_ends_after_four_days_and_never_expires() {
    let mut world = World::new();
    let id = open(&mut world, 1).unwrap();
    assert_eq!(world.status(id), Status::Voting);
    assert_eq!(world.proposal(id).summary.kind, Kind::Appeal);
    refused(world.vote("alice", id, Choice::Answer(0)), 8);
    world.advance(4 * DAY - 1);
    world.vote("alice", id, Choice::Yes).unwrap();
    refused(world.execute(id), 7);
    world.advance(1);
    refused(world.vote("alice", id, Choice::No), 7);
    world.advance(10_000 * DAY);
    assert_eq!(world.status(id), Status::Ready);
    world.execute(id).unwrap();
    refused(world.execute(id), 7);
    refused(world.settle(id), 15);
    assert_eq!(rulings(&world), [(1, true)]);
}

#[test]
fn stake_locked_for_the_case_has_no_vote() {
    let mut world = World::new();
    world.stake("mallory", 5_000_000 * ONE);
    let id = open(&mut world, 1).unwrap();
    refused(world.vote("mallory", id, Choice::Yes), 9);
}

#[test]
fn a_ruling_is_not_lost_when_the_appeals_contract_fails() {
    let mut world = World::new();
    let id = open(&mut world, 1).unwrap();
    world.vote("alice", id, Choice::Yes).unwrap();
    world.advance(4 * DAY);
    let appeals = world.appeals.clone();
    world.fail(&appeals, true);
    world.execute(id).unwrap_err();
    assert_eq!(world.status(id), Status::Ready);
    world.fail(&appeals, false);
    world.execute(id).unwrap();
    assert_eq!(rulings(&world), [(1, true)]);
}

#[test]
fn appeals_are_decided_below_the_floor() {
    let mut world = World::empty(false);
    world.stake("alice", 1);
    world.advance(1);
    let id = open(&mut world, 1).unwrap();
    world.vote("alice", id, Choice::Yes).unwrap();
    world.advance(4 * DAY);
    world.execute(id).unwrap();
    assert_eq!(rulings(&world), [(1, true)]);
}

#[test]
fn the_newest_vote_on_a_case_is_found() {
    let mut world = World::new();
    for case in [5, 6, 5] {
        open(&mut world, case).unwrap();
    }
    let of = |case| world.query::<ProposalResponse>(&QueryMsg::Appeal { case }).summary.id;
    assert_eq!((of(5), of(6)), (3, 2));
    let none = world
        .app
        .wrap()
        .query_wasm_smart::<ProposalResponse>(&world.gov, &QueryMsg::Appeal { case: 7 });
    assert!(none.unwrap_err().to_string().contains("[governance:6]"));
}

#[test]
fn the_appeals_contract_is_set_once_by_a_proposal() {
    let setup = Setup {
        root: false,
        whale: Uint128::zero(),
    };
    let mut world = World::with(setup, |msg| msg.appeals = None).unwrap();
    world.stake_all(&STAKES);
    world.advance(1);
    refused(open(&mut world, 1), 21);
    let set = |world: &World, to: &Addr| {
        world.to_self(&ExecuteMsg::SetAppeals {
            address: to.to_string(),
        })
    };
    let msg = set(&world, &world.appeals);
    world.pass_messages(vec![msg]).unwrap();
    open(&mut world, 1).unwrap();
    let msg = set(&world, &world.market);
    let id = world.ready(Action::Messages { msgs: vec![msg] });
    refused(world.execute(id), 22);
}

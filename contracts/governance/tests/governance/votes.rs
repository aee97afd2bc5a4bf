//! Who votes, when, and what a vote changes.

use cosmwasm_std::Uint128;
use interfaces::governance::*;
use interfaces::voting::Power;

use crate::world::*;

fn both(amount: u128) -> Power {
    let amount = Uint128::new(amount * ONE);
    Power {
        weight: amount,
        linear: amount,
    }
}

#[test]
fn flash_stake_in_the_second_of_the_proposal_has_no_vote() {
    let mut world = World::new();
    world.stake("mallory", 5_000_000 * ONE);
    let action = world.messages(1);
    // a later block of the same second
    world.advance(0);
    let id = world.propose("mallory", action).unwrap();
    world.stake("dave", 5_000_000 * ONE);
    world.advance(7 * DAY);
    for late in ["mallory", "dave"] {
        refused(world.vote(late, id, Choice::Yes), 9);
    }
    match world.proposal(id).subject {
        Subject::Motion { total, .. } => assert_eq!(total, both(1_400_000)),
        Subject::Outcome { .. } | Subject::Appeal { .. } => panic!("a motion"),
    }
}

#[test]
fn stake_of_the_second_before_votes_even_when_it_has_left() {
    let mut world = World::new();
    world.stake("dave", 10_000 * ONE);
    world.advance(1);
    let action = world.messages(1);
    let id = world.propose("bob", action).unwrap();
    world.stake("dave", 0);
    world.stake("alice", 9_000_000 * ONE);
    world.advance(7 * DAY);
    world.vote("dave", id, Choice::No).unwrap();
    world.vote("alice", id, Choice::Yes).unwrap();
    assert_eq!(world.tally(id), (both(600_000), both(10_000)));
}

#[test]
fn votes_are_taken_from_the_first_to_the_last_second_of_voting() {
    let mut world = World::new();
    let action = world.params(1);
    let id = world.propose("dave", action).unwrap();
    refused(world.vote("alice", id, Choice::Yes), 7);
    world.advance(7 * DAY - 1);
    refused(world.vote("alice", id, Choice::Yes), 7);
    world.advance(1);
    world.vote("alice", id, Choice::Yes).unwrap();
    world.advance(7 * DAY - 1);
    world.vote("bob", id, Choice::No).unwrap();
    world.advance(1);
    refused(world.vote("carol", id, Choice::Yes), 7);
    refused(world.vote("alice", id, Choice::No), 7);
    assert_eq!(world.tally(id), (both(600_000), both(500_000)));
}

#[test]
fn a_later_vote_replaces_an_earlier_one_exactly() {
    let mut world = World::new();
    let action = world.params(1);
    let id = world.in_voting(action);
    world.vote("bob", id, Choice::Yes).unwrap();
    for _ in 0..3 {
        world.vote("alice", id, Choice::Yes).unwrap();
        assert_eq!(world.tally(id), (both(1_100_000), both(0)));
        world.vote("alice", id, Choice::No).unwrap();
        assert_eq!(world.tally(id), (both(500_000), both(600_000)));
    }
    let votes: VotesResponse = world.query(&QueryMsg::Votes {
        proposal: id,
        start_after: None,
        limit: None,
    });
    assert_eq!(votes.votes.len(), 2);
}

#[test]
fn the_same_vote_again_is_refused() {
    let mut world = World::new();
    let action = world.params(1);
    let id = world.in_voting(action);
    world.vote("alice", id, Choice::No).unwrap();
    refused(world.vote("alice", id, Choice::No), 10);
    assert_eq!(world.tally(id), (both(0), both(600_000)));
}

#[test]
fn a_choice_the_proposal_does_not_offer_is_refused() {
    let mut world = World::new();
    let from = world.moment();
    let outcome = world.open(1, &[0, 3], from).unwrap();
    for choice in [Choice::Yes, Choice::No, Choice::Answer(1)] {
        refused(world.vote("alice", outcome, choice), 8);
    }
    let action = world.params(1);
    let id = world.in_voting(action);
    refused(world.vote("alice", id, Choice::Answer(0)), 8);
    refused(world.vote("alice", 99, Choice::Yes), 6);
    refused(world.vote("mallory", id, Choice::Yes), 9);
}

#[test]
fn stakes_below_the_modules_threshold_do_not_vote() {
    let setup = crate::stand_in::module::Setup {
        root: false,
        whale: Uint128::new(100_000 * ONE),
    };
    let mut world = World::with(setup, |_| {}).unwrap();
    world.stake_all(&STAKES);
    world.stake("dave", 100_000 * ONE - 1);
    world.advance(1);
    let action = world.params(1);
    let id = world.in_voting(action);
    refused(world.vote("dave", id, Choice::Yes), 9);
}

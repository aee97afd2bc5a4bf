//! Outcomes of markets: opened by the market, decided by most weight, told to the market.

use cosmwasm_std::Uint128;
use interfaces::governance::*;
use interfaces::voting::Moment;

use crate::world::*;

/// A vote on answers 0, 3 and 255 of market 9 in an electorate of these stakes, µLCO.
fn opened(stakes: &[(&str, u128)]) -> (World, u64) {
    let mut world = World::empty(false);
    for (name, amount) in stakes {
        world.stake(name, *amount);
    }
    world.advance(1);
    let from = world.moment();
    world.advance(DAY);
    let id = world.open(9, &[0, 3, 255], from).unwrap();
    (world, id)
}

fn decision(world: &mut World, id: u64) -> Option<u8> {
    world.advance_to(world.schedule(id).voting_ends);
    world.execute(id).unwrap();
    let decisions = world.seen(&world.market).decisions;
    let [(9, answer)] = decisions[..] else {
        panic!("{decisions:?}")
    };
    answer
}

#[test]
fn most_weight_wins_even_without_a_majority() {
    let (mut world, id) = opened(&[("alice", 40), ("bob", 35), ("carol", 25)]);
    for (who, answer) in [("alice", 255), ("bob", 0), ("carol", 3)] {
        world.vote(who, id, Choice::Answer(answer)).unwrap();
    }
    assert_eq!(decision(&mut world, id), Some(255));
}

#[test]
fn revoting_moves_the_whole_weight() {
    let (mut world, id) = opened(&[("alice", 40), ("bob", 35), ("carol", 25)]);
    for (who, answer) in [("alice", 255), ("bob", 0), ("carol", 255), ("carol", 0)] {
        world.vote(who, id, Choice::Answer(answer)).unwrap();
    }
    match world.proposal(id).subject {
        Subject::Outcome { answers, total, .. } => {
            let weights: Vec<_> = answers
                .iter()
                .map(|tally| (tally.answer, tally.weight.u128()))
                .collect();
            assert_eq!((weights, total.u128()), (vec![(0, 60), (3, 0), (255, 40)], 100));
        }
        Subject::Motion { .. } | Subject::Appeal { .. } => panic!("an outcome"),
    }
    assert_eq!(decision(&mut world, id), Some(0));
}

#[test]
fn a_tie_is_no_decision() {
    let (mut world, id) = opened(&[("alice", 40), ("bob", 40), ("carol", 39)]);
    for (who, answer) in [("alice", 0), ("bob", 3), ("carol", 255)] {
        world.vote(who, id, Choice::Answer(answer)).unwrap();
    }
    assert_eq!(decision(&mut world, id), None);
}

#[test]
fn a_tie_behind_the_first_does_not_matter() {
    let (mut world, id) = opened(&[("alice", 41), ("bob", 40), ("carol", 40)]);
    for (who, answer) in [("alice", 0), ("bob", 3), ("carol", 255)] {
        world.vote(who, id, Choice::Answer(answer)).unwrap();
    }
    assert_eq!(decision(&mut world, id), Some(0));
}

#[test]
fn exactly_a_tenth_is_a_quorum_and_one_less_is_none() {
    for (voters, expected) in [(100, Some(3)), (99, None), (101, Some(3))] {
        let (mut world, id) = opened(&[("alice", voters), ("bob", 1_000 - voters)]);
        world.vote("alice", id, Choice::Answer(3)).unwrap();
        assert_eq!(decision(&mut world, id), expected, "{voters}");
    }
}

#[test]
fn votes_for_every_answer_count_for_the_quorum() {
    let (mut world, id) = opened(&[("alice", 60), ("carol", 40), ("bob", 900)]);
    world.vote("alice", id, Choice::Answer(3)).unwrap();
    world.vote("carol", id, Choice::Answer(0)).unwrap();
    assert_eq!(decision(&mut world, id), Some(3));
}

#[test]
fn an_electorate_with_no_quorum_leaves_the_market_to_its_own_rule() {
    let (mut world, id) = opened(&[("alice", 1_000)]);
    assert_eq!(decision(&mut world, id), None);
}

#[test]
fn nobody_staked_is_no_quorum_either() {
    let (mut world, id) = opened(&[]);
    refused(world.vote("alice", id, Choice::Answer(0)), 9);
    assert_eq!(decision(&mut world, id), None);
}

#[test]
fn stake_bought_for_the_dispute_has_no_vote() {
    let mut world = World::new();
    let from = world.moment();
    world.advance(DAY);
    // comes late, leaves early, grows, shrinks
    world.stake("mallory", 9_000_000 * ONE);
    world.stake("alice", 0);
    world.stake("bob", 2_000_000 * ONE);
    world.stake("carol", 100_000 * ONE);
    world.advance(1);
    let id = world.open(1, &[0, 1], from).unwrap();
    for out in ["mallory", "alice"] {
        refused(world.vote(out, id, Choice::Answer(0)), 9);
    }
    world.vote("bob", id, Choice::Answer(0)).unwrap();
    world.vote("carol", id, Choice::Answer(1)).unwrap();
    match world.proposal(id).subject {
        Subject::Outcome { answers, total, .. } => {
            let weights = answers.iter().map(|tally| tally.weight.u128() / ONE);
            assert_eq!(weights.collect::<Vec<_>>(), [500_000, 100_000]);
            // the lower of the two totals, of which the first was
            assert_eq!(total.u128(), 1_400_000 * ONE);
        }
        Subject::Motion { .. } | Subject::Appeal { .. } => panic!("an outcome"),
    }
}

#[test]
fn voting_begins_at_once_and_ends_after_four_days() {
    let (mut world, id) = opened(&[("alice", 60), ("bob", 40)]);
    let schedule = world.schedule(id);
    let now = world.now();
    let expected = Schedule {
        voting_starts: now,
        voting_ends: now + 4 * DAY,
        ready_at: now + 4 * DAY,
        expires_at: None,
    };
    assert_eq!(schedule, expected);
    assert_eq!(world.status(id), Status::Voting);
    refused(world.withdraw("alice", id), 7);
    world.vote("alice", id, Choice::Answer(0)).unwrap();
    world.advance(4 * DAY - 1);
    world.vote("bob", id, Choice::Answer(3)).unwrap();
    refused(world.execute(id), 7);
    world.advance(1);
    assert_eq!(world.status(id), Status::Ready);
    refused(world.vote("bob", id, Choice::Answer(0)), 7);
    assert_eq!(decision(&mut world, id), Some(0));
    assert_eq!(world.status(id), Status::Executed);
}

#[test]
fn a_decision_is_not_lost_when_the_market_fails() {
    let (mut world, id) = opened(&[("alice", 60)]);
    world.vote("alice", id, Choice::Answer(255)).unwrap();
    world.advance(4 * DAY);
    let market = world.market.clone();
    world.fail(&market, true);
    assert_eq!(world.execute(id).unwrap_err(), "Generic error: failing");
    assert_eq!(world.status(id), Status::Ready);
    world.advance(400 * DAY);
    world.fail(&market, false);
    assert_eq!(world.status(id), Status::Ready);
    world.execute(id).unwrap();
    refused(world.execute(id), 7);
    assert_eq!(world.seen(&market).decisions, [(9, Some(255))]);
}

/// The floor protects what governance owns; a market's bettors are owed an answer below it, too.
#[test]
fn outcomes_are_decided_below_the_floor() {
    let (mut world, id) = opened(&[("alice", 1)]);
    assert!(!world.query::<OverviewResponse>(&QueryMsg::Overview {}).floor_reached);
    world.vote("alice", id, Choice::Answer(0)).unwrap();
    assert_eq!(decision(&mut world, id), Some(0));
}

#[test]
fn answers_are_bounded_and_different() {
    let mut world = World::new();
    let from = world.moment();
    let many: Vec<u8> = (0..=16).collect();
    refused(world.open(1, &[], from), 4);
    refused(world.open(1, &many, from), 4);
    refused(world.open(1, &[1, 2, 1], from), 18);
    world.open(1, &many[..16], from).unwrap();
    world.open(2, &[7], from).unwrap();
}

#[test]
fn moments_are_in_order_and_past() {
    let mut world = World::new();
    let early = world.moment();
    world.advance(DAY);
    let now = world.moment();
    let next = Moment {
        height: now.height + 1,
        time: now.time + 1,
    };
    let crossed = Moment {
        height: early.height,
        time: now.time + 1,
    };
    for (from, to) in [
        (now, early),
        (early, next),
        (next, next),
        (early, crossed),
        (crossed, now),
    ] {
        refused(world.open_between(1, &[0, 1], from, to), 19);
    }
    for (from, to) in [(early, early), (early, now), (now, now)] {
        world.open_between(1, &[0, 1], from, to).unwrap();
    }
}

#[test]
fn the_newest_vote_on_a_market_is_found() {
    let mut world = World::new();
    let from = world.moment();
    let first = world.open(1, &[0, 1], from).unwrap();
    let other = world.open(2, &[0, 1], from).unwrap();
    let second = world.open(1, &[0, 1], from).unwrap();
    let of = |market| {
        world
            .query::<ProposalResponse>(&QueryMsg::Outcome { market })
            .summary
            .id
    };
    assert_eq!((of(1), of(2)), (second, other));
    assert_eq!(world.status(first), Status::Voting);
    let none = world
        .app
        .wrap()
        .query_wasm_smart::<ProposalResponse>(&world.gov, &QueryMsg::Outcome { market: 3 });
    assert!(none.unwrap_err().to_string().contains("[governance:6]"));
}

#[test]
fn later_settings_do_not_reach_an_open_vote() {
    let mut world = World::new();
    let mut changed = tracks();
    changed.market_outcome = OutcomeTrack {
        voting: DAY,
        quorum_bps: 5_000,
    };
    let set = world.to_self(&ExecuteMsg::SetTracks { tracks: changed });
    let ready = world.ready(Action::Messages { msgs: vec![set] });
    let from = world.moment();
    let before = world.open(1, &[0, 1], from).unwrap();
    world.execute(ready).unwrap();
    let after = world.open(2, &[0, 1], from).unwrap();
    for id in [before, after] {
        world.vote("carol", id, Choice::Answer(1)).unwrap();
    }
    world.advance(DAY);
    assert_eq!(
        [before, after].map(|id| world.status(id)),
        [Status::Voting, Status::Ready]
    );
    world.advance(3 * DAY);
    for id in [before, after] {
        world.execute(id).unwrap();
    }
    // 300,000 of 1,400,000 is more than a tenth and less than a half
    assert_eq!(world.seen(&world.market).decisions, [(1, Some(1)), (2, None)]);
}

#[test]
fn weights_are_exact_at_the_greatest_stakes() {
    let (mut world, id) = opened(&[("alice", u128::MAX / 2), ("bob", u128::MAX / 2)]);
    world.vote("alice", id, Choice::Answer(0)).unwrap();
    world.vote("bob", id, Choice::Answer(0)).unwrap();
    match world.proposal(id).subject {
        Subject::Outcome { answers, .. } => assert_eq!(answers[0].weight, Uint128::new(u128::MAX - 1)),
        Subject::Motion { .. } | Subject::Appeal { .. } => panic!("an outcome"),
    }
    assert_eq!(decision(&mut world, id), Some(0));
}

//! What pages ask.

use cosmwasm_std::{Api, Uint128};
use interfaces::governance::*;

use crate::world::*;

fn page(
    world: &World,
    status: Option<Status>,
    start_before: Option<u64>,
    limit: Option<u32>,
) -> (Vec<u64>, Option<u64>) {
    let answer: ProposalsResponse = world.query(&QueryMsg::Proposals {
        status,
        start_before,
        limit,
    });
    (answer.proposals.iter().map(|one| one.id).collect(), answer.next)
}

#[test]
fn proposals_are_listed_newest_first_in_pages() {
    let mut world = World::new();
    assert_eq!(page(&world, None, None, None), (vec![], None));
    for value in 1..=5 {
        let action = world.params(value);
        world.propose("dave", action).unwrap();
    }
    assert_eq!(page(&world, None, None, None), (vec![5, 4, 3, 2, 1], None));
    assert_eq!(page(&world, None, None, Some(2)), (vec![5, 4], Some(4)));
    assert_eq!(page(&world, None, Some(4), Some(2)), (vec![3, 2], Some(2)));
    assert_eq!(page(&world, None, Some(2), Some(2)), (vec![1], None));
    assert_eq!(page(&world, None, Some(1), Some(2)), (vec![], None));
    assert_eq!(page(&world, None, Some(0), Some(2)), (vec![], None));
    assert_eq!(page(&world, None, Some(u64::MAX), Some(1)), (vec![5], Some(5)));
    assert_eq!(page(&world, None, None, Some(0)), (vec![], Some(6)));
}

#[test]
fn proposals_are_filtered_by_status() {
    let mut world = World::new();
    for value in 1..=6 {
        let action = world.params(value);
        world.propose("dave", action).unwrap();
    }
    for id in [2, 5] {
        world.withdraw("dave", id).unwrap();
    }
    world.advance(7 * DAY);
    assert_eq!(page(&world, Some(Status::Withdrawn), None, None), (vec![5, 2], None));
    assert_eq!(page(&world, Some(Status::Voting), None, None), (vec![6, 4, 3, 1], None));
    assert_eq!(page(&world, Some(Status::Voting), None, Some(2)), (vec![6, 4], Some(4)));
    assert_eq!(page(&world, Some(Status::Rejected), None, None), (vec![], None));
}

#[test]
fn a_filtered_page_looks_at_a_bounded_number_and_says_where_to_go_on() {
    let mut world = World::new();
    let from = world.moment();
    let action = world.params(1);
    world.propose("dave", action).unwrap();
    for market in 0..SCAN_LIMIT as u64 {
        world.open(market, &[0, 1], from).unwrap();
    }
    let first = page(&world, Some(Status::Discussion), None, None);
    assert_eq!(first, (vec![], Some(2)));
    assert_eq!(page(&world, Some(Status::Discussion), first.1, None), (vec![1], None));
    assert_eq!(page(&world, None, None, Some(1_000)).0.len(), 100);
    assert_eq!(page(&world, None, None, None).0.len(), 30);
}

#[test]
fn votes_are_listed_by_address_in_pages() {
    let mut world = World::new();
    let names: Vec<String> = (0..7).map(|index| format!("voter{index}")).collect();
    for name in &names {
        world.stake(name, ONE);
    }
    world.advance(1);
    let (one, other) = (world.params(1), world.params(2));
    let (one, other) = (
        world.propose("dave", one).unwrap(),
        world.propose("dave", other).unwrap(),
    );
    world.advance(7 * DAY);
    for name in &names {
        world.vote(name, one, Choice::No).unwrap();
    }
    world.vote("alice", other, Choice::Yes).unwrap();
    let mut expected: Vec<String> = names.iter().map(|name| world.user(name).into()).collect();
    expected.sort_by_key(|address| world.app.api().addr_canonicalize(address).unwrap().to_vec());
    let mut seen = vec![];
    loop {
        let answer: VotesResponse = world.query(&QueryMsg::Votes {
            proposal: one,
            start_after: seen.last().cloned(),
            limit: Some(3),
        });
        if answer.votes.is_empty() {
            break;
        }
        assert!(answer.votes.iter().all(|vote| vote.choice == Choice::No));
        seen.extend(answer.votes.into_iter().map(|vote| vote.voter));
    }
    assert_eq!(seen, expected);
}

#[test]
fn a_vote_is_shown_with_the_power_behind_it() {
    let mut world = World::new();
    let action = world.params(1);
    let id = world.in_voting(action);
    let ask = |world: &World, name: &str| -> VoteResponse {
        world.query(&QueryMsg::Vote {
            proposal: id,
            address: world.user(name).into(),
        })
    };
    let before = ask(&world, "alice");
    assert_eq!((before.vote, before.power.weight.u128()), (None, 600_000 * ONE));
    world.vote("alice", id, Choice::No).unwrap();
    let after = ask(&world, "alice");
    let vote = after.vote.unwrap();
    assert_eq!(
        (vote.choice, vote.power, after.power),
        (Choice::No, before.power, before.power)
    );
    assert_eq!(vote.voter, world.user("alice").to_string());
    assert_eq!(ask(&world, "mallory").power, Default::default());
}

fn reachable(world: &World) -> (Vec<u64>, u128, bool) {
    let answer: ReachableMajorityResponse = world.query(&QueryMsg::ReachableMajority {});
    (answer.proposals, answer.turnout.u128() / ONE, answer.reachable)
}

#[test]
fn reachable_majority_looks_at_the_last_four_that_ended() {
    let mut world = World::new();
    assert_eq!(reachable(&world), (vec![], 0, false));
    // five in a row, a day apart; the first with the largest turnout, and one withdrawn
    let turnouts: [&[&str]; 6] = [
        &["alice", "bob"],
        &["carol"],
        &[],
        &["alice"],
        &["bob"],
        &["alice", "bob", "carol"],
    ];
    let mut ids = vec![];
    for _ in &turnouts {
        let action = world.params(1);
        ids.push(world.propose("dave", action).unwrap());
        world.advance(DAY);
    }
    world.withdraw("dave", ids[2]).unwrap();
    let from = world.moment();
    world.open(1, &[0, 1], from).unwrap();
    for (id, voters) in ids.iter().zip(turnouts) {
        if *id == ids[2] {
            continue;
        }
        world.advance_to(world.schedule(*id).voting_ends - 1);
        for (index, who) in voters.iter().enumerate() {
            let choice = if index == 0 { Choice::No } else { Choice::Yes };
            world.vote(who, *id, choice).unwrap();
        }
        // the last second of voting is not after its end
        assert!(!reachable(&world).0.contains(id));
        world.advance(1);
        let seen = reachable(&world);
        assert_eq!(seen.0[0], *id);
        match *id {
            1 => assert_eq!(seen, (vec![1], 1_100_000, true)),
            2 => assert_eq!(seen, (vec![2, 1], 1_100_000, true)),
            4 => assert_eq!(seen, (vec![4, 2, 1], 1_100_000, true)),
            5 => assert_eq!(seen, (vec![5, 4, 2, 1], 1_100_000, true)),
            // the first is out of sight now, though it had as many as half
            _ => assert_eq!(seen, (vec![6, 5, 4, 2], 1_400_000, true)),
        }
    }
}

#[test]
fn a_majority_out_of_reach_is_seen() {
    let mut world = World::new();
    let action = world.params(1);
    let id = world.in_voting(action);
    world.vote("alice", id, Choice::Yes).unwrap();
    world.advance(7 * DAY);
    assert_eq!(reachable(&world), (vec![id], 600_000, false));
    // half is not more than half
    world.stake("bob", 300_000 * ONE);
    world.advance(1);
    assert_eq!(reachable(&world), (vec![id], 600_000, false));
    world.stake("bob", 300_000 * ONE - 1);
    world.advance(1);
    assert_eq!(reachable(&world), (vec![id], 600_000, true));
}

#[test]
fn the_overview_says_what_a_page_shows() {
    let mut world = World::new();
    let action = world.params(1);
    world.propose("dave", action).unwrap();
    let overview: OverviewResponse = world.query(&QueryMsg::Overview {});
    let total = Uint128::new(1_400_000 * ONE);
    assert_eq!(overview.voting_module, world.module.to_string());
    assert_eq!(overview.deposit_token, world.token.to_string());
    assert_eq!(overview.prediction_market, Some(world.market.to_string()));
    assert_eq!((overview.tracks, overview.proposals), (tracks(), 1));
    assert_eq!(overview.params.deposit.u128(), DEPOSIT);
    assert_eq!((overview.total.linear, overview.floor_reached), (total, true));
    world.stake("alice", 0);
    world.advance(1);
    assert!(!world.query::<OverviewResponse>(&QueryMsg::Overview {}).floor_reached);
}

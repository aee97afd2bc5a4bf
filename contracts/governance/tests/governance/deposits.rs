//! Deposits always find their way out.

use interfaces::governance::*;

use crate::world::*;

fn fund(world: &World) -> u128 {
    world.balance(&world.user("fund"))
}

fn dave(world: &World) -> u128 {
    world.balance(&world.user("dave"))
}

/// The participation floor is 5 % of all weight; exactly that is enough.
#[test]
fn returned_from_the_participation_floor_and_passed_on_below() {
    for (voters, returned) in [(50_000 * ONE, true), (50_000 * ONE - 1, false)] {
        for choice in [Choice::Yes, Choice::No] {
            let mut world = World::empty(false);
            world.stake("bob", 1_000_000 * ONE - voters);
            world.stake("alice", voters);
            world.advance(1);
            let action = world.params(1);
            let id = world.in_voting(action);
            world.vote("alice", id, choice).unwrap();
            world.advance(7 * DAY);
            assert_eq!(dave(&world), WEALTH - DEPOSIT);
            world.settle(id).unwrap();
            let expected = if returned {
                (WEALTH, 0)
            } else {
                (WEALTH - DEPOSIT, DEPOSIT)
            };
            assert_eq!((dave(&world), fund(&world)), expected, "{choice:?}");
            assert_eq!(world.balance(&world.gov), 0);
        }
    }
}

#[test]
fn not_before_the_end_of_voting_and_only_once() {
    let mut world = World::new();
    let (one, other) = (world.params(1), world.params(2));
    let id = world.propose("dave", one).unwrap();
    world.propose("carol", other).unwrap();
    refused(world.settle(id), 7);
    world.advance(7 * DAY);
    refused(world.settle(id), 7);
    world.vote("alice", id, Choice::No).unwrap();
    world.advance(7 * DAY - 1);
    refused(world.settle(id), 7);
    world.advance(1);
    world.settle(id).unwrap();
    // the other's deposit is still there to be taken
    refused(world.settle(id), 15);
    assert_eq!(world.balance(&world.gov), DEPOSIT);
    refused(world.settle(99), 6);
}

#[test]
fn withdrawn_in_the_discussion_it_goes_back() {
    let mut world = World::new();
    let action = world.params(1);
    let id = world.propose("dave", action).unwrap();
    world.withdraw("dave", id).unwrap();
    world.settle(id).unwrap();
    assert_eq!(dave(&world), WEALTH);
    refused(world.settle(id), 15);
}

/// Executed, failing for ever, expired, rejected, withdrawn: no fate holds a deposit.
#[test]
fn a_deposit_is_stuck_never() {
    let mut world = World::new();
    let target = world.target.clone();
    let (bad, good) = (world.messages(1), world.params(2));
    let failing = world.propose("dave", bad).unwrap();
    let rejected = world.propose("dave", good.clone()).unwrap();
    let withdrawn = world.propose("dave", good.clone()).unwrap();
    let executed = world.propose("dave", good).unwrap();
    world.withdraw("dave", withdrawn).unwrap();
    world.advance(7 * DAY);
    for id in [failing, executed] {
        for who in ["alice", "bob"] {
            world.vote(who, id, Choice::Yes).unwrap();
        }
    }
    world.vote("carol", rejected, Choice::No).unwrap();
    world.advance(8 * DAY);
    world.execute(executed).unwrap();
    world.fail(&target, true);
    world.execute(failing).unwrap_err();
    world.advance(1_000 * DAY);
    assert_eq!(world.status(failing), Status::Expired);
    for id in [failing, rejected, withdrawn, executed] {
        world.settle(id).unwrap();
    }
    assert_eq!((dave(&world), world.balance(&world.gov)), (WEALTH, 0));
}

/// Deposit and share are those of the moment of proposing; only where a lost deposit goes is asked at the end.
#[test]
fn later_parameters_do_not_change_what_was_promised() {
    let mut world = World::new();
    let action = world.params(1);
    let id = world.propose("carol", action).unwrap();
    let heir = world.user("heir");
    let params = Params {
        deposit: (DEPOSIT * 2).into(),
        deposit_recipient: heir.to_string(),
        refund_bps: 0,
    };
    let set = world.to_self(&ExecuteMsg::SetParams { params });
    world.pass_messages(vec![set]).unwrap();
    assert_eq!(world.status(id), Status::Rejected);
    world.settle(id).unwrap();
    assert_eq!(
        (world.balance(&heir), world.balance(&world.user("carol"))),
        (DEPOSIT, WEALTH - DEPOSIT)
    );
    // without a share that must vote, everybody gets his back
    let action = world.params(1);
    refused(world.propose("carol", action.clone()), 13);
    let id = world.propose_with("carol", 2 * DEPOSIT, "t", "", action).unwrap();
    world.advance(14 * DAY);
    world.settle(id).unwrap();
    assert_eq!(world.balance(&world.user("carol")), WEALTH - DEPOSIT);
}

#[test]
fn an_outcome_has_none() {
    let mut world = World::new();
    let from = world.moment();
    let id = world.open(1, &[0, 1], from).unwrap();
    world.advance(4 * DAY);
    refused(world.settle(id), 15);
}

#[test]
fn a_silent_voting_module_stops_decisions_but_holds_no_deposit() {
    let mut world = World::new();
    let (one, other) = (world.messages(1), world.messages(2));
    let (one, other) = (
        world.propose("dave", one).unwrap(),
        world.propose("dave", other).unwrap(),
    );
    world.advance(7 * DAY);
    for who in ["alice", "bob"] {
        world.vote(who, one, Choice::Yes).unwrap();
    }
    world.break_module();
    let action = world.messages(3);
    refused(world.propose("carol", action), 1);
    refused(world.vote("carol", other, Choice::Yes), 1);
    // who voted can still change his mind: his power is known
    world.vote("alice", one, Choice::No).unwrap();
    world.vote("alice", one, Choice::Yes).unwrap();
    world.advance(8 * DAY);
    refused(world.execute(one), 1);
    assert_eq!(world.status(one), Status::Ready);
    for id in [one, other] {
        world.settle(id).unwrap();
    }
    assert_eq!((dave(&world), fund(&world)), (WEALTH - DEPOSIT, DEPOSIT));
    assert_eq!(world.balance(&world.user("carol")), WEALTH);
}

//! Execution, and those who attack it.

use cosmwasm_std::to_json_binary;
use interfaces::common::OwnershipMsg;
use interfaces::governance::*;

use crate::stand_in::puppet::{PuppetMsg, PuppetQuery};
use crate::world::*;

#[test]
fn messages_go_out_in_order() {
    let mut world = World::new();
    let msgs = (1..=16).map(|value| world.set(value)).collect();
    world.pass_messages(msgs).unwrap();
    assert_eq!(world.values(), (1..=16).collect::<Vec<_>>());
}

#[test]
fn params_go_out_in_order() {
    let mut world = World::new();
    let calls = (1..=16).map(|value| world.call(value)).collect();
    world.pass(Action::Params { calls }).unwrap();
    assert_eq!(world.values(), (1..=16).collect::<Vec<_>>());
}

#[test]
fn double_execution_is_refused() {
    let mut world = World::new();
    let action = world.messages(1);
    let id = world.ready(action);
    world.execute(id).unwrap();
    refused(world.execute(id), 7);
    world.advance(100 * DAY);
    refused(world.execute(id), 7);
    assert_eq!(world.status(id), Status::Executed);
    assert_eq!(world.values(), [1]);
}

fn again(world: &World, id: u64, swallow: bool) -> PuppetMsg {
    PuppetMsg::Relay {
        contract: world.gov.to_string(),
        msg: to_json_binary(&ExecuteMsg::Execute { proposal: id }).unwrap(),
        swallow,
    }
}

#[test]
fn a_message_that_comes_back_to_its_own_proposal_finds_it_executed() {
    let mut world = World::new();
    let (swallow, insist) = (again(&world, 1, true), again(&world, 2, false));
    let msgs = vec![world.set(1), world.to_target(&swallow), world.to_target(&swallow)];
    let id = world.ready(Action::Messages { msgs });
    world.execute(id).unwrap();
    assert_eq!(world.values(), [1]);
    assert_eq!(world.seen(&world.target).swallowed.len(), 2);
    assert_eq!(world.status(id), Status::Executed);

    // one that insists takes everything back
    let msgs = vec![world.set(2), world.to_target(&insist)];
    let id = world.ready(Action::Messages { msgs });
    refused(world.execute(id), 7);
    assert_eq!((world.values(), world.status(id)), (vec![1], Status::Ready));
}

#[test]
fn governance_executing_its_own_proposal_again_is_refused() {
    let mut world = World::new();
    let again = world.to_self(&ExecuteMsg::Execute { proposal: 1 });
    let msgs = vec![world.set(1), again];
    let id = world.ready(Action::Messages { msgs });
    assert_eq!(id, 1);
    refused(world.execute(id), 7);
    assert!(world.values().is_empty());
}

#[test]
fn a_hostile_target_that_fails_takes_everything_back_and_can_be_tried_again() {
    let mut world = World::new();
    let (market, target) = (world.market.clone(), world.target.clone());
    let to_market = cosmwasm_std::wasm_execute(&market, &PuppetMsg::SetParams { value: 1 }, vec![]).unwrap();
    let msgs = vec![to_market.into(), world.set(2)];
    let id = world.ready(Action::Messages { msgs });
    world.fail(&target, true);
    assert_eq!(world.execute(id).unwrap_err(), "Generic error: failing");
    assert!(world.seen(&market).values.is_empty());
    assert_eq!(world.status(id), Status::Ready);
    // other proposals go on, and the deposit comes back
    world.settle(id).unwrap();
    world.fail(&target, false);
    world.advance(14 * DAY - 1);
    world.execute(id).unwrap();
    assert_eq!((world.seen(&market).values, world.values()), (vec![1], vec![2]));
}

#[test]
fn a_passed_proposal_cannot_be_executed_years_later() {
    let mut world = World::new();
    let action = world.messages(1);
    let id = world.ready(action);
    world.advance(14 * DAY);
    refused(world.execute(id), 7);
    world.advance(3_650 * DAY);
    refused(world.execute(id), 7);
    assert_eq!(world.status(id), Status::Expired);
}

fn owner(world: &World) -> String {
    let query = PuppetQuery::Owner {};
    world.app.wrap().query_wasm_smart(&world.target, &query).unwrap()
}

#[test]
fn a_contract_is_handed_over_in_two_steps_and_not_below_the_floor() {
    let mut world = World::new();
    let (creator, target) = (world.user("creator"), world.target.clone());
    let new_owner = world.gov.to_string();
    world
        .act(
            &creator,
            &target,
            &PuppetMsg::Ownership(OwnershipMsg::Propose { new_owner }),
        )
        .unwrap();
    let msgs = vec![world.to_target(&PuppetMsg::Ownership(OwnershipMsg::Accept {}))];
    let id = world.ready(Action::Messages { msgs });
    world.stake("alice", 0);
    world.advance(1);
    refused(world.execute(id), 14);
    assert_eq!(owner(&world), creator.to_string());
    world.stake("alice", 200_000 * ONE);
    world.advance(1);
    world.execute(id).unwrap();
    assert_eq!(owner(&world), world.gov.to_string());
}

#[test]
fn an_executed_proposal_may_execute_another() {
    let mut world = World::new();
    let second = world.to_self(&ExecuteMsg::Execute { proposal: 2 });
    let first = world
        .propose(
            "dave",
            Action::Messages {
                msgs: vec![second, world.set(1)],
            },
        )
        .unwrap();
    let action = world.messages(2);
    let second = world.propose("dave", action).unwrap();
    world.advance(7 * DAY);
    for id in [first, second] {
        for who in ["alice", "bob"] {
            world.vote(who, id, Choice::Yes).unwrap();
        }
    }
    world.advance(8 * DAY);
    world.execute(first).unwrap();
    assert_eq!(world.values(), [2, 1]);
    refused(world.execute(second), 7);
}

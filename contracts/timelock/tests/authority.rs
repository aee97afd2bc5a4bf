//! Who may do what, and what a stolen key cannot do.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod common;

use common::*;
use interfaces::common::OwnershipMsg;
use interfaces::timelock::{EntryState, ExecuteMsg};

fn propose(new_owner: &cosmwasm_std::Addr) -> ExecuteMsg {
    ExecuteMsg::Ownership(OwnershipMsg::Propose {
        new_owner: new_owner.to_string(),
    })
}

const ACCEPT: ExecuteMsg = ExecuteMsg::Ownership(OwnershipMsg::Accept {});
const WITHDRAW: ExecuteMsg = ExecuteMsg::Ownership(OwnershipMsg::Cancel {});

#[test]
fn every_message_refuses_every_other_role() {
    let mut world = World::new();
    let [heir, stranger] = ["heir", "stranger"].map(|name| world.addr(name));
    world.pass(vec![world.to_lock(&propose(&heir))]).unwrap();
    let id = world.queue(vec![world.set(2)]);
    let (owner, lock) = (world.owner.clone(), world.lock.clone());
    let queue = ExecuteMsg::Queue {
        title: "t".into(),
        description: "d".into(),
        msgs: vec![world.set(2)],
        delay: None,
    };
    let cases = [
        (queue, vec![&heir, &stranger, &lock], 901),
        (ExecuteMsg::Cancel { id }, vec![&heir, &stranger, &lock], 901),
        (
            ExecuteMsg::SetDelay { min_delay: DELAY + 1 },
            vec![&owner, &heir, &stranger],
            911,
        ),
        (propose(&stranger), vec![&owner, &heir, &stranger], 911),
        (WITHDRAW, vec![&heir, &stranger, &lock], 901),
        (ACCEPT, vec![&owner, &stranger, &lock], 902),
    ];
    for (msg, senders, code) in cases {
        for sender in senders {
            assert_refused(world.send(sender, &msg), code);
        }
    }
}

#[test]
fn stolen_key_cannot_shorten_the_delay() {
    let mut world = World::with(|msg| interfaces::timelock::InstantiateMsg {
        min_delay: 14 * DAY,
        ..msg
    });
    let thief = world.owner.clone();
    assert_refused(world.send(&thief, &ExecuteMsg::SetDelay { min_delay: DELAY }), 911);
    for delay in [0, 1, DELAY, 14 * DAY - 1] {
        assert_refused(world.queue_after(vec![world.set(2)], Some(delay)), 2);
    }
    // lowering waits the old delay; what is queued meanwhile waits the old delay too
    let lower = world.queue(vec![world.to_lock(&ExecuteMsg::SetDelay { min_delay: DELAY })]);
    world.advance(DELAY);
    let theft = world.queue(vec![world.set(2)]);
    world.advance(DELAY);
    world.execute(lower).unwrap();
    assert_eq!(world.config().min_delay, DELAY);
    assert_refused(world.execute(theft), 7);
    world.advance(DELAY - 1);
    assert_refused(world.execute(theft), 7);
    world.advance(1);
    world.execute(theft).unwrap();
}

#[test]
fn nobody_can_lower_the_delay_below_the_floor_even_through_the_queue() {
    let mut world = World::new();
    for min_delay in [0, DAY, DELAY - 1, 30 * DAY + 1, u64::MAX] {
        assert_refused(world.pass(vec![world.to_lock(&ExecuteMsg::SetDelay { min_delay })]), 2);
        assert_eq!(world.config().min_delay, DELAY);
    }
    world
        .pass(vec![world.to_lock(&ExecuteMsg::SetDelay { min_delay: 30 * DAY })])
        .unwrap();
    assert_eq!(world.config().min_delay, 30 * DAY);
    world
        .pass(vec![world.to_lock(&ExecuteMsg::SetDelay { min_delay: DELAY })])
        .unwrap();
    assert_eq!(world.config().min_delay, DELAY);
}

#[test]
fn raising_the_delay_does_not_move_what_is_queued() {
    let mut world = World::new();
    let raise = world.queue(vec![world.to_lock(&ExecuteMsg::SetDelay { min_delay: 30 * DAY })]);
    let queued = world.queue(vec![world.set(2)]);
    world.advance(DELAY);
    world.execute(raise).unwrap();
    world.execute(queued).unwrap();
    assert_refused(world.queue_after(vec![world.set(4)], Some(DELAY)), 2);
}

#[test]
fn stolen_key_cannot_take_the_queue_over_while_the_rightful_owner_watches() {
    let mut world = World::new();
    let (owner, thief) = (world.owner.clone(), world.addr("thief"));
    // with the stolen key the thief is, to the chain, the owner
    assert_refused(world.send(&owner, &propose(&thief)), 911);
    let take_over = world.queue(vec![world.to_lock(&propose(&thief))]);
    let theft = world.queue(vec![world.set(666)]);
    assert_refused(world.send(&thief, &ACCEPT), 903);
    world.advance(DELAY - 1);
    assert_refused(world.execute(take_over), 7);

    world.cancel(take_over).unwrap();
    world.cancel(theft).unwrap();
    world.advance(1);
    for id in [take_over, theft] {
        assert_refused(world.execute(id), 10);
    }
    assert_refused(world.send(&thief, &ACCEPT), 903);
    assert_eq!((world.config().owner, world.number()), (owner.to_string(), 0));
}

#[test]
fn rightful_owner_can_still_stop_a_take_over_that_passed_the_queue() {
    let mut world = World::new();
    let (owner, thief) = (world.owner.clone(), world.addr("thief"));
    world.pass(vec![world.to_lock(&propose(&thief))]).unwrap();
    assert_eq!(world.config().pending_owner, Some(thief.to_string()));
    world.send(&owner, &WITHDRAW).unwrap();
    assert_refused(world.send(&thief, &ACCEPT), 903);
}

#[test]
fn the_queue_is_handed_over_in_two_steps_and_a_delay() {
    let mut world = World::new();
    let (council, governance) = (world.owner.clone(), world.addr("governance"));
    let left_over = world.queue_after(vec![world.set(2)], Some(3 * DELAY)).unwrap();
    world.pass(vec![world.to_lock(&propose(&governance))]).unwrap();
    assert_eq!(world.config().owner, council.to_string());
    world.send(&governance, &ACCEPT).unwrap();

    assert_eq!(world.config().owner, governance.to_string());
    assert_eq!(world.config().pending_owner, None);
    assert_refused(world.queue_as(&council, vec![world.set(2)], None), 901);
    assert_refused(world.cancel(left_over), 901);
    world.send(&governance, &ExecuteMsg::Cancel { id: left_over }).unwrap();
    assert_eq!(world.state(left_over), EntryState::Cancelled);
    world.queue_as(&governance, vec![world.set(2)], None).unwrap();
}

#[test]
fn anyone_executes_so_that_no_owner_can_hold_a_decision_back() {
    let mut world = World::new();
    let id = world.queue(vec![world.set(2)]);
    world.advance(DELAY);
    let stranger = world.addr("stranger");
    world.send(&stranger, &ExecuteMsg::Execute { id }).unwrap();
    assert_eq!(world.number(), 2);
}

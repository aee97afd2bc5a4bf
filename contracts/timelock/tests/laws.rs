//! Random traces against a plain model: nothing is ever executed before its full delay, after its grace, twice, or after
//! being cancelled, and the delay never leaves its bounds.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod common;

use common::*;
use interfaces::timelock::{EntryState, ExecuteMsg};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Op {
    Queue {
        by_owner: bool,
        set_delay: Option<u64>,
        delay: Option<u64>,
    },
    Execute(u64),
    Cancel {
        by_owner: bool,
        id: u64,
    },
    Advance(u64),
    SetDelayDirectly(u64),
}

fn days() -> impl Strategy<Value = u64> {
    prop_oneof![0..=32u64, Just(7), Just(8)].prop_map(|days| days * DAY)
}

fn op() -> impl Strategy<Value = Op> {
    let mostly = || prop::bool::weighted(0.9);
    let maybe = || prop::option::weighted(0.3, days());
    prop_oneof![
        3 => (mostly(), maybe(), maybe())
            .prop_map(|(by_owner, set_delay, delay)| Op::Queue { by_owner, set_delay, delay }),
        4 => (0..8u64).prop_map(Op::Execute),
        1 => (mostly(), 0..8u64).prop_map(|(by_owner, id)| Op::Cancel { by_owner, id }),
        4 => (days(), 0..3u64).prop_map(|(days, jitter)| Op::Advance((days + jitter).saturating_sub(1))),
        1 => days().prop_map(Op::SetDelayDirectly),
    ]
}

#[derive(Clone)]
struct Entry {
    number: u64,
    set_delay: Option<u64>,
    ready_at: u64,
    closed: Option<EntryState>,
}

/// Time in seconds since the start, so that the model shares no arithmetic with the contract.
#[derive(Default)]
struct Model {
    now: u64,
    min_delay: u64,
    number: u64,
    entries: Vec<Entry>,
}

impl Model {
    fn queue(&mut self, set_delay: Option<u64>, delay: Option<u64>) -> bool {
        let delay = delay.unwrap_or(self.min_delay);
        if delay < self.min_delay || delay > 30 * DAY {
            return false;
        }
        let number = 1 + self.entries.len() as u64;
        self.entries.push(Entry {
            number,
            set_delay,
            ready_at: self.now + delay,
            closed: None,
        });
        true
    }

    fn state(&self, entry: &Entry) -> EntryState {
        match entry.closed {
            Some(state) => state,
            None if self.now < entry.ready_at => EntryState::Pending,
            None if self.now < entry.ready_at + GRACE => EntryState::Ready,
            None => EntryState::Expired,
        }
    }

    fn execute(&mut self, id: u64) -> bool {
        let Some(entry) = self.entries.iter().find(|entry| entry.number == id).cloned() else {
            return false;
        };
        let legal = entry.set_delay.is_none_or(|delay| (DELAY..=30 * DAY).contains(&delay));
        if self.state(&entry) != EntryState::Ready || !legal {
            return false;
        }
        self.number = id;
        self.min_delay = entry.set_delay.unwrap_or(self.min_delay);
        self.close(id, EntryState::Executed)
    }

    fn cancel(&mut self, id: u64) -> bool {
        let Some(entry) = self.entries.iter().find(|entry| entry.number == id) else {
            return false;
        };
        let open = matches!(self.state(entry), EntryState::Pending | EntryState::Ready);
        open && self.close(id, EntryState::Cancelled)
    }

    fn close(&mut self, id: u64, state: EntryState) -> bool {
        self.entries[id as usize - 1].closed = Some(state);
        true
    }
}

fn step(world: &mut World, model: &mut Model, op: &Op) -> (bool, bool) {
    let (owner, thief) = (world.owner.clone(), world.addr("thief"));
    let sender = |by_owner: bool| if by_owner { owner.clone() } else { thief.clone() };
    match *op {
        Op::Queue {
            by_owner,
            set_delay,
            delay,
        } => {
            let mut msgs = vec![world.set(world.config().entries + 1)];
            msgs.extend(set_delay.map(|min_delay| world.to_lock(&ExecuteMsg::SetDelay { min_delay })));
            let done = world.queue_as(&sender(by_owner), msgs, delay).is_ok();
            (done, by_owner && model.queue(set_delay, delay))
        }
        Op::Execute(id) => (world.execute(id).is_ok(), model.execute(id)),
        Op::Cancel { by_owner, id } => {
            let done = world.send(&sender(by_owner), &ExecuteMsg::Cancel { id }).is_ok();
            (done, by_owner && model.cancel(id))
        }
        Op::Advance(seconds) => {
            world.advance(seconds);
            model.now += seconds;
            (true, true)
        }
        Op::SetDelayDirectly(min_delay) => (world.send(&owner, &ExecuteMsg::SetDelay { min_delay }).is_ok(), false),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_queue_does_what_the_model_does(ops in prop::collection::vec(op(), 1..40)) {
        let mut world = World::new();
        let mut model = Model { min_delay: DELAY, ..Model::default() };
        for op in &ops {
            let (done, expected) = step(&mut world, &mut model, op);
            prop_assert_eq!(done, expected, "{:?}", op);
            let states: Vec<_> = model.entries.iter().rev().map(|e| (e.number, model.state(e))).collect();
            prop_assert_eq!(world.entries(None, Some(100)), states);
            prop_assert_eq!(world.number(), model.number);
            prop_assert_eq!(world.config().min_delay, model.min_delay);
            prop_assert!((DELAY..=30 * DAY).contains(&world.config().min_delay));
        }
    }
}

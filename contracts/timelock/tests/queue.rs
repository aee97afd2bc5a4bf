//! Queueing, waiting, executing, cancelling.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod common;

use std::collections::BTreeMap;

use common::vault::VaultMsg;
use common::*;
use cosmwasm_std::{coins, from_json, Addr, CosmosMsg, Empty, Timestamp, WasmMsg};
use cw_multi_test::Executor;
use interfaces::common::OwnershipMsg;
use interfaces::timelock::{EntryState, ExecuteMsg, InstantiateMsg, MigrateMsg, QueueResponse};

#[test]
fn a_contract_is_migrated_through_the_queue() {
    let mut world = World::new();
    let (vault, thief) = (world.vault.clone(), world.addr("successor"));
    let code = world.app.store_code(thieving_code());
    let id = world.queue(vec![world.migrate(
        &vault,
        code,
        &vault::Steal {
            thief: thief.to_string(),
        },
    )]);
    world.advance(DELAY);
    world.execute(id).unwrap();

    assert_eq!(world.state(id), EntryState::Executed);
    assert_eq!(world.app.wrap().query_wasm_contract_info(&vault).unwrap().code_id, code);
    assert_eq!(world.balance(&thief), 100);
}

#[test]
fn execution_opens_with_the_last_second_of_the_delay() {
    let mut world = World::new();
    let id = world.queue(vec![world.set(2)]);
    assert_refused(world.execute(id), 7);
    world.advance(DELAY - 1);
    assert_eq!(world.state(id), EntryState::Pending);
    assert_refused(world.execute(id), 7);
    world.advance_nanos(999_999_999);
    assert_refused(world.execute(id), 7);
    world.advance_nanos(1);
    assert_eq!(world.state(id), EntryState::Ready);
    world.execute(id).unwrap();
    assert_eq!(world.number(), 2);
}

#[test]
fn execution_closes_with_the_grace() {
    let mut world = World::new();
    let (used, missed) = (world.queue(vec![world.set(2)]), world.queue(vec![world.set(4)]));
    world.advance(DELAY + GRACE - 1);
    world.execute(used).unwrap();
    world.advance(1);
    assert_eq!(world.state(missed), EntryState::Expired);
    assert_refused(world.execute(missed), 8);
    assert_refused(world.cancel(missed), 8);
    assert_eq!(world.number(), 2);
}

#[test]
fn a_longer_delay_may_be_asked_for() {
    let mut world = World::new();
    let id = world.queue_after(vec![world.set(2)], Some(DELAY + 1)).unwrap();
    world.advance(DELAY);
    assert_refused(world.execute(id), 7);
    world.advance(1);
    world.execute(id).unwrap();
}

#[test]
fn a_cancelled_entry_is_never_executed() {
    let mut world = World::new();
    let (early, late) = (world.queue(vec![world.set(2)]), world.queue(vec![world.set(4)]));
    world.cancel(early).unwrap();
    world.advance(DELAY);
    world.cancel(late).unwrap();
    for id in [early, late] {
        assert_eq!(world.state(id), EntryState::Cancelled);
        assert_refused(world.execute(id), 10);
        assert_refused(world.cancel(id), 10);
    }
    assert_eq!(world.number(), 0);
}

#[test]
fn an_entry_cannot_be_replayed() {
    let mut world = World::new();
    let id = world.queue(vec![world.set(2)]);
    world.advance(DELAY);
    world.execute(id).unwrap();
    assert_refused(world.execute(id), 9);
    assert_refused(world.cancel(id), 9);
    assert_eq!(world.entry(id).summary.closed_at, Some(world.app.block_info().time));
}

#[test]
fn a_failing_message_takes_everything_back_and_can_be_tried_again() {
    let mut world = World::new();
    let fail = world.to_vault(&VaultMsg::FailIfOdd {});
    let id = world.queue(vec![
        world.set(8),
        world.to_vault(&VaultMsg::FailIfOdd {}),
        world.set(9),
        fail,
    ]);
    world.advance(DELAY);
    assert_eq!(world.execute(id).unwrap_err(), "Generic error: odd");
    assert_eq!((world.number(), world.state(id)), (0, EntryState::Ready));

    let check_then_set = vec![world.to_vault(&VaultMsg::FailIfOdd {}), world.set(8)];
    let id = world.queue(check_then_set);
    let (owner, vault) = (world.owner.clone(), world.vault.clone());
    world
        .app
        .execute_contract(owner.clone(), vault.clone(), &VaultMsg::Set { number: 1 }, &[])
        .unwrap();
    world.advance(DELAY);
    assert_eq!(world.execute(id).unwrap_err(), "Generic error: odd");
    world
        .app
        .execute_contract(owner, vault, &VaultMsg::Set { number: 2 }, &[])
        .unwrap();
    world.execute(id).unwrap();
    assert_eq!((world.number(), world.state(id)), (8, EntryState::Executed));
}

#[test]
fn messages_go_out_in_order() {
    let mut world = World::new();
    world.pass((1..=16).map(|number| world.set(number)).collect()).unwrap();
    assert_eq!(world.number(), 16);
}

#[test]
fn a_message_that_executes_its_own_entry_again_is_refused() {
    let mut world = World::new();
    let id = world.config().entries + 1;
    let again = ExecuteMsg::Execute { id };
    let direct = world.to_lock(&again);
    assert_eq!(world.queue(vec![world.set(2), direct]), id);
    let id_by_proxy = id + 1;
    let msg = cosmwasm_std::to_json_binary(&ExecuteMsg::Execute { id: id_by_proxy }).unwrap();
    let call = VaultMsg::Call {
        contract: world.lock.to_string(),
        msg,
    };
    assert_eq!(world.queue(vec![world.set(4), world.to_vault(&call)]), id_by_proxy);

    world.advance(DELAY);
    for id in [id, id_by_proxy] {
        assert_refused(world.execute(id), 9);
        assert_eq!((world.number(), world.state(id)), (0, EntryState::Ready));
    }
}

#[test]
fn one_entry_cannot_pull_another_forward() {
    let mut world = World::new();
    let now = world.queue(vec![world.to_lock(&ExecuteMsg::Execute { id: 2 })]);
    let later = world.queue_after(vec![world.set(2)], Some(DELAY + DAY)).unwrap();
    world.advance(DELAY);
    assert_refused(world.execute(now), 7);
    world.advance(DAY);
    world.execute(now).unwrap();
    assert_eq!((world.number(), world.state(later)), (2, EntryState::Executed));
}

#[test]
fn a_malicious_migration_comes_too_late_for_those_who_leave() {
    let mut world = World::new();
    let (vault, thief, saver) = (world.vault.clone(), world.addr("thief"), world.addr("saver"));
    let code = world.app.store_code(thieving_code());
    let steal = world.migrate(
        &vault,
        code,
        &vault::Steal {
            thief: thief.to_string(),
        },
    );
    let id = world.queue(vec![steal]);
    world.advance(DELAY - 1);
    for _ in 0..100 {
        assert_refused(world.execute(id), 7);
        world
            .app
            .execute_contract(saver.clone(), vault.clone(), &VaultMsg::Redeem {}, &[])
            .unwrap();
    }
    world.advance(1);
    world.execute(id).ok();
    assert_eq!((world.balance(&saver), world.balance(&thief)), (100, 0));
}

#[test]
fn nobody_but_the_queue_migrates_what_it_guards() {
    let mut world = World::new();
    let code = world.app.store_code(thieving_code());
    let (owner, vault, lock) = (world.owner.clone(), world.vault.clone(), world.lock.clone());
    let steal = vault::Steal {
        thief: owner.to_string(),
    };
    assert!(world
        .app
        .migrate_contract(owner.clone(), vault.clone(), &steal, code)
        .is_err());
    assert!(world
        .app
        .migrate_contract(owner.clone(), lock.clone(), &MigrateMsg {}, code)
        .is_err());
    for contract in [&vault, &lock] {
        let take = WasmMsg::UpdateAdmin {
            contract_addr: contract.to_string(),
            admin: owner.to_string(),
        };
        assert!(world.app.execute(owner.clone(), take.into()).is_err());
        assert_eq!(world.admin(contract), Some(lock.clone()));
    }
}

#[test]
fn a_guarded_contract_can_be_given_another_admin() {
    let mut world = World::new();
    let heir = world.addr("heir");
    let give = WasmMsg::UpdateAdmin {
        contract_addr: world.vault.to_string(),
        admin: heir.to_string(),
    };
    world.pass(vec![give.into()]).unwrap();
    assert_eq!(world.admin(&world.vault), Some(heir));
}

#[test]
fn the_queue_migrates_itself_and_keeps_its_entries() {
    let mut world = World::new();
    let lock = world.lock.clone();
    let waiting = world.queue_after(vec![world.set(2)], Some(2 * DELAY)).unwrap();
    let code = world.app.store_code(timelock_code());
    let before = world.app.wrap().query_wasm_contract_info(&lock).unwrap().code_id;
    world.pass(vec![world.migrate(&lock, code, &MigrateMsg {})]).unwrap();
    assert_ne!(before, code);
    assert_eq!(world.app.wrap().query_wasm_contract_info(&lock).unwrap().code_id, code);

    world.advance(DELAY);
    world.execute(waiting).unwrap();
    assert_eq!(world.number(), 2);
}

#[test]
fn state_of_another_contract_cannot_become_a_queue() {
    let mut world = World::new();
    let code = world.app.store_code(timelock_code());
    let vault = world.vault.clone();
    let id = world.queue(vec![world.migrate(&vault, code, &MigrateMsg {})]);
    world.advance(DELAY);
    assert_refused(world.execute(id), 940);
}

#[test]
fn entries_are_listed_newest_first() {
    let mut world = World::new();
    for number in 1..=5 {
        world.queue(vec![world.set(number)]);
    }
    world.cancel(2).unwrap();
    world.advance(DELAY);
    world.execute(4).unwrap();
    world.queue(vec![world.set(6)]);

    use EntryState::*;
    let all = [
        (6, Pending),
        (5, Ready),
        (4, Executed),
        (3, Ready),
        (2, Cancelled),
        (1, Ready),
    ];
    assert_eq!(world.entries(None, None), all);
    assert_eq!(world.entries(None, Some(2)), all[..2]);
    assert_eq!(world.entries(Some(5), Some(2)), all[2..4]);
    assert_eq!(world.entries(Some(1), None), []);
    world.advance(GRACE);
    assert_eq!(world.entries(Some(4), Some(1)), [(3, Expired)]);
}

#[test]
fn pages_are_bounded() {
    let mut world = World::new();
    for _ in 0..101 {
        world.queue(vec![world.set(2)]);
    }
    assert_eq!(world.entries(None, None).len(), 30);
    assert_eq!(world.entries(None, Some(u32::MAX)).len(), 100);
}

#[test]
fn the_queue_can_be_rebuilt_from_events() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let msgs = vec![world.set(2), world.to_lock(&ExecuteMsg::SetDelay { min_delay: DELAY })];
    let queue = ExecuteMsg::Queue {
        title: "Two \"things\"".into(),
        description: "first\nsecond".into(),
        msgs: msgs.clone(),
        delay: None,
    };
    let response = world.send(&owner, &queue).unwrap();
    let attributes = |response: &cw_multi_test::AppResponse, ty: &str| -> BTreeMap<String, String> {
        let event = response
            .events
            .iter()
            .find(|event| event.ty == format!("wasm-{ty}"))
            .unwrap();
        event
            .attributes
            .iter()
            .map(|a| (a.key.clone(), a.value.clone()))
            .collect()
    };
    let seen = attributes(&response, "queued");
    let time = |key: &str| Timestamp::from_nanos(seen[key].parse().unwrap());
    let entry = world.entry(seen["id"].parse().unwrap());
    assert_eq!(from_json::<Vec<CosmosMsg>>(&seen["msgs"]).unwrap(), msgs);
    assert_eq!(
        (&seen["title"], &seen["description"]),
        (&entry.summary.title, &entry.description)
    );
    assert_eq!(time("queued_at"), entry.summary.queued_at);
    assert_eq!(time("ready_at"), entry.summary.ready_at);
    assert_eq!(time("expires_at"), entry.summary.expires_at);
    assert_eq!(entry.msgs, msgs);

    world.advance(DELAY);
    let response = world.execute(1).unwrap();
    assert_eq!(attributes(&response, "executed")["id"], "1");
    assert_eq!(attributes(&response, "delay_set")["min_delay"], DELAY.to_string());
    world.queue(vec![world.set(2)]);
    let response = world.cancel(2).unwrap();
    assert_eq!(attributes(&response, "cancelled")["id"], "2");
}

#[test]
fn queueing_answers_with_the_id() {
    let mut world = World::new();
    let owner = world.owner.clone();
    for id in 1..=3 {
        let msg = ExecuteMsg::Queue {
            title: "t".into(),
            description: String::new(),
            msgs: vec![world.set(2)],
            delay: None,
        };
        let data = world.send(&owner, &msg).unwrap().data.unwrap();
        assert_eq!(from_json::<QueueResponse>(data).unwrap(), QueueResponse { id });
    }
}

#[test]
fn oversized_entries_are_refused() {
    let mut world = World::new();
    let owner = world.owner.clone();
    let ok = |world: &World| vec![world.set(2)];
    let blob = |bytes: usize| {
        let msg = cosmwasm_std::Binary::from(vec![0; bytes]);
        let contract_addr = "c".to_owned();
        vec![CosmosMsg::<Empty>::from(WasmMsg::Execute {
            contract_addr,
            msg,
            funds: vec![],
        })]
    };
    let text = |bytes: usize| "x".repeat(bytes);
    let cases = [
        ("empty title", text(0), text(1), ok(&world), Some(3)),
        ("longest title", text(128), text(0), ok(&world), None),
        ("long title", text(129), text(1), ok(&world), Some(3)),
        ("longest description", text(1), text(4096), ok(&world), None),
        ("long description", text(1), text(4097), ok(&world), Some(3)),
        ("no messages", text(1), text(1), vec![], Some(4)),
        ("most messages", text(1), text(1), vec![world.set(2); 16], None),
        ("too many messages", text(1), text(1), vec![world.set(2); 17], Some(4)),
        ("large messages", text(1), text(1), blob(24_000), None),
        ("too large messages", text(1), text(1), blob(25_000), Some(5)),
    ];
    for (name, title, description, msgs, code) in cases {
        let result = world.send(
            &owner,
            &ExecuteMsg::Queue {
                title,
                description,
                msgs,
                delay: None,
            },
        );
        match code {
            Some(code) => assert_refused(result, code),
            None => drop(result.unwrap_or_else(|error| panic!("{name}: {error}"))),
        }
    }
}

#[test]
fn unknown_entries_are_refused() {
    let mut world = World::new();
    world.queue(vec![world.set(2)]);
    for id in [0, 2, u64::MAX] {
        assert_refused(world.execute(id), 6);
        assert_refused(world.cancel(id), 6);
    }
}

#[test]
fn coins_cannot_be_stranded_in_the_queue() {
    let mut world = World::new();
    let rich = world.addr("rich");
    let msgs = [
        ExecuteMsg::Queue {
            title: "t".into(),
            description: "d".into(),
            msgs: vec![world.set(2)],
            delay: None,
        },
        ExecuteMsg::Execute { id: 1 },
        ExecuteMsg::Cancel { id: 1 },
        ExecuteMsg::SetDelay { min_delay: DELAY },
        ExecuteMsg::Ownership(OwnershipMsg::Accept {}),
    ];
    for msg in msgs {
        let error = world
            .app
            .execute_contract(rich.clone(), world.lock.clone(), &msg, &coins(1, DENOM))
            .unwrap_err();
        assert!(
            error.root_cause().to_string().starts_with("[timelock:932] "),
            "{error:?}"
        );
    }
}

#[test]
fn a_bad_queue_is_not_created() {
    let mut app = cw_multi_test::App::default();
    let owner = app.api().addr_make("owner");
    let code = app.store_code(timelock_code());
    let mut refuse = |msg: InstantiateMsg, code_expected: u16| {
        let result = app.instantiate_contract(code, owner.clone(), &msg, &[], "timelock", None);
        assert_refused(result.map_err(|error| error.root_cause().to_string()), code_expected);
    };
    let good = init_msg(&Addr::unchecked("typo"));
    refuse(good.clone(), 1);
    refuse(
        InstantiateMsg {
            floor: DAY - 1,
            ..good.clone()
        },
        2,
    );
    refuse(
        InstantiateMsg {
            min_delay: DELAY - 1,
            ..good.clone()
        },
        2,
    );
    refuse(InstantiateMsg { grace: 0, ..good }, 2);
}

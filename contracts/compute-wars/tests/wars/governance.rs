//! Parameters, migration, coins that nobody asked for.

use compute_wars::contract;
use cosmwasm_std::testing::{mock_dependencies, mock_env};
use cosmwasm_std::{coins, Binary, Reply, SubMsgResponse, SubMsgResult};
use cw_multi_test::{App, Executor};
use interfaces::compute_wars::*;

use crate::world::*;

fn bounds() -> Vec<(&'static str, Params, Option<u16>)> {
    let table = |prizes_bps: &[u16]| Params {
        prizes_bps: prizes_bps.to_vec(),
        ..Params::default()
    };
    vec![
        ("default", Params::default(), None),
        ("one prize", table(&[10_000]), None),
        ("no prize", table(&[]), Some(2)),
        ("ten prizes", table(&[1_000; 10]), None),
        ("eleven prizes", table(&[1; 11]), Some(2)),
        ("more than all", table(&[5_001, 5_000]), Some(2)),
        ("rising", table(&[1_000, 2_000]), Some(3)),
        ("zeros", table(&[0, 0]), None),
        (
            "one per cent",
            Params {
                free_call_bps: 100,
                ..Params::default()
            },
            None,
        ),
        (
            "more than one per cent",
            Params {
                free_call_bps: 101,
                ..Params::default()
            },
            Some(2),
        ),
    ]
}

#[test]
fn parameters_are_bounded_at_update() {
    let mut world = World::new();
    let owner = world.user("owner");
    for (name, params, code) in bounds() {
        let msg = ExecuteMsg::SetParams { params: params.clone() };
        match code {
            None => {
                world.ok(&owner, msg);
                assert_eq!(world.query::<ConfigResponse>(&QueryMsg::Config {}).params, params);
            }
            Some(code) => assert_eq!(world.refused(&owner, msg), code, "{name}"),
        }
    }
}

#[test]
fn parameters_are_bounded_at_instantiate() {
    let mut app = App::default();
    let id = app.store_code(wars_contract());
    let user = app.api().addr_make("user");
    for (name, params, expected) in bounds() {
        let msg = InstantiateMsg {
            owner: user.to_string(),
            vault: user.to_string(),
            l_coin: user.to_string(),
            fund: None,
            params,
        };
        let outcome = app.instantiate_contract(id, user.clone(), &msg, &[], "wars", None);
        assert_eq!(outcome.err().map(|error| code(&error).1), expected, "{name}");
    }
}

#[test]
fn coins_are_refused() {
    let mut world = World::new();
    let alice = world.spender("alice", 100);
    let (wars, first) = (world.wars.clone(), world.overview().first_week);
    world
        .app
        .init_modules(|router, _, storage| router.bank.init_balance(storage, &alice, coins(5, DENOM)))
        .unwrap();
    let msg = ExecuteMsg::Finalize { week: first };
    let outcome = world.app.execute_contract(alice, wars, &msg, &coins(5, DENOM));
    assert_eq!(code(&outcome.unwrap_err()), ("wars".to_owned(), 932));
}

#[test]
fn migration_takes_its_own_state_and_no_other() {
    let mut world = World::new();
    let admin = world.user("creator");
    let id = world.app.store_code(wars_contract());
    let wars = world.wars.clone();
    world.app.migrate_contract(admin, wars, &MigrateMsg {}, id).unwrap();

    let mut deps = mock_dependencies();
    for (name, version, code) in [
        ("crates.io:other", "0.1.0", 940),
        ("crates.io:compute-wars", "99.0.0", 941),
        ("crates.io:compute-wars", "one", 942),
    ] {
        cw2::set_contract_version(&mut deps.storage, name, version).unwrap();
        let error = contract::migrate(deps.as_mut(), mock_env(), MigrateMsg {}).unwrap_err();
        assert_eq!(error.code(), code);
    }
}

#[test]
fn reply_of_another_id_is_refused() {
    let mut deps = mock_dependencies();
    #[allow(deprecated)]
    let result = SubMsgResult::Ok(SubMsgResponse {
        events: vec![],
        data: None,
        msg_responses: vec![],
    });
    let reply = Reply {
        id: 2,
        payload: Binary::default(),
        gas_used: 0,
        result,
    };
    assert_eq!(
        contract::reply(deps.as_mut(), mock_env(), reply).unwrap_err().code(),
        19
    );
}

#[test]
fn ownership_takes_two_steps() {
    use interfaces::common::{OwnershipMsg, OwnershipResponse};
    let mut world = World::new();
    let (owner, next) = (world.user("owner"), world.user("next"));
    let propose = OwnershipMsg::Propose {
        new_owner: next.to_string(),
    };
    world.ok(&owner, ExecuteMsg::Ownership(propose));
    world.ok(&next, ExecuteMsg::Ownership(OwnershipMsg::Accept {}));
    let answer: OwnershipResponse = world.query(&QueryMsg::Ownership {});
    assert_eq!(answer.owner, next.into_string());
    let params = Params::default();
    assert_eq!(world.refused(&owner, ExecuteMsg::SetParams { params }), 901);
}

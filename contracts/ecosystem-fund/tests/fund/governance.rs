//! Parameters, neighbours, migration, coins that nobody asked for.

use cosmwasm_std::testing::{mock_dependencies, mock_env};
use cosmwasm_std::{coins, Binary, Reply, SubMsgResponse, SubMsgResult};
use cw_multi_test::Executor;
use ecosystem_fund::contract;
use interfaces::common::{OwnershipMsg, OwnershipResponse};
use interfaces::ecosystem_fund::*;

use crate::world::*;

fn bounds() -> Vec<(Params, bool)> {
    let default = Params::default;
    let mut cases = vec![(default(), true)];
    for (share, fits) in [(0, true), (3_000, true), (3_001, false)] {
        let params = Params {
            prize_share_bps: share,
            ..default()
        };
        cases.push((params, fits));
    }
    for (interval, fits) in [(599, false), (600, true), (7_200, true), (7_201, false)] {
        let params = Params {
            slice_interval: interval,
            ..default()
        };
        cases.push((params, fits));
    }
    for (part, fits) in [(499, false), (500, true), (5_000, true), (5_001, false)] {
        let params = Params {
            slice_of_fee_bps: part,
            ..default()
        };
        cases.push((params, fits));
    }
    for (slippage, fits) in [(0, false), (1, true), (100, true), (101, false)] {
        let params = Params {
            slippage_bps: slippage,
            ..default()
        };
        cases.push((params, fits));
    }
    for (deviation, fits) in [(9, false), (10, true), (500, true), (501, false)] {
        let params = Params {
            max_deviation_bps: deviation,
            ..default()
        };
        cases.push((params, fits));
    }
    for (free, fits) in [(0, true), (100, true), (101, false)] {
        let params = Params {
            free_call_bps: free,
            ..default()
        };
        cases.push((params, fits));
    }
    cases
}

#[test]
fn parameters_are_bounded_at_update() {
    let mut world = World::empty(|_| {});
    let owner = world.user("owner");
    for (params, fits) in bounds() {
        let msg = ExecuteMsg::SetParams { params: params.clone() };
        match fits {
            true => {
                world.ok(&owner, msg);
                assert_eq!(world.query::<ConfigResponse>(&QueryMsg::Config {}).params, params);
            }
            false => assert_eq!(world.refused(&owner, msg), 3, "{params:?}"),
        }
    }
}

#[test]
fn parameters_are_bounded_at_instantiate() {
    let mut world = World::empty(|_| {});
    let id = world.app.store_code(fund_contract());
    let user = world.user("owner");
    for (params, fits) in bounds() {
        let msg = InstantiateMsg {
            owner: user.to_string(),
            operator: None,
            vault: user.to_string(),
            l_coin: user.to_string(),
            exchange: user.to_string(),
            wars: None,
            params,
        };
        let outcome = world
            .app
            .instantiate_contract(id, user.clone(), &msg, &[], "fund", None);
        assert_eq!(
            outcome.map_err(|error| code(&error).1).err(),
            (!fits).then_some(3),
            "{:?}",
            msg.params
        );
    }
}

#[test]
fn coins_are_refused() {
    let mut world = World::empty(|_| {});
    let (alice, fund) = (world.user("alice"), world.fund.clone());
    world
        .app
        .init_modules(|router, _, storage| router.bank.init_balance(storage, &alice, coins(5, DENOM)))
        .unwrap();
    let outcome = world
        .app
        .execute_contract(alice, fund, &ExecuteMsg::Buyback {}, &coins(5, DENOM));
    assert_eq!(code(&outcome.unwrap_err()), ("fund".to_owned(), 932));
}

#[test]
fn migration_takes_its_own_state_and_no_other() {
    let mut world = World::empty(|_| {});
    let (admin, fund) = (world.user("creator"), world.fund.clone());
    let id = world.app.store_code(fund_contract());
    world.app.migrate_contract(admin, fund, &MigrateMsg {}, id).unwrap();
    let mut deps = mock_dependencies();
    for (name, version, code) in [
        ("crates.io:other", "0.1.0", 940),
        ("crates.io:ecosystem-fund", "99.0.0", 941),
        ("crates.io:ecosystem-fund", "one", 942),
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
        20
    );
}

#[test]
fn ownership_takes_two_steps_and_the_operator_is_the_owners() {
    let mut world = World::empty(|_| {});
    let (owner, next, operator) = (world.user("owner"), world.user("next"), world.user("operator"));
    let propose = OwnershipMsg::Propose {
        new_owner: next.to_string(),
    };
    world.ok(&owner, ExecuteMsg::Ownership(propose));
    world.ok(&next, ExecuteMsg::Ownership(OwnershipMsg::Accept {}));
    let answer: OwnershipResponse = world.query(&QueryMsg::Ownership {});
    assert_eq!(answer.owner, next.to_string());
    assert_eq!(world.refused(&owner, ExecuteMsg::SetOperator { operator: None }), 901);
    world.ok(&next, ExecuteMsg::SetOperator { operator: None });
    assert_eq!(world.refused(&operator, ExecuteMsg::PauseBuyback { paused: true }), 910);
}

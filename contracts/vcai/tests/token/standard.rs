//! What every CW20 does, and how it refuses here.

use cosmwasm_std::{coins, Empty};
use cw20::{Expiration, Logo};
use cw_multi_test::Executor;
use interfaces::vcai::*;

use crate::world::*;

#[test]
fn refusals_name_what_was_there() {
    let mut world = World::new();
    let transfer = world.transferring("bob", 5);
    assert_eq!(world.refused("alice", transfer.clone()), 950);
    let error = world.send("alice", &transfer).unwrap_err().root_cause().to_string();
    assert!(error.ends_with("has 0, less than 5"), "{error}");
    let from = |world: &World, amount: u128| ExecuteMsg::TransferFrom {
        owner: world.name("allocation"),
        recipient: world.name("bob"),
        amount: amount.into(),
    };
    let msg = from(&world, 5);
    assert_eq!(world.refused("bob", msg), 953, "no allowance");
    let msg = ExecuteMsg::IncreaseAllowance {
        spender: world.name("bob"),
        amount: 4u128.into(),
        expires: Some(Expiration::AtHeight(world.app.block_info().height + 10)),
    };
    world.ok("allocation", msg.clone());
    let more = from(&world, 5);
    assert_eq!(world.refused("bob", more), 951, "too small an allowance");
    let all = from(&world, 4);
    world.ok("bob", all.clone());
    assert_eq!(world.balance("bob"), 4);
    world.ok("allocation", msg);
    world.app.update_block(|block| block.height += 10);
    assert_eq!(world.refused("bob", all), 952, "expired");
    let own = ExecuteMsg::IncreaseAllowance {
        spender: world.name("bob"),
        amount: 4u128.into(),
        expires: None,
    };
    assert_eq!(world.refused("bob", own), 955);
}

#[test]
fn burning_lowers_the_supply_and_is_counted() {
    let mut world = World::new();
    world.ok("allocation", ExecuteMsg::Burn { amount: 10u128.into() });
    let shown = world.overview();
    assert_eq!((shown.burned.u128(), shown.supply.u128()), (10, SUPPLY - 10));
    let msg = ExecuteMsg::Burn { amount: SUPPLY.into() };
    assert_eq!(world.refused("allocation", msg), 950);
}

#[test]
fn marketing_is_the_marketing_addresss() {
    let mut world = World::new();
    let update = ExecuteMsg::UpdateMarketing {
        project: Some("https://vcity.example".into()),
        description: None,
        marketing: None,
    };
    assert_eq!(world.refused("governance", update.clone()), 954);
    world.ok("press", update);
    let logo = ExecuteMsg::UploadLogo(Logo::Url("https://vcity.example/logo".into()));
    assert_eq!(world.refused("mallory", logo.clone()), 954);
    world.ok("press", logo);
    let info: cw20::MarketingInfoResponse = world.query(&QueryMsg::MarketingInfo {});
    assert_eq!(info.project.as_deref(), Some("https://vcity.example"));
}

#[test]
fn coins_that_come_with_a_message_are_refused() {
    let mut world = World::new();
    let (alice, token) = (world.user("alice"), world.token.clone());
    world
        .app
        .init_modules(|router, _, storage| router.bank.init_balance(storage, &alice, coins(5, "uusdt")))
        .unwrap();
    let msg = world.transferring("bob", 0);
    let error = world
        .app
        .execute_contract(alice, token, &msg, &coins(5, "uusdt"))
        .unwrap_err();
    assert_eq!(code(&error), 932);
}

/// `kit::balance::raw` reads the row that the token writes.
#[test]
fn raw_balance_is_the_balance() {
    let mut world = World::new();
    let msg = world.transferring("alice", 12_345);
    world.ok("allocation", msg);
    for name in NAMES {
        let raw = kit::balance::raw(&world.app.wrap(), &world.token, &world.user(name)).unwrap();
        assert_eq!(raw.u128(), world.balance(name), "{name}");
    }
}

#[test]
fn same_version_migrates_and_state_stays() {
    let mut world = World::new();
    world.issue("alice", 5);
    let code_id = world.app.store_code(contract());
    let (creator, token) = (world.user("creator"), world.token.clone());
    let before = world.overview();
    world
        .app
        .migrate_contract(creator, token, &MigrateMsg {}, code_id)
        .unwrap();
    assert_eq!(world.overview(), before);
}

#[test]
fn state_of_another_contract_is_not_taken_over() {
    let mut storage = cosmwasm_std::testing::MockStorage::new();
    kit::migrate::init(&mut storage, "crates.io:l-coin", "0.0.1").unwrap();
    let (api, querier) = (
        cosmwasm_std::testing::MockApi::default(),
        cosmwasm_std::testing::MockQuerier::<Empty>::new(&[]),
    );
    let deps = cosmwasm_std::DepsMut {
        storage: &mut storage,
        api: &api,
        querier: cosmwasm_std::QuerierWrapper::<Empty>::new(&querier),
    };
    let error = vcai::contract::migrate(deps, cosmwasm_std::testing::mock_env(), MigrateMsg {}).unwrap_err();
    assert_eq!(error.code(), 940);
}

//! What is fixed at the beginning, what the owner can change, and what the code can become.

use cosmwasm_std::{coins, Empty};
use cw_multi_test::{App, ContractWrapper, Executor};
use interfaces::common::{OwnershipMsg, OwnershipResponse};
use interfaces::exchange::*;

use crate::world::*;

type Change<'a> = &'a dyn Fn(&App, &mut InstantiateMsg);

fn created(change: impl Fn(&App, &mut InstantiateMsg)) -> Result<(), u16> {
    let mut app = App::default();
    let token = app.api().addr_make("token").into_string();
    let assets = [Asset::Cw20 { address: token }, Asset::Native { denom: "uusdt".into() }];
    let mut msg = instantiate_msg(&app, assets, true);
    change(&app, &mut msg);
    let (id, creator) = (app.store_code(pool_contract()), app.api().addr_make("creator"));
    let outcome = app.instantiate_contract(id, creator, &msg, &[], "pool", None);
    outcome.map(|_| ()).map_err(|error| code(&error))
}

#[test]
fn instantiate_checks_everything() {
    let native = |denom: &str| Asset::Native { denom: denom.into() };
    let cases: [(&str, Change, Result<(), u16>); 12] = [
        ("as it is", &|_, _| {}, Ok(())),
        (
            "two coins",
            &|_, msg| msg.assets = [native("uone"), native("ibc/two")],
            Ok(()),
        ),
        (
            "one asset twice",
            &|_, msg| msg.assets[0] = msg.assets[1].clone(),
            Err(9),
        ),
        (
            "one token twice",
            &|_, msg| msg.assets[1] = msg.assets[0].clone(),
            Err(9),
        ),
        ("no denom", &|_, msg| msg.assets[1] = native("u"), Err(10)),
        ("no denom either", &|_, msg| msg.assets[1] = native("uu sdt"), Err(10)),
        (
            "no address",
            &|_, msg| {
                msg.assets[0] = Asset::Cw20 {
                    address: "token".into(),
                }
            },
            Err(900),
        ),
        ("no fee", &|_, msg| msg.params.fee_bps = 0, Err(11)),
        ("lowest fee", &|_, msg| msg.params.fee_bps = 1, Ok(())),
        ("highest fee", &|_, msg| msg.params.fee_bps = 100, Ok(())),
        ("above it", &|_, msg| msg.params.fee_bps = 101, Err(11)),
        (
            "no recipient",
            &|_, msg| msg.params.skim_recipient = String::new(),
            Err(900),
        ),
    ];
    for (name, change, expected) in cases {
        assert_eq!(created(change), expected, "{name}");
    }
}

#[test]
fn instantiate_keeps_no_coins() {
    let mut app = App::default();
    let creator = app.api().addr_make("creator");
    app.init_modules(|router, _, storage| router.bank.init_balance(storage, &creator, coins(5, "uusdt")))
        .unwrap();
    let assets = ["uone", "utwo"].map(|denom| Asset::Native { denom: denom.into() });
    let msg = instantiate_msg(&app, assets, false);
    let id = app.store_code(pool_contract());
    let error = app
        .instantiate_contract(id, creator, &msg, &coins(5, "uusdt"), "pool", None)
        .unwrap_err();
    assert_eq!(code(&error), 932);
}

#[test]
fn owner_changes_fee_and_recipient_within_bounds() {
    let mut world = World::tokens().filled();
    let params = |fee_bps, name: &str, world: &World| Params {
        fee_bps,
        skim_recipient: world.user(name).into(),
    };
    for (fee_bps, expected) in [(0, Err(11)), (101, Err(11)), (100, Ok(()))] {
        let params = params(fee_bps, "carol", &world);
        let outcome = world.send("owner", &ExecuteMsg::SetParams { params }, &[]);
        assert_eq!(outcome.map(|_| ()), expected, "{fee_bps}");
    }
    let config: ConfigResponse = world.query(&QueryMsg::Config {});
    assert_eq!(config.params, params(100, "carol", &world));
    assert_eq!(world.market().fee_bps, 100);
    // 10,000 · 400 · 0.99 / (40,000 + 400 · 0.99)
    assert_eq!(world.swap("bob", Side::Base, 400 * ONE), Ok(98_029_507));
    let bad = Params {
        fee_bps: 30,
        skim_recipient: "nobody".into(),
    };
    assert_eq!(
        world
            .send("owner", &ExecuteMsg::SetParams { params: bad }, &[])
            .unwrap_err(),
        900
    );
    world.donate("bob", Side::Base, 3);
    world.wait(1);
    world.send("bob", &ExecuteMsg::Skim {}, &[]).unwrap();
    assert_eq!(world.wealth("carol")[0], WEALTH + 3);
}

#[test]
fn hand_over_takes_two_messages() {
    let mut world = World::tokens();
    let bob = world.user("bob").into_string();
    let propose = ExecuteMsg::Ownership(OwnershipMsg::Propose { new_owner: bob.clone() });
    world.send("owner", &propose, &[]).unwrap();
    let question: OwnershipResponse = world.query(&QueryMsg::Ownership {});
    assert_eq!(question.pending, Some(bob.clone()));
    world
        .send("bob", &ExecuteMsg::Ownership(OwnershipMsg::Accept {}), &[])
        .unwrap();
    assert_eq!(world.query::<OverviewResponse>(&QueryMsg::Overview {}).owner, bob);
    assert_eq!(world.send("owner", &propose, &[]).unwrap_err(), 901);
}

#[test]
fn code_becomes_a_newer_pool_only() {
    let mut app = App::default();
    let admin = app.api().addr_make("timelock");
    let assets = ["uone", "utwo"].map(|denom| Asset::Native { denom: denom.into() });
    let msg = instantiate_msg(&app, assets, false);
    let id = app.store_code(pool_contract());
    let pool = app
        .instantiate_contract(id, admin.clone(), &msg, &[], "pool", Some(admin.to_string()))
        .unwrap();
    app.migrate_contract(admin.clone(), pool.clone(), &MigrateMsg {}, id)
        .unwrap();
    let token = {
        use l_coin::contract::{execute, instantiate, migrate, query};
        app.store_code(Box::new(
            ContractWrapper::new(execute, instantiate, query).with_migrate(migrate),
        ))
    };
    let creator = app.api().addr_make("creator");
    let coin_msg = interfaces::l_coin::InstantiateMsg {
        name: "Token".into(),
        symbol: "TOKEN".into(),
        decimals: 6,
        minter: creator.to_string(),
        marketing: None,
    };
    let coin = app
        .instantiate_contract(
            token,
            creator.clone(),
            &coin_msg,
            &[],
            "coin",
            Some(creator.to_string()),
        )
        .unwrap();
    let error = app.migrate_contract(creator, coin, &Empty {}, id).unwrap_err();
    assert_eq!(code(&error), 940);
}

#[test]
fn lists_of_lps_join_and_are_cw20_shaped() {
    let mut world = World::tokens().filled();
    for (name, part) in [("bob", 1), ("carol", 2), ("dave", 3)] {
        world.provide(name, [4_000 * ONE * part, 1_000 * ONE * part]).unwrap();
    }
    let page = |start_after: Option<String>, limit| -> Vec<AccountResponse> {
        world.query(&QueryMsg::Accounts {
            start_after,
            limit: Some(limit),
        })
    };
    let all = page(None, 100);
    assert_eq!(all.len(), 4);
    let mut joined = page(None, 3);
    joined.extend(page(Some(joined[2].address.clone()), 3));
    assert_eq!(joined, all);
    let cw20: cw20::AllAccountsResponse = world.query(&QueryMsg::AllAccounts {
        start_after: None,
        limit: None,
    });
    assert_eq!(
        cw20.accounts,
        all.iter().map(|one| one.address.clone()).collect::<Vec<_>>()
    );
    let dave = all
        .iter()
        .find(|one| one.address == world.user("dave").as_str())
        .unwrap();
    assert_eq!(
        (dave.shares, dave.worth),
        (amount(6_000 * ONE), amounts([12_000 * ONE, 3_000 * ONE]))
    );
    assert_eq!(world.shares_of("dave"), 6_000 * ONE);
    assert_eq!(world.shares_of("mallory"), 0);
}

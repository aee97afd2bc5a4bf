//! Instantiate, parameters, peers, migration.

use cosmwasm_std::testing::{mock_dependencies, mock_env};
use cw_multi_test::Executor;
use interfaces::credit_vault::*;

use crate::world::*;

#[test]
fn parameters_keep_their_bounds_at_start_and_on_update() {
    type Change = fn(&mut Params, u128);
    let bounds: [(&str, Change, u128, u128); 4] = [
        (
            "close_window",
            |params, value| params.close_window = value as u64,
            3_600,
            259_200,
        ),
        (
            "weekly_mint_cap",
            |params, value| params.weekly_mint_cap = amount(value),
            0,
            10u128.pow(13),
        ),
        (
            "fund_floor_bps",
            |params, value| params.fund_floor_bps = value as u16,
            100,
            1_000,
        ),
        (
            "profit_share_bps",
            |params, value| params.profit_share_bps = value as u16,
            1_000,
            5_000,
        ),
    ];
    for (name, change, min, max) in bounds {
        let mut world = World::new();
        let owner = world.user("owner");
        let cases = [
            (min.checked_sub(1), false),
            (Some(min), true),
            (Some(max), true),
            (Some(max + 1), false),
        ];
        for (value, fits) in cases {
            let Some(value) = value else { continue };
            let mut params = default_params();
            change(&mut params, value);
            let outcome = world.attempt(&owner, ExecuteMsg::SetParams { params: params.clone() });
            assert_eq!(
                outcome.map(|_| ()).map_err(|code| code == 29),
                if fits { Ok(()) } else { Err(true) },
                "{name} {value}"
            );
            assert_eq!(
                refusal(|msg| msg.params = params.clone()),
                if fits { None } else { Some(29) },
                "{name} {value}"
            );
        }
    }
}

/// The code with which an instantiate message is refused.
fn refusal(change: impl Fn(&mut InstantiateMsg)) -> Option<u16> {
    let world = World::new();
    let config: ConfigResponse = world.query(&QueryMsg::Config {});
    let mut msg = InstantiateMsg {
        owner: world.user("owner").to_string(),
        operator: None,
        timelock: config.timelock,
        denom: config.denom,
        l_coin: config.l_coin,
        oracle: config.oracle,
        peers: Peers::default(),
        registered: vec![],
        gateways: vec![GatewayAdmission {
            gateway: 1,
            payout: world.user("payout").to_string(),
        }],
        rates: vec![],
        params: config.params,
    };
    change(&mut msg);
    let mut deps = mock_dependencies();
    deps.api = deps.api.with_prefix("cosmwasm");
    let info = cosmwasm_std::testing::message_info(&world.user("creator"), &[]);
    credit_vault::contract::instantiate(deps.as_mut(), mock_env(), info, msg)
        .err()
        .map(|error| error.code())
}

#[test]
fn bad_instantiate_messages_are_refused() {
    let rate = |gateway, cost| Rate {
        sku: "a".into(),
        gateway,
        list: amount(5),
        cost: amount(cost),
    };
    type Change<'a> = Box<dyn Fn(&mut InstantiateMsg) + 'a>;
    let cases: Vec<(&str, Option<u16>, Change)> = vec![
        ("as it is", None, Box::new(|_| {})),
        ("owner", Some(900), Box::new(|msg| msg.owner = "owner".into())),
        ("operator", Some(900), Box::new(|msg| msg.operator = Some("x".into()))),
        ("timelock", Some(900), Box::new(|msg| msg.timelock = String::new())),
        ("oracle", Some(900), Box::new(|msg| msg.oracle = "oracle".into())),
        ("l_coin", Some(900), Box::new(|msg| msg.l_coin = "l_coin".into())),
        ("peer", Some(900), Box::new(|msg| msg.peers.fund = Some("fund".into()))),
        ("denom too short", Some(34), Box::new(|msg| msg.denom = "uu".into())),
        ("denom of a digit", Some(34), Box::new(|msg| msg.denom = "1usdt".into())),
        (
            "denom with a space",
            Some(34),
            Box::new(|msg| msg.denom = "u usdt".into()),
        ),
        ("ibc denom", None, Box::new(|msg| msg.denom = "ibc/4CEA".into())),
        (
            "gateway twice",
            Some(14),
            Box::new(|msg| msg.gateways.extend(msg.gateways.clone())),
        ),
        (
            "registered twice",
            Some(33),
            Box::new(|msg| msg.registered = vec![msg.owner.clone(), msg.owner.clone()]),
        ),
        (
            "rate of no gateway",
            Some(7),
            Box::new(|msg| msg.rates = vec![rate(2, 0)]),
        ),
        (
            "rate twice",
            Some(14),
            Box::new(|msg| msg.rates = vec![rate(1, 0), rate(1, 1)]),
        ),
        (
            "rate below cost",
            Some(29),
            Box::new(|msg| msg.rates = vec![rate(1, 6)]),
        ),
    ];
    for (name, code, change) in cases {
        assert_eq!(refusal(change), code, "{name}");
    }
}

#[test]
fn only_the_timelock_rewires_and_everything_takes_effect() {
    let mut world = World::new();
    let (timelock, mallory) = (world.user("timelock"), world.user("mallory"));
    let peers = Peers {
        fund: Some(mallory.to_string()),
        ..Peers::default()
    };
    let response = world.ok(&timelock, ExecuteMsg::SetPeers { peers: peers.clone() });
    assert_eq!(attribute(&response, "wiring", "fund").unwrap(), mallory.to_string());
    assert_eq!(attribute(&response, "wiring", "wars"), None);
    world.ok(
        &timelock,
        ExecuteMsg::SetOracle {
            oracle: mallory.to_string(),
        },
    );
    let config: ConfigResponse = world.query(&QueryMsg::Config {});
    assert_eq!((config.peers, config.oracle), (peers, mallory.to_string()));
    let former = world.user("oracle");
    assert_eq!(world.refused(&former, ExecuteMsg::SettleUsage { reports: vec![] }), 911);
    world.ok(&mallory, ExecuteMsg::SettleUsage { reports: vec![] });
}

#[test]
fn admission_again_changes_the_payout_and_lifts_a_suspension() {
    let mut world = World::new();
    let (owner, operator) = (world.user("owner"), world.user("operator"));
    world.ok(&operator, ExecuteMsg::SuspendGateway { gateway: 1 });
    assert_eq!(world.refused(&operator, ExecuteMsg::SuspendGateway { gateway: 9 }), 7);
    let gateway: GatewayResponse = world.query(&QueryMsg::Gateway { gateway: 1 });
    assert!(gateway.suspended);
    let payout = world.user("bob").to_string();
    world.ok(
        &owner,
        ExecuteMsg::AdmitGateway {
            admission: GatewayAdmission {
                gateway: 1,
                payout: payout.clone(),
            },
        },
    );
    let gateway: GatewayResponse = world.query(&QueryMsg::Gateway { gateway: 1 });
    assert_eq!(
        gateway,
        GatewayResponse {
            gateway: 1,
            payout,
            suspended: false
        }
    );
}

#[test]
fn vault_moves_no_owner_without_their_consent() {
    use interfaces::common::OwnershipMsg::{Accept, Cancel, Propose};
    let mut world = World::new();
    let (owner, bob) = (world.user("owner"), world.user("bob"));
    world.ok(
        &owner,
        ExecuteMsg::Ownership(Propose {
            new_owner: bob.to_string(),
        }),
    );
    world.ok(&owner, ExecuteMsg::Ownership(Cancel {}));
    assert_eq!(world.refused(&bob, ExecuteMsg::Ownership(Accept {})), 903);
    world.ok(
        &owner,
        ExecuteMsg::Ownership(Propose {
            new_owner: bob.to_string(),
        }),
    );
    world.ok(&bob, ExecuteMsg::Ownership(Accept {}));
    assert_eq!(world.refused(&owner, ExecuteMsg::OpenTransfers {}), 901);
}

#[test]
fn only_the_wasm_admin_migrates_and_state_stays() {
    let mut world = World::new();
    let alice = world.deposit("alice", 100);
    let code = world.app.store_code(vault_contract());
    let vault = world.vault.clone();
    for name in ["owner", "operator", "oracle", "alice"] {
        let who = world.user(name);
        world
            .app
            .migrate_contract(who, vault.clone(), &MigrateMsg {}, code)
            .unwrap_err();
    }
    let timelock = world.user("timelock");
    world
        .app
        .migrate_contract(timelock, vault, &MigrateMsg {}, code)
        .unwrap();
    world.check_laws();
    world.ok(&alice, redeem(100));
}

#[test]
fn migration_from_a_newer_version_or_another_contract_is_refused() {
    for (name, version, code) in [
        ("crates.io:credit-vault", "99.0.0", 941),
        ("crates.io:other", "0.0.1", 940),
    ] {
        let mut deps = mock_dependencies();
        kit::migrate::init(&mut deps.storage, name, version).unwrap();
        let error = credit_vault::contract::migrate(deps.as_mut(), mock_env(), MigrateMsg {}).unwrap_err();
        assert_eq!(error.code(), code);
    }
}

//! Parameters, peers, migration.

use cosmwasm_std::Uint128;
use cw_multi_test::Executor;
use interfaces::prediction_market::*;
use prediction_market::contract::{CONTRACT_NAME, CONTRACT_VERSION};

use crate::world::*;

type Change = fn(&mut Params, u128);

/// Every parameter with its bounds.
fn bounds() -> Vec<(&'static str, u128, u128, Change)> {
    let wide = |(min, max): (u64, u64)| (u128::from(min), u128::from(max));
    let narrow = |(min, max): (u16, u16)| (u128::from(min), u128::from(max));
    let rows: [(&'static str, (u128, u128), Change); 11] = [
        ("min_ante", MIN_ANTE_BOUNDS, |params, value| {
            params.min_ante = Uint128::new(value)
        }),
        ("min_bet", MIN_BET_BOUNDS, |params, value| {
            params.min_bet = Uint128::new(value)
        }),
        (
            "max_probability_bps",
            narrow(MAX_PROBABILITY_BOUNDS),
            |params, value| params.max_probability_bps = value as u16,
        ),
        ("interest_floor", INTEREST_FLOOR_BOUNDS, |params, value| {
            params.interest_floor = Uint128::new(value)
        }),
        ("interest_bps", narrow(INTEREST_BPS_BOUNDS), |params, value| {
            params.interest_bps = value as u16
        }),
        ("fee_bps", narrow(FEE_BOUNDS), |params, value| {
            params.terms.fee_bps = value as u16
        }),
        ("bond_bps", narrow(BOND_BPS_BOUNDS), |params, value| {
            params.terms.bond_bps = value as u16
        }),
        ("min_bond", MIN_BOND_BOUNDS, |params, value| {
            params.terms.min_bond = Uint128::new(value)
        }),
        ("liveness", wide(LIVENESS_BOUNDS), |params, value| {
            params.terms.liveness = value as u64
        }),
        ("unanswered", wide(UNANSWERED_BOUNDS), |params, value| {
            params.terms.unanswered = value as u64
        }),
        ("vote_patience", wide(VOTE_PATIENCE_BOUNDS), |params, value| {
            params.terms.vote_patience = value as u64
        }),
    ];
    rows.into_iter()
        .map(|(name, (min, max), change)| (name, min, max, change))
        .collect()
}

#[test]
fn every_parameter_is_bounded_at_update_and_at_instantiate() {
    let mut world = World::new();
    for (name, min, max, change) in bounds() {
        let below = min.checked_sub(1);
        for (value, taken) in [
            (Some(min), true),
            (Some(max), true),
            (below, false),
            (Some(max + 1), false),
        ] {
            let Some(value) = value else { continue };
            let mut params = Params::default();
            change(&mut params, value);
            let outcome = world.tell("owner", ExecuteMsg::SetParams { params });
            assert_eq!(
                outcome.map(|_| ()),
                if taken { Ok(()) } else { Err(2) },
                "{name} = {value}"
            );
            let created = world.try_instantiate(|msg| change(&mut msg.params, value));
            assert_eq!(
                created.map(|_| ()),
                if taken { Ok(()) } else { Err(2) },
                "{name} = {value}"
            );
        }
    }
}

#[test]
fn defaults_are_those_of_the_design() {
    let params = Params::default();
    assert_eq!((params.max_probability_bps, params.interest_bps), (9_900, 1_000));
    let terms = params.terms;
    assert_eq!(
        (terms.fee_bps, terms.bond_bps, terms.liveness, terms.unanswered),
        (500, 100, DAY, 30 * DAY)
    );
}

#[test]
fn peers_are_set_once() {
    let mut world = World::alone();
    let peers = |staking: Option<&str>, governance: Option<&str>| ExecuteMsg::SetPeers {
        peers: Peers {
            staking: staking.map(Into::into),
            governance: governance.map(Into::into),
        },
    };
    let [a, b] = ["a", "b"].map(|name| world.user(name).to_string());
    world.tell("owner", peers(None, None)).unwrap();
    assert_eq!(world.tell("owner", peers(Some("nobody"), None)).unwrap_err(), 900);
    world.tell("owner", peers(Some(&a), None)).unwrap();
    assert_eq!(world.tell("owner", peers(Some(&b), None)).unwrap_err(), 26);
    assert_eq!(world.tell("owner", peers(Some(&a), Some(&b))).unwrap_err(), 26);
    assert_eq!(world.config().peers.governance, None, "all or nothing");
    world.tell("owner", peers(None, Some(&b))).unwrap();
    assert_eq!(world.tell("owner", peers(None, Some(&a))).unwrap_err(), 26);
    let set = world.config().peers;
    assert_eq!((set.staking, set.governance), (Some(a), Some(b)));
}

#[test]
fn configuration_is_what_was_given() {
    let world = World::new();
    let config = world.config();
    assert_eq!(config.operator, Some(world.user("operator").to_string()));
    assert_eq!(config.l_coin, world.coin.to_string());
    assert_eq!(config.peers.staking, Some(world.staking.to_string()));
    assert_eq!(config.peers.governance, Some(world.governance.to_string()));
    assert_eq!(config.params, Params::default());
}

#[test]
fn addresses_are_checked_at_instantiate() {
    let mut world = World::new();
    let changes: [fn(&mut InstantiateMsg); 5] = [
        |msg| msg.owner = "x".into(),
        |msg| msg.operator = Some("x".into()),
        |msg| msg.l_coin = "x".into(),
        |msg| msg.peers.staking = Some("x".into()),
        |msg| msg.peers.governance = Some("x".into()),
    ];
    for change in changes {
        assert_eq!(world.try_instantiate(change).unwrap_err(), 900);
    }
}

#[test]
fn operator_can_be_removed() {
    let mut world = World::new();
    world.tell("owner", ExecuteMsg::SetOperator { operator: None }).unwrap();
    let pause = ExecuteMsg::Pause {
        feature: Pausable::Buy,
        paused: true,
    };
    assert_eq!(world.tell("operator", pause).unwrap_err(), 910);
    assert_eq!(world.config().operator, None);
}

#[test]
fn migration_keeps_the_state_and_refuses_other_contracts() {
    let mut world = World::new();
    let market = world.open("alice", 2, 100);
    let before = world.view(market);
    let code_id = world.app.store_code(market_contract());
    let (admin, address) = (world.user("admin"), world.market.clone());
    world
        .app
        .migrate_contract(admin.clone(), address.clone(), &MigrateMsg {}, code_id)
        .unwrap();
    assert_eq!(world.view(market), before);
    for (name, version, expected) in [
        ("lex:other", CONTRACT_VERSION, 940),
        (CONTRACT_NAME, "99.0.0", 941),
        (CONTRACT_NAME, "one", 942),
    ] {
        let mut storage = world.app.contract_storage_mut(&address);
        kit::migrate::init(storage.as_mut(), name, version).unwrap();
        drop(storage);
        let error = world
            .app
            .migrate_contract(admin.clone(), address.clone(), &MigrateMsg {}, code_id)
            .unwrap_err();
        assert_eq!(code(&error), expected, "{name} {version}");
    }
}

#[test]
fn reply_nobody_asked_for_is_refused() {
    use cosmwasm_std::testing::{mock_dependencies, mock_env};
    use cosmwasm_std::{Reply, SubMsgResult};
    let (mut deps, payload) = (mock_dependencies(), cosmwasm_std::to_json_binary(&1u64).unwrap());
    let reply = Reply {
        id: 2,
        payload,
        gas_used: 0,
        result: SubMsgResult::Err("x".into()),
    };
    let error = prediction_market::contract::reply(deps.as_mut(), mock_env(), reply).unwrap_err();
    assert_eq!(error.code(), 28);
}

//! Settings change by governance's own proposals, and never leave their bounds.

use cosmwasm_std::testing::{mock_dependencies, mock_env};
use cosmwasm_std::{to_json_binary, Uint128};
use governance::contract::{migrate, CONTRACT_NAME, CONTRACT_VERSION};
use interfaces::governance::*;

use crate::stand_in::module::Setup;
use crate::world::*;

const SETUP: Setup = Setup {
    root: false,
    whale: Uint128::zero(),
};

fn params(world: &World) -> Params {
    world.query(&QueryMsg::Params {})
}

fn present_tracks(world: &World) -> Tracks {
    world.query(&QueryMsg::Tracks {})
}

#[test]
fn a_params_proposal_sets_the_parameters_of_governance() {
    let mut world = World::new();
    let wanted = Params {
        deposit: Uint128::new(5),
        deposit_recipient: world.user("heir").into(),
        refund_bps: 3_300,
    };
    let call = ParamsCall {
        contract: world.gov.to_string(),
        msg: to_json_binary(&ExecuteMsg::SetParams { params: wanted.clone() }).unwrap(),
    };
    world.pass(Action::Params { calls: vec![call] }).unwrap();
    assert_eq!(params(&world), wanted);
}

/// The rules by which things pass need both majorities.
#[test]
fn a_params_proposal_cannot_set_tracks() {
    let mut world = World::new();
    let call = ParamsCall {
        contract: world.gov.to_string(),
        msg: to_json_binary(&ExecuteMsg::SetTracks { tracks: tracks() }).unwrap(),
    };
    refused(world.propose("dave", Action::Params { calls: vec![call] }), 11);
}

#[test]
fn a_messages_proposal_sets_tracks_and_floor() {
    let mut world = World::new();
    let mut wanted = tracks();
    wanted.floor = Uint128::new(7);
    wanted.messages.voting = 3 * DAY;
    let open = world.propose("dave", world.messages(1)).unwrap();
    let set = world.to_self(&ExecuteMsg::SetTracks { tracks: wanted.clone() });
    let before = world.schedule(open);
    world.pass_messages(vec![set]).unwrap();
    assert_eq!(present_tracks(&world), wanted);
    assert_eq!(world.schedule(open), before);
    let next = world.propose("dave", world.messages(1)).unwrap();
    let schedule = world.schedule(next);
    assert_eq!(schedule.voting_ends - schedule.voting_starts, 3 * DAY);
}

fn with_params(change: &dyn Fn(&mut Params), world: &World) -> Params {
    let mut all = params(world);
    change(&mut all);
    all
}

fn with_tracks(change: &dyn Fn(&mut Tracks)) -> Tracks {
    let mut all = tracks();
    change(&mut all);
    all
}

#[test]
fn parameters_stay_within_their_bounds_at_instantiate_and_update() {
    type Change = Box<dyn Fn(&mut Params)>;
    let deposit = |value: u128| -> Change { Box::new(move |all| all.deposit = value.into()) };
    let refund = |value: u16| -> Change { Box::new(move |all| all.refund_bps = value) };
    let recipient = |value: &'static str| -> Change { Box::new(move |all| all.deposit_recipient = value.into()) };
    let cases: [(Change, Option<u16>); 8] = [
        (deposit(0), Some(2)),
        (deposit(1), None),
        (deposit(10_000_000_000_000), None),
        (deposit(10_000_000_000_001), Some(2)),
        (refund(0), None),
        (refund(3_300), None),
        (refund(3_301), Some(2)),
        (recipient("nobody"), Some(1)),
    ];
    for (index, (change, expected)) in cases.into_iter().enumerate() {
        let fresh = World::with(SETUP, |msg| change(&mut msg.params)).map(|_| ());
        let mut world = World::new();
        let (before, wanted) = (params(&world), with_params(&change, &world));
        let set = world.to_self(&ExecuteMsg::SetParams { params: wanted.clone() });
        let updated = world.pass_messages(vec![set]);
        match expected {
            Some(code) => {
                refused(fresh, code);
                refused(updated, code);
                assert_eq!(params(&world), before, "{index}");
            }
            None => {
                fresh.unwrap();
                updated.unwrap();
                assert_eq!(params(&world), wanted, "{index}");
            }
        }
    }
}

#[test]
fn tracks_stay_within_their_bounds_at_instantiate_and_update() {
    type Change = Box<dyn Fn(&mut Tracks, u64)>;
    let fields: [(Change, u64, u64); 13] = [
        (Box::new(|all, value| all.params.discussion = value), DAY, 30 * DAY),
        (Box::new(|all, value| all.params.voting = value), 3 * DAY, 30 * DAY),
        (Box::new(|all, value| all.params.timelock = value), DAY, 30 * DAY),
        (Box::new(|all, value| all.params.window = value), DAY, 60 * DAY),
        (Box::new(|all, value| all.messages.discussion = value), DAY, 30 * DAY),
        (Box::new(|all, value| all.messages.voting = value), 3 * DAY, 30 * DAY),
        (Box::new(|all, value| all.messages.timelock = value), DAY, 30 * DAY),
        (Box::new(|all, value| all.messages.window = value), DAY, 60 * DAY),
        (Box::new(|all, value| all.market_outcome.voting = value), DAY, 14 * DAY),
        (
            Box::new(|all, value| all.market_outcome.quorum_bps = value as u16),
            100,
            5_000,
        ),
        (Box::new(|all, value| all.appeal.voting = value), DAY, 14 * DAY),
        (Box::new(|all, value| all.appeal.quorum_bps = value as u16), 100, 5_000),
        (
            Box::new(|all, value| all.floor = value.into()),
            1,
            10_000_000_000_000_000,
        ),
    ];
    for (index, (change, min, max)) in fields.iter().enumerate() {
        for (value, fits) in [(min - 1, false), (*min, true), (*max, true), (max + 1, false)] {
            let fresh = World::with(SETUP, |msg| change(&mut msg.tracks, value)).map(|_| ());
            let mut world = World::new();
            let wanted = with_tracks(&|all| change(all, value));
            let set = ExecuteMsg::SetTracks { tracks: wanted.clone() };
            let gov = world.gov.clone();
            // what a passed proposal would send
            let updated = world.act(&gov.clone(), &gov, &set);
            if fits {
                fresh.unwrap();
                updated.unwrap();
                assert_eq!(present_tracks(&world), wanted, "{index} {value}");
            } else {
                refused(fresh, 2);
                refused(updated, 2);
                assert_eq!(present_tracks(&world), tracks(), "{index} {value}");
            }
        }
    }
}

#[test]
fn lost_deposits_cannot_go_to_governance_itself() {
    let mut world = World::new();
    let params = with_params(&|all| all.deposit_recipient.clear(), &world);
    let params = Params {
        deposit_recipient: world.gov.to_string(),
        ..params
    };
    let set = world.to_self(&ExecuteMsg::SetParams { params });
    refused(world.pass_messages(vec![set]), 20);
}

#[test]
fn the_prediction_market_is_set_once() {
    let mut world = World::with(SETUP, |msg| msg.prediction_market = None).unwrap();
    world.stake_all(&STAKES);
    world.advance(1);
    let from = world.moment();
    refused(world.open(1, &[0, 1], from), 16);
    let set = |world: &World, address: &cosmwasm_std::Addr| {
        world.to_self(&ExecuteMsg::SetPredictionMarket {
            address: address.to_string(),
        })
    };
    let (first, second) = (set(&world, &world.market), set(&world, &world.target));
    let nobody = world.to_self(&ExecuteMsg::SetPredictionMarket { address: "x".into() });
    refused(world.pass_messages(vec![nobody]), 1);
    world.pass_messages(vec![first.clone()]).unwrap();
    let overview: OverviewResponse = world.query(&QueryMsg::Overview {});
    assert_eq!(overview.prediction_market, Some(world.market.to_string()));
    world.open(1, &[0, 1], from).unwrap();
    for again in [first, second] {
        refused(world.pass_messages(vec![again]), 17);
    }
    let mut world = World::new();
    let set = set(&world, &world.target);
    refused(world.pass_messages(vec![set]), 17);
}

#[test]
fn addresses_are_checked_at_instantiate() {
    type Change = fn(&mut InstantiateMsg);
    let changes: [Change; 3] = [
        |msg| msg.voting_module = "x".into(),
        |msg| msg.deposit_token = msg.deposit_token.to_uppercase(),
        |msg| msg.prediction_market = Some(String::new()),
    ];
    for change in changes {
        refused(World::with(SETUP, change).map(|_| ()), 1);
    }
}

#[test]
fn migration_takes_the_same_contract_at_the_same_or_an_older_version() {
    let cases = [
        (CONTRACT_NAME, CONTRACT_VERSION, None),
        (CONTRACT_NAME, "0.0.1", None),
        (CONTRACT_NAME, "99.0.0", Some(941)),
        ("crates.io:timelock", CONTRACT_VERSION, Some(940)),
    ];
    for (name, version, expected) in cases {
        let mut deps = mock_dependencies();
        cw2::set_contract_version(&mut deps.storage, name, version).unwrap();
        let done = migrate(deps.as_mut(), mock_env(), MigrateMsg {});
        assert_eq!(done.err().map(|error| error.code()), expected, "{name} {version}");
    }
}

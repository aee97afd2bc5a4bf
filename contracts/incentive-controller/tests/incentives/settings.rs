//! Parameters and migration.

use interfaces::incentive_controller::*;

use crate::world::*;

fn bad() -> Vec<(Params, u16)> {
    let of = |change: fn(&mut Params)| {
        let mut params = Params::default();
        change(&mut params);
        params
    };
    vec![
        (of(|params| params.epoch_days = 0), 2),
        (of(|params| params.epoch_days = 29), 2),
        (of(|params| params.release_bps = 10_001), 2),
        (of(|params| params.target_ppm = 499_999), 2),
        (of(|params| params.target_ppm = 950_001), 2),
        (of(|params| params.gain_ppm = 500_001), 2),
        (of(|params| params.delivery_bps = 10_001), 2),
        (of(|params| params.first_access = n(10_000_000_001)), 2),
        (of(|params| params.bound_bps = 5_001), 2),
        (of(|params| params.rebate_bps = 10_001), 2),
        (of(|params| params.bonus_bps = 801), 3),
        (of(|params| params.first_access_bps = 201), 3),
        (of(|params| params.bonus_bps = u16::MAX), 3),
    ]
}

#[test]
fn bounds_hold_at_instantiate_and_update() {
    let mut world = World::new();
    for (params, expected) in bad() {
        refused(World::try_new(|msg| msg.params = params).map(|_| ()), expected);
        refused(world.send("owner", ExecuteMsg::SetParams { params }), expected);
    }
    assert_eq!(world.dashboard().params, Params::default());
    let edge = Params {
        epoch_days: 28,
        release_bps: 0,
        target_ppm: 500_000,
        gain_ppm: 0,
        delivery_bps: 10_000,
        bonus_bps: 0,
        first_access_bps: 1_000,
        first_access: n(0),
        bound_bps: 0,
        rebate_bps: 10_000,
    };
    world.ok("owner", ExecuteMsg::SetParams { params: edge });
    assert_eq!(world.dashboard().params, edge);
}

#[test]
fn epochs_that_ended_are_closed_by_the_parameters_they_ended_under() {
    let mut world = World::new();
    world.advance_to((FIRST + 7 * 5) * DAY);
    let params = Params {
        release_bps: 0,
        ..Params::default()
    };
    world.ok("owner", ExecuteMsg::SetParams { params });
    let board = world.dashboard();
    assert_eq!((board.released_epochs, board.withheld), (5, n(0)));
    // more than one message can close
    world.advance_to((FIRST + 7 * 30) * DAY);
    let params = Params::default();
    refused(world.send("owner", ExecuteMsg::SetParams { params }), 13);
    world.catch_up();
    world.ok("owner", ExecuteMsg::SetParams { params });
}

/// In the second in which one more epoch than a message closes could be closed, they would reach back.
#[test]
fn parameters_wait_for_every_epoch_that_ended_to_the_second() {
    let mut world = World::new();
    let last = FIRST + 7 * (u64::from(MAX_EPOCHS) + 1) - 1;
    let params = Params::default();
    let set = ExecuteMsg::SetParams { params };
    world.advance_to((last + 2) * DAY);
    refused(world.send("owner", set.clone()), 13);
    world.ok("keeper", ExecuteMsg::Advance {});
    world.ok("owner", set);
}

#[test]
fn before_the_clock_runs_parameters_can_change() {
    let mut world = World::silent(|_| {});
    let params = Params {
        epoch_days: 2,
        ..Params::default()
    };
    world.ok("owner", ExecuteMsg::SetParams { params });
    world.start();
    assert_eq!(world.epochs()[0].days, 2);
}

#[test]
fn messages_take_no_coins() {
    let mut world = World::new();
    let sender = world.user("anyone");
    world.give(&sender, 5);
    let contract = world.contract.clone();
    let funds = [cosmwasm_std::coin(5, DENOM)];
    let done =
        cw_multi_test::Executor::execute_contract(&mut world.app, sender, contract, &ExecuteMsg::Advance {}, &funds);
    assert_eq!(code(&done.unwrap_err().root_cause().to_string()), 932);
}

#[test]
fn state_of_another_contract_or_of_a_newer_version_is_refused() {
    use cosmwasm_std::testing::{mock_dependencies, mock_env};
    use incentive_controller::contract::migrate;
    for (name, version, expected) in [
        ("crates.io:incentive-controller", "0.0.1", None),
        ("crates.io:incentive-controller", "999.0.0", Some(941)),
        ("crates.io:treasury", "0.0.1", Some(940)),
    ] {
        let mut deps = mock_dependencies();
        cw2::set_contract_version(&mut deps.storage, name, version).unwrap();
        let done = migrate(deps.as_mut(), mock_env(), MigrateMsg {});
        assert_eq!(done.err().map(|error| error.code()), expected, "{name} {version}");
    }
}

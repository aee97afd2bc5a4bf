//! Repricing: decimals move, nothing else does.

use interfaces::vcai::*;

use crate::world::*;

/// Everything that anybody holds or may use, in base units.
fn holdings(world: &World) -> (Vec<u128>, u128, Vec<cw20::AllowanceInfo>, IssuableResponse) {
    let balances = NAMES.iter().map(|name| world.balance(name)).collect();
    let allowances: cw20::AllAllowancesResponse = world.query(&QueryMsg::AllAllowances {
        owner: world.name("allocation"),
        start_after: None,
        limit: None,
    });
    let shown = world.overview();
    (balances, shown.supply.u128(), allowances.allowances, shown.issuable)
}

#[test]
fn repricing_changes_no_balance_in_base_units_and_moves_decimals_only() {
    let mut world = World::new();
    world.issue("alice", 123_456_789);
    let msg = world.transferring("bob", 1);
    world.ok("allocation", msg);
    let msg = ExecuteMsg::IncreaseAllowance {
        spender: world.name("carol"),
        amount: 77u128.into(),
        expires: None,
    };
    world.ok("allocation", msg);
    let before = holdings(&world);
    let mut decimals = 6i32;
    for exponent in [2i8, -4, -10, 4, 14, -2, 2] {
        world.ok("governance", ExecuteMsg::Reprice { exponent });
        decimals -= i32::from(exponent);
        assert_eq!(i32::from(world.info().decimals), decimals);
        assert_eq!(
            world.overview().decimals,
            world.info().decimals,
            "every wallet-facing query agrees"
        );
        assert_eq!(holdings(&world), before);
    }
    // and tokens move as before
    let msg = world.transferring("carol", 123_456_789);
    world.ok("alice", msg);
}

/// One VCAI of before is shown as 100 after a split by 2, as 0.01 after joining by 2.
#[test]
fn wallet_shows_ten_to_the_exponent_as_many() {
    let shown = |world: &World, units: u128| {
        let decimals = u32::from(world.info().decimals);
        (units / 10u128.pow(decimals), units % 10u128.pow(decimals))
    };
    let mut world = World::new();
    assert_eq!(shown(&world, 1_000_000), (1, 0));
    world.ok("governance", ExecuteMsg::Reprice { exponent: 2 });
    assert_eq!(shown(&world, 1_000_000), (100, 0));
    world.ok("governance", ExecuteMsg::Reprice { exponent: -4 });
    assert_eq!(shown(&world, 1_000_000), (0, 1_000_000), "a hundredth, with 8 decimals");
}

#[test]
fn odd_idle_and_unshowable_exponents_are_refused() {
    let mut world = World::new();
    for exponent in [0, 1, -1, 3, 8, -14, i8::MIN, i8::MAX] {
        let msg = ExecuteMsg::Reprice { exponent };
        assert_eq!(world.refused("governance", msg), 6, "{exponent}");
    }
    world.ok("governance", ExecuteMsg::Reprice { exponent: 6 });
    assert_eq!(world.info().decimals, 0);
    assert_eq!(world.refused("governance", ExecuteMsg::Reprice { exponent: 2 }), 6);
    world.ok("governance", ExecuteMsg::Reprice { exponent: -18 });
    assert_eq!(world.info().decimals, 18);
    assert_eq!(world.refused("governance", ExecuteMsg::Reprice { exponent: -2 }), 6);
}

#[test]
fn repricing_does_not_move_the_yearly_cap() {
    let mut world = World::new();
    world.ok("governance", ExecuteMsg::Reprice { exponent: -12 });
    let msg = world.issuing("alice", CAP + 1);
    assert_eq!(world.refused("governance", msg), 5);
    world.issue("alice", CAP);
}

#[test]
fn repricings_are_recorded() {
    let mut world = World::new();
    world.at(9);
    world.ok("governance", ExecuteMsg::Reprice { exponent: 4 });
    world.ok("governance", ExecuteMsg::Reprice { exponent: -2 });
    let rows: Vec<Repricing> = world.query(&QueryMsg::Repricings {
        start_before: None,
        limit: None,
    });
    let row = |n, exponent, decimals| Repricing {
        n,
        exponent,
        decimals,
        time: START + 9,
    };
    assert_eq!(rows, [row(2, -2, 4), row(1, 4, 2)]);
}

//! Parameters, roles, migration and answers about them.

use cosmwasm_std::Empty;
use cw_multi_test::Executor;
use interfaces::common::{OwnershipMsg, OwnershipResponse};
use interfaces::margin::*;

use crate::world::*;

type Change = fn(&mut Params);

/// Just outside of every bound, and where a pair has to keep its distance.
const OUTSIDE: [(&str, Change); 40] = [
    ("initial low", |p| p.initial_bps = 1_499),
    ("initial high", |p| p.initial_bps = 5_001),
    ("maintenance low", |p| p.maintenance_bps = 499),
    ("maintenance high", |p| p.maintenance_bps = 1_201),
    ("target near maintenance", |p| p.target_bps = 1_199),
    ("target near initial", |p| p.target_bps = 1_801),
    ("full close below costs", |p| p.full_close_bps = 299),
    ("full close near maintenance", |p| p.full_close_bps = 901),
    ("penalty low", |p| p.penalty_bps = 99),
    ("penalty high", |p| p.penalty_bps = 501),
    ("bounty low", |p| p.bounty_bps = 9),
    ("bounty high", |p| p.bounty_bps = 101),
    ("fixed bounty high", |p| p.fixed_bounty = amount(2 * ONE + 1)),
    ("notional low", |p| {
        p.fixed_bounty = amount(0);
        p.min_notional = amount(10 * ONE - 1);
    }),
    ("notional high", |p| p.min_notional = amount(100_000 * ONE + 1)),
    ("slippage low", |p| p.slippage_bps = 49),
    ("slippage high", |p| p.slippage_bps = 501),
    ("offer short", |p| p.offer_seconds = 299),
    ("offer long", |p| p.offer_seconds = 3_601),
    ("discount low", |p| p.offer_max_bps = 199),
    ("discount high", |p| p.offer_max_bps = 1_001),
    ("position cap low", |p| p.position_cap_bps = 0),
    ("position cap high", |p| p.position_cap_bps = 201),
    ("side cap below position cap", |p| p.side_cap_bps = 49),
    ("side cap high", |p| p.side_cap_bps = 2_001),
    ("interest share", |p| p.interest_share_bps = 3_001),
    ("rest loss low", |p| p.rest_loss_bps = 9),
    ("rest loss high", |p| p.rest_loss_bps = 501),
    ("rest short", |p| p.rest_seconds = 3_599),
    ("rest long", |p| p.rest_seconds = 604_801),
    ("credit base", |p| p.credit_curve.base_bps = 2_001),
    ("credit slope", |p| p.credit_curve.slope_bps = 5_001),
    ("credit steep", |p| p.credit_curve.steep_bps = 20_001),
    ("credit kink low", |p| p.credit_curve.kink_bps = 4_999),
    ("credit kink high", |p| p.credit_curve.kink_bps = 9_001),
    ("credit cap below kink", |p| p.credit_curve.cap_bps = 7_999),
    ("credit cap high", |p| p.credit_curve.cap_bps = 9_901),
    ("lco base", |p| p.lco_curve.base_bps = 2_001),
    ("lco kink", |p| p.lco_curve.kink_bps = 9_001),
    ("lco cap", |p| p.lco_curve.cap_bps = 9_901),
];

#[test]
fn parameters_out_of_bounds_are_refused_at_update_and_at_instantiate() {
    let mut world = World::bare(|_| {});
    let code = world.app.store_code(margin_contract());
    for (name, change) in OUTSIDE {
        let mut params = default_params();
        change(&mut params);
        let set = ExecuteMsg::SetParams { params: params.clone() };
        assert_eq!(world.exec("owner", &set).unwrap_err(), "margin:3", "{name}");
        let msg = InstantiateMsg {
            owner: world.user("owner").into(),
            operator: None,
            credit: world.credit.to_string(),
            lco: world.lco.to_string(),
            exchange: world.exchange.to_string(),
            params,
        };
        let creator = world.user("creator");
        let error = world
            .app
            .instantiate_contract(code, creator, &msg, &[], "margin", None)
            .unwrap_err();
        assert!(error.root_cause().to_string().starts_with("[margin:3]"), "{name}");
    }
    let config: ConfigResponse = world.query(&QueryMsg::Config {});
    assert_eq!(config.params, default_params());
}

#[test]
fn new_parameters_are_in_force_at_once() {
    let mut world = World::new();
    let params = Params {
        min_notional: whole(1_000),
        fixed_bounty: whole(2),
        ..default_params()
    };
    world
        .exec("owner", &ExecuteMsg::SetParams { params: params.clone() })
        .unwrap();
    let config: ConfigResponse = world.query(&QueryMsg::Config {});
    assert_eq!(config.params, params);
    assert_eq!(config.operator, Some(world.user("operator").into()));
    assert_eq!(
        world.open("alice", Side::Short, 400 * ONE, 900 * ONE),
        Err("margin:16".into())
    );
}

#[test]
fn ownership_goes_over_in_two_steps() {
    let mut world = World::new();
    let heir = world.user("heir").to_string();
    let propose = ExecuteMsg::Ownership(OwnershipMsg::Propose {
        new_owner: heir.clone(),
    });
    world.exec("owner", &propose).unwrap();
    let now: OwnershipResponse = world.query(&QueryMsg::Ownership {});
    assert_eq!(
        (now.owner, now.pending),
        (world.user("owner").into(), Some(heir.clone()))
    );
    world
        .exec("heir", &ExecuteMsg::Ownership(OwnershipMsg::Accept {}))
        .unwrap();
    let now: OwnershipResponse = world.query(&QueryMsg::Ownership {});
    assert_eq!((now.owner, now.pending), (heir, None));
    let set = ExecuteMsg::SetOperator { operator: None };
    assert_eq!(
        world.exec("owner", &set).unwrap_err(),
        "margin:910".replace("910", "901")
    );
    world.exec("heir", &set).unwrap();
    let pause = ExecuteMsg::Pause {
        feature: Pausable::Borrow,
        paused: true,
    };
    assert_eq!(world.exec("operator", &pause).unwrap_err(), "margin:910");
}

#[test]
fn coins_are_never_kept() {
    let mut world = World::new();
    let alice = world.user("alice");
    world
        .app
        .init_modules(|router, _, storage| router.bank.init_balance(storage, &alice, cosmwasm_std::coins(5, DENOM)))
        .unwrap();
    let msg = ExecuteMsg::CollectInterest { token: Token::Lco };
    let error = world
        .app
        .execute_contract(alice, world.margin.clone(), &msg, &cosmwasm_std::coins(5, DENOM))
        .unwrap_err();
    assert!(error.root_cause().to_string().starts_with("[margin:932]"));
}

#[test]
fn migration_keeps_state_and_refuses_other_contracts() {
    let mut world = World::new();
    let id = world.open("alice", Side::Long, 300 * ONE, 300 * ONE).unwrap();
    let before = world.position(id);
    let code = world.app.store_code(margin_contract());
    let timelock = world.user("timelock");
    world
        .app
        .migrate_contract(timelock.clone(), world.margin.clone(), &MigrateMsg {}, code)
        .unwrap();
    assert_eq!(world.position(id), before);

    let mut deps = cosmwasm_std::testing::mock_dependencies();
    cw2::set_contract_version(&mut deps.storage, "crates.io:exchange", "0.1.0").unwrap();
    let env = cosmwasm_std::testing::mock_env();
    let error = margin::contract::migrate(deps.as_mut(), env, MigrateMsg {}).unwrap_err();
    assert_eq!(error.code(), 940);
    let _ = Empty {};
}

#[test]
fn lists_are_paged() {
    let mut world = World::new();
    for _ in 0..4 {
        world.open("alice", Side::Short, 100 * ONE, 110 * ONE).unwrap();
    }
    world.open("bob", Side::Short, 100 * ONE, 110 * ONE).unwrap();
    let page = |start_after, limit| -> Vec<u64> {
        let rows: Vec<PositionResponse> = world.query(&QueryMsg::Positions {
            owner: world.user("alice").into(),
            start_after,
            limit,
        });
        rows.into_iter().map(|row| row.position).collect()
    };
    assert_eq!(page(None, None), [1, 2, 3, 4]);
    assert_eq!(page(None, Some(2)), [1, 2]);
    assert_eq!(page(Some(2), Some(9)), [3, 4]);
    for id in 1..=4 {
        world.close("alice", id).unwrap();
    }
    let page = |start_before, limit| -> Vec<(u64, u64)> {
        let rows: Vec<HistoryEntry> = world.query(&QueryMsg::History {
            owner: world.user("alice").into(),
            start_before,
            limit,
        });
        rows.into_iter().map(|row| (row.number, row.position)).collect()
    };
    assert_eq!(page(None, None), [(4, 4), (3, 3), (2, 2), (1, 1)]);
    assert_eq!(page(Some(3), Some(1)), [(2, 2)]);
}

/// What `OpenQuote` says is what opening does, and its limit is the largest loan the pool and the caps allow.
#[test]
fn open_quote_is_what_opening_does() {
    for side in [Side::Long, Side::Short] {
        let mut world = World::new();
        let quote: OpenQuoteResponse = world.query(&QueryMsg::OpenQuote {
            side,
            collateral: whole(500),
            borrow: whole(1_200),
        });
        let id = world.open("alice", side, 500 * ONE, 1_200 * ONE).unwrap();
        let row = world.position(id);
        assert_eq!(row.held, quote.held);
        assert_eq!(row.health.unwrap().cr_ppm, quote.cr_ppm.unwrap());
        assert_eq!(row.exit_cr_ppm, quote.exit_cr_ppm);
        assert_eq!(quote.borrow_limit, whole(2_500));
    }
}

//! Parameters, ownership, instantiation and migration.

use cosmwasm_std::testing::{message_info, mock_env};
use cosmwasm_std::{coins, Uint128};
use cw2::{get_contract_version, set_contract_version};
use interfaces::common::{OwnershipMsg, OwnershipResponse};
use interfaces::lco_staking::*;
use lco_staking::contract::{execute, instantiate, migrate};

use crate::bench::*;

type Change = fn(&mut Params, Uint128);

const FIELDS: [(&str, Change, u128, u128); 4] = [
    ("lv2", |params, value| params.lv2 = value, 100, 10_000),
    ("lv3", |params, value| params.lv3 = value, 1_000, 100_000),
    ("lv4", |params, value| params.lv4 = value, 5_000, 500_000),
    ("whale", |params, value| params.whale = value, 10_000, 1_000_000),
];

/// Thresholds that are out of bounds by one unit in one field, and in order.
fn out_of_bounds() -> Vec<(&'static str, Params)> {
    let mut cases = vec![];
    for (name, change, least, most) in FIELDS {
        let (mut low, mut high) = (tenths(1), tenths(100));
        change(&mut low, amount(least * LCO - 1));
        change(&mut high, amount(most * LCO + 1));
        cases.extend([(name, low), (name, high)]);
    }
    cases
}

#[test]
fn bounds_are_themselves_allowed() {
    Bench::with(tenths(1)).unwrap();
    Bench::with(tenths(100)).unwrap();
}

#[test]
fn thresholds_out_of_bounds_are_refused_at_instantiate_and_update() {
    for (name, params) in out_of_bounds() {
        assert_eq!(Bench::with(params).err().unwrap().code(), 6, "{name}: {params:?}");
        let mut bench = Bench::new();
        let owner = bench.user("owner");
        assert_eq!(
            bench.refused(&owner, ExecuteMsg::SetParams { params }),
            6,
            "{name}: {params:?}"
        );
        assert_eq!(bench.overview().params, Params::default());
    }
}

#[test]
fn thresholds_that_do_not_rise_are_refused_at_instantiate_and_update() {
    let equal = |change: Change, value| {
        let mut params = Params::default();
        change(&mut params, amount(value * LCO));
        params
    };
    let cases = [
        equal(FIELDS[0].1, 10_000),
        equal(FIELDS[1].1, 50_000),
        equal(FIELDS[2].1, 100_000),
    ];
    for params in cases {
        assert_eq!(Bench::with(params).err().unwrap().code(), 7, "{params:?}");
        let mut bench = Bench::new();
        let owner = bench.user("owner");
        assert_eq!(bench.refused(&owner, ExecuteMsg::SetParams { params }), 7, "{params:?}");
    }
}

#[test]
fn ownership_changes_hands_in_two_steps() {
    let mut bench = Bench::new();
    let [owner, next, thief] = ["owner", "next", "thief"].map(|name| bench.user(name));
    let propose = ExecuteMsg::Ownership(OwnershipMsg::Propose {
        new_owner: next.to_string(),
    });
    let accept = ExecuteMsg::Ownership(OwnershipMsg::Accept {});
    assert_eq!(bench.refused(&thief, propose.clone()), 901);
    bench.ok(&owner, propose);
    assert_eq!(bench.refused(&thief, accept.clone()), 902);
    let params = tenths(5);
    assert_eq!(bench.refused(&next, ExecuteMsg::SetParams { params }), 901, "not yet");
    bench.ok(&next, accept);
    bench.ok(&next, ExecuteMsg::SetParams { params });
    assert_eq!(bench.refused(&owner, ExecuteMsg::SetParams { params }), 901);
    let answer: OwnershipResponse = bench.ask(QueryMsg::Ownership {});
    assert_eq!((answer.owner, answer.pending), (next.to_string(), None));
}

#[test]
fn native_coins_are_refused_everywhere() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    let address = || alice.to_string();
    let info = message_info(&alice, &coins(1, "uusdt"));
    let msgs = [
        Bench::notice(&alice, None, 1),
        ExecuteMsg::Unstake { amount: amount(1) },
        ExecuteMsg::Claim {},
        ExecuteMsg::Refresh {
            accounts: vec![address()],
        },
        ExecuteMsg::Mark {},
        ExecuteMsg::SetParams {
            params: Params::default(),
        },
        ExecuteMsg::Ownership(OwnershipMsg::Accept {}),
    ];
    for msg in msgs {
        let text = format!("{msg:?}");
        let error = execute(bench.deps_mut(), mock_env(), info.clone(), msg).unwrap_err();
        assert_eq!(error.code(), 932, "{text}");
    }
    let msg = InstantiateMsg {
        owner: address(),
        l_coin: address(),
        params: Params::default(),
    };
    assert_eq!(
        instantiate(bench.deps_mut(), mock_env(), info, msg).unwrap_err().code(),
        932
    );
}

#[test]
fn addresses_at_instantiate_are_checked() {
    let mut bench = Bench::new();
    let (good, info) = (
        bench.user("good").to_string(),
        message_info(&bench.user("deployer"), &[]),
    );
    for (owner, l_coin) in [("nobody".to_owned(), good.clone()), (good, "nothing".to_owned())] {
        let msg = InstantiateMsg {
            owner,
            l_coin,
            params: Params::default(),
        };
        let error = instantiate(bench.deps_mut(), mock_env(), info.clone(), msg).unwrap_err();
        assert_eq!(error.code(), 900);
    }
}

#[test]
fn migration_keeps_the_state_and_refuses_downgrades_and_strangers() {
    let mut bench = Bench::new();
    let alice = bench.user("alice");
    bench.stake(&alice, 60_000 * LCO);
    bench.wait(10);
    let before = bench.account(&alice);
    migrate(bench.deps_mut(), mock_env(), MigrateMsg {}).unwrap();
    assert_eq!(bench.account(&alice), before);

    let name = get_contract_version(&bench.storage).unwrap().contract;
    set_contract_version(&mut bench.storage, &name, "999.0.0").unwrap();
    assert_eq!(
        migrate(bench.deps_mut(), mock_env(), MigrateMsg {}).unwrap_err().code(),
        941
    );
    set_contract_version(&mut bench.storage, "crates.io:other", "0.0.1").unwrap();
    assert_eq!(
        migrate(bench.deps_mut(), mock_env(), MigrateMsg {}).unwrap_err().code(),
        940
    );
}

//! Deposit and Redeem.

use cosmwasm_std::{coin, coins, BankMsg, CosmosMsg};
use cw_multi_test::Executor;
use interfaces::credit_vault::*;

use crate::stand_in::{Reaction, StandInMsg};
use crate::world::*;

#[test]
fn deposit_mints_and_redeem_burns_one_for_one() {
    let mut world = World::new();
    let alice = world.deposit("alice", 100 * ONE);
    assert_eq!(
        (world.free(&alice), world.usdt(&alice)),
        (100 * ONE, WEALTH - 100 * ONE)
    );
    let response = world.ok(&alice, redeem(40 * ONE));
    assert_eq!(
        attribute(&response, "redeem", "amount").unwrap(),
        (40 * ONE).to_string()
    );
    assert_eq!((world.free(&alice), world.usdt(&alice)), (60 * ONE, WEALTH - 60 * ONE));
    let overview = world.overview();
    assert_eq!(
        [overview.supply, overview.reserve, overview.revenue],
        [60 * ONE, 60 * ONE, 0].map(amount)
    );
    // the last unit leaves, too
    world.ok(&alice, redeem(60 * ONE));
    assert_eq!((world.overview().supply, world.usdt(&alice)), (amount(0), WEALTH));
}

#[test]
fn both_reach_another_account() {
    let mut world = World::new();
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|name| world.user(name));
    let response = world
        .deposit_with(&alice, &coins(7, DENOM), Some(bob.to_string()))
        .unwrap();
    assert_eq!(attribute(&response, "deposit", "to").unwrap(), bob.to_string());
    assert_eq!((world.free(&alice), world.free(&bob)), (0, 7));
    world.ok(
        &bob,
        ExecuteMsg::Redeem {
            amount: amount(7),
            to: Some(carol.to_string()),
        },
    );
    assert_eq!(world.usdt(&carol), WEALTH + 7);
}

#[test]
fn unknown_or_mixed_funds_are_refused_naming_the_denom() {
    let mut world = World::new();
    let alice = world.user("alice");
    let cases = [
        ("nothing", vec![], 930),
        ("another denom", coins(5, "ufake"), 931),
        ("a mix", vec![coin(5, "ufake"), coin(5, DENOM)], 931),
    ];
    for (name, funds, code) in cases {
        assert_eq!(world.deposit_with(&alice, &funds, None).unwrap_err(), code, "{name}");
    }
    let vault = world.vault.clone();
    let fake = coins(5, "ufake");
    let error = world
        .app
        .execute_contract(alice, vault, &ExecuteMsg::Deposit { to: None }, &fake)
        .unwrap_err();
    assert!(
        error.root_cause().to_string().contains("uusdt"),
        "names the denom expected"
    );
}

#[test]
fn funds_on_any_other_message_are_refused_so_that_none_is_stranded() {
    let mut world = World::new();
    let alice = world.deposit("alice", 10);
    for msg in [redeem(5), open(1, 5, 5), ExecuteMsg::ClaimLco {}, transfer(&alice, 1)] {
        let vault = world.vault.clone();
        let error = world
            .app
            .execute_contract(alice.clone(), vault, &msg, &coins(3, DENOM))
            .unwrap_err();
        assert!(error.root_cause().to_string().starts_with("[vault:932]"), "{msg:?}");
    }
    assert_eq!(world.usdt(&alice), WEALTH - 10);
}

#[test]
fn paused_deposits_are_refused_and_come_back() {
    let mut world = World::new();
    let alice = world.deposit("alice", 10);
    world.pause(true);
    assert_eq!(world.deposit_with(&alice, &coins(5, DENOM), None).unwrap_err(), 920);
    assert!(world.overview().deposits_paused);
    world.ok(&alice, redeem(10));
    world.pause(false);
    world.deposit("alice", 5);
}

#[test]
fn redeem_needs_exactly_the_free_balance() {
    let mut world = World::new();
    let alice = world.deposit("alice", 10);
    assert_eq!(world.refused(&alice, redeem(0)), 3);
    assert_eq!(world.refused(&alice, redeem(11)), 4);
    world.ok(&alice, open(1, 6, 6));
    assert_eq!(
        world.refused(&alice, redeem(5)),
        4,
        "what is promised cannot be redeemed"
    );
    world.ok(&alice, redeem(4));
    let bob = world.user("bob");
    assert_eq!(world.refused(&bob, redeem(1)), 4);
}

#[test]
fn donated_usdt_changes_nothing() {
    let mut world = World::new();
    let alice = world.deposit("alice", 10);
    let before = world.overview();
    let (mallory, vault) = (world.user("mallory"), world.vault.to_string());
    let gift = BankMsg::Send {
        to_address: vault,
        amount: coins(1_000, DENOM),
    };
    world.app.execute(mallory.clone(), CosmosMsg::Bank(gift)).unwrap();
    world.check_laws();
    assert_eq!(world.overview(), before);
    assert_eq!(world.refused(&mallory, redeem(1)), 4, "a gift is not a balance");
    world.ok(&alice, redeem(10));
    assert_eq!(world.usdt(&world.vault), 1_000);
}

/// A payee that refuses coins does not exist on this chain; a payee contract that redeems through itself does.
#[test]
fn contract_redeems_like_anybody() {
    let mut world = World::new();
    let contract = world.tiers.clone();
    let alice = world.user("alice");
    world
        .deposit_with(&alice, &coins(9, DENOM), Some(contract.to_string()))
        .unwrap();
    let call = world.message(&redeem(9));
    world.exec(&alice, &contract, &StandInMsg::Do(vec![call]));
    assert_eq!(world.usdt(&contract), 9);
}

/// Every lever that somebody else holds, by name, pulled as far as it goes; then everything at once. Free Credits leave in full each time.
#[test]
fn no_lever_stops_or_shrinks_a_redemption() {
    type Lever = (&'static str, fn(&mut World));
    let levers: [Lever; 17] = [
        ("owner or operator pauses deposits", |world| world.pause(true)),
        ("operator suspends the gateways", |world| {
            for gateway in [1, 2] {
                world.ok(&world.user("operator"), ExecuteMsg::SuspendGateway { gateway });
            }
        }),
        ("owner sets every parameter to its limit", |world| {
            world.set_params(|params| {
                *params = Params {
                    close_window: 259_200,
                    weekly_mint_cap: amount(0),
                    fund_floor_bps: 1_000,
                    profit_share_bps: 5_000,
                }
            })
        }),
        ("owner proposes the highest rates", |world| {
            let rate = |(sku, gateway, ..): (&str, u64, u128, u128)| Rate {
                sku: sku.into(),
                gateway,
                list: amount(10u128.pow(15)),
                cost: amount(10u128.pow(15)),
            };
            world.ok(
                &world.user("owner"),
                ExecuteMsg::ProposeRates {
                    rates: RATES.map(rate).to_vec(),
                },
            );
            world.wait(2 * DAY);
        }),
        ("owner admits a hostile gateway", |world| {
            let admission = GatewayAdmission {
                gateway: 66,
                payout: world.user("mallory").to_string(),
            };
            world.ok(&world.user("owner"), ExecuteMsg::AdmitGateway { admission });
        }),
        ("owner removes the operator", |world| {
            world.ok(&world.user("owner"), ExecuteMsg::SetOperator { operator: None });
            let operator = Some(world.user("operator").to_string());
            world.ok(&world.user("owner"), ExecuteMsg::SetOperator { operator });
        }),
        ("owner is replaced by a stranger", |world| {
            use interfaces::common::OwnershipMsg::{Accept, Propose};
            let new_owner = world.user("owner2").to_string();
            world.ok(&world.user("owner"), ExecuteMsg::Ownership(Propose { new_owner }));
            world.ok(&world.user("owner2"), ExecuteMsg::Ownership(Accept {}));
            let new_owner = world.user("owner").to_string();
            world.ok(&world.user("owner2"), ExecuteMsg::Ownership(Propose { new_owner }));
            world.ok(&world.user("owner"), ExecuteMsg::Ownership(Accept {}));
        }),
        ("oracle charges whatever it can", |world| {
            let alice = world.user("alice");
            let entry = world.usage(&alice, OUT, 10u128.pow(15));
            world.settle(vec![entry]);
        }),
        ("oracle returns and holds charges", |world| {
            let alice = world.user("alice");
            let entry = world.usage(&alice, IN, 1_000);
            let report = world.settle(vec![entry]).report;
            let _ = world.resolve(report, 0, ChargeAction::Hold);
        }),
        ("gateway changes its payout address", |world| {
            let payout = world.vault.to_string();
            world.ok(&world.user("payout"), ExecuteMsg::SetPayout { gateway: 1, payout });
            world.ok(&world.user("owner"), {
                let payout = world.user("payout").to_string();
                ExecuteMsg::AdmitGateway {
                    admission: GatewayAdmission { gateway: 1, payout },
                }
            });
        }),
        ("fund releases a week to itself", |world| {
            let week = world.week();
            world.wait(3 * WEEK);
            let revenue = world.week_row(2, week).revenue;
            let release = world.message(&ExecuteMsg::ReleaseWeek {
                gateway: 2,
                week,
                fund_share: revenue,
            });
            let (fund, anyone) = (world.fund.clone(), world.user("creator"));
            world.exec(&anyone, &fund, &StandInMsg::Do(vec![release]));
        }),
        ("launchpad makes everything exclusive", |world| {
            let (launchpad, anyone) = (world.launchpad.clone(), world.user("creator"));
            for (sku, ..) in RATES {
                let until = world.now() + 365 * DAY;
                let call = world.message(&grant(&anyone, sku, 1, 0, until));
                let _ = world
                    .app
                    .execute_contract(anyone.clone(), launchpad.clone(), &StandInMsg::Do(vec![call]), &[]);
            }
        }),
        ("contest and tiers fail", |world| {
            for peer in [world.wars.clone(), world.tiers.clone()] {
                world.react(&peer, Reaction::Fail);
            }
        }),
        ("timelock replaces the oracle by a thief", |world| {
            let oracle = world.user("mallory").to_string();
            world.ok(&world.user("timelock"), ExecuteMsg::SetOracle { oracle });
            let oracle = world.user("oracle").to_string();
            world.ok(&world.user("timelock"), ExecuteMsg::SetOracle { oracle });
        }),
        ("timelock removes all peers", |world| {
            world.ok(
                &world.user("timelock"),
                ExecuteMsg::SetPeers {
                    peers: Peers::default(),
                },
            );
        }),
        ("timelock registers a stranger", |world| {
            let address = world.user("mallory").to_string();
            world.ok(&world.user("timelock"), ExecuteMsg::RegisterContract { address });
        }),
        ("owner opens transfers", |world| {
            world.ok(&world.user("owner"), ExecuteMsg::OpenTransfers {});
        }),
    ];
    let prepared = || {
        let mut world = World::new();
        let alice = world.deposit("alice", 100 * ONE);
        world.ok(&alice, open(1, 30 * ONE, 30 * ONE));
        (world, alice)
    };
    for (name, pull) in levers {
        let (mut world, alice) = prepared();
        pull(&mut world);
        world.ok(&alice, redeem(70 * ONE));
        assert_eq!(world.usdt(&alice), WEALTH - 30 * ONE, "{name}");
    }
    let (mut world, alice) = prepared();
    for (_, pull) in levers {
        pull(&mut world);
    }
    world.ok(&alice, redeem(70 * ONE));
    assert_eq!(world.usdt(&alice), WEALTH - 30 * ONE, "all at once");
}

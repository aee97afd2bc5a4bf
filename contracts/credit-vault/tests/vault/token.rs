//! The CW20 part.

use cosmwasm_std::{to_json_binary, Addr, Binary};
use cw20::{AllAllowancesResponse, AllSpenderAllowancesResponse, AllowanceResponse, Cw20ReceiveMsg, Expiration};
use cw_multi_test::Executor;
use interfaces::credit_vault::*;

use crate::stand_in::{Reaction, StandInMsg, StandInQuery};
use crate::world::*;

fn send(contract: &Addr, value: u128) -> ExecuteMsg {
    ExecuteMsg::Send {
        contract: contract.to_string(),
        amount: amount(value),
        msg: Binary::from(b"{}"),
    }
}

#[test]
fn transfers_are_limited_to_and_from_registered_contracts() {
    let mut world = World::new();
    let alice = world.deposit("alice", 100);
    let (bob, fund) = (world.user("bob"), world.fund.clone());
    assert_eq!(world.refused(&alice, transfer(&bob, 1)), 5);
    world.ok(&alice, transfer(&fund, 60));
    let out = world.message(&transfer(&bob, 50));
    world.exec(&alice, &fund, &StandInMsg::Do(vec![out]));
    assert_eq!([&alice, &bob, &fund].map(|who| world.free(who)), [40, 50, 10]);
    assert_eq!(world.refused(&alice, transfer(&fund, 41)), 4);
    assert_eq!(
        world.refused(&bob, transfer(&alice, 1)),
        5,
        "a registered contract's Credits do not carry its right on"
    );
}

#[test]
fn opened_transfers_stay_open() {
    let mut world = World::new();
    let alice = world.deposit("alice", 100);
    let (bob, owner) = (world.user("bob"), world.user("owner"));
    world.ok(&owner, ExecuteMsg::OpenTransfers {});
    world.ok(&alice, transfer(&bob, 1));
    assert!(world.overview().transfers_open);
    assert_eq!(world.refused(&owner, ExecuteMsg::OpenTransfers {}), 6);
    world.ok(&bob, transfer(&alice, 1));
}

#[test]
fn transfer_out_of_a_contract_once_registered_is_never_refused() {
    let mut world = World::new();
    let (alice, mallory) = (world.deposit("alice", 100), world.user("mallory"));
    let timelock = world.user("timelock");
    world.ok(
        &timelock,
        ExecuteMsg::RegisterContract {
            address: mallory.to_string(),
        },
    );
    assert_eq!(
        world.refused(
            &timelock,
            ExecuteMsg::RegisterContract {
                address: mallory.to_string()
            }
        ),
        33
    );
    world.ok(&alice, transfer(&mallory, 10));
    // whatever the configuration becomes, the list has no way to shrink
    world.ok(
        &timelock,
        ExecuteMsg::SetPeers {
            peers: Peers::default(),
        },
    );
    world.pause(true);
    // an empty balance does not lose the mark
    world.ok(&mallory, transfer(&alice, 10));
    world.ok(&alice, transfer(&mallory, 5));
    world.ok(&mallory, transfer(&world.user("bob"), 5));
}

#[test]
fn transfer_to_oneself_moves_nothing() {
    let mut world = World::with(|msg| {
        msg.registered
            .push(cosmwasm_std::testing::MockApi::default().addr_make("alice").into())
    });
    let alice = world.deposit("alice", 100);
    world.ok(&alice, transfer(&alice, 100));
    assert_eq!(world.free(&alice), 100);
    assert_eq!(world.refused(&alice, transfer(&alice, 101)), 4);
    let bob = world.deposit("bob", 100);
    assert_eq!(world.refused(&bob, transfer(&bob, 1)), 5);
}

#[test]
fn zero_is_an_amount_like_any_other() {
    let mut world = World::new();
    let (alice, fund) = (world.user("alice"), world.fund.clone());
    world.ok(&alice, transfer(&fund, 0));
    assert_eq!(world.refused(&alice, transfer(&world.user("bob"), 0)), 5);
}

#[test]
fn send_moves_and_then_tells_the_contract() {
    let mut world = World::new();
    let (alice, fund) = (world.deposit("alice", 100), world.fund.clone());
    let msg = Binary::from(b"{\"stake\":{}}");
    let send = ExecuteMsg::Send {
        contract: fund.to_string(),
        amount: amount(30),
        msg: msg.clone(),
    };
    world.ok(&alice, send);
    let heard: Vec<Cw20ReceiveMsg> = world.ask(&fund, &StandInQuery::Received {});
    assert_eq!(
        heard,
        [Cw20ReceiveMsg {
            sender: alice.to_string(),
            amount: amount(30),
            msg
        }]
    );
    assert_eq!(world.free(&fund), 30);
}

#[test]
fn receiver_that_fails_takes_nothing() {
    let mut world = World::new();
    let (alice, fund) = (world.deposit("alice", 100), world.fund.clone());
    world.react(&fund, Reaction::Fail);
    let vault = world.vault.clone();
    world
        .app
        .execute_contract(alice.clone(), vault, &send(&fund, 30), &[])
        .unwrap_err();
    world.check_laws();
    assert_eq!((world.free(&alice), world.free(&fund)), (100, 0));
}

/// The receiver calls back before the sender's message ends: it redeems, transfers and sends on what it just received. State was saved before it was told, so it
/// can use what it has, once.
#[test]
fn re_entry_through_send_spends_nothing_twice() {
    let mut world = World::new();
    let (alice, fund, launchpad) = (world.deposit("alice", 100), world.fund.clone(), world.launchpad.clone());
    let back = vec![
        world.message(&redeem(10)),
        world.message(&transfer(&alice, 5)),
        world.message(&send(&launchpad, 15)),
    ];
    world.react(&fund, Reaction::Send(back.clone()));
    world.ok(&alice, send(&fund, 30));
    assert_eq!([&alice, &fund, &launchpad].map(|who| world.free(who)), [75, 0, 15]);
    assert_eq!(world.usdt(&fund), 10);

    let too_much = [back, vec![world.message(&redeem(1))]].concat();
    world.react(&fund, Reaction::Send(too_much));
    let vault = world.vault.clone();
    world
        .app
        .execute_contract(alice.clone(), vault, &send(&fund, 30), &[])
        .unwrap_err();
    world.check_laws();
    assert_eq!(world.free(&alice), 75);
}

#[test]
fn re_entrant_sends_in_a_circle_keep_the_ledger() {
    let mut world = World::new();
    let (alice, fund, launchpad) = (world.deposit("alice", 100), world.fund.clone(), world.launchpad.clone());
    // fund sends half to the launchpad, which sends it back to fund's own balance by transfer
    world.react(&launchpad, Reaction::Send(vec![world.message(&transfer(&fund, 15))]));
    world.react(&fund, Reaction::Send(vec![world.message(&send(&launchpad, 15))]));
    world.ok(&alice, send(&fund, 30));
    assert_eq!([&alice, &fund, &launchpad].map(|who| world.free(who)), [70, 30, 0]);
}

#[test]
fn allowance_is_spent_within_its_amount_and_time() {
    let mut world = World::new();
    let (alice, bob, fund) = (world.deposit("alice", 100), world.user("bob"), world.fund.clone());
    let increase = |value, expires| ExecuteMsg::IncreaseAllowance {
        spender: bob.to_string(),
        amount: amount(value),
        expires,
    };
    let pull = |value| ExecuteMsg::TransferFrom {
        owner: alice.to_string(),
        recipient: fund.to_string(),
        amount: amount(value),
    };
    assert_eq!(world.refused(&bob, pull(1)), 2, "no allowance");
    world.ok(&alice, increase(50, None));
    let response = world.ok(&bob, pull(20));
    assert_eq!(attribute(&response, "transfer", "by").unwrap(), bob.to_string());
    assert_eq!(world.refused(&bob, pull(31)), 2, "more than is left");
    let to_bob = ExecuteMsg::TransferFrom {
        owner: alice.to_string(),
        recipient: bob.to_string(),
        amount: amount(1),
    };
    assert_eq!(world.refused(&bob, to_bob), 5, "an allowance is no way around the rule");
    let less = ExecuteMsg::DecreaseAllowance {
        spender: bob.to_string(),
        amount: amount(25),
        expires: None,
    };
    world.ok(&alice, less);
    let query = QueryMsg::Allowance {
        owner: alice.to_string(),
        spender: bob.to_string(),
    };
    assert_eq!(world.query::<AllowanceResponse>(&query).allowance, amount(5));

    let soon = Expiration::AtTime(cosmwasm_std::Timestamp::from_seconds(world.now() + 10));
    world.ok(&alice, increase(5, Some(soon)));
    world.wait(10);
    assert_eq!(world.refused(&bob, pull(1)), 2, "expired");
    assert_eq!(
        world.refused(&alice, increase(5, Some(soon))),
        2,
        "expiration in the past"
    );
    assert_eq!(world.free(&fund), 20);
}

#[test]
fn failed_pull_leaves_the_allowance() {
    let mut world = World::new();
    let (alice, bob, fund) = (world.deposit("alice", 10), world.user("bob"), world.fund.clone());
    world.ok(
        &alice,
        ExecuteMsg::IncreaseAllowance {
            spender: bob.to_string(),
            amount: amount(50),
            expires: None,
        },
    );
    let pull = ExecuteMsg::TransferFrom {
        owner: alice.to_string(),
        recipient: fund.to_string(),
        amount: amount(11),
    };
    assert_eq!(world.refused(&bob, pull), 4);
    let query = QueryMsg::Allowance {
        owner: alice.to_string(),
        spender: bob.to_string(),
    };
    assert_eq!(world.query::<AllowanceResponse>(&query).allowance, amount(50));
}

#[test]
fn send_from_tells_the_contract_who_spent() {
    let mut world = World::new();
    let (alice, bob, fund) = (world.deposit("alice", 100), world.user("bob"), world.fund.clone());
    world.ok(
        &alice,
        ExecuteMsg::IncreaseAllowance {
            spender: bob.to_string(),
            amount: amount(50),
            expires: None,
        },
    );
    let (owner, contract, msg) = (alice.to_string(), fund.to_string(), to_json_binary("hello").unwrap());
    world.ok(
        &bob,
        ExecuteMsg::SendFrom {
            owner,
            contract,
            amount: amount(50),
            msg: msg.clone(),
        },
    );
    let heard: Vec<Cw20ReceiveMsg> = world.ask(&fund, &StandInQuery::Received {});
    assert_eq!(
        heard,
        [Cw20ReceiveMsg {
            sender: bob.to_string(),
            amount: amount(50),
            msg
        }]
    );
    assert_eq!((world.free(&alice), world.free(&fund)), (50, 50));
}

#[test]
fn allowances_are_listed_from_both_sides() {
    let mut world = World::new();
    let (alice, bob) = (world.user("alice"), world.user("bob"));
    world.ok(
        &alice,
        ExecuteMsg::IncreaseAllowance {
            spender: bob.to_string(),
            amount: amount(50),
            expires: None,
        },
    );
    let owned: AllAllowancesResponse = world.query(&QueryMsg::AllAllowances {
        owner: alice.to_string(),
        start_after: None,
        limit: None,
    });
    assert_eq!(
        (owned.allowances.len(), owned.allowances[0].spender.as_str()),
        (1, bob.as_str())
    );
    let given: AllSpenderAllowancesResponse = world.query(&QueryMsg::AllSpenderAllowances {
        spender: bob.to_string(),
        start_after: None,
        limit: None,
    });
    assert_eq!(
        (given.allowances.len(), given.allowances[0].owner.as_str()),
        (1, alice.as_str())
    );
}

#[test]
fn text_that_is_no_address_is_refused() {
    let mut world = World::new();
    let alice = world.deposit("alice", 10);
    for recipient in ["", "alice", "cosmwasm1qqqq"] {
        let msg = ExecuteMsg::Transfer {
            recipient: recipient.into(),
            amount: amount(1),
        };
        assert_eq!(world.refused(&alice, msg), 900, "{recipient:?}");
    }
    let upper = world.fund.to_string().to_uppercase();
    assert_eq!(
        world.refused(
            &alice,
            ExecuteMsg::Transfer {
                recipient: upper,
                amount: amount(1)
            }
        ),
        900
    );
}

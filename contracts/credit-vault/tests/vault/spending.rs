//! Spending accounts.

use interfaces::credit_vault::*;

use crate::world::*;

fn top_up(gateway: u64, value: u128) -> ExecuteMsg {
    ExecuteMsg::TopUpSpending {
        gateway,
        amount: amount(value),
    }
}

fn limit(gateway: u64, value: u128) -> ExecuteMsg {
    ExecuteMsg::SetDailyLimit {
        gateway,
        max_per_day: amount(value),
    }
}

fn close(gateway: u64) -> ExecuteMsg {
    ExecuteMsg::CloseSpending { gateway }
}

fn withdraw(gateway: u64) -> ExecuteMsg {
    ExecuteMsg::WithdrawSpending { gateway }
}

#[test]
fn account_lives_from_open_to_withdrawn() {
    let mut world = World::new();
    let alice = world.deposit("alice", 100);
    world.ok(&alice, open(1, 40, 15));
    world.ok(&alice, top_up(1, 10));
    let row = world.spending(&alice, 1);
    assert_eq!(
        (row.state, row.amount, row.chargeable, row.opened_at),
        (SpendingState::Open, amount(50), amount(15), MONDAY)
    );
    world.ok(&alice, limit(1, 20));
    assert_eq!(world.spending(&alice, 1).max_per_day, amount(20));
    let response = world.ok(&alice, close(1));
    let until = (MONDAY + DAY).to_string();
    assert_eq!(
        attribute(&response, "spending_close", "withdrawable_at").unwrap(),
        until
    );
    let row = world.spending(&alice, 1);
    assert_eq!(
        (row.closing_since, row.withdrawable_at),
        (Some(MONDAY), Some(MONDAY + DAY))
    );
    world.wait(DAY - 1);
    assert_eq!(world.refused(&alice, withdraw(1)), 11);
    world.wait(1);
    world.ok(&alice, withdraw(1));
    assert_eq!(
        (world.free(&alice), world.spending(&alice, 1).state),
        (100, SpendingState::Closed)
    );
}

#[test]
fn each_message_is_refused_in_the_wrong_phase() {
    let mut world = World::new();
    let alice = world.deposit("alice", 100);
    let phases: [(&str, Option<ExecuteMsg>, [bool; 5]); 3] = [
        // may: open, top up, limit, close, withdraw
        ("closed", None, [true, false, false, false, false]),
        ("open", Some(open(1, 10, 10)), [false, true, true, true, false]),
        ("closing", Some(close(1)), [false, false, false, false, true]),
    ];
    for (phase, enter, may) in phases {
        if let Some(enter) = enter {
            world.ok(&alice, enter);
            world.wait(DAY);
        }
        let messages = [open(1, 1, 1), top_up(1, 1), limit(1, 1), close(1), withdraw(1)];
        for (msg, may) in messages.into_iter().zip(may) {
            if !may {
                assert_eq!(world.refused(&alice, msg.clone()), 10, "{msg:?} while {phase}");
            }
        }
    }
}

#[test]
fn zero_amounts_and_limits_are_refused() {
    let mut world = World::new();
    let alice = world.deposit("alice", 100);
    for msg in [open(1, 0, 1), open(1, 1, 0)] {
        assert_eq!(world.refused(&alice, msg), 3);
    }
    world.ok(&alice, open(1, 1, 1));
    for msg in [top_up(1, 0), limit(1, 0)] {
        assert_eq!(world.refused(&alice, msg), 3);
    }
}

#[test]
fn only_free_credits_can_be_promised() {
    let mut world = World::new();
    let alice = world.deposit("alice", 100);
    assert_eq!(world.refused(&alice, open(1, 101, 1)), 4);
    world.ok(&alice, open(1, 60, 1));
    assert_eq!(world.refused(&alice, open(2, 41, 1)), 4, "promised once, not twice");
    assert_eq!(world.refused(&alice, top_up(1, 41)), 4);
    world.ok(&alice, open(2, 40, 1));
}

#[test]
fn gateway_must_serve_to_be_opened_but_not_to_be_closed() {
    let mut world = World::new();
    let alice = world.deposit("alice", 100);
    assert_eq!(world.refused(&alice, open(9, 1, 1)), 7);
    world.ok(&alice, open(1, 10, 10));
    world.ok(&world.user("operator"), ExecuteMsg::SuspendGateway { gateway: 1 });
    let bob = world.deposit("bob", 100);
    assert_eq!(world.refused(&bob, open(1, 1, 1)), 8);
    world.ok(&alice, close(1));
    world.wait(DAY);
    world.ok(&alice, withdraw(1));
    assert_eq!(world.free(&alice), 100);
}

/// The owner cannot keep the money of an account that is already closing by a longer window.
#[test]
fn longer_window_does_not_reach_an_account_that_is_closing() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 100);
    world.ok(&alice, close(1));
    world.set_params(|params| params.close_window = 259_200);
    world.wait(DAY);
    world.ok(&alice, withdraw(1));
    assert_eq!(world.free(&alice), 100);
}

#[test]
fn shortfall_mark_outlives_the_account_and_blocks_nothing() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 100);
    let entry = world.usage(&alice, IN, 50);
    assert_eq!(world.settle_one(entry).outcome, EntryOutcome::Shortfall);
    assert_eq!(world.spending(&alice, 1).shortfall, amount(50));
    world.ok(&alice, close(1));
    world.wait(DAY);
    world.ok(&alice, withdraw(1));
    let row = world.spending(&alice, 1);
    assert_eq!(
        (row.state, row.amount, row.shortfall),
        (SpendingState::Closed, amount(0), amount(50))
    );
    // neither does it stop a new account, which bears it on
    world.spender("alice", 1, 30);
    let row = world.spending(&alice, 1);
    assert_eq!((row.amount, row.shortfall), (amount(30), amount(50)));
}

#[test]
fn accounts_of_many_gateways_are_paged() {
    let mut world = World::new();
    for gateway in 3..=40 {
        let admission = GatewayAdmission {
            gateway,
            payout: world.user("payout").to_string(),
        };
        world.ok(&world.user("owner"), ExecuteMsg::AdmitGateway { admission });
    }
    let alice = world.deposit("alice", 100);
    for gateway in 1..=40 {
        world.ok(&alice, open(gateway, 1, 1));
    }
    let page = |start_after, limit| {
        let msg = QueryMsg::Account {
            address: alice.to_string(),
            start_after,
            limit,
        };
        let answer: AccountResponse = world.query(&msg);
        answer.spending.into_iter().map(|row| row.gateway).collect::<Vec<_>>()
    };
    assert_eq!(page(None, None), (1..=30).collect::<Vec<_>>());
    assert_eq!(page(Some(30), Some(100)), (31..=40).collect::<Vec<_>>());
    assert_eq!(page(Some(1), Some(2)), [2, 3]);
}

//! Paying and being granted.

use cosmwasm_std::Addr;
use interfaces::credit_vault::{self as vault_msgs, EntryOutcome, ReportRef, SettleEntry, SettleReport};
use interfaces::imo_launchpad::*;

use crate::world::*;

/// A world in which alice may claim 1,000 units.
fn claiming(change: impl FnOnce(&mut NewLaunch)) -> (World, Addr) {
    let mut world = World::new();
    let alice = world.weigh("alice", 1);
    world.create(change).unwrap();
    world.subscribe(&alice, 1).unwrap();
    world.wait(DAY);
    (world, alice)
}

/// What became of usage of `units` that was just called.
fn use_units(world: &mut World, user: &Addr, units: u128) -> EntryOutcome {
    let report = ReportRef {
        gateway: 1,
        key_epoch: 1,
        seq: world.app.block_info().height,
    };
    let entry = SettleEntry {
        account: user.to_string(),
        sku: SKU.into(),
        calls: 1,
        units: n(units),
        list: n(units),
        cost: n(0),
        last: world.now(),
    };
    let reports = vec![SettleReport {
        report,
        window_start: world.now() - 60,
        window_end: world.now() + 1,
        entries: vec![entry],
    }];
    world.vault_ok(&world.user("oracle"), vault_msgs::ExecuteMsg::SettleUsage { reports });
    let settled: vault_msgs::SettlementResponse = world.ask_vault(&vault_msgs::QueryMsg::Settlement { report });
    world.wait(1);
    settled.entries[0].outcome
}

#[test]
fn price_becomes_revenue_of_the_gateway_and_nothing_stays() {
    let (mut world, alice) = claiming(|_| {});
    let response = world.pay(&alice, 1, 400, 1_200).unwrap();
    for (key, value) in [("units", "400"), ("price", "1200"), ("left", "600"), ("launch", "1")] {
        assert_eq!(attribute(&response, "claim", key), Some(value.into()), "{key}");
    }
    assert_eq!(attribute(&response, "claim", "account"), Some(alice.to_string()));
    assert_eq!(world.credits(&alice), WEALTH - 1_200);
    assert_eq!(world.credits(&world.launchpad), 0);
    let week = math::Week::of(world.now()).index();
    let row: vault_msgs::WeekResponse = world.ask_vault(&vault_msgs::QueryMsg::Week { gateway: 1, week });
    assert_eq!((row.revenue, row.mined), (n(1_200), n(0)), "mines nothing");
    assert_eq!(world.entitled(&alice, SKU), 400);
    let has = world.allotment(1, &alice);
    assert_eq!((has.claimed, has.claimable), (n(400), n(600)));
    assert_eq!(world.launch(1).claimed, n(400));
}

#[test]
fn claims_can_be_taken_in_parts_up_to_the_allotment() {
    let (mut world, alice) = claiming(|_| {});
    for units in [1, 499, 500] {
        world.claim(&alice, 1, units).unwrap();
    }
    assert_eq!(world.claim(&alice, 1, 1).unwrap_err(), 12);
    assert_eq!(world.entitled(&alice, SKU), 1_000);
}

#[test]
fn overclaim_is_refused_and_changes_nothing() {
    let (mut world, alice) = claiming(|_| {});
    assert_eq!(world.claim(&alice, 1, 1_001).unwrap_err(), 12);
    assert_eq!(
        world.claim(&alice, 1, 10u128.pow(18)).unwrap_err(),
        10_004,
        "not even the money is there"
    );
    assert_eq!((world.credits(&alice), world.entitled(&alice, SKU)), (WEALTH, 0));
}

#[test]
fn too_much_or_too_little_money_is_refused_and_stays_where_it_was() {
    let (mut world, alice) = claiming(|_| {});
    for paid in [0, 1, 29, 31, WEALTH] {
        assert_eq!(world.pay(&alice, 1, 10, paid).unwrap_err(), 13, "{paid} for 30");
    }
    assert_eq!(world.credits(&alice), WEALTH);
    world.pay(&alice, 1, 10, 30).unwrap();
}

#[test]
fn price_rounds_up_each_time_so_that_splitting_never_gains() {
    // 0.3 µCredit a unit
    let (mut world, alice) = claiming(|terms| terms.price_per_unit = n(300_000));
    assert_eq!(world.pay(&alice, 1, 1, 0).unwrap_err(), 13);
    for _ in 0..10 {
        world.pay(&alice, 1, 1, 1).unwrap();
    }
    world.pay(&alice, 1, 10, 3).unwrap();
    assert_eq!(
        WEALTH - world.credits(&alice),
        13,
        "10 for the split ten, 3 for the whole"
    );
}

#[test]
fn free_launch_is_claimed_with_and_without_credits() {
    let (mut world, alice) = claiming(|terms| terms.price_per_unit = n(0));
    world.ok(&alice, ExecuteMsg::Claim { launch: 1, units: n(7) });
    world.pay(&alice, 1, 3, 0).unwrap();
    assert_eq!(world.pay(&alice, 1, 3, 1).unwrap_err(), 13, "a gift is refused, too");
    assert_eq!(world.entitled(&alice, SKU), 10);
    assert_eq!(
        world.refused(
            &alice,
            ExecuteMsg::Claim {
                launch: 1,
                units: n(991)
            }
        ),
        12
    );
}

#[test]
fn priced_launch_is_not_claimed_for_nothing() {
    let (mut world, alice) = claiming(|terms| terms.price_per_unit = n(1));
    assert_eq!(world.refused(&alice, ExecuteMsg::Claim { launch: 1, units: n(1) }), 13);
}

#[test]
fn zero_units_are_refused() {
    let (mut world, alice) = claiming(|_| {});
    assert_eq!(world.pay(&alice, 1, 0, 0).unwrap_err(), 14);
    assert_eq!(world.refused(&alice, ExecuteMsg::Claim { launch: 1, units: n(0) }), 14);
}

#[test]
fn only_subscribers_claim() {
    let (mut world, _) = claiming(|_| {});
    let bob = world.weigh("bob", 100);
    assert_eq!(world.claim(&bob, 1, 1).unwrap_err(), 11);
    assert_eq!(world.credits(&bob), WEALTH);
}

#[test]
fn claims_begin_and_end_on_the_second() {
    let mut world = World::new();
    let alice = world.weigh("alice", 1);
    world.create(|_| {}).unwrap();
    world.subscribe(&alice, 1).unwrap();
    world.wait(DAY - 1);
    assert_eq!(world.claim(&alice, 1, 1).unwrap_err(), 7);
    world.wait(1);
    world.claim(&alice, 1, 1).unwrap();
    world.wait(7 * DAY - 1);
    world.claim(&alice, 1, 1).unwrap();
    world.wait(1);
    assert_eq!(world.claim(&alice, 1, 1).unwrap_err(), 7);
}

#[test]
fn money_comes_back_when_the_grant_fails() {
    let (mut world, alice) = claiming(|_| {});
    world.vault_ok(
        &world.user("operator"),
        vault_msgs::ExecuteMsg::SuspendGateway { gateway: 1 },
    );
    assert_eq!(world.claim(&alice, 1, 10).unwrap_err(), 10_008, "the vault refuses");
    assert_eq!(
        (world.credits(&alice), world.allotment(1, &alice).claimed),
        (WEALTH, n(0))
    );
    let admission = vault_msgs::GatewayAdmission {
        gateway: 1,
        payout: world.user("payout").into(),
    };
    world.vault_ok(&world.user("owner"), vault_msgs::ExecuteMsg::AdmitGateway { admission });
    world.claim(&alice, 1, 10).unwrap();
}

#[test]
fn claimed_units_are_spent_by_attested_usage_and_nobody_elses_is_served_while_exclusive() {
    let (mut world, alice) = claiming(|_| {});
    let bob = world.user("bob");
    let open = vault_msgs::ExecuteMsg::OpenSpending {
        gateway: 1,
        amount: n(1_000),
        max_per_day: n(1_000),
    };
    world.vault_ok(&bob, open);
    assert_eq!(
        use_units(&mut world, &bob, 1),
        EntryOutcome::Charged,
        "before the first claim"
    );
    world.claim(&alice, 1, 100).unwrap();
    assert_eq!(use_units(&mut world, &bob, 1), EntryOutcome::NotEntitled);
    assert_eq!(use_units(&mut world, &alice, 60), EntryOutcome::Charged);
    assert_eq!(
        use_units(&mut world, &alice, 41),
        EntryOutcome::NotEntitled,
        "40 are left"
    );
    assert_eq!(use_units(&mut world, &alice, 40), EntryOutcome::Charged);
    world.wait(30 * DAY);
    assert_eq!(
        use_units(&mut world, &bob, 1),
        EntryOutcome::Charged,
        "exclusive no longer"
    );
}

#[test]
fn launch_without_exclusivity_leaves_the_sku_open() {
    let (mut world, alice) = claiming(|terms| terms.exclusive_until = 0);
    world.claim(&alice, 1, 100).unwrap();
    let answer: vault_msgs::EntitlementResponse = world.ask_vault(&vault_msgs::QueryMsg::Entitlement {
        address: alice.to_string(),
        sku: SKU.into(),
    });
    assert_eq!((answer.units, answer.exclusive_until), (n(100), None));
}

#[test]
fn spender_of_an_allowance_claims_its_own_allotment_with_it() {
    let (mut world, alice) = claiming(|_| {});
    let bob = world.user("bob");
    let allow = vault_msgs::ExecuteMsg::IncreaseAllowance {
        spender: alice.to_string(),
        amount: n(30),
        expires: None,
    };
    world.vault_ok(&bob, allow);
    let send = vault_msgs::ExecuteMsg::SendFrom {
        owner: bob.to_string(),
        contract: world.launchpad.to_string(),
        amount: n(30),
        msg: hook(1, 10),
    };
    world.vault_ok(&alice, send);
    assert_eq!((world.entitled(&alice, SKU), world.entitled(&bob, SKU)), (10, 0));
    assert_eq!((world.credits(&alice), world.credits(&bob)), (WEALTH, WEALTH - 30));
}

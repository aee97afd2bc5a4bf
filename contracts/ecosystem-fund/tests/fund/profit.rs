//! Profit reports, and weeks that nobody reports.

use cosmwasm_std::{HexBinary, Uint128};
use interfaces::credit_vault::{self, ChargeAction, ChargeRef, WeekResponse as VaultWeek};
use interfaces::ecosystem_fund::*;

use crate::stand_in::StandInMsg;
use crate::world::*;

/// Gateway 1 sold 5.7 Credits at a cost of 2.0 in the first week.
fn sold() -> World {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 100 * ONE);
    world.settle(&alice, 1, 5_700_000, 2_000_000);
    world
}

const FROM: u64 = WEEK + 9 * DAY;
const CLOSABLE: u64 = WEEK + 28 * DAY;

#[test]
fn worked_example_of_the_page() {
    let mut world = sold();
    world.at(FROM);
    let first = world.first();
    let response = world.report(1, first, 2_000_000);
    assert_eq!(attribute(&response, "profit", "share").unwrap(), "740000");
    assert_eq!(
        attribute(&response, "profit", "evidence_hash").unwrap(),
        hash().to_hex()
    );
    assert_eq!(world.free(&world.payout(1)), 4_960_000);
    assert_eq!(
        (world.overview().pot.u128(), world.free(&world.fund)),
        (740_000, 740_000)
    );
    let row: Option<ReportResponse> = world.query(&QueryMsg::Report {
        gateway: 1,
        week: first,
    });
    let row = row.unwrap();
    assert_eq!(
        (row.revenue.u128(), row.cost.u128(), row.share.u128()),
        (5_700_000, 2_000_000, 740_000)
    );
    let week: WeekResponse = world.query(&QueryMsg::Week { week: first });
    assert_eq!((week.revenue.u128(), week.received.u128()), (5_700_000, 740_000));
}

#[test]
fn report_from_nine_days_after_the_weeks_end_to_the_second() {
    let mut world = sold();
    let (first, payout) = (world.first(), world.payout(1));
    world.at(FROM - 1);
    assert_eq!(world.refused(&payout, report(1, first, 0)), 7);
    world.at(FROM);
    world.report(1, first, 0);
}

#[test]
fn operator_overstating_cost_is_refused() {
    let mut world = sold();
    let (first, payout) = (world.first(), world.payout(1));
    world.at(FROM);
    for cost in [2_000_001, 5_700_000, u128::MAX] {
        assert_eq!(world.refused(&payout, report(1, first, cost)), 8);
    }
    assert_eq!(world.overview().received.u128(), 0);
    // less than was recorded is a gift to the fund
    world.report(1, first, 1_000_000);
    assert_eq!(world.overview().pot.u128(), 940_000);
}

/// A gateway that claims everything as cost, attested or not, pays the floor of its revenue.
#[test]
fn operator_whose_cost_is_his_revenue_pays_the_floor() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 100 * ONE);
    world.settle(&alice, 1, 5_700_001, 5_700_001);
    world.at(FROM);
    let first = world.first();
    world.report(1, first, 5_700_001);
    assert_eq!(world.overview().pot.u128(), 114_001, "2 % of 5.700001, rounded up");
}

#[test]
fn nobody_but_the_payout_address_reports() {
    let mut world = sold();
    world.at(FROM);
    let first = world.first();
    for sender in [
        world.anyone(),
        world.payout(2),
        world.user("owner"),
        world.user("operator"),
        world.vault.clone(),
    ] {
        assert_eq!(world.refused(&sender, report(1, first, 0)), 911);
    }
    let payout = world.payout(1);
    assert_eq!(
        world.refused(&payout, report(9, first, 0)),
        900,
        "a gateway that the vault does not know"
    );
}

#[test]
fn successor_of_the_payout_address_reports() {
    let mut world = sold();
    world.at(FROM);
    let (first, old, new, vault) = (world.first(), world.payout(1), world.user("new"), world.vault.clone());
    let msg = credit_vault::ExecuteMsg::SetPayout {
        gateway: 1,
        payout: new.to_string(),
    };
    world.exec(&old, &vault, &msg);
    assert_eq!(world.refused(&old, report(1, first, 0)), 911);
    world.ok(&new, report(1, first, 2_000_000));
    assert_eq!(world.free(&new), 4_960_000);
}

#[test]
fn evidence_is_a_hash() {
    let mut world = sold();
    world.at(FROM);
    let (week, payout) = (world.first(), world.payout(1));
    for length in [0usize, 31, 33] {
        let msg = ExecuteMsg::ReportProfit {
            week,
            gateway: 1,
            cost: Uint128::zero(),
            evidence_hash: HexBinary::from(vec![1; length]),
        };
        assert_eq!(world.refused(&payout, msg), 4);
    }
}

#[test]
fn week_is_released_once() {
    let mut world = sold();
    world.at(FROM);
    let (first, payout) = (world.first(), world.payout(1));
    world.report(1, first, 0);
    assert_eq!(world.refused(&payout, report(1, first, 0)), 5);
    world.at(CLOSABLE);
    let (week, gateway) = (first, 1);
    assert_eq!(world.refused(&payout, ExecuteMsg::CloseWeek { week, gateway }), 5);
}

#[test]
fn missed_week_is_closed_by_anybody_from_four_weeks_after_its_end_to_the_second() {
    let mut world = sold();
    let (week, gateway) = (world.first(), 1);
    let anyone = world.anyone();
    world.at(CLOSABLE - 1);
    assert_eq!(world.refused(&anyone, ExecuteMsg::CloseWeek { week, gateway }), 7);
    world.at(CLOSABLE);
    world.close(1, week);
    assert_eq!(world.overview().pot.u128(), 740_000, "at the recorded cost");
    assert_eq!(world.free(&world.payout(1)), 4_960_000, "the gateway loses nothing");
    let row: Option<ReportResponse> = world.query(&QueryMsg::Report { gateway, week });
    assert_eq!(row.unwrap().evidence_hash, None);
    let payout = world.payout(1);
    assert_eq!(world.refused(&payout, report(1, week, 0)), 5);
}

#[test]
fn week_can_be_reported_late_as_long_as_nobody_closed_it() {
    let mut world = sold();
    world.at(CLOSABLE + 100 * DAY);
    let first = world.first();
    world.report(1, first, 0);
}

#[test]
fn empty_weeks_are_not_written() {
    let mut world = sold();
    world.at(CLOSABLE);
    let (first, anyone, payout) = (world.first(), world.anyone(), world.payout(2));
    let close = ExecuteMsg::CloseWeek {
        week: first,
        gateway: 2,
    };
    assert_eq!(world.refused(&anyone, close), 6);
    assert_eq!(world.refused(&payout, report(2, first, 0)), 6);
    assert_eq!(world.refused(&payout, report(2, u64::MAX, 0)), 6);
}

fn resolve(world: &mut World, charge: ChargeRef, action: ChargeAction) {
    let (oracle, vault) = (world.user("oracle"), world.vault.clone());
    world.exec(
        &oracle,
        &vault,
        &credit_vault::ExecuteMsg::ResolveCharge { charge, action },
    );
}

#[test]
fn charge_under_challenge_holds_its_week_back_and_its_floor_is_the_funds() {
    let mut world = World::new();
    let alice = world.spender("alice", 1, 100 * ONE);
    let report_ref = world.settle(&alice, 1, ONE, 0);
    world.settle(&alice, 1, 2 * ONE, 0);
    let charge = ChargeRef {
        report: report_ref,
        entry: 0,
    };
    world.at(2 * DAY);
    resolve(&mut world, charge, ChargeAction::Hold);
    world.at(FROM);
    let (first, payout) = (world.first(), world.payout(1));
    let refused = world.refused_by(&payout, report(1, first, 0));
    assert_eq!(refused, ("vault".to_owned(), 23));
    assert_eq!(
        world.overview().received.u128(),
        0,
        "nothing is counted that did not come"
    );
    resolve(&mut world, charge, ChargeAction::Return);
    world.report(1, first, 0);
    // 20 % of 2 Credits, and the 2 % floor of the returned one
    assert_eq!(world.overview().pot.u128(), 420_000);
    assert_eq!(world.free(&alice), 980_000);
}

#[test]
fn weeks_of_several_gateways_add_up() {
    let mut world = sold();
    let bob = world.spender("bob", 2, 100 * ONE);
    world.settle(&bob, 2, 10 * ONE, 10 * ONE);
    world.at(FROM);
    let week = world.first();
    world.report(2, week, 10_000_000);
    world.report(1, week, 2_000_000);
    let row: WeekResponse = world.query(&QueryMsg::Week { week });
    assert_eq!((row.revenue.u128(), row.received.u128()), (15_700_000, 940_000));
}

/// A payee that refuses whatever it is told: nobody tells it anything.
#[test]
fn payee_that_reverts_does_not_lock_its_week() {
    let mut world = sold();
    let (old, hostile, vault) = (world.payout(1), world.hostile.clone(), world.vault.clone());
    let msg = credit_vault::ExecuteMsg::SetPayout {
        gateway: 1,
        payout: hostile.to_string(),
    };
    world.exec(&old, &vault, &msg);
    world.at(CLOSABLE);
    let first = world.first();
    world.close(1, first);
    assert_eq!(world.free(&hostile), 4_960_000);
}

/// The fund itself as payout address: what comes to it besides its share belongs to nobody, and the sums still hold.
#[test]
fn fund_as_payout_address_breaks_no_sum() {
    let mut world = sold();
    let (old, fund, vault) = (world.payout(1), world.fund.clone(), world.vault.clone());
    let msg = credit_vault::ExecuteMsg::SetPayout {
        gateway: 1,
        payout: fund.to_string(),
    };
    world.exec(&old, &vault, &msg);
    world.at(CLOSABLE);
    let first = world.first();
    world.close(1, first);
    assert_eq!((world.overview().pot.u128(), world.free(&fund)), (740_000, 5_700_000));
}

#[test]
fn donation_is_not_revenue() {
    let mut world = sold();
    let (donor, fund, vault) = (world.user("donor"), world.fund.clone(), world.vault.clone());
    world.credits(&donor, 50 * ONE);
    let transfer = credit_vault::ExecuteMsg::Transfer {
        recipient: fund.to_string(),
        amount: Uint128::new(20 * ONE),
    };
    world.exec(&donor, &vault, &transfer);
    assert_eq!((world.overview().pot.u128(), world.overview().received.u128()), (0, 0));
    // Credits that come with a message are refused: the fund takes them from the vault's release alone
    let send = credit_vault::ExecuteMsg::Send {
        contract: fund.to_string(),
        amount: Uint128::new(ONE),
        msg: Default::default(),
    };
    world.send(&donor, &vault, &send).unwrap_err();
    world.at(FROM);
    let first = world.first();
    world.report(1, first, 2_000_000);
    assert_eq!(world.overview().pot.u128(), 740_000);
}

#[test]
fn vault_and_fund_agree_on_what_is_released() {
    let mut world = sold();
    world.at(FROM);
    let first = world.first();
    world.report(1, first, 0);
    let query = credit_vault::QueryMsg::Week {
        gateway: 1,
        week: first,
    };
    let row: VaultWeek = world.app.wrap().query_wasm_smart(&world.vault, &query).unwrap();
    assert!(row.released);
}

#[test]
fn changed_shares_of_the_vault_are_the_funds_at_once() {
    let mut world = sold();
    let (owner, vault) = (world.user("owner"), world.vault.clone());
    let params = credit_vault::Params {
        close_window: DAY,
        weekly_mint_cap: Uint128::zero(),
        fund_floor_bps: 1_000,
        profit_share_bps: 5_000,
    };
    world.exec(&owner, &vault, &credit_vault::ExecuteMsg::SetParams { params });
    world.at(FROM);
    let first = world.first();
    world.report(1, first, 2_000_000);
    assert_eq!(world.overview().pot.u128(), 1_850_000);
}

/// Only the fund may release, so nobody goes round its share.
#[test]
fn week_released_by_a_stranger_is_refused() {
    let mut world = sold();
    world.at(FROM);
    let (payout, vault, week) = (world.payout(1), world.vault.clone(), world.first());
    let release = credit_vault::ExecuteMsg::ReleaseWeek {
        gateway: 1,
        week,
        fund_share: Uint128::new(114_000),
    };
    let error = world.send(&payout, &vault, &release).unwrap_err();
    assert_eq!(code(&error), ("vault".to_owned(), 911));
    let hostile = world.hostile.clone();
    let attack = StandInMsg::Do(vec![wrap(&vault, &release)]);
    world.send(&payout, &hostile, &attack).unwrap_err();
}

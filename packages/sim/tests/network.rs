//! Small economies of the network's token. Every law is checked inside the run, which fails where one is broken: supply, locks and their weight, what lockers earn,
//! releases, and that in the end everybody can leave.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use interfaces::incentive_controller::Params;
use sim::network::compute::FEE_BPS;
use sim::network::world::Kind;
use sim::network::{report, run, Day, Outcome, Scenario};

fn from(utilisation_percent: u32, weeks: u64) -> Outcome {
    let scenario = Scenario {
        utilisation_percent,
        weeks,
        lockers: 24,
        activity: 1,
        seed: 1,
    };
    run(&scenario, &|_, _| ()).unwrap()
}

/// Mean utilisation of the last weeks, ppm.
fn settled(days: &[Day], weeks: usize) -> u32 {
    let last = days.iter().rev().step_by(7).take(weeks);
    let sum: u32 = last.map(|day| day.utilisation_ppm).sum();
    sum / u32::try_from(weeks).unwrap()
}

/// A rental's fee comes back by at most the bound, at a price that is at most so much above the mean; so with a share of ve weight below the rest, washing loses.
fn washing_loses(outcome: &Outcome) {
    let bound_ppm = u128::from(Params::default().bound_bps) * 100;
    assert!(outcome.washers.iter().any(|wash| wash.locks && wash.share_ppm > 50_000));
    for wash in &outcome.washers {
        assert!(wash.share_ppm < 1_000_000 - bound_ppm, "{wash:?}");
        assert!(wash.fees > 0 && wash.rewards > 0, "{wash:?}");
        assert!(wash.gain < 0, "{wash:?}");
        // half of the fee, at a spot price that is at most 1.3 times the mean
        assert!(wash.rewards * 10_000 < wash.fees * 6_500, "{wash:?}");
        assert_eq!(wash.buyback > 0, wash.locks);
        if !wash.locks {
            assert!(wash.ended < wash.began, "{wash:?}");
        }
    }
}

fn everybody_leaves(outcome: &Outcome) {
    let leaving = &outcome.leaving;
    assert!(leaving.lockers > 10 && leaving.withdrawn > 0, "{leaving:?}");
    assert_eq!(leaving.paid + leaving.waiting + leaving.dust, leaving.funded);
    assert!(
        leaving.dust < 100_000 && leaving.incentive_dust < 100_000,
        "{leaving:?}"
    );
}

#[test]
fn from_60_percent_the_dashboard_takes_from_supply_until_utilisation_is_at_its_target() {
    let outcome = from(60, 48);
    let (first, last) = (&outcome.days[13], outcome.days.last().unwrap());
    assert!((560_000..650_000).contains(&first.utilisation_ppm), "{first:?}");
    assert!(
        first.supply_ppm < 500_000 && last.supply_ppm < first.supply_ppm,
        "{last:?}"
    );
    assert!(last.capacity < first.capacity, "nodes leave");
    let settled = settled(&outcome.days, 8);
    assert!((770_000..830_000).contains(&settled), "{settled}");
    washing_loses(&outcome);
    everybody_leaves(&outcome);
}

#[test]
fn from_95_percent_the_dashboard_gives_to_supply_until_utilisation_is_at_its_target() {
    let outcome = from(95, 48);
    let (first, last) = (&outcome.days[13], outcome.days.last().unwrap());
    assert!((900_000..=1_000_000).contains(&first.utilisation_ppm), "{first:?}");
    assert!(
        first.supply_ppm > 500_000 && last.supply_ppm > first.supply_ppm,
        "{last:?}"
    );
    assert!(last.capacity > first.capacity, "nodes come");
    let settled = settled(&outcome.days, 8);
    assert!((770_000..830_000).contains(&settled), "{settled}");
    washing_loses(&outcome);
    everybody_leaves(&outcome);
}

#[test]
fn one_seed_is_one_run_and_all_kinds_of_messages_happen() {
    let (a, b) = (from(60, 6), from(60, 6));
    assert_eq!(a.days, b.days);
    assert_eq!((&a.counts, &a.refusals), (&b.counts, &b.refusals));
    for kind in [
        Kind::GenesisSale,
        Kind::Tge,
        Kind::GenesisClaim,
        Kind::Vesting,
        Kind::LockVested,
        Kind::Lock,
        Kind::Extend,
        Kind::Withdraw,
        Kind::RewardClaim,
        Kind::Deposit,
        Kind::Buyback,
        Kind::Trade,
        Kind::Report,
        Kind::Advance,
        Kind::NodeClaim,
        Kind::Rebate,
        Kind::Keeper,
    ] {
        assert!(
            a.counts.get(&kind).is_some_and(|tally| tally.executed > 0),
            "{kind:?}: {:?}",
            a.counts
        );
    }
    // three days are no lock
    assert!(a.refusals.contains_key("lock [escrow:3]") || a.refusals.contains_key("extend [escrow:9]"));
    // a step of six hours, since the event that opened the pool; everybody's earnings once a day
    assert!(a.checks > 4 * 6 * 7 && a.audits > 6 * 7);
    // rebates never exceed what the bound lets a renter have, at a spot price within 30 % of the mean
    let most = u32::try_from(FEE_BPS * 25 * 130 / 100).unwrap();
    assert!(a.days.iter().all(|day| day.rebates_ppm <= most));
}

#[test]
fn report_shows_plots_washers_and_who_left() {
    let outcomes = [from(60, 2), from(95, 2)];
    let text = report::text(&outcomes).unwrap();
    for part in [
        "from 60 % utilisation",
        "from 95 % utilisation",
        "P_supply, %",
        "utilisation of the last seven days",
        "APR of all locks",
        "wash renter",
        "lockers left",
        "executed",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let csv = report::csv(&outcomes).unwrap();
    assert_eq!(csv.lines().count(), 2 * 14 + 1);
    let columns = csv.lines().next().unwrap().split(',').count();
    assert!(csv.lines().all(|line| line.split(',').count() == columns));
    let json: serde_json::Value = serde_json::from_str(&report::json(&outcomes).unwrap()).unwrap();
    assert_eq!(json[0]["executed"], outcomes[0].executed);
}

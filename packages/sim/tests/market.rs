//! Small markets of both stories. Every law is checked inside the run, which fails where one is broken.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use sim::world::Kind;
use sim::{report, run, Outcome, Scenario, Story};

fn small(story: Story, seed: u64) -> Outcome {
    let scenario = Scenario {
        story,
        seed,
        weeks: 2,
        agents: 60,
        activity: 4,
    };
    run(&scenario, &|_, _| ()).unwrap()
}

fn executed(outcome: &Outcome, kind: Kind) -> u64 {
    outcome.counts.get(&kind).copied().unwrap_or_default().executed
}

#[test]
fn crash_goes_through_the_loss_order_and_every_law_holds() {
    let outcome = small(Story::Crash, 1);
    for kind in [
        Kind::Deposit,
        Kind::Usage,
        Kind::MintClaim,
        Kind::Stake,
        Kind::Trade,
        Kind::Liquidity,
        Kind::Lend,
        Kind::Long,
        Kind::Short,
        Kind::Liquidate,
        Kind::CreateMarket,
        Kind::Bet,
        Kind::BetClaim,
        Kind::Contest,
    ] {
        assert!(executed(&outcome, kind) > 0, "{kind:?}: {:?}", outcome.counts);
    }
    assert!(outcome.noted["socialized_loss"] > 0, "{:?}", outcome.noted);
    let part = |name: &str| {
        outcome
            .sums
            .get(&format!("loss.credit.{name}"))
            .copied()
            .unwrap_or_default()
    };
    assert!(part("lenders") > 0);
    assert_eq!(
        part("total"),
        part("reserve") + part("unclaimed") + part("lenders"),
        "somebody bore every µCredit"
    );
    // every law after each step of ten minutes, everybody anew each day, and both once before
    assert!(outcome.checks > 13 * 144 && outcome.recounts >= 14);
    assert!(
        outcome.noted["offered"] > 0 && outcome.noted["taken"] > 0,
        "{:?}",
        outcome.noted
    );
    let before = outcome.days.iter().map(|day| day.price).max().unwrap();
    let after = outcome.days.last().unwrap().price;
    assert!(after < before * 7 / 10, "{before} {after}");
}

#[test]
fn one_seed_is_one_run() {
    let (a, b) = (small(Story::Calm, 7), small(Story::Calm, 7));
    assert_eq!(a.days, b.days);
    assert_eq!((a.counts, a.refusals), (b.counts, b.refusals));
    assert_ne!(small(Story::Calm, 8).days, a.days);
}

#[test]
fn report_shows_counts_plots_and_who_bore_the_losses() {
    let outcome = small(Story::Crash, 2);
    let text = report::text(&outcome).unwrap();
    for part in [
        "price, Credits per LCO",
        "Risk Reserve",
        "loss order",
        "executed",
        "wash traders",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let csv = report::csv(&outcome).unwrap();
    assert_eq!(csv.lines().count(), outcome.days.len() + 1);
    let columns = csv.lines().next().unwrap().split(',').count();
    assert!(csv.lines().all(|line| line.split(',').count() == columns));
    let json: serde_json::Value = serde_json::from_str(&report::json(&outcome).unwrap()).unwrap();
    assert_eq!(json["executed"], outcome.executed);
}

//! A run as text with plots, as CSV (one row a day) and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::Result;
use serde::Serialize;
use textplots::{Chart, Plot, Shape};

use crate::chain::Tally;
use crate::run::{Day, Outcome};
use crate::world::ONE;

/// One row a day, with a header; amounts in base units.
///
/// # Errors
/// Never for days of a run.
pub fn csv(outcome: &Outcome) -> Result<String> {
    rows(&outcome.days)
}

/// A line for each row, under a header.
///
/// # Errors
/// Never for rows of plain fields.
pub(crate) fn rows(rows: &[impl Serialize]) -> Result<String> {
    let mut text = String::new();
    for row in rows {
        let row = serde_json::to_value(row)?;
        let Some(row) = row.as_object() else { continue };
        if text.is_empty() {
            text = row.keys().cloned().collect::<Vec<_>>().join(",") + "\n";
        }
        let cells: Vec<String> = row.values().map(ToString::to_string).collect();
        writeln!(text, "{}", cells.join(","))?;
    }
    Ok(text)
}

/// Everything.
///
/// # Errors
/// Never for an outcome of a run.
pub fn json(outcome: &Outcome) -> Result<String> {
    Ok(serde_json::to_string_pretty(outcome)?)
}

/// For people.
///
/// # Errors
/// Never: text grows without limit.
pub fn text(outcome: &Outcome) -> Result<String> {
    let mut out = String::new();
    let scenario = &outcome.scenario;
    writeln!(
        out,
        "{:?} market: {} weeks, {} agents, seed {}",
        scenario.story, scenario.weeks, scenario.agents, scenario.seed
    )?;
    writeln!(
        out,
        "{} messages executed, {} refused; every law checked {} times, everybody counted anew {} times",
        outcome.executed, outcome.refused, outcome.checks, outcome.recounts
    )?;
    plots(&mut out, outcome)?;
    messages(&mut out, &outcome.counts, &outcome.refusals)?;
    losses(&mut out, outcome)?;
    attackers(&mut out, outcome)?;
    Ok(out)
}

type Figure = fn(&Day) -> f64;

fn plots(out: &mut String, outcome: &Outcome) -> Result<()> {
    let figures: [(&str, Figure); 9] = [
        ("price, Credits per LCO", |d| d.price as f64 / ONE as f64),
        ("LCO in circulation, thousands", |d| d.lco_supply as f64 / 1e9),
        ("LCO burned, thousands", |d| d.lco_burned as f64 / 1e9),
        ("LCO staked, thousands", |d| d.lco_staked as f64 / 1e9),
        ("Credits consumed, thousands", |d| d.credits_consumed as f64 / 1e9),
        ("Credits in the pool, thousands", |d| d.pool_credits as f64 / 1e9),
        ("utilisation of lent Credits, %", |d| {
            f64::from(d.credit_utilisation_bps) / 100.0
        }),
        ("utilisation of lent LCO, %", |d| {
            f64::from(d.lco_utilisation_bps) / 100.0
        }),
        ("Risk Reserve, Credits", |d| d.risk_reserve_credits as f64 / ONE as f64),
    ];
    for (title, figure) in figures {
        writeln!(out, "\n{title}")?;
        let points = outcome.days.iter().map(|day| (day.day as f32, figure(day) as f32));
        out.push_str(&plot(&points.collect::<Vec<_>>()));
    }
    Ok(())
}

/// Time from left to right.
pub(crate) fn plot(points: &[(f32, f32)]) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return String::new();
    };
    if points.iter().all(|point| point.1 == first.1) {
        return format!("  {} all the time\n", first.1);
    }
    let shape = Shape::Lines(points);
    let mut chart = Chart::new(150, 36, first.0, last.0);
    let chart = chart.lineplot(&shape);
    chart.axis();
    chart.figures();
    chart.to_string()
}

/// How many messages of each kind there were, and why most were refused.
pub(crate) fn messages<K: Serialize>(
    out: &mut String,
    counts: &BTreeMap<K, Tally>,
    refusals: &BTreeMap<String, u64>,
) -> Result<()> {
    writeln!(out, "\n{:<16}{:>10}{:>10}", "messages", "executed", "refused")?;
    for (kind, tally) in counts {
        let kind = serde_json::to_value(kind)?;
        let kind = kind.as_str().unwrap_or_default();
        writeln!(out, "{kind:<16}{:>10}{:>10}", tally.executed, tally.refused)?;
    }
    let mut worst: Vec<_> = refusals.iter().collect();
    worst.sort_by(|a, b| b.1.cmp(a.1));
    writeln!(out, "\nmost frequent refusals")?;
    for (reason, times) in worst.into_iter().take(12) {
        writeln!(out, "{times:>10}  {reason}")?;
    }
    Ok(())
}

fn losses(out: &mut String, outcome: &Outcome) -> Result<()> {
    let times = |name: &str| outcome.noted.get(name).copied().unwrap_or_default();
    let sum = |name: &str| outcome.sums.get(name).copied().unwrap_or_default() as f64 / ONE as f64;
    writeln!(
        out,
        "\nliquidations: {} in part, {} whole; {} put on offer, {} offers taken",
        times("liquidated_in_part"),
        times("liquidated"),
        times("offered"),
        times("taken")
    )?;
    let penalties = sum("liquidated_in_part.penalty") + sum("liquidated.penalty") + sum("taken.penalty");
    writeln!(out, "penalties to the Risk Reserve: {penalties:.2} Credits")?;
    writeln!(
        out,
        "\nthe loss order: what positions owed beyond all they held, and who bore it"
    )?;
    writeln!(
        out,
        "{:<10}{:>14}{:>16}{:>22}{:>12}",
        "pool", "loss", "Risk Reserve", "unclaimed interest", "lenders"
    )?;
    for pool in ["credit", "lco"] {
        let part = |name: &str| sum(&format!("loss.{pool}.{name}"));
        writeln!(
            out,
            "{pool:<10}{:>14.2}{:>16.2}{:>22.2}{:>12.2}",
            part("total"),
            part("reserve"),
            part("unclaimed"),
            part("lenders")
        )?;
    }
    writeln!(
        out,
        "socialised losses: {}; before lenders bore any, the Risk Reserve sold {:.2} Credits and {:.2} LCO for debts in the other token",
        times("socialized_loss"),
        sum("reserve_sold.credit.amount"),
        sum("reserve_sold.lco.amount")
    )?;
    Ok(())
}

fn attackers(out: &mut String, outcome: &Outcome) -> Result<()> {
    let credits = outcome.sandwich_profit as f64 / ONE as f64;
    writeln!(
        out,
        "\n{} sandwiches around buyback slices gained {credits:.2} Credits in all",
        outcome.sandwiches
    )?;
    let wash = &outcome.wash;
    let figure = |value: u128| value as f64 / ONE as f64;
    writeln!(
        out,
        "wash traders mined {:.0} LCO for {:.2} Credits: {:.6} per LCO; the least possible at the end is {:.6}",
        figure(wash.mined),
        figure(wash.lost),
        figure(wash.paid_per_lco),
        figure(wash.least_per_lco)
    )?;
    Ok(())
}

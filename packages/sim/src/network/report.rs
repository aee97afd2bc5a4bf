//! Runs as text with plots, as CSV (one row a day) and as JSON.

use std::fmt::Write;

use anyhow::Result;

use super::run::{Day, Outcome, Wash};
use crate::report::{messages, plot, rows};
use crate::world::ONE;

/// One row a day of every run, with a header; amounts in base units.
///
/// # Errors
/// Never for days of a run.
pub fn csv(outcomes: &[Outcome]) -> Result<String> {
    let days: Vec<&Day> = outcomes.iter().flat_map(|outcome| &outcome.days).collect();
    rows(&days)
}

/// Everything.
///
/// # Errors
/// Never for outcomes of runs.
pub fn json(outcomes: &[Outcome]) -> Result<String> {
    Ok(serde_json::to_string_pretty(outcomes)?)
}

/// For people.
///
/// # Errors
/// Never: text grows without limit.
pub fn text(outcomes: &[Outcome]) -> Result<String> {
    let mut out = String::new();
    for outcome in outcomes {
        one(&mut out, outcome)?;
    }
    Ok(out)
}

fn one(out: &mut String, outcome: &Outcome) -> Result<()> {
    let scenario = &outcome.scenario;
    writeln!(
        out,
        "The network's economy from {} % utilisation: {} weeks, {} lockers, seed {}",
        scenario.utilisation_percent, scenario.weeks, scenario.lockers, scenario.seed
    )?;
    writeln!(
        out,
        "{} messages executed, {} refused; every law checked {} times, all lockers' earnings added up {} times",
        outcome.executed, outcome.refused, outcome.checks, outcome.audits
    )?;
    quarters(out, outcome)?;
    plots(out, outcome)?;
    money(out, outcome)?;
    washers(out, outcome)?;
    leaving(out, outcome)?;
    messages(out, &outcome.counts, &outcome.refusals)?;
    writeln!(out)?;
    Ok(())
}

/// Where things stood at the beginning, after each quarter of the run, and at its end.
fn quarters(out: &mut String, outcome: &Outcome) -> Result<()> {
    writeln!(
        out,
        "\n{:>5}{:>11}{:>13}{:>15}{:>13}{:>9}{:>9}",
        "week", "P_supply", "utilisation", "GPU-hours/day", "USDT/VCAI", "APR", "rebates"
    )?;
    let (weeks, percent) = (outcome.days.len() / 7, |ppm: u32| f64::from(ppm) / 1e4);
    for quarter in 0..=4 {
        let week = (weeks * quarter / 4).max(1);
        let Some(day) = outcome.days.get(week * 7 - 1) else {
            continue;
        };
        writeln!(
            out,
            "{week:>5}{:>10.2}%{:>12.2}%{:>15.0}{:>13.4}{:>8.2}%{:>8.2}%",
            percent(day.supply_ppm),
            percent(day.utilisation_ppm),
            day.capacity as f64 / 1e3,
            day.price as f64 / ONE as f64,
            day.apr_ppm as f64 / 1e4,
            percent(day.rebates_ppm)
        )?;
    }
    Ok(())
}

fn plots(out: &mut String, outcome: &Outcome) -> Result<()> {
    type Figure = fn(&Day) -> f64;
    let figures: [(&str, Figure); 5] = [
        ("P_supply, %", |d| f64::from(d.supply_ppm) / 1e4),
        ("utilisation of the last seven days, %", |d| {
            f64::from(d.utilisation_ppm) / 1e4
        }),
        ("APR of all locks, %", |d| d.apr_ppm as f64 / 1e4),
        ("price, USDT per VCAI", |d| d.price as f64 / ONE as f64),
        ("VCAI locked, millions", |d| d.locked as f64 / 1e12),
    ];
    for (title, figure) in figures {
        writeln!(out, "\n{title}")?;
        let points = outcome.days.iter().map(|day| (day.day as f32, figure(day) as f32));
        out.push_str(&plot(&points.collect::<Vec<_>>()));
    }
    Ok(())
}

/// What came in, what it bought, what was released.
fn money(out: &mut String, outcome: &Outcome) -> Result<()> {
    let Some(day) = outcome.days.last() else { return Ok(()) };
    let whole = |amount: u128| amount as f64 / ONE as f64;
    writeln!(
        out,
        "\nrevenue {:.0} USDT, of which {:.0} bought {:.0} VCAI; {:.0} of them flowed to locks",
        whole(day.revenue),
        whole(day.spent),
        whole(day.bought),
        whole(day.streamed)
    )?;
    let kept = day.left_over as f64 * 100.0 / (day.released as f64).max(1.0);
    writeln!(
        out,
        "released {:.0} VCAI: {:.0} paid, {:.0} ({kept:.1} %) left over by caps, the rest not claimed yet",
        whole(day.released),
        whole(day.paid),
        whole(day.left_over)
    )?;
    writeln!(
        out,
        "last APR: all locks {:.2} %; 10,000 VCAI for four years {:.2} %, 10,000,000 VCAI {:.2} %",
        day.apr_ppm as f64 / 1e4,
        day.apr_small_ppm as f64 / 1e4,
        day.apr_large_ppm as f64 / 1e4
    )?;
    Ok(())
}

fn washers(out: &mut String, outcome: &Outcome) -> Result<()> {
    let usdt = |amount: u128| amount as f64 / ONE as f64;
    writeln!(
        out,
        "\n{:<24}{:>12}{:>12}{:>14}{:>22}{:>12}",
        "wash renter", "ve share", "fees", "rewards sold", "own fees bought back", "gain"
    )?;
    for wash in &outcome.washers {
        let Wash { locks, share_ppm, .. } = wash;
        writeln!(
            out,
            "{:<24}{:>11.1}%{:>12.2}{:>14.2}{:>22.2}{:>12.2}",
            if *locks { "with a lock" } else { "without" },
            *share_ppm as f64 / 1e4,
            usdt(wash.fees),
            usdt(wash.rewards),
            usdt(wash.buyback),
            wash.gain as f64 / ONE as f64
        )?;
    }
    Ok(())
}

fn leaving(out: &mut String, outcome: &Outcome) -> Result<()> {
    let leaving = &outcome.leaving;
    let whole = |amount: u128| amount as f64 / ONE as f64;
    writeln!(
        out,
        "\nfour years later all {} lockers left with {:.6} VCAI, every unit they had locked",
        leaving.lockers,
        whole(leaving.withdrawn)
    )?;
    writeln!(
        out,
        "{:.6} VCAI were bought for them, {:.6} paid, {:.6} wait for whoever locks next, {} base units are lost to roundings; {} of the incentives'",
        whole(leaving.funded),
        whole(leaving.paid),
        whole(leaving.waiting),
        leaving.dust,
        leaving.incentive_dust
    )?;
    Ok(())
}

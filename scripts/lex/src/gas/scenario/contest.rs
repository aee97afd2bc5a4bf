//! The weekly contest.

use anyhow::Result;
use interfaces::compute_wars::{ConfigResponse, ExecuteMsg, OverviewResponse, Perk, QueryMsg, Score};
use suite::population::{stranger, user, CAST};

use super::vault::ownership;
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const WARS: &str = "compute-wars";
/// What a score may add to a settled entry: all that tiers and contest have, less what the vault alone may use.
const SCORE: u64 = 20_000;

fn row(handler: &str, case: &str) -> Row {
    Row::new(WARS, handler, case).hops(1)
}

/// Who wins each of the two weeks.
pub const CHAMPIONS: [u32; 2] = [1, 2];

/// The week that runs.
pub fn week(bench: &Bench) -> Result<u64> {
    let overview: OverviewResponse = bench.query(&bench.at.compute_wars, &QueryMsg::Overview {})?;
    Ok(overview.week.week)
}

/// Scores by themselves, and what the owner may do.
pub fn run(bench: &mut Bench) -> Result<()> {
    let (alone, to, council) = (
        bench.set.contest.clone(),
        bench.at.compute_wars.clone(),
        bench.by("council")?,
    );
    let week = week(bench)?;
    // Far above the list's last place, and far below it.
    for (case, charged, first) in [
        ("into the list", 10_000_000u128, 5_000_000),
        ("below the list", 1_000, 5_100_000),
    ] {
        for count in [1u32, 50, 200] {
            let score = |i| {
                Ok(Score {
                    account: stranger(first + 1_000 * count + i)?,
                    charged: (charged + u128::from(count)).into(),
                })
            };
            let scores = (0..count).map(score).collect::<Result<_>>()?;
            let row = row("Record", &format!("{case}, accounts: {count}")).and(count as usize, SCORE);
            bench.measure(row, &council, &alone, &ExecuteMsg::Record { week, scores }, &[])?;
        }
    }
    let known = Score {
        account: stranger(CAST)?,
        charged: 1_000u128.into(),
    };
    let row_known = row("Record", "an account that was there, accounts: 1").and(1, SCORE);
    let scores = vec![known];
    bench.measure(row_known, &council, &alone, &ExecuteMsg::Record { week, scores }, &[])?;
    let config: ConfigResponse = bench.query(&to, &QueryMsg::Config {})?;
    let fund = ExecuteMsg::SetFund {
        fund: bench.at.ecosystem_fund.clone(),
    };
    bench.measure(row("SetFund", ""), &council, &alone, &fund, &[])?;
    let set = ExecuteMsg::SetParams { params: config.params };
    bench.measure(row("SetParams", ""), &council, &to, &set, &[])?;
    ownership(bench, WARS, &to, ExecuteMsg::Ownership)
}

/// A week that is over; `measured` is the one with all the rows.
pub fn finalize(bench: &mut Bench, week: u64, measured: bool) -> Result<()> {
    let (to, anyone) = (bench.at.compute_wars.clone(), bench.by("relayer")?);
    let msg = ExecuteMsg::Finalize { week };
    match measured {
        true => bench.measure(row("Finalize", ""), &anyone, &to, &msg, &[])?,
        false => bench.run(&anyone, &to, &msg, &[])?,
    };
    Ok(())
}

/// The champion of the week before.
pub fn perk(bench: &mut Bench, week: u64) -> Result<()> {
    let to = bench.at.compute_wars.clone();
    let msg = ExecuteMsg::ChoosePerk {
        week,
        perk: Perk::FreeCalls,
    };
    bench.measure(
        row("ChoosePerk", "free calls").hops(2),
        &user(CHAMPIONS[0])?,
        &to,
        &msg,
        &[],
    )?;
    Ok(())
}

/// Weeks in their order; the last has prizes.
pub fn prizes(bench: &mut Bench, last: u64) -> Result<()> {
    let (to, anyone) = (bench.at.compute_wars.clone(), bench.by("relayer")?);
    let overview: OverviewResponse = bench.query(&to, &QueryMsg::Overview {})?;
    for week in overview.next_collect..=last {
        let msg = ExecuteMsg::CollectPrizes { week };
        match week == last {
            true => bench.measure(row("CollectPrizes", "").hops(3), &anyone, &to, &msg, &[])?,
            false => bench.run(&anyone, &to, &msg, &[])?,
        };
    }
    let claim = ExecuteMsg::ClaimPrize { week: last };
    let winner = user(CHAMPIONS[1])?;
    bench.measure(row("ClaimPrize", "").hops(2), &winner, &to, &claim, &[])?;
    Ok(())
}

//! The calendar of a run.

use std::collections::BTreeMap;

use anyhow::{ensure, Result};
use interfaces::{treasury, ve_rewards, vote_escrow as escrow};
use math::incentives::PPM;
use math::vote_escrow::slope;
use serde::Serialize;

use super::compute::EPOCH;
use super::laws::Laws;
use super::town::Town;
use super::world::{Kind, World, TGE};
use super::Scenario;
use crate::chain::{person, Tally};
use crate::world::{DAY, HOUR, ONE};

/// Seconds of one step.
const STEP: u64 = 6 * HOUR;
const STEPS_PER_DAY: u64 = DAY / STEP;
/// Days between the TGE and the first epoch: the pool must know a week of prices before rewards of rentals are worth anything.
const PRELUDE: u64 = 8;
/// Days after which genesis tokens are claimed again, and lockers look at their grants.
const MONTH: usize = 30;
/// Days over which utilisation and APR are taken.
const WINDOW: usize = 7;
/// Days of a year, in hundredths.
const YEAR_CENTIDAYS: u128 = 36_525;

/// State at the end of a day. Amounts in base units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Day {
    /// Utilisation with which the run began, per cent.
    pub from_percent: u32,
    /// From 1.
    pub day: u64,
    /// P of the newest epoch.
    pub supply_ppm: u32,
    /// Of the last seven days.
    pub utilisation_ppm: u32,
    /// Units a day that nodes offer, and that renters would take.
    pub capacity: u128,
    pub demand: u128,
    /// What rebates of the last epoch were worth, as a part of what renters spent.
    pub rebates_ppm: u32,
    /// µUSDT for a VCAI.
    pub price: u128,
    /// VCAI in locks that have not ended, and their weight in 10⁻⁹ veVCAI.
    pub locked: u128,
    pub ve: u128,
    /// What locks earn in a year at the rate of the last seven days, as a part of what is locked: all together, 10,000 and 10,000,000 VCAI locked for four years.
    pub apr_ppm: u128,
    pub apr_small_ppm: u128,
    pub apr_large_ppm: u128,
    /// µUSDT since the beginning.
    pub revenue: u128,
    pub spent: u128,
    /// VCAI since the beginning.
    pub bought: u128,
    pub streamed: u128,
    pub released: u128,
    pub paid: u128,
    pub left_over: u128,
    pub executed: u64,
}

/// The balance of a wash renter.
#[derive(Clone, Debug, Serialize)]
pub struct Wash {
    pub locks: bool,
    /// Its mean share of all ve weight, ppm.
    pub share_ppm: u128,
    /// µUSDT: fees paid; what rebates and delivery rewards were sold for; the part of its lock's rewards that its own fees paid for, as they were sold.
    pub fees: u128,
    pub rewards: u128,
    pub buyback: u128,
    /// rewards + buyback − fees.
    pub gain: i128,
    /// µUSDT it began with and ended with, all its VCAI but the lock sold.
    pub began: u128,
    pub ended: u128,
}

/// How the run was wound up: every lock ended, everybody left.
#[derive(Clone, Debug, Serialize)]
pub struct Leaving {
    pub lockers: u64,
    pub withdrawn: u128,
    /// VCAI that buybacks brought, that lockers were paid, and that is still kept for whoever locks next.
    pub funded: u128,
    pub paid: u128,
    pub waiting: u128,
    /// Base units that roundings left in the rewards, and in the incentives' days.
    pub dust: u128,
    pub incentive_dust: u128,
}

/// What came of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    pub scenario: Scenario,
    /// Messages executed.
    pub executed: u64,
    pub refused: u64,
    pub counts: BTreeMap<Kind, Tally>,
    /// `kind code` → times.
    pub refusals: BTreeMap<String, u64>,
    /// How often every law was checked, and how often lockers' earnings were added up.
    pub checks: u64,
    pub audits: u64,
    pub days: Vec<Day>,
    pub washers: Vec<Wash>,
    pub leaving: Leaving,
}

/// Runs a scenario. `progress` hears of every simulated week that is over.
///
/// # Errors
/// When a law is broken, or the deployment or a query fails; never because a message was refused.
pub fn run(scenario: &Scenario, progress: &dyn Fn(u64, &Day)) -> Result<Outcome> {
    ensure!(scenario.weeks >= 2, "at least 2 weeks");
    ensure!((10..=1_000).contains(&scenario.lockers), "10 to 1,000 lockers");
    ensure!(
        (40..=100).contains(&scenario.utilisation_percent),
        "a run begins with a utilisation of 40 to 100 %"
    );
    let mut town = Town::found(scenario)?;
    let mut laws = Laws::default();
    town.genesis()?;
    laws.check(&town)?;
    prelude(&mut town, &mut laws, scenario)?;
    let mut days: Vec<Day> = Vec::new();
    let start = town.compute.first_day * DAY;
    for day in 0..scenario.weeks as usize * EPOCH {
        town.world.chain.until(start + day as u64 * DAY);
        begin_day(&mut town, day)?;
        steps(&mut town, &mut laws, scenario.activity)?;
        town.watch_washers()?;
        laws.audit(&town)?;
        days.push(observe(&town, scenario, &days)?);
        if (day + 1) % EPOCH == 0 {
            if let Some(today) = days.last() {
                progress((day / EPOCH) as u64 + 1, today);
            }
        }
    }
    finish(scenario, town, laws, days)
}

/// From the TGE to the first epoch: locks, trades, revenue, buybacks.
fn prelude(town: &mut Town, laws: &mut Laws, scenario: &Scenario) -> Result<()> {
    for day in 0..PRELUDE {
        town.world.chain.until(TGE + day * DAY);
        if day % 7 == 0 {
            town.deposit_of_the_week();
        }
        if day + 1 == PRELUDE {
            town.start_epochs()?;
        }
        steps(town, laws, scenario.activity)?;
    }
    Ok(())
}

/// What is done once a day: yesterday's rentals are settled, and on the day an epoch closes everybody claims.
fn begin_day(town: &mut Town, day: usize) -> Result<()> {
    if let Some(yesterday) = day.checked_sub(1) {
        town.settle_day(yesterday)?;
    }
    // an epoch closes a day after its last
    if let Some(epoch) = day.checked_sub(EPOCH + 1).filter(|past| past % EPOCH == 0) {
        town.review(epoch / EPOCH)?;
    }
    if day % EPOCH == 0 {
        town.deposit_of_the_week();
    }
    if day % MONTH == 0 {
        town.tend_tokens();
    }
    Ok(())
}

/// The steps of a day: lockers and traders act, keepers buy, every law is checked.
fn steps(town: &mut Town, laws: &mut Laws, activity: u64) -> Result<()> {
    let start = town.world.chain.now() / DAY * DAY;
    for step in 0..STEPS_PER_DAY {
        town.world.chain.until(start + step * STEP);
        town.drift();
        for _ in 0..activity {
            town.world.chain.next_block();
            let index = town.rng.index(town.lockers.len());
            town.act(index)?;
        }
        for _ in 0..2 {
            // the mean of half an hour is to know where the price went
            town.world.chain.pass(HOUR);
            town.trade()?;
        }
        town.world.chain.pass(HOUR);
        town.buy_back(8)?;
        laws.check(town)?;
    }
    Ok(())
}

/// VCAI that flowed to locks by now.
fn streamed(world: &World) -> Result<u128> {
    let at = &world.at.rewards;
    let book: ve_rewards::OverviewResponse = world.chain.query(at, &ve_rewards::QueryMsg::Overview {})?;
    Ok((book.funded - book.streaming - book.waiting).u128())
}

/// Figures now.
fn observe(town: &Town, scenario: &Scenario, before: &[Day]) -> Result<Day> {
    let (world, compute) = (&town.world, &town.compute);
    let locks: escrow::OverviewResponse = world.chain.query(&world.at.escrow, &escrow::QueryMsg::Overview {})?;
    let book: treasury::OverviewResponse = world
        .chain
        .query(&world.at.treasury, &treasury::QueryMsg::Overview {})?;
    let board = world.dashboard()?;
    let streamed = streamed(world)?;
    let window = before.len().min(WINDOW);
    let earlier = before.len().checked_sub(window).and_then(|index| before.get(index));
    let a_year = match earlier {
        Some(earlier) => (streamed - earlier.streamed) * YEAR_CENTIDAYS / (100 * window as u128),
        None => 0,
    };
    let ppm = u128::from(PPM);
    let apr = |amount: u128| -> Result<u128> {
        let mine = slope(amount)? * u128::from(escrow::MAX_LOCK_SECONDS);
        let year = math::mul_div_floor(a_year, mine, locks.power.weight.u128()).unwrap_or_default();
        Ok(year * ppm / amount)
    };
    let recent = |rows: &[u128]| rows.iter().rev().take(WINDOW).sum::<u128>();
    let used = recent(&compute.consumed) * ppm / recent(&compute.available).max(1);
    Ok(Day {
        from_percent: scenario.utilisation_percent,
        day: before.len() as u64 + 1,
        supply_ppm: board.supply_ppm,
        utilisation_ppm: match compute.consumed.is_empty() {
            true => scenario.utilisation_percent * 10_000,
            false => u32::try_from(used).unwrap_or(PPM),
        },
        capacity: compute.nodes.iter().map(|node| node.capacity).sum(),
        demand: compute.demand,
        rebates_ppm: compute.rebates_ppm,
        price: world.price()?,
        locked: locks.locked.u128(),
        ve: locks.ve.u128(),
        apr_ppm: a_year * ppm / locks.locked.u128().max(1),
        apr_small_ppm: apr(10_000 * ONE)?,
        apr_large_ppm: apr(10_000_000 * ONE)?,
        revenue: book.revenue.total.u128(),
        spent: book.spent.u128(),
        bought: book.bought.u128(),
        streamed,
        released: board.released.u128(),
        paid: board.paid.u128(),
        left_over: board.left_over.u128(),
        executed: world.chain.executed(),
    })
}

/// The last epoch is claimed; then everybody waits until the last lock has ended, and leaves.
fn finish(scenario: &Scenario, mut town: Town, mut laws: Laws, days: Vec<Day>) -> Result<Outcome> {
    let all = days.len();
    let start = town.compute.first_day * DAY;
    for day in [all, all + 1] {
        town.world.chain.until(start + day as u64 * DAY);
        begin_day(&mut town, day)?;
        laws.check(&town)?;
    }
    let incentive_dust = laws.claimed_all(&town, all)?;
    let washers = washers(&town, all)?;
    let leaving = Leaving {
        incentive_dust,
        ..leave(&mut town, &mut laws)?
    };
    let chain = &town.world.chain;
    Ok(Outcome {
        scenario: scenario.clone(),
        executed: chain.executed(),
        refused: chain.refused(),
        counts: chain.counts.clone(),
        refusals: chain.refusals_by_name()?,
        checks: laws.steps,
        audits: laws.audits,
        days,
        washers,
        leaving,
    })
}

/// What washing brought. Of what a lock earned, the part counts that the washer's own fees paid for: their part of all revenue.
fn washers(town: &Town, days: usize) -> Result<Vec<Wash>> {
    let at = &town.world.at.treasury;
    let book: treasury::OverviewResponse = town.world.chain.query(at, &treasury::QueryMsg::Overview {})?;
    let row = |washer: &super::compute::Washer| -> Result<Wash> {
        let buyback = math::mul_div_floor(washer.buyback, washer.fees, book.revenue.total.u128())?;
        Ok(Wash {
            locks: washer.locks,
            share_ppm: washer.share_sum / days as u128,
            fees: washer.fees,
            rewards: washer.rewards,
            buyback,
            gain: (washer.rewards + buyback) as i128 - washer.fees as i128,
            began: super::town::WASHER_USDT,
            ended: town.world.chain.usdt(&washer.who)?,
        })
    };
    town.compute.washers.iter().map(row).collect()
}

/// Everybody who has a lock leaves when it has ended. The escrow is empty then, and who locked has been paid all that was streamed.
fn leave(town: &mut Town, laws: &mut Laws) -> Result<Leaving> {
    let (escrow, keeper) = (town.world.at.escrow.clone(), person("keeper"));
    let before: escrow::OverviewResponse = town.world.chain.query(&escrow, &escrow::QueryMsg::Overview {})?;
    town.world.chain.pass(escrow::MAX_LOCK_SECONDS + DAY);
    let rewards = town.world.at.rewards.clone();
    town.world
        .say(Kind::Sync, &keeper, &rewards, &ve_rewards::ExecuteMsg::Sync {});
    laws.check(town)?;
    let mut withdrawn = 0;
    for who in town.world.people.clone() {
        if town.lock_of(&who)?.amount.is_zero() {
            continue;
        }
        let had = town.world.vcai(&who)?;
        town.withdraw(&who);
        withdrawn += town.world.vcai(&who)? - had;
    }
    ensure!(
        withdrawn == before.held.u128(),
        "withdrawn {withdrawn} of {}",
        before.held
    );
    // also those who left long ago
    let rewards = town.world.at.rewards.clone();
    for who in town.world.people.clone() {
        let address = who.to_string();
        let account: ve_rewards::AccountResponse = town
            .world
            .chain
            .query(&rewards, &ve_rewards::QueryMsg::Account { address })?;
        if !account.claimable.is_zero() {
            town.claim_rewards(&who)?;
        }
    }
    laws.check(town)?;
    let after: escrow::OverviewResponse = town.world.chain.query(&escrow, &escrow::QueryMsg::Overview {})?;
    ensure!(after.lockers == 0 && after.held.is_zero(), "somebody could not leave");
    let dust = laws.audit(town)?;
    let book: ve_rewards::OverviewResponse = town
        .world
        .chain
        .query(&town.world.at.rewards, &ve_rewards::QueryMsg::Overview {})?;
    Ok(Leaving {
        lockers: before.lockers,
        withdrawn,
        funded: book.funded.u128(),
        paid: book.paid.u128(),
        waiting: (book.waiting + book.streaming).u128(),
        dust,
        incentive_dust: 0,
    })
}

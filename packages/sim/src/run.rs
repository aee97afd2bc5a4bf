//! The calendar of a run.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{ensure, Result};
use cosmwasm_std::Uint128;
use interfaces::{credit_vault as vault, ecosystem_fund as fund, l_coin, lco_staking as staking, margin};
use interfaces::{exchange, prediction_market as market};
use serde::Serialize;

use crate::agents::{role_of, Agent, Role, Town};
use crate::crew::Ledger;
use crate::laws::Laws;
use crate::rng::Rng;
use crate::scenario::{Scenario, Story};
use crate::world::{Kind, Tally, World, DAY, HOUR, MINUTE, ONE, SKUS, START, WEEK};

/// Seconds of one step.
pub const STEP: u64 = 10 * MINUTE;
const STEPS_PER_DAY: u64 = DAY / STEP;
/// µUSDT of each agent at the start.
const WEALTH: u128 = 100_000 * ONE;
/// First price, µCredit per LCO: a little above what mining one costs at list price.
const FIRST_PRICE: u128 = 250_000;

/// State at the end of a day. Amounts in base units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Day {
    pub day: u64,
    /// µCredit per LCO.
    pub price: u128,
    pub lco_supply: u128,
    pub lco_minted: u128,
    pub lco_burned: u128,
    pub lco_staked: u128,
    pub credits_consumed: u128,
    pub pool_lco: u128,
    pub pool_credits: u128,
    pub credit_utilisation_bps: u16,
    pub lco_utilisation_bps: u16,
    pub risk_reserve_credits: u128,
    pub risk_reserve_lco: u128,
    pub long_lco: u128,
    pub short_lco: u128,
    pub bets_lco: u128,
    pub executed: u64,
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
    /// Liquidations, offers, losses and burns by the names of their events.
    pub noted: BTreeMap<String, u64>,
    /// Sums of amounts of those events, base units.
    pub sums: BTreeMap<String, u128>,
    pub days: Vec<Day>,
    /// How often every law was checked, and how often everybody was counted anew.
    pub checks: u64,
    pub recounts: u64,
    pub sandwiches: u64,
    /// µCredit that all sandwiches together gained.
    pub sandwich_profit: i128,
    /// What wash traders paid and got.
    pub wash: Wash,
}

/// The balance of gateway 3, whose only users belong to its operator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Wash {
    /// µCredit that went to the fund for its released weeks.
    pub lost: u128,
    /// µLCO mined in those weeks.
    pub mined: u128,
    /// µCredit per LCO that it paid, and the least the vault publishes, at the end.
    pub paid_per_lco: u128,
    pub least_per_lco: u128,
}

/// Runs a scenario. `progress` hears of every simulated week that is over.
///
/// # Errors
/// When a law is broken, or the deployment or a query fails; never because a message was refused.
pub fn run(scenario: &Scenario, progress: &dyn Fn(u64, &Day)) -> Result<Outcome> {
    ensure!(
        scenario.weeks >= 2 && scenario.agents >= 50,
        "at least 2 weeks and 50 agents"
    );
    let mut town = found(scenario)?;
    let (mut ledger, mut laws, mut days) = (Ledger::default(), Laws::default(), Vec::new());
    bootstrap(&mut town)?;
    town.world.touch_everybody();
    laws.check(&mut town)?;
    laws.recount(&town)?;
    let first = (town.world.now() - START).div_ceil(STEP);
    let last = scenario.weeks * WEEK / STEP;
    // not on a Friday, so that the crash is nobody's but the sellers'
    let crash = (scenario.weeks / 2) * (WEEK / STEP) + 2 * STEPS_PER_DAY + STEPS_PER_DAY / 2;
    let panic = (scenario.weeks / 4) * (WEEK / STEP) + 3 * STEPS_PER_DAY + STEPS_PER_DAY / 2;
    for step in first..last {
        town.world.until(START + step * STEP);
        if scenario.story == Story::Crash && step + STEPS_PER_DAY + 6 == crash {
            town.announce_exodus()?;
        }
        if scenario.story == Story::Crash && step + STEPS_PER_DAY == panic {
            town.stock_up()?;
        }
        if scenario.story == Story::Crash && step == panic {
            frighten(&mut town, &mut ledger)?;
        }
        if scenario.story == Story::Crash && step == crash {
            fall(&mut town, &mut ledger)?;
        }
        advance(&mut town, &mut ledger, step, scenario.activity)?;
        laws.check(&mut town)?;
        if (step + 1) % STEPS_PER_DAY == 0 {
            laws.recount(&town)?;
            let day = observe(&town.world, (step + 1) / STEPS_PER_DAY)?;
            if day.day % 7 == 0 {
                progress(day.day / 7, &day);
            }
            days.push(day);
        }
    }
    finish(scenario, &town, &laws, days)
}

/// The suite, and everybody with USDT and nothing else.
fn found(scenario: &Scenario) -> Result<Town> {
    let names: Vec<String> = (0..scenario.agents).map(|index| format!("agent{index}")).collect();
    let world = World::new(&names, WEALTH)?;
    let agent = |(index, name): (usize, &String)| Agent {
        address: world.person(name),
        role: role_of(index, scenario.agents),
        gateways: BTreeSet::new(),
        bets: BTreeSet::new(),
        allowed: false,
        entitled: false,
    };
    Ok(Town {
        agents: names.iter().enumerate().map(agent).collect(),
        world,
        rng: Rng::new(scenario.seed),
        fair: FIRST_PRICE,
        questions: Vec::new(),
        launch: None,
        sandwich_profit: 0,
        sandwiches: 0,
        reports: [0; 3],
    })
}

/// Consumption mines the first LCO; it is claimed, becomes liquidity, loans and stakes, and the pool gets a history.
fn bootstrap(town: &mut Town) -> Result<()> {
    let all = town.agents.len();
    let mut entries = [Vec::new(), Vec::new()];
    let scale = 500 / all.max(1) as u128 + 1;
    for index in 0..all {
        let gateway = 1 + index as u64 % 2;
        let credits = scale * ONE * first_spending(town.agents[index].role, index);
        town.promise(index, gateway, credits)?;
        town.world.next_block();
    }
    town.world.pass(HOUR);
    for index in 0..all {
        let credits = scale * ONE * first_spending(town.agents[index].role, index);
        let gateway = index % 2;
        let entry = town.exact_usage(index, SKUS[gateway].0, credits / 5);
        entries[gateway].push(entry);
    }
    for (gateway, entries) in (1..).zip(entries) {
        for chunk in entries.chunks(150) {
            town.settle(gateway, chunk.to_vec());
        }
    }
    for index in 0..all {
        let me = town.address(index);
        town.world.vault(Kind::MintClaim, &me, &vault::ExecuteMsg::ClaimLco {});
    }
    for index in 0..all {
        town.world.next_block();
        let lco = town.world.lco(&town.agents[index].address)?;
        match town.agents[index].role {
            Role::Provider => town.add_liquidity(index, lco * 9 / 10)?,
            Role::Lender => {
                town.supply(index, margin::Token::Lco, lco / 6)?;
                town.supply(index, margin::Token::Credit, 120 * ONE * scale)?;
            }
            Role::Trader | Role::Consumer => town.stake(index, 2)?,
            _ => {}
        }
    }
    // half an hour of blocks, so that there is a mark
    for _ in 0..40 {
        town.world.pass(MINUTE);
        let index = town.pick(Role::Trader);
        town.trade(index, 1)?;
    }
    Ok(())
}

/// Credits that an agent consumes on the first day: whoever needs LCO for its business consumes more.
fn first_spending(role: Role, index: usize) -> u128 {
    match role {
        Role::Provider => 1_500,
        Role::Lender => 500,
        // the first of each become whales and Lv4
        Role::Trader => [1_500, 800][index % 2],
        Role::Wash | Role::Sandwich => 50,
        _ => 30,
    }
}

/// One step of ten minutes.
fn advance(town: &mut Town, ledger: &mut Ledger, step: u64, activity: u64) -> Result<()> {
    drift(town);
    for _ in 0..activity {
        town.world.next_block();
        let index = town.rng.index(town.agents.len());
        town.act(index)?;
    }
    town.liquidate(ledger)?;
    if step % 24 == 0 {
        town.report_usage();
    }
    if step % 6 == 1 {
        town.tend_questions()?;
    }
    if step % 48 == 2 {
        town.open_question()?;
    }
    let day = step / STEPS_PER_DAY;
    if day % 7 == 4 {
        town.buy_back()?;
    }
    if step % STEPS_PER_DAY == 3 {
        town.release_weeks(ledger)?;
        town.hold_contest(ledger)?;
    }
    match step % (28 * STEPS_PER_DAY) {
        n if n == 13 * STEPS_PER_DAY + 10 => town.announce_launch()?,
        n if n == 14 * STEPS_PER_DAY + 20 => town.claim_launch()?,
        _ => {}
    }
    if step % (7 * STEPS_PER_DAY) == 50 {
        town.collect_interest();
    }
    Ok(())
}

/// What LCO is thought to be worth wanders by about 7 % a day.
fn drift(town: &mut Town) {
    let change = town.rng.normal_ppm(6_000);
    let moved = town.fair as i128 + town.fair as i128 * i128::from(change) / 1_000_000;
    town.fair = (moved.max(0) as u128).clamp(FIRST_PRICE / 20, FIRST_PRICE * 20);
}

/// A panic of half an hour: the largest holders sell, the value stays. While the price is down, attackers who sell in the blocks of the liquidations keep the
/// pool from filling them, so positions go on offer, and whoever knows the value bids.
fn frighten(town: &mut Town, ledger: &mut Ledger) -> Result<()> {
    town.dump(76)?;
    ledger.grief = 12;
    for _ in 0..60 {
        town.world.pass(30);
        town.liquidate(ledger)?;
    }
    ledger.grief = 0;
    Ok(())
}

/// The crash, and half an hour in which liquidators look every thirty seconds.
fn fall(town: &mut Town, ledger: &mut Ledger) -> Result<()> {
    town.crash()?;
    ledger.grief = 6;
    for _ in 0..60 {
        town.world.pass(30);
        town.liquidate(ledger)?;
    }
    ledger.grief = 0;
    Ok(())
}

/// Figures of the suite now.
fn observe(world: &World, day: u64) -> Result<Day> {
    let at = &world.at;
    let pool: exchange::MarketResponse = world.pool()?;
    let minted: l_coin::MintedResponse = world.query(&at.l_coin, &l_coin::QueryMsg::Minted {})?;
    let staked: staking::OverviewResponse = world.query(&at.staking, &staking::QueryMsg::Overview {})?;
    let ledger: vault::OverviewResponse = world.query(&at.vault, &vault::QueryMsg::Overview {})?;
    let loans: margin::OverviewResponse = world.query(&at.margin, &margin::QueryMsg::Overview {})?;
    let bets: market::OverviewResponse = world.query(&at.market, &market::QueryMsg::Overview {})?;
    let [credit, lco] = &loans.pools;
    Ok(Day {
        day,
        price: world.price()?,
        lco_supply: (minted.minted - minted.burned).u128(),
        lco_minted: minted.minted.u128(),
        lco_burned: minted.burned.u128(),
        lco_staked: staked.bonded.u128(),
        credits_consumed: ledger.consumed.u128(),
        pool_lco: pool.reserves[0].u128(),
        pool_credits: pool.reserves[1].u128(),
        credit_utilisation_bps: credit.utilisation_bps,
        lco_utilisation_bps: lco.utilisation_bps,
        risk_reserve_credits: credit.reserve.u128(),
        risk_reserve_lco: lco.reserve.u128(),
        long_lco: loans.long_open_interest.u128(),
        short_lco: loans.short_open_interest.u128(),
        bets_lco: bets.open_interest.u128(),
        executed: world.executed(),
    })
}

fn finish(scenario: &Scenario, town: &Town, laws: &Laws, days: Vec<Day>) -> Result<Outcome> {
    let world = &town.world;
    Ok(Outcome {
        scenario: scenario.clone(),
        executed: world.executed(),
        refused: world.refused(),
        counts: world.counts.clone(),
        refusals: world.refusals_by_name()?,
        noted: world.noted.clone(),
        sums: world.sums.clone(),
        days,
        checks: laws.steps,
        recounts: laws.recounts,
        sandwiches: town.sandwiches,
        sandwich_profit: town.sandwich_profit,
        wash: wash(world)?,
    })
}

/// Gateway 3's books.
fn wash(world: &World) -> Result<Wash> {
    let reports = fund::QueryMsg::Reports {
        gateway: 3,
        start_before: None,
        limit: Some(100),
    };
    let reports: Vec<fund::ReportResponse> = world.query(&world.at.fund, &reports)?;
    let (mut lost, mut mined) = (Uint128::zero(), Uint128::zero());
    for report in reports {
        lost += report.share + report.forfeited;
        let week = vault::QueryMsg::Week {
            gateway: 3,
            week: report.week,
        };
        mined += world.query::<vault::WeekResponse>(&world.at.vault, &week)?.mined;
    }
    let least: vault::WashCostResponse = world.query(&world.at.vault, &vault::QueryMsg::WashCost {})?;
    let (lost, mined) = (lost.u128(), mined.u128());
    Ok(Wash {
        lost,
        mined,
        paid_per_lco: math::mul_div_floor(lost, ONE, mined).unwrap_or_default(),
        least_per_lco: least.credits_per_lco.unwrap_or_default().u128(),
    })
}

//! A year of epochs: what is released, how the split follows utilisation, and what nodes and a renter receive.

use anyhow::{ensure, Context, Result};
use cosmwasm_std::HexBinary;
use interfaces::incentive_controller::{self as incentives, Gpu, Level, NodeDay, Rental};
use network::book::{next_split, of_day, released};
use network::world::{same, units, with, Person, World, DAY, HOUR, ONE};
use suite::{laws, Msg};

use crate::genesis::Begun;
use crate::Cast;

/// Epochs of a year.
const EPOCHS: u64 = 52;
const WEEK: u64 = 7;
/// Per cent of the units that are rented, epoch by epoch.
const USED: [u128; 5] = [60, 95, 85, 120, 80];
const AVAILABLE: [u128; 2] = [250_000, 750_000];
/// µUSDT of a rental, and its fee.
const SPEND: u128 = 10_000 * ONE;
const FEE: u128 = 400 * ONE;
/// stake · seconds · stability · memory · halves: 10,000 VCAI below 96 GB in full, 30,000 with 192 GB by half.
const WEIGHTS: [u128; 2] = [
    10_000 * ONE * 86_400 * 10_000 * 20 * 2,
    30_000 * ONE * 86_400 * 10_000 * 27,
];
/// From this epoch on a GPU is reported that nobody had seen.
const GPU_FROM: u64 = 49;
const FIRST_ACCESS: u128 = 100 * ONE;

/// An epoch as it is worked out.
#[derive(Clone, Copy)]
struct Epoch {
    index: u64,
    split: u128,
    /// Day of its report, if there is one, and the first day of all reports.
    day: Option<u64>,
}

/// Pools of an epoch: capacity, delivery, bonus, first access, demand.
fn pools(epoch: &Epoch) -> [u128; 5] {
    let all = released(epoch.index + 1) - released(epoch.index);
    let supply = all * epoch.split / 1_000_000;
    let (bonus, first) = (supply * 800 / 10_000, supply * 200 / 10_000);
    let work = supply - bonus - first;
    let delivery = work * 5_000 / 10_000;
    [work - delivery, delivery, bonus, first, all - supply]
}

fn used(epoch: u64) -> u128 {
    USED[(epoch % USED.len() as u64) as usize]
}

fn report(world: &World, cast: &Cast, epoch: u64, day: u64) -> Result<Msg> {
    let all: u128 = AVAILABLE.iter().sum();
    let rental = Rental {
        renter: cast.ray.address().to_owned(),
        node: cast.nia.address().to_owned(),
        units: (all * used(epoch) / 100).into(),
        quality_bps: 10_000,
        spend: SPEND.into(),
        fee: FEE.into(),
    };
    let node = |who: &Person, stake: u128, vram_gb, level, available: u128, decile| NodeDay {
        node: who.address().to_owned(),
        stake: (stake * ONE).into(),
        online: 86_400,
        stability_bps: 10_000,
        vram_gb,
        level,
        available: available.into(),
        decile,
    };
    let gpu = Gpu {
        gpu: HexBinary::from([7; 32]),
        node: cast.nia.address().to_owned(),
    };
    let msg = incentives::ExecuteMsg::Report {
        day,
        rentals: vec![rental],
        nodes: vec![
            node(&cast.nia, 10_000, 80, Level::A2, AVAILABLE[0], None),
            node(
                &cast.ned,
                30_000,
                192,
                Level::A1 { benchmarked: true },
                AVAILABLE[1],
                Some(1),
            ),
        ],
        gpus: if epoch >= GPU_FROM { vec![gpu] } else { vec![] },
    };
    with(&world.at.incentive_controller, &msg, 0)
}

/// Weeks in which nobody reported anything are closed late, in order, each with its own release; then one report a week.
pub fn epochs(world: &mut World, cast: &Cast, begun: &Begun) -> Result<()> {
    let at = world.at.incentive_controller.clone();
    let advance = || with(&at, &incentives::ExecuteMsg::Advance {}, 0);
    let first = begun.first_day;
    // An epoch closes a day after its last.
    let missed = (world.now()? / DAY - first - 1) / WEEK;
    ensure!((1..=8).contains(&missed), "{missed} epochs were missed");
    world.all(&cast.keeper, &[advance()?])?;
    world.refused(&cast.keeper, advance()?, "incentives:12")?;
    let today = world.now()? / DAY;
    let msg = report(world, cast, missed, today)?;
    world.refused(&cast.thief, msg.clone(), "incentives:911")?;
    world.all(&cast.reporter, &[msg])?;
    let mut all: Vec<Epoch> = (0..=missed)
        .map(|index| Epoch {
            index,
            split: 500_000,
            day: None,
        })
        .collect();
    all[missed as usize].day = Some(today);
    for index in missed + 1..=EPOCHS {
        let day = first + WEEK * index + 1;
        world.until(day * DAY + 12 * HOUR)?;
        let before = all[all.len() - 1];
        let split = next_split(before.split, (used(before.index) * 10_000).min(1_000_000));
        let msg = report(world, cast, index, day)?;
        world.all(&cast.reporter, &[advance()?, msg])?;
        let day = Some(day);
        all.push(Epoch { index, split, day });
    }
    told(world, &all)?;
    paid(world, cast, first, today, &all)
}

/// Every epoch released its own part, to the unit, and was split as worked out.
fn told(world: &World, all: &[Epoch]) -> Result<()> {
    let at = &world.at.incentive_controller;
    let query = incentives::QueryMsg::Epochs {
        start_before: None,
        limit: Some(100),
    };
    let rows: incentives::EpochsResponse = world.query(at, &query)?;
    ensure!(rows.epochs.len() == all.len(), "{} epochs", rows.epochs.len());
    for (row, epoch) in rows.epochs.iter().rev().zip(all) {
        ensure!(row.index == epoch.index, "{row:?}");
        same(
            &format!("split of epoch {}", row.index),
            u128::from(row.supply_ppm),
            epoch.split,
        )?;
        let is = [
            row.pools.capacity,
            row.pools.delivery,
            row.pools.bonus,
            row.pools.first_access,
            row.pools.demand,
        ];
        for (is, should) in is.into_iter().zip(pools(epoch)) {
            same(&format!("a pool of epoch {}", row.index), is, should)?;
        }
    }
    let board: incentives::DashboardResponse = world.query(at, &incentives::QueryMsg::Dashboard {})?;
    same("released in a year", board.released, released(EPOCHS + 1))?;
    let split = all[all.len() - 1].split;
    world.say(format!(
        "{EPOCHS} epochs closed; {} VCAI released, {split} ppm for supply",
        units(released(EPOCHS + 1))
    ));
    Ok(())
}

/// What a claim said it paid, part by part.
struct Claimed {
    capacity: u128,
    bonus: u128,
    first_access: u128,
    delivery: u128,
    rebate: u128,
}

fn claim(world: &mut World, by: &Person, from: u64, to: u64) -> Result<Claimed> {
    let at = world.at.incentive_controller.clone();
    let before = world.vcai(by.address())?;
    let msg = with(&at, &incentives::ExecuteMsg::Claim { from, to }, 0)?;
    let sent = world.all(by, std::slice::from_ref(&msg))?;
    let part = |key: &str| -> Result<u128> {
        Ok(sent
            .attribute("wasm-claimed", key)
            .with_context(|| key.to_owned())?
            .parse()?)
    };
    let claimed = Claimed {
        capacity: part("capacity")?,
        bonus: part("bonus")?,
        first_access: part("first_access")?,
        delivery: part("delivery")?,
        rebate: part("rebate")?,
    };
    let sum = claimed.capacity + claimed.bonus + claimed.first_access + claimed.delivery + claimed.rebate;
    same(by.name, world.vcai(by.address())? - before, sum)?;
    // Nothing is paid twice.
    world.refused(by, msg, "incentives:16")?;
    Ok(claimed)
}

/// The last month's claims: capacity, bonus and first access to the unit, what the rentals brought within their caps.
fn paid(world: &mut World, cast: &Cast, first: u64, since: u64, all: &[Epoch]) -> Result<()> {
    let to = first + WEEK * EPOCHS - 1;
    let from = to - 30;
    let (mut capacity, mut bonus, mut rentals) = ([0; 2], [0; 2], 0);
    for epoch in all {
        let Some(day) = epoch.day.filter(|day| (from..=to).contains(day)) else {
            continue;
        };
        rentals += 1;
        let part = |pool| of_day(pool, u128::from(day - first - WEEK * epoch.index), u128::from(WEEK));
        let [c, _, b, ..] = pools(epoch).map(part);
        let loyalty = u128::from(((day - since) / 30).min(10));
        let asked = [WEIGHTS[0] * loyalty, WEIGHTS[1] * (loyalty + 10)];
        let (weights, percents) = (WEIGHTS.iter().sum::<u128>(), asked.iter().sum::<u128>());
        let most = b.min(c * percents / (100 * weights));
        for node in 0..2 {
            capacity[node] += c * WEIGHTS[node] / weights;
            bonus[node] += most * asked[node] / percents;
        }
    }
    ensure!(rentals == 4, "{rentals} reports in the last month");
    // Half the fee at the pool's price, which nobody moved for months: half for the renter, half for the node; the grid keeps at least four fifths of it.
    let [vcai, usdt] = laws::pool(world.chain(), &world.at.vcai_exchange)?
        .reserves
        .map(|amount| amount.u128());
    let cap = FEE / 2 * vcai / usdt / 2;
    let within = |what: &str, paid: u128| -> Result<()> {
        let (least, most) = (rentals * cap * 4 / 5, rentals * (cap + 1));
        ensure!(
            (least..=most).contains(&paid),
            "{what} {paid}, expected {least} to {most}"
        );
        Ok(())
    };
    let nia = claim(world, &cast.nia, from, to)?;
    let ned = claim(world, &cast.ned, from, to)?;
    let ray = claim(world, &cast.ray, from, to)?;
    same("Nia's capacity", nia.capacity, capacity[0])?;
    same("Ned's capacity", ned.capacity, capacity[1])?;
    same("Nia's bonus", nia.bonus, bonus[0])?;
    same("Ned's bonus", ned.bonus, bonus[1])?;
    same("Nia's new GPU", nia.first_access, FIRST_ACCESS)?;
    within("Nia's deliveries", nia.delivery)?;
    within("Ray's rebate", ray.rebate)?;
    same(
        "what Ned and Ray did not do",
        ned.delivery + ned.rebate + ray.capacity + ray.delivery,
        0u128,
    )?;
    world.say(format!(
        "a month paid {} and {} for capacity, {} for rentals",
        units(nia.capacity),
        units(ned.capacity),
        units(nia.delivery + ray.rebate)
    ));
    Ok(())
}

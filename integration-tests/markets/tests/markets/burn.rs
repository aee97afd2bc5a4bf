//! A gateway's profit, and the Friday on which the fund burns.

use anyhow::{ensure, Result};
use cosmwasm_std::HexBinary;
use interfaces::ecosystem_fund::{self as fund, ExecuteMsg, QueryMsg};
use interfaces::{credit_vault as vault, l_coin};
use markets::world::{number, same, units, World, DAY, GATEWAY, HOUR, ONE, START, WEEK};

use crate::trading::{out, reserves};
use crate::Cast;

/// From the deployment, of 10,000: the fund's share of profit, and of revenue at least.
const SHARE: u128 = 2_000;
const FLOOR: u128 = 200;
/// The pool's fee, how much of the fee on a reserve a slice may be, and the part of it for prizes.
const FEE: u128 = 30;
const SLICE: u128 = 5_000;
const PRIZES: u128 = 1_000;
/// Pause between two slices, seconds.
const INTERVAL: u64 = 600;
/// A week can be released so long after its end.
const RELEASE_AFTER: u64 = 9 * DAY;
const SLICES: u64 = 3;

/// The first Monday of the story.
fn monday() -> u64 {
    START - START % DAY
}

fn coin(world: &World) -> Result<(u128, u128)> {
    let coin: l_coin::MintedResponse = world.query(&world.at.l_coin, &l_coin::QueryMsg::Minted {})?;
    Ok((coin.minted.u128(), coin.burned.u128()))
}

/// ⌈a · bps / 10⁴⌉
fn up(amount: u128, bps: u128) -> u128 {
    (amount * bps).div_ceil(10_000)
}

/// The gateway reports its first week; the fund has its share to the unit, the gateway the rest.
fn report_profit(world: &mut World, cast: &Cast) -> Result<()> {
    let at = world.at.ecosystem_fund.clone();
    let overview: vault::OverviewResponse = world.query(&world.at.credit_vault, &vault::QueryMsg::Overview {})?;
    let first = overview.week;
    let report = |week, cost: u128| ExecuteMsg::ReportProfit {
        week,
        gateway: GATEWAY,
        cost: cost.into(),
        evidence_hash: HexBinary::from([3; 32]),
    };
    let query = vault::QueryMsg::Week {
        gateway: GATEWAY,
        week: first,
    };
    let booked: vault::WeekResponse = world.query(&world.at.credit_vault, &query)?;
    let (revenue, cost) = (booked.revenue.u128(), booked.cost.u128());
    ensure!(revenue > 50_000 * ONE && cost < revenue, "{booked:?}");
    let code = world.refused(&cast.owner, &at, &report(first, cost))?;
    ensure!(code == "fund:7", "{code}: a week that can still be challenged");
    world.until(monday() + WEEK + RELEASE_AFTER + 60)?;
    let had = world.credits(cast.owner.address())?;
    world.execute(&cast.owner, &at, &report(first, cost), &[])?;
    let share = up(revenue - cost, SHARE).max(up(revenue, FLOOR));
    let now: fund::OverviewResponse = world.query(&at, &QueryMsg::Overview {})?;
    same("the fund's pot", now.pot, share)?;
    same(
        "the gateway's part",
        world.credits(cast.owner.address())? - had,
        revenue - share,
    )?;
    let code = world.refused(&cast.owner, &at, &report(first, cost))?;
    ensure!(code == "fund:5", "{code}: a week is released once");
    world.say(format!(
        "the gateway made {} Credits at a cost of {}: {} are the fund's",
        units(revenue),
        units(cost),
        units(share)
    ));
    Ok(())
}

/// Nothing is bought on any other day; on Friday three slices are, and all but the prizes is burned.
pub fn buy_back(world: &mut World, cast: &Cast) -> Result<()> {
    let at = world.at.ecosystem_fund.clone();
    report_profit(world, cast)?;
    let code = world.refused(&cast.gus, &at, &ExecuteMsg::Buyback {})?;
    ensure!(code == "fund:11", "{code}: no Friday");
    // Released on a Wednesday.
    world.until(monday() + WEEK + RELEASE_AFTER + 2 * DAY + 8 * HOUR)?;
    let mut burned_in_all = 0;
    for n in 1..=SLICES {
        burned_in_all += slice(world, cast, n)?;
        if n == 1 {
            let code = world.refused(&cast.gus, &at, &ExecuteMsg::Buyback {})?;
            ensure!(code == "fund:12", "{code}: the next slice waits");
        }
        world.pass(INTERVAL + 1)?;
    }
    let now: fund::OverviewResponse = world.query(&at, &QueryMsg::Overview {})?;
    same("burned in all", now.burned, burned_in_all)?;
    world.say(format!(
        "Friday: {} Credits bought LCO, {} are burned",
        units(now.spent.u128()),
        units(burned_in_all)
    ));
    Ok(())
}

/// One slice: the sum spent, what it buys, and what leaves the supply are worked out here.
fn slice(world: &mut World, cast: &Cast, n: u64) -> Result<u128> {
    let at = world.at.ecosystem_fund.clone();
    let [lco, credits] = reserves(world)?;
    let before: fund::OverviewResponse = world.query(&at, &QueryMsg::Overview {})?;
    let supply = coin(world)?;
    let bought_back = world.execute(&cast.gus, &at, &ExecuteMsg::Buyback {}, &[])?;
    let spent = before.pot.u128().min(credits * FEE * SLICE / 100_000_000);
    let bought = out(credits, lco, spent);
    let prizes = bought * PRIZES / 10_000;
    let receipt: fund::Receipt = world.query(&at, &QueryMsg::Receipt { n })?;
    same("spent by a slice", receipt.credits_spent, spent)?;
    same("bought by a slice", receipt.lco_bought, bought)?;
    same("set aside for prizes", receipt.lco_to_prizes, prizes)?;
    let after = coin(world)?;
    same("minted meanwhile", after.0, supply.0)?;
    same("what left the supply", after.1 - supply.1, bought - prizes)?;
    same(
        "what the event says",
        number(&bought_back, "burn", "lco_burned")?,
        bought - prizes,
    )?;
    Ok(bought - prizes)
}

//! What must hold between any two messages: nothing comes from nowhere, and every contract holds what it owes.

use anyhow::{ensure, Result};
use interfaces::{
    compute_wars, credit_vault as vault, ecosystem_fund as fund, exchange, l_coin, lco_staking as staking, margin,
    prediction_market as market,
};

use crate::world::World;

/// Asks the chain for all of them.
///
/// # Errors
/// Naming the law that is broken.
pub fn hold(world: &World) -> Result<()> {
    credits(world)?;
    coin(world)?;
    pools(world)?;
    stakes_and_bets(world)?;
    fund_and_contest(world)
}

/// reserve = supply + revenue = USDT held; M(C) = 10 · C before the first halving.
fn credits(world: &World) -> Result<()> {
    let overview: vault::OverviewResponse = world.query(&world.at.credit_vault, &vault::QueryMsg::Overview {})?;
    let owed = overview.supply + overview.revenue;
    ensure!(
        overview.reserve == owed,
        "reserve {} = supply + revenue {owed}",
        overview.reserve
    );
    let held = world.usdt(&world.at.credit_vault)?;
    ensure!(
        held == overview.reserve.u128(),
        "USDT held {held} = reserve {}",
        overview.reserve
    );
    ensure!(overview.halving == 0, "no halving here");
    let mined = 10 * overview.consumed.u128();
    ensure!(
        overview.mined.u128() == mined,
        "mined {} = M(C) {mined}",
        overview.mined
    );
    let coin: l_coin::MintedResponse = world.query(&world.at.l_coin, &l_coin::QueryMsg::Minted {})?;
    ensure!(
        coin.minted + overview.booked == overview.mined,
        "minted + booked = mined"
    );
    ensure!(
        world.credits(&world.at.imo_launchpad)? == 0,
        "the launchpad holds Credits"
    );
    Ok(())
}

/// Supply = minted − burned ≤ the cap.
fn coin(world: &World) -> Result<()> {
    let coin: l_coin::MintedResponse = world.query(&world.at.l_coin, &l_coin::QueryMsg::Minted {})?;
    let info: cw20::TokenInfoResponse = world.query(&world.at.l_coin, &l_coin::QueryMsg::TokenInfo {})?;
    ensure!(
        info.total_supply == coin.minted - coin.burned,
        "supply = minted − burned"
    );
    ensure!(coin.minted <= coin.cap, "minted above the cap");
    Ok(())
}

fn covers(what: &str, held: u128, owed: u128) -> Result<()> {
    ensure!(held >= owed, "{what}: {held} held, {owed} owed");
    Ok(())
}

fn pools(world: &World) -> Result<()> {
    let (exchange, margin) = (&world.at.exchange, &world.at.margin);
    let pool: exchange::MarketResponse = world.query(exchange, &exchange::QueryMsg::Market {})?;
    covers("exchange, LCO", world.lco(exchange)?, pool.reserves[0].u128())?;
    covers("exchange, Credits", world.credits(exchange)?, pool.reserves[1].u128())?;
    let overview: margin::OverviewResponse = world.query(margin, &margin::QueryMsg::Overview {})?;
    let [credit, lco] = &overview.pools;
    let owed = credit.cash + credit.reserve + overview.short_collateral;
    covers("margin, Credits", world.credits(margin)?, owed.u128())?;
    let owed = lco.cash + lco.reserve + overview.long_open_interest;
    covers("margin, LCO", world.lco(margin)?, owed.u128())
}

fn stakes_and_bets(world: &World) -> Result<()> {
    let (staking, bets) = (&world.at.lco_staking, &world.at.prediction_market);
    let overview: staking::OverviewResponse = world.query(staking, &staking::QueryMsg::Overview {})?;
    covers(
        "staking",
        world.lco(staking)?,
        (overview.bonded + overview.unbonding).u128(),
    )?;
    let overview: market::OverviewResponse = world.query(bets, &market::QueryMsg::Overview {})?;
    let owed = overview.open_interest + overview.unclaimed + overview.bonds;
    covers("prediction market", world.lco(bets)?, owed.u128())
}

/// received = spent + paid + pot; bought = burned + prizes; both are there.
fn fund_and_contest(world: &World) -> Result<()> {
    let (at, contest) = (&world.at.ecosystem_fund, &world.at.compute_wars);
    let overview: fund::OverviewResponse = world.query(at, &fund::QueryMsg::Overview {})?;
    let gone = overview.spent + overview.free_calls_paid + overview.pot;
    ensure!(
        overview.received == gone,
        "received {} = spent + paid + pot {gone}",
        overview.received
    );
    ensure!(
        overview.bought == overview.burned + overview.to_prizes,
        "bought = burned + prizes"
    );
    covers("fund, Credits", world.credits(at)?, overview.pot.u128())?;
    covers("fund, LCO", world.lco(at)?, overview.prizes_held.u128())?;
    let overview: compute_wars::OverviewResponse = world.query(contest, &compute_wars::QueryMsg::Overview {})?;
    covers(
        "contest",
        world.lco(contest)?,
        (overview.unclaimed + overview.rolled).u128(),
    )
}

//! What must hold. [`Laws::totals`] is cheap and runs after every step; [`Laws::sums`] adds up everybody and runs after every day.

use anyhow::{ensure, Result};
use cosmwasm_std::Uint128;
use interfaces::{
    compute_wars, credit_vault as vault, ecosystem_fund as fund, exchange, l_coin, lco_staking as staking, margin,
    prediction_market as market,
};

use crate::agents::{Role, Town};
use crate::world::World;

/// What was seen before and may only grow, and how often the laws were checked.
#[derive(Clone, Debug, Default)]
pub struct Laws {
    minted: u128,
    burned: u128,
    consumed: u128,
    pub totals: u64,
    pub sums: u64,
}

impl Laws {
    /// Every contract holds what it says it owes, and nothing comes from nowhere.
    ///
    /// # Errors
    /// Naming the law that is broken.
    pub fn totals(&mut self, world: &World) -> Result<()> {
        self.totals += 1;
        self.vault(world)?;
        self.coin(world)?;
        exchange_covers(world)?;
        staking_covers(world)?;
        margin_covers(world)?;
        market_covers(world)?;
        fund_and_contest_cover(world)?;
        ensure!(world.credits(&world.at.launchpad)? == 0, "the launchpad holds Credits");
        Ok(())
    }

    /// reserve = supply + revenue = bank; C only grows.
    fn vault(&mut self, world: &World) -> Result<()> {
        let overview: vault::OverviewResponse = world.query(&world.at.vault, &vault::QueryMsg::Overview {})?;
        let (reserve, owed) = (overview.reserve, overview.supply + overview.revenue);
        ensure!(reserve == owed, "reserve {reserve} = supply + revenue {owed}");
        let bank = world.usdt(&world.at.vault)?;
        ensure!(bank == reserve.u128(), "the vault's USDT {bank} = reserve {reserve}");
        ensure!(overview.consumed.u128() >= self.consumed, "C fell");
        self.consumed = overview.consumed.u128();
        let mined = math::halving::minted_at(self.consumed);
        ensure!(mined == overview.mined.u128(), "M(C) {mined} = {}", overview.mined);
        Ok(())
    }

    /// LCO in circulation = minted − burned; minted ≤ cap and both only grow.
    fn coin(&mut self, world: &World) -> Result<()> {
        let answer: l_coin::MintedResponse = world.query(&world.at.l_coin, &l_coin::QueryMsg::Minted {})?;
        let (minted, burned) = (answer.minted.u128(), answer.burned.u128());
        ensure!(minted >= self.minted && burned >= self.burned, "minted or burned fell");
        ensure!(answer.minted <= answer.cap, "minted above the cap");
        (self.minted, self.burned) = (minted, burned);
        let info: cw20::TokenInfoResponse = world.query(&world.at.l_coin, &l_coin::QueryMsg::TokenInfo {})?;
        let supply = info.total_supply.u128();
        ensure!(supply == minted - burned, "supply {supply} = {minted} − {burned}");
        Ok(())
    }

    /// Σ over everybody of each kind of holding.
    ///
    /// # Errors
    /// Naming the law that is broken.
    pub fn sums(&mut self, town: &Town) -> Result<()> {
        self.sums += 1;
        money(&town.world)?;
        stakes(&town.world)?;
        shares(town)?;
        positions(town)
    }
}

fn covers(name: &str, held: u128, owed: u128) -> Result<()> {
    ensure!(held >= owed, "{name} holds {held}, owes {owed}");
    Ok(())
}

fn exchange_covers(world: &World) -> Result<()> {
    let [lco, credits] = world.pool()?.reserves.map(|amount| amount.u128());
    covers("exchange, LCO", world.lco(&world.at.exchange)?, lco)?;
    covers("exchange, Credits", world.credits(&world.at.exchange)?, credits)
}

fn staking_covers(world: &World) -> Result<()> {
    let overview: staking::OverviewResponse = world.query(&world.at.staking, &staking::QueryMsg::Overview {})?;
    let owed = (overview.bonded + overview.unbonding).u128();
    let held = world.lco(&world.at.staking)?;
    ensure!(held == owed, "staking holds {held}, owes {owed}");
    Ok(())
}

fn margin_covers(world: &World) -> Result<()> {
    let overview: margin::OverviewResponse = world.query(&world.at.margin, &margin::QueryMsg::Overview {})?;
    let [credit, lco] = &overview.pools;
    let owed = (credit.cash + credit.reserve + overview.short_collateral).u128();
    covers("margin, Credits", world.credits(&world.at.margin)?, owed)?;
    let owed = (lco.cash + lco.reserve + overview.long_open_interest).u128();
    covers("margin, LCO", world.lco(&world.at.margin)?, owed)
}

fn market_covers(world: &World) -> Result<()> {
    let overview: market::OverviewResponse = world.query(&world.at.market, &market::QueryMsg::Overview {})?;
    let owed = (overview.open_interest + overview.unclaimed + overview.bonds).u128();
    covers("prediction market", world.lco(&world.at.market)?, owed)
}

fn fund_and_contest_cover(world: &World) -> Result<()> {
    let overview: fund::OverviewResponse = world.query(&world.at.fund, &fund::QueryMsg::Overview {})?;
    let pot = overview.received - overview.spent - overview.free_calls_paid;
    ensure!(
        pot == overview.pot,
        "pot {} = received − spent − paid {pot}",
        overview.pot
    );
    ensure!(
        overview.bought == overview.burned + overview.to_prizes,
        "bought = burned + prizes"
    );
    covers("fund, Credits", world.credits(&world.at.fund)?, overview.pot.u128())?;
    covers("fund, LCO", world.lco(&world.at.fund)?, overview.prizes_held.u128())?;
    let contest: compute_wars::OverviewResponse = world.query(&world.at.wars, &compute_wars::QueryMsg::Overview {})?;
    let owed = contest.unclaimed + contest.rolled;
    ensure!(
        contest.collected == contest.paid + owed,
        "collected = paid + unclaimed + rolled"
    );
    covers("contest", world.lco(&world.at.wars)?, owed.u128())
}

/// Σ USDT = issued; Σ Credits = supply; Σ LCO = minted − burned; Σ booked = booked.
fn money(world: &World) -> Result<()> {
    let (mut usdt, mut credits, mut lco, mut booked) = (world.usdt(&world.at.vault)?, 0, 0, 0);
    for (_, contract) in world.at.all() {
        credits += world.credits(contract)?;
        lco += world.lco(contract)?;
    }
    for person in &world.people {
        let account: vault::AccountResponse = world.query(
            &world.at.vault,
            &vault::QueryMsg::Account {
                address: person.to_string(),
                start_after: None,
                limit: None,
            },
        )?;
        usdt += world.usdt(person)?;
        credits += account.free.u128() + account.spending.iter().map(|row| row.amount.u128()).sum::<u128>();
        booked += account.booked_lco.u128();
        lco += world.lco(person)?;
    }
    ensure!(usdt == world.issued, "Σ USDT {usdt} = issued {}", world.issued);
    let overview: vault::OverviewResponse = world.query(&world.at.vault, &vault::QueryMsg::Overview {})?;
    ensure!(
        credits == overview.supply.u128(),
        "Σ Credits {credits} = supply {}",
        overview.supply
    );
    ensure!(
        booked == overview.booked.u128(),
        "Σ booked {booked} = {}",
        overview.booked
    );
    let minted: l_coin::MintedResponse = world.query(&world.at.l_coin, &l_coin::QueryMsg::Minted {})?;
    let supply = (minted.minted - minted.burned).u128();
    ensure!(lco == supply, "Σ LCO {lco} = minted − burned {supply}");
    Ok(())
}

/// Σ stakes = bonded.
fn stakes(world: &World) -> Result<()> {
    let (mut stake, mut unbonding) = (Uint128::zero(), Uint128::zero());
    for person in &world.people {
        let address = person.to_string();
        let account: staking::AccountResponse =
            world.query(&world.at.staking, &staking::QueryMsg::Account { address })?;
        stake += account.stake;
        unbonding += account.unbonding.iter().map(|row| row.amount).sum::<Uint128>();
    }
    let overview: staking::OverviewResponse = world.query(&world.at.staking, &staking::QueryMsg::Overview {})?;
    ensure!(
        stake == overview.bonded,
        "Σ stakes {stake} = bonded {}",
        overview.bonded
    );
    ensure!(
        unbonding == overview.unbonding,
        "Σ unbonding {unbonding} = {}",
        overview.unbonding
    );
    Ok(())
}

/// Σ LP shares = all but the locked ones; Σ lenders' shares = those of the pools, but for what nobody owns.
fn shares(town: &Town) -> Result<()> {
    let world = &town.world;
    let mut liquidity = 0;
    for agent in town.agents.iter().filter(|agent| agent.role == Role::Provider) {
        let address = agent.address.to_string();
        let account: exchange::AccountResponse =
            world.query(&world.at.exchange, &exchange::QueryMsg::Account { address })?;
        liquidity += account.shares.u128();
    }
    let all = world.pool()?.total_shares.u128();
    ensure!(liquidity + 1_000 == all, "Σ LP shares {liquidity} + 1,000 = {all}");
    let mut lent = [Uint128::zero(); 2];
    for agent in town.agents.iter().filter(|agent| agent.role == Role::Lender) {
        let address = agent.address.to_string();
        let lender: margin::LenderResponse = world.query(&world.at.margin, &margin::QueryMsg::Lender { address })?;
        lent[0] += lender.credit_shares;
        lent[1] += lender.lco_shares;
    }
    let overview: margin::OverviewResponse = world.query(&world.at.margin, &margin::QueryMsg::Overview {})?;
    for (lent, pool) in lent.into_iter().zip(&overview.pools) {
        ensure!(
            lent == pool.supply_shares,
            "Σ supply shares {lent} = {} ({:?})",
            pool.supply_shares,
            pool.token
        );
    }
    Ok(())
}

/// Σ positions = open interest, collateral and debt shares.
fn positions(town: &Town) -> Result<()> {
    let world = &town.world;
    let (mut longs, mut collateral) = (Uint128::zero(), Uint128::zero());
    let mut debts = [Uint128::zero(); 2];
    let traders = town
        .agents
        .iter()
        .filter(|a| matches!(a.role, Role::Long | Role::Short));
    for agent in traders {
        let open: Vec<margin::PositionResponse> = world.query(
            &world.at.margin,
            &margin::QueryMsg::Positions {
                owner: agent.address.to_string(),
                start_after: None,
                limit: Some(100),
            },
        )?;
        for position in open {
            match position.side {
                margin::Side::Long => {
                    longs += position.held;
                    debts[0] += position.debt_shares;
                }
                margin::Side::Short => {
                    collateral += position.held;
                    debts[1] += position.debt_shares;
                }
            }
        }
    }
    let overview: margin::OverviewResponse = world.query(&world.at.margin, &margin::QueryMsg::Overview {})?;
    ensure!(longs == overview.long_open_interest, "Σ longs {longs} = open interest");
    ensure!(
        collateral == overview.short_collateral,
        "Σ shorts hold {collateral} = {}",
        overview.short_collateral
    );
    for (sum, pool) in debts.into_iter().zip(&overview.pools) {
        ensure!(sum == pool.debt_shares, "Σ debt shares {sum} = {}", pool.debt_shares);
    }
    Ok(())
}

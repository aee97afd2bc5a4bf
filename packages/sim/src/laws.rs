//! What must hold after every step, to the unit. Contracts' own totals are asked for; what everybody has is kept as a sum that follows every account that a message
//! or one of its events names. Once a day everybody is counted anew, which also shows that no account changed without being named.

use std::collections::BTreeMap;

use anyhow::{ensure, Result};
use cosmwasm_std::{Addr, Uint128};
use interfaces::{
    compute_wars, credit_vault as vault, ecosystem_fund as fund, exchange, l_coin, lco_staking as staking, margin,
    prediction_market as market,
};

use crate::agents::{Role, Town};
use crate::world::World;

/// What one person has, or all of them: one number for each [`PARTS`].
type Holdings = [u128; PARTS.len()];

/// What is added up.
const PARTS: [&str; 13] = [
    "USDT",
    "Credits, free and promised",
    "booked LCO",
    "LCO",
    "stakes",
    "unbonding stakes",
    "LP shares",
    "supply shares of Credits",
    "supply shares of LCO",
    "LCO of longs",
    "Credits of shorts",
    "debt shares of longs",
    "debt shares of shorts",
];

/// What was seen before and may only grow, what everybody has, and how often the laws were checked.
#[derive(Clone, Debug, Default)]
pub struct Laws {
    minted: u128,
    burned: u128,
    consumed: u128,
    /// By person, as of the last message that named him.
    people: Vec<Holdings>,
    sums: Holdings,
    pub steps: u64,
    pub recounts: u64,
}

/// The contracts' answers at one moment.
struct Books {
    vault: vault::OverviewResponse,
    minted: l_coin::MintedResponse,
    pool: exchange::MarketResponse,
    staking: staking::OverviewResponse,
    margin: margin::OverviewResponse,
    market: market::OverviewResponse,
    fund: fund::OverviewResponse,
    wars: compute_wars::OverviewResponse,
    /// Credits and LCO of each contract, by address.
    held: BTreeMap<Addr, [u128; 2]>,
}

impl Books {
    fn read(world: &World) -> Result<Self> {
        let at = &world.at;
        let mut held = BTreeMap::new();
        for (_, contract) in at.all() {
            held.insert(contract.clone(), [world.credits(contract)?, world.lco(contract)?]);
        }
        Ok(Self {
            held,
            vault: world.query(&at.vault, &vault::QueryMsg::Overview {})?,
            minted: world.query(&at.l_coin, &l_coin::QueryMsg::Minted {})?,
            pool: world.pool()?,
            staking: world.query(&at.staking, &staking::QueryMsg::Overview {})?,
            margin: world.query(&at.margin, &margin::QueryMsg::Overview {})?,
            market: world.query(&at.market, &market::QueryMsg::Overview {})?,
            fund: world.query(&at.fund, &fund::QueryMsg::Overview {})?,
            wars: world.query(&at.wars, &compute_wars::QueryMsg::Overview {})?,
        })
    }

    fn credits(&self, contract: &Addr) -> u128 {
        self.held.get(contract).map_or(0, |[credits, _]| *credits)
    }

    fn lco(&self, contract: &Addr) -> u128 {
        self.held.get(contract).map_or(0, |[_, lco]| *lco)
    }
}

impl Laws {
    /// Every law, after a step.
    ///
    /// # Errors
    /// Naming the law that is broken.
    pub fn check(&mut self, town: &mut Town) -> Result<()> {
        self.steps += 1;
        self.people.resize(town.world.people.len(), Holdings::default());
        for person in std::mem::take(&mut town.world.touched) {
            let now = holdings(town, person)?;
            let before = std::mem::replace(&mut self.people[person], now);
            for ((sum, now), before) in self.sums.iter_mut().zip(now).zip(before) {
                *sum = *sum + now - before;
            }
        }
        let (world, books) = (&town.world, Books::read(&town.world)?);
        self.vault(world, &books)?;
        self.coin(world, &books)?;
        covered(world, &books)?;
        self.everybody(world, &books)
    }

    /// Counts everybody anew.
    ///
    /// # Errors
    /// Naming who changed without being named by a message or its events.
    pub fn recount(&mut self, town: &Town) -> Result<()> {
        self.recounts += 1;
        for (person, kept) in self.people.iter().enumerate() {
            let counted = holdings(town, person)?;
            for ((part, counted), kept) in PARTS.into_iter().zip(counted).zip(*kept) {
                ensure!(
                    counted == kept,
                    "person {person} has {counted} of {part}, last seen with {kept}"
                );
            }
        }
        bets(town)
    }

    /// reserve = supply + revenue = bank; C only grows, and M(C) LCO were mined.
    fn vault(&mut self, world: &World, books: &Books) -> Result<()> {
        let overview = &books.vault;
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
    fn coin(&mut self, world: &World, books: &Books) -> Result<()> {
        let (minted, burned) = (books.minted.minted.u128(), books.minted.burned.u128());
        ensure!(minted >= self.minted && burned >= self.burned, "minted or burned fell");
        ensure!(books.minted.minted <= books.minted.cap, "minted above the cap");
        (self.minted, self.burned) = (minted, burned);
        let info: cw20::TokenInfoResponse = world.query(&world.at.l_coin, &l_coin::QueryMsg::TokenInfo {})?;
        let supply = info.total_supply.u128();
        ensure!(supply == minted - burned, "supply {supply} = {minted} − {burned}");
        Ok(())
    }

    /// Σ over everybody, and the contracts, of each kind of holding is what the contracts say there is.
    fn everybody(&self, world: &World, books: &Books) -> Result<()> {
        let [usdt, credits, booked, lco, stakes, unbonding, shares, lent, lent_lco, longs, shorts, owed, owed_lco] =
            self.sums;
        let (mut all_credits, mut all_lco) = (credits, lco);
        for [credits, lco] in books.held.values() {
            all_credits += credits;
            all_lco += lco;
        }
        let [credit_pool, lco_pool] = &books.margin.pools;
        let rows = [
            ("USDT", usdt + world.usdt(&world.at.vault)?, world.issued),
            ("Credits", all_credits, books.vault.supply.u128()),
            ("booked LCO", booked, books.vault.booked.u128()),
            ("LCO", all_lco, self.minted - self.burned),
            ("stakes", stakes, books.staking.bonded.u128()),
            ("unbonding", unbonding, books.staking.unbonding.u128()),
            // the first 1,000 belong to nobody
            ("LP shares", shares + 1_000, books.pool.total_shares.u128()),
            ("supply shares of Credits", lent, credit_pool.supply_shares.u128()),
            ("supply shares of LCO", lent_lco, lco_pool.supply_shares.u128()),
            ("LCO of longs", longs, books.margin.long_open_interest.u128()),
            ("Credits of shorts", shorts, books.margin.short_collateral.u128()),
            ("debt shares of longs", owed, credit_pool.debt_shares.u128()),
            ("debt shares of shorts", owed_lco, lco_pool.debt_shares.u128()),
        ];
        for (name, sum, total) in rows {
            ensure!(sum == total, "Σ {name} {sum} = {total}");
        }
        Ok(())
    }
}

fn covers(name: &str, held: u128, owed: u128) -> Result<()> {
    ensure!(held >= owed, "{name} holds {held}, owes {owed}");
    Ok(())
}

/// Every contract holds what it says it owes, and its own sums come out.
fn covered(world: &World, books: &Books) -> Result<()> {
    let at = &world.at;
    let [lco, credits] = books.pool.reserves.map(|amount| amount.u128());
    covers("exchange, LCO", books.lco(&at.exchange), lco)?;
    covers("exchange, Credits", books.credits(&at.exchange), credits)?;

    let owed = (books.staking.bonded + books.staking.unbonding).u128();
    let held = books.lco(&at.staking);
    ensure!(held == owed, "staking holds {held}, owes {owed}");

    let [credit, lco] = &books.margin.pools;
    let owed = (credit.cash + credit.reserve + books.margin.short_collateral).u128();
    covers("margin, Credits", books.credits(&at.margin), owed)?;
    let owed = (lco.cash + lco.reserve + books.margin.long_open_interest).u128();
    covers("margin, LCO", books.lco(&at.margin), owed)?;

    let owed = (books.market.open_interest + books.market.unclaimed + books.market.bonds).u128();
    covers("prediction market", books.lco(&at.market), owed)?;
    ensure!(books.credits(&at.launchpad) == 0, "the launchpad holds Credits");
    fund_and_contest(world, books)
}

fn fund_and_contest(world: &World, books: &Books) -> Result<()> {
    let fund = &books.fund;
    let pot = fund.received - fund.spent - fund.free_calls_paid;
    ensure!(pot == fund.pot, "pot {} = received − spent − paid {pot}", fund.pot);
    ensure!(fund.bought == fund.burned + fund.to_prizes, "bought = burned + prizes");
    covers("fund, Credits", books.credits(&world.at.fund), fund.pot.u128())?;
    covers("fund, LCO", books.lco(&world.at.fund), fund.prizes_held.u128())?;
    let contest = &books.wars;
    let owed = contest.unclaimed + contest.rolled;
    ensure!(
        contest.collected == contest.paid + owed,
        "collected = paid + unclaimed + rolled"
    );
    covers("contest", books.lco(&world.at.wars), owed.u128())
}

/// What a person has. Who is no provider, lender or speculator is not asked for what only these can have; if he had any, the sums would not come out.
fn holdings(town: &Town, person: usize) -> Result<Holdings> {
    let (world, mut all) = (&town.world, Holdings::default());
    let address = &world.people[person];
    let role = town.agents.get(person).map(|agent| agent.role);
    all[0] = world.usdt(address)?;
    [all[1], all[2]] = in_vault(world, person)?;
    all[3] = world.lco(address)?;
    [all[4], all[5]] = staked(world, person)?;
    match role {
        Some(Role::Provider) => {
            let msg = exchange::QueryMsg::Account {
                address: address.to_string(),
            };
            let account: exchange::AccountResponse = world.query(&world.at.exchange, &msg)?;
            all[6] = account.shares.u128();
        }
        Some(Role::Lender) => {
            let msg = margin::QueryMsg::Lender {
                address: address.to_string(),
            };
            let lender: margin::LenderResponse = world.query(&world.at.margin, &msg)?;
            [all[7], all[8]] = [lender.credit_shares.u128(), lender.lco_shares.u128()];
        }
        Some(Role::Long | Role::Short) => [all[9], all[10], all[11], all[12]] = positions(world, person)?,
        _ => {}
    }
    Ok(all)
}

/// Credits free and promised; LCO mined and not claimed.
fn in_vault(world: &World, person: usize) -> Result<[u128; 2]> {
    let msg = vault::QueryMsg::Account {
        address: world.people[person].to_string(),
        start_after: None,
        limit: None,
    };
    let account: vault::AccountResponse = world.query(&world.at.vault, &msg)?;
    let promised: Uint128 = account.spending.iter().map(|row| row.amount).sum();
    Ok([(account.free + promised).u128(), account.booked_lco.u128()])
}

fn staked(world: &World, person: usize) -> Result<[u128; 2]> {
    let address = world.people[person].to_string();
    let account: staking::AccountResponse = world.query(&world.at.staking, &staking::QueryMsg::Account { address })?;
    let unbonding: Uint128 = account.unbonding.iter().map(|row| row.amount).sum();
    Ok([account.stake.u128(), unbonding.u128()])
}

/// What longs and shorts hold, and their debt shares.
fn positions(world: &World, person: usize) -> Result<[u128; 4]> {
    let msg = margin::QueryMsg::Positions {
        owner: world.people[person].to_string(),
        start_after: None,
        limit: Some(100),
    };
    let open: Vec<margin::PositionResponse> = world.query(&world.at.margin, &msg)?;
    let mut all = [0; 4];
    for position in open {
        let place = usize::from(position.side == margin::Side::Short);
        all[place] += position.held.u128();
        all[2 + place] += position.debt_shares.u128();
    }
    Ok(all)
}

/// Σ over everybody of what he put into open markets and did not get back = open interest. A market that ends changes this for all who bet on it at once.
fn bets(town: &Town) -> Result<()> {
    let (world, mut sum) = (&town.world, 0);
    for question in &town.questions {
        for agent in town.agents.iter().filter(|agent| agent.bets.contains(&question.market)) {
            let msg = market::QueryMsg::Position {
                market: question.market,
                address: agent.address.to_string(),
            };
            let row: market::PositionResponse = world.query(&world.at.market, &msg)?;
            if !matches!(row.status, market::Status::Resolved | market::Status::Voided) {
                sum += row.net_cost.u128();
            }
        }
    }
    let overview: market::OverviewResponse = world.query(&world.at.market, &market::QueryMsg::Overview {})?;
    let total = overview.open_interest;
    ensure!(sum == total.u128(), "Σ bets {sum} = open interest {total}");
    Ok(())
}

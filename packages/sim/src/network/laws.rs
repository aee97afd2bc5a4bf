//! What must hold after every step, to the unit.

use anyhow::{ensure, Result};
use cosmwasm_std::Uint128;
use interfaces::incentive_controller::Pools;
use interfaces::token_allocation::Bucket;
use interfaces::{
    genesis_nft, incentive_controller as incentives, token_allocation as allocation, treasury, vcai, ve_rewards,
    vote_escrow as escrow,
};
use math::incentives::{released_before, POOL};
use math::vote_escrow::{slope, weight};

use super::town::Town;
use super::world::World;

/// What was seen before and may only grow, and how often the laws were checked.
#[derive(Clone, Debug, Default)]
pub struct Laws {
    revenue: u128,
    funded: u128,
    /// Epochs opened, and Σ of their pools.
    epochs: u64,
    given: u128,
    pub steps: u64,
    /// How often what every locker has earned was added up.
    pub audits: u64,
}

/// What locks weigh, counted one by one.
#[derive(Default)]
struct Locks {
    number: u64,
    held: u128,
    locked: u128,
    slope: u128,
    weight: u128,
    linear: u128,
}

/// All rows of a list in pages of 100.
fn pages<T>(mut page: impl FnMut(Option<String>) -> Result<(Vec<T>, Option<String>)>) -> Result<Vec<T>> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (rows, next) = page(after)?;
        all.extend(rows);
        match next {
            Some(next) => after = Some(next),
            None => return Ok(all),
        }
    }
}

fn covered(name: &str, held: u128, owed: u128) -> Result<()> {
    ensure!(held == owed, "{name} holds {held}, owes {owed}");
    Ok(())
}

impl Laws {
    /// Every law, after a step.
    ///
    /// # Errors
    /// Naming the law that is broken.
    pub fn check(&mut self, town: &Town) -> Result<()> {
        self.steps += 1;
        let world = &town.world;
        supply(world)?;
        stablecoin(world)?;
        allocation(world)?;
        tokens(world)?;
        pool(world)?;
        self.treasury(world)?;
        locks(world)?;
        self.rewards(world)?;
        self.incentives(world)
    }

    /// Revenue is spent or waits; all that was bought is with the rewards.
    fn treasury(&mut self, world: &World) -> Result<()> {
        let at = &world.at;
        let book: treasury::OverviewResponse = world.chain.query(&at.treasury, &treasury::QueryMsg::Overview {})?;
        let revenue = book.revenue.total.u128();
        ensure!(revenue >= self.revenue, "revenue fell");
        self.revenue = revenue;
        ensure!(book.revenue.total == book.spent + book.pot, "revenue = spent + pot");
        ensure!(book.revenue.net_fees == book.revenue.total, "every source here counts");
        covered("treasury, USDT", world.chain.usdt(&at.treasury)?, book.pot.u128())?;
        covered("treasury, VCAI", world.vcai(&at.treasury)?, 0)?;
        let sources = treasury::QueryMsg::Sources {
            start_after: None,
            limit: None,
        };
        let sources: Vec<treasury::SourceResponse> = world.chain.query(&at.treasury, &sources)?;
        let deposited: Uint128 = sources.iter().map(|source| source.deposited).sum();
        ensure!(deposited == book.revenue.total, "Σ deposits = revenue");
        self.funded = book.bought.u128();
        Ok(())
    }

    /// The rewards hold what was bought and is not paid, and no more flows or waits than is unpaid.
    fn rewards(&mut self, world: &World) -> Result<()> {
        let at = &world.at;
        let book: ve_rewards::OverviewResponse = world.chain.query(&at.rewards, &ve_rewards::QueryMsg::Overview {})?;
        ensure!(
            book.funded.u128() == self.funded,
            "funded {} = bought {}",
            book.funded,
            self.funded
        );
        let unpaid = (book.funded - book.paid).u128();
        covered("ve-rewards", world.vcai(&at.rewards)?, unpaid)?;
        ensure!(
            (book.streaming + book.waiting).u128() <= unpaid,
            "more flows than is unpaid"
        );
        Ok(())
    }

    /// Lockers get exactly what was streamed: what all have earned, paid or not, and what still flows or waits, is what was funded, but for less than a base unit for
    /// each account and each segment of the stream. Answers that difference.
    ///
    /// # Errors
    /// Naming the law that is broken.
    pub fn audit(&mut self, town: &Town) -> Result<u128> {
        self.audits += 1;
        let (world, rewards) = (&town.world, &town.world.at.rewards);
        let book: ve_rewards::OverviewResponse = world.chain.query(rewards, &ve_rewards::QueryMsg::Overview {})?;
        let (mut earned, mut paid) = (Uint128::zero(), Uint128::zero());
        // also those who left long ago
        for who in &world.people {
            let address = who.to_string();
            let account: ve_rewards::AccountResponse =
                world.chain.query(rewards, &ve_rewards::QueryMsg::Account { address })?;
            paid += account.paid;
            earned += account.paid + account.claimable;
        }
        ensure!(paid == book.paid, "Σ paid {paid} = {}", book.paid);
        let known = (earned + book.streaming + book.waiting).u128();
        let funded = book.funded.u128();
        ensure!(known <= funded, "earned, flowing and waiting {known} of {funded}");
        let messages = world.chain.executed() + self.steps;
        let most = world.people.len() as u128 + u128::from(messages);
        ensure!(
            funded - known <= most,
            "{} base units of rewards are nobody's",
            funded - known
        );
        Ok(funded - known)
    }

    /// Released and left are the whole pool; what left the controller is what it paid; Σ pools of all epochs is what was released.
    fn incentives(&mut self, world: &World) -> Result<()> {
        let held = world.vcai(&world.at.incentives)?;
        let board = world.dashboard()?;
        ensure!(
            held + board.paid.u128() == POOL,
            "held {held} + paid {} = the pool",
            board.paid
        );
        let (released, left) = (board.released.u128(), POOL - released_before(board.released_epochs));
        ensure!(released + left == POOL, "released {released} + left {left} = the pool");
        let epoch = |info: &&incentives::EpochInfo| info.index >= self.epochs;
        let (new, pools): (u64, u128) = board
            .history
            .iter()
            .take_while(epoch)
            .fold((0, 0), |(number, sum), info| (number + 1, sum + total(&info.pools)));
        self.epochs += new;
        self.given += pools;
        ensure!(self.epochs == board.released_epochs, "an epoch was missed");
        ensure!(self.given == released, "Σ pools {} = released {released}", self.given);
        let gone = (board.paid + board.withheld + board.left_over + board.re_released).u128();
        ensure!(gone <= released, "paid and kept {gone} of {released}");
        Ok(())
    }

    /// When every day that closed is claimed, what is neither paid nor kept is what open epochs give, but for roundings. Answers them.
    ///
    /// # Errors
    /// Naming the law that is broken.
    pub fn claimed_all(&self, town: &Town, days: usize) -> Result<u128> {
        let board = town.world.dashboard()?;
        let open: u128 = board
            .history
            .iter()
            .filter(|info| info.usage.is_none())
            .map(|info| total(&info.pools))
            .sum();
        let gone = (board.paid + board.withheld + board.left_over + board.re_released).u128();
        let (known, released) = (gone + open, board.released.u128());
        ensure!(known <= released, "paid, kept and open {known} of {released}");
        // less than a unit for each part, account and day
        let accounts = town.compute.nodes.len() + town.compute.renters.len() + 2 * town.compute.washers.len();
        let most = (accounts * days * 8) as u128;
        ensure!(
            released - known <= most,
            "{} base units of rewards are nobody's",
            released - known
        );
        Ok(released - known)
    }
}

fn total(pools: &Pools) -> u128 {
    (pools.capacity + pools.delivery + pools.bonus + pools.first_access + pools.demand).u128()
}

/// Σ over everybody and the contracts is the supply.
fn supply(world: &World) -> Result<()> {
    let overview: vcai::OverviewResponse = world.chain.query(&world.at.vcai, &vcai::QueryMsg::Overview {})?;
    let contracts = world.at.all();
    let holders = world.people.iter().chain(contracts.iter().map(|(_, address)| *address));
    let mut sum = 0;
    for holder in holders {
        sum += world.vcai(holder)?;
    }
    ensure!(
        sum == overview.supply.u128(),
        "Σ VCAI {sum} = supply {}",
        overview.supply
    );
    let made = overview.genesis + overview.issued - overview.burned;
    ensure!(overview.supply == made, "supply = genesis + issued − burned");
    Ok(())
}

fn stablecoin(world: &World) -> Result<()> {
    let mut sum = 0;
    for person in &world.people {
        sum += world.chain.usdt(person)?;
    }
    for (_, contract) in world.at.all() {
        sum += world.chain.usdt(contract)?;
    }
    ensure!(sum == world.issued, "Σ USDT {sum} = {}", world.issued);
    Ok(())
}

/// The allocation holds what did not leave its buckets.
fn allocation(world: &World) -> Result<()> {
    let at = &world.at.allocation;
    let overview: allocation::OverviewResponse = world.chain.query(at, &allocation::QueryMsg::Overview {})?;
    let mut owed = Uint128::zero();
    for row in &overview.buckets {
        owed += row.size - row.paid;
        let given = row.bucket == Bucket::Liquidity || row.bucket == Bucket::Incentives;
        ensure!(
            given || row.granted + row.free == row.size,
            "{:?}: granted + free",
            row.bucket
        );
    }
    covered("token-allocation", world.vcai(at)?, owed.u128())
}

/// Genesis tokens: the airdrop is claimed, forfeited or here.
fn tokens(world: &World) -> Result<()> {
    let at = &world.at;
    let overview: genesis_nft::OverviewResponse = world
        .chain
        .query(&at.genesis_nft, &genesis_nft::QueryMsg::Overview {})?;
    let tge: allocation::TgeResponse = world.chain.query(&at.allocation, &allocation::QueryMsg::Tge {})?;
    let airdrop = tge.done.map_or(Uint128::zero(), |done| done.airdrop);
    let owed = airdrop - overview.claimed - overview.forfeited;
    covered("genesis-nft, VCAI", world.vcai(&at.genesis_nft)?, owed.u128())?;
    covered(
        "genesis-nft, USDT",
        world.chain.usdt(&at.genesis_nft)?,
        overview.held.u128(),
    )
}

/// The pool holds its reserves.
fn pool(world: &World) -> Result<()> {
    let at = &world.at.exchange;
    let [base, quote] = world.pool()?.reserves.map(|amount| amount.u128());
    covered("exchange, VCAI", world.vcai(at)?, base)?;
    covered("exchange, USDT", world.chain.usdt(at)?, quote)
}

/// The escrow holds all locks, and its totals are the sums over them at this second, by the formula.
fn locks(world: &World) -> Result<()> {
    let (at, now) = (&world.at.escrow, world.chain.now());
    let rows = pages(|start_after| {
        let msg = escrow::QueryMsg::Locks {
            start_after,
            limit: Some(100),
        };
        let page: escrow::LocksResponse = world.chain.query(at, &msg)?;
        Ok((page.locks, page.next))
    })?;
    let mut all = Locks::default();
    for row in rows {
        let amount = row.amount.u128();
        all.number += 1;
        all.held += amount;
        if row.end > now {
            let slope = slope(amount)?;
            all.locked += amount;
            all.slope += slope;
            all.weight += weight(slope, row.end, now)?;
            all.linear += weight(amount, row.end, now)?;
        }
    }
    let book: escrow::OverviewResponse = world.chain.query(at, &escrow::QueryMsg::Overview {})?;
    covered("vote-escrow", world.vcai(at)?, all.held)?;
    let pairs = [
        ("lockers", u128::from(all.number), u128::from(book.lockers)),
        ("held", all.held, book.held.u128()),
        ("locked", all.locked, book.locked.u128()),
        ("slope", all.slope, book.slope.u128()),
        ("weight", all.weight, book.power.weight.u128()),
        ("linear weight", all.linear, book.power.linear.u128()),
    ];
    for (name, sum, total) in pairs {
        ensure!(sum == total, "Σ {name} {sum} = {total}");
    }
    Ok(())
}

//! The market for computing power: nodes, renters, wash renters, and what their numbers follow.
//!
//! ```text
//! U          = min(1, demand / Σ capacity)                                        of a day; all nodes are rented alike
//! income     = rentals · (1 − fee) + what a VCAI costs · (all that the controller paid)       of a node's epoch
//! capacity  ← capacity · (1 + ⅓ · (income / cost − 1))                            by at most 8 % an epoch
//! demand    ← demand + ⅓ · (demand₀ · (1 + 3 · (ρ − ρ₀)) − demand)                ρ = what rebates are worth, as a part of what was spent
//! ```
//! The price of a unit is fixed, and so is each node's cost: what it would earn at the utilisation that the run begins with and P = 50 %. So utilisation stays where it
//! began unless rewards move it. ρ₀ is the most that the wash bound lets a renter have.

use anyhow::{ensure, Result};
use cosmwasm_std::{Addr, HexBinary, Uint128};
use interfaces::incentive_controller::{self as incentives, Gpu, Level, NodeDay, Params, Rental, MAX_ROWS};
use interfaces::vote_escrow as escrow;
use math::incentives::{memory_factor, PPM};

use super::town::Town;
use super::world::{Kind, FIRST_PRICE, SOURCES};
use crate::chain::person;
use crate::world::{DAY, ONE};

pub const NODES: usize = 24;
pub const RENTERS: usize = 40;
/// Units a day of a node at the start; a unit is a thousandth of an hour of a GPU.
pub const CAPACITY: u128 = 600_000;
/// µUSDT of a unit.
pub const UNIT_PRICE: u128 = 1_000;
/// Part of what is spent that goes to the treasury.
pub const FEE_BPS: u128 = 1_000;
/// Base units of VCAI that a node stakes for a unit of capacity: 120,000 VCAI at the start.
const STAKE_PER_UNIT: u128 = 200_000;
/// Part of its rewards that a node sells, per cent. The rest becomes stake.
const SOLD_PERCENT: u128 = 60;
/// How fast capacity and demand follow: a third of the way in an epoch.
const THIRD: i128 = 3;
/// Most that a node's capacity changes in an epoch, ppm.
const STEP_PPM: i128 = 80_000;
/// How strongly demand follows rebates.
const ELASTICITY: i128 = 3;
/// What a wash renter spends a day, and for how many units.
const WASH_SPEND: u128 = 500 * ONE;
const WASH_UNITS: u128 = 40_000;
/// Days of an epoch.
pub const EPOCH: usize = 7;

/// Who rents out.
#[derive(Clone, Debug)]
pub struct Node {
    pub who: Addr,
    /// Units a day.
    pub capacity: u128,
    /// Nano-USDT for a unit of capacity.
    pub cost: u128,
    vram_gb: u32,
    level: Level,
    decile: u8,
    /// Lets keepers have it paid.
    kept: bool,
    /// µUSDT of rentals, without the fee, by day.
    rentals: Vec<u128>,
}

/// Who rents from himself.
#[derive(Clone, Debug)]
pub struct Washer {
    pub who: Addr,
    pub node: Addr,
    /// Whether it holds a lock.
    pub locks: bool,
    /// µUSDT of fees paid.
    pub fees: u128,
    /// µUSDT that rebates and delivery rewards were sold for.
    pub rewards: u128,
    /// µUSDT that rewards of its lock were sold for.
    pub buyback: u128,
    /// Σ of its share of all ve weight at the end of each day, ppm.
    pub share_sum: u128,
}

/// The market.
#[derive(Clone, Debug, Default)]
pub struct Compute {
    pub nodes: Vec<Node>,
    pub renters: Vec<Addr>,
    pub washers: Vec<Washer>,
    /// Units a day, now and at the start.
    pub demand: u128,
    pub start_demand: u128,
    /// First day of the first epoch.
    pub first_day: u64,
    /// Units reported by day, wash renters' among them.
    pub consumed: Vec<u128>,
    pub available: Vec<u128>,
    /// µUSDT that honest renters spent, by day.
    pub spent: Vec<u128>,
    /// ρ of the last epoch, ppm.
    pub rebates_ppm: u32,
    /// µUSDT that nodes' rewards were worth when they came.
    pub subsidies: u128,
}

impl Node {
    /// One of many kinds.
    #[must_use]
    pub fn new((index, who): (usize, Addr)) -> Self {
        Self {
            who,
            capacity: CAPACITY,
            cost: 0,
            vram_gb: [24, 48, 96, 192, 384, 80][index % 6],
            level: match index % 12 {
                7 => Level::A1 { benchmarked: true },
                _ => Level::A2,
            },
            decile: u8::try_from(index % 10).unwrap_or_default() + 1,
            kept: index % 2 == 0,
            rentals: Vec::new(),
        }
    }

    fn halves(&self) -> u32 {
        match self.level {
            Level::A2 => 2,
            Level::A1 { .. } => 1,
            Level::A0 => 0,
        }
    }
}

impl Washer {
    #[must_use]
    pub fn new(name: &str, locks: bool) -> Self {
        Self {
            who: person(name),
            node: person(&format!("{name} node")),
            locks,
            fees: 0,
            rewards: 0,
            buyback: 0,
            share_sum: 0,
        }
    }
}

fn n(value: u128) -> Uint128 {
    Uint128::new(value)
}

/// ⌈fee⌉ of what is spent.
fn fee_of(spend: u128) -> u128 {
    (spend * FEE_BPS).div_ceil(10_000)
}

/// `value` changed by so many ppm.
fn changed(value: u128, ppm: i128) -> u128 {
    value.saturating_add_signed(value as i128 * ppm / i128::from(PPM))
}

/// Most that rebates are, as a part of what is spent: the renter's part of the bound on the fee. ppm.
#[must_use]
pub fn most_rebate_ppm(params: &Params) -> u128 {
    u128::from(params.bound_bps) * u128::from(params.rebate_bps) * FEE_BPS / 1_000_000
}

impl Town {
    // ---- start ----

    /// The wash renter who locks does so for as long as possible.
    ///
    /// # Errors
    /// When a query fails.
    pub fn arm_whale(&mut self) -> Result<()> {
        let whale = self.compute.washers[1].who.clone();
        let amount = self.world.vcai(&whale)?;
        let until = self.world.chain.now() + escrow::MAX_LOCK_SECONDS;
        self.lock(&whale, amount, until);
        Ok(())
    }

    /// The clock of the epochs starts; nodes say who they are, and their costs are found.
    ///
    /// # Errors
    /// When the controller refuses.
    pub fn start_epochs(&mut self) -> Result<()> {
        let (anyone, to) = (person("keeper"), self.world.at.incentives.clone());
        let started = self
            .world
            .say(Kind::Start, &anyone, &to, &incentives::ExecuteMsg::Start {});
        ensure!(started.is_some(), "the clock did not start");
        self.compute.first_day = self.world.chain.now() / DAY + 1;
        for index in 0..NODES {
            let Node { who, kept, .. } = self.compute.nodes[index].clone();
            if kept {
                let msg = incentives::ExecuteMsg::AllowKeepers { allowed: true };
                self.world.say(Kind::Profile, &who, &to, &msg);
            }
            if index % 8 == 3 {
                // who claims after it, so that nothing waits for the referrer when all have claimed
                let referrer = self.compute.nodes[index + 1].who.to_string();
                let msg = incentives::ExecuteMsg::NameReferrer { referrer };
                self.world.say(Kind::Profile, &who, &to, &msg);
            }
        }
        self.find_costs()
    }

    /// A node costs what it would earn if utilisation and P stayed as they are.
    fn find_costs(&mut self) -> Result<()> {
        let dashboard = self.world.dashboard()?;
        let Some(epoch) = dashboard.history.first() else {
            anyhow::bail!("no epoch was opened");
        };
        let pool = epoch.pools.capacity.u128() / EPOCH as u128;
        let weight = |node: &Node| u128::from(memory_factor(node.vram_gb) * node.halves());
        let all: u128 = self.compute.nodes.iter().map(weight).sum();
        let sold = self.compute.start_demand / NODES as u128;
        let most = most_rebate_ppm(&dashboard.params);
        for node in &mut self.compute.nodes {
            let spend = sold * UNIT_PRICE;
            // the node's part of the bound, of which nine tenths are kept by grades on average
            let delivery = spend * most * 9 / 10 / u128::from(PPM);
            let capacity = pool * weight(node) / all;
            let bonus = capacity * u128::from(11 - node.decile) / 100;
            let rewards = (capacity + bonus) * FIRST_PRICE / ONE;
            node.cost = (spend - fee_of(spend) + delivery + rewards) * 1_000 / CAPACITY;
        }
        Ok(())
    }

    // ---- a day ----

    /// Settles and reports the rentals of a day that is over, counted from the first.
    ///
    /// # Errors
    /// When somebody cannot pay.
    pub fn settle_day(&mut self, day: usize) -> Result<()> {
        let noise = i128::from(self.rng.normal_ppm(20_000));
        let wanted = changed(self.compute.demand, noise);
        let capacity: u128 = self.compute.nodes.iter().map(|node| node.capacity).sum();
        let ppm = u128::from(PPM);
        let utilisation = (wanted * ppm / capacity.max(1)).min(ppm);
        let mut rentals = Vec::new();
        for index in 0..NODES {
            let sold = self.compute.nodes[index].capacity * utilisation / ppm;
            rentals.extend(self.rent(index, sold));
        }
        let spent: u128 = rentals.iter().map(|rental| rental.spend.u128()).sum();
        self.compute.spent.push(spent);
        for rental in &rentals {
            self.pay_for(rental)?;
        }
        for index in 0..self.compute.washers.len() {
            let rental = self.wash(index)?;
            rentals.push(rental);
        }
        let fees: u128 = rentals.iter().map(|rental| rental.fee.u128()).sum();
        self.deposit(SOURCES[0], fees);
        let nodes = self.nodes_of_the_day()?;
        let (consumed, available) = (
            rentals.iter().map(|row| row.units.u128()).sum(),
            nodes.iter().map(|row| row.available.u128()).sum(),
        );
        self.compute.consumed.push(consumed);
        self.compute.available.push(available);
        self.report(day, rentals, nodes);
        Ok(())
    }

    /// Two renters share what a node sells on a day.
    fn rent(&mut self, node: usize, sold: u128) -> [Rental; 2] {
        let first = sold * self.rng.between(300, 700) / 1_000;
        let name = self.compute.nodes[node].who.to_string();
        [first, sold - first].map(|units| {
            let spend = units * UNIT_PRICE;
            let quality = self.rng.between(9_500, 10_000);
            Rental {
                renter: self.compute.renters[self.rng.index(RENTERS)].to_string(),
                node: name.clone(),
                units: n(units),
                quality_bps: u16::try_from(quality).unwrap_or(10_000),
                spend: n(spend),
                fee: n(fee_of(spend)),
            }
        })
    }

    /// The renter pays the market, the market pays the node and keeps the fee.
    fn pay_for(&mut self, rental: &Rental) -> Result<()> {
        let (renter, node) = (Addr::unchecked(&rental.renter), Addr::unchecked(&rental.node));
        let (market, net) = (person(SOURCES[0]), (rental.spend - rental.fee).u128());
        self.world.chain.pay(&renter, &market, rental.spend.u128())?;
        self.world.chain.pay(&market, &node, net)?;
        let Some(node) = self.compute.nodes.iter_mut().find(|row| row.who == node) else {
            return Ok(());
        };
        let today = self.compute.spent.len() - 1;
        node.rentals.resize(today + 1, 0);
        node.rentals[today] += net;
        Ok(())
    }

    /// A rental from oneself: everything but the fee comes back. Who cannot pay any more washes nothing.
    fn wash(&mut self, index: usize) -> Result<Rental> {
        let Washer { who, node, .. } = self.compute.washers[index].clone();
        let able = self.world.chain.usdt(&who)? >= WASH_SPEND;
        let spend = if able { WASH_SPEND } else { 0 };
        let rental = Rental {
            renter: who.to_string(),
            node: node.to_string(),
            units: n(if able { WASH_UNITS } else { 0 }),
            quality_bps: 10_000,
            spend: n(spend),
            fee: n(fee_of(spend)),
        };
        self.pay_for(&rental)?;
        self.world.chain.pay(&node, &who, (rental.spend - rental.fee).u128())?;
        self.compute.washers[index].fees += rental.fee.u128();
        Ok(rental)
    }

    /// What nodes could have rented out. A wash renter's has no hardware behind it: level A0, which earns nothing for capacity.
    fn nodes_of_the_day(&mut self) -> Result<Vec<NodeDay>> {
        let mut rows = Vec::new();
        for node in &self.compute.nodes {
            let outage = self.rng.chance(10);
            let stake = self.world.vcai(&node.who)?.min(node.capacity * STAKE_PER_UNIT);
            rows.push(NodeDay {
                node: node.who.to_string(),
                stake: n(stake),
                online: if outage { 43_200 } else { 86_400 },
                stability_bps: u16::try_from(self.rng.between(9_700, 10_000)).unwrap_or(10_000),
                vram_gb: node.vram_gb,
                level: node.level,
                available: n(node.capacity),
                decile: Some(node.decile),
            });
        }
        for washer in &self.compute.washers {
            rows.push(NodeDay {
                node: washer.node.to_string(),
                stake: Uint128::zero(),
                online: 86_400,
                stability_bps: 10_000,
                vram_gb: 0,
                level: Level::A0,
                available: n(WASH_UNITS),
                decile: None,
            });
        }
        Ok(rows)
    }

    /// Tells the controller, in as many messages as it takes.
    fn report(&mut self, day: usize, rentals: Vec<Rental>, nodes: Vec<NodeDay>) {
        let (reporter, to) = (person("registry"), self.world.at.incentives.clone());
        let day_number = self.compute.first_day + day as u64;
        let part = |rentals: &[Rental], nodes: &[NodeDay], gpus: Vec<Gpu>| incentives::ExecuteMsg::Report {
            day: day_number,
            rentals: rentals.to_vec(),
            nodes: nodes.to_vec(),
            gpus,
        };
        let mut messages: Vec<_> = rentals.chunks(MAX_ROWS).map(|rows| part(rows, &[], vec![])).collect();
        messages.extend(nodes.chunks(MAX_ROWS).map(|rows| part(&[], rows, vec![])));
        // a GPU of each node, on its first day and when it is paid for
        if day == 0 || day == 7 {
            let gpus = self.compute.nodes.iter().zip(0u8..).map(|(node, index)| Gpu {
                gpu: HexBinary::from([index; 32]),
                node: node.who.to_string(),
            });
            messages.push(part(&[], &[], gpus.collect()));
        }
        for msg in messages {
            self.world.say(Kind::Report, &reporter, &to, &msg);
            self.world.chain.next_block();
        }
    }

    // ---- an epoch ----

    /// An epoch has closed: everybody claims it, and supply and demand follow what it brought.
    ///
    /// # Errors
    /// When a query fails.
    pub fn review(&mut self, epoch: usize) -> Result<()> {
        let (keeper, to) = (person("keeper"), self.world.at.incentives.clone());
        self.world
            .say(Kind::Advance, &keeper, &to, &incentives::ExecuteMsg::Advance {});
        let from = self.compute.first_day + (epoch * EPOCH) as u64;
        let days = (from, from + EPOCH as u64 - 1);
        let price = self.world.price()?;
        for index in 0..NODES {
            self.review_node(index, epoch, days, price)?;
        }
        let mut rebates = 0;
        for index in 0..RENTERS {
            let who = self.compute.renters[index].clone();
            let earned = self.claim_days(Kind::Rebate, &who, &who, days)?;
            rebates += earned;
            self.use_rebate(index, earned)?;
        }
        for index in 0..self.compute.washers.len() {
            self.cash_wash(index, days)?;
        }
        self.follow_rebates(epoch, rebates * price / ONE)
    }

    /// What a claim of these days brought, in base units of VCAI.
    fn claim_days(&mut self, kind: Kind, sender: &Addr, account: &Addr, (from, to): (u64, u64)) -> Result<u128> {
        let contract = self.world.at.incentives.clone();
        let msg = match sender == account {
            true => incentives::ExecuteMsg::Claim { from, to },
            false => incentives::ExecuteMsg::PayOut {
                account: account.to_string(),
                from,
                to,
            },
        };
        let before = self.world.vcai(account)?;
        self.world.say(kind, sender, &contract, &msg);
        Ok(self.world.vcai(account)? - before)
    }

    /// Claims, sells a part, pays its costs, and grows or shrinks.
    fn review_node(&mut self, index: usize, epoch: usize, days: (u64, u64), price: u128) -> Result<()> {
        let node = self.compute.nodes[index].clone();
        let (kind, sender) = match node.kept {
            true => (Kind::Keeper, person("keeper")),
            false => (Kind::NodeClaim, node.who.clone()),
        };
        let earned = self.claim_days(kind, &sender, &node.who, days)?;
        let worth = earned * price / ONE;
        self.compute.subsidies += worth;
        self.world.sell(&node.who, earned * SOLD_PERCENT / 100);
        let rentals: u128 = node.rentals.iter().skip(epoch * EPOCH).take(EPOCH).sum();
        let cost = (node.cost * node.capacity * EPOCH as u128 / 1_000).max(1);
        let due = cost.min(self.world.chain.usdt(&node.who)?);
        self.world.chain.pay(&node.who, &person("suppliers"), due)?;
        let ppm = i128::from(PPM);
        let margin = ((rentals + worth) as i128 - cost as i128) * ppm / cost as i128;
        let step = (margin / THIRD).clamp(-STEP_PPM, STEP_PPM);
        self.compute.nodes[index].capacity = changed(node.capacity, step).max(1);
        Ok(())
    }

    /// Every other renter locks its rebates for a year, the others sell them.
    fn use_rebate(&mut self, index: usize, earned: u128) -> Result<()> {
        let who = self.compute.renters[index].clone();
        if index % 2 == 0 {
            if earned > 0 {
                self.world.sell(&who, earned);
            }
            return Ok(());
        }
        let (lock, now) = (self.lock_of(&who)?, self.world.chain.now());
        let balance = self.world.vcai(&who)?;
        if lock.amount.is_zero() {
            if balance >= super::world::MIN_LOCK {
                self.lock(&who, balance, now + 365 * DAY);
            }
        } else if lock.end > now {
            self.increase(&who, balance);
        } else {
            self.withdraw(&who);
        }
        Ok(())
    }

    /// A wash renter sells all that washing brought. One with a lock sells what the lock earned, too, and keeps the lock as long as it can be.
    fn cash_wash(&mut self, index: usize, days: (u64, u64)) -> Result<()> {
        let washer = self.compute.washers[index].clone();
        let rebate = self.claim_days(Kind::Rebate, &washer.who, &washer.who, days)?;
        let delivery = self.claim_days(Kind::NodeClaim, &washer.node, &washer.node, days)?;
        let mut gained = self.world.sell(&washer.who, rebate);
        let sold = self.world.sell(&washer.node, delivery);
        self.world.chain.pay(&washer.node, &washer.who, sold)?;
        gained += sold;
        self.compute.washers[index].rewards += gained;
        if washer.locks {
            let earned = self.claim_rewards(&washer.who)?;
            self.compute.washers[index].buyback += self.world.sell(&washer.who, earned);
            let until = self.world.chain.now() + escrow::MAX_LOCK_SECONDS;
            self.extend(&washer.who, until);
        }
        Ok(())
    }

    /// Demand goes a third of the way to where rebates draw it.
    fn follow_rebates(&mut self, epoch: usize, worth: u128) -> Result<()> {
        let spent: u128 = self.compute.spent.iter().skip(epoch * EPOCH).take(EPOCH).sum();
        let rebates = worth * u128::from(PPM) / spent.max(1);
        let most = most_rebate_ppm(&self.world.dashboard()?.params);
        let aim = changed(self.compute.start_demand, ELASTICITY * (rebates as i128 - most as i128));
        let way = (aim as i128 - self.compute.demand as i128) / THIRD;
        self.compute.demand = self.compute.demand.saturating_add_signed(way);
        self.compute.rebates_ppm = u32::try_from(rebates).unwrap_or(PPM);
        Ok(())
    }

    /// Notes what part of all ve weight wash renters have.
    ///
    /// # Errors
    /// When a query fails.
    pub fn watch_washers(&mut self) -> Result<()> {
        let escrow = self.world.at.escrow.clone();
        let all: escrow::OverviewResponse = self.world.chain.query(&escrow, &escrow::QueryMsg::Overview {})?;
        for index in 0..self.compute.washers.len() {
            let lock = self.lock_of(&self.compute.washers[index].who.clone())?;
            let share = math::mul_div_floor(lock.power.weight.u128(), PPM.into(), all.power.weight.u128());
            self.compute.washers[index].share_sum += share.unwrap_or_default();
        }
        Ok(())
    }
}

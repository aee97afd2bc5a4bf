//! Everybody in the economy, what they begin with, and how its token comes into being.

use anyhow::{ensure, Context, Result};
use cosmwasm_std::{coin, Addr, Uint128};
use interfaces::token_allocation::{self as allocation, Bucket, GRANT_UNIT};
use interfaces::{genesis_nft, treasury};

use super::compute::{Compute, Node, Washer, CAPACITY, NODES, RENTERS};
use super::world::{Kind, World, FIRST_PRICE, MIN_LOCK, SOURCES, TGE, TOKEN_PRICE};
use super::Scenario;
use crate::chain::person;
use crate::rng::Rng;
use crate::world::{DENOM, ONE};

/// Buyers of genesis tokens, and what each buys.
pub const HOLDERS: usize = 40;
pub const TOKENS_EACH: u32 = 50;
pub const TRADERS: usize = 8;
/// Most VCAI granted to all lockers together.
const GRANTED_TO_LOCKERS: u128 = 1_100_000_000 * ONE;
const GRANTED_TO_TRADER: u128 = 50_000_000 * ONE;
const GRANTED_TO_NODE: u128 = 1_000_000 * ONE;
/// To the wash renter who locks, for each locker: so much that about a quarter of all weight is his, however many there are.
const GRANTED_TO_WHALE: u128 = 6_600_000 * ONE;

/// µUSDT that a wash renter begins with.
pub const WASHER_USDT: u128 = 200_000 * ONE;

/// Who locks.
#[derive(Clone, Debug)]
pub struct Locker {
    pub who: Addr,
    pub grant: u64,
    /// Base units of its first lock.
    pub first: u128,
}

/// Holder of genesis tokens.
#[derive(Clone, Debug)]
pub struct Holder {
    pub who: Addr,
    pub tokens: Vec<String>,
}

/// Everybody, and where things stand.
pub struct Town {
    pub world: World,
    pub rng: Rng,
    pub lockers: Vec<Locker>,
    pub holders: Vec<Holder>,
    pub traders: Vec<Addr>,
    pub compute: Compute,
    /// µUSDT that traders think a VCAI is worth.
    pub fair: u128,
}

fn named(kind: &str, number: usize) -> Vec<Addr> {
    (0..number).map(|index| person(&format!("{kind}{index}"))).collect()
}

impl Town {
    /// Contracts deployed, everybody with stablecoin, nobody with VCAI.
    ///
    /// # Errors
    /// When a contract refuses its configuration.
    pub fn found(scenario: &Scenario) -> Result<Self> {
        let mut rng = Rng::new(scenario.seed);
        let lockers = named("locker", scenario.lockers);
        let (holders, traders) = (named("holder", HOLDERS), named("trader", TRADERS));
        let (nodes, renters) = (named("node", NODES), named("renter", RENTERS));
        let washers = [Washer::new("wash0", false), Washer::new("wash1", true)];
        let mut wealth: Vec<(Addr, u128)> = Vec::new();
        let mut rich = |people: &[Addr], usdt: u128| wealth.extend(people.iter().map(|who| (who.clone(), usdt * ONE)));
        rich(
            &["council", "registry", "suppliers", "keeper", SOURCES[0]].map(person),
            0,
        );
        rich(&[person(SOURCES[1])], 100_000_000);
        rich(&lockers, 100_000);
        rich(&holders, 60_000);
        rich(&traders, 4_000_000);
        rich(&nodes, 300_000);
        rich(&renters, 10_000_000);
        for washer in &washers {
            rich(std::slice::from_ref(&washer.who), WASHER_USDT / ONE);
            rich(std::slice::from_ref(&washer.node), 0);
        }
        let firsts = first_locks(&mut rng, scenario.lockers);
        let locker = |(who, first)| Locker { who, grant: 0, first };
        Ok(Self {
            world: World::new(&wealth)?,
            lockers: lockers.into_iter().zip(firsts).map(locker).collect(),
            holders: holders.into_iter().map(|who| Holder { who, tokens: vec![] }).collect(),
            traders,
            compute: Compute {
                nodes: nodes.into_iter().enumerate().map(Node::new).collect(),
                renters,
                washers: washers.to_vec(),
                demand: u128::from(scenario.utilisation_percent) * CAPACITY * NODES as u128 / 100,
                start_demand: u128::from(scenario.utilisation_percent) * CAPACITY * NODES as u128 / 100,
                ..Compute::default()
            },
            rng,
            fair: FIRST_PRICE,
        })
    }

    /// Sale, grants, the event that opens the pool, and first locks.
    ///
    /// # Errors
    /// When a step of genesis is refused.
    pub fn genesis(&mut self) -> Result<()> {
        self.sell_tokens()?;
        self.grant()?;
        self.world.chain.until(TGE);
        let (anyone, allocation) = (person("keeper"), self.world.at.allocation.clone());
        let opened = self
            .world
            .say(Kind::Tge, &anyone, &allocation, &allocation::ExecuteMsg::Tge {});
        ensure!(opened.is_some(), "the TGE was refused: {:?}", self.world.chain.refusals);
        self.world.chain.next_block();
        self.claim_first_grants()?;
        for index in 0..self.lockers.len() {
            self.world.chain.next_block();
            if self.rng.chance(850) {
                self.act(index)?;
            }
        }
        self.arm_whale()
    }

    fn sell_tokens(&mut self) -> Result<()> {
        let contract = self.world.at.genesis_nft.clone();
        let price = coin(TOKEN_PRICE * u128::from(TOKENS_EACH), DENOM);
        let msg = genesis_nft::ExecuteMsg::Buy { quantity: TOKENS_EACH };
        let mut next = 1;
        for index in 0..self.holders.len() {
            let who = self.holders[index].who.clone();
            let funds = [price.clone()];
            let sold = self.world.chain.send(Kind::GenesisSale, &who, &contract, &msg, &funds);
            ensure!(sold.is_some(), "the sale refused a buyer");
            self.holders[index].tokens = (next..next + TOKENS_EACH).map(|token| token.to_string()).collect();
            next += TOKENS_EACH;
        }
        Ok(())
    }

    /// Lockers, traders and the whale hold grants of the private round, nodes of the public one.
    fn grant(&mut self) -> Result<()> {
        let mut private: Vec<(Addr, u128)> = Vec::new();
        for locker in &self.lockers {
            private.push((locker.who.clone(), grant_for(locker.first)));
        }
        private.extend(self.traders.iter().map(|who| (who.clone(), GRANTED_TO_TRADER)));
        let whale = GRANTED_TO_WHALE * self.lockers.len().min(120) as u128;
        private.push((self.compute.washers[1].who.clone(), whale));
        let public: Vec<(Addr, u128)> = self
            .compute
            .nodes
            .iter()
            .map(|node| (node.who.clone(), GRANTED_TO_NODE))
            .collect();
        let (council, allocation) = (person("council"), self.world.at.allocation.clone());
        for (bucket, rows) in [(Bucket::Private, private), (Bucket::Public, public)] {
            for chunk in rows.chunks(allocation::MAX_BATCH) {
                let grants = chunk.iter().map(|(who, amount)| allocation::NewGrant {
                    beneficiary: who.to_string(),
                    amount: Uint128::new(*amount),
                    schedule: None,
                });
                let msg = allocation::ExecuteMsg::AddGrants {
                    bucket,
                    grants: grants.collect(),
                };
                let granted = self.world.say(Kind::Grant, &council, &allocation, &msg);
                ensure!(
                    granted.is_some(),
                    "a grant was refused: {:?}",
                    self.world.chain.refusals
                );
            }
        }
        Ok(())
    }

    fn claim_first_grants(&mut self) -> Result<()> {
        for index in 0..self.lockers.len() {
            let who = self.lockers[index].who.clone();
            self.lockers[index].grant = self.claim_grant_of(&who)?;
        }
        let nodes = self.compute.nodes.iter().map(|node| node.who.clone());
        for who in nodes.chain(self.traders.clone()).collect::<Vec<_>>() {
            self.claim_grant_of(&who)?;
        }
        let whale = self.compute.washers[1].who.clone();
        self.claim_grant_of(&whale)?;
        Ok(())
    }

    /// Number of somebody's grant, whose vested part it claims.
    fn claim_grant_of(&mut self, who: &Addr) -> Result<u64> {
        let allocation = self.world.at.allocation.clone();
        let grants: Vec<allocation::GrantResponse> = self.world.chain.query(
            &allocation,
            &allocation::QueryMsg::GrantsOf {
                beneficiary: who.to_string(),
                start_after: None,
                limit: None,
            },
        )?;
        let grant = grants.first().context("everybody here has a grant")?.grant;
        self.claim_grant(who, grant);
        Ok(grant)
    }

    /// Claims what has vested.
    pub fn claim_grant(&mut self, who: &Addr, grant: u64) {
        let allocation = self.world.at.allocation.clone();
        self.world.say(
            Kind::Vesting,
            who,
            &allocation,
            &allocation::ExecuteMsg::Claim { grant },
        );
    }

    // ---- what happens by itself ----

    /// What a VCAI is thought to be worth wanders, and is drawn back to where it opened.
    pub fn drift(&mut self) {
        let change = self.rng.normal_ppm(8_000);
        let pull = (FIRST_PRICE as i128 - self.fair as i128) / 100;
        let moved = self.fair as i128 + self.fair as i128 * i128::from(change) / 1_000_000 + pull;
        self.fair = (moved.max(0) as u128).clamp(FIRST_PRICE / 20, FIRST_PRICE * 20);
    }

    /// A trader buys below what he thinks VCAI is worth and sells above, more the further away the price is.
    ///
    /// # Errors
    /// When a query fails.
    pub fn trade(&mut self) -> Result<()> {
        let index = self.rng.index(self.traders.len());
        let who = self.traders[index].clone();
        let [base, quote] = self.world.pool()?.reserves.map(|amount| amount.u128());
        // everybody errs by half a per cent
        let error = i128::from(self.rng.normal_ppm(5_000));
        let opinion = self.fair.saturating_add_signed(self.fair as i128 * error / 1_000_000);
        let price = quote * ONE / base;
        let gap_bps = price.abs_diff(opinion) * 10_000 / opinion.max(1);
        let part_bps = (gap_bps / 3).min(300) + 1;
        if price < opinion {
            let usdt = (quote * part_bps / 10_000).min(self.world.chain.usdt(&who)?);
            self.world.buy(&who, usdt);
        } else {
            let vcai = (base * part_bps / 10_000).min(self.world.vcai(&who)?);
            self.world.sell(&who, vcai);
        }
        Ok(())
    }

    /// The L-Exchange hands over a week's revenue, between 10,000 and 20,000 USDT.
    pub fn deposit_of_the_week(&mut self) {
        let amount = self.rng.between(10_000 * ONE, 20_000 * ONE);
        self.deposit(SOURCES[1], amount);
    }

    /// Revenue of a source.
    pub fn deposit(&mut self, source: &str, amount: u128) {
        let (who, treasury) = (person(source), self.world.at.treasury.clone());
        let msg = treasury::ExecuteMsg::Deposit { source: source.into() };
        self.world
            .chain
            .send(Kind::Deposit, &who, &treasury, &msg, &[coin(amount, DENOM)]);
    }

    /// Keepers send slices while there is something to buy, up to `most`.
    ///
    /// # Errors
    /// When a query fails.
    pub fn buy_back(&mut self, most: u64) -> Result<()> {
        let (keeper, treasury) = (person("keeper"), self.world.at.treasury.clone());
        for _ in 0..most {
            let slice: treasury::SliceResponse = self.world.chain.query(&treasury, &treasury::QueryMsg::Slice {})?;
            if slice.obstacle.is_some() {
                break;
            }
            let msg = treasury::ExecuteMsg::Buyback { min_out: None };
            self.world.say(Kind::Buyback, &keeper, &treasury, &msg);
            self.world.chain.pass(treasury::Params::default().slice_interval);
        }
        Ok(())
    }

    /// Holders of genesis tokens claim what has vested; now and then one sells all his tokens to another, claims and all.
    pub fn tend_tokens(&mut self) {
        let contract = self.world.at.genesis_nft.clone();
        for index in 0..self.holders.len() {
            let Holder { who, tokens } = self.holders[index].clone();
            if tokens.is_empty() {
                continue;
            }
            if self.rng.chance(50) {
                let buyer = self.rng.index(self.holders.len());
                self.hand_over(&tokens, index, buyer);
                continue;
            }
            for chunk in tokens.chunks(genesis_nft::MAX_BATCH) {
                let msg = genesis_nft::ExecuteMsg::Claim { tokens: chunk.to_vec() };
                self.world.say(Kind::GenesisClaim, &who, &contract, &msg);
            }
        }
    }

    fn hand_over(&mut self, tokens: &[String], from: usize, to: usize) {
        let contract = self.world.at.genesis_nft.clone();
        let (seller, buyer) = (self.holders[from].who.clone(), self.holders[to].who.clone());
        for token in tokens {
            let msg = genesis_nft::ExecuteMsg::TransferNft {
                recipient: buyer.to_string(),
                token_id: token.clone(),
            };
            self.world.say(Kind::GenesisTransfer, &seller, &contract, &msg);
        }
        let moved = std::mem::take(&mut self.holders[from].tokens);
        self.holders[to].tokens.extend(moved);
    }
}

/// Base units of first locks: the smallest lock there can be, two whales, and as many in each decade between 1,000 and 10,000,000 VCAI.
fn first_locks(rng: &mut Rng, number: usize) -> Vec<u128> {
    let mut first = |index: usize| match index {
        0 => MIN_LOCK,
        1 => 20_000_000 * ONE,
        2 => 40_000_000 * ONE,
        _ => {
            let decade = u32::try_from(index % 4).unwrap_or_default();
            rng.between(1_000, 9_999) * 10_u128.pow(decade) * ONE
        }
    };
    let all: Vec<u128> = (0..number).map(&mut first).collect();
    let granted: u128 = all.iter().map(|first| grant_for(*first)).sum();
    let scaled = |first: u128| (first * GRANTED_TO_LOCKERS / granted.max(GRANTED_TO_LOCKERS)).max(MIN_LOCK);
    all.into_iter().map(scaled).collect()
}

/// A private grant of which so much vests at the TGE.
fn grant_for(first: u128) -> u128 {
    let (part, unit) = (u128::from(Bucket::Private.tge_bps()), GRANT_UNIT.u128());
    (first * 10_000).div_ceil(part).next_multiple_of(unit)
}

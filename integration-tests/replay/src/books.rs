//! The shadow of the markets, as far as it predicts to the unit: stakes and their tiers, the pool and its shares, launched units, free calls, scores. Plain maps and
//! slow loops, none of the contracts' arithmetic.

use std::collections::BTreeMap;

use interfaces::lco_staking::Tier;

use crate::deal::{Coin, House};
use crate::op::{DAY, ONE, WEEK};
use crate::shadow::Verdict;

/// Of ten thousand.
const FEE: u128 = 30;
const LOCKED: u128 = 1_000;

fn require(holds: bool, otherwise: &'static str) -> Verdict {
    if holds {
        Ok(())
    } else {
        Err(otherwise)
    }
}

/// One staker.
#[derive(Clone, Debug, Default)]
pub struct Staker {
    pub stake: u128,
    /// (changed in this second, stake from the next one on), oldest first.
    past: Vec<(u64, u128)>,
    /// What is on the way out, by the second from which it can be claimed.
    pub leaving: BTreeMap<u64, u128>,
}

impl Staker {
    fn becomes(&mut self, stake: u128, now: u64) {
        self.stake = stake;
        self.past.push((now, stake));
    }

    /// The tier in force in a second, at most the present one.
    #[must_use]
    pub fn lowest_tier(&self, since: u64) -> Tier {
        let then = self.past.iter().rev().find(|(changed, _)| *changed < since);
        tier_of(self.stake).min(tier_of(then.map_or(0, |(_, stake)| *stake)))
    }
}

/// By whole LCO.
#[must_use]
pub fn tier_of(stake: u128) -> Tier {
    match stake / ONE {
        0..=999 => Tier::Lv1,
        1_000..=9_999 => Tier::Lv2,
        10_000..=49_999 => Tier::Lv3,
        50_000..=99_999 => Tier::Lv4,
        _ => Tier::Whale,
    }
}

/// What a tier pays of list and cost.
#[must_use]
pub fn price(tier: Tier, list: u128, cost: u128) -> u128 {
    match tier {
        Tier::Lv1 => list,
        Tier::Lv2 => list * 95 / 100,
        Tier::Lv3 => list * 85 / 100,
        Tier::Lv4 => list * 70 / 100,
        Tier::Whale => cost.min(list * 70 / 100),
    }
}

/// One who provides to the pool.
#[derive(Clone, Debug, Default)]
pub struct Provider {
    pub shares: u128,
    announced: u128,
    announced_at: u64,
}

/// LCO, then Credits.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    pub reserves: [u128; 2],
    pub shares: u128,
    pub providers: BTreeMap<usize, Provider>,
}

/// ⌊√n⌋ by bisection.
#[must_use]
pub fn root(n: u128) -> u128 {
    let (mut low, mut high) = (0u128, 1u128 << 64);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if middle.checked_mul(middle).is_some_and(|square| square <= n) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

fn place(coin: Coin) -> (usize, usize) {
    match coin {
        Coin::Lco => (0, 1),
        Coin::Credit => (1, 0),
    }
}

impl Pool {
    /// What paying `amount` gives.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn swap(&mut self, pay: Coin, amount: u128) -> Result<u128, &'static str> {
        let (from, to) = place(pay);
        let (x, y) = (self.reserves[from], self.reserves[to]);
        require(x > 0 && y > 0, "exchange:2")?;
        require(amount > 0, "exchange:3")?;
        let net = amount * (10_000 - FEE);
        let out = y * net / (x * 10_000 + net);
        require(out > 0, "exchange:4")?;
        self.reserves[from] += amount;
        self.reserves[to] -= out;
        Ok(out)
    }

    /// What receiving `out` costs somebody who sends `most`.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn swap_exact(&mut self, pay: Coin, out: u128, most: u128) -> Result<u128, &'static str> {
        let (from, to) = place(pay);
        let (x, y) = (self.reserves[from], self.reserves[to]);
        require(x > 0 && y > 0, "exchange:2")?;
        require(out < y, "exchange:5")?;
        require(out > 0, "exchange:3")?;
        // The least payment that gives so much, rounded up by hand.
        let (over, under) = (x * 10_000 * out, (y - out) * (10_000 - FEE));
        let mut cost = over / under;
        if cost * under < over {
            cost += 1;
        }
        require(cost <= most, "exchange:17")?;
        self.reserves[from] += cost;
        self.reserves[to] -= out;
        Ok(cost)
    }

    /// Takes at most what is offered; what it takes.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn provide(&mut self, user: usize, offered: [u128; 2]) -> Result<[u128; 2], &'static str> {
        let (shares, taken) = if self.shares <= LOCKED {
            self.begin(offered)?
        } else {
            let worth = |i: usize| offered[i] * self.shares / self.reserves[i];
            let shares = worth(0).min(worth(1));
            (
                shares,
                [0, 1].map(|i| (shares * self.reserves[i]).div_ceil(self.shares)),
            )
        };
        require(shares > 0, "exchange:4")?;
        self.shares = self.shares.max(LOCKED) + shares;
        self.reserves = [0, 1].map(|i| self.reserves[i] + taken[i]);
        self.providers.entry(user).or_default().shares += shares;
        Ok(taken)
    }

    /// The first, or the first after everybody left.
    fn begin(&self, offered: [u128; 2]) -> Result<(u128, [u128; 2]), &'static str> {
        require(offered[0] > 0 && offered[1] > 0, "exchange:3")?;
        let after = root((self.reserves[0] + offered[0]) * (self.reserves[1] + offered[1]));
        if self.shares == 0 {
            return Ok((after.saturating_sub(LOCKED), offered));
        }
        let product = self.reserves[0] * self.reserves[1];
        let mut before = root(product);
        if before * before < product {
            before += 1;
        }
        require(before > 0, "exchange:2")?;
        Ok((LOCKED * after.saturating_sub(before) / before, offered))
    }

    pub fn announce(&mut self, user: usize, shares: u128, now: u64) -> Verdict {
        let provider = self.providers.entry(user).or_default();
        require(shares <= provider.shares, "exchange:18")?;
        (provider.announced, provider.announced_at) = (shares, now);
        Ok(())
    }

    /// What leaving pays.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn leave(&mut self, user: usize, shares: u128, now: u64) -> Result<[u128; 2], &'static str> {
        let provider = self.providers.entry(user).or_default();
        require(shares <= provider.shares, "exchange:18")?;
        require(provider.announced > 0, "exchange:20")?;
        let opens = provider.announced_at + DAY;
        require((opens..opens + DAY).contains(&now), "exchange:21")?;
        require(shares <= provider.announced, "exchange:22")?;
        require(shares > 0, "exchange:3")?;
        provider.announced -= shares;
        Ok(self.pay_out(user, shares))
    }

    /// What shares are worth, to somebody who owns them.
    pub fn pay_out(&mut self, user: usize, shares: u128) -> [u128; 2] {
        self.providers.entry(user).or_default().shares -= shares;
        let paid = [0, 1].map(|i| shares * self.reserves[i] / self.shares);
        self.reserves = [0, 1].map(|i| self.reserves[i] - paid[i]);
        self.shares -= shares;
        paid
    }
}

/// Everything of the markets that is predicted.
#[derive(Clone, Debug, Default)]
pub struct Books {
    pub stakers: BTreeMap<usize, Staker>,
    pub pool: Pool,
    /// What was given to a contract without a message.
    pub gifts: BTreeMap<(House, Coin), u128>,
    /// Units of a SKU granted to a user and not used.
    pub units: BTreeMap<(usize, String), u128>,
    /// (from, until) in which a SKU is for those with units alone.
    pub exclusive: BTreeMap<String, (u64, u64)>,
    /// Champion of a week and what is left of the free calls.
    pub free: BTreeMap<u64, (usize, u128)>,
    /// µCredit charged, by week and user.
    pub scores: BTreeMap<(u64, usize), u128>,
    /// Weeks of a gateway that the fund released.
    pub reported: BTreeMap<(u64, u64), ()>,
}

impl Books {
    #[must_use]
    pub fn given(&self, to: House, coin: Coin) -> u128 {
        self.gifts.get(&(to, coin)).copied().unwrap_or_default()
    }

    pub fn stake(&mut self, user: usize, amount: u128, now: u64) -> Verdict {
        require(amount > 0, "staking:1")?;
        let staker = self.stakers.entry(user).or_default();
        staker.becomes(staker.stake + amount, now);
        Ok(())
    }

    pub fn unstake(&mut self, user: usize, amount: u128, now: u64) -> Verdict {
        require(amount > 0, "staking:1")?;
        let staker = self.stakers.entry(user).or_default();
        require(amount <= staker.stake, "staking:2")?;
        staker.becomes(staker.stake - amount, now);
        // What is unstaked on one day waits for the last of it.
        let until = now + WEEK;
        let same = staker
            .leaving
            .keys()
            .copied()
            .find(|at| *at > now && at / DAY == until / DAY);
        let before = same.and_then(|at| staker.leaving.remove(&at)).unwrap_or_default();
        *staker.leaving.entry(until).or_default() += before + amount;
        Ok(())
    }

    /// What is paid.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn unbonded(&mut self, user: usize, now: u64) -> Result<u128, &'static str> {
        let staker = self.stakers.entry(user).or_default();
        let later = staker.leaving.split_off(&(now + 1));
        let due = std::mem::replace(&mut staker.leaving, later);
        require(!due.is_empty(), "staking:3")?;
        Ok(due.values().sum())
    }

    #[must_use]
    pub fn lowest_tier(&self, user: usize, since: u64) -> Tier {
        self.stakers
            .get(&user)
            .map_or(Tier::Lv1, |staker| staker.lowest_tier(since))
    }

    /// A launch sold units; the vault keeps the SKU for those who have some until then.
    pub fn granted(&mut self, user: usize, sku: &str, units: u128, until: u64, now: u64) {
        *self.units.entry((user, sku.to_owned())).or_default() += units;
        let window = self.exclusive.entry(sku.to_owned()).or_default();
        if until > now {
            if window.1 <= now {
                window.0 = now;
            }
            window.1 = window.1.max(until);
        }
    }
}

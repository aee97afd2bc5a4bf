//! The shadow of the network's token, as far as it predicts to the unit: who holds VCAI, genesis tokens, grants, locks, the VCAI pool, the treasury's books. Plain maps
//! and slow loops, none of the contracts' arithmetic.

use std::collections::BTreeMap;

use interfaces::token_allocation::Bucket;

use crate::books::{root, Pool};
use crate::deal::Coin;
use crate::net::Room;
use crate::op::{Who, DAY, HOUR, ONE};
use crate::shadow::Verdict;
use crate::stage::START;

/// Terms of the sale and of the TGE that plays are held on; the sale's end lies behind every trace.
pub const PRICE: u128 = 500 * ONE;
pub const PER_WALLET: u32 = 120;
pub const OPENS: u64 = START - DAY;
pub const CLOSES: u64 = START + 20 * DAY;
/// Refunds from here on, if there was no TGE.
pub const DEADLINE: u64 = START + 40 * DAY;
pub const TGE_AT: u64 = START + HOUR;
/// µUSDT for a VCAI.
pub const VCAI_PRICE: u128 = 50_000;
/// µUSDT that a VCAI costs at most.
const DEAREST: u128 = 1_000_000 * ONE;
/// Airdrop and pool have so much VCAI at most: a hundredth of ten billion.
const LIQUIDITY: u128 = 100_000_000 * ONE;
/// Most tokens of one purchase.
const BATCH: u32 = 50;
/// VCAI of a token.
const PER_TOKEN: u128 = 10_000 * ONE;
/// A twelfth of 365.25 days.
pub const MONTH: u64 = 2_629_800;
/// Four years of 365.25 days.
const LONGEST: u64 = 126_230_400;
/// No part of a schedule takes longer than ten years.
const TEN_YEARS: u128 = 120 * MONTH as u128;
const SMALLEST_LOCK: u128 = 10_000 * ONE;

/// Sources of revenue by name, who deposits, and whether it counts as net fees.
pub const SOURCES: [(&str, Who, bool); 3] = [
    ("fees", Who::Exchange, true),
    ("market", Who::OtherFund, true),
    ("grants", Who::Payout(1), false),
];

/// Grants of the beginning: bucket, beneficiary, whole VCAI.
pub const GRANTS: [(Bucket, usize, u128); 5] = [
    (Bucket::Private, 0, 1_000_000_000),
    (Bucket::Private, 1, 900_000_000),
    (Bucket::Public, 3, 500_000_000),
    (Bucket::Advisors, 2, 10_000_000),
    (Bucket::Team, 3, 1_000_000),
];

fn require(holds: bool, otherwise: &'static str) -> Verdict {
    if holds {
        Ok(())
    } else {
        Err(otherwise)
    }
}

/// What the book says of a bucket's schedule: parts of ten thousand at the TGE, months of nothing, months of a straight line.
#[must_use]
pub fn schedule(bucket: Bucket) -> Terms {
    let (tge_bps, cliff, months) = match bucket {
        Bucket::Private => (2_191, 0, 18),
        Bucket::Public => (3_091, 0, 12),
        Bucket::Team | Bucket::Employees => (0, 18, 42),
        _ => (0, 0, 18),
    };
    Terms {
        tge_bps,
        cliff: cliff * MONTH,
        rest: Rest::Line(months * MONTH),
    }
}

/// How what is left after the beginning vests: second by second, or at the ends of periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    Line(u64),
    Steps { period: u64, count: u32 },
}

/// When how much of a promise vests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub tge_bps: u16,
    pub cliff: u64,
    pub rest: Rest,
}

impl Terms {
    /// Whether there can be such a schedule.
    fn exist(&self) -> bool {
        let length = match self.rest {
            Rest::Line(duration) => u128::from(duration),
            Rest::Steps { period, count } => u128::from(period) * u128::from(count),
        };
        self.tge_bps <= 10_000 && u128::from(self.cliff) <= TEN_YEARS && (1..=TEN_YEARS).contains(&length)
    }

    /// So long after the beginning.
    fn vested(&self, amount: u128, since: u64) -> u128 {
        let first = amount * u128::from(self.tge_bps) / 10_000;
        let past = since.saturating_sub(self.cliff);
        let (done, of) = match self.rest {
            Rest::Line(duration) => (past.min(duration), duration),
            Rest::Steps { period, count } => ((past / period).min(count.into()), count.into()),
        };
        first + (amount - first) * u128::from(done) / u128::from(of)
    }
}

/// From when on the market can be opened, and at how many µUSDT for a VCAI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub time: u64,
    pub price: u128,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            time: TGE_AT,
            price: VCAI_PRICE,
        }
    }
}

/// A promise of VCAI.
#[derive(Clone, Debug)]
pub struct Grant {
    pub bucket: Bucket,
    pub whose: Who,
    pub pending: Option<Who>,
    pub amount: u128,
    pub terms: Terms,
    /// None while it begins with the TGE.
    pub start: Option<u64>,
    /// What had vested when its terms became others.
    pub floor: u128,
    pub claimed: u128,
}

impl Grant {
    #[must_use]
    pub fn vested(&self, tge: Option<u64>, now: u64) -> u128 {
        let begun = self.start.or(tge).filter(|start| *start <= now);
        let due = begun.map_or(0, |start| self.terms.vested(self.amount, now - start));
        due.max(self.floor)
    }
}

/// A genesis token.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub owner: usize,
    pub claimed: u128,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lock {
    pub amount: u128,
    pub end: u64,
}

impl Lock {
    #[must_use]
    pub fn slope(&self) -> u128 {
        root(self.amount * ONE * ONE)
    }
}

/// Everything of the network's token that is predicted.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub vcai: BTreeMap<Who, u128>,
    pub burned: u128,
    pub plan: Plan,
    pub tge: Option<u64>,
    pub tokens: BTreeMap<u32, Token>,
    pub sold: u32,
    bought: BTreeMap<usize, u32>,
    /// VCAI that genesis tokens claim in all, what they did, and what burned ones left to the treasury.
    pub airdrop: u128,
    pub claimed: u128,
    pub forfeited: u128,
    pub grants: Vec<Grant>,
    /// Whether the council made them.
    pub granted: bool,
    pub locks: BTreeMap<usize, Lock>,
    /// VCAI, then USDT.
    pub pool: Pool,
    /// µUSDT deposited by source, and spent in slices; VCAI bought.
    pub deposited: BTreeMap<usize, u128>,
    pub spent: u128,
    pub bought_back: u128,
    /// What was given to a contract without a message: VCAI, and µUSDT.
    pub gifts: BTreeMap<Room, u128>,
    pub coins: BTreeMap<Room, u128>,
    /// What governance spent of what lay in the treasury besides its revenue: VCAI, and µUSDT.
    pub purse: [u128; 2],
    pub started: bool,
}

/// Who is in the pool's books for the treasury's liquidity.
const TREASURY: usize = 99;

impl Ledger {
    // ---- VCAI ----

    #[must_use]
    pub fn vcai(&self, who: Who) -> u128 {
        self.vcai.get(&who).copied().unwrap_or_default()
    }

    pub fn gets(&mut self, who: Who, amount: u128) {
        *self.vcai.entry(who).or_default() += amount;
    }

    /// # Errors
    /// The refusal's code.
    pub fn gives(&mut self, who: Who, amount: u128) -> Verdict {
        let held = self.vcai.entry(who).or_default();
        require(*held >= amount, "vcai:950")?;
        *held -= amount;
        Ok(())
    }

    #[must_use]
    pub fn given(&self, room: Room) -> (u128, u128) {
        let of = |map: &BTreeMap<Room, u128>| map.get(&room).copied().unwrap_or_default();
        (of(&self.gifts), of(&self.coins))
    }

    /// What lies in the treasury besides its revenue: VCAI, and µUSDT.
    #[must_use]
    pub fn spare(&self) -> [u128; 2] {
        let (vcai, coins) = self.given(Room::Treasury);
        [self.forfeited + vcai - self.purse[0], coins - self.purse[1]]
    }

    /// Shares of the pool that the treasury owns.
    #[must_use]
    pub fn treasury_shares(&self) -> u128 {
        self.pool.providers.get(&TREASURY).map_or(0, |provider| provider.shares)
    }

    /// Shares of the pool become what they are worth, which lies in the treasury from then on.
    pub fn unpool(&mut self, shares: u128) {
        let [vcai, usdt] = self.pool.pay_out(TREASURY, shares);
        *self.gifts.entry(Room::Treasury).or_default() += vcai;
        *self.coins.entry(Room::Treasury).or_default() += usdt;
    }

    // ---- sale, TGE and tokens ----

    /// What a purchase must pay, if it is one.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn buy(&mut self, user: usize, quantity: u32, short: bool, now: u64) -> Verdict {
        require((1..=BATCH).contains(&quantity), "genesis:2")?;
        require(self.tge.is_none(), "genesis:8")?;
        require((OPENS..CLOSES).contains(&now), "genesis:3")?;
        require(!short, "genesis:7")?;
        let bought = self.bought.entry(user).or_default();
        require(*bought + quantity <= PER_WALLET, "genesis:6")?;
        *bought += quantity;
        for id in self.sold + 1..=self.sold + quantity {
            self.tokens.insert(
                id,
                Token {
                    owner: user,
                    claimed: 0,
                },
            );
        }
        self.sold += quantity;
        Ok(())
    }

    pub fn grants(&mut self, by: Who) -> Verdict {
        require(by == Who::Council, "allocation:901")?;
        // The private round has not twice as much.
        require(!self.granted, "allocation:11")?;
        self.granted = true;
        for (bucket, user, whole) in GRANTS {
            self.grants.push(Grant {
                bucket,
                whose: Who::User(user),
                pending: None,
                amount: whole * ONE,
                terms: schedule(bucket),
                start: None,
                floor: 0,
                claimed: 0,
            });
        }
        Ok(())
    }

    /// Another time, a day ahead at least, and another price.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn set_tge(&mut self, by: Who, plan: Plan, now: u64) -> Verdict {
        require(by == Who::Council, "allocation:901")?;
        require(self.tge.is_none(), "allocation:4")?;
        let fits = plan.time >= now + DAY && (1..=DEAREST).contains(&plan.price);
        require(fits, "allocation:3")?;
        self.plan = plan;
        Ok(())
    }

    /// The market opens with all proceeds.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn tge(&mut self, now: u64) -> Verdict {
        require(self.tge.is_none(), "allocation:4")?;
        require(now >= self.plan.time, "allocation:6")?;
        let alive = self.tokens.len() as u128;
        let (airdrop, proceeds) = (alive * PER_TOKEN, alive * PRICE);
        let paired = proceeds * ONE / self.plan.price;
        require(airdrop + paired <= LIQUIDITY, "allocation:7")?;
        (self.tge, self.airdrop) = (Some(now), airdrop);
        if proceeds > 0 {
            // Nobody could open it before.
            self.pool.provide(TREASURY, [paired, proceeds])?;
        }
        Ok(())
    }

    /// What a genesis token has earned by a time.
    fn earned(&self, now: u64) -> u128 {
        let Some(tge) = self.tge else { return 0 };
        let months = ((now - tge) / MONTH).min(6);
        PER_TOKEN / 4 + PER_TOKEN / 8 * u128::from(months)
    }

    /// Live tokens of somebody, by number.
    #[must_use]
    pub fn tokens_of(&self, user: usize) -> Vec<u32> {
        let of = self.tokens.iter().filter(|(_, token)| token.owner == user);
        of.map(|(id, _)| *id).collect()
    }

    /// What claiming on tokens would pay at a time.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn claimable_tokens(&self, user: usize, ids: &[u32], now: u64) -> Result<u128, &'static str> {
        require(self.tge.is_some(), "genesis:9")?;
        let (mut sum, mut seen) = (0, Vec::new());
        for id in ids {
            require(!seen.contains(id), "genesis:10")?;
            seen.push(*id);
            let token = self.tokens.get(id).ok_or("genesis:970")?;
            require(token.owner == user, "genesis:11")?;
            sum += self.earned(now) - token.claimed;
        }
        require(sum > 0, "genesis:12")?;
        Ok(sum)
    }

    /// They paid so much, each the same it had earned.
    pub fn claim_tokens(&mut self, user: usize, ids: &[u32], paid: u128) {
        let before: u128 = ids.iter().map(|id| self.tokens[id].claimed).sum();
        let each = (before + paid) / ids.len() as u128;
        for id in ids {
            if let Some(token) = self.tokens.get_mut(id) {
                token.claimed = each;
            }
        }
        self.claimed += paid;
        self.gets(Who::User(user), paid);
    }

    /// Burns a token: what it did not claim is the treasury's; without a TGE its price goes back to the user who is answered.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn burn_token(&mut self, id: u32, now: u64) -> Result<Option<usize>, &'static str> {
        require(self.tge.is_some() || now >= DEADLINE, "genesis:13")?;
        let token = self.tokens.remove(&id).ok_or("genesis:970")?;
        if self.tge.is_none() {
            return Ok(Some(token.owner));
        }
        self.forfeited += PER_TOKEN - token.claimed;
        Ok(None)
    }

    // ---- grants ----

    /// What can be claimed of a grant at a time.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn claimable(&self, who: Who, grant: usize, now: u64) -> Result<u128, &'static str> {
        let grant = self.grants.get(grant).ok_or("allocation:16")?;
        require(grant.whose == who, "allocation:911")?;
        let left = grant.vested(self.tge, now) - grant.claimed;
        require(left > 0, "allocation:17")?;
        Ok(left)
    }

    /// Whether a grant can have these terms from now on.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn can_amend(&self, by: Who, grant: usize, terms: &Terms) -> Verdict {
        // What is no schedule is no message.
        require(terms.exist(), "chain")?;
        require(by == Who::Council, "allocation:901")?;
        let bucket = self.grants.get(grant).ok_or("allocation:16")?.bucket;
        let part = bucket == Bucket::Issued || terms.tge_bps == schedule(bucket).tge_bps;
        require(part, "allocation:14")
    }

    // ---- locks ----

    /// The end of a lock until a time: the next midnight, or the last one within four years.
    fn end(until: u64, now: u64) -> Result<u64, &'static str> {
        require(until <= now + LONGEST + DAY, "escrow:4")?;
        Ok((until.div_ceil(DAY) * DAY).min((now + LONGEST) / DAY * DAY))
    }

    pub fn lock(&mut self, user: usize, amount: u128, until: u64, now: u64) -> Verdict {
        require(amount > 0, "escrow:1")?;
        if let Some(lock) = self.locks.get(&user) {
            return Err(if lock.end > now { "escrow:5" } else { "escrow:7" });
        }
        let end = Self::end(until, now)?;
        require(end >= now + 7 * DAY, "escrow:3")?;
        require(amount >= SMALLEST_LOCK, "escrow:2")?;
        self.locks.insert(user, Lock { amount, end });
        Ok(())
    }

    fn live(&mut self, user: usize, now: u64) -> Result<&mut Lock, &'static str> {
        let lock = self.locks.get_mut(&user).ok_or("escrow:6")?;
        require(lock.end > now, "escrow:7")?;
        Ok(lock)
    }

    pub fn increase(&mut self, user: usize, amount: u128, now: u64) -> Verdict {
        require(amount > 0, "escrow:1")?;
        self.live(user, now)?.amount += amount;
        Ok(())
    }

    pub fn extend(&mut self, user: usize, until: u64, now: u64) -> Verdict {
        let lock = self.live(user, now)?;
        let end = Self::end(until, now)?;
        require(end > lock.end, "escrow:9")?;
        lock.end = end;
        Ok(())
    }

    /// By the allocation for its beneficiary: makes a lock, or adds to one and extends it.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn lock_for(&mut self, user: usize, amount: u128, until: u64, now: u64) -> Verdict {
        if !self.locks.contains_key(&user) {
            return self.lock(user, amount, until, now);
        }
        self.live(user, now)?;
        let end = Self::end(until, now)?;
        let lock = self.live(user, now)?;
        lock.amount += amount;
        lock.end = lock.end.max(end);
        Ok(())
    }

    pub fn unlock(&mut self, user: usize, now: u64) -> Verdict {
        let lock = *self.locks.get(&user).ok_or("escrow:6")?;
        require(lock.end <= now, "escrow:8")?;
        self.locks.remove(&user);
        self.gets(Who::User(user), lock.amount);
        Ok(())
    }

    // ---- treasury and pool ----

    #[must_use]
    pub fn revenue(&self) -> u128 {
        self.deposited.values().sum()
    }

    #[must_use]
    pub fn net_fees(&self) -> u128 {
        let counted = self.deposited.iter().filter(|(source, _)| SOURCES[**source].2);
        counted.map(|(_, amount)| amount).sum()
    }

    pub fn deposit(&mut self, source: usize, by: Who, amount: u128) -> Verdict {
        let known = self.granted && source < SOURCES.len();
        require(known, "treasury:5")?;
        require(SOURCES[source].1 == by, "treasury:911")?;
        require(amount > 0, "treasury:930")?;
        *self.deposited.entry(source).or_default() += amount;
        Ok(())
    }

    /// What a slice buys.
    ///
    /// # Errors
    /// The refusal's code.
    pub fn slice(&mut self, pay: u128) -> Result<u128, &'static str> {
        let bought = self.pool.swap(Coin::Credit, pay)?;
        self.spent += pay;
        self.bought_back += bought;
        Ok(bought)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_ends_at_midnight_within_four_years() {
        let mut ledger = Ledger::default();
        let now = 20_000 * DAY + HOUR;
        ledger.gets(Who::User(0), 1);
        assert_eq!(ledger.lock(0, SMALLEST_LOCK - 1, now + 7 * DAY, now), Err("escrow:2"));
        assert_eq!(ledger.lock(0, SMALLEST_LOCK, now + 6 * DAY, now), Err("escrow:3"));
        assert_eq!(ledger.lock(0, SMALLEST_LOCK, now + 1_463 * DAY, now), Err("escrow:4"));
        assert_eq!(ledger.lock(0, SMALLEST_LOCK, now + 1_461 * DAY, now), Ok(()));
        let lock = ledger.locks[&0];
        assert_eq!((lock.end, lock.slope()), (21_461 * DAY, 100_000_000_000));
        assert_eq!(ledger.unlock(0, lock.end - 1), Err("escrow:8"));
        assert_eq!(ledger.unlock(0, lock.end), Ok(()));
        assert_eq!(ledger.vcai(Who::User(0)), SMALLEST_LOCK + 1);
    }

    #[test]
    fn an_amended_grant_keeps_what_has_vested() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.grants(Who::Council), Ok(()));
        assert_eq!(ledger.tge(TGE_AT), Ok(()));
        let advisor = |ledger: &Ledger, months: u64| ledger.grants[3].vested(ledger.tge, TGE_AT + months * MONTH) / ONE;
        assert_eq!(
            [0, 9, 18, 19].map(|months| advisor(&ledger, months)),
            [0, 5_000_000, 10_000_000, 10_000_000]
        );
        ledger.grants[3].floor = 5_000_000 * ONE;
        let rest = Rest::Steps {
            period: 10 * MONTH,
            count: 4,
        };
        ledger.grants[3].terms = Terms {
            tge_bps: 0,
            cliff: MONTH,
            rest,
        };
        let amended = [9, 11, 21, 30, 31, 41].map(|months| advisor(&ledger, months));
        assert_eq!(
            amended,
            [5_000_000, 5_000_000, 5_000_000, 5_000_000, 7_500_000, 10_000_000]
        );
    }

    #[test]
    fn schedules_and_plans_have_bounds() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.grants(Who::Council), Ok(()));
        let of = |cliff, rest| Terms {
            tge_bps: 0,
            cliff,
            rest,
        };
        let amend = |terms| ledger.can_amend(Who::Council, 3, &terms);
        let (whole, count) = (120 * MONTH, 120);
        assert_eq!(amend(of(whole, Rest::Line(whole))), Ok(()));
        assert_eq!(amend(of(0, Rest::Steps { period: MONTH, count })), Ok(()));
        assert_eq!(amend(of(whole + 1, Rest::Line(1))), Err("chain"));
        assert_eq!(amend(of(0, Rest::Line(0))), Err("chain"));
        assert_eq!(
            amend(of(
                0,
                Rest::Steps {
                    period: MONTH + 1,
                    count
                }
            )),
            Err("chain")
        );
        assert_eq!(
            ledger.can_amend(Who::Council, 0, &schedule(Bucket::Public)),
            Err("allocation:14")
        );
        let mut set = |ahead, price| {
            let time = START + ahead;
            ledger.set_tge(Who::Council, Plan { time, price }, START)
        };
        assert_eq!(set(DAY - 1, 1), Err("allocation:3"));
        assert_eq!(set(DAY, 0), Err("allocation:3"));
        assert_eq!(set(DAY, DEAREST + 1), Err("allocation:3"));
        assert_eq!(set(DAY, DEAREST), Ok(()));
        assert_eq!(ledger.tge(START + DAY - 1), Err("allocation:6"));
        assert_eq!(ledger.tge(START + DAY), Ok(()));
    }

    #[test]
    fn a_token_earns_a_quarter_at_once_and_six_steps() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.buy(1, 2, false, START), Ok(()));
        assert_eq!(ledger.claimable_tokens(1, &[1], START), Err("genesis:9"));
        assert_eq!(ledger.tge(TGE_AT), Ok(()));
        let whole = |months: u64| ledger.claimable_tokens(1, &[1, 2], TGE_AT + months * MONTH).unwrap() / ONE;
        let earned: Vec<_> = (0..8).map(whole).collect();
        assert_eq!(earned, [5_000, 7_500, 10_000, 12_500, 15_000, 17_500, 20_000, 20_000]);
        assert_eq!(ledger.pool.reserves, [20_000 * ONE, 1_000 * ONE]);
    }
}

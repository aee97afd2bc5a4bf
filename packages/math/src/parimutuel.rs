//! Dynamic parimutuel with the L2 cost function.
//!
//! A market has a pool P and, for each outcome i, shares s_i and the net money M_i that came in on it. Between any two trades
//!
//! ```text
//! P² ≥ Σ s_i²        Σ M_i = P                                            ([`Pool::new`] refuses anything else)
//! c₀ = ⌊√Σs²⌋
//! open with ante A, n outcomes:   M_i = A/n (the first A mod n get one more),   s_i = ⌊A/√n⌋
//! buy for b of i:                 s_i' = ⌊√((c₀ + b)² − Σ_{j≠i} s_j²)⌋,         P' = P + b,   M_i' = M_i + b
//! sell q of i:                    r = c₀ − ⌈√(Σs² with s_i − q)⌉,               P' = P − r,   M_i' = M_i − r
//! probability of i:               s_i² / Σs²
//! ```
//!
//! The refund is measured from c₀ and not from P, so what rounding leaves in the pool can never be traded out of it. Both trades keep the first line: after a
//! purchase Σs'² ≤ (c₀ + b)² ≤ (P + b)²; after a sale P − r ≥ c₀ − r = ⌈√Σs'²⌉.
//!
//! Settled on w with the fee rate f:
//!
//! ```text
//! F = min(⌊f · max(P − M_w, 0)⌋, P − s_w)         (P − M_w is Σ M of the losers)
//! q winning shares receive ⌊(P − F) · q / s_w⌋; with a waiver ⌊F · q / s_w⌋ more, otherwise that is burned; the last one takes what is left of P − F
//! ```
//!
//! Since F ≤ P − s_w, a winning share receives at least 1. It cost at most 1: with b ≥ c₀ / (c₀ − s_i), which is about 200 where the probability of i is 99 %,
//! s_i' − s_i ≥ b in spite of the rounding, because (c₀ + b)² − Σ_{j≠i} s_j² − (s_i + b)² = (c₀² − Σs²) + 2b(c₀ − s_i) ≥ −2c₀ + 2b(c₀ − s_i).
//!
//! Void: everybody gets back what he put in. A sale of refund r pays its seller min(r, k) at once, where k ≥ 0 is what he paid in so far less what he was paid; the
//! rest r − min(r, k) is held back for him in H and paid with his claim unless the market is void. So k stays ≥ 0, and since a purchase of b adds b to P and to k,
//! and a sale takes r from P, adds r − min(r, k) to H and takes min(r, k) from k,
//!
//! ```text
//! Σ k = P + H        (after every trade; k of the ante is A)
//! ```
//!
//! A void pays k to each: to the unit what is there, and nobody, nor any group of accounts, gets out more than it put in. H changes neither P nor any s_i or M_i, so
//! prices, fees and the claims of an outcome that wins are those of the formulas above.
//!
//! All squares fit 128 bits because P is bounded by [`MAX_POOL`], and no s_i exceeds P.

use thiserror::Error;

use crate::sqrt::{sqrt_ceil, sqrt_floor};
use crate::{mul_div_floor, Bps, MathError};

/// Most money in a pool: 2⁵⁶ − 1, seven thousand times all µLCO. (2⁵⁶)² · 10⁴ still fits 128 bits.
pub const MAX_POOL: u128 = (1 << 56) - 1;
/// Fewest outcomes.
pub const MIN_OUTCOMES: usize = 2;
/// Most outcomes.
pub const MAX_OUTCOMES: usize = 8;
/// The whole, in parts per million.
const PPM: u128 = 1_000_000;

/// Why a pool refuses.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PoolError {
    /// A calculation has no result.
    #[error("{0}")]
    Math(#[from] MathError),
    /// Fewer than two outcomes or more than eight.
    #[error("{actual} outcomes, expected {MIN_OUTCOMES} to {MAX_OUTCOMES}")]
    Outcomes {
        /// The number given.
        actual: usize,
    },
    /// The outcome is not one of the pool's.
    #[error("outcome {actual} of {outcomes}, counted from 0")]
    NoOutcome {
        /// The outcome given.
        actual: usize,
        /// How many there are.
        outcomes: usize,
    },
    /// The trade would give nothing.
    #[error("a trade of {amount} would give nothing")]
    NothingOut {
        /// Money bet or shares sold.
        amount: u128,
    },
    /// More is sold or claimed than there is.
    #[error("{asked} shares of {available}")]
    NotEnough {
        /// Shares there are.
        available: u128,
        /// Shares asked for.
        asked: u128,
    },
    /// The pool would pass [`MAX_POOL`].
    #[error("a pool of {actual}, at most {MAX_POOL}")]
    TooLarge {
        /// What it would be.
        actual: u128,
    },
    /// The numbers are not those of a pool: P² < Σs² or ΣM ≠ P.
    #[error("the pool's money does not match its shares")]
    Broken,
}

/// One outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// s_i.
    pub shares: u128,
    /// M_i; below zero if those who sold took out more than ever came in on this outcome.
    pub money: i128,
}

/// A market's money and shares. There is no way to have one whose invariants do not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    money: u128,
    outcomes: Vec<Outcome>,
}

impl Pool {
    /// A pool with these numbers.
    ///
    /// # Errors
    /// [`PoolError::Outcomes`], [`PoolError::TooLarge`]; [`PoolError::Broken`] unless P² ≥ Σs² and ΣM = P.
    pub fn new(money: u128, outcomes: Vec<Outcome>) -> Result<Self, PoolError> {
        check_number(outcomes.len())?;
        if money > MAX_POOL {
            return Err(PoolError::TooLarge { actual: money });
        }
        let mut net = 0i128;
        for outcome in &outcomes {
            net = net.checked_add(outcome.money).ok_or(MathError::Overflow)?;
        }
        let pool = Self { money, outcomes };
        match u128::try_from(net) == Ok(money) && square(money)? >= pool.squares()? {
            true => Ok(pool),
            false => Err(PoolError::Broken),
        }
    }

    /// A pool of `ante` on `outcomes` outcomes, all alike: M_i = A/n, s_i = ⌊A/√n⌋ = ⌊√⌊A²/n⌋⌋.
    ///
    /// # Errors
    /// As [`Pool::new`]; [`PoolError::NothingOut`] if no share would come of it.
    pub fn open(ante: u128, outcomes: usize) -> Result<Self, PoolError> {
        check_number(outcomes)?;
        if ante > MAX_POOL {
            return Err(PoolError::TooLarge { actual: ante });
        }
        let number = outcomes as u128;
        let divided = |value: u128| value.checked_div(number).ok_or(MathError::DivisionByZero);
        let shares = sqrt_floor(divided(square(ante)?)?);
        if shares == 0 {
            return Err(PoolError::NothingOut { amount: ante });
        }
        let (each, rest) = (divided(ante)?, ante.checked_rem(number).unwrap_or_default());
        let money = (0..number).map(|i| signed(each.saturating_add(u128::from(i < rest))));
        let outcomes = money.map(|money| money.map(|money| Outcome { shares, money }));
        Self::new(ante, outcomes.collect::<Result<_, _>>()?)
    }

    /// P.
    pub fn money(&self) -> u128 {
        self.money
    }

    /// Shares and money of each outcome.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// One outcome.
    ///
    /// # Errors
    /// [`PoolError::NoOutcome`].
    pub fn outcome(&self, outcome: usize) -> Result<Outcome, PoolError> {
        self.outcomes.get(outcome).copied().ok_or(PoolError::NoOutcome {
            actual: outcome,
            outcomes: self.outcomes.len(),
        })
    }

    /// The pool after a bet of `bet` on `outcome`, and the shares bought, rounded down (for the pool).
    ///
    /// # Errors
    /// [`PoolError::NoOutcome`], [`PoolError::TooLarge`]; [`PoolError::NothingOut`] if no share would be bought.
    pub fn buy(&self, outcome: usize, bet: u128) -> Result<(Self, u128), PoolError> {
        let before = self.outcome(outcome)?;
        let money = self.money.checked_add(bet).ok_or(MathError::Overflow)?;
        if money > MAX_POOL {
            return Err(PoolError::TooLarge { actual: money });
        }
        let squares = self.squares()?;
        let others = minus(squares, square(before.shares)?)?;
        let cost = sqrt_floor(squares).checked_add(bet).ok_or(MathError::Overflow)?;
        // nothing to subtract from where the bet is zero and c₀² is below Σ_{j≠i} s_j²
        let shares = sqrt_floor(square(cost)?.saturating_sub(others));
        let bought = shares.saturating_sub(before.shares);
        if bought == 0 {
            return Err(PoolError::NothingOut { amount: bet });
        }
        let net = before.money.checked_add(signed(bet)?).ok_or(MathError::Overflow)?;
        Ok((self.with(outcome, money, Outcome { shares, money: net })?, bought))
    }

    /// The pool after `shares` of `outcome` are sold, and the refund, rounded down (for the pool).
    ///
    /// # Errors
    /// [`PoolError::NoOutcome`], [`PoolError::NotEnough`]; [`PoolError::NothingOut`] if nothing would be refunded.
    pub fn sell(&self, outcome: usize, shares: u128) -> Result<(Self, u128), PoolError> {
        let before = self.outcome(outcome)?;
        let left = before.shares.checked_sub(shares).ok_or(PoolError::NotEnough {
            available: before.shares,
            asked: shares,
        })?;
        let squares = self.squares()?;
        let after = minus(squares, minus(square(before.shares)?, square(left)?)?)?;
        let refund = sqrt_floor(squares).saturating_sub(sqrt_ceil(after));
        if refund == 0 {
            return Err(PoolError::NothingOut { amount: shares });
        }
        let net = before.money.checked_sub(signed(refund)?).ok_or(MathError::Overflow)?;
        let money = minus(self.money, refund)?;
        let after = Outcome {
            shares: left,
            money: net,
        };
        Ok((self.with(outcome, money, after)?, refund))
    }

    /// s_i² / Σs² in parts per million, rounded down; 0 for an outcome there is not.
    pub fn probability_ppm(&self, outcome: usize) -> u32 {
        let shares = self.outcomes.get(outcome).map(|outcome| outcome.shares);
        let part = square(shares.unwrap_or_default()).unwrap_or_default();
        let whole = self.squares().unwrap_or_default();
        let ppm = mul_div_floor(part, PPM, whole).unwrap_or_default();
        // a part of the whole is at most 10⁶
        u32::try_from(ppm).unwrap_or_default()
    }

    /// Whether s_i² / Σs² > `limit`, exactly.
    ///
    /// # Errors
    /// [`PoolError::NoOutcome`].
    pub fn is_above(&self, outcome: usize, limit: Bps) -> Result<bool, PoolError> {
        let scaled = |value: u128, by: u16| value.checked_mul(by.into()).ok_or(MathError::Overflow);
        let part = scaled(square(self.outcome(outcome)?.shares)?, Bps::ONE.get())?;
        Ok(part > scaled(self.squares()?, limit.get())?)
    }

    /// What is paid if `winner` wins: F = min(⌊rate · max(P − M_w, 0)⌋, P − s_w), the rest to the winning shares.
    ///
    /// # Errors
    /// [`PoolError::NoOutcome`].
    pub fn settle(&self, winner: usize, rate: Bps) -> Result<Payouts, PoolError> {
        let won = self.outcome(winner)?;
        let losers = signed(self.money)?.saturating_sub(won.money).max(0);
        let fee = rate.of_floor(losers.unsigned_abs()).min(minus(self.money, won.shares)?);
        Ok(Payouts::new(minus(self.money, fee)?, fee, won.shares))
    }

    /// What comes back if the market is void: to everybody what he put in and did not get back. These sum to P + H, where H is `held`, so a weight of one unit
    /// receives exactly one unit, in any order.
    pub fn refund(&self, held: u128) -> Payouts {
        let all = self.money.saturating_add(held);
        Payouts::new(all, 0, all)
    }

    /// Σ s_i².
    fn squares(&self) -> Result<u128, MathError> {
        self.outcomes.iter().try_fold(0u128, |sum, outcome| {
            sum.checked_add(square(outcome.shares)?).ok_or(MathError::Overflow)
        })
    }

    fn with(&self, index: usize, money: u128, outcome: Outcome) -> Result<Self, PoolError> {
        let mut outcomes = self.outcomes.clone();
        if let Some(place) = outcomes.get_mut(index) {
            *place = outcome;
        }
        Self::new(money, outcomes)
    }
}

/// Money to be shared out by weight. Whatever the order of the claims: Σ paid + Σ burned = money + fee when the last weight is claimed, and nobody receives less
/// than ⌊money · weight / all weights⌋.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payouts {
    /// What all claims share.
    pub money: u128,
    /// What is burned but for the parts of those who have a waiver.
    pub fee: u128,
    /// All weights.
    pub weight: u128,
    /// Of `money`, not yet paid.
    pub money_left: u128,
    /// Of `fee`, neither burned nor paid.
    pub fee_left: u128,
    /// Of `weight`, not yet claimed.
    pub weight_left: u128,
}

/// What one weight receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Paid in any case.
    pub money: u128,
    /// Paid with a waiver, burned without.
    pub fee: u128,
}

/// What one claim moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// To the claimant.
    pub paid: u128,
    /// Of `paid`, what a waiver kept from being burned.
    pub waived: u128,
    /// To be burned.
    pub burned: u128,
}

impl Payouts {
    /// Nothing claimed yet.
    pub fn new(money: u128, fee: u128, weight: u128) -> Self {
        Self {
            money,
            fee,
            weight,
            money_left: money,
            fee_left: fee,
            weight_left: weight,
        }
    }

    /// What `weight` would receive now, rounded down; the last weight also what rounding left of the money.
    ///
    /// # Errors
    /// [`PoolError::NotEnough`] for more than the weight left.
    pub fn share(&self, weight: u128) -> Result<Share, PoolError> {
        if weight > self.weight_left {
            return Err(PoolError::NotEnough {
                available: self.weight_left,
                asked: weight,
            });
        }
        let part = |of: u128| mul_div_floor(of, weight, self.weight);
        let money = match weight == self.weight_left {
            true => self.money_left,
            false => part(self.money)?,
        };
        Ok(Share {
            money,
            fee: part(self.fee)?,
        })
    }

    /// Takes the share of `weight`. With the last weight everything left of the fee is burned.
    ///
    /// # Errors
    /// As [`Payouts::share`].
    pub fn claim(&mut self, weight: u128, waiver: bool) -> Result<Claimed, PoolError> {
        let share = self.share(weight)?;
        self.weight_left = minus(self.weight_left, weight)?;
        self.money_left = minus(self.money_left, share.money)?;
        self.fee_left = minus(self.fee_left, share.fee)?;
        let (waived, mut burned) = if waiver { (share.fee, 0) } else { (0, share.fee) };
        if self.weight_left == 0 {
            burned = burned.saturating_add(std::mem::take(&mut self.fee_left));
        }
        Ok(Claimed {
            paid: share.money.saturating_add(waived),
            waived,
            burned,
        })
    }

    /// Neither paid nor burned.
    pub fn left(&self) -> u128 {
        self.money_left.saturating_add(self.fee_left)
    }
}

fn check_number(outcomes: usize) -> Result<(), PoolError> {
    match (MIN_OUTCOMES..=MAX_OUTCOMES).contains(&outcomes) {
        true => Ok(()),
        false => Err(PoolError::Outcomes { actual: outcomes }),
    }
}

fn square(value: u128) -> Result<u128, MathError> {
    value.checked_mul(value).ok_or(MathError::Overflow)
}

fn minus(from: u128, value: u128) -> Result<u128, MathError> {
    from.checked_sub(value).ok_or(MathError::Overflow)
}

fn signed(value: u128) -> Result<i128, MathError> {
    i128::try_from(value).map_err(|_| MathError::Overflow)
}

#[cfg(test)]
mod tests {
    use num_bigint::{BigInt, BigUint};
    use proptest::prelude::*;

    use super::*;

    const ONE: u128 = 1_000_000;

    fn rate(bps: u16) -> Bps {
        Bps::new(bps).unwrap()
    }

    /// The same market in numbers without bound, everything computed from the formulas as they stand.
    struct Slow {
        money: BigUint,
        shares: Vec<BigUint>,
        net: Vec<BigInt>,
    }

    impl Slow {
        fn open(ante: u128, outcomes: usize) -> Self {
            let ante = BigUint::from(ante);
            // ⌊A/√n⌋ is the largest s with n·s² ≤ A²
            let mut share = ante.clone();
            while &share * &share * outcomes > &ante * &ante {
                share = (&share + &ante * &ante / (&share * outcomes)) / 2u8;
            }
            let mut net = vec![BigInt::from(&ante / outcomes); outcomes];
            let rest = usize::try_from(&ante % outcomes).unwrap();
            net.iter_mut().take(rest).for_each(|money| *money += 1);
            Self {
                money: ante,
                shares: vec![share; outcomes],
                net,
            }
        }

        fn squares(&self) -> BigUint {
            self.shares.iter().map(|s| s * s).sum()
        }

        fn buy(&mut self, outcome: usize, bet: u128) -> BigUint {
            let others = self.squares() - &self.shares[outcome] * &self.shares[outcome];
            let cost = self.squares().sqrt() + bet;
            let shares = (&cost * &cost - others).sqrt();
            let bought = &shares - &self.shares[outcome];
            self.shares[outcome] = shares;
            self.money += bet;
            self.net[outcome] += bet;
            bought
        }

        fn sell(&mut self, outcome: usize, shares: u128) -> BigInt {
            let before = BigInt::from(self.squares().sqrt());
            self.shares[outcome] -= shares;
            let root = self.squares().sqrt();
            let up = if &root * &root == self.squares() {
                root
            } else {
                root + 1u8
            };
            let refund = before - BigInt::from(up);
            self.money = BigUint::try_from(BigInt::from(self.money.clone()) - &refund).unwrap();
            self.net[outcome] -= &refund;
            refund
        }

        fn fee(&self, winner: usize, bps: u16) -> BigUint {
            let losers: BigInt = self
                .net
                .iter()
                .enumerate()
                .filter(|(i, _)| *i != winner)
                .map(|(_, money)| money)
                .sum();
            let share = if losers < BigInt::from(0) {
                BigUint::from(0u8)
            } else {
                losers.magnitude() * bps / 10_000u32
            };
            share.min(&self.money - &self.shares[winner])
        }

        fn is(&self, pool: &Pool) -> bool {
            self.money == pool.money().into()
                && self
                    .shares
                    .iter()
                    .zip(pool.outcomes())
                    .all(|(shares, outcome)| *shares == outcome.shares.into())
                && self
                    .net
                    .iter()
                    .zip(pool.outcomes())
                    .all(|(net, outcome)| *net == outcome.money.into())
        }
    }

    /// A trade: of which outcome, whether a purchase, and how large in parts of 2³² of what is possible.
    type Trade = (usize, bool, u32);

    fn trades() -> impl Strategy<Value = (usize, u128, Vec<Trade>)> {
        let trade = (0..8usize, prop::bool::weighted(0.6), any::<u32>());
        (2..=8usize, ONE..10_000 * ONE, prop::collection::vec(trade, 1..40))
    }

    fn part(of: u128, size: u32) -> u128 {
        mul_div_floor(of, size.into(), u32::MAX.into()).unwrap()
    }

    #[test]
    fn ante_is_split_evenly() {
        let pool = Pool::open(100 * ONE, 3).unwrap();
        assert_eq!(pool.money(), 100 * ONE);
        let money: Vec<_> = pool.outcomes().iter().map(|outcome| outcome.money).collect();
        assert_eq!(money, [33_333_334, 33_333_333, 33_333_333]);
        // 100/√3 = 57.735026…
        assert!(pool.outcomes().iter().all(|outcome| outcome.shares == 57_735_026));
        assert_eq!(pool.probability_ppm(0), 333_333);
    }

    #[test]
    fn worked_example() {
        let pool = Pool::open(100 * ONE, 2).unwrap();
        assert_eq!(pool.outcomes()[0].shares, 70_710_678);
        let (pool, alice) = pool.buy(0, 50 * ONE).unwrap();
        assert_eq!((pool.outcomes()[0].shares, alice), (132_287_564, 61_576_886));
        assert_eq!(pool.probability_ppm(0), 777_777);
        let (pool, bob) = pool.buy(1, 30 * ONE).unwrap();
        assert_eq!((pool.outcomes()[1].shares, bob), (122_065_554, 51_354_876));
        assert_eq!((pool.money(), pool.probability_ppm(1)), (180 * ONE, 459_876));
        let (pool, refund) = pool.sell(0, 20 * ONE).unwrap();
        assert_eq!((refund, pool.money()), (14_143_141, 165_856_859));
        // outcome 1 wins; the losers' money is 100 − 14.143141
        let payouts = pool.settle(1, rate(500)).unwrap();
        assert_eq!(
            (payouts.fee, payouts.money, payouts.weight),
            (4_292_842, 161_564_017, 122_065_554)
        );
        assert_eq!(payouts.share(bob).unwrap().money, 67_972_493);
    }

    #[test]
    fn numbers_that_are_no_pool_are_refused() {
        let outcome = |shares, money| Outcome { shares, money };
        assert_eq!(Pool::new(5, vec![outcome(3, 2), outcome(4, 3)]).unwrap().money(), 5);
        let broken = [
            (5, vec![outcome(4, 2), outcome(4, 3)]),
            (5, vec![outcome(3, 2), outcome(4, 2)]),
            (5, vec![outcome(3, 7), outcome(4, -1)]),
        ];
        for (money, outcomes) in broken {
            assert_eq!(
                Pool::new(money, outcomes.clone()),
                Err(PoolError::Broken),
                "{money} {outcomes:?}"
            );
        }
        for outcomes in [0, 1, 9] {
            assert_eq!(Pool::open(ONE, outcomes), Err(PoolError::Outcomes { actual: outcomes }));
        }
        assert_eq!(
            Pool::open(MAX_POOL + 1, 2),
            Err(PoolError::TooLarge { actual: MAX_POOL + 1 })
        );
        assert_eq!(Pool::open(0, 2), Err(PoolError::NothingOut { amount: 0 }));
    }

    #[test]
    fn money_below_zero_is_a_pool_if_the_sum_is_right() {
        Pool::new(
            5,
            vec![Outcome { shares: 3, money: -10 }, Outcome { shares: 4, money: 15 }],
        )
        .unwrap();
    }

    #[test]
    fn largest_pool_trades_and_nothing_lies_above_it() {
        let pool = Pool::open(MAX_POOL - 7, 8).unwrap();
        let (pool, _) = pool.buy(3, 7).unwrap();
        assert_eq!(pool.buy(3, 1), Err(PoolError::TooLarge { actual: MAX_POOL + 1 }));
        assert_eq!(pool.buy(3, u128::MAX), Err(PoolError::Math(MathError::Overflow)));
        pool.is_above(3, rate(9_900)).unwrap();
        pool.settle(3, rate(1_000)).unwrap();
        assert!(pool.probability_ppm(3) >= 125_000);
    }

    #[test]
    fn zero_output_trades_are_refused() {
        let pool = Pool::open(100 * ONE, 2).unwrap();
        assert_eq!(pool.buy(0, 0), Err(PoolError::NothingOut { amount: 0 }));
        assert_eq!(pool.sell(0, 0), Err(PoolError::NothingOut { amount: 0 }));
        // one share is worth less than one unit
        assert_eq!(pool.sell(0, 1), Err(PoolError::NothingOut { amount: 1 }));
        let (available, asked) = (pool.outcomes()[0].shares, pool.outcomes()[0].shares + 1);
        assert_eq!(pool.sell(0, asked), Err(PoolError::NotEnough { available, asked }));
        assert_eq!(pool.buy(2, ONE), Err(PoolError::NoOutcome { actual: 2, outcomes: 2 }));
        assert_eq!(pool.sell(2, ONE), Err(PoolError::NoOutcome { actual: 2, outcomes: 2 }));
    }

    #[test]
    fn limit_on_probability_is_exact() {
        // 3² / (3² + 4²) = 36 %
        let pool = Pool::new(
            5,
            vec![Outcome { shares: 3, money: 5 }, Outcome { shares: 4, money: 0 }],
        )
        .unwrap();
        assert!(!pool.is_above(0, rate(3_600)).unwrap());
        assert!(pool.is_above(0, rate(3_599)).unwrap());
    }

    #[test]
    fn last_claimant_takes_the_dust() {
        let mut payouts = Payouts::new(100, 10, 3);
        let claims = [false, true, false].map(|waiver| payouts.claim(1, waiver).unwrap());
        assert_eq!(
            claims[0],
            Claimed {
                paid: 33,
                waived: 0,
                burned: 3
            }
        );
        assert_eq!(
            claims[1],
            Claimed {
                paid: 36,
                waived: 3,
                burned: 0
            }
        );
        assert_eq!(
            claims[2],
            Claimed {
                paid: 34,
                waived: 0,
                burned: 4
            }
        );
        assert_eq!(payouts.left(), 0);
        assert_eq!(
            payouts.claim(1, false),
            Err(PoolError::NotEnough { available: 0, asked: 1 })
        );
    }

    #[test]
    fn last_claimant_with_a_waiver_keeps_his_part_of_the_fee_and_no_more() {
        let mut payouts = Payouts::new(100, 10, 3);
        payouts.claim(2, false).unwrap();
        assert_eq!(
            payouts.claim(1, true).unwrap(),
            Claimed {
                paid: 34 + 3,
                waived: 3,
                burned: 1
            }
        );
    }

    proptest! {
        #[test]
        fn random_trades_keep_the_invariants_and_agree_with_the_formulas((outcomes, ante, trades) in trades(), bps in 0..=1_000u16) {
            let mut pool = Pool::open(ante, outcomes).unwrap();
            let mut slow = Slow::open(ante, outcomes);
            prop_assert!(slow.is(&pool));
            for (outcome, buys, size) in trades {
                let outcome = outcome % outcomes;
                let amount = if buys { part(2 * ante, size) } else { part(pool.outcomes()[outcome].shares, size) };
                let traded = if buys { pool.buy(outcome, amount) } else { pool.sell(outcome, amount) };
                let Ok((after, out)) = traded else {
                    prop_assert_eq!(traded, Err(PoolError::NothingOut { amount }));
                    continue;
                };
                let expected = if buys { slow.buy(outcome, amount).into() } else { slow.sell(outcome, amount) };
                prop_assert_eq!(BigInt::from(out), expected);
                pool = after;
                prop_assert!(slow.is(&pool));
                prop_assert!(&slow.money * &slow.money >= slow.squares(), "P² ≥ Σs²");
                prop_assert_eq!(slow.net.iter().sum::<BigInt>(), BigInt::from(slow.money.clone()), "ΣM = P");
            }
            for winner in 0..outcomes {
                let payouts = pool.settle(winner, rate(bps)).unwrap();
                prop_assert_eq!(BigUint::from(payouts.fee), slow.fee(winner, bps));
                prop_assert_eq!(payouts.money + payouts.fee, pool.money());
                prop_assert!(payouts.money >= payouts.weight, "a winning share pays at least 1");
                let ppm = &slow.shares[winner] * &slow.shares[winner] * PPM / slow.squares();
                prop_assert_eq!(BigUint::from(pool.probability_ppm(winner)), ppm);
            }
        }

        #[test]
        fn no_round_trip_gains(
            (outcomes, ante, trades) in trades(), bets in prop::collection::vec((0..8usize, 1..1_000 * ONE), 1..6), rotate: usize,
        ) {
            let mut pool = Pool::open(ante, outcomes).unwrap();
            for (outcome, buys, size) in trades {
                let outcome = outcome % outcomes;
                let traded = if buys { pool.buy(outcome, part(ante, size)) } else { pool.sell(outcome, part(pool.outcomes()[outcome].shares, size)) };
                pool = traded.map_or(pool, |(after, _)| after);
            }
            // several purchases, sold in another order: the pool keeps at least what it had
            let before = pool.money();
            let mut held = Vec::new();
            for (outcome, bet) in bets {
                if let Ok((after, shares)) = pool.buy(outcome % outcomes, bet) {
                    held.push((outcome % outcomes, shares));
                    pool = after;
                }
            }
            if !held.is_empty() {
                let by = rotate % held.len();
                held.rotate_left(by);
            }
            for (outcome, shares) in held {
                if let Ok((after, _)) = pool.sell(outcome, shares) {
                    pool = after;
                }
            }
            prop_assert!(pool.money() >= before);
        }

        #[test]
        fn no_loop_of_tiny_trades_gains(ante in ONE..1_000 * ONE, bets in prop::collection::vec(1..40u128, 1..40), outcomes in 2..=8usize) {
            let mut pool = Pool::open(ante, outcomes).unwrap();
            let (mut paid, mut back) = (0, 0);
            for bet in bets {
                let Ok((after, shares)) = pool.buy(0, bet) else { continue };
                (pool, paid) = (after, paid + bet);
                if let Ok((after, refund)) = pool.sell(0, shares) {
                    (pool, back) = (after, back + refund);
                }
            }
            prop_assert!(back <= paid);
        }

        #[test]
        fn fee_never_makes_a_winner_lose((outcomes, ante, trades) in trades(), bps in 0..=1_000u16) {
            let mut pool = Pool::open(ante, outcomes).unwrap();
            let mut bets: Vec<(usize, u128, u128)> = Vec::new();
            for (outcome, buys, size) in trades {
                let outcome = outcome % outcomes;
                if !buys {
                    let traded = pool.sell(outcome, part(pool.outcomes()[outcome].shares, size));
                    pool = traded.map_or(pool, |(after, _)| after);
                    continue;
                }
                let bet = 1_000 + part(3 * ante, size);
                let Ok((after, shares)) = pool.buy(outcome, bet) else { continue };
                if after.is_above(outcome, rate(9_900)).unwrap() { continue }
                prop_assert!(shares >= bet, "a share costs at most 1");
                bets.push((outcome, bet, shares));
                pool = after;
            }
            for (outcome, bet, shares) in bets {
                // those who sold may have sold these shares; whatever is left of the outcome cannot be more than there is
                let shares = shares.min(pool.outcomes()[outcome].shares);
                let paid = pool.settle(outcome, rate(bps)).unwrap().share(shares).unwrap().money;
                prop_assert!(paid >= shares, "{paid} for {shares} shares that cost {bet}");
            }
        }

        #[test]
        fn claims_and_burns_are_the_pool_in_any_order(
            money in 1..1_000 * ONE, fee in 0..ONE, claims in prop::collection::vec((1..100 * ONE, any::<bool>()), 1..30), by: usize,
        ) {
            let weight = claims.iter().map(|(weight, _)| weight).sum();
            let all = Payouts::new(money, fee, weight);
            let mut orders = vec![claims.clone(), claims.clone(), claims.clone()];
            orders[1].reverse();
            orders[2].rotate_left(by % claims.len());
            for order in orders {
                let mut payouts = all;
                let mut sum = 0;
                for (index, (weight, waiver)) in order.iter().enumerate() {
                    let claimed = payouts.claim(*weight, *waiver).unwrap();
                    sum += claimed.paid + claimed.burned;
                    let exact = BigUint::from(money) * *weight / all.weight;
                    let base = BigUint::from(claimed.paid - claimed.waived);
                    let waived = if *waiver { BigUint::from(fee) * *weight / all.weight } else { BigUint::from(0u8) };
                    prop_assert_eq!(BigUint::from(claimed.waived), waived);
                    if index + 1 < order.len() {
                        prop_assert_eq!(base, exact, "nobody's payout depends on who claimed before");
                    } else {
                        prop_assert!(base >= exact.clone() && base < exact + order.len(), "the last takes the dust");
                    }
                    prop_assert_eq!(sum + payouts.left(), money + fee);
                }
                prop_assert_eq!((sum, payouts.left()), (money + fee, 0));
            }
        }
    }
}

//! A pool of constant product. The pool contract executes by these functions, and whoever wants to know beforehand what it will do calls the same ones.
//!
//! # Symbols
//! | symbol | meaning |
//! |---|---|
//! | x, y | reserves of the asset paid in and of the asset received |
//! | f | fee, basis points of what is paid in; stays in the pool |
//! | g | 10⁴ − f |
//! | dx, dy | paid in, received |
//! | k | x · y |
//! | T | LP shares, the locked ones included |
//!
//! All amounts are below 2¹¹², so that every product here fits 256 bits. Every rounding is for the pool: k never falls through a trade, k / T² never through anything.

use cosmwasm_std::{Isqrt, Uint128, Uint256};
use thiserror::Error;

use crate::{mul_div_ceil, mul_div_floor, Bps};

/// Most units of an asset that a pool may hold, 2¹¹² − 1.
pub const MAX_RESERVE: u128 = (1 << 112) - 1;

/// Shares that belong to nobody, from the first LP on.
pub const LOCKED_SHARES: u128 = 1_000;

/// Why a pool cannot do something.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AmmError {
    /// Nobody has added anything yet.
    #[error("the pool is empty")]
    Empty,
    /// What is paid in, added or given back.
    #[error("an amount is zero")]
    ZeroAmount,
    /// What is paid in is worth less than one unit of what would be received.
    #[error("too little for a single unit")]
    TooLittle,
    /// The reserve itself, or more, is asked for.
    #[error("{asked} asked of a reserve of {reserve}")]
    ReserveTooSmall {
        /// Units asked for.
        asked: u128,
        /// Units in the pool.
        reserve: u128,
    },
    /// A reserve would exceed [`MAX_RESERVE`].
    #[error("a reserve may not exceed 2^112 - 1")]
    ReserveTooLarge,
    /// More shares than there are.
    #[error("{asked} of {total} shares")]
    SharesTooMany {
        /// Shares asked for.
        asked: u128,
        /// Shares that are not locked.
        total: u128,
    },
    /// The product of the reserves would fall. No trade reaches this; it is checked all the same.
    #[error("the product of the reserves would fall")]
    ProductFell,
}

/// A pool as one trade sees it: the reserve paid into stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Curve {
    /// x, reserve of the asset paid in.
    pub paid: u128,
    /// y, reserve of the asset received.
    pub received: u128,
    /// f.
    pub fee: Bps,
}

/// A trade and what it leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trade {
    /// dx.
    pub amount_in: u128,
    /// dy.
    pub amount_out: u128,
    /// ⌈dx · f / 10⁴⌉, the part of dx that is the LPs'.
    pub fee: u128,
    /// The pool afterwards.
    pub after: Curve,
}

impl Curve {
    /// Pays exactly `amount_in` and receives ⌊y·dx·g / (x·10⁴ + dx·g)⌋.
    ///
    /// # Errors
    /// An empty pool, nothing paid, nothing to receive for it, a reserve above its bound.
    pub fn exact_in(self, amount_in: u128) -> Result<Trade, AmmError> {
        self.assert_filled()?;
        self.assert_payable(amount_in)?;
        let net = Uint256::from(amount_in).wrapping_mul(self.gain());
        let divisor = self.scaled().wrapping_add(net);
        let product = Uint256::from(self.received).wrapping_mul(net);
        // down: the remainder of the division stays in the pool
        let amount_out = narrow(product.checked_div(divisor).map_err(|_| AmmError::Empty)?)?;
        self.trade(amount_in, amount_out)
    }

    /// Receives exactly `amount_out` and pays ⌈x·dy·10⁴ / ((y − dy)·g)⌉, the least dx for which [`Self::exact_in`] gives dy.
    ///
    /// # Errors
    /// An empty pool, nothing asked, the whole reserve asked, a reserve above its bound.
    pub fn exact_out(self, amount_out: u128) -> Result<Trade, AmmError> {
        self.assert_filled()?;
        let rest = match self.received.checked_sub(amount_out) {
            Some(rest) if rest > 0 => rest,
            _ => {
                return Err(AmmError::ReserveTooSmall {
                    asked: amount_out,
                    reserve: self.received,
                })
            }
        };
        if amount_out == 0 {
            return Err(AmmError::ZeroAmount);
        }
        let product = self.scaled().wrapping_mul(amount_out.into());
        let divisor = Uint256::from(rest).wrapping_mul(self.gain());
        // up: for the pool
        let amount_in = narrow(div_ceil(product, divisor)?)?;
        self.assert_payable(amount_in)?;
        self.trade(amount_in, amount_out)
    }

    /// The pool seen from the other side.
    pub const fn turned(self) -> Self {
        Self {
            paid: self.received,
            received: self.paid,
            fee: self.fee,
        }
    }

    fn trade(self, amount_in: u128, amount_out: u128) -> Result<Trade, AmmError> {
        if amount_out == 0 {
            return Err(AmmError::TooLittle);
        }
        let after = Self {
            paid: self.paid.saturating_add(amount_in),
            received: self.received.saturating_sub(amount_out),
            fee: self.fee,
        };
        if product(after.paid, after.received) < product(self.paid, self.received) {
            return Err(AmmError::ProductFell);
        }
        Ok(Trade {
            amount_in,
            amount_out,
            fee: self.fee.of_ceil(amount_in),
            after,
        })
    }

    fn assert_filled(self) -> Result<(), AmmError> {
        match self.paid == 0 || self.received == 0 {
            true => Err(AmmError::Empty),
            false => Ok(()),
        }
    }

    fn assert_payable(self, amount: u128) -> Result<(), AmmError> {
        if amount == 0 {
            return Err(AmmError::ZeroAmount);
        }
        bounded_sum(self.paid, amount).map(|_| ())
    }

    /// g.
    fn gain(self) -> Uint256 {
        Uint256::from(self.fee.complement().get())
    }

    /// x · 10⁴; below 2¹²⁶.
    fn scaled(self) -> Uint256 {
        Uint256::from(self.paid).wrapping_mul(Uint256::from(Bps::ONE.get()))
    }
}

/// Liquidity as shares see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Liquidity {
    /// Reserves of both assets.
    pub reserves: [u128; 2],
    /// T; 0 before the first LP, never below [`LOCKED_SHARES`] after.
    pub shares: u128,
}

/// What adding does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// Shares for the LP.
    pub shares: u128,
    /// Taken of the amounts offered.
    pub taken: [u128; 2],
    /// The pool afterwards.
    pub after: Liquidity,
}

/// What taking away does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Paid to the LP.
    pub amounts: [u128; 2],
    /// The pool afterwards.
    pub after: Liquidity,
}

impl Liquidity {
    /// Adds as much of `offered` as keeps the ratio of the reserves. While nobody has shares, both amounts are taken whole and set the price.
    ///
    /// # Errors
    /// Too little for one share, a reserve above its bound.
    pub fn join(self, offered: [u128; 2]) -> Result<Added, AmmError> {
        match self.shares <= LOCKED_SHARES {
            true => self.start(offered),
            false => self.follow(offered),
        }
    }

    /// Gives `shares` back for ⌊shares · reserve / T⌋ of each asset. The locked shares stay, so neither reserve becomes 0.
    ///
    /// # Errors
    /// No shares, or more than there are.
    pub fn remove(self, shares: u128) -> Result<Removed, AmmError> {
        if shares == 0 {
            return Err(AmmError::ZeroAmount);
        }
        let free = self.shares.saturating_sub(LOCKED_SHARES);
        if shares > free {
            return Err(AmmError::SharesTooMany {
                asked: shares,
                total: free,
            });
        }
        // down: for those who stay
        let part = |reserve| mul_div_floor(shares, reserve, self.shares).map_err(|_| AmmError::Empty);
        let [base, quote] = self.reserves;
        let amounts @ [base_out, quote_out] = [part(base)?, part(quote)?];
        let after = Self {
            reserves: [base.saturating_sub(base_out), quote.saturating_sub(quote_out)],
            shares: self.shares.saturating_sub(shares),
        };
        Ok(Removed { amounts, after })
    }

    /// What the reserves are without `shares`, rounded down.
    pub fn without(self, shares: u128) -> [u128; 2] {
        let rest = self.shares.saturating_sub(shares);
        self.reserves
            .map(|reserve| mul_div_floor(reserve, rest, self.shares).unwrap_or_default())
    }

    /// With s = ⌊√k⌋ afterwards: the very first LP gets s − 1,000 shares and 1,000 are locked. Later s₀ = ⌈√k⌉ before belongs to the locked shares, and
    /// the newcomer gets ⌊1,000 (s − s₀) / s₀⌋: what the fees of the past left behind stays with them, so nobody races for it.
    fn start(self, offered: [u128; 2]) -> Result<Added, AmmError> {
        if offered.contains(&0) {
            return Err(AmmError::ZeroAmount);
        }
        let reserves = self.grown(offered)?;
        let root = sqrt_floor(reserves);
        let shares = match self.shares {
            0 => root.saturating_sub(LOCKED_SHARES),
            _ => {
                let locked = sqrt_ceil(self.reserves);
                mul_div_floor(LOCKED_SHARES, root.saturating_sub(locked), locked).map_err(|_| AmmError::Empty)?
            }
        };
        self.added(shares, offered, reserves, LOCKED_SHARES)
    }

    /// min over both assets of ⌊offered · T / reserve⌋ shares, for ⌈shares · reserve / T⌉ of each.
    fn follow(self, offered: [u128; 2]) -> Result<Added, AmmError> {
        let [base, quote] = self.reserves;
        let [base_offered, quote_offered] = offered;
        let worth = |amount, reserve| match mul_div_floor(amount, self.shares, reserve) {
            Ok(shares) => Ok(shares),
            Err(crate::MathError::DivisionByZero) => Err(AmmError::Empty),
            Err(_) => Err(AmmError::ReserveTooLarge),
        };
        let shares = worth(base_offered, base)?.min(worth(quote_offered, quote)?);
        let price = |reserve| mul_div_ceil(shares, reserve, self.shares).map_err(|_| AmmError::ReserveTooLarge);
        let taken = [price(base)?, price(quote)?];
        self.added(shares, taken, self.grown(taken)?, self.shares)
    }

    fn added(self, shares: u128, taken: [u128; 2], reserves: [u128; 2], total_before: u128) -> Result<Added, AmmError> {
        if shares == 0 {
            return Err(AmmError::TooLittle);
        }
        let total = total_before.checked_add(shares).ok_or(AmmError::ReserveTooLarge)?;
        let after = Self {
            reserves,
            shares: total,
        };
        Ok(Added { shares, taken, after })
    }

    fn grown(self, [base, quote]: [u128; 2]) -> Result<[u128; 2], AmmError> {
        let [base_before, quote_before] = self.reserves;
        Ok([bounded_sum(base_before, base)?, bounded_sum(quote_before, quote)?])
    }
}

fn bounded_sum(reserve: u128, amount: u128) -> Result<u128, AmmError> {
    match reserve.checked_add(amount) {
        Some(sum) if sum <= MAX_RESERVE => Ok(sum),
        _ => Err(AmmError::ReserveTooLarge),
    }
}

fn product(x: u128, y: u128) -> Uint256 {
    Uint128::new(x).full_mul(y)
}

fn sqrt_floor([x, y]: [u128; 2]) -> u128 {
    // the root of a number below 2²²⁴ is below 2¹¹²
    narrow(product(x, y).isqrt()).unwrap_or(MAX_RESERVE)
}

fn sqrt_ceil(reserves @ [x, y]: [u128; 2]) -> u128 {
    let root = sqrt_floor(reserves);
    match product(root, root) < product(x, y) {
        true => root.saturating_add(1),
        false => root,
    }
}

fn div_ceil(product: Uint256, divisor: Uint256) -> Result<Uint256, AmmError> {
    let quotient = product.checked_div(divisor).map_err(|_| AmmError::Empty)?;
    match quotient.wrapping_mul(divisor) == product {
        true => Ok(quotient),
        false => Ok(quotient.wrapping_add(Uint256::one())),
    }
}

fn narrow(value: Uint256) -> Result<u128, AmmError> {
    Uint128::try_from(value)
        .map(|value| value.u128())
        .map_err(|_| AmmError::ReserveTooLarge)
}

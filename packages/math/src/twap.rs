//! Prices with their direction in the type, and time-weighted averages of them.
//!
//! # Symbols
//! | symbol | meaning |
//! |---|---|
//! | x, y | reserves of the base and of the quote asset, base units |
//! | p | price, quote units per base unit, as ⌊p · 2⁶⁴⌋ |
//! | p̂ | the price counted: p, but no further from the p̂ before than [`clamp`] allows |
//! | A, B | ∫ p̂ dt and ∫ 1/p̂ dt over milliseconds, both · 2⁶⁴, modulo 2²⁵⁶ |
//!
//! Over a window W the **arithmetic** mean is ΔA / W (rounded up) and the **harmonic** mean W / ΔB (rounded down), so the harmonic mean never exceeds the
//! arithmetic one. Whoever owes base units is valued with the first, whoever holds them with the second: in both cases the roundings are against the holder.

use cosmwasm_std::{Uint128, Uint256};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::MathError;

/// 2⁶⁴, one quote unit per base unit.
const ONE: Uint256 = Uint256::from_u128(1 << 64);

/// 2¹²⁸ = 2⁶⁴ · 2⁶⁴.
const ONE_SQUARED: Uint256 = Uint256::from_be_bytes([
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/// Milliseconds in which the price counted may double (or halve): 0.8 % a second is 1/125,000 a millisecond.
pub const CLAMP_MS: u64 = 125_000;

/// Quote units for one base unit (`CreditsPerLco` in the pool of the two tokens): a fixed-point number with 64 fractional bits, at least 2⁻⁶⁴, below 2¹⁷⁶.
///
/// In JSON the integer p · 2⁶⁴ as a decimal string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct QuotePerBase(Uint256);

/// Base units for one quote unit; the other direction of [`QuotePerBase`], in the same form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct BasePerQuote(Uint256);

impl QuotePerBase {
    /// The price p · 2⁶⁴ = `raw`; 2⁻⁶⁴ for 0, since no price is zero.
    pub fn from_raw(raw: Uint256) -> Self {
        Self(raw.max(Uint256::one()))
    }

    /// p · 2⁶⁴.
    pub fn raw(self) -> Uint256 {
        self.0
    }

    /// ⌊y · 2⁶⁴ / x⌋, at least 1: the price at which a pool would trade an infinitely small amount without fee.
    ///
    /// # Errors
    /// [`MathError::DivisionByZero`] for an empty pool.
    pub fn of_reserves(base: u128, quote: u128) -> Result<Self, MathError> {
        if base == 0 || quote == 0 {
            return Err(MathError::DivisionByZero);
        }
        ratio(Uint256::from(quote), ONE, Uint256::from(base), Round::Down).map(Self::from_raw)
    }

    /// ⌈2¹²⁸ / raw⌉.
    pub fn inverse(self) -> BasePerQuote {
        // a price is at least 1, so neither can fail
        BasePerQuote(ratio(ONE, ONE, self.0, Round::Up).unwrap_or(ONE_SQUARED))
    }

    /// ⌊base · p⌋ quote units: what base units are worth to their holder.
    ///
    /// # Errors
    /// [`MathError::Overflow`] when the value does not fit 128 bits.
    pub fn quote_floor(self, base: u128) -> Result<u128, MathError> {
        ratio(Uint256::from(base), self.0, ONE, Round::Down).and_then(narrow)
    }

    /// ⌈base · p⌉ quote units: what base units cost whoever owes them.
    ///
    /// # Errors
    /// As [`Self::quote_floor`].
    pub fn quote_ceil(self, base: u128) -> Result<u128, MathError> {
        ratio(Uint256::from(base), self.0, ONE, Round::Up).and_then(narrow)
    }

    /// ⌊quote / p⌋ base units.
    ///
    /// # Errors
    /// As [`Self::quote_floor`].
    pub fn base_floor(self, quote: u128) -> Result<u128, MathError> {
        ratio(Uint256::from(quote), ONE, self.0, Round::Down).and_then(narrow)
    }

    /// ⌈quote / p⌉ base units.
    ///
    /// # Errors
    /// As [`Self::quote_floor`].
    pub fn base_ceil(self, quote: u128) -> Result<u128, MathError> {
        ratio(Uint256::from(quote), ONE, self.0, Round::Up).and_then(narrow)
    }
}

impl BasePerQuote {
    /// The number · 2⁶⁴.
    pub fn raw(self) -> Uint256 {
        self.0
    }

    /// ⌈x · 2⁶⁴ / y⌉. Rounded up, so that the harmonic mean is rounded down.
    ///
    /// # Errors
    /// [`MathError::DivisionByZero`] for an empty pool.
    pub fn of_reserves(base: u128, quote: u128) -> Result<Self, MathError> {
        ratio(Uint256::from(base), ONE, Uint256::from(quote), Round::Up).map(Self)
    }
}

/// `price`, but at most p̂ · (1 + e/125,000) and at least p̂ / (1 + e/125,000), where p̂ = `last` and e = `elapsed_ms`: ±0.8 % for every second since p̂ was stored.
///
/// The bound is linear in the time of one step, never looser than compounding it, and needs no loop over seconds. Its lower side is the reciprocal of the upper,
/// so that a fall in one direction is bounded like the rise in the other that it is. Both bounds are rounded outwards: a price of few units can still move.
pub fn clamp(price: QuotePerBase, last: QuotePerBase, elapsed_ms: u64) -> QuotePerBase {
    let still = Uint256::from(CLAMP_MS);
    let grown = Uint256::from(CLAMP_MS.saturating_add(elapsed_ms));
    let highest = ratio(last.0, grown, still, Round::Up).unwrap_or(Uint256::MAX);
    let lowest = ratio(last.0, still, grown, Round::Down).unwrap_or_default();
    QuotePerBase::from_raw(price.0.clamp(lowest, highest))
}

/// A and B at one moment. Only differences mean anything; they are right as long as the true difference is below 2²⁵⁶, which a price below 2¹⁷⁶ takes
/// 10¹³ years to reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cumulative {
    /// A = ∫ p̂ dt · 2⁶⁴ mod 2²⁵⁶, dt in milliseconds.
    pub quote_per_base: Uint256,
    /// B = ∫ 1/p̂ dt · 2⁶⁴ mod 2²⁵⁶.
    pub base_per_quote: Uint256,
}

impl Cumulative {
    /// Counts the price that reserves (x, y) left behind for `elapsed_ms`, and answers the price counted. `last` is the price counted before.
    ///
    /// # Errors
    /// [`MathError::DivisionByZero`] for an empty pool.
    pub fn advance(
        &mut self,
        [base, quote]: [u128; 2],
        last: QuotePerBase,
        elapsed_ms: u64,
    ) -> Result<QuotePerBase, MathError> {
        let price = QuotePerBase::of_reserves(base, quote)?;
        let counted = clamp(price, last, elapsed_ms);
        let inverse = match counted == price {
            true => BasePerQuote::of_reserves(base, quote)?,
            false => counted.inverse(),
        };
        let time = Uint256::from(elapsed_ms);
        self.quote_per_base = self.quote_per_base.wrapping_add(counted.0.wrapping_mul(time));
        self.base_per_quote = self.base_per_quote.wrapping_add(inverse.0.wrapping_mul(time));
        Ok(counted)
    }
}

/// A and B at a time, unix milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Unix milliseconds.
    pub at: u64,
    /// A and B at that time.
    pub sum: Cumulative,
}

/// The point at time `at` on the straight line from `before` to `after` (rounded down); one of the two where `at` does not lie between them.
pub fn interpolate(before: &Point, after: &Point, at: u64) -> Point {
    let (Some(part), Some(whole)) = (at.checked_sub(before.at), after.at.checked_sub(before.at)) else {
        return *before;
    };
    if part >= whole {
        return *after;
    }
    let between = |from: Uint256, to: Uint256| {
        let step = ratio(to.wrapping_sub(from), part.into(), whole.into(), Round::Down);
        from.wrapping_add(step.unwrap_or_default())
    };
    let sum = Cumulative {
        quote_per_base: between(before.sum.quote_per_base, after.sum.quote_per_base),
        base_per_quote: between(before.sum.base_per_quote, after.sum.base_per_quote),
    };
    Point { at, sum }
}

/// Both means of the price over one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TwapPair {
    /// ⌈ΔA / W⌉. The higher one: for what is owed in base units.
    pub arithmetic: QuotePerBase,
    /// ⌊W / ΔB⌋. The lower one: for what is held in base units.
    pub harmonic: QuotePerBase,
}

/// Both means over the time from `from` to `to`.
///
/// # Errors
/// [`MathError::DivisionByZero`] for a window of no length.
pub fn means(from: &Point, to: &Point) -> Result<TwapPair, MathError> {
    let window = Uint256::from(to.at.saturating_sub(from.at));
    let sum = to.sum.quote_per_base.wrapping_sub(from.sum.quote_per_base);
    let inverse = to.sum.base_per_quote.wrapping_sub(from.sum.base_per_quote);
    let arithmetic = ratio(sum, Uint256::one(), window, Round::Up)?;
    let harmonic = ratio(window, ONE_SQUARED, inverse, Round::Down)?;
    Ok(TwapPair {
        arithmetic: QuotePerBase::from_raw(arithmetic),
        harmonic: QuotePerBase::from_raw(harmonic),
    })
}

/// What base units are taken to be worth: for either side the median of the previous block's close, the 5 minute mean and the 30 minute mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkPair {
    /// With harmonic means; values what longs hold.
    pub long: QuotePerBase,
    /// With arithmetic means; values what shorts owe.
    pub short: QuotePerBase,
}

impl MarkPair {
    /// The medians. To move one of them, two of its three prices must move the same way.
    pub fn new(close: QuotePerBase, short_window: TwapPair, long_window: TwapPair) -> Self {
        Self {
            long: median(close, short_window.harmonic, long_window.harmonic),
            short: median(close, short_window.arithmetic, long_window.arithmetic),
        }
    }
}

/// The middle one of three.
pub fn median(a: QuotePerBase, b: QuotePerBase, c: QuotePerBase) -> QuotePerBase {
    a.min(b).max(a.max(b).min(c))
}

#[derive(Clone, Copy, PartialEq)]
enum Round {
    Down,
    Up,
}

/// a · b / divisor through 512 bits, rounded as said.
fn ratio(a: Uint256, b: Uint256, divisor: Uint256, round: Round) -> Result<Uint256, MathError> {
    if divisor.is_zero() {
        return Err(MathError::DivisionByZero);
    }
    let product = a.full_mul(b);
    let divisor = cosmwasm_std::Uint512::from(divisor);
    let quotient = product.checked_div(divisor).map_err(|_| MathError::DivisionByZero)?;
    let rest = product.checked_rem(divisor).map_err(|_| MathError::DivisionByZero)?;
    let quotient = Uint256::try_from(quotient).map_err(|_| MathError::Overflow)?;
    match round == Round::Up && !rest.is_zero() {
        true => quotient.checked_add(Uint256::one()).map_err(|_| MathError::Overflow),
        false => Ok(quotient),
    }
}

fn narrow(value: Uint256) -> Result<u128, MathError> {
    Uint128::try_from(value)
        .map(|value| value.u128())
        .map_err(|_| MathError::Overflow)
}

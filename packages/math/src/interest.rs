//! Interest of a lending pool: a kinked rate, an index that grows by it, and the shares that count supply and debt.
//!
//! | symbol | meaning | scale |
//! |---|---|---|
//! | U | debt / (cash + debt), the utilisation | 10¹⁸ |
//! | r | rate a year, continuously compounded | 10¹⁸ |
//! | I | debt index: what one debt share owes | 2⁶⁴ |
//!
//! ```text
//! r(U)    = base + slope · min(U, U*) / U* + steep · max(U − U*, 0) / (1 − U*)
//! I(t)    = I₀ · exp(r · (t − t₀))                       from the last change of a balance at t₀
//! debt    = ⌈shares · I⌉          shares of a loan   = ⌈amount / I⌉          shares of a repayment = ⌊amount / I⌋
//! ```
//!
//! The index is a function of the last change alone: evaluating it in between, however often, changes nothing about any later value.

use crate::{mul_div_ceil, mul_div_floor, Bps, MathError};

/// 1 as an index.
pub const INDEX_ONE: u128 = 1 << 64;
/// 1 as a rate or a utilisation.
pub const WAD: u128 = 1_000_000_000_000_000_000;
/// Where the index stops growing: 2⁴⁶ times its beginning. A debt that grew so far can still be computed, and so repaid or written off.
pub const INDEX_MAX: u128 = 1 << 110;
/// Seconds of a year of 365 days.
pub const SECONDS_PER_YEAR: u128 = 31_536_000;
/// Supply shares that belong to nobody, beside one unit of assets: whoever inflates the price of a share pays 1,000 times what the next supplier can lose.
pub const VIRTUAL_SHARES: u128 = 1_000;

const WAD_PER_BPS: u128 = WAD / 10_000;

/// 1 in the fixed point of [`exp`].
pub const EXP_ONE: u128 = 1 << EXP_BITS;
const EXP_BITS: u32 = 63;
/// ⌊ln 2 · 2⁶³⌋.
const LN2: u128 = 6_393_154_322_601_327_829;
/// Greatest exponent; above it [`exp`] stays where it is.
pub const EXPONENT_MAX: u128 = 40 << EXP_BITS;
/// Terms after which ln(2)ⁿ/n! is below 2⁻⁶³.
const TERMS: u128 = 20;

/// The kinked rate of a pool. Shares and rates a year in basis points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateCurve {
    /// Rate of an idle pool.
    pub base_bps: u16,
    /// What is added up to the kink.
    pub slope_bps: u16,
    /// What is added from the kink to full use.
    pub steep_bps: u16,
    /// U*, below 10,000 and above 0.
    pub kink: Bps,
}

impl RateCurve {
    /// r(U) for `debt` lent out of `debt` + `cash`, rounded down. An empty pool is idle.
    ///
    /// # Errors
    /// [`MathError::Overflow`] when `debt` + `cash` does not fit 128 bits.
    pub fn rate(&self, debt: u128, cash: u128) -> Result<u128, MathError> {
        let total = debt.checked_add(cash).ok_or(MathError::Overflow)?;
        let used = match total {
            0 => 0,
            _ => mul_div_floor(debt, WAD, total)?,
        };
        let kink = u128::from(self.kink.get()).saturating_mul(WAD_PER_BPS);
        let gentle = share(self.slope_bps, used.min(kink), kink);
        let steep = share(self.steep_bps, used.saturating_sub(kink), WAD.saturating_sub(kink));
        let base = u128::from(self.base_bps).saturating_mul(WAD_PER_BPS);
        Ok(base.saturating_add(gentle).saturating_add(steep))
    }
}

/// ⌊bps · part / whole⌋ as a rate; nothing of an empty whole.
fn share(bps: u16, part: u128, whole: u128) -> u128 {
    let full = u128::from(bps).saturating_mul(WAD_PER_BPS);
    // below 2^63 · 2^60
    mul_div_floor(full, part, whole).unwrap_or_default()
}

/// eˣ for x in units of 2⁻⁶³, in the same unit.
///
/// x = k · ln 2 + f with 0 ≤ f < ln 2; eᶠ by its Taylor series, every term rounded down, then shifted by k.
///
/// * **Error**: e^x · (1 − 2⁻⁵⁸) ≤ exp(x) ≤ e^x · (1 + 2⁻⁵⁷). Rounding down loses at most 1.4 units in each of 18 terms; `LN2` is rounded down, which adds less
///   than one unit for each of at most 57 halvings.
/// * **Monotone**: x ≤ y ⇒ exp(x) ≤ exp(y), exactly. Every term is a rounded product of non-negative, non-decreasing factors; and the series never passes eᶠ < 2,
///   the value with which the next k begins.
/// * exp(0) = 1 exactly; above [`EXPONENT_MAX`] the value stays.
#[inline(never)]
pub fn exp(x: u128) -> u128 {
    let x = x.min(EXPONENT_MAX);
    let (halvings, rest) = (x / LN2, x % LN2);
    let (mut sum, mut term) = (EXP_ONE, EXP_ONE);
    for n in 1..=TERMS {
        // both factors are at most 2^63
        term = (term.saturating_mul(rest) >> EXP_BITS)
            .checked_div(n)
            .unwrap_or_default();
        sum = sum.saturating_add(term);
    }
    // at most 57 halvings on less than 2^64
    u32::try_from(halvings)
        .ok()
        .and_then(|shift| sum.checked_shl(shift))
        .unwrap_or(u128::MAX)
}

/// I(t), `seconds` after `index` at `rate`, rounded down; at most [`INDEX_MAX`]. Never below `index`, never falling in `seconds` or `rate`.
#[inline(never)]
pub fn index_after(index: u128, rate: u128, seconds: u64) -> u128 {
    let exponent = mul_div_floor(
        rate.saturating_mul(seconds.into()),
        EXP_ONE,
        WAD.saturating_mul(SECONDS_PER_YEAR),
    )
    .unwrap_or(EXPONENT_MAX);
    mul_div_floor(index, exp(exponent), EXP_ONE)
        .unwrap_or(INDEX_MAX)
        .min(INDEX_MAX)
        .max(index)
}

/// A debt as shares count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Debt {
    /// Debt shares.
    pub shares: u128,
    /// I.
    pub index: u128,
}

impl Debt {
    /// The debt of a loan of `amount`, rounded up, against the borrower.
    ///
    /// # Errors
    /// [`MathError::Overflow`], [`MathError::DivisionByZero`] for an index of 0.
    pub fn of_loan(amount: u128, index: u128) -> Result<Self, MathError> {
        let shares = mul_div_ceil(amount, INDEX_ONE, index)?;
        Ok(Self { shares, index })
    }

    /// What is owed, rounded up, against the borrower.
    ///
    /// # Errors
    /// [`MathError::Overflow`].
    pub fn owed(self) -> Result<u128, MathError> {
        mul_div_ceil(self.shares, self.index, INDEX_ONE)
    }

    /// What is left of it after a repayment of `amount`: nothing if that is all that is owed, else less ⌊amount / I⌋ shares, against the borrower.
    ///
    /// # Errors
    /// As [`Self::of_loan`].
    pub fn repaid(self, amount: u128) -> Result<Self, MathError> {
        let taken = match amount >= self.owed()? {
            true => self.shares,
            false => mul_div_floor(amount, INDEX_ONE, self.index)?,
        };
        let shares = self.shares.saturating_sub(taken);
        Ok(Self { shares, ..self })
    }
}

/// What all `shares` owe together, rounded down, against the lenders: never more than the positions owe one by one.
///
/// # Errors
/// [`MathError::Overflow`].
pub fn total_debt(shares: u128, index: u128) -> Result<u128, MathError> {
    mul_div_floor(shares, index, INDEX_ONE)
}

/// Supply shares for `amount` when `shares` stand for `assets`, rounded down, against the supplier.
///
/// # Errors
/// [`MathError::Overflow`].
pub fn supply_shares(amount: u128, assets: u128, shares: u128) -> Result<u128, MathError> {
    mul_div_floor(amount, plus(shares, VIRTUAL_SHARES)?, plus(assets, 1)?)
}

/// What `redeemed` of `shares` that stand for `assets` are worth, rounded down, against the supplier.
///
/// # Errors
/// [`MathError::Overflow`].
pub fn supply_value(redeemed: u128, assets: u128, shares: u128) -> Result<u128, MathError> {
    mul_div_floor(redeemed, plus(assets, 1)?, plus(shares, VIRTUAL_SHARES)?)
}

fn plus(a: u128, b: u128) -> Result<u128, MathError> {
    a.checked_add(b).ok_or(MathError::Overflow)
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;

    const CURVE: RateCurve = RateCurve {
        base_bps: 200,
        slope_bps: 1_000,
        steep_bps: 10_000,
        kink: match Bps::new(8_000) {
            Ok(kink) => kink,
            Err(_) => Bps::ONE,
        },
    };
    const YEAR: u64 = 31_536_000;

    /// eˣ · 2²⁵⁶ for x in units of 2⁻⁶³: the plain series in 256 fractional bits, without any reduction.
    fn slow_exp(x: u128) -> BigUint {
        let one: BigUint = BigUint::from(1u8) << 256;
        let (mut sum, mut term) = (one.clone(), one);
        for n in 1u32..400 {
            term = ((term * x) >> EXP_BITS) / n;
            sum += &term;
        }
        sum
    }

    #[test]
    fn kinked_rate_table() {
        let bps = |bps: u128| bps * WAD_PER_BPS;
        let cases = [
            ("empty", 0, 0, bps(200)),
            ("idle", 0, 100, bps(200)),
            ("half way to the kink", 40, 60, bps(700)),
            ("kink", 80, 20, bps(1_200)),
            ("half way beyond", 90, 10, bps(6_200)),
            ("cap of new loans", 95, 5, bps(8_700)),
            ("all lent", 100, 0, bps(11_200)),
        ];
        for (name, debt, cash, expected) in cases {
            assert_eq!(CURVE.rate(debt, cash), Ok(expected), "{name}");
        }
        assert_eq!(CURVE.rate(u128::MAX, 1), Err(MathError::Overflow));
    }

    #[test]
    fn exp_is_exact_where_it_must_be() {
        assert_eq!(exp(0), EXP_ONE);
        assert_eq!(exp(LN2), EXP_ONE * 2, "the point where the reduction changes");
        assert_eq!(exp(u128::MAX), exp(EXPONENT_MAX));
        assert!(exp(LN2 - 1) <= exp(LN2));
    }

    #[test]
    fn a_year_at_ten_percent() {
        let index = index_after(INDEX_ONE, WAD / 10, YEAR);
        // e^0.1 = 1.105170918075647624811…
        let expected = 1_105_170_918_075_647_624u128;
        let actual = mul_div_floor(index, WAD, INDEX_ONE).unwrap();
        assert!(actual.abs_diff(expected) <= 1, "{actual}");
    }

    #[test]
    fn index_saturates_instead_of_failing() {
        assert_eq!(index_after(INDEX_MAX - 1, WAD, YEAR), INDEX_MAX);
        assert_eq!(index_after(INDEX_ONE, u128::MAX, u64::MAX), INDEX_MAX);
        assert_eq!(index_after(INDEX_MAX, WAD, 0), INDEX_MAX);
    }

    proptest! {
        #[test]
        fn rate_never_falls_with_utilisation(debt in 0u128..1_000_000, more in 0u128..1_000, total in 1_001_000u128..2_000_000) {
            let low = CURVE.rate(debt, total - debt).unwrap();
            let high = CURVE.rate(debt + more, total - debt - more).unwrap();
            prop_assert!(low <= high);
        }

        #[test]
        fn exp_within_its_stated_error(x in 0..=EXPONENT_MAX) {
            let exact = slow_exp(x);
            let scaled = BigUint::from(exp(x)) << (256 - EXP_BITS);
            let low = &exact - (&exact >> 58);
            let high = &exact + (&exact >> 57);
            prop_assert!(low <= scaled && scaled <= high);
        }

        #[test]
        fn exp_never_falls(x in 0..EXPONENT_MAX, k in 0u128..57, near in 0u128..1_000, step in 1u128..1_000) {
            prop_assert!(exp(x) <= exp(x + step));
            // around every change of the reduction
            let edge = (LN2 * (k + 1)).saturating_sub(near);
            prop_assert!(exp(edge) <= exp(edge + step));
        }

        #[test]
        fn index_never_falls(index in INDEX_ONE..INDEX_MAX, rate in 0..20 * WAD, seconds in 0u64..10 * YEAR, more in 0u64..YEAR) {
            let first = index_after(index, rate, seconds);
            prop_assert!(index <= first);
            prop_assert!(first <= index_after(index, rate, seconds + more));
            prop_assert!(first <= index_after(index, rate + 1, seconds));
        }

        #[test]
        fn rounding_loop_of_debt_never_pays(amount in 1u128..1 << 80, part in 1u128..1 << 80, index in INDEX_ONE..INDEX_ONE << 10) {
            let debt = Debt::of_loan(amount, index).unwrap();
            let owed = debt.owed().unwrap();
            prop_assert!(owed >= amount);
            let rest = debt.repaid(part).unwrap().owed().unwrap();
            prop_assert!(rest + part >= owed, "a repayment takes away no more than it pays");
            prop_assert_eq!(debt.repaid(owed).unwrap().shares, 0);
        }

        #[test]
        fn all_debt_is_at_most_the_sum_of_debts(shares in proptest::collection::vec(1u128..1 << 64, 1..20), index in INDEX_ONE..INDEX_ONE << 10) {
            let single: u128 = shares.iter().map(|shares| Debt { shares: *shares, index }.owed().unwrap()).sum();
            let total = total_debt(shares.iter().sum(), index).unwrap();
            prop_assert!(total <= single && single - total <= shares.len() as u128 + 1);
        }

        #[test]
        fn rounding_loop_of_supply_never_pays(amount in 1u128..1 << 60, assets in 0u128..1 << 60, shares in 0u128..1 << 70) {
            let minted = supply_shares(amount, assets, shares).unwrap();
            prop_assert!(supply_value(minted, assets + amount, shares + minted).unwrap() <= amount);
        }
    }
}

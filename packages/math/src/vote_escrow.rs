//! Decaying voting weight in exact integers.
//!
//! A lock of n base units that ends at e has
//!
//! ```text
//! s    = ⌊√(n · 10¹²)⌋
//! w(t) = s · (e − t)   for t < e, else 0
//! ```
//!
//! and over all locks that have not ended, with B = Σ s·e and S = Σ s,
//!
//! ```text
//! W(t) = Σ w(t) = B − S·t
//! ```
//!
//! The root changes only the slope, so adding a lock adds to B and S, and its end subtracts from both what it added: at its end its part of W is 0 on either side.
//! Nothing is divided, so the total is the sum to the unit. The linear weight n · (e − t) is kept in the same way with n in place of s.

use crate::time::SECONDS_PER_DAY;
use crate::{Day, MathError};

/// T_max: four years of 365.25 days, in seconds.
pub const MAX_SECONDS: u64 = 126_230_400;

/// What one unit of [`shown`] weighs.
const WEIGHT_OF_ONE: u128 = MAX_SECONDS as u128;

/// 10¹², under the root: six more digits of s, so that its rounding is invisible.
const ROOT_SCALE: u128 = 1_000_000_000_000;

/// s of `amount` base units.
///
/// # Errors
/// [`MathError::Overflow`] above 3.4 · 10²⁶ base units.
pub fn slope(amount: u128) -> Result<u128, MathError> {
    Ok(amount.checked_mul(ROOT_SCALE).ok_or(MathError::Overflow)?.isqrt())
}

/// The end of a lock until `until`, made at `now`: rounded up to 00:00 UTC, then down to the last one within [`MAX_SECONDS`] of `now`. So a lock of four years is
/// a lock of four years less a part of a day.
pub const fn end_of(until: u64, now: u64) -> u64 {
    let up = Day::of(until.saturating_add(SECONDS_PER_DAY).saturating_sub(1)).start();
    let latest = Day::of(now.saturating_add(MAX_SECONDS)).start();
    if up < latest {
        up
    } else {
        latest
    }
}

/// rate · (end − time) before the end, then 0. The rate is s or n.
///
/// # Errors
/// [`MathError::Overflow`].
pub fn weight(rate: u128, end: u64, time: u64) -> Result<u128, MathError> {
    let left = end.saturating_sub(time);
    rate.checked_mul(left.into()).ok_or(MathError::Overflow)
}

/// A weight as shown to people, in 10⁻⁹ veVCAI: ⌊w / T_max⌋. With s = 10⁹ · √(VCAI), 1 VCAI locked for T_max is one veVCAI.
pub const fn shown(weight: u128) -> u128 {
    weight / WEIGHT_OF_ONE
}

/// A weight that falls evenly, bias − slope · t: one lock, or a sum of locks that have not ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// B = Σ s·e.
    pub bias: u128,
    /// S = Σ s.
    pub slope: u128,
}

impl Line {
    /// The line of one lock, or of all that end together.
    ///
    /// # Errors
    /// [`MathError::Overflow`].
    pub fn of(slope: u128, end: u64) -> Result<Self, MathError> {
        let bias = slope.checked_mul(end.into()).ok_or(MathError::Overflow)?;
        Ok(Self { bias, slope })
    }

    /// The sum of both.
    ///
    /// # Errors
    /// [`MathError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, MathError> {
        Ok(Self {
            bias: self.bias.checked_add(other.bias).ok_or(MathError::Overflow)?,
            slope: self.slope.checked_add(other.slope).ok_or(MathError::Overflow)?,
        })
    }

    /// Without `other`, which was added before.
    ///
    /// # Errors
    /// [`MathError::Overflow`] if it was not.
    pub fn minus(self, other: Self) -> Result<Self, MathError> {
        Ok(Self {
            bias: self.bias.checked_sub(other.bias).ok_or(MathError::Overflow)?,
            slope: self.slope.checked_sub(other.slope).ok_or(MathError::Overflow)?,
        })
    }

    /// W(t). Ends up to `time` must have been taken out.
    ///
    /// # Errors
    /// [`MathError::Overflow`] if one was not and weighs below zero.
    pub fn at(self, time: u64) -> Result<u128, MathError> {
        let fallen = self.slope.checked_mul(time.into()).ok_or(MathError::Overflow)?;
        self.bias.checked_sub(fallen).ok_or(MathError::Overflow)
    }
}

/// Σ s of `accounts` new locks that share `amount` as evenly as whole units allow, each after `fee`.
///
/// # Errors
/// [`MathError::DivisionByZero`] for no account; [`MathError::Overflow`] where a part does not cover the fee.
pub fn split(amount: u128, fee: u128, accounts: u128) -> Result<u128, MathError> {
    let part = amount.checked_div(accounts).ok_or(MathError::DivisionByZero)?;
    let larger = amount.checked_rem(accounts).ok_or(MathError::DivisionByZero)?;
    let small = part.checked_sub(fee).ok_or(MathError::Overflow)?;
    let of_smaller = slope(small)?.checked_mul(accounts.saturating_sub(larger));
    let of_larger = slope(small.saturating_add(1))?.checked_mul(larger);
    let sum = of_smaller.zip(of_larger).and_then(|(a, b)| a.checked_add(b));
    sum.ok_or(MathError::Overflow)
}

/// The most accounts that `amount` can be split over, each with at least `min` after `fee`; 0 if not even one.
///
/// It is also the most profitable number wherever fee ≤ min: k accounts weigh √(k·(n − k·fee)), which rises up to k = n / (2·fee), and n / (min + fee) is not above that.
pub fn most_accounts(amount: u128, fee: u128, min: u128) -> u128 {
    amount.checked_div(min.saturating_add(fee)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;

    const DAY: u64 = 86_400;
    /// One VCAI, base units.
    const VCAI: u128 = 1_000_000;

    #[test]
    fn slope_of_named_amounts() {
        for (name, amount, expected) in [
            ("nothing", 0, 0),
            ("one base unit", 1, 1_000_000),
            ("one VCAI", VCAI, 1_000_000_000),
            ("the smallest lock", 10_000 * VCAI, 100_000_000_000),
            ("two VCAI: rounded down", 2 * VCAI, 1_414_213_562),
            ("the whole supply", 10_000_000_000 * VCAI, 100_000_000_000_000),
        ] {
            assert_eq!(slope(amount), Ok(expected), "{name}");
        }
        assert_eq!(slope(u128::MAX), Err(MathError::Overflow));
    }

    #[test]
    fn ends_are_days_and_never_beyond_four_years() {
        let midnight = 20_000 * DAY;
        let last = midnight + MAX_SECONDS;
        assert_eq!(MAX_SECONDS % DAY, 0, "four years are whole days");
        for (name, until, now, end) in [
            ("a midnight stays", midnight + 9 * DAY, midnight + 5, midnight + 9 * DAY),
            (
                "one second later is the next",
                midnight + 9 * DAY + 1,
                midnight + 5,
                midnight + 10 * DAY,
            ),
            (
                "the last second of a day",
                midnight + 10 * DAY - 1,
                midnight + 5,
                midnight + 10 * DAY,
            ),
            ("four years from a midnight", last, midnight, last),
            ("four years from noon", last + DAY / 2, midnight + DAY / 2, last),
            (
                "four years from the last second",
                last + DAY - 1,
                midnight + DAY - 1,
                last,
            ),
            ("for ever", u64::MAX, midnight, last),
            ("at the end of time", u64::MAX, u64::MAX, u64::MAX / DAY * DAY),
        ] {
            assert_eq!(end_of(until, now), end, "{name}");
        }
    }

    #[test]
    fn one_vcai_for_four_years_is_one_ve() {
        let weight = weight(slope(VCAI).unwrap(), MAX_SECONDS, 0).unwrap();
        assert_eq!(shown(weight), 1_000_000_000);
        assert_eq!(weight / (u128::from(MAX_SECONDS) * 1_000_000 * 1_000), 1, "as defined");
    }

    #[test]
    fn shown_weight_is_rounded_down() {
        assert_eq!([WEIGHT_OF_ONE - 1, WEIGHT_OF_ONE].map(shown), [0, 1]);
    }

    #[test]
    fn what_does_not_fit_is_refused_in_each_part() {
        let most = u128::MAX;
        let line = |bias, slope| Line { bias, slope };
        assert_eq!(weight(most, 2, 0), Err(MathError::Overflow));
        assert_eq!(Line::of(most, 2), Err(MathError::Overflow));
        for part in [line(1, 0), line(0, 1)] {
            assert_eq!(line(most, most).plus(part), Err(MathError::Overflow), "{part:?}");
            assert_eq!(Line::default().minus(part), Err(MathError::Overflow), "{part:?}");
        }
        assert_eq!(line(most, most).at(2), Err(MathError::Overflow));
    }

    #[test]
    fn nothing_rounds_to_zero_for_any_accepted_lock() {
        // the smallest amount that any setting accepts, in the last second of its life
        let smallest = slope(1_000 * VCAI).unwrap();
        assert!(weight(smallest, 1, 0).unwrap() > 0);
        assert!(shown(weight(smallest, 1, 0).unwrap()) > 0);
    }

    #[test]
    fn line_is_gone_when_its_parts_are() {
        let (a, b) = (Line::of(3, 10).unwrap(), Line::of(5, 20).unwrap());
        let both = a.plus(b).unwrap();
        assert_eq!((both.at(0), both.at(9), both.at(10)), (Ok(130), Ok(58), Ok(50)));
        assert_eq!(
            both.minus(a).unwrap().at(10),
            Ok(50),
            "the same on either side of an end"
        );
        assert_eq!(both.minus(a).unwrap().minus(b), Ok(Line::default()));
        assert_eq!(a.minus(b), Err(MathError::Overflow));
        assert_eq!(a.at(11), Err(MathError::Overflow), "an end that was forgotten");
    }

    #[test]
    fn four_accounts_double_the_weight() {
        let amount = 40_000 * VCAI;
        assert_eq!(split(amount, 0, 4), Ok(2 * slope(amount).unwrap()));
        assert_eq!(split(amount, 0, 0), Err(MathError::DivisionByZero));
        assert_eq!(split(10, 3, 4), Err(MathError::Overflow), "parts below the fee");
        for (name, amount, fee, accounts) in [
            ("the smaller parts", u128::MAX, 0, u128::MAX),
            (
                "the larger parts, the smaller being nothing",
                u128::MAX,
                1,
                (1 << 127) + 1,
            ),
            ("their sum alone", 6 * 10u128.pow(32), 0, 4 * 10u128.pow(32)),
        ] {
            assert_eq!(split(amount, fee, accounts), Err(MathError::Overflow), "{name}");
        }
    }

    #[test]
    fn too_little_for_one_account_is_none() {
        assert_eq!(most_accounts(999, 1, 999), 0);
        assert_eq!(most_accounts(1_000, 1, 999), 1);
        assert_eq!(most_accounts(5, 0, 0), 0, "no bound to divide by");
    }

    proptest! {
        #[test]
        fn slope_is_the_root(amount in 0u128..1 << 87) {
            let s = BigUint::from(slope(amount).unwrap());
            let under = BigUint::from(amount) * ROOT_SCALE;
            prop_assert!(&s * &s <= under && under < (&s + 1u8) * (&s + 1u8));
        }

        #[test]
        fn end_is_the_day_asked_for_or_the_last_one(now in 0u64..1 << 33, ahead in 0u64..MAX_SECONDS + 2 * DAY) {
            let until = now + ahead;
            let end = end_of(until, now);
            prop_assert_eq!(end % DAY, 0);
            prop_assert!(end <= now + MAX_SECONDS);
            // the first midnight from `until` on, found by stepping
            let first = (until..until + DAY).find(|second| second % DAY == 0).unwrap();
            let last = (now + MAX_SECONDS - DAY + 1..=now + MAX_SECONDS).find(|second| second % DAY == 0).unwrap();
            prop_assert_eq!(end, first.min(last));
        }

        #[test]
        fn total_is_the_sum_with_equality(
            locks in prop::collection::vec((1u128..10_000_000_000_000_000, 1u64..1_500), 1..60), time in 0u64..1_500 * DAY,
        ) {
            let mut total = Line::default();
            let mut sum = 0u128;
            for (amount, days) in &locks {
                let (s, end) = (slope(*amount).unwrap(), days * DAY);
                total = total.plus(Line::of(s, end).unwrap()).unwrap();
                if end <= time {
                    total = total.minus(Line::of(s, end).unwrap()).unwrap();
                }
                sum += weight(s, end, time).unwrap();
            }
            prop_assert_eq!(total.at(time).unwrap(), sum);
        }

        #[test]
        fn split_is_what_the_parts_weigh(amount in 1u128..10_000_000_000_000, fee in 0u128..1_000, accounts in 1u128..200) {
            let parts: Vec<u128> = (0..accounts).map(|i| amount / accounts + u128::from(i < amount % accounts)).collect();
            prop_assert_eq!(parts.iter().sum::<u128>(), amount);
            let sum: Option<u128> = parts.iter().map(|part| part.checked_sub(fee).map(|rest| slope(rest).unwrap())).sum();
            prop_assert_eq!(split(amount, fee, accounts).ok(), sum);
        }

        #[test]
        fn most_accounts_are_the_most_profitable(amount in 1u128..100_000, fee in 0u128..1_000, more in 0u128..1_000) {
            // whole VCAI, so that the rounding of roots is far below any difference
            let (amount, fee, min) = (amount * VCAI, fee * VCAI, (1_000 + more) * VCAI);
            let most = most_accounts(amount, fee, min);
            let best = (1..=most).map(|k| split(amount, fee, k).unwrap()).max();
            prop_assert_eq!(best, most.checked_sub(1).map(|_| split(amount, fee, most).unwrap()));
            prop_assert!(amount < (min + fee) * (most + 1));
        }
    }
}

//! Rewards in proportion to a decaying weight, in closed form.
//!
//! Over a segment [t₁, t₂] in which no lock begins, changes or ends, the total weight is W(t) = B − S·t. A reward R flows evenly. A lock (s, e) gets
//!
//! ```text
//! R/Δt · ∫ s·(e − t) / W(t) dt  =  s · (e·ΔA − ΔC) / Q        Q = 2¹²⁸
//!
//! ΔA = Q·R/Δt · ∫ 1/W dt        ΔC = Q·R/Δt · ∫ t/W dt
//! ```
//!
//! the same ΔA and ΔC for everybody. With W₁ = W(t₁), W₂ = W(t₂), D = W₁ − W₂ = S·Δt and x = D / (W₁ + W₂), so that ln(W₁/W₂) = 2·artanh x:
//!
//! ```text
//! ΔA = ⌊2R·Q/(W₁ + W₂) · (1 + x²/3 + x⁴/5 + …)⌋        x ≤ ½, 24 terms
//!    = ⌊R·Q/D · ln(W₁/W₂)⌋                             x > ½, the logarithm reduced by powers of two
//!    = ⌊2R·Q/(W₁ + W₂)⌋                                W₂ = 0
//! ΔC = ⌈(B·ΔA − R·Q) / S⌉
//! ```
//!
//! **Conservation** does not depend on ΔA: Σ s·(e·ΔA − ΔC) = B·ΔA − S·ΔC ≤ R·Q. So the series may end where it likes; the error only moves rewards between locks of
//! different ends, by less than 2⁻⁵³ of them. Where W₂ = 0 every lock ends at t₂ = B/S, and each gets s·R/S whatever ΔA is.

use cosmwasm_std::{Uint128, Uint256};

use crate::vote_escrow::Line;
use crate::MathError;

/// Bits of the fraction in everything that is scaled by Q.
const FRACTION_BITS: u32 = 128;

/// Q = 2¹²⁸: one base unit.
pub const ONE: Uint256 = Uint256::from_be_bytes([
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/// ⌊Q · ln 2⌋.
const LN_2: u128 = 0xB172_17F7_D1CF_79AB_C9E3_B398_03F2_F6AF;

/// Terms of the series. At x = ½ the rest is below 2⁻⁵³ of the sum.
const TERMS: u64 = 24;

/// The accumulators A and C, scaled by Q.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// A = Q · ∫ r/W dt.
    pub a: Uint256,
    /// C = Q · ∫ r·t/W dt.
    pub c: Uint256,
}

impl Index {
    /// The accumulators after a segment that adds `segment`.
    ///
    /// # Errors
    /// [`MathError::Overflow`].
    pub fn plus(&self, segment: &Self) -> Result<Self, MathError> {
        Ok(Self {
            a: add(self.a, segment.a)?,
            c: add(self.c, segment.c)?,
        })
    }
}

/// A whole number of base units, scaled by Q.
///
/// # Errors
/// Never: 128 bits and 128 more fit 256; the type cannot say so.
pub fn scaled(units: u128) -> Result<Uint256, MathError> {
    mul(Uint256::from(units), ONE)
}

/// Whole base units of a number scaled by Q, rounded down.
///
/// # Errors
/// Never: what is left has 128 bits; the type cannot say so.
pub fn whole(scaled: Uint256) -> Result<u128, MathError> {
    let whole = Uint128::try_from(unscaled(scaled)?).map_err(|_| MathError::Overflow)?;
    Ok(whole.u128())
}

/// ΔA and ΔC of the segment from `from` to `to` in which `reward` (scaled by Q) flows to the locks of `line`. Zero where nothing flows.
///
/// # Errors
/// [`MathError::DivisionByZero`] where nobody is locked; [`MathError::Overflow`] where a lock of `line` ends before `to`.
pub fn segment(line: &Line, from: u64, to: u64, reward: Uint256) -> Result<Index, MathError> {
    if reward.is_zero() || from >= to {
        return Ok(Index::default());
    }
    let ends = (line.at(from)?, line.at(to)?);
    let a = per_weight(ends, reward)?;
    // B·ΔA falls short of R·Q only by the rounding of ΔA, and then nothing is owed to C
    let rest = mul(Uint256::from(line.bias), a)?.saturating_sub(reward);
    let c = div_ceil(rest, Uint256::from(line.slope))?;
    Ok(Index { a, c })
}

/// What a lock (`slope`, `end`) earned between two states of the accumulators, scaled by Q, rounded down. It must not have ended before the second.
///
/// # Errors
/// [`MathError::Overflow`] if it had, or if `from` is the later of the two.
pub fn earned(slope: u128, end: u64, from: &Index, to: &Index) -> Result<Uint256, MathError> {
    let a = sub(to.a, from.a)?;
    let c = sub(to.c, from.c)?;
    let each = sub(mul(Uint256::from(end), a)?, c)?;
    mul(Uint256::from(slope), each)
}

/// ΔA.
fn per_weight((w1, w2): (u128, u128), reward: Uint256) -> Result<Uint256, MathError> {
    let sum = add(Uint256::from(w1), Uint256::from(w2))?;
    let fall = Uint256::from(w1.checked_sub(w2).ok_or(MathError::Overflow)?);
    let twice = add(reward, reward)?;
    if w2 == 0 {
        return twice.checked_div(sum).map_err(|_| MathError::DivisionByZero);
    }
    if add(fall, fall)? <= sum {
        let x = ratio(fall, sum)?;
        return mul_div(twice, artanh_per_x(x)?, mul(sum, ONE)?);
    }
    mul_div(reward, ln(w1, w2)?, mul(fall, ONE)?)
}

/// artanh(x)/x = 1 + x²/3 + x⁴/5 + …, scaled by Q as `x` is, for x ≤ ½; below the true value by less than 2⁻⁵³ of it.
fn artanh_per_x(x: Uint256) -> Result<Uint256, MathError> {
    let square = mul_q(x, x)?;
    let (mut power, mut sum) = (ONE, ONE);
    for term in 1..TERMS {
        power = mul_q(power, square)?;
        if power.is_zero() {
            break;
        }
        let odd = term.saturating_mul(2).saturating_add(1);
        let part = power.checked_div(Uint256::from(odd));
        sum = add(sum, part.map_err(|_| MathError::DivisionByZero)?)?;
    }
    Ok(sum)
}

/// ln(w₁/w₂), scaled by Q, for 0 < w₂ ≤ w₁: with 2ᵏ·w₂ ≤ w₁ < 2ᵏ⁺¹·w₂ it is k·ln 2 + 2·artanh(x) and x ≤ ⅓.
fn ln(w1: u128, w2: u128) -> Result<Uint256, MathError> {
    let wide = w2.leading_zeros().saturating_sub(w1.leading_zeros());
    // of two numbers k bits apart the quotient lies above 2^(k−1)
    let fits = w2.checked_shl(wide).is_some_and(|shifted| shifted <= w1);
    let k = if fits { wide } else { wide.saturating_sub(1) };
    let reduced = Uint256::from(w2.checked_shl(k).ok_or(MathError::Overflow)?);
    let w1 = Uint256::from(w1);
    let x = ratio(sub(w1, reduced)?, add(w1, reduced)?)?;
    let artanh = mul_q(x, artanh_per_x(x)?)?;
    let halvings = mul(Uint256::from(LN_2), Uint256::from(k))?;
    add(halvings, add(artanh, artanh)?)
}

/// ⌊Q · a / b⌋ for a ≤ b below 2¹²⁸.
fn ratio(a: Uint256, b: Uint256) -> Result<Uint256, MathError> {
    mul(a, ONE)?.checked_div(b).map_err(|_| MathError::DivisionByZero)
}

/// ⌊a · b / Q⌋.
fn mul_q(a: Uint256, b: Uint256) -> Result<Uint256, MathError> {
    unscaled(mul(a, b)?)
}

/// ⌊a · b / divisor⌋, through 512 bits.
fn mul_div(a: Uint256, b: Uint256, divisor: Uint256) -> Result<Uint256, MathError> {
    a.checked_multiply_ratio(b, divisor).map_err(|_| MathError::Overflow)
}

fn div_ceil(a: Uint256, divisor: Uint256) -> Result<Uint256, MathError> {
    let quotient = a.checked_div(divisor).map_err(|_| MathError::DivisionByZero)?;
    let rest = a.checked_rem(divisor).map_err(|_| MathError::DivisionByZero)?;
    match rest.is_zero() {
        true => Ok(quotient),
        false => add(quotient, Uint256::one()),
    }
}

fn add(a: Uint256, b: Uint256) -> Result<Uint256, MathError> {
    a.checked_add(b).map_err(|_| MathError::Overflow)
}

fn sub(a: Uint256, b: Uint256) -> Result<Uint256, MathError> {
    a.checked_sub(b).map_err(|_| MathError::Overflow)
}

fn mul(a: Uint256, b: Uint256) -> Result<Uint256, MathError> {
    a.checked_mul(b).map_err(|_| MathError::Overflow)
}

/// ⌊a / Q⌋.
fn unscaled(a: Uint256) -> Result<Uint256, MathError> {
    a.checked_shr(FRACTION_BITS).map_err(|_| MathError::Overflow)
}

#[cfg(test)]
#[path = "../tests/ve_reference/mod.rs"]
mod reference;

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::reference::{self, Frac};
    use super::*;
    use crate::vote_escrow::{slope, weight};

    const DAY: u64 = 86_400;
    /// Some midnight of 2026.
    const NOW: u64 = 20_500 * DAY;

    /// Locks (s, e) and the line they make.
    fn line(locks: &[(u128, u64)]) -> Line {
        let lines = locks.iter().map(|(s, end)| Line::of(*s, *end).unwrap());
        lines.fold(Line::default(), |sum, one| sum.plus(one).unwrap())
    }

    fn big(value: Uint256) -> BigUint {
        BigUint::from_bytes_be(&value.to_be_bytes())
    }

    /// What each lock gets of `reward` base units, scaled by Q.
    fn shares(locks: &[(u128, u64)], from: u64, to: u64, reward: Uint256) -> Vec<Uint256> {
        let index = segment(&line(locks), from, to, reward).unwrap();
        let share = |(s, end): &(u128, u64)| earned(*s, *end, &Index::default(), &index).unwrap();
        locks.iter().map(share).collect()
    }

    /// |actual − expected| ≤ expected / 10¹⁵ + one unit of the scale's last 60 bits.
    fn close(actual: &BigUint, expected: &BigUint) -> bool {
        let off = reference::distance(actual, expected);
        off * 1_000_000_000_000_000u64 <= expected + (BigUint::from(1u8) << 60)
    }

    /// Everything about one segment: conservation to the last bit, and every share beside the reference.
    fn check(locks: &[(u128, u64)], from: u64, to: u64, units: u128) {
        let reward = scaled(units).unwrap();
        let actual = shares(locks, from, to, reward);
        let paid: BigUint = actual.iter().map(|share| big(*share)).sum();
        assert!(paid <= big(reward), "paid more than there was");
        // what rounding keeps is below one base unit for every lock together
        assert!(
            big(reward) - &paid <= BigUint::from(1u8) << 128,
            "kept {}",
            big(reward) - paid
        );
        let expected = reference::shares(locks, from, to, &Frac::whole(units));
        for (share, expected) in actual.iter().zip(expected) {
            assert!(
                close(&big(*share), &expected.scaled(128)),
                "{share} and {}",
                expected.scaled(128)
            );
        }
    }

    #[test]
    fn named_segments_match_the_reference() {
        let s = slope(10_000_000_000).unwrap();
        let great = slope(10_000_000_000_000_000).unwrap();
        let (four_years, day) = (NOW + crate::vote_escrow::MAX_SECONDS, NOW + DAY);
        let (locks, none): (_, &[(u128, u64)]) = (
            [
                ("one lock", vec![(s, four_years)], NOW, day),
                (
                    "two of different ends",
                    vec![(s, four_years), (s, NOW + 7 * DAY)],
                    NOW,
                    day,
                ),
                (
                    "one second",
                    vec![(s, four_years), (great, NOW + 7 * DAY)],
                    NOW,
                    NOW + 1,
                ),
                (
                    "four years in one",
                    vec![(s, four_years), (great, four_years)],
                    NOW,
                    four_years,
                ),
                ("all end with the segment", vec![(s, day), (great, day)], NOW, day),
                ("x just at a half", vec![(s, NOW + 3 * DAY / 2)], NOW, day),
                ("x just above a half", vec![(s, NOW + 3 * DAY / 2 - 1)], NOW, day),
                (
                    "x of 0.6: the logarithm, not the series",
                    vec![(s, NOW + 7 * DAY / 6), (s, NOW + 9 * DAY / 6)],
                    NOW,
                    day,
                ),
                ("a unit stays by a second", vec![(great, day), (1, day + 1)], NOW, day),
                ("nearly all ends with it", vec![(great, day), (s, day + DAY)], NOW, day),
                (
                    "nearly all ends with it, in its last second",
                    vec![(great, day), (s, day + DAY)],
                    day - 1,
                    day,
                ),
                (
                    "the smallest stays by a second",
                    vec![(great, day), (1_000_000, day + 1)],
                    NOW,
                    day,
                ),
            ],
            &[],
        );
        for (name, locks, from, to) in locks {
            for units in [1, 7, 1_000_000, 1_000_000_000_000_000] {
                println!("{name}, {units}");
                check(&locks, from, to, units);
            }
        }
        assert_eq!(
            segment(&line(none), NOW, day, ONE),
            Err(MathError::DivisionByZero),
            "nobody is locked"
        );
        assert_eq!(segment(&line(none), NOW, day, Uint256::zero()), Ok(Index::default()));
        let over = segment(&line(&[(s, day)]), NOW, day + 1, ONE);
        assert_eq!(over, Err(MathError::Overflow), "an end inside the segment");
    }

    #[test]
    fn without_time_nothing_flows() {
        let line = line(&[(5, NOW + DAY)]);
        for (from, to) in [(NOW, NOW), (NOW + 1, NOW)] {
            assert_eq!(segment(&line, from, to, ONE), Ok(Index::default()));
        }
    }

    #[test]
    fn reward_below_the_scale_is_kept_not_refused() {
        // in the series, and in the logarithm
        for end in [NOW + 9 * DAY, NOW + DAY + 1] {
            let index = segment(&line(&[(1 << 40, end)]), NOW, NOW + DAY, Uint256::one());
            assert_eq!(index, Ok(Index::default()), "{end}");
        }
        assert_eq!([ONE - Uint256::one(), ONE].map(whole), [Ok(0), Ok(1)], "rounded down");
    }

    #[test]
    fn earned_after_the_end_or_backwards_is_refused() {
        let none = Index::default();
        let index = segment(&line(&[(5, NOW + 2 * DAY)]), NOW, NOW + DAY, ONE).unwrap();
        assert_eq!(earned(5, NOW, &none, &index), Err(MathError::Overflow), "ended before");
        let [one, most] = [Uint256::one(), Uint256::MAX];
        let (a, c) = (Index { a: one, ..none }, Index { c: one, ..none });
        for before in [a, c] {
            assert_eq!(earned(5, NOW, &before, &none), Err(MathError::Overflow), "{before:?}");
        }
        let full = Index { a: most, c: most };
        for more in [a, c] {
            assert_eq!(full.plus(&more), Err(MathError::Overflow), "{more:?}");
        }
        let large = Index { a: most, ..none };
        assert_eq!(earned(2, 2, &none, &large), Err(MathError::Overflow), "too much");
    }

    #[test]
    fn all_locks_that_end_with_the_segment_share_by_slope_exactly() {
        let locks = [(2, NOW + DAY), (3, NOW + DAY), (5, NOW + DAY)];
        let units = shares(&locks, NOW, NOW + DAY, scaled(1_000).unwrap());
        let units: Vec<u128> = units.into_iter().map(|share| whole(share).unwrap()).collect();
        assert_eq!(units, [200, 300, 500]);
    }

    #[test]
    fn closed_form_is_the_loop_over_every_second() {
        // each second is shared by the weights in its middle, the obvious way
        let locks = [
            (slope(20_000_000_000).unwrap(), NOW + 3 * DAY),
            (slope(90_000_000_000).unwrap(), NOW + 900 * DAY),
        ];
        let units = 1_000_000_000_000u128;
        let closed = shares(&locks, NOW, NOW + DAY, scaled(units).unwrap());
        for (number, (s, end)) in locks.iter().enumerate() {
            let mut sum = 0u128;
            for second in NOW..NOW + DAY {
                let middle =
                    |s: u128, end: u64| (weight(s, end, second).unwrap() + weight(s, end, second + 1).unwrap()) / 2;
                let total: u128 = locks.iter().map(|(s, end)| middle(*s, *end)).sum();
                sum += middle(*s, *end) * 1_000_000_000_000 / total;
            }
            let (looped, closed) = (
                sum / u128::from(DAY) * units / 1_000_000_000_000,
                whole(closed[number]).unwrap(),
            );
            assert!(looped.abs_diff(closed) * 10_000_000 <= closed, "{looped} {closed}");
        }
    }

    #[test]
    fn reference_logarithm_undoes_the_exponential() {
        for (a, b) in [(1u32, 1u32), (2, 1), (3, 2), (1_000_001, 1_000_000), (u32::MAX, 1)] {
            let ln = reference::ln(&a.into(), &b.into());
            let back = ln.exp();
            let expected = Frac::ratio(&a.into(), &b.into());
            assert!(back.is_close(&expected, 400), "{a}/{b}");
        }
    }

    /// artanh(½) / ½ = ln 3.
    #[test]
    fn series_at_a_half_is_short_by_less_than_it_says() {
        let actual = big(artanh_per_x(ONE >> 1).unwrap());
        let exact = reference::ln(&3u8.into(), &1u8.into()).scaled(128);
        assert!(actual < exact && (&exact - &actual) << 53 < exact, "{actual} {exact}");
    }

    #[test]
    fn logarithms_of_powers_of_two_need_no_series() {
        assert_eq!(ln(7, 7), Ok(Uint256::zero()));
        assert_eq!(ln(56, 7), Ok(Uint256::from(LN_2) * Uint256::from(3u8)));
    }

    #[test]
    fn constants_are_what_their_names_say() {
        assert_eq!(ONE, Uint256::from(u128::MAX) + Uint256::one());
        assert_eq!(BigUint::from(LN_2), reference::ln(&2u8.into(), &1u8.into()).scaled(128));
    }

    fn locks() -> impl Strategy<Value = Vec<(u128, u64)>> {
        let amount = prop_oneof![
            1_000_000_000u128..100_000_000_000,
            1_000_000_000u128..10_000_000_000_000_000
        ];
        let days = prop_oneof![1u64..4, 1u64..1_462];
        prop::collection::vec(
            (
                amount.prop_map(|n| slope(n).unwrap()),
                days.prop_map(|day| NOW + day * DAY),
            ),
            1..9,
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn segments_conserve_and_match_the_reference(
            locks in locks(), from in 0..DAY, length in 1..=DAY, units in 1u128..10_000_000_000_000_000,
        ) {
            let from = NOW + from;
            check(&locks, from, (from + length).min(NOW + DAY), units);
        }

        #[test]
        fn pokes_do_not_move_rewards(locks in locks(), mut cuts in prop::collection::vec(1..DAY, 0..50), rate in 1u128..1 << 40) {
            cuts.extend([0, DAY]);
            cuts.sort_unstable();
            cuts.dedup();
            let rate = scaled(rate).unwrap();
            let line = line(&locks);
            let part = |from: u64, to: u64| segment(&line, NOW + from, NOW + to, rate * Uint256::from(to - from)).unwrap();
            let whole = part(0, DAY);
            let poked = cuts.windows(2).fold(Index::default(), |index, cut| index.plus(&part(cut[0], cut[1])).unwrap());
            for (s, end) in locks {
                let [once, often] = [whole, poked].map(|index| big(earned(s, end, &Index::default(), &index).unwrap()));
                prop_assert!(close(&often, &once), "{} {}", once, often);
            }
        }

        #[test]
        fn logarithm_matches_the_reference(w2 in 1u128..1 << 90, factor in 1u128..1 << 37, more in 0u128..1 << 90) {
            let w1 = w2 * factor + more % w2;
            let [actual, expected] = [big(ln(w1, w2).unwrap()), reference::ln(&w1.into(), &w2.into()).scaled(128)];
            prop_assert!(actual <= expected);
            // k·ln 2 is below by k units, the series by 2⁻⁷⁶
            prop_assert!((&expected - &actual) <= (&expected >> 70) + 256u32);
        }
    }
}

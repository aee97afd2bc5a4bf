//! The incentive pool: its releases, the split between supply and demand, and what one account may be paid.
//!
//! # Releases
//! ```text
//! released before epoch i:  R(i) = ⌊POOL · i / 522⌋   for i ≤ 522, POOL after         epoch i releases R(i + 1) − R(i)
//! day j of an epoch of n days and a pool A:  ⌊A · (j + 1) / n⌋ − ⌊A · j / n⌋
//! ```
//! Differences of one cumulative floor sum up to the whole, whatever the division leaves.
//!
//! # Split
//! ```text
//! U = ⌊10⁶ · min(consumed, available) / available⌋                       ppm
//! P' = P ± ⌊k · |U − target| / 10⁶⌋, clamped to [0, 10⁶]                  ppm; nothing available ⇒ P' = P
//! ```
//!
//! # Caps
//! A rental may receive at most `bound` times its own network fee F, at the price p (stablecoin per VCAI): c = ⌊⌊bound · F⌋ / p⌋. Its reward is a rate ρ, the same for
//! all of a day, times its own weight w, so that it may have min(ρ·w, c). Accounts keep sums, not rentals, and a sum of minima is not the minimum of sums: honest
//! rentals of a node that are far from their caps would lift the caps of a false one. So weights are kept by **grade**: the cap per weight c/w, rounded down
//! to a grid of four steps for every doubling. All of a grade share one cap per weight g ≤ c/w, and
//!
//! ```text
//! Σ over rentals of min(ρ·w, g·w) = Σ over grades of min(ρ, g) · W
//! ```
//! is what is paid: no rental ever has more than its own cap, and where a cap binds it has at least four fifths of it. g is a number of VCAI per weight with 80
//! fractional bits.

use crate::twap::QuotePerBase;
use crate::{mul_div_floor, Bps, MathError};

/// What is released in all: 2,000,000,000 VCAI in base units of 10⁻⁶.
pub const POOL: u128 = 2_000_000_000_000_000;
/// Number of epochs that release something.
pub const EPOCHS: u64 = 522;
/// The whole, ppm.
pub const PPM: u32 = 1_000_000;
/// P of the first epoch: one half.
pub const FIRST_SUPPLY: u32 = 500_000;
/// Part of a node's earnings that is its referrer's, bps.
pub const REFERRAL_BPS: u16 = 200;
/// Days for which it is.
pub const REFERRAL_DAYS: u64 = 90;
/// Days that a GPU works before it is paid for as new.
pub const FIRST_ACCESS_DAYS: u64 = 7;
/// A node that was away for more days begins its loyalty anew.
pub const AWAY_DAYS: u64 = 7;
/// Most grades that one account keeps of one day.
pub const MAX_GRADES: usize = 12;

/// Fractional bits of a grade's cap per weight.
const SHIFT: u32 = 80;
/// Days for one percent of loyalty.
const LOYALTY_STEP: u64 = 30;
/// Most loyalty, percent.
const LOYALTY_MAX: u64 = 10;

/// R(i): released before epoch `index`, rounded down.
pub fn released_before(index: u64) -> u128 {
    const ALL: u128 = EPOCHS as u128;
    POOL.saturating_mul(index.min(EPOCHS).into()) / ALL
}

/// What epoch `index` (from 0) releases; nothing from 522 on.
pub fn release(index: u64) -> u128 {
    released_before(index.saturating_add(1)).saturating_sub(released_before(index))
}

/// The part of `amount` for day `day` (from 0) of `days`; 0 for a day beyond.
pub fn part_of_day(amount: u128, day: u64, days: u64) -> u128 {
    let until = |day: u64| mul_div_floor(amount, day.min(days).into(), days.into()).unwrap_or_default();
    until(day.saturating_add(1)).saturating_sub(until(day))
}

/// U, rounded down, at most 1. None if nothing was available.
pub fn utilisation(consumed: u128, available: u128) -> Option<u32> {
    let part = mul_div_floor(consumed.min(available), PPM.into(), available).ok()?;
    u32::try_from(part).ok()
}

/// P': `supply` moved by `gain` times the distance of `utilisation` from `target`, all ppm; the step rounded towards none.
pub fn next_supply(supply: u32, utilisation: Option<u32>, target: u32, gain: u32) -> u32 {
    let Some(utilisation) = utilisation else { return supply };
    const WHOLE: u64 = PPM as u64;
    let step = u64::from(gain).saturating_mul(utilisation.abs_diff(target).into()) / WHOLE;
    let step = u32::try_from(step).unwrap_or(u32::MAX);
    match utilisation < target {
        true => supply.saturating_sub(step),
        false => supply.saturating_add(step).min(PPM),
    }
}

/// ⌊amount · ppm / 10⁶⌋, at most `amount`.
pub fn part_ppm(amount: u128, ppm: u32) -> u128 {
    mul_div_floor(amount, ppm.min(PPM).into(), PPM.into()).unwrap_or(amount)
}

/// How much more the memory in one node counts, in twentieths: 20, from 96 GB 24, from 192 GB 27, from 384 GB 30.
pub const fn memory_factor(gb: u32) -> u32 {
    match gb {
        0..=95 => 20,
        96..=191 => 24,
        192..=383 => 27,
        _ => 30,
    }
}

/// stake · seconds · stability (bps) · [`memory_factor`] · halves of the level: 2 in full, 1 by half, 0 not at all.
///
/// # Errors
/// [`MathError::Overflow`]; not below a stake of 2⁶⁰ and a day's seconds.
pub fn capacity_weight(stake: u128, seconds: u32, stability: Bps, gb: u32, halves: u32) -> Result<u128, MathError> {
    let factors = [seconds, stability.get().into(), memory_factor(gb), halves];
    let product = factors
        .into_iter()
        .try_fold(stake, |product, factor| product.checked_mul(factor.into()));
    product.ok_or(MathError::Overflow)
}

/// One percent for every 30 whole days since `since`, at most ten.
pub fn loyalty_percent(since: u64, day: u64) -> u8 {
    let percent = (day.saturating_sub(since) / LOYALTY_STEP).min(LOYALTY_MAX);
    u8::try_from(percent).unwrap_or_default()
}

/// Ten percent for the best tenth, one percent less for each after it.
pub const fn performance_percent(decile: u8) -> u8 {
    11_u8.saturating_sub(decile) % 11
}

/// c: most VCAI for a rental that paid `fee`, at `price` (stablecoin per VCAI), rounded down twice.
///
/// # Errors
/// [`MathError::Overflow`] when it does not fit 128 bits.
pub fn cap(fee: u128, bound: Bps, price: QuotePerBase) -> Result<u128, MathError> {
    price.base_floor(bound.of_floor(fee))
}

/// A cap per weight on the grid. 4·b + m stands for (4 + m) · 2^(b − 2) / 2⁸⁰, where b is a position of a bit from 2 on and m is 0 to 3; lower numbers for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grade(u16);

impl Grade {
    /// No cap, no reward.
    pub const NOTHING: Self = Self(0);

    /// The highest grade whose cap per weight is at most `cap` / `weight`.
    pub fn of(cap: u128, weight: u128) -> Self {
        let per_weight = mul_div_floor(cap, 1 << SHIFT, weight).unwrap_or(u128::MAX);
        let bit = per_weight.checked_ilog2().unwrap_or_default();
        let mantissa = per_weight.checked_shr(bit.saturating_sub(2)).unwrap_or_default() & 3;
        let code = u128::from(bit).saturating_mul(4).saturating_add(mantissa);
        match bit {
            0 | 1 => Self::NOTHING,
            _ => u16::try_from(code).map(Self).unwrap_or(Self::NOTHING),
        }
    }

    /// Its number, below 512.
    pub const fn code(self) -> u16 {
        self.0
    }

    /// The grade of that number.
    pub const fn from_code(code: u16) -> Self {
        Self(code)
    }

    /// g · 2⁸⁰.
    fn per_weight(self) -> u128 {
        let (bit, mantissa) = (u32::from(self.0 / 4), u128::from(self.0 % 4));
        let shift = bit.checked_sub(2);
        let shifted = shift.and_then(|shift| mantissa.saturating_add(4).checked_shl(shift));
        shifted.unwrap_or_default()
    }

    /// ⌊g · weight⌋: most VCAI for that weight.
    pub fn most(self, weight: u128) -> u128 {
        mul_div_floor(self.per_weight(), weight, 1 << SHIFT).unwrap_or(u128::MAX)
    }
}

/// Weights by grade, the lowest grade first, each grade once, at most [`MAX_GRADES`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graded(Vec<(Grade, u128)>);

/// What a day gives an account for its graded weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// Within all caps.
    pub paid: u128,
    /// What it would have been without caps, less that.
    pub left_over: u128,
}

impl Graded {
    /// Of weights as they were kept.
    pub fn new(rows: Vec<(Grade, u128)>) -> Self {
        Self(rows)
    }

    /// As they are kept.
    pub fn rows(&self) -> &[(Grade, u128)] {
        &self.0
    }

    /// Adds the weight of one rental with its cap.
    ///
    /// Beyond [`MAX_GRADES`] a weight takes the next lower grade that is there, or if there is none, draws the lowest one down to its own: a cap per weight is only ever
    /// lowered, so who spreads his rentals over many grades to fill a row loses by it.
    ///
    /// # Errors
    /// [`MathError::Overflow`].
    pub fn add(&mut self, cap: u128, weight: u128) -> Result<(), MathError> {
        let grade = Grade::of(cap, weight);
        match self.0.binary_search_by_key(&grade, |row| row.0) {
            Ok(at) => self.grow(at, weight),
            Err(at) if self.0.len() < MAX_GRADES => {
                self.0.insert(at, (grade, weight));
                Ok(())
            }
            Err(at) => {
                if let (0, Some(lowest)) = (at, self.0.first_mut()) {
                    lowest.0 = grade;
                }
                self.grow(at.saturating_sub(1), weight)
            }
        }
    }

    fn grow(&mut self, at: usize, weight: u128) -> Result<(), MathError> {
        if let Some(row) = self.0.get_mut(at) {
            row.1 = row.1.checked_add(weight).ok_or(MathError::Overflow)?;
        }
        Ok(())
    }

    /// All weight, whatever its grade.
    pub fn weight(&self) -> u128 {
        self.0.iter().fold(0_u128, |sum, row| sum.saturating_add(row.1))
    }

    /// What a `pool` gives for these of all weights, `total`. Rounded down for each grade.
    pub fn payment(&self, pool: u128, total: u128) -> Payment {
        let share = |weight| mul_div_floor(pool, weight, total).unwrap_or_default();
        let paid = self.0.iter().fold(0_u128, |sum, (grade, weight)| {
            sum.saturating_add(share(*weight).min(grade.most(*weight)))
        });
        Payment {
            paid,
            left_over: share(self.weight()).saturating_sub(paid),
        }
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::Uint256;
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn epochs_release_exactly_two_billion() {
        let releases: Vec<u128> = (0..EPOCHS).map(release).collect();
        assert_eq!(releases.iter().sum::<u128>(), 2_000_000_000 * 1_000_000);
        assert_eq!(releases.iter().min(), Some(&3_831_417_624_521));
        assert_eq!(releases.iter().max(), Some(&3_831_417_624_522));
        for index in 522..530 {
            assert_eq!((release(index), released_before(index)), (0, POOL));
        }
        assert_eq!(release(u64::MAX), 0);
        assert_eq!(released_before(1), 3_831_417_624_521, "rounded down");
    }

    #[test]
    fn days_round_down_until_the_last() {
        assert_eq!([0, 1, 2].map(|day| part_of_day(10, day, 3)), [3, 3, 4]);
    }

    #[test]
    fn part_in_millionths_rounds_down_and_is_at_most_the_whole() {
        for (amount, ppm, expected) in [
            (3, 500_000, 1),
            (1_999_999, 1, 1),
            (10, 1_500_000, 10),
            (u128::MAX, u32::MAX, u128::MAX),
        ] {
            assert_eq!(part_ppm(amount, ppm), expected, "{ppm} ppm of {amount}");
        }
    }

    #[test]
    fn vectors_of_the_dashboard_are_exact() {
        let table = [
            // half is where it starts
            (500_000, Some(600_000), 480_000),
            (500_000, Some(950_000), 515_000),
            (500_000, Some(800_000), 500_000),
            (500_000, Some(0), 420_000),
            (500_000, Some(1_000_000), 520_000),
            (500_000, None, 500_000),
            // clamped
            (10_000, Some(0), 0),
            (0, Some(0), 0),
            (990_000, Some(1_000_000), 1_000_000),
            (1_000_000, Some(1_000_000), 1_000_000),
            // a step of less than a millionth is none
            (500_000, Some(799_991), 500_000),
            (500_000, Some(800_009), 500_000),
            (500_000, Some(799_990), 499_999),
        ];
        for (supply, utilisation, expected) in table {
            assert_eq!(
                next_supply(supply, utilisation, 800_000, 100_000),
                expected,
                "{supply} {utilisation:?}"
            );
        }
    }

    #[test]
    fn utilisation_is_at_most_one_and_none_without_capacity() {
        let table = [
            (60, 100, Some(600_000)),
            (95, 100, Some(950_000)),
            (1, 3, Some(333_333)),
            (5, 4, Some(1_000_000)),
            (u128::MAX, u128::MAX, Some(1_000_000)),
            (1, u128::MAX, Some(0)),
            (0, 0, None),
            (7, 0, None),
        ];
        for (consumed, available, expected) in table {
            assert_eq!(utilisation(consumed, available), expected, "{consumed} of {available}");
        }
    }

    #[test]
    fn memory_levels_and_bonuses_by_table() {
        let factors = [
            (0, 20),
            (95, 20),
            (96, 24),
            (191, 24),
            (192, 27),
            (383, 27),
            (384, 30),
            (9_999, 30),
        ];
        for (gb, factor) in factors {
            assert_eq!(memory_factor(gb), factor, "{gb} GB");
        }
        for (days, percent) in [
            (0, 0),
            (29, 0),
            (30, 1),
            (59, 1),
            (60, 2),
            (299, 9),
            (300, 10),
            (9_999, 10),
        ] {
            assert_eq!(loyalty_percent(1_000, 1_000 + days), percent, "{days} days");
        }
        assert_eq!(loyalty_percent(1_000, 999), 0);
        for (decile, percent) in [(1, 10), (2, 9), (10, 1), (11, 0), (255, 0), (0, 0)] {
            assert_eq!(performance_percent(decile), percent, "decile {decile}");
        }
        let all = Bps::ONE;
        let full = capacity_weight(10, 86_400, all, 0, 2).unwrap();
        assert_eq!(capacity_weight(10, 86_400, all, 0, 1).unwrap() * 2, full);
        assert_eq!(capacity_weight(10, 86_400, all, 0, 0), Ok(0));
        assert_eq!(capacity_weight(10, 86_400, all, 96, 2).unwrap() * 10, full * 12);
        assert_eq!(capacity_weight(10, 86_400, all, 192, 2).unwrap() * 100, full * 135);
        assert_eq!(capacity_weight(10, 86_400, all, 384, 2).unwrap() * 10, full * 15);
        let every_factor = capacity_weight(10, 3_600, Bps::new(5_000).unwrap(), 96, 1);
        assert_eq!(every_factor, Ok(10 * 3_600 * 5_000 * 24));
        assert_eq!(capacity_weight(u128::MAX, 86_400, all, 0, 2), Err(MathError::Overflow));
    }

    #[test]
    fn a_cap_is_half_the_fee_at_the_price() {
        let dollar_and_a_quarter = QuotePerBase::of_reserves(4, 5).unwrap();
        let half = Bps::new(5_000).unwrap();
        assert_eq!(cap(1_000_000, half, dollar_and_a_quarter), Ok(400_000));
        assert_eq!(cap(1, half, dollar_and_a_quarter), Ok(0));
        assert_eq!(cap(3, half, dollar_and_a_quarter), Ok(0), "rounded down twice");
        assert_eq!(cap(1_000_000, Bps::ZERO, dollar_and_a_quarter), Ok(0));
    }

    #[test]
    fn a_row_of_grades_is_bounded_and_only_lowers_caps() {
        let mut graded = Graded::default();
        let mut most = 0;
        for step in 0..60 {
            let cap = 1_000 << (step % 30);
            graded.add(cap, 1_000).unwrap();
            most += cap;
            assert!(graded.rows().len() <= MAX_GRADES);
            assert!(graded.rows().windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
        assert_eq!(graded.weight(), 60_000);
        let payment = graded.payment(u128::MAX >> 20, 60_000);
        assert!(payment.paid <= most);
        assert!(payment.paid > 0);
    }

    #[test]
    fn grades_at_the_edges_of_the_grid() {
        for (name, cap, weight, code) in [
            ("below the first", 3, 1 << 80, 0),
            ("the first", 4, 1 << 80, 8),
            ("rounded down before the next", 15, 1 << 81, 11),
            ("the next", 8, 1 << 80, 12),
            ("beyond the last", 1 << 50, 1, 511),
        ] {
            assert_eq!(Grade::of(cap, weight).code(), code, "{name}");
        }
        assert_eq!(Grade::from_code(8).most(3 << 77), 1, "one and a half, rounded down");
        assert_eq!(Grade::from_code(511).most(u128::MAX), u128::MAX, "what does not fit");
    }

    #[test]
    fn a_full_row_takes_the_next_lower_grade_or_draws_the_lowest_down() {
        let mut graded = Graded::default();
        for step in 1..=MAX_GRADES {
            graded.add(1_000 << (2 * step), 1_000).unwrap();
        }
        let mut expected = graded.rows().to_vec();
        graded.add(2_000 << 6, 1_000).unwrap();
        expected[2].1 += 1_000;
        assert_eq!(graded.rows(), expected, "between the third and the fourth");
        graded.add(1_000, 1_000).unwrap();
        expected[0] = (Grade::of(1_000, 1_000), 2_000);
        assert_eq!(graded.rows(), expected, "below the lowest");
    }

    #[test]
    fn weights_of_a_grade_that_do_not_fit_are_refused() {
        let mut graded = Graded::default();
        graded.add(0, 1).unwrap();
        assert_eq!(graded.add(0, u128::MAX), Err(MathError::Overflow));
    }

    #[test]
    fn without_a_cap_there_is_no_reward() {
        for (cap, weight) in [(0, 1), (0, 1_000_000), (0, 1 << 95), (1, 1 << 80), (1, u128::MAX)] {
            let mut graded = Graded::default();
            graded.add(cap, weight).unwrap();
            let payment = graded.payment(5_000, weight);
            assert!(payment.paid <= cap, "{cap} {weight}");
            assert_eq!(payment.paid + payment.left_over, 5_000);
        }
        assert_eq!(Graded::default().payment(5_000, 0), Payment::default());
    }

    fn amount() -> impl Strategy<Value = u128> {
        prop_oneof![0..100u128, 0..1_000_000_000u128, 0..1u128 << 70]
    }

    proptest! {
        #[test]
        fn days_of_an_epoch_sum_up_to_it(amount in any::<u128>(), days in 1..28u64) {
            let sum = (0..days).map(|day| part_of_day(amount, day, days)).sum::<u128>();
            prop_assert_eq!(sum, amount);
            prop_assert_eq!(part_of_day(amount, days, days), 0);
            let fair = amount / u128::from(days);
            for day in 0..days {
                prop_assert!(part_of_day(amount, day, days).abs_diff(fair) <= 1);
            }
        }

        #[test]
        fn a_grade_is_at_most_the_cap_and_at_least_four_fifths(cap in 1..1u128 << 80, weight in 1..1u128 << 70) {
            let grade = Grade::of(cap, weight);
            prop_assert_eq!(Grade::from_code(grade.code()), grade);
            let exact = (BigUint::from(cap) << 80u32) / BigUint::from(weight);
            let graded = BigUint::from(grade.per_weight());
            prop_assert!(graded <= exact);
            // what does not fit is far above what any pool could give
            prop_assert!(exact > BigUint::from(u128::MAX) || graded * 5u32 >= exact * 4u32);
            prop_assert!(grade.most(weight) <= cap);
        }

        /// Against one rental after the other: nobody has more than min(share, own cap), and nobody less than four fifths of that.
        #[test]
        fn what_is_paid_is_the_sum_over_rentals(
            rentals in prop::collection::vec((amount(), 1..1u128 << 60), 1..10),
            others in amount(),
            pool in 0..1u128 << 60,
        ) {
            let mut graded = Graded::default();
            for (cap, weight) in &rentals {
                graded.add(*cap, *weight).unwrap();
            }
            let total = graded.weight() + others;
            let exactly: Vec<(u128, u128)> = rentals
                .iter()
                .map(|(cap, weight)| (mul_div_floor(pool, *weight, total).unwrap(), *cap))
                .collect();
            let most: u128 = exactly.iter().map(|(share, cap)| (share + 1).min(*cap)).sum();
            let least: u128 = exactly.iter().map(|(share, cap)| (*share).min(cap * 4 / 5).saturating_sub(2)).sum();
            let payment = graded.payment(pool, total);
            prop_assert!(payment.paid <= most, "{} of {}", payment.paid, most);
            prop_assert!(payment.paid + MAX_GRADES as u128 >= least, "{} of {}", payment.paid, least);
            let whole = mul_div_floor(pool, graded.weight(), total).unwrap();
            prop_assert_eq!(payment.paid + payment.left_over, whole.max(payment.paid));
        }

        /// Order, and being reported in pieces, change nothing while the row is not full.
        #[test]
        fn weights_add_up_in_any_order(rentals in prop::collection::vec((amount(), 1..1u128 << 60), 1..10)) {
            let fill = |rentals: &mut dyn Iterator<Item = &(u128, u128)>| {
                let mut graded = Graded::default();
                rentals.for_each(|(cap, weight)| graded.add(*cap, *weight).unwrap());
                graded
            };
            prop_assert_eq!(fill(&mut rentals.iter()), fill(&mut rentals.iter().rev()));
        }

        #[test]
        fn supply_stays_a_share_and_follows_utilisation(
            supply in 0..=PPM, utilisation in 0..=PPM, target in 500_000..=950_000u32, gain in 0..=500_000u32,
        ) {
            let next = next_supply(supply, Some(utilisation), target, gain);
            prop_assert!(next <= PPM);
            let moved = if utilisation < target { next <= supply } else { next >= supply };
            prop_assert!(moved);
        }

        /// Somebody rents from himself. What he spends comes back to him but for the fee, of which `ve_ppm` comes back as the reward of his locks; what he is paid he sells
        /// for at most 1.3 times the price it was measured by. He loses, whatever the pools are and whoever else takes part.
        #[test]
        fn a_self_dealing_renter_loses(
            rentals in prop::collection::vec((1_000_000..1u128 << 60, 200..=10_000u16, 1..1u128 << 60), 1..20),
            bound in 0..=5_000u16,
            rebate in 0..=10_000u16,
            pools in (0..=POOL, 0..=POOL),
            others in (amount(), amount()),
            price in (1..1u128 << 40, 1..1u128 << 40),
            spot_percent in 1..=130u32,
            ve_ppm in 0..=300_000u32,
        ) {
            let price = QuotePerBase::of_reserves(price.0, price.1).unwrap();
            let (bound, rebate) = (Bps::new(bound).unwrap(), Bps::new(rebate).unwrap());
            prop_assume!(u64::from(ve_ppm) < u64::from(PPM) - u64::from(bound.get()) * 100);
            let (mut renter, mut node, mut fees) = (Graded::default(), Graded::default(), 0u128);
            for (spend, fee_bps, units) in rentals {
                // rounded up: a fee is at least its floor
                let fee = Bps::new(fee_bps).unwrap().of_ceil(spend);
                let most = cap(fee, bound, price).unwrap();
                let half = rebate.of_floor(most);
                renter.add(half, spend).unwrap();
                node.add(most - half, units).unwrap();
                fees += fee;
            }
            let paid = renter.payment(pools.0, renter.weight() + others.0).paid
                + node.payment(pools.1, node.weight() + others.1).paid;
            let spot = price.raw() * Uint256::from(spot_percent) / Uint256::from(100u32);
            let sold = QuotePerBase::from_raw(spot).quote_floor(paid).unwrap();
            let back = part_ppm(fees, ve_ppm);
            prop_assert!(sold + back < fees, "{sold} + {back} of {fees}");
        }
    }
}

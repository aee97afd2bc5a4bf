//! Who gets how much, and what it costs. Pure.
//!
//! Symbols: Q = quota; δ, Δ = weight of one account and of all, ∫ stake · w dt over the window; a = allocation, S = Σ a over subscribers; p = price per 10⁶ units.
//!
//! ```text
//! first round    a = ⌊Q · δ / Δ⌋                                    rounded down for the quota: Σ a ≤ Q
//! both rounds    t = a + ⌊(Q − S) · a / S⌋ = ⌊Q · a / S⌋            rounded down for the quota: Σ t ≤ Q
//! price          ⌈u · p / 10⁶⌉                                      rounded up for the gateway: parts never cost less than the whole
//! ```
//!
//! **Splitting a stake never gains.** w does not fall with the stake, so parts of a stake weigh at most what the whole weighs: δ' = δ − d and Δ' = Δ − d with d ≥ 0,
//! hence δ'/Δ' ≤ δ/Δ, and floors of parts add up to at most the floor of the sum: a' = a − k, k ≥ 0. In the second round S' = S − k, so Q · a'/S' ≤ Q · a/S again.

use cosmwasm_std::Uint128;
use interfaces::imo_launchpad::PRICE_UNITS;
use math::{mul_div_ceil, mul_div_floor, MathError};

/// ⌊quota · weight / total⌋. A weight above the total is answered as it comes; the caller bounds the sum.
///
/// # Errors
/// [`MathError::DivisionByZero`] for a total of 0.
pub fn allocation(quota: Uint128, weight: Uint128, total: Uint128) -> Result<Uint128, MathError> {
    mul_div_floor(quota.u128(), weight.u128(), total.u128()).map(Uint128::new)
}

/// ⌊quota · allocation / subscribed⌋, which is the allocation plus its pro rata part of what nobody subscribed.
///
/// # Errors
/// [`MathError::DivisionByZero`] if nothing is subscribed.
pub fn allotment(quota: Uint128, allocation: Uint128, subscribed: Uint128) -> Result<Uint128, MathError> {
    mul_div_floor(quota.u128(), allocation.u128(), subscribed.u128()).map(Uint128::new)
}

/// ⌈units · price_per_unit / 10⁶⌉ µCredit.
///
/// # Errors
/// [`MathError::Overflow`] where the price does not fit 128 bits, which no units of a quota reach.
pub fn price(units: Uint128, price_per_unit: Uint128) -> Result<Uint128, MathError> {
    mul_div_ceil(units.u128(), price_per_unit.u128(), PRICE_UNITS).map(Uint128::new)
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::Uint256;
    use interfaces::imo_launchpad::{MAX_PRICE, MAX_QUOTA};
    use proptest::prelude::*;

    use super::*;

    fn n(value: u128) -> Uint128 {
        Uint128::new(value)
    }

    /// w of l-exchange's tiers: stake in whole LCO.
    fn weighted(stake: u128) -> u128 {
        match stake {
            0..10_000 => 0,
            10_000..50_000 => stake,
            _ => 3 * stake,
        }
    }

    /// The second round as it is told: a plus a pro rata part of what is left.
    fn told(quota: u128, own: u128, subscribed: u128) -> u128 {
        let unsubscribed = n(quota - subscribed);
        let second = unsubscribed.full_mul(n(own)) / Uint256::from(subscribed);
        own + Uint128::try_from(second).unwrap().u128()
    }

    /// (allocation, allotment) of each weight where those marked subscribe.
    fn rounds(quota: u128, weights: &[(u128, bool)]) -> Vec<(u128, u128)> {
        let total = weights.iter().map(|(weight, _)| weight).sum::<u128>();
        let first = |weight: u128| allocation(n(quota), n(weight), n(total)).unwrap().u128();
        let subscribed: u128 = weights.iter().filter(|(_, takes)| *takes).map(|(w, _)| first(*w)).sum();
        let both = |(weight, takes): &(u128, bool)| {
            let own = first(*weight);
            let allotted = match *takes && own > 0 {
                true => allotment(n(quota), n(own), n(subscribed)).unwrap().u128(),
                false => 0,
            };
            (own, allotted)
        };
        weights.iter().map(both).collect()
    }

    #[test]
    fn allocation_is_over_all_lockers_whether_they_subscribe_or_not() {
        // 1 of 4 subscribes: the first round gives a quarter, the second the rest
        assert_eq!(
            rounds(100, &[(1, true), (1, false), (2, false)]),
            [(25, 100), (25, 0), (50, 0)]
        );
        assert_eq!(
            rounds(100, &[(1, true), (1, true), (1, true)]),
            [(33, 33), (33, 33), (33, 33)],
            "a rest that floors left over is nobody's"
        );
        assert_eq!(
            rounds(100, &[(1, true), (2, true), (97, false)]),
            [(1, 33), (2, 66), (97, 0)]
        );
        assert_eq!(
            rounds(1, &[(1, true), (1, true)]),
            [(0, 0), (0, 0)],
            "too little to share"
        );
    }

    #[test]
    fn largest_figures_fit() {
        let weight = n(3 * 10u128.pow(13) * 7 * 86_400);
        assert_eq!(allocation(n(MAX_QUOTA), weight, weight), Ok(n(MAX_QUOTA)));
        assert_eq!(allotment(n(MAX_QUOTA), n(MAX_QUOTA), n(MAX_QUOTA)), Ok(n(MAX_QUOTA)));
        assert_eq!(price(n(MAX_QUOTA), n(MAX_PRICE)), Ok(n(10u128.pow(27))));
        assert_eq!(allocation(n(1), n(1), n(0)), Err(MathError::DivisionByZero));
    }

    #[test]
    fn price_rounds_up_for_the_gateway() {
        for (units, per_million, expected) in [
            (1, 3_000_000, 3),
            (1, 1, 1),
            (1_000_000, 1, 1),
            (1_000_001, 1, 2),
            (5, 0, 0),
            (3, 333_333, 1),
            (3, 333_334, 2),
        ] {
            assert_eq!(
                price(n(units), n(per_million)),
                Ok(n(expected)),
                "{units} at {per_million}"
            );
        }
    }

    proptest! {
        #[test]
        fn sums_never_exceed_the_quota_in_both_rounds(
            quota in 1..=MAX_QUOTA,
            weights in prop::collection::vec((0..=10u128.pow(19), any::<bool>()), 1..40),
        ) {
            prop_assume!(weights.iter().any(|(weight, _)| *weight > 0));
            let rounds = rounds(quota, &weights);
            prop_assert!(rounds.iter().map(|(first, _)| first).sum::<u128>() <= quota);
            prop_assert!(rounds.iter().map(|(_, both)| both).sum::<u128>() <= quota);
        }

        #[test]
        fn one_division_is_both_rounds(quota in 1..=MAX_QUOTA, own in 1..=MAX_QUOTA, subscribed in 1..=MAX_QUOTA) {
            let (own, subscribed) = (own.min(subscribed).min(quota), subscribed.min(quota));
            prop_assume!(own <= subscribed);
            prop_assert_eq!(allotment(n(quota), n(own), n(subscribed)).unwrap().u128(), told(quota, own, subscribed));
        }

        #[test]
        fn splitting_a_stake_over_accounts_never_gains(
            quota in 1..10_000_000u128,
            parts in prop::collection::vec(0..60_000u128, 2..6),
            others in prop::collection::vec((0..150_000u128, any::<bool>()), 0..8),
        ) {
            let of = |stakes: &[u128]| -> (u128, u128) {
                let own = stakes.iter().map(|stake| (weighted(*stake), true));
                let rest = others.iter().map(|(stake, takes)| (weighted(*stake), *takes));
                let all: Vec<_> = own.chain(rest).collect();
                if all.iter().all(|(weight, _)| *weight == 0) {
                    return (0, 0);
                }
                let rounds = rounds(quota, &all);
                let mine = rounds.iter().take(stakes.len());
                mine.fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1))
            };
            let (whole, split) = (of(&[parts.iter().sum()]), of(&parts));
            prop_assert!(split.0 <= whole.0, "first round: {split:?} of {whole:?}");
            prop_assert!(split.1 <= whole.1, "both rounds: {split:?} of {whole:?}");
        }

        #[test]
        fn splitting_a_claim_never_costs_less(
            parts in prop::collection::vec(0..=10u128.pow(12), 1..20), per_million in 0..=MAX_PRICE,
        ) {
            let whole = price(n(parts.iter().sum()), n(per_million)).unwrap();
            let split: Uint128 = parts.iter().map(|part| price(n(*part), n(per_million)).unwrap()).sum();
            prop_assert!(split >= whole);
            prop_assert!((split - whole).u128() < parts.len() as u128, "at most one µCredit a part");
        }
    }
}

//! Prices: what an entry may claim, and what its account owes for it. Pure functions.

use cosmwasm_std::{Uint128, Uint256};
use interfaces::credit_vault::{EntryOutcome, SettleEntry};
use interfaces::lco_staking::Tier;
use math::{mul_div_floor, Bps, MathError};

use crate::state::RateCard;

/// Units that a rate's price is for.
pub const UNITS_PER_RATE: u128 = 1_000_000;

/// A rate card as far as one window is concerned.
#[derive(Clone, Copy)]
pub struct Offer {
    pub gateway: u64,
    /// Highest list and cost in force in the window, µCredit per 10⁶ units.
    pub ceiling: Option<(Uint128, Uint128)>,
    pub granted: bool,
    exclusive: (u64, u64),
}

impl Offer {
    pub fn new(card: &RateCard, window_start: u64, window_end: u64) -> Self {
        Self {
            gateway: card.gateway,
            ceiling: card.ceiling(window_start, window_end),
            granted: card.granted,
            exclusive: (card.exclusive_from, card.exclusive_until),
        }
    }

    /// Whether calls at that time are reserved for those with an entitlement.
    pub fn is_exclusive(&self, time: u64) -> bool {
        (self.exclusive.0..self.exclusive.1).contains(&time)
    }

    /// Whether the gateway may claim this entry at all.
    pub fn admits(&self, gateway: u64, entry: &SettleEntry) -> Result<(), EntryOutcome> {
        if self.gateway != gateway {
            return Err(EntryOutcome::ForeignSku);
        }
        let (list, cost) = self.ceiling.ok_or(EntryOutcome::UnknownSku)?;
        if exceeds(entry.list, entry.units, list) || exceeds(entry.cost, entry.units, cost) {
            return Err(EntryOutcome::AboveRateCard);
        }
        match entry.cost > entry.list {
            true => Err(EntryOutcome::CostAboveList),
            false => Ok(()),
        }
    }
}

/// amount > ⌊units · rate / 10⁶⌋, without the division: for an integer amount that is amount · 10⁶ > units · rate.
fn exceeds(amount: Uint128, units: Uint128, rate: Uint128) -> bool {
    let claimed: Uint256 = amount.full_mul(UNITS_PER_RATE);
    claimed > units.full_mul(rate)
}

/// What an account of that tier owes: list × 100 / 95 / 85 / 70 %, rounded down for the account; a Whale min(cost, 70 % of list).
pub fn owed(tier: Tier, list: Uint128, cost: Uint128) -> Uint128 {
    let share = |bps| Bps::new(bps).map_or(list, |share| share.of_floor(list.u128()).into());
    match tier {
        Tier::Lv1 => list,
        Tier::Lv2 => share(9_500),
        Tier::Lv3 => share(8_500),
        Tier::Lv4 => share(7_000),
        Tier::Whale => share(7_000).min(cost),
    }
}

/// ⌊amount · part / whole⌋; 0 of nothing.
pub fn prorate(amount: Uint128, part: Uint128, whole: Uint128) -> Result<Uint128, MathError> {
    if part.is_zero() {
        return Ok(part);
    }
    mul_div_floor(amount.u128(), part.u128(), whole.u128()).map(Uint128::new)
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;
    use crate::state::Version;

    fn offer(list: u128, cost: u128) -> Offer {
        let version = Version {
            from: 0,
            list: list.into(),
            cost: cost.into(),
        };
        let card = RateCard {
            gateway: 7,
            versions: vec![version],
            granted: false,
            exclusive_from: 0,
            exclusive_until: 0,
        };
        Offer::new(&card, 0, 1)
    }

    fn entry(units: u128, list: u128, cost: u128) -> SettleEntry {
        SettleEntry {
            account: String::new(),
            sku: String::new(),
            calls: 1,
            units: units.into(),
            list: list.into(),
            cost: cost.into(),
            last: 0,
        }
    }

    #[test]
    fn entry_is_admitted_up_to_the_rate_card() {
        let (above, upside_down) = (Err(EntryOutcome::AboveRateCard), Err(EntryOutcome::CostAboveList));
        let cases = [
            ("at the card", 1_000_000, 3_000, 1_000, Ok(())),
            ("list one above", 1_000_000, 3_001, 1_000, above),
            ("cost one above", 1_000_000, 3_000, 1_001, above),
            ("below", 1_000_000, 2_999, 1, Ok(())),
            ("rounded down", 999_999, 2_999, 999, Ok(())),
            ("not rounded up", 999_999, 3_000, 999, above),
            ("cost not rounded up", 999_999, 2_999, 1_000, above),
            ("cost above list", 1_000_000, 500, 501, upside_down),
            ("nothing", 0, 0, 0, Ok(())),
            ("price without units", 0, 1, 0, above),
            ("product beyond 128 bits", u128::MAX, u128::MAX / 1_000 * 3, 0, Ok(())),
        ];
        for (name, units, list, cost, expected) in cases {
            assert_eq!(
                offer(3_000, 1_000).admits(7, &entry(units, list, cost)),
                expected,
                "{name}"
            );
        }
        assert_eq!(
            offer(3_000, 1_000).admits(8, &entry(0, 0, 0)),
            Err(EntryOutcome::ForeignSku)
        );
        let none = Offer {
            ceiling: None,
            ..offer(1, 1)
        };
        assert_eq!(none.admits(7, &entry(0, 0, 0)), Err(EntryOutcome::UnknownSku));
    }

    #[test]
    fn exclusivity_is_half_open() {
        let offer = Offer {
            exclusive: (50, 60),
            ..offer(1, 1)
        };
        assert_eq!(
            [49, 50, 59, 60].map(|time| offer.is_exclusive(time)),
            [false, true, true, false]
        );
    }

    #[test]
    fn tiers_pay_their_share_rounded_down() {
        let cases = [
            (Tier::Lv1, 1_001u128, 900u128, 1_001u128),
            (Tier::Lv2, 1_001, 900, 950),
            (Tier::Lv3, 1_001, 900, 850),
            (Tier::Lv4, 1_001, 900, 700),
            (Tier::Whale, 1_001, 900, 700),
            (Tier::Whale, 1_001, 699, 699),
            (Tier::Whale, 1_001, 0, 0),
            (Tier::Lv2, 1, 0, 0),
            (Tier::Lv4, u128::MAX, 0, u128::MAX / 10 * 7 + 3),
        ];
        for (tier, list, cost, expected) in cases {
            assert_eq!(
                owed(tier, list.into(), cost.into()).u128(),
                expected,
                "{tier:?} {list} {cost}"
            );
        }
    }

    #[test]
    fn nothing_is_prorated_to_nothing() {
        assert_eq!(
            prorate(Uint128::zero(), Uint128::zero(), Uint128::zero()),
            Ok(Uint128::zero())
        );
    }

    proptest! {
        #[test]
        fn admission_agrees_with_the_formula(units: u128, rate in 0..10u128.pow(15), amount: u128) {
            let limit = BigUint::from(units) * rate / 1_000_000u32;
            prop_assert_eq!(exceeds(amount.into(), units.into(), rate.into()), BigUint::from(amount) > limit);
        }

        #[test]
        fn a_better_tier_never_pays_more(list: u128, cost: u128) {
            let tiers = [Tier::Lv1, Tier::Lv2, Tier::Lv3, Tier::Lv4, Tier::Whale];
            let owed = tiers.map(|tier| owed(tier, list.into(), cost.into()));
            prop_assert!(owed.windows(2).all(|pair| pair[1] <= pair[0]));
        }

        #[test]
        fn parts_never_exceed_the_whole(amount: u128, a in 0..u128::MAX / 2, b in 1..u128::MAX / 2) {
            let [amount, a, b] = [amount, a, b].map(Uint128::new);
            let parts = prorate(amount, a, a + b).unwrap().checked_add(prorate(amount, b, a + b).unwrap()).unwrap();
            prop_assert!(parts <= amount && amount - parts <= Uint128::one());
        }
    }
}

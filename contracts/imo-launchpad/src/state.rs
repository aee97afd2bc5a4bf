//! What the launchpad stores. Units are those of the rate card, prices µCredit, times unix seconds, weights µLCO · s.
//!
//! A launch stands in two rows, because subscriptions and claims change only its tally.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Storage, Uint128};
use cw_storage_plus::{Item, Map};
use interfaces::imo_launchpad::{
    NewLaunch, Phase, MAX_CLAIM, MAX_EXCLUSIVE, MAX_PRICE, MAX_QUOTA, MAX_SNAPSHOT_AGE, MAX_SUBSCRIBE, MIN_PHASE,
    WINDOW,
};

use crate::error::ContractError;
use crate::shares;

/// PEERS: () → vault and staking contract; never changes
pub const PEERS: Item<Peers> = Item::new("peers");
/// COUNT: () → launches ever announced, which is the number of the newest
pub const COUNT: Item<u64> = Item::new("count");
/// LAUNCHES: launch → its terms; written once
pub const LAUNCHES: Map<u64, Launch> = Map::new("launch");
/// TALLIES: launch → what was subscribed and claimed
pub const TALLIES: Map<u64, Tally> = Map::new("tally");
/// LIVE: sku → its launch that is neither closed nor cancelled
pub const LIVE: Map<&str, u64> = Map::new("live");
/// SUBSCRIPTIONS: (account, launch) → allocation and claims of the account
pub const SUBSCRIPTIONS: Map<(&Addr, u64), Subscription> = Map::new("sub");
/// SUBSCRIBERS: (launch, account) → true. The same pairs the other way round, for listing.
pub const SUBSCRIBERS: Map<(u64, &Addr), bool> = Map::new("by");

/// The contracts around.
#[cw_serde]
pub struct Peers {
    pub vault: Addr,
    pub staking: Addr,
}

/// What never changes about a launch.
#[cw_serde]
pub struct Launch {
    pub terms: NewLaunch,
    pub created_at: u64,
    /// ∫ stake · w dt of all stakers over the window, above 0.
    pub total_weight: Uint128,
}

/// What subscribers did with a launch: claimed ≤ quota, subscribed ≤ quota.
#[cw_serde]
pub struct Tally {
    /// Units, sum of all allocations.
    pub subscribed: Uint128,
    /// Units, sum of all claims.
    pub claimed: Uint128,
    pub standing: Standing,
}

/// Whether a launch was ended by a message.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Standing {
    Open,
    Closed,
    Cancelled,
}

/// One account's part of a launch: claimed ≤ allotment.
#[cw_serde]
pub struct Subscription {
    /// Units, above 0.
    pub allocation: Uint128,
    /// Units.
    pub claimed: Uint128,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            subscribed: Uint128::zero(),
            claimed: Uint128::zero(),
            standing: Standing::Open,
        }
    }
}

impl Launch {
    /// Refuses terms outside their bounds, and a launch in which nobody could have anything.
    pub fn new(terms: NewLaunch, now: u64, total_weight: Uint128) -> Result<Self, ContractError> {
        check(&terms, now)?;
        if total_weight.is_zero() {
            let snapshot = terms.snapshot;
            return Err(ContractError::NobodyEligible { snapshot });
        }
        Ok(Self {
            terms,
            created_at: now,
            total_weight,
        })
    }

    pub fn load(storage: &dyn Storage, launch: u64) -> Result<Self, ContractError> {
        let found = LAUNCHES.may_load(storage, launch)?;
        found.ok_or(ContractError::LaunchUnknown { launch })
    }

    /// Where the launch is at this second.
    pub fn phase(&self, tally: &Tally, now: u64) -> Phase {
        match tally.standing {
            Standing::Cancelled => Phase::Cancelled,
            Standing::Closed => Phase::Ended,
            Standing::Open if now < self.terms.subscribe_until => Phase::Subscribe,
            Standing::Open if now < self.terms.claim_until => Phase::Claim,
            Standing::Open => Phase::Ended,
        }
    }

    /// Units of both rounds for this allocation. Final once subscriptions are over.
    pub fn allotment(&self, tally: &Tally, allocation: Uint128) -> Result<Uint128, ContractError> {
        Ok(shares::allotment(self.terms.quota, allocation, tally.subscribed)?)
    }
}

/// Bounds of a launch's terms, in the order of the fields.
pub fn check(terms: &NewLaunch, now: u64) -> Result<(), ContractError> {
    within("quota", 1, MAX_QUOTA, terms.quota.u128())?;
    within("price_per_unit", 0, MAX_PRICE, terms.price_per_unit.u128())?;
    // Strictly before now: whoever reads the announcement cannot change the window any more, not even in the same block.
    let oldest = now.saturating_sub(MAX_SNAPSHOT_AGE).max(WINDOW);
    moment("snapshot", oldest, now.saturating_sub(1), terms.snapshot)?;
    phase("subscribe_until", now, MAX_SUBSCRIBE, terms.subscribe_until)?;
    phase("claim_until", terms.subscribe_until, MAX_CLAIM, terms.claim_until)?;
    moment(
        "exclusive_until",
        0,
        now.saturating_add(MAX_EXCLUSIVE),
        terms.exclusive_until,
    )
}

fn phase(name: &'static str, from: u64, longest: u64, until: u64) -> Result<(), ContractError> {
    moment(
        name,
        from.saturating_add(MIN_PHASE),
        from.saturating_add(longest),
        until,
    )
}

fn moment(name: &'static str, min: u64, max: u64, actual: u64) -> Result<(), ContractError> {
    within(name, min.into(), max.into(), actual.into())
}

fn within(name: &'static str, min: u128, max: u128, actual: u128) -> Result<(), ContractError> {
    match (min..=max).contains(&actual) {
        true => Ok(()),
        false => Err(ContractError::OutOfRange { name, min, max, actual }),
    }
}

impl Tally {
    pub fn load(storage: &dyn Storage, launch: u64) -> Result<Self, ContractError> {
        let found = TALLIES.may_load(storage, launch)?;
        found.ok_or(ContractError::LaunchUnknown { launch })
    }

    /// Adds an allocation. The bound holds by arithmetic for honest weights; it is checked so that no answer of the staking contract can break it.
    pub fn subscribe(&mut self, launch: u64, quota: Uint128, allocation: Uint128) -> Result<(), ContractError> {
        let actual = self.subscribed.checked_add(allocation)?;
        if actual > quota {
            return Err(ContractError::QuotaExceeded { launch, quota, actual });
        }
        self.subscribed = actual;
        Ok(())
    }
}

impl Subscription {
    /// Takes `units` of an allotment; what is left.
    pub fn claim(&mut self, allotment: Uint128, units: Uint128) -> Result<Uint128, ContractError> {
        let left = self.left(allotment);
        let rest = left.checked_sub(units);
        let rest = rest.map_err(|_| ContractError::AllotmentExceeded { left, actual: units })?;
        self.claimed = self.claimed.checked_add(units)?;
        Ok(rest)
    }

    /// What can still be claimed of an allotment.
    pub fn left(&self, allotment: Uint128) -> Uint128 {
        allotment.saturating_sub(self.claimed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_767_571_200;
    const DAY: u64 = 86_400;

    fn terms() -> NewLaunch {
        NewLaunch {
            sku: "chat-in".into(),
            quota: Uint128::new(1_000),
            price_per_unit: Uint128::new(3_000_000),
            snapshot: NOW - 1,
            subscribe_until: NOW + DAY,
            claim_until: NOW + 8 * DAY,
            exclusive_until: NOW + 30 * DAY,
        }
    }

    type Change = fn(&mut NewLaunch);

    #[test]
    fn bounds_are_taken_and_nothing_beyond_them() {
        let taken: [(&str, Change); 14] = [
            ("smallest quota", |t| t.quota = Uint128::one()),
            ("largest quota", |t| t.quota = Uint128::new(MAX_QUOTA)),
            ("free", |t| t.price_per_unit = Uint128::zero()),
            ("dearest", |t| t.price_per_unit = Uint128::new(MAX_PRICE)),
            ("a second ago", |t| t.snapshot = NOW - 1),
            ("oldest snapshot", |t| t.snapshot = NOW - 30 * DAY),
            ("shortest subscription", |t| t.subscribe_until = NOW + 3_600),
            ("longest subscription", |t| {
                (t.subscribe_until, t.claim_until) = (NOW + 30 * DAY, NOW + 31 * DAY)
            }),
            ("shortest claims", |t| t.claim_until = NOW + DAY + 3_600),
            ("longest claims", |t| t.claim_until = NOW + 91 * DAY),
            ("not exclusive", |t| t.exclusive_until = 0),
            ("exclusive till before now", |t| t.exclusive_until = NOW - 1),
            ("exclusive for a year", |t| t.exclusive_until = NOW + 365 * DAY),
            ("as it is", |_| {}),
        ];
        for (case, change) in taken {
            let mut terms = terms();
            change(&mut terms);
            assert_eq!(check(&terms, NOW), Ok(()), "{case}");
        }
        let refused: [(&str, Change); 10] = [
            ("quota", |t| t.quota = Uint128::zero()),
            ("quota", |t| t.quota = Uint128::new(MAX_QUOTA + 1)),
            ("price_per_unit", |t| t.price_per_unit = Uint128::new(MAX_PRICE + 1)),
            ("snapshot", |t| t.snapshot = NOW),
            ("snapshot", |t| t.snapshot = NOW - 30 * DAY - 1),
            ("subscribe_until", |t| t.subscribe_until = NOW + 3_599),
            ("subscribe_until", |t| t.subscribe_until = NOW + 30 * DAY + 1),
            ("claim_until", |t| t.claim_until = NOW + DAY + 3_599),
            ("claim_until", |t| t.claim_until = NOW + 91 * DAY + 1),
            ("exclusive_until", |t| t.exclusive_until = NOW + 365 * DAY + 1),
        ];
        for (case, change) in refused {
            let mut terms = terms();
            change(&mut terms);
            let error = check(&terms, NOW).unwrap_err();
            assert!(
                matches!(error, ContractError::OutOfRange { name, .. } if name == case),
                "{case}: {error}"
            );
        }
    }

    #[test]
    fn times_at_the_end_of_time_are_refused_rather_than_wrapped() {
        let mut terms = terms();
        terms.claim_until = u64::MAX;
        assert_eq!(check(&terms, NOW).unwrap_err().code(), 2);
        terms.subscribe_until = u64::MAX;
        assert_eq!(check(&terms, NOW).unwrap_err().code(), 2);
    }

    #[test]
    fn phases_meet_without_gap_or_overlap() {
        let launch = Launch::new(terms(), NOW, Uint128::one()).unwrap();
        let (subscribe_until, claim_until) = (launch.terms.subscribe_until, launch.terms.claim_until);
        let open = Tally::default();
        for (now, expected) in [
            (NOW, Phase::Subscribe),
            (subscribe_until - 1, Phase::Subscribe),
            (subscribe_until, Phase::Claim),
            (claim_until - 1, Phase::Claim),
            (claim_until, Phase::Ended),
            (u64::MAX, Phase::Ended),
        ] {
            assert_eq!(launch.phase(&open, now), expected, "at {now}");
        }
        for (standing, expected) in [
            (Standing::Closed, Phase::Ended),
            (Standing::Cancelled, Phase::Cancelled),
        ] {
            let tally = Tally {
                standing,
                ..Tally::default()
            };
            assert_eq!(launch.phase(&tally, NOW), expected);
        }
    }

    #[test]
    fn launch_with_total_weight_zero_is_refused() {
        let error = Launch::new(terms(), NOW, Uint128::zero()).unwrap_err();
        assert_eq!(error, ContractError::NobodyEligible { snapshot: NOW - 1 });
    }

    #[test]
    fn allocations_beyond_the_quota_are_refused_whatever_weights_are_answered() {
        let mut tally = Tally::default();
        let quota = Uint128::new(10);
        tally.subscribe(1, quota, Uint128::new(6)).unwrap();
        let error = tally.subscribe(1, quota, Uint128::new(5)).unwrap_err();
        assert_eq!(error.code(), 10);
        assert_eq!(tally.subscribed, Uint128::new(6), "a refusal adds nothing");
        tally.subscribe(1, quota, Uint128::new(4)).unwrap();
    }

    #[test]
    fn claims_never_exceed_the_allotment() {
        let mut row = Subscription {
            allocation: Uint128::new(4),
            claimed: Uint128::zero(),
        };
        let allotment = Uint128::new(7);
        assert_eq!(row.claim(allotment, Uint128::new(3)), Ok(Uint128::new(4)));
        let error = row.claim(allotment, Uint128::new(5)).unwrap_err();
        let (left, actual) = (Uint128::new(4), Uint128::new(5));
        assert_eq!(error, ContractError::AllotmentExceeded { left, actual });
        assert_eq!(row.claim(allotment, Uint128::new(4)), Ok(Uint128::zero()));
    }
}

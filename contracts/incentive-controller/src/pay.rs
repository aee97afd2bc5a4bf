//! What a closed day pays, from rows alone: the same for claims, for queries, and for what nobody is entitled to.

use cosmwasm_std::Uint128;
use interfaces::incentive_controller::{Pools, Weights};
use math::incentives::part_of_day;
use math::mul_div_floor;

use crate::error::ContractError;
use crate::state::{add, Epoch, Share, Totals};

/// Percent that a bonus weight counts in.
const PERCENT: u128 = 100;

/// What the day gives out, of each pool.
pub fn pools_of_day(epoch: &Epoch, start: u64, day: u64) -> Pools {
    let part = |pool: Uint128| {
        let parts = part_of_day(pool.u128(), day.saturating_sub(start), epoch.days.into());
        Uint128::new(parts)
    };
    Pools {
        capacity: part(epoch.pools.capacity),
        delivery: part(epoch.pools.delivery),
        bonus: part(epoch.pools.bonus),
        first_access: part(epoch.pools.first_access),
        demand: part(epoch.pools.demand),
    }
}

/// A day's pools, with the extras as far as they are used.
pub struct DayRates {
    pools: Pools,
    totals: Weights,
    /// Of the bonus pool, what the percents ask for: ⌊capacity · X / (100 · W)⌋, or all of it.
    bonus: u128,
    /// For each new GPU: the fixed sum, or an equal part of the pool if that is less.
    per_gpu: u128,
}

/// What one account's day pays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayPay {
    pub capacity: u128,
    pub bonus: u128,
    pub first_access: u128,
    pub delivery: u128,
    pub rebate: u128,
    pub left_over: u128,
}

impl DayPay {
    /// What it earned as a node. Cannot overflow: all parts are of one pool.
    pub fn as_node(&self) -> u128 {
        [self.capacity, self.bonus, self.first_access, self.delivery]
            .into_iter()
            .fold(0, u128::saturating_add)
    }
}

/// ⌊pool · part / whole⌋; 0 of nothing.
fn share(pool: impl Into<u128>, part: impl Into<u128>, whole: impl Into<u128>) -> u128 {
    mul_div_floor(pool.into(), part.into(), whole.into()).unwrap_or_default()
}

impl DayRates {
    pub fn new(pools: Pools, totals: &Totals, first_access: Uint128) -> Self {
        let weights = totals.weights;
        let asked = share(
            pools.capacity,
            weights.bonus,
            weights.capacity.u128().saturating_mul(PERCENT),
        );
        let per_gpu = share(pools.first_access, 1u128, u128::from(weights.gpus));
        Self {
            bonus: asked.min(pools.bonus.u128()),
            per_gpu: per_gpu.min(first_access.u128()),
            totals: weights,
            pools,
        }
    }

    pub fn pay(&self, account: &Share) -> DayPay {
        let (pools, totals) = (&self.pools, &self.totals);
        let delivery = account.delivery.payment(pools.delivery.u128(), totals.delivery.u128());
        let rebate = account.demand.payment(pools.demand.u128(), totals.demand.u128());
        DayPay {
            capacity: share(pools.capacity, account.capacity, totals.capacity),
            bonus: share(self.bonus, account.bonus, totals.bonus),
            first_access: self.per_gpu.saturating_mul(account.gpus.into()),
            delivery: delivery.paid,
            rebate: rebate.paid,
            left_over: delivery.left_over.saturating_add(rebate.left_over),
        }
    }

    /// What nobody is entitled to: parts without any weight, and extras beyond what is asked for.
    pub fn unclaimable(&self) -> Result<Uint128, ContractError> {
        let (pools, totals) = (&self.pools, &self.totals);
        let mut sum = Uint128::zero();
        for (pool, weight) in [
            (pools.capacity, totals.capacity),
            (pools.delivery, totals.delivery),
            (pools.demand, totals.demand),
        ] {
            if weight.is_zero() {
                add(&mut sum, pool)?;
            }
        }
        add(&mut sum, pools.bonus.u128().saturating_sub(self.bonus))?;
        let first_access = self.per_gpu.saturating_mul(totals.gpus.into());
        add(&mut sum, pools.first_access.u128().saturating_sub(first_access))?;
        Ok(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pools(amounts: [u128; 5]) -> Pools {
        let [capacity, delivery, bonus, first_access, demand] = amounts.map(Uint128::new);
        Pools {
            capacity,
            delivery,
            bonus,
            first_access,
            demand,
        }
    }

    fn totals(capacity: u128, bonus: u128, gpus: u32) -> Totals {
        let weights = Weights {
            capacity: capacity.into(),
            bonus: bonus.into(),
            gpus,
            ..Weights::default()
        };
        Totals {
            weights,
            ..Totals::default()
        }
    }

    fn node(capacity: u128, bonus: u128, gpus: u32) -> Share {
        Share {
            capacity: capacity.into(),
            bonus: bonus.into(),
            gpus,
            ..Share::default()
        }
    }

    #[test]
    fn a_bonus_is_its_percent_of_the_capacity_reward_while_the_pool_lasts() {
        // one node with 20 percent, one without, of equal weight
        let all = totals(2_000, 20_000, 0);
        let rates = DayRates::new(pools([1_000, 0, 100, 0, 0]), &all, Uint128::zero());
        let pay = rates.pay(&node(1_000, 20_000, 0));
        assert_eq!((pay.capacity, pay.bonus), (500, 100));
        // half the pool: all of it, and no more
        let rates = DayRates::new(pools([1_000, 0, 50, 0, 0]), &all, Uint128::zero());
        assert_eq!(rates.pay(&node(1_000, 20_000, 0)).bonus, 50);
        assert_eq!(rates.pay(&node(1_000, 0, 0)).bonus, 0);
        // twice the pool: what is not asked for is left over
        let rates = DayRates::new(pools([1_000, 0, 200, 0, 0]), &all, Uint128::zero());
        assert_eq!(rates.unclaimable(), Ok(Uint128::new(100)));
    }

    #[test]
    fn a_new_gpu_is_paid_the_sum_or_an_equal_part() {
        let first_access = Uint128::new(30);
        let table = [
            (1, 100, 30, 70),
            (3, 100, 30, 10),
            (4, 100, 25, 0),
            (7, 100, 14, 2),
            (0, 100, 0, 100),
        ];
        for (gpus, pool, each, rest) in table {
            let rates = DayRates::new(pools([0, 0, 0, pool, 0]), &totals(0, 0, gpus), first_access);
            assert_eq!(
                rates.pay(&node(0, 0, gpus)).first_access,
                each * u128::from(gpus),
                "{gpus}"
            );
            assert_eq!(rates.unclaimable(), Ok(Uint128::new(rest)), "{gpus}");
        }
    }

    #[test]
    fn without_any_weight_everything_is_left_over() {
        let rates = DayRates::new(pools([1, 20, 300, 4_000, 50_000]), &Totals::default(), Uint128::new(9));
        assert_eq!(rates.unclaimable(), Ok(Uint128::new(54_321)));
        assert_eq!(rates.pay(&node(5, 5, 5)), DayPay::default());
    }

    #[test]
    fn days_split_every_pool_exactly() {
        let epoch = Epoch {
            index: 0,
            days: 7,
            supply_ppm: 0,
            first_access: Uint128::zero(),
            pools: pools([1_000, 999, 13, 6, 0]),
            usage: None,
        };
        let mut sums = [0; 5];
        for day in 50..57 {
            let part = pools_of_day(&epoch, 50, day);
            let parts = [part.capacity, part.delivery, part.bonus, part.first_access, part.demand];
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part.u128();
            }
        }
        assert_eq!(sums, [1_000, 999, 13, 6, 0]);
    }
}

//! What is stored. Amounts are base units of VCAI or of the stablecoin as said, days are days of UTC since 1970-01-01.
//!
//! Rows that reports rewrite are compact ([`kit::compact`]); the others are JSON.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, StdResult, Storage, Uint128};
use cw_storage_plus::{Bound, Item, Map};
use interfaces::incentive_controller::{Bucket, Params, Pools, Usage, Weights};
use kit::compact::{Account, Reader, Row, Table, Writer};
use math::incentives::{released_before, Grade, Graded, FIRST_SUPPLY};
use math::time::SECONDS_PER_DAY;
use math::MathError;

use crate::error::ContractError;

/// CONFIG: () → neighbours
pub const CONFIG: Item<Config> = Item::new("config");
/// PARAMS: () → parameters, all within bounds
pub const PARAMS: Item<Params> = Item::new("params");
/// CLOCK: () → the newest epoch; absent until the pool arrives
pub const CLOCK: Item<Clock> = Item::new("clock");
/// BOOK: () → where released VCAI is
pub const BOOK: Item<Book> = Item::new("book");
/// EPOCHS: first day → what the epoch gives out
pub const EPOCHS: Map<u64, Epoch> = Map::new("e");
/// DAYS: day → weights and units over all accounts
pub const DAYS: Table<u64, Totals> = Table::new(0x80);
/// SHARES: (account, day) → weights of one account; removed when claimed
pub const SHARES: Table<(Account, u64), Share> = Table::new(0x81);
/// NODES: account → its present stretch of days as a node
pub const NODES: Table<Account, Stretch> = Table::new(0x82);
/// GPUS: name of 32 bytes → where and since when it works
pub const GPUS: Map<&[u8], GpuRow> = Map::new("g");
/// REFERRALS: account → who brought it
pub const REFERRALS: Map<&Addr, Referral> = Map::new("r");
/// INCOME: account → what referrals brought it, not yet paid
pub const INCOME: Map<&Addr, Uint128> = Map::new("i");
/// KEEPABLE: account → (), if keepers may have it paid
pub const KEEPABLE: Map<&Addr, ()> = Map::new("k");

/// Whom the contract knows.
#[cw_serde]
pub struct Config {
    pub vcai: Addr,
    /// The pool of [VCAI, stablecoin].
    pub exchange: Addr,
    pub reporter: Option<Addr>,
}

/// The newest epoch that is opened. It is opened when the one before closes, a day after its own first day has begun.
#[cw_serde]
#[derive(Copy)]
pub struct Clock {
    /// First day of epoch 0.
    pub first: u64,
    pub index: u64,
    pub start: u64,
    pub days: u16,
    /// Length of the epoch after it; fixed once that has begun, opened or not.
    pub next_days: u16,
    /// P, ppm.
    pub supply_ppm: u32,
    /// U of the epoch before, ppm.
    pub utilisation_ppm: Option<u32>,
}

impl Clock {
    /// The clock of epoch 0.
    pub fn first(day: u64, days: u16) -> Self {
        Self {
            first: day,
            index: 0,
            start: day,
            days,
            next_days: days,
            supply_ppm: FIRST_SUPPLY,
            utilisation_ppm: None,
        }
    }

    /// First day of the next epoch.
    pub fn end(&self) -> u64 {
        self.start.saturating_add(self.days.into())
    }

    /// When the epoch closes: with its last day.
    pub fn closes_at(&self) -> u64 {
        closes_at(self.end().saturating_sub(1))
    }

    /// Released so far, the newest epoch included.
    pub fn released(&self) -> u128 {
        released_before(self.index.saturating_add(1))
    }
}

/// First second at which a day is claimed and no longer reported: 24 hours after its end.
pub fn closes_at(day: u64) -> u64 {
    day.saturating_add(2).saturating_mul(SECONDS_PER_DAY)
}

/// Where released VCAI is, apart from what is in days.
#[cw_serde]
#[derive(Default)]
pub struct Book {
    pub withheld: Uint128,
    pub left_over: Uint128,
    /// Taken out of a bucket, for the next epoch.
    pub re_released: Uint128,
    pub paid: Uint128,
}

impl Book {
    pub fn bucket(&mut self, bucket: Bucket) -> &mut Uint128 {
        match bucket {
            Bucket::Withheld => &mut self.withheld,
            Bucket::LeftOver => &mut self.left_over,
        }
    }
}

/// What an epoch gives out; fixed when it is opened.
#[cw_serde]
#[derive(Copy)]
pub struct Epoch {
    pub index: u64,
    pub days: u16,
    /// P, ppm.
    pub supply_ppm: u32,
    /// The sum for a new GPU.
    pub first_access: Uint128,
    pub pools: Pools,
    /// Known once it closes.
    pub usage: Option<Usage>,
}

/// The epoch of a day with its first day, if it is opened.
pub fn epoch_of(storage: &dyn Storage, day: u64) -> StdResult<Option<(u64, Epoch)>> {
    let until = Bound::inclusive(day);
    let mut rows = EPOCHS.range(storage, None, Some(until), cosmwasm_std::Order::Descending);
    let newest = rows.next().transpose()?;
    Ok(newest.filter(|(start, epoch)| day < start.saturating_add(epoch.days.into())))
}

/// Sums over all accounts of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub weights: Weights,
    pub usage: Usage,
}

impl Row for Totals {
    fn write(&self, to: &mut Writer) {
        let weights = self.weights;
        to.ints([weights.capacity, weights.bonus, weights.delivery, weights.demand]);
        to.int(weights.gpus);
        to.ints([self.usage.consumed, self.usage.available]);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            weights: Weights {
                capacity: from.amount()?,
                bonus: from.amount()?,
                delivery: from.amount()?,
                demand: from.amount()?,
                gpus: from.int()?,
            },
            usage: Usage {
                consumed: from.amount()?,
                available: from.amount()?,
            },
        })
    }
}

/// Weights of one account on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub capacity: Uint128,
    pub bonus: Uint128,
    pub gpus: u32,
    /// Seconds reported.
    pub online: u32,
    pub delivery: Graded,
    pub demand: Graded,
}

impl Row for Share {
    fn write(&self, to: &mut Writer) {
        to.ints([self.capacity, self.bonus]);
        to.ints([self.gpus, self.online]);
        write_graded(to, &self.delivery);
        write_graded(to, &self.demand);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            capacity: from.amount()?,
            bonus: from.amount()?,
            gpus: from.int()?,
            online: from.int()?,
            delivery: read_graded(from)?,
            demand: read_graded(from)?,
        })
    }
}

fn write_graded(to: &mut Writer, graded: &Graded) {
    to.list(graded.rows(), |to, (grade, weight)| {
        to.int(grade.code());
        to.int(*weight);
    });
}

fn read_graded(from: &mut Reader) -> StdResult<Graded> {
    let rows = from.list(|from| Ok((Grade::from_code(from.int()?), from.int()?)))?;
    Ok(Graded::new(rows))
}

impl Share {
    pub fn weights(&self) -> Weights {
        Weights {
            capacity: self.capacity,
            bonus: self.bonus,
            delivery: self.delivery.weight().into(),
            demand: self.demand.weight().into(),
            gpus: self.gpus,
        }
    }
}

/// A node's days without a longer break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub since: u64,
    pub last: u64,
}

impl Row for Stretch {
    fn write(&self, to: &mut Writer) {
        to.ints([self.since, self.last]);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let [since, last] = from.pair()?;
        Ok(Self { since, last })
    }
}

/// A GPU that was seen.
#[cw_serde]
pub struct GpuRow {
    pub node: Addr,
    /// First day at that node.
    pub since: u64,
    pub paid: bool,
}

/// Who receives a part of an account's earnings as a node.
#[cw_serde]
pub struct Referral {
    pub referrer: Addr,
    /// First day without.
    pub until: u64,
}

/// Adds, exactly.
pub fn add(sum: &mut Uint128, amount: impl Into<Uint128>) -> Result<(), ContractError> {
    *sum = sum.checked_add(amount.into()).map_err(|_| MathError::Overflow)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use kit::compact::{decode, encode};

    use super::*;

    #[test]
    fn rows_are_read_as_they_were_written_and_are_short() {
        let mut share = Share {
            capacity: Uint128::new(1 << 90),
            bonus: Uint128::new(2),
            gpus: 3,
            online: 86_400,
            ..Share::default()
        };
        share.delivery.add(1 << 40, 1 << 60).unwrap();
        share.demand.add(5, 7).unwrap();
        share.demand.add(1 << 40, 7).unwrap();
        let bytes = encode(&share);
        assert_eq!(decode::<Share>(&bytes).unwrap(), share);
        assert!(bytes.len() < 45, "{}", bytes.len());
        assert_eq!(encode(&Share::default()).len(), 6);
        let totals = Totals {
            weights: share.weights(),
            usage: Usage {
                consumed: Uint128::new(8),
                available: Uint128::new(9),
            },
        };
        assert_eq!(decode::<Totals>(&encode(&totals)).unwrap(), totals);
        let stretch = Stretch { since: 1, last: 20_000 };
        assert_eq!(decode::<Stretch>(&encode(&stretch)).unwrap(), stretch);
    }

    #[test]
    fn an_epoch_closes_with_its_last_day() {
        let clock = Clock::first(100, 7);
        assert_eq!(clock.end(), 107);
        assert_eq!(clock.closes_at(), 108 * 86_400);
        assert_eq!(closes_at(106), clock.closes_at());
    }
}

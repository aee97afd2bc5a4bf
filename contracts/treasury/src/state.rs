//! What the treasury stores. Amounts are base units of the stablecoin or of VCAI as said, times unix seconds, days numbers as in `math::time`.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, StdResult, Storage, Uint128};
use cw_storage_plus::{Item, Map};
use interfaces::treasury::{Failure, Params, Receipt};
use kit::compact::{Reader, Row, Table, Writer};
use kit::pause::{Feature, Switches};
use kit::revenue;
use math::Day;
use serde::{Deserialize, Serialize};

/// Whom the treasury knows.
#[cw_serde]
pub struct Config {
    pub governance: Addr,
    pub denom: String,
    pub vcai: Addr,
    /// The pool of [VCAI, stablecoin].
    pub exchange: Addr,
    pub ve_rewards: Addr,
    pub allocation: Addr,
}

/// Everything that ever came in and went out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Stablecoin deposited by sources.
    pub revenue: Uint128,
    /// The part of it from sources that count.
    pub net_fees: Uint128,
    /// Stablecoin spent in slices.
    pub spent: Uint128,
    /// VCAI bought.
    pub bought: Uint128,
    /// The day that `day_left` belongs to.
    pub day: u64,
    /// Stablecoin of that day's amount not yet spent.
    pub day_left: Uint128,
    /// Number of slices.
    pub receipts: u64,
    /// Time of the newest slice; 0 before the first.
    pub last_slice: u64,
    /// Number of failed swaps.
    pub failures: u64,
}

impl Totals {
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(TOTALS.may_load(storage, &())?.unwrap_or_default())
    }

    pub fn save(&self, storage: &mut dyn Storage) {
        TOTALS.save(storage, &(), self);
    }

    /// Stablecoin that waits for buybacks. What somebody sent here is not in it, so a donation moves no slice.
    pub fn pot(&self) -> StdResult<Uint128> {
        Ok(self.revenue.checked_sub(self.spent)?)
    }

    /// On a new day everything that waits becomes the day's amount. To be called before anything is added or spent, so that what comes in today joins tomorrow,
    /// whoever sends what when.
    pub fn turn_to(&mut self, now: u64) -> StdResult<()> {
        let today = Day::of(now).index();
        if today != self.day {
            self.day = today;
            self.day_left = self.pot()?;
        }
        Ok(())
    }
}

impl Row for Totals {
    fn write(&self, to: &mut Writer) {
        // what others read comes first
        to.ints([self.net_fees, self.revenue, self.spent, self.bought, self.day_left]);
        to.ints([self.day, self.receipts, self.last_slice, self.failures]);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            net_fees: from.amount()?,
            revenue: from.amount()?,
            spent: from.amount()?,
            bought: from.amount()?,
            day_left: from.amount()?,
            day: from.int()?,
            receipts: from.int()?,
            last_slice: from.int()?,
            failures: from.int()?,
        })
    }
}

/// Who may deposit under a name.
#[cw_serde]
pub struct Source {
    /// None once ended.
    pub address: Option<Addr>,
    /// Whether deposits count as net fee revenue.
    pub counts: bool,
    /// Stablecoin.
    pub deposited: Uint128,
}

/// What can be paused.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pausable {
    Buyback,
}

impl Feature for Pausable {
    fn name(self) -> &'static str {
        match self {
            Self::Buyback => "buyback",
        }
    }
}

/// CONFIG: () → neighbours
pub const CONFIG: Item<Config> = Item::new("config");
/// PARAMS: () → parameters, all within bounds
pub const PARAMS: Item<Params> = Item::new("params");
/// SWITCHES: () → what is paused; absent while everything runs
pub const SWITCHES: Switches<Pausable> = Switches::new("paused");
/// TOTALS: () → everything that came in and went out; governance reads `net_fees` in it. 1 + ~40 bytes.
const TOTALS: Table<(), Totals> = Table::new(revenue::TOTALS);
/// SOURCES: name → who deposits under it, and how much so far
pub const SOURCES: Map<&str, Source> = Map::new("sources");
/// RECEIPTS: n from 1 → slice
pub const RECEIPTS: Map<u64, Receipt> = Map::new("receipts");
/// FAILURE: () → the newest failed swap; absent before the first
pub const FAILURE: Item<Failure> = Item::new("failure");
/// OPENED: () → when the pool was opened; absent before
pub const OPENED: Item<u64> = Item::new("opened");

#[cfg(test)]
mod tests {
    use kit::compact::{decode, encode, head};

    use super::*;

    #[test]
    fn totals_come_back_as_they_were_written_and_begin_with_net_fees() {
        let amount = Uint128::new;
        let totals = Totals {
            revenue: amount(u128::MAX),
            net_fees: amount(7),
            spent: amount(3),
            bought: amount(4),
            day: 20_000,
            day_left: amount(5),
            receipts: 6,
            last_slice: u64::MAX,
            failures: 8,
        };
        let row = encode(&totals);
        assert_eq!(decode::<Totals>(&row).unwrap(), totals);
        assert_eq!(head::<Uint128>(&row).unwrap(), totals.net_fees);
    }
}

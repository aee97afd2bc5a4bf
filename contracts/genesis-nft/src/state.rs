//! What the contract stores besides the tokens themselves (see `nft`). Stablecoin and VCAI in base units, times unix seconds.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, StdResult, Storage, Uint128};
use cw_storage_plus::{Item, Map};
use interfaces::genesis_nft::{Sale, PER_TOKEN, STEPS, TGE_BPS};
use kit::compact::{Reader, Row, Table, Writer};
use math::vesting::{VestingError, VestingKind, VestingSchedule, MONTH};

/// What never changes.
#[cw_serde]
pub struct Config {
    pub allocation: Addr,
    pub treasury: Addr,
    pub vcai: Addr,
    pub denom: String,
    pub base_uri: Option<String>,
    pub sale: Sale,
}

/// What happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// Tokens ever sold; the id of the newest.
    pub sold: u32,
    /// Time of the TGE.
    pub tge_at: Option<u64>,
    /// VCAI paid to holders.
    pub claimed: Uint128,
    /// VCAI that burned tokens left to the treasury.
    pub forfeited: Uint128,
}

impl Course {
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(COURSE.may_load(storage, &())?.unwrap_or_default())
    }

    pub fn save(&self, storage: &mut dyn Storage) {
        COURSE.save(storage, &(), self);
    }

    /// VCAI of one token vested by `now`: a quarter at the TGE, the rest in six monthly steps. Both divide without remainder.
    pub fn vested(&self, now: u64) -> Result<Uint128, VestingError> {
        let kind = VestingKind::Steps {
            period: MONTH,
            count: STEPS,
        };
        let schedule = VestingSchedule::new(TGE_BPS, 0, kind)?;
        Ok(match self.tge_at {
            Some(start) => schedule.vested(PER_TOKEN.u128(), start, now).into(),
            None => Uint128::zero(),
        })
    }
}

impl Row for Course {
    fn write(&self, to: &mut Writer) {
        to.int(self.sold);
        to.option(&self.tge_at, |to, at| to.int(*at));
        to.ints([self.claimed, self.forfeited]);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            sold: from.int()?,
            tge_at: from.option(Reader::int)?,
            claimed: from.amount()?,
            forfeited: from.amount()?,
        })
    }
}

/// CONFIG: () → neighbours and terms
pub const CONFIG: Item<Config> = Item::new("config");
/// COURSE: () → what happened so far. 1 + ~15 bytes, and rewritten by every purchase and claim.
const COURSE: Table<(), Course> = Table::new(0x80);
/// BOUGHT: address → tokens it ever bought, whoever holds them
pub const BOUGHT: Map<&Addr, u32> = Map::new("bought");
/// LISTED: address → (); on the allow-list
pub const LISTED: Map<&Addr, ()> = Map::new("listed");

#[cfg(test)]
mod tests {
    use kit::compact::{decode, encode};

    use super::*;

    #[test]
    fn what_happened_comes_back_as_it_was_written() {
        for tge_at in [None, Some(0), Some(u64::MAX)] {
            let course = Course {
                sold: 3_000,
                tge_at,
                claimed: Uint128::new(u128::MAX),
                forfeited: Uint128::new(5),
            };
            assert_eq!(decode::<Course>(&encode(&course)).unwrap(), course);
        }
    }
}

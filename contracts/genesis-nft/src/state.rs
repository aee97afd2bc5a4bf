//! What the contract stores besides the tokens themselves (see `nft`). Stablecoin and VCAI in base units, times unix seconds.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Uint128};
use cw_storage_plus::{Item, Map};
use interfaces::genesis_nft::{Sale, PER_TOKEN, STEPS, TGE_BPS};
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
#[cw_serde]
#[derive(Default)]
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

/// CONFIG: () → neighbours and terms
pub const CONFIG: Item<Config> = Item::new("config");
/// COURSE: () → what happened so far
pub const COURSE: Item<Course> = Item::new("course");
/// BOUGHT: address → tokens it ever bought, whoever holds them
pub const BOUGHT: Map<&Addr, u32> = Map::new("bought");
/// LISTED: address → (); on the allow-list
pub const LISTED: Map<&Addr, ()> = Map::new("listed");

//! What the fund stores. Amounts are µCredit or µLCO as said, times unix seconds, weeks numbers as in `math::time`.
//!
//! Nothing here is touched more than a few times a week and gateway, or once a slice; so rows are JSON.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, HexBinary, StdResult, Uint128};
use cw_storage_plus::{Item, Map};
use interfaces::ecosystem_fund::{Params, Receipt};
use kit::pause::{Feature, Switches};
use serde::{Deserialize, Serialize};

/// Whom the fund knows.
#[cw_serde]
pub struct Config {
    /// Releases weeks; the Credit token.
    pub vault: Addr,
    pub l_coin: Addr,
    /// The pool of [LCO, Credit].
    pub exchange: Addr,
    pub wars: Option<Addr>,
}

/// Everything that ever came in and went out.
#[cw_serde]
#[derive(Default)]
pub struct Totals {
    /// µCredit from released weeks.
    pub received: Uint128,
    /// µCredit spent in slices.
    pub spent: Uint128,
    /// µCredit paid to gateways for free calls.
    pub free_paid: Uint128,
    /// µLCO.
    pub burned: Uint128,
    /// µLCO set aside for the contest, released or not.
    pub to_prizes: Uint128,
    /// µLCO of those released.
    pub prizes_released: Uint128,
    /// Number of burns.
    pub receipts: u64,
    /// Time of the newest slice; 0 before the first.
    pub last_slice: u64,
}

impl Totals {
    /// µCredit to spend. What somebody sent here is not in it, so a donation moves no slice.
    pub fn pot(&self) -> StdResult<Uint128> {
        Ok(self.received.checked_sub(self.spent)?.checked_sub(self.free_paid)?)
    }

    /// µLCO kept for the contest.
    pub fn prizes_held(&self) -> StdResult<Uint128> {
        Ok(self.to_prizes.checked_sub(self.prizes_released)?)
    }
}

/// A week over all gateways, as far as they are released.
#[cw_serde]
#[derive(Default)]
pub struct WeekRow {
    /// µCredit: Σ revenue.
    pub revenue: Uint128,
    /// µCredit: Σ of what the fund received.
    pub received: Uint128,
    /// µCredit paid for free calls of this week.
    pub free_paid: Uint128,
    /// µLCO.
    pub prizes: Uint128,
    pub prizes_released: bool,
}

/// A gateway's released week, µCredit.
#[cw_serde]
pub struct Report {
    pub revenue: Uint128,
    pub cost: Uint128,
    pub share: Uint128,
    pub forfeited: Uint128,
    pub free_cost: Uint128,
    pub free_paid: Uint128,
    /// None if the week was closed without a report.
    pub evidence_hash: Option<HexBinary>,
    pub time: u64,
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
/// TOTALS: () → everything that came in and went out
pub const TOTALS: Item<Totals> = Item::new("totals");
/// WEEKS: week → its sums over all gateways
pub const WEEKS: Map<u64, WeekRow> = Map::new("weeks");
/// REPORTS: (gateway, week) → how it was released; absent before
pub const REPORTS: Map<(u64, u64), Report> = Map::new("reports");
/// RECEIPTS: n from 1 → burn
pub const RECEIPTS: Map<u64, Receipt> = Map::new("receipts");

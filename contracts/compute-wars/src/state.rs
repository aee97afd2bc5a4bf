//! What the contest stores. Amounts are µCredit or µLCO as said, weeks are numbers as in `math::time`.
//!
//! Rows that every report touches are compact ([`kit::compact`]), the rest is JSON. Sizes are key + value in bytes for 20-byte accounts; the chain adds 33 bytes of
//! its own to every key.

use std::ops::RangeInclusive;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Order, StdResult, Storage, Uint128};
use cw_storage_plus::{Item, Map};
use interfaces::compute_wars::{Params, Perk};
use kit::compact::{corrupt, split, Account, Fixed, Key, Reader, Row, Table, Writer};

use crate::error::ContractError;

// ---- configuration and results (JSON) ----

/// Whom the contest knows.
#[cw_serde]
pub struct Config {
    pub vault: Addr,
    pub l_coin: Addr,
    pub fund: Option<Addr>,
    /// The first week that counts.
    pub first_week: u64,
}

/// Prize money since genesis, µLCO.
#[cw_serde]
pub struct Totals {
    /// Fetched from the fund.
    pub collected: Uint128,
    /// Paid to winners.
    pub paid: Uint128,
    /// Left over by the weeks collected so far; goes into the next one.
    pub rolled: Uint128,
    /// The week that is collected next.
    pub next_week: u64,
}

impl Totals {
    /// What the contract keeps for winners and the next week: collected − paid.
    pub fn held(&self) -> StdResult<Uint128> {
        Ok(self.collected.checked_sub(self.paid)?)
    }
}

/// What finalizing fixed.
#[cw_serde]
pub struct Outcome {
    pub finalized_at: u64,
    /// Best first, at most as many as there are shares.
    pub winners: Vec<Addr>,
    /// Basis points, best rank first.
    pub shares: Vec<u16>,
    /// Most free calls of the champion, µCredit.
    pub allowance: Uint128,
    /// µLCO divided among the ranks; none before the week is collected.
    pub pool: Option<Uint128>,
}

/// What a champion chose.
#[cw_serde]
pub struct Choice {
    pub account: Addr,
    pub perk: Perk,
    /// µCredit; 0 unless the perk is free calls.
    pub allowance: Uint128,
}

/// CONFIG: () → neighbours and the first week
pub const CONFIG: Item<Config> = Item::new("config");
/// PARAMS: () → parameters, all within bounds
pub const PARAMS: Item<Params> = Item::new("params");
/// TOTALS: () → prize money
pub const TOTALS: Item<Totals> = Item::new("totals");
/// OUTCOMES: week → what finalizing fixed; absent before
pub const OUTCOMES: Map<u64, Outcome> = Map::new("outcomes");
/// CLAIMED: (week, rank from 1) → µLCO paid; absent before
pub const CLAIMED: Map<(u64, u32), Uint128> = Map::new("claimed");
/// PERKS: week in which it holds → what its champion chose
pub const PERKS: Map<u64, Choice> = Map::new("perks");

/// Refuses a week that is not finalized.
pub fn outcome(storage: &dyn Storage, week: u64) -> Result<Outcome, ContractError> {
    OUTCOMES
        .may_load(storage, week)?
        .ok_or(ContractError::NotFinalized { week })
}

// ---- scores (compact) ----

/// ROUNDS: week → totals of the week. 5 + ~30 bytes.
pub const ROUNDS: Table<WeekKey, Round> = Table::new(0x80);
/// SCORES: (account, week) → score and its place in time, whether it is among the leaders or not. 26 + ~8 bytes.
pub const SCORES: Table<(Account, WeekKey), Place> = Table::new(0x81);
/// LEADERS: (week, place) → account; at most 100 a week, in the order of their places. 15 + 21 bytes.
pub const LEADERS: Table<(WeekKey, Place), Account> = Table::new(0x82);

/// A week as it stands in keys. Four bytes are enough for 80 million years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekKey(u32);

impl WeekKey {
    /// Refuses a number that no week will ever have.
    pub fn new(week: u64) -> Result<Self, ContractError> {
        let key = u32::try_from(week).map_err(|_| ContractError::OutOfRange {
            name: "week",
            min: 0,
            max: u32::MAX.into(),
            actual: week,
        })?;
        Ok(Self(key))
    }

    pub fn week(self) -> u64 {
        self.0.into()
    }

    /// The keys of the places of a week, worst first.
    pub fn places(self) -> RangeInclusive<(Self, Place)> {
        (self, Place::WORST)..=(self, Place::BEST)
    }
}

impl Key for WeekKey {
    fn push(&self, to: &mut Vec<u8>) {
        self.0.push(to);
    }

    fn pull(from: &[u8]) -> StdResult<Self> {
        u32::pull(from).map(Self)
    }
}

impl Fixed for WeekKey {
    const WIDTH: usize = u32::WIDTH;
}

/// A score and when it was reached. The greater place is the better one: the higher score, of equal ones the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// µCredit.
    pub score: u128,
    /// u32::MAX − the number of the record within its week, so that earlier is greater.
    earliness: u32,
}

impl Place {
    /// Below all.
    pub const WORST: Self = Self { score: 0, earliness: 0 };
    /// Above all.
    pub const BEST: Self = Self {
        score: u128::MAX,
        earliness: u32::MAX,
    };

    /// The place of a score that the `number`-th record of the week reached.
    pub fn new(score: u128, number: u32) -> Self {
        Self {
            score,
            earliness: u32::MAX.saturating_sub(number),
        }
    }

    fn number(self) -> u32 {
        u32::MAX.saturating_sub(self.earliness)
    }
}

impl Row for Place {
    fn write(&self, to: &mut Writer) {
        to.int(self.score);
        to.int(self.number());
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self::new(from.int()?, from.int()?))
    }
}

/// The significant bytes of the score behind their number, so that the order of bytes is the order of scores; then the earliness.
impl Key for Place {
    fn push(&self, to: &mut Vec<u8>) {
        let score = self.score.to_be_bytes();
        let significant = score.iter().skip_while(|byte| **byte == 0);
        // at most 16
        to.push(u8::try_from(significant.clone().count()).unwrap_or(u8::MAX));
        to.extend(significant);
        self.earliness.push(to);
    }

    fn pull(from: &[u8]) -> StdResult<Self> {
        let (length, rest) = from.split_first().ok_or_else(|| corrupt("key too short"))?;
        let (digits, earliness) = split(rest, usize::from(*length))?;
        let mut score = [0u8; 16];
        let tail = score.iter_mut().rev().zip(digits.iter().rev());
        tail.for_each(|(byte, digit)| *byte = *digit);
        Ok(Self {
            score: u128::from_be_bytes(score),
            earliness: Key::pull(earliness)?,
        })
    }
}

/// A week's totals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Length of the list of leaders.
    pub leaders: u32,
    /// Number of scores recorded.
    pub records: u32,
    /// µCredit: all charges.
    pub charged: u128,
    /// µCredit: sum of the leaders' scores.
    pub top_charged: u128,
    /// The last of a full list, if known.
    pub minimum: Option<Place>,
}

impl Round {
    pub fn load(storage: &dyn Storage, week: WeekKey) -> StdResult<Self> {
        Ok(ROUNDS.may_load(storage, &week)?.unwrap_or_default())
    }
}

impl Row for Round {
    fn write(&self, to: &mut Writer) {
        to.int(self.leaders);
        to.int(self.records);
        to.ints([self.charged, self.top_charged]);
        if let Some(place) = &self.minimum {
            place.write(to);
        }
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            leaders: from.int()?,
            records: from.int()?,
            charged: from.int()?,
            top_charged: from.int()?,
            minimum: match from.is_empty() {
                true => None,
                false => Some(Place::read(from)?),
            },
        })
    }
}

/// The leaders of a week; descending is best first.
pub fn leaders<'a>(
    storage: &'a dyn Storage,
    week: WeekKey,
    order: Order,
) -> impl Iterator<Item = StdResult<(Place, Account)>> + 'a {
    let rows = LEADERS.range(storage, week.places(), order);
    rows.map(|row| row.map(|((_, place), account)| (place, account)))
}

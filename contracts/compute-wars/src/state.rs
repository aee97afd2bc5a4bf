//! What the contest stores. Amounts are µCredit or µLCO as said, weeks are numbers as in `math::time`.
//!
//! Rows that every report touches are compact ([`crate::store`]), the rest is JSON. Sizes are key + value in bytes for 20-byte accounts; the chain adds 33 bytes of
//! its own to every key.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Order, StdResult, Storage, Uint128};
use cw_storage_plus::{Item, Map};
use interfaces::compute_wars::{Params, Perk};

use crate::error::ContractError;
use crate::store::{above, corrupt, put, put_ordered, take, take_ordered, Account};

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

/// ROUNDS: week → totals of the week, [`Round`]. 5 + ~30 bytes.
const ROUNDS: u8 = 0x80;
/// SCORES: (account, week) → score and its place in time, [`Place`]. 26 + ~8 bytes.
const SCORES: u8 = 0x81;
/// LEADERS: (week, place) → account; at most 100 a week, in the order of their places. 15 + 20 bytes.
const LEADERS: u8 = 0x82;

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

    fn put(self, to: &mut Vec<u8>) {
        put(to, self.score);
        put(to, self.number());
    }

    fn take(from: &mut &[u8]) -> StdResult<Self> {
        Ok(Self::new(take(from)?, take(from)?))
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
        Ok(Self::may_load(storage, week)?.unwrap_or_default())
    }

    pub fn may_load(storage: &dyn Storage, week: WeekKey) -> StdResult<Option<Self>> {
        let row = storage.get(&round_key(week));
        row.map(|bytes| Self::take(&bytes)).transpose()
    }

    pub fn save(&self, storage: &mut dyn Storage, week: WeekKey) {
        let mut bytes = vec![];
        put(&mut bytes, self.leaders);
        put(&mut bytes, self.records);
        put(&mut bytes, self.charged);
        put(&mut bytes, self.top_charged);
        if let Some(place) = self.minimum {
            place.put(&mut bytes);
        }
        storage.set(&round_key(week), &bytes);
    }

    fn take(mut from: &[u8]) -> StdResult<Self> {
        let from = &mut from;
        Ok(Self {
            leaders: take(from)?,
            records: take(from)?,
            charged: take(from)?,
            top_charged: take(from)?,
            minimum: match from.is_empty() {
                true => None,
                false => Some(Place::take(from)?),
            },
        })
    }

    /// Weeks with a row, newest first, before the given one.
    pub fn newest<'a>(
        storage: &'a dyn Storage,
        before: Option<WeekKey>,
    ) -> impl Iterator<Item = StdResult<(u64, Self)>> + 'a {
        let end = before.map_or(vec![SCORES], round_key);
        let rows = storage.range(Some(&[ROUNDS]), Some(&end), Order::Descending);
        rows.map(|(key, row)| Ok((week_of(key.get(1..).unwrap_or_default())?, Self::take(&row)?)))
    }
}

fn round_key(week: WeekKey) -> Vec<u8> {
    keyed(ROUNDS, &week.0.to_be_bytes())
}

fn keyed(table: u8, rest: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(rest.len().saturating_add(1));
    key.push(table);
    key.extend_from_slice(rest);
    key
}

fn week_of(bytes: &[u8]) -> StdResult<u64> {
    let bytes = bytes.try_into().map_err(|_| corrupt("week of another width"))?;
    Ok(u32::from_be_bytes(bytes).into())
}

// An account's rows stand behind its length, so that no rows of one whose bytes begin alike lie among them.
fn scores_of(account: &Account) -> Vec<u8> {
    let length = u8::try_from(account.bytes().len()).unwrap_or(u8::MAX);
    let mut key = vec![SCORES, length];
    key.extend_from_slice(account.bytes());
    key
}

fn score_key(account: &Account, week: WeekKey) -> Vec<u8> {
    let mut key = scores_of(account);
    key.extend_from_slice(&week.0.to_be_bytes());
    key
}

/// An account's place in a week, whether it is among the leaders or not.
pub fn place_of(storage: &dyn Storage, account: &Account, week: WeekKey) -> StdResult<Option<Place>> {
    let row = storage.get(&score_key(account, week));
    row.map(|bytes| Place::take(&mut bytes.as_slice())).transpose()
}

pub fn save_place(storage: &mut dyn Storage, account: &Account, week: WeekKey, place: Place) {
    let mut bytes = vec![];
    place.put(&mut bytes);
    storage.set(&score_key(account, week), &bytes);
}

/// One account's places, newest week first.
pub fn places_of<'a>(
    storage: &'a dyn Storage,
    account: &Account,
    before: Option<WeekKey>,
) -> impl Iterator<Item = StdResult<(u64, Place)>> + 'a {
    let prefix = scores_of(account);
    let end = before.map_or_else(|| above(&prefix), |week| score_key(account, week));
    let skip = prefix.len();
    let rows = storage.range(Some(&prefix), Some(&end), Order::Descending);
    rows.map(move |(key, row)| {
        let week = week_of(key.get(skip..).unwrap_or_default())?;
        Ok((week, Place::take(&mut row.as_slice())?))
    })
}

fn leaders_of(week: WeekKey) -> Vec<u8> {
    keyed(LEADERS, &week.0.to_be_bytes())
}

fn leader_key(week: WeekKey, place: Place) -> Vec<u8> {
    let mut key = leaders_of(week);
    put_ordered(&mut key, place.score);
    key.extend_from_slice(&place.earliness.to_be_bytes());
    key
}

pub fn add_leader(storage: &mut dyn Storage, week: WeekKey, place: Place, account: &Account) {
    storage.set(&leader_key(week, place), account.bytes());
}

pub fn remove_leader(storage: &mut dyn Storage, week: WeekKey, place: Place) {
    storage.remove(&leader_key(week, place));
}

/// The leaders of a week; descending is best first. `above_place` leaves only those better than that.
pub fn leaders<'a>(
    storage: &'a dyn Storage,
    week: WeekKey,
    above_place: Option<Place>,
    order: Order,
) -> impl Iterator<Item = StdResult<(Place, Account)>> + 'a {
    let prefix = leaders_of(week);
    let skip = prefix.len();
    let start = above_place.map_or_else(
        || prefix.clone(),
        |place| {
            let mut key = leader_key(week, place);
            key.push(0);
            key
        },
    );
    let rows = storage.range(Some(&start), Some(&above(&prefix)), order);
    rows.map(move |(key, row)| {
        let mut rest = key.get(skip..).unwrap_or_default();
        let score = take_ordered(&mut rest)?;
        let bytes = rest.try_into().map_err(|_| corrupt("place of another width"))?;
        let place = Place {
            score,
            earliness: u32::from_be_bytes(bytes),
        };
        Ok((place, Account::from_bytes(row)))
    })
}

//! The price of the past: what the first touch of a block writes, and how a window is looked up.
//!
//! The first message of a block that moves the pool counts the price that the last touched block left, for the whole time since. So a price counts only if it stood at
//! the end of a block, for as long as it stood; whatever happens within one block counts for nothing.
//!
//! Two sequences of 512 rows keep the cumulative prices of the past: one row at most every 15 s (at least 2 h 8 min), and one for the last touch of each hour (at
//! least 21 days). Rows are keyed by time, so that the store's own order finds the neighbours of a moment in one step each.

use cosmwasm_std::{Env, Order, StdResult, Storage};
use kit::compact::{Row, Table};
use math::twap::{interpolate, means, Point, TwapPair};
use math::MathError;

use crate::error::ContractError;
use crate::state::{HourRow, Pool, SlotRow, HOURS, SLOTS};

/// Least time between two slots, ms.
pub const SLOT_MS: u64 = 15_000;
/// Rows kept of each kind.
pub const RING: u16 = 512;
/// Shortest and longest window that can be asked for, seconds.
pub const WINDOWS: (u64, u64) = (15, 604_800);

const HOUR_MS: u64 = 3_600_000;
const HOURS_OF_LOWS: u64 = 24;

/// A block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Now {
    pub height: u64,
    /// Unix milliseconds.
    pub ms: u64,
}

impl Now {
    pub fn of(env: &Env) -> Self {
        Self {
            height: env.block.height,
            ms: env.block.time.nanos() / 1_000_000,
        }
    }

    /// Unix seconds.
    pub fn seconds(self) -> u64 {
        self.ms / 1_000
    }
}

/// Rows that rolling a pool forward produces.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rolled {
    /// A slot is due.
    pub slot: Option<Point>,
    /// The hour of the last touch is over.
    pub hour: Option<(u64, HourRow)>,
}

impl Pool {
    /// Brings cumulative prices, lows and the previous close to the block `now`; nothing if the pool was touched in it already, or is empty.
    pub fn roll(&mut self, now: Now) -> Result<Rolled, MathError> {
        if self.shares == 0 || self.height == now.height {
            return Ok(Rolled::default());
        }
        let lows = lower(self.lows, self.reserves);
        let hour = HourRow { sum: self.sum, lows };
        let is_over = self.at / HOUR_MS != now.ms / HOUR_MS;
        let rolled_hour = is_over.then_some((self.at, hour));
        self.lows = if is_over { self.reserves } else { lows };

        let elapsed = now.ms.saturating_sub(self.at);
        self.counted = self.sum.advance(self.reserves, self.counted, elapsed)?;
        self.close = self.reserves;
        self.height = now.height;
        self.at = now.ms;
        let slot = (now.ms.saturating_sub(self.slot_at) >= SLOT_MS).then_some(self.point());
        Ok(Rolled {
            slot,
            hour: rolled_hour,
        })
    }

    /// Cumulative prices at the last touch.
    pub fn point(&self) -> Point {
        Point {
            at: self.at,
            sum: self.sum,
        }
    }
}

/// Rolls the pool to `now` and writes the rows that are due. Before any change of the reserves.
pub fn touch(storage: &mut dyn Storage, pool: &mut Pool, now: Now) -> Result<(), ContractError> {
    let rolled = pool.roll(now)?;
    if let Some(slot) = rolled.slot {
        pool.slot_at = slot.at;
        pool.slots = push(storage, &SLOTS, pool.slots, slot.at, &SlotRow(slot.sum))?;
    }
    if let Some((at, hour)) = rolled.hour {
        // only the very first row can be written twice: by `begin`, and at the end of an hour in which nothing followed
        match HOURS.has(storage, &at) {
            true => HOURS.save(storage, &at, &hour),
            false => pool.hours = push(storage, &HOURS, pool.hours, at, &hour)?,
        }
    }
    Ok(())
}

/// Starts the history with the first LP's price. After the first change of the reserves.
pub fn begin(storage: &mut dyn Storage, pool: &mut Pool, now: Now) -> Result<(), ContractError> {
    pool.counted = pool.price()?;
    pool.height = now.height;
    pool.at = now.ms;
    pool.lows = pool.reserves;
    pool.slot_at = now.ms;
    let hour = HourRow {
        sum: pool.sum,
        lows: pool.lows,
    };
    pool.slots = push(storage, &SLOTS, 0, now.ms, &SlotRow(pool.sum))?;
    pool.hours = push(storage, &HOURS, 0, now.ms, &hour)?;
    Ok(())
}

/// Adds the newest row and drops the oldest once there are [`RING`]; answers how many there are.
fn push<V: Row>(storage: &mut dyn Storage, table: &Table<u64, V>, count: u16, at: u64, row: &V) -> StdResult<u16> {
    table.save(storage, &at, row);
    if count < RING {
        return Ok(count.saturating_add(1));
    }
    let oldest = table.range(storage, .., Order::Ascending).next().transpose()?;
    if let Some((oldest, _)) = oldest {
        table.remove(storage, &oldest);
    }
    Ok(count)
}

/// The pool's past as seen from one block.
pub struct History<'a> {
    storage: &'a dyn Storage,
    /// The last touch.
    last: Point,
    /// Now.
    end: Point,
}

impl<'a> History<'a> {
    /// `stored` is the pool as it lies in storage, `rolled` the same at the block of the question.
    pub fn new(storage: &'a dyn Storage, stored: &Pool, rolled: &Pool) -> Self {
        Self {
            storage,
            last: stored.point(),
            end: rolled.point(),
        }
    }

    /// Means over the last `window` seconds.
    pub fn means(&self, window: u64) -> Result<TwapPair, ContractError> {
        let start = self.end.at.saturating_sub(window.saturating_mul(1_000));
        let Some(from) = self.at(start)? else {
            let available = self.available()?;
            return Err(ContractError::HistoryShort { available, window });
        };
        Ok(means(&from, &self.end)?)
    }

    /// Cumulative prices at `time`; none before the oldest row. Exact after the last touch, at a row, and where no touch lies between two rows; elsewhere on the line
    /// between the two rows around it, between which all touches lie within 15 s of the first (within the hour of the second, in the hourly sequence).
    fn at(&self, time: u64) -> Result<Option<Point>, ContractError> {
        // a pool that was never touched ends where it begins
        if (self.last.at..self.end.at).contains(&time) {
            return Ok(Some(interpolate(&self.last, &self.end, time)));
        }
        let Some(before) = self.before(time)? else {
            return Ok(None);
        };
        let after = self.after(time)?;
        Ok(Some(interpolate(&before, &after, time)))
    }

    /// The newest row at or before `time`.
    fn before(&self, time: u64) -> StdResult<Option<Point>> {
        let slot = SLOTS.last(self.storage, ..=time)?;
        let slot = slot.map(|(at, row)| Point { at, sum: row.0 });
        let hour = HOURS.last(self.storage, ..=time)?;
        let hour = hour.map(|(at, row)| Point { at, sum: row.sum });
        Ok(slot.into_iter().chain(hour).max_by_key(|point| point.at))
    }

    /// The oldest row after `time`, or the last touch.
    fn after(&self, time: u64) -> StdResult<Point> {
        let first = time.saturating_add(1);
        let slot = SLOTS.range(self.storage, first.., Order::Ascending).next();
        let slot = slot.transpose()?.map(|(at, row)| Point { at, sum: row.0 });
        let hour = HOURS.range(self.storage, first.., Order::Ascending).next();
        let hour = hour.transpose()?.map(|(at, row)| Point { at, sum: row.sum });
        let earliest = slot.into_iter().chain(hour).min_by_key(|point| point.at);
        Ok(earliest.map_or(
            self.last,
            |point| if point.at < self.last.at { point } else { self.last },
        ))
    }

    /// Seconds of history.
    fn available(&self) -> StdResult<u64> {
        let slot = SLOTS.range(self.storage, .., Order::Ascending).next();
        let hour = HOURS.range(self.storage, .., Order::Ascending).next();
        let oldest = slot.transpose()?.map(|(at, _)| at).into_iter();
        let oldest = oldest.chain(hour.transpose()?.map(|(at, _)| at)).min();
        Ok(oldest.map_or(0, |at| self.end.at.saturating_sub(at) / 1_000))
    }
}

/// For each asset the lowest of its reserves at the ends of blocks in this hour and the 24 before it, and now. `rolled` and `due` are the pool and what it produced,
/// rolled to the block of the question.
pub fn lowest(storage: &dyn Storage, rolled: &Pool, due: &Rolled) -> StdResult<[u128; 2]> {
    let first = (rolled.at / HOUR_MS)
        .saturating_sub(HOURS_OF_LOWS)
        .saturating_mul(HOUR_MS);
    let mut lows = lower(rolled.lows, rolled.reserves);
    if let Some((_, hour)) = due.hour.filter(|(at, _)| *at >= first) {
        lows = lower(lows, hour.lows);
    }
    for row in HOURS.range(storage, first.., Order::Ascending) {
        lows = lower(lows, row?.1.lows);
    }
    Ok(lows)
}

fn lower([base, quote]: [u128; 2], [other_base, other_quote]: [u128; 2]) -> [u128; 2] {
    [base.min(other_base), quote.min(other_quote)]
}

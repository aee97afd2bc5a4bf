//! Price and volume per minute, hour and day, for charts.
//!
//! The running minute lies in the hot row. The first swap after it writes it down and adds it to its hour; the first swap after an hour adds that to its day. So a swap
//! costs at most three rows of candles, mostly none, and each kind is a ring of 1,440 rows that are overwritten in place.

use cosmwasm_std::{StdResult, Storage};
use interfaces::exchange::{Candle, Interval, QuotePerBase};
use kit::compact::{corrupt, split, Key, Reader, Row, Writer};

use crate::state::CANDLES;

/// Rows kept of each interval.
pub const KEPT: u64 = 1_440;

const MINUTES_PER_HOUR: u64 = 60;
const HOURS_PER_DAY: u64 = 24;

/// Seconds of an interval.
pub const fn length(interval: Interval) -> u64 {
    match interval {
        Interval::Minute => 60,
        Interval::Hour => 3_600,
        Interval::Day => 86_400,
    }
}

/// Where a candle lies: its interval, and its number modulo [`KEPT`].
pub struct Place {
    interval: Interval,
    slot: u16,
}

impl Place {
    /// The place of interval number `number`, counted from 1970.
    pub fn of(interval: Interval, number: u64) -> Self {
        let slot = u16::try_from(number.checked_rem(KEPT).unwrap_or_default()).unwrap_or_default();
        Self { interval, slot }
    }
}

impl Key for Place {
    fn push(&self, to: &mut Vec<u8>) {
        // variants without data count from 0
        to.push(self.interval as u8);
        self.slot.push(to);
    }

    fn pull(from: &[u8]) -> StdResult<Self> {
        let (interval, slot) = split(from, 1)?;
        let interval = match interval {
            [0] => Interval::Minute,
            [1] => Interval::Hour,
            [2] => Interval::Day,
            _ => return Err(corrupt("unknown interval")),
        };
        let slot = Key::pull(slot)?;
        Ok(Self { interval, slot })
    }
}

/// One candle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Number of its interval, counted from 1970.
    pub number: u64,
    pub open: QuotePerBase,
    pub high: QuotePerBase,
    pub low: QuotePerBase,
    pub close: QuotePerBase,
    /// Units that changed hands, base and quote.
    pub volume: [u128; 2],
    pub swaps: u64,
}

impl Bar {
    /// One swap in minute `number`, with the prices before and after it.
    pub fn of_swap(number: u64, [before, after]: [QuotePerBase; 2], volume: [u128; 2]) -> Self {
        Self {
            number,
            open: before,
            high: before.max(after),
            low: before.min(after),
            close: after,
            volume,
            swaps: 1,
        }
    }

    /// Adds what came later in the same interval.
    fn add(&mut self, later: &Self) {
        let [base, quote] = &mut self.volume;
        let [later_base, later_quote] = later.volume;
        *base = base.saturating_add(later_base);
        *quote = quote.saturating_add(later_quote);
        self.high = self.high.max(later.high);
        self.low = self.low.min(later.low);
        self.close = later.close;
        self.swaps = self.swaps.saturating_add(later.swaps);
    }

    /// The candle as it is shown.
    pub fn shown(&self, interval: Interval) -> Candle {
        Candle {
            start: self.number.saturating_mul(length(interval)),
            open: self.open,
            high: self.high,
            low: self.low,
            close: self.close,
            volume: self.volume.map(Into::into),
            swaps: self.swaps,
        }
    }

    fn numbered(self, number: u64) -> Self {
        Self { number, ..self }
    }
}

impl Row for Bar {
    fn write(&self, to: &mut Writer) {
        to.int(self.number);
        for price in [self.open, self.high, self.low, self.close] {
            to.wide(price.raw());
        }
        to.ints(self.volume);
        to.int(self.swaps);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let number = from.int()?;
        let mut price = || from.wide().map(QuotePerBase::from_raw);
        let [open, high, low, close] = [price()?, price()?, price()?, price()?];
        Ok(Self {
            number,
            open,
            high,
            low,
            close,
            volume: from.pair()?,
            swaps: from.int()?,
        })
    }
}

/// Counts a swap in the running minute, and writes down what is over.
pub fn record(storage: &mut dyn Storage, running: &mut Option<Bar>, swap: Bar) -> StdResult<()> {
    match running {
        Some(minute) if minute.number == swap.number => minute.add(&swap),
        Some(minute) => {
            write_down(storage, minute, swap.number)?;
            *minute = swap;
        }
        None => *running = Some(swap),
    }
    Ok(())
}

fn write_down(storage: &mut dyn Storage, minute: &Bar, next_minute: u64) -> StdResult<()> {
    CANDLES.save(storage, &Place::of(Interval::Minute, minute.number), minute);
    let hour_number = minute.number / MINUTES_PER_HOUR;
    let hour = extend(storage, Interval::Hour, &minute.numbered(hour_number))?;
    if hour_number != next_minute / MINUTES_PER_HOUR {
        extend(storage, Interval::Day, &hour.numbered(hour_number / HOURS_PER_DAY))?;
    }
    Ok(())
}

/// Adds to the candle of `part`'s interval, or begins it.
fn extend(storage: &mut dyn Storage, interval: Interval, part: &Bar) -> StdResult<Bar> {
    let whole = join(written(storage, interval, part.number)?, Some(*part)).unwrap_or(*part);
    CANDLES.save(storage, &Place::of(interval, part.number), &whole);
    Ok(whole)
}

/// The candle written down for an interval. Its place may still hold one of a round before.
fn written(storage: &dyn Storage, interval: Interval, number: u64) -> StdResult<Option<Bar>> {
    let bar = CANDLES.may_load(storage, &Place::of(interval, number))?;
    Ok(bar.filter(|bar| bar.number == number))
}

fn join(earlier: Option<Bar>, later: Option<Bar>) -> Option<Bar> {
    match (earlier, later) {
        (Some(mut whole), Some(later)) => {
            whole.add(&later);
            Some(whole)
        }
        (one, other) => one.or(other),
    }
}

/// The candle of an interval as of now, with what of it is not written down yet.
fn current(storage: &dyn Storage, running: &Bar, interval: Interval, number: u64) -> StdResult<Option<Bar>> {
    let (hour, day) = (
        running.number / MINUTES_PER_HOUR,
        running.number / MINUTES_PER_HOUR / HOURS_PER_DAY,
    );
    let stored = written(storage, interval, number)?;
    Ok(match interval {
        Interval::Minute if number == running.number => Some(*running),
        Interval::Hour if number == hour => join(stored, Some(running.numbered(number))),
        Interval::Day if number == day => {
            let this_hour = join(written(storage, Interval::Hour, hour)?, Some(*running));
            join(stored, this_hour.map(|bar| bar.numbered(number)))
        }
        _ => stored,
    })
}

/// Candles whose number is below `before`, newest first, at most `limit`, none older than `oldest`.
pub fn list(
    storage: &dyn Storage,
    running: Option<&Bar>,
    interval: Interval,
    (oldest, before): (u64, u64),
    limit: usize,
) -> StdResult<Vec<Bar>> {
    let Some(running) = running else {
        return Ok(vec![]);
    };
    let seconds = running.number.saturating_mul(length(Interval::Minute));
    let newest = seconds.checked_div(length(interval)).unwrap_or_default();
    let end = before.min(newest.saturating_add(1));
    let first = oldest.max(newest.saturating_add(1).saturating_sub(KEPT));
    (first..end)
        .rev()
        .filter_map(|number| current(storage, running, interval, number).transpose())
        .take(limit)
        .collect()
}

//! The book: what flows, to whom it flows, and how far that is counted.
//!
//! # Stream
//! What arrives at a time t of day d flows evenly until the end of day d + 1, on top of what flows already. So every second belongs to at most two rates: one that ends
//! with today (`fading`), one that ends with tomorrow (`fresh`). Rates are scaled by 2^128, and what a division leaves over waits for the next arrival: nothing is
//! lost, and small arrivals change nothing for large ones.
//!
//! While nobody is locked, what flows goes back to what waits. With the next lock it flows again from then on, over the rest of that day and the next: nothing is lost,
//! and whoever comes first finds no heap.
//!
//! # Catching up
//! The book goes from midnight to midnight as long as something flows, and from one day with endings to the next where nothing does. Between two stops the total weight
//! is a straight line, which is what the closed form of [`math::ve_rewards`] needs. Stops in between, wherever anybody makes them, change no sum.

use std::iter::Peekable;

use cosmwasm_std::{Order, StdResult, Storage, Uint128, Uint256};
use interfaces::ve_rewards::STEPS;
use math::time::SECONDS_PER_DAY;
use math::ve_rewards::{earned, scaled, segment, whole, Index};
use math::vote_escrow::Line;
use math::{Day, MathError};

use crate::error::ContractError;
use crate::state::{day, midnight, Check, Earner, CHECKS, ENDINGS};

/// The book as of `time`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// Everything up to here is counted.
    pub time: u64,
    /// Total weight of the locks that have not ended.
    pub line: Line,
    /// The accumulators.
    pub index: Index,
    /// Whether CHECKS has nothing older than the accumulators.
    pub checked: bool,
    /// What flows a second until the end of the day of `time`, scaled.
    pub fading: Uint256,
    /// What flows a second until the end of the day after it, scaled.
    pub fresh: Uint256,
    /// What waits to flow, scaled.
    pub waiting: Uint256,
    /// Base units ever funded.
    pub funded: u128,
    /// Base units ever paid.
    pub paid: u128,
}

/// Accumulators at ends of locks that catching up found, the earliest first.
pub type Checks = Vec<(u32, Index)>;

impl Stream {
    /// An empty book.
    pub fn new(time: u64) -> Self {
        Self {
            time,
            checked: true,
            ..Self::default()
        }
    }

    /// The book of now, and the new accumulators at ends, which are saved.
    ///
    /// # Errors
    /// [`ContractError::NeedsSync`] where more than [`STEPS`] steps are missing.
    pub fn open(storage: &mut dyn Storage, now: u64) -> Result<Self, ContractError> {
        let mut stream = Self::load(storage)?;
        let checks = stream.catch_up(storage, now, STEPS)?;
        if stream.time < now {
            return Err(ContractError::NeedsSync {
                synced: stream.time,
                now,
            });
        }
        save(storage, &checks);
        Ok(stream)
    }

    /// Goes towards `now`, at most `steps` stops.
    pub fn catch_up(&mut self, storage: &dyn Storage, now: u64, steps: u32) -> Result<Checks, ContractError> {
        let mut checks = Checks::new();
        let (counted, last) = (day(self.time)?, day(now)?);
        // a range must not end before it begins
        let days = counted.saturating_add(1)..=last.max(counted.saturating_add(1));
        let mut endings = ENDINGS.range(storage, days, Order::Ascending).peekable();
        for _ in 0..steps {
            if self.time >= now {
                break;
            }
            let stop = self.next_stop(&mut endings, now)?;
            self.flow(stop)?;
            if stop.checked_rem(SECONDS_PER_DAY) == Some(0) {
                self.turn(&mut endings, &mut checks)?;
            }
        }
        Ok(checks)
    }

    fn next_stop<I>(&self, endings: &mut Peekable<I>, now: u64) -> StdResult<u64>
    where
        I: Iterator<Item = StdResult<(u32, Uint128)>>,
    {
        if let Some(Err(error)) = endings.next_if(Result::is_err) {
            return Err(error);
        }
        let flows = !(self.fading.is_zero() && self.fresh.is_zero());
        let stop = match endings.peek() {
            _ if flows => Day::of(self.time).end(),
            Some(Ok((day, _))) => midnight(*day),
            _ => now,
        };
        Ok(stop.min(now))
    }

    /// Counts what flows until `stop`, which is not after the day of `time`, or nothing flows.
    fn flow(&mut self, stop: u64) -> Result<(), MathError> {
        let seconds = Uint256::from(stop.saturating_sub(self.time));
        let reward = times(plus(self.fading, self.fresh)?, seconds)?;
        if self.line.slope == 0 {
            self.waiting = plus(self.waiting, reward)?;
        } else if !reward.is_zero() {
            self.index = self.index.plus(&segment(&self.line, self.time, stop, reward)?)?;
            self.checked = false;
        }
        self.time = stop;
        Ok(())
    }

    /// A day begins: yesterday's arrivals have flowed off, and locks end.
    fn turn<I>(&mut self, endings: &mut Peekable<I>, checks: &mut Checks) -> Result<(), ContractError>
    where
        I: Iterator<Item = StdResult<(u32, Uint128)>>,
    {
        self.fading = self.fresh;
        self.fresh = Uint256::zero();
        let today = day(self.time)?;
        let ends_today = |row: &StdResult<(u32, Uint128)>| row.as_ref().is_ok_and(|(day, _)| *day == today);
        if let Some(row) = endings.next_if(ends_today) {
            let (day, slope) = row?;
            self.line = self.line.minus(Line::of(slope.u128(), self.time)?)?;
            if !self.checked {
                checks.push((day, self.index));
                self.checked = true;
            }
        }
        Ok(())
    }

    /// Base units arrive.
    pub fn fund(&mut self, amount: u128) -> Result<(), MathError> {
        self.funded = self.funded.checked_add(amount).ok_or(MathError::Overflow)?;
        self.waiting = plus(self.waiting, scaled(amount)?)?;
        self.spread()
    }

    /// Lets what waits flow, if somebody is locked.
    fn spread(&mut self) -> Result<(), MathError> {
        if self.line.slope == 0 {
            return Ok(());
        }
        let seconds = Uint256::from(self.until_tomorrows_end());
        let rate = self.waiting.checked_div(seconds);
        let rate = rate.map_err(|_| MathError::DivisionByZero)?;
        self.fresh = plus(self.fresh, rate)?;
        self.waiting = minus(self.waiting, times(rate, seconds)?)?;
        Ok(())
    }

    fn until_tomorrows_end(&self) -> u64 {
        self.until_todays_end().saturating_add(SECONDS_PER_DAY)
    }

    fn until_todays_end(&self) -> u64 {
        Day::of(self.time).end().saturating_sub(self.time)
    }

    /// Replaces one lock by another; all zero is none. What waited for a lock begins to flow.
    pub fn replace(&mut self, old: Line, new: Line) -> Result<(), MathError> {
        let nobody = self.line.slope == 0;
        self.line = self.line.minus(old)?.plus(new)?;
        match nobody {
            true => self.spread(),
            false => Ok(()),
        }
    }

    /// What flows until it ends, scaled.
    pub fn streaming(&self) -> Result<Uint256, MathError> {
        let fading = times(self.fading, Uint256::from(self.until_todays_end()))?;
        let fresh = times(self.fresh, Uint256::from(self.until_tomorrows_end()))?;
        plus(fading, fresh)
    }

    /// What flows a day at the present rate, scaled.
    pub fn daily(&self) -> Result<Uint256, MathError> {
        times(plus(self.fading, self.fresh)?, Uint256::from(SECONDS_PER_DAY))
    }

    /// What an account has earned ever, scaled. One read at most.
    pub fn earned_by(
        &self,
        storage: &dyn Storage,
        checks: &[(u32, Index)],
        earner: &Earner,
    ) -> Result<Uint256, ContractError> {
        if earner.slope == 0 {
            return Ok(earner.settled);
        }
        let index = match earner.end > self.time {
            true => self.index,
            false => index_at(storage, checks, earner.end)?,
        };
        let since = earned(earner.slope, earner.end, &earner.since, &index)?;
        Ok(plus(earner.settled, since)?)
    }

    /// Base units that an account can claim.
    pub fn due(&self, storage: &dyn Storage, checks: &[(u32, Index)], earner: &Earner) -> Result<u128, ContractError> {
        let earned = whole(self.earned_by(storage, checks, earner)?)?;
        Ok(earned.checked_sub(earner.paid).ok_or(MathError::Overflow)?)
    }
}

/// Writes the accumulators at ends.
pub fn save(storage: &mut dyn Storage, checks: &[(u32, Index)]) {
    for (day, index) in checks {
        CHECKS.save(storage, day, &Check(*index));
    }
}

/// The accumulators at the end of a lock that has ended: its day's row, or the one before it if nothing flowed between.
fn index_at(storage: &dyn Storage, checks: &[(u32, Index)], end: u64) -> StdResult<Index> {
    let end = day(end)?;
    if let Some((_, index)) = checks.iter().rev().find(|(day, _)| *day <= end) {
        return Ok(*index);
    }
    let stored = CHECKS.last(storage, ..=end)?;
    Ok(stored.map_or_else(Index::default, |(_, Check(index))| index))
}

fn plus(a: Uint256, b: Uint256) -> Result<Uint256, MathError> {
    a.checked_add(b).map_err(|_| MathError::Overflow)
}

fn minus(a: Uint256, b: Uint256) -> Result<Uint256, MathError> {
    a.checked_sub(b).map_err(|_| MathError::Overflow)
}

fn times(a: Uint256, b: Uint256) -> Result<Uint256, MathError> {
    a.checked_mul(b).map_err(|_| MathError::Overflow)
}

//! The book: what flows, what waits, and how much that made for each weight.
//!
//! What arrives on a day waits until the next midnight. Whoever is locked then shares it, in proportion to the integral of his weight over the day that begins. Nothing
//! that happens on that day changes its shares, so they are known from its first second, and every account's flow to it evenly. If nobody is locked at a midnight, what
//! waits stays, and flows on the first day at whose beginning somebody is: nothing is lost.
//!
//! Because a day is settled by what was there before it began, it does not matter who stops by when, or whether anybody does: the book makes up for any absence in two steps,
//! the day that flowed and the day on which what waited flowed.

use cosmwasm_std::{StdResult, Storage, Uint256};
use kit::compact::Account;
use kit::escrow::{day, midnight};
use math::time::SECONDS_PER_DAY;
use math::ve_rewards::{earned, scaled, segment, whole, Index};
use math::{mul_div_floor, MathError};

use crate::error::ContractError;
use crate::state::{Check, Earner, CHECKS};
use crate::weights::{Books, Total};

/// The book as of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// The day.
    pub day: u32,
    /// Base units that flow on it.
    pub flowing: u128,
    /// Base units that flow on the next day at whose midnight somebody is locked.
    pub waiting: u128,
    /// The accumulators at the end of the last day on which something flowed, which may be today.
    pub index: Index,
    /// The total weight when something last began to flow.
    pub total: Total,
    /// Base units ever funded.
    pub funded: u128,
    /// Base units ever paid.
    pub paid: u128,
}

/// The book of now, with the one row of CHECKS that it may be ahead of the stored ones.
pub struct Book {
    pub stream: Stream,
    new: Option<(u32, Index)>,
    now: u64,
}

/// What an account has earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earnings {
    /// Until today's midnight, ever, scaled by 2^128.
    pub settled: Uint256,
    /// All of today, whether it has flowed or not, scaled.
    pub today: Uint256,
    /// Until now and not paid, base units.
    pub due: u128,
}

impl Book {
    /// Catches up in memory.
    pub fn of(storage: &dyn Storage, books: &Books, now: u64) -> Result<Self, ContractError> {
        let mut stream = Stream::load(storage)?;
        let new = stream.advance(books, day(now)?)?;
        Ok(Self { stream, new, now })
    }

    /// Catches up, and keeps the accumulators of the day that ended; the book itself is written by [`Self::close`].
    pub fn open(storage: &mut dyn Storage, books: &Books, now: u64) -> Result<Self, ContractError> {
        let book = Self::of(storage, books, now)?;
        if let Some((day, index)) = &book.new {
            CHECKS.save(storage, day, &Check(*index));
        }
        Ok(book)
    }

    /// Writes the book.
    pub fn close(self, storage: &mut dyn Storage) {
        self.stream.save(storage);
    }

    /// What an account has earned. Reads three accumulators for each form that its lock had at a midnight since its last claim.
    pub fn earnings(
        &self,
        storage: &dyn Storage,
        books: &Books,
        who: &Account,
        earner: &Earner,
    ) -> Result<Earnings, ContractError> {
        let today = self.stream.day;
        let (mut settled, mut flowing) = (earner.settled, Uint256::zero());
        for span in books.spans(who, earner.through, today.saturating_add(1))? {
            let [from, turn, to] = [span.from, span.to.min(today).max(span.from), span.to];
            let [a, b, c] = [from, turn, to].map(|day| self.index_at(storage, day));
            let (a, b, c) = (a?, b?, c?);
            settled = plus(settled, earned(span.slope, span.end, &a, &b)?)?;
            flowing = plus(flowing, earned(span.slope, span.end, &b, &c)?)?;
        }
        let earned = plus(settled, self.flowed(flowing)?)?;
        let due = whole(earned)?.checked_sub(earner.paid).ok_or(MathError::Overflow)?;
        Ok(Earnings {
            settled,
            today: flowing,
            due,
        })
    }

    /// The accumulators at a midnight up to the end of today.
    fn index_at(&self, storage: &dyn Storage, day: u32) -> StdResult<Index> {
        match self.new {
            Some((new, index)) if new <= day => Ok(index),
            _ => {
                let stored = CHECKS.last(storage, ..=day)?;
                Ok(stored.map_or_else(Index::default, |(_, Check(index))| index))
            }
        }
    }

    /// The part of a share of today, scaled, that has flowed until now, rounded down.
    fn flowed(&self, share: Uint256) -> Result<Uint256, MathError> {
        let part = share.checked_multiply_ratio(self.elapsed(), SECONDS_PER_DAY);
        part.map_err(|_| MathError::Overflow)
    }

    /// Base units of today that are still to flow, rounded up.
    pub fn streaming(&self) -> Result<u128, MathError> {
        let flowed = mul_div_floor(self.stream.flowing, self.elapsed().into(), SECONDS_PER_DAY.into())?;
        self.stream.flowing.checked_sub(flowed).ok_or(MathError::Overflow)
    }

    fn elapsed(&self) -> u64 {
        self.now.saturating_sub(midnight(self.stream.day))
    }
}

impl Stream {
    /// Goes on to `today`. The accumulators of the day on which what waited flowed, if that was before today or is today; they are final from that day's first second.
    fn advance(&mut self, books: &Books, today: u32) -> Result<Option<(u32, Index)>, ContractError> {
        if self.day >= today {
            return Ok(None);
        }
        let first = self.day.saturating_add(1);
        (self.day, self.flowing) = (today, 0);
        if self.waiting == 0 {
            return Ok(None);
        }
        let Some(total) = books.first_locked(&self.total, first, today)? else {
            return Ok(None);
        };
        let next = total.day.saturating_add(1);
        let reward = scaled(self.waiting)?;
        let segment = segment(&total.line, midnight(total.day), midnight(next), reward)?;
        self.index = self.index.plus(&segment)?;
        self.total = total;
        if total.day == today {
            self.flowing = self.waiting;
        }
        self.waiting = 0;
        Ok(Some((next, self.index)))
    }

    /// Base units arrive.
    pub fn fund(&mut self, amount: u128) -> Result<(), MathError> {
        self.funded = self.funded.checked_add(amount).ok_or(MathError::Overflow)?;
        // at most the sum of all, which fits
        self.waiting = self.waiting.saturating_add(amount);
        Ok(())
    }
}

fn plus(a: Uint256, b: Uint256) -> Result<Uint256, MathError> {
    a.checked_add(b).map_err(|_| MathError::Overflow)
}

//! What weighed what at which midnight, from the books of `vote-escrow`.
//!
//! At the midnight of a day counts what was there before it: the newest state that was made on an earlier day. A change of a lock counts from the next midnight on, in the
//! total and in the account's share alike, so that the shares of a day are the whole of it.

use cosmwasm_std::{Addr, QuerierWrapper};
use kit::compact::Account;
use kit::escrow::{day, locks_since, midnight, sums_since, ENDINGS};
use math::vote_escrow::Line;

use crate::error::ContractError;

/// The escrow's books.
#[derive(Clone, Copy)]
pub struct Books<'a> {
    pub querier: QuerierWrapper<'a>,
    pub escrow: &'a Addr,
}

/// The total weight from the midnight of a day to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    pub day: u32,
    pub line: Line,
}

/// A lock as it counted from the midnight of day `from` to that of day `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// s.
    pub slope: u128,
    /// e: not before `to`.
    pub end: u64,
    pub from: u32,
    pub to: u32,
}

impl Books<'_> {
    /// The first day from `first` to `last` at whose midnight somebody is locked. `known`, an earlier answer for a day before `first`, saves reading again what ended until then.
    ///
    /// Reads one state for each day since `first` on which locks changed, and a row for each day since the newest one.
    pub fn first_locked(&self, known: &Total, first: u32, last: u32) -> Result<Option<Total>, ContractError> {
        let states = sums_since(self.querier, self.escrow, first)?;
        for state in states.into_iter().rev() {
            let recorded = Total {
                day: day(state.at.time)?,
                line: state.root,
            };
            let from = first.max(recorded.day.saturating_add(1));
            if from > last {
                break;
            }
            // nothing was recorded between the two, or that would be the state found here
            let newer = if known.day > recorded.day { *known } else { recorded };
            let total = self.at_midnight(newer, from)?;
            if total.line.slope > 0 {
                return Ok(Some(total));
            }
        }
        Ok(None)
    }

    /// The total at a later midnight, if nothing but ends changed it.
    fn at_midnight(&self, mut total: Total, to: u32) -> Result<Total, ContractError> {
        while total.day < to && total.line.slope > 0 {
            total.day = total.day.saturating_add(1);
            if let Some(ending) = ENDINGS.query(self.querier, self.escrow, &total.day)? {
                total.line = total.line.minus(Line::of(ending.slope, midnight(total.day))?)?;
            }
        }
        Ok(Total { day: to, ..total })
    }

    /// How the lock of an account counted between the midnights of two days. Reads one state for each day since `from` on which the account changed its lock.
    pub fn spans(&self, who: &Account, from: u32, to: u32) -> Result<Vec<Span>, ContractError> {
        let mut spans = Vec::new();
        let mut until = to;
        for lock in locks_since(self.querier, self.escrow, who, from)? {
            let counts = day(lock.since.time)?.saturating_add(1);
            let span = Span {
                slope: lock.slope()?,
                end: lock.end,
                from: counts.max(from),
                to: until.min(day(lock.end)?),
            };
            if span.from < span.to {
                spans.push(span);
            }
            until = counts;
        }
        Ok(spans)
    }
}

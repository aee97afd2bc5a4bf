//! Sums over all locks of `vote-escrow`: how it stores them, and how its neighbours read them from there.
//!
//! Sums are stored as of the block that changed them. Locks end without a message: what ends on a day stands in that day's row, and whoever asks about a later time takes
//! out what ended since. A day's row is final once the day has begun.

use cosmwasm_std::{Addr, QuerierWrapper, StdError, StdResult};
use interfaces::voting::{Moment, Power};
use math::vote_escrow::Line;
use math::{Day, MathError};

use crate::compact::{corrupt, decode, head, Reader, Row, Writer};

/// Table of `vote-escrow` with one row, which begins with the newest [`Sums`]. An interface: a migration keeps it.
pub const TOTAL: u8 = 0x83;
/// Table of `vote-escrow` from a day's number, four bytes, the highest first, to what ends at its 00:00 UTC. An interface: a migration keeps it.
pub const ENDINGS: u8 = 0x85;

/// How many days without a change of any lock are read one by one. Each costs about 1,200 gas, the escrow's own answer 65,000.
const MOST_DAYS: u64 = 30;

/// What ends on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// Σ s.
    pub slope: u128,
    /// Σ n, base units.
    pub amount: u128,
}

impl Row for Ending {
    fn write(&self, to: &mut Writer) {
        to.ints([self.slope, self.amount]);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let [slope, amount] = from.pair()?;
        Ok(Self { slope, amount })
    }
}

/// Sums over all locks that have not ended at a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// The block, after all its changes.
    pub at: Moment,
    /// (Σ s·e, Σ s)
    pub root: Line,
    /// (Σ n·e, Σ n): its slope is the amount locked.
    pub linear: Line,
}

impl Sums {
    /// With locks that end at `end`.
    ///
    /// # Errors
    /// [`MathError::Overflow`].
    pub fn plus(self, added: Ending, end: u64) -> Result<Self, MathError> {
        Ok(Self {
            at: self.at,
            root: self.root.plus(Line::of(added.slope, end)?)?,
            linear: self.linear.plus(Line::of(added.amount, end)?)?,
        })
    }

    /// Without locks that were added before.
    ///
    /// # Errors
    /// [`MathError::Overflow`] if they were not.
    pub fn minus(self, gone: Ending, end: u64) -> Result<Self, MathError> {
        Ok(Self {
            at: self.at,
            root: self.root.minus(Line::of(gone.slope, end)?)?,
            linear: self.linear.minus(Line::of(gone.amount, end)?)?,
        })
    }

    /// Both weights at `time`, up to which the ends are taken out.
    ///
    /// # Errors
    /// [`MathError::Overflow`] if they are not.
    pub fn power(&self, time: u64) -> Result<Power, MathError> {
        Ok(Power {
            weight: self.root.at(time)?.into(),
            linear: self.linear.at(time)?.into(),
        })
    }
}

impl Row for Sums {
    fn write(&self, to: &mut Writer) {
        to.ints([self.at.height, self.at.time]);
        to.ints([self.root.bias, self.root.slope, self.linear.bias, self.linear.slope]);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let [height, time] = from.pair()?;
        let line = |from: &mut Reader| from.pair().map(|[bias, slope]| Line { bias, slope });
        Ok(Self {
            at: Moment { height, time },
            root: line(from)?,
            linear: line(from)?,
        })
    }
}

/// What the escrow answers to `TotalPower` and `Locked` at `now`, the block that is being made, but read from its storage: its code is not loaded, which is most of what
/// a question costs. None where only the escrow can tell: locks changed in this very block, or not within [`MOST_DAYS`], or there never was one.
///
/// # Errors
/// If there is no contract at that address, or a row is not as it should be.
pub fn sums_before(querier: QuerierWrapper, escrow: &Addr, now: Moment) -> StdResult<Option<Sums>> {
    let Some(row) = querier.query_wasm_raw(escrow, [TOTAL])? else {
        return Ok(None);
    };
    let mut sums: Sums = head(&row)?;
    let [first, last] = [sums.at.time, now.time].map(|time| Day::of(time).index());
    if sums.at.height >= now.height || last > first.saturating_add(MOST_DAYS) {
        return Ok(None);
    }
    for day in first.saturating_add(1)..=last {
        if let Some(row) = querier.query_wasm_raw(escrow, ending(day)?)? {
            let gone = sums.minus(decode(&row)?, Day::from_index(day).start());
            sums = gone.map_err(|error| StdError::generic_err(error.to_string()))?;
        }
    }
    Ok(Some(sums))
}

/// Key of a day's row.
fn ending(day: u64) -> StdResult<Vec<u8>> {
    let day = u32::try_from(day).map_err(|_| corrupt("a time beyond all days"))?;
    Ok([&[ENDINGS][..], &day.to_be_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use cosmwasm_std::testing::MockQuerier;
    use cosmwasm_std::{Binary, ContractResult, SystemResult, WasmQuery};

    use super::*;
    use crate::compact::encode;

    const DAY: u64 = 86_400;

    fn ask(rows: &BTreeMap<Vec<u8>, Vec<u8>>, now: Moment) -> StdResult<Option<Sums>> {
        let mut querier = MockQuerier::default();
        let rows = rows.clone();
        querier.update_wasm(move |query| {
            let WasmQuery::Raw { key, .. } = query else {
                panic!("the escrow's code is loaded")
            };
            let row = rows.get(key.as_slice()).cloned().unwrap_or_default();
            SystemResult::Ok(ContractResult::Ok(Binary::from(row)))
        });
        sums_before(QuerierWrapper::new(&querier), &Addr::unchecked("escrow"), now)
    }

    fn line(slope: u128, end: u64) -> Line {
        Line::of(slope, end).unwrap()
    }

    #[test]
    fn ends_are_taken_out_day_by_day_until_now() {
        let ends = [100, 101, 103].map(|day| day * DAY);
        let at = Moment {
            height: 7,
            time: 99 * DAY + 5,
        };
        let mut sums = Sums { at, ..Sums::default() };
        let mut rows = BTreeMap::new();
        for (index, end) in ends.into_iter().enumerate() {
            let part = Ending {
                slope: index as u128 + 1,
                amount: 10 * (index as u128 + 1),
            };
            sums = sums.plus(part, end).unwrap();
            rows.insert(ending(end / DAY).unwrap(), encode(&part));
        }
        // whatever the escrow keeps behind the sums
        rows.insert(vec![TOTAL], [encode(&sums), vec![1, 2]].concat());
        let before = |height, time| ask(&rows, Moment { height, time }).unwrap();
        assert_eq!(before(7, at.time), None, "changed in this block");
        assert_eq!(before(8, 100 * DAY - 1), Some(sums));
        let rest = before(9, 101 * DAY).unwrap();
        assert_eq!((rest.root, rest.linear), (line(3, ends[2]), line(30, ends[2])));
        assert_eq!(before(9, 103 * DAY - 1), Some(rest));
        assert_eq!(rest.power(103 * DAY - 1).unwrap().linear.u128(), 30);
        assert_eq!(before(9, 103 * DAY).unwrap().linear, Line::default());
        assert!(before(9, (99 + MOST_DAYS) * DAY).is_some());
        assert_eq!(before(9, (100 + MOST_DAYS) * DAY), None, "too long ago");
    }

    #[test]
    fn without_a_row_the_escrow_is_asked_and_a_damaged_one_is_an_error() {
        let now = Moment { height: 9, time: DAY };
        assert_eq!(ask(&BTreeMap::new(), now), Ok(None));
        let row = |key: Vec<u8>, bytes: Vec<u8>| (key, bytes);
        ask(&BTreeMap::from([row(vec![TOTAL], vec![0x80])]), now).unwrap_err();
        let none = encode(&Sums::default());
        let one = encode(&Ending { slope: 1, amount: 1 });
        let rows = BTreeMap::from([row(vec![TOTAL], none), row(ending(1).unwrap(), one)]);
        ask(&rows, now).expect_err("what ends was never added");
    }
}

//! The books of `vote-escrow`: how it stores locks and their sums, and how its neighbours read them from there.
//!
//! # History
//! A state of a lock, or of the sums, names the block that made it. The present one stands in a row of its own; when a later block changes it, it moves to the history
//! and never changes again. All changes of one block become one state, the last. The state *before* a block is the newest one of a lower height; the state at a midnight
//! is the newest one made on an earlier day, which is why each state names the newest one of a day before its own.
//!
//! # Sums
//! Sums are stored as of the block that changed them. Locks end without a message: what ends on a day stands in that day's row, and whoever asks about a later time takes
//! out what ended since. A day's row is final once the day has begun.
//!
//! These tables are an interface: a migration keeps them.

use cosmwasm_std::{Addr, QuerierWrapper, StdError, StdResult, Storage};
use interfaces::voting::{Moment, Power};
use math::vote_escrow::{slope, weight, Line};
use math::{Day, MathError};

use crate::compact::{corrupt, Account, Reader, Row, Table, Writer};

/// LOCKS: account → its present lock; kept when it is withdrawn. 21 + ~24 bytes.
pub const LOCKS: Table<Account, Lock> = Table::new(0x81);
/// HISTORY: (account, height) → a lock as that block left it, until the next one in the series. 30 + ~24 bytes.
pub const HISTORY: Table<(Account, u64), Lock> = Table::new(0x82);
/// TOTAL: () → the present totals. 1 + ~70 bytes.
pub const TOTAL: Table<(), Total> = Table::new(0x83);
/// TOTALS: height → sums as that block left them, until the next one in the series. 9 + ~60 bytes.
pub const TOTALS: Table<u64, Sums> = Table::new(0x84);
/// ENDINGS: day → what ends at its 00:00 UTC; no row where nothing does. 5 + ~17 bytes.
pub const ENDINGS: Table<u32, Ending> = Table::new(0x85);

/// Number of the day of a time, as a key.
///
/// # Errors
/// For a time beyond all days.
pub fn day(time: u64) -> StdResult<u32> {
    u32::try_from(Day::of(time).index()).map_err(|_| corrupt("a time beyond all days"))
}

/// 00:00 UTC of a day number.
pub fn midnight(day: u32) -> u64 {
    Day::from_index(day.into()).start()
}

/// How many days without a change of any lock are read one by one. Each costs about 1,200 gas, the escrow's own answer 65,000.
const MOST_DAYS: u32 = 30;

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

/// The lock of an account, as a block left it. The default stands for an account that never locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The block that made this state.
    pub since: Moment,
    /// n, base units.
    pub amount: u128,
    /// e: 00:00 UTC of a day.
    pub end: u64,
    /// Height of the newest state that was made on a day before that of `since`; 0 if there is none.
    pub earlier: u64,
    /// Whether it is paid out. Amount and end stay: what it weighed before its end is still asked for, and from then on it weighs nothing either way.
    pub withdrawn: bool,
}

impl Lock {
    /// s.
    ///
    /// # Errors
    /// [`MathError::Overflow`].
    pub fn slope(&self) -> Result<u128, MathError> {
        slope(self.amount)
    }

    /// Base units that are still to be paid out.
    pub fn held(&self) -> u128 {
        match self.withdrawn {
            true => 0,
            false => self.amount,
        }
    }

    /// Whether it weighs anything at `time`.
    pub fn is_live(&self, time: u64) -> bool {
        self.amount > 0 && self.end > time
    }

    /// The state that takes its place in block `now`.
    pub fn next(&self, now: Moment, amount: u128, end: u64) -> Self {
        Self {
            since: now,
            amount,
            end,
            withdrawn: false,
            earlier: earlier(self.since, self.earlier, now),
        }
    }

    /// Both weights at `time`.
    ///
    /// # Errors
    /// [`MathError::Overflow`].
    pub fn power(&self, time: u64) -> Result<Power, MathError> {
        Ok(Power {
            weight: weight(self.slope()?, self.end, time)?.into(),
            linear: weight(self.amount, self.end, time)?.into(),
        })
    }
}

impl Row for Lock {
    fn write(&self, to: &mut Writer) {
        write_moment(to, self.since);
        to.int(self.amount);
        to.int(Day::of(self.end).index());
        to.int(self.withdrawn);
        to.int(self.earlier);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            since: read_moment(from)?,
            amount: from.int()?,
            end: Day::from_index(from.int()?).start(),
            withdrawn: from.flag()?,
            earlier: from.int()?,
        })
    }
}

fn write_moment(to: &mut Writer, moment: Moment) {
    to.ints([moment.height, moment.time]);
}

fn read_moment(from: &mut Reader) -> StdResult<Moment> {
    let [height, time] = from.pair()?;
    Ok(Moment { height, time })
}

/// The link of a state made in block `now` whose predecessor was made in `old` and has the link `link`.
fn earlier(old: Moment, link: u64, now: Moment) -> u64 {
    match Day::of(old.time) == Day::of(now.time) {
        true => link,
        false => old.height,
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
    /// Height of the newest sums that were recorded on a day before that of `at`; 0 if there are none.
    pub earlier: u64,
}

impl Sums {
    /// With locks that end at `end`.
    ///
    /// # Errors
    /// [`MathError::Overflow`].
    pub fn plus(self, added: Ending, end: u64) -> Result<Self, MathError> {
        Ok(Self {
            root: self.root.plus(Line::of(added.slope, end)?)?,
            linear: self.linear.plus(Line::of(added.amount, end)?)?,
            ..self
        })
    }

    /// Without locks that were added before.
    ///
    /// # Errors
    /// [`MathError::Overflow`] if they were not.
    pub fn minus(self, gone: Ending, end: u64) -> Result<Self, MathError> {
        Ok(Self {
            root: self.root.minus(Line::of(gone.slope, end)?)?,
            linear: self.linear.minus(Line::of(gone.amount, end)?)?,
            ..self
        })
    }

    /// The same sums, recorded in block `now`.
    pub fn recorded(self, now: Moment) -> Self {
        Self {
            at: now,
            earlier: earlier(self.at, self.earlier, now),
            ..self
        }
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
        write_moment(to, self.at);
        to.int(self.earlier);
        to.ints([self.root.bias, self.root.slope, self.linear.bias, self.linear.slope]);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let (at, earlier) = (read_moment(from)?, from.int()?);
        let line = |from: &mut Reader| from.pair().map(|[bias, slope]| Line { bias, slope });
        Ok(Self {
            at,
            root: line(from)?,
            linear: line(from)?,
            earlier,
        })
    }
}

/// Everything that is summed over accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    pub sums: Sums,
    /// Base units of all locks that are not withdrawn.
    pub held: u128,
    /// Accounts whose lock is not withdrawn.
    pub lockers: u64,
}

impl Total {
    /// As the escrow itself reads it.
    ///
    /// # Errors
    /// If the row is damaged.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(TOTAL.may_load(storage, &())?.unwrap_or_default())
    }
}

impl Row for Total {
    fn write(&self, to: &mut Writer) {
        self.sums.write(to);
        to.int(self.held);
        to.int(self.lockers);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            sums: Sums::read(from)?,
            held: from.int()?,
            lockers: from.int()?,
        })
    }
}

/// What the escrow answers to `TotalPower` and `Locked` at `now`, the block that is being made, but read from its storage: its code is not loaded, which is most of what
/// a question costs. None where only the escrow can tell: locks changed in this very block, or not within [`MOST_DAYS`], or there never was one.
///
/// # Errors
/// If there is no contract at that address, or a row is not as it should be.
pub fn sums_before(querier: QuerierWrapper, escrow: &Addr, now: Moment) -> StdResult<Option<Sums>> {
    let Some(total) = TOTAL.query(querier, escrow, &())? else {
        return Ok(None);
    };
    let mut sums = total.sums;
    let [first, last] = [day(sums.at.time)?, day(now.time)?];
    if sums.at.height >= now.height || last > first.saturating_add(MOST_DAYS) {
        return Ok(None);
    }
    for day in first.saturating_add(1)..=last {
        if let Some(ending) = ENDINGS.query(querier, escrow, &day)? {
            let gone = sums.minus(ending, midnight(day));
            sums = gone.map_err(|error| StdError::generic_err(error.to_string()))?;
        }
    }
    Ok(Some(sums))
}

/// All states of the sums that count at a midnight since that of `day`, as far as they are recorded, the newest first: the present one, and back from day to day until one that
/// was made before `day`.
///
/// # Errors
/// If there is no contract at that address, or a row is not as it should be.
pub fn sums_since(querier: QuerierWrapper, escrow: &Addr, day: u32) -> StdResult<Vec<Sums>> {
    let present = TOTAL.query(querier, escrow, &())?.map(|total| total.sums);
    back(
        present,
        day,
        |sums| (sums.at, sums.earlier),
        |height| TOTALS.query(querier, escrow, &height),
    )
}

/// All states of an account's lock that count at a midnight since that of `day`, as [`sums_since`].
///
/// # Errors
/// As [`sums_since`].
pub fn locks_since(querier: QuerierWrapper, escrow: &Addr, who: &Account, day: u32) -> StdResult<Vec<Lock>> {
    let present = LOCKS.query(querier, escrow, who)?;
    let past = |height| HISTORY.query(querier, escrow, &(who.clone(), height));
    back(present, day, |lock| (lock.since, lock.earlier), past)
}

/// Follows the links of states.
fn back<S>(
    present: Option<S>,
    day: u32,
    link: impl Fn(&S) -> (Moment, u64),
    past: impl Fn(u64) -> StdResult<Option<S>>,
) -> StdResult<Vec<S>> {
    let mut states = Vec::new();
    let mut next = present;
    while let Some(state) = next {
        let (made, earlier) = link(&state);
        states.push(state);
        next = match made.time < midnight(day) || earlier == 0 {
            true => None,
            false => Some(past(earlier)?.ok_or_else(|| corrupt("a state of the escrow is missing"))?),
        };
    }
    Ok(states)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use cosmwasm_std::testing::{MockApi, MockQuerier, MockStorage};
    use cosmwasm_std::{Binary, ContractResult, SystemResult, WasmQuery};

    use super::*;
    use crate::compact::{decode, encode};

    const DAY: u64 = 86_400;

    fn escrow() -> Addr {
        Addr::unchecked("escrow")
    }

    /// Answers raw questions from these rows.
    fn chain(rows: MockStorage) -> MockQuerier {
        let rows = Rc::new(rows);
        let mut querier = MockQuerier::default();
        querier.update_wasm(move |query| {
            let WasmQuery::Raw { key, .. } = query else {
                panic!("the escrow's code is loaded")
            };
            let row = rows.get(key.as_slice()).unwrap_or_default();
            SystemResult::Ok(ContractResult::Ok(Binary::from(row)))
        });
        querier
    }

    fn before(chain: &MockQuerier, height: u64, time: u64) -> StdResult<Option<Sums>> {
        sums_before(QuerierWrapper::new(chain), &escrow(), Moment { height, time })
    }

    fn line(slope: u128, end: u64) -> Line {
        Line::of(slope, end).unwrap()
    }

    fn total(sums: Sums) -> Total {
        Total {
            sums,
            held: 5,
            lockers: 1,
        }
    }

    #[test]
    fn rows_come_back_as_they_were_written() {
        let at = Moment { height: 7, time: 9 };
        let lock = Lock {
            since: at,
            amount: 10_000_000_000,
            end: 20_000 * DAY,
            earlier: 6,
            withdrawn: true,
        };
        assert_eq!(decode::<Lock>(&encode(&lock)).unwrap(), lock);
        let sums = Sums {
            at,
            root: line(3, 1 << 60),
            linear: line(4, 1 << 60),
            earlier: 5,
        };
        assert_eq!(decode::<Sums>(&encode(&sums)).unwrap(), sums);
        assert_eq!(decode::<Total>(&encode(&total(sums))).unwrap(), total(sums));
        day(u64::MAX).expect_err("a time beyond all days");
    }

    #[test]
    fn ends_are_taken_out_day_by_day_until_now() {
        let ends = [100, 101, 103].map(|day| day * DAY);
        let at = Moment {
            height: 7,
            time: 99 * DAY + 5,
        };
        let mut sums = Sums { at, ..Sums::default() };
        let mut rows = MockStorage::new();
        for (index, end) in ends.into_iter().enumerate() {
            let part = Ending {
                slope: index as u128 + 1,
                amount: 10 * (index as u128 + 1),
            };
            sums = sums.plus(part, end).unwrap();
            ENDINGS.save(&mut rows, &day(end).unwrap(), &part);
        }
        TOTAL.save(&mut rows, &(), &total(sums));
        let chain = chain(rows);
        let before = |height, time| before(&chain, height, time).unwrap();
        assert_eq!(before(7, at.time), None, "changed in this block");
        assert_eq!(before(8, 100 * DAY - 1), Some(sums));
        let rest = before(9, 101 * DAY).unwrap();
        assert_eq!((rest.root, rest.linear), (line(3, ends[2]), line(30, ends[2])));
        assert_eq!(before(9, 103 * DAY - 1), Some(rest));
        assert_eq!(rest.power(103 * DAY - 1).unwrap().linear.u128(), 30);
        assert_eq!(before(9, 103 * DAY).unwrap().linear, Line::default());
        assert!(before(9, midnight(99 + MOST_DAYS)).is_some());
        assert_eq!(before(9, midnight(100 + MOST_DAYS)), None, "too long ago");
    }

    #[test]
    fn without_a_row_the_escrow_is_asked_and_a_damaged_one_is_an_error() {
        assert_eq!(before(&chain(MockStorage::new()), 9, DAY), Ok(None));
        let mut rows = MockStorage::new();
        rows.set(&[0x83], &[0x80]);
        before(&chain(rows), 9, DAY).unwrap_err();
        let mut rows = MockStorage::new();
        TOTAL.save(&mut rows, &(), &Total::default());
        ENDINGS.save(&mut rows, &1, &Ending { slope: 1, amount: 1 });
        before(&chain(rows), 9, DAY).expect_err("what ends was never added");
    }

    /// States of blocks at these times, kept as the escrow keeps them: the newest in its row, the others behind it.
    fn locked_at(times: &[u64]) -> (MockStorage, Account) {
        let who = Account::parse(&MockApi::default(), MockApi::default().addr_make("alice").as_str()).unwrap();
        let mut rows = MockStorage::new();
        let (mut lock, mut sums) = (Lock::default(), Sums::default());
        for (height, time) in (1..).zip(times) {
            if height > 1 {
                HISTORY.save(&mut rows, &(who.clone(), lock.since.height), &lock);
                TOTALS.save(&mut rows, &sums.at.height, &sums);
            }
            let now = Moment { height, time: *time };
            (lock, sums) = (lock.next(now, height.into(), 1_000 * DAY), sums.recorded(now));
            LOCKS.save(&mut rows, &who, &lock);
            TOTAL.save(&mut rows, &(), &total(sums));
        }
        (rows, who)
    }

    #[test]
    fn states_are_followed_back_from_day_to_day() {
        // two on day 10, one on day 12 at its first second, two on day 15
        let times = [10 * DAY, 11 * DAY - 1, 12 * DAY, 15 * DAY + 4, 15 * DAY + 5];
        let (rows, who) = locked_at(&times);
        let chain = chain(rows);
        let querier = QuerierWrapper::new(&chain);
        for (day, expected) in [
            (0, &[5, 3, 2][..]),
            (10, &[5, 3, 2]),
            (11, &[5, 3, 2]),
            (12, &[5, 3, 2]),
            (13, &[5, 3]),
            (15, &[5, 3]),
            (16, &[5]),
        ] {
            let sums = sums_since(querier, &escrow(), day).unwrap();
            let locks = locks_since(querier, &escrow(), &who, day).unwrap();
            assert_eq!(
                sums.iter().map(|sums| sums.at.height).collect::<Vec<_>>(),
                expected,
                "{day}"
            );
            assert_eq!(
                locks.iter().map(|lock| lock.since.height).collect::<Vec<_>>(),
                expected,
                "{day}"
            );
        }
    }

    #[test]
    fn nobody_has_no_states_and_a_missing_one_is_an_error() {
        let (mut rows, who) = locked_at(&[]);
        let empty = chain(MockStorage::new());
        let querier = QuerierWrapper::new(&empty);
        assert_eq!(sums_since(querier, &escrow(), 0), Ok(vec![]));
        assert_eq!(locks_since(querier, &escrow(), &who, 0), Ok(vec![]));
        let now = Moment {
            height: 9,
            time: 9 * DAY,
        };
        let lock = Lock {
            since: now,
            earlier: 3,
            ..Lock::default()
        };
        LOCKS.save(&mut rows, &who, &lock);
        let broken = chain(rows);
        locks_since(QuerierWrapper::new(&broken), &escrow(), &who, 0).unwrap_err();
    }
}

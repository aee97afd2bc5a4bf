//! What the contract stores. Amounts are base units of VCAI, times unix seconds.
//!
//! # History
//! A state of a lock, or of the totals, names the block that made it. The present one stands in a row of its own; when a later block changes it, it moves to the history
//! and never changes again. All changes of one block become one state, the last. The state *before* a block is the newest one of a lower height.
//!
//! # Totals
//! Totals are stored as of the block that changed them. Locks end without a message: what ends on a day stands in that day's row of ENDINGS, and whoever asks about a later
//! time takes out what ended since, day by day (at most 1,461 rows after four idle years, none where somebody locked today). A row of ENDINGS is final once its day
//! has begun, because every lock that is changed ends later than now; so a question about the past finds what it would have found then.

use cosmwasm_std::{Addr, Env, Order, StdError, StdResult, Storage, Uint128};
use interfaces::vote_escrow::{AccountFee, Params, ACCOUNT_FEE_BOUNDS, MIN_LOCK_BOUNDS};
use interfaces::voting::{Moment, Power};
use kit::compact::{corrupt, Account, Reader, Row, Table, Writer};
use kit::escrow::{self, Ending, Sums};
use math::vote_escrow::{slope, weight};
use math::{Day, MathError};

use crate::error::ContractError;

/// CONFIG: () → peers and parameters. 1 + ~200 bytes.
const CONFIG: Table<(), Config> = Table::new(0x80);
/// LOCKS: account → its present lock; kept when it is withdrawn. 21 + ~20 bytes.
pub const LOCKS: Table<Account, Lock> = Table::new(0x81);
/// HISTORY: (account, height) → a lock as that block left it, until the next one in the series. 30 + ~20 bytes.
pub const HISTORY: Table<(Account, u64), Lock> = Table::new(0x82);
/// TOTAL: () → the present totals; governance reads the sums in it. 1 + ~65 bytes.
const TOTAL: Table<(), Total> = Table::new(escrow::TOTAL);
/// TOTALS: height → totals as that block left them, until the next one in the series. 9 + ~55 bytes.
pub const TOTALS: Table<u64, Sums> = Table::new(0x84);
/// ENDINGS: day → what ends at its 00:00 UTC; no row where nothing does; governance reads those since the newest change. 5 + ~17 bytes.
pub const ENDINGS: Table<u32, Ending> = Table::new(escrow::ENDINGS);

/// Peers, and parameters within their bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub vcai: Addr,
    pub token_allocation: Addr,
    pub ve_rewards: Addr,
    pub min_lock: Uint128,
    /// Amount and recipient.
    pub account_fee: Option<(Uint128, Addr)>,
    pub gate: Option<Addr>,
}

impl Config {
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        let missing = || StdError::not_found("config");
        CONFIG.may_load(storage, &())?.ok_or_else(missing)
    }

    /// # Errors
    /// [`ContractError::OutOfRange`]; nothing is written then.
    pub fn save(&self, storage: &mut dyn Storage) -> Result<(), ContractError> {
        within("min_lock", self.min_lock, MIN_LOCK_BOUNDS)?;
        if let Some((amount, _)) = self.account_fee {
            within("account_fee", amount, ACCOUNT_FEE_BOUNDS)?;
        }
        CONFIG.save(storage, &(), self);
        Ok(())
    }

    /// Fee of the first lock of an account.
    pub fn fee(&self) -> Uint128 {
        self.account_fee.as_ref().map_or(Uint128::zero(), |(amount, _)| *amount)
    }

    pub fn params(&self) -> Params {
        Params {
            min_lock: self.min_lock,
            account_fee: self.account_fee.as_ref().map(|(amount, to)| AccountFee {
                amount: *amount,
                to: to.to_string(),
            }),
            gate: self.gate.as_ref().map(Addr::to_string),
        }
    }
}

fn within(name: &'static str, actual: Uint128, (min, max): (u128, u128)) -> Result<(), ContractError> {
    let (min, max) = (Uint128::new(min), Uint128::new(max));
    match actual >= min && actual <= max {
        true => Ok(()),
        false => Err(ContractError::OutOfRange { name, min, max, actual }),
    }
}

impl Row for Config {
    fn write(&self, to: &mut Writer) {
        to.text(self.vcai.as_str());
        to.text(self.token_allocation.as_str());
        to.text(self.ve_rewards.as_str());
        to.int(self.min_lock);
        to.option(&self.account_fee, |to, (amount, recipient)| {
            to.int(*amount);
            to.text(recipient.as_str());
        });
        to.option(&self.gate, |to, gate| to.text(gate.as_str()));
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let address = |from: &mut Reader| -> StdResult<Addr> { Ok(Addr::unchecked(from.text()?)) };
        Ok(Self {
            vcai: address(from)?,
            token_allocation: address(from)?,
            ve_rewards: address(from)?,
            min_lock: from.amount()?,
            account_fee: from.option(|from| Ok((from.amount()?, address(from)?)))?,
            gate: from.option(address)?,
        })
    }
}

/// The block of now.
pub fn present(env: &Env) -> Moment {
    Moment {
        height: env.block.height,
        time: env.block.time.seconds(),
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
    /// Whether it is paid out. Amount and end stay: what it weighed before its end is still asked for, and from then on it weighs nothing either way.
    pub withdrawn: bool,
}

impl Lock {
    /// s.
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

    /// Both weights at `time`.
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
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            since: read_moment(from)?,
            amount: from.int()?,
            end: Day::from_index(from.int()?).start(),
            withdrawn: from.flag()?,
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

/// The present lock of an account.
pub fn lock(storage: &dyn Storage, who: &Account) -> StdResult<Lock> {
    Ok(LOCKS.may_load(storage, who)?.unwrap_or_default())
}

/// The lock of an account before the block of that height. Two reads at most.
pub fn lock_before(storage: &dyn Storage, who: &Account, height: u64) -> StdResult<Lock> {
    let present = lock(storage, who)?;
    if present.since.height < height {
        return Ok(present);
    }
    let past = HISTORY.last(storage, (who.clone(), 0)..(who.clone(), height))?;
    Ok(past.map_or_else(Lock::default, |(_, lock)| lock))
}

/// The sums at a later time, if nothing but the passage of time changed them.
pub fn at_time(mut sums: Sums, storage: &dyn Storage, time: u64) -> Result<Sums, ContractError> {
    let (settled, last) = (day(sums.at.time)?, day(time)?);
    if settled < last && sums.linear.slope > 0 {
        for row in ENDINGS.range(storage, settled.saturating_add(1)..=last, Order::Ascending) {
            let (day, ending) = row?;
            sums = sums.minus(ending, midnight(day))?;
        }
    }
    Ok(sums)
}

/// Day number of a time, as a key.
pub fn day(time: u64) -> Result<u32, ContractError> {
    Ok(u32::try_from(Day::of(time).index()).map_err(|_| corrupt("a time beyond all days"))?)
}

/// 00:00 UTC of a day number.
pub fn midnight(day: u32) -> u64 {
    Day::from_index(day.into()).start()
}

/// The totals before the block of the moment, at its time.
///
/// # Errors
/// [`ContractError::Future`]; [`ContractError::NeverWas`] where the blocks recorded around that height say it had another time. So a sum is never asked for at a time
/// whose ends were still to be settled.
pub fn sums_before(storage: &dyn Storage, env: &Env, moment: Moment) -> Result<Sums, ContractError> {
    at_time(bracket(storage, env, moment)?, storage, moment.time)
}

/// The newest recorded totals below the moment's height, if the moment can have been. One read where nothing changed since, three at most.
pub fn bracket(storage: &dyn Storage, env: &Env, moment: Moment) -> Result<Sums, ContractError> {
    known_height(env, moment.height)?;
    let now = env.block.time.seconds();
    if moment.time > now {
        return Err(ContractError::Future {
            what: "second",
            asked: moment.time,
            now,
        });
    }
    let present = Total::load(storage)?.sums;
    let (before, latest) = match present.at.height < moment.height {
        true => (present, now),
        false => around(storage, present, moment.height)?,
    };
    match before.at.time <= moment.time && moment.time <= latest {
        true => Ok(before),
        false => Err(ContractError::NeverWas(moment)),
    }
}

/// The recorded totals below a height, and the time of the next recorded block from it on.
fn around(storage: &dyn Storage, present: Sums, height: u64) -> StdResult<(Sums, u64)> {
    let before = TOTALS.last(storage, ..height)?;
    let after = TOTALS.range(storage, height.., Order::Ascending).next().transpose()?;
    let before = before.map_or_else(Sums::default, |(_, sums)| sums);
    Ok((before, after.map_or(present, |(_, sums)| sums).at.time))
}

/// # Errors
/// [`ContractError::Future`].
pub fn known_height(env: &Env, height: u64) -> Result<(), ContractError> {
    let now = env.block.height;
    match height <= now {
        true => Ok(()),
        false => Err(ContractError::Future {
            what: "height",
            asked: height,
            now,
        }),
    }
}

/// The newest recorded block below a height.
pub fn mark_below(storage: &dyn Storage, height: u64) -> StdResult<Option<Moment>> {
    let present = Total::load(storage)?.sums.at;
    if present.height < height {
        return Ok((present != Moment::default()).then_some(present));
    }
    Ok(TOTALS.last(storage, ..height)?.map(|(_, sums)| sums.at))
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

/// The one way to change locks: it keeps locks, totals, endings and both histories together.
pub struct Book {
    now: Moment,
    /// As stored.
    old: Total,
    new: Total,
}

impl Book {
    pub fn open(storage: &dyn Storage, env: &Env) -> StdResult<Self> {
        let old = Total::load(storage)?;
        Ok(Self {
            now: present(env),
            old,
            new: old,
        })
    }

    /// Gives an account, whose lock is `old` and has not ended (or never was), another amount and end. The new end lies ahead.
    pub fn change(
        &mut self,
        storage: &mut dyn Storage,
        who: &Account,
        old: &Lock,
        amount: u128,
        end: u64,
    ) -> Result<Lock, ContractError> {
        if old.since.height != 0 && old.since.height < self.now.height {
            HISTORY.save(storage, &(who.clone(), old.since.height), old);
        }
        let new = Lock {
            since: self.now,
            amount,
            end,
            withdrawn: false,
        };
        LOCKS.save(storage, who, &new);
        self.mark(storage)?;
        let mut sums = self.new.sums;
        if old.is_live(self.now.time) {
            let gone = ending(old)?;
            sums = sums.minus(gone, old.end)?;
            settle(storage, old.end, |row| without(row, gone))?;
        }
        let added = ending(&new)?;
        settle(storage, end, |row| with(row, added))?;
        self.new.sums = sums.plus(added, end)?;
        self.hold(old, &new)?;
        Ok(new)
    }

    /// Books the payment of a lock that has ended: the totals lost it at its end.
    pub fn withdraw(&mut self, storage: &mut dyn Storage, who: &Account, old: &Lock) -> Result<(), ContractError> {
        let new = Lock {
            withdrawn: true,
            ..*old
        };
        LOCKS.save(storage, who, &new);
        self.hold(old, &new)
    }

    /// Records this block: brings the totals up to now.
    pub fn mark(&mut self, storage: &dyn Storage) -> Result<(), ContractError> {
        self.new.sums = at_time(self.new.sums, storage, self.now.time)?;
        self.new.sums.at = self.now;
        Ok(())
    }

    fn hold(&mut self, old: &Lock, new: &Lock) -> Result<(), ContractError> {
        let held = self.new.held.checked_add(new.held()).ok_or(MathError::Overflow)?;
        self.new.held = held.checked_sub(old.held()).ok_or(MathError::Overflow)?;
        match (old.held(), new.held()) {
            (0, 1..) => self.new.lockers = self.new.lockers.saturating_add(1),
            (1.., 0) => self.new.lockers = self.new.lockers.saturating_sub(1),
            _ => {}
        }
        Ok(())
    }

    /// Writes the totals, once a message.
    pub fn close(self, storage: &mut dyn Storage) {
        let before = self.old.sums;
        if before.at.height != 0 && before.at.height < self.new.sums.at.height {
            TOTALS.save(storage, &before.at.height, &before);
        }
        TOTAL.save(storage, &(), &self.new);
    }
}

/// What a lock takes along at its end.
fn ending(lock: &Lock) -> Result<Ending, MathError> {
    Ok(Ending {
        slope: lock.slope()?,
        amount: lock.amount,
    })
}

fn with(row: Ending, added: Ending) -> Option<Ending> {
    Some(Ending {
        slope: row.slope.checked_add(added.slope)?,
        amount: row.amount.checked_add(added.amount)?,
    })
}

fn without(row: Ending, gone: Ending) -> Option<Ending> {
    Some(Ending {
        slope: row.slope.checked_sub(gone.slope)?,
        amount: row.amount.checked_sub(gone.amount)?,
    })
}

/// Changes the row of the day of an end.
fn settle(
    storage: &mut dyn Storage,
    end: u64,
    change: impl FnOnce(Ending) -> Option<Ending>,
) -> Result<(), ContractError> {
    let day = day(end)?;
    let row = ENDINGS.may_load(storage, &day)?.unwrap_or_default();
    let row = change(row).ok_or(MathError::Overflow)?;
    match row == Ending::default() {
        true => ENDINGS.remove(storage, &day),
        false => ENDINGS.save(storage, &day, &row),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::{mock_env, MockApi, MockStorage};
    use kit::compact::{decode, encode};
    use math::vote_escrow::Line;

    use super::*;

    const DAY: u64 = 86_400;

    fn env(height: u64, time: u64) -> Env {
        let mut env = mock_env();
        (env.block.height, env.block.time) = (height, cosmwasm_std::Timestamp::from_seconds(time));
        env
    }

    #[test]
    fn rows_come_back_as_they_were_written() {
        let at = Moment { height: 7, time: 9 };
        let lock = Lock {
            since: at,
            amount: 10_000_000_000,
            end: 20_000 * DAY,
            withdrawn: true,
        };
        assert_eq!(decode::<Lock>(&encode(&lock)).unwrap(), lock);
        let line = Line {
            bias: 1 << 87,
            slope: 3,
        };
        let sums = Sums {
            at,
            root: line,
            linear: line,
        };
        let total = Total {
            sums,
            held: 5,
            lockers: 1,
        };
        assert_eq!(decode::<Sums>(&encode(&sums)).unwrap(), sums);
        assert_eq!(decode::<Total>(&encode(&total)).unwrap(), total);
        let address = Addr::unchecked;
        for (account_fee, gate) in [
            (None, None),
            (Some((Uint128::one(), address("to"))), Some(address("gate"))),
        ] {
            let config = Config {
                vcai: address("vcai"),
                token_allocation: address("allocation"),
                ve_rewards: address("rewards"),
                min_lock: Uint128::new(5),
                account_fee,
                gate,
            };
            assert_eq!(decode::<Config>(&encode(&config)).unwrap(), config);
        }
    }

    #[test]
    fn several_locks_of_one_message_and_block_keep_one_row_of_history() {
        let (mut storage, api) = (MockStorage::new(), MockApi::default());
        let who = Account::parse(&api, api.addr_make("alice").as_str()).unwrap();
        let end = 20_100 * DAY;
        for (height, amount) in [(1, 5), (1, 6), (4, 7), (4, 8), (9, 9)] {
            let env = env(height, 20_000 * DAY + height);
            let old = lock(&storage, &who).unwrap();
            let mut book = Book::open(&storage, &env).unwrap();
            book.change(&mut storage, &who, &old, amount, end).unwrap();
            book.close(&mut storage);
        }
        let before = |height| lock_before(&storage, &who, height).unwrap().amount;
        assert_eq!([0, 1, 2, 4, 5, 9, 10].map(before), [0, 0, 6, 6, 8, 8, 9]);
        assert_eq!(TOTALS.range(&storage, .., Order::Ascending).count(), 2);
        let endings = ENDINGS.range(&storage, .., Order::Ascending);
        let endings: Vec<_> = endings.map(|row| row.unwrap().1.amount).collect();
        assert_eq!(endings, [9], "of all that was, what there is");
    }

    #[test]
    fn an_ending_that_nobody_booked_is_an_error_and_never_a_panic() {
        let mut storage = MockStorage::new();
        let gone = Ending { slope: 1, amount: 1 };
        let error = settle(&mut storage, DAY, |row| without(row, gone)).unwrap_err();
        assert_eq!(error, ContractError::Math(MathError::Overflow));
        assert_eq!(day(u64::MAX).unwrap_err().code(), 900);
    }
}

//! What the contract stores beside the books of [`kit::escrow`], and how it keeps those. Amounts are base units of VCAI, times unix seconds.
//!
//! Taking out what ended since the sums were recorded takes at most 1,461 rows after four idle years, and none where somebody locked today. A row of ENDINGS is final once
//! its day has begun, because every lock that is changed ends later than now; so a question about the past finds what it would have found then.

use cosmwasm_std::{Addr, Env, Order, StdError, StdResult, Storage, Uint128};
use interfaces::vote_escrow::{AccountFee, Params, ACCOUNT_FEE_BOUNDS, MIN_LOCK_BOUNDS};
use interfaces::voting::Moment;
use kit::compact::{Account, Reader, Row, Table, Writer};
use kit::escrow::{day, midnight, Ending, Lock, Sums, Total, ENDINGS, HISTORY, LOCKS, TOTAL, TOTALS};
use math::MathError;

use crate::error::ContractError;

/// CONFIG: () → peers and parameters. 1 + ~140 bytes.
const CONFIG: Table<(), Config> = Table::new(0x80);

/// Peers, and parameters within their bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub vcai: Addr,
    pub token_allocation: Addr,
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
        let new = old.next(self.now, amount, end);
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
        self.new.sums = at_time(self.new.sums, storage, self.now.time)?.recorded(self.now);
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

    use super::*;

    const DAY: u64 = 86_400;

    fn env(height: u64, time: u64) -> Env {
        let mut env = mock_env();
        (env.block.height, env.block.time) = (height, cosmwasm_std::Timestamp::from_seconds(time));
        env
    }

    #[test]
    fn the_row_comes_back_as_it_was_written() {
        let address = Addr::unchecked;
        for (account_fee, gate) in [
            (None, None),
            (Some((Uint128::one(), address("to"))), Some(address("gate"))),
        ] {
            let config = Config {
                vcai: address("vcai"),
                token_allocation: address("allocation"),
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
        for (height, amount) in [(1, 5), (1, 6), (4, 7), (4, 8), (9, 9), (9, 10)] {
            let env = env(height, 20_000 * DAY + height);
            let old = lock(&storage, &who).unwrap();
            let mut book = Book::open(&storage, &env).unwrap();
            book.change(&mut storage, &who, &old, amount, end).unwrap();
            book.close(&mut storage);
        }
        let before = |height| lock_before(&storage, &who, height).unwrap().amount;
        assert_eq!([0, 1, 2, 4, 5, 9, 10].map(before), [0, 0, 6, 6, 8, 8, 10]);
        assert_eq!(HISTORY.range(&storage, .., Order::Ascending).count(), 2);
        assert_eq!(TOTALS.range(&storage, .., Order::Ascending).count(), 2);
        let endings = ENDINGS.range(&storage, .., Order::Ascending);
        let endings: Vec<_> = endings.map(|row| row.unwrap().1.amount).collect();
        assert_eq!(endings, [10], "of all that was, what there is");
    }

    #[test]
    fn an_ending_that_nobody_booked_is_an_error_and_never_a_panic() {
        let mut storage = MockStorage::new();
        let gone = Ending { slope: 1, amount: 1 };
        let error = settle(&mut storage, DAY, |row| without(row, gone)).unwrap_err();
        assert_eq!(error, ContractError::Math(MathError::Overflow));
    }
}

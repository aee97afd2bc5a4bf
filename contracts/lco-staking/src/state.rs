//! What the contract stores. Amounts are µLCO, times unix seconds, integrals µLCO · s.
//!
//! # Time
//! What changes in second *s* is in force from *s* + 1. So the state in force at a second is the state before everything that happened in it, it is fixed once
//! that second has begun, and no message can reach back behind a question: stake that arrives in the block of a proposal, or in any other block of its second,
//! has no part in it. All changes of one second become one row, the last state of that second.
//!
//! # History
//! A row with its own beginning is a [`Span`]. The present span stands in the hot row; when a later second changes it, it moves to the history and never changes
//! again. A span carries its integrals up to its beginning, so that those up to any second are one look-up and one multiplication away.

use cosmwasm_std::{Addr, StdError, StdResult, Storage, Uint128};
use interfaces::lco_staking::{Params, Tier, Unbonding, UNBONDING_SECONDS};
use kit::compact::{Account, Key, Reader, Row, Table, Writer};
use math::Day;

use crate::error::ContractError;

/// CONFIG: () → token and thresholds. 1 + ~90 bytes.
const CONFIG: Table<(), Config> = Table::new(0x80);
/// ACCOUNTS: account → its present span; kept when the stake is gone. 22 + ~30 bytes.
pub const ACCOUNTS: Table<Account, Span<Holding>> = Table::new(0x81);
/// HISTORY: (account, from) → a span that is over. 30 + ~30 bytes.
pub const HISTORY: Table<(Account, u64), Span<Holding>> = Table::new(0x82);
/// TOTAL: () → the sums over all accounts. 1 + ~50 bytes. Other contracts read its beginning by [`kit::stake::bonded`].
const TOTAL: Table<(), Total> = Table::new(kit::stake::TOTAL);
/// TOTAL_HISTORY: from → sums that are over; one row a second at most. 9 + ~45 bytes.
pub const TOTAL_HISTORY: Table<u64, Span<Sums>> = Table::new(0x84);
/// UNBONDING: account → what is on its way out, the earliest first; at most 9. 22 + ~12 bytes each.
const UNBONDING: Table<Account, Leaving> = Table::new(0x85);
/// MARKS: height → time of that block. 9 + 5 bytes.
pub const MARKS: Table<u64, u64> = Table::new(0x86);

/// Thresholds within their bounds, and the one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub l_coin: Addr,
    pub params: Params,
}

impl Config {
    /// # Errors
    /// [`ContractError::OutOfRange`], [`ContractError::NotRising`].
    pub fn new(l_coin: Addr, params: Params) -> Result<Self, ContractError> {
        let first = Params::default();
        let thresholds = [
            ("lv2", params.lv2, first.lv2),
            ("lv3", params.lv3, first.lv3),
            ("lv4", params.lv4, first.lv4),
            ("whale", params.whale, first.whale),
        ];
        let mut below = Uint128::zero();
        for (name, actual, first) in thresholds {
            // a governance without Whales could never vote itself new ones, and one of dust would belong to anybody
            let (min, max) = (first.checked_div(TEN)?, first.checked_mul(TEN)?);
            if actual < min || actual > max {
                return Err(ContractError::OutOfRange { name, min, max, actual });
            }
            if actual <= below {
                return Err(ContractError::NotRising { name, below, actual });
            }
            below = actual;
        }
        Ok(Self { l_coin, params })
    }

    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        let missing = || StdError::not_found("config");
        CONFIG.may_load(storage, &())?.ok_or_else(missing)
    }

    pub fn save(&self, storage: &mut dyn Storage) {
        CONFIG.save(storage, &(), self);
    }

    /// The tier of a stake.
    pub fn tier_of(&self, stake: Uint128) -> Tier {
        let Params { lv2, lv3, lv4, whale } = self.params;
        match stake {
            stake if stake >= whale => Tier::Whale,
            stake if stake >= lv4 => Tier::Lv4,
            stake if stake >= lv3 => Tier::Lv3,
            stake if stake >= lv2 => Tier::Lv2,
            _ => Tier::Lv1,
        }
    }
}

const TEN: Uint128 = Uint128::new(10);

impl Row for Config {
    fn write(&self, writer: &mut Writer) {
        let Params { lv2, lv3, lv4, whale } = self.params;
        writer.text(self.l_coin.as_str());
        writer.ints([lv2, lv3, lv4, whale]);
    }

    fn read(reader: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            l_coin: Addr::unchecked(reader.text()?),
            params: Params {
                lv2: reader.amount()?,
                lv3: reader.amount()?,
                lv4: reader.amount()?,
                whale: reader.amount()?,
            },
        })
    }
}

/// What is constant over a span.
pub trait Level: Row + Clone + Default + PartialEq {
    /// µLCO bonded.
    fn stake(&self) -> Uint128;
    /// µLCO times weight of tier.
    fn weighted(&self) -> StdResult<Uint128>;
    /// µLCO that vote.
    fn whale(&self) -> Uint128;
}

/// Stake of one account, and the tier it was given at its last change. Everything that depends on the tier uses this one, never the present thresholds: otherwise
/// a new threshold would change the sums without a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    pub stake: Uint128,
    pub tier: Tier,
}

impl Level for Holding {
    fn stake(&self) -> Uint128 {
        self.stake
    }

    fn weighted(&self) -> StdResult<Uint128> {
        Ok(self.stake.checked_mul(Uint128::from(self.tier.weight()))?)
    }

    fn whale(&self) -> Uint128 {
        match self.tier {
            Tier::Whale => self.stake,
            _ => Uint128::zero(),
        }
    }
}

impl Row for Holding {
    fn write(&self, writer: &mut Writer) {
        writer.ints([self.stake]);
        writer.int(match self.tier {
            Tier::Lv1 => 1u8,
            Tier::Lv2 => 2,
            Tier::Lv3 => 3,
            Tier::Lv4 => 4,
            Tier::Whale => 5,
        });
    }

    fn read(reader: &mut Reader) -> StdResult<Self> {
        let stake = reader.amount()?;
        let tier = match reader.int::<u8>()? {
            1 => Tier::Lv1,
            2 => Tier::Lv2,
            3 => Tier::Lv3,
            4 => Tier::Lv4,
            5 => Tier::Whale,
            other => return Err(StdError::parse_err("tier", other)),
        };
        Ok(Self { stake, tier })
    }
}

/// Sums over all accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub stake: Uint128,
    pub weighted: Uint128,
    pub whale: Uint128,
}

impl Sums {
    /// The sums after one account went from `old` to `new`.
    pub fn replace(&self, old: &Holding, new: &Holding) -> StdResult<Self> {
        Ok(Self {
            stake: self.stake.checked_add(new.stake)?.checked_sub(old.stake)?,
            weighted: self
                .weighted
                .checked_add(new.weighted()?)?
                .checked_sub(old.weighted()?)?,
            whale: self.whale.checked_add(new.whale())?.checked_sub(old.whale())?,
        })
    }
}

impl Level for Sums {
    fn stake(&self) -> Uint128 {
        self.stake
    }

    fn weighted(&self) -> StdResult<Uint128> {
        Ok(self.weighted)
    }

    fn whale(&self) -> Uint128 {
        self.whale
    }
}

impl Row for Sums {
    fn write(&self, writer: &mut Writer) {
        writer.ints([self.stake, self.weighted, self.whale]);
    }

    fn read(reader: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            stake: reader.amount()?,
            weighted: reader.amount()?,
            whale: reader.amount()?,
        })
    }
}

/// ∫ stake dt and ∫ stake · weight dt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Integrals {
    pub stake: Uint128,
    pub weight: Uint128,
}

impl Integrals {
    /// What came to it since `earlier`.
    pub fn since(&self, earlier: &Self) -> StdResult<Self> {
        Ok(Self {
            stake: self.stake.checked_sub(earlier.stake)?,
            weight: self.weight.checked_sub(earlier.weight)?,
        })
    }
}

/// A level, the second from which it is in force, and the integrals up to there. The default, from second 0, stands for whoever has no row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span<L> {
    pub from: u64,
    pub level: L,
    pub passed: Integrals,
}

impl<L: Level> Span<L> {
    /// The integrals up to and without `time`, which must not lie before the span.
    pub fn integrals(&self, time: u64) -> StdResult<Integrals> {
        let seconds = Uint128::from(time).checked_sub(Uint128::from(self.from))?;
        let stake = self.level.stake().checked_mul(seconds)?;
        let weight = self.level.weighted()?.checked_mul(seconds)?;
        Ok(Integrals {
            stake: self.passed.stake.checked_add(stake)?,
            weight: self.passed.weight.checked_add(weight)?,
        })
    }

    /// The span that follows in force from `from`; where that is the beginning of this one, it takes its place.
    fn follow(&self, from: u64, level: L) -> StdResult<Self> {
        Ok(Self {
            from,
            level,
            passed: self.integrals(from)?,
        })
    }

    /// Whether the span belongs to the history once another begins at `from`.
    fn is_over(&self, from: u64) -> bool {
        self.from != 0 && self.from < from
    }
}

impl<L: Level> Row for Span<L> {
    fn write(&self, writer: &mut Writer) {
        writer.int(self.from);
        self.level.write(writer);
        writer.ints([self.passed.stake, self.passed.weight]);
    }

    fn read(reader: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            from: reader.int()?,
            level: L::read(reader)?,
            passed: Integrals {
                stake: reader.amount()?,
                weight: reader.amount()?,
            },
        })
    }
}

/// The present span of an account.
pub fn account(storage: &dyn Storage, account: &Account) -> StdResult<Span<Holding>> {
    Ok(ACCOUNTS.may_load(storage, account)?.unwrap_or_default())
}

/// The span of an account in force at `time`. Two reads at most.
pub fn account_at(storage: &dyn Storage, who: &Account, time: u64) -> StdResult<Span<Holding>> {
    at(storage, &HISTORY, of(who), account(storage, who)?, time)
}

/// The sums in force at `time`. Two reads at most.
pub fn total_at(storage: &dyn Storage, time: u64) -> StdResult<Span<Sums>> {
    at(storage, &TOTAL_HISTORY, |from| from, Total::load(storage)?.span, time)
}

/// Keys of an account's history by the seconds at which its spans begin.
pub fn of(who: &Account) -> impl Fn(u64) -> (Account, u64) + '_ {
    |from| (who.clone(), from)
}

/// The span in force at `time`, of a present span and its history with keys `key`.
pub fn at<K: Key, L: Level>(
    storage: &dyn Storage,
    history: &Table<K, Span<L>>,
    key: impl Fn(u64) -> K,
    present: Span<L>,
    time: u64,
) -> StdResult<Span<L>> {
    if present.from <= time {
        return Ok(present);
    }
    let past = history.last(storage, key(0)..=key(time))?;
    Ok(past.map_or_else(Span::default, |(_, span)| span))
}

/// Everything that is summed over accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Total {
    pub span: Span<Sums>,
    /// µLCO unstaked and not claimed.
    pub unbonding: Uint128,
    /// Accounts that have a stake.
    pub stakers: u64,
}

impl Total {
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(TOTAL.may_load(storage, &())?.unwrap_or_default())
    }
}

impl Row for Total {
    fn write(&self, writer: &mut Writer) {
        self.span.write(writer);
        writer.ints([self.unbonding]);
        writer.int(self.stakers);
    }

    fn read(reader: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            span: Span::read(reader)?,
            unbonding: reader.amount()?,
            stakers: reader.int()?,
        })
    }
}

/// The one way to change stakes: it keeps accounts, sums and both histories together.
pub struct Book {
    height: u64,
    now: u64,
    /// When changes of this second are in force.
    from: u64,
    old: Total,
    sums: Sums,
    unbonding: Uint128,
    stakers: u64,
}

impl Book {
    pub fn open(storage: &dyn Storage, height: u64, now: u64) -> StdResult<Self> {
        let old = Total::load(storage)?;
        Ok(Self {
            height,
            now,
            from: now.saturating_add(1),
            sums: old.span.level,
            unbonding: old.unbonding,
            stakers: old.stakers,
            old,
        })
    }

    /// Gives an account, whose present span is `old`, a new stake and tier.
    pub fn change(
        &mut self,
        storage: &mut dyn Storage,
        account: &Account,
        old: &Span<Holding>,
        new: Holding,
    ) -> StdResult<()> {
        if old.is_over(self.from) {
            HISTORY.save(storage, &(account.clone(), old.from), old);
        }
        ACCOUNTS.save(storage, account, &old.follow(self.from, new)?);
        self.sums = self.sums.replace(&old.level, &new)?;
        match (old.level.stake.is_zero(), new.stake.is_zero()) {
            (true, false) => self.stakers = self.stakers.saturating_add(1),
            (false, true) => self.stakers = self.stakers.saturating_sub(1),
            _ => {}
        }
        Ok(())
    }

    /// Books money on its way out.
    pub fn unbond(&mut self, amount: Uint128) -> StdResult<()> {
        self.unbonding = self.unbonding.checked_add(amount)?;
        Ok(())
    }

    /// Books money that leaves.
    pub fn pay(&mut self, amount: Uint128) -> StdResult<()> {
        self.unbonding = self.unbonding.checked_sub(amount)?;
        Ok(())
    }

    /// Writes the sums, once a message.
    pub fn close(self, storage: &mut dyn Storage) -> StdResult<()> {
        let before = self.old.span;
        let mut span = before;
        if self.sums != before.level {
            if before.is_over(self.from) {
                TOTAL_HISTORY.save(storage, &before.from, &before);
            }
            if before.from != self.from {
                mark(storage, self.height, self.now);
            }
            span = before.follow(self.from, self.sums)?;
        }
        let new = Total {
            span,
            unbonding: self.unbonding,
            stakers: self.stakers,
        };
        if new != self.old {
            TOTAL.save(storage, &(), &new);
        }
        Ok(())
    }
}

/// Records the time of a height.
pub fn mark(storage: &mut dyn Storage, height: u64, now: u64) {
    MARKS.save(storage, &height, &now);
}

/// Money of one account on its way out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaving(Vec<Unbonding>);

impl Leaving {
    pub fn load(storage: &dyn Storage, account: &Account) -> StdResult<Self> {
        Ok(UNBONDING.may_load(storage, account)?.unwrap_or_default())
    }

    pub fn save(&self, storage: &mut dyn Storage, account: &Account) {
        match self.0.is_empty() {
            true => UNBONDING.remove(storage, account),
            false => UNBONDING.save(storage, account, self),
        }
    }

    /// The entries, the earliest first.
    pub fn entries(&self) -> &[Unbonding] {
        &self.0
    }

    /// Adds what is unstaked now, and answers when it can be claimed. Amounts of one day leave together, and so do all whose time has come: seven days touch
    /// eight days of UTC, so there are never more than nine entries.
    pub fn add(&mut self, amount: Uint128, now: u64) -> StdResult<u64> {
        let until = now.saturating_add(UNBONDING_SECONDS);
        let due = self.take_due(now)?;
        if !due.is_zero() {
            self.0.insert(
                0,
                Unbonding {
                    amount: due,
                    until: now,
                },
            );
        }
        match self.0.last_mut() {
            Some(last) if Day::of(last.until) == Day::of(until) => {
                last.amount = last.amount.checked_add(amount)?;
                last.until = until;
            }
            _ => self.0.push(Unbonding { amount, until }),
        }
        Ok(until)
    }

    /// What can be claimed.
    pub fn due(&self, now: u64) -> StdResult<Uint128> {
        let due = self.0.iter().filter(|entry| entry.until <= now);
        due.map(|entry| entry.amount)
            .try_fold(Uint128::zero(), |sum, amount| Ok(sum.checked_add(amount)?))
    }

    /// Takes out what can be claimed.
    pub fn take_due(&mut self, now: u64) -> StdResult<Uint128> {
        let due = self.due(now)?;
        self.0.retain(|entry| entry.until > now);
        Ok(due)
    }
}

impl Row for Leaving {
    fn write(&self, writer: &mut Writer) {
        writer.list(&self.0, |writer, entry| {
            writer.int(entry.amount);
            writer.int(entry.until);
        });
    }

    fn read(reader: &mut Reader) -> StdResult<Self> {
        let entry = |reader: &mut Reader| {
            Ok(Unbonding {
                amount: reader.amount()?,
                until: reader.int()?,
            })
        };
        Ok(Self(reader.list(entry)?))
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::{MockApi, MockStorage};
    use cosmwasm_std::Order;
    use kit::compact::{decode, encode};
    use proptest::prelude::*;

    use super::*;

    const DAY: u64 = 86_400;
    /// 00:00 UTC.
    const MIDNIGHT: u64 = 20_000 * DAY;

    fn holding(stake: u128, tier: Tier) -> Holding {
        Holding {
            stake: Uint128::new(stake),
            tier,
        }
    }

    fn leaving(list: &Leaving) -> Vec<(u128, u64)> {
        let entries = list.entries().iter();
        entries.map(|entry| (entry.amount.u128(), entry.until)).collect()
    }

    #[test]
    fn a_day_leaves_together_and_what_is_due_too() {
        let mut list = Leaving::default();
        for (amount, now) in [
            (1, MIDNIGHT),
            (2, MIDNIGHT + DAY - 1),
            (4, MIDNIGHT + DAY),
            (8, MIDNIGHT + 8 * DAY),
        ] {
            assert_eq!(list.add(Uint128::new(amount), now).unwrap(), now + UNBONDING_SECONDS);
        }
        // the first three were due when the last was added
        assert_eq!(leaving(&list), [(7, MIDNIGHT + 8 * DAY), (8, MIDNIGHT + 15 * DAY)]);
        assert_eq!(list.due(MIDNIGHT + 15 * DAY - 1).unwrap(), Uint128::new(7));
        assert_eq!(list.take_due(MIDNIGHT + 15 * DAY).unwrap(), Uint128::new(15));
        assert_eq!(leaving(&list), []);
    }

    #[test]
    fn a_span_that_follows_carries_the_integrals() {
        let first = Span::default().follow(100, holding(5, Tier::Lv3)).unwrap();
        assert_eq!(first.passed, Integrals::default(), "nothing before the first");
        let second = first.follow(110, holding(7, Tier::Lv4)).unwrap();
        let sums = |time| {
            let Integrals { stake, weight } = second.integrals(time).unwrap();
            (stake.u128(), weight.u128())
        };
        assert_eq!(sums(110), (50, 50));
        assert_eq!(sums(112), (50 + 2 * 7, 50 + 2 * 7 * 3));
        assert!(second.integrals(109).is_err(), "before its beginning");
        let instead = second.follow(110, holding(9, Tier::Lv1)).unwrap();
        assert_eq!((instead.passed, instead.from), (second.passed, 110), "takes its place");
    }

    #[test]
    fn changes_of_one_second_are_one_row() {
        let (mut storage, api) = (MockStorage::new(), MockApi::default());
        let who = Account::parse(&api, api.addr_make("alice").as_str()).unwrap();
        for (height, now, stake) in [(1, 50, 1), (2, 50, 2), (3, 60, 3), (4, 60, 4), (5, 60, 0)] {
            let old = account(&storage, &who).unwrap();
            let mut book = Book::open(&storage, height, now).unwrap();
            book.change(&mut storage, &who, &old, holding(stake, Tier::Lv1))
                .unwrap();
            book.close(&mut storage).unwrap();
        }
        let rows = |number| {
            HISTORY
                .last(&storage, of(&who)(0)..=of(&who)(number))
                .unwrap()
                .map(|row| row.1.level.stake)
        };
        assert_eq!(
            (rows(50), rows(51), rows(u64::MAX)),
            (None, Some(Uint128::new(2)), Some(Uint128::new(2)))
        );
        let total = Total::load(&storage).unwrap();
        assert_eq!(
            (total.span.from, total.span.level, total.stakers),
            (61, Sums::default(), 0)
        );
        assert_eq!(total.span.passed.stake, Uint128::new(2 * 10));
        let marks: Vec<_> = MARKS
            .range(&storage, .., Order::Descending)
            .map(Result::unwrap)
            .collect();
        assert_eq!(marks, [(3, 60), (1, 50)], "the first block of each second");
    }

    #[test]
    fn corrupt_tier_is_an_error() {
        let bytes = encode(&holding(1, Tier::Whale));
        assert!(decode::<Holding>(&bytes).is_ok());
        for tier in [0, 6] {
            assert!(decode::<Holding>(&[1, tier]).is_err());
        }
    }

    proptest! {
        #[test]
        fn rows_come_back_as_they_were_written(
            from in any::<u64>(),
            amounts in any::<[u128; 6]>(),
            tier in prop::sample::select(vec![Tier::Lv1, Tier::Lv2, Tier::Lv3, Tier::Lv4, Tier::Whale]),
            stakers in any::<u64>(),
        ) {
            let [stake, weighted, whale, stakes, weights, unbonding] = amounts.map(Uint128::new);
            let passed = Integrals { stake: stakes, weight: weights };
            let span = Span { from, level: Holding { stake, tier }, passed };
            prop_assert_eq!(decode::<Span<Holding>>(&encode(&span)).unwrap(), span);
            let span = Span { from, level: Sums { stake, weighted, whale }, passed };
            let total = Total { span, unbonding, stakers };
            prop_assert_eq!(decode::<Total>(&encode(&total)).unwrap(), total);
            let config = Config {
                l_coin: Addr::unchecked("coin"),
                params: Params { lv2: stake, lv3: weighted, lv4: whale, whale: stakes },
            };
            prop_assert_eq!(decode::<Config>(&encode(&config)).unwrap(), config);
        }
    }
}

//! What the pool stores. Amounts are base units; times are unix seconds, and unix milliseconds where they belong to prices.
//!
//! A swap reads the terms, and reads and writes one row, [`Pool`]. Every 15 s it adds a row to the history, and with the first swap after a minute two of candles.
//! Sizes (key with table id + value, bytes) are those of a pool of millions of tokens; the chain adds 33 bytes of its own to every key.

use cosmwasm_std::{StdResult, Storage, Uint128};
use cw_storage_plus::Item;
use interfaces::exchange::{Announcement, Asset, QuotePerBase, Side};
use kit::compact::{Account, Reader, Row, Table, Writer};
use math::amm::{Curve, Liquidity};
use math::twap::Cumulative;
use math::Bps;
use serde::{Deserialize, Serialize};

use crate::candles::Bar;
use crate::error::ContractError;

/// What never changes.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Terms {
    /// Base and quote.
    pub assets: [Asset; 2],
    /// Whether withdrawals are announced.
    pub announced: bool,
}

/// TERMS: () → what never changes
pub const TERMS: Item<Terms> = Item::new("terms");
/// SKIM_RECIPIENT: () → who receives donations
pub const SKIM_RECIPIENT: Item<String> = Item::new("skim_recipient");
/// STARTED: () → time of the first LP, unix seconds; absent before
pub const STARTED: Item<u64> = Item::new("started");

/// POOL: () → everything a swap changes. 1 + ~154 bytes.
pub const POOL: Table<(), Pool> = Table::new(0x80);
/// SLOTS: time (ms) → cumulative prices at that time. The newest 512, at least 15 s apart. 9 + ~30 bytes.
pub const SLOTS: Table<u64, SlotRow> = Table::new(0x81);
/// HOURS: time (ms) of an hour's last touch → cumulative prices then, the hour's lowest reserves. The newest 512 hours with a touch. 9 + ~44 bytes.
pub const HOURS: Table<u64, HourRow> = Table::new(0x82);
/// CANDLES: (interval, number of the interval mod 1,440) → candle. 4 + ~58 bytes.
pub const CANDLES: Table<crate::candles::Place, Bar> = Table::new(0x83);
/// LPS: account → shares above 0, and what of them is announced. 21 + ~6 bytes.
pub const LPS: Table<Account, Lp> = Table::new(0x84);
/// ANNOUNCED: () → shares announced per hour, only hours that can still count (at most 49). 1 + ~12 bytes an hour.
pub const ANNOUNCED: Table<(), Announced> = Table::new(0x85);

/// The hot row.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    pub fee: Bps,
    /// What belongs to the LPs; donations are not in it.
    pub reserves: [u128; 2],
    /// LP shares, the locked ones included; 0 before the first LP.
    pub shares: u128,
    /// The block of the last touch.
    pub height: u64,
    /// Its time, ms.
    pub at: u64,
    /// Reserves at the end of the block before that one.
    pub close: [u128; 2],
    /// The price counted last, clamped.
    pub counted: QuotePerBase,
    /// Cumulative prices at `at`.
    pub sum: Cumulative,
    /// Time of the newest row in SLOTS, ms.
    pub slot_at: u64,
    /// Rows in SLOTS.
    pub slots: u16,
    /// Rows in HOURS.
    pub hours: u16,
    /// Lowest reserves at the ends of blocks so far in the hour of `at`.
    pub lows: [u128; 2],
    /// The minute of the newest swap; none before the first.
    pub minute: Option<Bar>,
}

impl Pool {
    /// Before the first LP.
    pub fn new(fee: Bps) -> Self {
        Self {
            fee,
            reserves: [0; 2],
            shares: 0,
            height: 0,
            at: 0,
            close: [0; 2],
            counted: QuotePerBase::from_raw(0u64.into()),
            sum: Cumulative::default(),
            slot_at: 0,
            slots: 0,
            hours: 0,
            lows: [0; 2],
            minute: None,
        }
    }

    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        let missing = || cosmwasm_std::StdError::not_found("pool");
        POOL.may_load(storage, &())?.ok_or_else(missing)
    }

    pub fn save(&self, storage: &mut dyn Storage) {
        POOL.save(storage, &(), self);
    }

    /// The pool as somebody sees it who pays the asset on `side`.
    pub fn curve(&self, side: Side) -> Curve {
        let [paid, received] = self.reserves;
        let fee = self.fee;
        let curve = Curve { paid, received, fee };
        match side {
            Side::Base => curve,
            Side::Quote => curve.turned(),
        }
    }

    /// Takes over what a trade left behind.
    pub fn settle(&mut self, side: Side, after: Curve) {
        self.reserves = match side {
            Side::Base => [after.paid, after.received],
            Side::Quote => [after.received, after.paid],
        };
    }

    pub fn liquidity(&self) -> Liquidity {
        Liquidity {
            reserves: self.reserves,
            shares: self.shares,
        }
    }

    /// Takes over what an LP left behind.
    pub fn set_liquidity(&mut self, after: Liquidity) {
        self.reserves = after.reserves;
        self.shares = after.shares;
    }

    /// y/x now.
    pub fn price(&self) -> Result<QuotePerBase, ContractError> {
        price_of(self.reserves).ok_or(math::amm::AmmError::Empty.into())
    }
}

/// y/x; none where there is no price.
pub fn price_of([base, quote]: [u128; 2]) -> Option<QuotePerBase> {
    QuotePerBase::of_reserves(base, quote).ok()
}

impl Row for Pool {
    fn write(&self, to: &mut Writer) {
        to.int(self.fee.get());
        to.ints(self.reserves);
        to.int(self.shares);
        to.int(self.height);
        to.int(self.at);
        to.ints(self.close);
        to.wide(self.counted.raw());
        SlotRow(self.sum).write(to);
        to.int(self.slot_at);
        to.int(self.slots);
        to.int(self.hours);
        to.ints(self.lows);
        if let Some(minute) = &self.minute {
            minute.write(to);
        }
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            fee: Bps::new(from.int()?).map_err(|error| cosmwasm_std::StdError::parse_err("fee", error))?,
            reserves: from.pair()?,
            shares: from.int()?,
            height: from.int()?,
            at: from.int()?,
            close: from.pair()?,
            counted: QuotePerBase::from_raw(from.wide()?),
            sum: SlotRow::read(from)?.0,
            slot_at: from.int()?,
            slots: from.int()?,
            hours: from.int()?,
            lows: from.pair()?,
            minute: match from.is_empty() {
                true => None,
                false => Some(Bar::read(from)?),
            },
        })
    }
}

/// Cumulative prices of a slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlotRow(pub Cumulative);

impl Row for SlotRow {
    fn write(&self, to: &mut Writer) {
        to.wide(self.0.quote_per_base);
        to.wide(self.0.base_per_quote);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self(Cumulative {
            quote_per_base: from.wide()?,
            base_per_quote: from.wide()?,
        }))
    }
}

/// One hour that is over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HourRow {
    /// Cumulative prices at the hour's last touch.
    pub sum: Cumulative,
    /// Lowest reserves at the ends of blocks in the hour.
    pub lows: [u128; 2],
}

impl Row for HourRow {
    fn write(&self, to: &mut Writer) {
        SlotRow(self.sum).write(to);
        to.ints(self.lows);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            sum: SlotRow::read(from)?.0,
            lows: from.pair()?,
        })
    }
}

/// Seconds from an announcement to its use.
pub const NOTICE: u64 = 24 * 3_600;
/// Seconds from an announcement to its end.
pub const EXPIRY: u64 = 48 * 3_600;

/// One LP.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lp {
    pub shares: u128,
    /// Announced shares, at most `shares`; 0 without an announcement.
    pub announced: u128,
    /// When they were announced, unix seconds.
    pub announced_at: u64,
}

impl Lp {
    pub fn load(storage: &dyn Storage, account: &Account) -> StdResult<Self> {
        Ok(LPS.may_load(storage, account)?.unwrap_or_default())
    }

    pub fn save(&self, storage: &mut dyn Storage, account: &Account) {
        match self.shares == 0 {
            true => LPS.remove(storage, account),
            false => LPS.save(storage, account, self),
        }
    }

    /// First second at which announced shares can be withdrawn, and first at which they no longer can.
    pub fn opening(&self) -> (u64, u64) {
        let from = self.announced_at.saturating_add(NOTICE);
        (from, self.announced_at.saturating_add(EXPIRY))
    }

    /// The announcement, until it expires.
    pub fn announcement(&self, now: u64) -> Option<Announcement> {
        let (from, until) = self.opening();
        (self.announced > 0 && now < until).then_some(Announcement {
            shares: Uint128::new(self.announced),
            from,
            until,
        })
    }
}

impl Row for Lp {
    fn write(&self, to: &mut Writer) {
        to.int(self.shares);
        if self.announced > 0 {
            to.int(self.announced);
            to.int(self.announced_at);
        }
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let shares = from.int()?;
        if from.is_empty() {
            return Ok(Self {
                shares,
                ..Self::default()
            });
        }
        Ok(Self {
            shares,
            announced: from.int()?,
            announced_at: from.int()?,
        })
    }
}

/// Announced shares by the hour of their announcement, oldest first. All announcements of an hour count until the last of them could have expired, so that nobody
/// needs to come and take an expired one out: at most 3,599 s too long, and never too short.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Announced(Vec<(u64, u128)>);

/// Hours for which an announcement counts: its own, and those up to 48 hours later.
const COUNTED_HOURS: u64 = 48;

fn hour(seconds: u64) -> u64 {
    seconds / 3_600
}

impl Announced {
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(ANNOUNCED.may_load(storage, &())?.unwrap_or_default())
    }

    pub fn save(&self, storage: &mut dyn Storage) {
        match self.0.is_empty() {
            true => ANNOUNCED.remove(storage, &()),
            false => ANNOUNCED.save(storage, &(), self),
        }
    }

    /// Shares that count as gone.
    pub fn total(&self, now: u64) -> u128 {
        let counts = |(announced, _): &&(u64, u128)| hour(now).saturating_sub(*announced) <= COUNTED_HOURS;
        self.0
            .iter()
            .filter(counts)
            .fold(0, |sum, (_, shares)| sum.saturating_add(*shares))
    }

    /// Adds an announcement made now, and forgets hours that no longer count.
    pub fn add(&mut self, shares: u128, now: u64) {
        let this = hour(now);
        self.0
            .retain(|(announced, _)| this.saturating_sub(*announced) <= COUNTED_HOURS);
        match self.0.last_mut() {
            Some((newest, sum)) if *newest == this => *sum = sum.saturating_add(shares),
            _ => self.0.push((this, shares)),
        }
    }

    /// Takes shares out of the hour in which they were announced, if it is still kept.
    pub fn remove(&mut self, shares: u128, announced_at: u64) {
        for (announced, sum) in &mut self.0 {
            if *announced == hour(announced_at) {
                *sum = sum.saturating_sub(shares);
            }
        }
        self.0.retain(|(_, sum)| *sum > 0);
    }
}

impl Row for Announced {
    fn write(&self, to: &mut Writer) {
        for (announced, shares) in &self.0 {
            to.int(*announced);
            to.int(*shares);
        }
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let mut hours = vec![];
        while !from.is_empty() {
            hours.push((from.int()?, from.int()?));
        }
        Ok(Self(hours))
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::{MockApi, MockStorage};
    use proptest::prelude::*;

    use super::*;

    fn bar() -> Bar {
        Bar::of_swap(
            29_000_000,
            [
                QuotePerBase::from_raw((1u128 << 61).into()),
                QuotePerBase::from_raw((1u128 << 61 | 1).into()),
            ],
            [10u128.pow(9), 10u128.pow(8)],
        )
    }

    /// The hot row of a pool of ten million tokens a side after years.
    fn pool() -> Pool {
        Pool {
            fee: Bps::new(30).unwrap(),
            reserves: [10u128.pow(13), 10u128.pow(12)],
            shares: 10u128.pow(12),
            height: 100_000_000,
            at: 1_790_000_000_123,
            close: [10u128.pow(13), 10u128.pow(12)],
            counted: QuotePerBase::from_raw((1u128 << 61).into()),
            sum: Cumulative {
                quote_per_base: (1u128 << 97).into(),
                base_per_quote: (1u128 << 104).into(),
            },
            slot_at: 1_790_000_000_000,
            slots: 512,
            hours: 512,
            lows: [10u128.pow(13), 10u128.pow(12)],
            minute: Some(bar()),
        }
    }

    #[test]
    fn rows_come_back() {
        let mut storage = MockStorage::new();
        for pool in [pool(), Pool::new(Bps::ZERO), Pool { minute: None, ..pool() }] {
            pool.save(&mut storage);
            assert_eq!(Pool::load(&storage).unwrap(), pool);
        }
        let api = MockApi::default();
        let account = Account::parse(&api, api.addr_make("lp").as_str()).unwrap();
        for (announced, announced_at) in [(0, 0), (5, 1_790_000_000)] {
            let lp = Lp {
                shares: 7,
                announced,
                announced_at,
            };
            lp.save(&mut storage, &account);
            assert_eq!(Lp::load(&storage, &account).unwrap(), lp);
        }
        Lp::default().save(&mut storage, &account);
        assert!(!LPS.has(&storage, &account), "an LP without shares leaves no row");
    }

    /// 30 gas a byte at every swap.
    #[test]
    fn hot_row_is_as_small_as_promised() {
        let mut storage = MockStorage::new();
        pool().save(&mut storage);
        assert_eq!(storage.get(&[0x80]).unwrap().len(), 154);
    }

    #[test]
    fn announcement_opens_after_24_and_ends_after_48_hours() {
        let lp = Lp {
            shares: 9,
            announced: 4,
            announced_at: 1_000,
        };
        let open = Announcement {
            shares: Uint128::new(4),
            from: 87_400,
            until: 173_800,
        };
        assert_eq!(lp.announcement(1_000), Some(open.clone()));
        assert_eq!(lp.announcement(173_799), Some(open));
        assert_eq!(lp.announcement(173_800), None);
    }

    #[test]
    fn announced_hours_stop_counting_by_themselves_and_are_bounded() {
        let mut announced = Announced::default();
        for hour in 0..1_000u64 {
            announced.add(1, hour * 3_600 + 17);
            assert!(announced.0.len() <= 49);
        }
        let last = 999 * 3_600 + 17;
        assert_eq!(announced.total(last), 49);
        assert_eq!(
            announced.total(last + EXPIRY),
            1,
            "counts until the last second in which it can be used"
        );
        assert_eq!(announced.total(last + EXPIRY + 3_600), 0);
    }

    proptest! {
        /// Against a list of all announcements: never fewer shares than can still be withdrawn, never more than were announced in the last 49 hours.
        #[test]
        fn announced_total_covers_what_can_be_withdrawn(
            steps in prop::collection::vec((0..20_000u64, 1..100u128, any::<bool>()), 1..80)
        ) {
            let (mut announced, mut list, mut now) = (Announced::default(), Vec::<(u64, u128)>::new(), 1_790_000_000);
            for (pause, shares, take) in steps {
                now += pause;
                if take && !list.is_empty() {
                    let (at, shares) = list.remove(list.len() / 2);
                    announced.remove(shares, at);
                } else {
                    announced.add(shares, now);
                    list.push((now, shares));
                }
                let sum = |age: u64| -> u128 { list.iter().filter(|(at, _)| now - at < age).map(|(_, shares)| shares).sum() };
                let total = announced.total(now);
                prop_assert!(total >= sum(EXPIRY) && total <= sum(EXPIRY + 3_600), "{} {} {}", sum(EXPIRY), total, sum(EXPIRY + 3_600));
            }
        }
    }
}

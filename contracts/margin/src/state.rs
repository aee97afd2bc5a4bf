//! What the contract stores: compact rows of [`kit::compact`]. Amounts are µCredit or µLCO as said, times unix seconds. Sizes (key with table id + value, bytes, for
//! 20-byte accounts) are given with each table; the chain adds 33 bytes of its own to every key.

use cosmwasm_std::{Addr, Api, StdError, StdResult, Storage, Uint128};
use interfaces::margin::{Curve, Ending, HistoryEntry, Params, Pausable, Side, Token};
use kit::compact::{corrupt, split, Account, Key, Reader, Row, Table, Writer};
use kit::pause::{Feature, Switches};
use math::interest::Debt;
use math::liquidation::{kappa_long, kappa_short};
use math::MathError;
use serde::{Deserialize, Serialize};

use crate::error::ContractError;
use crate::pool::Pool;

/// TERMS: () → tokens and exchange. 1 + ~192 bytes.
pub const TERMS: Table<(), Terms> = Table::new(0x80);
/// PARAMS: () → parameters, all within bounds. 1 + ~60 bytes.
pub const PARAMS: Table<(), Settings> = Table::new(0x81);
/// BOOK: () → sums over all positions. 1 + ~16 bytes.
pub const BOOK: Table<(), Book> = Table::new(0x82);
/// POSITIONS: position → what it holds and owes. 9 + ~37 bytes.
pub const POSITIONS: Table<u64, Position> = Table::new(0x83);
/// OWNED: (owner, position) → (). The positions of an owner, for listing. 30 + 1 bytes.
pub const OWNED: Table<(Account, u64), ()> = Table::new(0x84);
/// OFFERS: position → when its offer began. 9 + 5 bytes.
pub const OFFERS: Table<u64, u64> = Table::new(0x85);
/// HISTORY: (owner, number) → what became of a position. 30 + ~35 bytes.
pub const HISTORY: Table<(Account, u64), Line> = Table::new(0x86);
/// SWITCHES: () → what is paused; absent while everything runs.
pub const SWITCHES: Switches<Stoppable> = Switches::new("paused");

/// POOLS, by token: () → lending pool and Risk Reserve of that token. 1 + ~55 bytes.
pub const fn pools(token: Token) -> Table<(), Pool> {
    Table::new(match token {
        Token::Credit => 0x88,
        Token::Lco => 0x89,
    })
}

/// LENDERS, by token: lender → supply shares, above 0. 21 + ~7 bytes.
pub const fn lenders(token: Token) -> Table<Account, Uint128> {
    Table::new(match token {
        Token::Credit => 0x8a,
        Token::Lco => 0x8b,
    })
}

/// RISK, by side: (κ · 2⁶⁴, position) → (). The order of danger: the worst long last, the worst short first. 25 + 1 bytes.
pub const fn risk(side: Side) -> Table<Place, ()> {
    Table::new(match side {
        Side::Long => 0x8c,
        Side::Short => 0x8d,
    })
}

/// A row that is there from instantiate on.
fn always<V: Row>(table: &Table<(), V>, storage: &dyn Storage, name: &str) -> StdResult<V> {
    table.may_load(storage, &())?.ok_or_else(|| StdError::not_found(name))
}

/// The text of an account that the contract wrote down itself.
pub fn address(api: &dyn Api, account: &Account) -> StdResult<Addr> {
    Ok(Addr::unchecked(account.text(api)?))
}

/// What never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub credit: Addr,
    pub lco: Addr,
    pub exchange: Addr,
}

impl Terms {
    /// As they were given at instantiate.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        always(&TERMS, storage, "terms")
    }

    /// The contract of a token.
    pub fn address(&self, token: Token) -> &Addr {
        match token {
            Token::Credit => &self.credit,
            Token::Lco => &self.lco,
        }
    }

    /// The token of a contract; refuses any other.
    pub fn token(&self, address: &Addr) -> Result<Token, ContractError> {
        match address {
            _ if *address == self.credit => Ok(Token::Credit),
            _ if *address == self.lco => Ok(Token::Lco),
            _ => Err(ContractError::ForeignToken {
                credit: self.credit.clone(),
                lco: self.lco.clone(),
                actual: address.clone(),
            }),
        }
    }
}

impl Row for Terms {
    fn write(&self, to: &mut Writer) {
        [&self.credit, &self.lco, &self.exchange]
            .into_iter()
            .for_each(|address| to.text(address.as_str()));
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            credit: Addr::unchecked(from.text()?),
            lco: Addr::unchecked(from.text()?),
            exchange: Addr::unchecked(from.text()?),
        })
    }
}

/// The parameters, as a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings(pub Params);

impl Settings {
    /// Those in force.
    pub fn load(storage: &dyn Storage) -> StdResult<Params> {
        always(&PARAMS, storage, "params").map(|row| row.0)
    }
}

impl Row for Settings {
    fn write(&self, to: &mut Writer) {
        let Self(params) = self;
        to.ints([
            params.initial_bps,
            params.maintenance_bps,
            params.target_bps,
            params.full_close_bps,
            params.penalty_bps,
            params.bounty_bps,
            params.slippage_bps,
            params.offer_max_bps,
            params.position_cap_bps,
            params.side_cap_bps,
            params.interest_share_bps,
            params.rest_loss_bps,
        ]);
        to.ints([params.fixed_bounty, params.min_notional]);
        to.ints([params.offer_seconds, params.rest_seconds]);
        for curve in [&params.credit_curve, &params.lco_curve] {
            to.ints([
                curve.base_bps,
                curve.slope_bps,
                curve.steep_bps,
                curve.kink_bps,
                curve.cap_bps,
            ]);
        }
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self(Params {
            initial_bps: from.int()?,
            maintenance_bps: from.int()?,
            target_bps: from.int()?,
            full_close_bps: from.int()?,
            penalty_bps: from.int()?,
            bounty_bps: from.int()?,
            slippage_bps: from.int()?,
            offer_max_bps: from.int()?,
            position_cap_bps: from.int()?,
            side_cap_bps: from.int()?,
            interest_share_bps: from.int()?,
            rest_loss_bps: from.int()?,
            fixed_bounty: from.amount()?,
            min_notional: from.amount()?,
            offer_seconds: from.int()?,
            rest_seconds: from.int()?,
            credit_curve: read_curve(from)?,
            lco_curve: read_curve(from)?,
        }))
    }
}

fn read_curve(from: &mut Reader) -> StdResult<Curve> {
    Ok(Curve {
        base_bps: from.int()?,
        slope_bps: from.int()?,
        steep_bps: from.int()?,
        kink_bps: from.int()?,
        cap_bps: from.int()?,
    })
}

/// What can be paused, as it is stored. Nothing that leads out is here.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stoppable {
    Supply,
    Borrow,
}

impl From<Pausable> for Stoppable {
    fn from(feature: Pausable) -> Self {
        match feature {
            Pausable::Supply => Self::Supply,
            Pausable::Borrow => Self::Borrow,
        }
    }
}

impl From<Stoppable> for Pausable {
    fn from(feature: Stoppable) -> Self {
        match feature {
            Stoppable::Supply => Self::Supply,
            Stoppable::Borrow => Self::Borrow,
        }
    }
}

impl Feature for Stoppable {
    fn name(self) -> &'static str {
        match self {
            Self::Supply => "supply",
            Self::Borrow => "borrow",
        }
    }
}

/// Sums over all positions, and running numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Number of the last position.
    pub positions: u64,
    /// Number of the last line of any history.
    pub entries: u64,
    /// µLCO held by longs.
    pub longs: Uint128,
    /// µCredit held by shorts.
    pub shorts: Uint128,
}

impl Book {
    /// As it is.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        always(&BOOK, storage, "book")
    }

    /// Writes it.
    pub fn save(&self, storage: &mut dyn Storage) {
        BOOK.save(storage, &(), self);
    }

    /// What positions hold of a token.
    pub fn held(&self, token: Token) -> Uint128 {
        match token {
            Token::Credit => self.shorts,
            Token::Lco => self.longs,
        }
    }

    /// Replaces what one position of a side holds.
    pub fn change(&mut self, side: Side, before: Uint128, after: Uint128) -> StdResult<()> {
        let sum = match side {
            Side::Long => &mut self.longs,
            Side::Short => &mut self.shorts,
        };
        *sum = sum.checked_sub(before)?.checked_add(after)?;
        Ok(())
    }

    /// Adds a line to the owner's history.
    pub fn record(&mut self, storage: &mut dyn Storage, owner: &Account, entry: HistoryEntry) {
        self.entries = self.entries.saturating_add(1);
        HISTORY.save(storage, &(owner.clone(), self.entries), &Line(entry));
    }
}

impl Row for Book {
    fn write(&self, to: &mut Writer) {
        to.ints([self.positions, self.entries]);
        to.ints([self.longs, self.shorts]);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            positions: from.int()?,
            entries: from.int()?,
            longs: from.amount()?,
            shorts: from.amount()?,
        })
    }
}

/// A line of a history. Its number is its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Line(pub HistoryEntry);

/// In rows, by position. New ones are added at the end.
const ENDINGS: [Ending; 5] = [
    Ending::Closed,
    Ending::Repaid,
    Ending::LiquidatedInPart,
    Ending::Liquidated,
    Ending::Taken,
];

impl Row for Line {
    fn write(&self, to: &mut Writer) {
        let Self(entry) = self;
        let ending = ENDINGS.iter().zip(0u8..).find(|(ending, _)| **ending == entry.ending);
        to.ints([entry.position, entry.time]);
        to.ints([side_key(entry.side), ending.map_or(u8::MAX, |(_, number)| number)]);
        to.ints([
            entry.lco,
            entry.credits,
            entry.penalty,
            entry.bounty,
            entry.payout,
            entry.loss,
        ]);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        let [position, time] = from.pair()?;
        let (side, ending) = (read_side(from)?, from.int::<usize>()?);
        Ok(Self(HistoryEntry {
            number: 0,
            position,
            side,
            ending: *ENDINGS.get(ending).ok_or_else(|| corrupt("no such ending"))?,
            time,
            lco: from.amount()?,
            credits: from.amount()?,
            penalty: from.amount()?,
            bounty: from.amount()?,
            payout: from.amount()?,
            loss: from.amount()?,
        }))
    }
}

/// One isolated position. Debt shares are above 0 as long as it exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    pub owner: Account,
    pub side: Side,
    /// µLCO of a long, µCredit of a short.
    pub held: Uint128,
    /// Of the pool of what it owes.
    pub shares: Uint128,
    pub opened_at: u64,
}

impl Position {
    /// What it owes under an index.
    pub fn debt(&self, pool: &Pool) -> Debt {
        Debt {
            shares: self.shares.u128(),
            index: pool.index.u128(),
        }
    }

    /// κ: its place among the positions of its side.
    fn kappa(&self) -> Result<u128, MathError> {
        let (held, shares) = (self.held.u128(), self.shares.u128());
        match self.side {
            // a long that holds nothing is the worst of all
            Side::Long if held == 0 => Ok(u128::MAX),
            Side::Long => kappa_long(shares, held),
            Side::Short => kappa_short(held, shares),
        }
    }

    /// Reads one.
    pub fn load(storage: &dyn Storage, position: u64) -> Result<Self, ContractError> {
        let row = POSITIONS.may_load(storage, &position)?;
        row.ok_or(ContractError::PositionUnknown { position })
    }

    /// Writes a changed or new one and puts it in its place; `before` is what was stored.
    #[inline(never)]
    pub fn save(&self, storage: &mut dyn Storage, position: u64, before: Option<&Self>) -> Result<(), ContractError> {
        let (places, kappa) = (risk(self.side), self.kappa()?);
        let old = before.map(Self::kappa).transpose()?;
        if old != Some(kappa) {
            if let Some(old) = old {
                places.remove(storage, &Place(old, position));
            }
            places.save(storage, &Place(kappa, position), &());
        }
        if before.is_none() {
            OWNED.save(storage, &(self.owner.clone(), position), &());
        }
        POSITIONS.save(storage, &position, self);
        Ok(())
    }

    /// Removes every trace of one but its history; `self` is what was stored.
    #[inline(never)]
    pub fn remove(&self, storage: &mut dyn Storage, position: u64) -> Result<(), ContractError> {
        POSITIONS.remove(storage, &position);
        risk(self.side).remove(storage, &Place(self.kappa()?, position));
        OWNED.remove(storage, &(self.owner.clone(), position));
        OFFERS.remove(storage, &position);
        Ok(())
    }
}

impl Row for Position {
    fn write(&self, to: &mut Writer) {
        to.account(&self.owner);
        to.int(side_key(self.side));
        to.ints([self.held, self.shares]);
        to.int(self.opened_at);
    }

    fn read(from: &mut Reader) -> StdResult<Self> {
        Ok(Self {
            owner: from.account()?,
            side: read_side(from)?,
            held: from.amount()?,
            shares: from.amount()?,
            opened_at: from.int()?,
        })
    }
}

/// A position in the order of danger: κ · 2⁶⁴ and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(pub u128, pub u64);

impl Key for Place {
    fn push(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.0.to_be_bytes());
        self.1.push(to);
    }

    fn pull(from: &[u8]) -> StdResult<Self> {
        let (kappa, rest) = split(from, 16)?;
        let kappa = kappa.try_into().map_err(|_| corrupt("number of another width"))?;
        Ok(Self(u128::from_be_bytes(kappa), u64::pull(rest)?))
    }
}

/// A side in rows.
const fn side_key(side: Side) -> u8 {
    match side {
        Side::Long => 0,
        Side::Short => 1,
    }
}

fn read_side(from: &mut Reader) -> StdResult<Side> {
    Ok(if from.flag()? { Side::Short } else { Side::Long })
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::{MockApi, MockStorage};
    use cosmwasm_std::Order;
    use kit::compact::{decode, encode};
    use proptest::prelude::*;

    use super::*;

    fn account(name: &str) -> Account {
        let api = MockApi::default();
        Account::parse(&api, api.addr_make(name).as_str()).unwrap()
    }

    #[test]
    fn parameters_come_back() {
        let curve = |n: u16| Curve {
            base_bps: n,
            slope_bps: n + 1,
            steep_bps: n + 2,
            kink_bps: n + 3,
            cap_bps: n + 4,
        };
        let settings = Settings(Params {
            initial_bps: 1,
            maintenance_bps: 2,
            target_bps: 3,
            full_close_bps: 4,
            penalty_bps: 5,
            bounty_bps: 6,
            fixed_bounty: Uint128::new(7),
            min_notional: Uint128::new(8),
            slippage_bps: 9,
            offer_seconds: 10,
            offer_max_bps: 11,
            position_cap_bps: 12,
            side_cap_bps: 13,
            interest_share_bps: 14,
            rest_loss_bps: 15,
            rest_seconds: 16,
            credit_curve: curve(20),
            lco_curve: curve(30),
        });
        assert_eq!(decode::<Settings>(&encode(&settings)).unwrap(), settings);
    }

    #[test]
    fn terms_come_back() {
        let terms = Terms {
            credit: Addr::unchecked("credit"),
            lco: Addr::unchecked("lco"),
            exchange: Addr::unchecked("exchange"),
        };
        assert_eq!(decode::<Terms>(&encode(&terms)).unwrap(), terms);
    }

    #[test]
    fn ending_that_there_is_not_is_refused() {
        let line: Vec<u64> = vec![1, 2, 0, 5, 0, 0, 0, 0, 0, 0];
        // a list of ten numbers stands behind its length
        decode::<Line>(encode(&line).get(1..).unwrap()).unwrap_err();
    }

    proptest! {
        #[test]
        fn rows_come_back(
            numbers in prop::array::uniform6(any::<u128>()), ids in prop::array::uniform3(any::<u64>()), short: bool, ending in 0..5usize,
        ) {
            let [a, b, c, d, e, f] = numbers.map(Uint128::new);
            let side = if short { Side::Short } else { Side::Long };
            let position = Position { owner: account("alice"), side, held: a, shares: b, opened_at: ids[0] };
            prop_assert_eq!(decode::<Position>(&encode(&position)).unwrap(), position);
            let line = Line(HistoryEntry {
                number: 0, position: ids[0], side, ending: ENDINGS[ending], time: ids[1], lco: a, credits: b, penalty: c, bounty: d, payout: e, loss: f,
            });
            prop_assert_eq!(decode::<Line>(&encode(&line)).unwrap(), line);
            let book = Book { positions: ids[0], entries: ids[1], longs: a, shorts: b };
            prop_assert_eq!(decode::<Book>(&encode(&book)).unwrap(), book);
            let pool = Pool { cash: a, debt_shares: b, index: c, since: ids[0], rate: d, supply_shares: e, unclaimed: f, reserve: a, resting_until: ids[2] };
            prop_assert_eq!(decode::<Pool>(&encode(&pool)).unwrap(), pool);
        }

        #[test]
        fn places_stand_in_their_order(places: Vec<(u128, u64)>) {
            let mut storage = MockStorage::new();
            for (kappa, id) in &places {
                risk(Side::Long).save(&mut storage, &Place(*kappa, *id), &());
            }
            let rows = risk(Side::Long).range(&storage, .., Order::Ascending);
            let found: Vec<_> = rows.map(|row| row.unwrap().0).collect();
            let mut sorted: Vec<_> = places.into_iter().map(|(kappa, id)| Place(kappa, id)).collect();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(found, sorted);
            prop_assert_eq!(risk(Side::Short).range(&storage, .., Order::Ascending).count(), 0);
        }
    }
}

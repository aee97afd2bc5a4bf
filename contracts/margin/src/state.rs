//! What the contract stores. Amounts are µCredit or µLCO as said, times unix seconds.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Empty, StdResult, Storage, Uint128};
use cw_storage_plus::{Item, Map};
use interfaces::margin::{HistoryEntry, Params, Pausable, Side, Token};
use kit::pause::{Feature, Switches};
use math::interest::Debt;
use math::liquidation::{kappa_long, kappa_short};
use math::MathError;
use serde::{Deserialize, Serialize};

use crate::error::ContractError;
use crate::pool::Pool;

/// What never changes.
#[cw_serde]
pub struct Terms {
    pub credit: Addr,
    pub lco: Addr,
    pub exchange: Addr,
}

impl Terms {
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
#[cw_serde]
#[derive(Default)]
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
    pub fn record(&mut self, storage: &mut dyn Storage, owner: &Addr, entry: HistoryEntry) -> StdResult<()> {
        self.entries = self.entries.saturating_add(1);
        let number = self.entries;
        HISTORY.save(storage, (owner, number), &HistoryEntry { number, ..entry })
    }
}

/// One isolated position. Debt shares are above 0 as long as it exists.
#[cw_serde]
pub struct Position {
    pub owner: Addr,
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
        let row = POSITIONS.may_load(storage, position)?;
        row.ok_or(ContractError::PositionUnknown { position })
    }

    /// Writes a changed or new one and puts it in its place; `before` is what was stored.
    #[inline(never)]
    pub fn save(&self, storage: &mut dyn Storage, position: u64, before: Option<&Self>) -> Result<(), ContractError> {
        let place = (side_key(self.side), self.kappa()?, position);
        match before.map(|row| row.kappa()).transpose()? {
            Some(kappa) if kappa == place.1 => {}
            Some(kappa) => {
                RISK.remove(storage, (side_key(self.side), kappa, position));
                RISK.save(storage, place, &Empty {})?;
            }
            None => {
                RISK.save(storage, place, &Empty {})?;
                OWNED.save(storage, (&self.owner, position), &Empty {})?;
            }
        }
        Ok(POSITIONS.save(storage, position, self)?)
    }

    /// Removes every trace of one but its history; `self` is what was stored.
    #[inline(never)]
    pub fn remove(&self, storage: &mut dyn Storage, position: u64) -> Result<(), ContractError> {
        POSITIONS.remove(storage, position);
        RISK.remove(storage, (side_key(self.side), self.kappa()?, position));
        OWNED.remove(storage, (&self.owner, position));
        OFFERS.remove(storage, position);
        Ok(())
    }
}

/// A side in keys.
pub const fn side_key(side: Side) -> u8 {
    match side {
        Side::Long => 0,
        Side::Short => 1,
    }
}

/// A token in keys.
pub const fn token_key(token: Token) -> u8 {
    match token {
        Token::Credit => 0,
        Token::Lco => 1,
    }
}

/// TERMS: () → tokens and exchange
pub const TERMS: Item<Terms> = Item::new("terms");
/// PARAMS: () → parameters, all within bounds
pub const PARAMS: Item<Params> = Item::new("params");
/// SWITCHES: () → what is paused; absent while everything runs
pub const SWITCHES: Switches<Stoppable> = Switches::new("paused");
/// BOOK: () → sums over all positions
pub const BOOK: Item<Book> = Item::new("book");
/// POOLS: token → lending pool and Risk Reserve of that token
pub const POOLS: Map<u8, Pool> = Map::new("pool");
/// LENDERS: (token, lender) → supply shares, above 0
pub const LENDERS: Map<(u8, &Addr), Uint128> = Map::new("lend");
/// POSITIONS: position → what it holds and owes
pub const POSITIONS: Map<u64, Position> = Map::new("pos");
/// OWNED: (owner, position) → (). The positions of an owner, for listing.
pub const OWNED: Map<(&Addr, u64), Empty> = Map::new("own");
/// RISK: (side, κ · 2⁶⁴, position) → (). The order of danger: the worst long last, the worst short first.
pub const RISK: Map<(u8, u128, u64), Empty> = Map::new("risk");
/// OFFERS: position → when its offer began
pub const OFFERS: Map<u64, u64> = Map::new("offer");
/// HISTORY: (owner, number) → what became of a position
pub const HISTORY: Map<(&Addr, u64), HistoryEntry> = Map::new("hist");

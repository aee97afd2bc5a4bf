//! Storage. Most rows are `cw20-base`'s own, so that its code can work on them:
//!
//! - `TOKEN_INFO: () → name, symbol, decimals, present supply in base units`; without a minter
//! - `BALANCES: address → base units`
//! - `ALLOWANCES: (owner, spender) → base units and expiration`, and `ALLOWANCES_SPENDER`, the same by spender
//! - `MARKETING_INFO: () → what wallets show`, `LOGO: () → embedded logo`
//!
//! No standard message touches the rows below.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, StdResult, Uint128};
use cw_storage_plus::{Item, Map};
use interfaces::vcai::{Issuance, Repricing, YEAR, YEARLY_ISSUE_BPS};
use math::{Bps, MathError};

pub use cw20_base::state::{BALANCES, TOKEN_INFO};

/// What never changes.
#[cw_serde]
pub struct Config {
    /// Issues and reprices.
    pub governance: Addr,
    /// Unix seconds; years count from here.
    pub started_at: u64,
}

impl Config {
    /// Number of the year of a time, from 0.
    pub fn year(&self, now: u64) -> u64 {
        now.saturating_sub(self.started_at)
            .checked_div(YEAR)
            .unwrap_or_default()
    }

    /// First second after a year.
    pub fn year_ends(&self, year: u64) -> u64 {
        YEAR.saturating_mul(year.saturating_add(1))
            .saturating_add(self.started_at)
    }
}

/// Issuance of one year.
#[cw_serde]
#[derive(Copy)]
pub struct Year {
    pub index: u64,
    /// Base units in existence when the year was first touched.
    pub supply: Uint128,
    /// Base units issued in it.
    pub issued: Uint128,
}

impl Year {
    /// ⌊5 % · supply⌋; rounded down, for the holders.
    pub fn cap(&self) -> Result<Uint128, MathError> {
        Ok(Bps::new(YEARLY_ISSUE_BPS)?.of_floor(self.supply.u128()).into())
    }

    /// What can still be issued in it.
    pub fn left(&self) -> Result<Uint128, MathError> {
        Ok(self.cap()?.saturating_sub(self.issued))
    }
}

/// What was ever done beside the standard messages.
#[cw_serde]
#[derive(Default)]
pub struct Ledger {
    /// Base units ever issued.
    pub issued: Uint128,
    /// Number of issuances.
    pub issuances: u64,
    /// Number of repricings.
    pub repricings: u64,
    /// The last year in which something was issued.
    pub year: Option<Year>,
}

impl Ledger {
    /// The year `index`: as recorded, or untouched on the present `supply`.
    pub fn year(&self, index: u64, supply: Uint128) -> Year {
        self.year.filter(|year| year.index == index).unwrap_or(Year {
            index,
            supply,
            issued: Uint128::zero(),
        })
    }

    /// Counts `amount` as issued in `year`. Whether it may be is checked before.
    pub fn issue(&mut self, mut year: Year, amount: Uint128) -> StdResult<()> {
        year.issued = year.issued.checked_add(amount)?;
        self.year = Some(year);
        self.issued = self.issued.checked_add(amount)?;
        self.issuances = self.issuances.saturating_add(1);
        Ok(())
    }
}

/// CONFIG: () → who governs, and since when the token exists
pub const CONFIG: Item<Config> = Item::new("config");
/// LEDGER: () → everything ever issued
pub const LEDGER: Item<Ledger> = Item::new("ledger");
/// ISSUANCES: n from 1 → issuance
pub const ISSUANCES: Map<u64, Issuance> = Map::new("issuances");
/// REPRICINGS: n from 1 → change of the decimals
pub const REPRICINGS: Map<u64, Repricing> = Map::new("repricings");

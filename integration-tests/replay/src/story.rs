//! What stories on a live chain share: their people, and words for amounts.

use anyhow::{ensure, Result};
use cosmwasm_std::Uint128;
use suite::Account;

use crate::op::ONE;

/// A development account under the name it has in the story.
#[derive(Clone)]
pub struct Person {
    pub name: &'static str,
    /// Its name among development accounts.
    pub dev: String,
    pub account: Account,
}

impl Person {
    /// # Errors
    /// When the development account cannot be derived.
    pub fn new(name: &'static str, dev: &str) -> Result<Self> {
        Ok(Self {
            name,
            dev: dev.to_owned(),
            account: Account::dev(dev)?,
        })
    }

    #[must_use]
    pub fn address(&self) -> &str {
        self.account.address()
    }
}

/// Fails unless two amounts are the same to the unit.
///
/// # Errors
/// Naming what is not.
pub fn same(what: &str, is: impl Into<Uint128>, should: impl Into<Uint128>) -> Result<()> {
    let (is, should) = (is.into(), should.into());
    ensure!(is == should, "{what} is {is}, not {should}");
    Ok(())
}

/// Base units with the point in its place.
#[must_use]
pub fn units(amount: u128) -> String {
    format!("{}.{:06}", amount / ONE, amount % ONE)
}

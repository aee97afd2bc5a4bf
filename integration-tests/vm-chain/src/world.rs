//! Everything the chain remembers, cheap to snapshot.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{ensure, Context, Result};
use std3::{Coin, Timestamp};

type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// A contract and its rows.
#[derive(Clone, Debug)]
pub(crate) struct Contract {
    pub code_id: u64,
    pub creator: String,
    pub admin: Option<String>,
    pub rows: Arc<Rows>,
}

/// The state. Cloning shares every contract's rows until one of them is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub height: u64,
    pub time: Timestamp,
    pub contracts: BTreeMap<String, Contract>,
    /// SHA-256 of each stored code; ids count from 1.
    pub codes: Vec<[u8; 32]>,
    /// (address, denom) → base units, without zeros.
    pub bank: Arc<BTreeMap<(String, String), u128>>,
}

impl World {
    pub fn contract(&self, address: &str) -> Result<&Contract> {
        self.contracts
            .get(address)
            .with_context(|| format!("no such contract: {address}"))
    }

    pub fn contract_mut(&mut self, address: &str) -> Result<&mut Contract> {
        self.contracts
            .get_mut(address)
            .with_context(|| format!("no such contract: {address}"))
    }

    pub fn balance(&self, address: &str, denom: &str) -> u128 {
        self.bank
            .get(&(address.to_owned(), denom.to_owned()))
            .copied()
            .unwrap_or_default()
    }

    pub fn mint(&mut self, to: &str, denom: &str, amount: u128) {
        let bank = Arc::make_mut(&mut self.bank);
        *bank.entry((to.to_owned(), denom.to_owned())).or_default() += amount;
    }

    pub fn burn(&mut self, from: &str, denom: &str, amount: u128) -> Result<()> {
        let held = self.balance(from, denom);
        ensure!(
            held >= amount,
            "spendable balance {held}{denom} is smaller than {amount}{denom}: insufficient funds"
        );
        let bank = Arc::make_mut(&mut self.bank);
        let key = (from.to_owned(), denom.to_owned());
        match held - amount {
            0 => bank.remove(&key),
            rest => bank.insert(key, rest),
        };
        Ok(())
    }

    /// Moves coins; like the bank module it refuses a send of nothing.
    pub fn send(&mut self, from: &str, to: &str, coins: &[Coin]) -> Result<()> {
        for coin in coins {
            let amount = amount_of(coin)?;
            ensure!(amount > 0, "invalid coins: {coin}");
            self.burn(from, &coin.denom, amount)?;
            self.mint(to, &coin.denom, amount);
        }
        Ok(())
    }
}

/// Base units of a coin; this chain keeps them in 128 bits.
pub(crate) fn amount_of(coin: &Coin) -> Result<u128> {
    Ok(std3::Uint128::try_from(coin.amount)?.u128())
}

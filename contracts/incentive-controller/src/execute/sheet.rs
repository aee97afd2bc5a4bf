//! The day that a report adds to. Rows are read once and written once, however many of the report's rows concern them.

use std::collections::BTreeMap;

use cosmwasm_std::{StdResult, Storage};
use kit::compact::Account;

use crate::error::ContractError;
use crate::state::{Share, Totals, DAYS, SHARES};

/// One day's totals, and the shares of the accounts reported.
pub struct Sheet {
    pub day: u64,
    pub totals: Totals,
    shares: BTreeMap<Account, Share>,
}

impl Sheet {
    pub fn load(storage: &dyn Storage, day: u64) -> StdResult<Self> {
        Ok(Self {
            day,
            totals: DAYS.may_load(storage, &day)?.unwrap_or_default(),
            shares: BTreeMap::new(),
        })
    }

    /// Changes the share of an account.
    pub fn change(
        &mut self,
        storage: &dyn Storage,
        account: &Account,
        change: impl FnOnce(&mut Share) -> Result<(), ContractError>,
    ) -> Result<(), ContractError> {
        if let Some(share) = self.shares.get_mut(account) {
            return change(share);
        }
        let mut share = SHARES
            .may_load(storage, &(account.clone(), self.day))?
            .unwrap_or_default();
        change(&mut share)?;
        self.shares.insert(account.clone(), share);
        Ok(())
    }

    pub fn save(&self, storage: &mut dyn Storage) {
        DAYS.save(storage, &self.day, &self.totals);
        for (account, share) in &self.shares {
            SHARES.save(storage, &(account.clone(), self.day), share);
        }
    }
}

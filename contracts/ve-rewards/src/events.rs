//! Typed events: one for every change of state, with enough in each to rebuild the state from them. Amounts are base units of VCAI, times unix seconds.

use cosmwasm_std::{Addr, Event, Uint128};

use crate::state::Config;

/// What happened.
pub enum Happened<'a> {
    /// Arrived at `time`; `funded` is the sum of all.
    Fund {
        amount: Uint128,
        funded: Uint128,
        time: u64,
    },
    /// `paid` is the sum of all that the account was paid.
    Claim {
        account: &'a Addr,
        amount: Uint128,
        paid: Uint128,
    },
    /// The book reached the day that begins at `time`.
    Sync {
        time: u64,
    },
    Peers(&'a Config),
}

impl From<Happened<'_>> for Event {
    fn from(happened: Happened) -> Self {
        match happened {
            Happened::Fund { amount, funded, time } => Event::new("fund")
                .add_attribute("amount", amount)
                .add_attribute("funded", funded)
                .add_attribute("time", time.to_string()),
            Happened::Claim { account, amount, paid } => Event::new("claim")
                .add_attribute("account", account)
                .add_attribute("amount", amount)
                .add_attribute("paid", paid),
            Happened::Sync { time } => Event::new("sync").add_attribute("time", time.to_string()),
            Happened::Peers(config) => Event::new("peers")
                .add_attribute("vcai", &config.vcai)
                .add_attribute("vote_escrow", &config.vote_escrow)
                .add_attribute("treasury", &config.treasury),
        }
    }
}

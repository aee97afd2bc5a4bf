//! Typed events: one for every change of state, with enough in each to rebuild the state from them. Amounts are µLCO.

use cosmwasm_std::{Addr, Event, Uint128};
use interfaces::lco_staking::{Params, Tier};

use crate::state::Holding;

/// What happened.
pub enum Happened<'a> {
    /// `after` is what the account has now.
    Stake {
        by: &'a str,
        account: &'a str,
        amount: Uint128,
        after: Holding,
    },
    /// Claimable at `until`, together with the rest of the day.
    Unstake {
        account: &'a Addr,
        amount: Uint128,
        after: Holding,
        until: u64,
    },
    Claim {
        account: &'a Addr,
        amount: Uint128,
    },
    /// A threshold reached the account.
    Refreshed {
        account: &'a str,
        after: Holding,
    },
    Mark {
        height: u64,
        time: u64,
    },
    Params(&'a Params),
    Token {
        l_coin: &'a Addr,
    },
}

impl From<Happened<'_>> for Event {
    fn from(happened: Happened) -> Self {
        match happened {
            Happened::Stake {
                by,
                account,
                amount,
                after,
            } => holding("stake", account, after)
                .add_attribute("by", by)
                .add_attribute("amount", amount),
            Happened::Unstake {
                account,
                amount,
                after,
                until,
            } => holding("unstake", account.as_str(), after)
                .add_attribute("amount", amount)
                .add_attribute("until", until.to_string()),
            Happened::Claim { account, amount } => Event::new("claim")
                .add_attribute("account", account)
                .add_attribute("amount", amount),
            Happened::Refreshed { account, after } => holding("refresh", account, after),
            Happened::Mark { height, time } => Event::new("mark")
                .add_attribute("height", height.to_string())
                .add_attribute("time", time.to_string()),
            Happened::Params(params) => Event::new("params")
                .add_attribute("lv2", params.lv2)
                .add_attribute("lv3", params.lv3)
                .add_attribute("lv4", params.lv4)
                .add_attribute("whale", params.whale),
            Happened::Token { l_coin } => Event::new("token").add_attribute("l_coin", l_coin),
        }
    }
}

fn holding(name: &str, account: &str, after: Holding) -> Event {
    Event::new(name)
        .add_attribute("account", account)
        .add_attribute("stake", after.stake)
        .add_attribute("tier", tier(after.tier))
}

/// As in the JSON of messages.
fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Lv1 => "lv1",
        Tier::Lv2 => "lv2",
        Tier::Lv3 => "lv3",
        Tier::Lv4 => "lv4",
        Tier::Whale => "whale",
    }
}

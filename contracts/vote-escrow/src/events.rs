//! Typed events: one for every change of state, with enough in each to rebuild the state from them. Amounts are base units of VCAI, times unix seconds.

use cosmwasm_std::{Addr, Event, Uint128};
use interfaces::vote_escrow::Params;
use interfaces::voting::Moment;
use kit::escrow::Lock;

use crate::state::Config;

/// What happened.
pub enum Happened<'a> {
    /// Made; `fee` went to `params.account_fee.to` before.
    Lock {
        by: &'a str,
        account: &'a Addr,
        fee: Uint128,
        after: &'a Lock,
    },
    /// Increased by `amount`, and perhaps extended.
    Increase {
        by: &'a str,
        account: &'a Addr,
        amount: Uint128,
        after: &'a Lock,
    },
    /// Extended and nothing else.
    Extend {
        account: &'a Addr,
        after: &'a Lock,
    },
    /// Paid out whole.
    Withdraw {
        account: &'a Addr,
        amount: Uint128,
    },
    /// A block is recorded.
    Mark(Moment),
    Params(&'a Params),
    Peers(&'a Config),
}

impl From<Happened<'_>> for Event {
    fn from(happened: Happened) -> Self {
        match happened {
            Happened::Lock {
                by,
                account,
                fee,
                after,
            } => lock("lock", account, after)
                .add_attribute("by", by)
                .add_attribute("fee", fee),
            Happened::Increase {
                by,
                account,
                amount,
                after,
            } => lock("increase", account, after)
                .add_attribute("by", by)
                .add_attribute("added", amount),
            Happened::Extend { account, after } => lock("extend", account, after),
            Happened::Withdraw { account, amount } => Event::new("withdraw")
                .add_attribute("account", account)
                .add_attribute("amount", amount),
            Happened::Mark(at) => Event::new("mark")
                .add_attribute("height", at.height.to_string())
                .add_attribute("time", at.time.to_string()),
            Happened::Params(params) => self::params(params),
            Happened::Peers(config) => Event::new("peers")
                .add_attribute("vcai", &config.vcai)
                .add_attribute("token_allocation", &config.token_allocation),
        }
    }
}

/// `amount` and `end` are what the lock has afterwards.
fn lock(name: &str, account: &Addr, after: &Lock) -> Event {
    Event::new(name)
        .add_attribute("account", account)
        .add_attribute("amount", Uint128::new(after.amount))
        .add_attribute("end", after.end.to_string())
}

fn params(params: &Params) -> Event {
    let mut event = Event::new("params").add_attribute("min_lock", params.min_lock);
    if let Some(fee) = &params.account_fee {
        event = event
            .add_attribute("account_fee", fee.amount)
            .add_attribute("fee_to", &fee.to);
    }
    match &params.gate {
        Some(gate) => event.add_attribute("gate", gate),
        None => event,
    }
}

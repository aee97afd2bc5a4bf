//! Typed events: one for every change of state, with enough in each to rebuild the state from them.

use cosmwasm_std::{Event, Uint128};
use interfaces::treasury::{Failure, Params, Receipt};

use crate::state::{Config, Source};

/// Money that comes in and goes out.
pub enum Money<'a> {
    /// Stablecoin.
    Deposit {
        name: &'a str,
        amount: Uint128,
        source: &'a Source,
    },
    Buyback(&'a Receipt),
    Failed(&'a Failure),
    /// VCAI and stablecoin.
    PoolOpened([Uint128; 2]),
    /// LP shares.
    LiquidityRemoved(Uint128),
    Spent {
        asset: String,
        to: &'a str,
        amount: Uint128,
    },
}

impl From<Money<'_>> for Event {
    fn from(money: Money) -> Self {
        match money {
            Money::Deposit { name, amount, source } => Event::new("deposit")
                .add_attribute("source", name)
                .add_attribute("amount", amount)
                .add_attribute("counts", source.counts.to_string())
                .add_attribute("deposited", source.deposited),
            Money::Buyback(receipt) => bought(receipt),
            Money::Failed(failure) => failed(failure),
            Money::PoolOpened([vcai, stablecoin]) => Event::new("pool_opened")
                .add_attribute("vcai", vcai)
                .add_attribute("stablecoin", stablecoin),
            Money::LiquidityRemoved(shares) => Event::new("liquidity_removed").add_attribute("shares", shares),
            Money::Spent { asset, to, amount } => Event::new("spent")
                .add_attribute("asset", asset)
                .add_attribute("to", to)
                .add_attribute("amount", amount),
        }
    }
}

fn bought(receipt: &Receipt) -> Event {
    Event::new("buyback")
        .add_attribute("n", receipt.n.to_string())
        .add_attribute("day", receipt.day.to_string())
        .add_attribute("spent", receipt.spent)
        .add_attribute("bought", receipt.bought)
        .add_attribute("height", receipt.height.to_string())
        .add_attribute("time", receipt.time.to_string())
}

fn failed(failure: &Failure) -> Event {
    Event::new("buyback_failed")
        .add_attribute("n", failure.n.to_string())
        .add_attribute("amount", failure.amount)
        .add_attribute("min_out", failure.min_out)
        .add_attribute("reason", &failure.reason)
        .add_attribute("height", failure.height.to_string())
        .add_attribute("time", failure.time.to_string())
}

/// Rules and neighbours.
pub enum Rule<'a> {
    Params(&'a Params),
    Source(&'a str, &'a Source),
    Started(&'a Config),
}

impl From<Rule<'_>> for Event {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::Params(params) => Event::new("params")
                .add_attribute("slice_interval", params.slice_interval.to_string())
                .add_attribute("slice_of_fee_bps", params.slice_of_fee_bps.to_string())
                .add_attribute("slippage_bps", params.slippage_bps.to_string())
                .add_attribute("max_premium_bps", params.max_premium_bps.to_string()),
            Rule::Source(name, source) => {
                let event = Event::new("source")
                    .add_attribute("name", name)
                    .add_attribute("counts", source.counts.to_string());
                match &source.address {
                    Some(address) => event.add_attribute("address", address),
                    None => event.add_attribute("action", "end"),
                }
            }
            Rule::Started(config) => Event::new("treasury")
                .add_attribute("governance", &config.governance)
                .add_attribute("denom", &config.denom)
                .add_attribute("vcai", &config.vcai)
                .add_attribute("exchange", &config.exchange)
                .add_attribute("ve_rewards", &config.ve_rewards)
                .add_attribute("allocation", &config.allocation),
        }
    }
}

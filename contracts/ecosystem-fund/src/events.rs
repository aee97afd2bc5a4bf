//! Typed events: one for every change of state, with enough in each to rebuild the state from them.

use cosmwasm_std::{Addr, Event, Uint128};
use interfaces::ecosystem_fund::{Params, Receipt};

use crate::state::{Config, Report};

/// Money that comes in and goes out.
pub enum Money<'a> {
    /// A gateway's week was released, µCredit.
    Profit {
        gateway: u64,
        week: u64,
        report: &'a Report,
    },
    /// µCredit.
    FreeCallsPaid {
        gateway: u64,
        week: u64,
        payout: &'a str,
        amount: Uint128,
        owed: Uint128,
    },
    Burn(&'a Receipt),
    /// µLCO.
    PrizesReleased {
        week: u64,
        amount: Uint128,
    },
}

impl From<Money<'_>> for Event {
    fn from(money: Money) -> Self {
        match money {
            Money::Profit { gateway, week, report } => profit(gateway, week, report),
            Money::FreeCallsPaid {
                gateway,
                week,
                payout,
                amount,
                owed,
            } => of_week("free_calls_paid", week)
                .add_attribute("gateway", gateway.to_string())
                .add_attribute("payout", payout)
                .add_attribute("amount", amount)
                .add_attribute("owed", owed),
            Money::Burn(receipt) => burn(receipt),
            Money::PrizesReleased { week, amount } => of_week("prizes_released", week).add_attribute("amount", amount),
        }
    }
}

fn profit(gateway: u64, week: u64, report: &Report) -> Event {
    let event = of_week("profit", week)
        .add_attribute("gateway", gateway.to_string())
        .add_attribute("revenue", report.revenue)
        .add_attribute("cost", report.cost)
        .add_attribute("share", report.share)
        .add_attribute("forfeited", report.forfeited)
        .add_attribute("free_cost", report.free_cost);
    match &report.evidence_hash {
        Some(hash) => event.add_attribute("evidence_hash", hash.to_hex()),
        None => event,
    }
}

fn burn(receipt: &Receipt) -> Event {
    Event::new("burn")
        .add_attribute("n", receipt.n.to_string())
        .add_attribute("week", receipt.week.to_string())
        .add_attribute("credits_spent", receipt.credits_spent)
        .add_attribute("lco_bought", receipt.lco_bought)
        .add_attribute("lco_burned", receipt.lco_burned)
        .add_attribute("lco_to_prizes", receipt.lco_to_prizes)
        .add_attribute("price", receipt.price)
        .add_attribute("height", receipt.height.to_string())
        .add_attribute("time", receipt.time.to_string())
}

/// Rules and neighbours.
pub enum Rule<'a> {
    Params(&'a Params),
    Wars(&'a Addr),
    Started(&'a Config),
}

impl From<Rule<'_>> for Event {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::Params(params) => Event::new("params")
                .add_attribute("prize_share_bps", params.prize_share_bps.to_string())
                .add_attribute("slice_interval", params.slice_interval.to_string())
                .add_attribute("slice_of_fee_bps", params.slice_of_fee_bps.to_string())
                .add_attribute("slippage_bps", params.slippage_bps.to_string())
                .add_attribute("max_deviation_bps", params.max_deviation_bps.to_string())
                .add_attribute("free_call_bps", params.free_call_bps.to_string()),
            Rule::Wars(wars) => Event::new("wars").add_attribute("wars", wars),
            Rule::Started(config) => Event::new("fund")
                .add_attribute("vault", &config.vault)
                .add_attribute("l_coin", &config.l_coin)
                .add_attribute("exchange", &config.exchange),
        }
    }
}

fn of_week(name: &str, week: u64) -> Event {
    Event::new(name).add_attribute("week", week.to_string())
}

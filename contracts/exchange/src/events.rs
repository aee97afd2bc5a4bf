//! Typed events: one for every change of state, with enough in each to rebuild the state from them.

use cosmwasm_std::{Event, Uint128};
use interfaces::exchange::{Params, Side};
use math::amm::{Liquidity, Trade};

use crate::assets;
use crate::state::Terms;

/// Name of a side, as in messages.
pub const fn side_name(side: Side) -> &'static str {
    match side {
        Side::Base => "base",
        Side::Quote => "quote",
    }
}

/// What happened.
pub enum Happened<'a> {
    Created {
        terms: &'a Terms,
    },
    Params(&'a Params),
    Swapped {
        /// Who paid.
        sender: &'a str,
        /// Who received.
        to: &'a str,
        pay: Side,
        trade: &'a Trade,
        /// Reserves afterwards.
        reserves: [u128; 2],
    },
    Provided {
        sender: &'a str,
        shares: u128,
        amounts: [u128; 2],
        after: Liquidity,
    },
    Withdrawn {
        sender: &'a str,
        shares: Uint128,
        amounts: [u128; 2],
        after: Liquidity,
    },
    Announced {
        sender: &'a str,
        shares: Uint128,
        from: u64,
        until: u64,
    },
    Skimmed {
        to: &'a str,
        amounts: [u128; 2],
    },
}

impl From<Happened<'_>> for Event {
    fn from(happened: Happened) -> Self {
        match happened {
            Happened::Created { terms } => created(terms),
            Happened::Params(params) => Event::new("params")
                .add_attribute("fee_bps", params.fee_bps.to_string())
                .add_attribute("skim_recipient", &params.skim_recipient),
            Happened::Swapped {
                sender,
                to,
                pay,
                trade,
                reserves,
            } => swapped(sender, to, pay, trade, reserves),
            Happened::Provided {
                sender,
                shares,
                amounts,
                after,
            } => liquidity("provide", sender, shares, amounts, after),
            Happened::Withdrawn {
                sender,
                shares,
                amounts,
                after,
            } => liquidity("withdraw", sender, shares.u128(), amounts, after),
            Happened::Announced {
                sender,
                shares,
                from,
                until,
            } => Event::new("announce")
                .add_attribute("sender", sender)
                .add_attribute("shares", shares)
                .add_attribute("from", from.to_string())
                .add_attribute("until", until.to_string()),
            Happened::Skimmed { to, amounts } => pair(Event::new("skim").add_attribute("to", to), "amount", amounts),
        }
    }
}

fn created(terms: &Terms) -> Event {
    let [base, quote] = &terms.assets;
    Event::new("pool")
        .add_attribute("base", assets::name(base))
        .add_attribute("quote", assets::name(quote))
        .add_attribute("announced", terms.announced.to_string())
}

fn swapped(sender: &str, to: &str, pay: Side, trade: &Trade, reserves: [u128; 2]) -> Event {
    let event = Event::new("swap")
        .add_attribute("sender", sender)
        .add_attribute("to", to)
        .add_attribute("pay", side_name(pay))
        .add_attribute("amount_in", trade.amount_in.to_string())
        .add_attribute("amount_out", trade.amount_out.to_string())
        .add_attribute("fee", trade.fee.to_string());
    pair(event, "reserve", reserves)
}

fn liquidity(name: &str, sender: &str, shares: u128, amounts: [u128; 2], after: Liquidity) -> Event {
    let event = Event::new(name)
        .add_attribute("sender", sender)
        .add_attribute("shares", shares.to_string())
        .add_attribute("total_shares", after.shares.to_string());
    pair(pair(event, "amount", amounts), "reserve", after.reserves)
}

/// `base_<what>` and `quote_<what>`.
fn pair(event: Event, what: &str, [base, quote]: [u128; 2]) -> Event {
    event
        .add_attribute(format!("base_{what}"), base.to_string())
        .add_attribute(format!("quote_{what}"), quote.to_string())
}

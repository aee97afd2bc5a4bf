//! Typed events besides those of the `cw721` crate, with enough in each to rebuild the state from them.

use cosmwasm_std::{Addr, Event, Uint128};

use crate::state::Config;

/// What happens here and nowhere else.
pub enum Genesis<'a> {
    Started(&'a Config),
    /// Tokens `first` to `last` were sold.
    Sold {
        buyer: &'a Addr,
        first: u32,
        last: u32,
        paid: Uint128,
    },
    Listed(&'a Addr),
    Unlisted(&'a Addr),
    /// Stablecoin handed over.
    Released {
        time: u64,
        proceeds: Uint128,
    },
    /// VCAI.
    Claimed {
        holder: &'a Addr,
        id: &'a str,
        amount: Uint128,
    },
    /// Stablecoin.
    Refunded {
        holder: &'a Addr,
        id: &'a str,
        amount: Uint128,
    },
    /// VCAI.
    Forfeited {
        id: &'a str,
        amount: Uint128,
    },
}

impl From<Genesis<'_>> for Event {
    fn from(what: Genesis) -> Self {
        match what {
            Genesis::Started(config) => started(config),
            Genesis::Sold {
                buyer,
                first,
                last,
                paid,
            } => Event::new("sold")
                .add_attribute("buyer", buyer)
                .add_attribute("first", first.to_string())
                .add_attribute("last", last.to_string())
                .add_attribute("paid", paid),
            Genesis::Listed(address) => Event::new("listed").add_attribute("address", address),
            Genesis::Unlisted(address) => Event::new("unlisted").add_attribute("address", address),
            Genesis::Released { time, proceeds } => Event::new("released")
                .add_attribute("time", time.to_string())
                .add_attribute("proceeds", proceeds),
            Genesis::Claimed { holder, id, amount } => of_holder("claimed", holder, id, amount),
            Genesis::Refunded { holder, id, amount } => of_holder("refunded", holder, id, amount),
            Genesis::Forfeited { id, amount } => Event::new("forfeited")
                .add_attribute("token_id", id)
                .add_attribute("amount", amount),
        }
    }
}

fn of_holder(name: &str, holder: &Addr, id: &str, amount: Uint128) -> Event {
    Event::new(name)
        .add_attribute("holder", holder)
        .add_attribute("token_id", id)
        .add_attribute("amount", amount)
}

fn started(config: &Config) -> Event {
    let sale = &config.sale;
    let event = Event::new("genesis")
        .add_attribute("allocation", &config.allocation)
        .add_attribute("treasury", &config.treasury)
        .add_attribute("vcai", &config.vcai)
        .add_attribute("denom", &config.denom)
        .add_attribute("price", sale.price)
        .add_attribute("tokens", sale.tokens.to_string())
        .add_attribute("per_wallet", sale.per_wallet.to_string())
        .add_attribute("opens", sale.opens.to_string())
        .add_attribute("closes", sale.closes.to_string())
        .add_attribute("deadline", sale.deadline.to_string());
    match sale.listed_until {
        Some(until) => event.add_attribute("listed_until", until.to_string()),
        None => event,
    }
}

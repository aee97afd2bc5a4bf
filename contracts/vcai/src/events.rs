//! Events. Standard messages emit the attributes of `cw20-base` (`action`, `from`, `to`, `by`, `amount`), which wallets and indexers read; the additions are here.

use cosmwasm_std::Event;
use interfaces::vcai::{Issuance, Repricing, DECIMALS, GENESIS_SUPPLY};

/// The token exists, its whole supply with one holder.
pub fn created(governance: &str, allocation: &str) -> Event {
    Event::new("created")
        .add_attribute("governance", governance)
        .add_attribute("allocation", allocation)
        .add_attribute("supply", GENESIS_SUPPLY)
        .add_attribute("decimals", DECIMALS.to_string())
}

/// Tokens were issued.
pub fn issued(row: &Issuance) -> Event {
    Event::new("issue")
        .add_attribute("n", row.n.to_string())
        .add_attribute("proposal", row.proposal.to_string())
        .add_attribute("to", &row.to)
        .add_attribute("amount", row.amount)
        .add_attribute("year", row.year.to_string())
        .add_attribute("time", row.time.to_string())
}

/// The decimals changed.
pub fn repriced(row: &Repricing) -> Event {
    Event::new("reprice")
        .add_attribute("n", row.n.to_string())
        .add_attribute("exponent", row.exponent.to_string())
        .add_attribute("decimals", row.decimals.to_string())
        .add_attribute("time", row.time.to_string())
}

/// Code was replaced.
pub fn migrated(from: impl ToString, to: &str) -> Event {
    Event::new("migrated")
        .add_attribute("from", from.to_string())
        .add_attribute("to", to)
}

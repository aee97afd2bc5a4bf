//! Typed events: one for every change of state, enough to rebuild the state from them. Units are those of the rate card, prices µCredit.

use cosmwasm_std::{Addr, Event, Uint128};

use crate::state::{Launch, Peers, Tally};

/// The launchpad exists.
pub fn created(owner: &str, peers: &Peers) -> Event {
    Event::new("created")
        .add_attribute("owner", owner)
        .add_attribute("vault", &peers.vault)
        .add_attribute("staking", &peers.staking)
}

/// A launch was announced.
pub fn announced(id: u64, launch: &Launch) -> Event {
    let terms = &launch.terms;
    of_launch("launch", id)
        .add_attribute("sku", &terms.sku)
        .add_attribute("quota", terms.quota)
        .add_attribute("price_per_unit", terms.price_per_unit)
        .add_attribute("snapshot", terms.snapshot.to_string())
        .add_attribute("subscribe_until", terms.subscribe_until.to_string())
        .add_attribute("claim_until", terms.claim_until.to_string())
        .add_attribute("exclusive_until", terms.exclusive_until.to_string())
        .add_attribute("created_at", launch.created_at.to_string())
        .add_attribute("total_weight", launch.total_weight)
}

/// The owner withdrew a launch.
pub fn cancelled(id: u64, launch: &Launch) -> Event {
    of_launch("launch_cancelled", id).add_attribute("sku", &launch.terms.sku)
}

/// A launch is over; `returned` is what nobody took.
pub fn closed(id: u64, launch: &Launch, tally: &Tally, returned: Uint128) -> Event {
    of_launch("launch_closed", id)
        .add_attribute("sku", &launch.terms.sku)
        .add_attribute("claimed", tally.claimed)
        .add_attribute("returned", returned)
}

/// An account took its allocation.
pub fn subscribed(id: u64, account: &Addr, allocation: Uint128, weight: Uint128) -> Event {
    of_launch("subscribe", id)
        .add_attribute("account", account)
        .add_attribute("weight", weight)
        .add_attribute("allocation", allocation)
}

/// An account claimed units; `left` is what it can still claim.
pub fn claimed(id: u64, account: &Addr, units: Uint128, price: Uint128, left: Uint128) -> Event {
    of_launch("claim", id)
        .add_attribute("account", account)
        .add_attribute("units", units)
        .add_attribute("price", price)
        .add_attribute("left", left)
}

fn of_launch(name: &str, id: u64) -> Event {
    Event::new(name).add_attribute("launch", id.to_string())
}

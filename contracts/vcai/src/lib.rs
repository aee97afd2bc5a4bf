//! The network's token: a CW20 whose supply only governance raises, by a bounded yearly share.
//!
//! Everything a CW20 token does is `cw20-base`; this crate adds issuance under a yearly cap, repricing by decimals, and typed refusals. A transfer loads and writes
//! exactly what `cw20-base` loads and writes.
//!
//! The laws of this contract, after every message: Σ balances = supply = genesis + issued − burned; Σ issuances = issued; issued in a year ≤ 5 % of the supply
//! recorded at the year's first issuance.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
mod execute;
pub mod query;
pub mod state;

pub use error::ContractError;

//! L-Coin, a CW20 whose cap counts every unit ever minted.
//!
//! Everything a CW20 token does is `cw20-base`; this crate adds a fixed minter, batches, typed refusals and a cap that
//! burning does not open again. A transfer loads and writes exactly what `cw20-base` loads and writes.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
mod execute;
pub mod query;
pub mod state;

pub use error::ContractError;

//! Tokens sold before the genesis event, each with a claim on VCAI that moves with it.
//!
//! The laws of this contract, after every message: until the TGE stablecoin balance ≥ live tokens · price; after it VCAI balance ≥ Σ over live tokens of what is not
//! claimed; airdrop = Σ claimed + Σ forfeited + Σ over live tokens of what is not claimed; sold ≤ 3,000; Σ purchases by address = sold.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod query;
pub mod state;

pub use error::ContractError;

//! The treasury: the network's revenue, by source, spent day by day on VCAI for those who lock it.
//!
//! Registered sources deposit stablecoin. Every day what has come in becomes the day's amount, which anybody has the contract spend in small slices on the VCAI pool;
//! what is bought goes to `ve-rewards` in the same transaction. Governance disposes of what is not revenue, and of nothing else.
//!
//! The laws of this contract, after every message: revenue = Σ deposits of sources = spent + pot; net fees ≤ revenue; Σ receipts = spent and bought; day's rest ≤ pot ≤
//! stablecoin balance.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod query;
pub mod state;

pub use error::ContractError;

//! Isolated positions up to five times, lending pools and the reserve that stands between them and loss.
//!
//! A long borrows Credits and holds LCO, a short borrows LCO and holds Credits; both trade on the suite's exchange and are valued at its mark. See the contract's
//! page in docs/ for formulas, the order in which a loss is borne, attacks and limits.
//!
//! The law of this contract, after every message and for each of the two tokens: what it holds ≥ cash of the pool + Risk Reserve + what positions hold.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod market;
pub mod pool;
pub mod query;
pub mod risk;
pub mod state;

pub use error::ContractError;

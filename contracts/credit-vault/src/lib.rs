//! The Credit ledger.
//!
//! 1 Credit = 1 USDT. USDT comes in and goes out 1:1; in between Credits are free, promised to a gateway (spending accounts), or charged for attested usage
//! (revenue). Consumption mines L-Coin by the halving rule. See the contract's page in docs/ for state, formulas, trust and limits.
//!
//! The law of this contract, after every message: `reserve = supply + revenue`, and the bank balance is at least `reserve`.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod query;
pub mod state;

pub use error::ContractError;

//! Lets a DAO DAO core use one of the suite's voting modules.
//!
//! It holds nothing, decides nothing and takes no message. See the contract's page in docs/ for how a DAO is built on it.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod query;
pub mod state;

pub use error::ContractError;

//! Locks VCAI for up to four years and answers voting power for every past block.
//!
//! The law of this contract: at every past moment the total is the sum over the accounts, exactly, for the square-root weight, the linear weight and the locked amount;
//! and the contract holds at least what is locked and not withdrawn. See the contract's page in docs/ for formulas, trust and limits.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod query;
pub mod state;

pub use error::ContractError;

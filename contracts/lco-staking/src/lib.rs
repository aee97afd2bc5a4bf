//! Stakes L-Coin for price tiers, launch weight and votes; every past second can be asked about.
//!
//! The law of this contract: at every second the total is the sum over the accounts, exactly, for stake, weight, votes and both integrals; and the contract holds
//! at least what is bonded and unbonding. See the contract's page in docs/ for formulas, trust and limits.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod query;
pub mod state;

pub use error::ContractError;

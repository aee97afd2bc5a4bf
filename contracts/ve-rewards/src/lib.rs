//! Streams bought VCAI to locks at their real-time decaying weight.
//!
//! The law of this contract: what is paid and what can be claimed, by all accounts together, never exceeds what was funded; and when something is paid or asked for
//! changes nobody's part. See the contract's page in docs/ for formulas, trust and limits.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod query;
pub mod state;
pub mod stream;
pub mod weights;

pub use error::ContractError;

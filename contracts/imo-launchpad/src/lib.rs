//! Shares out quota of scarce models by time-averaged stake.
//!
//! Allocation = ⌊quota · Δuser / Δtotal⌋ over all eligible stakers, Δ = ∫ stake · w(tier) dt over the 7 days before a snapshot that is past when the launch is
//! announced. Subscribers take theirs, share once what nobody subscribed, and pay when they claim. See the contract's page in docs/.
//!
//! The laws of this contract: Σ allocations ≤ quota, Σ claims ≤ Σ allotments ≤ quota, and no Credits stay here after a message.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod query;
pub mod shares;
pub mod state;

pub use error::ContractError;

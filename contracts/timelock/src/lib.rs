//! Public queue through which contracts are migrated and their peers changed, never sooner than a fixed delay.
//!
//! # What a stolen owner key can do
//! Queue in public and cancel. It cannot execute early, and cannot shorten the delay or take the queue over but through the
//! queue itself, where the rightful owner sees the attempt for the whole delay and cancels it. The worst outcome is a
//! standstill, which harms nobody who wants to leave: leaving paths need no timelock.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
mod execute;
pub mod query;
pub mod state;

pub use error::ContractError;

//! Typed proposals on tracks, over any voting module.
//!
//! A proposal carries everything its fate depends on: its times, its electorate, its tallies. Its status is a function of that row and the block's time, so no
//! keeper moves it on, and no later change of the settings reaches it. There is no owner, no operator and no veto. See the contract's page in docs/.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod action;
pub mod codec;
pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod module;
pub mod network;
pub mod query;
pub mod state;
pub mod strict;

pub use error::ContractError;

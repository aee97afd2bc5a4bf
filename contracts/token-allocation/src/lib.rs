//! The genesis supply of VCAI: who it is for, when the market opens, and who may have how much of it by when.
//!
//! The laws of this contract, after every message: in each bucket size = granted + sent + free and claimed ≤ vested ≤ granted; Σ sizes − Σ claimed − Σ sent = VCAI
//! balance less donations; Σ grants of a bucket = granted.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

mod codec;
pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod query;
pub mod state;

pub use error::ContractError;

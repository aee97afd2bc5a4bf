//! Releases the incentive pool epoch by epoch and steers it between those who supply computing power and those who use it.
//!
//! A reporter says what nodes and renters did on a day; weights add up as the reports arrive; a day after its end the day closes and everybody claims his part of it.
//! What a rental can bring is bounded by the network fee it paid, so that renting from oneself does not pay. See the contract's page in docs/ for formulas.
//!
//! The laws of this contract, after every message: released = paid + withheld + left over + to be released again + still in days; and the balance is at least the whole
//! pool less what was paid.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod pay;
pub mod query;
pub mod state;

pub use error::ContractError;

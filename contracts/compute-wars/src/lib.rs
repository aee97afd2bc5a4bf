//! The weekly contest: an exact top hundred by Credits charged, prizes and the champion's perk.
//!
//! The vault reports each account's charges; a bounded index keeps the hundred best of each week, so that nothing depends on how many accounts there are. Once
//! a week is over anybody fixes its ranks, fetches its prizes from the fund and divides them. See the contract's page in docs/ for state, formulas and limits.
//!
//! The law of this contract, after every message: µLCO collected = paid + unclaimed + rolled over, and the token balance is at least collected − paid.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod query;
pub mod state;

pub use error::ContractError;

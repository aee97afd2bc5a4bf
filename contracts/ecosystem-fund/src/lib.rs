//! The ecosystem fund: a share of every gateway's profit, spent on L-Coin every Friday and burned.
//!
//! A gateway's payout address reports what a week cost; the vault then splits that week between the fund and the gateway. On Fridays anybody has the fund buy LCO
//! in small slices, which are burned in the same transaction, less a prize share for the weekly contest. See the contract's page in docs/ for formulas and bounds.
//!
//! The laws of this contract, after every message: µCredit received = spent + paid for free calls + pot; µLCO bought = burned + prizes; Σ over receipts = the totals;
//! and both token balances are at least what the contract counts as its own.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod query;
pub mod state;

pub use error::ContractError;

//! A constant-product pool for any pair of assets, with time-weighted prices kept in the pool.
//!
//! The formulas are in `math::amm` and `math::twap`, pure, so that other contracts compute what this one will do. What stands here is what is stored, who may do
//! what, and which money follows. See the contract's page in docs/ for formulas, attacks and limits.
//!
//! The laws of this contract, after every message: the balance of each asset is at least its reserve; k / T² never falls; T is the sum of all accounts' shares and the
//! 1,000 locked ones.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod assets;
pub mod candles;
pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod history;
pub mod query;
pub mod state;

pub use error::ContractError;

//! Bets on events: dynamic parimutuel with an L2 cost function, bonded answers, disputes.
//!
//! A market is proposed with an ante, bet on until it closes, answered with a bond, disputed with twice the bond before, in the end decided by the stakers, and
//! claimed. The formulas are those of [`math::parimutuel`]; see the contract's page in docs/ for them, the resolution, and what each defence is for.
//!
//! The laws of this contract, after every message and for every market: `P² ≥ Σ s_i²`, `Σ M_i = P`; and over all markets: the L-Coin balance is at least
//! `open interest + unclaimed + bonds`.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod contract;
pub mod error;
pub mod events;
pub mod execute;
pub mod market;
pub mod peers;
pub mod query;
pub mod state;

pub use error::ContractError;

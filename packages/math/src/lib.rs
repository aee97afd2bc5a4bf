//! Integer maths without storage: the halving mint, rates, rounding, weeks.
//!
//! Every function is exact or says in its name which way it rounds; nothing wraps and nothing panics.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

pub mod amm;
mod bps;
pub mod buyback;
mod div;
mod error;
pub mod halving;
pub mod incentives;
pub mod interest;
pub mod liquidation;
pub mod parimutuel;
pub mod sqrt;
pub mod time;
pub mod twap;
pub mod ve_rewards;
pub mod vesting;
pub mod vote_escrow;

pub use bps::Bps;
pub use div::{div_floor, mul_div_ceil, mul_div_floor};
pub use error::MathError;
pub use time::{Day, Week};

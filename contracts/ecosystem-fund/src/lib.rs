//! Collects a share of every gateway's profit, buys L-Coin on Fridays and burns it.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

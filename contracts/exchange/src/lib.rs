//! A constant-product pool for any pair of assets, with time-weighted prices kept in the pool.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

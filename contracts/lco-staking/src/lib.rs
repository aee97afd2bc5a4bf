//! Stakes L-Coin for price tiers, launch weight and votes; every past second can be asked about.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

//! Releases the incentive pool week by week and steers it between supply and demand.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

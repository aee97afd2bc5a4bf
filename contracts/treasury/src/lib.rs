//! Takes the network's revenue and buys VCAI with it day by day.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

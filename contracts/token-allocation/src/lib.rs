//! Holds the genesis supply of VCAI by bucket and pays it out by schedule.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

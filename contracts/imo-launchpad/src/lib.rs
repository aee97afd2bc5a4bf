//! Shares out quota of scarce models by time-averaged stake.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

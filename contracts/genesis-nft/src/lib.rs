//! Tokens sold before the genesis event, each with a claim on VCAI that moves with it.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

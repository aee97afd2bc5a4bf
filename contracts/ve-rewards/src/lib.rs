//! Streams bought VCAI to locks at their real-time decaying weight.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

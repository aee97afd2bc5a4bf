//! Locks VCAI for up to four years and answers voting power for every past second.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

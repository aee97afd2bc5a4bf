//! Isolated positions up to five times, lending pools and the reserve that stands between them and loss.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

//! Weekly contest by Credits charged: an exact top hundred, prizes and the champion's perk.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

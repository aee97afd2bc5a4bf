//! The network's token: a CW20 whose supply only governance raises, by a bounded yearly share.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

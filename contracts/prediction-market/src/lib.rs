//! Bets on events: dynamic parimutuel with an L2 cost function, bonded answers, disputes.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

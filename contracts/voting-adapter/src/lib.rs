//! Lets a DAO DAO core use one of the suite's voting modules.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

//! The allocation on a simulated chain with the real token, pool, treasury and genesis tokens. After every message that succeeds the laws of the supply are checked
//! (see `World::check_laws`).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod stand_in;
mod world;

mod access;
mod grants;
mod spend;
mod tge;
mod vesting;

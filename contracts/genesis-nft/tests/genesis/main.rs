//! The genesis tokens on a simulated chain with the real VCAI. After every message that succeeds the laws of sale and claims are checked (see `World::check_laws`).
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
mod claim;
mod model;
mod sale;
mod token;

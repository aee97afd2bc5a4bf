//! The controller on a simulated chain with a real pool and token. After every message that succeeds the laws of its money are checked (see `World::check_laws`).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod world;

mod access;
mod claims;
mod epochs;
mod laws;
mod queries;
mod reports;
mod settings;
mod wash;

//! The token on a simulated chain, through its entry points. After every message that succeeds the laws of its supply are checked (see `World::check_laws`).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod world;

mod access;
mod issue;
mod laws;
mod reprice;
mod standard;

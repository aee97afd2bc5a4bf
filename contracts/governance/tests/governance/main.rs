//! Governance on a simulated chain, with the real L-Coin as deposit token.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod access;
mod appeals;
mod deposits;
mod events;
mod execution;
mod laws;
mod neighbours;
mod network;
mod outcomes;
mod passing;
mod proposing;
mod queries;
mod settings;
mod stand_in;
mod votes;
mod world;

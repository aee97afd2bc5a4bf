//! The market on a simulated chain with the real L-Coin, staking and governance; one module per group of messages. After every message that succeeds the laws of
//! the contract are checked on the raw rows (see `World::check_laws`).
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
mod claims;
mod governing;
mod hostile;
mod model;
mod proposing;
mod queries;
mod resolution;
mod trading;
mod votes;

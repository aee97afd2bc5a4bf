//! The vault on a simulated chain with the real L-Coin; one module per group of messages. After every message that succeeds the laws of the ledger are checked
//! on the raw rows (see `World::check_laws`).
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
mod challenges;
mod governance;
mod in_and_out;
mod launches;
mod lco;
mod model;

mod queries;
mod rates;
mod scores;
mod settlement;
mod spending;
mod tiers;
mod token;
mod wash;
mod weeks;

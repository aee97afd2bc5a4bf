//! The contest on a simulated chain with the real vault and the real L-Coin. After every message that succeeds the law of prize money is checked
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
mod finalize;
mod governance;
mod perks;
mod prizes;
mod queries;
mod record;
mod top;

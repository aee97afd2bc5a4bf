//! Margin on a simulated chain with the real L-Coin, credit vault and exchange; one module per group of messages. After every message that succeeds the laws of the
//! contract are checked on the raw rows (see `World::check_laws`).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod world;

mod access;
mod governance;
mod hostile;
mod liquidation;
mod losses;
mod model;
mod offers;

mod pools;
mod positions;

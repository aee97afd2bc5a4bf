//! The treasury on a simulated chain with the real token and pool. After every message that succeeds the laws of its money are checked (see `World::check_laws`).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod stand_in;
mod world;

mod access;
mod buyback;
mod hostile;
mod model;
mod pool;
mod revenue;
mod sandwich;

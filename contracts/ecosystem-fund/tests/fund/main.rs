//! The fund on a simulated chain with the real vault, pool, contest and L-Coin. After every message that succeeds the laws of its money are checked
//! (see `World::check_laws`).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod stand_in;
mod world;

mod access;
mod buyback;
mod free_calls;
mod governance;
mod hostile;
mod model;
mod prizes;
mod profit;
mod queries;
mod sandwich;

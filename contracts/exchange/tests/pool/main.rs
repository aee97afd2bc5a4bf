//! The pool on a simulated chain, with the real L-Coin as its tokens; one module per group of messages, one for attacks. After every message that succeeds the laws
//! of the pool are checked on the raw rows (see `World::check_laws`).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod direct;
mod hostile;
mod world;

mod access;
mod announcements;
mod attacks;
mod book;
mod charts;
mod governance;
mod laws;
mod liquidity;
mod re_entry;
mod sandwich;
mod swaps;
mod twap;

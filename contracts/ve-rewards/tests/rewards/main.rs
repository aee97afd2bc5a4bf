//! The contract through its entry points, against slow arithmetic of 512 digits, and against itself under pokes.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod access;
mod bench;
mod book;
mod cost;
mod laws;
mod model;
mod queries;
#[path = "../../../../packages/math/tests/ve_reference/mod.rs"]
mod reference;

//! The contract through its entry points, against a slow shadow of itself, with the real rewards and a real token, and against hostile neighbours.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod access;
mod bench;
mod cost;
mod gate;
mod locks;
mod model;
mod moments;
mod money;
mod queries;
mod split;

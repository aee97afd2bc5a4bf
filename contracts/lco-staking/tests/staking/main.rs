//! The contract through its entry points, against slow shadows of itself, with the real token and the real ledger, and against hostile neighbours.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod access;
mod bench;
mod cost;
mod governance;
mod ledger;
mod model;
mod moments;
mod money;
mod queries;
mod tiers;

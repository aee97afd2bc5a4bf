//! Encodings, digests, logs and keys, each against a second implementation or a real one, and the attacks on them.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod bodies;
mod calls;
#[path = "../../examples/vectors/generate.rs"]
mod generate;
mod keys;
mod logs;
mod merkle;
mod reference;
mod vectors;

//! The oracle with the real verifier, vault and coin, on a simulated chain. Keys and quotes are real: quotes come from a synthetic Intel-like PKI whose root the
//! verifier trusts as its test root.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

mod world;

mod bonds;
mod challenges;
mod disputes;
mod enrolment;
mod fan_out;
mod governance;
mod model;
mod queries;
mod statements;

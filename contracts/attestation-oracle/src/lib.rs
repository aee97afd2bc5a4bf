//! Enrolled keys, verification of signed statements, and their fan-out to the contracts that settle them.
//!
//! Messages: [`interfaces::attestation_oracle`]. What is signed: the `attestation` package. State: [`state`].
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::indexing_slicing
    )
)]

mod codec;
pub mod contract;
mod enrolled;
mod error;
mod events;
mod execute;
mod funds;
mod query;
mod reply;
mod signature;
pub mod state;
mod store;
mod vault;

pub use error::ContractError;

//! A chain in process that runs the shipped Wasm in cosmwasm-vm, the machine inside wasmd.
//!
//! It routes messages, queries and replies between contracts as wasmd does: sub-messages run depth first, a failed one rolls back to where it started, and a
//! contract that is asked while another runs sees everything written so far. It has no mempool, no consensus and no fees. Gas is what the machine itself counts.

mod chain;
mod dispatch;
mod machine;
mod world;

pub use chain::VmChain;

/// CosmWasm gas in one unit of the chain's gas (wasmd's default multiplier).
pub const GAS_MULTIPLIER: u64 = 140_000;

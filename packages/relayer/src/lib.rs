//! Carries signed statements to the chain, exactly once in effect.
//!
//! `ingest → verify locally → outbox → planner → signer → broadcaster → confirmer`. The relayer is not trusted: it can
//! neither forge a statement nor apply one twice, because the contract judges each by signature, place in its chain and
//! digest. What it owes its users is that nothing accepted is ever lost.
//!
//! Three rules carry that promise:
//! 1. A client is told *accepted* only after the statement is on disk ([`outbox`]).
//! 2. A transaction's bytes are on disk before they are broadcast, so a restart sends the same bytes and never signs a
//!    second transaction for statements whose first may still be included ([`engine`]).
//! 3. What became of a statement is read from the contract's state by its place in its chain, never believed from an
//!    event or from one endpoint's word that a transaction was included.

pub mod chain;
pub mod class;
pub mod cli;
pub mod clock;
pub mod config;
pub mod engine;
pub mod failpoint;
pub mod fee;
pub mod ingest;
pub mod metrics;
pub mod outbox;
pub mod outcome;
pub mod planner;
pub mod rpc;
mod service;
pub mod signer;
pub mod statement;
pub mod tx;

pub use service::{Relayer, RelayerHandle, StartError};

//! Deploys and drives the whole suite, in process and on a chain.
//!
//! - [`account`]: signing accounts, among them the funded development accounts of a local chain
//! - [`chain`]: what the suite needs of a chain, whichever it is
//! - [`deploy`]: puts the suite there, brings it up to date, and leaves alone what is
//! - `in_process` (with the feature `in-process`): a chain on cw-multi-test
//! - [`laws`]: what each market holds and owes
//! - [`live`]: a chain behind JSON-RPC
//! - [`localnet`]: a local wasmd whose clock we hold
//! - [`genesis`]: its first state, contracts and their rows included
//! - `population` (with the feature `population`): many rows to begin with, for measuring

pub mod account;
pub mod chain;
pub mod deploy;
pub mod genesis;
#[cfg(feature = "in-process")]
pub mod in_process;
pub mod laws;
pub mod live;
pub mod localnet;
#[cfg(feature = "population")]
pub mod population;

pub use account::Account;
pub use chain::{Chain, ChainError, ChainExt, Msg, TxOutcome};

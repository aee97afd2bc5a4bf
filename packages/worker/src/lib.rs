//! Worker side of the network: what runs inside a trusted execution environment and signs.
//!
//! - [`sdk`]: keys, quotes, enrolment, the chain client, and the statement chain that persists before it signs.
//! - [`gateway`]: turns the log of an API gateway into signed usage reports, proves calls and answers challenges.
//! - [`compute`]: the reference worker, which runs real deterministic jobs.
//! - [`cli`]: what both programs share on a terminal.

pub mod cli;
pub mod compute;
mod error;
pub mod gateway;
pub mod sdk;

pub use error::{Error, Result};

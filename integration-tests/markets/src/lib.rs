//! The whole suite as its users meet it: a live wasmd, the relayer and the serving gateway as processes, and people who sign.
//!
//! - [`process`]: the suite's programs, started and ended
//! - [`gateway`]: the serving gateway, asked over HTTP
//! - [`world`]: chain, deployment and processes; what people send and what they own
//! - [`laws`]: what must hold between any two messages

pub mod gateway;
pub mod laws;
pub mod process;
pub mod world;

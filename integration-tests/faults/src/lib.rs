//! The real relayer as a process, a live wasmd, and everything in between failing.
//!
//! - [`world`]: a deployed suite with two enrolled gateways and a worker that has renewed its key; what they sign, and what the chain made of it
//! - [`relayer`]: the relayer's own binary, started, killed and asked over HTTP as its users do
//! - [`proxy`]: a node that loses broadcasts, in front of one that does not
//! - [`pcs`]: a server of hardware collateral

pub mod pcs;
pub mod proxy;
pub mod relayer;
pub mod world;

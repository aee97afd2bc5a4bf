//! The network's token as its holders meet it: a live wasmd whose clock is moved, the deployment of local chains, and people who sign.
//!
//! - [`world`]: chain and deployment; what people send and what they own
//! - [`book`]: the book's formulas, worked out here
//! - [`laws`]: what must hold between any two messages

pub mod book;
pub mod laws;
pub mod world;

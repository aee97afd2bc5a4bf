//! One module per command.

pub mod artifacts;
pub mod chain;
pub mod deploy;
pub mod schema;

//! One module per command.

pub mod artifacts;
pub mod chain;
pub mod deploy;
pub mod down;
pub mod gas;
pub mod schema;
pub mod sim;
pub mod up;

//! The reference worker: real, deterministic jobs that anybody can compute again.

pub mod config;
pub mod heartbeat;
pub mod job;
pub mod matrix;
pub mod program;
pub mod run;
pub mod sweep;
pub mod tree;

pub use program::{Program, ProgramSpec};

//! timelock

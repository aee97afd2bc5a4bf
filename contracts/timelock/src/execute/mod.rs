//! One module per verb. Each works on storage and domain values and returns what the entry point turns into messages and
//! events.

pub mod close;
pub mod ownership;
pub mod queue;
pub mod set_delay;

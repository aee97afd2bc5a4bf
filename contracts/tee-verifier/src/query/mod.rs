//! Answers.

mod diagnosis;
mod evidence;
mod listing;
mod report;
mod verify;

pub use listing::{collateral, document, overview};
pub use verify::verify_quote;

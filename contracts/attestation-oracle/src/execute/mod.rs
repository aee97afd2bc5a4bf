//! One module per verb. Each checks, changes state, and says what happened; messages to others come last.

pub mod batch;
pub mod bond;
pub mod challenge;
pub mod deliver;
pub mod dispute;
pub mod enrol;
pub mod govern;
pub mod rules;
pub mod submit;

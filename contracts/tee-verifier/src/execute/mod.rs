//! Uploads of collateral. All share [`upsert`]; they differ in what is verified before.

mod upsert;
pub use upsert::upsert;

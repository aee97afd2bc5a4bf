//! What this contract does beyond `cw20-base`.

pub mod explain;
pub mod mint;

//! What the contract stores.

use cosmwasm_std::Addr;
use cw_storage_plus::Item;
use interfaces::voting_adapter::Measure;
use serde::{Deserialize, Serialize};

/// CONFIG: () → who asks and who is asked; never changes
pub const CONFIG: Item<Config> = Item::new("config");

/// Who asks and who is asked.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The DAO core: whoever instantiated the adapter.
    pub dao: Addr,
    pub module: Addr,
    pub measure: Measure,
}

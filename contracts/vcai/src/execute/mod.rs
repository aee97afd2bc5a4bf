//! What this contract does beyond `cw20-base`. Only governance does it.

pub mod issue;
pub mod reprice;

use cosmwasm_std::{Addr, Storage};
use kit::assert_sender;

use crate::error::ContractError;
use crate::state::{Config, CONFIG};

fn governed(storage: &dyn Storage, sender: &Addr) -> Result<Config, ContractError> {
    let config = CONFIG.load(storage)?;
    assert_sender(sender, &config.governance, "governance")?;
    Ok(config)
}

//! Changing the delay, through the queue only.

use cosmwasm_std::{Addr, Storage};
use kit::assert_sender;

use crate::error::ContractError;
use crate::state::{Config, CONFIG};

/// Sets the delay of entries queued from now on. `this` is the contract's own address: the change itself has waited.
pub fn set_delay(
    storage: &mut dyn Storage,
    sender: &Addr,
    this: &Addr,
    min_delay: u64,
) -> Result<Config, ContractError> {
    assert_sender(sender, this, "timelock")?;
    let config = CONFIG.load(storage)?.with_min_delay(min_delay)?;
    CONFIG.save(storage, &config)?;
    Ok(config)
}

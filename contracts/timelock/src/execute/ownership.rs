//! Handing the queue over.

use cosmwasm_std::{Addr, Api, Event, Storage};
use interfaces::common::OwnershipMsg;
use kit::{assert_sender, ownership};

use crate::error::ContractError;

/// Proposing waits in the queue like any other change. Were it the owner's own message, a thief of his key could make
/// himself the owner within a block, and from then on nobody could cancel what the thief queues.
pub fn change(
    storage: &mut dyn Storage,
    api: &dyn Api,
    sender: &Addr,
    this: &Addr,
    msg: OwnershipMsg,
) -> Result<Event, ContractError> {
    let actor = match msg {
        OwnershipMsg::Propose { .. } => {
            assert_sender(sender, this, "timelock")?;
            ownership::load(storage)?.owner
        }
        OwnershipMsg::Cancel {} | OwnershipMsg::Accept {} => sender.clone(),
    };
    Ok(ownership::execute(storage, api, &actor, msg)?)
}

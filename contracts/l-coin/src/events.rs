//! Events. Standard messages emit the attributes of `cw20-base` (`action`, `from`, `to`, `by`, `amount`), which wallets and
//! indexers read; the additions of this contract are here.

use cosmwasm_std::{Event, Uint128};
use interfaces::l_coin::{MintRecipient, CAP};

/// The token exists: its minter and its cap in µLCO.
pub fn created(minter: &str) -> Event {
    Event::new("created")
        .add_attribute("minter", minter)
        .add_attribute("cap", CAP)
}

/// One recipient of a batch received µLCO.
pub fn minted(recipient: &MintRecipient) -> Event {
    Event::new("mint")
        .add_attribute("to", &recipient.address)
        .add_attribute("amount", recipient.amount)
}

/// A batch was minted, this many µLCO in total.
pub fn batch(total: Uint128) -> Event {
    Event::new("mint_batch").add_attribute("amount", total)
}

/// Code was replaced.
pub fn migrated(from: impl ToString, to: &str) -> Event {
    Event::new("migrated")
        .add_attribute("from", from.to_string())
        .add_attribute("to", to)
}

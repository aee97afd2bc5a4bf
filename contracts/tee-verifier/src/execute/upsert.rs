//! Storing verified collateral, never going back in time.

use cosmwasm_std::Storage;

use crate::collateral::Verified;
use crate::error::ContractError;
use crate::events::Outcome;
use crate::state;

/// Stores a verified piece unless its slot holds the same document, or one issued at the same time or later.
///
/// Without the order anyone could roll a slot back to Intel-signed collateral that is still within its window but knows less: fewer revocations, lower demands.
/// CRLs are ordered by `thisUpdate`, because Intel's crlNumber is always 1.
pub fn upsert(storage: &mut dyn Storage, (id, record): &Verified) -> Result<Outcome, ContractError> {
    if let Some(stored) = state::load(storage, id)? {
        if stored.document == record.document {
            return Ok(Outcome::Unchanged);
        }
        let (stored, given) = (stored.window.from, record.window.from);
        if given <= stored {
            return Err(ContractError::NotNewer {
                id: id.clone(),
                stored,
                given,
            });
        }
    }
    state::save(storage, id, record)?;
    Ok(Outcome::Stored)
}

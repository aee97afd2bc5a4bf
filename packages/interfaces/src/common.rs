//! Messages and answers that several contracts share.

use cosmwasm_schema::cw_serde;

/// Two-step change of owner. Contracts embed it as `ExecuteMsg::Ownership(OwnershipMsg)`.
///
/// The new owner takes the contract over by its own message, so a mistyped or dead address can never end up as owner.
#[cw_serde]
pub enum OwnershipMsg {
    /// Names the next owner; replaces an earlier, unaccepted one. The current owner stays until `Accept`.
    ///
    /// Permission: Owner
    Propose {
        /// Bech32 address; must differ from the current owner.
        new_owner: String,
    },
    /// Takes an unaccepted proposal back.
    ///
    /// Permission: Owner
    Cancel {},
    /// Makes the sender the owner.
    ///
    /// Permission: PendingOwner
    Accept {},
}

/// Answer to `QueryMsg::Ownership {}`.
#[cw_serde]
pub struct OwnershipResponse {
    /// Address that owns the contract now.
    pub owner: String,
    /// Address that may take it over by `Accept`, if one is proposed.
    pub pending: Option<String>,
}

//! What the vault tells the weekly contest. The contest itself follows the vault; until it is configured nothing is sent.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Uint128;

/// Credits charged to one account by one report.
#[cw_serde]
pub struct Score {
    pub account: String,
    /// µCredit, greater than zero.
    pub charged: Uint128,
}

#[cw_serde]
pub enum ExecuteMsg {
    /// Adds one report's charges to the scores of the week (see `credit_vault::Week`). Each account at most once, at most 200.
    ///
    /// Permission: Vault
    Record { week: u64, scores: Vec<Score> },
}

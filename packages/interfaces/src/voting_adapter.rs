//! Lets a DAO DAO core use one of the suite's voting modules: answers what a DAO DAO voting module is asked.
//!
//! The core instantiates the adapter, and so becomes its DAO. Power by height is that of the moment the module names for it: the state before the block of that
//! height. Blocks whose heights the module did not record are known to it by their newest recorded predecessor, so weight that decays with time is as of that block;
//! `Mark {}` on the module records one.
//!
//! # Error codes
//! Shown as `[adapter:<code>]`; codes from 900 are those of `kit`.
//!
//! | code | meaning |
//! |---|---|
//! | 1 | the module does not answer as a voting module |

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Addr, Uint128};

/// Which of the module's two powers votes in the DAO.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Measure {
    /// `Power::weight`.
    Weight,
    /// `Power::linear`.
    Linear,
}

/// From the DAO core, as the message of its voting module.
#[cw_serde]
pub struct InstantiateMsg {
    /// A contract that answers `voting::QueryMsg` and `voting::HeightQuery`, such as `vote-escrow` or `lco-staking`. Never changes.
    pub module: String,
    /// Never changes.
    pub measure: Measure,
}

/// The contract takes no messages.
#[cw_serde]
pub enum ExecuteMsg {}

/// State is kept as it is; only the recorded version changes.
#[cw_serde]
pub struct MigrateMsg {}

/// The first four are DAO DAO's.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Power of an account before the block of that height.
    #[returns(PowerAtHeightResponse)]
    VotingPowerAtHeight {
        address: String,
        /// The present height if not given.
        height: Option<u64>,
    },
    /// The sum over all accounts.
    #[returns(PowerAtHeightResponse)]
    TotalPowerAtHeight {
        /// The present height if not given.
        height: Option<u64>,
    },
    /// The DAO core.
    #[returns(Addr)]
    Dao {},
    /// Name and version of the contract.
    #[returns(InfoResponse)]
    Info {},
    /// What the adapter reads.
    #[returns(ModuleResponse)]
    Module {},
}

/// Answer to `VotingPowerAtHeight {}` and `TotalPowerAtHeight {}`.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct PowerAtHeightResponse {
    pub power: Uint128,
    /// The height that was asked for.
    pub height: u64,
}

/// Answer to `Info {}`.
#[cw_serde]
pub struct InfoResponse {
    pub info: ContractVersion,
}

/// As recorded by cw2.
#[cw_serde]
pub struct ContractVersion {
    /// Name of the contract.
    pub contract: String,
    pub version: String,
}

/// Answer to `Module {}`.
#[cw_serde]
pub struct ModuleResponse {
    pub module: String,
    pub measure: Measure,
}

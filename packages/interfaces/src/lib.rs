//! Messages, responses, events and error codes of every contract, one module each. No contract imports another contract's crate: what they say to each
//! other is said here.

pub mod attestation_oracle;
pub mod common;
pub mod compute_wars;
pub mod credit_vault;
pub mod ecosystem_fund;
pub mod exchange;
pub mod governance;
pub mod imo_launchpad;
pub mod l_coin;
pub mod lco_staking;
pub mod margin;
pub mod prediction_market;
pub mod tee_verifier;
pub mod timelock;
pub mod voting;

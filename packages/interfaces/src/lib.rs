//! Messages, responses, events and error codes of every contract, one module each. No contract imports another contract's crate: what they say to each
//! other is said here.

pub mod attestation_oracle;
pub mod common;
pub mod compute_wars;
pub mod credit_vault;
pub mod ecosystem_fund;
pub mod exchange;
pub mod genesis_nft;
pub mod governance;
pub mod imo_launchpad;
pub mod incentive_controller;
pub mod l_coin;
pub mod lco_staking;
pub mod margin;
pub mod prediction_market;
pub mod tee_verifier;
pub mod timelock;
pub mod token_allocation;
pub mod treasury;
pub mod vcai;
pub mod ve_rewards;
pub mod vote_escrow;
pub mod voting;
pub mod voting_adapter;

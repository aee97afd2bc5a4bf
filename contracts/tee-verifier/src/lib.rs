//! Checks Intel SGX and TDX DCAP quotes against collateral kept on chain.
//!
//! Trust begins at one pinned certificate, Intel's root. Collateral — TCB infos, quoting enclave identities, revocation lists — is uploaded by anyone, verified to
//! that root before it is stored, and only ever replaced by newer. [`query::verify_quote`] then repeats the whole check of Intel's library (`dcap-qvl`, the only
//! judge of acceptance) against what is stored, at block time. The contract has no owner and no parameters.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod anchor;
pub mod certificate;
pub mod collateral;
pub mod contract;
pub mod crypto;
pub mod error;
pub mod events;
pub mod execute;
pub mod pem;
pub mod query;
pub mod state;
pub mod window;

pub use error::ContractError;

//! A lean CW721 core: tokens with approvals, operators and enumeration, and nothing that owns or withdraws.
//!
//! Messages, answers and stored rows are the types of the `cw721` crate, so that wallets and markets work unchanged. Who may create tokens, what they carry and what
//! happens when one ends is the contract's matter: it calls [`mint`], [`set_extension`] and [`burn`] after its own checks. There is no creator that rewrites sold
//! tokens, and no address that funds can be withdrawn to.
//!
//! # The laws
//! After every call: number of tokens = rows of [`query::all_tokens`] = Σ over owners of [`query::tokens_of`]; each token has exactly one owner; a token that changed
//! hands has no approvals.
//!
//! # Error codes
//! Like those of `kit`, the same in every contract: 970 no such token, 971 token exists, 972 sender may not move the token, 973 sender may not approve, 974 expiration
//! in the past, 975 too many approvals, 976 no such approval.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

mod error;
mod execute;
pub mod query;
mod state;

pub use error::NftError;
pub use execute::{
    approve, approve_all, burn, mint, revoke, revoke_all, send, set_extension, transfer, Attributes, MAX_APPROVALS,
};
pub use state::{init, load, Extension, Token};

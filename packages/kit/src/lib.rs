//! What contracts share: two-step ownership, a bounded operator, pausing, receive guards, migration checks, paging,
//! compact storage, public notice, and what they read of each other's storage; every refusal is typed and carries what was expected and what came.
//!
//! # Error codes
//! Contracts number their own refusals from 1 to 899 and show them as `[<contract>:<code>]`. Codes from 900 belong to this
//! crate and are the same in every contract, so that a client learns them once:
//!
//! | code | meaning |
//! |---|---|
//! | 900 | storage failed or holds something unreadable |
//! | 901 | sender is not the owner |
//! | 902 | sender is not the proposed owner |
//! | 903 | no change of owner is proposed |
//! | 904 | proposed owner owns the contract already |
//! | 910 | sender is neither operator nor owner |
//! | 911 | sender does not hold the required role |
//! | 920 | feature is paused |
//! | 930 | no funds attached |
//! | 931 | wrong or mixed funds attached |
//! | 932 | funds attached where none are taken |
//! | 940 | migration from another contract |
//! | 941 | migration to an older version |
//! | 942 | version is not a semantic version |
//! | 950 | balance is too small (950 to 960: tokens built on `cw20-base`, feature `token`) |
//! | 951 | allowance is too small |
//! | 952 | allowance is expired |
//! | 953 | no allowance |
//! | 954 | sender is not the marketing address |
//! | 955 | an allowance to oneself |
//! | 956 | expiration lies in the past |
//! | 957 | logo is too large |
//! | 958 | logo is no SVG |
//! | 959 | logo is no PNG |
//! | 960 | any other refusal of `cw20-base` |
//!
//! A contract wraps the errors it can meet and shows the inner code:
//! ```
//! #[derive(thiserror::Error, Debug, PartialEq)]
//! pub enum ContractError {
//!     #[error("[vault:{code}] {0}", code = .0.code())]
//!     Ownership(#[from] kit::OwnershipError),
//! }
//! # let error = ContractError::from(kit::OwnershipError::NothingPending);
//! # assert_eq!(error.to_string(), "[vault:903] no change of owner is proposed");
//! ```
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation))]

pub mod balance;
pub mod compact;
pub mod escrow;
pub mod funds;
pub mod migrate;
pub mod notice;
pub mod operator;
pub mod ownership;
pub mod page;
pub mod pause;
pub mod revenue;
pub mod role;
pub mod stake;
#[cfg(feature = "token")]
pub mod token;

pub use funds::FundsError;
pub use migrate::MigrateError;
pub use notice::Notice;
pub use operator::OperatorError;
pub use ownership::OwnershipError;
pub use pause::{PauseError, PauseSet, Switches};
pub use role::{assert_sender, Unauthorized};

/// Code of a storage failure in every error of this crate.
pub const CODE_STORAGE: u16 = 900;

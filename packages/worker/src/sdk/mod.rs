//! What everything that signs inside a trusted environment needs.

pub mod account;
pub mod chain;
pub mod clock;
pub mod config;
pub mod courier;
pub mod enrolment;
pub mod epochs;
pub mod failpoint;
pub mod keys;
pub mod quote;
pub mod relayer;
pub mod statements;
pub mod store;

pub use account::Account;
pub use chain::{ChainClient, RpcClient};
pub use clock::ChainClock;
pub use enrolment::{Checked, Enroller, Enrolment};
pub use keys::{KeyRing, StatementKey};
pub use quote::QuoteProvider;
pub use relayer::Relayer;
pub use statements::StatementChain;

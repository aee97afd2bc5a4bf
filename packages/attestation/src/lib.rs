//! What a trusted environment signs: bodies, digests, chains and Merkle-sum logs.
//!
//! One code path for the contract that verifies a statement, the relayer that carries it and the SDK that signs it,
//! so all three agree on every byte. `no_std`; the committed files under `vectors/` fix every encoding for other
//! languages.
//!
//! # How a statement is signed
//! A [`Body`] is encoded at fixed width, bound to its chain and contract by [`digest`], and the 32-byte digest is what
//! the enrolled key signs (as the message for ed25519, as the prehash for secp256k1 and P-256). A contract recomputes
//! the [`Domain`] from its own environment; it is never a message field.
//!
//! # How a call log is committed
//! Every call is a [`Leaf`]. The leaves of one (account, SKU) form a Merkle-sum tree whose root an [`Entry`] carries;
//! the entries of one report form a second such tree whose root is the report's `log_root` ([`log_root`]).
//! [`verify_call`] proves one call by two paths, [`verify_leaves`] a run of up to [`MAX_RANGE`] calls by one.
//!
//! # Conventions
//! Integers are big-endian, times are Unix seconds, windows are half-open `[start, end)`, money is in base units
//! (10⁻⁶ Credit). The encoder refuses exactly what the decoder refuses, and every value has one encoding.
#![no_std]

extern crate alloc;

mod agent;
mod binding;
mod body;
mod call;
mod chain;
mod domain;
mod entry;
mod gpu;
mod job;
mod key;
mod leaf;
mod link;
mod merkle;
mod usage;
mod verdict;
mod wire;

pub use agent::AgentBatch;
pub use binding::{binding, possession, Role, BINDING_TAG, POSSESSION_TAG};
pub use body::{Body, Window};
pub use call::{fault, open_call, verify_call, verify_leaves, verify_wrong_sum, Below, Fault};
pub use chain::{ChainKey, CHAIN_TAG};
pub use domain::{digest, Digest, Domain, DomainError};
pub use entry::{decode_entries, encode_entries, log_root, Entry, EntryBuilder, MAX_ENTRIES};
pub use gpu::NO_GPUS;
pub use job::{JobKind, JobStatement};
pub use key::{validate_x25519, KeyError, PublicKey, Scheme};
pub use leaf::Leaf;
pub use link::ChainLink;
pub use merkle::{
    prove, prove_range, prove_subtree, verify, verify_subtree, LogError, MerkleBuilder, MerkleSum, Proof, ProofError,
    Sums, MAX_RANGE, MAX_SIBLINGS,
};
pub use usage::UsageReport;
pub use verdict::Verdict;
pub use wire::{NameError, WireError, MAX_NAME};

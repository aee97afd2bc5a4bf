//! Everything that can go wrong on the worker side.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// Result of the worker side.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was not done. Nothing is signed twice and nothing is lost whichever of these occurs.
#[derive(Debug, Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    /// The local store failed.
    #[error("local store: {0}")]
    Store(#[from] rusqlite::Error),
    /// A node or relayer did not answer, or not with what was asked for. Worth trying again.
    #[error("{url}: {reason}")]
    Unreachable { url: String, reason: String },
    /// The chain answered a query with an error.
    #[error("query of {contract} refused: {log}")]
    Query { contract: String, log: String },
    /// The chain refused a transaction.
    #[error("transaction refused with code {code}: {log}")]
    Refused { code: u32, log: String },
    /// A transaction was not included in time.
    #[error("transaction {hash} is not in a block after {seconds} s")]
    NotIncluded { hash: String, seconds: u64 },
    /// The relayer refused a statement for good.
    #[error("relayer refused a statement with status {status}: {reason}")]
    RelayerRefused { status: u16, reason: String },
    /// Configuration that cannot be used.
    #[error("configuration: {0}")]
    Config(String),
    /// A key file that cannot be used.
    #[error("key: {0}")]
    Key(String),
    /// No quote could be made.
    #[error("quote: {0}")]
    Quote(String),
    /// The store belongs to another chain or contract.
    #[error("this store belongs to {expected}, not to {actual}")]
    ForeignStore { expected: String, actual: String },
    /// A statement read back is not the one that was reserved.
    #[error("statement {chain}:{seq} in the store is damaged; it is not signed")]
    DamagedStatement { chain: String, seq: u64 },
    /// The chain holds another statement at a place where this store signed one: the key is used elsewhere.
    #[error("{chain}:{seq} on chain is {on_chain}, here it is {here}: this key is used by another process")]
    Equivocation {
        chain: String,
        seq: u64,
        on_chain: String,
        here: String,
    },
    /// A statement cannot be encoded.
    #[error("encoding: {0}")]
    Encoding(String),
    /// There is no such call in a report.
    #[error("call {call_id} is in no report of this gateway")]
    UnknownCall { call_id: String },
    /// A challenge names leaves that do not exist.
    #[error("challenge {challenge} asks for {count} leaves from {first} of an entry with {calls}")]
    NoSuchLeaves {
        challenge: u64,
        first: u64,
        count: u16,
        calls: u64,
    },
    /// A job description out of bounds.
    #[error("job: {0}")]
    Job(String),
    /// Data in a form that is not expected.
    #[error("json: {0}")]
    Json(#[from] serde_json::Error),
}

impl Error {
    /// Wraps an I/O error with the file it is about.
    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::File {
            path: path.to_owned(),
            source,
        }
    }

    /// An error of an encoder, as text.
    pub fn encoding(error: impl std::fmt::Display) -> Self {
        Self::Encoding(error.to_string())
    }

    /// Whether the same request may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::NotIncluded { .. })
    }
}

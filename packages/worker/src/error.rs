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
    /// A statement was to be made under a key epoch that ended, or for a time after its end. Nothing was reserved.
    #[error("{chain}: its key epoch ended at {end}")]
    EpochOver { chain: String, end: u64 },
    /// The store was made by a version that laid it out differently.
    #[error("{path} was made by an earlier version of this program")]
    OldStore { path: PathBuf },
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
        // After the end of an epoch the next attempt enrols first.
        matches!(
            self,
            Self::Unreachable { .. } | Self::NotIncluded { .. } | Self::EpochOver { .. }
        )
    }

    /// What whoever runs the program can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::File { path, source }
                if source.kind() == std::io::ErrorKind::NotFound && path.extension().is_some_and(|end| end == "toml") =>
            {
                "name the file (`--config` for the configuration, which `init` writes; `--job` for a job, of which `run --help` shows one)"
            }
            Self::File { .. } => "check the path and who may read or write it",
            Self::Store(_) => "check that the disk has room and that nobody else writes this file",
            Self::Unreachable { .. } => "check that the endpoint is up and its URL is right, then run the same command again; it goes on where it stopped",
            Self::Query { .. } => "check the contract addresses under [chain] in the configuration",
            Self::Refused { log, .. } if log.contains("insufficient") || log.contains("does not exist") => {
                "fund the operator's account (`status` shows its address) with gas and the bond, then run the same command again"
            }
            Self::Refused { .. } => "the text after the code is the chain's own reason; nothing was changed",
            Self::NotIncluded { .. } => "the transaction may still be included; run the same command again, which looks first",
            Self::RelayerRefused { .. } => "check that the relayer serves the same chain and oracle as [chain] in the configuration",
            Self::Config(_) => "correct the configuration; `init` writes one with every field explained",
            Self::Key(_) => "keys are files of mode 600 in a folder of mode 700, readable by this user alone",
            Self::Quote(_) => "check [quote] in the configuration: `configfs` needs a TDX guest, `testkit` a test network, and Intel's collateral is brought by `relayer collateral sync`",
            Self::EpochOver { .. } => "run the same command again; it enrols a fresh key first",
            Self::OldStore { .. } => "finish what it holds with that version, or move it away; a new store enrols a fresh key and begins new chains",
            Self::ForeignStore { .. } => "use the store that was made for this chain and oracle, or name another file in the configuration",
            Self::DamagedStatement { .. } => "restore nothing from a copy; move the store away and begin anew, which enrols a fresh key",
            Self::Equivocation { .. } => "stop every other process or machine that uses these keys, then move store and keys away and enrol anew",
            Self::UnknownCall { .. } => "the call is not reported yet, was left out, or has no tokens on this side (see `--side`)",
            Self::NoSuchLeaves { .. } => "the challenge is about a report of another book; answer it where that book is",
            Self::Job(_) => "if it is about the job file, `run --help` shows one; otherwise do as the text says",
            Self::Encoding(_) | Self::Json(_) => "a peer answers in another form than this version expects; check that versions fit",
        }
    }
}

//! Refusals of uploads and of wrong calls. Refusals of quotes are [`Refusal`]s, shared with callers.

use cosmwasm_std::StdError;
use interfaces::tee_verifier::{CollateralId, Refusal, Root};
use kit::{FundsError, MigrateError};
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error("[tee-verifier:1] {0}")]
    Std(#[from] StdError),
    #[error("[tee-verifier:2] a test root needs environment testnet, found mainnet")]
    TestRootOnMainnet,
    #[error("[tee-verifier:3] unusable test root: {reason}")]
    BadTestRoot { reason: String },
    #[error("[tee-verifier:60] {what} of {found} bytes, expected at most {limit}")]
    TooLong {
        what: &'static str,
        limit: usize,
        found: usize,
    },
    #[error("[tee-verifier:61] malformed document: {reason}")]
    MalformedDocument { reason: String },
    #[error("[tee-verifier:62] malformed certificate chain: {reason}")]
    MalformedChain { reason: String },
    #[error("[tee-verifier:63] signer's common name is {found:?}, expected {expected:?}")]
    WrongSigner { expected: &'static str, found: String },
    #[error("[tee-verifier:64] {subject:?} is not issued by the {root:?} root")]
    WrongRoot { root: Root, subject: String },
    #[error("[tee-verifier:65] the signature of {id} is not by its signer")]
    BadSignature { id: CollateralId },
    #[error("[tee-verifier:66] the CRL is signed by no trusted root")]
    UnknownCrlIssuer,
    #[error("[tee-verifier:67] {id} was issued at {given}, expected later than the stored {stored}")]
    NotNewer { id: CollateralId, stored: u64, given: u64 },
    /// A window or a revocation, told as for quotes.
    #[error("{0}")]
    Refused(#[from] Refusal),
    #[error("[tee-verifier:{code}] {0}", code = .0.code())]
    Funds(#[from] FundsError),
    #[error("[tee-verifier:{code}] {0}", code = .0.code())]
    Migrate(#[from] MigrateError),
}

impl ContractError {
    /// Stable numeric code, as in the message.
    pub fn code(&self) -> u16 {
        match self {
            Self::Std(_) => 1,
            Self::TestRootOnMainnet => 2,
            Self::BadTestRoot { .. } => 3,
            Self::TooLong { .. } => 60,
            Self::MalformedDocument { .. } => 61,
            Self::MalformedChain { .. } => 62,
            Self::WrongSigner { .. } => 63,
            Self::WrongRoot { .. } => 64,
            Self::BadSignature { .. } => 65,
            Self::UnknownCrlIssuer => 66,
            Self::NotNewer { .. } => 67,
            Self::Refused(refusal) => refusal.code(),
            Self::Funds(error) => error.code(),
            Self::Migrate(error) => error.code(),
        }
    }
}

//! JSON schemas, the TypeScript client and the access matrix, all generated from `interfaces`.
//!
//! One source: what a contract accepts and answers is written once, in Rust, with its documentation. Everything a front end, an auditor or a script reads about
//! the messages is derived here, so it cannot drift. [`files`] lists every generated file with its content; the caller writes or compares them.

mod access;
mod schema;
mod typescript;

use serde_json::Value;

pub use schema::contracts;

/// One generated file: its path from the repository's root, and its whole content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub path: String,
    pub content: String,
}

/// A contract's name and its API document (the `idl_version` 1 shape of `cosmwasm-schema`).
#[derive(Clone, Debug)]
pub struct ContractApi {
    /// As its folder: `credit-vault`.
    pub name: &'static str,
    pub api: Value,
    /// Schema of what a CW20 `Send` to the contract says, if it takes tokens.
    pub hook: Option<Value>,
}

/// Why something cannot be generated.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CodegenError {
    #[error("{contract}: the schema cannot be serialised: {reason}")]
    Schema { contract: &'static str, reason: String },
    #[error("{contract}: {at} has a shape the TypeScript generator does not know: {shape}")]
    UnknownShape {
        contract: &'static str,
        at: String,
        shape: String,
    },
    #[error("{contract}: two different types are both named {name}")]
    NameClash { contract: &'static str, name: String },
    #[error("{contract}: execute message `{variant}` has no `Permission:` line in its documentation")]
    NoPermission { contract: &'static str, variant: String },
}

/// Every generated file, in a stable order.
///
/// # Errors
/// When a type has a shape that the generators do not know, or a message says nothing about its permission.
pub fn files() -> Result<Vec<File>, CodegenError> {
    let contracts = schema::contracts()?;
    let mut files = schema::files(&contracts)?;
    files.extend(typescript::files(&contracts)?);
    files.push(access::file(&contracts)?);
    Ok(files)
}

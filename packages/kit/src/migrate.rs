//! The check every `migrate` entry point begins with.

use cosmwasm_std::{StdError, Storage};
use cw2::{get_contract_version, set_contract_version};
use semver::Version;
use thiserror::Error;

use crate::CODE_STORAGE;

/// Refusals of this module.
#[derive(Error, Debug, PartialEq)]
pub enum MigrateError {
    /// Storage failed or holds no cw2 record.
    #[error("{0}")]
    Std(#[from] StdError),
    /// The state belongs to another contract.
    #[error("cannot migrate the state of {actual} to {expected}")]
    OtherContract {
        /// Name of the new code.
        expected: String,
        /// Name found in the state.
        actual: String,
    },
    /// The new code is older than the state.
    #[error("cannot migrate from version {actual} back to {expected}")]
    Downgrade {
        /// Version of the new code.
        expected: String,
        /// Version found in the state.
        actual: String,
    },
    /// A version is not `major.minor.patch` with optional suffixes.
    #[error("{version} is not a semantic version")]
    BadVersion {
        /// The text found.
        version: String,
    },
}

impl MigrateError {
    /// Stable code, see the crate's table.
    pub fn code(&self) -> u16 {
        match self {
            Self::Std(_) => CODE_STORAGE,
            Self::OtherContract { .. } => 940,
            Self::Downgrade { .. } => 941,
            Self::BadVersion { .. } => 942,
        }
    }
}

/// Records name and version at instantiate.
pub fn init(storage: &mut dyn Storage, name: &str, version: &str) -> Result<(), MigrateError> {
    Ok(set_contract_version(storage, name, version)?)
}

/// Checks that the state was written by the contract `name` at this or an older version, records the new version and
/// returns the one before. The same version passes: code may be rebuilt, and parameters may ride on the message.
pub fn ensure_upgrade(storage: &mut dyn Storage, name: &str, version: &str) -> Result<Version, MigrateError> {
    let stored = get_contract_version(storage)?;
    if stored.contract != name {
        return Err(MigrateError::OtherContract {
            expected: name.to_owned(),
            actual: stored.contract,
        });
    }
    let (from, to) = (parse(&stored.version)?, parse(version)?);
    if from > to {
        return Err(MigrateError::Downgrade {
            expected: version.to_owned(),
            actual: stored.version,
        });
    }
    init(storage, name, version)?;
    Ok(from)
}

fn parse(version: &str) -> Result<Version, MigrateError> {
    version.parse().map_err(|_| MigrateError::BadVersion {
        version: version.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    fn at(version: &str) -> MockStorage {
        let mut storage = MockStorage::new();
        init(&mut storage, "crate:vault", version).unwrap();
        storage
    }

    #[test]
    fn newer_and_same_versions_pass_and_are_recorded() {
        for (from, to) in [
            ("1.2.3", "1.2.3"),
            ("1.2.3", "1.2.4"),
            ("1.9.0", "1.10.0"),
            ("1.0.0-rc.1", "1.0.0"),
        ] {
            let mut storage = at(from);
            assert_eq!(
                ensure_upgrade(&mut storage, "crate:vault", to).unwrap().to_string(),
                from
            );
            assert_eq!(get_contract_version(&storage).unwrap().version, to);
        }
    }

    #[test]
    fn downgrade_is_refused_and_changes_nothing() {
        for (from, to) in [("1.2.4", "1.2.3"), ("1.10.0", "1.9.0"), ("1.0.0", "1.0.0-rc.1")] {
            let mut storage = at(from);
            let error = ensure_upgrade(&mut storage, "crate:vault", to).unwrap_err();
            assert_eq!(
                error,
                MigrateError::Downgrade {
                    expected: to.into(),
                    actual: from.into()
                }
            );
            assert_eq!(error.code(), 941);
            assert_eq!(get_contract_version(&storage).unwrap().version, from);
        }
    }

    #[test]
    fn state_of_another_contract_is_refused() {
        let error = ensure_upgrade(&mut at("0.1.0"), "crate:coin", "9.0.0").unwrap_err();
        let expected = MigrateError::OtherContract {
            expected: "crate:coin".into(),
            actual: "crate:vault".into(),
        };
        assert_eq!(error, expected);
        assert_eq!(error.code(), 940);
    }

    #[test]
    fn unreadable_versions_are_refused() {
        for (from, to) in [("one", "1.0.0"), ("1.0.0", "two"), ("1.0", "1.0.0")] {
            assert_eq!(
                ensure_upgrade(&mut at(from), "crate:vault", to).unwrap_err().code(),
                942,
                "{from} {to}"
            );
        }
    }

    #[test]
    fn state_without_a_record_is_refused() {
        let error = ensure_upgrade(&mut MockStorage::new(), "crate:vault", "1.0.0").unwrap_err();
        assert_eq!(error.code(), 900);
    }
}

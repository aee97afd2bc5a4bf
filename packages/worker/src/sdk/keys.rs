//! Keys that live inside the trusted environment.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use attestation::{Digest, PublicKey, Scheme};
use ed25519_dalek::{Signer, SigningKey};
use rand_core::{OsRng, RngCore};
use serde::{Deserialize, Serialize};
use x25519_dalek::StaticSecret;

use crate::{Error, Result};

/// 32 bytes from the operating system.
pub fn random_seed() -> [u8; 32] {
    let mut seed = [0; 32];
    OsRng.fill_bytes(&mut seed);
    seed
}

/// Signs statements (Ed25519), and holds the X25519 key to which job inputs are encrypted.
pub struct StatementKey {
    signing: SigningKey,
    encryption: StaticSecret,
}

/// How a [`StatementKey`] lies in its file: two seeds in hexadecimal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    ed25519: String,
    x25519: String,
}

impl StatementKey {
    /// The key of two seeds.
    pub fn from_seeds(ed25519: &[u8; 32], x25519: [u8; 32]) -> Self {
        Self {
            signing: SigningKey::from_bytes(ed25519),
            encryption: StaticSecret::from(x25519),
        }
    }

    /// Writes fresh seeds to a new file, readable by its owner alone.
    ///
    /// # Errors
    /// [`Error::File`], also when the file exists: a key is never replaced by accident.
    pub fn create(path: &Path) -> Result<Self> {
        let (ed25519, x25519) = (random_seed(), random_seed());
        let file = KeyFile {
            ed25519: hex::encode(ed25519),
            x25519: hex::encode(x25519),
        };
        create_private(path, &serde_json::to_string_pretty(&file)?)?;
        Ok(Self::from_seeds(&ed25519, x25519))
    }

    /// Reads a file written by [`Self::create`].
    ///
    /// # Errors
    /// [`Error::File`], and [`Error::Key`] when it is malformed or others may read it.
    pub fn load(path: &Path) -> Result<Self> {
        let malformed = |_| {
            Error::Key(format!(
                "{} holds no two seeds of 64 hexadecimal digits",
                path.display()
            ))
        };
        let file: KeyFile = serde_json::from_str(&read_private(path)?)
            .map_err(|_| Error::Key(format!("{} is not a statement key file", path.display())))?;
        let (mut ed25519, mut x25519) = ([0; 32], [0; 32]);
        hex::decode_to_slice(&file.ed25519, &mut ed25519).map_err(malformed)?;
        hex::decode_to_slice(&file.x25519, &mut x25519).map_err(malformed)?;
        Ok(Self::from_seeds(&ed25519, x25519))
    }

    /// The key that is enrolled.
    ///
    /// # Errors
    /// Never for a key made from a seed.
    pub fn public(&self) -> Result<PublicKey> {
        PublicKey::new(Scheme::Ed25519, self.signing.verifying_key().as_bytes()).map_err(|e| Error::Key(e.to_string()))
    }

    /// The X25519 key that is enrolled beside it.
    pub fn encryption_public(&self) -> [u8; 32] {
        x25519_dalek::PublicKey::from(&self.encryption).to_bytes()
    }

    /// Signs a digest. Deterministic: the same digest always has the same 64 bytes.
    pub fn sign(&self, digest: &Digest) -> [u8; 64] {
        self.signing.sign(digest).to_bytes()
    }
}

/// Creates a file that only its owner can read.
pub(crate) fn create_private(path: &Path, text: &str) -> Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(Error::file(path))?;
    writeln!(file, "{text}")
        .and_then(|()| file.sync_all())
        .map_err(Error::file(path))
}

/// Reads a file, refusing one that others can read.
pub(crate) fn read_private(path: &Path) -> Result<String> {
    let mode = fs::metadata(path).map_err(Error::file(path))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(Error::Key(format!(
            "{} can be read by others (mode {:o}); run chmod 600",
            path.display(),
            mode & 0o777
        )));
    }
    fs::read_to_string(path).map_err(Error::file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("statement.key");
        let created = StatementKey::create(&path).unwrap();
        let loaded = StatementKey::load(&path).unwrap();
        assert_eq!(created.public().unwrap(), loaded.public().unwrap());
        assert_eq!(created.encryption_public(), loaded.encryption_public());
        assert_eq!(created.sign(&[1; 32]), loaded.sign(&[1; 32]));
    }

    #[test]
    fn a_key_that_exists_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("statement.key");
        let first = StatementKey::create(&path).unwrap();
        assert!(matches!(StatementKey::create(&path), Err(Error::File { .. })));
        assert_eq!(
            StatementKey::load(&path).unwrap().public().unwrap(),
            first.public().unwrap()
        );
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("statement.key");
        StatementKey::create(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(StatementKey::load(&path), Err(Error::Key(_))));
    }

    #[test]
    fn a_signature_verifies_under_the_public_key() {
        let key = StatementKey::from_seeds(&[3; 32], [4; 32]);
        let public = key.public().unwrap();
        let verifying = ed25519_dalek::VerifyingKey::try_from(public.as_bytes()).unwrap();
        let signature = ed25519_dalek::Signature::from_bytes(&key.sign(&[9; 32]));
        assert!(verifying.verify_strict(&[9; 32], &signature).is_ok());
        assert!(verifying.verify_strict(&[8; 32], &signature).is_err());
    }
}

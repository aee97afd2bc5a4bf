//! Keys at rest: one file per key, encrypted under a password.
//!
//! Argon2id turns the password into a key, XChaCha20-Poly1305 encrypts the 32-byte secret under it. Everything readable
//! in the file is bound to the ciphertext as associated data, so a file whose public key or parameters were changed does
//! not open.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use cosmwasm_std::HexBinary;
use rand_core::{OsRng, RngCore};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{LocalKey, TxSigner};

const VERSION: u32 = 1;
/// Argon2id: 64 MiB, three passes, one lane. About a fifth of a second; a guess costs an attacker as much.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// Bounds on what a file may ask for, so that a planted file cannot exhaust the machine.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
const MAX_PASSES: u32 = 64;
/// Shortest password accepted for a new key.
pub const MIN_PASSWORD: usize = 8;

/// A key file could not be used.
#[derive(Debug, Error)]
pub enum KeystoreError {
    #[error("no key {name} in {dir}; `relayer keys list` shows what there is, `relayer keys add` makes one")]
    Missing { name: String, dir: PathBuf },
    #[error("key {0} exists already; choose another name")]
    Exists(String),
    #[error("{0:?} is no name of a key: use letters, digits, - and _")]
    Name(String),
    #[error("wrong password, or the key file was changed")]
    Password,
    #[error("a password has at least {MIN_PASSWORD} characters")]
    Weak,
    #[error("password file {0}: {1}")]
    PasswordFile(PathBuf, std::io::Error),
    #[error("key file {0} is unreadable: {1}")]
    File(PathBuf, String),
    #[error("key folder {0}: {1}")]
    Folder(PathBuf, std::io::Error),
    #[error("encryption failed")]
    Crypto,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    version: u32,
    name: String,
    /// secp256k1, compressed.
    public_key: HexBinary,
    kdf: Kdf,
    cipher: String,
    nonce: HexBinary,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kdf {
    algorithm: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: HexBinary,
}

#[derive(Serialize, Deserialize)]
struct KeyFile {
    header: Header,
    ciphertext: HexBinary,
}

/// What may be shown of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyInfo {
    pub name: String,
    /// secp256k1, compressed, hexadecimal.
    pub public_key: String,
}

/// A folder of key files.
pub struct Keystore {
    dir: PathBuf,
}

impl Keystore {
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    fn path(&self, name: &str) -> Result<PathBuf, KeystoreError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        match !name.is_empty() && name.len() <= 64 && name.bytes().all(plain) {
            true => Ok(self.dir.join(format!("{name}.key.json"))),
            false => Err(KeystoreError::Name(name.into())),
        }
    }

    /// Encrypts a secret into a new file, readable by its owner only.
    ///
    /// # Errors
    /// [`KeystoreError`]; an existing key is never replaced.
    pub fn add(&self, name: &str, secret: &[u8; 32], password: &str) -> Result<KeyInfo, KeystoreError> {
        if password.chars().count() < MIN_PASSWORD {
            return Err(KeystoreError::Weak);
        }
        let path = self.path(name)?;
        let key = LocalKey::from_secret(secret).map_err(|_| KeystoreError::Crypto)?;
        let header = Header {
            version: VERSION,
            name: name.into(),
            public_key: key.public_key().to_bytes().into(),
            kdf: Kdf {
                algorithm: "argon2id".into(),
                memory_kib: MEMORY_KIB,
                passes: PASSES,
                lanes: 1,
                salt: random::<16>().into(),
            },
            cipher: "xchacha20poly1305".into(),
            nonce: random::<24>().into(),
        };
        let ciphertext = header.seal(secret, password)?;
        let info = header.info();
        self.write(&path, name, &KeyFile { header, ciphertext })?;
        Ok(info)
    }

    fn write(&self, path: &Path, name: &str, file: &KeyFile) -> Result<(), KeystoreError> {
        let folder = |error| KeystoreError::Folder(self.dir.clone(), error);
        fs::create_dir_all(&self.dir).map_err(folder)?;
        let text = serde_json::to_string_pretty(file).map_err(|_| KeystoreError::Crypto)?;
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        let mut handle = opened.map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => KeystoreError::Exists(name.into()),
            _ => folder(error),
        })?;
        handle
            .write_all(text.as_bytes())
            .and_then(|()| handle.sync_all())
            .map_err(folder)
    }

    fn read(&self, name: &str) -> Result<KeyFile, KeystoreError> {
        let path = self.path(name)?;
        let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => KeystoreError::Missing {
                name: name.into(),
                dir: self.dir.clone(),
            },
            _ => KeystoreError::File(path.clone(), error.to_string()),
        })?;
        serde_json::from_str(&text).map_err(|error| KeystoreError::File(path, error.to_string()))
    }

    /// Decrypts a key.
    ///
    /// # Errors
    /// [`KeystoreError::Password`] for another password or a changed file.
    pub fn load(&self, name: &str, password: &str) -> Result<LocalKey, KeystoreError> {
        let file = self.read(name)?;
        let secret = file.header.open(&file.ciphertext, password)?;
        let key = LocalKey::from_secret(&secret).map_err(|_| KeystoreError::Password)?;
        match key.public_key().to_bytes() == file.header.public_key.as_slice() {
            true => Ok(key),
            false => Err(KeystoreError::Password),
        }
    }

    /// What may be shown of one key; needs no password.
    ///
    /// # Errors
    /// [`KeystoreError`].
    pub fn show(&self, name: &str) -> Result<KeyInfo, KeystoreError> {
        Ok(self.read(name)?.header.info())
    }

    /// Every key of the folder, by name.
    ///
    /// # Errors
    /// [`KeystoreError`].
    pub fn list(&self) -> Result<Vec<KeyInfo>, KeystoreError> {
        let folder = |error| KeystoreError::Folder(self.dir.clone(), error);
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.dir).map_err(folder)? {
            let file = entry.map_err(folder)?.file_name();
            names.extend(file.to_string_lossy().strip_suffix(".key.json").map(String::from));
        }
        names.sort();
        names.iter().map(|name| self.show(name)).collect()
    }
}

impl Header {
    fn info(&self) -> KeyInfo {
        KeyInfo {
            name: self.name.clone(),
            public_key: self.public_key.to_hex(),
        }
    }

    /// Everything readable, bound to the ciphertext.
    fn associated_data(&self) -> Result<Vec<u8>, KeystoreError> {
        serde_json::to_vec(self).map_err(|_| KeystoreError::Crypto)
    }

    fn nonce(&self) -> Result<XNonce, KeystoreError> {
        let bytes: [u8; 24] = self.nonce.as_slice().try_into().map_err(|_| KeystoreError::Password)?;
        Ok(bytes.into())
    }

    fn cipher(&self, password: &str) -> Result<XChaCha20Poly1305, KeystoreError> {
        let Kdf {
            memory_kib,
            passes,
            lanes,
            ..
        } = self.kdf;
        let known = self.version == VERSION && self.kdf.algorithm == "argon2id" && self.cipher == "xchacha20poly1305";
        if !known || memory_kib > MAX_MEMORY_KIB || passes > MAX_PASSES {
            return Err(KeystoreError::Password);
        }
        let params = Params::new(memory_kib, passes, lanes, Some(32)).map_err(|_| KeystoreError::Crypto)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut key = Zeroizing::new([0u8; 32]);
        let hashed = argon.hash_password_into(password.as_bytes(), &self.kdf.salt, key.as_mut_slice());
        hashed.map_err(|_| KeystoreError::Crypto)?;
        XChaCha20Poly1305::new_from_slice(key.as_slice()).map_err(|_| KeystoreError::Crypto)
    }

    fn seal(&self, secret: &[u8; 32], password: &str) -> Result<HexBinary, KeystoreError> {
        let aad = self.associated_data()?;
        let payload = Payload { msg: secret, aad: &aad };
        let sealed = self.cipher(password)?.encrypt(&self.nonce()?, payload);
        sealed.map(HexBinary::from).map_err(|_| KeystoreError::Crypto)
    }

    fn open(&self, ciphertext: &[u8], password: &str) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
        let cipher = self.cipher(password)?;
        let aad = self.associated_data()?;
        let payload = Payload {
            msg: ciphertext,
            aad: &aad,
        };
        let opened = cipher.decrypt(&self.nonce()?, payload);
        opened.map(Zeroizing::new).map_err(|_| KeystoreError::Password)
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.fill_bytes(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const SECRET: [u8; 32] = [7; 32];
    const PASSWORD: &str = "correct horse";

    fn store() -> (tempfile::TempDir, Keystore) {
        let dir = tempfile::tempdir().unwrap();
        let store = Keystore::new(dir.path().join("keys"));
        (dir, store)
    }

    #[test]
    fn a_key_comes_back_with_its_password() {
        let (_dir, store) = store();
        let info = store.add("main", &SECRET, PASSWORD).unwrap();
        let key = store.load("main", PASSWORD).unwrap();
        assert_eq!(hex::encode(key.public_key().to_bytes()), info.public_key);
        assert_eq!(store.list().unwrap(), std::slice::from_ref(&info));
        assert_eq!(store.show("main").unwrap(), info);
    }

    #[test]
    fn a_wrong_password_opens_nothing() {
        let (_dir, store) = store();
        store.add("main", &SECRET, PASSWORD).unwrap();
        assert!(matches!(
            store.load("main", "incorrect horse"),
            Err(KeystoreError::Password)
        ));
    }

    #[test]
    fn a_changed_file_does_not_open() {
        let (dir, store) = store();
        store.add("main", &SECRET, PASSWORD).unwrap();
        let path = dir.path().join("keys/main.key.json");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("\"name\": \"main\"", "\"name\": \"other\"")).unwrap();
        assert!(matches!(store.load("main", PASSWORD), Err(KeystoreError::Password)));
    }

    #[test]
    fn a_planted_file_cannot_exhaust_the_machine() {
        let (dir, store) = store();
        store.add("main", &SECRET, PASSWORD).unwrap();
        let path = dir.path().join("keys/main.key.json");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(
            &path,
            text.replace("\"memory_kib\": 65536", "\"memory_kib\": 4294967295"),
        )
        .unwrap();
        assert!(matches!(store.load("main", PASSWORD), Err(KeystoreError::Password)));
    }

    #[test]
    fn the_secret_is_not_in_the_file_and_only_its_owner_reads_it() {
        let (dir, store) = store();
        store.add("main", &SECRET, PASSWORD).unwrap();
        let path = dir.path().join("keys/main.key.json");
        assert!(!fs::read_to_string(&path).unwrap().contains(&hex::encode(SECRET)));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn an_existing_key_is_never_replaced() {
        let (_dir, store) = store();
        store.add("main", &SECRET, PASSWORD).unwrap();
        assert!(matches!(
            store.add("main", &[8; 32], PASSWORD),
            Err(KeystoreError::Exists(_))
        ));
        store.load("main", PASSWORD).unwrap();
    }

    #[test]
    fn names_cannot_leave_the_folder() {
        let (_dir, store) = store();
        for name in ["", "../main", "a/b", "a.b", "ü"] {
            assert!(
                matches!(store.add(name, &SECRET, PASSWORD), Err(KeystoreError::Name(_))),
                "{name}"
            );
        }
    }

    #[test]
    fn short_passwords_are_refused() {
        let (_dir, store) = store();
        assert!(matches!(
            store.add("main", &SECRET, "1234567"),
            Err(KeystoreError::Weak)
        ));
    }
}

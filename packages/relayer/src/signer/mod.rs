//! Who signs transactions. The key is in this process (from an encrypted file or the environment) or behind a socket.

mod keystore;
mod lock;
mod remote;

use std::fmt;
use std::path::PathBuf;

use bip39::{Language, Mnemonic};
use cosmrs::crypto::secp256k1::SigningKey;
use cosmrs::crypto::PublicKey;
use rand_core::{OsRng, RngCore};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

pub use keystore::{KeyInfo, Keystore, KeystoreError};
pub use lock::{KeyLock, LockError};
pub use remote::{serve, RemotePolicy, RemoteSigner};

/// Derivation path of Cosmos accounts.
pub const HD_PATH: &str = "m/44'/118'/0'/0/0";

/// Signs the bytes of a `SignDoc` with a secp256k1 key. Implementations may block; callers are on a blocking thread.
pub trait TxSigner: Send + Sync {
    /// The account's key.
    fn public_key(&self) -> PublicKey;

    /// r ‖ s, low s, over SHA-256 of `sign_doc`. The same bytes give the same signature.
    ///
    /// # Errors
    /// [`SignerError`].
    fn sign(&self, sign_doc: &[u8]) -> Result<[u8; 64], SignerError>;
}

/// A signature could not be had. Never carries key material.
#[derive(Debug, Error)]
pub enum SignerError {
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    #[error("the mnemonic is no valid English BIP-39 phrase")]
    Mnemonic,
    #[error("{0} is no derivation path")]
    Path(String),
    #[error("environment variable {0} is not set; {1}")]
    Environment(String, &'static str),
    #[error("remote signer: {0}")]
    Remote(String),
    #[error("signing failed")]
    Sign,
}

/// Where the key is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SignerConfig {
    /// An encrypted file, made by `relayer keys add`.
    Keystore {
        /// Folder of the key files.
        dir: PathBuf,
        /// Name of the key.
        name: String,
        /// File that holds the password; without it the environment variable is read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        password_file: Option<PathBuf>,
        /// Environment variable that holds the password.
        #[serde(default = "password_env")]
        password_env: String,
    },
    /// A mnemonic in an environment variable. For tests and disposable keys.
    Env {
        /// Name of the variable, not the phrase.
        #[serde(default = "mnemonic_env")]
        mnemonic_env: String,
        #[serde(default = "hd_path")]
        hd_path: String,
    },
    /// A signer behind a Unix socket, for example `relayer signer`.
    Remote { socket: PathBuf },
}

/// Default of `password_env`.
pub fn password_env() -> String {
    "RELAYER_KEY_PASSWORD".into()
}

fn mnemonic_env() -> String {
    "RELAYER_MNEMONIC".into()
}

fn hd_path() -> String {
    HD_PATH.into()
}

impl SignerConfig {
    /// Loads the key, or reaches the one that has it. May block.
    ///
    /// # Errors
    /// [`SignerError`].
    pub fn open(&self) -> Result<Box<dyn TxSigner>, SignerError> {
        match self {
            Self::Keystore {
                dir,
                name,
                password_file,
                password_env,
            } => {
                let password = password(password_file.as_deref(), password_env)?;
                Ok(Box::new(Keystore::new(dir).load(name, &password)?))
            }
            Self::Env { mnemonic_env, hd_path } => {
                let unset = |_| SignerError::Environment(mnemonic_env.clone(), "it must hold the mnemonic");
                let phrase = Zeroizing::new(std::env::var(mnemonic_env).map_err(unset)?);
                Ok(Box::new(LocalKey::from_mnemonic(&phrase, hd_path)?))
            }
            Self::Remote { socket } => Ok(Box::new(RemoteSigner::connect(socket)?)),
        }
    }
}

/// A password from a file (without its line end) or an environment variable.
///
/// # Errors
/// [`KeystoreError::PasswordFile`], [`SignerError::Environment`].
pub fn password(file: Option<&std::path::Path>, env: &str) -> Result<Zeroizing<String>, SignerError> {
    if let Some(path) = file {
        let unreadable = |error| KeystoreError::PasswordFile(path.into(), error);
        let text = Zeroizing::new(std::fs::read_to_string(path).map_err(unreadable)?);
        return Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).into()));
    }
    let value = std::env::var(env);
    let unset = |_| SignerError::Environment(env.into(), "set it, or name a signer.password_file");
    value.map(Zeroizing::new).map_err(unset)
}

/// A key in this process.
pub struct LocalKey(SigningKey);

impl LocalKey {
    /// From an English BIP-39 phrase without passphrase.
    ///
    /// # Errors
    /// [`SignerError::Mnemonic`], [`SignerError::Path`].
    pub fn from_mnemonic(phrase: &str, hd_path: &str) -> Result<Self, SignerError> {
        Self::from_secret(&*secret_of_mnemonic(phrase, hd_path)?)
    }

    /// From 32 bytes.
    ///
    /// # Errors
    /// [`SignerError::Sign`] if they are no secp256k1 scalar.
    pub fn from_secret(secret: &[u8]) -> Result<Self, SignerError> {
        SigningKey::from_slice(secret).map(Self).map_err(|_| SignerError::Sign)
    }
}

/// A fresh phrase of 24 words.
///
/// # Errors
/// [`SignerError::Sign`] when the system has no randomness.
pub fn new_mnemonic() -> Result<Zeroizing<String>, SignerError> {
    let mut entropy = Zeroizing::new([0; 32]);
    OsRng
        .try_fill_bytes(entropy.as_mut_slice())
        .map_err(|_| SignerError::Sign)?;
    let mnemonic = Mnemonic::from_entropy(entropy.as_slice()).map_err(|_| SignerError::Sign)?;
    Ok(Zeroizing::new(mnemonic.to_string()))
}

/// The 32-byte secret of a phrase.
///
/// # Errors
/// [`SignerError::Mnemonic`], [`SignerError::Path`].
pub fn secret_of_mnemonic(phrase: &str, hd_path: &str) -> Result<Zeroizing<[u8; 32]>, SignerError> {
    let path = hd_path.parse().map_err(|_| SignerError::Path(hd_path.into()))?;
    let mnemonic = Mnemonic::parse_in(Language::English, phrase.trim()).map_err(|_| SignerError::Mnemonic)?;
    let seed = Zeroizing::new(mnemonic.to_seed(""));
    let key = bip32::XPrv::derive_from_path(seed.as_slice(), &path).map_err(|_| SignerError::Mnemonic)?;
    Ok(Zeroizing::new(key.to_bytes()))
}

impl TxSigner for LocalKey {
    fn public_key(&self) -> PublicKey {
        self.0.public_key()
    }

    fn sign(&self, sign_doc: &[u8]) -> Result<[u8; 64], SignerError> {
        let signature = self.0.sign(sign_doc).map_err(|_| SignerError::Sign)?;
        Ok(signature.to_bytes().into())
    }
}

impl fmt::Debug for LocalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalKey(<redacted>)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHRASE: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    #[test]
    fn the_address_of_a_known_phrase_is_the_known_one() {
        // The account every Cosmos wallet derives from this phrase.
        let key = LocalKey::from_mnemonic(PHRASE, HD_PATH).unwrap();
        let address = key.public_key().account_id("cosmos").unwrap();
        assert_eq!(address.as_ref(), "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4");
    }

    #[test]
    fn fresh_phrases_have_24_words_and_differ() {
        let (first, second) = (new_mnemonic().unwrap(), new_mnemonic().unwrap());
        assert_eq!(first.split(' ').count(), 24);
        assert_ne!(*first, *second);
        LocalKey::from_mnemonic(&first, HD_PATH).unwrap();
    }

    #[test]
    fn a_key_never_shows_itself() {
        let key = LocalKey::from_mnemonic(PHRASE, HD_PATH).unwrap();
        assert_eq!(format!("{key:?}"), "LocalKey(<redacted>)");
        let secret = secret_of_mnemonic(PHRASE, HD_PATH).unwrap();
        assert!(!format!("{key:?}").contains(&hex::encode(*secret)));
    }

    #[test]
    fn errors_never_repeat_the_phrase() {
        let error = LocalKey::from_mnemonic("abandon my secret words", HD_PATH).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret words"));
    }

    #[test]
    fn a_missing_variable_is_named() {
        let config = SignerConfig::Env {
            mnemonic_env: "RELAYER_TEST_UNSET".into(),
            hd_path: HD_PATH.into(),
        };
        let Err(error) = config.open() else {
            panic!("opened without a phrase")
        };
        assert!(error.to_string().contains("RELAYER_TEST_UNSET"));
    }

    #[test]
    fn a_password_file_loses_its_line_end_only() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), " pass word \r\n").unwrap();
        assert_eq!(*password(Some(file.path()), "UNUSED").unwrap(), " pass word ");
    }
}

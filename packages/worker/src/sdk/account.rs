//! The operator's account: pays for enrolment and answers challenges. It signs transactions, never statements.

use std::path::Path;

use bip39::{Language, Mnemonic};
use cosmrs::bip32::{DerivationPath, XPrv};
use cosmrs::crypto::secp256k1::SigningKey;

use crate::sdk::keys::{create_private, random_seed, read_private};
use crate::{Error, Result};

/// A secp256k1 key and its address.
pub struct Account {
    key: SigningKey,
    address: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The secret never reaches a log.
        f.debug_tuple("Account").field(&self.address).finish()
    }
}

impl Account {
    /// The account of a 32-byte secret, its address under the bech32 `prefix`.
    ///
    /// # Errors
    /// [`Error::Key`] when the bytes are no scalar of the curve or the prefix is malformed.
    pub fn from_secret(secret: &[u8; 32], prefix: &str) -> Result<Self> {
        let key = SigningKey::from_slice(secret).map_err(|_| Error::Key("not a secp256k1 secret".into()))?;
        let address = key
            .public_key()
            .account_id(prefix)
            .map_err(|e| Error::Key(e.to_string()))?
            .to_string();
        Ok(Self { key, address })
    }

    /// The account at `m/44'/118'/0'/0/index` of a BIP-39 phrase.
    ///
    /// # Errors
    /// [`Error::Key`] when the phrase is not 12 to 24 English words with a right checksum.
    pub fn from_phrase(phrase: &str, index: u32, prefix: &str) -> Result<Self> {
        // The parser's own error repeats words of the phrase.
        let mnemonic = Mnemonic::parse_in(Language::English, phrase)
            .map_err(|_| Error::Key("not an English BIP-39 phrase".into()))?;
        let path: DerivationPath = format!("m/44'/118'/0'/0/{index}").parse().map_err(derivation)?;
        let key = XPrv::derive_from_path(mnemonic.to_seed(""), &path).map_err(derivation)?;
        Self::from_secret(&key.private_key().to_bytes().into(), prefix)
    }

    /// Reads a key file: 64 hexadecimal digits, or a BIP-39 phrase whose first account is meant, optionally followed by `/index`.
    ///
    /// # Errors
    /// [`Error::File`], and [`Error::Key`] when the content is neither or others may read the file.
    pub fn load(path: &Path, prefix: &str) -> Result<Self> {
        let text = read_private(path)?;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut secret = [0; 32];
        if hex::decode_to_slice(&text, &mut secret).is_ok() {
            return Self::from_secret(&secret, prefix);
        }
        let (phrase, index) = text.split_once('/').unwrap_or((&text, "0"));
        let index = index
            .trim()
            .parse()
            .map_err(|_| Error::Key("the index after `/` is no number".into()))?;
        Self::from_phrase(phrase.trim(), index, prefix)
    }

    /// Writes a fresh secret to a new file and returns its account.
    ///
    /// # Errors
    /// [`Error::File`], also when the file exists.
    pub fn create(path: &Path, prefix: &str) -> Result<Self> {
        let secret = random_seed();
        create_private(path, &hex::encode(secret))?;
        Self::from_secret(&secret, prefix)
    }

    /// Bech32 address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The key that signs transactions.
    pub(crate) fn key(&self) -> &SigningKey {
        &self.key
    }
}

fn derivation(error: impl std::fmt::Display) -> Error {
    Error::Key(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHRASE: &str = "test test test test test test test test test test test junk";

    #[test]
    fn a_known_phrase_has_its_known_address() {
        // The address CosmJS derives for this phrase and path.
        let account = Account::from_phrase(PHRASE, 0, "wasm").unwrap();
        assert_eq!(account.address(), "wasm15yk64u7zc9g9k2yr2wmzeva5qgwxps6yvw76s4");
    }

    #[test]
    fn a_file_holds_a_secret_or_a_phrase_with_an_index() {
        let dir = tempfile::tempdir().unwrap();
        let phrase = dir.path().join("phrase");
        create_private(&phrase, &format!("{PHRASE}\n/ 3\n")).unwrap();
        let expected = Account::from_phrase(PHRASE, 3, "wasm").unwrap();
        assert_eq!(Account::load(&phrase, "wasm").unwrap().address(), expected.address());
        let secret = dir.path().join("secret");
        let created = Account::create(&secret, "wasm").unwrap();
        assert_eq!(Account::load(&secret, "wasm").unwrap().address(), created.address());
        assert!(
            matches!(Account::create(&secret, "wasm"), Err(Error::File { .. })),
            "an existing key is never replaced"
        );
    }

    #[test]
    fn secrets_stay_out_of_logs_and_errors() {
        let account = Account::from_secret(&[7; 32], "wasm").unwrap();
        assert_eq!(format!("{account:?}"), format!("Account(\"{}\")", account.address()));
        let error = Account::from_phrase("test test secretword", 0, "wasm").unwrap_err();
        assert!(!error.to_string().contains("secretword"));
    }
}

//! Accounts that sign. The same key has the same address on every backend, so traces can be compared word for word.

use anyhow::{anyhow, Context, Result};
use bip39::{Language, Mnemonic};
use cosmrs::bip32::{DerivationPath, XPrv};
use cosmrs::crypto::secp256k1::SigningKey;
use cosmrs::crypto::PublicKey;

/// Bech32 prefix of every address.
pub const PREFIX: &str = "wasm";

/// Known to everybody: for local chains only, never put value behind it.
pub const DEV_MNEMONIC: &str = "test test test test test test test test test test test junk";

/// Accounts with a part in the deployment, by index under [`DEV_MNEMONIC`]; users follow from [`FIRST_USER`].
pub const DEV_ROLES: [&str; 7] = [
    "faucet", "deployer", "council", "operator", "relayer", "gateway", "worker",
];

/// Index of `user0`.
pub const FIRST_USER: u32 = 100;

/// Funded users of a local chain.
pub const DEV_USERS: u32 = 64;

/// A key and its address.
#[derive(Clone)]
pub struct Account {
    address: String,
    secret: [u8; 32],
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The secret never reaches a log.
        f.debug_tuple("Account").field(&self.address).finish()
    }
}

impl Account {
    /// The account of a 32-byte secp256k1 secret.
    ///
    /// # Errors
    /// When the bytes are not a scalar of the curve.
    pub fn from_secret(secret: [u8; 32]) -> Result<Self> {
        let key = signing_key(&secret)?;
        let address = key
            .public_key()
            .account_id(PREFIX)
            .map_err(|e| anyhow!("{e}"))?
            .to_string();
        Ok(Self { address, secret })
    }

    /// The account at `m/44'/118'/0'/0/index` of a BIP-39 phrase.
    ///
    /// # Errors
    /// When the phrase is not 12 to 24 English words with a right checksum.
    pub fn from_mnemonic(phrase: &str, index: u32) -> Result<Self> {
        let seed = seed(phrase)?;
        let path: DerivationPath = format!("m/44'/118'/0'/0/{index}").parse().map_err(|e| anyhow!("{e}"))?;
        let key = XPrv::derive_from_path(seed, &path).map_err(|e| anyhow!("{e}"))?;
        Self::from_secret(key.private_key().to_bytes().into())
    }

    /// A development account: one of [`DEV_ROLES`], or `user0`, `user1`, …
    ///
    /// # Errors
    /// On any other name.
    pub fn dev(name: &str) -> Result<Self> {
        Self::from_mnemonic(DEV_MNEMONIC, dev_index(name)?)
    }

    /// The same key on a chain whose addresses start otherwise.
    ///
    /// # Errors
    /// When the prefix is not one bech32 allows.
    pub fn with_prefix(self, prefix: &str) -> Result<Self> {
        let account = self.public_key()?.account_id(prefix);
        let address = account.map_err(|e| anyhow!("prefix {prefix}: {e}"))?.to_string();
        Ok(Self { address, ..self })
    }

    /// Bech32 address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn key(&self) -> Result<SigningKey> {
        signing_key(&self.secret)
    }

    pub(crate) fn public_key(&self) -> Result<PublicKey> {
        Ok(self.key()?.public_key())
    }
}

/// Names of all funded accounts of a local chain.
pub fn dev_names() -> impl Iterator<Item = String> {
    DEV_ROLES
        .iter()
        .map(ToString::to_string)
        .chain((0..DEV_USERS).map(|i| format!("user{i}")))
}

/// Index of a development account in its derivation path.
///
/// # Errors
/// On a name that is none.
pub fn dev_index(name: &str) -> Result<u32> {
    if let Some(index) = (0u32..)
        .zip(DEV_ROLES)
        .find_map(|(i, role)| (role == name).then_some(i))
    {
        return Ok(index);
    }
    let user = name.strip_prefix("user").and_then(|n| n.parse::<u32>().ok());
    user.and_then(|n| n.checked_add(FIRST_USER)).with_context(|| {
        format!(
            "no development account `{name}`; expected {} or user<n>",
            DEV_ROLES.join(", ")
        )
    })
}

fn signing_key(secret: &[u8; 32]) -> Result<SigningKey> {
    SigningKey::from_slice(secret).map_err(|_| anyhow!("not a secp256k1 secret"))
}

fn seed(phrase: &str) -> Result<[u8; 64]> {
    let phrase = phrase.split_whitespace().collect::<Vec<_>>().join(" ");
    // The parser's own error repeats words of the phrase.
    let mnemonic =
        Mnemonic::parse_in(Language::English, phrase).map_err(|_| anyhow!("not an English BIP-39 phrase"))?;
    Ok(mnemonic.to_seed(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_phrase_has_its_known_address() {
        // The address CosmJS derives for this phrase and path.
        let account = Account::dev("faucet").unwrap();
        assert_eq!(account.address(), "wasm15yk64u7zc9g9k2yr2wmzeva5qgwxps6yvw76s4");
    }

    #[test]
    fn names_map_to_distinct_accounts() {
        let mut addresses: Vec<_> = dev_names()
            .map(|n| Account::dev(&n).unwrap().address().to_owned())
            .collect();
        let count = addresses.len();
        addresses.sort();
        addresses.dedup();
        assert_eq!(addresses.len(), count);
        for unknown in ["", "user", "user-1", "user4294967295", "root"] {
            assert!(Account::dev(unknown).is_err(), "{unknown}");
        }
    }

    #[test]
    fn secrets_stay_out_of_logs() {
        let account = Account::from_secret([7; 32]).unwrap();
        assert_eq!(format!("{account:?}"), format!("Account(\"{}\")", account.address()));
    }
}

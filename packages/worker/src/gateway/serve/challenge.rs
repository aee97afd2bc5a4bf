//! Proof that somebody holds an account's key, without a password and without a transaction.
//!
//! The gateway hands out a short text; the account's wallet signs it off chain (ADR-36: the `signArbitrary` of Keplr and CosmJS), and the gateway checks the
//! signature against the address. The text names chain, oracle, gateway and account, so a signature made for another one is worth nothing here.
//!
//! The server remembers no challenge: the nonce carries its own end and a MAC under a secret of this process, so asking for challenges costs no memory. A nonce
//! that was used lies beside the API key it made, so it makes no second one.

use cosmrs::crypto::PublicKey;
use cosmwasm_std::Binary;
use hmac::{Hmac, Mac};
use k256::ecdsa::signature::Verifier;
use k256::ecdsa::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::refusal::Refusal;
use crate::cli::moment;
use crate::sdk::keys::random_seed;
use crate::sdk::store::Home;
use crate::sdk::Account;
use crate::{Error, Result};

/// Amino's name of a secp256k1 key.
const KEY_TYPE: &str = "tendermint/PubKeySecp256k1";

/// Bytes of randomness and of the MAC in a nonce; between them stands the end, 8 bytes.
const PART: usize = 16;

/// Bytes of a nonce.
pub const NONCE: usize = 2 * PART + 8;

/// Whom a challenge is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub chain_id: String,
    /// The oracle that enrolled the gateway.
    pub oracle: String,
    pub gateway: u64,
    pub account: String,
    /// Hexadecimal.
    pub nonce: String,
    /// Unix seconds on the chain's clock.
    pub expires_at: u64,
}

impl Terms {
    /// What the account signs, readable in a wallet's window.
    pub fn text(&self) -> String {
        format!(
            "Get an API key of a gateway. This costs nothing and sends no transaction.\nchain: {}\noracle: {}\ngateway: {}\naccount: {}\nexpires: {}\nnonce: {}",
            self.chain_id,
            self.oracle,
            self.gateway,
            self.account,
            moment(self.expires_at),
            self.nonce
        )
    }
}

/// A signature as Keplr and CosmJS answer it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StdSignature {
    pub pub_key: StdPubKey,
    /// 64 bytes r ‖ s, base64.
    pub signature: Binary,
}

/// A public key in Amino's JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StdPubKey {
    /// `tendermint/PubKeySecp256k1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// 33 bytes, compressed, base64.
    pub value: Binary,
}

/// The bytes that are signed for `data` by ADR-36: an Amino sign document with an empty chain id, in canonical JSON.
pub fn sign_doc(signer: &str, data: &[u8]) -> Vec<u8> {
    // Keys in order, no spaces; neither base64 nor bech32 has a character that JSON or Amino would escape.
    format!(
        "{{\"account_number\":\"0\",\"chain_id\":\"\",\"fee\":{{\"amount\":[],\"gas\":\"0\"}},\"memo\":\"\",\"msgs\":[{{\"type\":\"sign/MsgSignData\",\
         \"value\":{{\"data\":\"{}\",\"signer\":\"{signer}\"}}}}],\"sequence\":\"0\"}}",
        Binary::from(data).to_base64()
    )
    .into_bytes()
}

/// Signs as a wallet's `signArbitrary` does.
///
/// # Errors
/// [`Error::Key`].
pub fn sign_arbitrary(account: &Account, data: &[u8]) -> Result<StdSignature> {
    let signed = account.key().sign(&sign_doc(account.address(), data));
    let signature = signed.map_err(|e| Error::Key(e.to_string()))?;
    Ok(StdSignature {
        pub_key: StdPubKey {
            kind: KEY_TYPE.into(),
            value: account.key().public_key().to_bytes().into(),
        },
        signature: signature.to_bytes().to_vec().into(),
    })
}

/// Hands out challenges and judges answers.
pub struct Challenger {
    /// Of this process alone: no challenge outlives it.
    secret: [u8; 32],
    home: Home,
    prefix: String,
    gateway: u64,
    ttl: u64,
}

impl Challenger {
    /// For one gateway; a challenge can be answered for `ttl` seconds.
    pub fn new(home: Home, prefix: &str, gateway: u64, ttl: u64) -> Self {
        Self {
            secret: random_seed(),
            home,
            prefix: prefix.into(),
            gateway,
            ttl,
        }
    }

    /// A fresh challenge.
    pub fn issue(&self, account: &str, now: u64) -> Terms {
        let seed = random_seed();
        let (random, _) = seed.split_at(PART);
        let expires_at = now.saturating_add(self.ttl);
        let end = expires_at.to_be_bytes();
        let nonce = [random, &end, &self.mac(account, random, &end)].concat();
        self.terms(account, &nonce, expires_at)
    }

    /// Whether `account` answered a challenge of this gateway in time. Returns the nonce, which must not count twice.
    ///
    /// # Errors
    /// `challenge_refused`.
    pub fn check(
        &self,
        account: &str,
        nonce: &str,
        signature: &StdSignature,
        now: u64,
    ) -> std::result::Result<[u8; NONCE], Refusal> {
        let mut bytes = [0; NONCE];
        hex::decode_to_slice(nonce, &mut bytes).map_err(|_| refused("the nonce is not one of this gateway"))?;
        let expires_at = self.open(account, &bytes)?;
        if expires_at < now {
            return Err(refused("the challenge is too old; ask for a new one"));
        }
        let text = self.terms(account, &bytes, expires_at).text();
        verify(account, &self.prefix, text.as_bytes(), signature).map_err(refused)?;
        Ok(bytes)
    }

    /// The end that a nonce of this process names.
    fn open(&self, account: &str, nonce: &[u8; NONCE]) -> std::result::Result<u64, Refusal> {
        let foreign = || {
            refused(
                "the challenge is not one that this gateway made for this account since it started; ask for a new one",
            )
        };
        let (random, rest) = nonce.split_at(PART);
        let (end, mac) = rest.split_at(8);
        // In constant time.
        self.keyed(account, random, end)
            .verify_truncated_left(mac)
            .map_err(|_| foreign())?;
        end.try_into().map(u64::from_be_bytes).map_err(|_| foreign())
    }

    fn mac(&self, account: &str, random: &[u8], end: &[u8]) -> Vec<u8> {
        let mac = self.keyed(account, random, end).finalize().into_bytes();
        mac.iter().copied().take(PART).collect()
    }

    fn keyed(&self, account: &str, random: &[u8], end: &[u8]) -> Hmac<Sha256> {
        // A key of the block's size or below is taken as it is; `new` differs from `new_from_slice` only in that it cannot fail.
        let mut block = [0; 64];
        block
            .iter_mut()
            .zip(self.secret)
            .for_each(|(byte, secret)| *byte = secret);
        let mut mac = <Hmac<Sha256> as hmac::digest::KeyInit>::new(&block.into());
        mac.update(random);
        mac.update(end);
        mac.update(account.as_bytes());
        mac
    }

    fn terms(&self, account: &str, nonce: &[u8], expires_at: u64) -> Terms {
        Terms {
            chain_id: self.home.chain_id().into(),
            oracle: self.home.contract().into(),
            gateway: self.gateway,
            account: account.into(),
            nonce: hex::encode(nonce),
            expires_at,
        }
    }
}

fn refused(message: &str) -> Refusal {
    Refusal::new("challenge_refused", message)
}

/// Whether `account` signed `data` by ADR-36.
fn verify(account: &str, prefix: &str, data: &[u8], signature: &StdSignature) -> std::result::Result<(), &'static str> {
    if signature.pub_key.kind != KEY_TYPE {
        return Err("the key is not of type tendermint/PubKeySecp256k1");
    }
    let key = VerifyingKey::from_sec1_bytes(&signature.pub_key.value).map_err(|_| "the public key is malformed")?;
    let address = PublicKey::from(key).account_id(prefix);
    if !address.is_ok_and(|address| address.as_ref() == account) {
        return Err("the public key is not the account's");
    }
    let signature = Signature::from_slice(&signature.signature).map_err(|_| "the signature is malformed")?;
    key.verify(&sign_doc(account, data), &signature).map_err(|_| {
        "the signature is not over this challenge: sign the text as it is, with signArbitrary, for this chain and this gateway"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_760_000_000;

    fn challenger(chain: &str, gateway: u64) -> Challenger {
        Challenger::new(Home::new(chain, "wasm1oracle").unwrap(), "wasm", gateway, 300)
    }

    fn account(secret: u8) -> Account {
        Account::from_secret(&[secret; 32], "wasm").unwrap()
    }

    fn answer(terms: &Terms, account: &Account) -> StdSignature {
        sign_arbitrary(account, terms.text().as_bytes()).unwrap()
    }

    /// What Keplr's documentation gives for this document: canonical JSON, sorted, without spaces.
    #[test]
    fn the_document_is_that_of_adr_36() {
        let doc = String::from_utf8(sign_doc("wasm1a", b"hi")).unwrap();
        assert_eq!(
            doc,
            r#"{"account_number":"0","chain_id":"","fee":{"amount":[],"gas":"0"},"memo":"","msgs":[{"type":"sign/MsgSignData","value":{"data":"aGk=","signer":"wasm1a"}}],"sequence":"0"}"#
        );
        let parsed: serde_json::Value = serde_json::from_str(&doc).unwrap();
        assert_eq!(
            serde_json::to_string(&parsed).unwrap(),
            doc,
            "sorted and without spaces"
        );
    }

    /// CosmJS 0.38 (`Secp256k1HdWallet.signAmino` of a `sign/MsgSignData`) made this signature with the key of a publicly known phrase.
    #[test]
    fn a_wallets_signature_is_ours_to_the_byte() {
        let phrase = "test test test test test test test test test test test junk";
        let account = Account::from_phrase(phrase, 0, "wasm").unwrap();
        let data = b"chain: c-1\n<gateway> & 1";
        let cosmjs: StdSignature = serde_json::from_str(
            r#"{"pub_key":{"type":"tendermint/PubKeySecp256k1","value":"AiOqZ51tU0TiAeDfnwKrFahHJu7g37TpU8Rqniy1I0nc"},
                "signature":"B6h5fL+PSpKde09Bg91SngcNLoogbrxLdVkqi+aKJntlju2OoAKNBxTBCH9nm5cqeBTVbF6GlABUWvkFnRqDfg=="}"#,
        )
        .unwrap();
        assert_eq!(sign_arbitrary(&account, data).unwrap(), cosmjs);
        verify(account.address(), "wasm", data, &cosmjs).unwrap();
        assert!(verify(account.address(), "wasm", b"chain: c-2", &cosmjs).is_err());
    }

    #[test]
    fn the_accounts_signature_answers_until_the_end() {
        let (challenger, account) = (challenger("c-1", 1), account(5));
        let terms = challenger.issue(account.address(), NOW);
        let signature = answer(&terms, &account);
        for (time, right) in [(NOW, true), (NOW + 300, true), (NOW + 301, false)] {
            let checked = challenger.check(account.address(), &terms.nonce, &signature, time);
            assert_eq!(checked.is_ok(), right, "at {time}: {checked:?}");
        }
    }

    /// Attack: a signature that was made for somebody or something else.
    #[test]
    fn a_signature_for_another_chain_gateway_account_or_process_is_refused() {
        let (here, account, thief) = (challenger("c-1", 1), account(5), account(6));
        let terms = here.issue(account.address(), NOW);
        let altered = |change: fn(&mut Terms)| {
            let mut other = terms.clone();
            change(&mut other);
            answer(&other, &account)
        };
        let wrong = [
            ("chain", altered(|terms| terms.chain_id = "c-2".into())),
            ("gateway", altered(|terms| terms.gateway = 2)),
            ("oracle", altered(|terms| terms.oracle = "wasm1other".into())),
            ("end", altered(|terms| terms.expires_at += 1)),
            ("signer", answer(&terms, &thief)),
        ];
        for (what, signature) in wrong {
            let refusal = here
                .check(account.address(), &terms.nonce, &signature, NOW)
                .unwrap_err();
            assert_eq!(refusal.code, "challenge_refused", "{what}");
        }
        let right = answer(&terms, &account);
        here.check(account.address(), &terms.nonce, &right, NOW).unwrap();
        let restarted = challenger("c-1", 1);
        assert!(restarted.check(account.address(), &terms.nonce, &right, NOW).is_err());
        let theirs = here.issue(thief.address(), NOW);
        assert!(here.check(account.address(), &theirs.nonce, &right, NOW).is_err());
    }

    /// Attack: the thief's own key with the victim's address, and keys of other kinds.
    #[test]
    fn a_key_that_is_not_the_accounts_is_refused() {
        let (here, account, thief) = (challenger("c-1", 1), account(5), account(6));
        let terms = here.issue(account.address(), NOW);
        let right = answer(&terms, &account);
        let check = |signature: &StdSignature| here.check(account.address(), &terms.nonce, signature, NOW).is_ok();
        assert!(check(&right));
        let mut thiefs = right.clone();
        thiefs.pub_key.value = thief.key().public_key().to_bytes().into();
        let mut kind = right.clone();
        kind.pub_key.kind = "tendermint/PubKeyEd25519".into();
        let mut short = right.clone();
        short.signature = Binary::from(&right.signature[..63]);
        let mut empty = right;
        empty.pub_key.value = Binary::default();
        for wrong in [thiefs, kind, short, empty] {
            assert!(!check(&wrong), "{wrong:?}");
        }
    }

    /// Attack: a nonce with a later end than the gateway gave.
    #[test]
    fn a_nonce_cannot_be_made_or_changed() {
        let (here, account) = (challenger("c-1", 1), account(5));
        let mut terms = here.issue(account.address(), NOW);
        let mut nonce = hex::decode(&terms.nonce).unwrap();
        nonce[PART + 7] ^= 64;
        terms.nonce = hex::encode(&nonce);
        terms.expires_at ^= 64;
        assert!(here
            .check(account.address(), &terms.nonce, &answer(&terms, &account), NOW)
            .is_err());
        for rubbish in ["", "zz", &"00".repeat(NONCE), &"00".repeat(NONCE + 1)] {
            terms.nonce = rubbish.into();
            assert!(here
                .check(account.address(), rubbish, &answer(&terms, &account), NOW)
                .is_err());
        }
    }
}

//! The account's side: gets, lists and revokes API keys over HTTP.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::challenge::sign_arbitrary;
use super::http::{ChallengeAnswer, ChallengeRequest, KeyAnswer, KeyRequest};
use super::tokens::ApiKey;
use crate::sdk::chain::http_client;
use crate::sdk::Account;
use crate::{Error, Result};

/// Talks to a serving gateway.
pub struct KeyClient {
    http: reqwest::Client,
    url: String,
}

/// What a new key is to be, and what the challenge must say.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The chain the account means.
    pub chain_id: String,
    /// The gateway the account means, if it knows.
    pub gateway: Option<u64>,
    pub label: String,
    /// Seconds.
    pub expires_in: Option<u64>,
    /// Ends every older key of the account.
    pub replace: bool,
}

impl KeyClient {
    /// For the gateway at `url`, with or without `/v1`.
    ///
    /// # Errors
    /// [`Error::Config`] when no HTTP client can be built.
    pub fn new(url: &str) -> Result<Self> {
        let url = url.trim_end_matches('/');
        Ok(Self {
            http: http_client()?,
            url: url.strip_suffix("/v1").unwrap_or(url).to_owned(),
        })
    }

    /// Gets a key: signs the gateway's challenge, if it says what the account means.
    ///
    /// # Errors
    /// [`Error::Unreachable`] with the gateway's own words, [`Error::Key`] for a challenge that is not the expected one.
    pub async fn create(&self, account: &Account, wish: &Wish) -> Result<KeyAnswer> {
        let ask = ChallengeRequest {
            account: account.address().to_owned(),
        };
        let challenge: ChallengeAnswer = self.send(self.post("/v1/auth/challenge").json(&ask)).await?;
        check_challenge(&challenge, account, wish)?;
        let request = KeyRequest {
            account: account.address().to_owned(),
            nonce: challenge.terms.nonce.clone(),
            signature: sign_arbitrary(account, challenge.text.as_bytes())?,
            label: wish.label.clone(),
            expires_in: wish.expires_in,
            replace: wish.replace,
        };
        self.send(self.post("/v1/auth/keys").json(&request)).await
    }

    /// Live keys of the account whose key this is.
    ///
    /// # Errors
    /// [`Error::Unreachable`].
    pub async fn list(&self, key: &str) -> Result<Vec<ApiKey>> {
        let request = self.http.get(format!("{}/v1/auth/keys", self.url)).bearer_auth(key);
        let answer: Value = self.send(request).await?;
        Ok(serde_json::from_value(answer.get("data").cloned().unwrap_or_default())?)
    }

    /// Ends a key of the account whose key this is.
    ///
    /// # Errors
    /// [`Error::Unreachable`].
    pub async fn revoke(&self, key: &str, id: u64) -> Result<()> {
        let request = self
            .http
            .delete(format!("{}/v1/auth/keys/{id}", self.url))
            .bearer_auth(key);
        self.read(request).await.map(drop)
    }

    fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.post(format!("{}{path}", self.url))
    }

    async fn send<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T> {
        Ok(serde_json::from_slice(&self.read(request).await?)?)
    }

    async fn read(&self, request: reqwest::RequestBuilder) -> Result<Vec<u8>> {
        let response = request.send().await.map_err(|e| self.failed(e))?;
        let status = response.status();
        let body = response.bytes().await.map_err(|e| self.failed(e))?;
        if status.is_success() {
            return Ok(body.to_vec());
        }
        let said: Value = serde_json::from_slice(&body).unwrap_or_default();
        let message = said
            .pointer("/error/message")
            .and_then(Value::as_str)
            .unwrap_or("no reason given");
        Err(self.failed(format!("{status}: {message}")))
    }

    fn failed(&self, reason: impl std::fmt::Display) -> Error {
        Error::Unreachable {
            url: self.url.clone(),
            reason: reason.to_string(),
        }
    }
}

/// Signs nothing but the text that belongs to the terms, and no terms but the account's own: a gateway cannot pass on the challenge of another one.
fn check_challenge(challenge: &ChallengeAnswer, account: &Account, wish: &Wish) -> Result<()> {
    let terms = &challenge.terms;
    let expected = terms.account == account.address()
        && terms.chain_id == wish.chain_id
        && wish.gateway.is_none_or(|gateway| gateway == terms.gateway)
        && terms.text() == challenge.text;
    match expected {
        true => Ok(()),
        false => Err(Error::Key(format!(
            "the challenge is for {} at gateway {} on {}; nothing was signed",
            terms.account, terms.gateway, terms.chain_id
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::challenge::Terms;
    use super::*;

    fn challenge(account: &Account) -> ChallengeAnswer {
        let terms = Terms {
            chain_id: "c-1".into(),
            oracle: "wasm1oracle".into(),
            gateway: 7,
            account: account.address().into(),
            nonce: "00".into(),
            expires_at: 1,
        };
        ChallengeAnswer {
            text: terms.text(),
            terms,
        }
    }

    fn wish(gateway: Option<u64>) -> Wish {
        Wish {
            chain_id: "c-1".into(),
            gateway,
            label: String::new(),
            expires_in: None,
            replace: false,
        }
    }

    /// Attack: a gateway passes on the challenge of another one, or a text that says something else.
    #[test]
    fn only_the_expected_challenge_is_signed() {
        let account = Account::from_secret(&[5; 32], "wasm").unwrap();
        let right = challenge(&account);
        for gateway in [None, Some(7)] {
            check_challenge(&right, &account, &wish(gateway)).unwrap();
        }
        assert!(check_challenge(&right, &account, &wish(Some(8))).is_err());
        let other_chain = Wish {
            chain_id: "c-2".into(),
            ..wish(None)
        };
        assert!(check_challenge(&right, &account, &other_chain).is_err());
        let mut other_text = right.clone();
        other_text.text.push('!');
        assert!(check_challenge(&other_text, &account, &wish(None)).is_err());
        let somebody = Account::from_secret(&[6; 32], "wasm").unwrap();
        assert!(check_challenge(&right, &somebody, &wish(None)).is_err());
    }
}

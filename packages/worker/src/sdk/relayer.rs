//! Client of the relayer's HTTP interface. The relayer is not trusted: what became of a statement is read from the chain.

use std::time::Duration;

use cosmwasm_std::Binary;
use reqwest::StatusCode;
use serde::Serialize;
use serde_json::Value;

use super::chain::http_client;
use super::statements::{Kind, Statement};
use super::store::Home;
use crate::{Error, Result};

/// Longest pause between two attempts.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// What is posted. Byte strings are base64.
#[derive(Serialize)]
struct Envelope<'a> {
    chain_id: &'a str,
    contract: &'a str,
    kind: &'static str,
    body: Binary,
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<Binary>,
    signature: Binary,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_signature: Option<Binary>,
}

/// A relayer.
pub struct Relayer {
    http: reqwest::Client,
    url: String,
    attempts: u32,
}

/// One attempt's outcome when it was not taken.
enum Refused {
    /// Try again after so long, if the relayer said.
    Busy {
        pause: Option<Duration>,
        reason: String,
    },
    ForGood(Error),
}

impl Relayer {
    /// Talks to `url`, trying each statement up to `attempts` times.
    ///
    /// # Errors
    /// [`Error::Config`] when no HTTP client can be built.
    pub fn new(url: &str, attempts: u32) -> Result<Self> {
        Ok(Self {
            http: http_client()?,
            url: url.trim_end_matches('/').into(),
            attempts,
        })
    }

    /// Hands a statement over and returns once the relayer has committed to carry it. Posting it again is harmless.
    ///
    /// # Errors
    /// [`Error::RelayerRefused`] when it is refused for good, [`Error::Unreachable`] when every attempt failed.
    pub async fn post(&self, home: &Home, statement: &Statement) -> Result<()> {
        let envelope = envelope(home, statement);
        let mut last = String::new();
        for attempt in 0..self.attempts {
            match self.post_once(&envelope).await {
                Ok(()) => return Ok(()),
                Err(Refused::ForGood(error)) => return Err(error),
                Err(Refused::Busy { pause, reason }) => {
                    last = reason;
                    tokio::time::sleep(pause.unwrap_or_else(|| back_off(attempt)).min(MAX_PAUSE)).await;
                }
            }
        }
        Err(Error::Unreachable {
            url: self.url.clone(),
            reason: last,
        })
    }

    async fn post_once(&self, envelope: &Envelope<'_>) -> std::result::Result<(), Refused> {
        let url = format!("{}/v1/statements", self.url);
        let busy = |reason: String| Refused::Busy { pause: None, reason };
        let response = self
            .http
            .post(url)
            .json(envelope)
            .send()
            .await
            .map_err(|e| busy(e.to_string()))?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let pause = response
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let reason = response.text().await.unwrap_or_default();
        // A key that was enrolled a moment ago may not have reached the relayer's node.
        let unknown_key = reason.contains("\"unknown_key\"");
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() || pause.is_some() || unknown_key {
            return Err(Refused::Busy {
                pause: pause.map(Duration::from_secs),
                reason: format!("{status} {reason}"),
            });
        }
        Err(Refused::ForGood(Error::RelayerRefused {
            status: status.as_u16(),
            reason,
        }))
    }

    /// What the relayer says of a statement, `None` when it does not know it.
    ///
    /// # Errors
    /// [`Error::Unreachable`].
    pub async fn state(&self, digest: &[u8]) -> Result<Option<Value>> {
        let failed = |e: reqwest::Error| Error::Unreachable {
            url: self.url.clone(),
            reason: e.to_string(),
        };
        let url = format!("{}/v1/statements/{}", self.url, hex::encode(digest));
        let response = self.http.get(url).send().await.map_err(failed)?;
        if response.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        response
            .error_for_status()
            .map_err(failed)?
            .json()
            .await
            .map(Some)
            .map_err(failed)
    }
}

fn envelope<'a>(home: &'a Home, statement: &Statement) -> Envelope<'a> {
    Envelope {
        chain_id: home.chain_id(),
        contract: home.contract(),
        kind: match statement.kind {
            Kind::Job => "job",
            Kind::Usage => "usage",
            Kind::Link => "link",
        },
        body: statement.body.as_slice().into(),
        entries: statement.entries.as_deref().map(Binary::from),
        signature: statement.signature.as_slice().into(),
        new_signature: statement.new_signature.as_deref().map(Binary::from),
    }
}

/// 100 ms, 200 ms, 400 ms, … up to [`MAX_PAUSE`].
fn back_off(attempt: u32) -> Duration {
    Duration::from_millis(100)
        .saturating_mul(2u32.saturating_pow(attempt))
        .min(MAX_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_bounded() {
        assert_eq!(back_off(0), Duration::from_millis(100));
        assert_eq!(back_off(3), Duration::from_millis(800));
        assert_eq!(back_off(u32::MAX), MAX_PAUSE);
    }
}

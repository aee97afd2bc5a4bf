//! The model server behind the gateway.

use std::path::Path;
use std::time::Duration;

use axum::http::StatusCode;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{redirect, Client, Response};
use serde_json::Value;
use tokio::time::timeout;

use super::config::UpstreamConfig;
use super::refusal::Refusal;
use super::request::Ask;
use crate::{Error, Result};

/// Longest text of an upstream's own error that is passed on, characters.
const MAX_REASON: usize = 500;

/// Longest error that is read, bytes.
const MAX_ERROR: usize = 64 << 10;

/// A client of the upstream.
pub struct Upstream {
    http: Client,
    url: String,
    key: Option<String>,
    idle: Duration,
    pub max_answer: usize,
}

impl Upstream {
    /// Reads the upstream's key; `base` is the folder of the configuration file.
    ///
    /// # Errors
    /// [`Error::Config`], [`Error::File`], [`Error::Key`].
    pub fn new(config: &UpstreamConfig, base: &Path) -> Result<Self> {
        let http = Client::builder()
            .connect_timeout(Duration::from_secs(config.connect_timeout))
            .timeout(Duration::from_secs(config.total_timeout))
            // The key goes where the operator said, and nowhere else.
            .redirect(redirect::Policy::none())
            .build();
        Ok(Self {
            http: http.map_err(|e| Error::Config(e.to_string()))?,
            url: config.url.trim_end_matches('/').into(),
            key: config.key(base)?,
            idle: Duration::from_secs(config.idle_timeout),
            max_answer: config.max_answer,
        })
    }

    /// Sends a call and waits for its answer to begin.
    ///
    /// # Errors
    /// What the account hears when there is no answer that could be charged.
    pub async fn send(&self, ask: &Ask) -> std::result::Result<Response, Refusal> {
        let url = format!("{}{}", self.url, ask.endpoint.path());
        let mut request = self
            .http
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .body(ask.body.clone());
        if let Some(key) = &self.key {
            request = request.header(AUTHORIZATION, format!("Bearer {key}"));
        }
        let response = match timeout(self.idle, request.send()).await {
            Err(_) => return Err(silent()),
            Ok(Err(error)) if error.is_timeout() && !error.is_connect() => return Err(silent()),
            Ok(Err(error)) => return Err(unavailable(&error)),
            Ok(Ok(response)) => response,
        };
        match response.status().is_success() {
            true => Ok(response),
            false => Err(self.refused(response).await),
        }
    }

    /// The next part of an answer; none at its end.
    ///
    /// # Errors
    /// `upstream_timeout` after too long a silence, `upstream_cut` when the connection broke.
    pub async fn chunk(&self, response: &mut Response) -> std::result::Result<Option<axum::body::Bytes>, Refusal> {
        match timeout(self.idle, response.chunk()).await {
            Err(_) => Err(silent()),
            Ok(Err(error)) if error.is_timeout() => Err(silent()),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the upstream cut its answer");
                Err(Refusal::new("upstream_cut", "the upstream cut its answer; try again"))
            }
            Ok(Ok(chunk)) => Ok(chunk),
        }
    }

    /// A whole answer of bounded length.
    ///
    /// # Errors
    /// As [`Self::chunk`], and `upstream_failed` when it is too long.
    pub async fn whole(&self, response: &mut Response, longest: usize) -> std::result::Result<Vec<u8>, Refusal> {
        let mut body = vec![];
        while let Some(chunk) = self.chunk(response).await? {
            if body.len().saturating_add(chunk.len()) > longest {
                return Err(Refusal::new(
                    "upstream_failed",
                    "the upstream's answer is longer than this gateway passes on",
                ));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    /// What an answer that is no success means to the account.
    async fn refused(&self, mut response: Response) -> Refusal {
        let status = response.status();
        let pause = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let body = self.whole(&mut response, MAX_ERROR).await.unwrap_or_default();
        let reason = reason(&body);
        tracing::warn!(%status, reason, "the upstream refused a call");
        match status.as_u16() {
            429 => Refusal::new("upstream_busy", "the upstream is busy; try again").retry_after(pause.unwrap_or(5)),
            // The gateway's own key, or its rate card: nothing the account could do, and nothing it should read.
            401..=404 | 407 => Refusal::new(
                "upstream_refused",
                "the upstream does not serve this gateway; tell its operator",
            )
            .retry_after(60),
            400..=499 => Refusal {
                status: StatusCode::from_u16(status.as_u16()).unwrap_or(StatusCode::BAD_REQUEST),
                ..Refusal::invalid(format!("the upstream refused the request: {reason}"))
            },
            _ => Refusal::new("upstream_failed", "the upstream failed; try again").retry_after(pause.unwrap_or(5)),
        }
    }
}

fn silent() -> Refusal {
    Refusal::new("upstream_timeout", "the upstream does not answer; try again").retry_after(5)
}

fn unavailable(error: &reqwest::Error) -> Refusal {
    tracing::warn!(%error, "the upstream cannot be reached");
    Refusal::new("upstream_unavailable", "the upstream cannot be reached; try again").retry_after(5)
}

/// The upstream's own words, shortened.
fn reason(body: &[u8]) -> String {
    let text = serde_json::from_slice::<Value>(body).ok().and_then(|json| {
        let error = json.get("error")?;
        Some(error.get("message").unwrap_or(error).as_str()?.to_owned())
    });
    let text = text.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned());
    text.chars().filter(|c| !c.is_control()).take(MAX_REASON).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upstreams_words_are_found_and_bounded() {
        for (body, expected) in [
            (r#"{"error":{"message":"too hot","code":1}}"#, "too hot"),
            (r#"{"error":"too hot"}"#, "too hot"),
            ("too\nhot", "toohot"),
            ("", ""),
        ] {
            assert_eq!(reason(body.as_bytes()), expected, "{body}");
        }
        assert_eq!(reason(&[b'x'; 10_000]).len(), MAX_REASON);
    }
}

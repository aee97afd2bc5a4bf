//! Refusals, in the shape that OpenAI's clients read, each with what to do next.

use axum::http::{header, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::Json;
use serde::Serialize;

use crate::Error;

/// Why a request is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    /// OpenAI's class of errors.
    pub kind: &'static str,
    /// Stable; see [`CODES`].
    pub code: &'static str,
    /// For people: what is wrong, and what to do.
    pub message: String,
    /// Seconds after which the same request may succeed.
    pub retry_after: Option<u64>,
}

/// Every code with its status, as the documentation lists them.
pub const CODES: [(&str, u16); 27] = [
    ("invalid_request", 400),
    ("invalid_api_key", 401),
    ("challenge_refused", 401),
    ("no_spending_account", 402),
    ("account_closing", 402),
    ("insufficient_credits", 402),
    ("daily_limit_reached", 402),
    ("not_entitled", 403),
    ("model_not_found", 404),
    ("not_found", 404),
    ("request_timeout", 408),
    ("too_many_keys", 409),
    ("body_too_large", 413),
    ("concurrency_limit", 429),
    ("gateway_busy", 429),
    ("upstream_busy", 429),
    ("upstream_unavailable", 503),
    ("upstream_timeout", 503),
    ("upstream_failed", 503),
    ("upstream_refused", 503),
    ("upstream_cut", 503),
    ("usage_missing", 503),
    ("chain_unavailable", 503),
    ("chain_stalled", 503),
    ("gateway_suspended", 503),
    ("not_enrolled", 503),
    ("book_unavailable", 503),
];

#[derive(Serialize)]
struct Body<'a> {
    error: Inner<'a>,
}

#[derive(Serialize)]
struct Inner<'a> {
    message: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    code: &'a str,
}

impl Refusal {
    /// A refusal with one of [`CODES`], whose status it takes.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        let status = CODES.iter().find(|(name, _)| *name == code).map(|(_, status)| *status);
        let status = status.and_then(|status| StatusCode::from_u16(status).ok());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self {
            status,
            kind: kind(status),
            code,
            message: message.into(),
            retry_after: None,
        }
    }

    /// With the time after which to try again.
    pub fn retry_after(self, seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// The request itself is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new("invalid_request", message)
    }

    /// The chain did not answer.
    pub fn chain(error: &Error) -> Self {
        tracing::warn!(%error, "the chain does not answer");
        Self::new(
            "chain_unavailable",
            "the chain cannot be asked about your account; try again in a few seconds",
        )
        .retry_after(5)
    }

    /// The book cannot be written, so nothing that costs anything is handed out.
    pub fn book(error: &Error) -> Self {
        tracing::error!(%error, "the book failed");
        Self::new(
            "book_unavailable",
            "the call could not be written down, so it is not charged; try again later",
        )
        .retry_after(5)
    }

    /// The same as an event of a stream that has begun.
    pub fn event(&self) -> Vec<u8> {
        let json = serde_json::to_string(&self.body()).unwrap_or_default();
        format!("data: {json}\n\n").into_bytes()
    }

    fn body(&self) -> Body<'_> {
        Body {
            error: Inner {
                message: &self.message,
                kind: self.kind,
                code: self.code,
            },
        }
    }
}

fn kind(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "authentication_error",
        402 => "insufficient_quota",
        403 => "permission_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        400..=499 => "invalid_request_error",
        _ => "server_error",
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        // For the metrics.
        response.extensions_mut().insert(RefusedWith(self.code));
        response
    }
}

/// Marks a response as a refusal.
#[derive(Clone, Copy, Debug)]
pub struct RefusedWith(pub &'static str);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_reads_as_openais_clients_expect() {
        let refusal = Refusal::new("insufficient_credits", "top up").retry_after(3);
        assert_eq!((refusal.status.as_u16(), refusal.kind), (402, "insufficient_quota"));
        let event = String::from_utf8(refusal.event()).unwrap();
        assert_eq!(
            event,
            "data: {\"error\":{\"message\":\"top up\",\"type\":\"insufficient_quota\",\"code\":\"insufficient_credits\"}}\n\n"
        );
        let response = refusal.into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "3");
    }

    #[test]
    fn the_documentation_lists_every_code_with_its_status() {
        let page = include_str!("../../../../../docs/src/operations/gateway.md");
        for (code, status) in CODES {
            let row = format!("| {status} | `{code}` |");
            assert!(page.contains(&row), "{row}");
        }
    }
}

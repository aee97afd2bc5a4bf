//! The HTTP interface.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use attestation::Digest;
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Path, Request, State as Shared};
use axum::http::{header, StatusCode};
use axum::middleware::{self, Next};
use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::{Stream, StreamExt};

use super::{Ingest, Posted, Verdict, RETRY_AFTER};
use crate::outbox::{Delivery, Event, OutboxError, Record};
use crate::outcome::{code_name, State};
use crate::statement::Envelope;

/// Most statements in one request.
const MAX_POSTED: usize = interfaces::attestation_oracle::MAX_BATCH;

/// All routes.
pub fn router(ingest: Arc<Ingest>) -> Router {
    let config = &ingest.config.ingest;
    let gate = Arc::new(Semaphore::new(config.max_concurrent));
    let bounded = Router::new()
        .route("/v1/statements", post(post_one))
        .route("/v1/statements/batch", post(post_batch))
        .route("/v1/statements/{digest}", get(read_one))
        .layer(middleware::from_fn_with_state(gate, admit))
        .layer(DefaultBodyLimit::max(config.max_body));
    bounded
        .route("/v1/events", get(events))
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(ingest)
}

/// Lets a bounded number of requests in and sends the rest away at once: a queue in front of a full house only makes
/// every answer late.
async fn admit(Shared(gate): Shared<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    match gate.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) => ApiError::busy("too many requests at once").into_response(),
    }
}

/// An answer that is not a success.
struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    retry_after: Option<u64>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    code: &'a str,
    error: &'a str,
}

impl ApiError {
    fn busy(message: &str) -> Self {
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            code: "busy",
            message: message.into(),
            retry_after: Some(RETRY_AFTER),
        }
    }

    fn bad_request(message: String) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "bad_request",
            message,
            retry_after: None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody {
            code: self.code,
            error: &self.message,
        };
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        let status = rejection.status();
        let code = match status {
            StatusCode::PAYLOAD_TOO_LARGE => "too_large",
            _ => "bad_request",
        };
        // axum calls JSON of another shape unprocessable; here 422 is kept for statements that were read and refused.
        let status = match status {
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            other => other,
        };
        Self {
            status,
            code,
            message: rejection.body_text(),
            retry_after: None,
        }
    }
}

impl From<OutboxError> for ApiError {
    fn from(error: OutboxError) -> Self {
        tracing::error!(%error, "outbox failed");
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            code: "unavailable",
            message: "the outbox failed; nothing was stored".into(),
            retry_after: Some(RETRY_AFTER),
        }
    }
}

/// One statement's answer, alone or in a batch.
#[derive(Serialize)]
struct Answer {
    /// What the HTTP status would be if it had been posted alone.
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<State>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
}

impl From<Posted> for Answer {
    fn from(posted: Posted) -> Self {
        let answer = Self {
            status: status(&posted.verdict).as_u16(),
            digest: posted.digest.map(hex::encode),
            state: None,
            code: None,
            error: None,
            retry_after: None,
        };
        match posted.verdict {
            Verdict::Accepted => Self {
                state: Some(State::Received),
                ..answer
            },
            Verdict::Known(state) => Self {
                state: Some(state),
                ..answer
            },
            Verdict::Refused(refusal) => Self {
                code: Some(refusal.code()),
                error: Some(refusal.to_string()),
                retry_after: refusal.retry_after(),
                ..answer
            },
        }
    }
}

fn status(verdict: &Verdict) -> StatusCode {
    use crate::statement::Refusal;
    match verdict {
        Verdict::Accepted => StatusCode::ACCEPTED,
        Verdict::Known(_) => StatusCode::OK,
        Verdict::Refused(Refusal::RateLimited { .. } | Refusal::QueueFull { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Verdict::Refused(Refusal::Unavailable { .. }) => StatusCode::SERVICE_UNAVAILABLE,
        Verdict::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

async fn post_one(
    Shared(ingest): Shared<Arc<Ingest>>,
    envelope: Result<Json<Envelope>, JsonRejection>,
) -> Result<Answer, ApiError> {
    let Json(envelope) = envelope?;
    let posted = ingest.post(&[envelope]).await?.pop();
    posted.map(Answer::from).ok_or_else(|| ApiError::busy("no answer"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    statements: Vec<Envelope>,
}

#[derive(Serialize)]
struct BatchAnswer {
    /// In the order posted.
    results: Vec<Answer>,
}

/// 202 if at least one statement was accepted, else 200; each has its own status in the body.
async fn post_batch(
    Shared(ingest): Shared<Arc<Ingest>>,
    batch: Result<Json<Batch>, JsonRejection>,
) -> Result<(StatusCode, Json<BatchAnswer>), ApiError> {
    let Json(Batch { statements }) = batch?;
    if statements.is_empty() || statements.len() > MAX_POSTED {
        let message = format!("{} statements, not 1 to {MAX_POSTED}", statements.len());
        return Err(ApiError::bad_request(message));
    }
    let posted = ingest.post(&statements).await?;
    let status = match posted.iter().any(|posted| posted.verdict == Verdict::Accepted) {
        true => StatusCode::ACCEPTED,
        false => StatusCode::OK,
    };
    let results = posted.into_iter().map(Answer::from).collect();
    Ok((status, Json(BatchAnswer { results })))
}

/// Everything a client may know of a statement.
#[derive(Serialize)]
struct StatementView {
    digest: String,
    kind: crate::statement::Kind,
    chain: interfaces::attestation_oracle::ChainId,
    seq: u64,
    state: State,
    /// The contract's stable number.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u32>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tx_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u64>,
    attempts: u32,
    /// Of a report whose receiver failed: how handing it over again goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<Delivery>,
    received_at: u64,
    updated_at: u64,
}

impl StatementView {
    fn new(record: Record, tx: Option<Digest>, delivery: Option<Delivery>) -> Self {
        Self {
            digest: hex::encode(record.statement.digest),
            kind: record.statement.kind,
            chain: record.statement.chain,
            seq: record.statement.seq,
            state: record.state,
            code: record.code,
            outcome: record.code.map(code_name),
            note: record.note,
            tx_hash: tx.map(hex::encode_upper),
            height: record.height,
            attempts: record.attempts,
            delivery,
            received_at: record.received_at,
            updated_at: record.updated_at,
        }
    }
}

async fn read_one(
    Shared(ingest): Shared<Arc<Ingest>>,
    Path(digest): Path<String>,
) -> Result<Json<StatementView>, ApiError> {
    let mut bytes = Digest::default();
    hex::decode_to_slice(&digest, &mut bytes)
        .map_err(|_| ApiError::bad_request("a digest is 64 hexadecimal digits".into()))?;
    let found = ingest.outbox.run(move |outbox| match outbox.get(&bytes)? {
        Some(record) => {
            let tx = outbox.tx_hash(record.id)?;
            let delivery = outbox.delivery(record.id)?;
            Ok(Some(StatementView::new(record, tx, delivery)))
        }
        None => Ok(None),
    });
    found.await?.map(Json).ok_or_else(|| ApiError {
        status: StatusCode::NOT_FOUND,
        code: "not_found",
        message: "this relayer has not seen that statement".into(),
        retry_after: None,
    })
}

async fn events(Shared(ingest): Shared<Arc<Ingest>>) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let stream = BroadcastStream::new(ingest.outbox.subscribe()).map(|event| Ok(sse_event(event)));
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

fn sse_event(event: Result<Event, BroadcastStreamRecvError>) -> sse::Event {
    match event {
        Ok(event) => match sse::Event::default().event("statement").json_data(&event) {
            Ok(event) => event,
            Err(_) => sse::Event::default().event("error"),
        },
        // The listener was too slow; it finds what it missed by digest.
        Err(BroadcastStreamRecvError::Lagged(missed)) => sse::Event::default().event("lagged").data(missed.to_string()),
    }
}

async fn livez(Shared(ingest): Shared<Arc<Ingest>>) -> Response {
    match ingest.status.why_dead() {
        None => "ok".into_response(),
        Some(reason) => (StatusCode::SERVICE_UNAVAILABLE, reason).into_response(),
    }
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    reasons: Vec<String>,
}

async fn readyz(Shared(ingest): Shared<Arc<Ingest>>) -> Response {
    let reasons = ingest.status.why_unready();
    let status = match reasons.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let ready = reasons.is_empty();
    (status, Json(Readiness { ready, reasons })).into_response()
}

async fn metrics(Shared(ingest): Shared<Arc<Ingest>>) -> Response {
    match ingest.metrics.render() {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

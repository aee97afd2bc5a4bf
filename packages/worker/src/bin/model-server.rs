//! `model-server`: an OpenAI-compatible server without a model, for tests and a first try behind `gateway serve`.
//!
//! A token is a word. It answers with the words it was asked, again and again up to the limit of the request, so every answer and its usage are known beforehand.
//! What a real server may do wrong, it does when the last message begins with `fault:<name>`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{header, HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use clap::Parser;
use serde_json::{json, Value};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// An OpenAI-compatible server without a model: answers with the words it was asked.
///
/// The last message may begin with fault:NAME, for example `fault:cut`, to see what a client makes of a server that fails: fail, refuse, busy, invalid, hang, stall,
/// cut, late-cut, error, no-usage, zero-usage, huge-usage, running-usage, running-cut,
/// garbage, slow.
#[derive(Parser)]
#[command(name = "model-server", version)]
struct Args {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8000")]
    listen: SocketAddr,
    /// API key that callers must bring
    #[arg(long, env = "MODEL_SERVER_KEY", hide_env_values = true)]
    key: Option<String>,
}

/// Before a connection is cut.
const PAUSE: Duration = Duration::from_millis(200);

struct Server {
    key: Option<String>,
    requests: AtomicU64,
}

type Shared = State<Arc<Server>>;

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    match serve(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("model-server: {error}\n  next: choose another --listen");
            ExitCode::FAILURE
        }
    }
}

async fn serve(args: Args) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind(args.listen).await?;
    println!("http://{}/v1", listener.local_addr()?);
    let server = Arc::new(Server {
        key: args.key,
        requests: AtomicU64::new(0),
    });
    let app = Router::new()
        .route("/v1/chat/completions", post(chat))
        .route("/v1/completions", post(completions))
        .route("/v1/embeddings", post(embeddings))
        .route("/requests", get(requests))
        .with_state(server);
    axum::serve(listener, app)
        .with_graceful_shutdown(worker::cli::stopped())
        .await
}

async fn requests(State(server): Shared) -> String {
    server.requests.load(Ordering::SeqCst).to_string()
}

async fn chat(State(server): Shared, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let messages = body
        .get("messages")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let texts: Vec<String> = messages.iter().map(|message| text(message.get("content"))).collect();
    let last = texts.last().cloned().unwrap_or_default();
    let asked = texts.iter().map(|text| words(text).len()).sum();
    server.answer(&headers, &body, asked, &last, "chat.completion").await
}

async fn completions(State(server): Shared, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let prompt = text(body.get("prompt"));
    server
        .answer(&headers, &body, words(&prompt).len(), &prompt, "text_completion")
        .await
}

async fn embeddings(State(server): Shared, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    if let Some(refused) = server.enter(&headers) {
        return refused;
    }
    let count = words(&text(body.get("input"))).len();
    Json(json!({
        "object": "list",
        "model": body.get("model"),
        "data": [{ "object": "embedding", "index": 0, "embedding": [count, 1] }],
        "usage": { "prompt_tokens": count, "total_tokens": count },
    }))
    .into_response()
}

/// A text, or all the texts in it.
fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts
            .iter()
            .map(|part| text(part.get("text").or(Some(part))))
            .collect::<Vec<_>>()
            .join(" "),
        _ => String::new(),
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// One answer to be given.
struct Answer {
    model: String,
    object: &'static str,
    words: Vec<String>,
    asked: u64,
    fault: String,
    include_usage: bool,
}

impl Server {
    /// Counts the request and looks at its key.
    fn enter(&self, headers: &HeaderMap) -> Option<Response> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        let expected = self.key.as_ref().map(|key| format!("Bearer {key}"));
        let brought = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        (expected.is_some() && expected.as_deref() != brought).then(|| failure(StatusCode::UNAUTHORIZED, "wrong key"))
    }

    async fn answer(
        &self,
        headers: &HeaderMap,
        body: &Value,
        asked: usize,
        last: &str,
        object: &'static str,
    ) -> Response {
        if let Some(refused) = self.enter(headers) {
            return refused;
        }
        let limit = ["max_tokens", "max_completion_tokens"]
            .iter()
            .find_map(|name| body.get(*name)?.as_u64());
        let limit = usize::try_from(limit.unwrap_or(1_000)).unwrap_or(usize::MAX);
        let fault = last
            .strip_prefix("fault:")
            .and_then(|rest| rest.split_whitespace().next());
        let said = words(last);
        let answer = Answer {
            model: body.get("model").and_then(Value::as_str).unwrap_or_default().to_owned(),
            object,
            words: said
                .iter()
                .cycle()
                .take(limit.min(said.len().saturating_mul(3)))
                .map(ToString::to_string)
                .collect(),
            asked: u64::try_from(asked).unwrap_or(u64::MAX),
            fault: fault.unwrap_or_default().to_owned(),
            include_usage: body.pointer("/stream_options/include_usage") == Some(&Value::Bool(true)),
        };
        match (
            early(&answer.fault).await,
            body.get("stream") == Some(&Value::Bool(true)),
        ) {
            (Some(refused), _) => refused,
            (None, true) => answer.stream(),
            (None, false) => answer.whole().await,
        }
    }
}

/// What goes wrong before there is an answer.
async fn early(fault: &str) -> Option<Response> {
    Some(match fault {
        "fail" => failure(StatusCode::INTERNAL_SERVER_ERROR, "out of memory"),
        "refuse" => failure(StatusCode::UNAUTHORIZED, "the key sk-secret is wrong"),
        "invalid" => failure(StatusCode::BAD_REQUEST, "temperature is too hot"),
        "busy" => {
            let mut response = failure(StatusCode::TOO_MANY_REQUESTS, "busy");
            response.headers_mut().insert(header::RETRY_AFTER, 7u64.into());
            response
        }
        "garbage" => "<html>not a model</html>".into_response(),
        "hang" => std::future::pending().await,
        _ => return None,
    })
}

fn failure(status: StatusCode, message: &str) -> Response {
    (
        status,
        Json(json!({ "error": { "message": message, "type": "server_error" } })),
    )
        .into_response()
}

impl Answer {
    fn usage(&self) -> Value {
        let completion = u64::try_from(self.words.len()).unwrap_or(u64::MAX);
        let usage = |prompt: u64, completion: u64| json!({ "prompt_tokens": prompt, "completion_tokens": completion });
        match self.fault.as_str() {
            "no-usage" => Value::Null,
            "zero-usage" => usage(0, 0),
            "huge-usage" => usage(
                self.asked.saturating_mul(1_000_000),
                completion.saturating_mul(1_000_000),
            ),
            _ => usage(self.asked, completion),
        }
    }

    async fn whole(self) -> Response {
        if self.fault == "slow" {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let text = self.words.join(" ");
        let choice = match self.object {
            "chat.completion" => {
                json!({ "index": 0, "message": { "role": "assistant", "content": text }, "finish_reason": "stop" })
            }
            _ => json!({ "index": 0, "text": text, "finish_reason": "stop" }),
        };
        let mut answer = json!({
            "id": "upstream-1", "object": self.object, "created": 1, "model": self.model, "choices": [choice], "usage": self.usage(),
        });
        if self.fault == "no-usage" {
            answer.as_object_mut().map(|fields| fields.remove("usage"));
        }
        Json(answer).into_response()
    }

    fn stream(self) -> Response {
        let (sender, receiver) = mpsc::channel::<Result<Bytes, std::io::Error>>(16);
        tokio::spawn(self.speak(sender));
        (
            [(header::CONTENT_TYPE, "text/event-stream")],
            Body::from_stream(ReceiverStream::new(receiver)),
        )
            .into_response()
    }

    async fn speak(self, sender: mpsc::Sender<Result<Bytes, std::io::Error>>) -> Option<Infallible> {
        let cut = || Err(std::io::Error::other("cut"));
        for (index, word) in self.words.iter().enumerate() {
            match (self.fault.as_str(), index) {
                ("cut" | "running-cut", 2) => {
                    // What was said before is on its way.
                    tokio::time::sleep(PAUSE).await;
                    sender.send(cut()).await.ok()?;
                }
                ("stall", 2) => std::future::pending().await,
                ("error", 2) => {
                    let event = "data: {\"error\":{\"message\":\"out of memory\"}}\n\n";
                    sender.send(Ok(event.into())).await.ok()?;
                    return None;
                }
                ("slow", _) => tokio::time::sleep(Duration::from_millis(300)).await,
                _ => {}
            }
            sender.send(Ok(self.part(index, word))).await.ok()?;
        }
        if self.include_usage && self.fault != "no-usage" {
            let usage = json!({ "id": "upstream-1", "choices": [], "usage": self.usage() });
            sender.send(Ok(format!("data: {usage}\n\n").into())).await.ok()?;
        }
        if self.fault == "late-cut" {
            tokio::time::sleep(PAUSE).await;
            sender.send(cut()).await.ok()?;
        }
        sender.send(Ok("data: [DONE]\n\n".into())).await.ok()?;
        None
    }

    fn part(&self, index: usize, word: &str) -> Bytes {
        let space = if index == 0 { "" } else { " " };
        let text = format!("{space}{word}");
        let choice = match self.object {
            "chat.completion" => json!({ "index": 0, "delta": { "content": text } }),
            _ => json!({ "index": 0, "text": text }),
        };
        let mut chunk = json!({ "id": "upstream-1", "model": self.model, "choices": [choice] });
        if let ("running-usage" | "running-cut", Some(fields)) = (self.fault.as_str(), chunk.as_object_mut()) {
            let usage = json!({ "prompt_tokens": self.asked, "completion_tokens": index.saturating_add(1) });
            fields.insert("usage".into(), usage);
        }
        format!("data: {chunk}\n\n").into()
    }
}

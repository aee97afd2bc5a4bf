//! JSON-RPC to several nodes: which may be asked, and which of them to believe about the height.
//!
//! Only methods that every CometBFT has (`status`, `abci_query`, `broadcast_tx_sync`, `tx`); the version is never asked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cosmwasm_std::Binary;
use serde::de::DeserializeOwned;
use serde::Deserialize;
use serde_json::{json, Value};
use thiserror::Error;

use crate::class::Failure;
use crate::clock::{ChainClock, Seconds};
use crate::metrics::Metrics;

/// After this many failures in a row an endpoint is left alone for a while.
const TRIP_AFTER: u32 = 3;
/// How long it is left alone first; doubles up to [`LONGEST_REST`].
const FIRST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(60);
/// Longest answer read, bytes. A node that sends more is broken or hostile.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// Why a call gave no answer.
#[derive(Clone, Debug, Error)]
pub enum RpcError {
    /// No endpoint is reachable, close to the tip and on the right chain.
    #[error("no usable endpoint: {0}")]
    NoEndpoint(String),
    /// The endpoint did not answer in form or time.
    #[error("endpoint {endpoint}: {reason}")]
    Transport { endpoint: usize, reason: String },
    /// The endpoint answered with a JSON-RPC error.
    #[error("endpoint {endpoint}: {message}")]
    Refused { endpoint: usize, message: String },
    /// The application refused a query.
    #[error("query refused by {codespace} {code}: {log}")]
    Query { codespace: String, code: u32, log: String },
    /// An answer that does not decode.
    #[error("unreadable answer: {0}")]
    Decode(String),
}

impl RpcError {
    /// As a failure of whatever was attempted.
    pub fn failure(&self) -> Failure {
        match self {
            Self::Query { codespace, code, log } => Failure::from_query(codespace, *code, log),
            Self::Refused { message, .. } => Failure::from_rpc(message),
            other => Failure::of(crate::class::Class::Transient, other.to_string()),
        }
    }
}

#[derive(Debug, Default)]
struct Health {
    /// Newest height it reported, with its block's time.
    tip: Option<(u64, Seconds)>,
    /// Why it must not be used at all.
    barred: Option<String>,
    failures: u32,
    rest_until: Option<Instant>,
}

/// One node.
#[derive(Debug)]
pub struct Endpoint {
    index: usize,
    url: String,
    health: Mutex<Health>,
}

impl Endpoint {
    /// Number in logs and metrics; the URL may carry a secret and is never shown.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Newest height it reported.
    pub fn height(&self) -> Option<u64> {
        self.lock().tip.map(|(height, _)| height)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn resting(&self) -> bool {
        self.lock().rest_until.is_some_and(|until| Instant::now() < until)
    }

    fn succeeded(&self) {
        let mut health = self.lock();
        health.failures = 0;
        health.rest_until = None;
    }

    /// Counts a failure; the third in a row opens the breaker.
    pub fn failed(&self) {
        let mut health = self.lock();
        health.failures = health.failures.saturating_add(1);
        if let Some(trips) = health.failures.checked_sub(TRIP_AFTER) {
            let rest = FIRST_REST.saturating_mul(1u32.checked_shl(trips.min(10)).unwrap_or(u32::MAX));
            health.rest_until = Instant::now().checked_add(rest.min(LONGEST_REST));
        }
    }

    fn why_unusable(&self, reference: Option<u64>, max_lag: u64) -> Option<String> {
        if self.resting() {
            return Some("resting after failures".into());
        }
        let health = self.lock();
        if let Some(reason) = &health.barred {
            return Some(reason.clone());
        }
        let (height, reference) = (health.tip?.0, reference?);
        let off = height.abs_diff(reference);
        (off > max_lag).then(|| format!("at height {height}, the others at {reference}"))
    }
}

/// What a node says about itself.
#[derive(Clone, Debug)]
pub struct Tip {
    pub chain_id: String,
    pub height: u64,
    pub block_time: Seconds,
}

/// Answer to a broadcast.
#[derive(Clone, Debug, Deserialize)]
pub struct BroadcastAnswer {
    pub code: u32,
    #[serde(default)]
    pub codespace: String,
    #[serde(default)]
    pub log: String,
}

/// A transaction in a block, as one node tells it.
#[derive(Clone, Debug)]
pub struct IncludedTx {
    pub height: u64,
    pub code: u32,
    pub codespace: String,
    pub log: String,
    /// `TxMsgData`.
    pub data: Vec<u8>,
    /// Which node says so.
    pub endpoint: usize,
}

/// What the nodes know of a transaction.
#[derive(Clone, Debug)]
pub enum Lookup {
    Found(IncludedTx),
    /// No node has it; every node asked had reached this height before it was asked.
    Missing {
        at_height: u64,
    },
}

/// All nodes this relayer may ask.
pub struct RpcPool {
    http: reqwest::Client,
    endpoints: Vec<Arc<Endpoint>>,
    chain_id: String,
    max_lag: u64,
    clock: Arc<ChainClock>,
    metrics: Arc<Metrics>,
    turn: AtomicUsize,
}

impl RpcPool {
    /// A pool over `urls`.
    ///
    /// # Errors
    /// When the HTTP client cannot be built.
    pub fn new(
        urls: &[String],
        chain_id: &str,
        max_lag: u64,
        timeout: Duration,
        clock: Arc<ChainClock>,
        metrics: Arc<Metrics>,
    ) -> Result<Self, reqwest::Error> {
        let endpoint = |(index, url): (usize, &String)| {
            Arc::new(Endpoint {
                index,
                url: url.clone(),
                health: Mutex::default(),
            })
        };
        Ok(Self {
            http: reqwest::Client::builder().timeout(timeout).no_proxy().build()?,
            endpoints: urls.iter().enumerate().map(endpoint).collect(),
            chain_id: chain_id.into(),
            max_lag,
            clock,
            metrics,
            turn: AtomicUsize::new(0),
        })
    }

    /// Every endpoint, usable or not.
    pub fn endpoints(&self) -> &[Arc<Endpoint>] {
        &self.endpoints
    }

    /// Asks every endpoint where it stands, and moves the clock by the one the others agree with.
    pub async fn refresh(&self) {
        let mut asked = tokio::task::JoinSet::new();
        for endpoint in self.endpoints.iter().filter(|endpoint| !endpoint.resting()) {
            asked.spawn(status(self.http.clone(), endpoint.clone()));
        }
        while let Some(answer) = asked.join_next().await {
            if let Ok((endpoint, answer)) = answer {
                self.note(&endpoint, answer);
            }
        }
        self.observe();
    }

    fn note(&self, endpoint: &Endpoint, answer: Result<Tip, RpcError>) {
        match answer {
            Ok(tip) => {
                endpoint.succeeded();
                let mut health = endpoint.lock();
                health.tip = Some((tip.height, tip.block_time));
                health.barred = (tip.chain_id != self.chain_id)
                    .then(|| format!("serves chain {}, not {}", tip.chain_id, self.chain_id));
            }
            Err(error) => self.count_failure(endpoint, &error),
        }
    }

    fn count_failure(&self, endpoint: &Endpoint, error: &RpcError) {
        endpoint.failed();
        self.metrics.rpc_error(endpoint.index);
        tracing::debug!(endpoint = endpoint.index, %error, "endpoint failed");
    }

    fn observe(&self) {
        let Some(reference) = self.reference() else {
            return;
        };
        let newest = self.usable().iter().filter_map(|endpoint| endpoint.lock().tip).max();
        if let Some((height, block_time)) = newest {
            self.clock.observe(height, block_time);
        }
        self.metrics.height(reference);
    }

    /// The height to measure lag against: of n endpoints the ⌈n/2⌉-th highest, so that with three or more no single
    /// liar can make the others look late.
    fn reference(&self) -> Option<u64> {
        let known = |endpoint: &Arc<Endpoint>| {
            let health = endpoint.lock();
            health.barred.is_none().then_some(health.tip?.0)
        };
        let mut heights: Vec<u64> = self
            .endpoints
            .iter()
            .filter(|e| !e.resting())
            .filter_map(known)
            .collect();
        heights.sort_unstable_by(|a, b| b.cmp(a));
        heights.get(heights.len().saturating_sub(1) / 2).copied()
    }

    /// Endpoints that are reachable, near the tip and on the right chain.
    pub fn usable(&self) -> Vec<Arc<Endpoint>> {
        let reference = self.reference();
        let fit = |endpoint: &&Arc<Endpoint>| {
            endpoint.height().is_some() && endpoint.why_unusable(reference, self.max_lag).is_none()
        };
        self.endpoints.iter().filter(fit).cloned().collect()
    }

    /// Why there is no usable endpoint; `None` if there is one.
    pub fn why_unusable(&self) -> Option<String> {
        if !self.usable().is_empty() {
            return None;
        }
        let reference = self.reference();
        let why = |endpoint: &Arc<Endpoint>| {
            let reason = endpoint.why_unusable(reference, self.max_lag);
            format!(
                "{}: {}",
                endpoint.index,
                reason.unwrap_or_else(|| "not reached yet".into())
            )
        };
        Some(self.endpoints.iter().map(why).collect::<Vec<_>>().join("; "))
    }

    /// Usable endpoints, starting with another one each time.
    fn in_turn(&self) -> Result<Vec<Arc<Endpoint>>, RpcError> {
        let mut usable = self.usable();
        if usable.is_empty() {
            return Err(RpcError::NoEndpoint(self.why_unusable().unwrap_or_default()));
        }
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % usable.len();
        usable.rotate_left(turn);
        Ok(usable)
    }

    async fn call<T: DeserializeOwned>(&self, endpoint: &Endpoint, method: &str, params: Value) -> Result<T, RpcError> {
        let answer = call(&self.http, endpoint, method, params).await;
        match &answer {
            Err(error @ RpcError::Transport { .. }) => self.count_failure(endpoint, error),
            _ => endpoint.succeeded(),
        }
        let answer = answer?;
        serde_json::from_value(answer).map_err(|error| RpcError::Decode(format!("{method}: {error}")))
    }

    /// Asks the application, at a state not older than `min_height`.
    ///
    /// # Errors
    /// [`RpcError::Query`] when the application refuses; otherwise the last endpoint's error.
    pub async fn abci_query(&self, path: &str, data: &[u8], min_height: u64) -> Result<Vec<u8>, RpcError> {
        let params = json!({ "path": path, "data": hex::encode(data), "prove": false });
        let mut last = RpcError::NoEndpoint(format!("none has reached height {min_height}"));
        for endpoint in self.in_turn()? {
            match self.call::<QueryAnswer>(&endpoint, "abci_query", params.clone()).await {
                Ok(QueryAnswer { response }) if response.code != 0 => return Err(response.refusal()),
                Ok(QueryAnswer { response }) if response.height()? < min_height => continue,
                Ok(QueryAnswer { response }) => return response.bytes(),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Hands a signed transaction to one node; each further `attempt` asks another first.
    ///
    /// # Errors
    /// When no node gave an answer.
    pub async fn broadcast(&self, bytes: &[u8]) -> Result<BroadcastAnswer, RpcError> {
        let params = json!({ "tx": Binary::new(bytes.to_vec()) });
        let mut last = RpcError::NoEndpoint(String::new());
        for endpoint in self.in_turn()? {
            match self.call(&endpoint, "broadcast_tx_sync", params.clone()).await {
                Err(error @ (RpcError::Transport { .. } | RpcError::Decode(_))) => last = error,
                answer => return answer,
            }
        }
        Err(last)
    }

    /// Looks a transaction up on every usable node. Found on one is found; missing means missing on all that answered.
    ///
    /// # Errors
    /// When no node answered.
    pub async fn lookup(&self, hash: &[u8; 32]) -> Result<Lookup, RpcError> {
        let params = json!({ "hash": Binary::from(hash), "prove": false });
        let mut missing: Option<u64> = None;
        let mut last = RpcError::NoEndpoint(String::new());
        for endpoint in self.in_turn()? {
            let height = endpoint.height().unwrap_or(0);
            match self.call::<TxAnswer>(&endpoint, "tx", params.clone()).await {
                Ok(answer) => return answer.read(endpoint.index).map(Lookup::Found),
                Err(RpcError::Refused { message, .. }) if message.contains("not found") => {
                    missing = Some(missing.map_or(height, |known| known.min(height)));
                }
                Err(error) => last = error,
            }
        }
        missing.map(|at_height| Lookup::Missing { at_height }).ok_or(last)
    }

    /// An endpoint's word proved false.
    pub fn distrust(&self, index: usize) {
        if let Some(endpoint) = self.endpoints.get(index) {
            self.count_failure(endpoint, &RpcError::Decode("its word proved false".into()));
        }
    }
}

async fn status(http: reqwest::Client, endpoint: Arc<Endpoint>) -> (Arc<Endpoint>, Result<Tip, RpcError>) {
    let answer = call(&http, &endpoint, "status", json!({})).await;
    let tip = answer.and_then(|answer| {
        let answer: StatusAnswer = serde_json::from_value(answer).map_err(|e| RpcError::Decode(e.to_string()))?;
        answer.read()
    });
    (endpoint, tip)
}

/// One JSON-RPC call; the `result` of the answer.
async fn call(http: &reqwest::Client, endpoint: &Endpoint, method: &str, params: Value) -> Result<Value, RpcError> {
    let index = endpoint.index;
    let transport = |reason: String| RpcError::Transport {
        endpoint: index,
        reason,
    };
    // The URL may carry a secret.
    let http_error = |error: reqwest::Error| transport(error.without_url().to_string());
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let mut response = http
        .post(&endpoint.url)
        .json(&request)
        .send()
        .await
        .map_err(http_error)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(http_error)? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ANSWER {
            return Err(transport(format!("answer longer than {MAX_ANSWER} bytes")));
        }
    }
    let answer: Answer = serde_json::from_slice(&body).map_err(|error| transport(error.to_string()))?;
    match (answer.error, answer.result) {
        (Some(error), _) => Err(RpcError::Refused {
            endpoint: index,
            message: error.text(),
        }),
        (None, Some(result)) => Ok(result),
        (None, None) => Err(transport("neither result nor error".into())),
    }
}

#[derive(Deserialize)]
struct Answer {
    result: Option<Value>,
    error: Option<AnswerError>,
}

#[derive(Deserialize)]
struct AnswerError {
    message: String,
    #[serde(default)]
    data: Value,
}

impl AnswerError {
    fn text(&self) -> String {
        match &self.data {
            Value::String(data) => format!("{}: {data}", self.message),
            _ => self.message.clone(),
        }
    }
}

#[derive(Deserialize)]
struct StatusAnswer {
    node_info: NodeInfo,
    sync_info: SyncInfo,
}

#[derive(Deserialize)]
struct NodeInfo {
    network: String,
}

#[derive(Deserialize)]
struct SyncInfo {
    latest_block_height: String,
    latest_block_time: String,
}

impl StatusAnswer {
    fn read(self) -> Result<Tip, RpcError> {
        let time = cosmrs::tendermint::Time::parse_from_rfc3339(&self.sync_info.latest_block_time);
        let seconds = time
            .map_err(|error| RpcError::Decode(error.to_string()))?
            .unix_timestamp();
        Ok(Tip {
            chain_id: self.node_info.network,
            height: number(&self.sync_info.latest_block_height)?,
            block_time: u64::try_from(seconds).map_err(|_| RpcError::Decode("block time before 1970".into()))?,
        })
    }
}

#[derive(Deserialize)]
struct QueryAnswer {
    response: QueryResponse,
}

#[derive(Deserialize)]
struct QueryResponse {
    #[serde(default)]
    code: u32,
    #[serde(default)]
    codespace: String,
    #[serde(default)]
    log: String,
    #[serde(default)]
    height: String,
    value: Option<Binary>,
}

impl QueryResponse {
    fn refusal(self) -> RpcError {
        RpcError::Query {
            codespace: self.codespace,
            code: self.code,
            log: self.log,
        }
    }

    fn height(&self) -> Result<u64, RpcError> {
        number(&self.height)
    }

    fn bytes(self) -> Result<Vec<u8>, RpcError> {
        Ok(self.value.unwrap_or_default().to_vec())
    }
}

#[derive(Deserialize)]
struct TxAnswer {
    height: String,
    tx_result: TxResult,
}

#[derive(Deserialize)]
struct TxResult {
    #[serde(default)]
    code: u32,
    #[serde(default)]
    codespace: String,
    #[serde(default)]
    log: String,
    data: Option<Binary>,
}

impl TxAnswer {
    fn read(self, endpoint: usize) -> Result<IncludedTx, RpcError> {
        Ok(IncludedTx {
            height: number(&self.height)?,
            code: self.tx_result.code,
            codespace: self.tx_result.codespace,
            log: self.tx_result.log,
            data: self.tx_result.data.unwrap_or_default().to_vec(),
            endpoint,
        })
    }
}

fn number(text: &str) -> Result<u64, RpcError> {
    text.parse()
        .map_err(|_| RpcError::Decode(format!("{text:?} is no number")))
}

//! Routes and their answers.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{to_bytes, Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{header, HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use cosmrs::AccountId;
use cosmwasm_std::Uint128;
use interfaces::credit_vault::{RateVersion, SpendingState};
use interfaces::lco_staking::Tier;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Semaphore;

use super::call::{self, Call};
use super::challenge::{StdSignature, Terms};
use super::refusal::{Refusal, RefusedWith};
use super::request::{self, Endpoint};
use super::tokens::{self, ApiKey, NewKey, MAX_LABEL};
use super::view::open_account;
use super::{price_share, Server};
use crate::gateway::exposure::Owed;
use crate::gateway::rates::skus;
use crate::sdk::statements;
use crate::sdk::ChainClient;

/// Longest request about keys, bytes.
const MAX_SMALL: usize = 16 << 10;

/// Requests about keys and accounts at a time; calls have a limit of their own.
const MAX_ASIDE: usize = 64;

/// Longest wait for a request's body.
const BODY_TIME: Duration = Duration::from_secs(30);

/// Most models of which `/v1/account` shows entitlements.
const MAX_MODELS: usize = 100;

type Shared<C> = State<Arc<Server<C>>>;
type Answer = Result<Response, Refusal>;

/// All routes.
pub fn router<C: ChainClient + Send + 'static>(server: Arc<Server<C>>) -> Router {
    let aside = Router::new()
        .route("/v1/models", get(models::<C>))
        .route("/v1/account", get(account::<C>))
        .route("/v1/auth/challenge", post(challenge::<C>))
        .route("/v1/auth/keys", post(new_key::<C>).get(list_keys::<C>))
        .route("/v1/auth/keys/{id}", delete(revoke_key::<C>))
        .layer(middleware::from_fn_with_state(
            Arc::new(Semaphore::new(MAX_ASIDE)),
            admit,
        ));
    Router::new()
        .route("/v1/chat/completions", post(chat::<C>))
        .route("/v1/completions", post(completions::<C>))
        .route("/v1/embeddings", post(embeddings::<C>))
        .merge(aside)
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(middleware::from_fn_with_state(server.clone(), count::<C>))
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz::<C>))
        .route("/metrics", get(metrics::<C>))
        .with_state(server)
}

async fn unknown() -> Refusal {
    Refusal::new(
        "not_found",
        "no such endpoint; served are POST /v1/chat/completions, /v1/completions, /v1/embeddings and GET /v1/models, /v1/account",
    )
}

/// Lets a bounded number of requests in.
async fn admit(State(gate): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    match gate.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) => Refusal::new("gateway_busy", "too many requests at once; try again")
            .retry_after(1)
            .into_response(),
    }
}

async fn count<C: ChainClient + Send + 'static>(State(server): Shared<C>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let refused = response.extensions().get::<RefusedWith>().map(|with| with.0);
    server.metrics.answered(response.status().as_u16(), refused);
    response
}

// ---- calls ----

async fn chat<C: ChainClient + Send + 'static>(State(server): Shared<C>, request: Request) -> Answer {
    serve(server, Endpoint::Chat, request).await
}

async fn completions<C: ChainClient + Send + 'static>(State(server): Shared<C>, request: Request) -> Answer {
    serve(server, Endpoint::Completions, request).await
}

async fn embeddings<C: ChainClient + Send + 'static>(State(server): Shared<C>, request: Request) -> Answer {
    serve(server, Endpoint::Embeddings, request).await
}

/// Key, place, body, reservation, and only then the upstream: nobody can make the gateway hold more than his places allow.
async fn serve<C: ChainClient + Send + 'static>(
    server: Arc<Server<C>>,
    endpoint: Endpoint,
    request: Request,
) -> Answer {
    let account = server.authenticate(request.headers()).await?;
    let mut place = server.enter(&account).await?;
    let body = read_body(request.into_body(), server.config.max_body).await?;
    let ask = request::read(endpoint, &body, &server.config)?;
    let terms = server.reserve(&mut place, &ask).await?;
    let call = Call {
        server,
        place,
        terms,
        ask,
        id: call::new_id(),
    };
    // In a task of its own: it goes on when the client goes away.
    match tokio::spawn(call.run()).await {
        Ok(answer) => answer,
        Err(error) => {
            tracing::error!(%error, "a call broke off");
            Err(Refusal::new(
                "upstream_failed",
                "the call broke off and is not charged; try again",
            ))
        }
    }
}

async fn read_body(body: Body, longest: usize) -> Result<Bytes, Refusal> {
    let late = |_| Refusal::new("request_timeout", "the request's body did not come in time");
    let read = tokio::time::timeout(BODY_TIME, to_bytes(body, longest))
        .await
        .map_err(late)?;
    read.map_err(|_| {
        Refusal::new(
            "body_too_large",
            format!("the request is cut or longer than {longest} bytes"),
        )
    })
}

impl<C: ChainClient> Server<C> {
    /// Whose key the request brings.
    ///
    /// # Errors
    /// `invalid_api_key`.
    async fn authenticate(&self, headers: &HeaderMap) -> Result<String, Refusal> {
        let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let key = value.and_then(|value| value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer ")));
        let Some(key) = key.map(|key| key.trim().to_owned()) else {
            return Err(Refusal::new(
                "invalid_api_key",
                "no API key; send `Authorization: Bearer gk_…` (`gateway key new` gets one)",
            ));
        };
        let now = self.chain.shared().await?.now();
        let owner = self.books.with(move |conn| tokens::owner(conn, &key, now)).await?;
        let gone = || {
            Refusal::new(
                "invalid_api_key",
                "this API key is unknown, expired or revoked; `gateway key new` gets another",
            )
        };
        owner.ok_or_else(gone)
    }
}

// ---- models ----

async fn models<C: ChainClient + Send + 'static>(State(server): Shared<C>) -> Answer {
    let shared = server.chain.shared().await?;
    let price = |version: &RateVersion| json!({ "list": version.list, "cost": version.cost, "from": version.from });
    let data: Vec<_> = shared
        .card
        .models(shared.now())
        .iter()
        .map(|(model, [input, output])| {
            json!({
                "id": model,
                "object": "model",
                "created": input.as_ref().map_or(0, |version| version.from),
                "owned_by": format!("gateway-{}", server.gateway),
                // µCredit per 10⁶ tokens
                "pricing": { "in": input.as_ref().map(price), "out": output.as_ref().map(price) },
            })
        })
        .collect();
    Ok(Json(json!({ "object": "list", "data": data })).into_response())
}

// ---- account ----

/// How an account stands here. Amounts in µCredit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountStatus {
    pub account: String,
    pub gateway: u64,
    pub state: SpendingState,
    /// Left in the spending account.
    pub amount: Uint128,
    /// Of it, what today can charge.
    pub chargeable: Uint128,
    pub max_per_day: Uint128,
    /// Served and not settled, at list price.
    pub unsettled: Uint128,
    /// Reserved by calls under way, at list price.
    pub reserved: Uint128,
    /// The champion's free calls left this week.
    pub free_calls: Uint128,
    pub tier: Tier,
    /// What the tier pays of list price, basis points; a Whale pays the cost if that is less.
    pub pays_bps: u16,
    pub in_flight: u32,
    /// Most calls at a time; none for the champion who chose so.
    pub concurrency: Option<u32>,
    pub entitlements: Vec<EntitlementStatus>,
}

/// An entitlement, or an exclusive SKU without one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EntitlementStatus {
    pub sku: String,
    /// On the chain.
    pub units: Uint128,
    /// Of it, what calls not settled yet leave.
    pub left: Uint128,
    /// Whether only holders are served.
    pub exclusive: bool,
}

async fn account<C: ChainClient + Send + 'static>(State(server): Shared<C>, headers: HeaderMap) -> Answer {
    let account = server.authenticate(&headers).await?;
    Ok(Json(server.account_status(account).await?).into_response())
}

impl<C: ChainClient> Server<C> {
    async fn account_status(&self, account: String) -> Result<AccountStatus, Refusal> {
        let shared = self.chain.shared().await?;
        let models = shared.card.models(shared.now());
        let known: Vec<String> = models.keys().take(MAX_MODELS).flat_map(|model| skus(model)).collect();
        let view = self.look(&account, &shared, &known).await?;
        let (in_flight, reserved) = self.accounts.reserved(&account);
        let owed = self.owed(&account).await?;
        let used = |sku: &String| {
            let both = [reserved.get(sku), owed.get(sku)];
            both.into_iter()
                .flatten()
                .fold(Owed::default(), |sum, part| sum.plus(*part))
        };
        let entitlements = known.iter().filter_map(|sku| {
            let (units, exclusive) = view.entitlement(sku, shared.now());
            (units > 0 || exclusive).then(|| EntitlementStatus {
                sku: sku.clone(),
                units: units.into(),
                left: units.saturating_sub(used(sku).units).into(),
                exclusive,
            })
        });
        let list = |owed: &std::collections::BTreeMap<String, Owed>| {
            Uint128::new(owed.values().map(|owed| owed.list).fold(0, u128::saturating_add))
        };
        Ok(AccountStatus {
            gateway: self.gateway,
            state: view.spending.state,
            amount: view.spending.amount,
            chargeable: view.chargeable().into(),
            max_per_day: view.spending.max_per_day,
            unsettled: list(&owed),
            reserved: list(&reserved),
            free_calls: shared.free_calls(&account).into(),
            tier: view.tier,
            pays_bps: price_share(view.tier),
            in_flight,
            concurrency: self.limit(&view),
            entitlements: entitlements.collect(),
            account,
        })
    }
}

// ---- keys ----

/// Asks for a challenge.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeRequest {
    pub account: String,
}

/// A challenge.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChallengeAnswer {
    /// What `signArbitrary` signs, to the letter.
    pub text: String,
    #[serde(flatten)]
    pub terms: Terms,
}

/// Answers a challenge.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRequest {
    pub account: String,
    /// Of the challenge.
    pub nonce: String,
    pub signature: StdSignature,
    /// At most 64 bytes.
    #[serde(default)]
    pub label: String,
    /// Seconds; the gateway's longest life if not given or longer.
    #[serde(default)]
    pub expires_in: Option<u64>,
    /// Ends every older key of the account.
    #[serde(default)]
    pub replace: bool,
}

/// A fresh key. It is shown once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeyAnswer {
    pub key: String,
    #[serde(flatten)]
    pub about: ApiKey,
}

async fn challenge<C: ChainClient + Send + 'static>(State(server): Shared<C>, request: Request) -> Answer {
    let ask: ChallengeRequest = small(request).await?;
    let parsed = ask.account.parse::<AccountId>();
    let valid = parsed.is_ok_and(|account| account.prefix() == server.prefix && account.as_ref() == ask.account);
    if !valid {
        return Err(Refusal::invalid(format!("`account` is no {} address", server.prefix)));
    }
    let terms = server
        .challenger
        .issue(&ask.account, server.chain.shared().await?.now());
    Ok(Json(ChallengeAnswer {
        text: terms.text(),
        terms,
    })
    .into_response())
}

async fn new_key<C: ChainClient + Send + 'static>(State(server): Shared<C>, request: Request) -> Answer {
    let ask: KeyRequest = small(request).await?;
    if ask.label.len() > MAX_LABEL || ask.label.chars().any(char::is_control) {
        return Err(Refusal::invalid(format!(
            "`label` is at most {MAX_LABEL} bytes of text"
        )));
    }
    let shared = server.chain.shared().await?;
    let now = shared.now();
    let nonce = server.challenger.check(&ask.account, &ask.nonce, &ask.signature, now)?;
    // Keys are for those who pay here: otherwise anybody could fill the book with them.
    open_account(&server.look(&ask.account, &shared, &[]).await?.spending)?;
    let life = ask.expires_in.unwrap_or(u64::MAX).clamp(1, server.config.key_ttl);
    let new = NewKey {
        account: ask.account,
        nonce,
        label: ask.label,
        now,
        expires: now.saturating_add(life),
        limit: server.config.keys_per_account,
        replace: ask.replace,
    };
    let (about, key) = server.books.with(move |conn| tokens::create(conn, &new)).await??;
    Ok((StatusCode::CREATED, Json(KeyAnswer { key, about })).into_response())
}

async fn list_keys<C: ChainClient + Send + 'static>(State(server): Shared<C>, headers: HeaderMap) -> Answer {
    let account = server.authenticate(&headers).await?;
    let now = server.chain.shared().await?.now();
    let keys = server.books.with(move |conn| tokens::list(conn, &account, now)).await?;
    Ok(Json(json!({ "object": "list", "data": keys })).into_response())
}

async fn revoke_key<C: ChainClient + Send + 'static>(
    State(server): Shared<C>,
    id: Result<Path<u64>, PathRejection>,
    headers: HeaderMap,
) -> Answer {
    let account = server.authenticate(&headers).await?;
    let Path(id) = id.map_err(|_| Refusal::invalid("a key has a number; GET /v1/auth/keys lists them"))?;
    let now = server.chain.shared().await?.now();
    match server
        .books
        .with(move |conn| tokens::revoke(conn, &account, id, now))
        .await?
    {
        true => Ok(StatusCode::NO_CONTENT.into_response()),
        false => Err(Refusal::new("not_found", format!("the account has no live key {id}"))),
    }
}

async fn small<T: DeserializeOwned>(request: Request) -> Result<T, Refusal> {
    let body = read_body(request.into_body(), MAX_SMALL).await?;
    serde_json::from_slice(&body).map_err(|e| Refusal::invalid(format!("the body does not fit: {e}")))
}

// ---- operations ----

async fn readyz<C: ChainClient + Send + 'static>(State(server): Shared<C>) -> Answer {
    let serving = server.serving().await;
    server.metrics.ready(serving.is_ok());
    let shared = serving?;
    Ok(Json(json!({ "ready": true, "gateway": server.gateway, "height": shared.block().height })).into_response())
}

async fn metrics<C: ChainClient + Send + 'static>(State(server): Shared<C>) -> Answer {
    let serving = server.serving().await;
    server.metrics.ready(serving.is_ok());
    if let Ok(shared) = serving {
        server.metrics.block_time(shared.block().time);
    }
    server.metrics.in_flight(server.accounts.in_flight());
    server
        .metrics
        .statements(server.books.with(|conn| statements::counts(conn)).await?);
    let text = server
        .metrics
        .render()
        .map_err(|e| Refusal::new("book_unavailable", e.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

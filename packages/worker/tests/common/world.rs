//! A relayer and a chain on loopback, as far as a gateway sees them: HTTP and JSON-RPC over real sockets, with faults on demand. Whatever is posted twice for
//! one place with different bytes is remembered as equivocation.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use attestation::{decode_entries, Body, ChainKey, Digest, Entry, UsageReport};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use cosmrs::proto::cosmwasm::wasm::v1::{QuerySmartContractStateRequest, QuerySmartContractStateResponse};
use cosmrs::proto::traits::Message;
use cosmwasm_std::{Binary, HexBinary, Uint128};
use interfaces::attestation_oracle as oracle;
use interfaces::credit_vault as vault;
use serde_json::{json, Value};

use super::{home, key, rates, GATEWAY};

/// What goes wrong with the next posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 503.
    Unavailable,
    /// 429 with a pause.
    Busy,
    /// 202, and then forgotten.
    Forgotten,
    /// 422.
    Refused,
}

#[derive(Default)]
pub struct World {
    pub now: u64,
    pub faults: Vec<Fault>,
    /// By place: digest and signature of what was posted first.
    pub posted: BTreeMap<u64, (Digest, Vec<u8>)>,
    pub posts: u64,
    pub equivocations: u64,
    pub held: BTreeMap<u64, (UsageReport, Vec<Entry>)>,
    /// By place: what the oracle holds.
    pub landed: BTreeMap<u64, Digest>,
    pub entries: Vec<Entry>,
    pub calls: u64,
    /// What somebody else put on the chain.
    pub foreign: Option<(u64, Digest)>,
}

pub struct Server {
    pub url: String,
    world: Arc<Mutex<World>>,
    _runtime: tokio::runtime::Runtime,
}

type Shared = Arc<Mutex<World>>;

impl Server {
    pub fn start(now: u64) -> Self {
        let world = Arc::new(Mutex::new(World {
            now,
            ..World::default()
        }));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new()
            .route("/", post(rpc))
            .route("/v1/statements", post(take))
            .route("/v1/statements/{digest}", get(state))
            .with_state(world.clone());
        runtime.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            url,
            world,
            _runtime: runtime,
        }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }
}

impl World {
    fn last_seq(&self) -> u64 {
        self.foreign.map_or_else(|| self.landed.len() as u64, |(seq, _)| seq)
    }

    fn take(&mut self, body: &Binary, entries: &Binary, signature: &Binary) {
        let report = UsageReport::decode(body).unwrap();
        let digest = report.digest(&home().domain().unwrap());
        let first = self.posted.entry(report.seq).or_insert((digest, signature.to_vec()));
        if *first != (digest, signature.to_vec()) {
            self.equivocations += 1;
        }
        let seq = report.seq;
        self.held
            .entry(seq)
            .or_insert((report, decode_entries(entries).unwrap()));
        self.land();
    }

    /// Puts on the chain what is next in order; the rest is held until what is missing comes.
    fn land(&mut self) {
        while let Some((report, entries)) = self.held.remove(&(self.last_seq() + 1)) {
            self.landed.insert(report.seq, report.digest(&home().domain().unwrap()));
            self.calls += report.calls;
            self.entries.extend(entries);
        }
    }

    fn digest_at(&self, seq: u64) -> Option<Digest> {
        match self.foreign {
            Some((place, digest)) if place == seq => Some(digest),
            _ => self.landed.get(&seq).copied(),
        }
    }
}

async fn take(
    State(world): State<Shared>,
    Json(envelope): Json<Value>,
) -> (StatusCode, [(&'static str, &'static str); 1]) {
    let mut world = world.lock().unwrap();
    world.posts += 1;
    let status = match world.faults.pop() {
        Some(Fault::Unavailable) => StatusCode::SERVICE_UNAVAILABLE,
        Some(Fault::Busy) => StatusCode::TOO_MANY_REQUESTS,
        Some(Fault::Refused) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(Fault::Forgotten) => StatusCode::ACCEPTED,
        None => {
            assert_eq!(
                (envelope["kind"].as_str(), envelope["chain_id"].as_str()),
                (Some("usage"), Some("chain-1"))
            );
            let part = |name: &str| serde_json::from_value::<Binary>(envelope[name].clone()).unwrap();
            world.take(&part("body"), &part("entries"), &part("signature"));
            StatusCode::ACCEPTED
        }
    };
    let pause = if status == StatusCode::TOO_MANY_REQUESTS {
        "0"
    } else {
        ""
    };
    (status, [("retry-after", pause)])
}

async fn state(State(world): State<Shared>, Path(digest): Path<String>) -> (StatusCode, Json<Value>) {
    let world = world.lock().unwrap();
    match world.posted.values().any(|(known, _)| hex::encode(known) == digest) {
        true => (StatusCode::OK, Json(json!({ "state": "final" }))),
        false => (StatusCode::NOT_FOUND, Json(Value::Null)),
    }
}

async fn rpc(State(world): State<Shared>, Json(call): Json<Value>) -> Json<Value> {
    let world = world.lock().unwrap();
    let result = match call["method"].as_str().unwrap() {
        "status" => {
            let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(world.now);
            json!({ "sync_info": {
                "latest_block_height": "7",
                "latest_block_time": humantime::format_rfc3339_nanos(time).to_string(),
            } })
        }
        "abci_query" => {
            let data = hex::decode(call["params"]["data"].as_str().unwrap()).unwrap();
            json!({ "response": answer(&world, call["params"]["path"].as_str().unwrap(), &data) })
        }
        other => return Json(json!({ "error": { "message": format!("{other} is not served") } })),
    };
    Json(json!({ "result": result }))
}

fn answer(world: &World, path: &str, data: &[u8]) -> Value {
    if path != "/cosmwasm.wasm.v1.Query/SmartContractState" {
        return json!({ "code": 6, "log": format!("{path} is not served") });
    }
    let request = QuerySmartContractStateRequest::decode(data).unwrap();
    let answer = match request.address.as_str() {
        "wasm1oracle" => ask_oracle(world, &serde_json::from_slice(&request.query_data).unwrap()),
        _ => ask_vault(&serde_json::from_slice(&request.query_data).unwrap()),
    };
    match answer {
        Some(answer) => {
            let data = serde_json::to_vec(&answer).unwrap();
            json!({ "code": 0, "value": Binary::from(QuerySmartContractStateResponse { data }.encode_to_vec()) })
        }
        None => json!({ "code": 9, "log": "query wasm contract failed" }),
    }
}

fn ask_oracle(world: &World, query: &oracle::QueryMsg) -> Option<Value> {
    let subject = oracle::Subject {
        role: oracle::Role::Gateway,
        id: GATEWAY,
    };
    let value = match query {
        oracle::QueryMsg::Subject { .. } => serde_json::to_value(oracle::SubjectResponse {
            subject,
            operator: "operator".into(),
            bond: Uint128::new(1),
            key_epoch: 1,
            retired_at: None,
            bond_withdrawable_at: None,
            pending: None,
        }),
        oracle::QueryMsg::Key { .. } => serde_json::to_value(oracle::KeyResponse {
            subject,
            key_epoch: 1,
            public_key: oracle::PublicKey {
                scheme: oracle::KeyScheme::Ed25519,
                bytes: HexBinary::from(key().public().unwrap().as_bytes()),
            },
            encryption_key: HexBinary::from(key().encryption_public()),
            hardware: oracle::Hardware { slots: 0, rate: 0 },
            level: oracle::Level::A1,
            measurement: None,
            enrolled_at: 1,
            valid_until: world.now + 604_800,
            revoked_at: None,
            live: true,
        }),
        oracle::QueryMsg::Chain { .. } => serde_json::to_value(oracle::ChainResponse {
            last_seq: world.last_seq(),
            last_digest: HexBinary::from(
                world.digest_at(world.last_seq()).unwrap_or(
                    ChainKey::Usage {
                        gateway: GATEWAY,
                        key_epoch: 1,
                    }
                    .first_prev_digest(),
                ),
            ),
            last_window_start: 0,
            last_window_end: 0,
            units_cum: Uint128::zero(),
            units_credited: Uint128::zero(),
            linked: false,
        }),
        oracle::QueryMsg::Statement { seq, .. } => serde_json::to_value(oracle::StatementResponse {
            digest: HexBinary::from(world.digest_at(*seq)?),
            outcome: oracle::StatementOutcome::Accepted,
        }),
        _ => return None,
    };
    Some(value.unwrap())
}

fn ask_vault(query: &vault::QueryMsg) -> Option<Value> {
    let value = match query {
        vault::QueryMsg::Rates { start_after: None, .. } => serde_json::to_value(rates()),
        vault::QueryMsg::Rates { .. } => Ok(json!([])),
        vault::QueryMsg::Spending { gateway, .. } => serde_json::to_value(vault::SpendingResponse {
            gateway: *gateway,
            state: vault::SpendingState::Open,
            amount: Uint128::MAX,
            max_per_day: Uint128::MAX,
            lowered: None,
            chargeable: Uint128::MAX,
            opened_at: 0,
            closing_since: None,
            withdrawable_at: None,
            shortfall: Uint128::zero(),
        }),
        _ => return None,
    };
    Some(value.unwrap())
}

//! A scripted chain: JSON-RPC of a node whose contract keeps the real rules of place and parent, and which misbehaves on
//! demand. Real nodes cannot be made to lie; the pipeline on a real chain is tested elsewhere.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use attestation::{Body, ChainKey, Digest, Domain, JobKind, JobStatement, Window};
use axum::extract::State;
use axum::routing;
use axum::{Json, Router};
use cosmrs::proto::cosmos::auth::v1beta1::{BaseAccount, QueryAccountRequest, QueryAccountResponse};
use cosmrs::proto::cosmos::base::abci::v1beta1::TxMsgData;
use cosmrs::proto::cosmos::tx::v1beta1::{AuthInfo, TxBody, TxRaw};
use cosmrs::proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, MsgExecuteContractResponse, QuerySmartContractStateRequest, QuerySmartContractStateResponse,
};
use cosmrs::proto::traits::Message;
use cosmrs::Any;
use cosmwasm_std::{Binary, HexBinary, Uint128};
use ed25519_dalek::{Signer, SigningKey};
use interfaces::attestation_oracle::{
    ChainId, ChainResponse, ExecuteMsg, Hardware, KeyResponse, KeyScheme, Level, PublicKey, QueryMsg, SignedStatement,
    StatementOutcome, StatementResponse, SubmitResponse,
};
use interfaces::tee_verifier::ExecuteMsg as Upsert;
use relayer::config::Config;
use relayer::outcome::State as Stage;
use relayer::signer::SignerConfig;
use relayer::statement::{Envelope, Kind};
use relayer::{Relayer, RelayerHandle};
use serde_json::{json, Value};
use sha2::{Digest as _, Sha256};

pub const CHAIN_ID: &str = "fake-1";
pub const CONTRACT: &str = "wasm14hj2tavq8fpesdwxxcu44rty3hh90vhujrvcmstl4zr3txmfvw9s0phg4d";
/// Address of tee-verifier.
pub const VERIFIER: &str = "wasm1nc5tatafv6eyq7llkr2gv50ff9e22mnf70qgjlv737ktmt4eswrqr5j2ht";
pub const START: u64 = 1_750_000_000;
pub const MNEMONIC: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
const BLOCK: Duration = Duration::from_millis(30);

/// What goes wrong.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Every n-th broadcast is answered well and forgotten; 1 drops all.
    pub drop_every: Option<u64>,
    /// Transactions with more statements run out of gas.
    pub gas_for: Option<usize>,
    /// As above, but only in blocks: simulation does not see it.
    pub gas_for_in_block: Option<usize>,
    /// A transaction with one of these statements fails as a whole.
    pub poison: HashSet<Digest>,
    /// Lowest fee accepted.
    pub min_fee: u64,
    /// The account has no funds.
    pub no_funds: bool,
    /// Lookups that say "included" of a transaction that is in no block.
    pub lies: u32,
    /// Nothing is included.
    pub stalled: bool,
    /// The node says it is this many blocks behind.
    pub lag: u64,
    /// The node serves another chain.
    pub other_chain: bool,
    /// The contract voids the statement at this seq, as expired.
    pub void_seq: Option<u64>,
    /// Collateral of this kind is issued before what the verifier has.
    pub outdated: Option<&'static str>,
    /// Collateral of this kind is not genuine.
    pub ungenuine: Option<&'static str>,
}

#[derive(Default)]
struct World {
    height: u64,
    sequence: u64,
    mempool: Vec<Vec<u8>>,
    included: HashMap<Digest, (u64, u32, String, String, Vec<u8>)>,
    chains: BTreeMap<String, Vec<(Digest, StatementOutcome)>>,
    broadcasts: Vec<(u64, Vec<u8>)>,
    faults: Faults,
    applied: HashMap<Digest, u32>,
    transactions: usize,
    collateral: Vec<Upsert>,
}

/// A running scripted chain.
#[derive(Clone)]
pub struct Fake {
    world: Arc<Mutex<World>>,
    pub address: SocketAddr,
}

impl Fake {
    pub async fn start() -> Self {
        Self::with(Faults::default()).await
    }

    pub async fn with(faults: Faults) -> Self {
        let world = Arc::new(Mutex::new(World {
            height: 5_000,
            faults,
            ..World::default()
        }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Self {
            address: listener.local_addr().unwrap(),
            world: world.clone(),
        };
        let routes = Router::new()
            .route("/", routing::post(answer))
            .with_state(world.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(BLOCK).await;
                world.lock().unwrap().block();
            }
        });
        fake
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    pub fn set(&self, change: impl FnOnce(&mut Faults)) {
        change(&mut self.world.lock().unwrap().faults);
    }

    /// Time passes: this many blocks, of a second each.
    pub fn advance(&self, blocks: u64) {
        self.world.lock().unwrap().height += blocks;
    }

    pub fn height(&self) -> u64 {
        self.world.lock().unwrap().height
    }

    /// How often each digest was recorded: once is right.
    pub fn applied(&self) -> HashMap<Digest, u32> {
        self.world.lock().unwrap().applied.clone()
    }

    pub fn transactions(&self) -> usize {
        self.world.lock().unwrap().transactions
    }

    /// What the verifier holds, in the order it came.
    pub fn collateral(&self) -> Vec<Upsert> {
        self.world.lock().unwrap().collateral.clone()
    }

    /// Everything that was broadcast: (sequence, bytes).
    pub fn broadcasts(&self) -> Vec<(u64, Vec<u8>)> {
        self.world.lock().unwrap().broadcasts.clone()
    }

    /// Somebody else posts a statement.
    pub fn post_by_other(&self, envelope: &Envelope) {
        let statement = SignedStatement::Job {
            body: envelope.body.clone(),
            signature: envelope.signature.clone(),
        };
        self.world.lock().unwrap().apply(&[statement]);
    }
}

type Refused = (u32, &'static str, String);

impl World {
    fn time(&self) -> u64 {
        START + self.height
    }

    fn status(&self) -> Value {
        let height = self.height - self.faults.lag;
        json!({
            "node_info": { "network": if self.faults.other_chain { "other-1" } else { CHAIN_ID } },
            "sync_info": { "latest_block_height": height.to_string(), "latest_block_time": rfc3339(self.time()) },
        })
    }

    fn block(&mut self) {
        self.height += 1;
        if self.faults.stalled {
            self.mempool.clear();
            return;
        }
        for bytes in std::mem::take(&mut self.mempool) {
            let Ok((work, sequence, timeout, _)) = parse(&bytes) else {
                continue;
            };
            if sequence != self.sequence || self.height > timeout {
                continue;
            }
            self.sequence += 1;
            self.transactions += 1;
            let result = match self.execute(&work, true) {
                Ok(data) => (self.height, 0, String::new(), String::new(), data),
                Err((code, space, log)) => (self.height, code, space.into(), log, vec![]),
            };
            self.included.insert(Sha256::digest(&bytes).into(), result);
        }
    }

    fn check(&self, statements: &[SignedStatement], in_block: bool) -> Result<(), Refused> {
        let most = self
            .faults
            .gas_for
            .into_iter()
            .chain(self.faults.gas_for_in_block.filter(|_| in_block))
            .min();
        if most.is_some_and(|most| statements.len() > most) {
            return Err((
                11,
                "sdk",
                "out of gas in location: wasm; gasWanted: 1, gasUsed: 2: out of gas".into(),
            ));
        }
        if statements
            .iter()
            .any(|statement| self.faults.poison.contains(&read(statement).1))
        {
            let log = "failed to execute message; message index: 0: [oracle:900] poison: execute wasm contract failed";
            return Err((5, "wasm", log.into()));
        }
        Ok(())
    }

    fn execute(&mut self, work: &Work, in_block: bool) -> Result<Vec<u8>, Refused> {
        let statements = match work {
            Work::Statements(statements) => statements,
            Work::Collateral(upserts) => return self.store(upserts).map(|()| vec![]),
        };
        self.check(statements, in_block)?;
        let outcomes = self.apply(statements);
        let response = MsgExecuteContractResponse {
            data: serde_json::to_vec(&SubmitResponse { outcomes }).unwrap(),
        };
        let data = TxMsgData {
            msg_responses: vec![any(&response)],
            ..Default::default()
        };
        Ok(data.encode_to_vec())
    }

    /// The verifier's rules, less the cryptography.
    fn store(&mut self, upserts: &[Upsert]) -> Result<(), Refused> {
        for upsert in upserts {
            let name = kind(upsert);
            let refuse = |code: u32| {
                let log = format!("failed to execute message; message index: 0: [tee-verifier:{code}] {name}");
                Err((5, "wasm", format!("{log}: execute wasm contract failed")))
            };
            if self.faults.outdated == Some(&name) {
                return refuse(67);
            }
            if self.faults.ungenuine == Some(&name) {
                return refuse(20);
            }
            if !self.collateral.contains(upsert) {
                self.collateral.push(upsert.clone());
            }
        }
        Ok(())
    }

    /// The contract's rules of place.
    fn apply(&mut self, statements: &[SignedStatement]) -> Vec<StatementOutcome> {
        statements.iter().map(|statement| self.apply_one(statement)).collect()
    }

    fn apply_one(&mut self, statement: &SignedStatement) -> StatementOutcome {
        let (body, digest) = read(statement);
        let chain = self.chains.entry(chain_text(&chain_of(&body))).or_default();
        let last = chain
            .last()
            .map_or_else(|| body.chain_key().first_prev_digest(), |(digest, _)| *digest);
        let place = usize::try_from(body.seq).unwrap() - 1;
        match chain.get(place) {
            Some((known, _)) if *known == digest => return StatementOutcome::Duplicate,
            Some(_) => return StatementOutcome::Conflict,
            None if place > chain.len() => return StatementOutcome::Gap,
            None if body.prev_digest != last => return StatementOutcome::WrongParent,
            None => {}
        }
        let outcome = match self.faults.void_seq == Some(body.seq) {
            true => StatementOutcome::Expired,
            false => StatementOutcome::Accepted,
        };
        chain.push((digest, outcome));
        *self.applied.entry(digest).or_default() += 1;
        outcome
    }

    fn broadcast(&mut self, bytes: Vec<u8>) -> Value {
        let answer = |code: u32, log: &str| json!({ "code": code, "codespace": "sdk", "log": log });
        let (_, sequence, _, fee) = match parse(&bytes) {
            Ok(parsed) => parsed,
            Err(error) => return answer(2, &error),
        };
        self.broadcasts.push((sequence, bytes.clone()));
        if self.faults.no_funds {
            return answer(5, "spendable balance 0stake is smaller than 9stake: insufficient funds");
        }
        if fee < self.faults.min_fee {
            return answer(13, "insufficient fees");
        }
        if sequence != self.sequence {
            return answer(32, "account sequence mismatch: incorrect account sequence");
        }
        let dropped = self
            .faults
            .drop_every
            .is_some_and(|every| self.broadcasts.len() as u64 % every == 0);
        if !dropped && !self.mempool.contains(&bytes) {
            self.mempool.push(bytes);
        }
        answer(0, "")
    }

    fn lookup(&mut self, hash: Digest) -> Result<Value, String> {
        if let Some((height, code, space, log, data)) = self.included.get(&hash) {
            let result = json!({ "code": code, "codespace": space, "log": log, "data": Binary::from(data.as_slice()) });
            return Ok(json!({ "height": height.to_string(), "tx_result": result }));
        }
        match self.faults.lies.checked_sub(1) {
            Some(left) => {
                self.faults.lies = left;
                let result = json!({ "code": 0, "codespace": "", "log": "", "data": null });
                Ok(json!({ "height": self.height.to_string(), "tx_result": result }))
            }
            None => Err(format!("tx ({}) not found", hex::encode(hash))),
        }
    }

    fn query(&mut self, path: &str, data: &[u8]) -> Result<Vec<u8>, String> {
        match path {
            "/cosmos.auth.v1beta1.Query/Account" => {
                let address = QueryAccountRequest::decode(data).unwrap().address;
                let account = BaseAccount {
                    address,
                    pub_key: None,
                    account_number: 4,
                    sequence: self.sequence,
                };
                let account = Some(any(&account));
                Ok(QueryAccountResponse { account }.encode_to_vec())
            }
            "/app/simulate" => self.simulate(data),
            "/cosmwasm.wasm.v1.Query/SmartContractState" => {
                let request = QuerySmartContractStateRequest::decode(data).unwrap();
                let data = self.smart(serde_json::from_slice(&request.query_data).unwrap())?;
                Ok(QuerySmartContractStateResponse { data }.encode_to_vec())
            }
            other => Err(format!("unknown path {other}")),
        }
    }

    fn simulate(&mut self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        let (work, ..) = parse(bytes)?;
        let before = (self.chains.clone(), self.applied.clone(), self.collateral.clone());
        let result = self.execute(&work, false);
        (self.chains, self.applied, self.collateral) = before;
        let data = result.map_err(|(_, _, log)| log)?;
        let (size, events) = match &work {
            Work::Statements(statements) => (statements.len(), vec![]),
            Work::Collateral(upserts) => (upserts.len(), upserts.iter().map(|upsert| self.told(upsert)).collect()),
        };
        let answer = json!({
            "gas_info": { "gas_wanted": "0", "gas_used": (100_000 + 25_000 * size).to_string() },
            "result": { "data": Binary::new(data), "log": "", "events": events },
        });
        Ok(serde_json::to_vec(&answer).unwrap())
    }

    fn told(&self, upsert: &Upsert) -> Value {
        let outcome = if self.collateral.contains(upsert) {
            "unchanged"
        } else {
            "stored"
        };
        let kind = format!("wasm-{}", interfaces::tee_verifier::events::COLLATERAL);
        json!({ "type": kind, "attributes": [{ "key": "outcome", "value": outcome }] })
    }

    fn smart(&self, query: QueryMsg) -> Result<Vec<u8>, String> {
        let refuse = || Err("[oracle:47] nothing there: query wasm contract failed".to_string());
        match query {
            QueryMsg::Key { subject, .. } if subject.id < 100 => {
                Ok(serde_json::to_vec(&key_response(subject)).unwrap())
            }
            QueryMsg::Key { .. } => refuse(),
            QueryMsg::Chain { chain } => Ok(serde_json::to_vec(&self.head(&chain)).unwrap()),
            QueryMsg::Statement { chain, seq } => {
                let place = usize::try_from(seq).unwrap() - 1;
                let found = self.chains.get(&chain_text(&chain)).and_then(|chain| chain.get(place));
                found.map_or_else(refuse, |(digest, outcome)| {
                    let answer = StatementResponse {
                        digest: HexBinary::from(digest),
                        outcome: *outcome,
                    };
                    Ok(serde_json::to_vec(&answer).unwrap())
                })
            }
            other => Err(format!("unexpected query {other:?}")),
        }
    }

    fn head(&self, chain: &ChainId) -> Value {
        let list = self.chains.get(&chain_text(chain));
        let first = chain_key(chain).first_prev_digest();
        let last = list.and_then(|list| list.last()).map_or(first, |(digest, _)| *digest);
        let mut head = serde_json::to_value(chain_response(last)).unwrap();
        head["last_seq"] = json!(list.map_or(0, Vec::len));
        head
    }
}

fn chain_response(last: Digest) -> ChainResponse {
    serde_json::from_value(json!({
        "last_seq": 0,
        "last_digest": HexBinary::from(last),
        "last_window_start": 0,
        "last_window_end": 0,
        "units_cum": Uint128::zero(),
        "units_credited": Uint128::zero(),
        "linked": false,
    }))
    .unwrap_or_else(|_| {
        serde_json::from_value(json!({
            "last_seq": 0,
            "last_digest": HexBinary::from(last),
            "last_window_start": 0,
            "last_window_end": 0,
            "units_cum": Uint128::zero(),
        }))
        .unwrap()
    })
}

fn chain_text(chain: &ChainId) -> String {
    serde_json::to_string(chain).unwrap()
}

fn chain_of(body: &JobStatement) -> ChainId {
    ChainId::Job {
        worker: body.worker,
        key_epoch: body.key_epoch,
        job: body.job,
        assignment: body.assignment,
    }
}

fn chain_key(chain: &ChainId) -> ChainKey {
    let ChainId::Job {
        worker,
        key_epoch,
        job,
        assignment,
    } = *chain
    else {
        panic!("only jobs here")
    };
    ChainKey::Job {
        worker,
        key_epoch,
        job,
        assignment,
    }
}

fn read(statement: &SignedStatement) -> (JobStatement, Digest) {
    let SignedStatement::Job { body, .. } = statement else {
        panic!("only jobs here")
    };
    let body = JobStatement::decode(body).unwrap();
    let digest = body.digest(&Domain::new(CHAIN_ID, CONTRACT).unwrap());
    (body, digest)
}

fn any<M: Message>(message: &M) -> Any {
    Any {
        type_url: "/a".into(),
        value: message.encode_to_vec(),
    }
}

/// What a transaction asks for.
enum Work {
    Statements(Vec<SignedStatement>),
    Collateral(Vec<Upsert>),
}

/// `upsert_root_crl` and so on.
pub fn kind(upsert: &Upsert) -> String {
    let value = serde_json::to_value(upsert).unwrap();
    value.as_object().unwrap().keys().next().unwrap().clone()
}

fn parse(bytes: &[u8]) -> Result<(Work, u64, u64, u64), String> {
    let raw = TxRaw::decode(bytes).map_err(|e| e.to_string())?;
    let body = TxBody::decode(raw.body_bytes.as_slice()).map_err(|e| e.to_string())?;
    let auth = AuthInfo::decode(raw.auth_info_bytes.as_slice()).map_err(|e| e.to_string())?;
    let messages = body
        .messages
        .iter()
        .map(|any| MsgExecuteContract::decode(any.value.as_slice()));
    let messages: Vec<_> = messages.collect::<Result<_, _>>().map_err(|e| e.to_string())?;
    let work = match messages[0].contract == VERIFIER {
        true => Work::Collateral(
            messages
                .iter()
                .map(|m| serde_json::from_slice(&m.msg).unwrap())
                .collect(),
        ),
        false => match serde_json::from_slice(&messages[0].msg).map_err(|e| e.to_string())? {
            ExecuteMsg::Submit { statements } => Work::Statements(statements),
            _ => return Err("not a submission".into()),
        },
    };
    let fee = auth.fee.map_or(0, |fee| fee.amount[0].amount.parse().unwrap());
    Ok((work, auth.signer_infos[0].sequence, body.timeout_height, fee))
}

fn key_response(subject: interfaces::attestation_oracle::Subject) -> KeyResponse {
    KeyResponse {
        subject,
        key_epoch: 1,
        public_key: PublicKey {
            scheme: KeyScheme::Ed25519,
            bytes: HexBinary::from(enclave_key().verifying_key().to_bytes()),
        },
        encryption_key: HexBinary::from([1; 32]),
        hardware: Hardware { slots: 1, rate: 1 },
        level: Level::A0,
        measurement: None,
        enrolled_at: 0,
        valid_until: u64::MAX,
        revoked_at: None,
        live: true,
    }
}

async fn answer(State(world): State<Arc<Mutex<World>>>, Json(request): Json<Value>) -> Json<Value> {
    let mut world = world.lock().unwrap();
    let params = &request["params"];
    let bytes = |name: &str| serde_json::from_value::<Binary>(params[name].clone()).unwrap().to_vec();
    let result = match request["method"].as_str().unwrap() {
        "status" => Ok(world.status()),
        "broadcast_tx_sync" => Ok(world.broadcast(bytes("tx"))),
        "tx" => world.lookup(bytes("hash").try_into().unwrap()),
        "abci_query" => {
            let data = hex::decode(params["data"].as_str().unwrap()).unwrap();
            let height = world.height.to_string();
            Ok(
                json!({ "response": match world.query(params["path"].as_str().unwrap(), &data) {
                Ok(value) => json!({ "code": 0, "height": height, "value": Binary::new(value) }),
                Err(log) => json!({ "code": 6, "codespace": "sdk", "log": log, "height": height, "value": null }),
            } }),
            )
        }
        other => Err(format!("unknown method {other}")),
    };
    Json(match result {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": 1, "result": result }),
        Err(data) => {
            json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": -32603, "message": "Internal error", "data": data } })
        }
    })
}

fn rfc3339(seconds: u64) -> String {
    cosmrs::tendermint::Time::from_unix_timestamp(i64::try_from(seconds).unwrap(), 0)
        .unwrap()
        .to_rfc3339()
}

// ---- the enclave's side ----

pub fn enclave_key() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

/// A worker's chain of statements.
pub struct Enclave {
    pub worker: u64,
    seq: u64,
    prev: Digest,
}

impl Enclave {
    pub fn new(worker: u64) -> Self {
        let chain = ChainId::Job {
            worker,
            key_epoch: 1,
            job: 7,
            assignment: 0,
        };
        Self {
            worker,
            seq: 0,
            prev: chain_key(&chain).first_prev_digest(),
        }
    }

    pub fn body(&self, seq: u64, prev_digest: Digest, note: u8) -> JobStatement {
        JobStatement {
            worker: self.worker,
            key_epoch: 1,
            job: 7,
            assignment: 0,
            seq,
            kind: JobKind::Progress,
            window: Window::new(START + seq * 10, START + seq * 10 + 10).unwrap(),
            units_cum: u128::from(seq),
            gpu_slots: 1,
            input_root: [note; 32],
            output_root: [0; 32],
            model_id: [0; 32],
            prev_digest,
            expires_at: START + 1_000_000,
        }
    }

    pub fn next(&mut self) -> Envelope {
        self.seq += 1;
        let body = JobStatement {
            window: Window::new(START - 100 + self.seq, START - 99 + self.seq).unwrap(),
            ..self.body(self.seq, self.prev, 0)
        };
        self.prev = body.digest(&Domain::new(CHAIN_ID, CONTRACT).unwrap());
        sign(&body)
    }

    pub fn take(&mut self, count: usize) -> Vec<Envelope> {
        (0..count).map(|_| self.next()).collect()
    }
}

pub fn sign(body: &JobStatement) -> Envelope {
    let digest = body.digest(&Domain::new(CHAIN_ID, CONTRACT).unwrap());
    Envelope {
        chain_id: CHAIN_ID.into(),
        contract: CONTRACT.into(),
        kind: Kind::Job,
        body: Binary::new(body.encode()),
        entries: None,
        signature: Binary::from(&enclave_key().sign(&digest).to_bytes()),
        new_signature: None,
    }
}

pub fn digest(envelope: &Envelope) -> Digest {
    JobStatement::decode(&envelope.body)
        .unwrap()
        .digest(&Domain::new(CHAIN_ID, CONTRACT).unwrap())
}

// ---- the relayer's side ----

pub fn config(dir: &Path, urls: &[String]) -> Config {
    let mut config = Config::example();
    config.chain.chain_id = CHAIN_ID.into();
    config.chain.contract = CONTRACT.into();
    config.chain.rpc = urls.to_vec();
    config.signer = SignerConfig::Keystore {
        dir: dir.join("keys"),
        name: "test".into(),
        password_file: Some(dir.join("password")),
        password_env: "UNUSED".into(),
    };
    config.outbox.path = dir.join("relayer.db");
    config.ingest.listen = "127.0.0.1:0".parse().unwrap();
    config.planner.linger_ms = 20;
    config.planner.retry_ms = 50;
    config.tx.poll_ms = 20;
    config.tx.idle_ms = 40;
    config.tx.resend_ms = 150;
    config.tx.hold_ms = 200;
    config.tx.shutdown_ms = 3_000;
    config.tx.lock_dir = dir.join("locks");
    config.log.json = false;
    config
}

/// A folder with a key, its password, and nothing else.
pub fn home() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("password"), "correct horse\n").unwrap();
    let secret = relayer::signer::secret_of_mnemonic(MNEMONIC, relayer::signer::HD_PATH).unwrap();
    relayer::signer::Keystore::new(dir.path().join("keys"))
        .add("test", &secret, "correct horse")
        .unwrap();
    dir
}

pub async fn start(dir: &Path, fake: &Fake) -> RelayerHandle {
    Relayer::start(config(dir, &[fake.url()])).await.unwrap()
}

/// Posts, waiting while the relayer asks to; the final status and body.
pub async fn post(address: SocketAddr, envelope: &Envelope) -> (u16, Value) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for _ in 0..100 {
        let response = client
            .post(format!("http://{address}/v1/statements"))
            .json(envelope)
            .send()
            .await
            .unwrap();
        let status = response.status().as_u16();
        if status != 503 {
            return (status, response.json().await.unwrap());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never ready");
}

pub async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let response = client.get(format!("http://{address}{path}")).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

pub fn stage(relayer: &RelayerHandle, envelope: &Envelope) -> Option<Stage> {
    relayer
        .outbox()
        .get(&digest(envelope))
        .unwrap()
        .map(|record| record.state)
}

/// Waits until every statement is in one of the stages.
pub async fn wait_for(relayer: &RelayerHandle, envelopes: &[Envelope], stages: &[Stage]) {
    for _ in 0..1_500 {
        let there = |envelope: &Envelope| stage(relayer, envelope).is_some_and(|stage| stages.contains(&stage));
        if envelopes.iter().all(there) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let found: Vec<_> = envelopes.iter().map(|envelope| stage(relayer, envelope)).collect();
    panic!("waited for {stages:?}, found {found:?}");
}

/// Every statement was recorded exactly once.
pub fn assert_once(fake: &Fake, envelopes: &[Envelope]) {
    let applied = fake.applied();
    for envelope in envelopes {
        assert_eq!(applied.get(&digest(envelope)), Some(&1));
    }
    assert_eq!(applied.len(), envelopes.len());
}

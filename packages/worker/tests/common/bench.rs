//! The real contracts in one process, beside a relayer without an outbox: what gateway and worker see of a chain, with a clock that is moved by hand.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::PathBuf;
use std::sync::{mpsc, Arc, Mutex};

use attestation::{Body, ChainKey, ChainLink, JobStatement, UsageReport};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use cosmwasm_std::{Binary, Coin, Timestamp};
use cw_multi_test::Executor;
use interfaces::attestation_oracle::{
    ChainId, ChainResponse, ExecuteMsg, Measurement, QueryMsg, Role, SignedStatement, StatementOutcome, SubmitResponse,
};
use interfaces::credit_vault as vault;
use serde_json::{json, Value};
use suite::chain::Chain as _;
use suite::deploy::{deploy, Addresses, Artifacts, Config, State as DeployState};
use suite::in_process::InProcess;
use tee_testkit::{Pki, TdReport};
use tokio::sync::oneshot;
use worker::compute::config::{open_store, Worker, WorkerConfig};
use worker::gateway::book;
use worker::gateway::config::GatewayConfig;
use worker::gateway::run::Gateway;
use worker::sdk::chain::{Block, Executed};
use worker::sdk::config::{read_toml, Tools};
use worker::sdk::quote::{Testkit, TestkitConfig};
use worker::sdk::store::{self, Home};
use worker::sdk::{ChainClient, KeyRing, Relayer};
use worker::{Error, Result};

use super::{rates, GATEWAY};

pub const CHAIN: &str = "lex-local-1";
pub const GENESIS: u64 = 1_760_000_000;
pub const VALIDITY: (u64, u64) = (1_735_689_600, 2_051_222_400);
pub const DAY: u64 = 86_400;

/// What the thread that holds the chain is asked to do.
type Job = Box<dyn FnOnce(&mut InProcess) + Send>;

/// A handle on a chain that lives in a thread of its own, signing as one development account.
#[derive(Clone)]
pub struct Client {
    jobs: mpsc::Sender<Job>,
    sender: String,
}

impl Client {
    pub fn start() -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        std::thread::spawn(move || {
            let mut chain = InProcess::new(CHAIN, Timestamp::from_seconds(GENESIS)).unwrap();
            queue.into_iter().for_each(|job| job(&mut chain));
        });
        let client = Self {
            jobs,
            sender: String::new(),
        };
        client.by("gateway")
    }

    /// The same chain for another development account.
    pub fn by(&self, name: &str) -> Self {
        self.signing_as(suite::Account::dev(name).unwrap().address())
    }

    pub fn signing_as(&self, address: &str) -> Self {
        Self {
            jobs: self.jobs.clone(),
            sender: address.to_owned(),
        }
    }

    pub async fn ask<T: Send + 'static>(&self, job: impl FnOnce(&mut InProcess) -> T + Send + 'static) -> T {
        let (reply, answer) = oneshot::channel();
        self.jobs
            .send(Box::new(move |chain| drop(reply.send(job(chain)))))
            .unwrap();
        answer.await.unwrap()
    }

    pub async fn advance(&self, seconds: u64) {
        self.ask(move |chain| jump(chain, seconds)).await;
    }

    /// For whoever cannot wait: everything asked from here on sees the later clock.
    pub fn advance_unheard(&self, seconds: u64) {
        self.jobs.send(Box::new(move |chain| jump(chain, seconds))).unwrap();
    }
}

fn jump(chain: &mut InProcess, seconds: u64) {
    let later = |block: &mut cosmwasm_std::BlockInfo| block.time = block.time.plus_seconds(seconds);
    chain.app().update_block(later);
}

impl ChainClient for Client {
    async fn newest_block(&self) -> Result<Block> {
        let block = self.ask(|chain| chain.block().unwrap()).await;
        Ok(Block {
            height: block.height,
            time: block.time.seconds(),
        })
    }

    async fn query_raw(&self, contract: &str, query: Vec<u8>) -> Result<Vec<u8>> {
        let at = contract.to_owned();
        let answer = self
            .ask(move |chain| chain.query_smart(&at, &query).map_err(|e| e.to_string()))
            .await;
        answer.map_err(|log| Error::Query {
            contract: contract.into(),
            log,
        })
    }

    async fn execute_raw(&self, contract: &str, msg: Vec<u8>, funds: Vec<Coin>) -> Result<Executed> {
        let (sender, contract) = (self.sender.clone(), contract.to_owned());
        let run = move |chain: &mut InProcess| {
            chain.app().update_block(|block| {
                block.height += 1;
                block.time = block.time.plus_seconds(1);
            });
            let msg = cosmwasm_std::WasmMsg::Execute {
                contract_addr: contract,
                msg: msg.into(),
                funds,
            };
            let answer = chain.app().execute(cosmwasm_std::Addr::unchecked(sender), msg.into());
            answer.map_err(|e| format!("{e:#}"))
        };
        let response = self.ask(run).await.map_err(|log| Error::Refused { code: 5, log })?;
        let data = response.data.map(|data| contract_data(&data)).unwrap_or_default();
        Ok(Executed {
            hash: "IN PROCESS".into(),
            height: 1,
            gas_used: 0,
            data,
        })
    }

    fn sender(&self) -> &str {
        &self.sender
    }
}

/// The contract's data out of the message's envelope.
fn contract_data(data: &Binary) -> Vec<u8> {
    use cosmrs::proto::traits::Message;
    cosmrs::proto::cosmwasm::wasm::v1::MsgExecuteContractResponse::decode(data.as_slice())
        .unwrap()
        .data
}

/// A relayer without an outbox: hands each statement to the oracle at once.
#[derive(Clone)]
struct Relay {
    client: Client,
    oracle: String,
    seen: Arc<Mutex<Seen>>,
}

/// What passed the relayer.
#[derive(Default)]
pub struct Seen {
    /// Statements that took a place, by kind and outcome, in order.
    pub placed: Vec<(String, StatementOutcome)>,
    /// Statements the oracle refused.
    pub refused: Vec<(String, StatementOutcome)>,
    /// What was said first at each place.
    said: BTreeMap<(ChainKey, u64), Vec<u8>>,
    /// Places at which something else was said later.
    pub equivocations: Vec<(ChainKey, u64)>,
    /// Seconds by which the clock jumps after so many statements took a place.
    pub jumps: VecDeque<(usize, u64)>,
}

async fn relay(State(relay): State<Relay>, Json(envelope): Json<Value>) -> StatusCode {
    let part = |name: &str| serde_json::from_value::<Binary>(envelope[name].clone()).unwrap();
    let kind = envelope["kind"].as_str().unwrap().to_owned();
    let statement = match kind.as_str() {
        "usage" => SignedStatement::Usage {
            body: part("body"),
            entries: part("entries"),
            signature: part("signature"),
        },
        "link" => SignedStatement::Link {
            body: part("body"),
            old_signature: part("signature"),
            new_signature: part("new_signature"),
        },
        _ => SignedStatement::Job {
            body: part("body"),
            signature: part("signature"),
        },
    };
    let submit = ExecuteMsg::Submit {
        statements: vec![statement],
    };
    relay.seen.lock().unwrap().hear(&kind, &part("body"));
    let executed = relay.client.execute(&relay.oracle, &submit, vec![]).await.unwrap();
    let answer: SubmitResponse = serde_json::from_slice(&executed.data).unwrap();
    let jump = relay.seen.lock().unwrap().note(kind, answer.outcomes[0]);
    if let Some(seconds) = jump {
        relay.client.advance(seconds).await;
    }
    StatusCode::ACCEPTED
}

impl Seen {
    /// Remembers what is said at a place, whatever becomes of it.
    fn hear(&mut self, kind: &str, body: &[u8]) {
        let place = match kind {
            "usage" => place(&UsageReport::decode(body).unwrap()),
            "link" => place(&ChainLink::decode(body).unwrap()),
            _ => place(&JobStatement::decode(body).unwrap()),
        };
        if self.said.entry(place).or_insert_with(|| body.to_vec()) != body {
            self.equivocations.push(place);
        }
    }

    /// Returns the jump that is due.
    fn note(&mut self, kind: String, outcome: StatementOutcome) -> Option<u64> {
        use StatementOutcome::{
            BadSignature, Conflict, Duplicate, Gap, Malformed, UnknownKey, WrongLogRoot, WrongParent,
        };
        match outcome {
            Duplicate => return None,
            Malformed | UnknownKey | BadSignature | Gap | Conflict | WrongParent | WrongLogRoot => {
                self.refused.push((kind, outcome));
                return None;
            }
            _ => self.placed.push((kind, outcome)),
        }
        let due = self.jumps.front().is_some_and(|(after, _)| self.placed.len() >= *after);
        due.then(|| self.jumps.pop_front().unwrap().1)
    }

    pub fn count(&self, kind: &str) -> usize {
        self.placed.iter().filter(|(of, _)| of == kind).count()
    }

    pub fn assert_all_accepted(&self) {
        assert_eq!(self.equivocations, []);
        assert_eq!(self.refused, []);
        assert!(
            self.placed
                .iter()
                .all(|(_, outcome)| *outcome == StatementOutcome::Accepted),
            "{:?}",
            self.placed
        );
    }
}

fn place(body: &impl Body) -> (ChainKey, u64) {
    (body.chain_key(), body.seq())
}

pub struct Bench {
    pub dir: tempfile::TempDir,
    pub client: Client,
    pub at: Addresses,
    pub relayer: String,
    pub seen: Arc<Mutex<Seen>>,
}

fn config() -> Config {
    let mut config = Config::local().unwrap();
    let pki = Pki::new("demo", VALIDITY.0, VALIDITY.1);
    config.tee_verifier.test_root = Some(pki.root_der().into());
    let id = TdReport::default().measurement().id();
    let listed = |role| Measurement {
        id: id.clone(),
        role,
        label: "synthetic".into(),
    };
    config.attestation_oracle.measurements = vec![listed(Role::Gateway), listed(Role::Worker)];
    let rate = |rate: vault::RateResponse| vault::Rate {
        sku: rate.sku,
        gateway: GATEWAY,
        list: rate.versions[0].list,
        cost: rate.versions[0].cost,
    };
    config.credit_vault.rates = rates().into_iter().map(rate).collect();
    config
}

impl Bench {
    pub async fn new() -> Self {
        let client = Client::start();
        let deployed = client.ask(|chain| {
            let config = config();
            let mut state = DeployState::in_memory(&config.chain_id);
            deploy(chain, &config, &Artifacts::native(), &mut state, &|_| ())
                .unwrap()
                .addresses
        });
        let at = deployed.await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relayer = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Seen::default()));
        let state = Relay {
            client: client.by("relayer"),
            oracle: at.attestation_oracle.clone(),
            seen: seen.clone(),
        };
        let app = Router::new()
            .route("/v1/statements", post(relay))
            .route(
                "/v1/statements/{digest}",
                get(|| async { Json(json!({ "state": "final" })) }),
            )
            .with_state(state);
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            dir: tempfile::tempdir().unwrap(),
            client,
            at,
            relayer,
            seen,
        }
    }

    fn tools(&self, name: &str, platform: u64) -> Tools<Client> {
        let quotes = TestkitConfig {
            seed: "demo".into(),
            not_before: VALIDITY.0,
            not_after: VALIDITY.1,
            platform,
        };
        Tools {
            home: self.home(),
            client: self.client.by(name),
            relayer: Relayer::new(&self.relayer, 3).unwrap(),
            keys: KeyRing::open(&self.dir.path().join(name)).unwrap(),
            quotes: Some(Box::new(Testkit::new(&quotes).unwrap())),
        }
    }

    pub fn home(&self) -> Home {
        Home::new(CHAIN, &self.at.attestation_oracle).unwrap()
    }

    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// The sections that both programs share; what they name is replaced by [`Self::tools`].
    fn sections(&self) -> String {
        format!(
            "[chain]\nid = '{CHAIN}'\nrpc = ''\noracle = '{}'\nvault = '{}'\ngas_price = '1stake'\n\
             [keys]\nstatement = ''\noperator = ''\n[relayer]\nurl = ''\n[quote]\nprovider = 'none'\n",
            self.at.attestation_oracle, self.at.credit_vault
        )
    }

    pub fn gateway(&self) -> Gateway<Client> {
        let config = GatewayConfig::load(&self.file("gateway.toml", &self.sections())).unwrap();
        let tools = self.tools("gateway", 1);
        let conn = store::open(&self.dir.path().join("gateway.db"), &tools.home).unwrap();
        book::create_tables(&conn).unwrap();
        Gateway { config, tools, conn }
    }

    pub fn worker(&self) -> Worker<Client> {
        let text = format!("slots = 2\nrate = 5\n{}", self.sections());
        let config: WorkerConfig = read_toml(&self.file("worker.toml", &text)).unwrap();
        let tools = self.tools("worker", 2);
        let conn = open_store(&self.dir.path().join("worker.db"), &tools.home).unwrap();
        Worker { config, tools, conn }
    }

    pub async fn now(&self) -> u64 {
        self.client.newest_block().await.unwrap().time
    }

    /// Where a chain stands on the oracle.
    pub async fn chain(&self, chain: ChainId) -> ChainResponse {
        let query = QueryMsg::Chain { chain };
        self.client.query(&self.at.attestation_oracle, &query).await.unwrap()
    }
}

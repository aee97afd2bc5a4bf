//! Gateway and worker against the real contracts: enrolment with verified quotes, settlement, proofs, challenges, and a clock that jumps.
#![cfg(feature = "testkit")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod common;

use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use common::{rates, GATEWAY};
use cosmwasm_std::{Binary, Coin, Timestamp, Uint128};
use cw_multi_test::Executor;
use interfaces::attestation_oracle::{
    ChallengeState, ChallengeStateResponse, ExecuteMsg, Measurement, QueryMsg, Role, SignedStatement,
    VerifyCallResponse,
};
use interfaces::credit_vault as vault;
use serde_json::{json, Value};
use suite::chain::Chain as _;
use suite::deploy::{deploy, Addresses, Artifacts, Config, State as DeployState};
use suite::in_process::InProcess;
use tee_testkit::{Pki, TdReport};
use tokio::sync::oneshot;
use worker::compute::config::{open_store, JobSpec, Worker, WorkerConfig};
use worker::compute::heartbeat::Heart;
use worker::compute::job::Runner;
use worker::gateway::book::{self, Batch, Side};
use worker::gateway::close::Closed;
use worker::gateway::config::GatewayConfig;
use worker::gateway::expected::expected;
use worker::gateway::generate::{generate, LogSpec};
use worker::gateway::prove::prove_call;
use worker::gateway::reveal::Revealer;
use worker::gateway::run::{Gateway, Ingest, Progress, Summary};
use worker::sdk::chain::{Block, Executed};
use worker::sdk::config::{read_toml, Tools};
use worker::sdk::courier::Courier;
use worker::sdk::quote::{Testkit, TestkitConfig};
use worker::sdk::store::{self, Home};
use worker::sdk::{ChainClient, Enrolment, Relayer, StatementKey};
use worker::{Error, Result};

const GENESIS: u64 = 1_760_000_000;
const VALIDITY: (u64, u64) = (1_735_689_600, 2_051_222_400);
const DAY: u64 = 86_400;

/// What the thread that holds the chain is asked to do.
type Job = Box<dyn FnOnce(&mut InProcess) + Send>;

/// A handle on a chain that lives in a thread of its own, signing as one development account.
#[derive(Clone)]
struct Client {
    jobs: mpsc::Sender<Job>,
    sender: suite::Account,
}

impl Client {
    fn start() -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        std::thread::spawn(move || {
            let mut chain = InProcess::new("lex-local-1", Timestamp::from_seconds(GENESIS)).unwrap();
            queue.into_iter().for_each(|job| job(&mut chain));
        });
        Self {
            jobs,
            sender: suite::Account::dev("gateway").unwrap(),
        }
    }

    fn by(&self, name: &str) -> Self {
        Self {
            jobs: self.jobs.clone(),
            sender: suite::Account::dev(name).unwrap(),
        }
    }

    async fn ask<T: Send + 'static>(&self, job: impl FnOnce(&mut InProcess) -> T + Send + 'static) -> T {
        let (reply, answer) = oneshot::channel();
        self.jobs
            .send(Box::new(move |chain| drop(reply.send(job(chain)))))
            .unwrap();
        answer.await.unwrap()
    }

    async fn advance(&self, seconds: u64) {
        self.ask(move |chain| {
            chain
                .app()
                .update_block(|block| block.time = block.time.plus_seconds(seconds))
        })
        .await;
    }
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
        let (sender, contract) = (self.sender.address().to_owned(), contract.to_owned());
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
        self.sender.address()
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
async fn relay(State((client, oracle)): State<(Client, String)>, Json(envelope): Json<Value>) -> StatusCode {
    let part = |name: &str| serde_json::from_value::<Binary>(envelope[name].clone()).unwrap();
    let statement = match envelope["kind"].as_str().unwrap() {
        "usage" => SignedStatement::Usage {
            body: part("body"),
            entries: part("entries"),
            signature: part("signature"),
        },
        _ => SignedStatement::Job {
            body: part("body"),
            signature: part("signature"),
        },
    };
    client
        .execute(
            &oracle,
            &ExecuteMsg::Submit {
                statements: vec![statement],
            },
            vec![],
        )
        .await
        .unwrap();
    StatusCode::ACCEPTED
}

struct Bench {
    dir: tempfile::TempDir,
    client: Client,
    at: Addresses,
    relayer: String,
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

struct Quiet;

impl Progress for Quiet {
    fn read(&self, _: u64) {}
    fn closed(&self, _: &Batch, _: &Closed) {}
    fn settled(&self, _: u64) {}
}

impl Bench {
    async fn new() -> Self {
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
        let app = Router::new()
            .route("/v1/statements", post(relay))
            .route(
                "/v1/statements/{digest}",
                get(|| async { Json(json!({ "state": "final" })) }),
            )
            .with_state((client.by("relayer"), at.attestation_oracle.clone()));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            dir: tempfile::tempdir().unwrap(),
            client,
            at,
            relayer,
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
            home: Home::new("lex-local-1", &self.at.attestation_oracle).unwrap(),
            client: self.client.by(name),
            relayer: Relayer::new(&self.relayer, 3).unwrap(),
            key: StatementKey::from_seeds(&[platform as u8; 32], [9; 32]),
            quotes: Some(Box::new(Testkit::new(&quotes).unwrap())),
        }
    }

    fn file(&self, name: &str, text: &str) -> std::path::PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// The sections that both programs share; what they name is replaced by [`Self::tools`].
    fn sections(&self) -> String {
        format!(
            "[chain]\nid = 'lex-local-1'\nrpc = ''\noracle = '{}'\nvault = '{}'\ngas_price = '1stake'\n\
             [keys]\nstatement = ''\noperator = ''\n[relayer]\nurl = ''\n[quote]\nprovider = 'none'\n",
            self.at.attestation_oracle, self.at.credit_vault
        )
    }

    fn gateway(&self) -> Gateway<Client> {
        let config = GatewayConfig::load(&self.file("gateway.toml", &self.sections())).unwrap();
        let tools = self.tools("gateway", 1);
        let conn = store::open(&self.dir.path().join("gateway.db"), &tools.home).unwrap();
        book::create_tables(&conn).unwrap();
        Gateway { config, tools, conn }
    }

    fn worker(&self) -> Worker<Client> {
        let text = format!("slots = 2\nrate = 5\n{}", self.sections());
        let config: WorkerConfig = read_toml(&self.file("worker.toml", &text)).unwrap();
        let tools = self.tools("worker", 2);
        let conn = open_store(&self.dir.path().join("worker.db"), &tools.home).unwrap();
        Worker { config, tools, conn }
    }

    async fn open_spending(&self, users: u32, credits: u128) {
        for user in 0..users {
            let client = self.client.by(&format!("user{user}"));
            let amount = Uint128::new(credits * 1_000_000);
            let deposit = vault::ExecuteMsg::Deposit { to: None };
            client
                .execute(&self.at.credit_vault, &deposit, vec![Coin::new(amount, "uusdt")])
                .await
                .unwrap();
            let open = vault::ExecuteMsg::OpenSpending {
                gateway: GATEWAY,
                amount,
                max_per_day: amount,
            };
            client.execute(&self.at.credit_vault, &open, vec![]).await.unwrap();
        }
    }

    async fn now(&self) -> u64 {
        self.client.newest_block().await.unwrap().time
    }

    /// A log of calls between now and `length` seconds later, and the clock moved past it.
    async fn log(&self, name: &str, calls: u64, users: u32, length: u64) -> std::path::PathBuf {
        let start = self.now().await;
        let accounts = (0..users).map(|user| {
            suite::Account::dev(&format!("user{user}"))
                .unwrap()
                .address()
                .to_owned()
        });
        let spec = LogSpec {
            seed: start,
            calls,
            accounts: accounts.collect(),
            models: vec!["gpt-4o".into(), "gpt-4o-mini".into()],
            start,
            duration: length,
            target: None,
        };
        let mut out = vec![];
        generate(&spec, &mut out, |_| {}).unwrap();
        self.client.advance(length + 600).await;
        self.file(name, &String::from_utf8(out).unwrap())
    }

    async fn slow(&self, logs: &[&Path]) -> (Uint128, Uint128) {
        let text: String = logs.iter().map(|log| fs::read_to_string(log).unwrap()).collect();
        let log = self.file("all.jsonl", &text);
        let rates = worker::gateway::rates::fetch_rates(&self.client, &self.at.credit_vault)
            .await
            .unwrap();
        let rates = self.file("rates.json", &serde_json::to_string(&rates).unwrap());
        let slow = expected(&log, &rates, 600).unwrap();
        (slow.credits_consumed, slow.lco_expected)
    }

    async fn mined(&self) -> (Uint128, Uint128) {
        let query = vault::QueryMsg::Overview {};
        let overview: vault::OverviewResponse = self.client.query(&self.at.credit_vault, &query).await.unwrap();
        assert_eq!(overview.reserve, overview.supply + overview.revenue);
        (overview.consumed, overview.mined)
    }
}

async fn ingest(gateway: &mut Gateway<Client>, log: &Path) -> Summary {
    let job = Ingest {
        log: log.to_owned(),
        window: 600,
        patience: Duration::from_secs(5),
    };
    let summary = gateway.ingest_once(&job, &Quiet).await.unwrap();
    assert_eq!(summary.outcomes.keys().collect::<Vec<_>>(), ["accepted"], "{summary:?}");
    assert_eq!(summary.outcomes["accepted"], summary.statements.settled);
    summary
}

#[tokio::test]
async fn a_log_is_settled_mined_proved_and_revealed() {
    let bench = Bench::new().await;
    bench.open_spending(20, 1_000).await;
    let log = bench.log("calls.jsonl", 2_000, 20, 1_500).await;
    let mut gateway = bench.gateway();
    let summary = ingest(&mut gateway, &log).await;
    assert_eq!(
        (summary.key_epoch, summary.tally.calls, summary.closed.left_out),
        (1, 2_000, 0)
    );
    assert_eq!(bench.mined().await, bench.slow(&[&log]).await);

    let text = fs::read_to_string(&log).unwrap();
    let call: Value = serde_json::from_str(text.lines().nth(700).unwrap()).unwrap();
    let proven = prove_call(&gateway.conn, call["id"].as_str().unwrap(), Side::Out).unwrap();
    let oracle = &bench.at.attestation_oracle;
    let answer: VerifyCallResponse = bench
        .client
        .query(oracle, &QueryMsg::VerifyCall { call: proven.clone() })
        .await
        .unwrap();
    assert!(answer.proved, "{answer:?}");
    let mut forged = proven.clone();
    let mut leaf = attestation::Leaf::decode(&forged.leaf).unwrap();
    leaf.call_id = "another".into();
    forged.leaf = leaf.encode().unwrap().into();
    let answer: VerifyCallResponse = bench
        .client
        .query(oracle, &QueryMsg::VerifyCall { call: forged })
        .await
        .unwrap();
    assert!(!answer.proved);

    challenge_and_reveal(&bench, &gateway, proven).await;
}

/// The account challenges its entry; the gateway answers from its book.
async fn challenge_and_reveal(
    bench: &Bench,
    gateway: &Gateway<Client>,
    proven: interfaces::attestation_oracle::ProvenCall,
) {
    let entry = attestation::Entry::decode(&proven.entry).unwrap();
    let entry_index = attestation::Proof::decode(&proven.entry_proof).unwrap().index as u16;
    let user = (0..20).map(|user| format!("user{user}"));
    let user = user
        .into_iter()
        .find(|user| suite::Account::dev(user).unwrap().address() == entry.account)
        .unwrap();
    let count = entry.calls.min(64) as u16;
    let challenge = ExecuteMsg::ChallengeUsage {
        report: proven.report,
        entry_index,
        entry: proven.entry,
        entry_proof: proven.entry_proof,
        first_leaf: entry.calls - u64::from(count),
        count,
    };
    let oracle = &bench.at.attestation_oracle;
    let bond = vec![Coin::new(1_000_000u128, "uusdt")];
    bench.client.by(&user).execute(oracle, &challenge, bond).await.unwrap();
    let mut revealer = Revealer {
        conn: &gateway.conn,
        client: &gateway.tools.client,
        oracle,
        gateway: GATEWAY,
        settled: None,
    };
    let answers = revealer.answer_all().await.unwrap();
    assert_eq!(answers.len(), 1);
    answers[0].result.as_ref().unwrap();
    let query = QueryMsg::Challenge {
        challenge: answers[0].challenge,
    };
    let state: ChallengeStateResponse = bench.client.query(oracle, &query).await.unwrap();
    assert_eq!(state.state, ChallengeState::Answered);
    assert_eq!(revealer.answer_all().await.unwrap(), []);
}

/// The clock jumps past enrolment and collateral: the gateway brings fresh evidence by itself and goes on under the next key epoch.
#[tokio::test]
async fn a_clock_that_jumps_past_enrolment_and_collateral_costs_nothing() {
    let bench = Bench::new().await;
    bench.open_spending(3, 1_000).await;
    let mut gateway = bench.gateway();
    let first = bench.log("first.jsonl", 50, 3, 100).await;
    assert_eq!(ingest(&mut gateway, &first).await.key_epoch, 1);
    bench.client.advance(8 * DAY).await;
    let second = bench.log("second.jsonl", 50, 3, 100).await;
    let after_enrolment = gateway.enroller().ensure().await.unwrap();
    assert_eq!(after_enrolment.key_epoch, 2);
    ingest(&mut gateway, &second).await;
    bench.client.advance(40 * DAY).await;
    let third = bench.log("third.jsonl", 50, 3, 100).await;
    ingest(&mut gateway, &third).await;
    assert_eq!(gateway.enroller().current().await.unwrap().unwrap().key_epoch, 3);
    assert_eq!(bench.mined().await, bench.slow(&[&first, &second, &third]).await);
}

/// Calls served after an account closed are the gateway's loss; reporting them would void the whole entry.
#[tokio::test]
async fn calls_after_an_accounts_closing_are_left_out_and_the_rest_is_charged() {
    let bench = Bench::new().await;
    bench.open_spending(2, 1_000).await;
    let start = bench.now().await;
    let address = suite::Account::dev("user0").unwrap().address().to_owned();
    bench.client.advance(100).await;
    let close = vault::ExecuteMsg::CloseSpending { gateway: GATEWAY };
    bench
        .client
        .by("user0")
        .execute(&bench.at.credit_vault, &close, vec![])
        .await
        .unwrap();
    let closing = bench.now().await;
    let line = |id: u64, time: u64| json!({ "id": id, "created": time, "model": "gpt-4o", "user": address, "usage": { "prompt_tokens": 1_000_000 } });
    let times = [start, closing, closing + 60, closing + 61, closing + 300];
    let lines: String = (0..)
        .zip(times)
        .map(|(id, time)| line(id, time).to_string() + "\n")
        .collect();
    bench.client.advance(1_000).await;
    let log = bench.file("calls.jsonl", &lines);
    let summary = ingest(&mut bench.gateway(), &log).await;
    assert_eq!((summary.closed.leaves, summary.closed.left_out), (3, 2));
    assert_eq!(bench.mined().await.0, Uint128::new(3 * 2_500_000));
}

#[tokio::test]
async fn a_worker_enrols_beats_and_runs_a_job_that_anybody_can_check() {
    let bench = Bench::new().await;
    let mut worker = bench.worker();
    let enrolment = worker.enroller().ensure().await.unwrap();
    assert_eq!(worker.enroller().ensure().await.unwrap(), enrolment, "enrolled once");
    bench.client.advance(50).await;
    let now = bench.now().await;
    beat(&worker, &enrolment, now);
    let text = "job = 5\nslots = 2\nreport_every = '1s'\n[program]\nkind = 'matrix'\nsize = 64\ntile = 8\nmodulus = 65537\nseed = 'x'\n";
    let job = JobSpec::load(&bench.file("job.toml", text)).unwrap();
    let clock = std::cell::Cell::new(now);
    let ticking = || clock.replace(clock.get() + 1);
    let Worker { conn, tools, config } = &mut worker;
    let mut runner = Runner {
        conn,
        home: &tools.home,
        key: &tools.key,
        enrolment,
        rate: config.rate,
        statement_ttl: 10_000,
    };
    let outcome = runner.run(&job, ticking, |_| {}).await.unwrap();
    bench.client.advance(1_000).await;
    let courier = Courier {
        conn: &worker.conn,
        home: &worker.tools.home,
        client: &bench.client,
        relayer: &worker.tools.relayer,
    };
    assert_eq!(courier.deliver(Duration::from_secs(5), |_| {}).await.unwrap(), 0);
    let outcomes = worker::sdk::statements::outcomes(&worker.conn).unwrap();
    assert_eq!(outcomes.keys().collect::<Vec<_>>(), ["accepted"]);
    assert_eq!(outcomes["accepted"], outcome.statements + 1);
    let root = hex::decode(&outcome.output_root).unwrap().try_into().unwrap();
    assert!(job.program.verify(&root, |_| {}).unwrap());
}

fn beat(worker: &Worker<Client>, enrolment: &Enrolment, now: u64) {
    let heart = Heart {
        conn: &worker.conn,
        home: &worker.tools.home,
        key: &worker.tools.key,
        slots: 2,
        longest: 3_600,
        ttl: 10_000,
    };
    heart.beat(enrolment, now).unwrap().unwrap();
}

/// Two machines, one key file: the second process must not continue the first one's epoch.
#[tokio::test]
async fn a_second_store_with_the_same_key_begins_its_own_epoch() {
    let bench = Bench::new().await;
    let gateway = bench.gateway();
    assert_eq!(gateway.enroller().ensure().await.unwrap().key_epoch, 1);
    drop(gateway);
    fs::remove_file(bench.dir.path().join("gateway.db")).unwrap();
    let restored = bench.gateway();
    let mut enroller = restored.enroller();
    enroller.id = Some(GATEWAY);
    assert_eq!(enroller.ensure().await.unwrap().key_epoch, 2);
}

//! The serving gateway between real HTTP clients, a real model server process and the real contracts.
#![cfg(feature = "testkit")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

#[path = "../common/mod.rs"]
mod common;

mod calls;
mod keys;
mod money;
mod process;
mod tiers;
mod upstream;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::Duration;

use common::bench::{Bench, Client, CHAIN};
use common::model::Model;
use common::GATEWAY;
use cosmwasm_std::{Coin, Uint128};
use interfaces::credit_vault as vault;
use reqwest::{Response, StatusCode};
use serde_json::{json, Value};
use worker::gateway::book::Batch;
use worker::gateway::close::Closed;
use worker::gateway::run::{Gateway, Progress};
use worker::gateway::serve::client::{KeyClient, Wish};
use worker::gateway::serve::config::{Concurrency, ServeConfig, UpstreamConfig};
use worker::gateway::serve::http::AccountStatus;
use worker::gateway::serve::{Server, Serving, Setup};
use worker::sdk::chain::{Block, Executed};
use worker::sdk::{store, Account, ChainClient};
use worker::Error;

struct Quiet;

impl Progress for Quiet {
    fn read(&self, _: u64) {}
    fn closed(&self, _: &Batch, _: &Closed) {}
    fn settled(&self, _: u64) {}
}

/// The server's line to its node, which can be cut.
#[derive(Clone)]
struct Line {
    chain: Client,
    cut: Arc<AtomicBool>,
}

impl Line {
    fn check(&self) -> Result<(), Error> {
        match self.cut.load(Ordering::SeqCst) {
            false => Ok(()),
            true => Err(Error::Unreachable {
                url: "node".into(),
                reason: "cut".into(),
            }),
        }
    }
}

impl ChainClient for Line {
    async fn newest_block(&self) -> Result<Block, Error> {
        self.check()?;
        self.chain.newest_block().await
    }

    async fn query_raw(&self, contract: &str, query: Vec<u8>) -> Result<Vec<u8>, Error> {
        self.check()?;
        self.chain.query_raw(contract, query).await
    }

    async fn execute_raw(&self, contract: &str, msg: Vec<u8>, funds: Vec<Coin>) -> Result<Executed, Error> {
        self.chain.execute_raw(contract, msg, funds).await
    }

    fn sender(&self) -> &str {
        self.chain.sender()
    }
}

/// A serving gateway and everything around it.
struct Site {
    bench: Bench,
    model: Model,
    gateway: Gateway<Client>,
    serving: Serving<Line>,
    cut: Arc<AtomicBool>,
    http: reqwest::Client,
}

const CREDIT: u128 = 1_000_000;

/// The chain is asked for every call, and a silent upstream is given up after a second.
fn config(model: &Model) -> ServeConfig {
    ServeConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        max_body: 20_000,
        view_ttl: 0,
        concurrency: Concurrency {
            lv1: 2,
            lv2: 5,
            ..Concurrency::default()
        },
        upstream: UpstreamConfig {
            url: model.url.clone(),
            idle_timeout: 2,
            ..UpstreamConfig::default()
        },
        ..ServeConfig::default()
    }
}

impl Site {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut ServeConfig)) -> Self {
        let model = Model::start(None);
        let bench = Bench::new().await;
        let gateway = bench.gateway();
        let mut config = config(&model);
        change(&mut config);
        let (serving, cut) = serve(&bench, &gateway, config).await;
        Self {
            bench,
            model,
            gateway,
            serving,
            cut,
            http: reqwest::Client::new(),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.serving.address)
    }

    /// Opens a spending account with so many µCredit.
    async fn open(&self, user: &str, amount: u128, max_per_day: u128) {
        let client = self.bench.client.by(user);
        let vault = &self.bench.at.credit_vault;
        let deposit = vault::ExecuteMsg::Deposit { to: None };
        client
            .execute(vault, &deposit, vec![Coin::new(amount, "uusdt")])
            .await
            .unwrap();
        let open = vault::ExecuteMsg::OpenSpending {
            gateway: GATEWAY,
            amount: Uint128::new(amount),
            max_per_day: Uint128::new(max_per_day),
        };
        client.execute(vault, &open, vec![]).await.unwrap();
    }

    async fn vault(&self, user: &str, msg: &vault::ExecuteMsg) {
        self.vault_as(suite::Account::dev(user).unwrap().address(), msg).await;
    }

    async fn vault_as(&self, address: &str, msg: &vault::ExecuteMsg) {
        let client = self.bench.client.signing_as(address);
        client.execute(&self.bench.at.credit_vault, msg, vec![]).await.unwrap();
    }

    /// An account with money and a key.
    async fn customer(&self, user: &str, credits: u128) -> String {
        self.open(user, credits * CREDIT, credits * CREDIT).await;
        self.key(user).await
    }

    async fn key(&self, user: &str) -> String {
        let client = KeyClient::new(&self.url("/v1")).unwrap();
        client.create(&account(user), &wish()).await.unwrap().key
    }

    async fn post(&self, path: &str, key: &str, body: &Value) -> Response {
        self.http
            .post(self.url(path))
            .bearer_auth(key)
            .json(body)
            .send()
            .await
            .unwrap()
    }

    async fn chat(&self, key: &str, body: &Value) -> Response {
        self.post("/v1/chat/completions", key, body).await
    }

    async fn get(&self, path: &str, key: &str) -> Response {
        self.http.get(self.url(path)).bearer_auth(key).send().await.unwrap()
    }

    async fn status(&self, key: &str) -> AccountStatus {
        self.get("/v1/account", key).await.json().await.unwrap()
    }

    /// Brings everything served to the chain.
    async fn settle(&mut self) {
        self.bench.client.advance(700).await;
        let summary = self.gateway.report_once(Duration::from_secs(5), &Quiet).await.unwrap();
        assert_eq!(summary.closed.left_out, 0);
        self.bench.seen.lock().unwrap().assert_all_accepted();
    }

    async fn spending(&self, user: &str) -> vault::SpendingResponse {
        let query = vault::QueryMsg::Spending {
            address: account(user).address().to_owned(),
            gateway: GATEWAY,
        };
        self.bench
            .client
            .query(&self.bench.at.credit_vault, &query)
            .await
            .unwrap()
    }

    fn calls(&self) -> Vec<(u64, u64, u64, u64)> {
        let mut query = self
            .gateway
            .conn
            .prepare("SELECT units_in, list_in, units_out, list_out FROM call ORDER BY row")
            .unwrap();
        let rows = query.query_map([], |row| {
            let at = |index: usize| Ok::<_, rusqlite::Error>(row.get::<_, i64>(index)?.unsigned_abs());
            Ok((at(0)?, at(1)?, at(2)?, at(3)?))
        });
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// Waits until no call is under way.
    async fn idle(&self, key: &str) {
        for _ in 0..200 {
            if self.status(key).await.in_flight == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("a call never ends");
    }

    async fn set_peers(&self, change: impl FnOnce(&mut vault::Peers)) {
        let query = vault::QueryMsg::Config {};
        let config: vault::ConfigResponse = self
            .bench
            .client
            .query(&self.bench.at.credit_vault, &query)
            .await
            .unwrap();
        let mut peers = config.peers;
        change(&mut peers);
        self.vault_as(&config.timelock, &vault::ExecuteMsg::SetPeers { peers })
            .await;
    }
}

async fn serve(bench: &Bench, gateway: &Gateway<Client>, config: ServeConfig) -> (Serving<Line>, Arc<AtomicBool>) {
    let enrolment = gateway.enroller().ensure().await.unwrap();
    let line = Line {
        chain: bench.client.by("gateway"),
        cut: Arc::default(),
    };
    let cut = line.cut.clone();
    let setup = Setup {
        config,
        home: bench.home(),
        prefix: "wasm".into(),
        vault: bench.at.credit_vault.clone(),
        window: 600,
        conn: store::open(&bench.dir.path().join("gateway.db"), &bench.home()).unwrap(),
        client: line,
        enrolment,
        base: bench.dir.path(),
    };
    (Server::new(setup).unwrap().start().await.unwrap(), cut)
}

fn account(user: &str) -> Account {
    let index = suite::account::dev_index(user).unwrap();
    Account::from_phrase(suite::account::DEV_MNEMONIC, index, "wasm").unwrap()
}

fn wish() -> Wish {
    Wish {
        chain_id: CHAIN.into(),
        gateway: Some(GATEWAY),
        label: "test".into(),
        expires_in: None,
        replace: false,
    }
}

fn ask(text: &str, max_tokens: u64) -> Value {
    json!({ "model": "gpt-4o", "max_tokens": max_tokens, "messages": [{ "role": "user", "content": text }] })
}

fn streaming(text: &str, max_tokens: u64) -> Value {
    let mut body = ask(text, max_tokens);
    body["stream"] = true.into();
    body
}

async fn code(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    let error = &body["error"];
    assert!(error["message"].is_string() && error["type"].is_string(), "{body}");
    (status, error["code"].as_str().unwrap().to_owned())
}

/// Data of a stream's events.
fn events(text: &str) -> Vec<String> {
    text.split("\n\n")
        .filter_map(|event| event.strip_prefix("data: "))
        .map(str::to_owned)
        .collect()
}

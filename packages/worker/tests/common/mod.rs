//! What the tests of the book share: a rate card, logs, and a book in a folder of its own.
#![allow(dead_code)] // each test binary uses its part
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

#[cfg(feature = "testkit")]
pub mod bench;
#[cfg(feature = "testkit")]
pub mod model;
#[cfg(feature = "testkit")]
pub mod node;
pub mod world;

use std::path::{Path, PathBuf};

use attestation::{decode_entries, Body, Entry, UsageReport};
use cosmwasm_std::Uint128;
use interfaces::attestation_oracle::{Role, Subject};
use interfaces::credit_vault::{RateResponse, RateVersion};
use rusqlite::Connection;
use worker::gateway::book::{self, Batch};
use worker::gateway::calls::{Rules, Tally};
use worker::gateway::close::{self, Closed, Reporter, Span, Spans};
use worker::gateway::generate::{generate, LogSpec};
use worker::gateway::ingest::{ingest, Source};
use worker::gateway::rates::RateCard;
use worker::sdk::statements::{self, State, Statement};
use worker::sdk::store::{self, Home};
use worker::sdk::{epochs, Account, KeyRing, StatementKey};

pub const GATEWAY: u64 = 1;
pub const START: u64 = 1_753_000_200; // a multiple of 600
pub const PHRASE: &str = "test test test test test test test test test test test junk";

pub fn home() -> Home {
    Home::new("chain-1", "wasm1oracle").unwrap()
}

pub fn key() -> StatementKey {
    StatementKey::from_seeds(&[1; 32], [2; 32])
}

/// µCredit per 10⁶ tokens.
pub fn rates() -> Vec<RateResponse> {
    let rate = |sku: &str, list: u128, cost: u128| RateResponse {
        sku: sku.into(),
        gateway: GATEWAY,
        versions: vec![RateVersion {
            list: Uint128::new(list),
            cost: Uint128::new(cost),
            from: 0,
        }],
        exclusive_from: None,
        exclusive_until: None,
    };
    vec![
        rate("gpt-4o:in", 2_500_000, 1_900_000),
        rate("gpt-4o:out", 10_000_000, 7_000_000),
        rate("gpt-4o-mini:in", 150_000, 100_000),
        rate("gpt-4o-mini:out", 600_000, 400_000),
    ]
}

/// Distinct, valid addresses; cheap, so that there can be thousands.
pub fn addresses(count: usize) -> Vec<String> {
    let address = |index: usize| {
        let mut secret = [7; 32];
        secret[24..].copy_from_slice(&(index as u64).to_be_bytes());
        Account::from_secret(&secret, "wasm").unwrap().address().to_owned()
    };
    (0..count).map(address).collect()
}

pub fn spec(calls: u64, accounts: usize, duration: u64) -> LogSpec {
    LogSpec {
        seed: 7,
        calls,
        accounts: addresses(accounts),
        models: vec!["gpt-4o".into(), "gpt-4o-mini".into()],
        start: START,
        duration,
        target: None,
    }
}

pub fn write_log(path: &Path, spec: &LogSpec) {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    generate(spec, &mut out, |_| {}).unwrap();
}

/// A gateway's book without a chain around it.
pub struct Fixture {
    pub dir: tempfile::TempDir,
    pub conn: Connection,
    pub card: RateCard,
}

impl Fixture {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let conn = open(&dir.path().join("gateway.db"));
        Self {
            dir,
            conn,
            card: RateCard::new(GATEWAY, rates()),
        }
    }

    pub fn log(&self) -> PathBuf {
        self.dir.path().join("calls.jsonl")
    }

    pub fn ingest(&mut self, path: &Path) -> Tally {
        self.ingest_growing(path, false)
    }

    pub fn ingest_growing(&mut self, path: &Path, growing: bool) -> Tally {
        let rules = Rules {
            card: &self.card,
            window: 600,
            prefix: "wasm",
        };
        ingest(&mut self.conn, rules, &Source { path, growing }, |_| {}).unwrap()
    }

    /// Closes every window with every account open for ever.
    pub fn close_all(&mut self) -> Closed {
        let spans = self.all_open();
        self.close_with(&spans)
    }

    pub fn close_with(&mut self, spans: &Spans) -> Closed {
        let home = home();
        let reporter = Reporter {
            home: &home,
            gateway: GATEWAY,
            key_epoch: 1,
            expires_at: u64::MAX,
        };
        let mut sum = Closed::default();
        for batch in book::open_batches(&self.conn).unwrap() {
            let closed = close::close(&mut self.conn, &reporter, &batch, batch.window_end, spans).unwrap();
            sum.add(&closed);
        }
        sum
    }

    pub fn open_batches(&self) -> Vec<Batch> {
        book::open_batches(&self.conn).unwrap()
    }

    pub fn all_open(&self) -> Spans {
        let mut spans = Spans::new();
        for batch in self.open_batches() {
            for (id, _) in close::accounts(&self.conn, &batch).unwrap() {
                spans.insert(
                    id,
                    Span {
                        first: 0,
                        last: u64::MAX,
                    },
                );
            }
        }
        spans
    }

    pub fn sign(&self) -> u64 {
        statements::sign_reserved(&self.conn, &home(), &ring(self.dir.path())).unwrap()
    }

    pub fn signed(&self) -> Vec<(Statement, UsageReport, Vec<Entry>)> {
        statements::in_state(&self.conn, State::Signed, u32::MAX)
            .unwrap()
            .into_iter()
            .map(|statement| {
                let report = UsageReport::decode(&statement.body).unwrap();
                let entries = decode_entries(statement.entries.as_deref().unwrap()).unwrap();
                (statement, report, entries)
            })
            .collect()
    }
}

/// A book whose store began key epoch 1 of the gateway and knows no end of it.
pub fn open(path: &Path) -> Connection {
    let conn = store::open(path, &home()).unwrap();
    book::create_tables(&conn).unwrap();
    own_epoch(&conn);
    epochs::adopt(&conn, &home(), SUBJECT, 1, 0, i64::MAX as u64).unwrap();
    conn
}

pub const SUBJECT: Subject = Subject {
    role: Role::Gateway,
    id: GATEWAY,
};

/// As if this store had asked for epoch 1 with [`key`].
pub fn own_epoch(conn: &Connection) {
    epochs::record(conn, SUBJECT, 1, &key()).unwrap();
}

/// A ring with [`key`] in `statement-keys`.
pub fn ring(dir: &Path) -> KeyRing {
    let ring = KeyRing::open(&dir.join("statement-keys")).unwrap();
    ring.put(&key()).unwrap();
    ring
}

/// Most memory this process ever held, KiB.
pub fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

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
use std::sync::Mutex;
use std::time::Duration;

use common::bench::{Bench, Client, DAY};
use common::GATEWAY;
use cosmwasm_std::{Coin, Uint128};
use interfaces::attestation_oracle::{
    ChainId, ChallengeState, ChallengeStateResponse, ExecuteMsg, QueryMsg, VerifyCallResponse,
};
use interfaces::credit_vault as vault;
use serde_json::{json, Value};
use worker::compute::config::{JobSpec, Worker};
use worker::compute::heartbeat::Heart;
use worker::gateway::book::{Batch, Side};
use worker::gateway::close::Closed;
use worker::gateway::expected::expected;
use worker::gateway::generate::{generate, LogSpec};
use worker::gateway::prove::prove_call;
use worker::gateway::reveal::Revealer;
use worker::gateway::run::{Gateway, Ingest, Progress, Summary};
use worker::sdk::quote::QuoteProvider;
use worker::sdk::{epochs, ChainClient, Enrolment};

struct Quiet;

impl Progress for Quiet {
    fn read(&self, _: u64) {}
    fn closed(&self, _: &Batch, _: &Closed) {}
    fn settled(&self, _: u64) {}
}

/// Accounts, logs and what they must come to.
trait Ledger {
    async fn open_spending(&self, users: u32, credits: u128);
    async fn log(&self, name: &str, calls: u64, users: u32, length: u64) -> std::path::PathBuf;
    async fn slow(&self, logs: &[&Path]) -> (Uint128, Uint128);
    async fn mined(&self) -> (Uint128, Uint128);
}

impl Ledger for Bench {
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

/// Quotes during whose making the clock jumps.
struct Slow {
    quotes: Box<dyn QuoteProvider>,
    client: Client,
    jumps: Mutex<Vec<u64>>,
}

impl QuoteProvider for Slow {
    fn quote(&self, report_data: &[u8; 64]) -> worker::Result<Vec<u8>> {
        // the first quote of an attempt binds nothing: it comes before the challenge
        if *report_data != [0; 64] {
            if let Some(seconds) = self.jumps.lock().unwrap().pop() {
                self.client.advance_unheard(seconds);
            }
        }
        self.quotes.quote(report_data)
    }

    fn collateral(&self, evaluation: u32, now: u64) -> Vec<interfaces::tee_verifier::ExecuteMsg> {
        self.quotes.collateral(evaluation, now)
    }

    fn is_synthetic(&self) -> bool {
        self.quotes.is_synthetic()
    }
}

/// A challenge lasts an hour, collateral a month. A gateway whose evidence was overtaken asks for another challenge; it used to stop serving.
#[tokio::test]
async fn a_challenge_that_runs_out_on_the_way_is_asked_for_again() {
    for jumps in [vec![3_700], vec![40 * DAY], vec![3_700, 40 * DAY]] {
        let bench = Bench::new().await;
        let mut gateway = bench.gateway();
        let quotes = gateway.tools.quotes.take().unwrap();
        let (client, jumps) = (bench.client.clone(), Mutex::new(jumps));
        gateway.tools.quotes = Some(Box::new(Slow { quotes, client, jumps }));
        let enrolment = gateway.enroller().ensure().await.unwrap();
        assert_eq!(enrolment.key_epoch, 1);
        assert!(enrolment.lasts(bench.now().await));
    }
}

/// A chain on which every challenge runs out is not asked without end.
#[tokio::test]
async fn challenges_that_always_run_out_are_an_error() {
    let bench = Bench::new().await;
    let mut gateway = bench.gateway();
    let quotes = gateway.tools.quotes.take().unwrap();
    let (client, jumps) = (bench.client.clone(), Mutex::new(vec![3_700; 9]));
    gateway.tools.quotes = Some(Box::new(Slow { quotes, client, jumps }));
    let refused = gateway.enroller().ensure().await.unwrap_err();
    assert!(refused.to_string().contains("[oracle:21]"), "{refused}");
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
    let done = worker.run_job(&job, Duration::from_secs(5), |_| {}).await.unwrap();
    assert_eq!(done.open, 0);
    assert_eq!(done.outcomes.keys().collect::<Vec<_>>(), ["accepted"]);
    assert_eq!(done.outcomes["accepted"], done.outcome.statements + 1);
    let root = hex::decode(&done.outcome.output_root).unwrap().try_into().unwrap();
    assert!(job.program.verify(&root, |_| {}).unwrap());
}

fn beat(worker: &Worker<Client>, enrolment: &Enrolment, now: u64) {
    let heart = Heart {
        conn: &worker.conn,
        home: &worker.tools.home,
        keys: &worker.tools.keys,
        slots: 2,
        longest: 3_600,
        ttl: 10_000,
    };
    heart.beat(enrolment, now).unwrap().unwrap();
}

/// Two machines, one key ring: the second process must not continue the first one's epoch.
#[tokio::test]
async fn a_second_store_with_the_same_keys_begins_its_own_epoch() {
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

/// A job that the chain's clock overtakes twice, once ahead of the epoch's end and once by days beyond it: one chain of three keys, and all of it accepted.
#[tokio::test]
async fn a_job_outlives_its_key_twice_and_stays_one_chain() {
    let bench = Bench::new().await;
    let mut worker = bench.worker();
    let first = worker.enroller().ensure().await.unwrap();
    // Into the renewal margin after two statements; nine days further after five more.
    let left = first.valid_until - bench.now().await;
    bench.seen.lock().unwrap().jumps = [(2, left - 600), (7, 9 * DAY)].into();
    let text = "job = 5\nslots = 2\nreport_every = '1s'\n[program]\nkind = 'sweep'\nseed = 'x'\nfrom = 0\nrange = 10\nsteps = 24\n";
    let job = JobSpec::load(&bench.file("job.toml", text)).unwrap();
    let slow_step = |_| std::thread::sleep(Duration::from_millis(400));
    let done = worker.run_job(&job, Duration::from_secs(5), slow_step).await.unwrap();

    assert_eq!(done.outcome.chain, "job/1/3/5/0");
    {
        let seen = bench.seen.lock().unwrap();
        seen.assert_all_accepted();
        assert_eq!(seen.jumps, [], "both jumps took place");
        assert_eq!(seen.count("link"), 2);
        assert_eq!(done.outcomes["accepted"], seen.placed.len() as u64);
        assert_eq!(done.outcome.statements + 2, seen.placed.len() as u64);
    }
    let on_chain = |key_epoch| {
        let chain = ChainId::Job {
            worker: 1,
            key_epoch,
            job: 5,
            assignment: 0,
        };
        bench.chain(chain)
    };
    let chains = [on_chain(1).await, on_chain(2).await, on_chain(3).await];
    assert_eq!(chains.clone().map(|chain| chain.linked), [true, true, false]);
    assert!(
        chains.is_sorted_by_key(|chain| chain.last_seq),
        "places go on: {chains:?}"
    );
    assert_eq!(chains[2].last_seq, done.outcome.statements + 2, "each place once");
    assert_eq!(chains[2].units_cum.u128(), done.outcome.units);
    assert_eq!(
        chains[2].units_credited.u128(),
        done.outcome.units,
        "every unit counts, once"
    );
    let root = hex::decode(&done.outcome.output_root).unwrap().try_into().unwrap();
    assert!(job.program.verify(&root, |_| {}).unwrap());
    keys_are_fresh_and_the_oldest_is_gone(&worker);
}

fn keys_are_fresh_and_the_oldest_is_gone(worker: &Worker<Client>) {
    let subject = interfaces::attestation_oracle::Subject {
        role: interfaces::attestation_oracle::Role::Worker,
        id: 1,
    };
    let epochs = epochs::all(&worker.conn, subject).unwrap();
    assert_eq!(epochs.len(), 3);
    assert!(epochs.windows(2).all(|pair| pair[0].key != pair[1].key));
    let kept = |index: usize| worker.tools.keys.get(&epochs[index].key).unwrap().is_some();
    assert_eq!(
        (epochs[0].destroyed, kept(0)),
        (true, false),
        "its grace is over since the second jump"
    );
    assert_eq!((epochs[2].destroyed, kept(2)), (false, true));
}

/// The same for a gateway: each epoch its own key and its own chain, every call charged once.
#[tokio::test]
async fn a_gateway_rotates_its_keys_and_charges_every_call_once() {
    let bench = Bench::new().await;
    bench.open_spending(3, 1_000).await;
    let mut gateway = bench.gateway();
    let mut logs = vec![];
    for epoch in 1..=3 {
        logs.push(bench.log(&format!("{epoch}.jsonl"), 40, 3, 100).await);
        let summary = ingest(&mut gateway, logs.last().unwrap()).await;
        assert_eq!(summary.key_epoch, epoch);
        let chain = ChainId::Usage {
            gateway: GATEWAY,
            key_epoch: epoch,
        };
        assert_eq!(
            bench.chain(chain).await.last_seq,
            summary.closed.reports,
            "a chain of its own"
        );
        let enrolment = gateway.enroller().ensure().await.unwrap();
        assert_eq!(enrolment.key_epoch, epoch, "nothing is renewed before it is time");
        // Once within the renewal margin, once long after the end.
        let left = enrolment.valid_until - bench.now().await;
        bench
            .client
            .advance(if epoch == 1 { left - 600 } else { left + 3 * DAY })
            .await;
    }
    bench.seen.lock().unwrap().assert_all_accepted();
    let logs: Vec<&Path> = logs.iter().map(|log| log.as_path()).collect();
    assert_eq!(bench.mined().await, bench.slow(&logs).await);
}

/// A key that is revoked on the chain is replaced, and the job goes on.
#[tokio::test]
async fn a_revoked_key_is_replaced_and_the_job_goes_on() {
    let bench = Bench::new().await;
    let worker = bench.worker();
    let enrolment = worker.enroller().ensure().await.unwrap();
    let revoke = ExecuteMsg::RevokeKey {
        subject: enrolment.subject,
        key_epoch: 1,
    };
    worker
        .tools
        .client
        .execute(&bench.at.attestation_oracle, &revoke, vec![])
        .await
        .unwrap();
    let next = worker.enroller().ensure().await.unwrap();
    assert_eq!(next.key_epoch, 2);
    let again = worker.enroller().enrol().await.unwrap();
    assert_eq!(again.key_epoch, 3, "a renewal by hand");
}

//! The whole pipeline against a scripted chain that misbehaves.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use relayer::outcome::State;
use relayer::Relayer;
use support::*;

const DONE: &[State] = &[State::Final];

async fn post_all(relayer: &relayer::RelayerHandle, envelopes: &[relayer::statement::Envelope]) {
    for envelope in envelopes {
        let (status, body) = post(relayer.address(), envelope).await;
        assert!(matches!(status, 200 | 202), "{status} {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_become_final_and_share_transactions() {
    let (dir, fake) = (home(), Fake::start().await);
    let relayer = start(dir.path(), &fake).await;
    let mut all = Enclave::new(1).take(30);
    all.extend(Enclave::new(2).take(30));
    post_all(&relayer, &all).await;
    wait_for(&relayer, &all, DONE).await;
    assert_once(&fake, &all);
    assert!(
        fake.transactions() < 30,
        "{} transactions for 60 statements",
        fake.transactions()
    );
    let (status, _) = get(relayer.address(), "/readyz").await;
    assert_eq!(status, 200);
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_statement_has_its_own_outcome_and_the_rest_lands() {
    let (dir, fake) = (home(), Fake::start().await);
    let relayer = start(dir.path(), &fake).await;
    let good = Enclave::new(1).take(3);
    let mut foreign = good[0].clone();
    foreign.chain_id = "other-1".into();
    let mut forged = Enclave::new(2).next();
    forged.signature = good[0].signature.clone();
    let mut malformed = good[0].clone();
    malformed.body = cosmwasm_std::Binary::from(b"short");
    let stranger = Enclave::new(100).next();
    let future = sign(&Enclave::new(3).body(100_000, [0; 32], 0));
    let mut parts = good[0].clone();
    parts.entries = Some(cosmwasm_std::Binary::from(b"x"));
    for (envelope, code) in [
        (foreign, "foreign_chain"),
        (forged, "bad_signature"),
        (malformed, "malformed"),
        (stranger, "unknown_key"),
        (future, "future_window"),
        (parts, "malformed"),
    ] {
        let (status, body) = post(relayer.address(), &envelope).await;
        assert_eq!((status, body["code"].as_str()), (422, Some(code)), "{body}");
    }
    assert_eq!(post(relayer.address(), &good[0]).await.0, 202);
    assert_eq!(
        post(relayer.address(), &good[0]).await.0,
        200,
        "a duplicate is no error"
    );
    post_all(&relayer, &good).await;
    wait_for(&relayer, &good, DONE).await;
    assert_once(&fake, &good);
    let (_, metrics) = get(relayer.address(), "/metrics").await;
    assert!(
        metrics.contains("relayer_duplicates_total{at=\"ingest\"} 2"),
        "{metrics}"
    );
    assert!(
        metrics.contains("relayer_ingest_total{outcome=\"foreign_chain\"} 1"),
        "{metrics}"
    );
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reordered_statements_wait_for_the_missing_one() {
    let (dir, fake) = (home(), Fake::start().await);
    let relayer = start(dir.path(), &fake).await;
    let mut all = Enclave::new(1).take(6);
    all.reverse();
    let (late, missing) = all.split_at(5);
    post_all(&relayer, late).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(fake.transactions(), 0, "nothing is paid for a gap");
    post_all(&relayer, missing).await;
    wait_for(&relayer, &all, DONE).await;
    assert_once(&fake, &all);
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_that_never_closes_is_given_up_and_revived_by_posting_again() {
    let (dir, fake) = (home(), Fake::start().await);
    let mut config = config(dir.path(), &[fake.url()]);
    config.planner.gap_timeout = 1;
    let relayer = Relayer::start(config).await.unwrap();
    let all = Enclave::new(1).take(2);
    post_all(&relayer, &all[1..]).await;
    wait_for(&relayer, &all[1..], &[State::Dead]).await;
    post_all(&relayer, &all).await;
    wait_for(&relayer, &all, DONE).await;
    assert_once(&fake, &all);
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn equivocation_is_refused_without_paying_and_kept_as_evidence() {
    let (dir, fake) = (home(), Fake::start().await);
    let relayer = start(dir.path(), &fake).await;
    let mut enclave = Enclave::new(1);
    let first = enclave.next();
    let first_body = <attestation::JobStatement as attestation::Body>::decode(&first.body).unwrap();
    let twin = sign(&attestation::JobStatement {
        output_root: [9; 32],
        ..first_body
    });
    post_all(&relayer, &[first.clone(), twin.clone()]).await;
    wait_for(&relayer, std::slice::from_ref(&first), DONE).await;
    wait_for(&relayer, std::slice::from_ref(&twin), &[State::Rejected]).await;
    assert_eq!(relayer.outbox().get(&digest(&twin)).unwrap().unwrap().code, Some(14));
    assert_eq!(relayer.outbox().conflicts().unwrap().len(), 1);
    let next = enclave.next();
    post_all(&relayer, std::slice::from_ref(&next)).await;
    wait_for(&relayer, std::slice::from_ref(&next), DONE).await;
    assert_once(&fake, &[first, next]);
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_void_statement_is_rejected_and_its_chain_goes_on() {
    let faults = Faults {
        void_seq: Some(2),
        ..Faults::default()
    };
    let (dir, fake) = (home(), Fake::with(faults).await);
    let relayer = start(dir.path(), &fake).await;
    let all = Enclave::new(1).take(3);
    post_all(&relayer, &all).await;
    wait_for(&relayer, &[all[0].clone(), all[2].clone()], DONE).await;
    wait_for(&relayer, &all[1..2], &[State::Rejected]).await;
    assert_eq!(relayer.outbox().get(&digest(&all[1])).unwrap().unwrap().code, Some(20));
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_posted_is_a_duplicate() {
    let (dir, fake) = (home(), Fake::start().await);
    let relayer = start(dir.path(), &fake).await;
    let all = Enclave::new(1).take(2);
    fake.post_by_other(&all[0]);
    post_all(&relayer, &all).await;
    wait_for(&relayer, &all[..1], &[State::Duplicate]).await;
    wait_for(&relayer, &all[1..], DONE).await;
    assert_once(&fake, &all);
    let (_, metrics) = get(relayer.address(), "/metrics").await;
    assert!(
        metrics.contains("relayer_duplicates_total{at=\"chain\"} 1"),
        "{metrics}"
    );
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_broadcasts_are_sent_again_byte_for_byte() {
    let faults = Faults {
        drop_every: Some(2),
        ..Faults::default()
    };
    let (dir, fake) = (home(), Fake::with(faults).await);
    let relayer = start(dir.path(), &fake).await;
    let mut enclave = Enclave::new(1);
    let mut all = vec![];
    for _ in 0..5 {
        let some = enclave.take(3);
        post_all(&relayer, &some).await;
        all.extend(some);
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    wait_for(&relayer, &all, DONE).await;
    assert_once(&fake, &all);
    let mut by_sequence: BTreeMap<u64, BTreeSet<Vec<u8>>> = BTreeMap::new();
    for (sequence, bytes) in fake.broadcasts() {
        by_sequence.entry(sequence).or_default().insert(bytes);
    }
    assert!(fake.broadcasts().len() > by_sequence.len(), "something was sent twice");
    assert!(
        by_sequence.values().all(|bytes| bytes.len() == 1),
        "never two transactions at one sequence"
    );
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_is_never_included_frees_its_statements() {
    let faults = Faults {
        stalled: true,
        ..Faults::default()
    };
    let (dir, fake) = (home(), Fake::with(faults).await);
    let mut config = config(dir.path(), &[fake.url()]);
    config.tx.timeout_blocks = 5;
    let relayer = Relayer::start(config).await.unwrap();
    let all = Enclave::new(1).take(2);
    post_all(&relayer, &all).await;
    let signed = |bytes: &[(u64, Vec<u8>)]| {
        bytes
            .iter()
            .map(|(_, bytes)| bytes.clone())
            .collect::<BTreeSet<_>>()
            .len()
    };
    for _ in 0..200 {
        tokio::time::sleep(Duration::from_millis(25)).await;
        if signed(&fake.broadcasts()) > 1 {
            break;
        }
    }
    assert!(signed(&fake.broadcasts()) > 1, "signed anew after the timeout height");
    fake.set(|faults| faults.stalled = false);
    wait_for(&relayer, &all, DONE).await;
    assert_once(&fake, &all);
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lie_about_inclusion_is_not_believed() {
    let faults = Faults {
        lies: 2,
        drop_every: Some(1),
        ..Faults::default()
    };
    let (dir, fake) = (home(), Fake::with(faults).await);
    let relayer = start(dir.path(), &fake).await;
    let all = Enclave::new(1).take(2);
    post_all(&relayer, &all).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(all
        .iter()
        .all(|envelope| stage(&relayer, envelope) != Some(State::Final)));
    fake.set(|faults| *faults = Faults::default());
    wait_for(&relayer, &all, DONE).await;
    assert_once(&fake, &all);
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_run_out_of_gas_are_halved() {
    for faults in [
        Faults {
            gas_for: Some(5),
            ..Faults::default()
        },
        Faults {
            gas_for_in_block: Some(5),
            ..Faults::default()
        },
    ] {
        let (dir, fake) = (home(), Fake::with(faults).await);
        let relayer = start(dir.path(), &fake).await;
        let all = Enclave::new(1).take(23);
        post_all(&relayer, &all).await;
        wait_for(&relayer, &all, DONE).await;
        assert_once(&fake, &all);
        relayer.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisonous_statement_is_isolated_and_the_rest_lands() {
    let (dir, fake) = (home(), Fake::start().await);
    let poison = Enclave::new(5).next();
    fake.set(|faults| faults.poison = [digest(&poison)].into());
    let relayer = start(dir.path(), &fake).await;
    let mut all = vec![poison.clone()];
    let good: Vec<_> = (1..5).flat_map(|worker| Enclave::new(worker).take(4)).collect();
    all.extend(good.clone());
    post_all(&relayer, &all).await;
    wait_for(&relayer, &good, DONE).await;
    wait_for(&relayer, std::slice::from_ref(&poison), &[State::Dead]).await;
    let record = relayer.outbox().get(&digest(&poison)).unwrap().unwrap();
    assert_eq!(record.code, Some(900));
    assert_once(&fake, &good);
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_price_rises_until_it_is_enough() {
    let (dir, fake) = (home(), Fake::start().await);
    // One statement: 125,000 gas · 1.3 · 0.025 = 4,063.
    fake.set(|faults| faults.min_fee = 8_000);
    let relayer = start(dir.path(), &fake).await;
    let all = Enclave::new(1).take(1);
    post_all(&relayer, &all).await;
    wait_for(&relayer, &all, DONE).await;
    assert_once(&fake, &all);
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_daily_cap_stops_spending_and_says_so() {
    let (dir, fake) = (home(), Fake::start().await);
    let mut config = config(dir.path(), &[fake.url()]);
    config.gas.max_fee = 5_000;
    config.gas.daily_cap = 5_000;
    let relayer = Relayer::start(config).await.unwrap();
    let mut enclave = Enclave::new(1);
    let first = enclave.take(1);
    post_all(&relayer, &first).await;
    wait_for(&relayer, &first, DONE).await;
    let second = enclave.take(1);
    post_all(&relayer, &second).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(stage(&relayer, &second[0]), Some(State::Queued));
    let (status, body) = get(relayer.address(), "/readyz").await;
    assert!(status == 503 && body.contains("daily_cap"), "{body}");
    relayer.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_funds_nothing_is_lost_and_the_operator_is_told() {
    let faults = Faults {
        no_funds: true,
        ..Faults::default()
    };
    let (dir, fake) = (home(), Fake::with(faults).await);
    let relayer = start(dir.path(), &fake).await;
    let all = Enclave::new(1).take(2);
    post_all(&relayer, &all).await;
    let mut told = String::new();
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        told = get(relayer.address(), "/readyz").await.1;
        if told.contains("insufficient funds") {
            break;
        }
    }
    assert!(told.contains("insufficient funds"), "{told}");
    fake.set(|faults| faults.no_funds = false);
    wait_for(&relayer, &all, DONE).await;
    assert_once(&fake, &all);
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_lags_and_one_of_another_chain_are_not_asked() {
    let (dir, fake) = (home(), Fake::start().await);
    let late = Fake::with(Faults {
        lag: 100,
        ..Faults::default()
    })
    .await;
    let other = Fake::with(Faults {
        other_chain: true,
        ..Faults::default()
    })
    .await;
    let dead = "http://127.0.0.1:9/".to_string();
    let config = config(dir.path(), &[dead, late.url(), other.url(), fake.url()]);
    let relayer = Relayer::start(config).await.unwrap();
    let all = Enclave::new(1).take(3);
    post_all(&relayer, &all).await;
    wait_for(&relayer, &all, DONE).await;
    assert!(late.broadcasts().is_empty() && other.broadcasts().is_empty());
    assert_once(&fake, &all);
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relayer_killed_anywhere_resumes_and_applies_once() {
    let (dir, fake) = (home(), Fake::start().await);
    let mut all = vec![];
    let mut enclave = Enclave::new(1);
    for round in 0..8u64 {
        let relayer = start(dir.path(), &fake).await;
        let some = enclave.take(4);
        post_all(&relayer, &some).await;
        all.extend(some);
        tokio::time::sleep(Duration::from_millis(round * 23)).await;
        relayer.kill().await;
    }
    let relayer = start(dir.path(), &fake).await;
    wait_for(&relayer, &all, DONE).await;
    assert_once(&fake, &all);
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_flushes_what_was_accepted() {
    let (dir, fake) = (home(), Fake::start().await);
    let relayer = start(dir.path(), &fake).await;
    let all = Enclave::new(1).take(10);
    post_all(&relayer, &all).await;
    let started = std::time::Instant::now();
    relayer.stop().await;
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_once(&fake, &all);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_serves_one_process() {
    let (dir, fake) = (home(), Fake::start().await);
    let relayer = start(dir.path(), &fake).await;
    let mut second = config(dir.path(), &[fake.url()]);
    second.outbox.path = dir.path().join("other.db");
    let Err(error) = Relayer::start(second).await else {
        panic!("two relayers share a key")
    };
    assert!(error.to_string().contains("another process uses this key"), "{error}");
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_answer_429_and_413() {
    let (dir, fake) = (home(), Fake::start().await);
    let mut config = config(dir.path(), &[fake.url()]);
    config.ingest.rate = 1;
    config.ingest.burst = 2;
    config.ingest.max_body = 64 * 1024;
    let relayer = Relayer::start(config).await.unwrap();
    let all = Enclave::new(1).take(3);
    post_all(&relayer, &all[..2]).await;
    let (status, body) = post(relayer.address(), &all[2]).await;
    assert_eq!((status, body["code"].as_str()), (429, Some("rate_limited")), "{body}");
    assert_eq!(
        post(relayer.address(), &Enclave::new(2).next()).await.0,
        202,
        "another subject is not concerned"
    );
    let mut huge = all[2].clone();
    huge.signature = cosmwasm_std::Binary::new(vec![0; 70_000]);
    assert_eq!(post(relayer.address(), &huge).await.0, 413);
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_outbox_pushes_back() {
    let faults = Faults {
        stalled: true,
        ..Faults::default()
    };
    let (dir, fake) = (home(), Fake::with(faults).await);
    let mut config = config(dir.path(), &[fake.url()]);
    config.outbox.max_pending = 2;
    let relayer = Relayer::start(config).await.unwrap();
    let all = Enclave::new(1).take(3);
    post_all(&relayer, &all[..2]).await;
    let (status, body) = post(relayer.address(), &all[2]).await;
    assert_eq!((status, body["code"].as_str()), (429, Some("queue_full")), "{body}");
    relayer.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_answers_per_statement() {
    let (dir, fake) = (home(), Fake::start().await);
    let relayer = start(dir.path(), &fake).await;
    let good = Enclave::new(1).take(2);
    post_all(&relayer, &good[..1]).await;
    let mut foreign = good[1].clone();
    foreign.contract = "wasm1other".into();
    let body = serde_json::json!({ "statements": [good[0], foreign, good[1], good[1]] });
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("http://{}/v1/statements/batch", relayer.address());
    let response = client.post(&url).json(&body).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 202);
    let answer: serde_json::Value = response.json().await.unwrap();
    let statuses: Vec<_> = answer["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [200, 422, 202, 200]);
    let empty = client
        .post(&url)
        .json(&serde_json::json!({ "statements": [] }))
        .send()
        .await
        .unwrap();
    assert_eq!(empty.status().as_u16(), 400);
    wait_for(&relayer, &good, DONE).await;
    let (status, view) = get(
        relayer.address(),
        &format!("/v1/statements/{}", hex::encode(digest(&good[1]))),
    )
    .await;
    let view: serde_json::Value = serde_json::from_str(&view).unwrap();
    assert_eq!(
        (status, view["state"].as_str(), view["outcome"].as_str()),
        (200, Some("final"), Some("accepted"))
    );
    assert!(view["tx_hash"].as_str().is_some_and(|hash| hash.len() == 64));
    let unknown = get(relayer.address(), &format!("/v1/statements/{}", "00".repeat(32))).await;
    assert_eq!(unknown.0, 404);
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn listeners_hear_every_step() {
    let (dir, fake) = (home(), Fake::start().await);
    let relayer = start(dir.path(), &fake).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut stream = client
        .get(format!("http://{}/v1/events", relayer.address()))
        .send()
        .await
        .unwrap();
    let all = Enclave::new(1).take(1);
    post_all(&relayer, &all).await;
    let mut heard = String::new();
    let listen = async {
        while !heard.contains("\"final\"") {
            heard.push_str(&String::from_utf8_lossy(&stream.chunk().await.unwrap().unwrap()));
        }
    };
    tokio::time::timeout(Duration::from_secs(20), listen).await.unwrap();
    let place = |state: &str| {
        heard
            .find(&format!("\"{state}\""))
            .unwrap_or_else(|| panic!("{state} not in {heard}"))
    };
    let places: Vec<_> = ["received", "queued", "in_flight", "included", "final"]
        .map(place)
        .into();
    assert!(places.is_sorted(), "{heard}");
    relayer.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_forgotten_is_read_back_from_the_contract_when_posted_again() {
    let (dir, fake) = (home(), Fake::start().await);
    let mut config = config(dir.path(), &[fake.url()]);
    config.outbox.keep_days = 1;
    let relayer = Relayer::start(config.clone()).await.unwrap();
    let mut enclave = Enclave::new(1);
    let all = enclave.take(3);
    post_all(&relayer, &all).await;
    wait_for(&relayer, &all, DONE).await;
    relayer.stop().await;

    fake.advance(100_000);
    let relayer = Relayer::start(config).await.unwrap();
    for _ in 0..500 {
        if all.iter().all(|envelope| stage(&relayer, envelope).is_none()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (_, metrics) = get(relayer.address(), "/metrics").await;
    assert!(metrics.contains("relayer_pruned_total 3"), "{metrics}");
    assert!(metrics.contains("relayer_outbox{state=\"final\"} 0"), "{metrics}");
    let next = enclave.take(1);
    post_all(&relayer, &all).await;
    post_all(&relayer, &next).await;
    wait_for(&relayer, &all, &[State::Duplicate]).await;
    wait_for(&relayer, &next, DONE).await;
    assert_once(&fake, &[all, next].concat());
    relayer.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_other_relayers_leave_undone_is_done_after_their_time() {
    let (dir, fake) = (home(), Fake::start().await);
    let mut config = config(dir.path(), &[fake.url()]);
    // Both are down.
    config.planner.peers = vec!["wasm1first".into(), "wasm1second".into()];
    config.planner.peer_delay_ms = 700;
    let relayer = Relayer::start(config.clone()).await.unwrap();
    let mut enclave = Enclave::new(1);
    let mut next = || loop {
        let envelope = enclave.next();
        if relayer::planner::rank(&digest(&envelope), relayer.account(), &config.planner.peers) == 2 {
            return envelope;
        }
        fake.post_by_other(&envelope);
    };
    let last = [next()];
    let started = std::time::Instant::now();
    post_all(&relayer, &last).await;
    wait_for(&relayer, &last, DONE).await;
    assert!(
        started.elapsed() >= Duration::from_millis(1_400),
        "it was another's turn"
    );
    relayer.stop().await;
}

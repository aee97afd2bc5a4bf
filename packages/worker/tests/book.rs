//! From a log to reports and back: nothing is lost, nothing is invented, every call is provable.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;

use attestation::{log_root, verify_call, verify_leaves, Entry, Leaf, Proof};
use common::{addresses, home, open, rates, spec, write_log, Fixture, GATEWAY, START};
use cosmwasm_std::Uint128;
use interfaces::attestation_oracle::{ChallengeState, ChallengeStateResponse, ExecuteMsg, ProvenCall};
use interfaces::credit_vault::ReportRef;
use proptest::prelude::*;
use worker::gateway::book::Side;
use worker::gateway::close::{accounts, Span};
use worker::gateway::expected::expected;
use worker::gateway::prove::prove_call;
use worker::gateway::reveal::reveal_message;
use worker::Error;

fn line(id: &str, time: u64, user: &str, model: &str, units: (u64, u64)) -> String {
    format!(
        r#"{{"id":"{id}","created":{time},"model":"{model}","user":"{user}","usage":{{"prompt_tokens":{},"completion_tokens":{}}}}}"#,
        units.0, units.1
    )
}

fn write(fixture: &Fixture, lines: &[String]) -> std::path::PathBuf {
    let path = fixture.log();
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    path
}

fn totals(fixture: &Fixture) -> (BTreeMap<String, u128>, u128) {
    let mut by_account = BTreeMap::new();
    for (_, _, entries) in fixture.signed() {
        for entry in entries {
            *by_account.entry(entry.account).or_default() += entry.list;
        }
    }
    let sum = by_account.values().sum();
    (by_account, sum)
}

#[test]
fn a_generated_log_comes_to_what_the_slow_loop_says() {
    let mut fixture = Fixture::new();
    let log = fixture.log();
    write_log(&log, &spec(5_000, 60, 3_600));
    let rates_file = fixture.dir.path().join("rates.json");
    fs::write(&rates_file, serde_json::to_vec(&rates()).unwrap()).unwrap();
    let slow = expected(&log, &rates_file, 600).unwrap();
    let tally = fixture.ingest(&log);
    let closed = fixture.close_all();
    fixture.sign();
    assert_eq!(
        (tally.calls, closed.windows, closed.entries),
        (slow.calls, slow.windows, slow.entries)
    );
    assert_eq!(closed.list, slow.credits_consumed);
    let (by_account, sum) = totals(&fixture);
    assert_eq!(Uint128::new(sum), slow.credits_consumed);
    let slow_accounts: BTreeMap<String, u128> = slow.accounts.into_iter().map(|(a, c)| (a, c.u128())).collect();
    assert_eq!(by_account, slow_accounts);
}

#[test]
fn a_large_account_set_is_several_complete_reports_of_one_window() {
    let mut fixture = Fixture::new();
    let users = addresses(130);
    let lines: Vec<_> = users
        .iter()
        .enumerate()
        .map(|(i, user)| line(&i.to_string(), START, user, "gpt-4o", (100, 100)))
        .collect();
    let log = write(&fixture, &lines);
    fixture.ingest(&log);
    let closed = fixture.close_all();
    fixture.sign();
    assert_eq!((closed.windows, closed.reports, closed.entries), (1, 2, 260));
    let reports = fixture.signed();
    assert_eq!(
        reports.iter().map(|(_, r, e)| (r.seq, e.len())).collect::<Vec<_>>(),
        [(1, 200), (2, 60)]
    );
    assert_eq!(reports[0].1.window, reports[1].1.window);
    assert_eq!(reports[1].1.prev_digest, reports[0].0.digest);
    for (_, report, entries) in &reports {
        let root = log_root(entries).unwrap();
        assert_eq!((root.hash, root.sums.calls), (report.log_root, report.calls));
    }
    // The boundary falls inside an account; together the reports still hold every (account, SKU) once.
    let keys: BTreeSet<_> = reports
        .iter()
        .flat_map(|(_, _, e)| e)
        .map(|e| (e.account.clone(), e.sku.clone()))
        .collect();
    assert_eq!(keys.len(), 260);
}

#[test]
fn bad_lines_are_named_and_never_end_a_run() {
    let mut fixture = Fixture::new();
    let user = addresses(1).remove(0);
    let good = |id: &str| line(id, START, &user, "gpt-4o", (10, 10));
    let lines = [
        good("a"),
        "not json".into(),
        good("a"),
        line("b", START, "wasm1notanaddress", "gpt-4o", (1, 1)),
        line("c", START, &user.replace("wasm1", "cosmos1"), "gpt-4o", (1, 1)),
        line("d", START, &user.to_uppercase(), "gpt-4o", (1, 1)),
        line("e", START, &user, "unknown", (1, 1)),
        line("f", START, &user, "gpt-4o", (0, 0)),
        line("g g", START, &user, "gpt-4o", (1, 1)),
        line("h", START * 1_000, &user, "gpt-4o", (1, 1)),
        line("i", START, &user, "gpt-4o", (u64::MAX, 1)),
        line("j", START, &user, &"m".repeat(61), (1, 1)),
        String::new(),
        "x".repeat(2 << 20),
        good("z"),
    ];
    let log = write(&fixture, &lines);
    let tally = fixture.ingest(&log);
    assert_eq!(
        (
            tally.lines,
            tally.calls,
            tally.duplicates,
            tally.unpriced,
            tally.malformed
        ),
        (14, 2, 1, 1, 10)
    );
    let numbers: Vec<u64> = tally.refused.iter().map(|refused| refused.line).collect();
    assert_eq!(numbers, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14]);
    assert_eq!(fixture.close_all().leaves, 4);
}

#[test]
fn a_log_read_twice_is_reported_once() {
    let mut fixture = Fixture::new();
    let log = fixture.log();
    write_log(&log, &spec(500, 5, 600));
    assert_eq!(fixture.ingest(&log).calls, 500);
    assert_eq!(fixture.ingest(&log).lines, 0, "goes on where it stopped");
    let copy = fixture.dir.path().join("copy.jsonl");
    fs::copy(&log, &copy).unwrap();
    let again = fixture.ingest(&copy);
    assert_eq!((again.calls, again.duplicates), (0, 500));
    assert_eq!(fixture.close_all().leaves, 1_000);
}

#[test]
fn a_growing_log_is_read_on_and_a_replaced_one_from_its_start() {
    let mut fixture = Fixture::new();
    let user = addresses(1).remove(0);
    let log = fixture.log();
    fs::write(&log, line("1", START, &user, "gpt-4o", (1, 1)) + "\n{\"id\":\"2\",").unwrap();
    assert_eq!(fixture.ingest_growing(&log, true).lines, 1, "a half-written line waits");
    let mut file = fs::OpenOptions::new().append(true).open(&log).unwrap();
    let rest = line("2", START, &user, "gpt-4o", (1, 1)).replacen("{\"id\":\"2\",", "", 1);
    writeln!(file, "{rest}").unwrap();
    let tally = fixture.ingest_growing(&log, true);
    assert_eq!((tally.calls, tally.malformed), (1, 0));
    fs::write(&log, line("3", START, &user, "gpt-4o", (1, 1)) + "\n").unwrap();
    assert_eq!(fixture.ingest_growing(&log, true).calls, 1, "rotated");
}

#[test]
fn a_late_call_of_the_newest_window_is_reported_and_of_an_older_one_is_not() {
    let mut fixture = Fixture::new();
    let user = addresses(1).remove(0);
    let call = |id: &str, time| line(id, time, &user, "gpt-4o", (100, 0));
    let log = write(&fixture, &[call("1", START), call("2", START + 600)]);
    fixture.ingest(&log);
    assert_eq!(fixture.close_all().reports, 2);
    let more = fixture.dir.path().join("more.jsonl");
    fs::write(&more, [call("3", START + 1), call("4", START + 601)].join("\n")).unwrap();
    let tally = fixture.ingest(&more);
    assert_eq!((tally.calls, tally.late), (1, 1));
    assert_eq!(fixture.close_all().reports, 1);
    fixture.sign();
    let starts: Vec<u64> = fixture
        .signed()
        .iter()
        .map(|(_, report, _)| report.window.start())
        .collect();
    assert_eq!(starts, [START, START + 600, START + 600], "never falls");
}

#[test]
fn calls_outside_an_accounts_span_are_left_out_and_the_rest_stay_provable() {
    let mut fixture = Fixture::new();
    let users = addresses(3);
    let mut lines = vec![];
    for time in START..START + 10 {
        for (i, user) in users.iter().enumerate() {
            lines.push(line(&format!("{i}-{time}"), time, user, "gpt-4o", (1_000, 0)));
        }
    }
    let log = write(&fixture, &lines);
    fixture.ingest(&log);
    let batch = fixture.open_batches()[0];
    let mut spans = fixture.all_open();
    for (id, address) in accounts(&fixture.conn, &batch).unwrap() {
        match users.iter().position(|user| *user == address).unwrap() {
            0 => spans.insert(
                id,
                Span {
                    first: START + 2,
                    last: START + 4,
                },
            ),
            1 => spans.remove(&id),
            _ => None,
        };
    }
    let closed = fixture.close_with(&spans);
    assert_eq!((closed.leaves, closed.left_out), (13, 17));
    fixture.sign();
    let (_, report, entries) = fixture.signed().remove(0);
    let closing = entries.iter().find(|entry| entry.account == users[0]).unwrap();
    assert_eq!((closing.calls, closing.last), (3, START + 4));
    assert!(entries.iter().all(|entry| entry.account != users[1]));
    check_proof(
        &report.log_root,
        &prove_call(&fixture.conn, &format!("0-{}", START + 3), Side::In).unwrap(),
    );
    for left_out in [format!("0-{}", START + 5), format!("1-{START}")] {
        let error = prove_call(&fixture.conn, &left_out, Side::In).unwrap_err();
        assert!(matches!(error, Error::UnknownCall { .. }), "{left_out}");
    }
}

fn check_proof(log_root: &[u8; 32], call: &ProvenCall) {
    let entry = Entry::decode(&call.entry).unwrap();
    let leaf = Leaf::decode(&call.leaf).unwrap();
    let (entry_proof, leaf_proof) = (
        Proof::decode(&call.entry_proof).unwrap(),
        Proof::decode(&call.leaf_proof).unwrap(),
    );
    verify_call(log_root, &entry, &entry_proof, &leaf, &leaf_proof).unwrap();
    let forged = Leaf {
        units: leaf.units + 1,
        ..leaf
    };
    assert!(verify_call(log_root, &entry, &entry_proof, &forged, &leaf_proof).is_err());
}

#[test]
fn every_call_of_a_log_is_proved_and_another_one_is_not() {
    let mut fixture = Fixture::new();
    let log = fixture.log();
    write_log(&log, &spec(300, 7, 1_000));
    fixture.ingest(&log);
    fixture.close_all();
    fixture.sign();
    let roots: BTreeMap<u64, [u8; 32]> = fixture.signed().iter().map(|(_, r, _)| (r.seq, r.log_root)).collect();
    for text in fs::read_to_string(&log).unwrap().lines() {
        let call: serde_json::Value = serde_json::from_str(text).unwrap();
        for side in [Side::In, Side::Out] {
            let proven = prove_call(&fixture.conn, call["id"].as_str().unwrap(), side).unwrap();
            check_proof(&roots[&proven.report.seq], &proven);
        }
    }
    assert!(matches!(
        prove_call(&fixture.conn, "other", Side::In),
        Err(Error::UnknownCall { .. })
    ));
}

fn challenge(entry_index: u16, first_leaf: u64, count: u16) -> ChallengeStateResponse {
    ChallengeStateResponse {
        challenge: 9,
        report: ReportRef {
            gateway: GATEWAY,
            key_epoch: 1,
            seq: 1,
        },
        entry_index,
        account: String::new(),
        first_leaf,
        count,
        deadline: 0,
        state: ChallengeState::Open,
        vault_pending: false,
    }
}

#[test]
fn a_challenge_is_answered_with_exactly_the_leaves_asked_for() {
    let mut fixture = Fixture::new();
    let log = fixture.log();
    write_log(&log, &spec(400, 2, 500));
    fixture.ingest(&log);
    fixture.close_all();
    fixture.sign();
    let (_, _, entries) = fixture.signed().remove(0);
    for (index, entry) in entries.iter().enumerate() {
        let last = entry.calls.min(64);
        for (first, count) in [(0, 1), (0, last), (entry.calls - 1, 1), (entry.calls / 2, 2)] {
            let message = reveal_message(&fixture.conn, &challenge(index as u16, first, count as u16)).unwrap();
            let ExecuteMsg::RevealLeaves {
                challenge: 9,
                leaves,
                proof,
            } = message
            else {
                panic!("another message")
            };
            let leaves: Vec<Leaf> = leaves.iter().map(|leaf| Leaf::decode(leaf).unwrap()).collect();
            let proof = Proof::decode(&proof).unwrap();
            assert_eq!((u64::from(proof.index), leaves.len() as u64), (first, count));
            verify_leaves(entry, &leaves, &proof).unwrap();
        }
        let beyond = reveal_message(&fixture.conn, &challenge(index as u16, entry.calls, 1));
        assert!(matches!(beyond, Err(Error::NoSuchLeaves { .. })));
    }
    assert!(matches!(
        reveal_message(&fixture.conn, &challenge(99, 0, 1)),
        Err(Error::NoSuchLeaves { calls: 0, .. })
    ));
}

#[test]
fn a_book_closed_and_opened_again_goes_on() {
    let mut fixture = Fixture::new();
    let log = fixture.log();
    write_log(&log, &spec(100, 3, 500));
    fixture.ingest(&log);
    fixture.close_all();
    let path = fixture.dir.path().join("gateway.db");
    fixture.conn = open(&path);
    assert_eq!(fixture.sign(), 1, "what was reserved before is signed now");
    assert_eq!(fixture.close_all().reports, 0);
    assert_eq!(home().contract(), "wasm1oracle");
}

fn arbitrary_calls() -> impl Strategy<Value = Vec<(u8, u64, usize, usize, u64, u64)>> {
    // (id, time, user, model, in, out): few of each, so that everything collides.
    let call = (
        0u8..40,
        0u64..2_000,
        0usize..4,
        0usize..3,
        0u64..3_000_000,
        0u64..3_000_000,
    );
    proptest::collection::vec(call, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Σ leaves == Σ entries == what a walk over the log says; and every leaf is where the book says it is.
    #[test]
    fn logs_are_conserved(calls in arbitrary_calls()) {
        let models = ["gpt-4o", "gpt-4o-mini", "unlisted"];
        let mut fixture = Fixture::new();
        let users = addresses(4);
        let lines: Vec<String> = calls
            .iter()
            .map(|(id, time, user, model, i, o)| line(&id.to_string(), START + time, &users[*user], models[*model], (*i, *o)))
            .collect();
        let log = write(&fixture, &lines);
        let rates_file = fixture.dir.path().join("rates.json");
        fs::write(&rates_file, serde_json::to_vec(&rates()).unwrap()).unwrap();
        let slow = expected(&log, &rates_file, 600).unwrap();
        let tally = fixture.ingest(&log);
        prop_assert_eq!(tally.calls, slow.calls);
        prop_assert_eq!(tally.lines - tally.calls, slow.skipped);
        let closed = fixture.close_all();
        fixture.sign();
        prop_assert_eq!(closed.list, slow.credits_consumed);
        let (by_account, _) = totals(&fixture);
        for (account, credits) in &slow.accounts {
            prop_assert_eq!(by_account[account], credits.u128());
        }
        leaves_add_up(&fixture);
    }
}

/// Asks for every leaf of every entry and adds up.
fn leaves_add_up(fixture: &Fixture) {
    for (_, report, entries) in fixture.signed() {
        for (index, entry) in entries.iter().enumerate() {
            let (mut units, mut list, mut cost, mut last) = (0, 0, 0, 0);
            for first in 0..entry.calls {
                let mut ask = challenge(index as u16, first, 1);
                ask.report.seq = report.seq;
                let Ok(ExecuteMsg::RevealLeaves { leaves, .. }) = reveal_message(&fixture.conn, &ask) else {
                    panic!()
                };
                let leaf = Leaf::decode(&leaves[0]).unwrap();
                assert!((report.window.start()..report.window.end()).contains(&leaf.time));
                units += leaf.units;
                list += leaf.list;
                cost += leaf.cost;
                last = last.max(leaf.time);
            }
            assert_eq!(
                (units, list, cost, last),
                (entry.units, entry.list, entry.cost, entry.last)
            );
        }
    }
}

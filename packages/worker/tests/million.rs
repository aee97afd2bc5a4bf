//! A million calls in one window: one report, bounded memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use std::fs;
use std::io::BufRead;
use std::time::Instant;

use common::{peak_kib, spec, write_log, Fixture};
use interfaces::attestation_oracle::ProvenCall;
use worker::gateway::book::Side;
use worker::gateway::prove::prove_call;

/// What 50 accounts and 2 models may need, however many calls they make.
const MOST_KIB: u64 = 160 * 1024;

fn settle(calls: u64) {
    let mut fixture = Fixture::new();
    let log = fixture.log();
    write_log(&log, &spec(calls, 50, 599));
    let started = Instant::now();
    let tally = fixture.ingest(&log);
    let read = started.elapsed();
    let closed = fixture.close_all();
    let built = started.elapsed();
    assert_eq!((tally.calls, tally.duplicates, tally.malformed), (calls, 0, 0));
    assert_eq!((closed.windows, closed.reports, closed.entries), (1, 1, 200));
    assert_eq!(closed.leaves, 2 * calls);
    assert_eq!(fixture.sign(), 1);
    let (_, report, entries) = fixture.signed().remove(0);
    assert_eq!((report.calls, entries.len()), (2 * calls, 200));
    let (proof, proved) = prove_last(&fixture, &log);
    assert_eq!(proof.report.seq, 1);
    let peak = peak_kib();
    let per_call = fs::metadata(fixture.dir.path().join("gateway.db")).unwrap().len() / calls;
    eprintln!("{calls} calls: read {read:?}, closed after {built:?}, one proof {proved:?}, peak {peak} KiB, {per_call} B a call on disk");
    assert!(peak < MOST_KIB, "{peak} KiB");
}

fn prove_last(fixture: &Fixture, log: &std::path::Path) -> (ProvenCall, std::time::Duration) {
    // Line by line: the test must not need the memory it measures.
    let lines = std::io::BufReader::new(fs::File::open(log).unwrap()).lines();
    let last: serde_json::Value = serde_json::from_str(&lines.last().unwrap().unwrap()).unwrap();
    let started = Instant::now();
    (
        prove_call(&fixture.conn, last["id"].as_str().unwrap(), Side::Out).unwrap(),
        started.elapsed(),
    )
}

/// One process, one test at a time: peak memory is the process's.
#[test]
fn memory_does_not_grow_with_calls() {
    settle(50_000);
}

#[test]
#[ignore = "a minute; run with --ignored alone"]
fn a_million_calls_are_one_report() {
    settle(1_000_000);
}

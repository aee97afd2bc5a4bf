//! The shipped Wasm in cosmwasm-vm.

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use replay::chains::{artifacts, in_process, vm, SLACK};
use replay::clock::Clock;
use replay::dcap::{enrolments, refusals, Verifier};
use replay::echo::{Echo, Kept};
use replay::op::Op;
use replay::record::difference;
use replay::stage::{Stage, START};
use replay::traces;
use tee_testkit::Sample;

/// Most gas of compute that a full check may cost.
const MOST_GAS: u64 = 30_000;

#[test]
#[ignore = "builds a Wasm VM"]
fn the_same_traces_leave_the_same_behind_as_in_process() {
    let ops = common::programme(&[1, 2, 3, 4], 60);
    let mut kept = Kept::vm(vm(START).unwrap());
    let wasm = common::perform(&mut kept, &ops).unwrap();
    // In the same seconds: interest and mean prices follow them.
    let mut echo = Echo::new(in_process(START).unwrap(), kept.times);
    let native = common::perform(&mut echo, &ops).unwrap();
    assert_eq!(difference(&native, &wasm), None);
    assert!(native.len() > 200, "{} steps", native.len());
}

/// A comparison of traces is worth what they hold.
#[test]
fn traces_hold_every_kind_of_operation() {
    let mut held = traces::kinds(&common::programme(&[1, 2, 3, 4], 60));
    held.insert("Advance".to_owned());
    let mut all = BTreeSet::new();
    for seed in 0..100 {
        all.extend(traces::kinds(&traces::seeded(seed, 100).unwrap()));
    }
    all.insert(traces::kinds(&[Op::Steal { oracle: false }]).pop_first().unwrap());
    let missing: Vec<_> = all.difference(&held).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(all.len() > 60, "{all:?}");
}

#[test]
#[ignore = "builds a Wasm VM"]
fn real_quotes_verify_to_the_second_within_their_gas() {
    for sample in [Sample::Sgx, Sample::Tdx, Sample::Tdx15Ex] {
        let real = sample.load().unwrap();
        let mut chain = vm(real.valid_at()).unwrap();
        let mut verifier = Verifier::new(&mut chain, &artifacts().unwrap(), None).unwrap();
        verifier.upload(&real.collateral).unwrap();
        verifier.verify(&real.quote, real.evaluation).unwrap().unwrap();
        let address = verifier.address;
        let gas = chain.query_gas().unwrap();
        eprintln!("{sample:?}: {gas} gas of compute");
        assert!((1..=MOST_GAS).contains(&gas), "{gas}");

        let mut verifier = Verifier::at(&mut chain, address).unwrap();
        let near = verifier.end_of(&real, Duration::from_secs(1), false).unwrap();
        assert_eq!(near, (Duration::from_secs(1), Duration::ZERO));
    }
}

#[test]
#[ignore = "builds a Wasm VM"]
fn a_malicious_migration_waits_until_everybody_has_left() {
    for oracle in [false, true] {
        common::theft(&mut vm(START).unwrap(), oracle).unwrap();
    }
}

#[test]
#[ignore = "builds a Wasm VM"]
fn each_false_quote_is_refused_by_its_own_code() {
    refusals(&mut vm(START).unwrap(), &artifacts().unwrap(), START).unwrap();
}

#[test]
#[ignore = "builds a Wasm VM"]
fn each_false_enrolment_is_refused_by_its_own_code() {
    let mut chain = vm(START).unwrap();
    enrolments(&mut Stage::new(&mut chain, &artifacts().unwrap(), Clock::slack(START, SLACK)).unwrap()).unwrap();
}

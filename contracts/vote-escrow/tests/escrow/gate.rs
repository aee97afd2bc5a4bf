//! The identity gate: asked for new locks, and for nothing else.

use cosmwasm_std::{from_json, to_json_binary, Addr, Binary, ContractResult, SystemError, SystemResult, WasmQuery};
use interfaces::vote_escrow::{GateQuery, Params};

use crate::bench::*;

/// A gate that answers with what `answer` makes of the address it is asked about.
fn gated(answer: impl Fn(&str) -> Option<Binary> + 'static) -> Bench {
    let mut bench = Bench::new();
    let gate = bench.user("gate").into_string();
    bench.set_params(Params {
        gate: Some(gate.clone()),
        ..params()
    });
    bench.querier.update_wasm(move |query| {
        let WasmQuery::Smart { contract_addr, msg } = query else {
            panic!("another question: {query:?}");
        };
        assert_eq!(contract_addr, &gate);
        let GateQuery::Admits { address } = from_json(msg).unwrap();
        match answer(&address) {
            Some(answer) => SystemResult::Ok(ContractResult::Ok(answer)),
            None => SystemResult::Err(SystemError::NoSuchContract { addr: gate.clone() }),
        }
    });
    bench
}

fn json(answer: bool) -> Option<Binary> {
    Some(to_json_binary(&answer).unwrap())
}

#[test]
fn gate_decides_about_new_locks() {
    let alice = Bench::new().user("alice");
    let known = alice.to_string();
    let mut bench = gated(move |address| json(address == known));
    bench.lock(&alice, MIN, NOW + YEAR);
    let bob = bench.user("bob");
    assert_eq!(bench.try_lock(&bob, MIN, NOW + YEAR).unwrap_err().code(), 10);
    assert_eq!(bench.try_lock_for(&bob, MIN, NOW + YEAR).unwrap_err().code(), 10);
    assert_eq!(bench.view(&bob).amount, amount(0));
}

#[test]
fn a_gate_that_does_not_answer_admits_nobody() {
    type Answer = fn(&str) -> Option<Binary>;
    let cases: [(&str, Answer); 3] = [
        ("gone", |_| None),
        ("another type", |_| Some(Binary::from(br#""true""#))),
        ("an object", |_| Some(Binary::from(br#"{"admits":true}"#))),
    ];
    for (name, answer) in cases {
        let mut bench = gated(answer);
        let alice = bench.user("alice");
        assert_eq!(
            bench.try_lock(&alice, MIN, NOW + YEAR).unwrap_err().code(),
            10,
            "{name}"
        );
    }
}

#[test]
fn a_gate_that_turns_hostile_keeps_nobody_in() {
    let mut bench = gated(|_| json(true));
    let alice = bench.user("alice");
    bench.lock(&alice, MIN, NOW + 30 * DAY);
    bench.querier.update_wasm(|query| panic!("nobody is asked: {query:?}"));
    bench.try_increase(&alice, 1).unwrap();
    bench.try_lock_for(&alice, 1, NOW + 30 * DAY).unwrap();
    bench.extend(&alice, NOW + 60 * DAY).unwrap();
    bench.wait(90 * DAY);
    bench.withdraw(&alice).unwrap();
}

#[test]
fn without_a_gate_nobody_is_asked() {
    let mut bench = gated(|_| json(false));
    bench.set_params(params());
    let alice: Addr = bench.user("alice");
    bench.lock(&alice, MIN, NOW + YEAR);
}

//! The shipped Wasm on a live wasmd whose clock is held. One chain at a time.

mod common;

use std::time::Duration;

use cosmwasm_std::coins;
use interfaces::attestation_oracle as oracle;
use interfaces::credit_vault::{self as vault, EntryOutcome, Rate, SettlementResponse};
use replay::chains::{artifacts, in_process, Wasmd, SLACK};
use replay::clock::Clock;
use replay::dcap::{enrolments, refusals, Verifier};
use replay::echo::{Echo, Kept};
use replay::million::{is_proved, report, Log};
use replay::op::{Who, DAY, HOUR, ONE};
use replay::record::difference;
use replay::stage::{Stage, DENOM, GATEWAY_BOND, START, SUBJECTS};
use suite::{Account, Chain, Msg};
use tee_testkit::Sample;

#[test]
#[ignore = "starts a wasmd"]
fn the_same_traces_leave_the_same_behind_as_in_process() {
    let ops = common::short_programme(&[1], 30);
    let wasmd = Wasmd::start(START).unwrap();
    let mut kept = Kept::live(wasmd.live().unwrap());
    let live = common::perform(&mut kept, &ops).unwrap();
    // In the same seconds: interest and mean prices follow them.
    let mut echo = Echo::new(in_process(START).unwrap(), kept.times);
    let native = common::perform(&mut echo, &ops).unwrap();
    assert_eq!(difference(&native, &live), None);
}

#[test]
#[ignore = "starts a wasmd"]
fn a_malicious_migration_waits_until_everybody_has_left() {
    for oracle in [false, true] {
        let wasmd = Wasmd::start(START).unwrap();
        common::theft(&mut wasmd.live().unwrap(), oracle).unwrap();
    }
}

#[test]
#[ignore = "starts a wasmd"]
fn evidence_is_judged_by_the_chains_clock() {
    let real = [Sample::Sgx, Sample::Tdx].map(|sample| sample.load().unwrap());
    let (from, until) = (
        real.iter().map(|r| r.window.0).max().unwrap(),
        real.iter().map(|r| r.window.1).min().unwrap(),
    );
    assert!(from < until, "no moment at which both are valid");
    let wasmd = Wasmd::start(from + 60).unwrap();
    let mut live = wasmd.live().unwrap();
    let artifacts = artifacts().unwrap();
    let mut verifier = Verifier::new(&mut live, &artifacts, None).unwrap();
    let mut ends = Vec::new();
    for real in &real {
        verifier.upload(&real.collateral).unwrap();
        let verified = verifier.verify(&real.quote, real.evaluation).unwrap().unwrap();
        eprintln!(
            "{:?} {:?}, valid until {}",
            verified.tee, verified.tcb_status, verified.valid_until
        );
        ends.push((verified.valid_until, real));
    }
    ends.sort_by_key(|(until, _)| *until);
    for (_, real) in ends {
        let (before, after) = verifier.end_of(real, Duration::from_secs(1), true).unwrap();
        eprintln!("verified {before:?} before nextUpdate, refused {after:?} after");
    }
    live.advance(Duration::from_secs(START - live.block().unwrap().time.seconds()))
        .unwrap();
    refusals(&mut live, &artifacts, START).unwrap();
    let now = live.block().unwrap().time.seconds();
    enrolments(&mut Stage::new(&mut live, &artifacts, Clock::slack(now, SLACK)).unwrap()).unwrap();
}

const CALLS: u64 = 1_000_000;
const ACCOUNTS: usize = 50;
/// What a validator takes at most, of gas and of bytes.
const BLOCK_GAS: u64 = 100_000_000;
const TX_BYTES: u64 = 1_048_576;

#[test]
#[ignore = "starts a wasmd"]
fn a_million_calls_of_fifty_accounts_settle_in_one_transaction() {
    let wasmd = Wasmd::start(START).unwrap();
    let mut live = wasmd.live().unwrap();
    let users: Vec<Account> = (0..ACCOUNTS)
        .map(|i| Account::dev(&format!("user{i}")).unwrap())
        .collect();
    let skus: Vec<String> = ["a/in", "a/out", "b/in", "b/out"].map(String::from).to_vec();
    let rate = 40_000_000u128;

    let mut stage = Stage::new(&mut live, &artifacts().unwrap(), Clock::slack(START, SLACK)).unwrap();
    stage.begin().unwrap();
    let card = |sku: &String| Rate {
        sku: sku.clone(),
        gateway: 1,
        list: rate.into(),
        cost: rate.into(),
    };
    let rates = skus.iter().map(card).collect();
    stage
        .vault(Who::Operator, &vault::ExecuteMsg::ProposeRates { rates }, 0)
        .unwrap()
        .unwrap();
    stage.clock.pass(2 * DAY + HOUR);
    stage.begin().unwrap();
    stage.renew_collateral().unwrap();
    stage.request(SUBJECTS[0], 1, GATEWAY_BOND).unwrap().unwrap();
    stage.enrol(SUBJECTS[0]).unwrap().unwrap();
    open_accounts(&wasmd, &users, &stage.at.credit_vault);

    stage.clock.pass(HOUR);
    let now = stage.begin().unwrap();
    let accounts = users.iter().map(|user| user.address().to_owned()).collect();
    let log = Log {
        calls: CALLS,
        accounts,
        skus,
        rate,
        start: now - 600,
        end: now,
    };
    let started = std::time::Instant::now();
    let entries = log.build().unwrap();
    assert_eq!(entries.len(), 200);
    eprintln!(
        "{CALLS} calls became {} entries in {:?}",
        entries.len(),
        started.elapsed()
    );

    let (statement, name) = report(&stage, &log, &entries).unwrap();
    let msg = oracle::ExecuteMsg::Submit {
        statements: vec![statement],
    };
    let bytes = serde_json::to_vec(&msg).unwrap().len() as u64;
    let outcome = stage.oracle(Who::Relayer, &msg, 0).unwrap().unwrap();
    let settled: SettlementResponse = stage
        .query(&stage.at.credit_vault, &vault::QueryMsg::Settlement { report: name })
        .unwrap();
    assert!(settled
        .entries
        .iter()
        .all(|e| e.outcome == EntryOutcome::Charged && !e.charged.is_zero()));
    let charged: u128 = settled.entries.iter().map(|e| e.charged.u128()).sum();
    // The slow way, from the calls.
    assert_eq!(charged, (0..CALLS).map(|n| log.call(n).list).sum::<u128>());
    let gas = outcome.gas_used;
    eprintln!(
        "one transaction: {gas} gas, {bytes} bytes, {} gas per entry, {charged} µCredit",
        gas / 200
    );
    assert!(gas < BLOCK_GAS && bytes < TX_BYTES);
    let per_tx = (BLOCK_GAS / gas).min(TX_BYTES / bytes).min(oracle::MAX_BATCH as u64);
    eprintln!(
        "2,000 accounts with 4 SKUs are 40 reports of 200 entries: {} transactions of at most {per_tx} reports",
        40u64.div_ceil(per_tx)
    );

    for number in [0, 1, 777_777, CALLS - 1] {
        let call = log.call(number);
        assert!(
            is_proved(&stage, log.prove(&entries, name, number, &call).unwrap()).unwrap(),
            "{number}"
        );
        let mut dearer = call.clone();
        dearer.list += 1;
        let mut other = call;
        other.call_id.push('!');
        for absent in [dearer, other] {
            assert!(
                !is_proved(&stage, log.prove(&entries, name, number, &absent).unwrap()).unwrap(),
                "{absent:?}"
            );
        }
    }
}

/// All at once: they are different accounts.
fn open_accounts(wasmd: &Wasmd, users: &[Account], vault: &str) {
    let live = wasmd.live().unwrap();
    let amount = 100_000 * ONE;
    let deposit = Msg::execute(vault, &vault::ExecuteMsg::Deposit { to: None }, &coins(amount, DENOM)).unwrap();
    let open = vault::ExecuteMsg::OpenSpending {
        gateway: 1,
        amount: amount.into(),
        max_per_day: amount.into(),
    };
    let open = Msg::execute(vault, &open, &[]).unwrap();
    let hashes: Vec<_> = users
        .iter()
        .map(|user| live.submit(user, &[deposit.clone(), open.clone()], 600_000).unwrap())
        .collect();
    hashes.iter().for_each(|hash| drop(live.confirm(hash).unwrap()));
}

//! Random operations over the whole suite on cw-multi-test, held to the shadow and the conservation laws after each.
//!
//! `REPLAY_CASES=2000 cargo test --test machine` runs longer, `REPLAY_SEED=<text>` repeats a run. A failure prints its smallest trace, ready for `traces/`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::Result;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use replay::chains::{in_process, SLACK};
use replay::clock::Clock;
use replay::echo::Late;
use replay::op::{self, Op};
use replay::play::Play;
use replay::stage::START;
use replay::traces;
use suite::deploy::Artifacts;

type Tally = BTreeMap<String, u32>;

fn play(ops: &[Op]) -> Result<Tally> {
    let mut chain = in_process(START)?;
    let mut play = Play::new(&mut chain, &Artifacts::native(), Clock::exact(START))?;
    play.thorough = false;
    play.run(&Play::prologue())?;
    play.run(&Play::opening())?;
    play.run(ops)?;
    Ok(play.tally)
}

fn cases() -> u32 {
    std::env::var("REPLAY_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(64)
}

fn runner() -> TestRunner {
    let config = Config {
        cases: cases(),
        max_shrink_iters: 150,
        failure_persistence: None,
        ..Config::default()
    };
    let Ok(seed) = std::env::var("REPLAY_SEED") else {
        return TestRunner::new(config);
    };
    let mut bytes = [0; 32];
    bytes.iter_mut().zip(seed.bytes()).for_each(|(to, from)| *to = from);
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

#[test]
fn suite_and_shadow_agree_after_every_operation() {
    let started = Instant::now();
    let tally = RefCell::new(Tally::new());
    let result = runner().run(&op::trace(60..100), |ops| {
        let seen = play(&ops).map_err(|error| {
            eprintln!("{error:#}");
            TestCaseError::fail(format!("{error:#}"))
        })?;
        seen.into_iter()
            .for_each(|(name, count)| *tally.borrow_mut().entry(name).or_default() += count);
        Ok(())
    });
    eprintln!("{} cases in {:?}: {:?}", cases(), started.elapsed(), tally.borrow());
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, ops)) => {
            panic!(
                "{reason}\nA trace for integration-tests/traces:\n{}",
                serde_json::to_string(&ops).unwrap_or_default()
            )
        }
        Err(abort) => panic!("{abort}"),
    }
}

#[test]
fn kept_traces_hold_to_the_second() {
    let mut reached = Tally::new();
    for (name, ops) in traces::kept().unwrap() {
        let seen = play(&ops).map_err(|error| format!("{name}: {error:#}")).unwrap();
        eprintln!("{name}: {seen:?}");
        seen.into_iter()
            .for_each(|(name, count)| *reached.entry(name).or_default() += count);
    }
    let missing: Vec<_> = MILESTONES
        .iter()
        .filter(|event| !reached.contains_key(&format!("event {event}")))
        .collect();
    assert!(missing.is_empty(), "no kept trace reaches {missing:?}");
}

/// As on a live chain, where nobody knows the second in which a block comes.
#[test]
fn traces_of_the_networks_token_hold_when_blocks_come_late() {
    let mut traces = traces::kept().unwrap();
    traces.retain(|(name, _)| name.starts_with("network-"));
    for seed in 0..8 {
        traces.push((format!("seed {seed}"), traces::seeded(seed, 60).unwrap()));
    }
    for (name, ops) in traces {
        let mut chain = Late::new(in_process(START).unwrap());
        let run = |chain| -> Result<()> {
            let mut play = Play::new(chain, &Artifacts::native(), Clock::slack(START, SLACK))?;
            play.thorough = false;
            play.run(&Play::prologue())?;
            play.run(&Play::opening())?;
            play.run(&ops)
        };
        run(&mut chain).map_err(|error| format!("{name}: {error:#}")).unwrap();
    }
}

/// Events of markets and network that kept traces must reach: a comparison of chains is worth what they hold.
const MILESTONES: [&str; 30] = [
    "liquidated_in_part",
    "liquidated",
    "offered",
    "taken",
    "loss",
    "burn",
    "prize_claimed",
    "decided",
    "fees_burned",
    "free_calls",
    "grant",
    "skim",
    "sold",
    "tge",
    "tge_planned",
    "pool_opened",
    "forfeited",
    "beneficiary",
    "increase",
    "extend",
    "withdraw",
    "buyback",
    "fund",
    "spent",
    "issue",
    "reprice",
    "granted",
    "amended",
    "epoch_closed",
    "re_released",
];

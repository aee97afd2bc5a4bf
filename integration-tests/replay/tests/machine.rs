//! Random operations over the whole suite on cw-multi-test, held to the shadow and the conservation laws after each.
//!
//! `REPLAY_CASES=2000 cargo test --test machine` runs longer; a failure leaves its smallest trace in the message, ready for `traces/`.

use anyhow::Result;
use cosmwasm_std::Timestamp;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use replay::clock::Clock;
use replay::op::{self, Op};
use replay::play::Play;
use replay::stage::START;
use replay::thief;
use suite::deploy::Artifacts;
use suite::in_process::InProcess;

fn chain() -> Result<InProcess> {
    let mut chain = InProcess::new("lex-local-1", Timestamp::from_seconds(START))?;
    // Blocks come when the clock says.
    chain.block_time = std::time::Duration::ZERO;
    chain.register(thief::NAME, thief::native);
    Ok(chain)
}

fn play(ops: &[Op]) -> Result<std::collections::BTreeMap<String, u32>> {
    let mut chain = chain()?;
    let mut play = Play::new(&mut chain, &Artifacts::native(), Clock::exact(START))?;
    play.thorough = false;
    play.run(&Play::prologue())?;
    play.run(ops)?;
    Ok(play.tally)
}

fn cases() -> u32 {
    std::env::var("REPLAY_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(96)
}

#[test]
fn suite_and_shadow_agree_after_every_operation() {
    let config = Config { cases: cases(), max_shrink_iters: 400, failure_persistence: None, ..Config::default() };
    let started = std::time::Instant::now();
    let mut runner = match std::env::var("REPLAY_SEED").ok() {
        Some(seed) => {
            let mut bytes = [0; 32];
            bytes[..seed.len().min(32)].copy_from_slice(&seed.as_bytes()[..seed.len().min(32)]);
            TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
        }
        None => TestRunner::new(config),
    };
    let tally = std::cell::RefCell::new(std::collections::BTreeMap::<String, u32>::new());
    let result = runner.run(&op::trace(60..100), |ops| {
        let seen = play(&ops).map_err(|e| {
            TestCaseError::fail(format!("{e:#}\ntrace: {}", serde_json::to_string(&ops).unwrap_or_default()))
        })?;
        let mut tally = tally.borrow_mut();
        seen.into_iter().for_each(|(name, count)| *tally.entry(name).or_default() += count);
        Ok(())
    });
    eprintln!("{} cases in {:?}: {:?}", cases(), started.elapsed(), tally.borrow());
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

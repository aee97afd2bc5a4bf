//! What is done on the chain, contract by contract, in an order in which every handler can succeed.

mod coin;
mod oracle;
mod queue;
mod vault;
mod verifier;

use anyhow::Result;

use super::bench::Bench;

const DAY: u64 = 86_400;

/// Measures every handler once or, where the first touch differs from the next, more often.
///
/// # Errors
/// When a message is refused that must not be.
pub fn run(bench: &mut Bench) -> Result<()> {
    bench.say("measuring l-coin and cw20-base");
    coin::run(bench)?;
    bench.say("measuring the vault");
    vault::accounts(bench)?;
    bench.say("measuring settlement");
    let mut reports = oracle::Reports::new(bench)?;
    reports.settle(bench)?;
    vault::mined(bench)?;
    bench.say("measuring the oracle");
    let challenges = reports.challenge(bench)?;
    reports.dispute(bench)?;
    let worker = oracle::enrolment(bench)?;
    oracle::jobs(bench, &worker)?;
    reports.undelivered(bench)?;
    bench.say("measuring the verifier");
    verifier::run(bench)?;
    bench.say("measuring governance");
    let entries = queue::run(bench)?;
    oracle::govern(bench)?;
    vault::govern(bench)?;
    vault::peers(bench, &mut reports)?;
    bench.say("measuring what needs time");
    vault::leave(bench)?;
    bench.pass(2 * DAY)?;
    oracle::unanswered(bench, challenges)?;
    bench.pass(5 * DAY)?;
    queue::due(bench, entries)?;
    bench.pass(14 * DAY)?;
    oracle::withdraw(bench, &worker)?;
    vault::release(bench)
}

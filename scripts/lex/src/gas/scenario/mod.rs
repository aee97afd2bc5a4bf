//! What is done on the chain, contract by contract, in an order in which every handler can succeed.

mod allocation;
mod bets;
mod coin;
mod contest;
mod dao;
mod decisions;
mod exchange;
mod fund;
mod genesis;
mod incentives;
mod launch;
mod locks;
mod margin;
mod network;
mod oracle;
mod queue;
mod staking;
mod tokens;
mod treasury;
mod vault;
mod verifier;
mod votes;

use anyhow::Result;

use super::bench::Bench;
pub use network::run as network;

const DAY: u64 = 86_400;
const WEEK: u64 = 7 * DAY;
/// Monday 1970-01-05 00:00 UTC: weeks begin so many seconds after a multiple of seven days.
const MONDAY: u64 = 4 * DAY;

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
    bench.say("measuring the queue");
    let entries = queue::run(bench)?;
    oracle::govern(bench)?;
    vault::govern(bench)?;
    bench.say("measuring settlement with tiers and contest");
    vault::peers(bench, &mut reports)?;
    let markets = Markets::open(bench)?;
    bench.say("measuring what needs time");
    vault::leave(bench)?;
    markets.next_day(bench)?;
    bench.pass(2 * DAY)?;
    oracle::unanswered(bench, challenges)?;
    votes::enact(bench)?;
    bench.pass(5 * DAY)?;
    markets.next_week(bench)?;
    queue::due(bench, entries)?;
    markets.third_week(bench)?;
    oracle::withdraw(bench, &worker)?;
    markets.last(bench)?;
    vault::release(bench)
}

/// What the markets' stories need to remember.
struct Markets {
    positions: margin::Positions,
    fund: fund::Twin,
    votes: votes::Twin,
    /// The week in which the chain starts, and its first second.
    week: u64,
    monday: u64,
}

impl Markets {
    fn open(bench: &mut Bench) -> Result<Self> {
        let now = bench.now()?;
        bench.say("measuring the markets");
        // The champion of the first week.
        vault::charge(bench, 20, &contest::CHAMPIONS[..1], 2_000)?;
        contest::run(bench)?;
        staking::run(bench)?;
        exchange::run(bench)?;
        let positions = margin::run(bench)?;
        exchange::exodus(bench)?;
        bets::run(bench)?;
        let votes = votes::run(bench)?;
        launch::run(bench)?;
        let fund = fund::govern(bench)?;
        bench.say("measuring liquidations");
        margin::fall(bench, &positions)?;
        margin::lenders(bench)?;
        Ok(Self {
            positions,
            fund,
            votes,
            week: contest::week(bench)?,
            monday: now - (now - MONDAY) % WEEK,
        })
    }

    /// The first second of the week so many after the first.
    fn monday(&self, weeks: u64) -> u64 {
        self.monday + weeks * WEEK
    }

    fn next_day(&self, bench: &mut Bench) -> Result<()> {
        exchange::leave(bench)?;
        bets::settle(bench)?;
        margin::offers(bench, &self.positions)?;
        margin::rise(bench, &self.positions)?;
        bench.pass(DAY / 12)?;
        votes::vote_on_twin(bench, &self.votes)
    }

    /// In the second week: its champion chooses, calls for free, and another account is charged.
    fn next_week(&self, bench: &mut Bench) -> Result<()> {
        staking::claim(bench)?;
        votes::decide(bench, &self.votes)?;
        launch::claim(bench)?;
        contest::finalize(bench, self.week - 1, false)?;
        contest::finalize(bench, self.week, true)?;
        contest::perk(bench, self.week)?;
        vault::charge(bench, 21, &contest::CHAMPIONS, 100)
    }

    /// From the third week on: profit is reported, LCO bought, prizes paid.
    fn third_week(&self, bench: &mut Bench) -> Result<()> {
        bench.say("measuring profit, buyback and prizes");
        contest::finalize(bench, self.week + 1, false)?;
        vault::charge(bench, 22, &contest::CHAMPIONS[1..], 200)?;
        bench.until(self.monday(3) + 2 * DAY)?;
        fund::reports(bench, self.week + 1)?;
        bench.until(self.monday(3) + 4 * DAY + DAY / 2)?;
        fund::buy(bench)?;
        bench.until(self.monday(3) + 5 * DAY + DAY / 2)?;
        contest::finalize(bench, self.week + 2, false)?;
        contest::prizes(bench, self.week + 2)?;
        fund::prizes(bench, &self.fund, self.week)?;
        vault::charge(bench, 23, &contest::CHAMPIONS[1..], 100)?;
        bench.until(self.monday(5))
    }

    /// Four weeks after the third one.
    fn last(&self, bench: &mut Bench) -> Result<()> {
        bench.until(self.monday(7) + DAY / 2)?;
        launch::close(bench)?;
        fund::close(bench, self.week + 2)
    }
}

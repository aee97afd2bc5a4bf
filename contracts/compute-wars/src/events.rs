//! Typed events: one for every change of state, with enough in each to rebuild the state from them.

use cosmwasm_std::{Addr, Event, Uint128};
use interfaces::compute_wars::{Params, Perk};

/// What happened to a contest.
pub enum Contest<'a> {
    /// µCredit charged by one report in all.
    Scores { week: u64, accounts: usize, charged: u128 },
    /// One account's charge and what its score is now, µCredit; follows [`Contest::Scores`].
    Score {
        account: &'a str,
        charged: Uint128,
        score: u128,
    },
    /// Scores of a week that is finalized, or from before the first one; they changed nothing.
    Late { week: u64, accounts: usize },
    Finalized {
        week: u64,
        winners: &'a [Addr],
        shares: &'a [u16],
        /// µCredit.
        charged: u128,
        top_charged: u128,
        allowance: Uint128,
    },
    /// µLCO.
    Collected {
        week: u64,
        received: Uint128,
        pool: Uint128,
        rolled: Uint128,
    },
    /// µLCO.
    Claimed {
        week: u64,
        rank: u32,
        account: &'a Addr,
        amount: Uint128,
    },
    /// `week` is the one in which it holds.
    Perk {
        week: u64,
        account: &'a Addr,
        perk: Perk,
        allowance: Uint128,
    },
}

impl From<Contest<'_>> for Event {
    fn from(contest: Contest) -> Self {
        match contest {
            Contest::Scores {
                week,
                accounts,
                charged,
            } => of_week("scores", week)
                .add_attribute("accounts", accounts.to_string())
                .add_attribute("charged", charged.to_string()),
            Contest::Score {
                account,
                charged,
                score,
            } => Event::new("score")
                .add_attribute("account", account)
                .add_attribute("charged", charged)
                .add_attribute("score", score.to_string()),
            Contest::Late { week, accounts } => {
                of_week("scores_late", week).add_attribute("accounts", accounts.to_string())
            }
            Contest::Finalized {
                week,
                winners,
                shares,
                charged,
                top_charged,
                allowance,
            } => of_week("finalized", week)
                .add_attribute("winners", list(winners))
                .add_attribute("shares", list(shares))
                .add_attribute("charged", charged.to_string())
                .add_attribute("top_charged", top_charged.to_string())
                .add_attribute("allowance", allowance),
            Contest::Collected {
                week,
                received,
                pool,
                rolled,
            } => of_week("prizes_collected", week)
                .add_attribute("received", received)
                .add_attribute("pool", pool)
                .add_attribute("rolled", rolled),
            Contest::Claimed {
                week,
                rank,
                account,
                amount,
            } => of_week("prize_claimed", week)
                .add_attribute("rank", rank.to_string())
                .add_attribute("account", account)
                .add_attribute("amount", amount),
            Contest::Perk {
                week,
                account,
                perk,
                allowance,
            } => of_week("perk", week)
                .add_attribute("account", account)
                .add_attribute("perk", name(perk))
                .add_attribute("allowance", allowance),
        }
    }
}

/// Rules and neighbours.
pub enum Rule<'a> {
    Params(&'a Params),
    Fund(&'a Addr),
    Started {
        first_week: u64,
        vault: &'a Addr,
        l_coin: &'a Addr,
    },
}

impl From<Rule<'_>> for Event {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::Params(params) => Event::new("params")
                .add_attribute("prizes_bps", list(&params.prizes_bps))
                .add_attribute("free_call_bps", params.free_call_bps.to_string()),
            Rule::Fund(fund) => Event::new("fund").add_attribute("fund", fund),
            Rule::Started {
                first_week,
                vault,
                l_coin,
            } => Event::new("contest")
                .add_attribute("first_week", first_week.to_string())
                .add_attribute("vault", vault)
                .add_attribute("l_coin", l_coin),
        }
    }
}

/// The name in events.
pub fn name(perk: Perk) -> &'static str {
    match perk {
        Perk::FreeCalls => "free_calls",
        Perk::UnlimitedConcurrency => "unlimited_concurrency",
    }
}

fn of_week(name: &str, week: u64) -> Event {
    Event::new(name).add_attribute("week", week.to_string())
}

fn list<T: ToString>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}

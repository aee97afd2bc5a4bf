//! Typed events: one for every change of state, with enough in each to rebuild the state from them. Amounts are µLCO.

use cosmwasm_std::{to_json_string, Addr, Event, HexBinary, Uint128};
use interfaces::prediction_market::{Params, Peers, Terms};
use math::parimutuel::Claimed;

use crate::market::Answer;
use crate::state::{Details, Phase, PoolRow, Settled};

/// What happened to a market.
pub enum Of<'a> {
    MarketCreated {
        proposer: &'a Addr,
        details: &'a Details,
        row: &'a PoolRow,
    },
    /// `pool` is P after it.
    Bought {
        account: &'a Addr,
        outcome: u8,
        amount: Uint128,
        shares: u128,
        pool: u128,
    },
    /// `paid` of the refund, the rest is held back.
    Sold {
        account: &'a Addr,
        outcome: u8,
        shares: Uint128,
        refund: u128,
        paid: u128,
        pool: u128,
    },
    /// An answer or a dispute; `number` counts from 0.
    Answered {
        account: &'a Addr,
        answer: Answer,
        number: u8,
        bond: Uint128,
        evidence: &'a HexBinary,
        phase: Phase,
    },
    VoteOpened {
        answers: &'a [u8],
    },
    VoteFailed {
        error: &'a str,
        until: u64,
    },
    /// Too few voted.
    Undecided {
        until: u64,
    },
    /// `burned` of the bonds.
    Settled {
        settled: &'a Settled,
        burned: u128,
    },
    BondReturned {
        account: &'a str,
        amount: u128,
    },
    /// `gain` was held back when shares were sold; paid beside `claimed`.
    Claimed {
        account: &'a Addr,
        weight: u128,
        gain: u128,
        claimed: Claimed,
    },
    FeesBurned {
        amount: u128,
    },
}

impl Of<'_> {
    /// The event, about this market.
    pub fn event(self, market: u64) -> Event {
        let named = |name: &str| Event::new(name).add_attribute("market", market.to_string());
        match self {
            Self::MarketCreated { proposer, details, row } => created(named("market_created"), proposer, details, row),
            Self::Bought {
                account,
                outcome,
                amount,
                shares,
                pool,
            } => trade(named("buy"), account, outcome)
                .add_attribute("amount", amount)
                .add_attribute("shares", shares.to_string())
                .add_attribute("pool", pool.to_string()),
            Self::Sold {
                account,
                outcome,
                shares,
                refund,
                paid,
                pool,
            } => trade(named("sell"), account, outcome)
                .add_attribute("shares", shares)
                .add_attribute("refund", refund.to_string())
                .add_attribute("paid", paid.to_string())
                .add_attribute("pool", pool.to_string()),
            Self::Answered {
                account,
                answer,
                number,
                bond,
                evidence,
                phase,
            } => in_phase(named("answer"), phase)
                .add_attribute("account", account)
                .add_attribute("answer", u8::from(answer).to_string())
                .add_attribute("number", number.to_string())
                .add_attribute("bond", bond)
                .add_attribute("evidence", evidence.to_hex()),
            Self::VoteOpened { answers } => {
                let answers: Vec<_> = answers.iter().map(u8::to_string).collect();
                named("vote_opened").add_attribute("answers", answers.join(","))
            }
            Self::VoteFailed { error, until } => named("vote_failed")
                .add_attribute("error", error)
                .add_attribute("until", until.to_string()),
            Self::Undecided { until } => named("undecided").add_attribute("until", until.to_string()),
            Self::Settled { settled, burned } => named("settled")
                .add_attribute("answer", u8::from(settled.answer).to_string())
                .add_attribute("money", settled.payouts.money.to_string())
                .add_attribute("fee", settled.payouts.fee.to_string())
                .add_attribute("weight", settled.payouts.weight.to_string())
                .add_attribute("bonds_burned", burned.to_string()),
            Self::BondReturned { account, amount } => named("bond_returned")
                .add_attribute("account", account)
                .add_attribute("amount", amount.to_string()),
            Self::Claimed {
                account,
                weight,
                gain,
                claimed,
            } => named("claim")
                .add_attribute("account", account)
                .add_attribute("weight", weight.to_string())
                .add_attribute("paid", claimed.paid.saturating_add(gain).to_string())
                .add_attribute("gain", gain.to_string())
                .add_attribute("waived", claimed.waived.to_string()),
            Self::FeesBurned { amount } => named("fees_burned").add_attribute("amount", amount.to_string()),
        }
    }
}

fn created(named: Event, proposer: &Addr, details: &Details, row: &PoolRow) -> Event {
    let event = named
        .add_attribute("proposer", proposer)
        .add_attribute("ante", details.ante.to_string())
        .add_attribute("question", &details.question)
        .add_attribute("outcomes", to_json_string(&details.outcomes).unwrap_or_default())
        .add_attribute("evidence_rule", &details.evidence_rule)
        .add_attribute("close_at", row.close_at.to_string())
        .add_attribute("resolve_after", details.resolve_after.to_string());
    terms(event, &details.terms)
}

fn terms(event: Event, terms: &Terms) -> Event {
    event
        .add_attribute("fee_bps", terms.fee_bps.to_string())
        .add_attribute("bond_bps", terms.bond_bps.to_string())
        .add_attribute("min_bond", terms.min_bond)
        .add_attribute("liveness", terms.liveness.to_string())
        .add_attribute("unanswered", terms.unanswered.to_string())
        .add_attribute("vote_patience", terms.vote_patience.to_string())
}

fn trade(event: Event, account: &Addr, outcome: u8) -> Event {
    event
        .add_attribute("account", account)
        .add_attribute("outcome", outcome.to_string())
}

fn in_phase(event: Event, phase: Phase) -> Event {
    let (name, until) = match phase {
        Phase::Live { until } => ("live", until),
        Phase::Voting { until } => ("voting", until),
    };
    event
        .add_attribute("phase", name)
        .add_attribute("until", until.to_string())
}

/// The parameters in force.
pub fn params(params: &Params) -> Event {
    let event = Event::new("params")
        .add_attribute("min_ante", params.min_ante)
        .add_attribute("min_bet", params.min_bet)
        .add_attribute("max_probability_bps", params.max_probability_bps.to_string())
        .add_attribute("interest_floor", params.interest_floor)
        .add_attribute("interest_bps", params.interest_bps.to_string());
    terms(event, &params.terms)
}

/// The peers that were set.
pub fn peers(peers: &Peers) -> Event {
    let given = [("staking", &peers.staking), ("governance", &peers.governance)];
    let given = given
        .into_iter()
        .filter_map(|(name, peer)| Some((name, peer.as_ref()?)));
    Event::new("peers").add_attributes(given)
}

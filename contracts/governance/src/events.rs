//! Typed events: one for every change of state, with enough in each to rebuild the state from them. Times are unix seconds.

use cosmwasm_std::{Addr, Event, Uint128};
use interfaces::governance::{Choice, InstantiateMsg, Params, Tracks};
use interfaces::voting::{Moment, Power};

use crate::state::{Appeal, Ballot, Content, Outcome, Proposal, Terms};

/// The contract exists.
pub fn created(terms: &Terms, msg: &InstantiateMsg) -> Event {
    let mut event = Event::new("created")
        .add_attribute("voting_module", &terms.voting_module)
        .add_attribute("deposit_token", &terms.deposit_token);
    let peers = [("prediction_market", &msg.prediction_market), ("appeals", &msg.appeals)];
    for (name, peer) in peers {
        if let Some(address) = peer {
            event = event.add_attribute(name, address);
        }
    }
    match &msg.network {
        Some(network) => event
            .add_attribute("allocation", &network.allocation)
            .add_attribute("treasury", &network.treasury),
        None => event,
    }
}

/// Parameters of proposals made from now on.
pub fn params_set(params: &Params) -> Event {
    Event::new("params_set")
        .add_attribute("deposit", params.deposit)
        .add_attribute("deposit_recipient", &params.deposit_recipient)
        .add_attribute("refund_bps", params.refund_bps.to_string())
}

/// Durations of proposals made from now on, and the floor.
pub fn tracks_set(tracks: &Tracks) -> Event {
    let mut event = Event::new("tracks_set");
    for (name, track) in [("params", &tracks.params), ("messages", &tracks.messages)] {
        let durations = [track.discussion, track.voting, track.timelock, track.window];
        event = event.add_attribute(name, durations.map(|seconds| seconds.to_string()).join(","));
    }
    event
        .add_attribute("outcome_voting", tracks.market_outcome.voting.to_string())
        .add_attribute("quorum_bps", tracks.market_outcome.quorum_bps.to_string())
        .add_attribute("appeal_voting", tracks.appeal.voting.to_string())
        .add_attribute("appeal_quorum_bps", tracks.appeal.quorum_bps.to_string())
        .add_attribute("floor", tracks.floor)
}

/// The prediction market, for ever.
pub fn market_set(address: &str) -> Event {
    Event::new("prediction_market_set").add_attribute("address", address)
}

/// The appeals contract, for ever.
pub fn appeals_set(address: &str) -> Event {
    Event::new("appeals_set").add_attribute("address", address)
}

/// A proposal was made, with its deposit; the action as JSON. To be completed by [`made`].
pub fn proposed(proposer: &str, params: &Params, content: &Content, action: String, total: Power) -> Event {
    Event::new("proposed")
        .add_attribute("proposer", proposer)
        .add_attribute("title", &content.title)
        .add_attribute("description", &content.description)
        .add_attribute("action", action)
        .add_attribute("deposit", params.deposit)
        .add_attribute("refund_bps", params.refund_bps.to_string())
        .add_attribute("total_weight", total.weight)
        .add_attribute("total_linear", total.linear)
}

/// A vote on a market's outcome was opened; to be completed by [`made`].
pub fn outcome_opened(outcome: &Outcome) -> Event {
    let answers: Vec<String> = outcome.answers.iter().map(|tally| tally.answer.to_string()).collect();
    Event::new("outcome_opened")
        .add_attribute("market", outcome.market.to_string())
        .add_attribute("answers", answers.join(","))
        .add_attribute("from", moment(outcome.from))
        .add_attribute("to", moment(outcome.to))
        .add_attribute("total", outcome.total)
        .add_attribute("quorum_bps", outcome.quorum_bps.to_string())
}

/// A vote on an appeal was opened; to be completed by [`made`].
pub fn appeal_opened(appeal: &Appeal) -> Event {
    Event::new("appeal_opened")
        .add_attribute("case", appeal.case.to_string())
        .add_attribute("total_weight", appeal.total.weight)
        .add_attribute("total_linear", appeal.total.linear)
        .add_attribute("quorum_bps", appeal.quorum_bps.to_string())
}

/// What every new proposal has: id, moment and times.
pub fn made(event: Event, id: u64, proposal: &Proposal) -> Event {
    let schedule = &proposal.schedule;
    let event = event
        .add_attribute("proposal", id.to_string())
        .add_attribute("at", moment(proposal.at))
        .add_attribute("voting_starts", schedule.voting_starts.to_string())
        .add_attribute("voting_ends", schedule.voting_ends.to_string())
        .add_attribute("ready_at", schedule.ready_at.to_string());
    match schedule.expires_at {
        Some(time) => event.add_attribute("expires_at", time.to_string()),
        None => event,
    }
}

/// Height and time.
fn moment(moment: Moment) -> String {
    format!("{},{}", moment.height, moment.time)
}

/// A vote; `replaced` is the choice it takes the place of.
pub fn voted(id: u64, voter: &Addr, ballot: &Ballot, replaced: Option<Choice>) -> Event {
    let event = Event::new("voted")
        .add_attribute("proposal", id.to_string())
        .add_attribute("voter", voter)
        .add_attribute("choice", choice(ballot.choice))
        .add_attribute("weight", ballot.power.weight)
        .add_attribute("linear", ballot.power.linear);
    match replaced {
        Some(before) => event.add_attribute("replaced", choice(before)),
        None => event,
    }
}

fn choice(choice: Choice) -> String {
    match choice {
        Choice::Yes => "yes".to_owned(),
        Choice::No => "no".to_owned(),
        Choice::Answer(answer) => answer.to_string(),
    }
}

/// Taken back by its proposer.
pub fn withdrawn(id: u64) -> Event {
    Event::new("withdrawn").add_attribute("proposal", id.to_string())
}

/// The messages are sent.
pub fn executed(id: u64) -> Event {
    Event::new("executed").add_attribute("proposal", id.to_string())
}

/// The market is told; without `answer` nothing is decided.
pub fn decided(id: u64, outcome: &Outcome, answer: Option<u8>) -> Event {
    let event = Event::new("decided")
        .add_attribute("proposal", id.to_string())
        .add_attribute("market", outcome.market.to_string());
    match answer {
        Some(answer) => event.add_attribute("answer", answer.to_string()),
        None => event,
    }
}

/// The appeals contract is told.
pub fn ruled(id: u64, case: u64, granted: bool) -> Event {
    Event::new("ruled")
        .add_attribute("proposal", id.to_string())
        .add_attribute("case", case.to_string())
        .add_attribute("granted", granted.to_string())
}

/// The deposit went to `to`.
pub fn deposit_settled(id: u64, to: &str, amount: Uint128, returned: bool) -> Event {
    Event::new("deposit_settled")
        .add_attribute("proposal", id.to_string())
        .add_attribute("to", to)
        .add_attribute("amount", amount)
        .add_attribute("returned", returned.to_string())
}

/// Code was replaced.
pub fn migrated(from: impl ToString, to: &str) -> Event {
    Event::new("migrated")
        .add_attribute("from", from.to_string())
        .add_attribute("to", to)
}

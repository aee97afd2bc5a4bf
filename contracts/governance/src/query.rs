//! Answers.

use std::ops::Bound;

use cosmwasm_std::{Addr, Deps, Env, Order, StdResult, Uint128};
use interfaces::governance::{
    Network, OverviewResponse, ProposalResponse, ProposalSummary, ProposalsResponse, QuotaResponse,
    ReachableMajorityResponse, Status, Subject as SubjectView, VoteInfo, VoteResponse, VotesResponse, SCAN_LIMIT,
};
use kit::compact::Account;
use kit::page;

use crate::error::ContractError;
use crate::module::{present, Module};
use crate::network;
use crate::state::{
    content, load, more_than_half, newest, Appeal, Ballot, Closing, Config, Motion, Outcome, Proposal, Subject,
    APPEALS, CASES, MARKET, OUTCOMES, VOTES,
};

/// How many ended proposals `ReachableMajority` looks at.
const LOOKED_AT: usize = 4;

fn module(deps: Deps) -> StdResult<Module> {
    Ok(Module::of(&Config::load(deps.storage)?, deps.querier))
}

pub fn overview(deps: Deps, env: &Env) -> Result<OverviewResponse, ContractError> {
    let config = Config::load(deps.storage)?;
    let total = Module::of(&config, deps.querier).electorate(present(env))?.power;
    let Config {
        terms,
        network,
        params,
        tracks,
    } = config;
    Ok(OverviewResponse {
        voting_module: terms.voting_module.into_string(),
        deposit_token: terms.deposit_token.into_string(),
        prediction_market: MARKET.may_load(deps.storage)?.map(Into::into),
        appeals: APPEALS.may_load(deps.storage)?.map(Into::into),
        network: network.map(|network| Network {
            allocation: network.allocation.into(),
            treasury: network.treasury.into(),
        }),
        params,
        proposals: newest(deps.storage)?,
        floor_reached: total.linear >= tracks.floor,
        total,
        tracks,
    })
}

pub fn quota(deps: Deps, env: &Env) -> Result<QuotaResponse, ContractError> {
    let config = Config::load(deps.storage)?;
    let electorate = Module::of(&config, deps.querier).electorate(present(env))?;
    let network = config.network.ok_or(ContractError::NoNetwork)?;
    Ok(network::quota(deps.storage, deps.querier, &network, electorate.locked)?)
}

fn summary(deps: Deps, now: u64, id: u64, proposal: &Proposal) -> StdResult<ProposalSummary> {
    let title = match proposal.subject {
        Subject::Motion(_) => content(deps.storage, id)?.title,
        Subject::Outcome(_) | Subject::Appeal(_) => String::new(),
    };
    Ok(ProposalSummary {
        id,
        kind: proposal.kind(),
        status: proposal.status(now),
        at: proposal.at,
        schedule: proposal.schedule,
        title,
    })
}

pub fn proposal(deps: Deps, now: u64, id: u64) -> Result<ProposalResponse, ContractError> {
    let proposal = load(deps.storage, id)?;
    Ok(ProposalResponse {
        summary: summary(deps, now, id, &proposal)?,
        subject: match proposal.subject {
            Subject::Motion(motion) => motion_view(deps, id, motion)?,
            Subject::Outcome(outcome) => outcome_view(outcome),
            Subject::Appeal(appeal) => appeal_view(appeal),
        },
    })
}

fn motion_view(deps: Deps, id: u64, motion: Motion) -> StdResult<SubjectView> {
    let content = content(deps.storage, id)?;
    Ok(SubjectView::Motion {
        proposer: content.proposer.text(deps.api)?,
        description: content.description,
        action: content.deed.action(deps.api)?,
        weight_majority: motion.weight_majority(),
        linear_majority: motion.linear_majority(),
        total: motion.total,
        yes: motion.yes,
        no: motion.no,
        deposit: motion.deposit,
        deposit_held: motion.deposit_held,
        refund_bps: motion.refund_bps,
    })
}

fn outcome_view(outcome: Outcome) -> SubjectView {
    SubjectView::Outcome {
        quorum_reached: outcome.quorum_reached(),
        leading: outcome.leading(),
        market: outcome.market,
        answers: outcome.answers,
        from: outcome.from,
        to: outcome.to,
        total: outcome.total,
        quorum_bps: outcome.quorum_bps,
    }
}

fn appeal_view(appeal: Appeal) -> SubjectView {
    SubjectView::Appeal {
        quorum_reached: appeal.quorum_reached(),
        granted: appeal.granted(),
        case: appeal.case,
        total: appeal.total,
        yes: appeal.yes,
        no: appeal.no,
        quorum_bps: appeal.quorum_bps,
    }
}

pub fn status(deps: Deps, now: u64, id: u64) -> Result<Status, ContractError> {
    Ok(load(deps.storage, id)?.status(now))
}

pub fn outcome(deps: Deps, now: u64, market: u64) -> Result<ProposalResponse, ContractError> {
    let id = OUTCOMES
        .may_load(deps.storage, &market)?
        .ok_or(ContractError::UnknownOutcome { market })?;
    proposal(deps, now, id)
}

pub fn appeal(deps: Deps, now: u64, case: u64) -> Result<ProposalResponse, ContractError> {
    let id = CASES
        .may_load(deps.storage, &case)?
        .ok_or(ContractError::UnknownCase { case })?;
    proposal(deps, now, id)
}

/// Ids are contiguous, so a page walks down from the one before.
pub fn proposals(
    deps: Deps,
    now: u64,
    status: Option<Status>,
    start_before: Option<u64>,
    limit: Option<u32>,
) -> Result<ProposalsResponse, ContractError> {
    let newest = newest(deps.storage)?;
    let start = start_before.map_or(newest, |id| id.saturating_sub(1)).min(newest);
    let limit = page::limit(limit);
    let mut proposals = vec![];
    // everything from here up was looked at
    let mut seen = start.saturating_add(1);
    for id in (1..=start).rev().take(SCAN_LIMIT) {
        if proposals.len() >= limit {
            break;
        }
        let proposal = load(deps.storage, id)?;
        if status.is_none_or(|wanted| wanted == proposal.status(now)) {
            proposals.push(summary(deps, now, id, &proposal)?);
        }
        seen = id;
    }
    let next = (seen > 1).then_some(seen);
    Ok(ProposalsResponse { proposals, next })
}

fn vote_info(voter: &str, ballot: Ballot) -> VoteInfo {
    VoteInfo {
        voter: voter.to_owned(),
        choice: ballot.choice,
        power: ballot.power,
    }
}

pub fn vote(deps: Deps, id: u64, address: &str) -> Result<VoteResponse, ContractError> {
    let voter = Account::parse(deps.api, address)?;
    let proposal = load(deps.storage, id)?;
    let ballot = VOTES.may_load(deps.storage, &(id, voter))?;
    Ok(VoteResponse {
        power: match ballot {
            Some(ballot) => ballot.power,
            None => module(deps)?.power(&proposal, &Addr::unchecked(address))?,
        },
        vote: ballot.map(|ballot| vote_info(address, ballot)),
    })
}

pub fn votes(
    deps: Deps,
    id: u64,
    start_after: Option<String>,
    limit: Option<u32>,
) -> Result<VotesResponse, ContractError> {
    load(deps.storage, id)?;
    let last = start_after
        .map(|address| Account::parse(deps.api, &address))
        .transpose()?;
    let first = Bound::Excluded((id, last.unwrap_or(Account::LEAST)));
    let end = Bound::Excluded((id.saturating_add(1), Account::LEAST));
    let votes = VOTES
        .range(deps.storage, (first, end), Order::Ascending)
        .take(page::limit(limit))
        .map(|row| {
            let ((_, voter), ballot) = row?;
            Ok(vote_info(&voter.text(deps.api)?, ballot))
        })
        .collect::<StdResult<_>>()?;
    Ok(VotesResponse { votes })
}

/// If even the best attended of the last votes was below half of all weight, nothing can pass, and people should know before they need it.
pub fn reachable_majority(deps: Deps, env: &Env) -> Result<ReachableMajorityResponse, ContractError> {
    let now = present(env);
    let (mut proposals, mut turnout) = (vec![], Uint128::zero());
    for id in (1..=newest(deps.storage)?).rev().take(SCAN_LIMIT) {
        if proposals.len() >= LOOKED_AT {
            break;
        }
        if let Some(votes) = ended_turnout(&load(deps.storage, id)?, now.time) {
            proposals.push(id);
            turnout = turnout.max(votes);
        }
    }
    let total = module(deps)?.electorate(now)?.power.weight;
    Ok(ReachableMajorityResponse {
        proposals,
        reachable: more_than_half(turnout, total),
        turnout,
        total,
    })
}

/// Weight that voted on a motion, if its voting is over.
fn ended_turnout(proposal: &Proposal, now: u64) -> Option<Uint128> {
    let ended = proposal.closing != Closing::Withdrawn && proposal.schedule.voting_ends <= now;
    match &proposal.subject {
        Subject::Motion(motion) if ended => Some(motion.turnout()),
        _ => None,
    }
}

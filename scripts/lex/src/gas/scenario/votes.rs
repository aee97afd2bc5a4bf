//! Governance.

use anyhow::{Context, Result};
use cosmwasm_std::{to_json_binary, WasmMsg};
use interfaces::governance::{
    Action, Choice, Cw20Hook, ExecuteMsg, InstantiateMsg, OverviewResponse, ParamsCall, ProposalResponse, QueryMsg,
};
use interfaces::voting::Moment;
use suite::deploy::Part;
use suite::population::markets::{ids, PATRON, WHALE};
use suite::population::{user, CAST};
use suite::Chain as _;

use super::tokens::{send, Token};
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const GOVERNANCE: &str = "governance";
const VOTE: u64 = 210_000;
const PROPOSE: u64 = 270_000;

fn row(handler: &str, case: &str) -> Row {
    Row::new(GOVERNANCE, handler, case)
}

/// A second instance that knows no prediction market yet, and its proposal to name one.
pub struct Twin(String);

/// Proposals and votes.
pub fn run(bench: &mut Bench) -> Result<Twin> {
    let (to, whale) = (bench.at.governance.clone(), user(WHALE)?);
    let overview: OverviewResponse = bench.query(&to, &QueryMsg::Overview {})?;
    let deposit = overview.params.deposit.u128();
    let outward = WasmMsg::Execute {
        contract_addr: bench.sink.clone(),
        msg: b"{}".into(),
        funds: Vec::new(),
    };
    let call = ParamsCall {
        contract: bench.at.lco_staking.clone(),
        msg: to_json_binary(&interfaces::lco_staking::ExecuteMsg::SetParams {
            params: interfaces::lco_staking::Params::default(),
        })?,
    };
    let actions = [
        ("Propose parameters", Action::Params { calls: vec![call] }),
        (
            "Propose a message",
            Action::Messages {
                msgs: vec![outward.into()],
            },
        ),
    ];
    for (case, action) in actions {
        let row = row("Receive", case).at_most(PROPOSE);
        send(bench, Some(row), &whale, (Token::Lco, deposit), &to, &proposal(action))?;
    }
    let newest: OverviewResponse = bench.query(&to, &QueryMsg::Overview {})?;
    let take_back = ExecuteMsg::Withdraw {
        proposal: newest.proposals,
    };
    bench.measure(row("Withdraw", "").hops(1), &whale, &to, &take_back, &[])?;
    let settle = ExecuteMsg::SettleDeposit {
        proposal: newest.proposals,
    };
    bench.measure(row("SettleDeposit", "withdrawn").hops(2), &whale, &to, &settle, &[])?;
    vote(bench)?;
    twin(bench, &overview)
}

fn proposal(action: Action) -> Cw20Hook {
    Cw20Hook::Propose {
        title: "a measured proposal".to_owned(),
        description: "what it is for, in a line or two, with a link to the discussion".to_owned(),
        action,
    }
}

/// On a motion on which everybody voted, and on the market's outcome.
fn vote(bench: &mut Bench) -> Result<()> {
    let (to, whale, patron) = (bench.at.governance.clone(), user(WHALE)?, user(PATRON)?);
    let vote = |proposal, choice| ExecuteMsg::Vote { proposal, choice };
    let first = row("Vote", "on a motion").at_most(VOTE);
    bench.measure(first, &whale, &to, &vote(ids::PARAMS, Choice::No), &[])?;
    let change = row("Vote", "changed").hops(1);
    bench.measure(change, &whale, &to, &vote(ids::PARAMS, Choice::Yes), &[])?;
    for proposal in [ids::OUTWARD, ids::TRACKS] {
        bench.run(&whale, &to, &vote(proposal, Choice::Yes), &[])?;
    }
    let proposal = outcome(bench)?;
    let on_outcome = row("Vote", "on an outcome").at_most(VOTE);
    bench.measure(on_outcome, &patron, &to, &vote(proposal, Choice::Answer(1)), &[])?;
    bench.run(&whale, &to, &vote(proposal, Choice::Answer(0)), &[])?;
    Ok(())
}

/// The vote that the dispute opened.
fn outcome(bench: &Bench) -> Result<u64> {
    let question = QueryMsg::Outcome { market: ids::DISPUTED };
    let found: ProposalResponse = bench.query(&bench.at.governance, &question)?;
    Ok(found.summary.id)
}

fn twin(bench: &mut Bench, like: &OverviewResponse) -> Result<Twin> {
    let whale = user(WHALE)?;
    let twin = InstantiateMsg {
        voting_module: like.voting_module.clone(),
        deposit_token: like.deposit_token.clone(),
        prediction_market: None,
        appeals: None,
        network: None,
        params: like.params.clone(),
        tracks: like.tracks.clone(),
    };
    let to = bench.create(Part::Governance, "alone", &twin)?;
    let name = WasmMsg::Execute {
        contract_addr: to.clone(),
        msg: to_json_binary(&ExecuteMsg::SetPredictionMarket {
            address: user(7)?.address().to_owned(),
        })?,
        funds: Vec::new(),
    };
    let action = Action::Messages {
        msgs: vec![name.into()],
    };
    let deposit = like.params.deposit.u128();
    send(bench, None, &whale, (Token::Lco, deposit), &to, &proposal(action))?;
    Ok(Twin(to))
}

/// More than a day later.
pub fn vote_on_twin(bench: &mut Bench, twin: &Twin) -> Result<()> {
    let vote = ExecuteMsg::Vote {
        proposal: 1,
        choice: Choice::Yes,
    };
    bench.run(&user(WHALE)?, &twin.0, &vote, &[])?;
    Ok(())
}

/// What was voted on before the chain started.
pub fn enact(bench: &mut Bench) -> Result<()> {
    let (to, anyone) = (bench.at.governance.clone(), bench.by("relayer")?);
    let execute = |proposal| ExecuteMsg::Execute { proposal };
    // Governance, the staking it asks, and whom the message is for.
    let outward = row("Execute", "1 message").hops(3);
    bench.measure(outward, &anyone, &to, &execute(ids::OUTWARD), &[])?;
    // It calls itself: loaded twice.
    let params = row("SetParams", "through Execute").hops(3);
    bench.measure(params, &anyone, &to, &execute(ids::PARAMS), &[])?;
    let tracks = row("SetTracks", "through Execute").hops(3);
    bench.measure(tracks, &anyone, &to, &execute(ids::TRACKS), &[])?;
    let settle = ExecuteMsg::SettleDeposit { proposal: ids::PARAMS };
    bench.measure(row("SettleDeposit", "returned").hops(2), &anyone, &to, &settle, &[])?;
    Ok(())
}

/// The decision on the outcome, and the twin's market, which then asks for itself.
pub fn decide(bench: &mut Bench, twin: &Twin) -> Result<()> {
    let (to, anyone) = (bench.at.governance.clone(), bench.by("relayer")?);
    let decision = ExecuteMsg::Execute {
        proposal: outcome(bench)?,
    };
    // Governance, market and token.
    let decided = Row::new("prediction-market", "Decide", "3 bonds, through governance").hops(3);
    bench.measure(decided, &anyone, &to, &decision, &[])?;
    let named = row("SetPredictionMarket", "through Execute").hops(3);
    bench.measure(named, &anyone, &twin.0, &ExecuteMsg::Execute { proposal: 1 }, &[])?;
    let now = bench.live.block()?;
    let to = Moment {
        height: now.height,
        time: now.time.seconds(),
    };
    let from = Moment {
        height: now.height.checked_sub(10).context("height")?,
        time: to.time - 2 * super::DAY,
    };
    let open = ExecuteMsg::OpenOutcome {
        market: u64::from(CAST),
        answers: vec![0, 1],
        from,
        to,
    };
    bench.measure(row("OpenOutcome", "2 answers").hops(2), &user(7)?, &twin.0, &open, &[])?;
    Ok(())
}

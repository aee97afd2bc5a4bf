//! The prediction market.

use anyhow::Result;
use cosmwasm_std::{HexBinary, Uint128};
use interfaces::prediction_market::{
    ConfigResponse, Cw20Hook, ExecuteMsg, InstantiateMsg, MarketResponse, Pausable, Peers, QueryMsg,
};
use suite::deploy::Part;
use suite::population::markets::{ids, PATRON, TRADERS, WHALE};
use suite::population::user;
use suite::Account;

use super::tokens::{send, Token};
use super::vault::ownership;
use super::DAY;
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const MARKET: &str = "prediction-market";
/// Bets, proposals, and claims with a waiver.
const BET: u64 = 270_000;
const CLAIM: u64 = 210_000;
const ONE: u128 = 1_000_000;
const EVIDENCE: [u8; 32] = [7; 32];

fn row(handler: &str, case: &str) -> Row {
    Row::new(MARKET, handler, case)
}

/// Bets, answers and disputes.
pub fn run(bench: &mut Bench) -> Result<()> {
    trade(bench)?;
    above_the_floor(bench)?;
    answer(bench)?;
    govern(bench)
}

fn pay(bench: &mut Bench, row: Option<Row>, by: &Account, amount: u128, hook: &Cw20Hook) -> Result<()> {
    let to = bench.at.prediction_market.clone();
    send(bench, row, by, (Token::Lco, amount), &to, hook).map(drop)
}

fn proposal(bench: &Bench) -> Result<Cw20Hook> {
    let close = bench.now()? + 10 * DAY;
    Ok(Cw20Hook::Propose {
        question: "Will the price of an LCO be above 12 Credits at the end of the quarter?".to_owned(),
        outcomes: ["yes", "no"].map(str::to_owned).to_vec(),
        close_at: close,
        resolve_after: close,
        evidence_rule: "the mark of the LCO/Credit pool at 00:00 UTC".to_owned(),
    })
}

fn bet(outcome: u8) -> Cw20Hook {
    Cw20Hook::Buy {
        market: ids::OPEN,
        outcome,
        min_shares: Uint128::one(),
    }
}

fn trade(bench: &mut Bench) -> Result<()> {
    let (to, trader) = (bench.at.prediction_market.clone(), user(TRADERS.start)?);
    let at_most = |case: &str| Some(row("Receive", case).at_most(BET));
    let hook = proposal(bench)?;
    pay(bench, at_most("Propose, 2 outcomes"), &trader, 100 * ONE, &hook)?;
    for case in ["Buy, first", "Buy, again"] {
        pay(bench, at_most(case), &trader, ONE, &bet(0))?;
    }
    for case in ["first", "again"] {
        let sell = ExecuteMsg::Sell {
            market: ids::OPEN,
            outcome: 0,
            shares: (ONE / 2).into(),
            min_refund: Uint128::zero(),
        };
        bench.measure(row("Sell", case).hops(2), &trader, &to, &sell, &[])?;
    }
    Ok(())
}

/// Where staking is asked how much may be bet. The owner lets the floor be passed by what lies there, and puts it back.
fn above_the_floor(bench: &mut Bench) -> Result<()> {
    let (to, trader, council) = (
        bench.at.prediction_market.clone(),
        user(TRADERS.start)?,
        bench.by("council")?,
    );
    let config: ConfigResponse = bench.query(&to, &QueryMsg::Config {})?;
    let mut params = config.params;
    params.interest_floor = Uint128::zero();
    bench.measure(
        row("SetParams", "").hops(1),
        &council,
        &to,
        &ExecuteMsg::SetParams { params },
        &[],
    )?;
    let at_most = |case: &str| Some(row("Receive", case).at_most(BET));
    pay(bench, at_most("Buy, staking is asked"), &trader, ONE, &bet(1))?;
    pay(bench, at_most("Buy, staking was asked"), &trader, ONE, &bet(1))?;
    bench.pass(601)?;
    let hook = proposal(bench)?;
    pay(bench, at_most("Propose, staking is asked"), &trader, 100 * ONE, &hook)?;
    let params = config.params;
    bench.run(&council, &to, &ExecuteMsg::SetParams { params }, &[])?;
    Ok(())
}

fn bond(bench: &Bench, market: u64) -> Result<u128> {
    let found: MarketResponse = bench.query(&bench.at.prediction_market, &QueryMsg::Market { market })?;
    Ok(found.next_bond.map_or(0, |bond| bond.u128()))
}

fn answer(bench: &mut Bench) -> Result<()> {
    let whale = user(WHALE)?;
    let say = |market, answer| Cw20Hook::Answer {
        market,
        answer,
        evidence: HexBinary::from(EVIDENCE),
    };
    let object = |answer| Cw20Hook::Dispute {
        market: ids::DISPUTED,
        answer,
        evidence: HexBinary::from(EVIDENCE),
    };
    let two = |case: &str| Some(row("Receive", case).hops(2));
    let amount = bond(bench, ids::CLOSED)?;
    pay(bench, two("Answer"), &whale, amount, &say(ids::CLOSED, 0))?;
    for market in [ids::QUIET, ids::DISPUTED] {
        let amount = bond(bench, market)?;
        pay(bench, None, &whale, amount, &say(market, 0))?;
    }
    let amount = bond(bench, ids::DISPUTED)?;
    pay(bench, two("Dispute"), &user(PATRON)?, amount, &object(1))?;
    let amount = bond(bench, ids::DISPUTED)?;
    // Token, market, governance and the staking that governance asks.
    let asks = row("Receive", "Dispute, the stakers are asked").hops(4);
    pay(bench, Some(asks), &whale, amount, &object(0))
}

fn govern(bench: &mut Bench) -> Result<()> {
    let (to, council, operator) = (
        bench.at.prediction_market.clone(),
        bench.by("council")?,
        bench.by("operator")?,
    );
    for (case, paused) in [("pause", true), ("resume", false)] {
        let pause = ExecuteMsg::Pause {
            feature: Pausable::Buy,
            paused,
        };
        bench.measure(row("Pause", case).hops(1), &operator, &to, &pause, &[])?;
    }
    let name = ExecuteMsg::SetOperator {
        operator: Some(operator.address().to_owned()),
    };
    bench.measure(row("SetOperator", "").hops(1), &council, &to, &name, &[])?;
    ownership(bench, MARKET, &to, ExecuteMsg::Ownership)?;
    let config: ConfigResponse = bench.query(&to, &QueryMsg::Config {})?;
    let twin = InstantiateMsg {
        owner: council.address().to_owned(),
        operator: None,
        l_coin: bench.at.l_coin.clone(),
        peers: Peers::default(),
        params: config.params,
    };
    let twin = bench.create(Part::PredictionMarket, "alone", &twin)?;
    let peers = ExecuteMsg::SetPeers {
        peers: Peers {
            staking: Some(bench.at.lco_staking.clone()),
            governance: Some(bench.at.governance.clone()),
        },
    };
    bench.measure(row("SetPeers", "").hops(1), &council, &twin, &peers, &[])?;
    Ok(())
}

/// A day after the answers.
pub fn settle(bench: &mut Bench) -> Result<()> {
    let (to, anyone) = (bench.at.prediction_market.clone(), bench.by("relayer")?);
    let settle = ExecuteMsg::Settle { market: ids::CLOSED };
    bench.measure(row("Settle", "1 bond").hops(2), &anyone, &to, &settle, &[])?;
    let claim = |market, waiver| ExecuteMsg::Claim { market, waiver };
    let winner = user(TRADERS.start)?;
    bench.measure(
        row("Claim", "").at_most(CLAIM),
        &winner,
        &to,
        &claim(ids::CLOSED, false),
        &[],
    )?;
    let patron = user(PATRON)?;
    bench.measure(
        row("Claim", "the fee waived").at_most(BET),
        &patron,
        &to,
        &claim(ids::CLOSED, true),
        &[],
    )?;
    let burn = ExecuteMsg::BurnFees { market: ids::CLOSED };
    bench.measure(row("BurnFees", "").hops(2), &anyone, &to, &burn, &[])?;
    let due = row("Claim", "of a market that is due, 1 bond").hops(2);
    bench.measure(due, &winner, &to, &claim(ids::QUIET, false), &[])?;
    Ok(())
}

//! Answers, disputes, decisions, and the end of a market.

use cosmwasm_std::{from_json, HexBinary, Reply, Response, SubMsgResult, Uint128};
use interfaces::prediction_market::{Status, Terms, BONDS_BEFORE_VOTE, MAX_BONDS};
use math::parimutuel::Payouts;
use math::Bps;

use super::Context;
use crate::error::ContractError;
use crate::events::Of;
use crate::market::{distribute, Answer, Market};
use crate::peers::{assert_peer, open_outcome, Coin, ReplyId};
use crate::state::{Bond, Config, Contest, Phase, Settled, Totals, BONDS, CONTESTS, DETAILS, RESULTS};

/// Bytes of a hash.
const HASH_BYTES: usize = 32;

/// The first answer.
pub fn answer(
    ctx: &mut Context,
    market: u64,
    answer: u8,
    amount: Uint128,
    evidence: &HexBinary,
) -> Result<Response, ContractError> {
    let market = Market::load(ctx.storage, market)?;
    market.expect(Status::Unanswered, ctx.now())?;
    let answer = Answer::parse(answer, market.row.pool.outcomes().len())?;
    let contest = Contest {
        bonds: 0,
        first_bond: first_bond(&market)?,
        answer,
        phase: live(ctx, &market.details.terms),
        asked: false,
    };
    place(ctx, &market, contest, (answer, amount, evidence))
}

/// Another answer in the place of the newest one. The third bond, or a later one if there was no governance before, asks the stakers.
pub fn dispute(
    ctx: &mut Context,
    config: &Config,
    (market, answer): (u64, u8),
    amount: Uint128,
    evidence: &HexBinary,
) -> Result<Response, ContractError> {
    let mut market = Market::load(ctx.storage, market)?;
    market.expect(Status::Answered, ctx.now())?;
    let given = Answer::parse(answer, market.row.pool.outcomes().len())?;
    // an answered market has a contest
    let Some(mut contest) = market.contest.take() else {
        return Err(ContractError::MarketUnknown { market: market.id });
    };
    if contest.answer == given {
        return Err(ContractError::SameAnswer { answer });
    }
    if contest.bonds >= MAX_BONDS {
        return Err(ContractError::TooManyBonds {
            max: MAX_BONDS,
            actual: contest.bonds,
        });
    }
    contest.answer = given;
    contest.phase = live(ctx, &market.details.terms);
    let asks = !contest.asked && contest.bonds.saturating_add(1) >= BONDS_BEFORE_VOTE;
    let governance = config.governance.as_ref().filter(|_| asks);
    if governance.is_some() {
        contest.asked = true;
        contest.phase = Phase::Voting {
            until: ctx.now().saturating_add(market.details.terms.vote_patience),
        };
    }
    let placed = place(ctx, &market, contest, (given, amount, evidence))?;
    match governance {
        Some(governance) => ask(ctx, market.id, &governance.text(ctx.api)?, placed),
        None => Ok(placed),
    }
}

/// The bond that the first answer needs: ⌈P · `bond_bps`⌉, at least `min_bond`.
pub fn first_bond(market: &Market) -> Result<u128, ContractError> {
    let terms = &market.details.terms;
    let share = Bps::new(terms.bond_bps)?.of_ceil(market.row.pool.money());
    Ok(share.max(terms.min_bond.u128()))
}

fn live(ctx: &Context, terms: &Terms) -> Phase {
    Phase::Live {
        until: ctx.now().saturating_add(terms.liveness),
    }
}

/// Takes exactly the bond that is asked for and writes the answer down. A larger bond could make disputes unaffordable.
fn place(
    ctx: &mut Context,
    market: &Market,
    mut contest: Contest,
    (answer, amount, evidence): (Answer, Uint128, &HexBinary),
) -> Result<Response, ContractError> {
    if evidence.len() != HASH_BYTES {
        return Err(ContractError::Evidence {
            expected: HASH_BYTES,
            actual: evidence.len(),
        });
    }
    let number = contest.bonds;
    let expected = Uint128::new(contest.bond(number)?);
    if amount != expected {
        return Err(ContractError::WrongBond {
            expected,
            actual: amount,
        });
    }
    contest.bonds = number.saturating_add(1);
    let bond = Bond {
        account: ctx.account()?,
        answer,
        amount: amount.u128(),
        at: ctx.now(),
        evidence: evidence.to_vec(),
    };
    BONDS.save(ctx.storage, &(market.id, number.into()), &bond);
    CONTESTS.save(ctx.storage, &market.id, &contest);
    let mut totals = Totals::load(ctx.storage)?;
    totals.bonds = totals.bonds.checked_add(amount)?;
    totals.save(ctx.storage);
    let answered = Of::Answered {
        account: &ctx.sender,
        answer,
        number,
        bond: amount,
        evidence,
        phase: contest.phase,
    };
    Ok(Response::new().add_event(answered.event(market.id)))
}

/// Lets governance open a vote among the bonded answers, with the electorate of creation and of this dispute.
fn ask(ctx: &Context, market: u64, governance: &str, placed: Response) -> Result<Response, ContractError> {
    let market = Market::load(ctx.storage, market)?;
    let mut answers: Vec<u8> = Vec::new();
    for bond in market.bonds(ctx.storage)? {
        let answer = u8::from(bond.answer);
        if !answers.contains(&answer) {
            answers.push(answer);
        }
    }
    let event = Of::VoteOpened { answers: &answers }.event(market.id);
    let question = open_outcome(governance, market.id, answers, market.details.created, ctx.moment())?;
    Ok(placed.add_event(event).add_submessage(question))
}

/// Governance could not open a vote: disputes go on as without it.
pub fn vote_failed(ctx: &mut Context, reply: Reply) -> Result<Response, ContractError> {
    let ReplyId::OpenOutcome = reply.id.try_into()?;
    let market: u64 = from_json(&reply.payload)?;
    let SubMsgResult::Err(error) = reply.result else {
        return Ok(Response::new());
    };
    let until = go_on(ctx, market, false)?;
    let failed = Of::VoteFailed { error: &error, until };
    Ok(Response::new().add_event(failed.event(market)))
}

/// The newest answer can be disputed from now on for as long as any.
fn go_on(ctx: &mut Context, market: u64, asked: bool) -> Result<u64, ContractError> {
    let unknown = || ContractError::MarketUnknown { market };
    let terms = DETAILS.may_load(ctx.storage, &market)?.ok_or_else(unknown)?.terms;
    let mut contest = CONTESTS.may_load(ctx.storage, &market)?.ok_or_else(unknown)?;
    let until = ctx.now().saturating_add(terms.liveness);
    contest.phase = Phase::Live { until };
    contest.asked = asked;
    CONTESTS.save(ctx.storage, &market, &contest);
    Ok(until)
}

/// The stakers decided, or too few voted.
pub fn decide(ctx: &mut Context, market: u64, answer: Option<u8>) -> Result<Response, ContractError> {
    assert_peer(
        ctx.storage,
        ctx.api,
        &ctx.sender,
        |config| config.governance.as_ref(),
        "governance",
    )?;
    let market = Market::load(ctx.storage, market)?;
    market.expect(Status::Voting, ctx.now())?;
    let Some(answer) = answer else {
        let until = go_on(ctx, market.id, true)?;
        return Ok(Response::new().add_event(Of::Undecided { until }.event(market.id)));
    };
    let decided = Answer::from(answer);
    let bonds = market.bonds(ctx.storage)?;
    match bonds.iter().any(|bond| bond.answer == decided) {
        true => finish(ctx, &market, decided),
        false => Err(ContractError::AnswerNotBonded { answer }),
    }
}

/// Ends a market that is due.
pub fn settle(ctx: &mut Context, market: u64) -> Result<Response, ContractError> {
    let market = Market::load(ctx.storage, market)?;
    market.expect(Status::Due, ctx.now())?;
    finish(ctx, &market, market.standing())
}

/// Fixes what is shared out, pays the bonds that come back, burns the others.
pub fn finish(ctx: &mut Context, market: &Market, answer: Answer) -> Result<Response, ContractError> {
    let bonds = market.bonds(ctx.storage)?;
    let sides: Vec<_> = bonds.iter().map(|bond| (bond.answer, bond.amount)).collect();
    let returned = distribute(&sides, answer)?;
    let settled = Settled {
        answer,
        at: ctx.now(),
        payouts: payouts(market, answer)?,
        held_left: match answer {
            Answer::Outcome(_) => market.row.held,
            // among what is refunded
            Answer::Void => 0,
        },
        burnable: 0,
    };
    RESULTS.save(ctx.storage, &market.id, &settled);
    let given: u128 = bonds.iter().map(|bond| bond.amount).fold(0, u128::saturating_add);
    move_totals(ctx, market.row.put_in().into(), given.into(), returned.burned.into())?;

    let coin = Coin::new(ctx.api, &Config::load(ctx.storage)?)?;
    let event = Of::Settled {
        settled: &settled,
        burned: returned.burned,
    };
    let mut response = Response::new().add_event(event.event(market.id));
    for (bond, amount) in bonds.iter().zip(&returned.amounts).filter(|(_, amount)| **amount > 0) {
        let account = bond.account.text(ctx.api)?;
        let back = Of::BondReturned {
            account: &account,
            amount: *amount,
        };
        response = response
            .add_event(back.event(market.id))
            .add_message(coin.pay(&account, *amount)?);
    }
    match returned.burned {
        0 => Ok(response),
        burned => Ok(response.add_message(coin.burn(burned)?)),
    }
}

fn payouts(market: &Market, answer: Answer) -> Result<Payouts, ContractError> {
    let pool = &market.row.pool;
    Ok(match answer {
        Answer::Outcome(outcome) => pool.settle(outcome.into(), Bps::new(market.details.terms.fee_bps)?)?,
        Answer::Void => pool.refund(market.row.held),
    })
}

fn move_totals(ctx: &mut Context, put_in: Uint128, bonds: Uint128, burned: Uint128) -> Result<(), ContractError> {
    let mut totals = Totals::load(ctx.storage)?;
    totals.open_interest = totals.open_interest.checked_sub(put_in)?;
    totals.unclaimed = totals.unclaimed.checked_add(put_in)?;
    totals.bonds = totals.bonds.checked_sub(bonds)?;
    totals.burned = totals.burned.checked_add(burned)?;
    totals.save(ctx.storage);
    Ok(())
}

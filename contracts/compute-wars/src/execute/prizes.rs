//! Prize money: fetched, divided, claimed.
//!
//! ```text
//! pool      = received from the fund + what rolled over
//! prize_i   = ⌊pool · share_i / 10⁴⌋            for each rank that somebody reached
//! rolled    = pool − Σ prize_i                  unfilled ranks, shares below 100 %, dust
//! ```

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{from_json, to_json_binary, Addr, Reply, Response, StdResult, SubMsg, Uint128, WasmMsg};
use interfaces::{ecosystem_fund, l_coin};
use math::{mul_div_floor, MathError};

use super::Context;
use crate::error::ContractError;
use crate::events::Contest;
use crate::state::{outcome, Outcome, CLAIMED, CONFIG, OUTCOMES, TOTALS};

/// Ids of the replies this contract asks for.
#[repr(u64)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyId {
    /// The fund sent a week's prizes; the payload is [`Fetched`].
    Prizes = 1,
}

impl TryFrom<u64> for ReplyId {
    type Error = ContractError;

    fn try_from(id: u64) -> Result<Self, ContractError> {
        match id {
            1 => Ok(Self::Prizes),
            _ => Err(ContractError::UnknownReply { id }),
        }
    }
}

#[cw_serde]
struct Fetched {
    week: u64,
    /// µLCO balance before the fund was asked.
    balance: Uint128,
}

/// Asks the fund for the next week's prizes. The week counts as collected before the message leaves; a failure takes everything back.
pub fn collect(ctx: &mut Context, week: u64) -> Result<Response, ContractError> {
    let config = CONFIG.load(ctx.storage)?;
    let fund = config.fund.ok_or(ContractError::PeerMissing { peer: "fund" })?;
    outcome(ctx.storage, week)?;
    let mut totals = TOTALS.load(ctx.storage)?;
    if totals.next_week != week {
        return Err(ContractError::OutOfOrder {
            expected: totals.next_week,
            actual: week,
        });
    }
    totals.next_week = totals.next_week.saturating_add(1);
    TOTALS.save(ctx.storage, &totals)?;
    let balance = balance(ctx, &config.l_coin)?;
    let release = WasmMsg::Execute {
        contract_addr: fund.into(),
        msg: to_json_binary(&ecosystem_fund::ExecuteMsg::ReleasePrizes { week })?,
        funds: vec![],
    };
    let payload = to_json_binary(&Fetched { week, balance })?;
    let message = SubMsg::reply_on_success(release, ReplyId::Prizes as u64).with_payload(payload);
    Ok(Response::new().add_submessage(message))
}

fn balance(ctx: &Context, l_coin: &Addr) -> StdResult<Uint128> {
    let query = l_coin::QueryMsg::Balance {
        address: ctx.env.contract.address.to_string(),
    };
    let answer: cw20::BalanceResponse = ctx.querier.query_wasm_smart(l_coin, &query)?;
    Ok(answer.balance)
}

/// Divides what arrived. Measured by the balance, so that what somebody sent here before is not taken for prizes.
pub fn collected(ctx: &mut Context, reply: &Reply) -> Result<Response, ContractError> {
    let ReplyId::Prizes = reply.id.try_into()?;
    let fetched: Fetched = from_json(&reply.payload)?;
    let balance = balance(ctx, &CONFIG.load(ctx.storage)?.l_coin)?;
    let mut totals = TOTALS.load(ctx.storage)?;
    // A fund that re-enters with another week would have the same money counted twice by difference; above what is held already it cannot.
    let received = balance
        .checked_sub(fetched.balance)?
        .min(balance.checked_sub(totals.held()?)?);
    let pool = received.checked_add(totals.rolled)?;
    let week = fetched.week;
    let mut row = outcome(ctx.storage, week)?;
    row.pool = Some(pool);
    let prizes = assigned(&row)?;
    totals.collected = totals.collected.checked_add(received)?;
    totals.rolled = pool.checked_sub(prizes)?;
    TOTALS.save(ctx.storage, &totals)?;
    OUTCOMES.save(ctx.storage, week, &row)?;
    Ok(Response::new().add_event(Contest::Collected {
        week,
        received,
        pool,
        rolled: totals.rolled,
    }))
}

/// Σ prizes of the ranks that somebody reached, µLCO.
fn assigned(row: &Outcome) -> Result<Uint128, ContractError> {
    let mut prizes = (0..row.winners.len()).map(|place| prize(row, place));
    prizes.try_fold(Uint128::zero(), |sum, prize| Ok(sum.checked_add(prize?)?))
}

/// ⌊pool · share / 10⁴⌋ of the place, counted from 0, µLCO; rounded down for the next week. 0 before the week is collected.
pub fn prize(row: &Outcome, place: usize) -> Result<Uint128, MathError> {
    let share = row.shares.get(place).copied().unwrap_or_default();
    let pool = row.pool.unwrap_or_default();
    Ok(mul_div_floor(pool.u128(), share.into(), 10_000)?.into())
}

/// Pays the sender, by a transfer that calls nobody.
pub fn claim(ctx: &mut Context, week: u64) -> Result<Response, ContractError> {
    let row = outcome(ctx.storage, week)?;
    let place = row.winners.iter().position(|winner| winner == ctx.sender);
    let place = place.ok_or_else(|| ContractError::NoPrize {
        account: ctx.sender.clone(),
        week,
    })?;
    if row.pool.is_none() {
        return Err(ContractError::NotCollected { week });
    }
    let rank = rank(place);
    if CLAIMED.has(ctx.storage, (week, rank)) {
        return Err(ContractError::Claimed { week, rank });
    }
    let amount = prize(&row, place)?;
    CLAIMED.save(ctx.storage, (week, rank), &amount)?;
    let mut totals = TOTALS.load(ctx.storage)?;
    totals.paid = totals.paid.checked_add(amount)?;
    TOTALS.save(ctx.storage, &totals)?;
    let transfer = l_coin::ExecuteMsg::Transfer {
        recipient: ctx.sender.to_string(),
        amount,
    };
    let message = WasmMsg::Execute {
        contract_addr: CONFIG.load(ctx.storage)?.l_coin.into(),
        msg: to_json_binary(&transfer)?,
        funds: vec![],
    };
    let event = Contest::Claimed {
        week,
        rank,
        account: ctx.sender,
        amount,
    };
    Ok(Response::new().add_event(event).add_message(message))
}

/// Ranks count from 1.
pub fn rank(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1)
}

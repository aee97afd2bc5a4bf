//! Who receives what when a position is closed whole against its owner's will, and who bears what is missing.

use cosmwasm_std::{Addr, Event, Uint128};
use interfaces::margin::{Ending, HistoryEntry, Params, Side, Token};

use super::trade::{entry, finish};
use super::{Context, Outbox};
use crate::error::ContractError;
use crate::events;
use crate::pool::{Loss, Pool};
use crate::risk::part;
use crate::state::Position;

/// A position closed whole, and for what.
pub struct Closing<'a> {
    pub id: u64,
    pub position: &'a Position,
    /// Value at mark, µCredit.
    pub notional: u128,
    /// Debt of now.
    pub owed: u128,
    pub ending: Ending,
    /// µLCO and µCredit that changed hands.
    pub lco: u128,
    pub credits: u128,
    /// Of the debt's token, arrived for the debt; may be more than is owed.
    pub arrived: u128,
    /// µCredit left beside it.
    pub rest: u128,
    /// Of the Risk Reserve in the token that was held, spent on the debt.
    pub advanced: u128,
    /// Receives the bounty; a taker has his discount instead.
    pub keeper: Option<Addr>,
}

/// How the Credits left after the debt are divided.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Division {
    pub penalty: Uint128,
    pub bounty: Uint128,
    /// Part of the bounty that the Risk Reserve pays.
    pub topped_up: Uint128,
    pub payout: Uint128,
}

/// Bounty first, then the penalty, then the owner; neither exceeds what is there. Below the fixed bounty the Risk Reserve pays the difference, so that closing what is
/// bankrupt, or nearly, is worth somebody's while.
#[inline(never)]
pub fn divide(rest: u128, notional: u128, params: &Params, reserve: Uint128, keeper: bool) -> Division {
    let rest = Uint128::new(rest);
    let (mut bounty, mut topped_up) = (Uint128::zero(), Uint128::zero());
    if keeper {
        bounty = part(notional, params.bounty_bps).max(params.fixed_bounty).min(rest);
        topped_up = params.fixed_bounty.saturating_sub(bounty).min(reserve);
    }
    let left = rest.saturating_sub(bounty);
    let penalty = part(notional, params.penalty_bps).min(left);
    Division {
        penalty,
        bounty: bounty.saturating_add(topped_up),
        topped_up,
        payout: left.saturating_sub(penalty),
    }
}

/// Settles a closing: debt, bounty, penalty, owner; then the loss, if any. Saves both pools as far as they change and removes the position.
#[inline(never)]
pub fn settle(ctx: &mut Context, params: &Params, closing: &Closing) -> Result<Outbox, ContractError> {
    let (side, shares) = (closing.position.side, closing.position.shares);
    let debt = side.debt();
    let mut pool = ctx.pool(debt, params)?;
    let mut other = Pool::stored(ctx.storage, side.held())?;
    other.reserve = other.reserve.checked_sub(closing.advanced.into())?;
    // the Risk Reserve in Credits is in the very pool for a long, in the other one for a short
    let purse = match side {
        Side::Long => &mut pool,
        Side::Short => &mut other,
    };
    let division = divide(
        closing.rest,
        closing.notional,
        params,
        purse.reserve,
        closing.keeper.is_some(),
    );
    purse.reserve = purse
        .reserve
        .checked_sub(division.topped_up)?
        .checked_add(division.penalty)?;

    let loss = repay(&mut pool, shares, closing)?;
    let rested = loss.is_some_and(|loss| rests(&loss, params));
    if rested {
        pool.resting_until = ctx.now().saturating_add(params.rest_seconds);
    }
    pool.save(ctx.storage, debt, params)?;
    if side == Side::Short || closing.advanced > 0 {
        other.put(ctx.storage, side.held());
    }
    let event = written(ctx, closing, &division, loss.map_or(0, |loss| loss.total))?;
    let mut outbox = Outbox::default().event(event);
    if closing.advanced > 0 {
        outbox = outbox.event(events::reserve_sold(closing.id, side.held(), closing.advanced));
    }
    for event in loss
        .iter()
        .flat_map(|loss| told(debt, loss, pool_rest(ctx, rested, params)))
    {
        outbox = outbox.event(event);
    }
    if let Some(keeper) = &closing.keeper {
        outbox = outbox.transfer(Token::Credit, keeper, division.bounty);
    }
    let owner = ctx.address(&closing.position.owner)?;
    Ok(outbox.transfer(Token::Credit, &owner, division.payout))
}

fn repay(pool: &mut Pool, shares: Uint128, closing: &Closing) -> Result<Option<Loss>, ContractError> {
    match closing.arrived.checked_sub(closing.owed) {
        Some(surplus) => {
            pool.repay(shares, closing.owed.into())?;
            // what buying whole units brought beyond the debt, less than a µCredit's worth
            pool.reserve = pool.reserve.checked_add(surplus.into())?;
            Ok(None)
        }
        None => pool.absorb(shares, closing.owed, closing.arrived).map(Some),
    }
}

fn rests(loss: &Loss, params: &Params) -> bool {
    Uint128::new(loss.lenders) > part(loss.assets_before, params.rest_loss_bps)
}

fn pool_rest(ctx: &Context, rested: bool, params: &Params) -> u64 {
    match rested {
        true => ctx.now().saturating_add(params.rest_seconds),
        false => 0,
    }
}

fn told(token: Token, loss: &Loss, resting_until: u64) -> Vec<Event> {
    let mut told = vec![events::loss(token, loss)];
    if loss.lenders > 0 {
        told.push(events::socialized_loss(token, loss, resting_until));
    }
    told
}

fn written(ctx: &mut Context, closing: &Closing, division: &Division, loss: u128) -> Result<Event, ContractError> {
    let entry = HistoryEntry {
        lco: closing.lco.into(),
        credits: closing.credits.into(),
        penalty: division.penalty,
        bounty: division.bounty,
        payout: division.payout,
        loss: loss.into(),
        ..entry(ctx, closing.id, closing.position, closing.ending)
    };
    finish(ctx, closing.id, closing.position, entry)
}

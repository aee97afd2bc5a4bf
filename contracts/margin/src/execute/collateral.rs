//! Putting money into positions and taking it out.

use cosmwasm_std::{Event, Response, Uint128};
use interfaces::margin::{Ending, HistoryEntry, Side, Token};

use super::trade::{assert_owner, entry, finish};
use super::{Context, Outbox, Payment};
use crate::error::ContractError;
use crate::events;
use crate::pool::curve;
use crate::risk;
use crate::state::{Book, Position, Stoppable, OFFERS, SWITCHES};

/// Credits into a position: a long's debt falls, a short holds more.
pub fn add(ctx: &mut Context, payment: &Payment, id: u64) -> Result<Response, ContractError> {
    payment.assert_token(Token::Credit)?;
    match Position::load(ctx.storage, id)?.side {
        Side::Long => repay(ctx, payment, id),
        Side::Short => hold_more(ctx, payment, id),
    }
}

#[inline(never)]
fn hold_more(ctx: &mut Context, payment: &Payment, id: u64) -> Result<Response, ContractError> {
    let before = Position::load(ctx.storage, id)?;
    let position = Position {
        held: before.held.checked_add(payment.amount)?,
        ..before.clone()
    };
    change_held(ctx, &before, &position)?;
    position.save(ctx.storage, id, Some(&before))?;
    Ok(Response::new().add_event(added(ctx, id, &position, payment, payment.amount)?))
}

fn change_held(ctx: &mut Context, before: &Position, after: &Position) -> Result<(), ContractError> {
    let mut book = Book::load(ctx.storage)?;
    book.change(after.side, before.held, after.held)?;
    book.save(ctx.storage);
    Ok(())
}

fn added(
    ctx: &Context,
    id: u64,
    position: &Position,
    payment: &Payment,
    amount: Uint128,
) -> Result<Event, ContractError> {
    let owner = ctx.address(&position.owner)?;
    Ok(events::collateral_added(id, &owner, position, payment, amount))
}

/// Repays debt. What is not owed goes back; with nothing owed any more the owner receives what the position held, without the exchange.
#[inline(never)]
pub fn repay(ctx: &mut Context, payment: &Payment, id: u64) -> Result<Response, ContractError> {
    let before = Position::load(ctx.storage, id)?;
    let debt_token = before.side.debt();
    payment.assert_token(debt_token)?;
    let params = ctx.params()?;
    let mut pool = ctx.pool(debt_token, &params)?;
    let debt = before.debt(&pool);
    let paid = payment.amount.min(debt.owed()?.into());
    let shares = Uint128::new(debt.repaid(paid.u128())?.shares);
    pool.repay(before.shares.checked_sub(shares)?, paid)?;
    pool.save(ctx.storage, debt_token, &params)?;

    let position = Position {
        shares,
        ..before.clone()
    };
    let outbox = Outbox::default()
        .event(added(ctx, id, &position, payment, paid)?)
        .transfer(debt_token, &payment.from, payment.amount.checked_sub(paid)?);
    let outbox = match shares.is_zero() {
        true => hand_over(ctx, id, &before, outbox)?,
        false => {
            position.save(ctx.storage, id, Some(&before))?;
            outbox
        }
    };
    outbox.send(&ctx.terms()?)
}

fn hand_over(ctx: &mut Context, id: u64, position: &Position, outbox: Outbox) -> Result<Outbox, ContractError> {
    let entry = HistoryEntry {
        payout: position.held,
        ..entry(ctx, id, position, Ending::Repaid)
    };
    let event = finish(ctx, id, position, entry)?;
    let owner = ctx.address(&position.owner)?;
    Ok(outbox
        .event(event)
        .transfer(position.side.held(), &owner, position.held))
}

/// Takes Credits out: a long borrows more, a short holds less.
#[inline(never)]
pub fn take(ctx: &mut Context, id: u64, amount: Uint128) -> Result<Response, ContractError> {
    SWITCHES.assert_running(ctx.storage, Stoppable::Borrow)?;
    if amount.is_zero() {
        return Err(ContractError::Zero { what: "amount" });
    }
    let before = Position::load(ctx.storage, id)?;
    assert_owner(ctx, &before, id, ctx.sender)?;
    let (params, market, debt) = (ctx.params()?, ctx.market()?, before.side.debt());
    let mut pool = ctx.pool(debt, &params)?;
    let mut position = before.clone();
    match before.side {
        Side::Long => {
            let lent = pool.lend(amount, curve(&params, debt))?;
            position.shares = before.shares.checked_add(lent)?;
        }
        Side::Short => {
            let available = before.held;
            position.held = available
                .checked_sub(amount)
                .map_err(|_| ContractError::DebtUncovered {
                    available,
                    required: amount,
                })?;
        }
    }
    risk::assert_initial(&position, &pool, &market, &params)?;
    match before.side {
        Side::Long => pool.save(ctx.storage, debt, &params)?,
        Side::Short => change_held(ctx, &before, &position)?,
    }
    position.save(ctx.storage, id, Some(&before))?;
    OFFERS.remove(ctx.storage, &id);
    Outbox::default()
        .event(events::collateral_taken(id, ctx.sender, &position, amount))
        .transfer(Token::Credit, ctx.sender, amount)
        .send(&ctx.terms()?)
}

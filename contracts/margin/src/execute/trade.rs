//! Opening, enlarging and closing on the exchange.

use cosmwasm_std::{Addr, Event, Response, Uint128};
use interfaces::margin::{Ending, HistoryEntry, Side, Token};
use math::amm::Trade;

use super::{Context, Outbox, Payment, Swap};
use crate::error::ContractError;
use crate::events;
use crate::market::Market;
use crate::pool::curve;
use crate::risk;
use crate::state::{Book, Position, Stoppable, OFFERS, SWITCHES};

/// What `Cw20Hook::Open` says.
pub struct Opening {
    pub side: Side,
    pub borrow: Uint128,
    pub min_out: Uint128,
    pub deadline: Option<u64>,
    pub position: Option<u64>,
}

/// Opens or enlarges a position.
#[inline(never)]
pub fn open(ctx: &mut Context, payment: &Payment, opening: &Opening) -> Result<Response, ContractError> {
    SWITCHES.assert_running(ctx.storage, Stoppable::Borrow)?;
    payment.assert_token(Token::Credit)?;
    if opening.borrow.is_zero() {
        return Err(ContractError::Zero { what: "borrow" });
    }
    let market = ctx.market()?;
    let before = owned(ctx, payment, opening)?;
    let (trade, swap) = enter(&market, payment, opening)?;
    let position = enlarged(ctx, payment, opening, before.as_ref(), swap.out)?;
    let (id, position) = lend(ctx, opening, &market, &trade, before.as_ref(), position)?;
    position.save(ctx.storage, id, before.as_ref())?;
    if before.is_some() {
        OFFERS.remove(ctx.storage, &id);
    }
    Outbox::default()
        .event(events::opened(
            id,
            &payment.from,
            &position,
            payment.amount,
            opening.borrow,
            &trade,
        ))
        .swap(swap)
        .send(&ctx.terms()?)
}

/// The trade that opens, to the unit.
fn enter(market: &Market, payment: &Payment, opening: &Opening) -> Result<(Trade, Swap), ContractError> {
    let paid = match opening.side {
        Side::Long => payment.amount.checked_add(opening.borrow)?,
        Side::Short => opening.borrow,
    };
    let trade = market.enter(opening.side, paid)?;
    let out = Uint128::new(trade.amount_out);
    if out < opening.min_out {
        return Err(ContractError::TooLittle {
            what: "received",
            min: opening.min_out,
            actual: out,
        });
    }
    let swap = Swap {
        pay: opening.side.debt(),
        amount: paid,
        out,
        deadline: opening.deadline,
    };
    Ok((trade, swap))
}

/// The position with what the trade gives, and nothing borrowed for it yet.
fn enlarged(
    ctx: &Context,
    payment: &Payment,
    opening: &Opening,
    before: Option<&Position>,
    out: Uint128,
) -> Result<Position, ContractError> {
    let mut position = match before {
        Some(before) => before.clone(),
        None => Position {
            owner: ctx.account(&payment.from)?,
            side: opening.side,
            held: Uint128::zero(),
            shares: Uint128::zero(),
            opened_at: ctx.now(),
        },
    };
    let kept = match opening.side {
        Side::Long => out,
        Side::Short => payment.amount.checked_add(out)?,
    };
    position.held = position.held.checked_add(kept)?;
    Ok(position)
}

/// Borrows, judges the position and the side by the market after the trade, and saves pool and book.
#[inline(never)]
fn lend(
    ctx: &mut Context,
    opening: &Opening,
    market: &Market,
    trade: &Trade,
    before: Option<&Position>,
    mut position: Position,
) -> Result<(u64, Position), ContractError> {
    let (side, params) = (opening.side, ctx.params()?);
    let debt = side.debt();
    let mut pool = ctx.pool(debt, &params)?;
    let lent = pool.lend(opening.borrow, curve(&params, debt))?;
    position.shares = position.shares.checked_add(lent)?;

    let mut book = Book::load(ctx.storage)?;
    let held_before = before.map_or(Uint128::zero(), |row| row.held);
    book.change(side, held_before, position.held)?;
    risk::assert_size(&position, &pool, &book, market, &params)?;
    risk::assert_initial(&position, &pool, &market.entered(side, trade), &params)?;
    if opening.position.is_none() {
        book.positions = book.positions.saturating_add(1);
    }
    book.save(ctx.storage);
    pool.save(ctx.storage, debt, &params)?;
    Ok((opening.position.unwrap_or(book.positions), position))
}

/// The position to enlarge, if one is named: the payer's own, of the same side.
fn owned(ctx: &Context, payment: &Payment, opening: &Opening) -> Result<Option<Position>, ContractError> {
    let Some(id) = opening.position else { return Ok(None) };
    let position = Position::load(ctx.storage, id)?;
    assert_owner(ctx, &position, id, &payment.from)?;
    if position.side != opening.side {
        return Err(ContractError::OtherSide {
            position: id,
            expected: opening.side,
            actual: position.side,
        });
    }
    Ok(Some(position))
}

/// Refuses everyone but the position's owner.
pub fn assert_owner(ctx: &Context, position: &Position, id: u64, actual: &Addr) -> Result<(), ContractError> {
    match position.owner == ctx.account(actual)? {
        true => Ok(()),
        false => Err(ContractError::NotPositionOwner {
            position: id,
            expected: ctx.address(&position.owner)?,
            actual: actual.clone(),
        }),
    }
}

/// What closing whole on the exchange does.
struct Exit {
    swap: Swap,
    /// µLCO and µCredit that change hands.
    lco: Uint128,
    credits: Uint128,
    /// µCredit left after the debt.
    payout: Uint128,
    /// µLCO bought beyond the debt, less than a µCredit's worth.
    surplus: Uint128,
}

#[inline(never)]
fn exit(market: &Market, position: &Position, owed: Uint128, deadline: Option<u64>) -> Result<Exit, ContractError> {
    let held = position.held;
    let uncovered = |available, required| ContractError::DebtUncovered { available, required };
    let (amount, out, payout, surplus) = match position.side {
        Side::Long => {
            let out = Uint128::new(market.exit(Side::Long, held.u128())?);
            let payout = out.checked_sub(owed).map_err(|_| uncovered(out, owed))?;
            (held, out, payout, Uint128::zero())
        }
        Side::Short => {
            let cost = Uint128::new(market.cost(owed.u128())?);
            let payout = held.checked_sub(cost).map_err(|_| uncovered(held, cost))?;
            let out = Uint128::new(market.exit(Side::Short, cost.u128())?);
            (cost, out, payout, out.checked_sub(owed)?)
        }
    };
    let (lco, credits) = match position.side {
        Side::Long => (amount, out),
        Side::Short => (out, amount),
    };
    let swap = Swap {
        pay: position.side.held(),
        amount,
        out,
        deadline,
    };
    Ok(Exit {
        swap,
        lco,
        credits,
        payout,
        surplus,
    })
}

/// Closes for the owner. The debt must be covered: an owner could make his own position insolvent for a moment by trading, and leave the loss to others.
#[inline(never)]
pub fn close(
    ctx: &mut Context,
    id: u64,
    min_payout: Uint128,
    deadline: Option<u64>,
) -> Result<Response, ContractError> {
    let position = Position::load(ctx.storage, id)?;
    assert_owner(ctx, &position, id, ctx.sender)?;
    let (params, market, debt) = (ctx.params()?, ctx.market()?, position.side.debt());
    let mut pool = ctx.pool(debt, &params)?;
    let owed = Uint128::new(position.debt(&pool).owed()?);
    let exit = exit(&market, &position, owed, deadline)?;
    if exit.payout < min_payout {
        return Err(ContractError::TooLittle {
            what: "µCredit paid out",
            min: min_payout,
            actual: exit.payout,
        });
    }
    pool.repay(position.shares, owed)?;
    pool.reserve = pool.reserve.checked_add(exit.surplus)?;
    pool.save(ctx.storage, debt, &params)?;
    let entry = HistoryEntry {
        lco: exit.lco,
        credits: exit.credits,
        payout: exit.payout,
        ..entry(ctx, id, &position, Ending::Closed)
    };
    let event = finish(ctx, id, &position, entry)?;
    Outbox::default()
        .event(event)
        .swap(exit.swap)
        .transfer(Token::Credit, ctx.sender, exit.payout)
        .send(&ctx.terms()?)
}

/// A line of history with nothing in it yet.
pub fn entry(ctx: &Context, id: u64, position: &Position, ending: Ending) -> HistoryEntry {
    let zero = Uint128::zero();
    HistoryEntry {
        number: 0,
        position: id,
        side: position.side,
        ending,
        time: ctx.now(),
        lco: zero,
        credits: zero,
        penalty: zero,
        bounty: zero,
        payout: zero,
        loss: zero,
    }
}

/// Removes a position and writes its last line.
#[inline(never)]
pub fn finish(ctx: &mut Context, id: u64, position: &Position, entry: HistoryEntry) -> Result<Event, ContractError> {
    let mut book = Book::load(ctx.storage)?;
    book.change(position.side, position.held, Uint128::zero())?;
    let event = events::ended(&ctx.address(&position.owner)?, &entry, None);
    book.record(ctx.storage, &position.owner, entry);
    book.save(ctx.storage);
    position.remove(ctx.storage, id)?;
    Ok(event)
}

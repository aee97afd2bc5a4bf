//! Spending accounts: free Credits promised to one gateway, out of the owner's reach until they are closed, and out of reach of every other gateway.

use cosmwasm_std::{Response, Uint128};

use super::Context;
use crate::error::ContractError;
use crate::events::Money;
use crate::state::{credit, debit, Gateway, Phase, Spending, PARAMS, SPENDING};
use kit::compact::Account;

/// Promises `amount` to a gateway that serves.
pub fn open(ctx: &mut Context, gateway: u64, amount: Uint128, max_per_day: Uint128) -> Result<Response, ContractError> {
    above_zero("amount", amount)?;
    above_zero("max_per_day", max_per_day)?;
    Gateway::load_serving(ctx.storage, gateway)?;
    let key = (ctx.sender_account()?, gateway);
    let earlier = SPENDING.may_load(ctx.storage, &key)?;
    let shortfall = earlier.as_ref().map(|row| row.shortfall).unwrap_or_default();
    expect_phase(gateway, earlier.as_ref(), "closed")?;

    debit(ctx.storage, &key.0, amount)?;
    let row = Spending::open(amount, max_per_day, ctx.now(), shortfall);
    SPENDING.save(ctx.storage, &key, &row);
    let event = Money::SpendingOpened {
        account: ctx.sender,
        gateway,
        amount,
        max_per_day,
    };
    Ok(Response::new().add_event(event))
}

/// Adds to an open account.
pub fn top_up(ctx: &mut Context, gateway: u64, amount: Uint128) -> Result<Response, ContractError> {
    above_zero("amount", amount)?;
    let (key, mut row) = load(ctx, gateway, "open")?;
    debit(ctx.storage, &key.0, amount)?;
    row.amount = row.amount.checked_add(amount)?;
    SPENDING.save(ctx.storage, &key, &row);
    Ok(Response::new().add_event(Money::SpendingToppedUp {
        account: ctx.sender,
        gateway,
        amount,
    }))
}

/// Changes the daily bound of an open account: up at once, down an hour later. What was charged today stays counted.
pub fn set_daily_limit(ctx: &mut Context, gateway: u64, max_per_day: Uint128) -> Result<Response, ContractError> {
    above_zero("max_per_day", max_per_day)?;
    let (key, mut row) = load(ctx, gateway, "open")?;
    row.set_limit(max_per_day, ctx.now());
    let from = row.lowered.map_or(ctx.now(), |(_, from)| from);
    SPENDING.save(ctx.storage, &key, &row);
    Ok(Response::new().add_event(Money::SpendingLimited {
        account: ctx.sender,
        gateway,
        max_per_day,
        from,
    }))
}

/// Starts closing. The end of the window is fixed now.
pub fn close(ctx: &mut Context, gateway: u64) -> Result<Response, ContractError> {
    let (key, mut row) = load(ctx, gateway, "open")?;
    let withdrawable_at = ctx.now().saturating_add(PARAMS.load(ctx.storage)?.close_window);
    row.phase = Phase::Closing {
        since: ctx.now(),
        withdrawable_at,
    };
    SPENDING.save(ctx.storage, &key, &row);
    Ok(Response::new().add_event(Money::SpendingClosing {
        account: ctx.sender,
        gateway,
        withdrawable_at,
    }))
}

/// Frees the rest after the window. A shortfall mark stays; it blocks nothing.
pub fn withdraw(ctx: &mut Context, gateway: u64) -> Result<Response, ContractError> {
    let (key, mut row) = load(ctx, gateway, "closing")?;
    if let Phase::Closing { withdrawable_at, .. } = row.phase {
        if ctx.now() < withdrawable_at {
            return Err(ContractError::WindowNotOver {
                withdrawable_at,
                now: ctx.now(),
            });
        }
    }
    let amount = std::mem::take(&mut row.amount);
    row.phase = Phase::Closed;
    match row.shortfall.is_zero() {
        true => SPENDING.remove(ctx.storage, &key),
        false => SPENDING.save(ctx.storage, &key, &row),
    }
    credit(ctx.storage, &key.0, amount)?;
    Ok(Response::new().add_event(Money::SpendingWithdrawn {
        account: ctx.sender,
        gateway,
        amount,
    }))
}

fn above_zero(what: &'static str, amount: Uint128) -> Result<(), ContractError> {
    match amount.is_zero() {
        true => Err(ContractError::Zero { what }),
        false => Ok(()),
    }
}

fn load(ctx: &Context, gateway: u64, phase: &'static str) -> Result<((Account, u64), Spending), ContractError> {
    let key = (ctx.sender_account()?, gateway);
    let row = SPENDING.may_load(ctx.storage, &key)?;
    expect_phase(gateway, row.as_ref(), phase)?;
    // "open" and "closing" mean that there is a row
    row.map(|row| (key, row)).ok_or(ContractError::SpendingPhase {
        gateway,
        expected: phase,
        actual: "closed",
    })
}

fn expect_phase(gateway: u64, row: Option<&Spending>, expected: &'static str) -> Result<(), ContractError> {
    let actual = match row.map(|row| row.phase) {
        None | Some(Phase::Closed) => "closed",
        Some(Phase::Open) => "open",
        Some(Phase::Closing { .. }) => "closing",
    };
    match actual == expected {
        true => Ok(()),
        false => Err(ContractError::SpendingPhase {
            gateway,
            expected,
            actual,
        }),
    }
}

//! Challenged charges: set apart, put back, or returned.
//!
//! ```text
//!            Hold                Return
//! standing ───────▶ held ───────────────▶ returned
//!     ▲               │
//!     └───── Release ─┘
//! ```

use cosmwasm_std::{Event, Response, Uint128};
use interfaces::credit_vault::{ChargeAction, ChargeRef};
use kit::assert_sender;
use math::Bps;

use super::Context;
use crate::error::ContractError;
use crate::events::Usage;
use crate::state::{credit, Charge, ChargeKey, ChargeState, Settled, Totals, WeekRow, CHARGES, PARAMS, WIRING};

/// Moves a charge from one state to the next. The oracle decides when.
pub fn resolve(ctx: &mut Context, charge: ChargeRef, action: ChargeAction) -> Result<Response, ContractError> {
    assert_sender(ctx.sender, &WIRING.load(ctx.storage)?.oracle, "oracle")?;
    let settled = Settled::load(ctx.storage, charge.report)?;
    let entries = settled.charges.len();
    let index = usize::from(charge.entry);
    let row = settled.charges.get(index).ok_or(ContractError::EntryUnknown {
        entry: charge.entry,
        entries,
    })?;
    let (gateway, at) = (charge.report.gateway, settled.week());
    let mut week = WeekRow::load(ctx.storage, gateway, at)?;
    if week.released {
        return Err(ContractError::WeekReleased {
            gateway,
            week: at.index(),
        });
    }
    let event = match action {
        ChargeAction::Hold => hold(ctx, charge, row, &mut week)?,
        ChargeAction::Release => release(ctx, charge, row, &mut week)?,
        ChargeAction::Return => give_back(ctx, charge, row, &mut week)?,
    };
    week.save(ctx.storage, gateway, at);
    Ok(Response::new().add_event(event))
}

/// Takes the charge out of its week's revenue, with its cost.
fn hold(ctx: &mut Context, charge: ChargeRef, row: &Charge, week: &mut WeekRow) -> Result<Event, ContractError> {
    expect_state(ctx, charge, None)?;
    if row.is_empty() {
        return Err(ContractError::NothingCharged { entry: charge.entry });
    }
    week.unbook(row)?;
    week.held = week.held.checked_add(row.charged)?;
    week.open = week.open.saturating_add(1);
    CHARGES.save(ctx.storage, &ChargeKey(charge), &ChargeState::Held);
    Ok(Usage::ChargeHeld {
        charge,
        amount: row.charged,
    }
    .into())
}

/// Puts it back.
fn release(ctx: &mut Context, charge: ChargeRef, row: &Charge, week: &mut WeekRow) -> Result<Event, ContractError> {
    expect_state(ctx, charge, Some(ChargeState::Held))?;
    take_down(row, week)?;
    week.book(row)?;
    CHARGES.remove(ctx.storage, &ChargeKey(charge));
    Ok(Usage::ChargeReleased {
        charge,
        amount: row.charged,
    }
    .into())
}

/// Returns it less the floor ⌈charge · floor⌉, rounded up for the fund: C and the mined LCO stand, so the return must not be a cheaper way to mine than any other.
fn give_back(ctx: &mut Context, charge: ChargeRef, row: &Charge, week: &mut WeekRow) -> Result<Event, ContractError> {
    expect_state(ctx, charge, Some(ChargeState::Held))?;
    take_down(row, week)?;
    let floor = Bps::new(PARAMS.load(ctx.storage)?.fund_floor_bps)?.of_ceil(row.charged.u128());
    let floor = Uint128::new(floor);
    week.forfeited = week.forfeited.checked_add(floor)?;
    let amount = row.charged.checked_sub(floor)?;
    CHARGES.save(ctx.storage, &ChargeKey(charge), &ChargeState::Returned);

    let account = row
        .account
        .as_ref()
        .ok_or(ContractError::NothingCharged { entry: charge.entry })?;
    credit(ctx.storage, account, amount)?;
    let mut totals = Totals::load(ctx.storage)?;
    totals.release(amount)?;
    totals.save(ctx.storage);
    Ok(Usage::ChargeReturned {
        charge,
        account: &account.text(ctx.api)?,
        amount,
        floor,
    }
    .into())
}

fn take_down(row: &Charge, week: &mut WeekRow) -> Result<(), ContractError> {
    week.held = week.held.checked_sub(row.charged)?;
    week.open = week.open.saturating_sub(1);
    Ok(())
}

fn expect_state(ctx: &Context, charge: ChargeRef, expected: Option<ChargeState>) -> Result<(), ContractError> {
    let actual = CHARGES.may_load(ctx.storage, &ChargeKey(charge))?;
    match actual == expected {
        true => Ok(()),
        false => Err(ContractError::ChargeState {
            expected: name(expected),
            actual: name(actual),
        }),
    }
}

fn name(state: Option<ChargeState>) -> &'static str {
    match state {
        None => "standing",
        Some(ChargeState::Held) => "held",
        Some(ChargeState::Returned) => "returned",
    }
}

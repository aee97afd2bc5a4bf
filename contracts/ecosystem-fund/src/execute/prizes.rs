//! A week's prize LCO, for the contest.

use cosmwasm_std::{Response, Uint128};
use interfaces::l_coin;
use kit::assert_sender;
use math::Week;

use super::{call, Context};
use crate::error::ContractError;
use crate::events::Money;
use crate::state::{CONFIG, TOTALS, WEEKS};

/// From Monday 00:00 UTC, when a week ends, to Saturday 00:00 UTC, when the Friday that feeds its prizes is over.
const SATURDAY: u64 = 5 * 86_400;

/// When a week's prizes can be released: they cannot grow any more.
pub fn releasable_at(week: u64) -> u64 {
    Week::from_index(week).end().saturating_add(SATURDAY)
}

/// Sends a week's prizes to the contest, once. A week without any sends nothing, so that the contest can go through the weeks in order.
pub fn release(ctx: &mut Context, week: u64) -> Result<Response, ContractError> {
    let config = CONFIG.load(ctx.storage)?;
    let wars = config.wars.ok_or(ContractError::WarsMissing)?;
    assert_sender(ctx.sender, &wars, "contest")?;
    let from = releasable_at(week);
    if ctx.now() < from {
        return Err(ContractError::TooEarly { from, now: ctx.now() });
    }
    let mut row = WEEKS.may_load(ctx.storage, week)?.unwrap_or_default();
    if row.prizes_released {
        return Err(ContractError::PrizesReleased { week });
    }
    row.prizes_released = true;
    WEEKS.save(ctx.storage, week, &row)?;
    let amount: Uint128 = row.prizes;
    let response = Response::new().add_event(Money::PrizesReleased { week, amount });
    if amount.is_zero() {
        return Ok(response);
    }
    let mut totals = TOTALS.load(ctx.storage)?;
    totals.prizes_released = totals.prizes_released.checked_add(amount)?;
    TOTALS.save(ctx.storage, &totals)?;
    let transfer = l_coin::ExecuteMsg::Transfer {
        recipient: wars.into(),
        amount,
    };
    Ok(response.add_message(call(&config.l_coin, &transfer)?))
}

//! Revenue: only what a registered source deposits under its name.

use cosmwasm_std::{Event, Response};
use kit::{assert_sender, funds};

use super::Context;
use crate::error::ContractError;
use crate::events::Money;
use crate::state::{Totals, CONFIG, SOURCES};

/// Counts the attached stablecoin as revenue of the source.
pub fn deposit(ctx: &mut Context, name: &str) -> Result<Response, ContractError> {
    let mut source = SOURCES.may_load(ctx.storage, name)?.ok_or_else(|| unknown(name))?;
    let address = source.address.as_ref().ok_or_else(|| unknown(name))?;
    assert_sender(&ctx.info.sender, address, "source")?;
    let amount = funds::exact_one(ctx.info, &CONFIG.load(ctx.storage)?.denom)?;

    let mut totals = Totals::load(ctx.storage)?;
    totals.turn_to(ctx.now())?;
    totals.revenue = totals.revenue.checked_add(amount)?;
    if source.counts {
        totals.net_fees = totals.net_fees.checked_add(amount)?;
    }
    source.deposited = source.deposited.checked_add(amount)?;
    totals.save(ctx.storage);
    SOURCES.save(ctx.storage, name, &source)?;
    let event = Money::Deposit {
        name,
        amount,
        source: &source,
    };
    Ok(Response::new().add_event(Event::from(event)))
}

fn unknown(name: &str) -> ContractError {
    ContractError::UnknownSource { name: name.to_owned() }
}

//! `AddBond`, `Retire`, `WithdrawBond`. Nothing pauses the way out.

use cosmwasm_std::{Addr, MessageInfo, Response, Storage};
use interfaces::attestation_oracle::Subject;

use crate::enrolled;
use crate::error::ContractError;
use crate::state::{update_totals, CONFIG, REQUESTS, SUBJECTS, UNBONDING};
use crate::{events, funds};

/// Adds to a bond. Refused once retired: the money could only be locked.
pub fn add(storage: &mut dyn Storage, info: &MessageInfo, subject: Subject) -> Result<Response, ContractError> {
    let config = CONFIG.load(storage, &())?;
    let amount = kit::funds::exact_one(info, &config.denom)?.u128();
    let mut row = enrolled::subject(storage, &subject)?;
    if let Some(at) = row.retired_at {
        return Err(ContractError::Retired { at });
    }
    row.bond = funds::add(row.bond, amount)?;
    SUBJECTS.save(storage, &subject, &row);
    update_totals(storage, |totals| funds::take(totals, amount))?;
    Ok(Response::new().add_event(events::bonded(&subject, &info.sender, amount, row.bond)))
}

/// Ends the subject; its key ends too, so its platform is free for another.
pub fn retire(storage: &mut dyn Storage, sender: &Addr, subject: Subject, now: u64) -> Result<Response, ContractError> {
    let mut row = enrolled::active(storage, &subject, sender)?;
    row.retired_at = Some(now);
    SUBJECTS.save(storage, &subject, &row);
    REQUESTS.remove(storage, &subject);
    enrolled::end_epoch(storage, subject, row.key_epoch, now)?;
    Ok(Response::new().add_event(events::retired(&subject, now, withdrawable_at(now))))
}

/// Pays out what disputes left of the bond.
pub fn withdraw(
    storage: &mut dyn Storage,
    sender: &Addr,
    subject: Subject,
    now: u64,
) -> Result<Response, ContractError> {
    let mut row = enrolled::operated(storage, &subject, sender)?;
    let until = withdrawable_at(row.retired_at.ok_or(ContractError::NotRetired)?);
    if now < until {
        return Err(ContractError::BondLocked { until, now });
    }
    let amount = std::mem::take(&mut row.bond);
    SUBJECTS.save(storage, &subject, &row);
    let denom = CONFIG.load(storage, &())?.denom;
    let message = update_totals(storage, |totals| funds::pay(totals, &denom, &row.operator, amount))?;
    Ok(Response::new()
        .add_message(message.ok_or(ContractError::NoBond)?)
        .add_event(events::bond_withdrawn(&subject, &row.operator, amount)))
}

/// When the bond of a subject that retired at `retired_at` is free.
pub fn withdrawable_at(retired_at: u64) -> u64 {
    retired_at.saturating_add(UNBONDING)
}

//! `Deliver`: an undelivered report goes to the vault again.

use cosmwasm_std::{Response, Storage};
use interfaces::attestation_oracle::StatementOutcome;
use interfaces::credit_vault::ReportRef;

use super::batch::matching_entries;
use crate::error::ContractError;
use crate::state::{update_totals, ReportRow, CONFIG, REPORTS, UNDELIVERED};
use crate::{events, vault};

/// Whoever has the entries may deliver. If the vault fails again so does the message, and nothing changes.
pub fn deliver(
    storage: &mut dyn Storage,
    report: ReportRef,
    entries: &[u8],
    now: u64,
) -> Result<Response, ContractError> {
    let mut row = load_report(storage, &report)?;
    if row.outcome != StatementOutcome::Undelivered {
        return Err(ContractError::NotUndelivered { actual: row.outcome });
    }
    let entries = matching_entries(entries, &row.log_root, row.calls).ok_or(ContractError::WrongEntries)?;
    UNDELIVERED.remove(storage, &(row.received_at, report));
    row.outcome = StatementOutcome::Accepted;
    row.received_at = now;
    REPORTS.save(storage, &report, &row);
    update_totals(storage, |totals| {
        totals.undelivered = totals.undelivered.saturating_sub(1);
        Ok(())
    })?;

    let settled = vault::settle_report(report, row.window_start, row.window_end, entries);
    let vault = CONFIG.load(storage, &())?.vault;
    Ok(Response::new()
        .add_message(vault::settle(&vault, vec![settled])?)
        .add_event(events::delivered(&report)))
}

/// The report, if it was ever posted.
pub fn load_report(storage: &dyn Storage, report: &ReportRef) -> Result<ReportRow, ContractError> {
    let row = REPORTS.may_load(storage, report)?;
    row.ok_or(ContractError::UnknownReport(*report))
}

/// The report, if it went to the vault: only there money moved.
pub fn load_settled(storage: &dyn Storage, report: &ReportRef) -> Result<ReportRow, ContractError> {
    let row = load_report(storage, report)?;
    match row.outcome {
        StatementOutcome::Accepted => Ok(row),
        actual => Err(ContractError::NotSettled { actual }),
    }
}

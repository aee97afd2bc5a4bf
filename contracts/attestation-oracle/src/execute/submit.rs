//! `Submit`: judges a batch and hands what was accepted to the vault.

use attestation::Domain;
use cosmwasm_std::{to_json_binary, Addr, Binary, DepsMut, Env, Event, Response, StdError, Storage, SubMsg};
use interfaces::attestation_oracle::{SignedStatement, StatementOutcome, SubmitResponse, MAX_BATCH};
use interfaces::credit_vault::{ReportRef, SettleReport};

use super::batch::{Batch, Place, Tally};
use crate::codec::{decode, encode};
use crate::error::ContractError;
use crate::reply::ReplyId;
use crate::state::{update_totals, CONFIG, REPORTS, UNDELIVERED};
use crate::{events, vault};

/// What the reply must know if the vault fails: every outcome, and the reports that went out with their places in the batch.
type Sent = (Vec<StatementOutcome>, Vec<(u16, ReportRef)>);

/// Judges at most [`MAX_BATCH`] statements. All that is accepted goes to the vault in one message whose failure is caught, so nothing that happens there can hold a
/// chain back.
pub fn submit(deps: DepsMut, env: &Env, statements: &[SignedStatement]) -> Result<Response, ContractError> {
    if !(1..=MAX_BATCH).contains(&statements.len()) {
        return Err(ContractError::BatchSize {
            actual: statements.len(),
            max: MAX_BATCH,
        });
    }
    let config = CONFIG.load(deps.storage, &())?;
    let place = Place {
        api: deps.api,
        domain: Domain::new(&env.block.chain_id, env.contract.address.as_str())?,
        params: &config.params,
        now: env.block.time.seconds(),
    };
    let mut batch = Batch::new(deps.storage, place);
    let (outcomes, events) = judge_all(&mut batch, statements)?;
    let tally = batch.finish();
    count(deps.storage, &tally)?;
    let data = to_json_binary(&SubmitResponse {
        outcomes: outcomes.clone(),
    })?;
    Ok(Response::new()
        .add_events(events)
        .add_submessages(fan_out(&config.vault, outcomes, tally.settled)?)
        .set_data(data))
}

fn judge_all(
    batch: &mut Batch<'_>,
    statements: &[SignedStatement],
) -> Result<(Vec<StatementOutcome>, Vec<Event>), ContractError> {
    let judged = (0..)
        .zip(statements)
        .map(|(index, statement)| batch.judge(index, statement));
    Ok(judged.collect::<Result<Vec<_>, _>>()?.into_iter().unzip())
}

fn count(storage: &mut dyn Storage, tally: &Tally) -> Result<(), ContractError> {
    if tally.advanced == 0 {
        return Ok(());
    }
    update_totals(storage, |totals| {
        totals.statements = totals.statements.saturating_add(tally.advanced);
        totals.calls = totals.calls.saturating_add(tally.calls);
        Ok(())
    })
}

/// One message for all reports. No gas limit: running out of gas fails the transaction as a whole, so whoever sends too little cannot make reports undelivered.
fn fan_out(
    vault: &Addr,
    outcomes: Vec<StatementOutcome>,
    settled: Vec<(u16, SettleReport)>,
) -> Result<Option<SubMsg>, ContractError> {
    if settled.is_empty() {
        return Ok(None);
    }
    let places = settled.iter().map(|(index, report)| (*index, report.report)).collect();
    let sent: Sent = (outcomes, places);
    let reports = settled.into_iter().map(|(_, report)| report).collect();
    let message = SubMsg::reply_on_error(vault::settle(vault, reports)?, ReplyId::Settle as u64);
    Ok(Some(message.with_payload(encode(&sent))))
}

/// The vault failed: its reports wait for `Deliver`, and the answer to `Submit` says so.
pub fn undelivered(storage: &mut dyn Storage, payload: &Binary, reason: &str) -> Result<Response, ContractError> {
    let (mut outcomes, reports): Sent =
        decode(payload).ok_or_else(|| StdError::parse_err("payload", "not what was sent"))?;
    for (index, report) in &reports {
        if let Some(outcome) = outcomes.get_mut(usize::from(*index)) {
            *outcome = StatementOutcome::Undelivered;
        }
        let mut row = REPORTS.load(storage, report)?;
        row.outcome = StatementOutcome::Undelivered;
        REPORTS.save(storage, report, &row);
        UNDELIVERED.save(storage, &(row.received_at, *report), &true);
    }
    update_totals(storage, |totals| {
        totals.undelivered = totals.undelivered.saturating_add(reports.len() as u64);
        Ok(())
    })?;
    let events = reports.iter().map(|(_, report)| events::undelivered(report, reason));
    Ok(Response::new()
        .add_events(events)
        .set_data(to_json_binary(&SubmitResponse { outcomes })?))
}

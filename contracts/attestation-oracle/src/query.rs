//! Answers.

use attestation::ChainKey;
use cosmwasm_std::{HexBinary, StdResult, Storage, Uint128};
use interfaces::attestation_oracle::{
    ChainId, ChainResponse, ChallengeStateResponse, ConfigResponse, KeyResponse, Measurement, MeasurementResponse,
    OverviewResponse, ProvenCall, ReportResponse, Role, StatementResponse, Subject, SubjectResponse,
    VerifyCallResponse,
};
use interfaces::credit_vault::ReportRef;
use kit::page;

use crate::enrolled;
use crate::error::ContractError;
use crate::execute::batch::load_head;
use crate::execute::bond::withdrawable_at;
use crate::execute::deliver::load_report;
use crate::execute::{dispute, enrol};
use crate::state::{
    ChallengeRow, MeasurementRow, ReportRow, SubjectRow, CHALLENGES, CONFIG, GATEWAY_CHALLENGES, MEASUREMENTS, POLICY,
    REPORTS, REQUESTS, STATEMENTS, SUBJECTS, TOTALS, UNDELIVERED,
};

pub fn overview(storage: &dyn Storage) -> StdResult<OverviewResponse> {
    let totals = TOTALS.load(storage, &())?;
    Ok(OverviewResponse {
        gateways: totals.gateways,
        workers: totals.workers,
        statements: totals.statements,
        calls: totals.calls,
        undelivered: totals.undelivered,
        open_challenges: totals.open_challenges,
        bonds: Uint128::new(totals.bonds),
    })
}

pub fn config(storage: &dyn Storage) -> Result<ConfigResponse, ContractError> {
    let config = CONFIG.load(storage, &())?;
    Ok(ConfigResponse {
        operator: kit::operator::load(storage)?.map(String::from),
        timelock: config.timelock.into_string(),
        verifier: config.verifier.into_string(),
        vault: config.vault.into_string(),
        denom: config.denom,
        params: config.params,
        policy: POLICY.load(storage)?,
    })
}

pub fn subject(storage: &dyn Storage, subject: Subject) -> Result<SubjectResponse, ContractError> {
    let row = enrolled::subject(storage, &subject)?;
    Ok(show_subject(storage, subject, row)?)
}

fn show_subject(storage: &dyn Storage, subject: Subject, row: SubjectRow) -> StdResult<SubjectResponse> {
    let request = REQUESTS.may_load(storage, &subject)?;
    Ok(SubjectResponse {
        subject,
        operator: row.operator.into_string(),
        bond: Uint128::new(row.bond),
        key_epoch: row.key_epoch,
        retired_at: row.retired_at,
        bond_withdrawable_at: row.retired_at.map(withdrawable_at),
        pending: request.map(|request| enrol::pending(subject, &request)),
    })
}

pub fn subjects(
    storage: &dyn Storage,
    role: Role,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<Vec<SubjectResponse>> {
    let after = start_after.map(|id| Subject { role, id });
    let rows = SUBJECTS.page(storage, &role, after.as_ref(), page::limit(limit))?;
    rows.into_iter()
        .map(|(subject, row)| show_subject(storage, subject, row))
        .collect()
}

pub fn key(storage: &dyn Storage, of: Subject, key_epoch: Option<u32>, now: u64) -> Result<KeyResponse, ContractError> {
    let row = enrolled::subject(storage, &of)?;
    let key_epoch = key_epoch.unwrap_or(row.key_epoch);
    let key = enrolled::key(storage, of, key_epoch)?.ok_or(ContractError::UnknownKeyEpoch { key_epoch })?;
    let params = CONFIG.load(storage, &())?.params;
    Ok(KeyResponse {
        subject: of,
        key_epoch,
        public_key: enrolled::show_key(&key.public_key),
        encryption_key: HexBinary::from(key.encryption_key),
        hardware: key.hardware,
        level: key.level,
        measurement: key.evidence.map(|evidence| HexBinary::from(evidence.measurement)),
        enrolled_at: key.enrolled_at,
        valid_until: key.valid_until,
        revoked_at: key.revoked_at,
        live: now <= key.valid_until && row.stands(of.role, &params),
    })
}

fn chain_key(chain: ChainId) -> ChainKey {
    match chain {
        ChainId::Job {
            worker,
            key_epoch,
            job,
            assignment,
        } => ChainKey::Job {
            worker,
            key_epoch,
            job,
            assignment,
        },
        ChainId::Usage { gateway, key_epoch } => ChainKey::Usage { gateway, key_epoch },
    }
}

pub fn chain(storage: &dyn Storage, chain: ChainId) -> StdResult<ChainResponse> {
    let head = load_head(storage, &chain_key(chain))?;
    let work = head.work.unwrap_or_default();
    Ok(ChainResponse {
        last_seq: head.seq,
        last_digest: HexBinary::from(head.digest),
        last_window_start: head.window_start,
        last_window_end: head.window_end,
        units_cum: Uint128::new(work.stated),
        units_credited: Uint128::new(work.credited),
        linked: work.linked,
    })
}

pub fn statement(storage: &dyn Storage, chain: ChainId, seq: u64) -> Result<StatementResponse, ContractError> {
    if let ChainId::Usage { gateway, key_epoch } = chain {
        let report = ReportRef {
            gateway,
            key_epoch,
            seq,
        };
        let row = load_report(storage, &report)?;
        return Ok(StatementResponse {
            digest: HexBinary::from(row.digest),
            outcome: row.outcome,
        });
    }
    let row = STATEMENTS.may_load(storage, &(chain_key(chain), seq))?;
    let row = row.ok_or(ContractError::UnknownStatement { seq })?;
    Ok(StatementResponse {
        digest: HexBinary::from(row.digest),
        outcome: row.outcome,
    })
}

pub fn report(storage: &dyn Storage, report: ReportRef) -> Result<ReportResponse, ContractError> {
    Ok(show_report(report, load_report(storage, &report)?))
}

fn show_report(report: ReportRef, row: ReportRow) -> ReportResponse {
    ReportResponse {
        report,
        digest: HexBinary::from(row.digest),
        log_root: HexBinary::from(row.log_root),
        window_start: row.window_start,
        window_end: row.window_end,
        calls: row.calls,
        received_at: row.received_at,
        outcome: row.outcome,
    }
}

pub fn undelivered(
    storage: &dyn Storage,
    start_after: Option<ReportRef>,
    limit: Option<u32>,
) -> Result<Vec<ReportResponse>, ContractError> {
    let after = match start_after {
        Some(report) => Some((load_report(storage, &report)?.received_at, report)),
        None => None,
    };
    let rows = UNDELIVERED.page(storage, &(), after.as_ref(), page::limit(limit))?;
    rows.into_iter()
        .map(|((_, report), _)| Ok(show_report(report, REPORTS.load(storage, &report)?)))
        .collect()
}

pub fn verify_call(storage: &dyn Storage, call: &ProvenCall) -> VerifyCallResponse {
    let reason = dispute::verify_call(storage, call).err();
    VerifyCallResponse {
        proved: reason.is_none(),
        reason,
    }
}

pub fn challenge(storage: &dyn Storage, challenge: u64) -> Result<ChallengeStateResponse, ContractError> {
    let row = CHALLENGES.may_load(storage, &challenge)?;
    let row = row.ok_or(ContractError::UnknownChallenge { challenge })?;
    Ok(show_challenge(challenge, row))
}

fn show_challenge(challenge: u64, row: ChallengeRow) -> ChallengeStateResponse {
    ChallengeStateResponse {
        challenge,
        report: row.charge.report,
        entry_index: row.charge.entry,
        account: row.account.into_string(),
        first_leaf: u64::from(row.first_leaf),
        count: row.count,
        deadline: row.deadline,
        state: row.state,
        vault_pending: row.vault_pending,
    }
}

pub fn challenges(
    storage: &dyn Storage,
    gateway: Option<u64>,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<Vec<ChallengeStateResponse>> {
    let limit = page::limit(limit);
    let Some(gateway) = gateway else {
        let rows = CHALLENGES.page(storage, &(), start_after.as_ref(), limit)?;
        return Ok(rows
            .into_iter()
            .map(|(number, row)| show_challenge(number, row))
            .collect());
    };
    let after = start_after.map(|number| (gateway, number));
    let rows = GATEWAY_CHALLENGES.page(storage, &gateway, after.as_ref(), limit)?;
    rows.into_iter()
        .map(|((_, number), _)| Ok(show_challenge(number, CHALLENGES.load(storage, &number)?)))
        .collect()
}

pub fn measurements(
    storage: &dyn Storage,
    role: Role,
    start_after: Option<HexBinary>,
    limit: Option<u32>,
) -> Result<Vec<MeasurementResponse>, ContractError> {
    let after = match start_after {
        Some(id) => Some((role, enrolled::hash(&id)?)),
        None => None,
    };
    let rows = MEASUREMENTS.page(storage, &role, after.as_ref(), page::limit(limit))?;
    let shown = rows.into_iter().map(|((role, id), row)| {
        let MeasurementRow {
            label,
            from,
            revoked_at,
        } = row;
        MeasurementResponse {
            measurement: Measurement {
                id: HexBinary::from(id),
                role,
                label,
            },
            from,
            revoked_at,
        }
    });
    Ok(shown.collect())
}

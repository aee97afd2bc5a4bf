//! `RequestEnrollment`, `Enroll`, `RevokeKey`.

use attestation::{binding, possession, validate_x25519, Digest, Domain, NO_GPUS};
use cosmwasm_std::{
    to_json_binary, Addr, Binary, DepsMut, Env, HexBinary, MessageInfo, QuerierWrapper, Response, Storage,
};
use interfaces::attestation_oracle::{
    ChallengeResponse, Evidence, Hardware, Level, PublicKey as WirePublicKey, Role, Subject, TcbPolicy,
};
use interfaces::tee_verifier::{QueryMsg, VerifiedQuote, VerifyQuoteResponse};

use crate::enrolled;
use crate::error::ContractError;
use crate::state::{
    Config, EvidenceRow, KeyRow, Request, SubjectRow, Totals, CHALLENGE_TTL, CONFIG, KEYS, MEASUREMENTS, PLATFORMS,
    POLICY, REQUESTS, SUBJECTS, TOTALS,
};
use crate::{events, funds, signature};

/// Domain of an enrolment challenge.
const CHALLENGE_TAG: &[u8] = b"VCITY-ENROLMENT-CHALLENGE\0\x01";
/// Most GPU slots and units per second and slot.
const MAX_SLOTS: u8 = 64;
const MAX_RATE: u64 = 1_000_000_000;

/// What a `RequestEnrollment` asks.
pub struct Asked {
    pub role: Role,
    pub id: Option<u64>,
    pub public_key: WirePublicKey,
    pub possession: Binary,
    pub encryption_key: HexBinary,
    pub hardware: Hardware,
}

/// Checks key and bond, and answers with a fresh challenge; an earlier request of the subject is replaced.
pub fn request(deps: DepsMut, env: &Env, info: &MessageInfo, asked: Asked) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage, &())?;
    let deposit = funds::attached(info, &config.denom)?;
    let mut totals = TOTALS.load(deps.storage, &())?;
    let (subject, mut row) = open_subject(deps.storage, &mut totals, &asked, &info.sender)?;
    row.bond = funds::add(row.bond, deposit)?;
    check_bond(subject.role, &row, &config)?;
    check_hardware(asked.role, &asked.hardware)?;

    let public_key = enrolled::parse_key(&asked.public_key)?;
    let encryption_key = enrolled::hash(&asked.encryption_key)?;
    validate_x25519(&encryption_key).map_err(ContractError::EncryptionKey)?;
    let domain = Domain::new(&env.block.chain_id, env.contract.address.as_str())?;
    let operator = info.sender.as_str();
    let proof = possession(&domain, operator, signed_role(asked.role), &public_key, &encryption_key)?;
    if !signature::verify(deps.api, &public_key, &proof, &asked.possession) {
        return Err(ContractError::NoPossession);
    }

    let request = Request {
        key_epoch: row.key_epoch.saturating_add(1),
        public_key,
        encryption_key,
        hardware: asked.hardware,
        challenge: challenge(&mut totals, env)?,
        expires_at: env.block.time.seconds().saturating_add(CHALLENGE_TTL),
    };
    SUBJECTS.save(deps.storage, &subject, &row);
    REQUESTS.save(deps.storage, &subject, &request);
    funds::take(&mut totals, deposit)?;
    TOTALS.save(deps.storage, &(), &totals);
    let data = to_json_binary(&pending(subject, &request))?;
    Ok(Response::new()
        .add_event(events::requested(&subject, &row, &request))
        .set_data(data))
}

/// The request as messages show it.
pub fn pending(subject: Subject, request: &Request) -> ChallengeResponse {
    ChallengeResponse {
        subject,
        key_epoch: request.key_epoch,
        challenge: HexBinary::from(request.challenge),
        expires_at: request.expires_at,
    }
}

/// The sender's subject, or a new one.
fn open_subject(
    storage: &dyn Storage,
    totals: &mut Totals,
    asked: &Asked,
    sender: &Addr,
) -> Result<(Subject, SubjectRow), ContractError> {
    let role = asked.role;
    if let Some(id) = asked.id {
        let subject = Subject { role, id };
        return Ok((subject, enrolled::active(storage, &subject, sender)?));
    }
    let id = next_id(totals, role);
    let row = SubjectRow {
        operator: sender.clone(),
        bond: 0,
        key_epoch: 0,
        retired_at: None,
    };
    Ok((Subject { role, id }, row))
}

/// Gives the next id of a role, from 1.
pub fn next_id(totals: &mut Totals, role: Role) -> u64 {
    let counter = match role {
        Role::Worker => &mut totals.workers,
        Role::Gateway => &mut totals.gateways,
    };
    *counter = counter.saturating_add(1);
    *counter
}

fn check_bond(role: Role, row: &SubjectRow, config: &Config) -> Result<(), ContractError> {
    let expected = enrolled::min_bond(role, &config.params);
    if row.bond < expected {
        return Err(ContractError::UnderBonded {
            expected,
            actual: row.bond,
        });
    }
    Ok(())
}

fn check_hardware(role: Role, hardware: &Hardware) -> Result<(), ContractError> {
    let fits = match role {
        Role::Gateway => hardware.slots == 0 && hardware.rate == 0,
        Role::Worker => (1..=MAX_SLOTS).contains(&hardware.slots) && (1..=MAX_RATE).contains(&hardware.rate),
    };
    if fits {
        return Ok(());
    }
    Err(ContractError::InvalidHardware {
        role,
        hardware: *hardware,
    })
}

fn signed_role(role: Role) -> attestation::Role {
    match role {
        Role::Worker => attestation::Role::Worker,
        Role::Gateway => attestation::Role::Gateway,
    }
}

/// A value no quote can contain yet: every request of every contract on every chain has its own, because of the counter, and nobody knows it before the block.
fn challenge(totals: &mut Totals, env: &Env) -> Result<Digest, ContractError> {
    totals.requests = totals.requests.saturating_add(1);
    let index = env
        .transaction
        .as_ref()
        .map_or(u32::MAX, |transaction| transaction.index);
    let mut body = Vec::new();
    for number in [
        env.block.height,
        env.block.time.nanos(),
        u64::from(index),
        totals.requests,
    ] {
        body.extend_from_slice(&number.to_be_bytes());
    }
    let domain = Domain::new(&env.block.chain_id, env.contract.address.as_str())?;
    Ok(attestation::digest(CHALLENGE_TAG, &domain, &body))
}

/// Starts the requested key epoch, if the evidence speaks for it; the epoch before ends now.
pub fn enroll(
    deps: DepsMut,
    env: &Env,
    sender: &Addr,
    subject: Subject,
    evidence: Evidence,
) -> Result<Response, ContractError> {
    let now = env.block.time.seconds();
    let config = CONFIG.load(deps.storage, &())?;
    let mut row = enrolled::active(deps.storage, &subject, sender)?;
    check_bond(subject.role, &row, &config)?;
    let request = REQUESTS
        .may_load(deps.storage, &subject)?
        .ok_or(ContractError::NoRequest)?;
    if now > request.expires_at {
        return Err(ContractError::RequestExpired {
            until: request.expires_at,
            now,
        });
    }
    let proved = match evidence {
        Evidence::Bond {} if subject.role == Role::Gateway => return Err(ContractError::QuoteNeeded),
        Evidence::Bond {} => None,
        Evidence::Quote { quote, pck_chain } => {
            let policy = POLICY.load(deps.storage)?;
            let query = QueryMsg::VerifyQuote {
                quote,
                evaluation: policy.evaluation,
                pck_chain,
            };
            let verified = verify(&deps.querier, &config.verifier, &query)?;
            Some(prove(&deps, env, &policy, &row, subject, &request, verified)?)
        }
    };

    enrolled::end_epoch(deps.storage, subject, row.key_epoch, now)?;
    let key = key_row(&config, request, proved, now);
    row.key_epoch = row.key_epoch.saturating_add(1);
    reserve_platform(deps.storage, &config, subject, row.key_epoch, &key, now)?;
    KEYS.save(deps.storage, &(subject, row.key_epoch), &key);
    SUBJECTS.save(deps.storage, &subject, &row);
    REQUESTS.remove(deps.storage, &subject);
    Ok(Response::new().add_event(events::enrolled(&subject, row.key_epoch, &key)))
}

/// What a quote adds to a key: where it runs, and until when its collateral speaks for it.
struct Proved {
    evidence: EvidenceRow,
    valid_until: u64,
}

fn key_row(config: &Config, request: Request, proved: Option<Proved>, now: u64) -> KeyRow {
    let ttl = now.saturating_add(config.params.enrolment_ttl);
    KeyRow {
        public_key: request.public_key,
        encryption_key: request.encryption_key,
        hardware: request.hardware,
        level: proved.as_ref().map_or(Level::A0, |_| Level::A1),
        valid_until: proved.as_ref().map_or(ttl, |proved| ttl.min(proved.valid_until)),
        evidence: proved.map(|proved| proved.evidence),
        enrolled_at: now,
        revoked_at: None,
    }
}

fn prove(
    deps: &DepsMut,
    env: &Env,
    policy: &TcbPolicy,
    row: &SubjectRow,
    subject: Subject,
    request: &Request,
    verified: VerifiedQuote,
) -> Result<Proved, ContractError> {
    let domain = Domain::new(&env.block.chain_id, env.contract.address.as_str())?;
    let Request {
        public_key,
        encryption_key,
        key_epoch,
        challenge,
        ..
    } = request;
    let bound = binding(
        &domain,
        row.operator.as_str(),
        public_key,
        encryption_key,
        *key_epoch,
        challenge,
    )?;
    check_report_data(&verified.report_data, &bound)?;
    let measurement = enrolled::hash(&verified.measurement_id)?;
    check_measurement(deps.storage, subject.role, measurement, env.block.time.seconds())?;
    check_policy(policy, &verified)?;
    Ok(Proved {
        evidence: EvidenceRow {
            measurement,
            platform: enrolled::hash(&verified.ppid_hash)?,
        },
        valid_until: verified.valid_until,
    })
}

fn verify(querier: &QuerierWrapper, verifier: &Addr, query: &QueryMsg) -> Result<VerifiedQuote, ContractError> {
    let answer: VerifyQuoteResponse = querier
        .query_wasm_smart(verifier, query)
        .map_err(ContractError::Verifier)?;
    Ok(answer.into_result()?)
}

/// The first half binds the quote to this key, operator, epoch and request; the second names its GPUs, of which level A1 has none.
fn check_report_data(report_data: &[u8], bound: &Digest) -> Result<(), ContractError> {
    let (binding, gpus) = report_data.split_at_checked(bound.len()).unwrap_or_default();
    if binding != bound {
        return Err(ContractError::WrongBinding {
            expected: HexBinary::from(bound).to_hex(),
            actual: HexBinary::from(binding).to_hex(),
        });
    }
    if gpus != NO_GPUS {
        return Err(ContractError::WrongGpus {
            expected: HexBinary::from(NO_GPUS).to_hex(),
            actual: HexBinary::from(gpus).to_hex(),
        });
    }
    Ok(())
}

fn check_measurement(storage: &dyn Storage, role: Role, id: Digest, now: u64) -> Result<(), ContractError> {
    let row = MEASUREMENTS.may_load(storage, &(role, id))?;
    if row.is_some_and(|row| row.from <= now && row.revoked_at.is_none()) {
        return Ok(());
    }
    Err(ContractError::MeasurementNotListed {
        role,
        measurement: HexBinary::from(id).to_hex(),
    })
}

fn check_policy(policy: &TcbPolicy, quote: &VerifiedQuote) -> Result<(), ContractError> {
    if !policy.statuses.contains(&quote.tcb_status) {
        return Err(ContractError::TcbStatusNotAccepted {
            status: quote.tcb_status,
        });
    }
    let denied = quote
        .advisories
        .iter()
        .find(|advisory| !policy.advisories.contains(advisory));
    match denied {
        Some(advisory) => Err(ContractError::AdvisoryNotAccepted {
            advisory: advisory.clone(),
        }),
        None => Ok(()),
    }
}

/// Counts the enrolments that are live on the platform; the subject's own has just ended. Reads at most `MAX_PPID_QUOTA` keys.
fn reserve_platform(
    storage: &mut dyn Storage,
    config: &Config,
    subject: Subject,
    key_epoch: u32,
    key: &KeyRow,
    now: u64,
) -> Result<(), ContractError> {
    let Some(evidence) = &key.evidence else {
        return Ok(());
    };
    let mut live = Vec::new();
    for (other, epoch) in PLATFORMS.may_load(storage, &evidence.platform)?.unwrap_or_default() {
        if enrolled::key(storage, other, epoch)?.is_some_and(|key| now < key.valid_until) {
            live.push((other, epoch));
        }
    }
    let quota = config.params.ppid_quota;
    if live.len() >= usize::try_from(quota).unwrap_or(usize::MAX) {
        return Err(ContractError::PlatformQuota {
            live: live.len(),
            quota,
        });
    }
    live.push((subject, key_epoch));
    PLATFORMS.save(storage, &evidence.platform, &live);
    Ok(())
}

/// Ends a key now, with everything it might still sign.
pub fn revoke(
    storage: &mut dyn Storage,
    sender: &Addr,
    subject: Subject,
    key_epoch: u32,
    now: u64,
) -> Result<Response, ContractError> {
    let row = enrolled::subject(storage, &subject)?;
    if row.operator != *sender {
        kit::operator::assert_operator_or_owner(storage, sender)?;
    }
    let unknown = ContractError::UnknownKeyEpoch { key_epoch };
    let mut key = KEYS.may_load(storage, &(subject, key_epoch))?.ok_or(unknown)?;
    if let Some(at) = key.revoked_at {
        return Err(ContractError::AlreadyRevoked { at });
    }
    key.revoked_at = Some(now);
    key.valid_until = key.valid_until.min(now);
    KEYS.save(storage, &(subject, key_epoch), &key);
    Ok(Response::new().add_event(events::key_revoked(&subject, key_epoch, now)))
}

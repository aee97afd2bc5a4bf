//! Entry points: validate addresses and funds, name the sender, hand over.

use cosmwasm_std::{
    entry_point, to_json_binary, Addr, Binary, Deps, DepsMut, Env, Event, MessageInfo, Reply, Response, StdResult,
    Storage,
};
use interfaces::attestation_oracle::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, Role, Subject};
use interfaces::credit_vault::ChargeRef;

use crate::error::ContractError;
use crate::execute::govern::Peer;
use crate::execute::{bond, challenge, deliver, dispute, enrol, govern, submit};
use crate::state::{update_totals, Config, SubjectRow, Totals, CONFIG, CONTRACT, POLICY, SUBJECTS, TOTALS};
use crate::{events, query as answer, reply as replies};

/// Version recorded in the state.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Checks everything and lists first measurements and gateways without notice.
#[entry_point]
pub fn instantiate(deps: DepsMut, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    govern::check_params(&msg.params)?;
    govern::check_policy(&msg.policy)?;
    let address = |text: &str| deps.api.addr_validate(text);
    let config = Config {
        timelock: address(&msg.timelock)?,
        verifier: address(&msg.verifier)?,
        vault: address(&msg.vault)?,
        denom: msg.denom,
        params: msg.params,
    };
    let operator = msg.operator.as_deref().map(address).transpose()?;
    let gateways = msg
        .gateways
        .iter()
        .map(|text| address(text))
        .collect::<StdResult<Vec<_>>>()?;

    kit::migrate::init(deps.storage, CONTRACT, VERSION)?;
    kit::ownership::init(deps.storage, address(&msg.owner)?)?;
    kit::operator::init(deps.storage, operator.as_ref())?;
    CONFIG.save(deps.storage, &(), &config);
    TOTALS.save(deps.storage, &(), &Totals::default());
    POLICY.save(deps.storage, &msg.policy)?;
    let listed = govern::list_from(deps.storage, msg.measurements, env.block.time.seconds())?;
    let registered = gateways
        .into_iter()
        .map(|operator| register(deps.storage, operator))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Response::new()
        .add_event(events::instantiated(&config))
        .add_event(events::params(&config.params))
        .add_event(events::policy(&msg.policy))
        .add_events(listed)
        .add_events(registered))
}

fn register(storage: &mut dyn Storage, operator: Addr) -> Result<Event, ContractError> {
    let subject = Subject {
        role: Role::Gateway,
        id: update_totals(storage, |totals| Ok(enrol::next_id(totals, Role::Gateway)))?,
    };
    let event = events::registered(&subject, &operator);
    let row = SubjectRow {
        operator,
        bond: 0,
        key_epoch: 0,
        retired_at: None,
    };
    SUBJECTS.save(storage, &subject, &row);
    Ok(event)
}

/// Three messages take funds; all others refuse them.
#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    use ExecuteMsg as Msg;
    if !takes_funds(&msg) {
        kit::funds::none(&info)?;
    }
    let now = env.block.time.seconds();
    let sender = &info.sender;
    match msg {
        Msg::RequestEnrollment {
            role,
            id,
            public_key,
            possession,
            encryption_key,
            hardware,
        } => {
            let asked = enrol::Asked {
                role,
                id,
                public_key,
                possession,
                encryption_key,
                hardware,
            };
            enrol::request(deps, &env, &info, asked)
        }
        Msg::Enroll { subject, evidence } => enrol::enroll(deps, &env, sender, subject, evidence),
        Msg::RevokeKey { subject, key_epoch } => enrol::revoke(deps.storage, sender, subject, key_epoch, now),
        Msg::AddBond { subject } => bond::add(deps.storage, &info, subject),
        Msg::Retire { subject } => bond::retire(deps.storage, sender, subject, now),
        Msg::WithdrawBond { subject } => bond::withdraw(deps.storage, sender, subject, now),
        Msg::Submit { statements } => submit::submit(deps, &env, &statements),
        Msg::Deliver { report, entries } => deliver::deliver(deps.storage, report, &entries, now),
        Msg::DisputeCall { dispute: proof } => dispute::dispute(deps, sender, proof, now),
        Msg::ChallengeUsage {
            report,
            entry_index: entry,
            entry: opened,
            entry_proof,
            first_leaf,
            count,
        } => {
            let range = challenge::Range { first_leaf, count };
            let charge = ChargeRef { report, entry };
            challenge::open(deps, &info, charge, (opened, entry_proof), range, now)
        }
        Msg::RevealLeaves {
            challenge,
            leaves,
            proof,
        } => challenge::reveal(deps.storage, challenge, &leaves, &proof, now),
        Msg::ResolveChallenge { challenge } => challenge::resolve(deps.storage, challenge, now),
        Msg::ProposeMeasurements { measurements } => govern::propose(deps.storage, sender, measurements, now),
        Msg::RevokeMeasurement { id, role } => govern::revoke(deps.storage, sender, &id, role, now),
        Msg::SetPolicy { policy } => govern::set_policy(deps.storage, sender, &policy),
        Msg::SetParams { params } => govern::set_params(deps.storage, sender, params),
        Msg::SetOperator { operator } => govern::set_operator(deps, sender, operator.as_deref()),
        Msg::Ownership(msg) => govern::ownership(deps, sender, msg),
        Msg::SetVerifier { verifier } => govern::set_peer(deps, sender, Peer::Verifier, &verifier),
        Msg::SetVault { vault } => govern::set_peer(deps, sender, Peer::Vault, &vault),
    }
}

fn takes_funds(msg: &ExecuteMsg) -> bool {
    use ExecuteMsg::{AddBond, ChallengeUsage, RequestEnrollment};
    matches!(msg, RequestEnrollment { .. } | AddBond { .. } | ChallengeUsage { .. })
}

/// See [`replies`].
#[entry_point]
pub fn reply(deps: DepsMut, _env: Env, msg: Reply) -> Result<Response, ContractError> {
    replies::reply(deps, &msg)
}

/// Read-only.
#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let storage = deps.storage;
    let answer = match msg {
        QueryMsg::Overview {} => to_json_binary(&answer::overview(storage)?),
        QueryMsg::Config {} => to_json_binary(&answer::config(storage)?),
        QueryMsg::Ownership {} => to_json_binary(&kit::ownership::query(storage)?),
        QueryMsg::Subject { subject } => to_json_binary(&answer::subject(storage, subject)?),
        QueryMsg::Subjects {
            role,
            start_after,
            limit,
        } => to_json_binary(&answer::subjects(storage, role, start_after, limit)?),
        QueryMsg::Key { subject, key_epoch } => {
            to_json_binary(&answer::key(storage, subject, key_epoch, env.block.time.seconds())?)
        }
        QueryMsg::Chain { chain } => to_json_binary(&answer::chain(storage, chain)?),
        QueryMsg::Statement { chain, seq } => to_json_binary(&answer::statement(storage, chain, seq)?),
        QueryMsg::Report { report } => to_json_binary(&answer::report(storage, report)?),
        QueryMsg::Undelivered { start_after, limit } => {
            to_json_binary(&answer::undelivered(storage, start_after, limit)?)
        }
        QueryMsg::VerifyCall { call } => to_json_binary(&answer::verify_call(storage, &call)),
        QueryMsg::Challenge { challenge } => to_json_binary(&answer::challenge(storage, challenge)?),
        QueryMsg::Challenges {
            gateway,
            start_after,
            limit,
        } => to_json_binary(&answer::challenges(storage, gateway, start_after, limit)?),
        QueryMsg::Measurements {
            role,
            start_after,
            limit,
        } => to_json_binary(&answer::measurements(storage, role, start_after, limit)?),
    };
    Ok(answer?)
}

/// Accepts the state of this and older versions.
#[entry_point]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    let from = kit::migrate::ensure_upgrade(deps.storage, CONTRACT, VERSION)?;
    Ok(Response::new().add_event(events::migrated(&from.to_string(), VERSION)))
}

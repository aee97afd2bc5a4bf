//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response, StdResult};
use interfaces::tee_verifier::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

use crate::anchor::Trust;
use crate::collateral::{self, SignedJson};
use crate::error::ContractError;
use crate::execute::upsert;
use crate::state::TRUST;
use crate::{events, query};

const NAME: &str = concat!("vcity:", env!("CARGO_PKG_NAME"));
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    kit::migrate::init(deps.storage, NAME, VERSION)?;
    let trust = Trust::new(msg)?;
    TRUST.save(deps.storage, &trust)?;
    Ok(Response::new().add_event(events::instantiated(&trust)))
}

#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    let trust = TRUST.load(deps.storage)?;
    let now = env.block.time.seconds();
    let verified = match msg {
        ExecuteMsg::UpsertTcbInfo {
            tcb_info: document,
            signature,
            issuer_chain,
        } => {
            let json = SignedJson {
                document: &document,
                signature: &signature,
                issuer_chain: &issuer_chain,
            };
            collateral::tcb_info(deps.storage, &trust, now, json)
        }
        ExecuteMsg::UpsertQeIdentity {
            qe_identity: document,
            signature,
            issuer_chain,
        } => {
            let json = SignedJson {
                document: &document,
                signature: &signature,
                issuer_chain: &issuer_chain,
            };
            collateral::qe_identity(deps.storage, &trust, now, json)
        }
        ExecuteMsg::UpsertPckCrl { crl, issuer_chain } => {
            collateral::pck_crl(deps.storage, &trust, now, &crl, &issuer_chain)
        }
        ExecuteMsg::UpsertRootCrl { crl } => collateral::root_crl(&trust, now, &crl),
    }?;
    let outcome = upsert(deps.storage, &verified)?;
    let (id, record) = verified;
    Ok(Response::new().add_event(events::collateral(&id, &record, outcome)))
}

#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    let now = env.block.time.seconds();
    match msg {
        QueryMsg::VerifyQuote {
            quote,
            evaluation,
            pck_chain,
        } => to_json_binary(&query::verify_quote(
            deps.storage,
            now,
            &quote,
            evaluation,
            pck_chain.as_deref(),
        )?),
        QueryMsg::Collateral { start_after, limit } => {
            to_json_binary(&query::collateral(deps.storage, start_after, limit)?)
        }
        QueryMsg::Document { id } => to_json_binary(&query::document(deps.storage, id)?),
        QueryMsg::Overview {} => to_json_binary(&query::overview(deps.storage, now)?),
    }
}

#[entry_point]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    kit::migrate::ensure_upgrade(deps.storage, NAME, VERSION)?;
    Ok(Response::new())
}

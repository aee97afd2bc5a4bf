//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use interfaces::timelock::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, QueueResponse};
use kit::{funds, migrate as upgrade, ownership};

use crate::error::ContractError;
use crate::events;
use crate::execute::{close, ownership as hand_over, queue, set_delay};
use crate::query as answer;
use crate::state::{Config, Content, CONFIG};

/// Name that `migrate` checks.
pub const CONTRACT_NAME: &str = concat!("lex:", env!("CARGO_PKG_NAME"));
/// Version that `migrate` checks.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates an empty queue.
#[entry_point]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    funds::none(&info)?;
    let config = Config::new(msg.min_delay, msg.floor, msg.grace)?;
    CONFIG.save(deps.storage, &config)?;
    ownership::init(deps.storage, deps.api.addr_validate(&msg.owner)?)?;
    upgrade::init(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new().add_event(events::created(&msg.owner, &config)))
}

/// Every message refuses coins: the queue keeps none.
#[entry_point]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    funds::none(&info)?;
    let (storage, now, sender, this) = (deps.storage, env.block.time, &info.sender, &env.contract.address);
    match msg {
        ExecuteMsg::Queue {
            title,
            description,
            msgs,
            delay,
        } => {
            let content = Content { description, msgs };
            let (id, entry) = queue::queue(storage, sender, now, title, &content, delay)?;
            let event = events::queued(id, &entry, &content)?;
            Ok(Response::new()
                .add_event(event)
                .set_data(to_json_binary(&QueueResponse { id })?))
        }
        ExecuteMsg::Execute { id } => {
            let (summary, msgs) = close::execute(storage, now, id)?;
            Ok(Response::new().add_event(events::executed(&summary)).add_messages(msgs))
        }
        ExecuteMsg::Cancel { id } => {
            let summary = close::cancel(storage, sender, now, id)?;
            Ok(Response::new().add_event(events::cancelled(&summary)))
        }
        ExecuteMsg::SetDelay { min_delay } => {
            let config = set_delay::set_delay(storage, sender, this, min_delay)?;
            Ok(Response::new().add_event(events::delay_set(&config)))
        }
        ExecuteMsg::Ownership(msg) => {
            let event = hand_over::change(storage, deps.api, sender, this, msg)?;
            Ok(Response::new().add_event(event))
        }
    }
}

/// Answers a query.
#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let (storage, now) = (deps.storage, env.block.time);
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&answer::config(storage)?),
        QueryMsg::Ownership {} => to_json_binary(&ownership::query(storage)?),
        QueryMsg::Entry { id } => to_json_binary(&answer::entry(storage, now, id)?),
        QueryMsg::Entries { start_after, limit } => to_json_binary(&answer::entries(storage, now, start_after, limit)?),
    }?)
}

/// Replaces the code of the queue by a newer version of itself; only the queue itself is admin.
#[entry_point]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    let from = upgrade::ensure_upgrade(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new().add_event(events::migrated(from, CONTRACT_VERSION)))
}

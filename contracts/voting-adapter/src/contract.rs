//! Entry points.

use cosmwasm_std::{entry_point, to_json_binary, Binary, Deps, DepsMut, Env, Event, MessageInfo, Response, StdResult};
use interfaces::voting::{Moment, Power, QueryMsg as ModuleQuery};
use interfaces::voting_adapter::{ExecuteMsg, InstantiateMsg, Measure, MigrateMsg, QueryMsg};
use kit::migrate as versions;

use crate::error::ContractError;
use crate::query;
use crate::state::{Config, CONFIG};

const NAME: &str = concat!("crates.io:", env!("CARGO_PKG_NAME"));
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The sender becomes the DAO.
#[entry_point]
pub fn instantiate(deps: DepsMut, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response, ContractError> {
    kit::funds::none(&info)?;
    versions::init(deps.storage, NAME, VERSION)?;
    let module = deps.api.addr_validate(&msg.module)?;
    let config = Config {
        dao: info.sender,
        module,
        measure: msg.measure,
    };
    ensure_module(deps.as_ref(), &env, &config)?;
    CONFIG.save(deps.storage, &config)?;
    let measure = match config.measure {
        Measure::Weight => "weight",
        Measure::Linear => "linear",
    };
    let event = Event::new("adapt")
        .add_attribute("dao", config.dao)
        .add_attribute("module", config.module)
        .add_attribute("measure", measure);
    Ok(Response::new().add_event(event))
}

/// Asks the module what it will be asked. A DAO whose voting module never answers could not even replace it.
fn ensure_module(deps: Deps, env: &Env, config: &Config) -> Result<(), ContractError> {
    let now = Moment {
        height: env.block.height,
        time: env.block.time.seconds(),
    };
    let total: StdResult<Power> = deps
        .querier
        .query_wasm_smart(&config.module, &ModuleQuery::TotalPower { at: now });
    let moment = query::moment(deps, &config.module, now.height);
    total.and(moment).map(|_| ()).map_err(|error| ContractError::NoModule {
        module: config.module.clone(),
        reason: error.to_string(),
    })
}

/// There are no messages.
#[entry_point]
pub fn execute(_deps: DepsMut, _env: Env, _info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    match msg {}
}

#[entry_point]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    versions::ensure_upgrade(deps.storage, NAME, VERSION)?;
    Ok(Response::new())
}

#[entry_point]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    use QueryMsg as Msg;
    match msg {
        Msg::VotingPowerAtHeight { address, height } => to_json_binary(&query::power(deps, &env, address, height)?),
        Msg::TotalPowerAtHeight { height } => to_json_binary(&query::total_power(deps, &env, height)?),
        Msg::Dao {} => to_json_binary(&query::dao(deps)?),
        Msg::Info {} => to_json_binary(&query::info(deps)?),
        Msg::Module {} => to_json_binary(&query::module(deps)?),
    }
}

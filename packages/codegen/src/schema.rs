//! The JSON schema of every contract.

use cosmwasm_schema::schemars::schema::RootSchema;
use cosmwasm_schema::{generate_api, schema_for};
use serde_json::Value;

use crate::{CodegenError, ContractApi, File};

/// Renders one contract's API document from its interface module, with the messages that come with tokens if it takes any.
macro_rules! api {
    ($name:literal, $module:ident $(, $hook:ident)?) => {{
        let api = generate_api! {
            name: $name,
            instantiate: interfaces::$module::InstantiateMsg,
            execute: interfaces::$module::ExecuteMsg,
            query: interfaces::$module::QueryMsg,
            migrate: interfaces::$module::MigrateMsg,
        };
        let hook: Option<RootSchema> = None;
        $(let hook = hook.or(Some(schema_for!(interfaces::$module::$hook)));)?
        document($name, &api.render().to_string(), hook)
    }};
}

/// Every contract of the suite with its API document, by name.
///
/// # Errors
/// When a schema cannot be serialised.
pub fn contracts() -> Result<Vec<ContractApi>, CodegenError> {
    [
        api!("attestation-oracle", attestation_oracle),
        api!("compute-wars", compute_wars),
        api!("credit-vault", credit_vault),
        api!("ecosystem-fund", ecosystem_fund),
        api!("exchange", exchange, Cw20Hook),
        api!("genesis-nft", genesis_nft),
        api!("governance", governance, Cw20Hook),
        api!("imo-launchpad", imo_launchpad, Cw20Hook),
        api!("incentive-controller", incentive_controller),
        api!("l-coin", l_coin),
        api!("lco-staking", lco_staking, Cw20Hook),
        api!("margin", margin, Cw20Hook),
        api!("prediction-market", prediction_market, Cw20Hook),
        api!("tee-verifier", tee_verifier),
        api!("timelock", timelock),
        api!("token-allocation", token_allocation, Cw20Hook),
        api!("treasury", treasury),
        api!("vcai", vcai),
        api!("ve-rewards", ve_rewards, Cw20Hook),
        api!("vote-escrow", vote_escrow, Cw20Hook),
        api!("voting-adapter", voting_adapter),
    ]
    .into_iter()
    .collect()
}

fn document<E: ToString>(
    name: &'static str,
    api: &Result<String, E>,
    hook: Option<RootSchema>,
) -> Result<ContractApi, CodegenError> {
    let failed = |reason: String| CodegenError::Schema { contract: name, reason };
    let text = api.as_ref().map_err(|e| failed(e.to_string()))?;
    Ok(ContractApi {
        name,
        api: serde_json::from_str(text).map_err(|e| failed(e.to_string()))?,
        hook: hook
            .map(serde_json::to_value)
            .transpose()
            .map_err(|e| failed(e.to_string()))?,
    })
}

/// `schema/<contract>/<contract>.json`, and beside it `cw20_hook.json` for contracts that are sent tokens.
pub(crate) fn files(contracts: &[ContractApi]) -> Result<Vec<File>, CodegenError> {
    let mut files = Vec::new();
    for contract in contracts {
        files.push(file(contract.name, contract.name, &contract.api)?);
        if let Some(hook) = &contract.hook {
            files.push(file(contract.name, "cw20_hook", hook)?);
        }
    }
    Ok(files)
}

fn file(contract: &'static str, name: &str, schema: &Value) -> Result<File, CodegenError> {
    let text = serde_json::to_string_pretty(schema).map_err(|e| CodegenError::Schema {
        contract,
        reason: e.to_string(),
    })?;
    Ok(File {
        path: format!("schema/{contract}/{name}.json"),
        content: text + "\n",
    })
}

//! The JSON schema of every contract.

use cosmwasm_schema::generate_api;

use crate::{CodegenError, ContractApi, File};

/// Renders one contract's API document from its interface module.
macro_rules! api {
    ($name:literal, $module:ident) => {
        (
            $name,
            generate_api! {
                name: $name,
                instantiate: interfaces::$module::InstantiateMsg,
                execute: interfaces::$module::ExecuteMsg,
                query: interfaces::$module::QueryMsg,
                migrate: interfaces::$module::MigrateMsg,
            }
            .render()
            .to_string(),
        )
    };
}

/// Every contract of the suite with its API document, by name.
///
/// # Errors
/// When a schema cannot be serialised.
pub fn contracts() -> Result<Vec<ContractApi>, CodegenError> {
    let rendered = [
        api!("attestation-oracle", attestation_oracle),
        api!("credit-vault", credit_vault),
        api!("l-coin", l_coin),
        api!("tee-verifier", tee_verifier),
        api!("timelock", timelock),
    ];
    rendered
        .into_iter()
        .map(|(name, text)| {
            let failed = |reason: String| CodegenError::Schema { contract: name, reason };
            let text = text.map_err(|e| failed(e.to_string()))?;
            let api = serde_json::from_str(&text).map_err(|e| failed(e.to_string()))?;
            Ok(ContractApi { name, api })
        })
        .collect()
}

/// `schema/<contract>/<contract>.json`.
pub(crate) fn files(contracts: &[ContractApi]) -> Result<Vec<File>, CodegenError> {
    contracts
        .iter()
        .map(|c| {
            let text = serde_json::to_string_pretty(&c.api).map_err(|e| CodegenError::Schema {
                contract: c.name,
                reason: e.to_string(),
            })?;
            Ok(File {
                path: format!("schema/{0}/{0}.json", c.name),
                content: text + "\n",
            })
        })
        .collect()
}

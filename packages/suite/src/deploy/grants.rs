//! The grants of a configuration: given by the council, once, while the allocation has none. What is granted later is no business of a deployment, so running it again can
//! never grant a thing twice.

use anyhow::Result;
use interfaces::token_allocation::{ExecuteMsg, OverviewResponse, QueryMsg, MAX_BATCH};
use serde::Serialize;

use super::config::Config;
use super::token::Grant;
use crate::chain::{Chain, ChainError, ChainExt, Msg};

/// What became of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Grants {
    /// All of them were given now.
    Given { number: usize },
    /// Nobody here signs for the council: these messages are for it to send, in one transaction.
    Proposed {
        contract: String,
        messages: Vec<ExecuteMsg>,
    },
}

/// Messages that give them. None if there is nothing to give, or something was.
///
/// # Errors
/// When the allocation does not answer.
pub fn missing(chain: &dyn Chain, config: &Config, allocation: &str) -> Result<Option<Vec<ExecuteMsg>>, ChainError> {
    let listed = &config.token_allocation.grants;
    if listed.is_empty() {
        return Ok(None);
    }
    let overview: OverviewResponse = chain.query(allocation, &QueryMsg::Overview {})?;
    if overview.grants > 0 {
        return Ok(None);
    }
    let of_one_bucket = listed.chunk_by(|a, b| a.bucket == b.bucket);
    let batches = of_one_bucket.flat_map(|grants| grants.chunks(MAX_BATCH));
    let message = |batch: &[Grant]| {
        Some(ExecuteMsg::AddGrants {
            bucket: batch.first()?.bucket,
            grants: batch.iter().map(Grant::new_grant).collect(),
        })
    };
    Ok(Some(batches.filter_map(message).collect()))
}

/// Gives them in one transaction, or says how. Answers its gas as well.
///
/// # Errors
/// When the allocation refuses one: then none was given.
pub fn give(
    chain: &mut dyn Chain,
    config: &Config,
    allocation: &str,
    messages: Vec<ExecuteMsg>,
) -> Result<(Grants, u64), ChainError> {
    let Some(signer) = &config.council_signer else {
        let contract = allocation.to_owned();
        return Ok((Grants::Proposed { contract, messages }, 0));
    };
    let msgs: Vec<_> = messages
        .iter()
        .map(|message| Msg::execute(allocation, message, &[]))
        .collect::<Result<_>>()?;
    let outcome = chain.transact(&config.account(signer)?, &msgs)?;
    let number = config.token_allocation.grants.len();
    Ok((Grants::Given { number }, outcome.gas_used))
}

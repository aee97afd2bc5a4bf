//! Newer code for contracts that exist: queued in the timelock, executed when due.

use anyhow::{Context, Result};
use cosmwasm_std::{Binary, CosmosMsg, Timestamp, WasmMsg};
use interfaces::timelock::{EntriesResponse, EntryResponse, EntryState, EntrySummary, ExecuteMsg, QueryMsg};
use serde::Serialize;

use super::config::Config;
use super::part::{Addresses, Part};
use crate::account::Account;
use crate::chain::{Chain, ChainError, ChainExt};

/// How many of the newest entries are searched for a queued migration.
const SEARCHED: u32 = 100;

/// Where the migration of stale contracts stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Migration {
    /// It lies in the queue; run deploy again from this time on.
    Queued { entry: u64, ready_at: Timestamp },
    /// It was executed now.
    Executed { entry: u64 },
    /// Nobody here signs for the council: these messages are for it to queue.
    Proposed { timelock: String, queue: Box<ExecuteMsg> },
}

/// Brings stale contracts one step nearer to their new code.
///
/// # Errors
/// When the timelock refuses.
pub fn migrate(
    chain: &mut dyn Chain,
    config: &Config,
    deployer: &Account,
    at: &Addresses,
    stale: &[(Part, u64)],
) -> Result<Migration, ChainError> {
    let msgs: Vec<_> = stale
        .iter()
        .map(|(part, code)| migrate_msg(at.of(*part), *code))
        .collect();
    if let Some(found) = find(chain, &at.timelock, &msgs)? {
        return advance(chain, deployer, &at.timelock, &found);
    }
    let queue = queue_msg(stale, msgs.clone());
    let Some(signer) = &config.council_signer else {
        return Ok(Migration::Proposed {
            timelock: at.timelock.clone(),
            queue: Box::new(queue),
        });
    };
    chain.execute(&config.account(signer)?, &at.timelock, &queue, &[])?;
    let queued = find(chain, &at.timelock, &msgs)?.context("the migration just queued is not in the queue")?;
    advance(chain, deployer, &at.timelock, &queued)
}

fn migrate_msg(contract: &str, new_code_id: u64) -> CosmosMsg {
    WasmMsg::Migrate {
        contract_addr: contract.to_owned(),
        new_code_id,
        msg: Binary::from(b"{}"),
    }
    .into()
}

fn queue_msg(stale: &[(Part, u64)], msgs: Vec<CosmosMsg>) -> ExecuteMsg {
    let names: Vec<_> = stale
        .iter()
        .map(|(part, code)| format!("{} to code {code}", part.name()))
        .collect();
    ExecuteMsg::Queue {
        title: "Migrate".to_owned(),
        description: format!("Migrates {}.", names.join(", ")),
        msgs,
        delay: None,
    }
}

/// The newest live entry with exactly these messages.
fn find(chain: &dyn Chain, timelock: &str, msgs: &[CosmosMsg]) -> Result<Option<EntrySummary>, ChainError> {
    let query = QueryMsg::Entries {
        start_after: None,
        limit: Some(SEARCHED),
    };
    let page: EntriesResponse = chain.query(timelock, &query)?;
    let live = |e: &EntrySummary| matches!(e.state, EntryState::Pending | EntryState::Ready);
    for summary in page.entries.into_iter().filter(live) {
        let entry: EntryResponse = chain.query(timelock, &QueryMsg::Entry { id: summary.id })?;
        if entry.msgs == msgs {
            return Ok(Some(entry.summary));
        }
    }
    Ok(None)
}

fn advance(
    chain: &mut dyn Chain,
    deployer: &Account,
    timelock: &str,
    entry: &EntrySummary,
) -> Result<Migration, ChainError> {
    if entry.state != EntryState::Ready {
        return Ok(Migration::Queued {
            entry: entry.id,
            ready_at: entry.ready_at,
        });
    }
    chain.execute(deployer, timelock, &ExecuteMsg::Execute { id: entry.id }, &[])?;
    Ok(Migration::Executed { entry: entry.id })
}

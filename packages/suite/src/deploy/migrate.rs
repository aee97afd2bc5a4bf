//! What only the timelock may do to contracts that exist: newer code, and peers that came later. Queued there, executed when due.

use anyhow::{Context, Result};
use cosmwasm_std::{to_json_binary, Binary, CosmosMsg, Timestamp, WasmMsg};
use interfaces::credit_vault;
use interfaces::timelock::{EntriesResponse, EntryResponse, EntryState, EntrySummary, ExecuteMsg, QueryMsg};
use serde::Serialize;

use super::config::Config;
use super::messages;
use super::part::{Addresses, Part};
use crate::account::Account;
use crate::chain::{Chain, ChainError, ChainExt};

/// How many of the newest entries are searched for what is queued already.
const SEARCHED: u32 = 100;
/// Contracts that one page of the vault's register holds.
const PAGE: u32 = 100;

/// Where the changes stand.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Migration {
    /// They lie in the queue; run deploy again from this time on.
    Queued { entry: u64, ready_at: Timestamp },
    /// They were executed now.
    Executed { entry: u64 },
    /// Nobody here signs for the council: these messages are for it to queue.
    Proposed { timelock: String, queue: Box<ExecuteMsg> },
}

/// One thing to be done by the timelock.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// In words, for the queue's readers.
    what: String,
    msg: CosmosMsg,
}

/// Brings changes one step nearer.
///
/// # Errors
/// When the timelock refuses.
pub fn migrate(
    chain: &mut dyn Chain,
    config: &Config,
    deployer: &Account,
    timelock: &str,
    changes: &[Change],
) -> Result<Migration, ChainError> {
    let msgs: Vec<_> = changes.iter().map(|change| change.msg.clone()).collect();
    if let Some(found) = find(chain, timelock, &msgs)? {
        return advance(chain, deployer, timelock, &found);
    }
    let queue = queue_msg(changes, msgs.clone());
    let Some(signer) = &config.council_signer else {
        return Ok(Migration::Proposed {
            timelock: timelock.to_owned(),
            queue: Box::new(queue),
        });
    };
    chain.execute(&config.account(signer)?, timelock, &queue, &[])?;
    let queued = find(chain, timelock, &msgs)?.context("what was just queued is not in the queue")?;
    advance(chain, deployer, timelock, &queued)
}

/// Newer code for a contract.
pub fn newer_code(part: Part, at: &Addresses, new_code_id: u64) -> Change {
    Change {
        what: format!("{} to code {new_code_id}", part.name()),
        msg: WasmMsg::Migrate {
            contract_addr: at.of(part).to_owned(),
            new_code_id,
            msg: Binary::from(b"{}"),
        }
        .into(),
    }
}

/// What a vault that is older than its peers has to be told. A peer that is set is left alone.
///
/// # Errors
/// When the vault does not answer.
pub fn missing_peers(chain: &dyn Chain, at: &Addresses) -> Result<Vec<Change>> {
    let config: credit_vault::ConfigResponse = chain.query(&at.credit_vault, &credit_vault::QueryMsg::Config {})?;
    let wanted = messages::with_defaults(config.peers.clone(), messages::vault_peers(at));
    let mut changes = Vec::new();
    if wanted != config.peers {
        changes.push(tell_vault(
            at,
            "peers of the vault",
            &credit_vault::ExecuteMsg::SetPeers { peers: wanted },
        )?);
    }
    let page = credit_vault::QueryMsg::Registered {
        start_after: None,
        limit: Some(PAGE),
    };
    let registered: Vec<String> = chain.query(&at.credit_vault, &page)?;
    let missing = messages::credit_holders(at);
    for address in missing.into_iter().filter(|address| !registered.contains(address)) {
        let what = format!("{address} as a holder of Credits");
        changes.push(tell_vault(
            at,
            &what,
            &credit_vault::ExecuteMsg::RegisterContract { address },
        )?);
    }
    Ok(changes)
}

fn tell_vault(at: &Addresses, what: &str, msg: &credit_vault::ExecuteMsg) -> Result<Change> {
    Ok(Change {
        what: what.to_owned(),
        msg: WasmMsg::Execute {
            contract_addr: at.credit_vault.clone(),
            msg: to_json_binary(msg)?,
            funds: Vec::new(),
        }
        .into(),
    })
}

fn queue_msg(changes: &[Change], msgs: Vec<CosmosMsg>) -> ExecuteMsg {
    let what: Vec<_> = changes.iter().map(|change| change.what.as_str()).collect();
    ExecuteMsg::Queue {
        title: "Bring the suite up to date".to_owned(),
        description: format!("Sets {}.", what.join(", ")),
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

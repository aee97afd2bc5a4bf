//! Puts the suite on a chain and keeps it up to date. Run again, it does only what is missing.
//!
//! Addresses are computed beforehand with `instantiate2`, so that every contract knows the others from its first
//! message. Wasm admin of every contract is the timelock, its own included; the deployer keeps no right at all.

pub mod config;
pub mod grants;
pub mod messages;
pub mod migrate;
pub mod part;
pub mod state;
pub mod tge;
pub mod token;

use anyhow::{bail, Context, Result};
use interfaces::timelock::MAX_MSGS;
use interfaces::token_allocation;
use serde::Serialize;

use crate::account::Account;
use crate::chain::{Chain, ChainExt, Msg};
pub use config::Config;
pub use grants::Grants;
pub use migrate::Migration;
pub use part::{Addresses, Artifacts, Part};
pub use state::State;
pub use tge::{tge, TgeError, TgeReport};

/// What a run found and did.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub chain_id: String,
    pub deployer: String,
    pub addresses: Addresses,
    /// Contracts created now; empty when all were there.
    pub created: Vec<Part>,
    /// Code uploaded now.
    pub uploaded: Vec<Part>,
    /// Contracts that run older code than the artifacts.
    pub stale: Vec<Part>,
    /// What became of newer code, and of peers that the vault does not know yet: one entry of the timelock for every 16 changes.
    pub migrations: Vec<Migration>,
    /// What became of the configuration's grants, while there were none.
    pub grants: Option<Grants>,
    /// When VCAI's market opens, or what happened then.
    pub tge: token_allocation::TgeResponse,
    /// Gas of the transactions of this run besides uploads.
    pub gas_used: u64,
}

/// Deploys what is missing, and brings what is stale one step nearer to its new code. `say` hears what is being done.
///
/// # Errors
/// When the chain is another than the configuration's, or refuses.
pub fn deploy(
    chain: &mut dyn Chain,
    config: &Config,
    artifacts: &Artifacts,
    state: &mut State,
    say: &dyn Fn(&str),
) -> Result<Report> {
    let mut run = Run::new(chain, config, artifacts, state)?;
    let addresses = run.locate()?;
    let created = run.create(&addresses, say)?;
    let stale = run.stale(&addresses, say)?;
    let migrations = run.migrate(&addresses, &stale, say)?;
    let grants = run.grant(&addresses, say)?;
    let tge = tge::ask(run.chain, &addresses)?;
    Ok(Report {
        chain_id: config.chain_id.clone(),
        deployer: run.deployer.address().to_owned(),
        addresses,
        created,
        stale: stale.into_iter().map(|(part, _)| part).collect(),
        migrations,
        grants,
        tge,
        gas_used: run.gas_used,
        uploaded: run.uploaded,
    })
}

struct Run<'a> {
    chain: &'a mut dyn Chain,
    config: &'a Config,
    artifacts: &'a Artifacts,
    state: &'a mut State,
    deployer: Account,
    uploaded: Vec<Part>,
    gas_used: u64,
}

impl<'a> Run<'a> {
    fn new(
        chain: &'a mut dyn Chain,
        config: &'a Config,
        artifacts: &'a Artifacts,
        state: &'a mut State,
    ) -> Result<Self> {
        if chain.chain_id() != config.chain_id {
            bail!(
                "the configuration is for {}, the endpoint is {}",
                config.chain_id,
                chain.chain_id()
            );
        }
        Ok(Self {
            deployer: config.account(&config.deployer)?,
            chain,
            config,
            artifacts,
            state,
            uploaded: Vec::new(),
            gas_used: 0,
        })
    }

    /// Where every contract is or will be. A remembered address counts only if the chain knows it.
    fn locate(&mut self) -> Result<Addresses> {
        Addresses::collect(|part| {
            if let Some(known) = self.state.record.contracts.get(&part) {
                if self.chain.contract(known)?.is_some() {
                    return Ok(known.clone());
                }
            }
            let salt = part.salt(&self.config.instance);
            part::address(self.deployer.address(), &self.artifacts.checksum(part), &salt)
        })
    }

    /// Creates the missing contracts in one transaction: half a suite never exists.
    fn create(&mut self, at: &Addresses, say: &dyn Fn(&str)) -> Result<Vec<Part>> {
        let mut missing = Vec::new();
        for part in Part::ALL {
            match self.chain.contract(at.of(part))? {
                Some(found) => self.check_admin(part, at, found.admin.as_deref())?,
                None => missing.push(part),
            }
        }
        // Before the moments that follow creation are worked out: uploads take a while.
        for part in &missing {
            self.code(*part, say)?;
        }
        let now = self.chain.block()?.time.seconds();
        let mut msgs = Vec::new();
        for part in &missing {
            msgs.push(self.instantiate(*part, at, now, say)?);
        }
        if !msgs.is_empty() {
            say("creating the contracts");
            let outcome = self.chain.transact(&self.deployer, &msgs)?;
            self.gas_used = self.gas_used.saturating_add(outcome.gas_used);
        }
        for part in Part::ALL {
            let address = at.of(part);
            self.chain
                .contract(address)?
                .with_context(|| format!("{} is not at {address}", part.name()))?;
            self.state.record.contracts.insert(part, address.to_owned());
        }
        self.state.save()?;
        Ok(missing)
    }

    /// A contract somebody else could migrate is not ours to build on.
    fn check_admin(&self, part: Part, at: &Addresses, admin: Option<&str>) -> Result<()> {
        if admin != Some(&at.timelock) {
            bail!(
                "{} at {} has the admin {admin:?}, not the timelock {}",
                part.name(),
                at.of(part),
                at.timelock
            );
        }
        Ok(())
    }

    fn instantiate(&mut self, part: Part, at: &Addresses, now: u64, say: &dyn Fn(&str)) -> Result<Msg> {
        Ok(Msg::Instantiate2 {
            code_id: self.code(part, say)?,
            label: part.name().to_owned(),
            msg: messages::instantiate(part, self.config, at, now)?,
            salt: part.salt(&self.config.instance),
            admin: Some(at.timelock.clone()),
            funds: Vec::new(),
        })
    }

    /// Id of the artifact's code, uploaded if the chain does not have it.
    fn code(&mut self, part: Part, say: &dyn Fn(&str)) -> Result<u64> {
        let checksum = self.artifacts.checksum(part);
        let key = hex::encode(checksum);
        if let Some(id) = self.state.record.codes.get(&key) {
            if self.chain.checksum(*id).is_ok_and(|found| found == checksum) {
                return Ok(*id);
            }
        }
        say(&format!("uploading {}", part.code()));
        let id = self
            .chain
            .store(&self.deployer, part.code(), self.artifacts.wasm(part))?;
        self.state.record.codes.insert(key, id);
        self.state.save()?;
        self.uploaded.push(part);
        Ok(id)
    }

    /// Contracts whose code is not the artifact's, with the id of that.
    fn stale(&mut self, at: &Addresses, say: &dyn Fn(&str)) -> Result<Vec<(Part, u64)>> {
        let mut stale = Vec::new();
        for part in Part::ALL {
            let found = self.chain.contract(at.of(part))?.context("a contract vanished")?;
            if self.chain.checksum(found.code_id)? != self.artifacts.checksum(part) {
                stale.push((part, self.code(part, say)?));
            }
        }
        Ok(stale)
    }

    /// As many entries of the timelock as the changes need. Each is found again by its messages, so whichever was executed, the others stay what they were.
    fn migrate(&mut self, at: &Addresses, stale: &[(Part, u64)], say: &dyn Fn(&str)) -> Result<Vec<Migration>> {
        let code = |(part, id): &(Part, u64)| migrate::newer_code(*part, at, *id);
        let mut changes: Vec<_> = stale.iter().map(code).collect();
        if self.config.credit_vault.connected {
            changes.extend(migrate::missing_peers(self.chain, at)?);
        }
        let mut migrations = Vec::new();
        for changes in changes.chunks(MAX_MSGS) {
            say("queueing what only the timelock may do, or executing it if due");
            let (config, deployer) = (self.config, &self.deployer);
            migrations.push(migrate::migrate(self.chain, config, deployer, &at.timelock, changes)?);
        }
        Ok(migrations)
    }

    fn grant(&mut self, at: &Addresses, say: &dyn Fn(&str)) -> Result<Option<Grants>> {
        let Some(msgs) = grants::missing(self.chain, self.config, &at.token_allocation)? else {
            return Ok(None);
        };
        say("granting VCAI");
        let (given, gas_used) = grants::give(self.chain, self.config, &at.token_allocation, msgs)?;
        self.gas_used = self.gas_used.saturating_add(gas_used);
        Ok(Some(given))
    }
}

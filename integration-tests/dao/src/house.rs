//! The DAO, asked and told in its own words. Its crates cannot be linked beside the suite's: they are made for an older CosmWasm.

use anyhow::{ensure, Context, Result};
use cosmwasm_std::{to_json_binary, Uint128};
use interfaces::voting_adapter::{self as adapter, Measure, PowerAtHeightResponse};
use serde_json::{json, Value};
use suite::Account;

use crate::world::{ours, theirs, World, DAY};

/// A DAO with one proposal module, in which anybody may propose and more than half of all power passes.
pub struct House {
    pub core: String,
    pub adapter: String,
    pub proposals: String,
}

/// Longest time a proposal can be voted on, seconds.
const VOTING: u64 = 3 * DAY;

impl House {
    /// Stores the codes and has the core instantiate its modules, the adapter among them.
    ///
    /// # Errors
    /// When a step fails; likewise for everything below.
    pub fn build(world: &mut World, measure: Measure) -> Result<Self> {
        let adapter = world.store("voting-adapter", &ours("voting-adapter")?)?;
        let proposals = world.store("dao-proposal-single", &theirs("dao-proposal-single")?)?;
        let core = world.store("dao-dao-core", &theirs("dao-dao-core")?)?;
        let over = adapter::InstantiateMsg {
            module: world.at.vote_escrow.clone(),
            measure,
        };
        let rules = json!({
            "threshold": { "absolute_percentage": { "percentage": { "majority": {} } } },
            "max_voting_period": { "time": VOTING },
            "min_voting_period": null,
            "only_members_execute": false,
            "allow_revoting": false,
            "pre_propose_info": { "anyone_may_propose": {} },
            "close_proposal_on_execution_failure": true,
            "veto": null,
        });
        let module = |code_id: u64, msg: Value, label: &str| -> Result<Value> {
            Ok(json!({
                "code_id": code_id, "msg": to_json_binary(&msg)?, "admin": { "core_module": {} }, "funds": [], "label": label,
            }))
        };
        let house = json!({
            "name": "Lockers", "description": "those who lock VCAI",
            "automatically_add_cw20s": true, "automatically_add_cw721s": false,
            "voting_module_instantiate_info": module(adapter, serde_json::to_value(&over)?, "voting module")?,
            "proposal_modules_instantiate_info": [module(proposals, rules, "proposals")?],
        });
        let core = world.create(core, "dao-dao-core", serde_json::to_vec(&house)?)?;
        let adapter: String = world.query(&core, &json!({ "voting_module": {} }))?;
        let modules: Vec<Value> = world.query(&core, &json!({ "proposal_modules": {} }))?;
        ensure!(modules.len() == 1, "{modules:?}");
        let proposals = modules[0]["address"].as_str().context("no address")?.to_owned();
        Ok(Self {
            core,
            adapter,
            proposals,
        })
    }

    /// Somebody's power as the core tells it, before the block of a height.
    pub fn power(&self, world: &World, of: &str, height: Option<u64>) -> Result<Uint128> {
        let address = Account::dev(of)?.address().to_owned();
        let question = json!({ "voting_power_at_height": { "address": address, "height": height } });
        let answer: PowerAtHeightResponse = world.query(&self.core, &question)?;
        ensure!(
            height.is_none_or(|height| height == answer.height),
            "{answer:?} is about another height"
        );
        Ok(answer.power)
    }

    pub fn total(&self, world: &World, height: Option<u64>) -> Result<Uint128> {
        let question = json!({ "total_power_at_height": { "height": height } });
        let answer: PowerAtHeightResponse = world.query(&self.core, &question)?;
        Ok(answer.power)
    }

    /// Makes a proposal; its number and the height whose powers decide it.
    pub fn propose(&self, world: &mut World, by: &str, title: &str, msgs: Value) -> Result<(u64, u64)> {
        let msg = json!({ "propose": { "title": title, "description": "decided by locks", "msgs": msgs } });
        let outcome = world.execute(by, &self.proposals, &msg, &[])?;
        let id = outcome.attribute("wasm", "proposal_id").context("no proposal")?;
        Ok((id.parse()?, outcome.height))
    }

    #[must_use]
    pub fn vote(proposal: u64, vote: &str) -> Value {
        json!({ "vote": { "proposal_id": proposal, "vote": vote } })
    }

    #[must_use]
    pub fn enact(proposal: u64) -> Value {
        json!({ "execute": { "proposal_id": proposal } })
    }

    /// Where a proposal stands, in the module's words.
    pub fn status(&self, world: &World, proposal: u64) -> Result<String> {
        let found = self.proposal(world, proposal)?;
        Ok(found["status"].as_str().context("no status")?.to_owned())
    }

    /// A proposal as the module tells it.
    pub fn proposal(&self, world: &World, proposal: u64) -> Result<Value> {
        let mut found: Value = world.query(&self.proposals, &json!({ "proposal": { "proposal_id": proposal } }))?;
        Ok(found["proposal"].take())
    }
}

//! DAO DAO's contracts, told in their own words: what of them stands beside locks, votes, rewards and grants.

use anyhow::{Context, Result};
use cosmwasm_std::to_json_binary;
use cw20::Cw20ExecuteMsg;
use serde_json::{json, Value};
use suite::population::user;

use super::network::{send, ALONE, ONE};
use super::DAY;
use crate::gas::bench::Bench;
use crate::gas::table::Row;

const STAKE: &str = "cw20-stake";
const PROPOSALS: &str = "dao-proposal-single";
const REWARDS: &str = "dao-rewards-distributor";
const VESTING: &str = "cw-vesting";
/// What a proposal's deposit is, base units.
const DEPOSIT: u128 = ONE;
/// Who has most of the stake.
const MEMBER: u32 = 1;

/// What is left to do later.
pub struct House {
    stake: String,
    vesting: String,
}

/// Everything but what needs days.
pub fn run(bench: &mut Bench) -> Result<House> {
    let stake = staking(bench)?;
    let voting = proposals(bench, &stake)?;
    rewards(bench, &stake, &voting)?;
    let vesting = vesting(bench)?;
    Ok(House { stake, vesting })
}

fn row(contract: &str, handler: &str, case: &str) -> Row {
    Row::new(contract, handler, case)
}

fn staking(bench: &mut Bench) -> Result<String> {
    let (token, council) = (bench.peer.clone(), bench.by("council")?);
    let msg = json!({
        "owner": council.address(), "token_address": token, "unstaking_duration": { "time": 7 * DAY },
    });
    let to = bench.create_peer(None, STAKE, ALONE, &msg)?;
    let hook = json!({ "stake": {} });
    for case in ["first stake", "more stake"] {
        let row = row(STAKE, "Receive", case);
        send(bench, Some(row), &user(0)?, (&token, ONE), &to, &hook)?;
    }
    send(bench, None, &user(MEMBER)?, (&token, 20 * ONE), &to, &hook)?;
    for case in ["first", "more"] {
        let unstake = json!({ "unstake": { "amount": "100000" } });
        bench.measure(row(STAKE, "Unstake", case), &user(0)?, &to, &unstake, &[])?;
    }
    Ok(to)
}

/// A DAO of the stakers with two ways to propose; answers its voting module.
fn proposals(bench: &mut Bench, stake: &str) -> Result<String> {
    let core = core(bench, stake)?;
    let voting: String = bench.query(&core, &json!({ "voting_module": {} }))?;
    let modules: Vec<Value> = bench.query(&core, &json!({ "proposal_modules": {} }))?;
    let free = free_of_deposit(bench, &modules)?;
    let motion = json!({
        "title": "a measured proposal",
        "description": "what it is for, in a line or two, with a link to the discussion",
        "msgs": [{ "wasm": { "execute": { "contract_addr": bench.sink, "msg": to_json_binary(&json!({}))?, "funds": [] } } }],
    });
    let member = user(MEMBER)?;
    let propose = row(PROPOSALS, "Propose", "a message");
    bench.measure(propose, &member, &free, &json!({ "propose": motion }), &[])?;
    with_deposit(bench, &modules, &free, &motion)?;
    let vote = json!({ "vote": { "proposal_id": 1, "vote": "yes" } });
    bench.measure(row(PROPOSALS, "Vote", ""), &member, &free, &vote, &[])?;
    let execute = json!({ "execute": { "proposal_id": 1 } });
    bench.measure(row(PROPOSALS, "Execute", "1 message"), &user(0)?, &free, &execute, &[])?;
    Ok(voting)
}

fn core(bench: &mut Bench, stake: &str) -> Result<String> {
    let code = |name: &str| bench.codes.get(name).copied().context("its code is not stored");
    let module = |code_id: u64, msg: Value| -> Result<Value> {
        let msg = to_json_binary(&msg)?;
        Ok(json!({ "code_id": code_id, "msg": msg, "admin": { "core_module": {} }, "funds": [], "label": "measured" }))
    };
    let votes = json!({ "token_info": { "existing": {
        "address": bench.peer, "staking_contract": { "existing": { "staking_contract_address": stake } },
    } } });
    let deposit = json!({
        "deposit_info": {
            "denom": { "token": { "denom": { "cw20": bench.peer } } }, "amount": DEPOSIT.to_string(), "refund_policy": "always",
        },
        "submission_policy": { "anyone": { "denylist": [] } }, "extension": {},
    });
    let rules = |creation: Value| {
        json!({
            "threshold": { "absolute_percentage": { "percentage": { "majority": {} } } },
            "max_voting_period": { "time": 7 * DAY }, "min_voting_period": null, "only_members_execute": false,
            "allow_revoting": false, "pre_propose_info": creation, "close_proposal_on_execution_failure": true, "veto": null,
        })
    };
    let through = module(code("dao-pre-propose-single")?, deposit)?;
    let proposals = code(PROPOSALS)?;
    let house = json!({
        "name": "stakers", "description": "those who stake",
        "automatically_add_cw20s": true, "automatically_add_cw721s": false,
        "voting_module_instantiate_info": module(code("dao-voting-cw20-staked")?, votes)?,
        "proposal_modules_instantiate_info": [
            module(proposals, rules(json!({ "anyone_may_propose": {} })))?,
            module(proposals, rules(json!({ "module_may_propose": { "info": through } })))?,
        ],
    });
    bench.create_peer(None, "dao-dao-core", ALONE, &house)
}

fn addresses(modules: &[Value]) -> impl Iterator<Item = &str> {
    modules.iter().filter_map(|module| module["address"].as_str())
}

/// The contract that makes proposals for a module, if one does.
fn proposer(bench: &Bench, module: &str) -> Result<Option<String>> {
    let policy: Value = bench.query(module, &json!({ "proposal_creation_policy": {} }))?;
    Ok(policy["module"]["addr"].as_str().map(str::to_owned))
}

fn free_of_deposit(bench: &Bench, modules: &[Value]) -> Result<String> {
    for module in addresses(modules) {
        if proposer(bench, module)?.is_none() {
            return Ok(module.to_owned());
        }
    }
    anyhow::bail!("every module asks for a deposit")
}

/// The deposit is taken by allowance, which is a transaction of its own before.
fn with_deposit(bench: &mut Bench, modules: &[Value], free: &str, motion: &Value) -> Result<()> {
    let module = addresses(modules)
        .find(|module| *module != free)
        .context("one module")?;
    let to = proposer(bench, module)?.context("nobody proposes there")?;
    let (member, token) = (user(MEMBER)?, bench.peer.clone());
    let allow = Cw20ExecuteMsg::IncreaseAllowance {
        spender: to.clone(),
        amount: DEPOSIT.into(),
        expires: None,
    };
    bench.run(&member, &token, &allow, &[])?;
    let propose = json!({ "propose": { "msg": { "propose": motion } } });
    let row = row(PROPOSALS, "Propose", "a message, with a deposit");
    bench.measure(row, &member, &to, &propose, &[])?;
    Ok(())
}

/// A stream of tokens to the stakers, who are told of by the staking contract.
fn rewards(bench: &mut Bench, stake: &str, voting: &str) -> Result<()> {
    let (token, council) = (bench.peer.clone(), bench.by("council")?);
    let to = bench.create_peer(None, REWARDS, ALONE, &json!({ "owner": council.address() }))?;
    let create = json!({ "create": {
        "denom": { "cw20": token },
        "emission_rate": { "linear": { "amount": "1000", "duration": { "time": 1 }, "continuous": true } },
        "vp_contract": voting, "hook_caller": stake, "open_funding": true, "withdraw_destination": null,
    } });
    bench.run(&council, &to, &create, &[])?;
    bench.run(&council, stake, &json!({ "add_hook": { "addr": to } }), &[])?;
    let mint = Cw20ExecuteMsg::Mint {
        recipient: council.address().to_owned(),
        amount: (1_000 * ONE).into(),
    };
    bench.run(&council, &token, &mint, &[])?;
    let fund = json!({ "fund": { "id": 1 } });
    for case in ["Fund, first", "Fund, again"] {
        let row = row(REWARDS, "Receive", case);
        send(bench, Some(row), &council, (&token, 100 * ONE), &to, &fund)?;
    }
    bench.pass(60)?;
    let staked = json!({ "stake": {} });
    let told = row(STAKE, "Receive", "more stake, rewards are told");
    send(bench, Some(told), &user(0)?, (&token, ONE), stake, &staked)?;
    let claim = json!({ "claim": { "id": 1 } });
    for case in ["first", "again"] {
        bench.pass(60)?;
        bench.measure(row(REWARDS, "Claim", case), &user(MEMBER)?, &to, &claim, &[])?;
    }
    Ok(())
}

/// A contract of its own for every grant.
fn vesting(bench: &mut Bench) -> Result<String> {
    let (token, council) = (bench.peer.clone(), bench.by("council")?);
    let msg = json!({
        "owner": council.address(), "recipient": user(0)?.address(), "title": "a grant", "description": null,
        "total": (10 * ONE).to_string(), "denom": { "cw20": token }, "schedule": "saturating_linear",
        "start_time": null, "vesting_duration_seconds": 365 * DAY, "unbonding_duration_seconds": 0,
    });
    let to = bench.create_peer(Some(row(VESTING, "instantiate", "")), VESTING, ALONE, &msg)?;
    let funded = row(VESTING, "Receive", "Fund");
    send(
        bench,
        Some(funded),
        &council,
        (&token, 10 * ONE),
        &to,
        &json!({ "fund": {} }),
    )?;
    bench.pass(60)?;
    distribute(bench, &to, "first")?;
    Ok(to)
}

fn distribute(bench: &mut Bench, to: &str, case: &str) -> Result<()> {
    let distribute = json!({ "distribute": { "amount": null } });
    bench.measure(row(VESTING, "Distribute", case), &user(0)?, to, &distribute, &[])?;
    Ok(())
}

/// More than a week later.
pub fn leave(bench: &mut Bench, house: &House) -> Result<()> {
    let claim = json!({ "claim": {} });
    bench.measure(row(STAKE, "Claim", ""), &user(0)?, &house.stake, &claim, &[])?;
    distribute(bench, &house.vesting, "again")
}

//! One contract that stands in for every neighbour of the vault: fund, tiers, contest, launchpad, and whoever is hostile. It does what it is told, and reacts to
//! calls from the vault as it was told before.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    to_json_binary, Binary, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, Uint128,
    WasmMsg,
};
use cw20::Cw20ReceiveMsg;
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::{Item, Map};
use interfaces::compute_wars::Score;
use interfaces::credit_vault::{ConfigResponse, ExecuteMsg as VaultMsg, QueryMsg as VaultQuery, WeekResponse};
use interfaces::lco_staking::Tier;
use math::Bps;

#[cw_serde]
pub enum Reaction {
    Accept,
    Fail,
    /// Sends these on.
    Send(Vec<CosmosMsg>),
    /// Answers queries with one tier too few.
    Short,
}

#[cw_serde]
pub enum StandInMsg {
    /// Sends messages of its own accord.
    Do(Vec<CosmosMsg>),
    /// Sets how it reacts to `Receive`, `Record` and `LowestTiers`.
    React(Reaction),
    SetTier {
        account: String,
        tier: Tier,
    },
    /// What the fund does: the formula of the profit share on the recorded cost.
    ReportProfit {
        vault: String,
        gateway: u64,
        week: u64,
    },
    // what the vault says
    Receive(Cw20ReceiveMsg),
    Record {
        week: u64,
        scores: Vec<Score>,
    },
}

#[cw_serde]
pub enum StandInQuery {
    /// `Record` messages so far.
    Heard {},
    /// `Receive` messages so far.
    Received {},
    LowestTiers {
        accounts: Vec<String>,
        since: u64,
    },
}

const REACTION: Item<Reaction> = Item::new("reaction");
const HEARD: Item<Vec<(u64, Vec<Score>)>> = Item::new("heard");
const RECEIVED: Item<Vec<Cw20ReceiveMsg>> = Item::new("received");
const TIERS: Map<&str, Tier> = Map::new("tiers");

pub fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    REACTION.save(deps.storage, &Reaction::Accept)?;
    HEARD.save(deps.storage, &vec![])?;
    RECEIVED.save(deps.storage, &vec![])?;
    Ok(Response::new())
}

fn execute(deps: DepsMut, _: Env, _: MessageInfo, msg: StandInMsg) -> StdResult<Response> {
    match msg {
        StandInMsg::Do(messages) => Ok(Response::new().add_messages(messages)),
        StandInMsg::React(reaction) => {
            REACTION.save(deps.storage, &reaction)?;
            Ok(Response::new())
        }
        StandInMsg::SetTier { account, tier } => {
            TIERS.save(deps.storage, &account, &tier)?;
            Ok(Response::new())
        }
        StandInMsg::ReportProfit { vault, gateway, week } => report_profit(deps.as_ref(), vault, gateway, week),
        StandInMsg::Receive(notice) => {
            RECEIVED.update(deps.storage, |mut all| {
                StdResult::Ok({
                    all.push(notice);
                    all
                })
            })?;
            react(deps.as_ref())
        }
        StandInMsg::Record { week, scores } => {
            HEARD.update(deps.storage, |mut all| {
                StdResult::Ok({
                    all.push((week, scores));
                    all
                })
            })?;
            react(deps.as_ref())
        }
    }
}

fn react(deps: Deps) -> StdResult<Response> {
    match REACTION.load(deps.storage)? {
        Reaction::Fail => Err(StdError::generic_err("told to fail")),
        Reaction::Send(messages) => Ok(Response::new().add_messages(messages)),
        Reaction::Accept | Reaction::Short => Ok(Response::new()),
    }
}

/// max(profit share of (revenue − cost), floor of revenue), rounded up for the fund.
fn report_profit(deps: Deps, vault: String, gateway: u64, week: u64) -> StdResult<Response> {
    let row: WeekResponse = deps
        .querier
        .query_wasm_smart(&vault, &VaultQuery::Week { gateway, week })?;
    let config: ConfigResponse = deps.querier.query_wasm_smart(&vault, &VaultQuery::Config {})?;
    let share = |bps, amount: Uint128| Bps::new(bps).unwrap().of_ceil(amount.u128());
    let profit = share(config.params.profit_share_bps, row.revenue - row.cost);
    let floor = share(config.params.fund_floor_bps, row.revenue);
    let fund_share = Uint128::new(profit.max(floor));
    let release = VaultMsg::ReleaseWeek {
        gateway,
        week,
        fund_share,
    };
    Ok(Response::new().add_message(WasmMsg::Execute {
        contract_addr: vault,
        msg: to_json_binary(&release)?,
        funds: vec![],
    }))
}

fn query(deps: Deps, _: Env, msg: StandInQuery) -> StdResult<Binary> {
    match msg {
        StandInQuery::Heard {} => to_json_binary(&HEARD.load(deps.storage)?),
        StandInQuery::Received {} => to_json_binary(&RECEIVED.load(deps.storage)?),
        StandInQuery::LowestTiers { accounts, .. } => {
            let reaction = REACTION.load(deps.storage)?;
            if reaction == Reaction::Fail {
                return Err(StdError::generic_err("told to fail"));
            }
            let tier = |account: &String| TIERS.may_load(deps.storage, account).unwrap().unwrap_or_default();
            let skipped = usize::from(reaction == Reaction::Short);
            to_json_binary(&accounts.iter().skip(skipped).map(tier).collect::<Vec<_>>())
        }
    }
}

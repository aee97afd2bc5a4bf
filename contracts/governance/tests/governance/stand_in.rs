//! A voting module with a history by the second, and a contract that does what it is told, well or badly.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    to_json_binary, Addr, Binary, Deps, DepsMut, Empty, Env, Isqrt, MessageInfo, Order, Reply, Response, StdError,
    StdResult, Storage, SubMsg, Uint128, WasmMsg,
};
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::{Item, Map};
use interfaces::common::OwnershipMsg;
use interfaces::voting::{Moment, Power};

/// Electorate with stakes set at will. As in every module, an answer is the state before the second asked about.
pub mod module {
    use super::*;

    #[cw_serde]
    pub struct Setup {
        /// Weight is the square root of the stake, in base units of 10⁻⁶, else the stake.
        pub root: bool,
        /// Below this stake there is no power in proposals.
        pub whale: Uint128,
    }

    #[cw_serde]
    pub enum ModuleMsg {
        Stake {
            account: String,
            amount: Uint128,
        },
        /// From now on no question is answered.
        Break {},
        /// What the real escrow would have stored.
        Sums(Binary),
    }

    /// What `voting::QueryMsg` asks, and what an instance over VCAI asks besides.
    #[cw_serde]
    pub enum QueryMsg {
        Power { address: String, at: Moment },
        TotalPower { at: Moment },
        OutcomePower { address: String, from: Moment, to: Moment },
        OutcomeTotal { from: Moment, to: Moment },
        Locked { at: Moment },
    }

    const SETUP: Item<Setup> = Item::new("setup");
    const BROKEN: Item<bool> = Item::new("broken");
    /// account → (second, stake from the next second on)
    const STAKES: Map<&Addr, Vec<(u64, Uint128)>> = Map::new("stakes");

    fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, msg: Setup) -> StdResult<Response> {
        SETUP.save(deps.storage, &msg)?;
        Ok(Response::new())
    }

    fn execute(deps: DepsMut, env: Env, _: MessageInfo, msg: ModuleMsg) -> StdResult<Response> {
        match msg {
            ModuleMsg::Stake { account, amount } => {
                let account = Addr::unchecked(account);
                let mut history = STAKES.may_load(deps.storage, &account)?.unwrap_or_default();
                history.push((env.block.time.seconds(), amount));
                STAKES.save(deps.storage, &account, &history)?;
            }
            ModuleMsg::Break {} => BROKEN.save(deps.storage, &true)?,
            ModuleMsg::Sums(row) => deps.storage.set(&kit::escrow::TOTAL.path(&()), &row),
        }
        Ok(Response::new())
    }

    fn before(history: &[(u64, Uint128)], time: u64) -> Uint128 {
        let last = history.iter().rev().find(|(second, _)| *second < time);
        last.map(|(_, stake)| *stake).unwrap_or_default()
    }

    fn stake_at(storage: &dyn Storage, account: &str, time: u64) -> StdResult<Uint128> {
        let history = STAKES.may_load(storage, &Addr::unchecked(account))?.unwrap_or_default();
        Ok(before(&history, time))
    }

    fn accounts(storage: &dyn Storage) -> Vec<Addr> {
        STAKES
            .keys(storage, None, None, Order::Ascending)
            .map(Result::unwrap)
            .collect()
    }

    fn power_of(setup: &Setup, stake: Uint128) -> Power {
        let linear = if stake < setup.whale { Uint128::zero() } else { stake };
        let weight = if setup.root { linear.isqrt() } else { linear };
        Power { weight, linear }
    }

    fn query(deps: Deps, _: Env, msg: QueryMsg) -> StdResult<Binary> {
        let (setup, storage) = (SETUP.load(deps.storage)?, deps.storage);
        if BROKEN.exists(storage) {
            return Err(StdError::generic_err("broken"));
        }
        match msg {
            QueryMsg::Power { address, at } => to_json_binary(&power_of(&setup, stake_at(storage, &address, at.time)?)),
            QueryMsg::TotalPower { at } => {
                let mut total = Power::default();
                for account in accounts(storage) {
                    let power = power_of(&setup, stake_at(storage, account.as_str(), at.time)?);
                    total.weight += power.weight;
                    total.linear += power.linear;
                }
                to_json_binary(&total)
            }
            QueryMsg::Locked { at } => {
                let stakes = accounts(storage).into_iter();
                let locked: Uint128 = stakes
                    .map(|one| stake_at(storage, one.as_str(), at.time).unwrap())
                    .sum();
                to_json_binary(&locked)
            }
            QueryMsg::OutcomePower { address, from, to } => {
                let [a, b] = [from, to].map(|at| stake_at(storage, &address, at.time).unwrap());
                to_json_binary(&a.min(b))
            }
            QueryMsg::OutcomeTotal { from, to } => {
                let total = |time| -> Uint128 {
                    let stakes = accounts(storage).into_iter();
                    stakes.map(|one| stake_at(storage, one.as_str(), time).unwrap()).sum()
                };
                to_json_binary(&total(from.time).min(total(to.time)))
            }
        }
    }

    pub fn contract() -> Box<dyn Contract<Empty>> {
        Box::new(ContractWrapper::new(execute, instantiate, query))
    }
}

/// A contract with parameters and an owner, that also plays the prediction market, and the attacker.
pub mod puppet {
    use super::*;

    #[cw_serde]
    pub enum PuppetMsg {
        SetParams {
            value: u64,
        },
        /// What the prediction market hears.
        Decide {
            market: u64,
            answer: Option<u8>,
        },
        /// What the appeals contract hears.
        DecideAppeal {
            case: u64,
            granted: bool,
        },
        /// From now on the three above fail.
        Fail {
            on: bool,
        },
        /// Says `msg` to a contract, and if `swallow`, goes on when that fails.
        Relay {
            contract: String,
            msg: Binary,
            swallow: bool,
        },
        Ownership(OwnershipMsg),
    }

    #[cw_serde]
    #[derive(Default)]
    pub struct Seen {
        pub values: Vec<u64>,
        pub decisions: Vec<(u64, Option<u8>)>,
        pub rulings: Vec<(u64, bool)>,
        pub swallowed: Vec<String>,
        pub failing: bool,
    }

    const SEEN: Item<Seen> = Item::new("seen");

    fn instantiate(deps: DepsMut, _: Env, info: MessageInfo, _: Empty) -> StdResult<Response> {
        SEEN.save(deps.storage, &Seen::default())?;
        kit::ownership::init(deps.storage, info.sender).unwrap();
        Ok(Response::new())
    }

    fn execute(deps: DepsMut, _: Env, info: MessageInfo, msg: PuppetMsg) -> StdResult<Response> {
        let mut seen = SEEN.load(deps.storage)?;
        let mut response = Response::new();
        match msg {
            PuppetMsg::SetParams { .. } | PuppetMsg::Decide { .. } | PuppetMsg::DecideAppeal { .. } if seen.failing => {
                return Err(StdError::generic_err("failing"));
            }
            PuppetMsg::SetParams { value } => seen.values.push(value),
            PuppetMsg::Decide { market, answer } => seen.decisions.push((market, answer)),
            PuppetMsg::DecideAppeal { case, granted } => seen.rulings.push((case, granted)),
            PuppetMsg::Fail { on } => seen.failing = on,
            PuppetMsg::Relay { contract, msg, swallow } => {
                let msg = WasmMsg::Execute {
                    contract_addr: contract,
                    msg,
                    funds: vec![],
                };
                response = response.add_submessage(match swallow {
                    true => SubMsg::reply_on_error(msg, 0),
                    false => SubMsg::new(msg),
                });
            }
            PuppetMsg::Ownership(msg) => {
                let event = kit::ownership::execute(deps.storage, deps.api, &info.sender, msg);
                response = response.add_event(event.map_err(|error| StdError::generic_err(error.to_string()))?);
            }
        }
        SEEN.save(deps.storage, &seen)?;
        Ok(response)
    }

    fn reply(deps: DepsMut, _: Env, reply: Reply) -> StdResult<Response> {
        SEEN.update(deps.storage, |mut seen| {
            seen.swallowed.push(reply.result.unwrap_err());
            StdResult::Ok(seen)
        })?;
        Ok(Response::new())
    }

    #[cw_serde]
    pub enum PuppetQuery {
        Seen {},
        Owner {},
    }

    fn query(deps: Deps, _: Env, msg: PuppetQuery) -> StdResult<Binary> {
        match msg {
            PuppetQuery::Seen {} => to_json_binary(&SEEN.load(deps.storage)?),
            PuppetQuery::Owner {} => to_json_binary(&kit::ownership::query(deps.storage).unwrap().owner),
        }
    }

    pub fn contract() -> Box<dyn Contract<Empty>> {
        Box::new(ContractWrapper::new(execute, instantiate, query).with_reply(reply))
    }
}

/// Stands for the allocation, which holds the supply, and for the treasury, which knows the revenue.
pub mod purse {
    use cw20::Cw20ReceiveMsg;
    use interfaces::token_allocation::{Bucket, Cw20Hook};
    use kit::compact::Table;

    use super::*;

    #[cw_serde]
    pub enum PurseMsg {
        /// What `token_allocation` hears.
        Receive(Cw20ReceiveMsg),
        Spend {
            bucket: Bucket,
            to: String,
            amount: Uint128,
        },
        /// Says `msg` to a contract.
        Relay { contract: String, msg: Binary },
        /// The revenue from now on.
        Earn { net_fees: Uint128 },
    }

    #[cw_serde]
    #[derive(Default)]
    pub struct Heard {
        /// Token, sender, amount, hook.
        pub vested: Vec<(String, String, Uint128, Cw20Hook)>,
        pub spent: Vec<(String, Bucket, String, Uint128)>,
    }

    const HEARD: Item<Heard> = Item::new("heard");
    /// What is read of the treasury: net fees.
    const TOTALS: Table<(), Uint128> = Table::new(kit::revenue::TOTALS);

    fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        HEARD.save(deps.storage, &Heard::default())?;
        TOTALS.save(deps.storage, &(), &Uint128::zero());
        Ok(Response::new())
    }

    fn execute(deps: DepsMut, _: Env, info: MessageInfo, msg: PurseMsg) -> StdResult<Response> {
        let mut heard = HEARD.load(deps.storage)?;
        let mut response = Response::new();
        let sender = info.sender.to_string();
        match msg {
            PurseMsg::Receive(got) => {
                let hook = cosmwasm_std::from_json(&got.msg)?;
                heard.vested.push((sender, got.sender, got.amount, hook));
            }
            PurseMsg::Spend { bucket, to, amount } => heard.spent.push((sender, bucket, to, amount)),
            PurseMsg::Relay { contract, msg } => {
                response = response.add_message(WasmMsg::Execute {
                    contract_addr: contract,
                    msg,
                    funds: vec![],
                });
            }
            PurseMsg::Earn { net_fees } => TOTALS.save(deps.storage, &(), &net_fees),
        }
        HEARD.save(deps.storage, &heard)?;
        Ok(response)
    }

    #[cw_serde]
    pub enum PurseQuery {
        Heard {},
    }

    fn query(deps: Deps, _: Env, PurseQuery::Heard {}: PurseQuery) -> StdResult<Binary> {
        to_json_binary(&HEARD.load(deps.storage)?)
    }

    pub fn contract() -> Box<dyn Contract<Empty>> {
        Box::new(ContractWrapper::new(execute, instantiate, query))
    }
}

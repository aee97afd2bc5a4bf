//! The contract in memory, with a clock that ticks in half seconds: blocks are faster than seconds.

use std::cell::Cell;

use cosmwasm_schema::serde::de::DeserializeOwned;
use cosmwasm_std::testing::{message_info, mock_env, MockApi, MockQuerier, MockStorage};
use cosmwasm_std::{
    from_json, to_json_binary, Addr, Deps, DepsMut, Empty, Env, Order, QuerierWrapper, Record, Response, Storage,
    Timestamp, Uint128,
};
use cw20::Cw20ReceiveMsg;
use interfaces::lco_staking::*;
use interfaces::voting::{Moment, Power};
use lco_staking::contract::{execute, instantiate, query};
use lco_staking::ContractError;

/// Monday 2026-01-05 00:00 UTC.
pub const MONDAY: u64 = 1_767_571_200;
pub const DAY: u64 = 86_400;
pub const WEEK: u64 = 7 * DAY;
/// One LCO in base units.
pub const LCO: u128 = 1_000_000;

/// Storage that counts what is read and written; a range-read counts once.
#[derive(Default)]
pub struct Counted {
    inner: MockStorage,
    reads: Cell<usize>,
    writes: Vec<usize>,
}

impl Counted {
    /// Reads, and the bytes of each write, since the last call.
    pub fn take_counts(&mut self) -> (usize, Vec<usize>) {
        (self.reads.take(), std::mem::take(&mut self.writes))
    }
}

impl Storage for Counted {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.reads.set(self.reads.get() + 1);
        self.inner.get(key)
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.writes.push(key.len() + value.len());
        self.inner.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.writes.push(0);
        self.inner.remove(key);
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        self.reads.set(self.reads.get() + 1);
        self.inner.range(start, end, order)
    }
}

pub struct Bench {
    pub storage: Counted,
    pub api: MockApi,
    querier: MockQuerier,
    pub env: Env,
}

pub fn amount(value: u128) -> Uint128 {
    Uint128::new(value)
}

impl Bench {
    pub fn new() -> Self {
        Self::with(Params::default()).unwrap()
    }

    pub fn with(params: Params) -> Result<Self, ContractError> {
        let mut bench = Self {
            storage: Counted::default(),
            api: MockApi::default(),
            querier: MockQuerier::new(&[]),
            env: mock_env(),
        };
        (bench.env.block.time, bench.env.block.height) = (Timestamp::from_seconds(MONDAY), 1_000);
        let msg = InstantiateMsg {
            owner: bench.user("owner").into_string(),
            l_coin: bench.user("l-coin").into_string(),
            params,
        };
        let (info, env) = (message_info(&bench.user("deployer"), &[]), bench.env.clone());
        instantiate(bench.deps_mut(), env, info, msg)?;
        Ok(bench)
    }

    pub fn deps_mut(&mut self) -> DepsMut<'_> {
        DepsMut {
            storage: &mut self.storage,
            api: &self.api,
            querier: QuerierWrapper::<Empty>::new(&self.querier),
        }
    }

    fn deps(&self) -> Deps<'_> {
        Deps {
            storage: &self.storage,
            api: &self.api,
            querier: QuerierWrapper::<Empty>::new(&self.querier),
        }
    }

    pub fn user(&self, name: &str) -> Addr {
        self.api.addr_make(name)
    }

    // ---- time ----

    pub fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }

    /// The moment of this block.
    pub fn moment(&self) -> Moment {
        Moment {
            height: self.env.block.height,
            time: self.now(),
        }
    }

    /// The next block, half a second later.
    pub fn block(&mut self) {
        self.env.block.height += 1;
        self.env.block.time = self.env.block.time.plus_nanos(500_000_000);
    }

    /// The next block, seconds later.
    pub fn wait(&mut self, seconds: u64) {
        self.env.block.height += 1;
        self.env.block.time = self.env.block.time.plus_seconds(seconds);
    }

    // ---- messages ----

    pub fn send(&mut self, sender: &Addr, msg: ExecuteMsg) -> Result<Response, ContractError> {
        let (env, info) = (self.env.clone(), message_info(sender, &[]));
        execute(self.deps_mut(), env, info, msg)
    }

    pub fn ok(&mut self, sender: &Addr, msg: ExecuteMsg) -> Response {
        let text = format!("{msg:?}");
        self.send(sender, msg).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    pub fn refused(&mut self, sender: &Addr, msg: ExecuteMsg) -> u16 {
        self.send(sender, msg).unwrap_err().code()
    }

    /// What the token says when `by` sends it with the hook.
    pub fn notice(by: &Addr, account: Option<&Addr>, value: u128) -> ExecuteMsg {
        let hook = Cw20Hook::Stake {
            r#for: account.map(Addr::to_string),
        };
        ExecuteMsg::Receive(Cw20ReceiveMsg {
            sender: by.to_string(),
            amount: amount(value),
            msg: to_json_binary(&hook).unwrap(),
        })
    }

    pub fn stake(&mut self, account: &Addr, value: u128) -> Response {
        let token = self.user("l-coin");
        self.ok(&token, Self::notice(account, None, value))
    }

    pub fn unstake(&mut self, account: &Addr, value: u128) -> Response {
        self.ok(account, ExecuteMsg::Unstake { amount: amount(value) })
    }

    pub fn refresh(&mut self, accounts: &[&Addr]) -> Response {
        let accounts = accounts.iter().map(|account| account.to_string()).collect();
        let anyone = self.user("anyone");
        self.ok(&anyone, ExecuteMsg::Refresh { accounts })
    }

    pub fn set_params(&mut self, params: Params) {
        let owner = self.user("owner");
        self.ok(&owner, ExecuteMsg::SetParams { params });
    }

    // ---- queries ----

    pub fn try_ask<T: DeserializeOwned>(&self, msg: QueryMsg) -> Result<T, ContractError> {
        Ok(from_json(query(self.deps(), self.env.clone(), msg)?).unwrap())
    }

    pub fn ask<T: DeserializeOwned>(&self, msg: QueryMsg) -> T {
        self.try_ask(msg).unwrap()
    }

    pub fn overview(&self) -> OverviewResponse {
        self.ask(QueryMsg::Overview {})
    }

    pub fn account(&self, account: &Addr) -> AccountResponse {
        let address = account.to_string();
        self.ask(QueryMsg::Account { address })
    }

    pub fn tier(&self, account: &Addr) -> Tier {
        self.account(account).tier
    }

    pub fn tier_at(&self, account: &Addr, time: u64) -> Tier {
        let address = account.to_string();
        self.ask(QueryMsg::TierAt { address, time })
    }

    pub fn lowest(&self, accounts: &[&Addr], since: u64) -> Vec<Tier> {
        let accounts = accounts.iter().map(|account| account.to_string()).collect();
        self.ask(QueryMsg::LowestTiers { accounts, since })
    }

    pub fn power(&self, account: &Addr, at: Moment) -> u128 {
        let address = account.to_string();
        let Power { weight, linear } = self.ask(QueryMsg::Power { address, at });
        assert_eq!(weight, linear);
        linear.u128()
    }

    pub fn total_power(&self, at: Moment) -> u128 {
        let Power { weight, linear } = self.ask(QueryMsg::TotalPower { at });
        assert_eq!(weight, linear);
        linear.u128()
    }

    pub fn outcome_power(&self, account: &Addr, from: Moment, to: Moment) -> u128 {
        let address = account.to_string();
        self.ask::<Uint128>(QueryMsg::OutcomePower { address, from, to }).u128()
    }

    pub fn outcome_total(&self, from: Moment, to: Moment) -> u128 {
        self.ask::<Uint128>(QueryMsg::OutcomeTotal { from, to }).u128()
    }

    /// Of the account and of all.
    pub fn weight_seconds(&self, account: &Addr, from: u64, to: u64) -> (u128, u128) {
        let address = account.to_string();
        let answer: IntegralResponse = self.ask(QueryMsg::WeightIntegral { address, from, to });
        (answer.account.u128(), answer.total.u128())
    }

    /// Of the account and of all.
    pub fn stake_seconds(&self, account: &Addr, from: u64, to: u64) -> (u128, u128) {
        let address = account.to_string();
        let answer: IntegralResponse = self.ask(QueryMsg::StakeIntegral { address, from, to });
        (answer.account.u128(), answer.total.u128())
    }
}

/// A moment of the past at that second; its height says nothing.
pub fn at(time: u64) -> Moment {
    Moment { height: 0, time }
}

/// Thresholds that are `times` tenths of the first ones.
pub fn tenths(times: u128) -> Params {
    let first = Params::default();
    let scale = |threshold: Uint128| amount(threshold.u128() * times / 10);
    Params {
        lv2: scale(first.lv2),
        lv3: scale(first.lv3),
        lv4: scale(first.lv4),
        whale: scale(first.whale),
    }
}

//! The contract in memory, with a clock whose blocks are faster than seconds.

use std::cell::Cell;

use cosmwasm_schema::serde::de::DeserializeOwned;
use cosmwasm_std::testing::{message_info, mock_env, MockApi, MockQuerier, MockStorage};
use cosmwasm_std::{
    from_json, to_json_binary, Addr, ContractResult, Deps, DepsMut, Empty, Env, Order, Querier, QuerierResult,
    QuerierWrapper, QueryRequest, Record, Response, Storage, SystemResult, Timestamp, Uint128, WasmQuery,
};
use cw20::Cw20ReceiveMsg;
use interfaces::vote_escrow::*;
use interfaces::voting::{Moment, MomentResponse, Power};
use vote_escrow::contract::{execute, instantiate, query};
use vote_escrow::ContractError;

pub const DAY: u64 = 86_400;
pub const YEAR: u64 = 365 * DAY + DAY / 4;
/// 2026-01-05 00:00 UTC.
pub const MIDNIGHT: u64 = 1_767_571_200;
/// 13:46:40 of that day: the first block.
pub const NOW: u64 = MIDNIGHT + 49_600;
/// One VCAI in base units.
pub const VCAI: u128 = 1_000_000;
/// The smallest lock.
pub const MIN: u128 = 10_000 * VCAI;

/// Storage that counts what is read and written; a range-read counts once, and each of its rows.
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
        assert!(start <= end, "a range that ends before it begins");
        self.reads.set(self.reads.get() + 1);
        let rows = self.inner.range(start, end, order);
        Box::new(rows.inspect(|_| self.reads.set(self.reads.get() + 1)))
    }
}

pub struct Bench {
    pub storage: Counted,
    pub api: MockApi,
    pub querier: MockQuerier,
    pub env: Env,
}

pub fn amount(value: u128) -> Uint128 {
    Uint128::new(value)
}

/// No fee and no gate.
pub fn params() -> Params {
    Params {
        min_lock: amount(MIN),
        account_fee: None,
        gate: None,
    }
}

impl Bench {
    pub fn new() -> Self {
        Self::with(params()).unwrap()
    }

    pub fn with(params: Params) -> Result<Self, ContractError> {
        let mut bench = Self {
            storage: Counted::default(),
            api: MockApi::default(),
            querier: MockQuerier::new(&[]),
            env: mock_env(),
        };
        (bench.env.block.time, bench.env.block.height) = (Timestamp::from_seconds(NOW), 1_000);
        bench.env.contract.address = bench.user("escrow");
        let msg = InstantiateMsg {
            owner: bench.user("owner").into_string(),
            vcai: bench.user("vcai").into_string(),
            token_allocation: bench.user("allocation").into_string(),
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

    /// A later block, seconds later.
    pub fn wait(&mut self, seconds: u64) {
        self.env.block.height += 1 + seconds / 6;
        self.env.block.time = self.env.block.time.plus_seconds(seconds);
    }

    /// A later block, at the first second of a time.
    pub fn wait_until(&mut self, time: u64) {
        self.wait(time - self.now());
        self.env.block.time = Timestamp::from_seconds(time);
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
    pub fn notice(by: &Addr, hook: &Cw20Hook, value: u128) -> ExecuteMsg {
        ExecuteMsg::Receive(Cw20ReceiveMsg {
            sender: by.to_string(),
            amount: amount(value),
            msg: to_json_binary(hook).unwrap(),
        })
    }

    pub fn try_hook(&mut self, by: &Addr, hook: &Cw20Hook, value: u128) -> Result<Response, ContractError> {
        let token = self.user("vcai");
        self.send(&token, Self::notice(by, hook, value))
    }

    pub fn try_lock(&mut self, account: &Addr, value: u128, until: u64) -> Result<Response, ContractError> {
        self.try_hook(account, &Cw20Hook::Lock { until }, value)
    }

    pub fn lock(&mut self, account: &Addr, value: u128, until: u64) -> Response {
        self.try_lock(account, value, until).unwrap()
    }

    pub fn try_increase(&mut self, account: &Addr, value: u128) -> Result<Response, ContractError> {
        self.try_hook(account, &Cw20Hook::IncreaseAmount {}, value)
    }

    pub fn try_lock_for(&mut self, account: &Addr, value: u128, until: u64) -> Result<Response, ContractError> {
        let (beneficiary, allocation) = (account.to_string(), self.user("allocation"));
        self.try_hook(&allocation, &Cw20Hook::LockFor { beneficiary, until }, value)
    }

    pub fn extend(&mut self, account: &Addr, until: u64) -> Result<Response, ContractError> {
        self.send(account, ExecuteMsg::ExtendTo { until })
    }

    pub fn withdraw(&mut self, account: &Addr) -> Result<Response, ContractError> {
        self.send(account, ExecuteMsg::Withdraw {})
    }

    pub fn mark(&mut self) {
        let anyone = self.user("anyone");
        self.ok(&anyone, ExecuteMsg::Mark {});
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

    pub fn view(&self, account: &Addr) -> LockResponse {
        let address = account.to_string();
        self.ask(QueryMsg::Lock { address })
    }

    /// (weight, linear)
    pub fn power(&self, account: &Addr, at: Moment) -> (u128, u128) {
        let address = account.to_string();
        let Power { weight, linear } = self.ask(QueryMsg::Power { address, at });
        (weight.u128(), linear.u128())
    }

    /// (weight, linear)
    pub fn total(&self, at: Moment) -> (u128, u128) {
        let Power { weight, linear } = self.ask(QueryMsg::TotalPower { at });
        (weight.u128(), linear.u128())
    }

    pub fn locked(&self, at: Moment) -> u128 {
        self.ask::<Uint128>(QueryMsg::Locked { at }).u128()
    }

    /// (weight, linear, locked) as a neighbour reads it at the present block, where that is possible.
    pub fn read(&self) -> Option<(u128, u128, u128)> {
        let rows = Rows(&self.storage);
        let (escrow, now) = (&self.env.contract.address, self.moment());
        let sums = kit::escrow::sums_before(QuerierWrapper::new(&rows), escrow, now).unwrap()?;
        let Power { weight, linear } = sums.power(now.time).unwrap();
        Some((weight.u128(), linear.u128(), sums.linear.slope))
    }

    /// The newest block that changed the totals.
    pub fn changed(&self) -> Moment {
        let newest = QueryMsg::TotalHistory {
            start_before: None,
            limit: Some(1),
        };
        let rows: Vec<TotalRow> = self.ask(newest);
        rows.first().map_or_else(Moment::default, |row| row.at)
    }

    pub fn moment_of(&self, height: u64) -> Option<Moment> {
        self.ask::<MomentResponse>(QueryMsg::Moment { height }).moment
    }
}

/// A chain that answers raw questions alone.
struct Rows<'a>(&'a Counted);

impl Querier for Rows<'_> {
    fn raw_query(&self, request: &[u8]) -> QuerierResult {
        let QueryRequest::Wasm(WasmQuery::Raw { key, .. }) = from_json::<QueryRequest<Empty>>(request).unwrap() else {
            panic!("the escrow's code is loaded")
        };
        SystemResult::Ok(ContractResult::Ok(self.0.get(&key).unwrap_or_default().into()))
    }
}

/// The value of an attribute of an event.
pub fn attribute(response: &Response, event: &str, key: &str) -> String {
    let event = response.events.iter().find(|found| found.ty == event).unwrap();
    let found = event.attributes.iter().find(|found| found.key == key);
    found.map(|found| found.value.clone()).unwrap()
}

/// ⌊√(n · 10¹²)⌋, by halving an interval.
pub fn slow_slope(amount: u128) -> u128 {
    let square = amount * 1_000_000_000_000;
    let (mut low, mut high) = (0u128, 1u128 << 63);
    while high - low > 1 {
        let middle = (low + high) / 2;
        match middle * middle <= square {
            true => low = middle,
            false => high = middle,
        }
    }
    low
}

//! The contract in memory.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use cosmwasm_schema::serde::de::DeserializeOwned;
use cosmwasm_std::testing::{message_info, mock_env, MockApi, MockQuerier, MockStorage};
use cosmwasm_std::{
    from_json, to_json_binary, Addr, Binary, ContractResult, CosmosMsg, Deps, DepsMut, Empty, Env, Order,
    QuerierWrapper, Record, Response, Storage, SystemResult, Timestamp, Uint128, WasmMsg, WasmQuery,
};
use cw20::{Cw20ExecuteMsg, Cw20ReceiveMsg};
use interfaces::ve_rewards::*;
use kit::compact::Account;
use ve_rewards::contract::{execute, instantiate, query};
use ve_rewards::ContractError;
use vote_escrow::state::{lock, Book};

pub const DAY: u64 = 86_400;
pub const YEAR: u64 = 31_557_600;
/// 2026-01-05 00:00 UTC: the first block.
pub const NOW: u64 = 1_767_571_200;
/// One VCAI in base units.
pub const VCAI: u128 = 1_000_000;

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
    /// That of the real escrow.
    escrow: Rc<RefCell<Counted>>,
    pub api: MockApi,
    querier: MockQuerier,
    pub env: Env,
}

pub fn amount(value: u128) -> Uint128 {
    Uint128::new(value)
}

/// Answers raw questions from the rows of another contract, and no others.
fn querier(of: &Addr, storage: &Rc<RefCell<Counted>>) -> MockQuerier {
    let (address, storage) = (of.to_string(), Rc::clone(storage));
    let mut querier = MockQuerier::new(&[]);
    querier.update_wasm(move |query| match query {
        WasmQuery::Raw { contract_addr, key } if *contract_addr == address => {
            let row = storage.borrow().get(key).unwrap_or_default();
            SystemResult::Ok(ContractResult::Ok(Binary::from(row)))
        }
        other => panic!("code is loaded: {other:?}"),
    });
    querier
}

impl Bench {
    pub fn new() -> Self {
        let (api, escrow) = (MockApi::default(), Rc::default());
        let mut bench = Self {
            storage: Counted::default(),
            querier: querier(&api.addr_make("escrow"), &escrow),
            escrow,
            api,
            env: mock_env(),
        };
        bench.env.block.time = Timestamp::from_seconds(NOW);
        let msg = InstantiateMsg {
            vcai: bench.user("vcai").into_string(),
            vote_escrow: bench.user("escrow").into_string(),
            treasury: bench.user("treasury").into_string(),
        };
        let (info, env) = (message_info(&bench.user("deployer"), &[]), bench.env.clone());
        instantiate(bench.deps_mut(), env, info, msg).unwrap();
        bench
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

    pub fn now(&self) -> u64 {
        self.env.block.time.seconds()
    }

    pub fn wait(&mut self, seconds: u64) {
        self.env.block.height += 1;
        self.env.block.time = self.env.block.time.plus_seconds(seconds);
    }

    pub fn wait_until(&mut self, time: u64) {
        self.wait(time - self.now());
    }

    // ---- messages ----

    pub fn send(&mut self, sender: &Addr, msg: ExecuteMsg) -> Result<Response, ContractError> {
        let (env, info) = (self.env.clone(), message_info(sender, &[]));
        execute(self.deps_mut(), env, info, msg)
    }

    pub fn notice(by: &Addr, value: u128) -> ExecuteMsg {
        ExecuteMsg::Receive(Cw20ReceiveMsg {
            sender: by.to_string(),
            amount: amount(value),
            msg: to_json_binary(&Cw20Hook::Fund {}).unwrap(),
        })
    }

    pub fn try_fund(&mut self, value: u128) -> Result<Response, ContractError> {
        let (token, treasury) = (self.user("vcai"), self.user("treasury"));
        self.send(&token, Self::notice(&treasury, value))
    }

    pub fn fund(&mut self, value: u128) {
        self.try_fund(value).unwrap();
    }

    /// So many VCAI, of which some may be locked already, until a midnight: as the escrow books it, which also bounds both.
    pub fn lock(&mut self, user: &Addr, vcai: u128, end: u64) {
        let storage = &mut *self.escrow.borrow_mut();
        let who = Account::parse(&self.api, user.as_str()).unwrap();
        let old = lock(storage, &who).unwrap();
        let mut book = Book::open(storage, &self.env).unwrap();
        book.change(storage, &who, &old, vcai * VCAI, end).unwrap();
        book.close(storage);
    }

    /// What the escrow says is locked, base units, and until when.
    pub fn held(&self, user: &Addr) -> (u128, u64) {
        let who = Account::parse(&self.api, user.as_str()).unwrap();
        let lock = lock(&*self.escrow.borrow(), &who).unwrap();
        (lock.amount, lock.end)
    }

    /// As `Mark {}` of the escrow.
    pub fn mark(&mut self) {
        let storage = &mut *self.escrow.borrow_mut();
        let mut book = Book::open(storage, &self.env).unwrap();
        book.mark(storage).unwrap();
        book.close(storage);
    }

    /// Rows of the escrow that were read since the last call.
    pub fn take_asked(&mut self) -> usize {
        self.escrow.borrow_mut().take_counts().0
    }

    pub fn try_claim(&mut self, user: &Addr) -> Result<Response, ContractError> {
        self.send(user, ExecuteMsg::Claim {})
    }

    /// What is paid; 0 where nothing is due.
    pub fn claim(&mut self, user: &Addr) -> u128 {
        match self.try_claim(user) {
            Ok(response) => payment(&response, user),
            Err(ContractError::NothingDue { .. }) => 0,
            Err(error) => panic!("{error}"),
        }
    }

    pub fn sync(&mut self) {
        let anyone = self.user("anyone");
        self.send(&anyone, ExecuteMsg::Sync {}).unwrap();
    }

    // ---- queries ----

    pub fn ask<T: DeserializeOwned>(&self, msg: QueryMsg) -> T {
        from_json(query(self.deps(), self.env.clone(), msg).unwrap()).unwrap()
    }

    pub fn overview(&self) -> OverviewResponse {
        self.ask(QueryMsg::Overview {})
    }

    pub fn account(&self, user: &Addr) -> AccountResponse {
        let address = user.to_string();
        self.ask(QueryMsg::Account { address })
    }

    /// Base units an account was paid and can claim.
    pub fn earned(&self, user: &Addr) -> u128 {
        let AccountResponse { claimable, paid, .. } = self.account(user);
        (claimable + paid).u128()
    }
}

/// The one payment of a claim.
fn payment(response: &Response, to: &Addr) -> u128 {
    let [message] = &response.messages[..] else {
        panic!("not one message");
    };
    let CosmosMsg::Wasm(WasmMsg::Execute { msg, .. }) = &message.msg else {
        panic!("no message to a contract");
    };
    let Cw20ExecuteMsg::Transfer { recipient, amount } = from_json(msg).unwrap() else {
        panic!("no transfer");
    };
    assert_eq!(recipient, to.as_str());
    amount.u128()
}

//! A chain with treasury, token and pool, sources and users.

use std::fmt::Debug;

use cosmwasm_std::{coins, to_json_binary, Addr, Coin, Empty, Timestamp, Uint128};
use cw20::Cw20ReceiveMsg;
use cw_multi_test::error::{AnyError, AnyResult};
use cw_multi_test::{App, AppResponse, BankSudo, Contract, ContractWrapper, Executor, SudoMsg};
use interfaces::exchange::{self, Asset, Cw20Hook, MarketResponse};
use interfaces::treasury::*;
use interfaces::vcai;
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::stand_in::{self, StandInQuery};

pub const DENOM: &str = "uusdt";
/// 2026-01-05 00:00 UTC.
pub const MIDNIGHT: u64 = 1_767_571_200;
pub const DAY: u64 = 86_400;
pub const ONE: u128 = 1_000_000;
/// Length of a block in these tests, seconds.
pub const BLOCK: u64 = 5;
/// The pool's first reserves: 30,000,000 VCAI and 1,500,000 USDT.
pub const BASE: u128 = 30_000_000 * ONE;
pub const QUOTE: u128 = 1_500_000 * ONE;
/// Half of 0.3 % of the stablecoin reserve.
pub const SLICE: u128 = 2_250 * ONE;

pub struct World {
    pub app: App,
    pub treasury: Addr,
    pub vcai: Addr,
    pub pool: Addr,
    pub rewards: Addr,
    /// Gifts of stablecoin to the treasury, and what governance holds of it there.
    pub extra: u128,
}

/// The contract and the number in `[<contract>:<number>]` of an error.
pub fn code(error: &AnyError) -> (String, u16) {
    let text = error.root_cause().to_string();
    let parsed = text
        .split_once('[')
        .and_then(|(_, rest)| rest.split(']').next())
        .and_then(|tag| tag.split_once(':'))
        .and_then(|(name, number)| Some((name.to_owned(), number.parse().ok()?)));
    parsed.unwrap_or_else(|| panic!("not a numbered error: {text}"))
}

pub fn attribute(response: &AppResponse, event: &str, key: &str) -> Option<String> {
    let event = response.events.iter().find(|one| one.ty == format!("wasm-{event}"))?;
    let found = event.attributes.iter().find(|one| one.key == key)?;
    Some(found.value.clone())
}

fn contract() -> Box<dyn Contract<Empty>> {
    use treasury::contract::{execute, instantiate, migrate, query, reply};
    Box::new(
        ContractWrapper::new(execute, instantiate, query)
            .with_reply(reply)
            .with_migrate(migrate),
    )
}

fn create<T: Serialize>(app: &mut App, contract: Box<dyn Contract<Empty>>, msg: &T, name: &str) -> Addr {
    let creator = app.api().addr_make("creator");
    let code = app.store_code(contract);
    app.instantiate_contract(code, creator, msg, &[], name, None).unwrap()
}

fn create_token(app: &mut App) -> Addr {
    use ::vcai::contract::{execute, instantiate, query};
    let msg = vcai::InstantiateMsg {
        name: "Vcity".into(),
        symbol: "VCAI".into(),
        governance: app.api().addr_make("governance").into(),
        allocation: app.api().addr_make("allocation").into(),
        marketing: None,
    };
    create(
        app,
        Box::new(ContractWrapper::new(execute, instantiate, query)),
        &msg,
        "vcai",
    )
}

fn create_pool(app: &mut App, token: &Addr) -> Addr {
    use ::exchange::contract::{execute, instantiate, query};
    let msg = exchange::InstantiateMsg {
        owner: app.api().addr_make("owner").into(),
        assets: [
            Asset::Cw20 {
                address: token.to_string(),
            },
            Asset::Native { denom: DENOM.into() },
        ],
        announced: false,
        params: exchange::Params {
            fee_bps: 30,
            skim_recipient: app.api().addr_make("owner").into(),
        },
    };
    create(
        app,
        Box::new(ContractWrapper::new(execute, instantiate, query)),
        &msg,
        "pool",
    )
}

fn source(app: &App, name: &str, counts: bool) -> NewSource {
    NewSource {
        name: name.into(),
        address: app.api().addr_make(name).into(),
        counts,
    }
}

impl World {
    /// Everything connected, the pool opened and its history long enough, at 00:40 UTC.
    pub fn new() -> Self {
        let mut world = Self::empty(|_| {});
        world.open(BASE, QUOTE);
        world.wait(2_400);
        world
    }

    /// The pool still empty; after a change of the treasury's instantiate message.
    pub fn empty(change: impl Fn(&mut InstantiateMsg)) -> Self {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(MIDNIGHT));
        let vcai = create_token(&mut app);
        let pool = create_pool(&mut app, &vcai);
        let rewards = create(&mut app, stand_in::contract(), &Empty {}, "rewards");
        let user = |name: &str| app.api().addr_make(name).into_string();
        let mut msg = InstantiateMsg {
            owner: user("owner"),
            operator: Some(user("operator")),
            governance: user("governance"),
            denom: DENOM.into(),
            vcai: vcai.to_string(),
            exchange: pool.to_string(),
            ve_rewards: rewards.to_string(),
            allocation: user("allocation"),
            sources: vec![source(&app, "market", true), source(&app, "paas", false)],
            params: Params::default(),
        };
        change(&mut msg);
        let pool = Addr::unchecked(msg.exchange.clone());
        let treasury = create(&mut app, contract(), &msg, "treasury");
        Self {
            app,
            treasury,
            vcai,
            pool,
            rewards,
            extra: 0,
        }
    }

    /// In front of a pool that does as it is told.
    pub fn hostile(market: &MarketResponse) -> Self {
        let mut world = Self::empty(|_| {});
        let pool = create(&mut world.app, stand_in::contract(), &Empty {}, "hostile");
        let vcai = world.vcai.to_string();
        let rewards = world.rewards.to_string();
        let user = |name: &str| world.user(name).into_string();
        let msg = InstantiateMsg {
            owner: user("owner"),
            operator: None,
            governance: user("governance"),
            denom: DENOM.into(),
            vcai,
            exchange: pool.to_string(),
            ve_rewards: rewards,
            allocation: user("allocation"),
            sources: vec![source(&world.app, "market", true)],
            params: Params::default(),
        };
        world.treasury = create(&mut world.app, contract(), &msg, "treasury");
        world.pool = pool.clone();
        let msg = stand_in::StandInMsg::SetMarket(Box::new(market.clone()));
        world.exec("mallory", &pool, &msg);
        world
    }

    // ---- people and time ----

    pub fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub fn wait(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += 1;
        });
    }

    pub fn next_block(&mut self) {
        self.wait(BLOCK);
    }

    /// The first second of the next day.
    pub fn next_day(&mut self) {
        let rest = DAY - self.now() % DAY;
        self.wait(rest);
    }

    // ---- messages ----

    pub fn try_with<T: Serialize + Debug>(
        &mut self,
        name: &str,
        contract: &Addr,
        msg: &T,
        funds: &[Coin],
    ) -> AnyResult<AppResponse> {
        let sender = self.user(name);
        self.app.execute_contract(sender, contract.clone(), msg, funds)
    }

    /// Any message to any contract; must succeed.
    pub fn exec<T: Serialize + Debug>(&mut self, name: &str, contract: &Addr, msg: &T) -> AppResponse {
        self.try_with(name, contract, msg, &[])
            .unwrap_or_else(|error| panic!("{msg:?}: {}", error.root_cause()))
    }

    pub fn send(&mut self, name: &str, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        let treasury = self.treasury.clone();
        self.try_with(name, &treasury, msg, &[])
    }

    pub fn ok(&mut self, name: &str, msg: ExecuteMsg) -> AppResponse {
        let response = self
            .send(name, &msg)
            .unwrap_or_else(|error| panic!("{msg:?}: {}", error.root_cause()));
        self.check_laws();
        response
    }

    pub fn refused(&mut self, name: &str, msg: ExecuteMsg) -> u16 {
        let error = self.send(name, &msg).expect_err("not refused");
        let (contract, code) = code(&error);
        assert_eq!(contract, "treasury", "{}", error.root_cause());
        code
    }

    /// Mints stablecoin.
    pub fn give(&mut self, to: &Addr, amount: u128, denom: &str) {
        let mint = BankSudo::Mint {
            to_address: to.to_string(),
            amount: coins(amount, denom),
        };
        self.app.sudo(SudoMsg::Bank(mint)).unwrap();
    }

    pub fn deposit(&mut self, source: &str, amount: u128) -> AppResponse {
        let from = self.user(source);
        self.give(&from, amount, DENOM);
        let treasury = self.treasury.clone();
        let msg = ExecuteMsg::Deposit { source: source.into() };
        let response = self
            .try_with(source, &treasury, &msg, &coins(amount, DENOM))
            .unwrap_or_else(|error| panic!("{}", error.root_cause()));
        self.check_laws();
        response
    }

    /// So much of the day's amount at 00:10 UTC of a later day.
    pub fn with_day(mut self, amount: u128) -> Self {
        self.deposit("market", amount);
        self.next_day();
        self.wait(600);
        assert_eq!(self.overview().day_left.u128(), amount);
        self
    }

    pub fn buyback(&mut self) -> AppResponse {
        self.ok("mallory", ExecuteMsg::Buyback { min_out: None })
    }

    pub fn buyback_refused(&mut self) -> u16 {
        self.refused("mallory", ExecuteMsg::Buyback { min_out: None })
    }

    /// VCAI out of the genesis supply.
    pub fn vcai_to(&mut self, to: &Addr, amount: u128) {
        let token = self.vcai.clone();
        let msg = vcai::ExecuteMsg::Transfer {
            recipient: to.to_string(),
            amount: amount.into(),
        };
        self.exec("allocation", &token, &msg);
    }

    pub fn try_open(&mut self, base: u128, quote: u128) -> AnyResult<AppResponse> {
        let (allocation, treasury) = (self.user("allocation"), self.treasury.clone());
        self.vcai_to(&treasury, base);
        self.give(&allocation, quote, DENOM);
        let msg = ExecuteMsg::OpenPool { vcai: base.into() };
        self.try_with("allocation", &treasury, &msg, &coins(quote, DENOM))
    }

    pub fn open(&mut self, base: u128, quote: u128) {
        self.try_open(base, quote).unwrap();
        self.check_laws();
    }

    /// Buys VCAI for so much of the user's stablecoin.
    pub fn buy(&mut self, name: &str, amount: u128) {
        let pool = self.pool.clone();
        let msg = exchange::ExecuteMsg::Swap {
            min_out: Uint128::zero(),
            deadline: None,
            to: None,
        };
        self.try_with(name, &pool, &msg, &coins(amount, DENOM)).unwrap();
    }

    /// Sells so much of the user's VCAI.
    pub fn sell(&mut self, name: &str, amount: u128) {
        let hook = Cw20Hook::Swap {
            min_out: Uint128::zero(),
            deadline: None,
            to: None,
        };
        let msg = vcai::ExecuteMsg::Send {
            contract: self.pool.to_string(),
            amount: amount.into(),
            msg: to_json_binary(&hook).unwrap(),
        };
        let token = self.vcai.clone();
        self.exec(name, &token, &msg);
    }

    /// Fresh liquidity of somebody else's.
    pub fn provide(&mut self, name: &str, base: u128, quote: u128) {
        let (user, token, pool) = (self.user(name), self.vcai.clone(), self.pool.clone());
        self.vcai_to(&user, base);
        self.give(&user, quote, DENOM);
        let allow = vcai::ExecuteMsg::IncreaseAllowance {
            spender: pool.to_string(),
            amount: base.into(),
            expires: None,
        };
        self.exec(name, &token, &allow);
        let provide = exchange::ExecuteMsg::Provide {
            amounts: [base.into(), quote.into()],
            min_shares: Uint128::zero(),
            deadline: None,
        };
        self.try_with(name, &pool, &provide, &coins(quote, DENOM)).unwrap();
    }

    // ---- answers ----

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.treasury, msg).unwrap()
    }

    pub fn overview(&self) -> OverviewResponse {
        self.query(&QueryMsg::Overview {})
    }

    pub fn slice(&self) -> SliceResponse {
        self.query(&QueryMsg::Slice {})
    }

    pub fn receipts(&self) -> Vec<Receipt> {
        self.query(&QueryMsg::Receipts {
            start_before: None,
            limit: Some(100),
        })
    }

    pub fn newest(&self) -> Receipt {
        self.receipts().into_iter().next().expect("a slice")
    }

    pub fn market(&self) -> MarketResponse {
        self.app
            .wrap()
            .query_wasm_smart(&self.pool, &exchange::QueryMsg::Market {})
            .unwrap()
    }

    pub fn received(&self) -> Vec<Cw20ReceiveMsg> {
        self.app
            .wrap()
            .query_wasm_smart(&self.rewards, &StandInQuery::Received {})
            .unwrap()
    }

    pub fn usdt(&self, owner: &Addr) -> u128 {
        self.app.wrap().query_balance(owner, DENOM).unwrap().amount.u128()
    }

    pub fn vcai(&self, owner: &Addr) -> u128 {
        kit::balance::raw(&self.app.wrap(), &self.vcai, owner).unwrap().u128()
    }

    pub fn shares(&self, owner: &Addr) -> u128 {
        let address = owner.to_string();
        let answer: cw20::BalanceResponse = self
            .app
            .wrap()
            .query_wasm_smart(&self.pool, &exchange::QueryMsg::Balance { address })
            .unwrap();
        answer.balance.u128()
    }

    /// revenue = Σ sources = spent + pot; Σ receipts = spent and bought; day's rest ≤ pot; the pot is there, to the unit; what was bought is with the rewards.
    pub fn check_laws(&self) {
        let sums = self.overview();
        let sources: Vec<SourceResponse> = self.query(&QueryMsg::Sources {
            start_after: None,
            limit: Some(100),
        });
        let deposited: Uint128 = sources.iter().map(|one| one.deposited).sum();
        assert_eq!(sums.revenue.total, deposited);
        assert_eq!(sums.revenue.total, sums.spent + sums.pot);
        assert!(sums.revenue.net_fees <= sums.revenue.total);
        assert!(sums.day_left <= sums.pot);
        assert_eq!(
            self.usdt(&self.treasury),
            sums.pot.u128() + self.extra,
            "the pot is there, and nothing unexplained"
        );
        let receipts = self.receipts();
        assert!(receipts.iter().rev().map(|row| row.n).eq(1..=sums.receipts), "no gaps");
        assert_eq!(receipts.iter().map(|row| row.spent).sum::<Uint128>(), sums.spent);
        assert_eq!(receipts.iter().map(|row| row.bought).sum::<Uint128>(), sums.bought);
        assert_eq!(
            self.vcai(&self.rewards),
            sums.bought.u128(),
            "all of it with the rewards"
        );
    }
}

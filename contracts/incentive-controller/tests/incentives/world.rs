//! A chain with the controller, its token and the token's pool, roles and users.

use std::fmt::Debug;

use cosmwasm_schema::serde::{de::DeserializeOwned, Serialize};
use cosmwasm_std::{coin, Addr, HexBinary, Timestamp, Uint128};
use cw20::{BalanceResponse, Cw20QueryMsg};
use cw_multi_test::{App, AppResponse, BankSudo, ContractWrapper, Executor, SudoMsg};
use interfaces::exchange::{self, Asset};
use interfaces::incentive_controller::*;
use interfaces::vcai;
use math::incentives::POOL;

pub const DENOM: &str = "uusdt";
/// Monday 2026-01-05 00:00 UTC.
pub const MONDAY: u64 = 1_767_571_200;
pub const DAY: u64 = 86_400;
/// The day the pool arrives; the first epoch begins the day after.
pub const TODAY: u64 = MONDAY / DAY;
pub const FIRST: u64 = TODAY + 1;
pub const ONE: u128 = 1_000_000;
/// Reserves of the pool: 0.05 USDT for a VCAI.
pub const BASE: u128 = 10_000_000 * ONE;
pub const QUOTE: u128 = 500_000 * ONE;

pub struct World {
    pub app: App,
    pub contract: Addr,
    pub vcai: Addr,
    pub pool: Addr,
    /// Days whose laws are checked.
    pub last_day: u64,
}

/// The number in `[incentives:<number>]` of a refusal.
pub fn code(error: &str) -> u16 {
    let number = error
        .strip_prefix("[incentives:")
        .and_then(|rest| rest.split(']').next()?.parse().ok());
    number.unwrap_or_else(|| panic!("not an error of the controller: {error}"))
}

#[track_caller]
pub fn refused<T: Debug>(result: Result<T, String>, expected: u16) {
    let error = result.unwrap_err();
    assert_eq!(code(&error), expected, "{error}");
}

pub fn n(amount: u128) -> Uint128 {
    Uint128::new(amount)
}

/// The real token; its whole supply is the allocation's.
fn create_token(app: &mut App, creator: &Addr) -> Addr {
    use ::vcai::contract::{execute, instantiate, query};
    let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
    let msg = vcai::InstantiateMsg {
        name: "VCAI".into(),
        symbol: "VCAI".into(),
        governance: app.api().addr_make("owner").into(),
        allocation: app.api().addr_make("allocation").into(),
        marketing: None,
    };
    app.instantiate_contract(code, creator.clone(), &msg, &[], "token", None)
        .unwrap()
}

fn create_pool(app: &mut App, creator: &Addr, token: &Addr) -> Addr {
    use ::exchange::contract::{execute, instantiate, query};
    let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
    let owner = app.api().addr_make("owner").into_string();
    let msg = exchange::InstantiateMsg {
        owner: owner.clone(),
        assets: [
            Asset::Cw20 {
                address: token.to_string(),
            },
            Asset::Native { denom: DENOM.into() },
        ],
        announced: false,
        params: exchange::Params {
            fee_bps: 30,
            skim_recipient: owner,
        },
    };
    app.instantiate_contract(code, creator.clone(), &msg, &[], "pool", None)
        .unwrap()
}

impl World {
    /// The clock runs, the market knows its means, and the first epoch begins tomorrow.
    pub fn new() -> Self {
        let mut world = Self::silent(|_| {});
        world.open_market();
        world.start();
        world
    }

    /// After a change of the parameters.
    pub fn with(change: impl Fn(&mut Params)) -> Self {
        let mut world = Self::silent(|msg| change(&mut msg.params));
        world.open_market();
        world.start();
        world
    }

    /// No VCAI has arrived, and the market is empty.
    pub fn silent(change: impl Fn(&mut InstantiateMsg)) -> Self {
        Self::try_new(change).unwrap()
    }

    pub fn try_new(change: impl Fn(&mut InstantiateMsg)) -> Result<Self, String> {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(MONDAY - 8 * DAY));
        let creator = app.api().addr_make("creator");
        let vcai = create_token(&mut app, &creator);
        let pool = create_pool(&mut app, &creator, &vcai);
        let user = |name: &str| app.api().addr_make(name).into_string();
        let mut msg = InstantiateMsg {
            owner: user("owner"),
            vcai: vcai.to_string(),
            exchange: pool.to_string(),
            reporter: Some(user("reporter")),
            params: Params::default(),
        };
        change(&mut msg);
        use incentive_controller::contract::{execute, instantiate, migrate, query};
        let wrapper = ContractWrapper::new(execute, instantiate, query).with_migrate(migrate);
        let code = app.store_code(Box::new(wrapper));
        let admin = Some(creator.to_string());
        let contract = app.instantiate_contract(code, creator, &msg, &[], "incentives", admin);
        let contract = contract.map_err(|error| error.root_cause().to_string())?;
        let mut world = Self {
            app,
            contract,
            vcai,
            pool,
            last_day: FIRST,
        };
        world.advance_to(MONDAY - 8 * DAY + 1);
        Ok(world)
    }

    /// A week and an hour before Monday, so that the market knows its means when the first epoch begins.
    pub fn open_market(&mut self) {
        let lp = self.user("lp");
        let (vcai, pool) = (self.vcai.clone(), self.pool.clone());
        self.fund_user("lp", BASE);
        self.give(&lp, QUOTE);
        let allow = vcai::ExecuteMsg::IncreaseAllowance {
            spender: pool.to_string(),
            amount: n(BASE),
            expires: None,
        };
        self.act(&lp, &vcai, &allow).unwrap();
        let provide = exchange::ExecuteMsg::Provide {
            amounts: [n(BASE), n(QUOTE)],
            min_shares: Uint128::zero(),
            deadline: None,
        };
        let done = self.app.execute_contract(lp, pool, &provide, &[coin(QUOTE, DENOM)]);
        done.unwrap();
    }

    pub fn start(&mut self) {
        self.advance_to(MONDAY);
        let contract = self.contract.clone();
        self.fund(&contract, POOL);
        self.ok("anyone", ExecuteMsg::Start {});
    }

    pub fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn fund_user(&mut self, name: &str, amount: u128) {
        let to = self.user(name);
        self.fund(&to, amount);
    }

    pub fn fund(&mut self, to: &Addr, amount: u128) {
        let (allocation, vcai) = (self.user("allocation"), self.vcai.clone());
        let msg = vcai::ExecuteMsg::Transfer {
            recipient: to.to_string(),
            amount: n(amount),
        };
        self.act(&allocation, &vcai, &msg).unwrap();
    }

    /// Stablecoin.
    pub fn give(&mut self, to: &Addr, amount: u128) {
        let mint = BankSudo::Mint {
            to_address: to.to_string(),
            amount: vec![coin(amount, DENOM)],
        };
        self.app.sudo(SudoMsg::Bank(mint)).unwrap();
    }

    /// Buys VCAI with stablecoin, which raises its price.
    pub fn buy(&mut self, amount: u128) {
        let buyer = self.user("buyer");
        self.give(&buyer, amount);
        let swap = exchange::ExecuteMsg::Swap {
            min_out: Uint128::zero(),
            deadline: None,
            to: None,
        };
        let pool = self.pool.clone();
        let done = self.app.execute_contract(buyer, pool, &swap, &[coin(amount, DENOM)]);
        done.unwrap();
    }

    // ---- time ----

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub fn advance(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.height += 1;
            block.time = block.time.plus_seconds(seconds);
        });
    }

    pub fn advance_to(&mut self, time: u64) {
        self.advance(time.checked_sub(self.now()).expect("the past"));
    }

    /// Noon of a day.
    pub fn noon(&mut self, day: u64) {
        self.advance_to(day * DAY + DAY / 2);
    }

    /// The first second at which that day can be claimed.
    pub fn close(&mut self, day: u64) {
        self.advance_to((day + 2) * DAY);
    }

    // ---- messages ----

    pub fn act<T: Serialize + Debug>(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        msg: &T,
    ) -> Result<AppResponse, String> {
        let done = self.app.execute_contract(sender.clone(), contract.clone(), msg, &[]);
        done.map_err(|error| error.root_cause().to_string())
    }

    pub fn send(&mut self, sender: &str, msg: ExecuteMsg) -> Result<AppResponse, String> {
        let (sender, contract) = (self.user(sender), self.contract.clone());
        let done = self.act(&sender, &contract, &msg)?;
        self.check_laws();
        Ok(done)
    }

    #[track_caller]
    pub fn ok(&mut self, sender: &str, msg: ExecuteMsg) -> AppResponse {
        self.send(sender, msg).unwrap()
    }

    pub fn report(
        &mut self,
        day: u64,
        rentals: Vec<Rental>,
        nodes: Vec<NodeDay>,
        gpus: Vec<Gpu>,
    ) -> Result<AppResponse, String> {
        self.last_day = self.last_day.max(day);
        let msg = ExecuteMsg::Report {
            day,
            rentals,
            nodes,
            gpus,
        };
        self.send("reporter", msg)
    }

    pub fn rentals(&mut self, day: u64, rentals: Vec<Rental>) {
        self.report(day, rentals, vec![], vec![]).unwrap();
    }

    pub fn nodes(&mut self, day: u64, nodes: Vec<NodeDay>) {
        self.report(day, vec![], nodes, vec![]).unwrap();
    }

    pub fn rental(&self, renter: &str, node: &str, units: u128, spend: u128, fee: u128) -> Rental {
        Rental {
            renter: self.user(renter).into(),
            node: self.user(node).into(),
            units: n(units),
            quality_bps: 10_000,
            spend: n(spend),
            fee: n(fee),
        }
    }

    /// At level A2, all day, without a fault.
    pub fn node(&self, node: &str, stake: u128) -> NodeDay {
        NodeDay {
            node: self.user(node).into(),
            stake: n(stake),
            online: ONLINE_MAX,
            stability_bps: 10_000,
            vram_gb: 24,
            level: Level::A2,
            available: n(1_000),
            decile: None,
        }
    }

    pub fn gpu(&self, number: u8, node: &str) -> Gpu {
        Gpu {
            gpu: HexBinary::from([number; 32]),
            node: self.user(node).into(),
        }
    }

    pub fn claim(&mut self, who: &str, from: u64, to: u64) -> Result<u128, String> {
        let account = self.user(who);
        let before = self.balance(&account);
        self.send(who, ExecuteMsg::Claim { from, to })?;
        Ok(self.balance(&account) - before)
    }

    /// Closes all that can be closed.
    pub fn catch_up(&mut self) {
        while self.send("keeper", ExecuteMsg::Advance {}).is_ok() {}
    }

    // ---- answers ----

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.try_query(msg).unwrap()
    }

    pub fn try_query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> Result<T, String> {
        let answer = self.app.wrap().query_wasm_smart(&self.contract, msg);
        answer.map_err(|error| error.to_string())
    }

    pub fn dashboard(&self) -> DashboardResponse {
        self.query(&QueryMsg::Dashboard {})
    }

    pub fn day(&self, day: u64) -> DayResponse {
        self.query(&QueryMsg::Day { day })
    }

    pub fn pools(&self, day: u64) -> Pools {
        self.day(day).pools.unwrap()
    }

    pub fn account(&self, who: &str) -> AccountResponse {
        self.query(&QueryMsg::Account {
            address: self.user(who).into(),
            start_after: None,
            limit: None,
        })
    }

    pub fn claimable(&self, who: &str, from: u64, to: u64) -> ClaimResponse {
        self.query(&QueryMsg::Claimable {
            address: self.user(who).into(),
            from,
            to,
        })
    }

    pub fn balance(&self, of: &Addr) -> u128 {
        let address = of.to_string();
        let answer: BalanceResponse = self
            .app
            .wrap()
            .query_wasm_smart(&self.vcai, &Cw20QueryMsg::Balance { address })
            .unwrap();
        answer.balance.u128()
    }

    /// All epochs, oldest first.
    pub fn epochs(&self) -> Vec<EpochInfo> {
        let mut all: Vec<EpochInfo> = vec![];
        loop {
            let page: EpochsResponse = self.query(&QueryMsg::Epochs {
                start_before: all.last().map(|epoch| epoch.start),
                limit: Some(100),
            });
            if page.epochs.is_empty() {
                all.reverse();
                return all;
            }
            all.extend(page.epochs);
        }
    }

    /// What was released is paid, in a bucket, on its way, or in days; and what is not paid is here.
    pub fn check_laws(&self) {
        let board = self.dashboard();
        if board.closes_at.is_none() {
            return;
        }
        let outside = board.paid + board.withheld + board.left_over + board.re_released;
        assert!(outside <= board.released, "{board:?}");
        let balance = self.balance(&self.contract);
        assert!(balance + board.paid.u128() >= POOL, "{board:?} {balance}");
    }
}

pub fn total(pools: &Pools) -> u128 {
    let parts = [
        pools.capacity,
        pools.delivery,
        pools.bonus,
        pools.first_access,
        pools.demand,
    ];
    parts.iter().map(|part| part.u128()).sum()
}

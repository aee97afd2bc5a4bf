//! A chain with fund, vault, pool, contest and coin, roles and users.

use std::fmt::Debug;

use cosmwasm_schema::serde::{de::DeserializeOwned, Serialize};
use cosmwasm_std::{coins, to_json_binary, Addr, Binary, CosmosMsg, Empty, HexBinary, Timestamp, Uint128, WasmMsg};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use interfaces::credit_vault::{self, GatewayAdmission, Peers, Rate, ReportRef, SettleEntry, SettleReport};
use interfaces::ecosystem_fund::*;
use interfaces::exchange::{self, Asset, Cw20Hook, MarketResponse};
use interfaces::{compute_wars, l_coin};
use math::Week;

use crate::stand_in;

pub const DENOM: &str = "uusdt";
/// Monday 2026-01-05 00:00 UTC.
pub const MONDAY: u64 = 1_767_571_200;
pub const DAY: u64 = 86_400;
pub const WEEK: u64 = 7 * DAY;
pub const ONE: u128 = 1_000_000;
/// Length of a block in these tests, seconds.
pub const BLOCK: u64 = 5;
/// The first Friday on which the first week's money can be spent: 9 days after its end it is Wednesday.
pub const FRIDAY: u64 = 18 * DAY;
/// The pool's first reserves: 1,000,000 LCO and 500,000 Credits.
pub const BASE: u128 = 1_000_000 * ONE;
pub const QUOTE: u128 = 500_000 * ONE;
/// One Credit per million units; of gateways 1, 2 and 3.
pub const SKUS: [&str; 3] = ["chat-1", "chat-2", "chat-3"];

pub struct World {
    pub app: App,
    pub fund: Addr,
    pub vault: Addr,
    pub l_coin: Addr,
    pub pool: Addr,
    pub wars: Addr,
    /// Stands in for a hostile contract.
    pub hostile: Addr,
    seq: u64,
}

/// The contract and the number in `[<contract>:<number>]` of an error; of one that a neighbour's answer wraps, too.
pub fn code(error: &cw_multi_test::error::AnyError) -> (String, u16) {
    let text = error.root_cause().to_string();
    let parsed = text
        .split_once('[')
        .and_then(|(_, rest)| rest.split(']').next())
        .and_then(|tag| tag.split_once(':'))
        .and_then(|(name, number)| Some((name.to_owned(), number.parse().ok()?)));
    parsed.unwrap_or_else(|| panic!("not a numbered error: {text}"))
}

pub fn wrap<T: Serialize>(contract: &Addr, msg: &T) -> CosmosMsg {
    WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: to_json_binary(msg).unwrap(),
        funds: vec![],
    }
    .into()
}

pub fn hash() -> HexBinary {
    HexBinary::from([7u8; 32])
}

impl World {
    /// Everything connected, the pool filled by `lp`.
    pub fn new() -> Self {
        let mut world = Self::empty(|_| {});
        world.provide("lp", BASE, QUOTE);
        world
    }

    /// Everything connected, the pool empty; after a change of the fund's instantiate message.
    pub fn empty(change: impl Fn(&mut InstantiateMsg)) -> Self {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(MONDAY));
        let creator = app.api().addr_make("creator");
        let code = app.store_code(stand_in::contract());
        let hostile = app
            .instantiate_contract(code, creator.clone(), &Empty {}, &[], "hostile", None)
            .unwrap();
        let l_coin = create_l_coin(&mut app, &creator);
        let vault = create_vault(&mut app, &creator, &l_coin);
        let pool = create_pool(&mut app, &creator, &l_coin, &vault);
        let wars = create_wars(&mut app, &creator, &vault, &l_coin);
        let user = |name: &str| app.api().addr_make(name).into_string();
        let mut msg = InstantiateMsg {
            owner: user("owner"),
            operator: Some(user("operator")),
            vault: vault.to_string(),
            l_coin: l_coin.to_string(),
            exchange: pool.to_string(),
            wars: Some(wars.to_string()),
            params: Params::default(),
        };
        change(&mut msg);
        let code = app.store_code(fund_contract());
        let fund = app
            .instantiate_contract(code, creator.clone(), &msg, &[], "fund", Some(creator.to_string()))
            .unwrap();
        let mut world = Self {
            app,
            fund,
            vault,
            l_coin,
            pool: Addr::unchecked(msg.exchange),
            wars,
            hostile,
            seq: 0,
        };
        world.connect();
        world
    }

    fn connect(&mut self) {
        let (owner, timelock) = (self.user("owner"), self.user("timelock"));
        let peers = Peers {
            fund: Some(self.fund.to_string()),
            wars: Some(self.wars.to_string()),
            ..Peers::default()
        };
        let (vault, wars) = (self.vault.clone(), self.wars.clone());
        self.exec(&timelock, &vault, &credit_vault::ExecuteMsg::SetPeers { peers });
        for address in [self.fund.clone(), self.pool.clone(), self.hostile.clone()] {
            let register = credit_vault::ExecuteMsg::RegisterContract {
                address: address.to_string(),
            };
            let outcome = self
                .app
                .execute_contract(timelock.clone(), vault.clone(), &register, &[]);
            // a hostile pool is both
            outcome
                .map(|_| ())
                .unwrap_or_else(|error| assert_eq!(code(&error).1, 33));
        }
        let fund = self.fund.to_string();
        self.exec(&owner, &wars, &compute_wars::ExecuteMsg::SetFund { fund });
    }

    // ---- people and time ----

    pub fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn payout(&self, gateway: u64) -> Addr {
        self.user(&format!("payout{gateway}"))
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub fn week(&self) -> u64 {
        Week::of(self.now()).index()
    }

    /// Number of the first week.
    pub fn first(&self) -> u64 {
        Week::of(MONDAY).index()
    }

    /// Moves the clock to a moment after the first Monday.
    pub fn at(&mut self, seconds: u64) {
        self.wait(MONDAY + seconds - self.now());
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

    // ---- messages ----

    /// Any message to any contract, without a look at the laws.
    pub fn send<T: Serialize + Debug>(&mut self, sender: &Addr, contract: &Addr, msg: &T) -> AnyResult<AppResponse> {
        self.app.execute_contract(sender.clone(), contract.clone(), msg, &[])
    }

    /// Any message to any contract; must succeed.
    pub fn exec<T: Serialize + Debug>(&mut self, sender: &Addr, contract: &Addr, msg: &T) -> AppResponse {
        let outcome = self.send(sender, contract, msg);
        let response = outcome.unwrap_or_else(|error| panic!("{msg:?}: {}", error.root_cause()));
        self.check_laws();
        response
    }

    /// A message to the fund that must succeed.
    pub fn ok(&mut self, sender: &Addr, msg: ExecuteMsg) -> AppResponse {
        let fund = self.fund.clone();
        self.exec(sender, &fund, &msg)
    }

    /// A message to the fund that must be refused; by which contract with which code.
    pub fn refused_by(&mut self, sender: &Addr, msg: ExecuteMsg) -> (String, u16) {
        let fund = self.fund.clone();
        match self.send(sender, &fund, &msg) {
            Ok(_) => panic!("{msg:?} was not refused"),
            Err(error) => code(&error),
        }
    }

    /// A message that the fund itself must refuse.
    pub fn refused(&mut self, sender: &Addr, msg: ExecuteMsg) -> u16 {
        let (name, code) = self.refused_by(sender, msg);
        assert_eq!(name, "fund");
        code
    }

    pub fn anyone(&self) -> Addr {
        self.user("mallory")
    }

    pub fn buyback(&mut self) -> AppResponse {
        let anyone = self.anyone();
        self.ok(&anyone, ExecuteMsg::Buyback {})
    }

    pub fn buyback_refused(&mut self) -> u16 {
        let anyone = self.anyone();
        self.refused(&anyone, ExecuteMsg::Buyback {})
    }

    pub fn report(&mut self, gateway: u64, week: u64, cost: u128) -> AppResponse {
        let payout = self.payout(gateway);
        self.ok(&payout, report(gateway, week, cost))
    }

    pub fn close(&mut self, gateway: u64, week: u64) -> AppResponse {
        let anyone = self.anyone();
        self.ok(&anyone, ExecuteMsg::CloseWeek { week, gateway })
    }

    // ---- money ----

    /// Free Credits from fresh USDT.
    pub fn credits(&mut self, to: &Addr, amount: u128) {
        let funds = coins(amount, DENOM);
        self.app
            .init_modules(|router, _, storage| router.bank.init_balance(storage, to, funds.clone()))
            .unwrap();
        let deposit = credit_vault::ExecuteMsg::Deposit { to: None };
        let vault = self.vault.clone();
        self.app.execute_contract(to.clone(), vault, &deposit, &funds).unwrap();
    }

    pub fn mint(&mut self, to: &Addr, amount: u128) {
        let (mint, l_coin) = (self.user("mint"), self.l_coin.clone());
        let msg = l_coin::ExecuteMsg::Mint {
            recipient: to.to_string(),
            amount: Uint128::new(amount),
        };
        self.exec(&mint, &l_coin, &msg);
    }

    /// Fresh money into the pool.
    pub fn provide(&mut self, name: &str, base: u128, quote: u128) {
        let user = self.user(name);
        self.mint(&user, base);
        self.credits(&user, quote);
        let amounts = [Uint128::new(base), Uint128::new(quote)];
        let (l_coin, vault, pool) = (self.l_coin.clone(), self.vault.clone(), self.pool.clone());
        let spender = pool.to_string();
        let [lco, credits] = amounts;
        self.exec(
            &user,
            &l_coin,
            &l_coin::ExecuteMsg::IncreaseAllowance {
                spender: spender.clone(),
                amount: lco,
                expires: None,
            },
        );
        self.exec(
            &user,
            &vault,
            &credit_vault::ExecuteMsg::IncreaseAllowance {
                spender,
                amount: credits,
                expires: None,
            },
        );
        let provide = exchange::ExecuteMsg::Provide {
            amounts,
            min_shares: Uint128::zero(),
            deadline: None,
        };
        self.exec(&user, &pool, &provide);
    }

    /// Buys LCO for that many Credits of the user's.
    pub fn buy(&mut self, user: &Addr, credits: u128) {
        let vault = self.vault.clone();
        let msg = credit_vault::ExecuteMsg::Send {
            contract: self.pool.to_string(),
            amount: Uint128::new(credits),
            msg: swap(),
        };
        self.exec(user, &vault, &msg);
    }

    /// Sells that many LCO of the user's.
    pub fn sell(&mut self, user: &Addr, lco: u128) {
        let l_coin = self.l_coin.clone();
        let msg = l_coin::ExecuteMsg::Send {
            contract: self.pool.to_string(),
            amount: Uint128::new(lco),
            msg: swap(),
        };
        self.exec(user, &l_coin, &msg);
    }

    /// A user with so much in a spending account at a gateway, fresh.
    pub fn spender(&mut self, name: &str, gateway: u64, amount: u128) -> Addr {
        let user = self.user(name);
        self.credits(&user, amount);
        let open = credit_vault::ExecuteMsg::OpenSpending {
            gateway,
            amount: Uint128::new(amount),
            max_per_day: Uint128::new(amount),
        };
        let vault = self.vault.clone();
        self.exec(&user, &vault, &open);
        user
    }

    /// Attested usage of one account at one gateway at list price.
    pub fn settle(&mut self, user: &Addr, gateway: u64, list: u128, cost: u128) -> ReportRef {
        self.seq += 1;
        let now = self.now();
        let entry = SettleEntry {
            account: user.to_string(),
            sku: SKUS[gateway as usize - 1].into(),
            calls: 1,
            units: Uint128::new(list),
            list: Uint128::new(list),
            cost: Uint128::new(cost),
            last: now,
        };
        let report = ReportRef {
            gateway,
            key_epoch: 1,
            seq: self.seq,
        };
        let settle = SettleReport {
            report,
            window_start: now,
            window_end: now + 1,
            entries: vec![entry],
        };
        let (oracle, vault) = (self.user("oracle"), self.vault.clone());
        let msg = credit_vault::ExecuteMsg::SettleUsage { reports: vec![settle] };
        self.exec(&oracle, &vault, &msg);
        report
    }

    /// A pot of exactly so much, from gateway 1's first week without cost, on a Friday morning.
    pub fn with_pot(mut self, pot: u128) -> Self {
        let alice = self.spender("alice", 1, pot * 5);
        self.settle(&alice, 1, pot * 5, 0);
        self.at(FRIDAY);
        let first = self.first();
        self.report(1, first, 0);
        assert_eq!(self.overview().pot.u128(), pot);
        self
    }

    // ---- answers ----

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.fund, msg).unwrap()
    }

    pub fn overview(&self) -> OverviewResponse {
        self.query(&QueryMsg::Overview {})
    }

    pub fn market(&self) -> MarketResponse {
        self.app
            .wrap()
            .query_wasm_smart(&self.pool, &exchange::QueryMsg::Market {})
            .unwrap()
    }

    pub fn receipts(&self) -> Vec<Receipt> {
        let mut all: Vec<Receipt> = vec![];
        loop {
            let page: Vec<Receipt> = self.query(&QueryMsg::Receipts {
                start_before: all.last().map(|row| row.n),
                limit: Some(100),
            });
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    pub fn newest(&self) -> Receipt {
        let page: Vec<Receipt> = self.query(&QueryMsg::Receipts {
            start_before: None,
            limit: Some(1),
        });
        page.into_iter().next().expect("a burn")
    }

    fn balance(&self, token: &Addr, owner: &Addr) -> u128 {
        let query = l_coin::QueryMsg::Balance {
            address: owner.to_string(),
        };
        let answer: cw20::BalanceResponse = self.app.wrap().query_wasm_smart(token, &query).unwrap();
        answer.balance.u128()
    }

    pub fn lco(&self, owner: &Addr) -> u128 {
        self.balance(&self.l_coin, owner)
    }

    pub fn free(&self, owner: &Addr) -> u128 {
        self.balance(&self.vault, owner)
    }

    pub fn burned(&self) -> u128 {
        let query = l_coin::QueryMsg::Minted {};
        let answer: l_coin::MintedResponse = self.app.wrap().query_wasm_smart(&self.l_coin, &query).unwrap();
        answer.burned.u128()
    }

    /// Credits: received = spent + paid + pot, Σ weeks and Σ reports. LCO: bought = burned + to prizes, Σ receipts; all that was ever burned was burned here. Both
    /// token balances cover what the fund counts as its own.
    pub fn check_laws(&self) {
        let sums = self.overview();
        assert_eq!(sums.received, sums.spent + sums.free_calls_paid + sums.pot);
        assert!(self.free(&self.fund) >= sums.pot.u128(), "the Credits are there");
        assert!(self.lco(&self.fund) >= sums.prizes_held.u128(), "the prizes are there");
        self.check_receipts(&sums);
        self.check_weeks(&sums);
    }

    fn check_receipts(&self, sums: &OverviewResponse) {
        let receipts = self.receipts();
        let sum = |of: fn(&Receipt) -> Uint128| receipts.iter().map(of).sum::<Uint128>();
        assert_eq!(receipts.len() as u64, sums.receipts);
        assert!(receipts.iter().rev().map(|row| row.n).eq(1..=sums.receipts), "no gaps");
        assert_eq!(sum(|row| row.credits_spent), sums.spent);
        assert_eq!(sum(|row| row.lco_bought), sums.bought);
        assert_eq!(sum(|row| row.lco_burned), sums.burned);
        assert_eq!(sum(|row| row.lco_to_prizes), sums.to_prizes);
        assert_eq!(sums.bought, sums.burned + sums.to_prizes);
        assert_eq!(sums.burned.u128(), self.burned(), "receipts and the token agree");
    }

    fn check_weeks(&self, sums: &OverviewResponse) {
        let weeks: Vec<WeekResponse> = self.query(&QueryMsg::Weeks {
            start_before: None,
            limit: Some(100),
        });
        let sum = |of: fn(&WeekResponse) -> Uint128| weeks.iter().map(of).sum::<Uint128>();
        assert_eq!(sum(|row| row.received), sums.received);
        assert_eq!(sum(|row| row.free_calls_paid), sums.free_calls_paid);
        assert_eq!(sum(|row| row.prizes), sums.to_prizes);
        let released = weeks.iter().filter(|row| row.prizes_released).map(|row| row.prizes);
        assert_eq!(released.sum::<Uint128>(), sums.to_prizes - sums.prizes_held);
        let mut reported = [Uint128::zero(); 2];
        for gateway in 1..=3 {
            let rows: Vec<ReportResponse> = self.query(&QueryMsg::Reports {
                gateway,
                start_before: None,
                limit: Some(100),
            });
            for row in rows {
                assert!(row.free_paid <= row.free_cost);
                reported[0] += row.share + row.forfeited;
                reported[1] += row.free_paid;
            }
        }
        assert_eq!(reported, [sums.received, sums.free_calls_paid], "Σ reports");
        for row in &weeks {
            let before = weeks.iter().find(|other| other.week + 1 == row.week);
            let last = before.map_or(Uint128::zero(), |before| before.revenue);
            assert!(
                row.free_calls_paid.u128() <= last.u128() / 100,
                "at most 1 % of last week's revenue"
            );
        }
    }
}

pub fn report(gateway: u64, week: u64, cost: u128) -> ExecuteMsg {
    ExecuteMsg::ReportProfit {
        week,
        gateway,
        cost: Uint128::new(cost),
        evidence_hash: hash(),
    }
}

fn swap() -> Binary {
    let hook = Cw20Hook::Swap {
        min_out: Uint128::zero(),
        deadline: None,
        to: None,
    };
    to_json_binary(&hook).unwrap()
}

pub fn fund_contract() -> Box<dyn cw_multi_test::Contract<Empty>> {
    use ecosystem_fund::contract::{execute, instantiate, migrate, query, reply};
    Box::new(
        ContractWrapper::new(execute, instantiate, query)
            .with_reply(reply)
            .with_migrate(migrate),
    )
}

fn create_l_coin(app: &mut App, creator: &Addr) -> Addr {
    use ::l_coin::contract::{execute, instantiate, query};
    let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
    let msg = l_coin::InstantiateMsg {
        name: "L-Coin".into(),
        symbol: "LCO".into(),
        decimals: 6,
        minter: app.api().addr_make("mint").into_string(),
        marketing: None,
    };
    app.instantiate_contract(code, creator.clone(), &msg, &[], "l-coin", None)
        .unwrap()
}

fn create_vault(app: &mut App, creator: &Addr, l_coin: &Addr) -> Addr {
    use ::credit_vault::contract::{execute, instantiate, query, reply};
    let user = |name: &str| app.api().addr_make(name).into_string();
    let gateway = |gateway: u64| GatewayAdmission {
        gateway,
        payout: user(&format!("payout{gateway}")),
    };
    let rate = |gateway: u64| Rate {
        sku: SKUS[gateway as usize - 1].into(),
        gateway,
        list: Uint128::new(ONE),
        cost: Uint128::new(ONE),
    };
    let msg = credit_vault::InstantiateMsg {
        owner: user("owner"),
        operator: None,
        timelock: user("timelock"),
        denom: DENOM.into(),
        l_coin: l_coin.to_string(),
        oracle: user("oracle"),
        peers: Peers::default(),
        registered: vec![],
        gateways: (1..=3).map(gateway).collect(),
        rates: (1..=3).map(rate).collect(),
        params: credit_vault::Params {
            close_window: DAY,
            weekly_mint_cap: Uint128::new(500_000 * ONE),
            fund_floor_bps: 200,
            profit_share_bps: 2_000,
        },
    };
    let code = app.store_code(Box::new(
        ContractWrapper::new(execute, instantiate, query).with_reply(reply),
    ));
    app.instantiate_contract(code, creator.clone(), &msg, &[], "vault", None)
        .unwrap()
}

fn create_pool(app: &mut App, creator: &Addr, l_coin: &Addr, vault: &Addr) -> Addr {
    use ::exchange::contract::{execute, instantiate, query};
    let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
    let owner = app.api().addr_make("owner").into_string();
    let msg = exchange::InstantiateMsg {
        owner: owner.clone(),
        assets: [l_coin, vault].map(|token| Asset::Cw20 {
            address: token.to_string(),
        }),
        announced: true,
        params: exchange::Params {
            fee_bps: 30,
            skim_recipient: owner,
        },
    };
    app.instantiate_contract(code, creator.clone(), &msg, &[], "pool", None)
        .unwrap()
}

fn create_wars(app: &mut App, creator: &Addr, vault: &Addr, l_coin: &Addr) -> Addr {
    use ::compute_wars::contract::{execute, instantiate, query, reply};
    let code = app.store_code(Box::new(
        ContractWrapper::new(execute, instantiate, query).with_reply(reply),
    ));
    let msg = compute_wars::InstantiateMsg {
        owner: app.api().addr_make("owner").into_string(),
        vault: vault.to_string(),
        l_coin: l_coin.to_string(),
        fund: None,
        params: compute_wars::Params::default(),
    };
    app.instantiate_contract(code, creator.clone(), &msg, &[], "wars", None)
        .unwrap()
}

/// The attribute of the first event of that type.
pub fn attribute(response: &AppResponse, event: &str, key: &str) -> Option<String> {
    let name = format!("wasm-{event}");
    let event = response.events.iter().find(|other| other.ty == name)?;
    let attribute = event.attributes.iter().find(|other| other.key == key)?;
    Some(attribute.value.clone())
}

//! A chain with contest, vault, coin, a stand-in fund, roles and users.

use std::fmt::Debug;

use cosmwasm_schema::serde::{de::DeserializeOwned, Serialize};
use cosmwasm_std::{coins, to_json_binary, Addr, CosmosMsg, Empty, Timestamp, Uint128, WasmMsg};
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use interfaces::compute_wars::*;
use interfaces::credit_vault::{self, GatewayAdmission, Peers, Rate, ReportRef, SettleEntry, SettleReport};
use interfaces::l_coin;
use math::Week;

use crate::stand_in::{self, StandInMsg};

pub const DENOM: &str = "uusdt";
/// Monday 2026-01-05 00:00 UTC.
pub const MONDAY: u64 = 1_767_571_200;
pub const DAY: u64 = 86_400;
pub const WEEK: u64 = 7 * DAY;
pub const ONE: u128 = 1_000_000;
/// One Credit per million units.
pub const SKU: &str = "chat";

pub struct World {
    pub app: App,
    pub wars: Addr,
    pub vault: Addr,
    pub l_coin: Addr,
    /// A stand-in.
    pub fund: Addr,
    seq: u64,
}

/// The number in `[<contract>:<number>]` of an error.
pub fn code(error: &cw_multi_test::error::AnyError) -> (String, u16) {
    let text = error.root_cause().to_string();
    let parsed = text
        .strip_prefix('[')
        .and_then(|rest| rest.split(']').next())
        .and_then(|tag| tag.split_once(':'))
        .and_then(|(name, number)| Some((name.to_owned(), number.parse().ok()?)));
    parsed.unwrap_or_else(|| panic!("not a numbered error: {text}"))
}

fn wrap<T: Serialize>(contract: &Addr, msg: &T) -> CosmosMsg {
    WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: to_json_binary(msg).unwrap(),
        funds: vec![],
    }
    .into()
}

impl World {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl Fn(&mut InstantiateMsg)) -> Self {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(MONDAY));
        let creator = app.api().addr_make("creator");
        let user = |app: &App, name: &str| app.api().addr_make(name).into_string();
        let code = app.store_code(stand_in::contract());
        let fund = app
            .instantiate_contract(code, creator.clone(), &Empty {}, &[], "fund", None)
            .unwrap();
        let l_coin = {
            use ::l_coin::contract::{execute, instantiate, query};
            let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
            let msg = l_coin::InstantiateMsg {
                name: "L-Coin".into(),
                symbol: "LCO".into(),
                decimals: 6,
                minter: user(&app, "mint"),
                marketing: None,
            };
            app.instantiate_contract(code, creator.clone(), &msg, &[], "l-coin", None)
                .unwrap()
        };
        let vault = Self::create_vault(&mut app, &creator, &l_coin);
        let mut msg = InstantiateMsg {
            owner: user(&app, "owner"),
            vault: vault.to_string(),
            l_coin: l_coin.to_string(),
            fund: Some(fund.to_string()),
            params: Params::default(),
        };
        change(&mut msg);
        let code = app.store_code(wars_contract());
        let wars = app
            .instantiate_contract(code, creator.clone(), &msg, &[], "wars", Some(creator.to_string()))
            .unwrap();
        let mut world = Self {
            app,
            wars,
            vault,
            l_coin,
            fund,
            seq: 0,
        };
        let peers = Peers {
            wars: Some(world.wars.to_string()),
            ..Peers::default()
        };
        let (timelock, vault) = (world.user("timelock"), world.vault.clone());
        world.exec(&timelock, &vault, &credit_vault::ExecuteMsg::SetPeers { peers });
        world
    }

    fn create_vault(app: &mut App, creator: &Addr, l_coin: &Addr) -> Addr {
        use ::credit_vault::contract::{execute, instantiate, query, reply};
        let user = |name: &str| app.api().addr_make(name).into_string();
        let msg = credit_vault::InstantiateMsg {
            owner: user("owner"),
            operator: None,
            timelock: user("timelock"),
            denom: DENOM.into(),
            l_coin: l_coin.to_string(),
            oracle: user("oracle"),
            peers: Peers::default(),
            registered: vec![],
            gateways: vec![GatewayAdmission {
                gateway: 1,
                payout: user("payout"),
            }],
            rates: vec![Rate {
                sku: SKU.into(),
                gateway: 1,
                list: Uint128::new(ONE),
                cost: Uint128::new(ONE / 2),
            }],
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

    // ---- people and time ----

    pub fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub fn week(&self) -> u64 {
        Week::of(self.now()).index()
    }

    /// Moves the clock to a moment after the first Monday.
    pub fn at(&mut self, seconds: u64) {
        let wait = MONDAY + seconds - self.now();
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(wait);
            block.height += 1;
        });
    }

    /// Moves to the first second of the next week.
    pub fn next_week(&mut self) {
        let end = Week::of(self.now()).end();
        self.at(end - MONDAY);
    }

    // ---- messages ----

    /// Any message to any contract; must succeed.
    pub fn exec<T: Serialize + Debug>(&mut self, sender: &Addr, contract: &Addr, msg: &T) -> AppResponse {
        let outcome = self.app.execute_contract(sender.clone(), contract.clone(), msg, &[]);
        let response = outcome.unwrap_or_else(|error| panic!("{msg:?}: {}", error.root_cause()));
        self.check_laws();
        response
    }

    /// A message to the contest that must succeed.
    pub fn ok(&mut self, sender: &Addr, msg: ExecuteMsg) -> AppResponse {
        let wars = self.wars.clone();
        self.exec(sender, &wars, &msg)
    }

    /// A message to the contest that must be refused; by which contract with which code.
    pub fn refused_by(&mut self, sender: &Addr, msg: ExecuteMsg) -> (String, u16) {
        let wars = self.wars.clone();
        match self.app.execute_contract(sender.clone(), wars, &msg, &[]) {
            Ok(_) => panic!("{msg:?} was not refused"),
            Err(error) => code(&error),
        }
    }

    /// A message that the contest itself must refuse.
    pub fn refused(&mut self, sender: &Addr, msg: ExecuteMsg) -> u16 {
        let (name, code) = self.refused_by(sender, msg);
        assert_eq!(name, "wars");
        code
    }

    pub fn record(&mut self, week: u64, scores: &[(&str, u128)]) -> AppResponse {
        let vault = self.vault.clone();
        let msg = self.record_msg(week, scores);
        self.ok(&vault, msg)
    }

    pub fn record_msg(&self, week: u64, scores: &[(&str, u128)]) -> ExecuteMsg {
        let scores = scores.iter().map(|(name, charged)| Score {
            account: self.user(name).into(),
            charged: Uint128::new(*charged),
        });
        ExecuteMsg::Record {
            week,
            scores: scores.collect(),
        }
    }

    /// A user with money in a spending account.
    pub fn spender(&mut self, name: &str, amount: u128) -> Addr {
        let user = self.user(name);
        self.app
            .init_modules(|router, _, storage| router.bank.init_balance(storage, &user, coins(amount, DENOM)))
            .unwrap();
        let vault = self.vault.clone();
        let deposit = credit_vault::ExecuteMsg::Deposit { to: None };
        self.app
            .execute_contract(user.clone(), vault.clone(), &deposit, &coins(amount, DENOM))
            .unwrap();
        let open = credit_vault::ExecuteMsg::OpenSpending {
            gateway: 1,
            amount: Uint128::new(amount),
            max_per_day: Uint128::new(amount),
        };
        self.exec(&user, &vault, &open);
        user
    }

    /// Usage at list price through oracle and vault, one report.
    pub fn settle(&mut self, usage: &[(&Addr, u128)]) -> AppResponse {
        self.seq += 1;
        let now = self.now();
        let mut entries: Vec<_> = usage
            .iter()
            .map(|(account, units)| SettleEntry {
                account: account.to_string(),
                sku: SKU.into(),
                calls: 1,
                units: Uint128::new(*units),
                list: Uint128::new(*units),
                cost: Uint128::new(*units / 2),
                last: now,
            })
            .collect();
        entries.sort_by(|a, b| a.account.cmp(&b.account));
        let report = SettleReport {
            report: ReportRef {
                gateway: 1,
                key_epoch: 1,
                seq: self.seq,
            },
            window_start: now,
            window_end: now + 1,
            entries,
        };
        let (oracle, vault) = (self.user("oracle"), self.vault.clone());
        let msg = credit_vault::ExecuteMsg::SettleUsage { reports: vec![report] };
        self.exec(&oracle, &vault, &msg)
    }

    pub fn newest_report(&self) -> ReportRef {
        ReportRef {
            gateway: 1,
            key_epoch: 1,
            seq: self.seq,
        }
    }

    pub fn finalize(&mut self, week: u64) -> AppResponse {
        let anyone = self.user("mallory");
        self.ok(&anyone, ExecuteMsg::Finalize { week })
    }

    pub fn collect(&mut self, week: u64) -> AppResponse {
        let anyone = self.user("mallory");
        self.ok(&anyone, ExecuteMsg::CollectPrizes { week })
    }

    /// Finalizes and collects every week before the running one.
    pub fn catch_up(&mut self) {
        for week in self.overview().next_collect..self.week() {
            if self.query::<WeekResponse>(&QueryMsg::Week { week }).result.is_none() {
                self.finalize(week);
            }
            if week != self.week() - 1 {
                self.give(week, 0);
                self.collect(week);
            }
        }
    }

    pub fn claim(&mut self, name: &str, week: u64) -> AppResponse {
        let user = self.user(name);
        self.ok(&user, ExecuteMsg::ClaimPrize { week })
    }

    pub fn mint(&mut self, to: &Addr, amount: u128) {
        let (mint, l_coin) = (self.user("mint"), self.l_coin.clone());
        let msg = l_coin::ExecuteMsg::Mint {
            recipient: to.to_string(),
            amount: Uint128::new(amount),
        };
        self.exec(&mint, &l_coin, &msg);
    }

    /// The fund will give so much for a week.
    pub fn give(&mut self, week: u64, amount: u128) {
        let (fund, anyone) = (self.fund.clone(), self.user("mallory"));
        if amount > 0 {
            self.mint(&fund, amount);
        }
        let msg = StandInMsg::Give {
            week,
            l_coin: self.l_coin.to_string(),
            amount: Uint128::new(amount),
        };
        self.exec(&anyone, &fund, &msg);
    }

    pub fn to_wars(&self, msg: &ExecuteMsg) -> CosmosMsg {
        wrap(&self.wars, msg)
    }

    // ---- answers ----

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.wars, msg).unwrap()
    }

    pub fn overview(&self) -> OverviewResponse {
        self.query(&QueryMsg::Overview {})
    }

    pub fn lco(&self, owner: &Addr) -> u128 {
        let query = l_coin::QueryMsg::Balance {
            address: owner.to_string(),
        };
        let answer: cw20::BalanceResponse = self.app.wrap().query_wasm_smart(&self.l_coin, &query).unwrap();
        answer.balance.u128()
    }

    pub fn rank(&self, name: &str, week: u64) -> (u128, Option<u32>) {
        let account = self.user(name).into_string();
        let row: RankResponse = self.query(&QueryMsg::Rank { account, week });
        (row.score.u128(), row.rank)
    }

    /// Prize money: collected = paid + unclaimed + rolled; Σ over weeks of what is fixed and paid is the same; and the tokens are there.
    pub fn check_laws(&self) {
        let sums = self.overview();
        assert_eq!(sums.collected, sums.paid + sums.unclaimed + sums.rolled);
        let weeks: Vec<WeekResponse> = self.query(&QueryMsg::Weeks {
            start_before: None,
            limit: Some(100),
        });
        let results: Vec<_> = weeks
            .iter()
            .filter_map(|row| Some((row.week, row.result.clone()?)))
            .collect();
        let paid: Uint128 = results.iter().map(|(_, result)| result.paid).sum();
        assert_eq!(paid, sums.paid, "Σ claims");
        let mut unclaimed = Uint128::zero();
        for (week, result) in results {
            let rows: Vec<PrizeResponse> = self.query(&QueryMsg::Prizes { week });
            let fixed: Uint128 = rows
                .iter()
                .filter(|row| row.account.is_some())
                .filter_map(|row| row.prize)
                .sum();
            assert!(
                fixed <= result.pool.unwrap_or_default(),
                "no more is fixed than there is"
            );
            unclaimed += fixed - result.paid;
        }
        assert_eq!(unclaimed, sums.unclaimed, "Σ prizes not claimed");
        assert!(
            self.lco(&self.wars) >= (sums.collected - sums.paid).u128(),
            "the tokens are there"
        );
    }
}

pub fn wars_contract() -> Box<dyn cw_multi_test::Contract<Empty>> {
    use compute_wars::contract::{execute, instantiate, migrate, query, reply};
    Box::new(
        ContractWrapper::new(execute, instantiate, query)
            .with_reply(reply)
            .with_migrate(migrate),
    )
}

/// The attribute of the first event of that type.
pub fn attribute(response: &AppResponse, event: &str, key: &str) -> Option<String> {
    let name = format!("wasm-{event}");
    let event = response.events.iter().find(|other| other.ty == name)?;
    let attribute = event.attributes.iter().find(|other| other.key == key)?;
    Some(attribute.value.clone())
}

/// How many events of that type there are.
pub fn count(response: &AppResponse, event: &str) -> usize {
    let name = format!("wasm-{event}");
    response.events.iter().filter(|other| other.ty == name).count()
}

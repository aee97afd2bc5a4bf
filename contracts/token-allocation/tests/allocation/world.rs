//! A chain with the allocation and those it deals with.

use std::fmt::Debug;

use cosmwasm_std::{coins, to_json_binary, Addr, Coin, Empty, Timestamp, Uint128};
use cw20::Cw20ReceiveMsg;
use cw_multi_test::error::{AnyError, AnyResult};
use cw_multi_test::{App, AppResponse, Contract, ContractWrapper, Executor};
use interfaces::exchange::{self, Asset, MarketResponse};
use interfaces::token_allocation::*;
use interfaces::{genesis_nft, treasury, vcai};
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::stand_in::{self, StandInQuery};

pub const DENOM: &str = "uusdt";
/// 2026-01-05 00:00 UTC.
pub const START: u64 = 1_767_571_200;
pub const DAY: u64 = 86_400;
pub const ONE: u128 = 1_000_000;
/// The set time of the TGE.
pub const TGE_AT: u64 = START + 60 * DAY;
/// 500 USDT for a genesis token.
pub const NFT_PRICE: u128 = 500 * ONE;
/// 0.05 USDT for a VCAI.
pub const PRICE: u128 = 50_000;

/// Addresses of everybody, known beforehand: they follow from the order of creation.
#[derive(Clone)]
pub struct Peers {
    pub escrow: Addr,
    pub vcai: Addr,
    pub pool: Addr,
    pub treasury: Addr,
    pub nft: Addr,
    pub allocation: Addr,
}

pub struct World {
    pub app: App,
    pub peers: Peers,
    /// VCAI sent to the allocation without a hook.
    pub gifts: u128,
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

struct Builder {
    app: App,
}

impl Builder {
    fn user(&self, name: &str) -> String {
        self.app.api().addr_make(name).into()
    }

    fn create<T: Serialize>(&mut self, contract: Box<dyn Contract<Empty>>, msg: &T, name: &str) -> Addr {
        let creator = self.app.api().addr_make("creator");
        let code = self.app.store_code(contract);
        let outcome = self.app.instantiate_contract(code, creator, msg, &[], name, None);
        outcome.unwrap_or_else(|error| panic!("{name}: {}", error.root_cause()))
    }

    fn vcai(&mut self, allocation: &str) -> Addr {
        use ::vcai::contract::{execute, instantiate, query};
        let msg = vcai::InstantiateMsg {
            name: "Vcity".into(),
            symbol: "VCAI".into(),
            governance: self.user("governance"),
            allocation: allocation.into(),
            marketing: None,
        };
        self.create(
            Box::new(ContractWrapper::new(execute, instantiate, query)),
            &msg,
            "vcai",
        )
    }

    fn pool(&mut self, vcai: &Addr) -> Addr {
        use ::exchange::contract::{execute, instantiate, query};
        let msg = exchange::InstantiateMsg {
            owner: self.user("owner"),
            assets: [
                Asset::Cw20 { address: vcai.into() },
                Asset::Native { denom: DENOM.into() },
            ],
            announced: false,
            params: exchange::Params {
                fee_bps: 30,
                skim_recipient: self.user("owner"),
            },
        };
        self.create(
            Box::new(ContractWrapper::new(execute, instantiate, query)),
            &msg,
            "pool",
        )
    }

    fn treasury(&mut self, vcai: &Addr, pool: &Addr, allocation: &str) -> Addr {
        use ::treasury::contract::{execute, instantiate, query, reply};
        let msg = treasury::InstantiateMsg {
            owner: self.user("owner"),
            operator: None,
            governance: self.user("governance"),
            denom: DENOM.into(),
            vcai: vcai.into(),
            exchange: pool.into(),
            ve_rewards: self.user("rewards"),
            allocation: allocation.into(),
            sources: vec![],
            params: treasury::Params::default(),
        };
        let contract = ContractWrapper::new(execute, instantiate, query).with_reply(reply);
        self.create(Box::new(contract), &msg, "treasury")
    }

    fn nft(&mut self, vcai: &Addr, treasury: &Addr, allocation: &str) -> Addr {
        use ::genesis_nft::contract::{execute, instantiate, query};
        let msg = genesis_nft::InstantiateMsg {
            name: "Genesis".into(),
            symbol: "GEN".into(),
            base_uri: None,
            owner: self.user("owner"),
            allocation: allocation.into(),
            treasury: treasury.into(),
            vcai: vcai.into(),
            denom: DENOM.into(),
            sale: genesis_nft::Sale {
                price: NFT_PRICE.into(),
                tokens: 3_000,
                per_wallet: 3_000,
                opens: START,
                listed_until: None,
                closes: START + 30 * DAY,
                deadline: START + 90 * DAY,
            },
        };
        self.create(Box::new(ContractWrapper::new(execute, instantiate, query)), &msg, "nft")
    }

    fn build(allocation: Option<&Addr>) -> (App, Peers) {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(START));
        let mut builder = Self { app };
        let known = allocation.map_or_else(|| builder.user("allocation"), ToString::to_string);
        let escrow = builder.create(stand_in::contract(), &Empty {}, "escrow");
        let vcai = builder.vcai(&known);
        let pool = builder.pool(&vcai);
        let treasury = builder.treasury(&vcai, &pool, &known);
        let nft = builder.nft(&vcai, &treasury, &known);
        let msg = InstantiateMsg {
            owner: builder.user("owner"),
            governance: builder.user("governance"),
            vcai: vcai.to_string(),
            denom: DENOM.into(),
            treasury: treasury.to_string(),
            genesis_nft: nft.to_string(),
            incentives: builder.user("incentives"),
            vote_escrow: escrow.to_string(),
            tge: TgePlan {
                time: TGE_AT,
                price: PRICE.into(),
            },
        };
        let allocation = builder.create(contract(), &msg, "allocation");
        let peers = Peers {
            escrow,
            vcai,
            pool,
            treasury,
            nft,
            allocation,
        };
        (builder.app, peers)
    }
}

pub fn contract() -> Box<dyn Contract<Empty>> {
    use token_allocation::contract::{execute, instantiate, migrate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
}

impl World {
    pub fn new() -> Self {
        let (_, first) = Builder::build(None);
        let (app, peers) = Builder::build(Some(&first.allocation));
        assert_eq!(peers.allocation, first.allocation);
        let world = Self { app, peers, gifts: 0 };
        world.check_laws();
        world
    }

    /// After a TGE with so many genesis tokens sold.
    pub fn after_tge(tokens: u32) -> Self {
        let mut world = Self::new();
        world.sell(tokens);
        world.tge();
        world
    }

    pub fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub fn at(&mut self, time: u64) {
        self.app.update_block(|block| {
            block.time = Timestamp::from_seconds(time);
            block.height += 1;
        });
    }

    pub fn wait(&mut self, seconds: u64) {
        let time = self.now() + seconds;
        self.at(time);
    }

    // ---- messages ----

    pub fn try_with<T: Serialize + Debug>(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        msg: &T,
        funds: &[Coin],
    ) -> AnyResult<AppResponse> {
        self.app.execute_contract(sender.clone(), contract.clone(), msg, funds)
    }

    pub fn exec<T: Serialize + Debug>(&mut self, name: &str, contract: &Addr, msg: &T) -> AppResponse {
        let sender = self.user(name);
        self.try_with(&sender, contract, msg, &[])
            .unwrap_or_else(|error| panic!("{msg:?}: {}", error.root_cause()))
    }

    pub fn send(&mut self, name: &str, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        let (sender, allocation) = (self.user(name), self.peers.allocation.clone());
        self.try_with(&sender, &allocation, msg, &[])
    }

    pub fn ok(&mut self, name: &str, msg: ExecuteMsg) -> AppResponse {
        let response = self
            .send(name, &msg)
            .unwrap_or_else(|error| panic!("{msg:?}: {}", error.root_cause()));
        self.check_laws();
        response
    }

    pub fn refused(&mut self, name: &str, msg: ExecuteMsg) -> u16 {
        let before = self.app.dump_wasm_raw(&self.peers.allocation);
        let error = self.send(name, &msg).expect_err("not refused");
        let (contract, code) = code(&error);
        assert_eq!(contract, "allocation", "{}", error.root_cause());
        assert_eq!(self.app.dump_wasm_raw(&self.peers.allocation), before);
        code
    }

    /// Sells genesis tokens to `buyer`.
    pub fn sell(&mut self, tokens: u32) {
        let (buyer, nft) = (self.user("buyer"), self.peers.nft.clone());
        let funds = coins(NFT_PRICE * u128::from(tokens), DENOM);
        self.app
            .init_modules(|router, _, storage| router.bank.init_balance(storage, &buyer, funds))
            .unwrap();
        let mut left = tokens;
        while left > 0 {
            let quantity = left.min(50);
            let msg = genesis_nft::ExecuteMsg::Buy { quantity };
            let funds = coins(NFT_PRICE * u128::from(quantity), DENOM);
            self.try_with(&buyer, &nft, &msg, &funds).unwrap();
            left -= quantity;
        }
    }

    /// At the set time, by anybody.
    pub fn tge(&mut self) -> AppResponse {
        self.at(TGE_AT);
        self.ok("mallory", ExecuteMsg::Tge {})
    }

    /// Grants of a bucket, by its own schedule: (beneficiary, whole VCAI).
    pub fn grant(&mut self, bucket: Bucket, grants: &[(&str, u128)]) {
        let grants = grants
            .iter()
            .map(|(name, whole)| self.new_grant(name, whole * ONE, None));
        let grants = grants.collect();
        self.ok("owner", ExecuteMsg::AddGrants { bucket, grants });
    }

    pub fn new_grant(&self, name: &str, amount: u128, schedule: Option<VestingSchedule>) -> NewGrant {
        NewGrant {
            beneficiary: self.user(name).into(),
            amount: amount.into(),
            schedule,
        }
    }

    pub fn claim(&mut self, name: &str, grant: u64) -> u128 {
        let user = self.user(name);
        let before = self.vcai(&user);
        self.ok(name, ExecuteMsg::Claim { grant });
        self.vcai(&user) - before
    }

    /// Issues VCAI to governance and has it vest.
    pub fn vest(&mut self, sender: &str, amount: u128, grants: Vec<NewGrant>) -> AnyResult<AppResponse> {
        let (user, token) = (self.user(sender), self.peers.vcai.clone());
        let issue = vcai::ExecuteMsg::Issue {
            to: user.to_string(),
            amount: amount.into(),
            proposal: 3,
        };
        self.exec("governance", &token, &issue);
        let hook = Cw20Hook::Vest { proposal: 3, grants };
        let send = vcai::ExecuteMsg::Send {
            contract: self.peers.allocation.to_string(),
            amount: amount.into(),
            msg: to_json_binary(&hook).unwrap(),
        };
        self.try_with(&user, &token, &send, &[])
    }

    // ---- answers ----

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.peers.allocation, msg).unwrap()
    }

    pub fn overview(&self) -> OverviewResponse {
        self.query(&QueryMsg::Overview {})
    }

    pub fn bucket(&self, bucket: Bucket) -> BucketResponse {
        self.query(&QueryMsg::Bucket { bucket })
    }

    pub fn grant_row(&self, grant: u64) -> GrantResponse {
        self.query::<Option<GrantResponse>>(&QueryMsg::Grant { grant }).unwrap()
    }

    pub fn grants(&self) -> Vec<GrantResponse> {
        let mut all: Vec<GrantResponse> = vec![];
        loop {
            let page: Vec<GrantResponse> = self.query(&QueryMsg::Grants {
                start_after: all.last().map(|row| row.grant),
                limit: Some(100),
            });
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    pub fn vcai(&self, owner: &Addr) -> u128 {
        kit::balance::raw(&self.app.wrap(), &self.peers.vcai, owner)
            .unwrap()
            .u128()
    }

    pub fn usdt(&self, owner: &Addr) -> u128 {
        self.app.wrap().query_balance(owner, DENOM).unwrap().amount.u128()
    }

    pub fn market(&self) -> MarketResponse {
        self.app
            .wrap()
            .query_wasm_smart(&self.peers.pool, &exchange::QueryMsg::Market {})
            .unwrap()
    }

    pub fn received(&self) -> Vec<Cw20ReceiveMsg> {
        self.app
            .wrap()
            .query_wasm_smart(&self.peers.escrow, &StandInQuery::Received {})
            .unwrap()
    }

    /// In each bucket size = granted + sent + free, Σ grants = granted, claimed ≤ vested ≤ amount; everything not paid is here; nothing native stays here.
    pub fn check_laws(&self) {
        let shown = self.overview();
        let grants = self.grants();
        assert_eq!(grants.len() as u64, shown.grants);
        let mut held = Uint128::zero();
        for row in &shown.buckets {
            let own: Vec<_> = grants.iter().filter(|grant| grant.bucket == row.bucket).collect();
            let granted: Uint128 = own.iter().map(|grant| grant.amount).sum();
            let claimed: Uint128 = own.iter().map(|grant| grant.claimed).sum();
            assert_eq!(granted, row.granted, "{:?}", row.bucket);
            let sent = row.paid - claimed;
            assert_eq!(row.size, granted + sent + row.free, "{:?}", row.bucket);
            assert!(row.spendable <= row.free);
            held += row.size - row.paid;
        }
        for grant in &grants {
            assert!(
                grant.claimed <= grant.vested && grant.vested <= grant.amount,
                "{grant:?}"
            );
            assert_eq!(grant.claimable, grant.vested - grant.claimed);
        }
        assert_eq!(self.vcai(&self.peers.allocation), held.u128() + self.gifts);
        assert_eq!(self.usdt(&self.peers.allocation), 0);
    }
}

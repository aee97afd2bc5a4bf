//! A chain with genesis tokens, VCAI and people.

use std::fmt::Debug;

use cosmwasm_std::{coins, Addr, Coin, Empty, Timestamp, Uint128};
use cw721::msg::{NumTokensResponse, OwnerOfResponse, TokensResponse};
use cw721::receiver::Cw721ReceiveMsg;
use cw_multi_test::error::{AnyError, AnyResult};
use cw_multi_test::{App, AppResponse, BankSudo, Contract, ContractWrapper, Executor, SudoMsg};
use interfaces::genesis_nft::*;
use interfaces::vcai;
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::stand_in;

pub const DENOM: &str = "uusdt";
/// 2026-01-05 00:00 UTC.
pub const START: u64 = 1_767_571_200;
pub const DAY: u64 = 86_400;
pub const MONTH: u64 = 2_629_800;
pub const ONE: u128 = 1_000_000;
pub const PRICE: u128 = 500 * ONE;
pub const OPENS: u64 = START + DAY;
pub const CLOSES: u64 = START + 30 * DAY;
pub const DEADLINE: u64 = START + 90 * DAY;
pub const PEOPLE: [&str; 4] = ["alice", "bob", "carol", "dave"];

pub struct World {
    pub app: App,
    pub nft: Addr,
    pub vcai: Addr,
    /// A contract that receives tokens.
    pub shop: Addr,
    /// Stablecoin given to the contract by nobody's purchase.
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

pub fn sale() -> Sale {
    Sale {
        price: PRICE.into(),
        tokens: 3_000,
        per_wallet: 100,
        opens: OPENS,
        listed_until: None,
        closes: CLOSES,
        deadline: DEADLINE,
    }
}

pub fn contract() -> Box<dyn Contract<Empty>> {
    use genesis_nft::contract::{execute, instantiate, migrate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
}

fn create<T: Serialize>(app: &mut App, contract: Box<dyn Contract<Empty>>, msg: &T, name: &str) -> AnyResult<Addr> {
    let creator = app.api().addr_make("creator");
    let code = app.store_code(contract);
    app.instantiate_contract(code, creator, msg, &[], name, None)
}

fn create_vcai(app: &mut App) -> Addr {
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
    .unwrap()
}

impl World {
    /// On the first day of the sale.
    pub fn new() -> Self {
        let mut world = Self::with(sale()).unwrap();
        world.at(OPENS);
        world
    }

    pub fn with(sale: Sale) -> AnyResult<Self> {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(START));
        let vcai = create_vcai(&mut app);
        let shop = create(&mut app, stand_in::contract(), &Empty {}, "shop")?;
        let user = |name: &str| app.api().addr_make(name).into_string();
        let msg = InstantiateMsg {
            name: "Vcity Genesis".into(),
            symbol: "VGEN".into(),
            base_uri: Some("ipfs://genesis/".into()),
            owner: user("owner"),
            allocation: user("allocation"),
            treasury: user("treasury"),
            vcai: vcai.to_string(),
            denom: DENOM.into(),
            sale,
        };
        let nft = create(&mut app, contract(), &msg, "genesis")?;
        Ok(Self {
            app,
            nft,
            vcai,
            shop,
            gifts: 0,
        })
    }

    /// After a TGE, alice with so many tokens.
    pub fn after_tge(tokens: u32) -> Self {
        let mut world = Self::new();
        if tokens > 0 {
            world.buy("alice", tokens);
        }
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

    pub fn send(&mut self, name: &str, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        let (sender, nft) = (self.user(name), self.nft.clone());
        self.try_with(&sender, &nft, msg, &[])
    }

    pub fn ok(&mut self, name: &str, msg: ExecuteMsg) -> AppResponse {
        let response = self
            .send(name, &msg)
            .unwrap_or_else(|error| panic!("{msg:?}: {}", error.root_cause()));
        self.check_laws();
        response
    }

    pub fn refused(&mut self, name: &str, msg: ExecuteMsg) -> u16 {
        let before = self.app.dump_wasm_raw(&self.nft);
        let error = self.send(name, &msg).expect_err("not refused");
        let (contract, code) = code(&error);
        assert_eq!(contract, "genesis", "{}", error.root_cause());
        assert_eq!(self.app.dump_wasm_raw(&self.nft), before);
        code
    }

    pub fn try_buy(&mut self, name: &str, quantity: u32, funds: &[Coin]) -> AnyResult<AppResponse> {
        let (user, nft) = (self.user(name), self.nft.clone());
        if !funds.is_empty() {
            let mint = BankSudo::Mint {
                to_address: user.to_string(),
                amount: funds.to_vec(),
            };
            self.app.sudo(SudoMsg::Bank(mint)).unwrap();
        }
        self.try_with(&user, &nft, &ExecuteMsg::Buy { quantity }, funds)
    }

    pub fn buy(&mut self, name: &str, quantity: u32) -> AppResponse {
        let funds = coins(PRICE * u128::from(quantity), DENOM);
        let response = self
            .try_buy(name, quantity, &funds)
            .unwrap_or_else(|error| panic!("{}", error.root_cause()));
        self.check_laws();
        response
    }

    pub fn buy_refused(&mut self, name: &str, quantity: u32) -> u16 {
        let funds = coins((PRICE * u128::from(quantity)).max(1), DENOM);
        code(&self.try_buy(name, quantity, &funds).expect_err("sold")).1
    }

    /// The event as `token-allocation` does it: release, then the airdrop.
    pub fn tge(&mut self) {
        let proceeds: ProceedsResponse = self.query(&QueryMsg::Proceeds {});
        self.send("allocation", &ExecuteMsg::Release {}).unwrap();
        let transfer = vcai::ExecuteMsg::Transfer {
            recipient: self.nft.to_string(),
            amount: proceeds.airdrop,
        };
        let (allocation, vcai) = (self.user("allocation"), self.vcai.clone());
        self.try_with(&allocation, &vcai, &transfer, &[]).unwrap();
        self.check_laws();
    }

    pub fn transfer(&mut self, from: &str, to: &str, id: &str) {
        let recipient = self.user(to).into();
        let token_id = id.into();
        self.ok(from, ExecuteMsg::TransferNft { recipient, token_id });
    }

    pub fn claim(&mut self, name: &str, ids: &[&str]) -> u128 {
        let user = self.user(name);
        let before = self.vcai(&user);
        self.ok(name, claim(ids));
        self.vcai(&user) - before
    }

    // ---- answers ----

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.try_query(msg).unwrap()
    }

    pub fn try_query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> cosmwasm_std::StdResult<T> {
        self.app.wrap().query_wasm_smart(&self.nft, msg)
    }

    pub fn overview(&self) -> OverviewResponse {
        self.query(&QueryMsg::Overview {})
    }

    pub fn claim_row(&self, id: &str) -> ClaimResponse {
        self.query(&QueryMsg::Claim { token_id: id.into() })
    }

    pub fn owner_of(&self, id: &str) -> OwnerOfResponse {
        self.query(&QueryMsg::OwnerOf {
            token_id: id.into(),
            include_expired: None,
        })
    }

    pub fn all_tokens(&self) -> Vec<String> {
        let mut all: Vec<String> = vec![];
        loop {
            let page: TokensResponse = self.query(&QueryMsg::AllTokens {
                start_after: all.last().cloned(),
                limit: Some(100),
            });
            if page.tokens.is_empty() {
                return all;
            }
            all.extend(page.tokens);
        }
    }

    pub fn received(&self) -> Vec<Cw721ReceiveMsg> {
        self.app.wrap().query_wasm_smart(&self.shop, &Empty {}).unwrap()
    }

    pub fn vcai(&self, owner: &Addr) -> u128 {
        kit::balance::raw(&self.app.wrap(), &self.vcai, owner).unwrap().u128()
    }

    pub fn usdt(&self, owner: &Addr) -> u128 {
        self.app.wrap().query_balance(owner, DENOM).unwrap().amount.u128()
    }

    /// Before the TGE the price of every live token is here, to the unit; after it what is not claimed on them is; airdrop = claimed + forfeited + unclaimed.
    pub fn check_laws(&self) {
        let shown = self.overview();
        let all = self.all_tokens();
        let count: NumTokensResponse = self.query(&QueryMsg::NumTokens {});
        assert_eq!(all.len() as u64, count.count);
        assert_eq!(count.count, u64::from(shown.alive));
        assert!(shown.alive <= shown.sold && shown.sold <= shown.sale.tokens);
        let bought: u32 = PEOPLE.iter().map(|name| self.buyer(name).bought).sum();
        assert_eq!(bought, shown.sold, "the mint counters");
        assert_eq!(self.usdt(&self.nft), shown.held.u128() + self.gifts);
        let unclaimed: Uint128 = all.iter().map(|id| self.claim_row(id).unclaimed).sum();
        assert!(unclaimed.u128() <= 30_000_000 * ONE);
        match shown.tge_at {
            None => assert_eq!(shown.held.u128(), PRICE * u128::from(shown.alive)),
            Some(_) => {
                assert!(shown.held.is_zero());
                assert_eq!(self.vcai(&self.nft), unclaimed.u128(), "what is not claimed is here");
                assert_eq!(self.vcai(&self.user("treasury")), shown.forfeited.u128());
            }
        }
    }

    pub fn buyer(&self, name: &str) -> BuyerResponse {
        let address = self.user(name).into();
        self.query(&QueryMsg::Buyer { address })
    }
}

pub fn claim(ids: &[&str]) -> ExecuteMsg {
    ExecuteMsg::Claim {
        tokens: ids.iter().map(|id| (*id).to_owned()).collect(),
    }
}

pub fn burn(id: &str) -> ExecuteMsg {
    ExecuteMsg::Burn { token_id: id.into() }
}

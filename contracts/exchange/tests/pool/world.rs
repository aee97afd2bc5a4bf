//! A chain with one pool and its users, and the laws that hold after every message.

use cosmwasm_schema::serde::de::DeserializeOwned;
use cosmwasm_std::{coin, coins, to_json_binary, Addr, Binary, Coin, Order, Timestamp, Uint128, Uint256};
use cw_multi_test::error::AnyError;
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use exchange::state::{Pool, LPS};
use interfaces::exchange::*;
use interfaces::l_coin::ExecuteMsg as CoinMsg;
use math::amm::LOCKED_SHARES;

use crate::hostile;

/// 2026-01-05 00:00 UTC.
pub const START: u64 = 1_767_571_200;
pub const HOUR: u64 = 3_600;
pub const DAY: u64 = 86_400;
/// One token in base units.
pub const ONE: u128 = 1_000_000;
/// What every user has of both assets.
pub const WEALTH: u128 = 1_000_000 * ONE;
pub const USERS: [&str; 5] = ["alice", "bob", "carol", "dave", "mallory"];

/// What an asset is made of.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Coin,
    Token,
    /// A token that calls back.
    Hostile,
}

pub struct World {
    pub app: App,
    pub pool: Addr,
    pub assets: [Asset; 2],
    /// k and T after the last message.
    product: Uint256,
    shares: u128,
}

pub fn amount(value: u128) -> Uint128 {
    Uint128::new(value)
}

pub fn amounts(pair: [u128; 2]) -> [Uint128; 2] {
    pair.map(Uint128::new)
}

/// The number in `[exchange:<number>]` of an error.
pub fn code(error: &AnyError) -> u16 {
    let text = error.root_cause().to_string();
    let number = text
        .strip_prefix("[exchange:")
        .and_then(|rest| rest.split(']').next()?.parse().ok());
    number.unwrap_or_else(|| panic!("not an error of the pool: {text}"))
}

/// The message to a CW20.
pub fn hook(msg: &Cw20Hook) -> Binary {
    to_json_binary(msg).unwrap()
}

pub fn swap_hook() -> Cw20Hook {
    Cw20Hook::Swap {
        min_out: Uint128::zero(),
        deadline: None,
        to: None,
    }
}

impl World {
    /// Two tokens, as the LCO/Credit pool, withdrawals not announced.
    pub fn tokens() -> Self {
        Self::new([Kind::Token, Kind::Token], false)
    }

    /// Two coins of the chain.
    pub fn coins() -> Self {
        Self::new([Kind::Coin, Kind::Coin], false)
    }

    pub fn new(kinds: [Kind; 2], announced: bool) -> Self {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(START));
        let [base, quote] = kinds;
        let assets = [create(&mut app, base, "ubase"), create(&mut app, quote, "uquote")];
        let wealth = |asset: &Asset| match asset {
            Asset::Native { denom } => Some(coin(WEALTH, denom)),
            Asset::Cw20 { .. } => None,
        };
        for name in USERS {
            let address = app.api().addr_make(name);
            let coins: Vec<Coin> = assets.iter().filter_map(wealth).collect();
            app.init_modules(|router, _, storage| router.bank.init_balance(storage, &address, coins))
                .unwrap();
        }
        let code = app.store_code(pool_contract());
        let msg = instantiate_msg(&app, assets.clone(), announced);
        let creator = app.api().addr_make("creator");
        let pool = app
            .instantiate_contract(code, creator, &msg, &[], "exchange", None)
            .unwrap();
        Self {
            app,
            pool,
            assets,
            product: Uint256::zero(),
            shares: 0,
        }
    }

    /// A pool with alice's 40,000 of the base and 10,000 of the quote asset: 1 base unit is 0.25 quote units.
    pub fn filled(mut self) -> Self {
        self.provide("alice", [40_000 * ONE, 10_000 * ONE]).unwrap();
        self.wait(5);
        self
    }

    // ---- people and time ----

    pub fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    /// One block later, some seconds later.
    pub fn wait(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += 1;
        });
    }

    // ---- messages ----

    /// Sends a message to the pool, and checks the laws.
    pub fn send(&mut self, name: &str, msg: &ExecuteMsg, funds: &[Coin]) -> Result<AppResponse, u16> {
        let (sender, pool) = (self.user(name), self.pool.clone());
        let outcome = self.app.execute_contract(sender, pool, msg, funds);
        self.check_laws();
        outcome.map_err(|error| code(&error))
    }

    /// Sends any message to any contract, and checks the laws.
    pub fn call<T>(&mut self, sender: &Addr, contract: &str, msg: &T) -> Result<AppResponse, AnyError>
    where
        T: cosmwasm_schema::serde::Serialize + std::fmt::Debug,
    {
        let outcome = self
            .app
            .execute_contract(sender.clone(), Addr::unchecked(contract), msg, &[]);
        self.check_laws();
        outcome
    }

    pub fn asset(&self, side: Side) -> Asset {
        match side {
            Side::Base => self.assets[0].clone(),
            Side::Quote => self.assets[1].clone(),
        }
    }

    /// Pays `paid` of one asset with a hook, or the message of the same name.
    pub fn pay(&mut self, name: &str, side: Side, paid: u128, hook_msg: &Cw20Hook) -> Result<AppResponse, u16> {
        match self.asset(side) {
            Asset::Native { denom } => {
                let msg = match hook_msg.clone() {
                    Cw20Hook::Swap { min_out, deadline, to } => ExecuteMsg::Swap { min_out, deadline, to },
                    Cw20Hook::SwapExactOut { out, deadline, to } => ExecuteMsg::SwapExactOut { out, deadline, to },
                };
                let funds = if paid == 0 { vec![] } else { coins(paid, denom) };
                self.send(name, &msg, &funds)
            }
            Asset::Cw20 { address } => {
                let msg = CoinMsg::Send {
                    contract: self.pool.to_string(),
                    amount: amount(paid),
                    msg: hook(hook_msg),
                };
                self.call(&self.user(name), &address, &msg)
                    .map_err(|error| code(&error))
            }
        }
    }

    /// Swaps and answers what was received.
    pub fn swap(&mut self, name: &str, side: Side, paid: u128) -> Result<u128, u16> {
        let before = self.wealth(name);
        self.pay(name, side, paid, &swap_hook())?;
        let after = self.wealth(name);
        let received = side.other() as usize;
        Ok(after[received] - before[received])
    }

    /// Buys exactly `out` of one asset with at most all of the other, and answers what was paid.
    pub fn buy(&mut self, name: &str, side: Side, out: u128) -> Result<u128, u16> {
        let (before, pay) = (self.wealth(name), side.other());
        let msg = Cw20Hook::SwapExactOut {
            out: amount(out),
            deadline: None,
            to: None,
        };
        self.pay(name, pay, before[pay as usize], &msg)?;
        let after = self.wealth(name);
        assert_eq!(
            after[side as usize] - before[side as usize],
            out,
            "exactly what was asked"
        );
        Ok(before[pay as usize] - after[pay as usize])
    }

    /// Allows the pool to take what is offered, and offers it.
    pub fn provide(&mut self, name: &str, offered: [u128; 2]) -> Result<u128, u16> {
        let before = self.shares_of(name);
        self.offer(name, offered, 0, None)?;
        Ok(self.shares_of(name) - before)
    }

    pub fn offer(
        &mut self,
        name: &str,
        offered: [u128; 2],
        min_shares: u128,
        deadline: Option<u64>,
    ) -> Result<AppResponse, u16> {
        let mut funds = vec![];
        for (asset, offered) in self.assets.clone().into_iter().zip(offered) {
            match asset {
                Asset::Native { denom } if offered > 0 => funds.push(coin(offered, denom)),
                Asset::Native { .. } => {}
                Asset::Cw20 { address } => self.allow(name, &address, offered),
            }
        }
        let msg = ExecuteMsg::Provide {
            amounts: amounts(offered),
            min_shares: amount(min_shares),
            deadline,
        };
        self.send(name, &msg, &funds)
    }

    fn allow(&mut self, name: &str, token: &str, offered: u128) {
        if offered == 0 {
            return;
        }
        let msg = CoinMsg::IncreaseAllowance {
            spender: self.pool.to_string(),
            amount: amount(offered),
            expires: None,
        };
        self.call(&self.user(name), token, &msg).unwrap();
    }

    pub fn withdraw(&mut self, name: &str, shares: u128) -> Result<[u128; 2], u16> {
        let before = self.wealth(name);
        let msg = ExecuteMsg::Withdraw {
            shares: amount(shares),
            min_amounts: amounts([0, 0]),
        };
        self.send(name, &msg, &[])?;
        let after = self.wealth(name);
        Ok([after[0] - before[0], after[1] - before[1]])
    }

    pub fn announce(&mut self, name: &str, shares: u128) -> Result<AppResponse, u16> {
        let shares = amount(shares);
        self.send(name, &ExecuteMsg::AnnounceWithdrawal { shares }, &[])
    }

    /// Gives without a message.
    pub fn donate(&mut self, name: &str, side: Side, value: u128) {
        let (sender, pool) = (self.user(name), self.pool.clone());
        match self.asset(side) {
            Asset::Native { denom } => {
                self.app.send_tokens(sender, pool, &coins(value, denom)).unwrap();
            }
            Asset::Cw20 { address } => {
                let msg = CoinMsg::Transfer {
                    recipient: pool.to_string(),
                    amount: amount(value),
                };
                self.call(&sender, &address, &msg).unwrap();
            }
        }
        self.check_laws();
    }

    // ---- questions ----

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.pool, msg).unwrap()
    }

    /// A question that must be refused; the code of the refusal.
    pub fn refused(&self, msg: &QueryMsg) -> u16 {
        let answer: Result<cosmwasm_std::Empty, _> = self.app.wrap().query_wasm_smart(&self.pool, msg);
        let text = answer.unwrap_err().to_string();
        let number = text
            .split("[exchange:")
            .nth(1)
            .and_then(|rest| rest.split(']').next()?.parse().ok());
        number.unwrap_or_else(|| panic!("not an error of the pool: {text}"))
    }

    pub fn market(&self) -> MarketResponse {
        self.query(&QueryMsg::Market {})
    }

    pub fn reserves(&self) -> [u128; 2] {
        self.market().reserves.map(|reserve| reserve.u128())
    }

    pub fn shares_of(&self, name: &str) -> u128 {
        let address = self.user(name).into_string();
        self.query::<cw20::BalanceResponse>(&QueryMsg::Balance { address })
            .balance
            .u128()
    }

    pub fn holds(&self, asset: &Asset, address: &Addr) -> u128 {
        let wrap = self.app.wrap();
        match asset {
            Asset::Native { denom } => wrap.query_balance(address, denom).unwrap().amount.u128(),
            Asset::Cw20 { address: token } => {
                let question = cw20::Cw20QueryMsg::Balance {
                    address: address.to_string(),
                };
                let answer: cw20::BalanceResponse = wrap.query_wasm_smart(token, &question).unwrap();
                answer.balance.u128()
            }
        }
    }

    /// What a user has of both assets.
    pub fn wealth(&self, name: &str) -> [u128; 2] {
        let user = self.user(name);
        [self.holds(&self.assets[0], &user), self.holds(&self.assets[1], &user)]
    }

    // ---- laws ----

    /// The balance of each asset is at least its reserve; T is the sum of the LPs' shares and the locked ones; k / T² never falls; neither reserve is ever empty again.
    pub fn check_laws(&mut self) {
        let storage = self.app.contract_storage(&self.pool);
        let pool = Pool::load(&*storage).unwrap();
        let sum: u128 = LPS
            .range(&*storage, .., Order::Ascending)
            .map(|row| row.unwrap().1.shares)
            .sum();
        drop(storage);
        for (asset, reserve) in self.assets.iter().zip(pool.reserves) {
            assert!(self.holds(asset, &self.pool) >= reserve, "the reserves are there");
        }
        let [base, quote] = pool.reserves;
        let product = Uint128::new(base).full_mul(quote);
        if self.shares > 0 {
            assert!(base > 0 && quote > 0, "never empty again");
            let square = |shares: u128| Uint128::new(shares).full_mul(shares);
            let (now, before) = (
                product.full_mul(square(self.shares)),
                self.product.full_mul(square(pool.shares)),
            );
            assert!(now >= before, "k / T² fell");
        }
        match pool.shares {
            0 => assert_eq!(sum, 0),
            shares => assert_eq!(sum + LOCKED_SHARES, shares, "T is the sum of all shares"),
        }
        self.product = product;
        self.shares = pool.shares;
    }
}

pub fn pool_contract() -> Box<dyn cw_multi_test::Contract<cosmwasm_std::Empty>> {
    use exchange::contract::{execute, instantiate, migrate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
}

pub fn instantiate_msg(app: &App, assets: [Asset; 2], announced: bool) -> InstantiateMsg {
    let user = |name: &str| app.api().addr_make(name).into_string();
    InstantiateMsg {
        owner: user("owner"),
        assets,
        announced,
        params: Params {
            fee_bps: 30,
            skim_recipient: user("treasury"),
        },
    }
}

/// An asset of which every user has [`WEALTH`] (coins are given out by the caller).
fn create(app: &mut App, kind: Kind, denom: &str) -> Asset {
    let creator = app.api().addr_make("creator");
    let address = match kind {
        Kind::Coin => return Asset::Native { denom: denom.into() },
        Kind::Hostile => hostile::create(app, &creator),
        Kind::Token => {
            use l_coin::contract::{execute, instantiate, query};
            let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
            let msg = interfaces::l_coin::InstantiateMsg {
                name: "Token".into(),
                symbol: "TOKEN".into(),
                decimals: 6,
                minter: creator.to_string(),
                marketing: None,
            };
            app.instantiate_contract(code, creator.clone(), &msg, &[], denom, None)
                .unwrap()
        }
    };
    for name in USERS {
        let msg = CoinMsg::Mint {
            recipient: app.api().addr_make(name).into_string(),
            amount: amount(WEALTH),
        };
        app.execute_contract(creator.clone(), address.clone(), &msg, &[])
            .unwrap();
    }
    Asset::Cw20 {
        address: address.into_string(),
    }
}

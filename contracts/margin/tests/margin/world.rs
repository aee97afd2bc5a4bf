//! A chain with the real L-Coin, credit vault and exchange, margin on top of them, and the laws that hold after every message.

use std::collections::BTreeMap;

use cosmwasm_schema::serde::{de::DeserializeOwned, Serialize};
use cosmwasm_std::{coin, coins, from_json, to_json_binary, Addr, Isqrt, Order, Timestamp, Uint128};
use cw20::{BalanceResponse, Cw20ExecuteMsg, Cw20QueryMsg};
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use interfaces::credit_vault as vault;
use interfaces::exchange::{self as pool, Asset, MarketResponse};
use interfaces::l_coin as coin_;
use interfaces::margin::*;
use margin::state::{lenders, pools, risk, Book, Place, OFFERS, OWNED, POSITIONS};
use math::liquidation::{kappa_long, kappa_short};

pub const DENOM: &str = "uusdt";
/// Monday 2026-01-05 00:00 UTC.
pub const START: u64 = 1_767_571_200;
pub const HOUR: u64 = 3_600;
pub const DAY: u64 = 86_400;
pub const YEAR: u64 = 365 * DAY;
/// One Credit, USDT or LCO in base units.
pub const ONE: u128 = 1_000_000;
/// What every user has of each token.
pub const WEALTH: u128 = 1_000_000 * ONE;
/// Liquidity of each token in the exchange: the price is 1.
pub const DEPTH: u128 = 500_000 * ONE;
/// What the lender lent of each token.
pub const LENT: u128 = 100_000 * ONE;

pub const USERS: [&str; 9] = [
    "alice", "bob", "carol", "dave", "keeper", "lender", "lp", "mallory", "whale",
];

/// A code such as `margin:13`, or the text of an error without one.
pub type Refusal = String;

pub struct World {
    pub app: App,
    pub credit: Addr,
    pub lco: Addr,
    pub exchange: Addr,
    pub margin: Addr,
    /// Tokens in the contract that belong to nobody.
    pub donated: BTreeMap<Token, u128>,
}

pub fn amount(value: u128) -> Uint128 {
    Uint128::new(value)
}

/// Whole tokens.
pub fn whole(tokens: u128) -> Uint128 {
    Uint128::new(tokens * ONE)
}

pub const CURVE: Curve = Curve {
    base_bps: 200,
    slope_bps: 1_000,
    steep_bps: 10_000,
    kink_bps: 8_000,
    cap_bps: 9_500,
};

pub fn default_params() -> Params {
    Params {
        initial_bps: 2_000,
        maintenance_bps: 1_000,
        target_bps: 1_500,
        full_close_bps: 400,
        penalty_bps: 250,
        bounty_bps: 50,
        fixed_bounty: whole(1),
        min_notional: whole(100),
        slippage_bps: 200,
        offer_seconds: 600,
        offer_max_bps: 800,
        position_cap_bps: 50,
        side_cap_bps: 500,
        interest_share_bps: 1_000,
        rest_loss_bps: 50,
        rest_seconds: DAY,
        credit_curve: CURVE,
        lco_curve: CURVE,
    }
}

pub fn margin_contract() -> Box<dyn cw_multi_test::Contract<cosmwasm_std::Empty>> {
    use margin::contract::{execute, instantiate, migrate, query, reply};
    Box::new(
        ContractWrapper::new(execute, instantiate, query)
            .with_reply(reply)
            .with_migrate(migrate),
    )
}

/// The number in `[<contract>:<number>]` of the innermost error.
fn refusal(error: &cw_multi_test::error::AnyError) -> Refusal {
    let text = error.root_cause().to_string();
    let code = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    code.map_or(text.clone(), |(code, _)| code.to_owned())
}

impl World {
    /// Liquidity at price 1 with an hour of history, 100,000 of each token lent, nothing borrowed.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// The same with other parameters.
    pub fn with(change: impl Fn(&mut Params)) -> Self {
        let mut world = Self::bare(change);
        world.provide("lp", DEPTH, DEPTH);
        world.advance(HOUR);
        for token in Token::ALL {
            world.supply("lender", token, LENT).unwrap();
        }
        world
    }

    /// Contracts and users, and nothing else.
    pub fn bare(change: impl Fn(&mut Params)) -> Self {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(START));
        let creator = app.api().addr_make("creator");
        let lco = Self::create_lco(&mut app, &creator);
        let credit = Self::create_vault(&mut app, &creator, &lco);
        let exchange = Self::create_exchange(&mut app, &creator, [&lco, &credit]);
        let mut params = default_params();
        change(&mut params);
        let msg = InstantiateMsg {
            owner: app.api().addr_make("owner").into(),
            operator: Some(app.api().addr_make("operator").into()),
            credit: credit.to_string(),
            lco: lco.to_string(),
            exchange: exchange.to_string(),
            params,
        };
        let code = app.store_code(margin_contract());
        let admin = Some(app.api().addr_make("timelock").into_string());
        let margin = app
            .instantiate_contract(code, creator.clone(), &msg, &[], "margin", admin)
            .unwrap();
        let mut world = Self {
            app,
            credit,
            lco,
            exchange,
            margin,
            donated: BTreeMap::new(),
        };
        for contract in [world.exchange.clone(), world.margin.clone()] {
            let register = vault::ExecuteMsg::RegisterContract {
                address: contract.into(),
            };
            world
                .app
                .execute_contract(world.user("timelock"), world.credit.clone(), &register, &[])
                .unwrap();
        }
        USERS.iter().for_each(|name| world.enrich(name, &creator));
        world
    }

    fn create_lco(app: &mut App, creator: &Addr) -> Addr {
        use l_coin::contract::{execute, instantiate, query};
        let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
        let msg = coin_::InstantiateMsg {
            name: "L-Coin".into(),
            symbol: "LCO".into(),
            decimals: 6,
            minter: creator.to_string(),
            marketing: None,
        };
        app.instantiate_contract(code, creator.clone(), &msg, &[], "l-coin", None)
            .unwrap()
    }

    fn create_vault(app: &mut App, creator: &Addr, lco: &Addr) -> Addr {
        use credit_vault::contract::{execute, instantiate, query, reply};
        let code = app.store_code(Box::new(
            ContractWrapper::new(execute, instantiate, query).with_reply(reply),
        ));
        let user = |name: &str| app.api().addr_make(name).into_string();
        let msg = vault::InstantiateMsg {
            owner: user("owner"),
            operator: None,
            denom: DENOM.into(),
            l_coin: lco.to_string(),
            timelock: user("timelock"),
            oracle: user("oracle"),
            peers: vault::Peers {
                tiers: None,
                fund: None,
                wars: None,
                launchpad: None,
            },
            registered: vec![],
            gateways: vec![],
            rates: vec![],
            params: vault::Params {
                close_window: DAY,
                weekly_mint_cap: whole(500_000),
                fund_floor_bps: 200,
                profit_share_bps: 2_000,
            },
        };
        app.instantiate_contract(code, creator.clone(), &msg, &[], "credit-vault", None)
            .unwrap()
    }

    fn create_exchange(app: &mut App, creator: &Addr, tokens: [&Addr; 2]) -> Addr {
        use exchange::contract::{execute, instantiate, query};
        let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
        let msg = pool::InstantiateMsg {
            owner: app.api().addr_make("owner").into(),
            assets: tokens.map(|token| Asset::Cw20 {
                address: token.to_string(),
            }),
            announced: true,
            params: pool::Params {
                fee_bps: 30,
                skim_recipient: app.api().addr_make("treasury").into(),
            },
        };
        app.instantiate_contract(code, creator.clone(), &msg, &[], "exchange", None)
            .unwrap()
    }

    fn enrich(&mut self, name: &str, minter: &Addr) {
        let user = self.user(name);
        let mint = Cw20ExecuteMsg::Mint {
            recipient: user.to_string(),
            amount: amount(WEALTH),
        };
        self.app
            .execute_contract(minter.clone(), self.lco.clone(), &mint, &[])
            .unwrap();
        self.app
            .init_modules(|router, _, storage| router.bank.init_balance(storage, &user, vec![coin(WEALTH, DENOM)]))
            .unwrap();
        let deposit = vault::ExecuteMsg::Deposit { to: None };
        self.app
            .execute_contract(user, self.credit.clone(), &deposit, &coins(WEALTH, DENOM))
            .unwrap();
    }

    pub fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub fn token(&self, token: Token) -> Addr {
        match token {
            Token::Credit => self.credit.clone(),
            Token::Lco => self.lco.clone(),
        }
    }

    // ---- time and price ----

    /// The next block, `seconds` later.
    pub fn advance(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += 1;
        });
    }

    pub fn provide(&mut self, name: &str, base: u128, quote: u128) {
        let user = self.user(name);
        for (token, allowed) in [(self.lco.clone(), base), (self.credit.clone(), quote)] {
            let allow = Cw20ExecuteMsg::IncreaseAllowance {
                spender: self.exchange.to_string(),
                amount: amount(allowed),
                expires: None,
            };
            self.app.execute_contract(user.clone(), token, &allow, &[]).unwrap();
        }
        let provide = pool::ExecuteMsg::Provide {
            amounts: [amount(base), amount(quote)],
            min_shares: Uint128::zero(),
            deadline: None,
        };
        self.app
            .execute_contract(user, self.exchange.clone(), &provide, &[])
            .unwrap();
    }

    /// So many per cent of a provider's liquidity leave, after the day's notice.
    pub fn leave(&mut self, name: &str, percent: u128) {
        let (user, exchange) = (self.user(name), self.exchange.clone());
        let address = user.to_string();
        let account: pool::AccountResponse = self.ask(&exchange, &pool::QueryMsg::Account { address });
        let shares = account.shares * amount(percent) / amount(100);
        let announce = pool::ExecuteMsg::AnnounceWithdrawal { shares };
        self.app
            .execute_contract(user.clone(), exchange.clone(), &announce, &[])
            .unwrap();
        self.advance(DAY);
        let min_amounts = [Uint128::zero(); 2];
        let withdraw = pool::ExecuteMsg::Withdraw { shares, min_amounts };
        self.app.execute_contract(user, exchange, &withdraw, &[]).unwrap();
    }

    pub fn market(&self) -> MarketResponse {
        self.ask(&self.exchange, &pool::QueryMsg::Market {})
    }

    /// Swaps on the exchange; answers what came out.
    pub fn swap(&mut self, name: &str, pay: Token, paid: u128) -> u128 {
        let before = self.balance(name, pay.other());
        let hook = pool::Cw20Hook::Swap {
            min_out: Uint128::zero(),
            deadline: None,
            to: None,
        };
        let send = Cw20ExecuteMsg::Send {
            contract: self.exchange.to_string(),
            amount: amount(paid),
            msg: to_json_binary(&hook).unwrap(),
        };
        self.app
            .execute_contract(self.user(name), self.token(pay), &send, &[])
            .unwrap();
        self.balance(name, pay.other()) - before
    }

    /// Trades within this block until the pool's price is about `ppm` millionths: by the square root of the ratio, so that k stays.
    pub fn push(&mut self, name: &str, ppm: u128) {
        let [base, quote] = self.market().reserves.map(|reserve| reserve.u128());
        let product = Uint128::new(base).full_mul(quote);
        let wanted_quote =
            Uint128::try_from((product * cosmwasm_std::Uint256::from(ppm) / cosmwasm_std::Uint256::from(ONE)).isqrt());
        let wanted_quote = wanted_quote.unwrap().u128();
        match wanted_quote > quote {
            true => {
                self.swap(name, Token::Credit, (wanted_quote - quote) * 10_015 / 10_000);
            }
            false => {
                let wanted_base = Uint128::try_from(product / cosmwasm_std::Uint256::from(wanted_quote))
                    .unwrap()
                    .u128();
                if wanted_base > base {
                    self.swap(name, Token::Lco, (wanted_base - base) * 10_015 / 10_000);
                }
            }
        }
    }

    /// A real move: the price changes and stays until mark has followed.
    pub fn move_price(&mut self, ppm: u128) {
        self.push("whale", ppm);
        self.advance(2 * HOUR);
    }

    // ---- messages ----

    /// Runs a message; after every one that succeeds the laws are checked.
    pub fn run(&mut self, sender: &Addr, msg: &ExecuteMsg) -> Result<AppResponse, Refusal> {
        let margin = self.margin.clone();
        let outcome = self.app.execute_contract(sender.clone(), margin, msg, &[]);
        self.judged(outcome)
    }

    pub fn exec(&mut self, name: &str, msg: &ExecuteMsg) -> Result<AppResponse, Refusal> {
        self.run(&self.user(name), msg)
    }

    /// Sends tokens with a message.
    pub fn send(&mut self, name: &str, token: Token, paid: u128, hook: &Cw20Hook) -> Result<AppResponse, Refusal> {
        let send = Cw20ExecuteMsg::Send {
            contract: self.margin.to_string(),
            amount: amount(paid),
            msg: to_json_binary(hook).unwrap(),
        };
        let outcome = self
            .app
            .execute_contract(self.user(name), self.token(token), &send, &[]);
        self.judged(outcome)
    }

    fn judged(&mut self, outcome: Result<AppResponse, cw_multi_test::error::AnyError>) -> Result<AppResponse, Refusal> {
        match outcome {
            Ok(response) => {
                self.check_laws();
                Ok(response)
            }
            Err(error) => Err(refusal(&error)),
        }
    }

    /// A transfer that says nothing.
    pub fn donate(&mut self, name: &str, token: Token, given: u128) {
        let transfer = Cw20ExecuteMsg::Transfer {
            recipient: self.margin.to_string(),
            amount: amount(given),
        };
        self.app
            .execute_contract(self.user(name), self.token(token), &transfer, &[])
            .unwrap();
        *self.donated.entry(token).or_default() += given;
    }

    pub fn supply(&mut self, name: &str, token: Token, lent: u128) -> Result<AppResponse, Refusal> {
        let min_shares = Uint128::zero();
        self.send(name, token, lent, &Cw20Hook::Supply { min_shares })
    }

    pub fn withdraw(&mut self, name: &str, token: Token, shares: Uint128) -> Result<WithdrawResponse, Refusal> {
        let response = self.exec(name, &ExecuteMsg::Withdraw { token, shares })?;
        Ok(from_json(response.data.unwrap()).unwrap())
    }

    pub fn open(&mut self, name: &str, side: Side, collateral: u128, borrow: u128) -> Result<u64, Refusal> {
        let hook = Cw20Hook::Open {
            side,
            borrow: amount(borrow),
            min_out: Uint128::zero(),
            deadline: None,
            position: None,
        };
        self.send(name, Token::Credit, collateral, &hook)?;
        Ok(Book::load(&*self.storage()).unwrap().positions)
    }

    pub fn close(&mut self, name: &str, position: u64) -> Result<AppResponse, Refusal> {
        let min_payout = Uint128::zero();
        let deadline = None;
        self.exec(
            name,
            &ExecuteMsg::Close {
                position,
                min_payout,
                deadline,
            },
        )
    }

    /// Liquidates. Whatever happens, lenders bear a part only when nothing is left of the Risk Reserve, in either token, nor of the pool's unclaimed interest.
    pub fn liquidate(&mut self, name: &str, position: u64) -> Result<AppResponse, Refusal> {
        let response = self.exec(name, &ExecuteMsg::Liquidate { position })?;
        if let Some(token) = attribute(&response, "socialized_loss", "token") {
            let left = Token::ALL.map(|token| self.pool(token).reserve.u128());
            assert_eq!(left, [0, 0], "the Risk Reserve comes first");
            let unclaimed = Token::ALL
                .into_iter()
                .find(|one| one.name() == token)
                .map(|token| self.pool(token).unclaimed);
            assert_eq!(unclaimed, Some(amount(0)), "the unclaimed interest comes first");
        }
        Ok(response)
    }

    // ---- answers ----

    pub fn ask<T: DeserializeOwned>(&self, contract: &Addr, msg: &impl Serialize) -> T {
        self.app.wrap().query_wasm_smart(contract, msg).unwrap()
    }

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.ask(&self.margin, msg)
    }

    pub fn pool(&self, token: Token) -> PoolResponse {
        self.query(&QueryMsg::Pool { token })
    }

    pub fn position(&self, position: u64) -> PositionResponse {
        self.query(&QueryMsg::Position { position })
    }

    pub fn exists(&self, position: u64) -> bool {
        POSITIONS.has(&*self.storage(), &position)
    }

    pub fn history(&self, name: &str) -> Vec<HistoryEntry> {
        self.query(&QueryMsg::History {
            owner: self.user(name).into(),
            start_before: None,
            limit: None,
        })
    }

    pub fn shares(&self, name: &str, token: Token) -> Uint128 {
        let address = self.user(name).into();
        let lent: LenderResponse = self.query(&QueryMsg::Lender { address });
        match token {
            Token::Credit => lent.credit_shares,
            Token::Lco => lent.lco_shares,
        }
    }

    pub fn balance(&self, name: &str, token: Token) -> u128 {
        self.balance_of(&self.user(name), token)
    }

    pub fn balance_of(&self, address: &Addr, token: Token) -> u128 {
        let address = address.to_string();
        let answer: BalanceResponse = self.ask(&self.token(token), &Cw20QueryMsg::Balance { address });
        answer.balance.u128()
    }

    pub fn storage(&self) -> Box<dyn cosmwasm_std::Storage + '_> {
        Box::new(Copy(self.app.dump_wasm_raw(&self.margin).into_iter().collect()))
    }

    // ---- laws ----

    /// What must hold after every message: the contract holds, to the unit, what its books say and what was donated; and the sums are sums.
    pub fn check_laws(&self) {
        let storage = &*self.storage();
        let book = Book::load(storage).unwrap();
        let positions: Vec<_> = POSITIONS
            .range(storage, .., Order::Ascending)
            .map(Result::unwrap)
            .collect();
        for token in Token::ALL {
            let pool = pools(token).may_load(storage, &()).unwrap().unwrap();
            let pots = (pool.cash + pool.reserve + book.held(token)).u128();
            let donated = self.donated.get(&token).copied().unwrap_or_default();
            assert_eq!(
                self.balance_of(&self.margin, token),
                pots + donated,
                "{token:?}: what is held is what is booked"
            );
            let of_token = || positions.iter().filter(|(_, row)| row.side.debt() == token);
            let shares: Uint128 = of_token().map(|(_, row)| row.shares).sum();
            assert_eq!(shares, pool.debt_shares, "debt shares");
            let held: Uint128 = positions
                .iter()
                .filter(|(_, row)| row.side.held() == token)
                .map(|(_, row)| row.held)
                .sum();
            assert_eq!(held, book.held(token), "held by positions");
            let lenders: Uint128 = lenders(token)
                .range(storage, .., Order::Ascending)
                .map(|row| row.unwrap().1)
                .sum();
            assert_eq!(lenders, pool.supply_shares, "supply shares");
            let owned = pool.cash.u128() + pool.debt().unwrap();
            assert!(pool.unclaimed.u128() <= owned, "unclaimed interest is within the pool");
        }
        let places: Vec<_> = [Side::Long, Side::Short]
            .into_iter()
            .flat_map(|side| {
                let rows = risk(side).range(storage, .., Order::Ascending);
                rows.map(|row| row.unwrap().0)
                    .map(|Place(kappa, id)| (side, kappa, id))
                    .collect::<Vec<_>>()
            })
            .collect();
        let mut expected: Vec<_> = positions
            .iter()
            .map(|(id, row)| {
                let kappa = match row.side {
                    Side::Long => kappa_long(row.shares.u128(), row.held.u128()),
                    Side::Short => kappa_short(row.held.u128(), row.shares.u128()),
                };
                (row.side, kappa.unwrap(), *id)
            })
            .collect();
        expected.sort_unstable();
        assert_eq!(places, expected, "every position has one place");
        for (id, row) in &positions {
            assert!(!row.shares.is_zero() && OWNED.has(storage, &(row.owner.clone(), *id)));
        }
        let owned = OWNED.range(storage, .., Order::Ascending).count();
        assert_eq!(owned, positions.len());
        for row in OFFERS.range(storage, .., Order::Ascending) {
            assert!(POSITIONS.has(storage, &row.unwrap().0), "an offer has its position");
        }
    }
}

/// An attribute of the first event of that kind.
pub fn attribute(response: &AppResponse, event: &str, key: &str) -> Option<String> {
    let kind = format!("wasm-{event}");
    let event = response.events.iter().find(|one| one.ty == kind)?;
    let found = event.attributes.iter().find(|one| one.key == key);
    found.map(|one| one.value.clone())
}

/// A copy of a contract's rows.
struct Copy(BTreeMap<Vec<u8>, Vec<u8>>);

impl cosmwasm_std::Storage for Copy {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.0.get(key).cloned()
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.0.insert(key.into(), value.into());
    }

    fn remove(&mut self, key: &[u8]) {
        self.0.remove(key);
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = (Vec<u8>, Vec<u8>)> + 'a> {
        use std::ops::Bound;
        let from = start.map_or(Bound::Unbounded, |key| Bound::Included(key.to_vec()));
        let to = end.map_or(Bound::Unbounded, |key| Bound::Excluded(key.to_vec()));
        if matches!((start, end), (Some(start), Some(end)) if start >= end) {
            return Box::new(std::iter::empty());
        }
        let rows = self
            .0
            .range((from, to))
            .map(|(key, value)| (key.clone(), value.clone()));
        match order {
            Order::Ascending => Box::new(rows),
            Order::Descending => Box::new(rows.rev()),
        }
    }
}

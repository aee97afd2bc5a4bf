//! A chain with market, coin, staking, governance and users, and the laws that hold after every message.

use std::collections::BTreeMap;

use cosmwasm_schema::serde::{de::DeserializeOwned, Serialize};
use cosmwasm_std::{to_json_binary, Addr, Empty, HexBinary, Order, Timestamp, Uint128};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use interfaces::prediction_market::*;
use interfaces::{governance, l_coin, lco_staking};
use prediction_market::market::Market;
use prediction_market::state::{Settled, Totals, POOLS, POSITIONS};

/// Monday 2026-01-05 00:00 UTC.
pub const MONDAY: u64 = 1_767_571_200;
pub const HOUR: u64 = 3_600;
pub const DAY: u64 = 86_400;
/// One LCO.
pub const ONE: u128 = 1_000_000;
/// What every user has.
pub const WEALTH: u128 = 500_000 * ONE;
/// Everybody who plays.
pub const USERS: [&str; 6] = ["alice", "bob", "carol", "dave", "erin", "mallory"];

/// When the markets of `World::market` close, and can be answered.
pub const CLOSE: u64 = 10 * DAY;
pub const RESOLVE: u64 = 11 * DAY;

pub struct World {
    pub app: App,
    pub market: Addr,
    pub coin: Addr,
    pub staking: Addr,
    pub governance: Addr,
}

pub fn amount(value: u128) -> Uint128 {
    Uint128::new(value)
}

pub fn lco(value: u128) -> Uint128 {
    Uint128::new(value * ONE)
}

pub fn hash(of: u8) -> HexBinary {
    HexBinary::from([of; 32])
}

/// The number in `[market:<number>]` of an error.
pub fn code(error: &cw_multi_test::error::AnyError) -> u16 {
    let text = error.root_cause().to_string();
    let number = text
        .strip_prefix("[market:")
        .and_then(|rest| rest.split(']').next()?.parse().ok());
    number.unwrap_or_else(|| panic!("not an error of the market: {text}"))
}

pub fn market_contract() -> Box<dyn cw_multi_test::Contract<Empty>> {
    use prediction_market::contract::{execute, instantiate, migrate, query, reply};
    let contract = ContractWrapper::new(execute, instantiate, query);
    Box::new(contract.with_reply(reply).with_migrate(migrate))
}

impl World {
    /// Everything configured: staking, governance, default parameters.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// The same after a change of the instantiate message.
    pub fn with(change: impl Fn(&mut InstantiateMsg)) -> Self {
        let mut world = Self::build(change);
        world.set_governance(&world.governance.clone());
        world
    }

    /// Without peers; staking and governance stand beside, unconnected.
    pub fn alone() -> Self {
        Self::build(|msg| msg.peers = Peers::default())
    }

    fn build(change: impl Fn(&mut InstantiateMsg)) -> Self {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(MONDAY));
        let coin = Self::create_coin(&mut app);
        let staking = Self::create_staking(&mut app, &coin);
        let mut msg = Self::instantiate_msg(&app, &coin, &staking);
        change(&mut msg);
        let code = app.store_code(market_contract());
        let creator = app.api().addr_make("creator");
        let admin = Some(app.api().addr_make("admin").to_string());
        let market = app
            .instantiate_contract(code, creator, &msg, &[], "market", admin)
            .unwrap();
        let governance = Self::create_governance(&mut app, &coin, &staking, &market);
        let mut world = Self {
            app,
            market,
            coin,
            staking,
            governance,
        };
        world.mint();
        world
    }

    /// Another market contract on the same chain; the code if it was refused.
    pub fn try_instantiate(&mut self, change: impl Fn(&mut InstantiateMsg)) -> Result<Addr, u16> {
        let mut msg = Self::instantiate_msg(&self.app, &self.coin, &self.staking);
        change(&mut msg);
        let id = self.app.store_code(market_contract());
        let creator = self.user("creator");
        let outcome = self.app.instantiate_contract(id, creator, &msg, &[], "market", None);
        outcome.map_err(|error| code(&error))
    }

    fn instantiate_msg(app: &App, coin: &Addr, staking: &Addr) -> InstantiateMsg {
        InstantiateMsg {
            owner: app.api().addr_make("owner").to_string(),
            operator: Some(app.api().addr_make("operator").to_string()),
            l_coin: coin.to_string(),
            peers: Peers {
                staking: Some(staking.to_string()),
                governance: None,
            },
            params: Params::default(),
        }
    }

    fn create_coin(app: &mut App) -> Addr {
        use ::l_coin::contract::{execute, instantiate, query};
        let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
        let creator = app.api().addr_make("creator");
        let msg = l_coin::InstantiateMsg {
            name: "L-Coin".into(),
            symbol: "LCO".into(),
            decimals: 6,
            minter: app.api().addr_make("minter").to_string(),
            marketing: None,
        };
        app.instantiate_contract(code, creator, &msg, &[], "l-coin", None)
            .unwrap()
    }

    fn create_staking(app: &mut App, coin: &Addr) -> Addr {
        use ::lco_staking::contract::{execute, instantiate, query};
        let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
        let creator = app.api().addr_make("creator");
        let msg = lco_staking::InstantiateMsg {
            owner: app.api().addr_make("owner").to_string(),
            l_coin: coin.to_string(),
            params: lco_staking::Params::default(),
        };
        app.instantiate_contract(code, creator, &msg, &[], "staking", None)
            .unwrap()
    }

    fn create_governance(app: &mut App, coin: &Addr, staking: &Addr, market: &Addr) -> Addr {
        use ::governance::contract::{execute, instantiate, query};
        let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
        let creator = app.api().addr_make("creator");
        let track = governance::Track {
            discussion: 7 * DAY,
            voting: 7 * DAY,
            timelock: DAY,
            window: 14 * DAY,
        };
        let msg = governance::InstantiateMsg {
            voting_module: staking.to_string(),
            deposit_token: coin.to_string(),
            prediction_market: Some(market.to_string()),
            appeals: None,
            network: None,
            params: governance::Params {
                deposit: lco(100),
                deposit_recipient: creator.to_string(),
                refund_bps: 500,
            },
            tracks: governance::Tracks {
                params: track,
                messages: track,
                market_outcome: governance::OutcomeTrack::default(),
                appeal: governance::OutcomeTrack::default(),
                floor: lco(1_000_000),
            },
        };
        app.instantiate_contract(code, creator, &msg, &[], "governance", None)
            .unwrap()
    }

    fn mint(&mut self) {
        let recipients = USERS.map(|name| l_coin::MintRecipient {
            address: self.user(name).to_string(),
            amount: amount(WEALTH),
        });
        let (minter, coin) = (self.user("minter"), self.coin.clone());
        let msg = l_coin::ExecuteMsg::MintBatch {
            recipients: recipients.to_vec(),
        };
        self.app.execute_contract(minter, coin, &msg, &[]).unwrap();
    }

    // ---- people and time ----

    pub fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    /// The next block, `seconds` later.
    pub fn wait(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += 1;
        });
    }

    /// Moves the clock to a moment after Monday.
    pub fn at(&mut self, seconds: u64) {
        self.wait(MONDAY + seconds - self.now());
    }

    // ---- messages ----

    fn checked(&mut self, outcome: AnyResult<AppResponse>) -> Result<AppResponse, u16> {
        self.check_laws();
        outcome.map_err(|error| code(&error))
    }

    /// Sends a message; the code if it was refused.
    pub fn try_exec(&mut self, sender: &Addr, msg: &ExecuteMsg) -> Result<AppResponse, u16> {
        let market = self.market.clone();
        let outcome = self.app.execute_contract(sender.clone(), market, msg, &[]);
        self.checked(outcome)
    }

    /// Sends a message of a user by name.
    pub fn tell(&mut self, name: &str, msg: ExecuteMsg) -> Result<AppResponse, u16> {
        let sender = self.user(name);
        self.try_exec(&sender, &msg)
    }

    /// Sends L-Coin with a hook.
    pub fn send(&mut self, name: &str, value: Uint128, hook: &Cw20Hook) -> Result<AppResponse, u16> {
        let msg = l_coin::ExecuteMsg::Send {
            contract: self.market.to_string(),
            amount: value,
            msg: to_json_binary(hook).unwrap(),
        };
        let (sender, coin) = (self.user(name), self.coin.clone());
        let outcome = self.app.execute_contract(sender, coin, &msg, &[]);
        self.checked(outcome)
    }

    /// Sends any message to any contract; must succeed.
    pub fn exec<T: Serialize + std::fmt::Debug>(&mut self, sender: &Addr, contract: &Addr, msg: &T) -> AppResponse {
        let outcome = self.app.execute_contract(sender.clone(), contract.clone(), msg, &[]);
        let response = outcome.unwrap_or_else(|error| panic!("{msg:?}: {}", error.root_cause()));
        self.check_laws();
        response
    }

    pub fn set_governance(&mut self, governance: &Addr) {
        let peers = Peers {
            staking: None,
            governance: Some(governance.to_string()),
        };
        self.tell("owner", ExecuteMsg::SetPeers { peers }).unwrap();
    }

    pub fn set_params(&mut self, change: impl FnOnce(&mut Params)) {
        let mut params = self.config().params;
        change(&mut params);
        self.tell("owner", ExecuteMsg::SetParams { params }).unwrap();
    }

    /// Opens a market with this ante in LCO and answers its id.
    pub fn open(&mut self, proposer: &str, outcomes: usize, ante: u128) -> u64 {
        let hook = proposal(outcomes, MONDAY + CLOSE, MONDAY + RESOLVE);
        self.send(proposer, lco(ante), &hook).unwrap();
        self.overview().markets
    }

    pub fn try_buy(&mut self, name: &str, market: u64, outcome: u8, value: u128) -> Result<AppResponse, u16> {
        self.send(name, amount(value), &buy(market, outcome))
    }

    /// Bets, and answers the shares.
    pub fn buy(&mut self, name: &str, market: u64, outcome: u8, value: u128) -> u128 {
        let response = self.try_buy(name, market, outcome, value).unwrap();
        attribute(&response, "buy", "shares").unwrap().parse().unwrap()
    }

    pub fn try_sell(&mut self, name: &str, market: u64, outcome: u8, shares: u128) -> Result<AppResponse, u16> {
        self.tell(name, sell(market, outcome, shares))
    }

    /// Sells, and answers the refund: what is paid at once and what is held back.
    pub fn sell(&mut self, name: &str, market: u64, outcome: u8, shares: u128) -> u128 {
        let response = self.try_sell(name, market, outcome, shares).unwrap();
        attribute(&response, "sell", "refund").unwrap().parse().unwrap()
    }

    /// What the next answer or dispute must send.
    pub fn next_bond(&self, market: u64) -> Uint128 {
        self.view(market).next_bond.unwrap()
    }

    pub fn answer(&mut self, name: &str, market: u64, answer: u8) -> Result<AppResponse, u16> {
        let bond = self.next_bond(market);
        let evidence = hash(1);
        self.send(
            name,
            bond,
            &Cw20Hook::Answer {
                market,
                answer,
                evidence,
            },
        )
    }

    pub fn dispute(&mut self, name: &str, market: u64, answer: u8) -> Result<AppResponse, u16> {
        let bond = self.next_bond(market);
        let evidence = hash(2);
        self.send(
            name,
            bond,
            &Cw20Hook::Dispute {
                market,
                answer,
                evidence,
            },
        )
    }

    /// Lets `dave` answer at the first moment, and settles a liveness later.
    pub fn resolve(&mut self, market: u64, answer: u8) {
        self.at(RESOLVE);
        self.answer("dave", market, answer).unwrap();
        self.wait(DAY);
        self.settle(market).unwrap();
    }

    pub fn settle(&mut self, market: u64) -> Result<AppResponse, u16> {
        self.tell("erin", ExecuteMsg::Settle { market })
    }

    /// Claims, and answers what was paid.
    pub fn claim(&mut self, name: &str, market: u64, waiver: bool) -> Result<u128, u16> {
        let before = self.balance(name);
        let response = self.tell(name, ExecuteMsg::Claim { market, waiver })?;
        let paid = attribute(&response, "claim", "paid").unwrap().parse().unwrap();
        // bonds that came back on the way apart
        if count(&response, "settled") == 0 {
            assert_eq!(self.balance(name) - before, paid, "what is said is what is paid");
        }
        Ok(paid)
    }

    /// Stakes so many LCO.
    pub fn stake(&mut self, name: &str, value: u128) {
        let msg = l_coin::ExecuteMsg::Send {
            contract: self.staking.to_string(),
            amount: lco(value),
            msg: to_json_binary(&lco_staking::Cw20Hook::Stake { r#for: None }).unwrap(),
        };
        let (sender, coin) = (self.user(name), self.coin.clone());
        self.exec(&sender, &coin, &msg);
    }

    pub fn vote(&mut self, name: &str, proposal: u64, answer: u8) {
        let choice = governance::Choice::Answer(answer);
        let (sender, governance) = (self.user(name), self.governance.clone());
        self.exec(&sender, &governance, &governance::ExecuteMsg::Vote { proposal, choice });
    }

    /// Ends a vote four days after it began.
    pub fn enact(&mut self, proposal: u64) -> AppResponse {
        self.wait(4 * DAY);
        let (sender, governance) = (self.user("erin"), self.governance.clone());
        self.exec(&sender, &governance, &governance::ExecuteMsg::Execute { proposal })
    }

    // ---- queries ----

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.market, msg).unwrap()
    }

    pub fn try_query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> Result<T, String> {
        let answer = self.app.wrap().query_wasm_smart(&self.market, msg);
        answer.map_err(|error| error.to_string())
    }

    pub fn overview(&self) -> OverviewResponse {
        self.query(&QueryMsg::Overview {})
    }

    pub fn config(&self) -> ConfigResponse {
        self.query(&QueryMsg::Config {})
    }

    pub fn view(&self, market: u64) -> MarketResponse {
        self.query(&QueryMsg::Market { market })
    }

    pub fn status(&self, market: u64) -> Status {
        self.view(market).status
    }

    pub fn position(&self, name: &str, market: u64) -> PositionResponse {
        let address = self.user(name).to_string();
        self.query(&QueryMsg::Position { market, address })
    }

    pub fn shares(&self, name: &str, market: u64, outcome: u8) -> u128 {
        let holdings = self.position(name, market).holdings;
        let held = holdings.iter().find(|holding| holding.outcome == outcome);
        held.map(|holding| holding.shares.u128()).unwrap_or_default()
    }

    pub fn balance_of(&self, address: &Addr) -> u128 {
        let msg = l_coin::QueryMsg::Balance {
            address: address.to_string(),
        };
        let balance: cw20::BalanceResponse = self.app.wrap().query_wasm_smart(&self.coin, &msg).unwrap();
        balance.balance.u128()
    }

    pub fn balance(&self, name: &str) -> u128 {
        self.balance_of(&self.user(name))
    }

    pub fn burned(&self) -> u128 {
        let msg = l_coin::QueryMsg::Minted {};
        let minted: l_coin::MintedResponse = self.app.wrap().query_wasm_smart(&self.coin, &msg).unwrap();
        minted.burned.u128()
    }

    // ---- laws ----

    /// Everything that must hold after every message, on the raw rows.
    pub fn check_laws(&self) {
        let storage = self.app.contract_storage(&self.market);
        let storage = storage.as_ref();
        let totals = Totals::load(storage).unwrap();
        let mut held: BTreeMap<u64, Vec<prediction_market::state::Position>> = BTreeMap::new();
        for row in POSITIONS.range(storage, .., Order::Ascending) {
            let ((_, market), position) = row.unwrap();
            held.entry(market).or_default().push(position);
        }
        let (mut open, mut unclaimed, mut bonds) = (0, 0, 0);
        let ids: Vec<_> = POOLS
            .range(storage, .., Order::Ascending)
            .map(|row| row.unwrap().0)
            .collect();
        assert_eq!(ids, (1..=totals.markets).collect::<Vec<_>>());
        for id in ids {
            let market = Market::load(storage, id).unwrap();
            let positions = held.remove(&id).unwrap_or_default();
            check_pool(&market);
            match &market.settled {
                None => {
                    check_positions(&market, &positions);
                    open += market.row.put_in();
                    bonds += market
                        .bonds(storage)
                        .unwrap()
                        .iter()
                        .map(|bond| bond.amount)
                        .sum::<u128>();
                }
                Some(settled) => {
                    check_weights(settled, &positions);
                    unclaimed += settled.payouts.left() + settled.burnable + settled.held_left;
                }
            }
        }
        assert!(held.is_empty(), "nobody holds anything in a market that is not there");
        assert_eq!(totals.open_interest.u128(), open, "open interest");
        assert_eq!(totals.unclaimed.u128(), unclaimed, "unclaimed");
        assert_eq!(totals.bonds.u128(), bonds, "bonds");
        assert_eq!(
            self.balance_of(&self.market),
            open + unclaimed + bonds,
            "the balance is what is owed"
        );
        assert_eq!(
            totals.burned.u128(),
            self.burned(),
            "what is said to be burned is burned"
        );
    }
}

fn check_pool(market: &Market) {
    let pool = &market.row.pool;
    let squares: u128 = pool.outcomes().iter().map(|outcome| outcome.shares.pow(2)).sum();
    assert!(pool.money().pow(2) >= squares, "P² ≥ Σs²");
    let money: i128 = pool.outcomes().iter().map(|outcome| outcome.money).sum();
    assert_eq!(money, i128::try_from(pool.money()).unwrap(), "ΣM = P");
}

fn check_positions(market: &Market, positions: &[prediction_market::state::Position]) {
    for (number, outcome) in market.row.pool.outcomes().iter().enumerate() {
        let holdings = positions.iter().flat_map(|position| &position.holdings);
        let held: Vec<_> = holdings
            .filter(|holding| usize::from(holding.outcome) == number)
            .collect();
        assert_eq!(
            held.iter().map(|holding| holding.shares).sum::<u128>(),
            outcome.shares,
            "Σ shares = s_i"
        );
        assert_eq!(
            held.iter().map(|holding| holding.money).sum::<i128>(),
            outcome.money,
            "Σ money = M_i"
        );
    }
    let held: u128 = positions.iter().map(|position| position.held).sum();
    assert_eq!(held, market.row.held, "Σ gains held back");
    let mut costs = 0;
    for position in positions {
        let money: i128 = position.holdings.iter().map(|holding| holding.money).sum();
        let cost = u128::try_from(money + i128::try_from(position.held).unwrap())
            .expect("nobody takes out more than he put in");
        assert_eq!(cost, position.net_cost());
        costs += cost;
    }
    assert_eq!(costs, market.row.put_in(), "what a void refunds is what is there");
}

fn check_weights(settled: &Settled, positions: &[prediction_market::state::Position]) {
    let left: u128 = positions.iter().map(|position| position.weight(settled.answer)).sum();
    assert_eq!(
        left, settled.payouts.weight_left,
        "the weight left is what the positions have"
    );
    let gains: u128 = positions.iter().map(|position| position.gain(settled.answer)).sum();
    assert_eq!(gains, settled.held_left, "the gains left are what the positions have");
    if left == 0 {
        assert_eq!(
            settled.payouts.left() + settled.burnable,
            0,
            "nothing is left when everybody claimed"
        );
    }
}

// ---- messages ----

pub fn proposal(outcomes: usize, close_at: u64, resolve_after: u64) -> Cw20Hook {
    Cw20Hook::Propose {
        question: "Who wins the final?".into(),
        outcomes: (0..outcomes).map(|number| format!("team {number}")).collect(),
        close_at,
        resolve_after,
        evidence_rule: "The result on the league's page.".into(),
    }
}

pub fn buy(market: u64, outcome: u8) -> Cw20Hook {
    let min_shares = Uint128::zero();
    Cw20Hook::Buy {
        market,
        outcome,
        min_shares,
    }
}

pub fn sell(market: u64, outcome: u8, shares: u128) -> ExecuteMsg {
    ExecuteMsg::Sell {
        market,
        outcome,
        shares: amount(shares),
        min_refund: Uint128::zero(),
    }
}

// ---- events ----

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

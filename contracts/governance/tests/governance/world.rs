//! A chain with governance, its deposit token, an electorate, a prediction market and a contract to be governed.

use cosmwasm_schema::serde::{de::DeserializeOwned, Serialize};
use cosmwasm_std::{to_json_binary, wasm_execute, Addr, Binary, CosmosMsg, Empty, Timestamp, Uint128};
use cw20::{BalanceResponse, Cw20ExecuteMsg, Cw20QueryMsg};
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use interfaces::governance::*;
use interfaces::l_coin;
use interfaces::voting::{Moment, Power};

use crate::stand_in::module::{self, ModuleMsg, Setup};
use crate::stand_in::puppet::{self, PuppetMsg, PuppetQuery, Seen};

/// Monday 2026-01-05 00:00 UTC.
pub const MONDAY: u64 = 1_767_571_200;
pub const DAY: u64 = 86_400;
/// One LCO.
pub const ONE: u128 = 1_000_000;
pub const DEPOSIT: u128 = 100 * ONE;
/// What every user has.
pub const WEALTH: u128 = 10_000 * ONE;
/// 10 % of the cap.
pub const FLOOR: u128 = 1_000_000 * ONE;
/// Stakes of the usual electorate, LCO.
pub const STAKES: [(&str, u128); 3] = [("alice", 600_000), ("bob", 500_000), ("carol", 300_000)];

pub struct World {
    pub app: App,
    pub gov: Addr,
    pub token: Addr,
    pub module: Addr,
    pub market: Addr,
    pub appeals: Addr,
    pub target: Addr,
}

pub fn track() -> Track {
    Track {
        discussion: 7 * DAY,
        voting: 7 * DAY,
        timelock: DAY,
        window: 14 * DAY,
    }
}

pub fn tracks() -> Tracks {
    Tracks {
        params: track(),
        messages: track(),
        market_outcome: OutcomeTrack {
            voting: 4 * DAY,
            quorum_bps: 1_000,
        },
        appeal: OutcomeTrack {
            voting: 4 * DAY,
            quorum_bps: 1_000,
        },
        floor: FLOOR.into(),
    }
}

/// The number in `[governance:<number>]` of a refusal.
pub fn code(error: &str) -> u16 {
    let number = error
        .strip_prefix("[governance:")
        .and_then(|rest| rest.split(']').next()?.parse().ok());
    number.unwrap_or_else(|| panic!("not an error of governance: {error}"))
}

#[track_caller]
pub fn refused<T: std::fmt::Debug>(result: Result<T, String>, expected: u16) {
    let error = result.unwrap_err();
    assert_eq!(code(&error), expected, "{error}");
}

pub fn create<T: Serialize>(app: &mut App, code: u64, msg: &T, label: &str) -> Addr {
    let creator = app.api().addr_make("creator");
    app.instantiate_contract(code, creator, msg, &[], label, None).unwrap()
}

pub fn create_token(app: &mut App) -> Addr {
    use ::l_coin::contract::{execute, instantiate, query};
    let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
    let msg = l_coin::InstantiateMsg {
        name: "L-Coin".into(),
        symbol: "LCO".into(),
        decimals: 6,
        minter: app.api().addr_make("minter").into(),
        marketing: None,
    };
    create(app, code, &msg, "coin")
}

impl World {
    /// Linear weight, no threshold, the usual electorate, staked a second ago.
    pub fn new() -> Self {
        let mut world = Self::empty(false);
        world.stake_all(&STAKES);
        world.advance(1);
        world
    }

    /// Nobody staked.
    pub fn empty(root: bool) -> Self {
        let setup = Setup {
            root,
            whale: Uint128::zero(),
        };
        Self::with(setup, |_| {}).unwrap()
    }

    /// After a change of the instantiate message.
    pub fn with(setup: Setup, change: impl Fn(&mut InstantiateMsg)) -> Result<Self, String> {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(MONDAY));
        let token = create_token(&mut app);
        let code = app.store_code(module::contract());
        let module = create(&mut app, code, &setup, "module");
        let code = app.store_code(puppet::contract());
        let [market, appeals, target] =
            ["market", "appeals", "target"].map(|label| create(&mut app, code, &Empty {}, label));
        let mut msg = InstantiateMsg {
            voting_module: module.to_string(),
            deposit_token: token.to_string(),
            prediction_market: Some(market.to_string()),
            appeals: Some(appeals.to_string()),
            network: None,
            params: Params {
                deposit: DEPOSIT.into(),
                deposit_recipient: app.api().addr_make("fund").into(),
                refund_bps: 500,
            },
            tracks: tracks(),
        };
        change(&mut msg);
        use governance::contract::{execute, instantiate, query};
        let code = app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
        let creator = app.api().addr_make("creator");
        let gov = app.instantiate_contract(code, creator, &msg, &[], "governance", None);
        let gov = gov.map_err(|error| error.root_cause().to_string())?;
        let mut world = Self {
            app,
            gov,
            token,
            module,
            market,
            appeals,
            target,
        };
        for name in ["alice", "bob", "carol", "dave", "mallory"] {
            world.mint(name, WEALTH);
        }
        Ok(world)
    }

    pub fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub fn moment(&self) -> Moment {
        Moment {
            height: self.app.block_info().height,
            time: self.now(),
        }
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

    pub fn act<T: Serialize + std::fmt::Debug>(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        msg: &T,
    ) -> Result<AppResponse, String> {
        let done = self.app.execute_contract(sender.clone(), contract.clone(), msg, &[]);
        done.map_err(|error| error.root_cause().to_string())
    }

    /// A message to governance.
    pub fn send(&mut self, sender: &str, msg: ExecuteMsg) -> Result<AppResponse, String> {
        let (sender, gov) = (self.user(sender), self.gov.clone());
        self.act(&sender, &gov, &msg)
    }

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.gov, msg).unwrap()
    }

    // ---- money and electorate ----

    pub fn mint(&mut self, name: &str, amount: u128) {
        let (minter, token, recipient) = (self.user("minter"), self.token.clone(), self.user(name).into());
        let amount = amount.into();
        self.act(&minter, &token, &l_coin::ExecuteMsg::Mint { recipient, amount })
            .unwrap();
    }

    pub fn balance(&self, of: &Addr) -> u128 {
        let address = of.to_string();
        let answer: BalanceResponse = self
            .app
            .wrap()
            .query_wasm_smart(&self.token, &Cw20QueryMsg::Balance { address })
            .unwrap();
        answer.balance.u128()
    }

    /// In force from the next second.
    pub fn stake(&mut self, name: &str, amount: u128) {
        let (account, module) = (self.user(name).to_string(), self.module.clone());
        let amount = amount.into();
        let sender = self.user(name);
        self.act(&sender, &module, &ModuleMsg::Stake { account, amount })
            .unwrap();
    }

    /// The module answers no more.
    pub fn break_module(&mut self) {
        let (sender, module) = (self.user("mallory"), self.module.clone());
        self.act(&sender, &module, &ModuleMsg::Break {}).unwrap();
    }

    /// In whole LCO.
    pub fn stake_all(&mut self, stakes: &[(&str, u128)]) {
        for (name, amount) in stakes {
            self.stake(name, amount * ONE);
        }
    }

    // ---- what is proposed ----

    pub fn set(&self, value: u64) -> CosmosMsg {
        self.to_target(&PuppetMsg::SetParams { value })
    }

    pub fn to_target(&self, msg: &PuppetMsg) -> CosmosMsg {
        wasm_execute(&self.target, msg, vec![]).unwrap().into()
    }

    pub fn to_self(&self, msg: &ExecuteMsg) -> CosmosMsg {
        wasm_execute(&self.gov, msg, vec![]).unwrap().into()
    }

    pub fn call(&self, value: u64) -> ParamsCall {
        ParamsCall {
            contract: self.target.to_string(),
            msg: to_json_binary(&PuppetMsg::SetParams { value }).unwrap(),
        }
    }

    pub fn params(&self, value: u64) -> Action {
        Action::Params {
            calls: vec![self.call(value)],
        }
    }

    pub fn messages(&self, value: u64) -> Action {
        Action::Messages {
            msgs: vec![self.set(value)],
        }
    }

    // ---- a proposal's life ----

    pub fn propose(&mut self, who: &str, action: Action) -> Result<u64, String> {
        self.propose_with(who, DEPOSIT, "A title", "Why", action)
    }

    pub fn propose_with(
        &mut self,
        who: &str,
        amount: u128,
        title: &str,
        description: &str,
        action: Action,
    ) -> Result<u64, String> {
        let hook = Cw20Hook::Propose {
            title: title.into(),
            description: description.into(),
            action,
        };
        let token = self.token.clone();
        self.send_hook(who, &token, amount, to_json_binary(&hook).unwrap())?;
        Ok(self.query::<OverviewResponse>(&QueryMsg::Overview {}).proposals)
    }

    pub fn send_hook(&mut self, who: &str, token: &Addr, amount: u128, msg: Binary) -> Result<AppResponse, String> {
        let msg = Cw20ExecuteMsg::Send {
            contract: self.gov.to_string(),
            amount: amount.into(),
            msg,
        };
        let sender = self.user(who);
        self.act(&sender, token, &msg)
    }

    pub fn vote(&mut self, who: &str, proposal: u64, choice: Choice) -> Result<AppResponse, String> {
        self.send(who, ExecuteMsg::Vote { proposal, choice })
    }

    pub fn execute(&mut self, proposal: u64) -> Result<AppResponse, String> {
        self.send("mallory", ExecuteMsg::Execute { proposal })
    }

    pub fn settle(&mut self, proposal: u64) -> Result<AppResponse, String> {
        self.send("mallory", ExecuteMsg::SettleDeposit { proposal })
    }

    pub fn withdraw(&mut self, who: &str, proposal: u64) -> Result<AppResponse, String> {
        self.send(who, ExecuteMsg::Withdraw { proposal })
    }

    pub fn proposal(&self, proposal: u64) -> ProposalResponse {
        self.query(&QueryMsg::Proposal { proposal })
    }

    pub fn status(&self, proposal: u64) -> Status {
        self.query(&QueryMsg::ProposalStatus { proposal })
    }

    /// Yes and no of a motion.
    pub fn tally(&self, proposal: u64) -> (Power, Power) {
        match self.proposal(proposal).subject {
            Subject::Motion { yes, no, .. } => (yes, no),
            Subject::Outcome { .. } | Subject::Appeal { .. } => panic!("no motion"),
        }
    }

    pub fn schedule(&self, proposal: u64) -> Schedule {
        self.proposal(proposal).summary.schedule
    }

    /// Proposes, and goes on to the first second of voting.
    pub fn in_voting(&mut self, action: Action) -> u64 {
        let id = self.propose("dave", action).unwrap();
        self.advance_to(self.schedule(id).voting_starts);
        id
    }

    /// Proposes, votes with alice and bob, and goes on to the first second of execution.
    pub fn ready(&mut self, action: Action) -> u64 {
        let id = self.in_voting(action);
        for who in ["alice", "bob"] {
            self.vote(who, id, Choice::Yes).unwrap();
        }
        self.advance_to(self.schedule(id).ready_at);
        assert_eq!(self.status(id), Status::Ready);
        id
    }

    /// Carries an action out.
    pub fn pass(&mut self, action: Action) -> Result<AppResponse, String> {
        let id = self.ready(action);
        self.execute(id)
    }

    pub fn pass_messages(&mut self, msgs: Vec<CosmosMsg>) -> Result<AppResponse, String> {
        self.pass(Action::Messages { msgs })
    }

    // ---- puppets ----

    pub fn seen(&self, puppet: &Addr) -> Seen {
        self.app.wrap().query_wasm_smart(puppet, &PuppetQuery::Seen {}).unwrap()
    }

    pub fn values(&self) -> Vec<u64> {
        self.seen(&self.target).values
    }

    pub fn fail(&mut self, puppet: &Addr, on: bool) {
        let sender = self.user("mallory");
        self.act(&sender, puppet, &PuppetMsg::Fail { on }).unwrap();
    }

    /// The market opens a vote, from the moment given to now.
    pub fn open(&mut self, market: u64, answers: &[u8], from: Moment) -> Result<u64, String> {
        let to = self.moment();
        self.open_between(market, answers, from, to)
    }

    pub fn open_between(&mut self, market: u64, answers: &[u8], from: Moment, to: Moment) -> Result<u64, String> {
        let msg = ExecuteMsg::OpenOutcome {
            market,
            answers: answers.to_vec(),
            from,
            to,
        };
        let relay = PuppetMsg::Relay {
            contract: self.gov.to_string(),
            msg: to_json_binary(&msg).unwrap(),
            swallow: false,
        };
        let (sender, puppet) = (self.user("mallory"), self.market.clone());
        self.act(&sender, &puppet, &relay)?;
        Ok(self.query::<OverviewResponse>(&QueryMsg::Overview {}).proposals)
    }
}

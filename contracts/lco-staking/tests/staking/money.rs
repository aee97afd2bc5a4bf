//! Money in and out, with the real token and with a hostile one.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    to_json_binary, Addr, Binary, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response, StdError,
    StdResult, SubMsg, Timestamp, Uint128, WasmMsg,
};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{App, AppResponse, Contract, ContractWrapper, Executor};
use interfaces::l_coin;
use interfaces::lco_staking::*;

use crate::bench::{amount, Bench, DAY, LCO, MONDAY, WEEK};

pub struct World {
    pub app: App,
    pub coin: Addr,
    pub staking: Addr,
}

pub fn staking() -> Box<dyn Contract<Empty>> {
    use lco_staking::contract::{execute, instantiate, migrate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
}

pub fn coin() -> Box<dyn Contract<Empty>> {
    use ::l_coin::contract::{execute, instantiate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

/// The number in `[<contract>:<number>]` of an error of the staking contract.
fn code<T: std::fmt::Debug>(outcome: AnyResult<T>) -> u16 {
    let text = outcome.unwrap_err().root_cause().to_string();
    let number = text
        .strip_prefix("[staking:")
        .and_then(|rest| rest.split(']').next()?.parse().ok());
    number.unwrap_or_else(|| panic!("not an error of the staking contract: {text}"))
}

impl World {
    pub fn new() -> Self {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(MONDAY));
        let minter = app.api().addr_make("minter");
        let coin = Self::create_coin(&mut app, &minter);
        let msg = InstantiateMsg {
            owner: app.api().addr_make("owner").to_string(),
            l_coin: coin.to_string(),
            params: Params::default(),
        };
        let code = app.store_code(staking());
        let staking = app
            .instantiate_contract(code, minter, &msg, &[], "staking", None)
            .unwrap();
        Self { app, coin, staking }
    }

    fn create_coin(app: &mut App, minter: &Addr) -> Addr {
        let msg = l_coin::InstantiateMsg {
            name: "L-Coin".into(),
            symbol: "LCO".into(),
            decimals: 6,
            minter: minter.to_string(),
            marketing: None,
        };
        let code = app.store_code(coin());
        app.instantiate_contract(code, minter.clone(), &msg, &[], "coin", None)
            .unwrap()
    }

    pub fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn rich(&mut self, name: &str, value: u128) -> Addr {
        let (user, minter, coin) = (self.user(name), self.user("minter"), self.coin.clone());
        let msg = l_coin::ExecuteMsg::Mint {
            recipient: user.to_string(),
            amount: amount(value),
        };
        self.app.execute_contract(minter, coin, &msg, &[]).unwrap();
        user
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

    pub fn hook(account: Option<&Addr>) -> Binary {
        to_json_binary(&Cw20Hook::Stake {
            r#for: account.map(Addr::to_string),
        })
        .unwrap()
    }

    fn send_coin(&mut self, coin: &Addr, user: &Addr, value: u128, msg: Binary) -> AnyResult<AppResponse> {
        let contract = self.staking.to_string();
        let msg = l_coin::ExecuteMsg::Send {
            contract,
            amount: amount(value),
            msg,
        };
        self.app.execute_contract(user.clone(), coin.clone(), &msg, &[])
    }

    pub fn stake(&mut self, user: &Addr, value: u128) -> AppResponse {
        let coin = self.coin.clone();
        let response = self.send_coin(&coin, user, value, Self::hook(None)).unwrap();
        self.check_law();
        response
    }

    pub fn exec(&mut self, user: &Addr, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        let outcome = self.app.execute_contract(user.clone(), self.staking.clone(), msg, &[]);
        self.check_law();
        outcome
    }

    pub fn unstake(&mut self, user: &Addr, value: u128) {
        self.exec(user, &ExecuteMsg::Unstake { amount: amount(value) }).unwrap();
    }

    pub fn claim(&mut self, user: &Addr) -> AnyResult<AppResponse> {
        self.exec(user, &ExecuteMsg::Claim {})
    }

    pub fn account(&self, user: &Addr) -> AccountResponse {
        let msg = QueryMsg::Account {
            address: user.to_string(),
        };
        self.app.wrap().query_wasm_smart(&self.staking, &msg).unwrap()
    }

    pub fn overview(&self) -> OverviewResponse {
        self.app
            .wrap()
            .query_wasm_smart(&self.staking, &QueryMsg::Overview {})
            .unwrap()
    }

    pub fn balance(&self, user: &Addr) -> u128 {
        let msg = l_coin::QueryMsg::Balance {
            address: user.to_string(),
        };
        let answer: cw20::BalanceResponse = self.app.wrap().query_wasm_smart(&self.coin, &msg).unwrap();
        answer.balance.u128()
    }

    /// The contract holds at least what is bonded and unbonding.
    fn check_law(&self) {
        let overview = self.overview();
        assert!(self.balance(&self.staking) >= (overview.bonded + overview.unbonding).u128());
    }
}

#[test]
fn stake_unstake_and_claim_move_the_coins() {
    let mut world = World::new();
    let alice = world.rich("alice", 60_000 * LCO);
    world.stake(&alice, 50_000 * LCO);
    assert_eq!(
        (world.balance(&alice), world.balance(&world.staking)),
        (10_000 * LCO, 50_000 * LCO)
    );
    assert_eq!(world.account(&alice).tier, Tier::Lv4);

    world.unstake(&alice, 20_000 * LCO);
    let account = world.account(&alice);
    assert_eq!((account.stake, account.tier), (amount(30_000 * LCO), Tier::Lv3));
    assert_eq!(
        account.unbonding,
        [Unbonding {
            amount: amount(20_000 * LCO),
            until: MONDAY + WEEK
        }]
    );
    assert_eq!(world.balance(&alice), 10_000 * LCO, "not yet");

    world.wait(WEEK - 1);
    assert_eq!(code(world.claim(&alice)), 3, "a second early");
    world.wait(1);
    world.claim(&alice).unwrap();
    assert_eq!(world.balance(&alice), 30_000 * LCO);
    assert_eq!(code(world.claim(&alice)), 3, "once");
    assert_eq!(world.balance(&world.staking), 30_000 * LCO);
}

#[test]
fn a_claim_too_early_is_told_when_to_come_back() {
    let mut world = World::new();
    let alice = world.rich("alice", LCO);
    world.stake(&alice, LCO);
    let says = |world: &mut World| world.claim(&alice).unwrap_err().root_cause().to_string();
    let expected = format!("[staking:3] nothing of {alice} can be claimed at {MONDAY}, and nothing is unbonding");
    assert_eq!(says(&mut world), expected);
    world.unstake(&alice, LCO);
    let due = MONDAY + WEEK;
    let expected = format!("[staking:3] nothing of {alice} can be claimed at {MONDAY}, the next is due at {due}");
    assert_eq!(says(&mut world), expected);
}

#[test]
fn stake_for_another_is_the_others() {
    let mut world = World::new();
    let (alice, bob) = (world.rich("alice", 1_000 * LCO), world.user("bob"));
    let coin = world.coin.clone();
    let response = world
        .send_coin(&coin, &alice, 1_000 * LCO, World::hook(Some(&bob)))
        .unwrap();
    let event = response.events.iter().find(|event| event.ty == "wasm-stake").unwrap();
    let attribute = |key: &str| {
        event
            .attributes
            .iter()
            .find(|other| other.key == key)
            .unwrap()
            .value
            .clone()
    };
    let expected = [
        bob.to_string(),
        alice.to_string(),
        "1000000000".into(),
        "1000000000".into(),
        "lv2".into(),
    ];
    assert_eq!(["account", "by", "amount", "stake", "tier"].map(attribute), expected);
    assert_eq!(
        (world.account(&bob).tier, world.account(&alice).tier),
        (Tier::Lv2, Tier::Lv1)
    );
    let all = ExecuteMsg::Unstake {
        amount: amount(1_000 * LCO),
    };
    assert_eq!(code(world.exec(&alice, &all)), 2, "whoever paid has no say");
    world.exec(&bob, &all).unwrap();
}

#[test]
fn refusals_of_stake_and_unstake_change_nothing() {
    let mut world = World::new();
    let alice = world.rich("alice", 100 * LCO);
    let coin = world.coin.clone();
    let before = world.overview();
    let nonsense = Binary::from(b"{\"bet\":{}}".as_slice());
    let nobody = Binary::from(b"{\"stake\":{\"for\":\"nobody\"}}".as_slice());
    for (value, msg) in [(10 * LCO, Binary::default()), (10 * LCO, nonsense), (10 * LCO, nobody)] {
        assert_eq!(code(world.send_coin(&coin, &alice, value, msg)), 900);
    }
    assert_eq!(world.overview(), before);
    assert_eq!(world.balance(&alice), 100 * LCO);
    world.stake(&alice, 10 * LCO);
    for (value, expected) in [(0, 1), (10 * LCO + 1, 2), (u128::MAX, 2)] {
        assert_eq!(
            code(world.exec(&alice, &ExecuteMsg::Unstake { amount: amount(value) })),
            expected
        );
    }
    world.unstake(&alice, 10 * LCO);
    assert_eq!(code(world.exec(&alice, &ExecuteMsg::Unstake { amount: amount(1) })), 2);
}

#[test]
fn stake_of_nothing_is_refused() {
    let mut bench = Bench::new();
    let (token, alice) = (bench.user("l-coin"), bench.user("alice"));
    assert_eq!(bench.refused(&token, Bench::notice(&alice, None, 0)), 1);
}

#[test]
fn another_token_cannot_be_staked() {
    let mut world = World::new();
    let minter = world.user("minter");
    let fake = World::create_coin(&mut world.app, &minter);
    let alice = world.user("alice");
    let mint = l_coin::ExecuteMsg::Mint {
        recipient: alice.to_string(),
        amount: amount(LCO),
    };
    world.app.execute_contract(minter, fake.clone(), &mint, &[]).unwrap();
    assert_eq!(code(world.send_coin(&fake, &alice, LCO, World::hook(None))), 911);
    // and nobody can claim to be the token
    let forged = Bench::notice(&alice, None, 1_000_000 * LCO);
    assert_eq!(code(world.exec(&alice, &forged)), 911);
    assert_eq!(world.overview().bonded, amount(0));
}

#[test]
fn coins_sent_without_the_hook_are_nobodys() {
    let mut world = World::new();
    let alice = world.rich("alice", 100 * LCO);
    world.stake(&alice, 10 * LCO);
    let before = world.overview();
    let msg = l_coin::ExecuteMsg::Transfer {
        recipient: world.staking.to_string(),
        amount: amount(90 * LCO),
    };
    let coin = world.coin.clone();
    world.app.execute_contract(alice, coin, &msg, &[]).unwrap();
    assert_eq!(world.overview(), before);
}

#[test]
fn what_is_unstaked_on_one_day_is_paid_together_a_week_after_the_last() {
    let mut world = World::new();
    let alice = world.rich("alice", 100 * LCO);
    world.stake(&alice, 100 * LCO);
    world.unstake(&alice, LCO);
    world.wait(DAY - 1);
    world.unstake(&alice, 2 * LCO);
    world.wait(1);
    world.unstake(&alice, 4 * LCO);
    let entry = |value, until| Unbonding {
        amount: amount(value),
        until,
    };
    let tuesday = MONDAY + DAY;
    assert_eq!(
        world.account(&alice).unbonding,
        [entry(3 * LCO, tuesday - 1 + WEEK), entry(4 * LCO, tuesday + WEEK)]
    );
    world.wait(WEEK - 2);
    assert_eq!(code(world.claim(&alice)), 3);
    world.wait(1);
    world.claim(&alice).unwrap();
    assert_eq!(world.balance(&alice), 3 * LCO);
    world.wait(1);
    world.claim(&alice).unwrap();
    assert_eq!(world.balance(&alice), 7 * LCO);
}

#[test]
fn unstaking_every_hour_for_a_month_keeps_the_list_short_and_loses_nothing() {
    let mut world = World::new();
    let alice = world.rich("alice", 1_000 * LCO);
    world.stake(&alice, 1_000 * LCO);
    let mut longest = 0;
    for _ in 0..30 * 24 {
        world.unstake(&alice, LCO);
        longest = longest.max(world.account(&alice).unbonding.len());
        world.wait(3_600);
    }
    assert_eq!(longest, 9);
    let account = world.account(&alice);
    let leaving: Uint128 = account.unbonding.iter().map(|entry| entry.amount).sum();
    assert_eq!(leaving, amount(720 * LCO));
    assert_eq!(
        account.unbonding[0].amount, account.claimable,
        "what is due is one entry"
    );
    // the hours of 22 days are more than a week old, and those of the 23rd as far as its last one is
    assert_eq!(account.claimable, amount(23 * 24 * LCO));
    world.wait(WEEK);
    world.claim(&alice).unwrap();
    assert_eq!(world.balance(&alice), 720 * LCO);
    assert_eq!(world.overview().unbonding, amount(0));
}

#[test]
fn nothing_an_owner_can_do_stops_the_way_out() {
    let mut world = World::new();
    let (alice, owner) = (world.rich("alice", 100_000 * LCO), world.user("owner"));
    world.stake(&alice, 100_000 * LCO);
    for times in [1, 100] {
        let params = crate::bench::tenths(times);
        world.exec(&owner, &ExecuteMsg::SetParams { params }).unwrap();
        world.unstake(&alice, 50_000 * LCO);
    }
    world.wait(WEEK);
    world.claim(&alice).unwrap();
    assert_eq!(world.balance(&alice), 100_000 * LCO);
}

// ---- a token that strikes back ----

#[cw_serde]
enum HostileMsg {
    /// Sends messages of its own accord.
    Do(Vec<CosmosMsg>),
    /// What it does while it is asked to pay; failures of these are swallowed.
    Arm(Vec<CosmosMsg>),
    Transfer {
        recipient: String,
        amount: Uint128,
    },
}

const ARMED: cw_storage_plus::Item<Vec<CosmosMsg>> = cw_storage_plus::Item::new("armed");
const PAID: cw_storage_plus::Item<Uint128> = cw_storage_plus::Item::new("paid");

fn hostile() -> Box<dyn Contract<Empty>> {
    fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        ARMED.save(deps.storage, &vec![])?;
        PAID.save(deps.storage, &Uint128::zero())?;
        Ok(Response::new())
    }

    fn execute(deps: DepsMut, _: Env, _: MessageInfo, msg: HostileMsg) -> StdResult<Response> {
        match msg {
            HostileMsg::Do(messages) => Ok(Response::new().add_messages(messages)),
            HostileMsg::Arm(messages) => ARMED.save(deps.storage, &messages).map(|()| Response::new()),
            HostileMsg::Transfer { amount, .. } => {
                PAID.update(deps.storage, |paid| Ok::<_, StdError>(paid + amount))?;
                let strikes = ARMED.load(deps.storage)?;
                ARMED.save(deps.storage, &vec![])?;
                let strikes = strikes.into_iter().map(|strike| SubMsg::reply_always(strike, 1));
                Ok(Response::new().add_submessages(strikes))
            }
        }
    }

    fn query(deps: Deps, _: Env, _: Empty) -> StdResult<Binary> {
        to_json_binary(&PAID.load(deps.storage)?)
    }

    fn reply(_: DepsMut, _: Env, _: Reply) -> StdResult<Response> {
        Ok(Response::new())
    }

    Box::new(ContractWrapper::new(execute, instantiate, query).with_reply(reply))
}

#[test]
fn reentry_through_a_hostile_token_is_paid_once() {
    let mut app = App::default();
    let owner = app.api().addr_make("owner");
    let code = app.store_code(hostile());
    let token = app
        .instantiate_contract(code, owner.clone(), &Empty {}, &[], "token", None)
        .unwrap();
    let code = app.store_code(staking());
    let msg = InstantiateMsg {
        owner: owner.to_string(),
        l_coin: token.to_string(),
        params: Params::default(),
    };
    let contract = app
        .instantiate_contract(code, owner.clone(), &msg, &[], "staking", None)
        .unwrap();
    let call = |msg: &ExecuteMsg| -> CosmosMsg {
        let msg = to_json_binary(msg).unwrap();
        WasmMsg::Execute {
            contract_addr: contract.to_string(),
            msg,
            funds: vec![],
        }
        .into()
    };
    let run = |app: &mut App, msg: HostileMsg| app.execute_contract(owner.clone(), token.clone(), &msg, &[]).unwrap();

    // the token is its own staker
    let staked = call(&Bench::notice(&token, None, 100));
    let unstake = call(&ExecuteMsg::Unstake { amount: amount(60) });
    run(&mut app, HostileMsg::Do(vec![staked, unstake]));
    app.update_block(|block| block.time = block.time.plus_seconds(WEEK));
    let again = call(&ExecuteMsg::Claim {});
    let more = call(&ExecuteMsg::Unstake { amount: amount(41) });
    // and somebody else's money lies there to be taken
    let bob = app.api().addr_make("bob");
    run(&mut app, HostileMsg::Do(vec![call(&Bench::notice(&bob, None, 1_000))]));
    let all = ExecuteMsg::Unstake { amount: amount(1_000) };
    app.execute_contract(bob, contract.clone(), &all, &[]).unwrap();
    run(&mut app, HostileMsg::Arm(vec![again.clone(), again.clone(), more]));
    run(&mut app, HostileMsg::Do(vec![again]));

    let paid: Uint128 = app.wrap().query_wasm_smart(&token, &Empty {}).unwrap();
    assert_eq!(paid, amount(60), "not a unit more than was unstaked");
    let overview: OverviewResponse = app.wrap().query_wasm_smart(&contract, &QueryMsg::Overview {}).unwrap();
    assert_eq!((overview.bonded, overview.unbonding), (amount(40), amount(1_000)));
}

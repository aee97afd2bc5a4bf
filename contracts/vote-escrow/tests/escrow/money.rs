//! Money in and out, with the real rewards and a plain token, and with neighbours that break or attack.

use cosmwasm_schema::cw_serde;
use cosmwasm_schema::serde::de::DeserializeOwned;
use cosmwasm_schema::serde::Serialize;
use cosmwasm_std::{
    to_json_binary, Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response, StdError, StdResult, SubMsg,
    Timestamp, WasmMsg,
};
use cw20::{BalanceResponse, Cw20Coin, Cw20ExecuteMsg, Cw20QueryMsg, Cw20ReceiveMsg};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{App, AppResponse, Contract, ContractWrapper, Executor};
use interfaces::ve_rewards::{self, AccountResponse};
use interfaces::vote_escrow::*;

use crate::bench::{amount, params, DAY, MIDNIGHT, MIN, NOW, VCAI, YEAR};

fn escrow() -> Box<dyn Contract<Empty>> {
    use vote_escrow::contract::{execute, instantiate, migrate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
}

fn rewards() -> Box<dyn Contract<Empty>> {
    use ::ve_rewards::contract::{execute, instantiate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

fn token() -> Box<dyn Contract<Empty>> {
    use cw20_base::contract::{execute, instantiate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

/// What stands where the rewards should be, and refuses everything.
fn broken() -> Box<dyn Contract<Empty>> {
    fn execute(_: DepsMut, _: Env, _: MessageInfo, _: ve_rewards::ExecuteMsg) -> StdResult<Response> {
        Err(StdError::generic_err("broken"))
    }
    fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }
    fn query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
        Err(StdError::generic_err("broken"))
    }
    fn migrate(_: DepsMut, _: Env, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }
    Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
}

/// The number in `[escrow:<number>]` of an error.
fn code<T: std::fmt::Debug>(outcome: AnyResult<T>) -> u16 {
    let text = outcome.unwrap_err().root_cause().to_string();
    let number = text
        .strip_prefix("[escrow:")
        .and_then(|rest| rest.split(']').next()?.parse().ok());
    number.unwrap_or_else(|| panic!("not an error of the escrow: {text}"))
}

struct World {
    app: App,
    vcai: Addr,
    escrow: Addr,
    rewards: Addr,
}

/// Puts a contract on the chain.
fn add(app: &mut App, contract: Box<dyn Contract<Empty>>, msg: Binary) -> Addr {
    let deployer = app.api().addr_make("deployer");
    let msg = WasmMsg::Instantiate {
        admin: Some(deployer.to_string()),
        code_id: app.store_code(contract),
        label: "contract".into(),
        msg,
        funds: vec![],
    };
    let response = app.execute(deployer, msg.into()).unwrap();
    let made = response.events.iter().find(|event| event.ty == "instantiate").unwrap();
    Addr::unchecked(&made.attributes[0].value)
}

impl World {
    fn new() -> Self {
        Self::with(token(), &|vcai| {
            let rich = |name: &str| Cw20Coin {
                address: vcai.api().addr_make(name).into_string(),
                amount: amount(1_000 * MIN),
            };
            to_json_binary(&cw20_base::msg::InstantiateMsg {
                name: "Vcity AI".into(),
                symbol: "VCAI".into(),
                decimals: 6,
                initial_balances: ["alice", "bob", "treasury"].map(rich).to_vec(),
                mint: None,
                marketing: None,
            })
            .unwrap()
        })
    }

    fn with(token: Box<dyn Contract<Empty>>, first: &dyn Fn(&App) -> Binary) -> Self {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(NOW));
        let user = |app: &App, name: &str| app.api().addr_make(name).into_string();
        let msg = first(&app);
        let vcai = add(&mut app, token, msg);
        let of_escrow = InstantiateMsg {
            owner: user(&app, "owner"),
            vcai: vcai.to_string(),
            token_allocation: user(&app, "allocation"),
            params: params(),
        };
        let escrow = add(&mut app, escrow(), to_json_binary(&of_escrow).unwrap());
        let of_rewards = ve_rewards::InstantiateMsg {
            vcai: vcai.to_string(),
            vote_escrow: escrow.to_string(),
            treasury: user(&app, "treasury"),
        };
        let rewards = add(&mut app, rewards(), to_json_binary(&of_rewards).unwrap());
        Self {
            app,
            vcai,
            escrow,
            rewards,
        }
    }

    fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    fn wait(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += 1;
        });
    }

    fn send_to(&mut self, contract: &Addr, by: &Addr, value: u128, hook: &impl Serialize) -> AnyResult<AppResponse> {
        let msg = Cw20ExecuteMsg::Send {
            contract: contract.to_string(),
            amount: amount(value),
            msg: to_json_binary(hook).unwrap(),
        };
        let outcome = self.app.execute_contract(by.clone(), self.vcai.clone(), &msg, &[]);
        self.check_laws();
        outcome
    }

    fn lock(&mut self, by: &Addr, value: u128, until: u64) -> AnyResult<AppResponse> {
        let escrow = self.escrow.clone();
        self.send_to(&escrow, by, value, &Cw20Hook::Lock { until })
    }

    fn fund(&mut self, value: u128) {
        let (treasury, rewards) = (self.user("treasury"), self.rewards.clone());
        self.send_to(&rewards, &treasury, value, &ve_rewards::Cw20Hook::Fund {})
            .unwrap();
    }

    fn exec(&mut self, by: &Addr, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        let outcome = self.app.execute_contract(by.clone(), self.escrow.clone(), msg, &[]);
        self.check_laws();
        outcome
    }

    fn claim(&mut self, by: &Addr) -> AnyResult<AppResponse> {
        let msg = ve_rewards::ExecuteMsg::Claim {};
        self.app.execute_contract(by.clone(), self.rewards.clone(), &msg, &[])
    }

    /// Puts other code behind a contract.
    fn replace(&mut self, contract: &Addr, by: Box<dyn Contract<Empty>>) {
        let code = self.app.store_code(by);
        let admin = self.user("deployer");
        self.app
            .migrate_contract(admin, contract.clone(), &Empty {}, code)
            .unwrap();
    }

    fn ask<T: DeserializeOwned>(&self, contract: &Addr, msg: &impl Serialize) -> T {
        self.app.wrap().query_wasm_smart(contract, msg).unwrap()
    }

    fn balance(&self, user: &Addr) -> u128 {
        let address = user.to_string();
        self.ask::<BalanceResponse>(&self.vcai, &Cw20QueryMsg::Balance { address })
            .balance
            .u128()
    }

    fn earned(&self, user: &Addr) -> u128 {
        let address = user.to_string();
        let answer: AccountResponse = self.ask(&self.rewards, &ve_rewards::QueryMsg::Account { address });
        answer.claimable.u128()
    }

    /// The escrow holds what is locked.
    fn check_laws(&self) {
        let held: OverviewResponse = self.ask(&self.escrow, &QueryMsg::Overview {});
        assert!(self.balance(&self.escrow) >= held.held.u128());
    }
}

#[test]
fn locks_earn_and_come_back_whole() {
    let mut world = World::new();
    let [alice, bob] = ["alice", "bob"].map(|name| world.user(name));
    let before = world.balance(&alice);
    world.lock(&alice, 100 * MIN, NOW + YEAR).unwrap();
    world.lock(&bob, 25 * MIN, NOW + 4 * YEAR).unwrap();
    world.fund(1_000 * VCAI);
    world.wait(DAY);
    // increased, extended: the rewards follow from the next day on
    let escrow = world.escrow.clone();
    world
        .send_to(&escrow, &alice, MIN, &Cw20Hook::IncreaseAmount {})
        .unwrap();
    world
        .exec(&alice, &ExecuteMsg::ExtendTo { until: NOW + 2 * YEAR })
        .unwrap();
    world.wait(2 * DAY);
    let (earned, others) = (world.earned(&alice), world.earned(&bob));
    assert!(earned > 0 && others > 0);
    assert!(earned + others <= 1_000 * VCAI && earned + others >= 1_000 * VCAI - 3);
    world.claim(&alice).unwrap();
    assert_eq!(world.balance(&alice), before - 101 * MIN + earned);
    world.wait(3 * YEAR);
    world.exec(&alice, &ExecuteMsg::Withdraw {}).unwrap();
    assert_eq!(world.balance(&alice), before + earned);
}

#[test]
fn withdraw_works_while_ve_rewards_is_broken() {
    let mut world = World::new();
    let [alice, bob] = ["alice", "bob"].map(|name| world.user(name));
    let before = world.balance(&alice);
    world.lock(&alice, 100 * MIN, NOW + 30 * DAY).unwrap();
    let rewards = world.rewards.clone();
    world.replace(&rewards, broken());
    // everything else works too: what it will owe for that stands in the escrow's books
    world.lock(&bob, MIN, NOW + YEAR).unwrap();
    let escrow = world.escrow.clone();
    world
        .send_to(&escrow, &alice, MIN, &Cw20Hook::IncreaseAmount {})
        .unwrap();
    let extend = ExecuteMsg::ExtendTo { until: NOW + 60 * DAY };
    world.exec(&alice, &extend).unwrap();
    world.wait(61 * DAY);
    world.exec(&alice, &ExecuteMsg::Withdraw {}).unwrap();
    assert_eq!((world.balance(&alice), world.balance(&escrow)), (before, MIN));
}

#[test]
fn account_fee_leaves_at_once_and_is_not_locked() {
    let mut world = World::new();
    let [alice, owner, office] = ["alice", "owner", "office"].map(|name| world.user(name));
    let params = Params {
        account_fee: Some(AccountFee {
            amount: amount(30 * VCAI),
            to: office.to_string(),
        }),
        ..params()
    };
    world.exec(&owner, &ExecuteMsg::SetParams { params }).unwrap();
    assert_eq!(code(world.lock(&alice, MIN, NOW + YEAR)), 2);
    world.lock(&alice, 2 * MIN, NOW + YEAR).unwrap();
    let escrow = world.escrow.clone();
    assert_eq!(
        (world.balance(&office), world.balance(&escrow)),
        (30 * VCAI, 2 * MIN - 30 * VCAI)
    );
}

#[test]
fn hooks_that_do_not_parse_are_refused_whole() {
    let mut world = World::new();
    let alice = world.user("alice");
    let (escrow, before) = (world.escrow.clone(), world.balance(&alice));
    for hook in [
        "",
        "{}",
        r#"{"stake":{}}"#,
        r#"{"lock":{}}"#,
        r#"{"lock":{"until":-1}}"#,
    ] {
        let msg = Cw20ExecuteMsg::Send {
            contract: escrow.to_string(),
            amount: amount(MIN),
            msg: Binary::from(hook.as_bytes()),
        };
        let outcome = world.app.execute_contract(alice.clone(), world.vcai.clone(), &msg, &[]);
        assert_eq!(code(outcome), 900, "{hook}");
    }
    assert_eq!(world.balance(&alice), before);
}

#[test]
fn coins_sent_along_are_refused() {
    let mut world = World::new();
    let alice = world.user("alice");
    let coins = cosmwasm_std::coins(5, "uusdt");
    world.app.init_modules(|router, _, storage| {
        router.bank.init_balance(storage, &alice, coins.clone()).unwrap();
    });
    let escrow = world.escrow.clone();
    let outcome = world.app.execute_contract(alice, escrow, &ExecuteMsg::Mark {}, &coins);
    assert_eq!(code(outcome), 932);
}

// ---- a token that calls back ----

/// Is the token and an account at once: when it is paid, it withdraws again.
#[cw_serde]
enum HostileMsg {
    /// Tells the escrow that this contract sent so much.
    Deposit {
        escrow: String,
        amount: cosmwasm_std::Uint128,
        until: u64,
    },
    Withdraw {
        escrow: String,
    },
    /// The payment of a withdrawal.
    Transfer {
        recipient: String,
        amount: cosmwasm_std::Uint128,
    },
}

fn hostile() -> Box<dyn Contract<Empty>> {
    fn call(escrow: &str, msg: &ExecuteMsg) -> StdResult<WasmMsg> {
        Ok(WasmMsg::Execute {
            contract_addr: escrow.to_owned(),
            msg: to_json_binary(msg)?,
            funds: vec![],
        })
    }
    fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: HostileMsg) -> StdResult<Response> {
        match msg {
            HostileMsg::Deposit { escrow, amount, until } => {
                let notice = ExecuteMsg::Receive(Cw20ReceiveMsg {
                    sender: env.contract.address.into_string(),
                    amount,
                    msg: to_json_binary(&Cw20Hook::Lock { until })?,
                });
                Ok(Response::new().add_message(call(&escrow, &notice)?))
            }
            HostileMsg::Withdraw { escrow } => {
                Ok(Response::new().add_message(call(&escrow, &ExecuteMsg::Withdraw {})?))
            }
            HostileMsg::Transfer { .. } => {
                let times = deps.storage.get(b"paid").map_or(0, |paid| paid[0]) + 1;
                deps.storage.set(b"paid", &[times]);
                let again = call(info.sender.as_str(), &ExecuteMsg::Withdraw {})?;
                Ok(Response::new().add_submessage(SubMsg::reply_on_error(again, 1)))
            }
        }
    }
    fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }
    fn reply(_: DepsMut, _: Env, reply: Reply) -> StdResult<Response> {
        Ok(Response::new().add_attribute("refused", reply.result.unwrap_err()))
    }
    fn query(deps: Deps, _: Env, _: Empty) -> StdResult<Binary> {
        to_json_binary(&deps.storage.get(b"paid").map_or(0, |paid| paid[0]))
    }
    Box::new(ContractWrapper::new(execute, instantiate, query).with_reply(reply))
}

#[test]
fn reentry_through_a_hostile_token_is_paid_once() {
    let mut world = World::with(hostile(), &|_| to_json_binary(&Empty {}).unwrap());
    let (mallory, token, escrow) = (world.user("mallory"), world.vcai.clone(), world.escrow.to_string());
    let deposit = HostileMsg::Deposit {
        escrow: escrow.clone(),
        amount: amount(MIN),
        until: NOW + 30 * DAY,
    };
    world
        .app
        .execute_contract(mallory.clone(), token.clone(), &deposit, &[])
        .unwrap();
    world.wait(60 * DAY);
    let response = world
        .app
        .execute_contract(mallory, token.clone(), &HostileMsg::Withdraw { escrow }, &[]);
    assert_eq!(world.ask::<u8>(&token, &Empty {}), 1);
    let refused = response
        .unwrap()
        .events
        .iter()
        .any(|event| event.attributes.iter().any(|found| found.key == "refused"));
    assert!(refused, "it tried");
    let held: OverviewResponse = world.ask(&world.escrow, &QueryMsg::Overview {});
    assert_eq!(held.held, amount(0));
}

#[test]
fn migration_keeps_locks_and_refuses_other_contracts() {
    let mut world = World::new();
    let alice = world.user("alice");
    world.lock(&alice, 3 * MIN, MIDNIGHT + 30 * DAY).unwrap();
    let (escrow, rewards) = (world.escrow.clone(), world.rewards.clone());
    let before: OverviewResponse = world.ask(&escrow, &QueryMsg::Overview {});
    let code = world.app.store_code(self::escrow());
    let admin = world.user("deployer");
    world
        .app
        .migrate_contract(admin.clone(), escrow.clone(), &MigrateMsg {}, code)
        .unwrap();
    assert_eq!(world.ask::<OverviewResponse>(&escrow, &QueryMsg::Overview {}), before);
    let outcome = world.app.migrate_contract(admin, rewards, &MigrateMsg {}, code);
    assert_eq!(self::code(outcome), 940);
}

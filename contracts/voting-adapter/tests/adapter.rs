//! The adapter as a DAO core meets it: instantiated by a contract, asked in DAO DAO's own JSON, over the real voting modules.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    from_json, to_json_binary, to_json_vec, Addr, Binary, ContractResult, Deps, DepsMut, Empty, Env, MessageInfo,
    Querier, QueryRequest, Reply, Response, StdError, StdResult, SubMsg, SystemResult, Timestamp, Uint128, WasmMsg,
    WasmQuery,
};
use cw20::Cw20ReceiveMsg;
use cw_multi_test::{App, Contract, ContractWrapper, Executor};
use interfaces::voting_adapter::{InstantiateMsg, Measure};
use interfaces::{lco_staking, vote_escrow};

const DAY: u64 = 86_400;
const NOW: u64 = 1_767_620_800;

fn adapter() -> Box<dyn Contract<Empty>> {
    use voting_adapter::contract::{execute, instantiate, migrate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
}

fn escrow() -> Box<dyn Contract<Empty>> {
    use ::vote_escrow::contract::{execute, instantiate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

fn staking() -> Box<dyn Contract<Empty>> {
    use ::lco_staking::contract::{execute, instantiate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

/// As a DAO core names its modules.
#[cw_serde]
struct ModuleInstantiateInfo {
    code_id: u64,
    msg: Binary,
    label: String,
}

/// Instantiates its voting module, remembers it, and nothing else.
fn core() -> Box<dyn Contract<Empty>> {
    fn instantiate(_: DepsMut, env: Env, _: MessageInfo, module: ModuleInstantiateInfo) -> StdResult<Response> {
        let msg = WasmMsg::Instantiate {
            admin: Some(env.contract.address.into_string()),
            code_id: module.code_id,
            msg: module.msg,
            funds: vec![],
            label: module.label,
        };
        Ok(Response::new().add_submessage(SubMsg::reply_on_success(msg, 1)))
    }
    fn reply(deps: DepsMut, _: Env, reply: Reply) -> StdResult<Response> {
        let events = reply.result.unwrap().events;
        let mut attributes = events.iter().flat_map(|event| &event.attributes);
        let made = attributes.find(|found| found.key == "_contract_address").unwrap();
        deps.storage.set(b"module", made.value.as_bytes());
        Ok(Response::new())
    }
    fn execute(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Err(StdError::generic_err("takes nothing"))
    }
    fn query(deps: Deps, _: Env, _: Empty) -> StdResult<Binary> {
        to_json_binary(&String::from_utf8(deps.storage.get(b"module").unwrap()).unwrap())
    }
    Box::new(ContractWrapper::new(execute, instantiate, query).with_reply(reply))
}

struct World {
    app: App,
    escrow: Addr,
    staking: Addr,
}

impl World {
    fn new() -> Self {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(NOW));
        let user = |name: &str| app.api().addr_make(name);
        let [deployer, owner, token] = ["deployer", "owner", "token"].map(user);
        let codes = [escrow(), staking()].map(|contract| app.store_code(contract));
        let msg = vote_escrow::InstantiateMsg {
            owner: owner.to_string(),
            vcai: token.to_string(),
            token_allocation: owner.to_string(),
            params: vote_escrow::Params {
                min_lock: Uint128::new(10_000_000_000),
                account_fee: None,
                gate: None,
            },
        };
        let escrow = app.instantiate_contract(codes[0], deployer.clone(), &msg, &[], "escrow", None);
        let escrow = escrow.unwrap();
        let msg = lco_staking::InstantiateMsg {
            owner: owner.to_string(),
            l_coin: token.to_string(),
            params: lco_staking::Params::default(),
        };
        let staking = app.instantiate_contract(codes[1], deployer, &msg, &[], "staking", None);
        let staking = staking.unwrap();
        Self { app, escrow, staking }
    }

    fn user(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    fn height(&self) -> u64 {
        self.app.block_info().height
    }

    fn wait(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.height += 10;
            block.time = block.time.plus_seconds(seconds);
        });
    }

    /// What the token says when a user sends it.
    fn receive(&mut self, module: &Addr, user: &Addr, amount: u128, hook: Binary) {
        let notice = Cw20ReceiveMsg {
            sender: user.to_string(),
            amount: Uint128::new(amount),
            msg: hook,
        };
        let msg = vote_escrow::ExecuteMsg::Receive(notice);
        let token = self.user("token");
        self.app.execute_contract(token, module.clone(), &msg, &[]).unwrap();
    }

    fn lock(&mut self, user: &Addr, amount: u128) {
        let until = self.app.block_info().time.seconds() + 1_000 * DAY;
        let hook = to_json_binary(&vote_escrow::Cw20Hook::Lock { until }).unwrap();
        let escrow = self.escrow.clone();
        self.receive(&escrow, user, amount, hook);
    }

    fn mark(&mut self, module: &Addr) {
        let (anyone, msg) = (self.user("anyone"), vote_escrow::ExecuteMsg::Mark {});
        self.app.execute_contract(anyone, module.clone(), &msg, &[]).unwrap();
    }

    /// A DAO over a module, and its adapter.
    fn dao(&mut self, module: &Addr, measure: Measure) -> (Addr, Addr) {
        let msg = InstantiateMsg {
            module: module.to_string(),
            measure,
        };
        let info = ModuleInstantiateInfo {
            code_id: self.app.store_code(adapter()),
            msg: to_json_binary(&msg).unwrap(),
            label: "voting module".into(),
        };
        let code = self.app.store_code(core());
        let founder = self.user("founder");
        let dao = self
            .app
            .instantiate_contract(code, founder, &info, &[], "dao", None)
            .unwrap();
        let adapter = self.app.wrap().query_wasm_smart(&dao, &Empty {}).unwrap();
        (dao, adapter)
    }

    fn try_ask(&self, contract: &Addr, question: &str) -> Option<String> {
        let query = QueryRequest::<Empty>::Wasm(WasmQuery::Smart {
            contract_addr: contract.to_string(),
            msg: Binary::from(question.as_bytes()),
        });
        let answer: SystemResult<ContractResult<Binary>> = self.app.raw_query(&to_json_vec(&query).unwrap());
        Some(String::from_utf8(answer.into_result().ok()?.into_result().ok()?.into()).unwrap())
    }

    /// Question and answer as they stand in DAO DAO's interface.
    fn ask(&self, contract: &Addr, question: &str) -> String {
        self.try_ask(contract, question).unwrap()
    }

    fn power(&self, adapter: &Addr, user: &Addr, height: u64) -> u128 {
        let question = format!(r#"{{"voting_power_at_height":{{"address":"{user}","height":{height}}}}}"#);
        read(&self.ask(adapter, &question), height)
    }

    fn total(&self, adapter: &Addr, height: u64) -> u128 {
        let question = format!(r#"{{"total_power_at_height":{{"height":{height}}}}}"#);
        read(&self.ask(adapter, &question), height)
    }
}

/// The power in an answer, which names the height and has no other field.
fn read(answer: &str, height: u64) -> u128 {
    #[cw_serde]
    struct Answer {
        power: Uint128,
        height: u64,
    }
    let Answer { power, height: named } = from_json(answer.as_bytes()).unwrap();
    assert_eq!(named, height);
    assert_eq!(answer, format!(r#"{{"power":"{power}","height":{height}}}"#));
    power.u128()
}

#[test]
fn a_core_instantiates_it_and_becomes_its_dao() {
    let mut world = World::new();
    let escrow = world.escrow.clone();
    let (dao, adapter) = world.dao(&escrow, Measure::Weight);
    assert_eq!(world.ask(&adapter, r#"{"dao":{}}"#), format!(r#""{dao}""#));
    let version = env!("CARGO_PKG_VERSION");
    let info = format!(r#"{{"info":{{"contract":"crates.io:voting-adapter","version":"{version}"}}}}"#);
    assert_eq!(world.ask(&adapter, r#"{"info":{}}"#), info);
    let module = format!(r#"{{"module":"{escrow}","measure":"weight"}}"#);
    assert_eq!(world.ask(&adapter, r#"{"module":{}}"#), module);
    // what a core takes for "always active"
    assert_eq!(world.try_ask(&adapter, r#"{"is_active":{}}"#), None);
}

#[test]
fn power_by_height_is_that_before_the_block() {
    let mut world = World::new();
    let escrow = world.escrow.clone();
    let (_, adapter) = world.dao(&escrow, Measure::Weight);
    let (_, linear) = world.dao(&escrow, Measure::Linear);
    let [alice, bob] = ["alice", "bob"].map(|name| world.user(name));
    assert_eq!(
        (
            world.power(&adapter, &alice, world.height()),
            world.total(&adapter, world.height())
        ),
        (0, 0)
    );
    world.wait(60);
    world.lock(&alice, 40_000_000_000);
    let made = world.height();
    assert_eq!(
        (world.power(&adapter, &alice, made), world.total(&adapter, made)),
        (0, 0),
        "in the same block"
    );
    world.wait(60);
    world.lock(&bob, 10_000_000_000);
    let then = world.height();
    let only_alice = world.power(&adapter, &alice, then);
    assert!(only_alice > 0);
    assert_eq!(
        (world.power(&adapter, &bob, then), world.total(&adapter, then)),
        (0, only_alice)
    );
    world.wait(60);
    let now = world.height();
    let both = world.power(&adapter, &alice, now) + world.power(&adapter, &bob, now);
    assert_eq!(world.total(&adapter, now), both);
    // square roots in one, money in the other
    assert_eq!(world.power(&adapter, &alice, now), 2 * world.power(&adapter, &bob, now));
    assert_eq!(world.power(&linear, &alice, now), 4 * world.power(&linear, &bob, now));
    // without a height: now
    let address = format!(r#"{{"voting_power_at_height":{{"address":"{alice}"}}}}"#);
    assert_eq!(
        read(&world.ask(&adapter, &address), now),
        world.power(&adapter, &alice, now)
    );
    let null = r#"{"total_power_at_height":{"height":null}}"#;
    assert_eq!(read(&world.ask(&adapter, null), now), both);
    // and it never changes again
    world.wait(100 * DAY);
    world.mark(&escrow);
    world.wait(100 * DAY);
    assert_eq!(
        (world.power(&adapter, &alice, then), world.total(&adapter, now)),
        (only_alice, both)
    );
}

#[test]
fn a_mark_brings_the_decay_up_to_date() {
    let mut world = World::new();
    let escrow = world.escrow.clone();
    let (_, adapter) = world.dao(&escrow, Measure::Weight);
    let alice = world.user("alice");
    world.lock(&alice, 40_000_000_000);
    world.wait(500 * DAY);
    let stale = world.power(&adapter, &alice, world.height());
    assert_eq!(stale, world.total(&adapter, world.height()));
    world.mark(&escrow);
    world.wait(6);
    let fresh = world.power(&adapter, &alice, world.height());
    assert_eq!(fresh, world.total(&adapter, world.height()));
    assert!(fresh < stale * 501 / 1_000, "{fresh} {stale}");
}

#[test]
fn it_adapts_any_voting_module() {
    let mut world = World::new();
    let staking = world.staking.clone();
    let (_, adapter) = world.dao(&staking, Measure::Weight);
    let alice = world.user("alice");
    let hook = to_json_binary(&lco_staking::Cw20Hook::Stake { r#for: None }).unwrap();
    world.receive(&staking, &alice, 100_000_000_000, hook);
    world.wait(60);
    // this module answers for the state before the recorded block, so one is recorded after the stake
    world.mark(&staking);
    world.wait(60);
    let now = world.height();
    assert_eq!(
        (world.power(&adapter, &alice, now), world.total(&adapter, now)),
        (100_000_000_000, 100_000_000_000)
    );
}

#[test]
fn future_heights_and_bad_addresses_are_errors_and_never_zero() {
    let mut world = World::new();
    let escrow = world.escrow.clone();
    let (_, adapter) = world.dao(&escrow, Measure::Weight);
    let alice = world.user("alice");
    world.lock(&alice, 10_000_000_000);
    world.wait(60);
    let later = world.height() + 1;
    for question in [
        format!(r#"{{"total_power_at_height":{{"height":{later}}}}}"#),
        format!(r#"{{"voting_power_at_height":{{"address":"{alice}","height":{later}}}}}"#),
        r#"{"voting_power_at_height":{"address":"nobody"}}"#.to_owned(),
    ] {
        assert_eq!(world.try_ask(&adapter, &question), None, "{question}");
    }
}

#[test]
fn a_module_that_does_not_answer_is_refused() {
    let mut world = World::new();
    let code = world.app.store_code(adapter());
    let founder = world.user("founder");
    let other = world.dao(&world.escrow.clone(), Measure::Weight).1;
    // an account, and a contract that is no voting module of ours
    for module in [world.user("account"), other] {
        let msg = InstantiateMsg {
            module: module.to_string(),
            measure: Measure::Weight,
        };
        let outcome = world
            .app
            .instantiate_contract(code, founder.clone(), &msg, &[], "adapter", None);
        let text = outcome.unwrap_err().root_cause().to_string();
        assert!(text.starts_with("[adapter:1]"), "{text}");
    }
    let msg = InstantiateMsg {
        module: world.escrow.to_string(),
        measure: Measure::Weight,
    };
    let coins = cosmwasm_std::coins(1, "uusdt");
    world
        .app
        .init_modules(|router, _, storage| router.bank.init_balance(storage, &founder, coins.clone()).unwrap());
    let outcome = world
        .app
        .instantiate_contract(code, founder, &msg, &coins, "adapter", None);
    let text = outcome.unwrap_err().root_cause().to_string();
    assert!(text.starts_with("[adapter:932]"), "{text}");
}

#[test]
fn migration_keeps_the_dao() {
    let mut world = World::new();
    let escrow = world.escrow.clone();
    let (dao, adapter) = world.dao(&escrow, Measure::Linear);
    let code = world.app.store_code(self::adapter());
    let msg = interfaces::voting_adapter::MigrateMsg {};
    let stranger = world.user("stranger");
    assert!(
        world
            .app
            .migrate_contract(stranger, adapter.clone(), &msg, code)
            .is_err(),
        "the DAO is its admin"
    );
    world
        .app
        .migrate_contract(dao.clone(), adapter.clone(), &msg, code)
        .unwrap();
    assert_eq!(world.ask(&adapter, r#"{"dao":{}}"#), format!(r#""{dao}""#));
}

//! A timelock that is its own admin and that of a vault-like contract, on a simulated chain.
#![allow(dead_code)]

use cosmwasm_std::{
    coins, instantiate2_address, to_json_binary, wasm_execute, Addr, Api, BankMsg, Binary, CosmosMsg, Deps, DepsMut,
    Empty, Env, MessageInfo, Response, StdError, StdResult, WasmMsg,
};
use cw_multi_test::{App, AppBuilder, AppResponse, Contract, ContractWrapper, Executor};
use cw_storage_plus::Item;
use interfaces::timelock::{
    ConfigResponse, EntriesResponse, EntryResponse, EntryState, ExecuteMsg, InstantiateMsg, QueryMsg,
};
use timelock::contract;

pub const DAY: u64 = 86_400;
pub const DELAY: u64 = 7 * DAY;
pub const GRACE: u64 = 14 * DAY;
pub const DENOM: &str = "uusdt";

/// Keeps coins for anyone to take back, until someone migrates it to something worse.
pub mod vault {
    use super::*;

    #[cosmwasm_schema::cw_serde]
    pub enum VaultMsg {
        /// Gives the sender one coin.
        Redeem {},
        /// Remembers a number.
        Set { number: u64 },
        /// Fails while the number is odd.
        FailIfOdd {},
        /// Calls another contract.
        Call { contract: String, msg: Binary },
    }

    #[cosmwasm_schema::cw_serde]
    pub struct Steal {
        pub thief: String,
    }

    const NUMBER: Item<u64> = Item::new("number");

    pub fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        cw2::set_contract_version(deps.storage, "test:vault", "1.0.0")?;
        NUMBER.save(deps.storage, &0)?;
        Ok(Response::new())
    }

    pub fn execute(deps: DepsMut, _: Env, info: MessageInfo, msg: VaultMsg) -> StdResult<Response> {
        let response = Response::new();
        match msg {
            VaultMsg::Redeem {} => {
                let pay = BankMsg::Send {
                    to_address: info.sender.into(),
                    amount: coins(1, DENOM),
                };
                Ok(response.add_message(pay))
            }
            VaultMsg::Set { number } => {
                NUMBER.save(deps.storage, &number)?;
                Ok(response)
            }
            VaultMsg::FailIfOdd {} if NUMBER.load(deps.storage)? % 2 == 1 => Err(StdError::generic_err("odd")),
            VaultMsg::FailIfOdd {} => Ok(response),
            VaultMsg::Call { contract, msg } => Ok(response.add_message(WasmMsg::Execute {
                contract_addr: contract,
                msg,
                funds: vec![],
            })),
        }
    }

    pub fn query(deps: Deps, _: Env, _: Empty) -> StdResult<Binary> {
        to_json_binary(&NUMBER.load(deps.storage)?)
    }

    pub fn migrate_to_theft(deps: DepsMut, env: Env, msg: Steal) -> StdResult<Response> {
        kit::migrate::ensure_upgrade(deps.storage, "test:vault", "6.6.6")
            .map_err(|error| StdError::generic_err(error.to_string()))?;
        let loot = deps.querier.query_balance(env.contract.address, DENOM)?;
        let rob = BankMsg::Send {
            to_address: msg.thief,
            amount: vec![loot],
        };
        Ok(Response::new().add_message(rob))
    }
}

pub fn timelock_code() -> Box<dyn Contract<Empty>> {
    Box::new(
        ContractWrapper::new(contract::execute, contract::instantiate, contract::query).with_migrate(contract::migrate),
    )
}

pub fn vault_code() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(vault::execute, vault::instantiate, vault::query))
}

pub fn thieving_code() -> Box<dyn Contract<Empty>> {
    Box::new(
        ContractWrapper::new(vault::execute, vault::instantiate, vault::query).with_migrate(vault::migrate_to_theft),
    )
}

pub struct World {
    pub app: App,
    pub lock: Addr,
    pub vault: Addr,
    pub owner: Addr,
}

pub fn init_msg(owner: &Addr) -> InstantiateMsg {
    InstantiateMsg {
        owner: owner.to_string(),
        min_delay: DELAY,
        floor: DELAY,
        grace: GRACE,
    }
}

impl World {
    pub fn new() -> Self {
        Self::with(|msg| msg)
    }

    pub fn with(change: impl FnOnce(InstantiateMsg) -> InstantiateMsg) -> Self {
        let mut app = AppBuilder::new().build(|router, api, storage| {
            let rich = api.addr_make("rich");
            router.bank.init_balance(storage, &rich, coins(1_000, DENOM)).unwrap();
        });
        let owner = app.api().addr_make("owner");
        let lock = deploy_own_admin(&mut app, &owner, &change(init_msg(&owner)));
        let code = app.store_code(vault_code());
        let (rich, admin) = (app.api().addr_make("rich"), Some(lock.to_string()));
        let vault = app
            .instantiate_contract(code, rich.clone(), &Empty {}, &coins(100, DENOM), "vault", admin)
            .unwrap();
        Self {
            app,
            lock,
            vault,
            owner,
        }
    }

    pub fn addr(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn send(&mut self, sender: &Addr, msg: &ExecuteMsg) -> Result<AppResponse, String> {
        self.app
            .execute_contract(sender.clone(), self.lock.clone(), msg, &[])
            .map_err(|error| error.root_cause().to_string())
    }

    pub fn queue_after(&mut self, msgs: Vec<CosmosMsg>, delay: Option<u64>) -> Result<u64, String> {
        let owner = self.owner.clone();
        self.queue_as(&owner, msgs, delay)
    }

    pub fn queue_as(&mut self, sender: &Addr, msgs: Vec<CosmosMsg>, delay: Option<u64>) -> Result<u64, String> {
        let msg = ExecuteMsg::Queue {
            title: "title".into(),
            description: "why".into(),
            msgs,
            delay,
        };
        self.send(sender, &msg)?;
        Ok(self.config().entries)
    }

    pub fn queue(&mut self, msgs: Vec<CosmosMsg>) -> u64 {
        self.queue_after(msgs, None).unwrap()
    }

    /// By an address that has no role at all.
    pub fn execute(&mut self, id: u64) -> Result<AppResponse, String> {
        let anyone = self.addr("anyone");
        self.send(&anyone, &ExecuteMsg::Execute { id })
    }

    pub fn cancel(&mut self, id: u64) -> Result<AppResponse, String> {
        let owner = self.owner.clone();
        self.send(&owner, &ExecuteMsg::Cancel { id })
    }

    /// Queues, waits and executes.
    pub fn pass(&mut self, msgs: Vec<CosmosMsg>) -> Result<AppResponse, String> {
        let id = self.queue(msgs);
        self.advance(self.config().min_delay);
        self.execute(id)
    }

    pub fn advance(&mut self, seconds: u64) {
        self.advance_nanos(seconds * 1_000_000_000);
    }

    pub fn advance_nanos(&mut self, nanos: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_nanos(nanos);
            block.height += 1;
        });
    }

    pub fn config(&self) -> ConfigResponse {
        self.app
            .wrap()
            .query_wasm_smart(&self.lock, &QueryMsg::Config {})
            .unwrap()
    }

    pub fn entry(&self, id: u64) -> EntryResponse {
        self.app
            .wrap()
            .query_wasm_smart(&self.lock, &QueryMsg::Entry { id })
            .unwrap()
    }

    pub fn state(&self, id: u64) -> EntryState {
        self.entry(id).summary.state
    }

    pub fn entries(&self, start_after: Option<u64>, limit: Option<u32>) -> Vec<(u64, EntryState)> {
        let query = QueryMsg::Entries { start_after, limit };
        let page: EntriesResponse = self.app.wrap().query_wasm_smart(&self.lock, &query).unwrap();
        page.entries.into_iter().map(|entry| (entry.id, entry.state)).collect()
    }

    pub fn number(&self) -> u64 {
        self.app.wrap().query_wasm_smart(&self.vault, &Empty {}).unwrap()
    }

    pub fn balance(&self, owner: &Addr) -> u128 {
        self.app.wrap().query_balance(owner, DENOM).unwrap().amount.u128()
    }

    pub fn admin(&self, contract: &Addr) -> Option<Addr> {
        self.app.wrap().query_wasm_contract_info(contract).unwrap().admin
    }

    pub fn to_vault(&self, msg: &vault::VaultMsg) -> CosmosMsg {
        wasm_execute(&self.vault, msg, vec![]).unwrap().into()
    }

    pub fn set(&self, number: u64) -> CosmosMsg {
        self.to_vault(&vault::VaultMsg::Set { number })
    }

    pub fn to_lock(&self, msg: &ExecuteMsg) -> CosmosMsg {
        wasm_execute(&self.lock, msg, vec![]).unwrap().into()
    }

    pub fn migrate(&self, contract: &Addr, code: u64, msg: &impl serde::Serialize) -> CosmosMsg {
        let msg = to_json_binary(msg).unwrap();
        WasmMsg::Migrate {
            contract_addr: contract.to_string(),
            new_code_id: code,
            msg,
        }
        .into()
    }
}

/// Its own admin from the first block: the address is computed before the contract exists.
fn deploy_own_admin(app: &mut App, deployer: &Addr, msg: &InstantiateMsg) -> Addr {
    let code = app.store_code(timelock_code());
    let checksum = app.wrap().query_wasm_code_info(code).unwrap().checksum;
    let creator = app.api().addr_canonicalize(deployer.as_str()).unwrap();
    let salt = b"timelock";
    let lock = instantiate2_address(checksum.as_slice(), &creator, salt).unwrap();
    let lock = app.api().addr_humanize(&lock).unwrap();
    let instantiate = WasmMsg::Instantiate2 {
        admin: Some(lock.to_string()),
        code_id: code,
        label: "timelock".into(),
        msg: to_json_binary(msg).unwrap(),
        funds: vec![],
        salt: salt.into(),
    };
    app.execute(deployer.clone(), instantiate.into()).unwrap();
    lock
}

pub fn assert_refused<T: std::fmt::Debug>(result: Result<T, String>, code: u16) {
    let error = result.unwrap_err();
    assert!(
        error.starts_with(&format!("[timelock:{code}] ")),
        "expected code {code}: {error}"
    );
}

//! Messages, sub-messages, replies and queries between contracts.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use anyhow::{anyhow, bail, ensure, Context, Result};
use cosmwasm_vm::{call_execute, call_instantiate, call_migrate, call_query, call_reply, VmResult};
use std3::{
    to_json_binary, Attribute, BankMsg, BankQuery, Binary, BlockInfo, CodeInfoResponse, Coin, ContractInfo,
    ContractInfoResponse, ContractResult, CosmosMsg, Empty, Env, Event, MessageInfo, QueryRequest, Reply, ReplyOn,
    Response, SubMsg, SubMsgResponse, SubMsgResult, SystemError, SystemResult, TransactionInfo, WasmMsg, WasmQuery,
};

use crate::machine::{Addresses, Machine, VmInstance};
use crate::world::{amount_of, Contract, World};

/// As deep as wasmd lets contracts call each other.
const MAX_DEPTH: u32 = 10;

/// What a message did.
#[derive(Default)]
pub(crate) struct Done {
    pub events: Vec<Event>,
    pub data: Option<Binary>,
}

/// The running chain: shared by everything that runs inside one transaction.
#[derive(Clone)]
pub(crate) struct Runner {
    pub world: Rc<RefCell<World>>,
    pub machine: Rc<Machine>,
    pub chain_id: Rc<str>,
    /// CosmWasm gas of the whole transaction, queries included.
    pub gas: Rc<RefCell<u64>>,
}

impl Runner {
    pub fn env(&self, address: &str) -> Env {
        let world = self.world.borrow();
        let block = BlockInfo {
            height: world.height,
            time: world.time,
            chain_id: self.chain_id.to_string(),
        };
        let transaction = Some(TransactionInfo::new(0, Binary::default()));
        Env {
            block,
            transaction,
            contract: ContractInfo {
                address: std3::Addr::unchecked(address),
            },
        }
    }

    /// Runs one message of `sender`; on failure the world is as before.
    pub fn run(&self, sender: &str, msg: CosmosMsg, depth: u32) -> Result<Done> {
        ensure!(depth < MAX_DEPTH, "max call depth exceeded");
        let before = self.world.borrow().clone();
        let done = self.run_unguarded(sender, msg, depth);
        if done.is_err() {
            *self.world.borrow_mut() = before;
        }
        done
    }

    fn run_unguarded(&self, sender: &str, msg: CosmosMsg, depth: u32) -> Result<Done> {
        match msg {
            CosmosMsg::Bank(BankMsg::Send { to_address, amount }) => self.bank_send(sender, &to_address, &amount),
            CosmosMsg::Bank(BankMsg::Burn { amount }) => self.bank_burn(sender, &amount),
            CosmosMsg::Wasm(msg) => self.wasm(sender, msg, depth),
            other => bail!("unsupported message: {other:?}"),
        }
    }

    fn bank_send(&self, from: &str, to: &str, coins: &[Coin]) -> Result<Done> {
        Addresses::canonical(to)?;
        self.world.borrow_mut().send(from, to, coins)?;
        Ok(Done::default())
    }

    fn bank_burn(&self, from: &str, coins: &[Coin]) -> Result<Done> {
        for coin in coins {
            self.world.borrow_mut().burn(from, &coin.denom, amount_of(coin)?)?;
        }
        Ok(Done::default())
    }

    fn wasm(&self, sender: &str, msg: WasmMsg, depth: u32) -> Result<Done> {
        match msg {
            WasmMsg::Execute {
                contract_addr,
                msg,
                funds,
            } => self.execute(sender, &contract_addr, &msg, funds, depth),
            WasmMsg::Instantiate2 {
                admin,
                code_id,
                label: _,
                msg,
                funds,
                salt,
            } => self.instantiate2(sender, admin, code_id, &msg, funds, &salt, depth),
            WasmMsg::Migrate {
                contract_addr,
                new_code_id,
                msg,
            } => self.migrate(sender, &contract_addr, new_code_id, &msg, depth),
            WasmMsg::UpdateAdmin { contract_addr, admin } => self.update_admin(sender, &contract_addr, Some(admin)),
            WasmMsg::ClearAdmin { contract_addr } => self.update_admin(sender, &contract_addr, None),
            other => bail!("unsupported message: {other:?}"),
        }
    }

    fn execute(&self, sender: &str, contract: &str, msg: &[u8], funds: Vec<Coin>, depth: u32) -> Result<Done> {
        self.world.borrow_mut().send(sender, contract, &funds)?;
        let info = MessageInfo {
            sender: std3::Addr::unchecked(sender),
            funds,
        };
        let env = self.env(contract);
        let response = self.call(contract, |i| call_execute(i, &env, &info, msg))?;
        self.settle(contract, "execute", response, depth)
    }

    #[allow(clippy::too_many_arguments)]
    pub fn instantiate2(
        &self,
        creator: &str,
        admin: Option<String>,
        code_id: u64,
        msg: &[u8],
        funds: Vec<Coin>,
        salt: &[u8],
        depth: u32,
    ) -> Result<Done> {
        let checksum = self.checksum(code_id)?;
        let address = address2(&checksum, creator, salt)?;
        ensure!(
            !self.world.borrow().contracts.contains_key(&address),
            "contract account already exists: {address}"
        );
        let contract = Contract {
            code_id,
            creator: creator.to_owned(),
            admin,
            rows: Arc::default(),
        };
        self.world.borrow_mut().contracts.insert(address.clone(), contract);
        self.world.borrow_mut().send(creator, &address, &funds)?;
        let info = MessageInfo {
            sender: std3::Addr::unchecked(creator),
            funds,
        };
        let env = self.env(&address);
        let response = self.call(&address, |i| call_instantiate(i, &env, &info, msg))?;
        self.settle(&address, "instantiate", response, depth)
    }

    fn migrate(&self, sender: &str, contract: &str, code_id: u64, msg: &[u8], depth: u32) -> Result<Done> {
        self.require_admin(sender, contract)?;
        self.checksum(code_id)?;
        self.world.borrow_mut().contract_mut(contract)?.code_id = code_id;
        let env = self.env(contract);
        let response = self.call(contract, |i| call_migrate(i, &env, msg))?;
        self.settle(contract, "migrate", response, depth)
    }

    fn update_admin(&self, sender: &str, contract: &str, admin: Option<String>) -> Result<Done> {
        self.require_admin(sender, contract)?;
        self.world.borrow_mut().contract_mut(contract)?.admin = admin;
        Ok(Done::default())
    }

    fn require_admin(&self, sender: &str, contract: &str) -> Result<()> {
        let world = self.world.borrow();
        ensure!(
            world.contract(contract)?.admin.as_deref() == Some(sender),
            "can not migrate: unauthorized"
        );
        Ok(())
    }

    pub fn checksum(&self, code_id: u64) -> Result<[u8; 32]> {
        let world = self.world.borrow();
        let at = usize::try_from(code_id)?
            .checked_sub(1)
            .context("code ids start at 1")?;
        world
            .codes
            .get(at)
            .copied()
            .with_context(|| format!("no such code: {code_id}"))
    }

    fn call(
        &self,
        contract: &str,
        entry_point: impl FnOnce(&mut VmInstance) -> VmResult<ContractResult<Response<Empty>>>,
    ) -> Result<Response<Empty>> {
        let result = self.in_instance(contract, entry_point)??;
        result
            .into_result()
            .map_err(|e| anyhow!("{e}: execute wasm contract failed"))
    }

    fn in_instance<T>(&self, contract: &str, f: impl FnOnce(&mut VmInstance) -> T) -> Result<T> {
        let code_id = self.world.borrow().contract(contract)?.code_id;
        let mut instance = self.machine.instance(&self.checksum(code_id)?, self, contract)?;
        let result = f(&mut instance);
        *self.gas.borrow_mut() += instance.create_gas_report().used_internally;
        Ok(result)
    }

    /// Gathers a response's events and runs its sub-messages.
    fn settle(&self, contract: &str, action: &str, response: Response<Empty>, depth: u32) -> Result<Done> {
        let mut events = vec![named(action.to_owned(), contract, &[])];
        events.extend(contract_events(contract, &response));
        let mut data = response.data;
        for sub in response.messages {
            let done = self.submessage(contract, sub, depth)?;
            events.extend(done.events);
            data = done.data.or(data);
        }
        Ok(Done { events, data })
    }

    fn submessage(&self, contract: &str, sub: SubMsg, depth: u32) -> Result<Done> {
        let outcome = self.run(contract, sub.msg, depth + 1);
        let reply = match (&outcome, &sub.reply_on) {
            (Ok(_), ReplyOn::Always | ReplyOn::Success) | (Err(_), ReplyOn::Always | ReplyOn::Error) => true,
            (Ok(_), _) => false,
            (Err(_), _) => return outcome,
        };
        if !reply {
            return Ok(Done { data: None, ..outcome? });
        }
        let (mut events, result) = match outcome {
            Ok(done) => (done.events.clone(), SubMsgResult::Ok(sub_response(done))),
            // The chain tells a contract the code of a failure, never its text.
            Err(_) => (Vec::new(), SubMsgResult::Err("codespace: wasm, code: 5".to_owned())),
        };
        let reply = Reply {
            id: sub.id,
            payload: sub.payload,
            gas_used: 0,
            result,
        };
        let env = self.env(contract);
        let response = self.call(contract, |i| call_reply(i, &env, &reply))?;
        let done = self.settle(contract, "reply", response, depth)?;
        events.extend(done.events);
        Ok(Done {
            events,
            data: done.data,
        })
    }

    /// Answers a contract's question, or a client's.
    pub fn answer(&self, request: &QueryRequest<Empty>) -> SystemResult<ContractResult<Binary>> {
        let unsupported = || SystemError::UnsupportedRequest {
            kind: format!("{request:?}"),
        };
        match request {
            QueryRequest::Bank(query) => self.answer_bank(query).map_or_else(
                || SystemResult::Err(unsupported()),
                |answer| SystemResult::Ok(ContractResult::Ok(answer)),
            ),
            QueryRequest::Wasm(WasmQuery::Smart { contract_addr, msg }) => self.answer_smart(contract_addr, msg),
            QueryRequest::Wasm(query) => self.answer_wasm(query).map_or_else(
                || SystemResult::Err(unsupported()),
                |answer| SystemResult::Ok(ContractResult::Ok(answer)),
            ),
            _ => SystemResult::Err(unsupported()),
        }
    }

    fn answer_bank(&self, query: &BankQuery) -> Option<Binary> {
        let BankQuery::Balance { address, denom } = query else {
            return None;
        };
        let amount = Coin::new(self.world.borrow().balance(address, denom), denom);
        to_json_binary(&std3::BalanceResponse::new(amount)).ok()
    }

    fn answer_wasm(&self, query: &WasmQuery) -> Option<Binary> {
        let world = self.world.borrow();
        match query {
            WasmQuery::Raw { contract_addr, key } => {
                let row = world.contract(contract_addr).ok()?.rows.get(key.as_slice()).cloned();
                Some(Binary::from(row.unwrap_or_default()))
            }
            WasmQuery::ContractInfo { contract_addr } => {
                let c = world.contract(contract_addr).ok()?;
                let admin = c.admin.clone().map(std3::Addr::unchecked);
                let creator = std3::Addr::unchecked(c.creator.clone());
                to_json_binary(&ContractInfoResponse::new(c.code_id, creator, admin, false, None, None)).ok()
            }
            WasmQuery::CodeInfo { code_id } => {
                let checksum = self.checksum(*code_id).ok()?;
                let creator = std3::Addr::unchecked("");
                to_json_binary(&CodeInfoResponse::new(*code_id, creator, checksum.into())).ok()
            }
            _ => None,
        }
    }

    fn answer_smart(&self, contract: &str, msg: &[u8]) -> SystemResult<ContractResult<Binary>> {
        match self.smart(contract, msg) {
            Ok(answer) => SystemResult::Ok(answer),
            Err(_) => SystemResult::Err(SystemError::NoSuchContract {
                addr: contract.to_owned(),
            }),
        }
    }

    /// A smart query; `Err` when there is no such contract or it trapped.
    pub fn smart(&self, contract: &str, msg: &[u8]) -> Result<ContractResult<Binary>> {
        let env = self.env(contract);
        Ok(self.in_instance(contract, |i| {
            i.set_storage_readonly(true);
            call_query(i, &env, msg)
        })??)
    }
}

fn sub_response(done: Done) -> SubMsgResponse {
    #[allow(deprecated)]
    SubMsgResponse {
        events: done.events,
        data: done.data.map(protobuf_data),
        msg_responses: vec![],
    }
}

/// `MsgExecuteContractResponse { data }`.
fn protobuf_data(data: Binary) -> Binary {
    let mut length = data.len();
    let mut out = vec![0x0a];
    while length >= 0x80 {
        out.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(&data);
    out.into()
}

/// The `wasm` event of a response's attributes, and its own events as `wasm-<type>`; each names the contract first.
fn contract_events(contract: &str, response: &Response<Empty>) -> Vec<Event> {
    let plain = (!response.attributes.is_empty()).then(|| named("wasm".to_owned(), contract, &response.attributes));
    let own = response
        .events
        .iter()
        .map(|e| named(format!("wasm-{}", e.ty), contract, &e.attributes));
    plain.into_iter().chain(own).collect()
}

/// Written field by field: the constructor is for contracts and panics at the chain's own `_contract_address`.
fn named(ty: String, contract: &str, attributes: &[Attribute]) -> Event {
    let mut event = Event::new(ty);
    event.attributes.push(Attribute {
        key: "_contract_address".to_owned(),
        value: contract.to_owned(),
    });
    event.attributes.extend(attributes.iter().cloned());
    event
}

/// The address fixed by (checksum, creator, salt), without `fix_msg`.
pub(crate) fn address2(checksum: &[u8; 32], creator: &str, salt: &[u8]) -> Result<String> {
    let creator = Addresses::canonical(creator)?;
    let canonical = std3::instantiate2_address(checksum, &creator.into(), salt)?;
    Ok(Addresses::human(&canonical)?)
}

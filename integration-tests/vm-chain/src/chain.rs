//! The suite's [`Chain`] over the virtual machine.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde::Serialize;
use std3::{BankMsg, CosmosMsg, Timestamp, WasmMsg};
use suite::account::Account;
use suite::chain::{Block, Chain, ChainError, ContractInfo, Msg, TxOutcome};

use crate::dispatch::{Done, Runner};
use crate::machine::Machine;
use crate::world::World;

/// Seconds that each transaction's block takes.
const BLOCK_SECONDS: u64 = 1;

/// A chain in process whose contracts are the shipped Wasm.
pub struct VmChain {
    runner: Runner,
    query_gas: Cell<u64>,
}

impl VmChain {
    /// An empty chain at a given time.
    ///
    /// # Errors
    /// When the machine's cache folder cannot be made.
    pub fn new(chain_id: &str, unix_seconds: u64) -> Result<Self> {
        let world = World {
            height: 1,
            time: Timestamp::from_seconds(unix_seconds),
            ..World::default()
        };
        let runner = Runner {
            world: Rc::new(RefCell::new(world)),
            machine: Rc::new(Machine::new()?),
            chain_id: chain_id.into(),
            gas: Rc::default(),
        };
        Ok(Self {
            runner,
            query_gas: Cell::default(),
        })
    }

    /// Gives an account native coins out of nothing, as a genesis would.
    pub fn fund(&mut self, address: &str, denom: &str, amount: u128) {
        self.runner.world.borrow_mut().mint(address, denom, amount);
    }

    /// Runs messages as one transaction of a sender whose signature nobody asks for.
    ///
    /// # Errors
    /// [`ChainError::Refused`] when it took no effect.
    pub fn transact_as(&mut self, sender: &str, msgs: &[Msg]) -> Result<TxOutcome, ChainError> {
        self.next_block();
        let before = self.runner.world.borrow().clone();
        *self.runner.gas.borrow_mut() = 0;
        let mut events = Vec::new();
        for msg in msgs {
            match self.run(sender, msg) {
                Ok(done) => events.extend(done.events),
                Err(e) => {
                    *self.runner.world.borrow_mut() = before;
                    return Err(refused(&e));
                }
            }
        }
        let gas_used = *self.runner.gas.borrow() / crate::GAS_MULTIPLIER;
        Ok(TxOutcome {
            hash: String::new(),
            height: self.block()?.height,
            gas_used,
            events: same(&events)?,
        })
    }

    /// Gas of the last smart query, in the chain's units.
    #[must_use]
    pub fn query_gas(&self) -> u64 {
        self.query_gas.get()
    }

    fn run(&self, sender: &str, msg: &Msg) -> Result<Done> {
        match msg {
            Msg::Store { wasm, .. } => self.store(wasm),
            Msg::Instantiate2 {
                code_id,
                msg,
                salt,
                admin,
                funds,
                ..
            } => self
                .runner
                .instantiate2(sender, admin.clone(), *code_id, msg, same(funds)?, salt, 0),
            other => self.runner.run(sender, plain(other)?, 0),
        }
    }

    fn store(&self, wasm: &[u8]) -> Result<Done> {
        let checksum = self.runner.machine.store(wasm)?;
        let mut world = self.runner.world.borrow_mut();
        world.codes.push(checksum);
        let event = std3::Event::new("store_code")
            .add_attribute("code_checksum", hex::encode(checksum))
            .add_attribute("code_id", world.codes.len().to_string());
        Ok(Done {
            events: vec![event],
            data: None,
        })
    }

    fn next_block(&self) {
        let mut world = self.runner.world.borrow_mut();
        world.height += 1;
        world.time = world.time.plus_seconds(BLOCK_SECONDS);
    }
}

/// What a contract could send, too.
fn plain(msg: &Msg) -> Result<CosmosMsg> {
    Ok(match msg.clone() {
        Msg::Execute { contract, msg, funds } => WasmMsg::Execute {
            contract_addr: contract,
            msg: msg.into(),
            funds: same(&funds)?,
        }
        .into(),
        Msg::Migrate { contract, code_id, msg } => WasmMsg::Migrate {
            contract_addr: contract,
            new_code_id: code_id,
            msg: msg.into(),
        }
        .into(),
        Msg::UpdateAdmin { contract, admin } => WasmMsg::UpdateAdmin {
            contract_addr: contract,
            admin,
        }
        .into(),
        Msg::Send { to, coins } => BankMsg::Send {
            to_address: to,
            amount: same(&coins)?,
        }
        .into(),
        Msg::Store { .. } | Msg::Instantiate2 { .. } => anyhow::bail!("not a plain message"),
    })
}

/// The same value in the other major version of cosmwasm-std.
fn same<T: DeserializeOwned>(value: &impl Serialize) -> Result<T> {
    Ok(serde_json::from_value(serde_json::to_value(value)?)?)
}

fn refused(error: &anyhow::Error) -> ChainError {
    ChainError::Refused {
        code: 5,
        log: format!("{error:#}"),
        gas_used: 0,
    }
}

impl Chain for VmChain {
    fn chain_id(&self) -> String {
        self.runner.chain_id.to_string()
    }

    fn block(&self) -> Result<Block> {
        let world = self.runner.world.borrow();
        Ok(Block {
            height: world.height,
            time: cosmwasm_std::Timestamp::from_nanos(world.time.nanos()),
        })
    }

    fn transact(&mut self, signer: &Account, msgs: &[Msg]) -> Result<TxOutcome, ChainError> {
        self.transact_as(signer.address(), msgs)
    }

    fn query_smart(&self, contract: &str, msg: &[u8]) -> Result<Vec<u8>, ChainError> {
        let before = *self.runner.gas.borrow();
        let answer = self.runner.smart(contract, msg)?;
        let spent = self.runner.gas.replace(before).saturating_sub(before);
        self.query_gas.set(spent / crate::GAS_MULTIPLIER);
        answer
            .into_result()
            .map(Into::into)
            .map_err(|e| refused(&anyhow::anyhow!("{e}: query wasm contract failed")))
    }

    fn query_raw(&self, contract: &str, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.runner.world.borrow().contract(contract)?.rows.get(key).cloned())
    }

    fn balance(&self, address: &str, denom: &str) -> Result<u128> {
        Ok(self.runner.world.borrow().balance(address, denom))
    }

    fn contract(&self, address: &str) -> Result<Option<ContractInfo>> {
        let world = self.runner.world.borrow();
        let info = |c: &crate::world::Contract| ContractInfo {
            code_id: c.code_id,
            creator: c.creator.clone(),
            admin: c.admin.clone(),
        };
        Ok(world.contracts.get(address).map(info))
    }

    fn checksum(&self, code_id: u64) -> Result<[u8; 32]> {
        self.runner.checksum(code_id).context("checksum")
    }

    fn advance(&mut self, by: Duration) -> Result<()> {
        let mut world = self.runner.world.borrow_mut();
        world.height += 1;
        world.time = world.time.plus_nanos(u64::try_from(by.as_nanos())?);
        Ok(())
    }
}

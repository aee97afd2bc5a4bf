//! A simulated chain on which every message is counted by its kind.

use std::collections::BTreeMap;

use anyhow::{anyhow, ensure, Context, Result};
use cosmwasm_std::testing::MockApi;
use cosmwasm_std::{
    coin, to_json_binary, Addr, Coin, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdResult, Timestamp,
};
use cw_multi_test::{App, AppResponse, Contract, ContractWrapper, Executor};
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::world::{BLOCK, DENOM, START};

/// Executed and refused messages of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub executed: u64,
    pub refused: u64,
}

/// The chain, and what was counted on it by kinds `K`.
pub struct Chain<K> {
    app: App,
    pub counts: BTreeMap<K, Tally>,
    /// Refusals by kind and code.
    pub refusals: BTreeMap<(K, String), u64>,
}

/// A contract and the message that instantiates it.
pub type Creation = (Box<dyn Contract<Empty>>, serde_json::Value);

/// Code of a contract of the suite, by the name of its crate; with `reply` if it has one.
macro_rules! code {
    ($krate:ident $(, $reply:ident)?) => {{
        use ::$krate::contract::{execute, instantiate, query};
        let contract = cw_multi_test::ContractWrapper::new(execute, instantiate, query);
        $(let contract = contract.with_reply(::$krate::contract::$reply);)?
        Box::new(contract) as Box<dyn cw_multi_test::Contract<cosmwasm_std::Empty>>
    }};
}
pub(crate) use code;

/// The addresses that contracts will have: they depend on the order of creation alone, so empty contracts created in the same order have the same.
///
/// # Errors
/// When the simulator refuses.
pub fn foresee<const N: usize>() -> Result<[Addr; N]> {
    fn accept(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }
    fn answer(_: Deps, _: Env, _: Empty) -> StdResult<cosmwasm_std::Binary> {
        to_json_binary(&Empty {})
    }
    let mut app = App::default();
    let creator = person("council");
    let mut all = Vec::with_capacity(N);
    for _ in 0..N {
        let code = app.store_code(Box::new(ContractWrapper::new(accept, accept, answer)));
        let created = app.instantiate_contract(code, creator.clone(), &Empty {}, &[], "empty", None);
        all.push(created.map_err(|error| anyhow!("{error}"))?);
    }
    all.try_into().map_err(|_| anyhow!("as many addresses as contracts"))
}

/// The address of that name.
#[must_use]
pub fn person(name: &str) -> Addr {
    MockApi::default().addr_make(name)
}

impl<K: Copy + Ord + Serialize> Chain<K> {
    /// An empty chain on which these addresses have µUSDT.
    ///
    /// # Errors
    /// When the bank refuses.
    pub fn new(wealth: &[(Addr, u128)]) -> Result<Self> {
        let mut app = App::default();
        app.update_block(|block| block.time = Timestamp::from_seconds(START));
        app.init_modules(|router, _, storage| {
            wealth
                .iter()
                .filter(|(_, amount)| *amount > 0)
                .try_for_each(|(address, amount)| {
                    router.bank.init_balance(storage, address, vec![coin(*amount, DENOM)])
                })
        })?;
        Ok(Self {
            app,
            counts: BTreeMap::new(),
            refusals: BTreeMap::new(),
        })
    }

    /// Creates contracts in this order, each at the address foreseen for it.
    ///
    /// # Errors
    /// When one refuses its configuration.
    pub fn create(&mut self, contracts: Vec<Creation>, foreseen: &[(&'static str, &Addr)]) -> Result<()> {
        for ((code, msg), (name, expected)) in contracts.into_iter().zip(foreseen) {
            let code = self.app.store_code(code);
            let creator = self.person("council");
            let created = self.app.instantiate_contract(code, creator, &msg, &[], *name, None);
            let created = created.map_err(|error| anyhow!("{name}: {:#}", error.root_cause()))?;
            ensure!(created == **expected, "{name} is not at the address foreseen");
        }
        Ok(())
    }

    // ---- time ----

    #[must_use]
    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    /// A block later.
    pub fn next_block(&mut self) {
        self.pass(BLOCK);
    }

    pub fn pass(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.height += 1;
            block.time = block.time.plus_seconds(seconds);
        });
    }

    /// Brings the clock to a moment, unless it is past.
    pub fn until(&mut self, moment: u64) {
        let now = self.now();
        if moment > now {
            self.pass(moment - now);
        }
    }

    #[must_use]
    pub fn person(&self, name: &str) -> Addr {
        person(name)
    }

    // ---- messages ----

    /// Sends one message; what it answered, unless it was refused. Both are counted.
    pub fn send(
        &mut self,
        kind: K,
        sender: &Addr,
        contract: &Addr,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Option<AppResponse> {
        let sent = self
            .app
            .execute_contract(sender.clone(), contract.clone(), &Json(msg), funds);
        let tally = self.counts.entry(kind).or_default();
        match sent {
            Ok(response) => {
                tally.executed += 1;
                Some(response)
            }
            Err(error) => {
                tally.refused += 1;
                let text = error.root_cause().to_string();
                let code = text
                    .split_once(']')
                    .map_or(text.clone(), |(code, _)| format!("{code}]"));
                *self.refusals.entry((kind, code)).or_default() += 1;
                None
            }
        }
    }

    /// Moves µUSDT between accounts; nothing for 0. Not counted: it is no message to a contract.
    ///
    /// # Errors
    /// When the sender has less.
    pub fn pay(&mut self, from: &Addr, to: &Addr, amount: u128) -> Result<()> {
        if amount > 0 {
            let sent = self.app.send_tokens(from.clone(), to.clone(), &[coin(amount, DENOM)]);
            sent.map_err(|error| anyhow!("{:#}", error.root_cause()))?;
        }
        Ok(())
    }

    // ---- questions ----

    /// # Errors
    /// When the contract refuses.
    pub fn query<T: DeserializeOwned>(&self, contract: &Addr, msg: &impl Serialize) -> Result<T> {
        let answer = self.app.wrap().query_wasm_smart(contract, &Json(msg));
        answer.with_context(|| serde_json::to_string(msg).unwrap_or_default())
    }

    /// # Errors
    /// When the bank refuses.
    pub fn usdt(&self, address: &Addr) -> Result<u128> {
        Ok(self.app.wrap().query_balance(address, DENOM)?.amount.u128())
    }

    /// Messages executed so far.
    #[must_use]
    pub fn executed(&self) -> u64 {
        self.counts.values().map(|tally| tally.executed).sum()
    }

    /// Messages refused so far.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.counts.values().map(|tally| tally.refused).sum()
    }

    /// `kind code` → times.
    ///
    /// # Errors
    /// Never for kinds that are written as text.
    pub fn refusals_by_name(&self) -> Result<BTreeMap<String, u64>> {
        let name = |kind: &K| serde_json::to_value(kind).map(|value| value.as_str().unwrap_or_default().to_owned());
        self.refusals
            .iter()
            .map(|((kind, code), times)| Ok((format!("{} {code}", name(kind)?), *times)))
            .collect()
    }
}

/// The attribute of the first event of that type.
#[must_use]
pub fn attribute(response: &AppResponse, event: &str, key: &str) -> Option<String> {
    let name = format!("wasm-{event}");
    let event = response.events.iter().find(|other| other.ty == name)?;
    let found = event.attributes.iter().find(|other| other.key == key);
    found.map(|other| other.value.clone())
}

/// Gives the simulator a message by reference, as JSON and for debugging.
struct Json<'a, T>(&'a T);

impl<T: Serialize> Serialize for Json<'_, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<T> std::fmt::Debug for Json<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("message")
    }
}

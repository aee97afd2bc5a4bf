//! A token in memory, driven through its entry points.
#![allow(dead_code)]

use std::cell::Cell;

use cosmwasm_std::testing::{message_info, mock_env, MockApi, MockQuerier, MockStorage};
use cosmwasm_std::{
    from_json, Addr, Coin, Deps, DepsMut, Empty, Env, Order, QuerierWrapper, Record, Response, StdResult, Storage,
    Uint128,
};
use interfaces::l_coin::{ExecuteMsg, InstantiateMsg, MintRecipient, MintedResponse, QueryMsg, CAP};
use l_coin::contract::{execute, instantiate, query};
use l_coin::ContractError;
use serde::de::DeserializeOwned;

pub const CAP_MICRO: u128 = CAP.u128();

/// Storage that counts what is read and written.
#[derive(Default)]
pub struct Counted {
    inner: MockStorage,
    reads: Cell<usize>,
    writes: usize,
    bytes: Cell<usize>,
}

impl Counted {
    /// (reads, writes, bytes moved) since the last call.
    pub fn take_counts(&mut self) -> (usize, usize, usize) {
        (self.reads.take(), std::mem::take(&mut self.writes), self.bytes.take())
    }

    pub fn rows(&self) -> Vec<Record> {
        self.inner.range(None, None, Order::Ascending).collect()
    }
}

impl Storage for Counted {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.inner.get(key);
        self.reads.set(self.reads.get() + 1);
        self.bytes
            .set(self.bytes.get() + key.len() + value.as_ref().map_or(0, Vec::len));
        value
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.writes += 1;
        self.bytes.set(self.bytes.get() + key.len() + value.len());
        self.inner.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.writes += 1;
        self.inner.remove(key);
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        self.inner.range(start, end, order)
    }
}

pub struct Chain {
    pub storage: Counted,
    pub api: MockApi,
    pub querier: MockQuerier,
    pub env: Env,
}

impl Chain {
    pub fn new() -> Self {
        Self {
            storage: Counted::default(),
            api: MockApi::default(),
            querier: MockQuerier::new(&[]),
            env: mock_env(),
        }
    }

    pub fn deps_mut(&mut self) -> DepsMut<'_> {
        DepsMut {
            storage: &mut self.storage,
            api: &self.api,
            querier: QuerierWrapper::<Empty>::new(&self.querier),
        }
    }

    pub fn deps(&self) -> Deps<'_> {
        Deps {
            storage: &self.storage,
            api: &self.api,
            querier: QuerierWrapper::<Empty>::new(&self.querier),
        }
    }

    pub fn addr(&self, name: &str) -> Addr {
        self.api.addr_make(name)
    }
}

pub struct Coin6 {
    pub chain: Chain,
}

pub fn init_msg(chain: &Chain) -> InstantiateMsg {
    InstantiateMsg {
        name: "L-Coin".into(),
        symbol: "LCO".into(),
        decimals: 6,
        minter: chain.addr("vault").into_string(),
        marketing: None,
    }
}

impl Coin6 {
    pub fn new() -> Self {
        let chain = Chain::new();
        let msg = init_msg(&chain);
        Self::with(msg).unwrap()
    }

    pub fn with(msg: InstantiateMsg) -> Result<Self, ContractError> {
        let mut chain = Chain::new();
        let (env, info) = (chain.env.clone(), message_info(&chain.addr("deployer"), &[]));
        instantiate(chain.deps_mut(), env, info, msg)?;
        Ok(Self { chain })
    }

    pub fn addr(&self, name: &str) -> Addr {
        self.chain.addr(name)
    }

    pub fn name(&self, name: &str) -> String {
        self.addr(name).into_string()
    }

    /// Like a transaction: a refused message leaves no trace.
    pub fn send_with(&mut self, sender: &str, msg: ExecuteMsg, coins: &[Coin]) -> Result<Response, ContractError> {
        let before = self.chain.storage.rows();
        let (env, info) = (self.chain.env.clone(), message_info(&self.addr(sender), coins));
        let result = execute(self.chain.deps_mut(), env, info, msg);
        if result.is_err() {
            self.chain.storage = Counted::default();
            before
                .iter()
                .for_each(|(key, value)| self.chain.storage.set(key, value));
        }
        result
    }

    pub fn send(&mut self, sender: &str, msg: ExecuteMsg) -> Result<Response, ContractError> {
        self.send_with(sender, msg, &[])
    }

    pub fn mint(&mut self, recipient: &str, amount: u128) -> Result<Response, ContractError> {
        let recipient = self.name(recipient);
        self.send(
            "vault",
            ExecuteMsg::Mint {
                recipient,
                amount: amount.into(),
            },
        )
    }

    pub fn batch(&mut self, sender: &str, recipients: &[(&str, u128)]) -> Result<Response, ContractError> {
        let recipients = recipients
            .iter()
            .map(|(name, amount)| MintRecipient {
                address: self.name(name),
                amount: (*amount).into(),
            })
            .collect();
        self.send(sender, ExecuteMsg::MintBatch { recipients })
    }

    pub fn burn(&mut self, owner: &str, amount: u128) -> Result<Response, ContractError> {
        self.send(owner, ExecuteMsg::Burn { amount: amount.into() })
    }

    pub fn query<T: DeserializeOwned>(&self, msg: QueryMsg) -> StdResult<T> {
        from_json(query(self.chain.deps(), self.chain.env.clone(), msg)?)
    }

    pub fn balance(&self, name: &str) -> u128 {
        let answer: cw20::BalanceResponse = self
            .query(QueryMsg::Balance {
                address: self.name(name),
            })
            .unwrap();
        answer.balance.u128()
    }

    /// (minted, burned), checking that their difference is the supply that wallets see.
    pub fn minted(&self) -> (u128, u128) {
        let answer: MintedResponse = self.query(QueryMsg::Minted {}).unwrap();
        let info: cw20::TokenInfoResponse = self.query(QueryMsg::TokenInfo {}).unwrap();
        assert_eq!(answer.minted - answer.burned, info.total_supply);
        assert_eq!(answer.cap, Uint128::new(CAP_MICRO));
        (answer.minted.u128(), answer.burned.u128())
    }
}

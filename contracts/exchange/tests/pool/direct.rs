//! The contract's entry points without a chain around them, for tests of many thousand blocks. Both assets are coins.

use cosmwasm_schema::serde::de::DeserializeOwned;
use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env, MockApi, MockQuerier, MockStorage};
use cosmwasm_std::{coin, coins, from_json, Env, OwnedDeps, Response, Timestamp, Uint128};
use exchange::contract::{execute, instantiate, query};
use exchange::ContractError;
use interfaces::exchange::*;

use crate::world::{amounts, START};

pub const DENOMS: [&str; 2] = ["ubase", "uquote"];

pub struct Direct {
    pub deps: OwnedDeps<MockStorage, MockApi, MockQuerier>,
    pub env: Env,
}

impl Direct {
    /// A pool with these reserves, begun in this block.
    pub fn new(reserves: [u128; 2]) -> Self {
        let mut deps = mock_dependencies();
        let mut env = mock_env();
        env.block.time = Timestamp::from_seconds(START);
        let user = |name: &str| MockApi::default().addr_make(name);
        let msg = InstantiateMsg {
            owner: user("owner").into(),
            assets: DENOMS.map(|denom| Asset::Native { denom: denom.into() }),
            announced: false,
            params: Params {
                fee_bps: 30,
                skim_recipient: user("treasury").into(),
            },
        };
        instantiate(deps.as_mut(), env.clone(), message_info(&user("creator"), &[]), msg).unwrap();
        let mut direct = Self { deps, env };
        direct.provide(reserves).unwrap();
        direct
    }

    pub fn provide(&mut self, offered: [u128; 2]) -> Result<Response, ContractError> {
        let info = message_info(
            &MockApi::default().addr_make("lp"),
            &[coin(offered[0], DENOMS[0]), coin(offered[1], DENOMS[1])],
        );
        let msg = ExecuteMsg::Provide {
            amounts: amounts(offered),
            min_shares: Uint128::zero(),
            deadline: None,
        };
        execute(self.deps.as_mut(), self.env.clone(), info, msg)
    }

    /// One block later, some milliseconds later.
    pub fn wait(&mut self, ms: u64) {
        self.env.block.height += 1;
        self.env.block.time = self.env.block.time.plus_nanos(ms * 1_000_000);
    }

    pub fn ms(&self) -> u64 {
        self.env.block.time.nanos() / 1_000_000
    }

    pub fn swap(&mut self, side: Side, paid: u128) -> Result<u128, ContractError> {
        let info = message_info(
            &MockApi::default().addr_make("trader"),
            &coins(paid, DENOMS[side as usize]),
        );
        let msg = ExecuteMsg::Swap {
            min_out: Uint128::zero(),
            deadline: None,
            to: None,
        };
        let response = execute(self.deps.as_mut(), self.env.clone(), info, msg)?;
        Ok(from_json::<Uint128>(response.data.unwrap()).unwrap().u128())
    }

    pub fn ask<T: DeserializeOwned>(&self, msg: QueryMsg) -> Result<T, ContractError> {
        query(self.deps.as_ref(), self.env.clone(), msg).map(|answer| from_json(answer).unwrap())
    }

    pub fn market(&self) -> MarketResponse {
        self.ask(QueryMsg::Market {}).unwrap()
    }

    pub fn twap(&self, window: u64) -> Result<TwapPair, ContractError> {
        self.ask(QueryMsg::Twap { window })
    }

    pub fn reserves(&self) -> [u128; 2] {
        self.market().reserves.map(|reserve| reserve.u128())
    }
}

//! A chain in process and a deployment on it.

use std::time::Duration;

use cosmwasm_std::{coin, to_json_binary, Timestamp, Uint128};
use cw20::BalanceResponse;
use interfaces::token_allocation::ExecuteMsg as Allocation;
use interfaces::{genesis_nft, vcai};
use serde::de::DeserializeOwned;
use serde::Serialize;
use suite::deploy::{deploy, tge, Addresses, Artifacts, Config, Report, State, TgeError, TgeReport};
use suite::in_process::InProcess;
use suite::{Account, Chain, ChainExt, TxOutcome};

pub const DAY: Duration = Duration::from_secs(86_400);
/// 2025-10-09.
pub const START: u64 = 1_760_000_000;
/// Base units of a million VCAI.
pub const MILLION: u128 = 1_000_000_000_000;

pub struct World {
    pub chain: InProcess,
    pub config: Config,
    pub state: State,
}

impl World {
    pub fn new() -> Self {
        let config = Config::local().unwrap();
        let chain = InProcess::new(&config.chain_id, Timestamp::from_seconds(START)).unwrap();
        let state = State::in_memory(&config.chain_id);
        Self { chain, config, state }
    }

    pub fn deploy(&mut self, artifacts: &Artifacts) -> Report {
        deploy(&mut self.chain, &self.config, artifacts, &mut self.state, &|_| ()).unwrap()
    }

    pub fn tge(&mut self, without_pool: bool) -> Result<TgeReport, TgeError> {
        let artifacts = Artifacts::native();
        tge(
            &mut self.chain,
            &self.config,
            &artifacts,
            &mut self.state,
            without_pool,
            &|_| (),
        )
    }

    /// Deployed, ten genesis tokens sold for 5,000 USDT, and the market open.
    pub fn open() -> (Self, Addresses) {
        let mut world = Self::new();
        let at = world.deploy(&Artifacts::native()).addresses;
        world.buy_tokens("user9", &at, 10);
        world.chain.advance(7 * DAY).unwrap();
        world.tge(false).unwrap();
        (world, at)
    }

    pub fn buy_tokens(&mut self, who: &str, at: &Addresses, quantity: u32) {
        let funds = coin(u128::from(quantity) * 500_000_000, "uusdt");
        let buy = genesis_nft::ExecuteMsg::Buy { quantity };
        let buyer = Account::dev(who).unwrap();
        self.chain.execute(&buyer, &at.genesis_nft, &buy, &[funds]).unwrap();
    }

    pub fn now(&self) -> u64 {
        self.chain.block().unwrap().time.seconds()
    }

    pub fn query<T: DeserializeOwned>(&self, contract: &str, msg: &impl Serialize) -> T {
        self.chain.query(contract, msg).unwrap()
    }

    pub fn act(&mut self, who: &str, contract: &str, msg: &impl Serialize) -> TxOutcome {
        self.chain
            .execute(&Account::dev(who).unwrap(), contract, msg, &[])
            .unwrap()
    }

    /// Sends VCAI with a hook.
    pub fn send(
        &mut self,
        who: &str,
        at: &Addresses,
        contract: &str,
        amount: u128,
        hook: &impl Serialize,
    ) -> TxOutcome {
        let send = vcai::ExecuteMsg::Send {
            contract: contract.to_owned(),
            amount: amount.into(),
            msg: to_json_binary(hook).unwrap(),
        };
        self.act(who, &at.vcai, &send)
    }

    /// Claims a grant to the account.
    pub fn claim(&mut self, who: &str, at: &Addresses, grant: u64) {
        self.act(who, &at.token_allocation, &Allocation::Claim { grant });
    }

    /// Base units of VCAI.
    pub fn vcai(&self, at: &Addresses, address: &str) -> u128 {
        let query = vcai::QueryMsg::Balance {
            address: address.to_owned(),
        };
        let answer: BalanceResponse = self.query(&at.vcai, &query);
        answer.balance.u128()
    }
}

pub fn dev(name: &str) -> String {
    Account::dev(name).unwrap().address().to_owned()
}

pub fn some(amount: u128) -> Uint128 {
    amount.into()
}

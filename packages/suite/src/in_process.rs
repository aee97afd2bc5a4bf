//! A chain on cw-multi-test: the contracts as native code, at the addresses they have everywhere.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{anyhow, bail, Context, Result};
use cosmwasm_std::{
    Addr, BankMsg, BlockInfo, Checksum, CosmosMsg, Empty, Event, MemoryStorage, QueryRequest, Timestamp, WasmMsg,
    WasmQuery,
};
use cw_multi_test::{
    no_init, App, AppBuilder, AppResponse, BankKeeper, Contract, ContractWrapper, DistributionKeeper, FailingModule,
    GovFailingModule, IbcFailingModule, MockApiBech32, StakeKeeper, StargateFailing, WasmKeeper,
};
use sha2::{Digest, Sha256};

use crate::account::{dev_names, Account, PREFIX};
use crate::chain::{Block, Chain, ChainError, ContractInfo, Msg, TxOutcome};
use crate::localnet::dev_coins;

/// Makes a contract that says it has this checksum.
pub type Code = fn(Checksum) -> Box<dyn Contract<Empty>>;

type MultiTest = App<
    BankKeeper,
    MockApiBech32,
    MemoryStorage,
    FailingModule<Empty, Empty, Empty>,
    WasmKeeper<Empty, Empty>,
    StakeKeeper,
    DistributionKeeper,
    IbcFailingModule,
    GovFailingModule,
    StargateFailing,
>;

/// A chain in this process. Every transaction is a block of its own.
pub struct InProcess {
    app: MultiTest,
    codes: HashMap<String, Code>,
    /// Time from one block to the next.
    pub block_time: Duration,
}

impl InProcess {
    /// A chain at this time, with the funded development accounts and the suite's code known by name.
    ///
    /// # Errors
    /// When a development account cannot be derived.
    pub fn new(chain_id: &str, time: Timestamp) -> Result<Self> {
        let holders = dev_names()
            .map(|name| Account::dev(&name))
            .collect::<Result<Vec<_>>>()?;
        let block = BlockInfo {
            height: 1,
            time,
            chain_id: chain_id.to_owned(),
        };
        let mut app = AppBuilder::new()
            .with_api(MockApiBech32::new(PREFIX))
            .with_block(block)
            .build(no_init);
        app.init_modules(|router, _, storage| {
            let fund = |a: &Account| {
                router
                    .bank
                    .init_balance(storage, &Addr::unchecked(a.address()), dev_coins())
            };
            holders.iter().try_for_each(fund)
        })?;
        let codes = suite_codes().map(|(name, code)| (name.to_owned(), code)).collect();
        Ok(Self {
            app,
            codes,
            block_time: Duration::from_millis(500),
        })
    }

    /// Makes other code known, e.g. that of an attacker; [`Msg::Store`] finds it by its name.
    pub fn register(&mut self, name: &str, code: Code) {
        self.codes.insert(name.to_owned(), code);
    }

    /// The simulator itself, for what no chain offers.
    pub fn app(&mut self) -> &mut MultiTest {
        &mut self.app
    }

    fn next_block(&mut self, after: Duration) -> Result<()> {
        let nanos = u64::try_from(after.as_nanos())?;
        self.app.update_block(|block| {
            block.height += 1;
            block.time = block.time.plus_nanos(nanos);
        });
        Ok(())
    }

    fn store(&mut self, signer: &Account, name: &str, wasm: &[u8]) -> Result<Event> {
        let code = self
            .codes
            .get(name)
            .with_context(|| format!("no native code is registered as `{name}`"))?;
        let checksum = Checksum::from(<[u8; 32]>::from(Sha256::digest(wasm)));
        let id = self
            .app
            .store_code_with_creator(Addr::unchecked(signer.address()), code(checksum));
        Ok(Event::new("store_code").add_attribute("code_id", id.to_string()))
    }
}

impl Chain for InProcess {
    fn chain_id(&self) -> String {
        self.app.block_info().chain_id
    }

    fn block(&self) -> Result<Block> {
        let block = self.app.block_info();
        Ok(Block {
            height: block.height,
            time: block.time,
        })
    }

    fn transact(&mut self, signer: &Account, msgs: &[Msg]) -> Result<TxOutcome, ChainError> {
        self.next_block(self.block_time)?;
        let mut events = Vec::new();
        let mut others = Vec::new();
        for msg in msgs {
            match msg {
                // Code is only added; a transaction that fails later leaves it unused.
                Msg::Store { name, wasm } => events.push(self.store(signer, name, wasm)?),
                other => others.push(cosmos_msg(other)?),
            }
        }
        let run = self.app.execute_multi(Addr::unchecked(signer.address()), others);
        let responses: Vec<AppResponse> = run.map_err(refused)?;
        events.extend(responses.into_iter().flat_map(|r| r.events));
        Ok(TxOutcome {
            height: self.app.block_info().height,
            events,
            ..TxOutcome::default()
        })
    }

    fn query_smart(&self, contract: &str, msg: &[u8]) -> Result<Vec<u8>, ChainError> {
        let query = WasmQuery::Smart {
            contract_addr: contract.to_owned(),
            msg: msg.into(),
        };
        let request = serde_json::to_vec(&QueryRequest::<Empty>::Wasm(query)).context("query")?;
        let answer = cosmwasm_std::Querier::raw_query(&self.app, &request);
        let answer = answer.into_result().map_err(|e| refused(anyhow!("{e}")))?;
        Ok(answer.into_result().map_err(|e| refused(anyhow!("{e}")))?.to_vec())
    }

    fn query_raw(&self, contract: &str, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self
            .app
            .wrap()
            .query_wasm_raw(contract, key)?
            .filter(|value| !value.is_empty()))
    }

    fn balance(&self, address: &str, denom: &str) -> Result<u128> {
        Ok(self.app.wrap().query_balance(address, denom)?.amount.u128())
    }

    fn contract(&self, address: &str) -> Result<Option<ContractInfo>> {
        // The simulator knows no other error here than that there is no such contract.
        Ok(self
            .app
            .contract_data(&Addr::unchecked(address))
            .ok()
            .map(|data| ContractInfo {
                code_id: data.code_id,
                creator: data.creator.into_string(),
                admin: data.admin.map(Addr::into_string),
            }))
    }

    fn checksum(&self, code_id: u64) -> Result<[u8; 32]> {
        let info = self.app.wrap().query_wasm_code_info(code_id)?;
        Ok(info.checksum.as_slice().try_into()?)
    }

    fn advance(&mut self, by: Duration) -> Result<()> {
        if by.is_zero() {
            bail!("the chain's clock only moves forward");
        }
        self.next_block(by)
    }
}

fn refused(error: anyhow::Error) -> ChainError {
    ChainError::Refused {
        code: 0,
        log: format!("{error:#}"),
        gas_used: 0,
    }
}

fn cosmos_msg(msg: &Msg) -> Result<CosmosMsg> {
    Ok(match msg.clone() {
        Msg::Store { name, .. } => bail!("code `{name}` cannot be stored by a contract"),
        Msg::Instantiate2 {
            code_id,
            label,
            msg,
            salt,
            admin,
            funds,
        } => WasmMsg::Instantiate2 {
            admin,
            code_id,
            label,
            msg: msg.into(),
            funds,
            salt: salt.into(),
        }
        .into(),
        Msg::Execute { contract, msg, funds } => WasmMsg::Execute {
            contract_addr: contract,
            msg: msg.into(),
            funds,
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
            amount: coins,
        }
        .into(),
    })
}

/// Entry points of a contract crate as a [`Code`].
macro_rules! code {
    ($krate:ident $(, $reply:ident)?) => {
        |checksum| {
            use $krate::contract::{execute, instantiate, migrate, query};
            let contract = ContractWrapper::new(execute, instantiate, query).with_migrate(migrate);
            $(let contract = contract.with_reply($krate::contract::$reply);)?
            Box::new(contract.with_checksum(checksum))
        }
    };
}

/// The suite's code by crate name.
fn suite_codes() -> impl Iterator<Item = (&'static str, Code)> {
    let codes: [(&str, Code); 21] = [
        ("timelock", code!(timelock)),
        ("tee-verifier", code!(tee_verifier)),
        ("l-coin", code!(l_coin)),
        ("credit-vault", code!(credit_vault, reply)),
        ("attestation-oracle", code!(attestation_oracle, reply)),
        ("lco-staking", code!(lco_staking)),
        ("exchange", code!(exchange)),
        ("margin", code!(margin, reply)),
        ("ecosystem-fund", code!(ecosystem_fund, reply)),
        ("compute-wars", code!(compute_wars, reply)),
        ("imo-launchpad", code!(imo_launchpad)),
        ("prediction-market", code!(prediction_market, reply)),
        ("governance", code!(governance)),
        ("vcai", code!(vcai)),
        ("token-allocation", code!(token_allocation)),
        ("genesis-nft", code!(genesis_nft)),
        ("vote-escrow", code!(vote_escrow)),
        ("voting-adapter", code!(voting_adapter)),
        ("ve-rewards", code!(ve_rewards)),
        ("treasury", code!(treasury, reply)),
        ("incentive-controller", code!(incentive_controller)),
    ];
    codes.into_iter()
}

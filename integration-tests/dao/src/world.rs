//! Chain, contracts and people.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{anyhow, Context, Result};
use cosmwasm_std::{to_json_binary, Coin};
use cw20::Cw20ExecuteMsg;
use interfaces::voting::{Moment, MomentResponse, Power};
use interfaces::{vcai, vote_escrow as escrow};
use replay::chains::Wasmd;
use serde::de::DeserializeOwned;
use serde::Serialize;
use sha2::{Digest, Sha256};
use suite::deploy::part;
use suite::live::Live;
use suite::{Account, Chain, ChainError, ChainExt, Msg, TxOutcome};

/// Base units of a VCAI or a USDT.
pub const ONE: u128 = 1_000_000;
pub const DAY: u64 = 86_400;
pub const YEAR: u64 = 365 * DAY;
/// Where everything begins: Monday 2026-01-05, 09:00 UTC.
const START: u64 = 1_767_603_600;

/// Addresses of the suite's contracts that the DAO rests on.
pub struct Addresses {
    pub vcai: String,
    pub vote_escrow: String,
}

/// See the module.
pub struct World {
    pub live: Live,
    pub at: Addresses,
    deployer: Account,
    _chain: Wasmd,
}

/// Wasm from a folder of the repository.
fn wasm(folder: &str, name: &str, made_by: &str) -> Result<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../{folder}/{name}.wasm"));
    std::fs::read(&path).with_context(|| format!("{} is not there; `{made_by}` makes it", path.display()))
}

/// A contract of the suite.
///
/// # Errors
/// When it is not built.
pub fn ours(name: &str) -> Result<Vec<u8>> {
    wasm("artifacts", &name.replace('-', "_"), "lex artifacts")
}

/// A published one.
///
/// # Errors
/// When it is not built.
pub fn theirs(name: &str) -> Result<Vec<u8>> {
    wasm("target/peers/wasm", name, "lex gas --peers")
}

impl World {
    /// Starts the chain and puts VCAI and escrow on it. The council holds the whole supply.
    ///
    /// # Errors
    /// When a step fails.
    pub fn new() -> Result<Self> {
        let chain = Wasmd::start(START)?;
        let live = chain.live()?;
        let deployer = Account::dev("deployer")?;
        let place =
            |name: &str| part::address(deployer.address(), &Sha256::digest(ours(name)?).into(), name.as_bytes());
        let at = Addresses {
            vcai: place("vcai")?,
            vote_escrow: place("vote-escrow")?,
        };
        let mut world = Self {
            live,
            at,
            deployer,
            _chain: chain,
        };
        world.network()?;
        Ok(world)
    }

    fn network(&mut self) -> Result<()> {
        let council = Account::dev("council")?.address().to_owned();
        let Addresses { vcai, .. } = &self.at;
        let token = vcai::InstantiateMsg {
            name: "Vcity AI".to_owned(),
            symbol: "VCAI".to_owned(),
            governance: council.clone(),
            allocation: council.clone(),
            marketing: None,
        };
        let locks = escrow::InstantiateMsg {
            owner: council.clone(),
            vcai: vcai.clone(),
            token_allocation: council.clone(),
            params: escrow::Params {
                min_lock: (10_000 * ONE).into(),
                account_fee: None,
                gate: None,
            },
        };
        let (token, locks) = (serde_json::to_vec(&token)?, serde_json::to_vec(&locks)?);
        for (name, msg) in [("vcai", token), ("vote-escrow", locks)] {
            let code = self.store(name, &ours(name)?)?;
            self.create(code, name, msg)?;
        }
        Ok(())
    }

    /// Stores code; its id.
    ///
    /// # Errors
    /// When the chain refuses; likewise for everything below.
    pub fn store(&mut self, name: &str, wasm: &[u8]) -> Result<u64> {
        let stored = self.live.store(&self.deployer, name, wasm);
        stored.with_context(|| format!("storing {name}"))
    }

    /// A contract of the deployer, salted by its name; its address.
    pub fn create(&mut self, code_id: u64, name: &str, msg: Vec<u8>) -> Result<String> {
        let msg = Msg::Instantiate2 {
            code_id,
            label: name.to_owned(),
            msg,
            salt: name.as_bytes().to_vec(),
            admin: None,
            funds: Vec::new(),
        };
        let outcome = self.live.transact(&self.deployer, &[msg]);
        let outcome = outcome.with_context(|| format!("creating {name}"))?;
        let address = outcome.attribute("instantiate", "_contract_address");
        Ok(address.context("no address in the events")?.to_owned())
    }

    // ---- people ----

    pub fn execute(&mut self, by: &str, contract: &str, msg: &impl Serialize, funds: &[Coin]) -> Result<TxOutcome> {
        let sent = self.live.execute(&Account::dev(by)?, contract, msg, funds);
        sent.with_context(|| format!("{by}: {}", serde_json::to_string(msg).unwrap_or_default()))
    }

    /// Expects a refusal; the chain's words.
    pub fn refused(&mut self, by: &str, contract: &str, msg: &impl Serialize) -> Result<String> {
        match self.live.execute(&Account::dev(by)?, contract, msg, &[]) {
            Err(ChainError::Refused { log, .. }) => Ok(log),
            Err(error) => Err(anyhow!(error)),
            Ok(_) => Err(anyhow!("{by} was not refused: {}", serde_json::to_string(msg)?)),
        }
    }

    /// Gives somebody VCAI out of the supply.
    pub fn give(&mut self, to: &str, amount: u128) -> Result<()> {
        let msg = Cw20ExecuteMsg::Transfer {
            recipient: Account::dev(to)?.address().to_owned(),
            amount: amount.into(),
        };
        let vcai = self.at.vcai.clone();
        self.execute("council", &vcai, &msg, &[]).map(drop)
    }

    /// Locks VCAI from now for a time.
    pub fn lock(&mut self, by: &str, amount: u128, seconds: u64) -> Result<()> {
        let hook = escrow::Cw20Hook::Lock {
            until: self.now()? + seconds,
        };
        let msg = Cw20ExecuteMsg::Send {
            contract: self.at.vote_escrow.clone(),
            amount: amount.into(),
            msg: to_json_binary(&hook)?,
        };
        let vcai = self.at.vcai.clone();
        self.execute(by, &vcai, &msg, &[]).map(drop)
    }

    /// Records a block with the escrow.
    pub fn mark(&mut self) -> Result<()> {
        let escrow = self.at.vote_escrow.clone();
        self.execute("relayer", &escrow, &escrow::ExecuteMsg::Mark {}, &[])
            .map(drop)
    }

    // ---- time and questions ----

    pub fn now(&self) -> Result<u64> {
        Ok(self.live.block()?.time.seconds())
    }

    pub fn pass(&mut self, seconds: u64) -> Result<()> {
        self.live.advance(Duration::from_secs(seconds))
    }

    pub fn query<T: DeserializeOwned>(&self, contract: &str, msg: &impl Serialize) -> Result<T> {
        let answer = self.live.query(contract, msg);
        answer.with_context(|| serde_json::to_string(msg).unwrap_or_default())
    }

    /// The moment that stands for a height with the escrow.
    pub fn moment(&self, height: u64) -> Result<Moment> {
        let answer: MomentResponse = self.query(&self.at.vote_escrow, &escrow::QueryMsg::Moment { height })?;
        answer.moment.context("nothing is recorded below that height")
    }

    /// What the escrow says of somebody at a moment.
    pub fn power(&self, of: &str, at: Moment) -> Result<Power> {
        let address = Account::dev(of)?.address().to_owned();
        self.query(&self.at.vote_escrow, &escrow::QueryMsg::Power { address, at })
    }
}

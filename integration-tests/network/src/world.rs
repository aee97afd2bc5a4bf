//! Chain and deployment; what people send and what they own.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{anyhow, ensure, Context, Result};
use cosmwasm_std::{coins, to_json_binary};
use interfaces::token_allocation::Bucket;
use interfaces::treasury::NewSource;
use interfaces::vcai;
use replay::chains::Wasmd;
pub use replay::story::{same, units, Person};
use serde::de::DeserializeOwned;
use serde::Serialize;
use suite::deploy::token::{Grant, When};
use suite::deploy::{deploy, Addresses, Artifacts, Config, State};
use suite::live::Live;
use suite::localnet::USDT_DENOM;
use suite::{laws, Chain, ChainExt, Msg, TxOutcome};

/// A VCAI or a USDT in base units.
pub const ONE: u128 = 1_000_000;
pub const HOUR: u64 = 3_600;
pub const DAY: u64 = 24 * HOUR;
/// Where everything begins: Monday 2026-01-05, 09:00 UTC.
pub const START: u64 = 1_767_603_600;
/// The market can open so long after the deployment.
pub const TGE_AFTER: u64 = HOUR;
/// µUSDT for a genesis token, and for a VCAI.
pub const TOKEN_PRICE: u128 = 500 * ONE;
pub const VCAI_PRICE: u128 = 50_000;

/// See the module. Fields are dropped in this order: whoever asks goes before whoever is asked.
pub struct World {
    live: Live,
    pub at: Addresses,
    _chain: Wasmd,
    started: Instant,
}

/// Who has a part in the deployment.
pub struct Roles<'a> {
    /// Grants of the genesis supply: bucket, whose, whole VCAI.
    pub grants: &'a [(Bucket, &'a Person, u128)],
    /// Sources of revenue: name, whose, whether it counts.
    pub sources: &'a [(&'a str, &'a Person, bool)],
    pub reporter: &'a Person,
}

fn config(roles: &Roles) -> Result<Config> {
    let mut config = Config::local()?;
    config.token_allocation.tge.time = When::After(TGE_AFTER);
    config.token_allocation.tge.price = VCAI_PRICE.into();
    let grant = |(bucket, whose, whole): &(Bucket, &Person, u128)| Grant {
        bucket: *bucket,
        beneficiary: whose.address().to_owned(),
        amount: (whole * ONE).into(),
        schedule: None,
    };
    config.token_allocation.grants = roles.grants.iter().map(grant).collect();
    let sale = &mut config.genesis_nft.sale;
    (sale.price, sale.per_wallet, sale.opens) = (TOKEN_PRICE.into(), 300, When::After(0));
    let source = |(name, whose, counts): &(&str, &Person, bool)| NewSource {
        name: (*name).to_owned(),
        address: whose.address().to_owned(),
        counts: *counts,
    };
    config.treasury.sources = roles.sources.iter().map(source).collect();
    config.incentive_controller.reporter = Some(roles.reporter.address().to_owned());
    Ok(config)
}

impl World {
    /// Starts the chain and deploys the shipped Wasm.
    ///
    /// # Errors
    /// When a step fails.
    pub fn new(roles: &Roles) -> Result<Self> {
        let started = Instant::now();
        let chain = Wasmd::start(START)?;
        let mut live = chain.live()?;
        let artifacts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../artifacts");
        let artifacts = Artifacts::read(&artifacts).context("this test runs the shipped Wasm")?;
        let config = config(roles)?;
        let mut state = State::in_memory(&config.chain_id);
        let at = deploy(&mut live, &config, &artifacts, &mut state, &|_| ())?.addresses;
        let world = Self {
            live,
            at,
            _chain: chain,
            started,
        };
        world.say("chain and contracts are up");
        Ok(world)
    }

    /// A line of progress.
    pub fn say(&self, what: impl AsRef<str>) {
        eprintln!("[{:>3} s] {}", self.started.elapsed().as_secs(), what.as_ref());
    }

    // ---- time ----

    /// The chain's time, seconds.
    ///
    /// # Errors
    /// When the chain does not answer; likewise for everything below.
    pub fn now(&self) -> Result<u64> {
        Ok(self.live.block()?.time.seconds())
    }

    /// Moves the clock to a moment ahead.
    pub fn until(&mut self, moment: u64) -> Result<()> {
        let now = self.now()?;
        let ahead = moment.checked_sub(now).filter(|ahead| *ahead > 0);
        let ahead = ahead.with_context(|| format!("{moment} is past at {now}"))?;
        self.live.advance(Duration::from_secs(ahead))
    }

    /// Time of the block a transaction is in.
    pub fn time_of(&self, outcome: &TxOutcome) -> Result<u64> {
        Ok(self.live.rpc().block_time(outcome.height)?.seconds())
    }

    // ---- messages ----

    /// Several messages as one transaction.
    pub fn all(&mut self, by: &Person, msgs: &[Msg]) -> Result<TxOutcome> {
        let sent = self.live.transact(&by.account, msgs);
        sent.with_context(|| by.name.to_owned())
    }

    pub fn execute(&mut self, by: &Person, contract: &str, msg: &impl Serialize) -> Result<TxOutcome> {
        self.pay(by, contract, msg, 0)
    }

    /// With so much USDT attached.
    pub fn pay(&mut self, by: &Person, contract: &str, msg: &impl Serialize, usdt: u128) -> Result<TxOutcome> {
        let sent = self.all(by, &[with(contract, msg, usdt)?]);
        sent.with_context(|| serde_json::to_string(msg).unwrap_or_default())
    }

    /// Expects a refusal with this code.
    pub fn refused(&mut self, by: &Person, msg: Msg, code: &str) -> Result<()> {
        let said = format!("{msg:?}");
        match self.live.transact(&by.account, &[msg]) {
            Ok(_) => Err(anyhow!("{} was not refused: {said}", by.name)),
            Err(error) => {
                let actual = error.contract_code().with_context(|| error.to_string())?;
                ensure!(
                    actual == code,
                    "{} was refused by {actual}, not {code}: {error}",
                    by.name
                );
                Ok(())
            }
        }
    }

    /// A `Send` of VCAI with a hook.
    pub fn send(&self, to: &str, amount: u128, hook: &impl Serialize) -> Result<Msg> {
        let send = vcai::ExecuteMsg::Send {
            contract: to.to_owned(),
            amount: amount.into(),
            msg: to_json_binary(hook)?,
        };
        with(&self.at.vcai, &send, 0)
    }

    // ---- questions ----

    pub fn query<T: DeserializeOwned>(&self, contract: &str, msg: &impl Serialize) -> Result<T> {
        let answer = self.live.query(contract, msg);
        answer.with_context(|| serde_json::to_string(msg).unwrap_or_default())
    }

    pub fn chain(&self) -> &Live {
        &self.live
    }

    pub fn vcai(&self, address: &str) -> Result<u128> {
        laws::vcai(&self.live, &self.at.vcai, address)
    }

    pub fn usdt(&self, address: &str) -> Result<u128> {
        self.live.balance(address, USDT_DENOM)
    }
}

/// A message with so much USDT attached.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn with(contract: &str, msg: &impl Serialize, usdt: u128) -> Result<Msg> {
    let funds = if usdt > 0 { coins(usdt, USDT_DENOM) } else { Vec::new() };
    Msg::execute(contract, msg, &funds)
}

//! A chain that starts with the rows, and transactions measured on it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{anyhow, bail, Context, Result};
use cosmwasm_std::{Coin, Timestamp};
use serde::Serialize;
use suite::account::Account;
use suite::deploy::{part, Addresses, Artifacts, Part};
use suite::genesis::Genesis;
use suite::live::Live;
use suite::localnet::{Localnet, Options};
use suite::population::{populate, Plan, Populated};
use suite::{Chain, ChainError, ChainExt, Msg, TxOutcome};

use super::peers::Peers;
use super::table::{Figure, Row};
use super::Stage;

/// Gas limit of every measured transaction; only its length reaches the gas used.
const LIMIT: u64 = 60_000_000;

/// Chain id of measurements; digests depend on it.
const CHAIN_ID: &str = "lex-local-gas";

/// When the rows are written: within the validity of the real quote that is measured (July 2025), and two days before the chain starts, so that everything
/// announced for 48 hours is in force.
const START: u64 = 1_752_000_000;
const AFTER: u64 = 49 * 3_600;

/// A number with its name.
pub type Note = (String, u64);

/// What is measured on.
pub struct Setup<'a> {
    pub root: &'a Path,
    pub artifacts: &'a Artifacts,
    pub peers: &'a Peers,
    pub stage: Stage,
    /// Rows of each table.
    pub rows: u32,
    /// All code in memory from the start.
    pub pinned: bool,
}

/// A running chain and the figures so far.
pub struct Bench<'a> {
    pub live: Live,
    pub set: Populated,
    pub at: Addresses,
    pub sink: String,
    pub peer: String,
    pub rows: u32,
    /// Code ids by contract.
    pub codes: HashMap<String, u64>,
    artifacts: &'a Artifacts,
    net: Localnet,
    home: PathBuf,
    figures: Vec<Figure>,
    notes: Vec<Note>,
    say: &'a dyn Fn(&str),
}

impl<'a> Bench<'a> {
    /// Fills the tables and starts the chain.
    ///
    /// # Errors
    /// When a row is refused or the chain does not start.
    pub fn start(setup: &Setup<'a>, say: &'a dyn Fn(&str)) -> Result<Self> {
        let deployer = Account::dev("deployer")?;
        let place = |wasm: &[u8], salt: &[u8]| part::address(deployer.address(), &sha256(wasm), salt);
        let (sink, peer) = (
            place(&setup.peers.sink, b"sink")?,
            place(&setup.peers.cw20, b"cw20-base")?,
        );
        let plan = Plan {
            chain_id: CHAIN_ID,
            time: Timestamp::from_seconds(START),
            rows: setup.rows,
            artifacts: setup.artifacts,
            sink: &sink,
            peer: &peer,
            tables: setup.stage.tables(),
        };
        let mut set = populate(&plan, say)?;
        say(&format!("starting a chain with {} rows", set.rows()));
        let home = setup.root.join(format!("target/gas/{}", setup.rows));
        Localnet::remove(&home)?;
        let options = Options {
            chain_id: CHAIN_ID.to_owned(),
            block_time: Duration::from_millis(100),
            // A fee moves coins, which costs gas that no contract can help.
            gas_price: "0stake".to_owned(),
            patience: Duration::from_secs(900),
            at: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(START + AFTER)),
            ..Options::new(&home)
        };
        let mut codes = HashMap::new();
        let net = Localnet::start(
            &options,
            |genesis| place_all(genesis, &set, setup, &sink, &mut codes),
            say,
        )?;
        // The rows lie in the chain now.
        set.contracts.clear();
        let live = net.live()?;
        warm(&live)?;
        Ok(Self {
            live,
            at: set.addresses.clone(),
            set,
            sink,
            peer,
            rows: setup.rows,
            codes,
            artifacts: setup.artifacts,
            net,
            home,
            figures: Vec::new(),
            notes: Vec::new(),
            say,
        })
    }

    pub fn say(&self, what: &str) {
        (self.say)(&format!("{what} at {} rows", self.rows));
    }

    /// Ends the chain and answers what was measured.
    ///
    /// # Errors
    /// When its processes cannot be ended.
    pub fn finish(mut self) -> Result<(Vec<Figure>, Vec<Note>)> {
        let measured = (std::mem::take(&mut self.figures), std::mem::take(&mut self.notes));
        self.net.stop()?;
        Localnet::remove(&self.home)?;
        Ok(measured)
    }

    /// Keeps a number that is not the gas of one transaction.
    pub fn note(&mut self, what: &str, number: u64) {
        self.notes.push((what.to_owned(), number));
    }

    /// Whether a handler has a figure already.
    pub fn measured(&self, contract: &str, handler: &str) -> bool {
        let is = |figure: &Figure| figure.row.contract == contract && figure.row.handler == handler;
        self.figures.iter().any(is)
    }

    /// A development account.
    pub fn by(&self, name: &str) -> Result<Account> {
        Account::dev(name)
    }

    /// Block time, unix seconds.
    pub fn now(&self) -> Result<u64> {
        Ok(self.live.block()?.time.seconds())
    }

    /// Brings the clock to a moment that is not past.
    pub fn until(&mut self, moment: u64) -> Result<()> {
        let now = self.now()?;
        let left = moment
            .checked_sub(now)
            .filter(|left| *left > 0)
            .with_context(|| format!("{moment} is past, it is {now}"))?;
        self.pass(left)
    }

    pub fn pass(&mut self, seconds: u64) -> Result<()> {
        self.live.advance(Duration::from_secs(seconds))
    }

    /// Runs a message and keeps its gas.
    pub fn measure(
        &mut self,
        row: Row,
        by: &Account,
        contract: &str,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<TxOutcome> {
        let message = Msg::execute(contract, msg, funds)?;
        self.measure_all(row, by, &[message])
    }

    /// The same for messages of any kind.
    pub fn measure_all(&mut self, row: Row, by: &Account, msgs: &[Msg]) -> Result<TxOutcome> {
        let name = format!("{} {} {}", row.contract, row.handler, row.case);
        let outcome = self.live.transact_with_gas(by, msgs, LIMIT).with_context(|| name)?;
        self.figures.push(Figure {
            row,
            gas: outcome.gas_used,
        });
        Ok(outcome)
    }

    /// Keeps the gas of a message that must be refused.
    pub fn measure_refusal(&mut self, row: Row, by: &Account, contract: &str, msg: &impl Serialize) -> Result<()> {
        match self
            .live
            .transact_with_gas(by, &[Msg::execute(contract, msg, &[])?], LIMIT)
        {
            Err(ChainError::Refused { gas_used, .. }) if gas_used > 0 => {
                self.figures.push(Figure { row, gas: gas_used });
                Ok(())
            }
            Err(error) => Err(anyhow!(error)),
            Ok(_) => bail!("{} {} was not refused", row.contract, row.handler),
        }
    }

    /// Another contract of a kind; answers its address.
    pub fn create(&mut self, part: Part, salt: &str, msg: &impl Serialize) -> Result<String> {
        let message = self.instantiation(part.code(), salt, msg)?;
        let outcome = self.live.transact_with_gas(&self.by("deployer")?, &[message], LIMIT);
        created(&outcome.with_context(|| part.name())?)
    }

    /// A contract of a peer's code, with the gas of its creation where there is a row.
    pub fn create_peer(&mut self, row: Option<Row>, code: &str, salt: &str, msg: &impl Serialize) -> Result<String> {
        let (message, deployer) = (self.instantiation(code, salt, msg)?, self.by("deployer")?);
        let outcome = match row {
            Some(row) => self.measure_all(row, &deployer, &[message])?,
            None => self
                .live
                .transact_with_gas(&deployer, &[message], LIMIT)
                .with_context(|| code.to_owned())?,
        };
        created(&outcome)
    }

    fn instantiation(&self, code: &str, salt: &str, msg: &impl Serialize) -> Result<Msg> {
        Ok(Msg::Instantiate2 {
            code_id: *self.codes.get(code).context("its code is not stored")?,
            // As long as everybody's.
            label: "measured".to_owned(),
            msg: serde_json::to_vec(msg)?,
            salt: salt.as_bytes().to_vec(),
            admin: Some(self.at.timelock.clone()),
            funds: Vec::new(),
        })
    }

    /// Where [`Self::create`] puts a contract.
    pub fn place(&self, part: Part, salt: &str) -> Result<String> {
        let deployer = self.by("deployer")?;
        part::address(deployer.address(), &self.artifacts.checksum(part), salt.as_bytes())
    }

    /// Runs a message that is not measured.
    pub fn run(&mut self, by: &Account, contract: &str, msg: &impl Serialize, funds: &[Coin]) -> Result<TxOutcome> {
        Ok(self
            .live
            .transact_with_gas(by, &[Msg::execute(contract, msg, funds)?], LIMIT)?)
    }

    pub fn query<T: serde::de::DeserializeOwned>(&self, contract: &str, msg: &impl Serialize) -> Result<T> {
        Ok(self.live.query(contract, msg)?)
    }
}

impl Drop for Bench<'_> {
    fn drop(&mut self) {
        // After an error the chain's files stay for a look; its processes do not.
        let _ = self.net.stop();
    }
}

fn created(outcome: &TxOutcome) -> Result<String> {
    let address = outcome.attribute("instantiate", "_contract_address");
    Ok(address.context("no address in the events")?.to_owned())
}

/// An account's first transaction stores its public key, which no contract can help either.
fn warm(live: &Live) -> Result<()> {
    let users = (0..30).map(|i| format!("user{i}"));
    let roles = ["deployer", "council", "operator", "relayer", "gateway", "worker"].map(str::to_owned);
    let mut sent = Vec::new();
    for name in users.chain(roles) {
        let account = Account::dev(&name)?;
        let message = Msg::Send {
            to: account.address().to_owned(),
            coins: vec![cosmwasm_std::coin(1, suite::localnet::FEE_DENOM)],
        };
        sent.push(live.submit(&account, &[message], 200_000)?);
    }
    sent.iter().try_for_each(|hash| live.confirm(hash).map(drop))?;
    Ok(())
}

fn place_all(
    genesis: &mut Genesis,
    set: &Populated,
    setup: &Setup,
    sink: &str,
    codes: &mut HashMap<String, u64>,
) -> Result<()> {
    let creator = Account::dev("deployer")?;
    let mut code = |genesis: &mut Genesis, name: &str| {
        if let Some(id) = codes.get(name) {
            return Ok(*id);
        }
        let wasm = match Part::ALL.into_iter().find(|part| part.code() == name) {
            Some(part) => setup.artifacts.wasm(part),
            None => setup.peers.wasm(name)?,
        };
        let id = genesis.add_code(creator.address(), wasm, setup.pinned)?;
        codes.insert(name.to_owned(), id);
        Ok(id)
    };
    set.place(genesis, &mut code)?;
    for part in Part::ALL {
        code(genesis, part.code())?;
    }
    if setup.stage == Stage::Network {
        for name in setup.peers.published.keys() {
            code(genesis, name)?;
        }
    }
    let code_id = code(genesis, "sink")?;
    genesis.add_contract(&suite::genesis::PlacedContract {
        address: sink.to_owned(),
        code_id,
        creator: creator.address().to_owned(),
        admin: None,
        label: "sink".to_owned(),
        state: Vec::new(),
    })
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).into()
}

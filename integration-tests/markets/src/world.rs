//! Chain, deployment and processes; what people send and what they own.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{anyhow, Context, Result};
use cosmwasm_std::{coin, to_json_binary, Binary, Coin};
use interfaces::attestation_oracle::{Measurement, Role};
use interfaces::tee_verifier::TeeFamily;
use interfaces::{credit_vault as vault, l_coin};
use replay::chains::Wasmd;
pub use replay::story::{same, units, Person};
use serde::de::DeserializeOwned;
use serde::Serialize;
use suite::deploy::{deploy, Addresses, Artifacts, Config, State};
use suite::live::Live;
use suite::localnet::USDT_DENOM;
use suite::{Account, Chain, ChainExt, TxOutcome};
use tee_testkit::{CollateralSpec, Pki, PlatformSpec, TdReport};

use crate::gateway::{Gateway, PLATFORM, SEED, SETTLE_DELAY, VALIDITY, WINDOW};
use crate::process::{self, Server};

/// A Credit, an LCO, a USDT in base units.
pub const ONE: u128 = 1_000_000;
pub const HOUR: u64 = 3_600;
pub const DAY: u64 = 24 * HOUR;
pub const WEEK: u64 = 7 * DAY;
/// Where everything begins: Monday 2026-01-05, 09:00 UTC.
pub const START: u64 = 1_767_603_600;
/// The suite's first gateway.
pub const GATEWAY: u64 = 1;
/// The development account that receives what it earns. Its operator's key signs in its own process: two signers of one account get in each other's way.
pub const PAYOUT: &str = "user9";

/// µCredit per 10⁶ tokens, list and cost. Tokens out are dear, so that a few calls mine enough LCO for every tier.
pub const RATES: [(&str, u128, u128); 4] = [
    ("chat:in", ONE, ONE / 2),
    ("chat:out", 10 * ONE * ONE, 6 * ONE * ONE),
    ("rare:in", ONE, ONE / 2),
    ("rare:out", 20 * ONE * ONE, 12 * ONE * ONE),
];

/// See the module. Fields are dropped in this order: whoever asks goes before whoever is asked.
pub struct World {
    pub gateway: Gateway,
    model: Server,
    _relayer: Server,
    live: Live,
    pub at: Addresses,
    _chain: Wasmd,
    _dir: tempfile::TempDir,
    started: Instant,
}

fn config(pki: &Pki) -> Result<Config> {
    let mut config = Config::local()?;
    config.tee_verifier.test_root = Some(Binary::from(pki.root_der()));
    // One gateway serves everybody here, and its week may mine what stakes need.
    config.credit_vault.params.weekly_mint_cap = l_coin::CAP;
    let rate = |(sku, list, cost): (&str, u128, u128)| vault::Rate {
        sku: sku.to_owned(),
        gateway: GATEWAY,
        list: list.into(),
        cost: cost.into(),
    };
    for gateway in &mut config.credit_vault.gateways {
        gateway.payout = Account::dev(PAYOUT)?.address().to_owned();
    }
    config.credit_vault.rates = RATES.map(rate).to_vec();
    config.attestation_oracle.measurements = vec![Measurement {
        id: TdReport::default().measurement().id(),
        role: Role::Gateway,
        label: "image of the tests".to_owned(),
    }];
    Ok(config)
}

/// The shipped Wasm, and what the verifier must hold about the synthetic machine.
fn deployed(live: &mut Live) -> Result<Addresses> {
    let artifacts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../artifacts");
    let artifacts = Artifacts::read(&artifacts).context("this test runs the shipped Wasm")?;
    let pki = Pki::new(SEED, VALIDITY.0, VALIDITY.1);
    let config = config(&pki)?;
    let mut state = State::in_memory(&config.chain_id);
    let at = deploy(live, &config, &artifacts, &mut state, &|_| ())?.addresses;
    let deployer = config.account(&config.deployer)?;
    let platform = pki.platform(PlatformSpec::numbered(PLATFORM));
    let spec = CollateralSpec::new(&platform, TeeFamily::Tdx, START);
    for upsert in pki.collateral_of(&spec).upserts() {
        live.execute(&deployer, &at.tee_verifier, &upsert, &[])?;
    }
    Ok(at)
}

impl World {
    /// Starts the chain, deploys, enrols the gateway and serves.
    ///
    /// # Errors
    /// When a step fails.
    pub fn new() -> Result<Self> {
        let started = Instant::now();
        let dir = tempfile::tempdir()?;
        let chain = Wasmd::start(START)?;
        let mut live = chain.live()?;
        let at = deployed(&mut live)?;
        let (id, rpc) = (live.chain_id(), live.rpc().url().to_owned());
        let relayer = process::relayer(dir.path(), &id, &rpc, &at.attestation_oracle)?;
        let model = process::model(dir.path())?;
        let gateway = dir.path().join("gateway");
        let gateway = Gateway::start(&gateway, (&id, &rpc), &at, &relayer.url, &model.url)?;
        let world = Self {
            gateway,
            model,
            _relayer: relayer,
            live,
            at,
            _chain: chain,
            _dir: dir,
            started,
        };
        world.say("chain, relayer and gateway are up");
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

    pub fn pass(&mut self, seconds: u64) -> Result<()> {
        self.live.advance(Duration::from_secs(seconds))
    }

    /// Moves the clock to a moment ahead.
    pub fn until(&mut self, moment: u64) -> Result<()> {
        let now = self.now()?;
        let ahead = moment.checked_sub(now).filter(|ahead| *ahead > 0);
        self.pass(ahead.with_context(|| format!("{moment} is past at {now}"))?)
    }

    /// Ends the present reporting window and waits until what these keys' accounts were served is settled.
    pub fn settle(&mut self, keys: &[&str]) -> Result<()> {
        let end = (self.now()? / WINDOW + 1) * WINDOW;
        self.until(end + SETTLE_DELAY + 1)?;
        keys.iter().try_for_each(|key| self.gateway.wait_settled(key))
    }

    // ---- messages ----

    pub fn execute(&mut self, by: &Person, contract: &str, msg: &impl Serialize, funds: &[Coin]) -> Result<TxOutcome> {
        let sent = self.live.execute(&by.account, contract, msg, funds);
        sent.with_context(|| format!("{}: {}", by.name, serde_json::to_string(msg).unwrap_or_default()))
    }

    /// Expects a refusal; its code.
    pub fn refused(&mut self, by: &Person, contract: &str, msg: &impl Serialize) -> Result<String> {
        match self.live.execute(&by.account, contract, msg, &[]) {
            Ok(_) => Err(anyhow!("{} was not refused: {}", by.name, serde_json::to_string(msg)?)),
            Err(error) => Ok(error.contract_code().with_context(|| error.to_string())?.to_owned()),
        }
    }

    /// Sends Credits with a hook.
    pub fn pay_credits(
        &mut self,
        by: &Person,
        contract: &str,
        amount: u128,
        hook: &impl Serialize,
    ) -> Result<TxOutcome> {
        let send = vault::ExecuteMsg::Send {
            contract: contract.to_owned(),
            amount: amount.into(),
            msg: to_json_binary(hook)?,
        };
        let vault = self.at.credit_vault.clone();
        self.execute(by, &vault, &send, &[])
    }

    /// Sends LCO with a hook.
    pub fn pay_lco(&mut self, by: &Person, contract: &str, amount: u128, hook: &impl Serialize) -> Result<TxOutcome> {
        let send = l_coin::ExecuteMsg::Send {
            contract: contract.to_owned(),
            amount: amount.into(),
            msg: to_json_binary(hook)?,
        };
        let coin = self.at.l_coin.clone();
        self.execute(by, &coin, &send, &[])
    }

    pub fn vault(&mut self, by: &Person, msg: &vault::ExecuteMsg) -> Result<TxOutcome> {
        let vault = self.at.credit_vault.clone();
        self.execute(by, &vault, msg, &[])
    }

    pub fn deposit(&mut self, by: &Person, credits: u128) -> Result<TxOutcome> {
        let vault = self.at.credit_vault.clone();
        let msg = vault::ExecuteMsg::Deposit { to: None };
        self.execute(by, &vault, &msg, &[coin(credits, USDT_DENOM)])
    }

    /// Promises Credits to the gateway and gets an API key there.
    pub fn subscribe(&mut self, by: &Person, credits: u128) -> Result<String> {
        let open = vault::ExecuteMsg::OpenSpending {
            gateway: GATEWAY,
            amount: credits.into(),
            max_per_day: credits.into(),
        };
        self.vault(by, &open)?;
        self.gateway.key(&by.dev, &self.live.chain_id())
    }

    /// Lets the LCO mined for somebody be minted.
    pub fn claim_lco(&mut self, by: &Person) -> Result<u128> {
        let before = self.lco(by.address())?;
        self.vault(by, &vault::ExecuteMsg::ClaimLco {})?;
        Ok(self.lco(by.address())? - before)
    }

    // ---- questions ----

    /// Requests that reached the model server.
    pub fn model_requests(&self) -> Result<u64> {
        Ok(self.model.get("/requests")?.text()?.parse()?)
    }

    pub fn query<T: DeserializeOwned>(&self, contract: &str, msg: &impl Serialize) -> Result<T> {
        let answer = self.live.query(contract, msg);
        answer.with_context(|| serde_json::to_string(msg).unwrap_or_default())
    }

    /// Free Credits.
    pub fn credits(&self, address: &str) -> Result<u128> {
        self.balance(&self.at.credit_vault, address)
    }

    pub fn lco(&self, address: &str) -> Result<u128> {
        self.balance(&self.at.l_coin, address)
    }

    /// Both coins of a CW20 pair spell this question alike.
    fn balance(&self, token: &str, address: &str) -> Result<u128> {
        let address = address.to_owned();
        let answer: cw20::BalanceResponse = self.query(token, &l_coin::QueryMsg::Balance { address })?;
        Ok(answer.balance.u128())
    }

    pub fn usdt(&self, address: &str) -> Result<u128> {
        self.live.balance(address, USDT_DENOM)
    }

    /// A person's spending account at the gateway.
    pub fn spending(&self, of: &Person) -> Result<vault::SpendingResponse> {
        let query = vault::QueryMsg::Spending {
            address: of.address().to_owned(),
            gateway: GATEWAY,
        };
        self.query(&self.at.credit_vault, &query)
    }
}

/// An attribute of a contract's event, as a number.
///
/// # Errors
/// When there is none.
pub fn number(outcome: &TxOutcome, event: &str, key: &str) -> Result<u128> {
    let value = outcome.attribute(&format!("wasm-{event}"), key);
    Ok(value.with_context(|| format!("no {key} of {event}"))?.parse()?)
}

//! The virtual machine in its own process, spoken to over a pipe in lines of JSON.
//!
//! It cannot be linked: see the manifest of this workspace.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{bail, ensure, Context, Result};
use cosmwasm_std::{Attribute, Event, Timestamp};
use suite::localnet::bin_dir;
use suite::{Account, Chain, ChainError, Msg, TxOutcome};

#[path = "../../vm-chain/src/wire.rs"]
mod wire;

use wire::{Answer, Request};

/// A chain whose contracts are the shipped Wasm.
pub struct Vm {
    process: Child,
    pipe: RefCell<(ChildStdin, BufReader<ChildStdout>)>,
    chain_id: String,
}

impl Vm {
    /// Builds the machine if need be, and starts an empty chain with the funded development accounts.
    ///
    /// # Errors
    /// When it cannot be built or started.
    pub fn start(chain_id: &str, unix_seconds: u64) -> Result<Self> {
        let mut process = Command::new(binary()?)
            .args([chain_id, &unix_seconds.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let to = process.stdin.take().context("stdin")?;
        let from = BufReader::new(process.stdout.take().context("stdout")?);
        Ok(Self {
            process,
            pipe: RefCell::new((to, from)),
            chain_id: chain_id.to_owned(),
        })
    }

    fn ask(&self, request: &Request) -> Result<Answer, ChainError> {
        match self.exchange(request)? {
            Answer::Refused { log, gas_used } => Err(ChainError::Refused { code: 5, log, gas_used }),
            Answer::Failed { error } => Err(ChainError::Other(anyhow::anyhow!("{error}"))),
            answer => Ok(answer),
        }
    }

    fn exchange(&self, request: &Request) -> Result<Answer> {
        let (to, from) = &mut *self.pipe.borrow_mut();
        serde_json::to_writer(&mut *to, request)?;
        to.write_all(b"\n")?;
        to.flush()?;
        let mut line = String::new();
        ensure!(from.read_line(&mut line)? > 0, "the machine ended");
        Ok(serde_json::from_str(&line)?)
    }

    /// Gas of the last smart query, CosmWasm's divided as wasmd divides it.
    ///
    /// # Errors
    /// When the machine ended.
    pub fn query_gas(&self) -> Result<u64> {
        match self.ask(&Request::QueryGas {})? {
            Answer::Gas { gas } => Ok(gas),
            other => bail!("{other:?}"),
        }
    }
}

/// Written field by field: the constructor is for contracts and panics at the chain's own `_contract_address`.
fn event((ty, attributes): wire::PlainEvent) -> Event {
    let mut event = Event::new(ty);
    event
        .attributes
        .extend(attributes.into_iter().map(|(key, value)| Attribute { key, value }));
    event
}

/// Asked of cargo, which knows whether it is up to date. Compiled where `scripts/setup` keeps what a machine builds once: the virtual machine takes minutes.
fn binary() -> Result<std::path::PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vm-chain/Cargo.toml");
    let mut build = Command::new(cargo);
    build.args([
        "build",
        "--quiet",
        "--locked",
        "--message-format",
        "json",
        "--bin",
        "vm-chain",
    ]);
    build.arg("--manifest-path").arg(&manifest);
    build.arg("--target-dir").arg(bin_dir().with_file_name("vm-chain"));
    // What cargo tells a test about its own package: build scripts that watch these would run again, and half of all dependencies be built anew each time.
    let own = |name: &str| {
        ["CARGO_PKG_", "CARGO_MANIFEST_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
    };
    std::env::vars_os()
        .filter(|(name, _)| name.to_str().is_some_and(own))
        .for_each(|(name, _)| {
            build.env_remove(name);
        });
    let output = build.stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "vm-chain does not build");
    let text = String::from_utf8(output.stdout)?;
    let built = text
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let mut executables = built.filter_map(|message| message["executable"].as_str().map(Into::into));
    executables.next().context("cargo names no executable")
}

impl Drop for Vm {
    fn drop(&mut self) {
        // Its own process alone; without input it would end, too.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Chain for Vm {
    fn chain_id(&self) -> String {
        self.chain_id.clone()
    }

    fn block(&self) -> Result<suite::chain::Block> {
        match self.ask(&Request::Block {})? {
            Answer::Block { height, nanos } => Ok(suite::chain::Block {
                height,
                time: Timestamp::from_nanos(nanos),
            }),
            other => bail!("{other:?}"),
        }
    }

    fn transact(&mut self, signer: &Account, msgs: &[Msg]) -> Result<TxOutcome, ChainError> {
        let msgs = msgs.iter().map(wire::Message::from).collect();
        match self.ask(&Request::Transact {
            sender: signer.address().to_owned(),
            msgs,
        })? {
            Answer::Done {
                height,
                gas_used,
                events,
            } => {
                let events = events.into_iter().map(event).collect();
                Ok(TxOutcome {
                    hash: String::new(),
                    height,
                    gas_used,
                    events,
                })
            }
            other => Err(anyhow::anyhow!("{other:?}").into()),
        }
    }

    fn query_smart(&self, contract: &str, msg: &[u8]) -> Result<Vec<u8>, ChainError> {
        match self.ask(&Request::Smart {
            contract: contract.to_owned(),
            msg: msg.into(),
        })? {
            Answer::Data { data } => Ok(data.map(|d| d.to_vec()).unwrap_or_default()),
            other => Err(anyhow::anyhow!("{other:?}").into()),
        }
    }

    fn query_raw(&self, contract: &str, key: &[u8]) -> Result<Option<Vec<u8>>> {
        match self.ask(&Request::Raw {
            contract: contract.to_owned(),
            key: key.into(),
        })? {
            Answer::Data { data } => Ok(data.map(|d| d.to_vec())),
            other => bail!("{other:?}"),
        }
    }

    fn balance(&self, address: &str, denom: &str) -> Result<u128> {
        match self.ask(&Request::Balance {
            address: address.to_owned(),
            denom: denom.to_owned(),
        })? {
            Answer::Amount { amount } => Ok(amount.parse()?),
            other => bail!("{other:?}"),
        }
    }

    fn contract(&self, address: &str) -> Result<Option<suite::chain::ContractInfo>> {
        match self.ask(&Request::Contract {
            address: address.to_owned(),
        })? {
            Answer::Contract { found } => Ok(found.map(|(code_id, creator, admin)| suite::chain::ContractInfo {
                code_id,
                creator,
                admin,
            })),
            other => bail!("{other:?}"),
        }
    }

    fn checksum(&self, code_id: u64) -> Result<[u8; 32]> {
        match self.ask(&Request::Checksum { code_id })? {
            Answer::Data { data: Some(data) } => Ok(data.as_slice().try_into()?),
            other => bail!("{other:?}"),
        }
    }

    fn advance(&mut self, by: Duration) -> Result<()> {
        let nanos = by.as_nanos().try_into()?;
        self.ask(&Request::Advance { nanos })?;
        Ok(())
    }
}

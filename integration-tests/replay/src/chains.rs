//! The three chains.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result};
use cosmwasm_std::Timestamp;
use suite::deploy::Artifacts;
use suite::in_process::InProcess;
use suite::live::Live;
use suite::localnet::{Localnet, Options};

use crate::thief;
use crate::vm::Vm;

pub const CHAIN_ID: &str = "lex-local-1";

/// Seconds that a wasmd block may come late on a busy machine; half of what lies between two operations and any turn.
pub const SLACK: u64 = 90;

/// The shipped Wasm.
///
/// # Errors
/// When it is not built, saying how.
pub fn artifacts() -> Result<Artifacts> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../artifacts");
    Artifacts::read(&dir).context("these tests run the shipped Wasm; build it with `target/debug/lex artifacts`")
}

/// cw-multi-test; blocks come exactly when they are wanted.
///
/// # Errors
/// When a development account cannot be derived.
pub fn in_process(time: u64) -> Result<InProcess> {
    let mut chain = InProcess::new(CHAIN_ID, Timestamp::from_seconds(time))?;
    chain.block_time = Duration::ZERO;
    chain.register(thief::NAME, thief::native);
    Ok(chain)
}

/// The Wasm in cosmwasm-vm.
///
/// # Errors
/// When the machine cannot be built.
pub fn vm(time: u64) -> Result<Vm> {
    Vm::start(CHAIN_ID, time)
}

/// One wasmd at a time: two would starve each other and everything else on a small machine.
static ONE: Mutex<()> = Mutex::new(());

/// A wasmd of its own on free ports in a folder of its own; gone when dropped.
pub struct Wasmd {
    pub net: Localnet,
    _home: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Wasmd {
    /// Starts one whose first blocks are at this time.
    ///
    /// # Errors
    /// When it makes no blocks.
    pub fn start(time: u64) -> Result<Self> {
        let turn = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let home = tempfile::tempdir()?;
        let options = Options {
            at: Some(UNIX_EPOCH + Duration::from_secs(time)),
            block_time: Duration::from_millis(100),
            ..Options::new(home.path().join("chain"))
        };
        let net = Localnet::start(&options, |_| Ok(()), &|step| eprintln!("{step}"))?;
        Ok(Self {
            net,
            _home: home,
            _turn: turn,
        })
    }

    /// A client that signs and holds the clock.
    ///
    /// # Errors
    /// When the chain does not answer.
    pub fn live(&self) -> Result<Live> {
        let mut live = self.net.live()?;
        live.patience = Duration::from_secs(120);
        Ok(live)
    }
}

impl Drop for Wasmd {
    fn drop(&mut self) {
        if let Err(error) = self.net.stop() {
            eprintln!("wasmd was not ended: {error:#}");
        }
    }
}

//! The same seconds on two chains. Interest, mean prices and weights of stakes follow the seconds of blocks; those of another chain come when they come, and are kept
//! so that the simulator can repeat them. Or they come late in the simulator itself, so that what must not depend on them is tried without any other chain.

use std::collections::VecDeque;
use std::time::Duration;

use anyhow::Result;
use cosmwasm_std::Timestamp;
use suite::chain::{Block, ContractInfo};
use suite::in_process::InProcess;
use suite::live::Live;
use suite::{Account, Chain, ChainError, Msg, TxOutcome};

use crate::vm::Vm;

/// When each transaction took effect; none where it was refused.
pub type Times = Vec<Option<Timestamp>>;

/// A chain that keeps when its transactions took effect.
pub struct Kept<C> {
    pub chain: C,
    /// Time of the block of this height, in which the newest transaction is.
    when: fn(&C, u64) -> Result<Timestamp>,
    pub times: Times,
}

impl Kept<Live> {
    /// On which blocks follow each other by themselves.
    #[must_use]
    pub fn live(chain: Live) -> Self {
        Self {
            chain,
            when: |chain, height| chain.rpc().block_time(height),
            times: Vec::new(),
        }
    }
}

impl Kept<Vm> {
    /// On which a transaction makes the newest block.
    #[must_use]
    pub fn vm(chain: Vm) -> Self {
        Self {
            chain,
            when: |chain, _| Ok(chain.block()?.time),
            times: Vec::new(),
        }
    }
}

/// A simulated chain whose transactions take effect at these times.
pub struct Echo {
    pub chain: InProcess,
    times: VecDeque<Option<Timestamp>>,
}

impl Echo {
    #[must_use]
    pub fn new(chain: InProcess, times: Times) -> Self {
        Self {
            chain,
            times: times.into(),
        }
    }
}

/// A simulated chain whose blocks come late: an operation's first by up to a minute, each by another number of seconds, and those that follow it by one more.
pub struct Late {
    pub chain: InProcess,
    /// Operations so far.
    begun: u64,
    /// Whether the next transaction is an operation's first.
    waits: bool,
}

impl Late {
    #[must_use]
    pub fn new(chain: InProcess) -> Self {
        let (begun, waits) = (0, false);
        Self { chain, begun, waits }
    }
}

macro_rules! but_for_transactions {
    () => {
        fn chain_id(&self) -> String {
            self.chain.chain_id()
        }

        fn block(&self) -> Result<Block> {
            self.chain.block()
        }

        fn query_smart(&self, contract: &str, msg: &[u8]) -> Result<Vec<u8>, ChainError> {
            self.chain.query_smart(contract, msg)
        }

        fn query_raw(&self, contract: &str, key: &[u8]) -> Result<Option<Vec<u8>>> {
            self.chain.query_raw(contract, key)
        }

        fn balance(&self, address: &str, denom: &str) -> Result<u128> {
            self.chain.balance(address, denom)
        }

        fn contract(&self, address: &str) -> Result<Option<ContractInfo>> {
            self.chain.contract(address)
        }

        fn checksum(&self, code_id: u64) -> Result<[u8; 32]> {
            self.chain.checksum(code_id)
        }
    };
}

impl<C: Chain> Chain for Kept<C> {
    fn transact(&mut self, signer: &Account, msgs: &[Msg]) -> Result<TxOutcome, ChainError> {
        let sent = self.chain.transact(signer, msgs);
        let time = match &sent {
            Ok(outcome) => Some((self.when)(&self.chain, outcome.height)?),
            Err(_) => None,
        };
        self.times.push(time);
        sent
    }

    fn advance(&mut self, by: Duration) -> Result<()> {
        self.chain.advance(by)
    }

    but_for_transactions!();
}

impl Chain for Echo {
    fn transact(&mut self, signer: &Account, msgs: &[Msg]) -> Result<TxOutcome, ChainError> {
        let now = self.chain.block()?.time;
        if let Some(time) = self.times.pop_front().flatten().filter(|time| *time > now) {
            self.chain.advance(Duration::from_nanos(time.nanos() - now.nanos()))?;
        }
        self.chain.transact(signer, msgs)
    }

    fn advance(&mut self, by: Duration) -> Result<()> {
        self.chain.advance(by)
    }

    but_for_transactions!();
}

impl Chain for Late {
    fn transact(&mut self, signer: &Account, msgs: &[Msg]) -> Result<TxOutcome, ChainError> {
        // A prime, so that an operation is often later than the one before, and often less late.
        let late = if self.waits {
            1 + self.begun * self.begun % 59
        } else {
            1
        };
        self.waits = false;
        self.chain.advance(Duration::from_secs(late))?;
        self.chain.transact(signer, msgs)
    }

    fn advance(&mut self, by: Duration) -> Result<()> {
        (self.begun, self.waits) = (self.begun + 1, true);
        self.chain.advance(by)
    }

    but_for_transactions!();
}

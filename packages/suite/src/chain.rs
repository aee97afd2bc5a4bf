//! What the suite needs of a chain, whichever it is: a live one, cw-multi-test, or the Wasm in cosmwasm-vm.

use std::time::Duration;

use anyhow::Context;
use cosmwasm_std::{Coin, Event, Timestamp};
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::account::Account;

/// One message of a transaction. Contract messages are JSON bytes.
#[derive(Clone, Debug)]
pub enum Msg {
    /// Uploads code. `name` is the contract's crate name: backends that run native code find it by that.
    Store {
        name: String,
        wasm: Vec<u8>,
    },
    /// Instantiates at the address fixed by (sender, checksum, salt), without `fix_msg`.
    Instantiate2 {
        code_id: u64,
        label: String,
        msg: Vec<u8>,
        salt: Vec<u8>,
        admin: Option<String>,
        funds: Vec<Coin>,
    },
    Execute {
        contract: String,
        msg: Vec<u8>,
        funds: Vec<Coin>,
    },
    Migrate {
        contract: String,
        code_id: u64,
        msg: Vec<u8>,
    },
    UpdateAdmin {
        contract: String,
        admin: String,
    },
    Send {
        to: String,
        coins: Vec<Coin>,
    },
}

impl Msg {
    /// An execute message from a typed one.
    ///
    /// # Errors
    /// When the message cannot be written as JSON.
    pub fn execute(contract: &str, msg: &impl Serialize, funds: &[Coin]) -> anyhow::Result<Self> {
        Ok(Self::Execute {
            contract: contract.to_owned(),
            msg: serde_json::to_vec(msg)?,
            funds: funds.to_vec(),
        })
    }
}

/// A transaction that took effect.
#[derive(Clone, Debug, Default)]
pub struct TxOutcome {
    /// Upper-case hex; empty where there are no transactions.
    pub hash: String,
    pub height: u64,
    /// Gas of the whole transaction; 0 where it is not measured.
    pub gas_used: u64,
    /// Events of the messages, contracts' own with the prefix `wasm-`.
    pub events: Vec<Event>,
}

impl TxOutcome {
    /// First attribute `key` of an event of type `ty`.
    #[must_use]
    pub fn attribute(&self, ty: &str, key: &str) -> Option<&str> {
        let mut attributes = self.events.iter().filter(|e| e.ty == ty).flat_map(|e| &e.attributes);
        attributes.find(|a| a.key == key).map(|a| a.value.as_str())
    }
}

/// Why a transaction took no effect.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// The chain refused it; `log` holds the contract's own words, its `[contract:code]` included.
    #[error("refused: {log}")]
    Refused { code: u32, log: String, gas_used: u64 },
    /// The chain could not be asked, or answered nonsense.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl ChainError {
    /// The stable code `[<contract>:<code>]` in a refusal, e.g. `vault:12`.
    #[must_use]
    pub fn contract_code(&self) -> Option<&str> {
        let Self::Refused { log, .. } = self else { return None };
        log.split('[')
            .skip(1)
            .filter_map(|rest| rest.split_once(']'))
            .map(|(code, _)| code)
            .find(|code| {
                // Words of the chain's own can hold `[…/keeper.go:452]`.
                let named = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                code.split_once(':')
                    .is_some_and(|(name, n)| named(name) && n.parse::<u32>().is_ok())
            })
    }
}

/// Newest block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    pub height: u64,
    pub time: Timestamp,
}

/// What the chain knows about a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractInfo {
    pub code_id: u64,
    pub creator: String,
    pub admin: Option<String>,
}

/// A chain that can be asked and told. Reads see the newest block.
pub trait Chain {
    fn chain_id(&self) -> String;

    /// # Errors
    /// When the chain cannot be asked; likewise for every read below.
    fn block(&self) -> anyhow::Result<Block>;

    /// Runs messages as one transaction, all or nothing, and waits until it is in a block.
    ///
    /// # Errors
    /// [`ChainError::Refused`] when it took no effect.
    fn transact(&mut self, signer: &Account, msgs: &[Msg]) -> Result<TxOutcome, ChainError>;

    fn query_smart(&self, contract: &str, msg: &[u8]) -> Result<Vec<u8>, ChainError>;

    fn query_raw(&self, contract: &str, key: &[u8]) -> anyhow::Result<Option<Vec<u8>>>;

    /// Base units of a native coin.
    fn balance(&self, address: &str, denom: &str) -> anyhow::Result<u128>;

    fn contract(&self, address: &str) -> anyhow::Result<Option<ContractInfo>>;

    /// SHA-256 of a stored code.
    fn checksum(&self, code_id: u64) -> anyhow::Result<[u8; 32]>;

    /// Moves the block time forward.
    ///
    /// # Errors
    /// On a chain whose clock nobody holds.
    fn advance(&mut self, by: Duration) -> anyhow::Result<()>;
}

/// What follows from [`Chain`], with typed messages.
pub trait ChainExt: Chain {
    /// Uploads code and returns its id.
    ///
    /// # Errors
    /// See [`Chain::transact`]; likewise for every method below.
    fn store(&mut self, signer: &Account, name: &str, wasm: &[u8]) -> Result<u64, ChainError> {
        let outcome = self.transact(
            signer,
            &[Msg::Store {
                name: name.to_owned(),
                wasm: wasm.to_vec(),
            }],
        )?;
        let id = outcome
            .attribute("store_code", "code_id")
            .context("no code id in the events")?;
        Ok(id.parse().context("code id")?)
    }

    fn execute(
        &mut self,
        signer: &Account,
        contract: &str,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<TxOutcome, ChainError> {
        self.transact(signer, &[Msg::execute(contract, msg, funds)?])
    }

    fn query<T: DeserializeOwned>(&self, contract: &str, msg: &impl Serialize) -> Result<T, ChainError> {
        let answer = self.query_smart(contract, &serde_json::to_vec(msg).context("query")?)?;
        let typed = serde_json::from_slice(&answer);
        Ok(typed.with_context(|| format!("answer of {contract}: {}", String::from_utf8_lossy(&answer)))?)
    }

    fn send(&mut self, signer: &Account, to: &str, coins: &[Coin]) -> Result<TxOutcome, ChainError> {
        self.transact(
            signer,
            &[Msg::Send {
                to: to.to_owned(),
                coins: coins.to_vec(),
            }],
        )
    }
}

impl<C: Chain + ?Sized> ChainExt for C {}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(log: &str) -> ChainError {
        ChainError::Refused {
            code: 5,
            log: log.to_owned(),
            gas_used: 0,
        }
    }

    #[test]
    fn contract_codes_are_found_in_refusals() {
        let cases = [
            (
                "failed to execute message; message index: 0: [vault:12] wrong denom: execute wasm contract failed",
                Some("vault:12"),
            ),
            ("[list] then [oracle:7] then [vault:1]", Some("oracle:7")),
            ("[vault:x] [:1] [vault", None),
            (
                "unknown variant [CosmWasm/wasmd@v0.61.14/x/wasm/keeper/keeper.go:452]",
                None,
            ),
            ("[!cosm/keeper.go:1] [tee-verifier:22] expired", Some("tee-verifier:22")),
            ("out of gas", None),
        ];
        for (log, code) in cases {
            assert_eq!(refused(log).contract_code(), code, "{log}");
        }
        assert_eq!(ChainError::Other(anyhow::anyhow!("[vault:12]")).contract_code(), None);
    }
}

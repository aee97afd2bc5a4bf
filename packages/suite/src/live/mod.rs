//! A chain behind JSON-RPC.
//!
//! Calls block the thread; from asynchronous code go through `spawn_blocking`.

pub mod rpc;
pub mod tx;

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail, Context, Result};
use cosmrs::proto::cosmos::auth::v1beta1::{BaseAccount, QueryAccountRequest, QueryAccountResponse};
use cosmrs::proto::cosmos::bank::v1beta1::{QueryBalanceRequest, QueryBalanceResponse};
use cosmrs::proto::cosmos::tx::v1beta1::{SimulateRequest, SimulateResponse};
use cosmrs::proto::cosmwasm::wasm::v1::{
    QueryCodeRequest, QueryCodeResponse, QueryContractInfoRequest, QueryContractInfoResponse,
    QueryRawContractStateRequest, QueryRawContractStateResponse, QuerySmartContractStateRequest,
    QuerySmartContractStateResponse,
};
use cosmrs::proto::traits::Message;
use cosmrs::Any;
use cosmwasm_std::{Attribute, Event};
use sha2::{Digest, Sha256};

use crate::account::Account;
use crate::chain::{Block, Chain, ChainError, ContractInfo, Msg, TxOutcome};
use crate::localnet::clock::Clock;
use rpc::{AbciEvent, Rpc, TxResult};
use tx::{GasPrice, Sequence};

/// SDK error code of a sequence that does not fit (`ErrWrongSequence`).
const WRONG_SEQUENCE: u32 = 32;

/// gRPC code the SDK answers with when a thing does not exist.
const NOT_FOUND: &str = "not found";

/// A chain reached over its RPC endpoint.
pub struct Live {
    rpc: Rpc,
    chain_id: String,
    gas_price: GasPrice,
    /// Next sequence by address: several transactions fit in one block.
    sequences: RefCell<HashMap<String, Sequence>>,
    clock: Option<Clock>,
    /// How long a transaction may take to reach a block.
    pub patience: Duration,
}

impl Live {
    /// Connects and asks the endpoint for its chain id.
    ///
    /// # Errors
    /// When the endpoint does not answer.
    pub fn connect(url: &str, gas_price: GasPrice) -> Result<Self> {
        let rpc = Rpc::new(url)?;
        let chain_id = rpc.status()?.chain_id;
        Ok(Self {
            rpc,
            chain_id,
            gas_price,
            sequences: RefCell::default(),
            clock: None,
            patience: Duration::from_secs(60),
        })
    }

    /// Holds the clock of a local chain, so [`Chain::advance`] works.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    #[must_use]
    pub fn rpc(&self) -> &Rpc {
        &self.rpc
    }

    /// Gas the messages would use now.
    ///
    /// # Errors
    /// [`ChainError::Refused`] with the contract's words when they would fail.
    pub fn simulate(&self, signer: &Account, msgs: &[Msg]) -> Result<u64, ChainError> {
        let at = self.sequence(signer)?;
        let bytes = self.signed(signer, at, &encode(signer, msgs)?, 0)?;
        #[allow(deprecated)] // the field `tx` must be left empty
        let request = SimulateRequest {
            tx: None,
            tx_bytes: bytes,
        };
        let answer = self
            .rpc
            .abci_query("/cosmos.tx.v1beta1.Service/Simulate", &request.encode_to_vec())?;
        if answer.code != 0 {
            return Err(ChainError::Refused {
                code: answer.code,
                log: answer.log,
                gas_used: 0,
            });
        }
        let response = SimulateResponse::decode(answer.value.as_slice()).context("simulation")?;
        Ok(response.gas_info.context("simulation without gas")?.gas_used)
    }

    /// Sends with a gas limit of the caller's, without simulating: a transaction that fails reaches a block too.
    ///
    /// # Errors
    /// [`ChainError::Refused`] when it took no effect.
    pub fn transact_with_gas(&self, signer: &Account, msgs: &[Msg], gas: u64) -> Result<TxOutcome, ChainError> {
        let messages = encode(signer, msgs)?;
        let hash = match self.broadcast(signer, &messages, gas) {
            // Another process used this key; ask the chain where it stands and try once more.
            Err(ChainError::Refused {
                code: WRONG_SEQUENCE, ..
            }) => self.broadcast(signer, &messages, gas)?,
            other => other?,
        };
        self.confirm(&hash)
    }

    /// Hands a transaction to the mempool and returns its hash without waiting for a block.
    ///
    /// # Errors
    /// [`ChainError::Refused`] when the mempool refuses it.
    pub fn submit(&self, signer: &Account, msgs: &[Msg], gas: u64) -> Result<[u8; 32], ChainError> {
        self.broadcast(signer, &encode(signer, msgs)?, gas)
    }

    /// Waits until a block holds the transaction.
    ///
    /// # Errors
    /// [`ChainError::Refused`] when it failed there.
    pub fn confirm(&self, hash: &[u8; 32]) -> Result<TxOutcome, ChainError> {
        let until = Instant::now() + self.patience;
        loop {
            if let Some(included) = self.rpc.tx(hash)? {
                return outcome(hash, included.height, included.tx_result);
            }
            if Instant::now() > until {
                let hash = hex::encode_upper(hash);
                return Err(anyhow!("transaction {hash} is in no block after {:?}", self.patience).into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn broadcast(&self, signer: &Account, messages: &[Any], gas: u64) -> Result<[u8; 32], ChainError> {
        let at = self.sequence(signer)?;
        let bytes = self.signed(signer, at, messages, gas)?;
        let checked = self.rpc.broadcast(&bytes)?;
        let mut sequences = self.sequences.borrow_mut();
        if checked.code != 0 {
            sequences.remove(signer.address());
            return Err(refused(checked));
        }
        sequences.insert(
            signer.address().to_owned(),
            Sequence {
                sequence: at.sequence + 1,
                ..at
            },
        );
        Ok(Sha256::digest(&bytes).into())
    }

    fn signed(&self, signer: &Account, at: Sequence, messages: &[Any], gas: u64) -> Result<Vec<u8>> {
        tx::sign(
            &self.chain_id,
            signer,
            at,
            messages.to_vec(),
            gas,
            &self.gas_price.fee(gas)?,
        )
    }

    fn sequence(&self, signer: &Account) -> Result<Sequence> {
        if let Some(known) = self.sequences.borrow().get(signer.address()) {
            return Ok(*known);
        }
        let request = QueryAccountRequest {
            address: signer.address().to_owned(),
        };
        let found: Option<QueryAccountResponse> = self.grpc("/cosmos.auth.v1beta1.Query/Account", &request)?;
        let account = found.and_then(|f| f.account).with_context(|| {
            format!(
                "{} does not exist on {}; send it some {}",
                signer.address(),
                self.chain_id,
                self.gas_price.denom()
            )
        })?;
        let base = BaseAccount::decode(account.value.as_slice())?;
        Ok(Sequence {
            account: base.account_number,
            sequence: base.sequence,
        })
    }

    /// A query of the SDK; `None` when the thing asked for does not exist.
    fn grpc<A: Message + Default>(&self, path: &str, request: &impl Message) -> Result<Option<A>> {
        let answer = self.rpc.abci_query(path, &request.encode_to_vec())?;
        match answer.code {
            0 => Ok(Some(A::decode(answer.value.as_slice())?)),
            _ if answer.log.contains(NOT_FOUND) || answer.log.contains("no such") => Ok(None),
            code => bail!("{path}: {} (code {code})", answer.log),
        }
    }
}

impl Chain for Live {
    fn chain_id(&self) -> String {
        self.chain_id.clone()
    }

    fn block(&self) -> Result<Block> {
        self.rpc.applied()
    }

    fn transact(&mut self, signer: &Account, msgs: &[Msg]) -> Result<TxOutcome, ChainError> {
        let used = match self.simulate(signer, msgs) {
            Err(ChainError::Refused { log, .. }) if log.contains("account sequence mismatch") => {
                self.sequences.borrow_mut().remove(signer.address());
                self.simulate(signer, msgs)?
            }
            other => other?,
        };
        // The state may move between simulation and block: a quarter more, and what a signature's check adds.
        self.transact_with_gas(signer, msgs, used + used / 4 + 20_000)
    }

    fn query_smart(&self, contract: &str, msg: &[u8]) -> Result<Vec<u8>, ChainError> {
        let request = QuerySmartContractStateRequest {
            address: contract.to_owned(),
            query_data: msg.to_vec(),
        };
        let path = "/cosmwasm.wasm.v1.Query/SmartContractState";
        let answer = self.rpc.abci_query(path, &request.encode_to_vec())?;
        if answer.code != 0 {
            return Err(ChainError::Refused {
                code: answer.code,
                log: answer.log,
                gas_used: 0,
            });
        }
        Ok(QuerySmartContractStateResponse::decode(answer.value.as_slice())
            .context(path)?
            .data)
    }

    fn query_raw(&self, contract: &str, key: &[u8]) -> Result<Option<Vec<u8>>> {
        let request = QueryRawContractStateRequest {
            address: contract.to_owned(),
            query_data: key.to_vec(),
        };
        let answer: Option<QueryRawContractStateResponse> =
            self.grpc("/cosmwasm.wasm.v1.Query/RawContractState", &request)?;
        Ok(answer.map(|a| a.data).filter(|data| !data.is_empty()))
    }

    fn balance(&self, address: &str, denom: &str) -> Result<u128> {
        let request = QueryBalanceRequest {
            address: address.to_owned(),
            denom: denom.to_owned(),
        };
        let answer: Option<QueryBalanceResponse> = self.grpc("/cosmos.bank.v1beta1.Query/Balance", &request)?;
        let coin = answer.and_then(|a| a.balance);
        Ok(coin.map_or(Ok(0), |c| c.amount.parse())?)
    }

    fn contract(&self, address: &str) -> Result<Option<ContractInfo>> {
        let request = QueryContractInfoRequest {
            address: address.to_owned(),
        };
        let answer: Option<QueryContractInfoResponse> = self.grpc("/cosmwasm.wasm.v1.Query/ContractInfo", &request)?;
        Ok(answer.and_then(|a| a.contract_info).map(|info| ContractInfo {
            code_id: info.code_id,
            creator: info.creator,
            admin: (!info.admin.is_empty()).then_some(info.admin),
        }))
    }

    fn checksum(&self, code_id: u64) -> Result<[u8; 32]> {
        // `CodeInfo` would spare the bytes; the bindings of this release do not have it.
        let answer: Option<QueryCodeResponse> =
            self.grpc("/cosmwasm.wasm.v1.Query/Code", &QueryCodeRequest { code_id })?;
        let info = answer
            .and_then(|a| a.code_info)
            .with_context(|| format!("no code {code_id}"))?;
        info.data_hash
            .try_into()
            .map_err(|_| anyhow!("checksum of code {code_id}"))
    }

    fn advance(&mut self, by: Duration) -> Result<()> {
        let clock = self.clock.as_ref().context("nobody holds the clock of this chain")?;
        let target = clock.advance(by)?;
        clock.wait(&self.rpc, target).map(drop)
    }
}

fn encode(signer: &Account, msgs: &[Msg]) -> Result<Vec<Any>> {
    msgs.iter().map(|msg| tx::encode(signer.address(), msg)).collect()
}

fn refused(result: TxResult) -> ChainError {
    ChainError::Refused {
        code: result.code,
        log: result.log,
        gas_used: result.gas_used,
    }
}

fn outcome(hash: &[u8], height: u64, result: TxResult) -> Result<TxOutcome, ChainError> {
    if result.code != 0 {
        return Err(refused(result));
    }
    let gas_used = result.gas_used;
    let events = result.events.into_iter().filter_map(message_event).collect();
    Ok(TxOutcome {
        hash: hex::encode_upper(hash),
        height,
        gas_used,
        events,
    })
}

/// Events of messages carry `msg_index`; the others are about fees and signatures.
fn message_event(event: AbciEvent) -> Option<Event> {
    let of_message = event.attributes.iter().any(|a| a.key == "msg_index");
    let mut read = Event::new(event.ty);
    // Written field by field: the constructor is for contracts and panics at the chain's own `_contract_address`.
    let attributes = event.attributes.into_iter().filter(|a| a.key != "msg_index");
    read.attributes.extend(attributes.map(|a| Attribute {
        key: a.key,
        value: a.value.unwrap_or_default(),
    }));
    of_message.then_some(read)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn included(code: u32, events: serde_json::Value) -> TxResult {
        let result = json!({ "code": code, "log": "[vault:3] no", "gas_used": "7", "events": events });
        serde_json::from_value(result).unwrap()
    }

    #[test]
    fn events_of_contracts_are_read_and_those_of_fees_left_out() {
        let attribute = |key: &str, value: serde_json::Value| json!({ "key": key, "value": value, "index": true });
        let events = json!([
            { "type": "tx", "attributes": [attribute("fee", json!("1stake"))] },
            { "type": "wasm-vault/deposited", "attributes": [
                attribute("_contract_address", json!("wasm1x")),
                attribute("memo", json!(null)),
                attribute("msg_index", json!("0")),
            ] },
        ]);
        let read = outcome(&[0xAB], 9, included(0, events)).unwrap();
        assert_eq!((read.hash.as_str(), read.height, read.gas_used), ("AB", 9, 7));
        assert_eq!(read.events.len(), 1);
        assert_eq!(
            read.attribute("wasm-vault/deposited", "_contract_address"),
            Some("wasm1x")
        );
        assert_eq!(read.attribute("wasm-vault/deposited", "memo"), Some(""));
        assert_eq!(read.attribute("wasm-vault/deposited", "msg_index"), None);
    }

    #[test]
    fn a_transaction_that_failed_in_its_block_is_refused() {
        let error = outcome(&[0], 9, included(5, json!([]))).unwrap_err();
        assert_eq!(error.contract_code(), Some("vault:3"));
        assert!(matches!(
            error,
            ChainError::Refused {
                code: 5,
                gas_used: 7,
                ..
            }
        ));
    }
}

//! What the relayer asks the chain, typed.

use std::sync::Arc;

use cosmrs::proto::cosmos::auth::v1beta1::{BaseAccount, QueryAccountRequest, QueryAccountResponse};
use cosmrs::proto::cosmwasm::wasm::v1::{QuerySmartContractStateRequest, QuerySmartContractStateResponse};
use cosmrs::proto::traits::Message;
use cosmwasm_std::Binary;
use interfaces::attestation_oracle::{
    ChainId, ChainResponse, KeyResponse, QueryMsg, StatementOutcome, StatementResponse, Subject,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::class::refused_by_contract;
use crate::planner::Head;
use crate::rpc::{RpcError, RpcPool};
use crate::tx;

/// An account as the chain has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    pub number: u64,
    pub sequence: u64,
}

/// Result of a simulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulation {
    pub gas_used: u64,
    /// One per statement of the batch, if it was a `Submit`.
    pub outcomes: Option<Vec<StatementOutcome>>,
    pub events: Vec<Event>,
}

/// An event of a simulated transaction.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Event {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub attributes: Vec<Attribute>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Attribute {
    pub key: String,
    #[serde(default)]
    pub value: String,
}

/// Queries to one contract on one chain.
#[derive(Clone)]
pub struct Chain {
    rpc: Arc<RpcPool>,
    contract: String,
}

impl Chain {
    pub fn new(rpc: Arc<RpcPool>, contract: &str) -> Self {
        Self {
            rpc,
            contract: contract.into(),
        }
    }

    pub fn rpc(&self) -> &RpcPool {
        &self.rpc
    }

    /// Asks the contract, at a state not older than `min_height`.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn smart<Q: Serialize, R: DeserializeOwned>(&self, query: &Q, min_height: u64) -> Result<R, RpcError> {
        let request = QuerySmartContractStateRequest {
            address: self.contract.clone(),
            query_data: serde_json::to_vec(query).map_err(decode)?,
        };
        let path = "/cosmwasm.wasm.v1.Query/SmartContractState";
        let answer = self.rpc.abci_query(path, &request.encode_to_vec(), min_height).await?;
        let answer = QuerySmartContractStateResponse::decode(answer.as_slice()).map_err(decode)?;
        serde_json::from_slice(&answer.data).map_err(decode)
    }

    async fn smart_if_any<R: DeserializeOwned>(
        &self,
        query: &QueryMsg,
        min_height: u64,
    ) -> Result<Option<R>, RpcError> {
        match self.smart(query, min_height).await {
            Ok(answer) => Ok(Some(answer)),
            Err(RpcError::Query { codespace, code, log }) if refused_by_contract(&codespace, code, &log) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Where a chain of statements stands.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn head(&self, chain: &ChainId, min_height: u64) -> Result<Head, RpcError> {
        let answer: ChainResponse = self.smart(&QueryMsg::Chain { chain: *chain }, min_height).await?;
        Ok(Head {
            last_seq: answer.last_seq,
            last_digest: answer.last_digest.as_slice().try_into().map_err(decode)?,
        })
    }

    /// What the contract recorded at one place of a chain; `None` if nothing.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn statement(
        &self,
        chain: &ChainId,
        seq: u64,
        min_height: u64,
    ) -> Result<Option<StatementResponse>, RpcError> {
        self.smart_if_any(&QueryMsg::Statement { chain: *chain, seq }, min_height)
            .await
    }

    /// An enrolled key; `None` if none was ever enrolled for that epoch.
    ///
    /// # Errors
    /// [`RpcError`].
    pub async fn key(&self, subject: Subject, key_epoch: u32) -> Result<Option<KeyResponse>, RpcError> {
        let query = QueryMsg::Key {
            subject,
            key_epoch: Some(key_epoch),
        };
        self.smart_if_any(&query, 0).await
    }

    /// The account of an address.
    ///
    /// # Errors
    /// [`RpcError`]; an address without an account is refused by the chain.
    pub async fn account(&self, address: &str, min_height: u64) -> Result<Account, RpcError> {
        let request = QueryAccountRequest {
            address: address.into(),
        };
        let path = "/cosmos.auth.v1beta1.Query/Account";
        let answer = self.rpc.abci_query(path, &request.encode_to_vec(), min_height).await?;
        let account = QueryAccountResponse::decode(answer.as_slice()).map_err(decode)?.account;
        let account = account.ok_or_else(|| RpcError::Decode("an answer without account".into()))?;
        let base = BaseAccount::decode(account.value.as_slice()).map_err(decode)?;
        Ok(Account {
            number: base.account_number,
            sequence: base.sequence,
        })
    }

    /// Runs a transaction without effect. Asked of the application itself, because the gRPC route of the same name exists
    /// only on nodes that serve gRPC; and its refusals keep their numbers.
    ///
    /// # Errors
    /// [`RpcError::Query`] when it would fail.
    pub async fn simulate(&self, tx_bytes: &[u8]) -> Result<Simulation, RpcError> {
        let answer = self.rpc.abci_query("/app/simulate", tx_bytes, 0).await?;
        let answer: SimulationAnswer = serde_json::from_slice(&answer).map_err(decode)?;
        Ok(Simulation {
            gas_used: answer.gas_info.gas_used.parse().map_err(decode)?,
            outcomes: tx::outcomes(&answer.result.data),
            events: answer.result.events,
        })
    }
}

#[derive(Deserialize)]
struct SimulationAnswer {
    gas_info: GasInfo,
    result: SimulationResult,
}

#[derive(Deserialize)]
struct GasInfo {
    gas_used: String,
}

#[derive(Deserialize)]
struct SimulationResult {
    /// `TxMsgData`.
    #[serde(default)]
    data: Binary,
    #[serde(default)]
    events: Vec<Event>,
}

fn decode(error: impl ToString) -> RpcError {
    RpcError::Decode(error.to_string())
}
